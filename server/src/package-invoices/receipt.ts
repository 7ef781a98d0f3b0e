import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import { parseDecimal } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { Claiming } from '../invoices/invoice-claims.ts'
import { rememberPackageInvoice } from './package-invoice-history.ts'

/**
 * What the package made, or printed, of a document of ours: its number and totals are the truth. What the package does
 * not say stays as it was known; a document that was given up stays so.
 */
export async function writeReceipt(
  call: Claiming,
  packageInvoiceId: string,
  receipt: Receipt | undefined,
  is: 'made' | 'printed',
): Promise<void> {
  const { trx, firmId, now, services } = call
  const amount = (text: string | undefined) => (text === undefined ? null : parseDecimal(text))
  const { rows } = await sql<{ number: string | null }>`
    update package_invoice set state = ${is}, their_id = coalesce(${receipt?.id ?? null}, their_id),
      their_number = coalesce(${receipt?.number ?? null}, their_number), url = coalesce(${receipt?.url ?? null}, url),
      their_vat = coalesce(${amount(receipt?.vat)}::numeric, their_vat),
      their_gross = coalesce(${amount(receipt?.gross)}::numeric, their_gross),
      version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = ${packageInvoiceId}::uuid and state in ('reserved', 'made', 'printed')
    returning their_number as number`.execute(trx)
  const [written] = rows
  if (!written) return
  await rememberPackageInvoice(call, packageInvoiceId, is, { after: written })
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [packageInvoiceId] })
}
