import type { draftRoutes } from '@uurwerk/api/drafts.ts'
import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { seriesRoutes } from '@uurwerk/api/series.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import { drivenKmSql } from '../entries/trip-rows.ts'
import type { Handlers } from '../http/call.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import { creditedInvoices } from '../invoices/credit-notes.ts'
import { inBooksSql } from '../invoices/in-books.ts'
import type { ClaimedKind } from '../invoices/invoice-claims.ts'
import { customerNameSql, invoiceSorts, invoiceWhere } from '../invoices/invoice-filter.ts'
import type { InvoiceRow } from '../invoices/invoice-rows.ts'
import { owedTotals } from '../payments/outstanding.ts'
import { createClosingInvoice } from './closing-invoice.ts'
import { draftLineHandlers } from './draft-lines.ts'
import { answerOf, type Booking, bookingSql, toRowAnswer } from './invoice-answer.ts'
import { creditInvoice } from './invoice-credits.ts'
import { draftHandlers } from './invoice-drafts.ts'
import { invoiceHours } from './invoice-from-entries.ts'
import { sendInvoice } from './invoice-sending.ts'
import { invoiceTextHandlers } from './invoice-texts.ts'
import { seriesHandlers } from './number-series.ts'

type ListedRow = InvoiceRow & {
  readonly customerName: string
  readonly sortKey: string
  readonly booking: Booking | null
}

type Names = keyof typeof invoiceRoutes | keyof typeof draftRoutes | keyof typeof seriesRoutes | 'createClosingInvoice'

export const invoiceHandlers: Handlers<Names> = {
  ...draftHandlers,
  ...draftLineHandlers,
  ...seriesHandlers,
  ...invoiceTextHandlers,
  invoiceHours,
  createClosingInvoice,
  sendInvoice,
  creditInvoice,

  listInvoices: async ({ trx, firmId, firm, now, query }) => {
    const today = dateIn(firm.timeZone, now)
    const { cursor, limit, sort } = query
    const { column, direction, sign, type, key } = invoiceSorts[sort]
    const after = keyOf(cursor, [key, 'id'])
    const { rows } = await sql<ListedRow>`
      select i.*, ${customerNameSql} as customer_name, (${column})::text as sort_key, ${bookingSql} as booking
      from invoice i
      join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
      where i.firm_id = ${firmId}::uuid and i.deleted_at is null
        ${invoiceWhere(query, today)}
        ${after ? sql`and (${column}, i.id) ${sign} (${after[0]}::${type}, ${after[1]}::uuid)` : sql``}
      order by ${column} ${direction}, i.id ${direction}
      limit ${limit + 1}`.execute(trx)
    const credited = await creditedInvoices(trx, firmId, rows)
    return pageOf(
      rows,
      limit,
      ({ sortKey, id }) => [sortKey, id],
      (row) => toRowAnswer(row, { booking: row.booking, credited: credited.get(row.id), today }),
    )
  },

  totalInvoices: async ({ trx, firmId, firm, now }) => {
    const { rows } = await sql<Record<'draft' | 'sent' | 'credited' | 'unposted', number>>`
      select count(*) filter (where i.state = 'draft')::int as draft, count(*) filter (where i.state = 'sent')::int as sent,
        count(*) filter (where i.state = 'credited')::int as credited,
        count(*) filter (where i.state <> 'draft' and not ${inBooksSql})::int as unposted
      from invoice i where i.firm_id = ${firmId}::uuid and i.deleted_at is null`.execute(trx)
    const counts = rows[0] ?? { draft: 0, sent: 0, credited: 0, unposted: 0 }
    return { ...counts, ...(await owedTotals(trx, firmId, dateIn(firm.timeZone, now))) }
  },

  readInvoice: (call) => answerOf(call, call.params.id),

  listInvoiceEntries: async ({ trx, firmId, params }) => {
    const invoice = await trx
      .selectFrom('invoice')
      .select('id')
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .where('deletedAt', 'is', null)
      .executeTakeFirst()
    if (!invoice) throw notThere('invoice')
    const { rows } = await sql<EntryRow>`
      with claimed as (select entry_kind, entry_id, line_id from claim
        where firm_id = ${firmId}::uuid and invoice_id = ${params.id}::uuid and released_at is null)
      select c.entry_kind as kind, e.id, c.line_id as "lineId", e.date, e.minutes, null::numeric as km, null::numeric as amount,
        m.name as "memberName", p.name as "projectName", a.name as "activityName", e.note
      from claimed c
      join hour_entry e on e.firm_id = ${firmId}::uuid and e.id = c.entry_id and c.entry_kind = 'hours'
      join member m on m.firm_id = e.firm_id and m.id = e.member_id
      join project p on p.firm_id = e.firm_id and p.id = e.project_id
      join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
      union all
      select c.entry_kind, e.id, c.line_id, e.date, null, null, e.recharge_net, m.name, p.name, g.name, e.note
      from claimed c
      join expense e on e.firm_id = ${firmId}::uuid and e.id = c.entry_id and c.entry_kind = 'expense'
      join member m on m.firm_id = e.firm_id and m.id = e.member_id
      join project p on p.firm_id = e.firm_id and p.id = e.project_id
      join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id
      union all
      select c.entry_kind, e.id, c.line_id, e.date, null, ${drivenKmSql}, null, m.name, p.name,
        e.from_place || ' – ' || e.to_place, e.note
      from claimed c
      join trip e on e.firm_id = ${firmId}::uuid and e.id = c.entry_id and c.entry_kind = 'trip'
      join member m on m.firm_id = e.firm_id and m.id = e.member_id
      join project p on p.firm_id = e.firm_id and p.id = e.project_id
      union all
      select c.entry_kind, n.id, c.line_id, n.due_on, null, null, n.amount, null, p.name, null, n.description
      from claimed c
      join instalment n on n.firm_id = ${firmId}::uuid and n.id = c.entry_id and c.entry_kind = 'instalment'
      join project p on p.firm_id = n.firm_id and p.id = n.project_id
      union all
      select c.entry_kind, n.id, c.line_id, n.due_on, null, null, n.amount, null, p.name, null, s.description
      from claimed c
      join subscription_period n on n.firm_id = ${firmId}::uuid and n.id = c.entry_id and c.entry_kind = 'subscription'
      join subscription s on s.firm_id = n.firm_id and s.id = n.subscription_id
      join project p on p.firm_id = n.firm_id and p.id = n.project_id
      order by 4, 2`.execute(trx)
    return { rows }
  },
}

interface EntryRow {
  readonly kind: ClaimedKind
  readonly id: string
  readonly lineId: string | null
  readonly date: string
  readonly minutes: number | null
  readonly km: string | null
  readonly amount: string | null
  readonly memberName: string | null
  readonly projectName: string
  readonly activityName: string | null
  readonly note: string
}
