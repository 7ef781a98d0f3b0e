import type { vatOverview } from '@uurwerk/api/coming-back.ts'
import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { countsSql } from '../invoices/in-books.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { VatPeriod } from './vat-overview-rows.ts'

type Made = z.input<typeof vatOverview>['made'][number]

/**
 * Documents `d` that the package of connection `k` made of our entries, by the invoice date, and as `theirs` what it says
 * they come to: amounts of ours stand in for nothing.
 */
export const madeThereSql = (firmId: string, { from, until, connectionId }: VatPeriod): RawBuilder<unknown> => sql`
  from package_invoice d
  join connection k on k.firm_id = d.firm_id and k.id = d.connection_id
  cross join lateral (select d.their_gross as gross, d.their_vat as vat, d.their_gross - d.their_vat as net) theirs
  where d.firm_id = ${firmId} and d.state in ('made', 'printed') and d.date between ${from}::date and ${until}::date
    and ${connectionId ? sql`k.id = ${connectionId}` : countsSql}`

/** Whether a document has reached the books: printed, or made by a package that books what it makes at once. */
export const bookedThereSql = ({ connectors }: Pick<Services, 'connectors'>): RawBuilder<boolean> => {
  const prints = [...connectors.values()].filter(({ manifest }) => manifest.posts.includes('printing'))
  return sql`(d.state = 'printed' or k.package <> all(${prints.map(({ manifest }) => manifest.id)}::text[]))`
}

/** What the package made in a period, per currency, what is booked there apart from what is not yet. */
export async function readMadeThere(
  { trx, firmId, services }: { readonly trx: Trx; readonly firmId: string; readonly services: Services },
  period: VatPeriod,
): Promise<Made[]> {
  const told = (column: string) =>
    sql`case when count(*) = count(${sql.ref(`theirs.${column}`)}) then sum(${sql.ref(`theirs.${column}`)}) end`
  const { rows } = await sql<Omit<Made, 'packageName'> & { package: string }>`
    select k.package, d.currency, ${bookedThereSql(services)} as "isBooked", count(*)::int as documents,
      ${told('net')} as net, ${told('vat')} as vat, ${told('gross')} as gross
    ${madeThereSql(firmId, period)}
    group by 1, 2, 3 order by 1, 2, 3 desc`.execute(trx)
  const cents = (amount: string | null) => (amount === null ? null : toCents(decimal(amount)))
  return rows.map(({ package: packageId, net, vat, gross, ...row }) => ({
    ...row,
    packageName: services.connectors.get(packageId)?.manifest.name ?? packageId,
    net: cents(net),
    vat: cents(vat),
    gross: cents(gross),
  }))
}
