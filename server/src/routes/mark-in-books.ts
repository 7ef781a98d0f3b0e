import type { postingRoutes } from '@uurwerk/api/postings.ts'
import type { AnswerOf, BodyOf } from '@uurwerk/api/route.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { canBeDiscarded, discard } from '../postings/actions.ts'
import { stopTellingOfUnposted } from '../postings/automatic.ts'
import { lockLanes } from '../postings/lane-due.ts'
import type { PostingState } from '../postings/posting.ts'
import { actingFor } from './acting.ts'

type Route = (typeof postingRoutes)['markInBooks']

interface Row {
  readonly id: string
  readonly number: string | null
  readonly state: string
  readonly inBooks: boolean
  /** Of its entry, where it has one. */
  readonly posting: PostingState | null
  readonly postingId: string | null
}

/**
 * A person's word on which invoices the books hold already; a later cut-off leaves it alone. What waits or was refused of
 * an invoice that is there already is given up in the same act.
 */
export async function markInBooks(
  call: FirmCall<Route>,
  { invoiceIds, inBooks, why }: BodyOf<Route>,
): Promise<AnswerOf<Route>> {
  const { trx, firmId, actor, language, now, services } = call
  const ids = [...new Set(invoiceIds)]
  await lockLanesOf(call, ids)
  const { rows } = await sql<Row>`
    select i.id, i.number, i.state, i.already_in_books as "inBooks", e.state as posting, e.id as "postingId"
    from invoice i left join lateral (
      select p.id, p.state from posting p join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
      where p.firm_id = i.firm_id and p.subject_id = i.id and p.kind = 'salesEntry' and p.state <> 'discarded'
        and (k.state <> 'disconnected' or k.mode = 'live')
      order by p.state = 'posted' desc limit 1) e on true
    where i.firm_id = ${firmId} and i.id = any(${ids}::uuid[]) order by i.id for update of i`.execute(trx)
  const found = new Map(rows.map((row) => [row.id, row]))
  const leftOut: AnswerOf<Route>['leftOut'] = []
  const marked: string[] = []
  for (const id of ids) {
    const row = found.get(id)
    const problem = whyNot(row) ?? (await giveUp(call, row, inBooks, why))
    if (problem) {
      leftOut.push({ invoiceId: id, label: row?.number ?? '', problem: explainProblem(problem, language) })
      continue
    }
    marked.push(id)
    if (row?.inBooks === inBooks) continue
    await sql`
      update invoice set already_in_books = ${inBooks}, version = version + 1, updated_at = ${now}
      where firm_id = ${firmId} and id = ${id}`.execute(trx)
    await remember(call, { kind: 'invoice', id }, inBooks ? 'marked-in-books' : 'unmarked-in-books', {
      ...(why ? { why } : {}),
    })
  }
  await sql`
    insert into in_books_mark (firm_id, invoice_id, in_books, marked_by, marked_at)
    select ${firmId}, m, ${inBooks}, ${actor.memberId}, ${now} from unnest(${marked}::uuid[]) as m
    on conflict (firm_id, invoice_id) do update set in_books = excluded.in_books, marked_by = excluded.marked_by,
      marked_at = excluded.marked_at`.execute(trx)
  await stopTellingOfUnposted(call)
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: marked })
  return { marked, leftOut }
}

/** As whoever posts does: before the invoices. */
async function lockLanesOf({ trx, firmId }: FirmCall<Route>, invoiceIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ laneKey: string }>`
    select distinct lane_key as "laneKey" from posting
    where firm_id = ${firmId} and subject_id = any(${invoiceIds}::uuid[]) and kind = 'salesEntry'
      and state not in ('posted', 'discarded')`.execute(trx)
  await lockLanes(
    trx,
    rows.map(({ laneKey }) => laneKey),
  )
}

/** Of its entry; what may have left by now is waited for, and a credit note behind it keeps it too. */
async function giveUp(
  call: FirmCall<Route>,
  row: Row | undefined,
  inBooks: boolean,
  why: string | undefined,
): Promise<Problem | undefined> {
  if (!row?.postingId || !row.posting) return undefined
  if (!inBooks || !canBeDiscarded.includes(row.posting)) return { kind: 'conflict', code: 'invoice-under-way' }
  try {
    await discard(call, { ...actingFor(call), why: why ?? say(call.language, 'posting.why.in-books') }, row.postingId)
    await remember(call, { kind: 'posting', id: row.postingId }, 'discarded', why ? { why } : {})
    return undefined
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
}

function whyNot(row: Row | undefined): Problem | undefined {
  if (!row) return { kind: 'missing', code: 'invoice-unknown' }
  if (row.state === 'draft') return { kind: 'conflict', code: 'invoice-not-sent' }
  return row.posting === 'posted' ? { kind: 'conflict', code: 'invoice-posted' } : undefined
}
