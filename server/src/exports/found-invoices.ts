import type { invoiceExportRoutes } from '@uurwerk/api/invoice-exports.ts'
import type { QueryOf } from '@uurwerk/api/route.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type RawBuilder, sql } from 'kysely'
import { oneOf } from '../entries/entry-sql.ts'
import type { FreeCall } from '../http/call.ts'
import { customerNameSql, invoiceSorts, invoiceWhere } from '../invoices/invoice-filter.ts'

type Route = (typeof invoiceExportRoutes)['exportInvoices']
export type InvoiceExport = QueryOf<Route>
export type ExportCall = Pick<FreeCall<Route>, 'services' | 'firmId' | 'firm' | 'language' | 'now'>

/** ` from … where … order by …` of the invoices that are meant: invoice `i`, its customer `k`, and `o` that it takes back. */
export function foundSql({ firmId, firm, now }: ExportCall, query: InvoiceExport): RawBuilder<unknown> {
  const { column, direction } = invoiceSorts[query.sort]
  const { ids, except } = query
  return sql`
    from invoice i
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    left join invoice o on o.firm_id = i.firm_id and o.id = i.credits_id
    where i.firm_id = ${firmId}::uuid and i.deleted_at is null ${invoiceWhere(query, dateIn(firm.timeZone, now))}
      ${oneOf(sql`i.id`, ids, 'uuid')} ${except?.length ? sql`and i.id <> all(${[...except]}::uuid[])` : sql``}
    order by ${column} ${direction}, i.id ${direction}`
}

export interface FoundInvoice {
  readonly id: string
  /** Null for a draft. */
  readonly number: string | null
  readonly customerName: string
  readonly year: number
  readonly sentAt: Date | null
}

/** The invoices that are meant, by name alone: of however many, they are little. */
export const findInvoices = (call: ExportCall, query: InvoiceExport): Promise<readonly FoundInvoice[]> =>
  call.services.store.withFirm(
    call.firmId,
    async (trx) => {
      const { rows } = await sql<FoundInvoice>`
        select i.id, i.number, ${customerNameSql} as "customerName", extract(year from i.date)::int as year, i.sent_at as "sentAt"
        ${foundSql(call, query)}`.execute(trx)
      return rows
    },
    { readOnly: true },
  )
