import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { SimulatorRow } from '../../contract/simulator.ts'
import { saveDocument, storeFile } from './document-rules.ts'
import { strikes } from './faults.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import {
  checkCustomer,
  checkJournal,
  coded,
  dueDate,
  numberOf,
  periodOf,
  refuseClosed,
  saveEntry,
  withTotals,
} from './sales-entry-rules.ts'
import { checkInvoiceOpen, invoiceLinesOf, saveInvoice } from './sales-invoice-rules.ts'
import { serverToday } from './server-time.ts'
import { newGuid, rowIn, store, text } from './world-state.ts'
import { checkReference, created, modified } from './writes.ts'

/** `Layouts.Type`: 1 layout, 2 text of the e-mail, 3 Word template (Exact REST reference, SalesInvoiceLayouts). */
const layoutNames = [
  ['Factuur standaard', 'Invoice, standard', 1],
  ['Factuur met urenspecificatie', 'Invoice with hours', 1],
  ['E-mailtekst factuur', 'E-mail text of invoices', 2],
] as const

/** Every administration has the same layouts; their guids are told apart by its number. */
export const layoutsOf = (view: View): SimulatorRow[] =>
  layoutNames.map(([nl, en, Type], index) => ({
    ID: `1a7077e5-0000-4000-8000-${String(index + 1)}${String(view.division).padStart(11, '0')}`,
    Subject: view.language === 'nl' ? nl : en,
    Type,
    Created: '2018-01-02T09:00:00.000Z',
    Modified: '2018-01-02T09:00:00.000Z',
    Division: view.division,
  }))

function checkLayouts(write: Write): void {
  const layouts = layoutsOf(write.view)
  const has = (name: string, type: number) => layouts.some((row) => row.ID === write.sent[name] && row.Type === type)
  checkReference(write, 'DocumentLayout', has('DocumentLayout', 1))
  checkReference(write, 'EmailLayout', has('EmailLayout', 2))
}

/** The entry in the ledger that printing makes: an entry as any other, processed at once. */
function entryOf(write: Write, invoice: SimulatorRow, at: { date: string; DueDate: unknown }): SimulatorRow {
  const { view, sent } = write
  const header = {
    EntryID: newGuid(view.random),
    Customer: invoice.InvoiceTo,
    Journal: invoice.Journal,
    Currency: invoice.Currency,
    Rate: '1',
    EntryDate: at.date,
    DueDate: at.DueDate,
    Description: invoice.Description ?? null,
    YourRef: invoice.YourRef ?? null,
    PaymentCondition: invoice.PaymentCondition,
    PaymentReference: invoice.PaymentReference ?? null,
    OrderNumber: invoice.OrderNumber,
    // The number that an invoice got at its entry is that of its sales entry too.
    ...(invoice.InvoiceNumber ? { InvoiceNumber: invoice.InvoiceNumber } : {}),
    Status: 50,
  }
  const period = periodOf(view, { ...sent, EntryDate: at.date })
  if (!period) write.refuse(say(view.language, 'yearMissing'))
  else refuseClosed(write, invoice.Journal, period.FinYear, period.FinPeriod)
  const dated = { ...header, ReportingYear: period?.FinYear, ReportingPeriod: period?.FinPeriod }
  const number = numberOf(write, { ...dated, InvoiceID: invoice.InvoiceID })
  return { ...dated, InvoiceNumber: number, EntryNumber: number }
}

const entryLine = (view: View, entry: unknown, line: SimulatorRow): SimulatorRow => ({
  ID: newGuid(view.random),
  EntryID: entry,
  LineNumber: line.LineNumber,
  GLAccount: line.GLAccount,
  Description: line.Description,
  Notes: line.Notes ?? null,
  Quantity: line.Quantity,
  CostCenter: line.CostCenter,
  CostUnit: line.CostUnit,
  Project: line.Project ?? null,
  From: line.StartTime ?? null,
  To: line.EndTime ?? null,
  VATCode: line.VATCode,
  VATPercentage: line.VATPercentage,
  AmountFC: line.AmountFC,
  AmountDC: line.AmountDC,
  VATAmountFC: line.VATAmountFC,
  VATAmountDC: line.VATAmountDC,
  VATBaseAmountFC: line.AmountFC,
  VATBaseAmountDC: line.AmountDC,
  ...created(view),
  ...modified(view),
})

/** The PDF of the invoice in the archive; its transaction is the invoice (Exact REST reference, DocumentsDocuments). */
function archive(view: View, invoice: SimulatorRow, number: number): SimulatorRow {
  const title = view.language === 'nl' ? 'Factuur' : 'Invoice'
  const document = saveDocument(view, {
    Subject: `${title}: ${number}`,
    Type: 10,
    Account: invoice.InvoiceTo,
    DocumentDate: invoice.InvoiceDate,
    AmountFC: invoice.AmountFC,
    Currency: invoice.Currency,
    SalesInvoiceNumber: number,
    FinancialTransactionEntryID: invoice.InvoiceID,
  })
  const bytes = btoa(`%PDF-1.4\n% ${title} ${number}\n%%EOF\n`)
  storeFile(view, { Document: document.ID, FileName: `inv${number}.PDF`, Attachment: bytes })
  return document
}

/** `InvoicingMethod` of an account: 1 paper, 2 e-mail, 4 mailbox, 8 send and track, 32 Peppol (CRMAccounts). */
const methods = { mail: [2, 8], postbox: [4], peppol: [32] } as const

/** R-sending: what became of mail, mailbox and Peppol: that they were made, never that they arrived. */
function sending(view: View, sent: SimulatorRow, customer: SimulatorRow | undefined): SimulatorRow {
  const wants = (name: string, method: readonly number[]) =>
    sent[name] === true ||
    (sent.SendOutputBasedOnAccount === true && method.includes(Number(customer?.InvoicingMethod)))
  const made = (name: string, nl: string, en: string, complaint: string | undefined) =>
    complaint === undefined
      ? { [`${name}CreationSuccess`]: view.language === 'nl' ? nl : en }
      : { [`${name}CreationError`]: complaint }
  const mail = text(customer?.Email) ? undefined : say(view.language, 'noEmail')
  const peppol = text(customer?.PeppolIdentifier) ? undefined : say(view.language, 'noPeppol')
  return {
    ...(wants('SendEmailToCustomer', methods.mail) && made('Email', 'E-mail aangemaakt', 'Email created', mail)),
    ...(wants('SendInvoiceViaPeppol', methods.peppol) &&
      made('Peppol', 'Peppol-bericht aangemaakt', 'Peppol message created', peppol)),
    ...(wants('SendInvoiceToCustomerPostbox', methods.postbox) &&
      made('PostboxMessage', 'Bericht aangemaakt', 'Message created', undefined)),
  }
}

/** R-printing: number, entry and document come to be here and nowhere else. */
export function printSalesInvoice(write: Write): SimulatorRow {
  const { view, sent, refuse } = write
  const invoice = rowIn(view, 'SalesInvoices', sent.InvoiceID)
  if (!invoice) {
    refuse(say(view.language, 'invalidReference', 'InvoiceID'))
    return sent
  }
  checkInvoiceOpen(write, invoice)
  if (write.refused()) return sent
  const journal = checkJournal(write, invoice)
  checkCustomer(write, invoice, journal, 'InvoiceTo')
  checkLayouts(write)
  const date = text(sent.InvoiceDate) || serverToday(view.now)
  const condition = coded(view, 'PaymentConditions', invoice.PaymentCondition)
  const DueDate = invoice.dueDateSent === true ? invoice.DueDate : dueDate(date as CalendarDate, condition)
  const entry = entryOf(write, invoice, { date, DueDate })
  if (write.refused()) return sent

  const lines = invoiceLinesOf(view, invoice.InvoiceID).map((line) => entryLine(view, entry.EntryID, line))
  for (const line of lines) store(view, 'SalesEntryLines', String(line.ID), line)
  const number = Number(entry.InvoiceNumber)
  const printed = { ...invoice, Status: 50, InvoiceNumber: number, InvoiceDate: date, DueDate, entry: entry.EntryID }
  const failed = strikes(view.world, 'documentFails', 'POST salesinvoice/PrintedSalesInvoices')
  const document = failed ? undefined : archive(view, { ...printed }, number)
  const Document = document?.ID ?? null
  saveEntry(view, { ...withTotals(entry, lines), Document, ...created(view), ...modified(view) })
  saveInvoice(view, { ...printed, ...modified(view) })
  return store(view, 'PrintedSalesInvoices', String(invoice.InvoiceID), {
    ...sent,
    InvoiceDate: date,
    ReportingYear: entry.ReportingYear,
    ReportingPeriod: entry.ReportingPeriod,
    Document,
    ...(failed
      ? { DocumentCreationError: say(view.language, 'layoutFails') }
      : { DocumentCreationSuccess: view.language === 'nl' ? 'Document aangemaakt' : 'Document created' }),
    ...sending(view, sent, rowIn(view, 'Accounts', invoice.InvoiceTo)),
  })
}
