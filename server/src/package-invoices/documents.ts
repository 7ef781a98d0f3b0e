import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { customerGone } from '../imports/customer-gone.ts'
import { readUnconfirmed } from '../imports/unconfirmed.ts'
import type { Documents } from '../postings/engine.ts'
import { readSalesMapping } from '../postings/sales-entry-document.ts'
import { readPackageDocument, salesInvoiceDocument } from './package-document.ts'

const gone: { readonly problems: readonly Problem[] } = {
  problems: [{ kind: 'setup', code: 'package-invoice-gone' }],
}

/** The invoice that the package makes, and its printing: anew for each attempt, from what is mapped now. */
export const packageInvoiceDocuments = {
  salesInvoice: async (firm, posting, { at, connector }) => {
    const found = await readPackageDocument(firm, posting.subjectId)
    if (found?.state !== 'reserved') return gone
    const { customerId: id, customerName: name } = found.document
    const missing = await customerGone(firm, connector.manifest.name, { id, name })
    if (missing) return { problems: [missing] }
    const unconfirmed = (await readUnconfirmed(firm, [id])).get(id)
    if (unconfirmed) return { problems: [unconfirmed] }
    const mapping = await readSalesMapping(firm, at, connector.manifest)
    return salesInvoiceDocument({ document: found.document, reference: posting.reference, mapping })
  },
  printing: async (firm, posting) => {
    const found = await readPackageDocument(firm, posting.subjectId)
    if (found?.state !== 'made') return gone
    return { document: { reference: posting.reference, date: found.document.date } }
  },
} as const satisfies Documents
