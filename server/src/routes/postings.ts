import type { postingRoutes, postingState } from '@uurwerk/api/postings.ts'
import { calendarDate, monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { monthName } from '@uurwerk/core/shared/format.ts'
import { add, type Decimal, decimal, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { rowsOf } from '../connections/package-rows.ts'
import { type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { explainProblem, notThere } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { type Acting, discard, firstOpenPeriod, resolve, sendAgain } from '../postings/actions.ts'
import { stopTellingOfUnposted } from '../postings/automatic.ts'
import { attachFiles, decidePostings } from '../postings/decide.ts'
import { findPostings } from '../postings/posting-rows.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { markInBooks } from './mark-in-books.ts'
import { previewAnswer } from './posting-preview.ts'
import { type PostingRow, postingRows, rulesOf, toPosting, toStep } from './posting-rows.ts'

type State = z.output<typeof postingState>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

const needsYou: readonly State[] = ['refused', 'blocked', 'needs-person']
const inProgress: readonly State[] = ['waiting', 'sending', 'checking', 'accepted']

export const postingHandlers: Handlers<keyof typeof postingRoutes> = {
  previewPostings: (call) => previewAnswer(call, call.body.invoiceIds, call.body.bookIn),

  createPostings: async (call) => {
    const { trx, firmId, actor, body, services, language, now } = call
    const preview = await previewAnswer(call, body.invoiceIds, body.bookIn)
    if (preview.problem || !preview.connection) {
      throw new ProblemError({
        kind: 'setup',
        code: preview.problem?.code ?? 'no-package-active',
        values: preview.problem?.values ?? {},
      })
    }
    const ready = preview.documents.filter(({ state }) => state === 'ready').map(({ invoiceId }) => invoiceId)
    const leftOut = preview.documents
      .filter(({ state }) => state !== 'ready')
      .map(({ invoiceId, invoiceNumber, customerName, problems }) => {
        const [problem] = problems
        return {
          invoiceId,
          label: invoiceNumber ?? customerName,
          problem: problem ?? explainProblem({ kind: 'conflict', code: 'invoice-unknown' }, language),
        }
      })
      .map(({ problem: { kind, code, cause, remedy, values, theirWords, theirStatus, link }, ...rest }) => ({
        ...rest,
        problem: { kind, code, cause, remedy, values, theirWords, theirStatus, link },
      }))
    const decision = ready.length
      ? await decidePostings(trx, {
          firmId,
          connectionId: preview.connection.id,
          invoiceIds: ready,
          by: actor.memberId,
          clock: { now: () => now },
          ids: services.ids,
          random: services.random,
          wake: services.engine.wake,
          connectors: services.connectors,
          bookIn: new Map(
            preview.documents.flatMap(({ invoiceId, bookedIn }) =>
              bookedIn ? [[invoiceId, bookedIn.from] as const] : [],
            ),
          ),
        })
      : { postings: [], customerPostingIds: [], leftOut: [] }
    for (const { invoiceId, postingId, existing } of decision.postings) {
      if (!existing) await remember(call, { kind: 'invoice', id: invoiceId }, 'posted', { after: { postingId } })
    }
    await stopTellingOfUnposted(call, preview.connection.id)
    const ids = [...decision.customerPostingIds, ...decision.postings.map(({ postingId }) => postingId)]
    await services.events.publish(trx, firmId, { topic: 'postings', ids })
    const rules = rulesOf(services, preview.connection.package)
    return {
      postings: await answersOf(call, ids),
      leftOut: [
        ...leftOut,
        ...decision.leftOut.map(({ invoiceId, label, problem }) => ({
          invoiceId,
          label,
          problem: explainProblem(problem, language, rules),
        })),
      ],
    }
  },

  listPostings: async (call) => {
    const { trx, firmId, query, services, language } = call
    const after = keyOf(query.cursor, ['long'])
    const like = query.search ? anywhere(query.search) : null
    const where = sql`
      ${query.state?.length ? sql` and p.state = any(${query.state}::text[])` : sql` and p.state <> 'discarded'`}
      ${query.kind ? sql` and p.kind = ${query.kind}` : sql``}
      ${query.connectionId ? sql` and p.connection_id = ${query.connectionId}::uuid` : sql``}
      ${query.ids?.length ? sql` and p.id = any(${query.ids}::uuid[])` : sql``}
      ${like ? sql` and (p.label ilike ${like} or p.reference ilike ${like} or p.their_number ilike ${like} or k.name ilike ${like})` : sql``}
      ${after ? sql` and p.sequence < ${after[0]}::bigint` : sql``}`
    const rows = await postingRows(trx, firmId, where, query.limit + 1)
    return pageOf(
      rows,
      query.limit,
      ({ sequence }) => [sequence],
      (row) => toPosting(services, row, language),
    )
  },

  summarisePostings: async (call) => ({
    counts: await countsOf(call),
    lanes: await lanesOf(call),
    groups: await groupsOf(call),
  }),

  readPosting: async (call) => {
    const { trx, firmId, params, services, language } = call
    const row = await rowOf(call, params.id)
    const steps = await trx
      .selectFrom('postingStep')
      .select(['id', 'at', 'what', 'details'])
      .where('firmId', '=', firmId)
      .where('postingId', '=', row.id)
      .orderBy('id')
      .execute()
    const attempt = row.attemptId
      ? await trx
          .selectFrom('attempt')
          .select(['body'])
          .where('firmId', '=', firmId)
          .where('id', '=', row.attemptId)
          .executeTakeFirst()
      : undefined
    const lastReceipt = steps.findLast(({ details }) => (details as { receipt?: unknown }).receipt)?.details as
      | { receipt?: unknown }
      | undefined
    const said = row.problem?.theirWords ?? (lastReceipt?.receipt ? JSON.stringify(lastReceipt.receipt, null, 2) : null)
    return {
      ...toPosting(services, row, language),
      steps: steps.map((step) =>
        toStep(services, { ...step, details: step.details as Record<string, unknown> }, row, language),
      ),
      payload: attempt ? readable(attempt.body) : null,
      answer: said,
      candidates: (row.found ?? []).map(({ id, number, gross, url }) => ({
        id,
        number: number ?? null,
        gross: gross ?? null,
        url: url ?? null,
      })),
      names: attempt ? await namesIn(trx, firmId, row.connectionId, attempt.body) : {},
    }
  },

  sendAgain: async (call) => {
    const { trx, firmId, body } = call
    const ids = await sendAgain({ trx, firmId }, acting(call), {
      ids: body.ids,
      ...(body.bookIn ? { bookIn: body.bookIn } : {}),
    })
    for (const id of ids)
      await remember(call, { kind: 'posting', id }, 'sent-again', { after: { bookIn: body.bookIn ?? null } })
    return { postings: await answersOf(call, body.ids) }
  },

  attachFiles: async (call) => {
    const { trx, firmId, actor, body, services, language, now } = call
    const ids: string[] = []
    const leftOut: { postingId: string; label: string; problem: ReturnType<typeof explainProblem> }[] = []
    const entries = await findPostings({ trx, firmId }, body.ids)
    for (const postingId of body.ids)
      if (!entries.some(({ id }) => id === postingId))
        leftOut.push({
          postingId,
          label: '',
          problem: explainProblem({ kind: 'missing', code: 'posting-unknown' }, language),
        })
    for (const connectionId of new Set(entries.map((entry) => entry.connectionId))) {
      const attached = await attachFiles(trx, {
        firmId,
        connectionId,
        entryIds: entries.filter((entry) => entry.connectionId === connectionId).map(({ id }) => id),
        by: actor.memberId,
        clock: { now: () => now },
        ids: services.ids,
        random: services.random,
        wake: services.engine.wake,
        connectors: services.connectors,
      })
      for (const { entryId, postingId, existing } of attached.postings) {
        ids.push(postingId)
        if (!existing) await remember(call, { kind: 'posting', id: entryId }, 'file-attached', { after: { postingId } })
      }
      for (const { entryId, label, problem } of attached.leftOut)
        leftOut.push({ postingId: entryId, label, problem: explainProblem(problem, language) })
    }
    await services.events.publish(trx, firmId, { topic: 'postings', ids: [...ids, ...body.ids] })
    return { postings: await answersOf(call, ids), leftOut }
  },

  markInBooks: (call) => markInBooks(call, call.body),

  discardPosting: async (call) => {
    const { trx, firmId, params, body, version } = call
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toPosting(call.services, row, call.language))
    await discard({ trx, firmId }, { ...acting(call), why: body.why }, row.id)
    await remember(call, { kind: 'posting', id: row.id }, 'discarded', { why: body.why })
    return (await answersOf(call, [row.id]))[0] as ReturnType<typeof toPosting>
  },

  resolvePosting: async (call) => {
    const { trx, firmId, params, body, version } = call
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toPosting(call.services, row, call.language))
    await resolve({ trx, firmId }, acting(call), { id: row.id, ...body })
    await remember(call, { kind: 'posting', id: row.id }, 'resolved', { after: body })
    return (await answersOf(call, [row.id]))[0] as ReturnType<typeof toPosting>
  },

  // Answered by the stream of `http/event-stream.ts`.
  events: async () => undefined,
}

function acting({ services, actor, now }: Pick<FirmCall<never>, 'services' | 'actor' | 'now'>): Acting {
  const { ids, random, wake, notify, customerLinked, told = {} } = services.engine
  return { clock: { now: () => now }, ids, random, wake, notify, customerLinked, told, by: actor.memberId }
}

async function rowOf({ trx, firmId }: Pick<Asking, 'trx' | 'firmId'>, id: string): Promise<PostingRow> {
  const [row] = await postingRows(trx, firmId, sql` and p.id = ${id}::uuid`)
  if (!row) throw notThere('posting')
  return row
}

async function answersOf({ trx, firmId, services, language }: Asking, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await postingRows(trx, firmId, sql` and p.id = any(${[...ids]}::uuid[])`)
  return rows.map((row) => toPosting(services, row, language))
}

/** The payload with line breaks, its figures as they stand in it. */
function readable(body: string): string {
  let depth = 0
  let inText = false
  let text = ''
  for (let index = 0; index < body.length; index++) {
    const sign = body[index] as string
    if (sign === '"' && body[index - 1] !== '\\') inText = !inText
    const breaks = () => `\n${'  '.repeat(depth)}`
    if (!inText && (sign === '{' || sign === '[')) {
      depth += 1
      text += sign + breaks()
    } else if (!inText && (sign === '}' || sign === ']')) {
      depth -= 1
      text += breaks() + sign
    } else if (!inText && sign === ',') text += sign + breaks()
    else if (!inText && sign === ':') text += ': '
    else text += sign
  }
  return text
}

/** What the identities in a payload stand for, so that a person can read it. */
async function namesIn(trx: Trx, firmId: string, connectionId: string, body: string): Promise<Record<string, string>> {
  const ids = [...new Set(body.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? [])]
  if (ids.length === 0) return {}
  const rows = await trx
    .selectFrom('packageRow')
    .select(['theirId', 'code', 'name'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('theirId', 'in', ids)
    .execute()
  // A customer that was made there by us may not be in the list as last read.
  const customers = await sql<{ theirId: string; number: string | null; name: string }>`
    select l.their_id as "theirId", k.number, k.name from link l
    join customer k on k.firm_id = l.firm_id and k.id = l.our_id
    where l.firm_id = ${firmId}::uuid and l.connection_id = ${connectionId}::uuid and l.noun = 'customer'
      and l.their_id = any(${ids}::text[])`.execute(trx)
  return Object.fromEntries([
    ...customers.rows.map(({ theirId, number, name }) => [theirId, [number, name].filter(Boolean).join(' ')]),
    ...rows.map(({ theirId, code, name }) => [theirId, `${code} ${name}`]),
  ])
}

async function countsOf({ trx, firmId }: Asking) {
  const rows = await trx
    .selectFrom('posting')
    .select(['state', (select) => select.fn.countAll<string>().as('count')])
    .where('firmId', '=', firmId)
    .where('state', '<>', 'discarded')
    .groupBy('state')
    .execute()
  const of = (states: readonly State[]) =>
    rows.filter(({ state }) => states.includes(state as State)).reduce((total, { count }) => total + Number(count), 0)
  return {
    all: rows.reduce((total, { count }) => total + Number(count), 0),
    needsYou: of(needsYou),
    inProgress: of(inProgress),
    posted: of(['posted']),
  }
}

async function lanesOf({ trx, firmId, services, language }: Asking) {
  const connections = await trx
    .selectFrom('connection')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('state', 'in', ['connected', 'reconnect'])
    .where('laneKey', 'is not', null)
    .execute()
  const lanes = []
  for (const row of connections) {
    const laneKey = row.laneKey as string
    const lane = await trx
      .selectFrom('directory.lane')
      .select(['paused', 'leaseUntil'])
      .where('key', '=', laneKey)
      .executeTakeFirst()
    const waiting = await trx
      .selectFrom('posting')
      .select((select) => [select.fn.countAll<string>().as('count'), select.fn.min('dueAt').as('next')])
      .where('firmId', '=', firmId)
      .where('connectionId', '=', row.id)
      .where('state', 'in', [...inProgress])
      .executeTakeFirstOrThrow()
    const pauses = Object.values(
      (lane?.paused ?? {}) as Record<string, { refused: number; probeAt?: string; stopped?: true }>,
    ).filter(({ refused }) => refused >= 2)
    const limits = await services.connections.limitUse(
      { trx, firmId },
      { ...row, mode: row.mode === 'live' ? 'live' : 'sandbox' },
    )
    const budget = limits.find(({ span }) => span === 'day')
    const manifest = services.connectors.get(row.package)?.manifest
    const daily = manifest?.limits.find(({ span }) => span === 'day')
    const count = Number(waiting.count)
    const state =
      row.state === 'reconnect'
        ? 'reconnect'
        : pauses.length > 0
          ? 'paused'
          : count > 0
            ? lane?.leaseUntil && lane.leaseUntil > services.clock.now()
              ? 'running'
              : 'waiting'
            : 'idle'
    const stopped = pauses.some((pause) => pause.stopped)
    lanes.push({
      connectionId: row.id,
      package: row.package,
      packageName: manifest?.name ?? row.package,
      administrationName: row.administrationName ?? row.administration ?? '',
      state: state as 'running' | 'waiting' | 'paused' | 'reconnect' | 'idle',
      detail: say(language, `lane.${stopped ? 'stopped' : state}`, { package: manifest?.name ?? row.package, count }),
      budget: daily
        ? {
            left: Math.max(0, (budget?.most ?? daily.most) - (budget?.used ?? 0)),
            most: budget?.most ?? daily.most,
            reserve: daily.reserve,
            resetsAt: (budget?.resetsAt ?? nextMidnight(services.clock.now())).toISOString(),
          }
        : null,
      waiting: count,
    })
  }
  return lanes
}

const nextMidnight = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))

/** Refusals of one cause together, with one remedy and one "send again". */
async function groupsOf(call: Asking) {
  const { trx, firmId, services, language } = call
  const rows = await postingRows(trx, firmId, sql` and p.state = any(${[...needsYou]}::text[])`, 1000)
  const groups = new Map<string, PostingRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([
      row.connectionId,
      row.state,
      row.problem?.code ?? '',
      row.problem?.theirWords ?? '',
      row.problem?.values ?? {},
    ])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const answers = []
  for (const [key, members] of groups) {
    const [first] = members as [PostingRow]
    const currencies = new Set(members.map(({ currency }) => currency))
    const gross = members.reduce<Decimal>((total, row) => add(total, row.gross ? decimal(row.gross) : zero), zero)
    answers.push({
      key: Buffer.from(key).toString('base64url').slice(0, 60),
      state: first.state,
      problem: explainProblem(
        first.problem ?? { kind: 'defect', code: 'message-unknown', values: { words: '' } },
        language,
        rulesOf(services, first.package),
      ),
      postings: members.map(({ id, label }) => ({ id, label })),
      currency: currencies.size === 1 ? first.currency : null,
      gross: currencies.size === 1 && first.currency ? toCents(gross) : null,
      canBookIn: first.problem?.code === 'period-closed' ? await openPeriod(call, first, language) : null,
    })
  }
  return answers
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
  const periods = await rowsOf({ trx, firmId }, row.connectionId, 'periods')
  const journalSetting = journalSettingOf(services, row.package)
  const journal = journalSetting
    ? (connection?.settings as Record<string, string | null> | undefined)?.[journalSetting]
    : undefined
  if (!invoice || !journal) return null
  const found = firstOpenPeriod(periods, journal, invoice.date)
  if (!found) return null
  const from = calendarDate(found.from)
  return { from, label: `${monthName(monthOf(from), language)} ${yearOf(from)}` }
}

const journalSettingOf = ({ connectors }: Services, packageId: string): string | undefined =>
  connectors
    .get(packageId)
    ?.manifest.settings.find(({ from }) => typeof from === 'object' && 'list' in from && from.list === 'journals')?.name
