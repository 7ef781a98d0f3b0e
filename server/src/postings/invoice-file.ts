import type { ArchivedDoc, AttachmentDoc } from '@uurwerk/connectors/contract/documents.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { documentOf } from '../documents/invoice-documents.ts'
import { say } from '../http/words.ts'
import { readInvoices } from '../invoices/invoice-rows.ts'
import type { FileOf, Made, PostedFile } from './engine.ts'
import type { Posting } from './posting.ts'
import type { Firm } from './posting-rows.ts'

/** The PDF as the customer was sent it: kept bytes, or made now and kept from then on. */
export const invoiceFile =
  (services: Parameters<typeof documentOf>[0]): FileOf =>
  async (firmId, { subjectId }) => {
    try {
      const asked = { firmId, invoiceId: subjectId, kind: 'pdf', language: 'en' } as const
      const { bytes, mediaType } = await documentOf(services, asked)
      return { document: { bytes, mediaType } }
    } catch (error) {
      if (isProblem(error)) return { problems: [error.problem] }
      throw error
    }
  }

/** The invoice in the package's archive, beside its entry. */
export async function archivedDocument(firm: Firm, posting: Posting): Promise<Made<ArchivedDoc>> {
  const found = await invoiceOf(firm, posting)
  if ('problems' in found) return found
  const { kind, number, customer, date, currency, totals } = found.document
  return {
    document: {
      reference: posting.reference,
      kind,
      invoiceNumber: number ?? '',
      customer: customer.id,
      date,
      currency,
      gross: totals.gross,
    },
  }
}

export async function attachmentDocument(
  firm: Firm,
  posting: Posting,
  file: Made<PostedFile> | undefined,
): Promise<Made<AttachmentDoc>> {
  const found = await invoiceOf(firm, posting)
  if ('problems' in found) return found
  if (!file) return { problems: [{ kind: 'setup', code: 'file-missing', values: { number: posting.label } }] }
  if ('problems' in file) return file
  const { bytes, mediaType } = file.document
  const { number = '', kind, language } = found.document
  return {
    document: {
      reference: posting.reference,
      fileName: `${(number ?? '').replaceAll(/[^A-Za-z0-9._-]+/g, '-')}.pdf`,
      mediaType,
      bytesBase64: Buffer.from(bytes).toString('base64'),
      title: say(language, `posting.file.${kind}`, { number: number ?? '' }),
    },
  }
}

async function invoiceOf({ trx, firmId }: Firm, { subjectId }: Posting): Promise<Made<Invoice>> {
  const stored = (await readInvoices(trx, firmId, [subjectId])).get(subjectId)
  if (!stored) return { problems: [{ kind: 'setup', code: 'invoice-gone' }] }
  return { document: stored.invoice }
}
