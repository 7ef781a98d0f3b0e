import { eInvoiceOf } from '@uurwerk/core/invoicing/e-invoice.ts'
import { brokenRules, explainRule } from '@uurwerk/core/invoicing/e-invoice-rules.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { renderPdf } from '../server/src/documents/pdf/render.ts'
import { ublOf } from '../server/src/documents/ubl.ts'
import { pdfText } from '../server/src/testing/pdf-text.ts'
import { cases } from './cases.ts'
import { work } from './worked-case.ts'

/** What is made into documents, by the name of their files. */
export const documented: readonly { readonly name: string; readonly invoice: Invoice }[] = cases.flatMap((about) =>
  work(about).invoices.map(({ invoice }) => ({ name: `${about.name}-${invoice.number}`, invoice })),
)

/** The pages of the PDF as they read, and the rules of e-invoicing that the invoice breaks. */
export async function pdfWritten(invoice: Invoice): Promise<string> {
  const pages = pdfText(await renderPdf({ invoice, hours: [], ubl: null }))
  const broken = brokenRules(invoice).map((one) => {
    const { says, mend } = explainRule(one, 'en')
    return `  ${one.rule.id}\n    ${says}\n    ${mend}`
  })
  const rules = broken.length > 0 ? broken.join('\n') : '  none'
  return `${pages.map((lines) => lines.join('\n')).join('\n\n--- next page ---\n\n')}\n\nRULES OF E-INVOICING IT BREAKS\n${rules}\n`
}

/** Null where nobody knows where it would go. */
export async function ublWritten(invoice: Invoice): Promise<string | null> {
  const made = eInvoiceOf(invoice)
  return made.buyer.endpoint && made.seller.endpoint
    ? `${(await ublOf(made)).replaceAll('\t', '  ').trimEnd()}\n`
    : null
}
