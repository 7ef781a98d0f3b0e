import type { postingRoutes, postingState } from '@uurwerk/api/postings.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { withFreshLists } from '../connections/fresh-lists.ts'
import { namedRows } from '../connections/package-rows.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem, notThere } from '../http/problems.ts'
import { discard, resolve, sendAgain } from '../postings/actions.ts'
import { stopTellingOfUnposted } from '../postings/automatic.ts'
import { attachFiles, decidePostings } from '../postings/decide.ts'
import { hangingKinds } from '../postings/posting.ts'
import { findPostings } from '../postings/posting-rows.ts'
import type { Trx } from '../store/database.ts'
import { actingFor } from './acting.ts'
import { markInBooks } from './mark-in-books.ts'
import { postingListHandlers } from './posting-lists.ts'
import { previewAnswer } from './posting-preview.ts'
import { type PostingRow, placeInBooks, postingRows, rulesOf, toPosting, toStep } from './posting-rows.ts'

type State = z.output<typeof postingState>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

export const postingHandlers: Handlers<keyof typeof postingRoutes> = {
  ...postingListHandlers,
  previewPostings: async (call) =>
    withFreshLists(call, await previewAnswer(call, call.body.invoiceIds, call.body.bookIn)),

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
    const named =
      row.kind === 'customer'
        ? await namedRows(
            { trx, firmId },
            row.connectionId,
            'customers',
            (row.found ?? []).map(({ id }) => id),
          )
        : new Map()
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
        name: named.get(id)?.name ?? null,
        gross: gross ?? null,
        url: url ?? null,
      })),
      names: attempt ? await namesIn(trx, firmId, row.connectionId, attempt.body) : {},
      ...(await familyOf(call, row.id)),
    }
  },

  sendAgain: async (call) => {
    const { trx, firmId, body } = call
    const ids = await sendAgain({ trx, firmId }, actingFor(call), {
      ids: body.ids,
      ...(body.bookIn ? { bookIn: body.bookIn } : {}),
    })
    for (const id of ids)
      await remember(call, { kind: 'posting', id }, 'sent-again', { after: { bookIn: body.bookIn ?? null } })
    return { postings: await answersOf(call, ids), leftOut: await leftAsTheyWere(call, ids) }
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
    await discard({ trx, firmId }, { ...actingFor(call), why: body.why }, row.id)
    await remember(call, { kind: 'posting', id: row.id }, 'discarded', { why: body.why })
    return (await answersOf(call, [row.id]))[0] as ReturnType<typeof toPosting>
  },

  resolvePosting: async (call) => {
    const { trx, firmId, params, body, version } = call
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toPosting(call.services, row, call.language))
    await resolve({ trx, firmId }, actingFor(call), { id: row.id, ...body })
    await remember(call, { kind: 'posting', id: row.id }, 'resolved', { after: body })
    return (await answersOf(call, [row.id]))[0] as ReturnType<typeof toPosting>
  },

  // Answered by the stream of `http/event-stream.ts`.
  events: async () => undefined,
}

/** What was asked for and not sent again: it waits for nobody any more, or is not there. */
async function leftAsTheyWere(
  { trx, firmId, language, body }: Asking & { readonly body: { readonly ids: readonly string[] } },
  sent: readonly string[],
) {
  const left = [...new Set(body.ids)].filter((id) => !sent.includes(id))
  if (left.length === 0) return []
  const labels = new Map((await findPostings({ trx, firmId }, left)).map(({ id, label }) => [id, label]))
  return left.map((postingId) => {
    const label = labels.get(postingId)
    const problem: Problem =
      label === undefined
        ? { kind: 'missing', code: 'posting-unknown' }
        : { kind: 'conflict', code: 'posting-needs-nobody', values: { label } }
    return { postingId, label: label ?? '', problem: explainProblem(problem, language) }
  })
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

/** What a posting hangs on and what hangs on it, whatever came of them. */
async function familyOf({ trx, firmId }: Pick<Asking, 'trx' | 'firmId'>, id: string) {
  const { rows } = await sql<PartRow>`
    with recursive up as (
      select p.id, p.after_id, p.kind, 0 as depth from posting p where p.firm_id = ${firmId} and p.id = ${id}
      union all
      select p.id, p.after_id, p.kind, u.depth - 1 from up u
      join posting p on p.firm_id = ${firmId} and p.id = u.after_id
      where u.kind = any(${[...hangingKinds]}::text[])),
    down as (
      select p.id, 1 as depth from posting p
      where p.firm_id = ${firmId} and p.after_id = ${id} and p.kind = any(${[...hangingKinds]}::text[])
      union all
      select p.id, d.depth + 1 from down d
      join posting p on p.firm_id = ${firmId} and p.after_id = d.id and p.kind = any(${[...hangingKinds]}::text[]))
    select f.depth, p.id, p.kind, p.state, p.label, p.their_number as "theirNumber", ${placeInBooks('c')} as url,
      p.updated_at as "updatedAt"
    from (select id, depth from up where depth < 0 union all select id, depth from down) f
    join posting p on p.firm_id = ${firmId} and p.id = f.id
    join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    order by f.depth, p.sequence`.execute(trx)
  const parts = rows.map(({ depth, updatedAt, ...part }) => ({ depth, ...part, updatedAt: updatedAt.toISOString() }))
  const shown = ({ depth: _, ...part }: (typeof parts)[number]) => part
  const head = parts.find(({ depth }) => depth < 0)
  return { partOf: head ? shown(head) : null, parts: parts.filter(({ depth }) => depth > 0).map(shown) }
}

interface PartRow {
  readonly depth: number
  readonly id: string
  readonly kind: string
  readonly state: State
  readonly label: string
  readonly theirNumber: string | null
  readonly url: string | null
  readonly updatedAt: Date
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
