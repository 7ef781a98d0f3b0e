import type { postingRoutes } from '@uurwerk/api/postings.ts'
import type { AnswerOf, BodyOf } from '@uurwerk/api/route.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem } from '../http/problems.ts'
import { stopTellingOfUnposted } from '../postings/automatic.ts'

type Route = (typeof postingRoutes)['markInBooks']

interface Row {
  readonly id: string
  readonly number: string | null
  readonly state: string
  readonly inBooks: boolean
  /** Of its entry, where it has one. */
  readonly posting: string | null
}

/** A person's word on which invoices the books held before us; a later cut-off leaves it alone. */
export async function markInBooks(
  call: FirmCall<Route>,
  { invoiceIds, inBooks, why }: BodyOf<Route>,
): Promise<AnswerOf<Route>> {
  const { trx, firmId, actor, language, now, services } = call
  const ids = [...new Set(invoiceIds)]
  const { rows } = await sql<Row>`
    select i.id, i.number, i.state, i.already_in_books as "inBooks", (
      select p.state from posting p join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
      where p.firm_id = i.firm_id and p.subject_id = i.id and p.kind = 'salesEntry' and p.state <> 'discarded'
        and (k.state <> 'disconnected' or k.mode = 'live')
      order by p.state = 'posted' desc limit 1) as posting
    from invoice i where i.firm_id = ${firmId} and i.id = any(${ids}::uuid[]) order by i.id for update`.execute(trx)
  const found = new Map(rows.map((row) => [row.id, row]))
  const leftOut: AnswerOf<Route>['leftOut'] = []
  const marked: string[] = []
  for (const id of ids) {
    const row = found.get(id)
    const problem = whyNot(row)
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

function whyNot(row: Row | undefined): Problem | undefined {
  if (!row) return { kind: 'missing', code: 'invoice-unknown' }
  if (row.state === 'draft') return { kind: 'conflict', code: 'invoice-not-sent' }
  if (row.posting === null) return undefined
  return { kind: 'conflict', code: row.posting === 'posted' ? 'invoice-posted' : 'invoice-under-way' }
}
