import { paymentState } from '@uurwerk/api/invoice-selection.ts'
import { type RawBuilder, sql } from 'kysely'
import { inBooksSql } from '../invoices/in-books.ts'
import { customerNameSql } from '../invoices/invoice-filter.ts'
import { paymentStateIs } from '../payments/payment-state-sql.ts'
import { type ExportCall, foundSql, type InvoiceExport } from './found-invoices.ts'
import { namedColumns, type Sheet, type SheetColumn } from './sheet.ts'

/** The invoices that are meant as rows, drafts too; amounts are in the currency of the invoice. */
export const invoiceSheet = (call: ExportCall, query: InvoiceExport): Sheet => ({
  name: 'export.invoices',
  columns: namedColumns(columnsFor(call.firm.timeZone), query.columns),
  rows: foundSql(call, query),
})

const text = (id: string, value: RawBuilder<unknown>, head = id): SheetColumn => ({
  id,
  head: `export.${head}`,
  kind: 'text',
  value,
})
const day = (id: string, value: RawBuilder<unknown>, head = id): SheetColumn => ({
  ...text(id, value, head),
  kind: 'date',
})
const figure = (id: string, value: RawBuilder<unknown>, head = id): SheetColumn => ({
  ...text(id, value, head),
  kind: 'decimal',
})
const extra = (column: SheetColumn): SheetColumn => ({ ...column, extra: true })

/** Of a sent invoice; a draft is neither paid nor owed. */
const sent = (value: RawBuilder<unknown>) => sql`case when i.state <> 'draft' then ${value} end`

function columnsFor(timeZone: string): readonly SheetColumn[] {
  return [
    text('number', sql`i.number`, 'invoice.number'),
    {
      ...text('kind', sql`i.kind`, 'kind'),
      kind: 'word',
      words: { invoice: 'export.invoice', credit: 'export.invoice.credit' },
    },
    {
      ...text('state', sql`i.state`),
      kind: 'word',
      words: {
        draft: 'export.invoice.state.draft',
        sent: 'export.invoice.state.sent',
        credited: 'export.invoice.state.credited',
      },
    },
    day('date', sql`i.date`),
    day('dueDate', sql`i.due_date`, 'invoice.dueDate'),
    text(
      'customerNumber',
      sql`case when i.customer_snapshot is null then k.number else i.customer_snapshot ->> 'number' end`,
    ),
    text('customer', customerNameSql),
    text('reference', sql`i.reference`, 'invoice.reference'),
    text('orderNumber', sql`i.order_number`, 'invoice.orderNumber'),
    extra(text('credits', sql`o.number`, 'invoice.credits')),
    figure('net', sql`i.net`, 'invoice.net'),
    figure('vat', sql`i.vat`, 'invoice.vat'),
    figure('gross', sql`i.gross`, 'invoice.gross'),
    figure('paid', sent(sql`i.paid`), 'invoice.paid'),
    figure('credited', sent(sql`i.credited`), 'invoice.credited'),
    figure('outstanding', sent(sql`i.outstanding`), 'invoice.outstanding'),
    text('currency', sql`i.currency`),
    extra(figure('exchangeRate', sql`trim_scale(i.rate_to_firm)`, 'invoice.exchangeRate')),
    {
      ...text('paymentState', paymentStateSql, 'invoice.paymentState'),
      kind: 'word',
      words: Object.fromEntries(paymentState.options.map((state) => [state, `export.invoice.paymentState.${state}`])),
    },
    day('sentOn', sql`(i.sent_at at time zone ${sql.lit(timeZone)})::date`, 'invoice.sentOn'),
    { ...text('booked', inBooksSql, 'invoice.booked'), kind: 'yes-no' },
    extra(day('periodFrom', sql`i.period_from`, 'invoice.periodFrom')),
    extra(day('periodUntil', sql`i.period_until`, 'invoice.periodUntil')),
    extra(text('id', sql`i.id::text`)),
  ]
}

const paymentStateSql = sql`case ${sql.join(
  paymentState.options.map((state) => sql`when ${paymentStateIs([state])} then ${sql.lit(state)}`),
  sql` `,
)} end`
