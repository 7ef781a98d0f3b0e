import type { InvoiceFirm } from '@uurwerk/core/invoicing/invoice.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Services } from '../services.ts'

/**
 * The logo that a paper of this firm carries, as a data URL; null where it has none.
 *
 * Problems: `file-lost` (`defect`) its bytes are not there any more.
 */
export async function logoOf(
  { files }: Pick<Services, 'files'>,
  firmId: string,
  { logo }: Pick<InvoiceFirm, 'logo'>,
): Promise<string | null> {
  if (!logo) return null
  const bytes = await files.get(firmId, logo.sha256)
  if (!bytes) throw new ProblemError({ kind: 'defect', code: 'file-lost', values: { name: 'logo' } })
  return `data:${logo.mediaType};base64,${Buffer.from(bytes).toString('base64')}`
}
