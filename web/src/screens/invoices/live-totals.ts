import { invoiceTotals, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import { parseDecimal } from '@uurwerk/core/shared/money.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'

/** What was typed in a line and is not saved yet, as decimal text or as it was typed. */
export interface TypedFigures {
  readonly quantity?: string
  readonly unitPrice?: string
  readonly discountPercent?: string
}
export type Typed = ReadonlyMap<string, TypedFigures>

/**
 * A draft as it will be when what was typed is saved: the same arithmetic as the server's. What is no number yet leaves
 * its line as it is; a credit note waits for the server, since its VAT follows from what was credited before.
 */
export function liveInvoice(invoice: Invoice, typed: Typed): Invoice {
  if (typed.size === 0 || invoice.kind === 'credit') return invoice
  const lines = invoice.lines.map((line) => liveLine(line, typed.get(line.id)))
  const totals = invoiceTotals(
    lines.map(({ net, vatTreatment, vatRate }) => ({ net: exact(net), vatTreatment, rate: exact(vatRate) })),
  )
  return {
    ...invoice,
    lines: lines.map((line, index) => ({ ...line, vat: totals.lineVat[index] ?? line.vat })),
    net: totals.net,
    vat: totals.vat,
    gross: totals.gross,
    vatPerRate: totals.vatPerRate.map((part) => {
      const known = invoice.vatPerRate.find(({ treatment, rate }) => treatment === part.treatment && rate === part.rate)
      return { label: '', sentence: null, ...known, ...part }
    }),
  }
}

function liveLine(line: InvoiceLine, typed: TypedFigures | undefined): InvoiceLine {
  if (!typed) return line
  const quantity = parseDecimal(typed.quantity ?? line.quantity)
  const unitPrice = parseDecimal(typed.unitPrice ?? line.unitPrice)
  const percent = (typed.discountPercent ?? line.discountPercent ?? '').trim()
  const discount = percent === '' ? null : parseDecimal(percent)
  if (!quantity || !unitPrice || (percent !== '' && !discount)) return line
  return { ...line, quantity, unitPrice, discountPercent: discount, net: lineNet({ quantity, unitPrice, discount }) }
}

const exact = (text: string) => parseDecimal(text) ?? parseDecimal('0')!
