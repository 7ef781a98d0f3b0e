import type { Finding } from '@uurwerk/connectors/contract/contract.ts'
import type { Noun } from '@uurwerk/connectors/contract/rows.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { z } from 'zod'
import { asksCutOff } from '../postings/decide.ts'
import type { Services } from '../services.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import type { InFirm } from './connection.ts'
import { accessEnd } from './keep-access.ts'
import { readMark, rowsOf, unreadLists } from './package-rows.ts'
import type { ConnectionAt } from './service.ts'

/** One line of the health list as it is stored: codes and values, told in the reader's language when it is read. */
export interface HealthLine {
  readonly about: Finding['about'] | 'mapping' | 'import' | 'posting' | 'payment' | 'comparison' | 'limits'
  readonly state: 'good' | 'attention' | 'bad'
  readonly code: string
  readonly values?: Readonly<Record<string, string>>
  /** For a line that is a problem of the package: its words are found by the package's messages. */
  readonly problem?: Problem
}

/** The lines of the last look at the package; null before the first. */
export const storedHealth = z
  .array(
    z.object({
      about: z.enum([
        'access',
        'rights',
        'administration',
        'currency',
        'period',
        'mapping',
        'import',
        'posting',
        'payment',
        'limits',
      ]),
      state: z.enum(['good', 'attention', 'bad']),
      code: z.string(),
      values: z.record(z.string(), z.string()).optional(),
      problem: storedProblem.optional(),
    }),
  )
  .nullable() satisfies z.ZodType<readonly HealthLine[] | null>

/** Looks at the package and stores what was found; what we know ourselves is told when it is asked. */
export async function checkHealth(services: Services, firmId: string, connectionId: string): Promise<void> {
  const { store, connections, clock, events } = services
  const connection = await store.withFirm(firmId, (trx) => connections.findConnection({ trx, firmId }, connectionId), {
    readOnly: true,
  })
  if (!connection?.administration) return
  const theirs = connection.state === 'connected' ? await lookThere(services, connection) : accessLost(connection)
  const now = clock.now()
  await store.withFirm(firmId, async (trx) => {
    const firm = { trx, firmId }
    const lines = [...theirs, ...(await emptyLists(firm, connection))]
    const user = lines.find(({ code }) => code === 'connected')?.values?.user
    await trx
      .updateTable('connection')
      .set({ health: JSON.stringify(lines), healthAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', connectionId)
      .execute()
    if (user && connection.grantId)
      await trx
        .updateTable('accessGrant')
        .set({ signedInAs: user })
        .where('firmId', '=', firmId)
        .where('id', '=', connection.grantId)
        .execute()
    await events.publish(trx, firmId, { topic: 'connections', ids: [connectionId] })
  })
}

export const accessLost = ({ problem }: ConnectionAt): HealthLine[] => [
  { about: 'access', state: 'bad', code: problem?.code ?? 'not-connected', ...(problem ? { problem } : {}) },
]

async function lookThere(services: Services, connection: ConnectionAt): Promise<readonly HealthLine[]> {
  const { connections, clock, store } = services
  const { firmId, id } = connection
  try {
    const { books } = await connections.openBooks(firmId, id, { settings: 'as-stored' })
    const firm = await store.withFirm(
      firmId,
      (trx) => trx.selectFrom('firm').select(['vatId', 'kvk']).where('firmId', '=', firmId).executeTakeFirstOrThrow(),
      { readOnly: true },
    )
    return await books.health({
      currency: connection.currency,
      ...(firm.vatId ? { vatId: firm.vatId } : {}),
      ...(firm.kvk ? { kvk: firm.kvk } : {}),
      today: calendarDate(dateIn(connection.timeZone, clock.now())),
    })
  } catch (error) {
    if (!isProblem(error)) throw error
    const { problem } = error
    if (problem.kind === 'reconnect')
      await store.withFirm(firmId, (trx) => connections.loseAccess({ trx, firmId }, id, problem))
    const passes = problem.kind === 'temporary' || problem.kind === 'uncertain'
    return [{ about: 'access', state: passes ? 'attention' : 'bad', code: problem.code, problem }]
  }
}

/** Without the right to see them, some packages show empty lists instead of refusing. */
async function emptyLists(firm: InFirm, { id }: ConnectionAt): Promise<HealthLine[]> {
  const isRead = (await readMark(firm, { connectionId: id, noun: 'journals' })) !== null
  const journals = isRead ? await rowsOf(firm, id, 'journals') : []
  return isRead && journals.length === 0 ? [{ about: 'rights', state: 'bad', code: 'lists-empty' }] : []
}

/** What is said of a list for which a right is missing, or seems to be. */
const withoutRight: readonly string[] = ['rights-missing', 'scope-missing', 'list-not-shown', 'list-shows-nothing']

/** A line for each list that could not be read, until it can be. */
export async function unreadLines(firm: InFirm, connectionId: string): Promise<ReadonlyMap<Noun, HealthLine>> {
  const unread = await unreadLists(firm, connectionId)
  return new Map(
    [...unread].map(([noun, problem]) => {
      const line = { about: 'rights', state: 'bad', code: 'list-not-read', values: { lists: noun } } as const
      return [noun, withoutRight.includes(problem.code) ? line : { ...line, problem }]
    }),
  )
}

/** What was found there of a list that could not be read is said by that list, and not all rights are there then. */
export const besideUnread = (found: readonly HealthLine[], unread: ReadonlyMap<Noun, HealthLine>): HealthLine[] =>
  found.filter(
    ({ code, values }) =>
      unread.size === 0 ||
      (code !== 'rights-complete' && !(code === 'rights-missing' && unread.has(values?.lists as Noun))),
  )

/** What we know ourselves, at this moment. */
export async function ourLines(
  firm: InFirm,
  services: Services,
  connection: ConnectionAt,
  mapping: { readonly missing: number; readonly unset: readonly HealthLine[] },
): Promise<HealthLine[]> {
  const { trx, firmId } = firm
  const { id } = connection
  const { rows } = await sql<{
    importedAt: Date | null
    postedAt: Date | null
    label: string | null
    stopped: number
  }>`
    select
      (select max(finished_at) from task where firm_id = ${firmId} and kind = 'import-customers' and state = 'done'
        and params ->> 'connectionId' = ${id}) as "importedAt",
      (select max(settled_at) from posting where firm_id = ${firmId} and connection_id = ${id} and state = 'posted') as "postedAt",
      (select label from posting where firm_id = ${firmId} and connection_id = ${id} and state = 'posted'
        order by settled_at desc nulls last limit 1) as label,
      (select count(*)::int from posting where firm_id = ${firmId} and connection_id = ${id}
        and state in ('refused', 'blocked', 'needs-person')) as stopped`.execute(trx)
  const facts = rows[0]
  const at = (instant: Date | null | undefined) => (instant ? { at: instant.toISOString() } : undefined)
  const imported = at(facts?.importedAt)
  const posted = at(facts?.postedAt)
  const stopped = facts?.stopped ?? 0
  const { manifest } = services.connections.connectorOf(connection.package)
  return [
    ...(await accessLine(services, firm, connection)),
    ...(asksCutOff(connection) ? [{ about: 'mapping', state: 'bad', code: 'cut-off-not-chosen' } as const] : []),
    ...mapping.unset,
    ...mappingLine(mapping),
    imported
      ? { about: 'import', state: 'good', code: 'imported', values: imported }
      : { about: 'import', state: 'attention', code: 'never-imported' },
    stopped > 0
      ? { about: 'posting', state: 'attention', code: 'postings-stopped', values: { count: String(stopped) } }
      : posted
        ? { about: 'posting', state: 'good', code: 'posted', values: { ...posted, label: facts?.label ?? '' } }
        : { about: 'posting', state: 'good', code: 'never-posted' },
    ...(manifest.settled ? [paymentLine(await lastTry(firm, id, 'read-payments'))] : []),
    ...comparisonLine(await lastTry(firm, id, 'reconcile')),
    ...(await limitsLine(services, firm, connection)),
  ]
}

interface Try {
  readonly at: Date
  readonly isWell: boolean
  readonly problem: unknown
}

/** How the last try ended, by night or by hand; a comparison that could not see everything was none. */
async function lastTry({ trx, firmId }: InFirm, connectionId: string, kind: string): Promise<Try | undefined> {
  const { rows } = await sql<Try>`
    select t.finished_at as at, t.state = 'done' and coalesce(r.unknown, 0) = 0 as "isWell",
      coalesce(t.problem, r.problem) as problem
    from task t left join reconciliation r on r.firm_id = t.firm_id and r.id = t.id
    where t.firm_id = ${firmId} and t.kind = ${kind} and t.state in ('done', 'failed') and t.finished_at is not null
      and t.params ->> 'connectionId' = ${connectionId}
    order by t.finished_at desc, t.id desc limit 1`.execute(trx)
  return rows[0]
}

const tryFailed = ({ at, problem }: Try) => ({
  state: 'attention' as const,
  values: { at: at.toISOString() },
  ...(problem ? { problem: readStored(storedProblem, problem, 'the problem of a task') } : {}),
})

function paymentLine(last: Try | undefined): HealthLine {
  const about = 'payment'
  if (!last) return { about, state: 'good', code: 'never-paid' }
  if (!last.isWell) return { about, code: 'payments-not-read', ...tryFailed(last) }
  return { about, state: 'good', code: 'payments-read', values: { at: last.at.toISOString() } }
}

function comparisonLine(last: Try | undefined): HealthLine[] {
  const about = 'comparison'
  if (!last) return []
  if (!last.isWell) return [{ about, code: 'books-not-compared', ...tryFailed(last) }]
  return [{ about, state: 'good', code: 'books-compared', values: { at: last.at.toISOString() } }]
}

/** Access that lies unused, or cannot be renewed, ends one day. */
async function accessLine(services: Services, firm: InFirm, connection: ConnectionAt): Promise<HealthLine[]> {
  const end = await accessEnd(services, firm, connection)
  if (!end?.isNear || connection.state !== 'connected') return []
  return [{ about: 'access', state: 'attention', code: 'access-ends-soon', values: { at: end.endsAt.toISOString() } }]
}

/** What is left of the calls of today; imports leave the reserve to postings. */
async function limitsLine(services: Services, firm: InFirm, connection: ConnectionAt): Promise<HealthLine[]> {
  const rule = services.connections
    .connectorOf(connection.package)
    .manifest.limits.find(({ span, scope }) => span === 'day' && scope !== 'endpoint')
  if (!rule) return []
  const use = (await services.connections.limitUse(firm, connection)).find(({ span }) => span === 'day')
  const most = use?.most ?? rule.most
  const left = Math.max(0, most - (use?.used ?? 0))
  const values = {
    left: String(left),
    most: String(most),
    reserve: String(rule.reserve),
    ...(use?.resetsAt ? { at: use.resetsAt.toISOString() } : {}),
  }
  if (left === 0 && use?.resetsAt) return [{ about: 'limits', state: 'attention', code: 'limit-spent', values }]
  return [
    {
      about: 'limits',
      state: left > rule.reserve ? 'good' : 'attention',
      code: left > rule.reserve ? 'limit-left' : 'limit-low',
      values,
    },
  ]
}

/** Without a default item nothing is known to be missing, which does not make it complete. */
function mappingLine({ missing, unset }: { missing: number; unset: readonly HealthLine[] }): HealthLine[] {
  if (missing > 0)
    return [{ about: 'mapping', state: 'attention', code: 'mapping-incomplete', values: { count: String(missing) } }]
  return unset.length > 0 ? [] : [{ about: 'mapping', state: 'good', code: 'mapping-complete' }]
}
