import { createHash } from 'node:crypto'
import type { postingRoutes, postingState } from '@uurwerk/api/postings.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { addDays, calendarDate, monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { monthName } from '@uurwerk/core/shared/format.ts'
import { add, type Decimal, decimal, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { rowsOf } from '../connections/package-rows.ts'
import { exportAnswer } from '../exports/export-answer.ts'
import type { FirmCall, Handlers, Language } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { explainProblem } from '../http/problems.ts'
import { hasWords, say } from '../http/words.ts'
import { discard, firstOpenPeriod } from '../postings/actions.ts'
import { postingSheet, postingSorts, postingWhere } from '../postings/found-postings.ts'
import { type LaneStanding, readLanes } from '../postings/lane-standing.ts'
import type { Services } from '../services.ts'
import { actingFor } from './acting.ts'
import { type PostingRow, postingRows, rulesOf, toPosting } from './posting-rows.ts'

type State = z.output<typeof postingState>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language' | 'firm'>
type Summary = AnswerOf<(typeof postingRoutes)['summarisePostings']>
type Names = 'listPostings' | 'summarisePostings' | 'exportPostings' | 'discardPostings'

const needsYou: readonly State[] = ['refused', 'blocked', 'needs-person']
const inProgress: readonly State[] = ['waiting', 'sending', 'checking', 'accepted']
const mostGrouped = 2000

export const postingListHandlers: Handlers<Names> = {
  listPostings: async (call) => {
    const { trx, firmId, firm, query, services, language } = call
    const { column, direction, sign, type, key } = postingSorts[query.sort]
    const after = keyOf(query.cursor, [key, 'long'])
    const rows = await postingRows(
      trx,
      firmId,
      sql`${postingWhere(query, firm.timeZone)}
        ${after ? sql` and (${column}, p.sequence) ${sign} (${after[0]}::${type}, ${after[1]}::bigint)` : sql``}`,
      { limit: query.limit + 1, sort: { column, direction } },
    )
    return pageOf(
      rows,
      query.limit,
      ({ sortKey, sequence }) => [sortKey ?? '', sequence],
      (row) => toPosting(services, row, language),
    )
  },

  summarisePostings: async (call) => {
    const { trx, firmId, services } = call
    const lanes = await readLanes({ trx, firmId }, services)
    return {
      counts: await countsOf(call),
      lanes: lanes.map((lane) => laneAnswer(call, lane)),
      groups: await groupsOf(call),
    }
  },

  // A download lasts as long as its reader takes: no transaction is held for it here.
  exportPostings: {
    free: async ({ query, ...call }) => {
      const { format, separator } = query
      const names = Object.fromEntries([...call.services.connectors].map(([id, { manifest }]) => [id, manifest.name]))
      const sheet = postingSheet({ firmId: call.firmId, timeZone: call.firm.timeZone }, names, query)
      const form = separator === undefined ? {} : { separator: separator === 'comma' ? (',' as const) : (';' as const) }
      return exportAnswer(call, sheet, { format, ...form })
    },
  },

  discardPostings: async (call) => {
    const { trx, firmId, body, services, language } = call
    const rows = await postingRows(trx, firmId, sql` and p.id = any(${body.ids}::uuid[])`)
    const given: string[] = []
    const leftOut: AnswerOf<(typeof postingRoutes)['discardPostings']>['leftOut'] = []
    // What came later goes first: a credit note before what it takes back. What hung on one goes with it.
    for (const row of rows) {
      if (given.includes(row.id)) continue
      try {
        await discard({ trx, firmId }, { ...actingFor(call), why: body.why }, row.id)
        given.push(row.id)
        await remember(call, { kind: 'posting', id: row.id }, 'discarded', { why: body.why })
      } catch (error) {
        if (!isProblem(error)) throw error
        const gone = await postingRows(trx, firmId, sql` and p.id = ${row.id}::uuid and p.state = 'discarded'`)
        if (gone.length > 0) given.push(row.id)
        else
          leftOut.push({
            postingId: row.id,
            label: row.label,
            problem: explainProblem(error.problem, language, rulesOf(services, row.package)),
          })
      }
    }
    const now = given.length ? await postingRows(trx, firmId, sql` and p.id = any(${given}::uuid[])`) : []
    return { postings: now.map((row) => toPosting(services, row, language)), leftOut }
  },
}

/** What a connection that was disconnected did not send needs nobody any more. */
async function countsOf({ trx, firmId }: Asking): Promise<Summary['counts']> {
  const { rows } = await sql<{ state: State; isGone: boolean; count: number }>`
    select p.state, c.state = 'disconnected' as "isGone", count(*)::int as count from posting p
    join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    where p.firm_id = ${firmId} and p.state <> 'discarded' group by 1, 2`.execute(trx)
  const of = (states: readonly State[]) =>
    rows
      .filter(({ state, isGone }) => states.includes(state) && (!isGone || state === 'posted'))
      .reduce((total, { count }) => total + count, 0)
  return {
    all: rows.reduce((total, { count }) => total + count, 0),
    needsYou: of(needsYou),
    inProgress: of(inProgress),
    posted: of(['posted']),
  }
}

function laneAnswer(call: Asking, lane: LaneStanding): Summary['lanes'][number] {
  const limit = (one: LaneStanding['day']) => (one ? { ...one, resetsAt: one.resetsAt.toISOString() } : null)
  return {
    connectionId: lane.connectionId,
    package: lane.package,
    packageName: lane.packageName,
    administrationName: lane.administrationName,
    mode: lane.mode,
    state: lane.state,
    detail: laneWords(call, lane),
    waiting: lane.waiting,
    needsYou: lane.needsYou,
    underWay: [...lane.underWay],
    nextAt: lane.nextAt?.toISOString() ?? null,
    budget: limit(lane.day),
    minute: limit(lane.minute),
  }
}

/** What happens at this moment, what comes next and why, in sentences. */
function laneWords({ language, firm, services }: Asking, lane: LaneStanding): string {
  const time = (at: Date) =>
    new Intl.DateTimeFormat(language === 'nl' ? 'nl-NL' : 'en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: firm.timeZone,
    }).format(at)
  const values = { package: lane.packageName, count: lane.waiting }
  const waits = lane.waiting > 0 ? [say(language, 'lane.queue', values)] : []
  const sentences = {
    reconnect: () => [say(language, 'lane.reconnect', values), ...waits],
    paused: () => [...lane.pauses.map((pause) => pausedWords(pause)), ...waits],
    running: () => {
      const [first, ...others] = lane.underWay
      if (!first) return [say(language, 'lane.running', values), ...waits]
      const what = first.state === 'checking' ? 'lane.checking' : 'lane.sending'
      return [say(language, what, { ...values, label: first.label, more: others.length }), ...waits]
    },
    waiting: () => {
      if (!lane.rest)
        return [
          ...waits,
          lane.nextAt ? say(language, 'lane.next', { time: time(lane.nextAt) }) : say(language, 'lane.behind'),
        ]
      const until = say(language, 'lane.until', { time: time(lane.rest.until) })
      const why = lane.rest.problem
        ? explainProblem(lane.rest.problem, language, rulesOf(services, lane.package)).cause
        : say(language, 'lane.resting', values)
      return [why, until, ...waits]
    },
    idle: () =>
      lane.lastPosted
        ? [say(language, 'lane.idle', values), say(language, 'lane.last', { label: lane.lastPosted.label })]
        : [say(language, 'lane.idle', values)],
  }
  function pausedWords({ kind, refusedAt, probeAt }: LaneStanding['pauses'][number]): string {
    const what = say(language, `lane.kind.${kind}`)
    return probeAt
      ? say(language, 'lane.paused', { what, at: time(refusedAt), probe: time(probeAt) })
      : say(language, 'lane.stopped', { what, at: time(refusedAt) })
  }
  return sentences[lane.state]().join(' ')
}

/** Refusals of one cause together, with one remedy and one "send again". */
async function groupsOf(call: Asking): Promise<Summary['groups']> {
  const { trx, firmId, services, language } = call
  const rows = await postingRows(
    trx,
    firmId,
    sql` and p.state = any(${[...needsYou]}::text[]) and c.state <> 'disconnected'`,
    { limit: mostGrouped },
  )
  const groups = new Map<string, PostingRow[]>()
  for (const row of rows) {
    const { connectionId, state, problem } = row
    const cause = JSON.stringify([
      connectionId,
      state,
      problem?.code ?? '',
      problem?.theirWords ?? '',
      problem?.values ?? {},
    ])
    groups.set(cause, [...(groups.get(cause) ?? []), row])
  }
  const answers: Summary['groups'] = []
  for (const [cause, newestFirst] of groups) {
    const members = newestFirst.toReversed()
    const [first] = members as [PostingRow]
    const currencies = new Set(members.flatMap(({ currency }) => currency ?? []))
    const gross = members.reduce<Decimal>((total, row) => add(total, row.gross ? decimal(row.gross) : zero), zero)
    const [currency] = currencies.size === 1 ? [...currencies] : []
    answers.push({
      key: createHash('sha256').update(cause).digest('base64url').slice(0, 22),
      state: first.state,
      connectionId: first.connectionId,
      packageName: services.connectors.get(first.package)?.manifest.name ?? first.package,
      what: whatOf(language, members),
      problem: explainProblem(
        first.problem ?? { kind: 'defect', code: 'message-unknown', values: { words: '' } },
        language,
        rulesOf(services, first.package),
      ),
      postings: members.map(({ id, label }) => ({ id, label })),
      currency: currency ?? null,
      gross: currency ? toCents(gross) : null,
      canBookIn: first.problem?.code === 'period-closed' ? await openPeriod(call, first, language) : null,
    })
  }
  return answers
}

/** "6 sales entries, 2 customers". */
function whatOf(language: Language, rows: readonly PostingRow[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
    .filter(([kind]) => hasWords(language, `posting.many.${kind}`))
    .map(([kind, count]) => say(language, `posting.many.${kind}`, { count }))
    .join(', ')
}

async function openPeriod(
  { trx, firmId, services }: Asking,
  row: PostingRow,
  language: Language,
): Promise<{ from: string; label: string } | null> {
  const invoice = await trx
    .selectFrom('invoice')
    .select('date')
    .where('firmId', '=', firmId)
    .where('id', '=', row.subjectId)
    .executeTakeFirst()
  const connection = await trx
    .selectFrom('connection')
    .select('settings')
    .where('firmId', '=', firmId)
    .where('id', '=', row.connectionId)
    .executeTakeFirst()
  const setting = journalSettingOf(services, row.package)
  const journal = setting ? (connection?.settings as Record<string, string | null> | undefined)?.[setting] : undefined
  if (!invoice || !journal) return null
  const periods = await rowsOf({ trx, firmId }, row.connectionId, 'periods')
  const first = firstOpenPeriod(periods, journal, invoice.date)
  // Open as it was last read, and closed as the package says now: its own period is none to book in.
  const isOwn = first !== undefined && first.from <= invoice.date
  const found = isOwn ? firstOpenPeriod(periods, journal, addDays(calendarDate(first.until), 1)) : first
  if (!found) return null
  const from = calendarDate(found.from)
  return { from, label: `${monthName(monthOf(from), language)} ${yearOf(from)}` }
}

const journalSettingOf = ({ connectors }: Services, packageId: string): string | undefined =>
  connectors
    .get(packageId)
    ?.manifest.settings.find(({ from }) => typeof from === 'object' && 'list' in from && from.list === 'journals')?.name
