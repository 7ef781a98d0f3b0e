import { eInvoiceOf } from '@uurwerk/core/invoicing/e-invoice.ts'
import { brokenRules, explainRule } from '@uurwerk/core/invoicing/e-invoice-rules.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { invoiceTotals, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, times, toCents } from '@uurwerk/core/shared/money.ts'
import { renderPdf } from '../server/src/documents/pdf/render.ts'
import { ublOf } from '../server/src/documents/ubl.ts'
import { pdfText } from '../server/src/testing/pdf-text.ts'
import { cases } from './cases.ts'
import { work } from './worked-case.ts'

const worked = cases.flatMap((about) => work(about).invoices.map(({ invoice }) => ({ name: about.name, invoice })))

const recomputed = (invoice: Invoice, drawn: Invoice['lines']): Invoice => {
  const totals = invoiceTotals<VatTreatment>(drawn.map((line) => ({ ...line, rate: line.vatRate })))
  return { ...invoice, totals, lines: drawn.map((line, at) => ({ ...line, vat: totals.lineVat[at] ?? line.vat })) }
}

const ofCase = (name: string): Invoice => {
  const found = worked.find((one) => one.name === name)
  if (!found) throw new Error(`no worked case ${name}`)
  return found.invoice
}

/** Ten percent off the first line of the sample month. */
const discounted = (): Invoice => {
  const invoice = ofCase('domestic-21')
  return recomputed(
    invoice,
    invoice.lines.map((line, at) => {
      const discount = at === 0 ? decimal('10') : null
      return { ...line, discount, net: lineNet({ ...line, discount }) }
    }),
  )
}

/** The same month in dollars: the VAT stands there in euro as well. */
const inDollars = (): Invoice => {
  const invoice = ofCase('domestic-21')
  const rate = decimal('0.92435')
  const vat = toCents(times(invoice.totals.vat, rate))
  const date = calendarDate('2026-03-30')
  return { ...invoice, language: 'en', currency: 'USD', exchange: { rate, source: 'European Central Bank', date, vat } }
}

/** What is made into documents, by the name of their files. */
export const documented: readonly { readonly name: string; readonly invoice: Invoice }[] = [
  ...worked.map(({ name, invoice }) => ({ name: `${name}-${invoice.number}`, invoice })),
  { name: 'discount', invoice: discounted() },
  { name: 'foreign-currency', invoice: inDollars() },
]

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
