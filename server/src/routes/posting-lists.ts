import type { postingRoutes, postingState } from '@uurwerk/api/postings.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { add, type Decimal, decimal, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { exportAnswer } from '../exports/export-answer.ts'
import type { FirmCall, Handlers, Language } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { explainProblem } from '../http/problems.ts'
import { hasWords, say } from '../http/words.ts'
import { discard } from '../postings/actions.ts'
import { postingSheet, postingSorts, postingWhere } from '../postings/found-postings.ts'
import { type LaneStanding, readLanes } from '../postings/lane-standing.ts'
import { refusalGroups } from '../postings/refusal-groups.ts'
import { actingFor } from './acting.ts'
import { postingRows, rulesOf, toPosting } from './posting-rows.ts'

type State = z.output<typeof postingState>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language' | 'firm'>
type Summary = AnswerOf<(typeof postingRoutes)['summarisePostings']>
type Names = 'listPostings' | 'summarisePostings' | 'exportPostings' | 'discardPostings'

const needsYou: readonly State[] = ['refused', 'blocked', 'needs-person']
const inProgress: readonly State[] = ['waiting', 'sending', 'checking', 'accepted']

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

/** With one remedy and one "send again" for each group. */
async function groupsOf(call: Asking): Promise<Summary['groups']> {
  const { services, language } = call
  return (await refusalGroups(call)).map(({ key, problem, about, canBookIn, members }) => {
    const [first] = members
    const currencies = new Set(members.flatMap(({ currency }) => currency ?? []))
    const gross = members.reduce<Decimal>((total, row) => add(total, row.gross ? decimal(row.gross) : zero), zero)
    const [currency] = currencies.size === 1 ? [...currencies] : []
    return {
      key,
      state: first.state,
      connectionId: first.connectionId,
      packageName: services.connectors.get(first.package)?.manifest.name ?? first.package,
      what: whatOf(language, members),
      problem,
      about,
      postings: members.map(({ id, label }) => ({ id, label })),
      currency: currency ?? null,
      gross: currency ? toCents(gross) : null,
      canBookIn,
    }
  })
}

/** "6 sales entries, 2 customers". */
function whatOf(language: Language, rows: readonly { readonly kind: string }[]): string {
  const counts = new Map<string, number>()
  for (const { kind } of rows) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
    .filter(([kind]) => hasWords(language, `posting.many.${kind}`))
    .map(([kind, count]) => say(language, `posting.many.${kind}`, { count }))
    .join(', ')
}
