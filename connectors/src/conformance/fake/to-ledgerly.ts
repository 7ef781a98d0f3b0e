import { toCents } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Draft, Known } from '../../contract/contract.ts'
import type {
  ArchivedDoc,
  AttachmentDoc,
  GeneralJournalDoc,
  NewCustomer,
  PrintingDoc,
  SalesEntryDoc,
  SalesInvoiceDoc,
} from '../../contract/documents.ts'
import type { Body } from './rules.ts'
import type { DocumentBody, GeneralJournalBody, PrintingBody, SalesEntryBody, SalesInvoiceBody } from './wire.ts'

/** Our documents as Ledgerly takes them. */

export type Mapped = Pick<Draft, 'expects' | 'units' | 'notes'> & { readonly body: Body }

const setup = (code: string, values: Record<string, string>): { problems: Problem[] } => ({
  problems: [{ kind: 'setup', code, values }],
})

export function toCustomer(document: NewCustomer): Mapped {
  const { reference, number, name, address, country, email, vatId } = document
  const { line1: street, postcode, city } = address
  const body = { reference, code: number, name, street, postcode, city, country, email, vatNumber: vatId }
  return { body, expects: null, units: 1, notes: [] }
}

export function toSalesEntry(document: SalesEntryDoc, known: Known): Mapped | { problems: readonly Problem[] } {
  const customer = known.id('customer', document.customer)
  if (!customer) return setup('customer-missing', { customer: document.customerName })
  const body: SalesEntryBody = {
    reference: document.reference,
    journal: document.journal,
    number: known.number,
    customer,
    invoice: document.invoiceNumber,
    date: document.date,
    due: document.dueDate,
    period: (document.bookIn ?? document.date).slice(0, 7),
    currency: document.currency,
    rate: document.rate,
    text: document.description,
    lines: document.lines.map((line) => ({
      account: line.ledgerAccount,
      text: line.description,
      amount: toCents(line.net),
      vatCode: line.vatCode,
      vat: toCents(line.vat),
      quantity: line.quantity,
      costCentre: line.costCentre,
      costUnit: line.costUnit,
    })),
  }
  const expects = { gross: toCents(document.gross), vat: toCents(document.vat), currency: document.currency }
  return { body, expects, units: body.lines.length, notes: [] }
}

export function toSalesInvoice(document: SalesInvoiceDoc, known: Known): Mapped | { problems: readonly Problem[] } {
  const customer = known.id('customer', document.customer)
  if (!customer) return setup('customer-missing', { customer: document.customerName })
  const body: SalesInvoiceBody = {
    reference: document.reference,
    kind: document.kind,
    journal: document.journal,
    customer,
    order: document.orderNumber,
    project: document.projectReference,
    date: document.date,
    due: document.dueDate,
    currency: document.currency,
    rate: document.rate,
    text: document.description,
    lines: document.lines.map((line) => ({
      item: line.item,
      text: line.description,
      quantity: line.quantity,
      price: line.unitPrice,
      vatCode: line.vatCode,
      costCentre: line.costCentre,
      costUnit: line.costUnit,
    })),
  }
  const expects = { gross: toCents(document.gross), vat: toCents(document.vat), currency: document.currency }
  return { body, expects, units: body.lines.length, notes: [] }
}

export function toPrinting({ reference, date }: PrintingDoc, { parent }: Known): Mapped | { problems: Problem[] } {
  if (!parent) return setup('invoice-missing', { date })
  const body: PrintingBody = { reference, salesInvoice: parent.id, date }
  return { body, expects: null, units: 1, notes: [] }
}

export function toDocument(document: ArchivedDoc, known: Known): Mapped | { problems: Problem[] } {
  const customer = known.id('customer', document.customer)
  if (!customer) return setup('customer-missing', { customer: document.invoiceNumber })
  if (!known.parent) return setup('entry-missing', { file: document.invoiceNumber })
  const { reference, invoiceNumber: subject, date, currency } = document
  const body: DocumentBody = {
    reference,
    entry: known.parent.id,
    customer,
    subject,
    date,
    currency,
    amount: toCents(document.gross),
  }
  return { body, expects: null, units: 1, notes: [] }
}

export function toGeneralJournal(document: GeneralJournalDoc, known: Known): Mapped {
  const body: GeneralJournalBody = {
    reference: document.reference,
    journal: document.journal,
    number: known.number,
    date: document.date,
    period: `${document.year}-${String(document.period).padStart(2, '0')}`,
    currency: document.currency,
    text: document.description,
    lines: document.lines.map((line) => ({
      account: line.ledgerAccount,
      text: line.description,
      amount: toCents(line.amount),
      costCentre: line.costCentre,
      costUnit: line.costUnit,
    })),
  }
  const expects = { gross: '0.00', vat: '0.00', currency: document.currency }
  return { body, expects, units: body.lines.length, notes: [] }
}

export function toAttachment(document: AttachmentDoc, known: Known): Mapped | { problems: readonly Problem[] } {
  if (!known.parent) return setup('entry-missing', { file: document.fileName })
  const { reference, fileName, mediaType, title, bytesBase64: content } = document
  return {
    body: { reference, parent: known.parent.id, fileName, mediaType, title, content },
    expects: null,
    units: 1,
    notes: [],
  }
}
