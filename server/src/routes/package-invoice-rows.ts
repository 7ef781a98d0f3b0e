import type { packageInvoice } from '@uurwerk/api/package-invoices.ts'
import { compare, type Decimal, decimal, toCents } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Language } from '../http/call.ts'
import { explainProblem, notThere } from '../http/problems.ts'
import { type PaidThereRow, paidThere, paidThereColumns, paidThereSql } from '../package-invoices/paid-there.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { placeInBooks, rulesOf } from './posting-rows.ts'

export type PackageInvoiceAnswer = z.input<typeof packageInvoice>
type PostingState = PackageInvoiceAnswer['posting']['state']

export interface PackageInvoiceRow extends PaidThereRow {
  readonly id: string
  readonly state: PackageInvoiceAnswer['state']
  readonly kind: 'invoice' | 'credit'
  readonly connectionId: string
  readonly package: string
  readonly mode: 'sandbox' | 'live'
  readonly connectionState: string
  readonly customerId: string
  readonly customerName: string
  readonly projects: readonly { readonly id: string; readonly name: string }[]
  readonly closesProjectId: string | null
  readonly date: string
  readonly dueDate: string
  readonly currency: string
  readonly description: string
  readonly orderNumber: string | null
  readonly entries: number
  readonly net: string
  readonly vat: string
  readonly gross: string
  readonly vatPerRate: unknown
  readonly theirNumber: string | null
  readonly theirVat: string | null
  readonly theirGross: string | null
  readonly url: string | null
  readonly postingId: string
  readonly postingState: PostingState
  readonly postingVersion: number
  readonly reference: string
  readonly problem: Problem | null
  readonly printingId: string | null
  readonly printingState: PostingState | null
  readonly printingProblem: Problem | null
  readonly endedWhy: string | null
  readonly endedAt: Date | null
  readonly createdBy: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** The latest first; `where` speaks of the document `d`, the posting `p` that makes it and what was `paid` of it. */
export async function packageInvoiceRows(
  trx: Trx,
  firmId: string,
  where: RawBuilder<unknown>,
  limit?: number,
): Promise<PackageInvoiceRow[]> {
  const { rows } = await sql<PackageInvoiceRow>`
    select d.id, d.state, d.kind, d.connection_id as "connectionId", c.package, c.mode,
      c.state as "connectionState", d.customer_id as "customerId",
      d.customer_name as "customerName",
      (select coalesce(json_agg(json_build_object('id', j.id, 'name', j.name) order by j.name, j.id), '[]') from project j
        where j.firm_id = d.firm_id and j.id = any(d.project_ids)) as projects,
      d.closes_project_id as "closesProjectId", d.date, d.due_date as "dueDate", d.currency, d.description,
      d.order_number as "orderNumber",
      (select coalesce(sum(cardinality(l.entry_ids)), 0)::int from package_invoice_line l
        where l.firm_id = d.firm_id and l.package_invoice_id = d.id) as entries,
      d.net, d.vat, d.gross, d.vat_per_rate as "vatPerRate", d.their_number as "theirNumber", d.their_vat as "theirVat",
      d.their_gross as "theirGross", coalesce(d.url, ${placeInBooks('c')}) as url,
      p.id as "postingId", p.state as "postingState", p.version as "postingVersion", p.reference, p.problem,
      q.id as "printingId", q.state as "printingState", q.problem as "printingProblem",
      d.ended_why as "endedWhy", d.ended_at as "endedAt", m.name as "createdBy", d.created_at as "createdAt",
      d.updated_at as "updatedAt", d.version, ${paidThereColumns}
    from package_invoice d
    join connection c on c.firm_id = d.firm_id and c.id = d.connection_id
    join posting p on p.firm_id = d.firm_id and p.subject_id = d.id and p.kind = 'salesInvoice'
    left join lateral (
      select id, state, problem from posting where firm_id = d.firm_id and subject_id = d.id and kind = 'printing'
      order by sequence desc limit 1) q on true
    ${paidThereSql}
    left join member m on m.firm_id = d.firm_id and m.id = d.created_by
    where d.firm_id = ${firmId}::uuid ${where}
    order by d.id desc ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(trx)
  return rows
}

export async function getPackageInvoice(trx: Trx, firmId: string, id: string): Promise<PackageInvoiceRow> {
  const [row] = await packageInvoiceRows(trx, firmId, sql` and d.id = ${id}::uuid`)
  if (!row) throw notThere('package-invoice')
  return row
}

const cents = (amount: string): Decimal => toCents(decimal(amount))

export function toPackageInvoice(
  services: Pick<Services, 'connectors'>,
  row: PackageInvoiceRow,
  language: Language,
): PackageInvoiceAnswer {
  const rules = rulesOf(services, row.package)
  const packageName = services.connectors.get(row.package)?.manifest.name ?? row.package
  const told = (problem: Problem | null, state: PostingState | null) =>
    problem && state !== 'posted'
      ? explainProblem({ ...problem, values: { package: packageName, ...problem.values } }, language, rules)
      : null
  const theirGross = row.theirGross && cents(row.theirGross)
  return {
    id: row.id,
    state: row.state,
    kind: row.kind,
    connectionId: row.connectionId,
    package: row.package,
    packageName,
    customerId: row.customerId,
    customerName: row.customerName,
    projects: [...row.projects],
    closesProjectId: row.closesProjectId,
    date: row.date,
    dueDate: row.dueDate,
    currency: row.currency,
    description: row.description,
    orderNumber: row.orderNumber,
    entries: row.entries,
    net: cents(row.net),
    vat: cents(row.vat),
    gross: cents(row.gross),
    theirNumber: row.theirNumber,
    theirVat: row.theirVat && cents(row.theirVat),
    theirGross,
    differs: theirGross !== null && compare(decimal(theirGross), decimal(row.gross)) !== 0,
    url: row.url,
    posting: {
      id: row.postingId,
      state: row.postingState,
      reference: row.reference,
      problem: told(row.problem, row.postingState),
      version: row.postingVersion,
    },
    printing:
      row.printingId && row.printingState
        ? { id: row.printingId, state: row.printingState, problem: told(row.printingProblem, row.printingState) }
        : null,
    books: paidThere(services, row),
    ended: row.endedAt ? { why: row.endedWhy ?? '', at: row.endedAt.toISOString() } : null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  }
}
