import type { CreditedBase, CreditedLine } from '@uurwerk/core/invoicing/credit-note.ts'
import { type Decimal, decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { Trx } from '../store/database.ts'

/** A line of a credit note, with the line of the invoice that it takes back. */
export interface TakenLine extends CreditedLine {
  readonly creditId: string
  readonly creditState: string
  readonly creditsLineId: string
}

/** What credit notes take back of an invoice, drafts among them. */
export async function takenLines(trx: Trx, firmId: string, invoiceId: string): Promise<TakenLine[]> {
  const { rows } = await sql<Record<keyof TakenLine, string> & { discount: string | null }>`
    select i.id as "creditId", i.state as "creditState", l.credits_line_id as "creditsLineId", l.quantity, l.unit,
      l.unit_price as "unitPrice", l.discount_percent as discount, l.net
    from invoice i
    join invoice_line l on l.firm_id = i.firm_id and l.invoice_id = i.id
    where i.firm_id = ${firmId}::uuid and i.credits_id = ${invoiceId}::uuid and i.deleted_at is null
      and l.credits_line_id is not null
    order by i.created_at, i.id, l.position`.execute(trx)
  return rows.map((row) => ({ ...row, ...creditedLine(row) }))
}

/** Amounts of a stored line, as the arithmetic of credit notes takes them. */
export const creditedLine = <Unit extends string>(line: {
  readonly quantity: string
  readonly unit: Unit
  readonly unitPrice: string
  readonly discount: string | null
  readonly net: string
}): CreditedLine<Unit> & { readonly discount: Decimal | null } => ({
  quantity: decimal(line.quantity),
  unit: line.unit,
  unitPrice: decimal(line.unitPrice),
  discount: line.discount === null ? null : decimal(line.discount),
  net: toCents(decimal(line.net)),
})

export interface Credited {
  readonly id: string
  readonly number: string
  readonly date: string
  /** By what was sent before, other than the credit note itself. */
  readonly before: readonly CreditedBase[]
}

/** Of credit notes, by their id: the invoice they take back, and what others sent before took back of it. */
export async function creditedInvoices(
  trx: Trx,
  firmId: string,
  credits: readonly { readonly id: string; readonly creditsId: string | null }[],
): Promise<ReadonlyMap<string, Credited>> {
  const invoiceIds = [...new Set(credits.flatMap(({ creditsId }) => creditsId ?? []))]
  if (invoiceIds.length === 0) return new Map()
  const { rows: originals } = await sql<{ id: string; number: string; date: string }>`
    select id, number, date from invoice where firm_id = ${firmId}::uuid and id = any(${invoiceIds}::uuid[])`.execute(
    trx,
  )
  const { rows: taken } = await sql<{
    invoiceId: string
    creditId: string
    treatment: string
    rate: string
    base: string
  }>`
    select i.credits_id as "invoiceId", i.id as "creditId", l.vat_treatment as treatment, l.vat_rate as rate, sum(l.net) as base
    from invoice i
    join invoice_line l on l.firm_id = i.firm_id and l.invoice_id = i.id
    where i.firm_id = ${firmId}::uuid and i.credits_id = any(${invoiceIds}::uuid[]) and i.state <> 'draft'
    group by 1, 2, 3, 4`.execute(trx)
  return new Map(
    credits.flatMap(({ id, creditsId }) => {
      const original = originals.find((one) => one.id === creditsId)
      if (!original) return []
      const before = taken
        .filter(({ invoiceId, creditId }) => invoiceId === creditsId && creditId !== id)
        .map(({ treatment, rate, base }) => ({ treatment, rate: decimal(rate), base: toCents(decimal(base)) }))
      return [[id, { ...original, before }] as const]
    }),
  )
}

/** An invoice whose credit notes are about to change: held, so that two people do not take the same line back. */
export async function holdCredited(trx: Trx, firmId: string, creditId: string): Promise<void> {
  await sql`
    select 1 from invoice o
    where o.firm_id = ${firmId}::uuid
      and o.id = (select c.credits_id from invoice c where c.firm_id = ${firmId}::uuid and c.id = ${creditId}::uuid)
    for update`.execute(trx)
}
