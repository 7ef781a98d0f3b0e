import type { EarlierLine } from '@uurwerk/core/invoicing/closing-invoice.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import type { Trx } from '../store/database.ts'
import { columnsOf, type Holder } from './invoice-claims.ts'
import { treatmentOfRow } from './invoice-rows.ts'

type Changing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'now' | 'services'>

/** What sent credit notes took back of a line `l`: below zero. */
const takenBack = sql`(select coalesce(sum(t.net), 0) from invoice_line t
  join invoice ti on ti.firm_id = t.firm_id and ti.id = t.invoice_id and ti.state <> 'draft'
  where t.firm_id = l.firm_id and t.credits_line_id = l.id)`

export interface EarlierRow extends EarlierLine {
  readonly currency: string
  /** It stands on a document that the package made. */
  readonly inPackage: boolean
}

/** Of a document `d` in the package with its posting `dp`: how people call it there, else how we do. */
const calledSql = sql<string>`coalesce(d.their_number, dp.reference)`

/** The posting `dp` that made a document `d` in the package. */
const postingJoin = sql`join posting dp on dp.firm_id = d.firm_id and dp.subject_id = d.id and dp.kind = 'salesInvoice'`

/** Instalments of a project as they stand on sent invoices, of which something is left, and on documents in the package. */
export async function earlierLines(trx: Trx, firmId: string, projectId: string): Promise<EarlierRow[]> {
  const { rows } = await sql<EarlierStored>`
    select * from (
      select l.id, i.id as "invoiceId", i.number, i.date, i.currency, l.vat_treatment as "vatTreatment",
        l.vat_rate as "vatRate", l.net + ${takenBack} as net, coalesce(l.period_from, i.date) as "supplyFrom",
        coalesce(l.period_until, i.date) as "supplyUntil",
        array(select distinct ci.number from invoice_line c
          join invoice ci on ci.firm_id = c.firm_id and ci.id = c.invoice_id and ci.state <> 'draft'
          where c.firm_id = l.firm_id and c.credits_line_id = l.id order by 1) as "creditNotes", l.position, false as "inPackage"
      from invoice_line l
      join invoice i on i.firm_id = l.firm_id and i.id = l.invoice_id and i.kind = 'invoice' and i.state <> 'draft'
      where l.firm_id = ${firmId}::uuid and l.project_id = ${projectId}::uuid and l.kind = 'instalment'
      union all
      select l.id, d.id, ${calledSql}, d.date, d.currency, l.vat_treatment, l.vat_rate, l.net, l.supply_from, l.supply_until,
        '{}'::text[], l.position, true
      from package_invoice_line l
      join package_invoice d on d.firm_id = l.firm_id and d.id = l.package_invoice_id and d.state in ('made', 'printed')
      ${postingJoin}
      where l.firm_id = ${firmId}::uuid and l.project_id = ${projectId}::uuid and l.kind = 'instalment') e
    where e.net <> 0
    order by e.date, e.number, e.position`.execute(trx)
  return rows.map((row) => ({
    ...row,
    date: calendarDate(row.date),
    vatTreatment: treatmentOfRow(row.vatTreatment),
    vatRate: decimal(row.vatRate),
    net: toCents(decimal(row.net)),
    supplyFrom: calendarDate(row.supplyFrom),
    supplyUntil: calendarDate(row.supplyUntil),
  }))
}

type EarlierStored = {
  readonly [K in keyof EarlierRow]: K extends 'creditNotes' ? string[] : K extends 'inPackage' ? boolean : string
}

/** The invoices that a closing invoice deducts, held so that no credit note of them is sent meanwhile. */
export async function holdDeducted(trx: Trx, firmId: string, invoiceId: string): Promise<void> {
  await sql`
    select 1 from invoice o
    where o.firm_id = ${firmId}::uuid and o.id in (
      select l.invoice_id from claim c
      join invoice_line l on l.firm_id = c.firm_id and l.id = c.entry_id
      where c.firm_id = ${firmId}::uuid and c.invoice_id = ${invoiceId}::uuid and c.entry_kind = 'deduction'
        and c.released_at is null)
    order by o.id for update`.execute(trx)
  await sql`
    select 1 from package_invoice d
    where d.firm_id = ${firmId}::uuid and d.id in (
      select l.package_invoice_id from claim c
      join package_invoice_line l on l.firm_id = c.firm_id and l.id = c.entry_id
      where c.firm_id = ${firmId}::uuid and c.invoice_id = ${invoiceId}::uuid and c.entry_kind = 'deduction'
        and c.released_at is null)
    order by d.id for update`.execute(trx)
}

/** The invoices on which instalments of a project were sent, held while their closing invoice is made. */
export async function holdEarlier(trx: Trx, firmId: string, projectId: string): Promise<void> {
  await sql`
    select 1 from invoice o
    where o.firm_id = ${firmId}::uuid and o.state <> 'draft' and o.kind = 'invoice' and o.id in (
      select l.invoice_id from invoice_line l
      where l.firm_id = ${firmId}::uuid and l.project_id = ${projectId}::uuid and l.kind = 'instalment')
    order by o.id for update`.execute(trx)
  await sql`
    select 1 from package_invoice d
    where d.firm_id = ${firmId}::uuid and d.state in ('reserved', 'made', 'printed') and d.id in (
      select l.package_invoice_id from package_invoice_line l
      where l.firm_id = ${firmId}::uuid and l.project_id = ${projectId}::uuid and l.kind = 'instalment')
    order by d.id for update`.execute(trx)
}

export interface Deducted {
  readonly id: string
  readonly number: string
  readonly date: CalendarDate
  /** What is left now of the lines that are deducted. */
  readonly left: Decimal
  readonly inPackage: boolean
}

/** By the line of a closing invoice: the earlier invoice that it deducts. */
export async function deductedBy(
  trx: Trx,
  firmId: string,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, Deducted>> {
  const { rows } = await sql<{
    lineId: string
    id: string
    number: string
    date: string
    left: string
    inPackage: boolean
  }>`
    select c.line_id as "lineId", o.id, o.number, o.date, sum(l.net + ${takenBack}) as left, false as "inPackage"
    from claim c
    join invoice_line l on l.firm_id = c.firm_id and l.id = c.entry_id
    join invoice o on o.firm_id = l.firm_id and o.id = l.invoice_id
    where c.firm_id = ${firmId}::uuid and c.invoice_id = any(${[...invoiceIds]}::uuid[])
      and c.entry_kind = 'deduction' and c.released_at is null
    group by c.line_id, o.id, o.number, o.date
    union all
    select c.line_id, d.id, ${calledSql}, d.date, sum(case when d.state in ('made', 'printed') then l.net else 0 end), true
    from claim c
    join package_invoice_line l on l.firm_id = c.firm_id and l.id = c.entry_id
    join package_invoice d on d.firm_id = l.firm_id and d.id = l.package_invoice_id
    ${postingJoin}
    where c.firm_id = ${firmId}::uuid and c.invoice_id = any(${[...invoiceIds]}::uuid[])
      and c.entry_kind = 'deduction' and c.released_at is null
    group by c.line_id, d.id, ${calledSql}, d.date`.execute(trx)
  return new Map(
    rows.map(({ lineId, ...row }) => [
      lineId,
      { ...row, date: calendarDate(row.date), left: toCents(decimal(row.left)) },
    ]),
  )
}

/** The closing invoice of a project, a draft among them, or one that the package makes. */
export async function closingOf(
  trx: Trx,
  firmId: string,
  projectId: string,
): Promise<{ readonly id: string; readonly number: string | null; readonly inPackage: boolean } | null> {
  const { rows } = await sql<{ id: string; number: string | null; inPackage: boolean }>`
    select i.id, i.number, false as "inPackage" from claim c
    join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
    where c.firm_id = ${firmId}::uuid and c.entry_kind = 'closing' and c.entry_id = ${projectId}::uuid
      and c.released_at is null and i.state <> 'credited'
    union all
    select d.id, d.their_number, true from claim c
    join posting dp on dp.firm_id = c.firm_id and dp.id = c.posting_id
    join package_invoice d on d.firm_id = dp.firm_id and d.id = dp.subject_id
    where c.firm_id = ${firmId}::uuid and c.entry_kind = 'closing' and c.entry_id = ${projectId}::uuid
      and c.released_at is null`.execute(trx)
  return rows[0] ?? null
}

/** Numbers of sent closing invoices, and of those that the package makes, that deduct one of these lines. */
export async function closingsOver(trx: Trx, firmId: string, lineIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select distinct i.number from claim c
    join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id and i.state = 'sent'
    where c.firm_id = ${firmId}::uuid and c.entry_kind = 'deduction' and c.entry_id = any(${[...lineIds]}::uuid[])
      and c.released_at is null
    union
    select ${calledSql} from claim c
    join posting dp on dp.firm_id = c.firm_id and dp.id = c.posting_id
    join package_invoice d on d.firm_id = dp.firm_id and d.id = dp.subject_id
    where c.firm_id = ${firmId}::uuid and c.entry_kind = 'deduction' and c.entry_id = any(${[...lineIds]}::uuid[])
      and c.released_at is null
    order by 1`.execute(trx)
  return rows.map(({ number }) => number)
}

/** A closing invoice that was credited in whole closes and deducts nothing any more. */
export async function forgetCredited({ trx, firmId, now }: Changing, projectId: string): Promise<void> {
  await sql`update claim c set released_at = ${now}
    from claim k join invoice i on i.firm_id = k.firm_id and i.id = k.invoice_id and i.state = 'credited'
    where k.firm_id = ${firmId}::uuid and k.entry_kind = 'closing' and k.entry_id = ${projectId}::uuid
      and k.released_at is null and c.firm_id = k.firm_id and c.invoice_id = k.invoice_id
      and c.entry_kind in ('closing', 'deduction') and c.released_at is null`.execute(trx)
}

/** The project is closed and its earlier lines are deducted, each once: the database refuses whoever comes second. */
export async function claimClosing(
  { trx, firmId, now, services }: Changing,
  closing: {
    readonly holder: Holder
    readonly projectId: string
    /** The line on which the price stands. */
    readonly lineId: string
    readonly deductions: readonly { readonly lineId: string; readonly earlierId: string }[]
  },
): Promise<void> {
  const { holder, projectId, lineId, deductions } = closing
  const { invoiceId, postingId } = columnsOf(holder)
  const rows = [
    { kind: 'closing', entry: projectId, line: lineId },
    ...deductions.map((one) => ({ kind: 'deduction', entry: one.earlierId, line: one.lineId })),
  ].map((row) => ({ ...row, id: services.ids.next() }))
  try {
    await sql`insert into claim (firm_id, id, entry_kind, entry_id, invoice_id, posting_id, line_id, claimed_at)
      select ${firmId}::uuid, r.id, r.kind, r.entry, ${invoiceId}::uuid, ${postingId}::uuid, r.line, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, kind text, entry uuid, line uuid)`.execute(
      trx,
    )
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'claim_live') throw error
    throw new ProblemError({ kind: 'conflict', code: 'entries-claimed' }, error)
  }
}
