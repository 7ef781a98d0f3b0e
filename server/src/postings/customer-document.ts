import type { NewCustomer } from '@uurwerk/connectors/contract/documents.ts'
import type { TheirAddress } from '@uurwerk/connectors/contract/rows.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import type { Customer } from '../store/schema.gen.ts'
import type { Firm } from './posting-rows.ts'

/** A customer of ours as it is made in the package: with its invoice address. */
export async function customerDocument(
  { trx, firmId }: Firm,
  about: { readonly customerId: string; readonly reference: string },
): Promise<{ readonly document: NewCustomer } | { readonly problems: readonly Problem[] }> {
  const row = await trx
    .selectFrom('customer')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', about.customerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) return { problems: [{ kind: 'setup', code: 'customer-gone' }] }
  return { document: toNewCustomer(row, about.reference) }
}

export function toNewCustomer(row: Selectable<Customer>, reference: string): NewCustomer {
  const address = (row.invoiceAddress ?? row.visitAddress) as TheirAddress | null
  return {
    reference,
    ours: row.id,
    ...given({ number: row.number }),
    name: row.name,
    address: given({
      line1: address?.line1,
      line2: address?.line2,
      postcode: address?.postcode,
      city: address?.city,
      country: address?.country,
    }),
    country: address?.country || row.country,
    ...given({
      phone: row.phone,
      email: row.invoiceEmail ?? row.email,
      website: row.website,
      vatId: row.vatId,
      kvk: row.kvk,
    }),
    language: row.language === 'nl' ? 'nl' : 'en',
    currency: row.currency,
  }
}

/** Only what is filled in: an empty text is not sent. */
function given<K extends string>(fields: Record<K, string | null | undefined>): { [F in K]?: string } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as { [F in K]?: string }
}
