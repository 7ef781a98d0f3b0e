import type { connection as connectionShape, task as taskShape } from '@uurwerk/api/connections.ts'
import type { SettingField } from '@uurwerk/connectors/contract/manifest.ts'
import type { Noun, Row } from '@uurwerk/connectors/contract/rows.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Selectable, sql } from 'kysely'
import type { z } from 'zod'
import type { Language } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { hasWords, say } from '../http/words.ts'
import type { Services } from '../services.ts'
import type { Task } from '../store/schema.gen.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import type { InFirm } from './connection.ts'
import { accessLost, besideUnread, type HealthLine, ourLines, storedHealth, unreadLines } from './health.ts'
import { whyNoHints } from './hints.ts'
import { listedNouns } from './lists.ts'
import { countMissing } from './mapping.ts'
import { namedRows, whyUnusable } from './package-rows.ts'
import type { ConnectionAt } from './service.ts'

export type ConnectionAnswer = z.input<typeof connectionShape>
export type TaskAnswer = z.input<typeof taskShape>

/** Who reads, and in which language. */
export interface Reader {
  readonly services: Services
  readonly language: Language
  readonly firm: { readonly slug: string; readonly timeZone: string }
}

export const listOf = ({ from }: SettingField): Noun | null =>
  typeof from === 'object' && 'list' in from ? from.list : null

export const todayOf = (connection: ConnectionAt, now: Date) => dateIn(connection.timeZone, now)

/** A connection as a screen shows it. */
export async function describeConnection(
  reader: Reader,
  firm: InFirm,
  connection: ConnectionAt,
): Promise<ConnectionAnswer> {
  const { services, language } = reader
  const { trx, firmId } = firm
  const connector = services.connections.connectorOf(connection.package)
  const { manifest } = connector
  const row = await trx
    .selectFrom('connection')
    .leftJoin('accessGrant as held', (join) =>
      join.onRef('held.firmId', '=', 'connection.firmId').onRef('held.id', '=', 'connection.grantId'),
    )
    .select([
      'connection.version',
      'connection.hintsOn',
      'connection.hintsProblem',
      'connectedAt',
      'administrationName',
      'health',
      'healthAt',
      'postAutomatically',
      'held.signedInAs',
    ])
    .where('connection.firmId', '=', firmId)
    .where('connection.id', '=', connection.id)
    .executeTakeFirstOrThrow()
  const older = await sql<{ count: number }>`
    select count(*)::int as count from invoice where firm_id = ${firmId} and already_in_books`.execute(trx)
  const isOpen = connection.administration !== null && connection.state !== 'disconnected'
  const unread = isOpen ? await unreadLines(firm, connection.id) : new Map<Noun, HealthLine>()
  const found = readStored(storedHealth, row.health, 'what was found at the package') ?? []
  const lines: readonly HealthLine[] = isOpen
    ? [
        ...besideUnread(foundThere(connection, found), unread),
        ...unread.values(),
        ...(await ourLines(firm, services, connection, {
          missing: await countMissing(firm, connection, manifest),
          unset: unsetSettings(manifest.settings, connection),
        })),
      ]
    : []
  const world = connection.mode === 'sandbox' ? await services.connections.sandbox.find(firm, connection.package) : null
  return {
    id: connection.id,
    package: connection.package,
    packageName: manifest.name,
    mode: connection.mode,
    country: connection.country,
    state: connection.state,
    problem: connection.problem ? explainProblem(connection.problem, language, connector.messages) : null,
    administration: connection.administration
      ? { id: connection.administration, name: row.administrationName ?? connection.administration }
      : null,
    signedInAs: row.signedInAs,
    connectedAt: row.connectedAt?.toISOString() ?? null,
    cutOff: connection.cutOff,
    postAutomatically: row.postAutomatically,
    olderInvoices: older.rows[0]?.count ?? 0,
    settings: { ...connection.settings },
    settingFields: await describeSettings(reader, firm, connection, manifest.settings),
    health: lines.map((line) => describeLine(reader, connection, line)),
    healthAt: row.healthAt?.toISOString() ?? null,
    lists: (await countLists(firm, connection, listedNouns(manifest.reads))).map((list) => {
      const line = unread.get(list.noun)
      const told = line && describeLine(reader, connection, line)
      return { ...list, unread: told ? { title: told.title, detail: told.detail } : null }
    }),
    sandboxPage: world ? `${services.settings.publicUrl}/sandbox/${world}/${connection.package}/books` : null,
    hints: await describeHints(reader, firm, connection, row),
    version: row.version,
  }
}

/** What was found at the last look; of access, what is known since. */
const foundThere = (connection: ConnectionAt, found: readonly HealthLine[]): readonly HealthLine[] =>
  connection.state === 'reconnect'
    ? [...accessLost(connection), ...found.filter(({ about }) => about !== 'access')]
    : found

/** Null for a package that tells nothing. */
async function describeHints(
  { services, language }: Reader,
  firm: InFirm,
  connection: ConnectionAt,
  { hintsOn, hintsProblem }: { readonly hintsOn: boolean; readonly hintsProblem: unknown },
): Promise<ConnectionAnswer['hints']> {
  const { manifest, messages } = services.connections.connectorOf(connection.package)
  if (!manifest.webhooks || connection.administration === null) return null
  const stored = hintsProblem ? readStored(storedProblem, hintsProblem, 'the problem of webhooks') : undefined
  const problem = stored ?? (hintsOn ? undefined : await whyNoHints(services, firm, connection))
  const hook = await firm.trx
    .selectFrom('directory.hook')
    .select('heardAt')
    .where('firmId', '=', firm.firmId)
    .where('connectionId', '=', connection.id)
    .executeTakeFirst()
  return {
    on: hintsOn,
    heardAt: hook?.heardAt?.toISOString() ?? null,
    problem: problem ? explainProblem(problem, language, messages) : null,
  }
}

const unsetSettings = (fields: readonly SettingField[], { settings }: ConnectionAt): HealthLine[] =>
  fields
    .filter(({ name, required }) => required && !settings[name])
    .map(({ name }) => ({ about: 'mapping', state: 'bad', code: 'setting-not-chosen', values: { setting: name } }))

async function describeSettings(
  { language }: Reader,
  firm: InFirm,
  { id, settings }: ConnectionAt,
  fields: readonly SettingField[],
): Promise<ConnectionAnswer['settingFields']> {
  const described: ConnectionAnswer['settingFields'] = []
  for (const field of fields) {
    const list = listOf(field)
    const value = settings[field.name] ?? null
    const row = list && value ? (await namedRows(firm, id, list, [value])).get(value) : undefined
    described.push({
      name: field.name,
      label: field.label[language],
      help: field.help[language],
      ...formOf(field, language),
      list,
      usual: field.usual ?? null,
      required: field.required,
      chosen: row ? { id: row.id, code: row.code, name: row.name } : null,
    })
  }
  return described
}

const formOf = ({ from }: SettingField, language: Language) => ({
  is: from === 'switch' ? ('switch' as const) : 'list' in from ? ('list' as const) : ('choice' as const),
  choices:
    typeof from === 'object' && 'choices' in from
      ? from.choices.map(({ value, label }) => ({ value, label: label[language] }))
      : [],
})

async function countLists(
  { trx, firmId }: InFirm,
  { id }: ConnectionAt,
  nouns: readonly Noun[],
): Promise<readonly Omit<ConnectionAnswer['lists'][number] & { noun: Noun }, 'unread'>[]> {
  const { rows } = await sql<{ noun: Noun; count: number; readAt: Date | null }>`
    select n.noun, (select count(*)::int from package_row r where r.firm_id = ${firmId} and r.connection_id = ${id}
        and r.noun = n.noun and r.gone_at is null) as count,
      (select m.read_at from package_mark m where m.firm_id = ${firmId} and m.connection_id = ${id} and m.noun = n.noun) as "readAt"
    from unnest(${nouns}::text[]) with ordinality as n(noun, place) order by n.place`.execute(trx)
  return rows.map(({ noun, count, readAt }) => ({ noun, count, readAt: readAt?.toISOString() ?? null }))
}

function describeLine(
  { services, language, firm }: Reader,
  connection: ConnectionAt,
  line: HealthLine,
): ConnectionAnswer['health'][number] {
  const { about, state, code, problem } = line
  const connector = services.connections.connectorOf(connection.package)
  const { manifest, messages } = connector
  const link = linkOf(firm.slug, connection.id, line)
  const values = readable(line.values ?? {}, language, firm.timeZone, manifest.settings)
  const right = manifest.rights?.[line.values?.lists as Noun]?.[language] ?? values.lists ?? ''
  const told = { ...values, right, package: manifest.name }
  if (problem) {
    const { cause, remedy } = explainProblem(problem, language, messages)
    // A finding of ours for a reason of theirs.
    if (code !== problem.code)
      return { about, state, title: say(language, `finding.${code}.title`, told), detail: `${cause} ${remedy}`, link }
    return { about, state, title: cause, detail: remedy, link }
  }
  const known = hasWords(language, `finding.${code}.title`)
  return known
    ? {
        about,
        state,
        title: say(language, `finding.${code}.title`, told),
        detail: say(language, `finding.${code}.detail`, told),
        link,
      }
    : {
        about,
        state,
        title: say(language, `finding.about.${about}.title`),
        detail: say(language, `finding.state.${state}.detail`, { ...told, code }),
        link,
      }
}

/** Instants, lists and settings by the names a person knows. */
function readable(
  values: Readonly<Record<string, string>>,
  language: Language,
  timeZone: string,
  fields: readonly SettingField[],
): Record<string, string> {
  const { at, lists, setting } = values
  return {
    ...values,
    ...(at
      ? {
          at: new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
            dateStyle: 'medium',
            timeStyle: 'short',
            timeZone,
          }).format(new Date(at)),
        }
      : {}),
    ...(lists
      ? {
          lists: lists
            .split(', ')
            .map((list) => (hasWords(language, `noun.${list}`) ? say(language, `noun.${list}`) : list))
            .join(', '),
        }
      : {}),
    ...(setting ? { setting: fields.find(({ name }) => name === setting)?.label[language] ?? setting } : {}),
  }
}

function linkOf(slug: string, connectionId: string, { about, state, code }: HealthLine): string | null {
  const here = `/f/${slug}/settings/connections/${connectionId}`
  if (about === 'mapping') return code === 'setting-not-chosen' ? here : `${here}#rules`
  if (about === 'import') return `/f/${slug}/settings/imports`
  if (about === 'posting') return `/f/${slug}/postings`
  if (about === 'comparison') return `/f/${slug}/reconciliation`
  return state === 'good' ? null : here
}

/** A row of the package's lists for a picker. */
export function describeTheirs(language: Language, noun: Noun, row: Row[Noun]) {
  const unusable = whyUnusable(noun, row)
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    unusable: unusable ? reasonOf(language, unusable) : null,
    detail: detailOf(language, noun, row),
  }
}

/** Why a row cannot be chosen, in words; an unknown reason is passed on as it came. */
export const reasonOf = (language: Language, reason: string): string =>
  hasWords(language, `unusable.${reason}`) ? say(language, `unusable.${reason}`) : reason

function detailOf(language: Language, noun: Noun, row: Row[Noun]): string | null {
  switch (noun) {
    case 'ledgerAccounts':
      return say(language, `their.ledger.${(row as Row['ledgerAccounts']).kind}`)
    case 'vatCodes':
      return say(language, 'their.percentage', { percentage: (row as Row['vatCodes']).percentage })
    case 'paymentTerms':
      return say(language, 'their.term', { days: (row as Row['paymentTerms']).days })
    case 'items':
      return (row as Row['items']).unit ?? null
    case 'customers':
      return (row as Row['customers']).address.city ?? null
    case 'dimensions':
      return say(language, `their.dimension.${(row as Row['dimensions']).kind}`)
    case 'periods': {
      const { from, until } = row as Row['periods']
      return `${from} – ${until}`
    }
    case 'journals':
      return (row as Row['journals']).currency ?? null
  }
}

export function describeTask(
  { services, language }: Pick<Reader, 'services' | 'language'>,
  row: Selectable<Task>,
  packageId: string | null,
): TaskAnswer {
  const connector = packageId ? services.connections.connectorOf(packageId) : null
  const rules = connector?.messages ?? []
  const now = row.now
  return {
    id: row.id,
    kind: row.kind,
    connectionId: (row.params as { readonly connectionId?: string }).connectionId ?? null,
    packageName: connector?.manifest.name ?? null,
    state: row.state as TaskAnswer['state'],
    total: row.total,
    done: row.done,
    now: now === null ? null : hasWords(language, `task.now.${now}`) ? say(language, `task.now.${now}`) : now,
    report: row.report as Record<string, number> | null,
    problem: row.problem
      ? explainProblem(readStored(storedProblem, row.problem, 'the problem of a task'), language, rules)
      : null,
    ...startOf(row),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

/** Who or what began a task, and how much it asks for. */
function startOf({ params, createdBy }: Selectable<Task>): Pick<TaskAnswer, 'full' | 'startedBy'> {
  const { full, startedBy, startedByName } = params as Readonly<Record<string, unknown>>
  const kind = startedBy === 'night' ? 'night' : createdBy ? 'person' : 'uurwerk'
  return {
    full: typeof full === 'boolean' ? full : null,
    startedBy: { kind, name: typeof startedByName === 'string' ? startedByName : null },
  }
}
