import { type Decimal, sum } from '@uurwerk/core/shared/money.ts'
import { rowOf, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import { escapeXml } from './answers.ts'
import { limits } from './limits.ts'
import { entryActs, handForms, invoiceActs } from './page-forms.ts'
import { cell, money, table } from './page-parts.ts'
import { css } from './page-style.ts'
import { pageWords } from './page-words.ts'
import { stateOf } from './world-state.ts'

function entries(world: World): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const sorted = rowsOf(world, 'SalesEntries').toSorted((a, b) => Number(b.EntryNumber) - Number(a.EntryNumber))
  if (sorted.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const lines = Map.groupBy(rowsOf(world, 'SalesEntryLines'), (line) => line.EntryID)
  const terms = Map.groupBy(rowsOf(world, 'PaymentTerms'), (term) => term.TransactionEntryID)
  const body = sorted.map((entry) => {
    const paid = paymentState(world, terms.get(entry.EntryID) ?? [])
    const acts = `<tr class="line"><td></td><td colspan="8">${paid}${entryActs(say, String(entry.EntryID))}</td></tr>`
    return entryRows(world, entry, lines.get(entry.EntryID) ?? []) + acts
  })
  const heads = [say.number, say.reference, say.date, say.due, say.customer, say.vatCode]
  return table([...heads, { num: say.net }, { num: say.vat }, { num: say.gross }], body.join(''))
}

/** What is open and what was paid of an entry, term by term. */
function paymentState(world: World, terms: readonly SimulatorRow[]): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const words = terms.map((term) => {
    const amount = `${term.Currency} ${money(term.AmountFC, language)}`
    if (!term.IsFullyPaid) return `${say.outstanding} ${amount}`
    return `${say.paid} ${amount}, ${term.LastPaymentDate ? `${say.paidOn} ${term.LastPaymentDate}` : say.writtenOff}`
  })
  return escapeXml(words.join(' · '))
}

/** Invoices that are made here: open until they are printed. */
function invoices(world: World): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const sorted = rowsOf(world, 'SalesInvoices').toSorted((a, b) => Number(b.OrderNumber) - Number(a.OrderNumber))
  if (sorted.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const lines = Map.groupBy(rowsOf(world, 'SalesInvoiceLines'), (line) => line.InvoiceID)
  const body = sorted.map((invoice) => {
    const acts = invoice.Status === 50 ? '' : invoiceActs(say, String(invoice.InvoiceID))
    const extra = `<tr class="line"><td></td><td colspan="7">${escapeXml(String(invoice.Description ?? ''))}${acts}</td></tr>`
    return invoiceRows(world, invoice, lines.get(invoice.InvoiceID) ?? []) + extra
  })
  const heads = [say.invoiceNumber, say.status, say.reference, say.orderDate, say.customer]
  return table([...heads, { num: say.net }, { num: say.vat }, { num: say.gross }], body.join(''))
}

function invoiceRows(world: World, invoice: SimulatorRow, lines: readonly SimulatorRow[]): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const customer = rowOf(world, 'Accounts', String(invoice.InvoiceTo))
  const header = [
    cell(invoice.InvoiceNumber ? `${invoice.Journal} · ${invoice.InvoiceNumber}` : '–', 'keep'),
    cell(invoice.Status === 50 ? say.printed : say.open),
    cell(invoice.YourRef, 'keep'),
    cell(invoice.OrderDate, 'keep'),
    cell(`${customer?.Code ?? ''} ${customer?.Name ?? ''}`),
    cell(money(invoice.AmountFCExclVat, language), 'num'),
    cell(money(invoice.VATAmountFC, language), 'num'),
    cell(money(invoice.AmountFC, language), 'num'),
  ]
  const rows = lines
    .toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
    .map((line) => {
      const item = rowOf(world, 'Items', String(line.Item))
      const words = `${line.Description ?? ''} · ${line.Quantity} × ${line.NetPrice}`
      const amounts = [
        cell(money(line.AmountFC, language), 'num'),
        cell(money(line.VATAmountFC, language), 'num'),
        cell(''),
      ]
      const cells = [cell(''), cell(item?.Code), `<td colspan="3">${escapeXml(words)}</td>`, ...amounts]
      return `<tr class="line">${cells.join('')}</tr>`
    })
  return `<tr>${header.join('')}</tr>${rows.join('')}`
}

/** Documents with their files, and what they hang on. */
function documents(world: World): string {
  const say = pageWords[stateOf(world).language]
  const sorted = rowsOf(world, 'Documents').toSorted((a, b) => Number(b.HID) - Number(a.HID))
  if (sorted.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const files = Map.groupBy(rowsOf(world, 'DocumentAttachments'), (file) => file.Document)
  const body = sorted.map((row) => {
    const key = String(row.FinancialTransactionEntryID)
    const tables = ['SalesEntries', 'SalesInvoices', 'GeneralJournalEntries']
    const entry = tables.map((name) => rowOf(world, name, key)).find((found) => found !== undefined)
    const names = (files.get(row.ID) ?? []).map(({ FileName, FileSize }) => `${FileName} (${FileSize} B)`)
    const number = entry && `${entry.Journal ?? entry.JournalCode} · ${entry.InvoiceNumber ?? entry.EntryNumber ?? ''}`
    return `<tr>${[cell(row.HID), cell(row.Subject), cell(row.DocumentDate, 'keep'), cell(number), cell(names.join(', '))].join('')}</tr>`
  })
  return table([say.number, say.subject, say.date, say.belongsTo, say.files], body.join(''))
}

/** Entries of the general journals, line by line: debits above zero, credits below. */
function generalJournals(world: World): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const sorted = rowsOf(world, 'GeneralJournalEntries').toSorted(
    (a, b) => Number(b.EntryNumber) - Number(a.EntryNumber),
  )
  if (sorted.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const lines = Map.groupBy(rowsOf(world, 'GeneralJournalEntryLines'), (line) => line.EntryID)
  const body = sorted.map((entry) => {
    const number = cell(`${entry.JournalCode} · ${entry.EntryNumber}`, 'keep')
    const header = `<tr>${number}${cell(entry.date, 'keep')}${cell('')}${cell('')}${cell(entry.Currency)}</tr>`
    const rows = (lines.get(entry.EntryID) ?? []).toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
    return header + rows.map((line) => generalLine(world, line)).join('')
  })
  return table([say.number, say.date, say.account, say.description, { num: say.amount }], body.join(''))
}

function generalLine(world: World, line: SimulatorRow): string {
  const account = rowOf(world, 'GLAccounts', String(line.GLAccount))
  const words = cell(line.Description ?? account?.Description)
  const amount = cell(money(line.AmountFC, stateOf(world).language), 'num')
  return `<tr class="line">${cell('')}${cell('')}${cell(account?.Code)}${words}${amount}</tr>`
}

/** Money that came in: matched with an entry, or not yet. */
function receipts(world: World): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const found = rowsOf(world, 'PaymentTerms').filter(({ TransactionType }) =>
    [40, 90].includes(Number(TransactionType)),
  )
  if (found.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const body = found.map((term) => {
    const customer = rowOf(world, 'Accounts', String(term.Account))
    const state = `${term.match ? say.writtenOff : say.unmatched}${term.YourRef ? `: ${term.YourRef}` : ''}`
    const amount = cell(money(term.AmountFC, language), 'num')
    return `<tr>${[cell(term.EntryDate, 'keep'), cell(customer?.Name), cell(term.Description), cell(state)].join('')}${amount}</tr>`
  })
  return table([say.date, say.customer, say.description, say.status, { num: say.gross }], body.join(''))
}

function subscriptions(world: World): string {
  const say = pageWords[stateOf(world).language]
  const found = rowsOf(world, 'WebhookSubscriptions')
  if (found.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const body = found.map(
    (row) =>
      `<tr>${[cell(row.Topic), cell(row.CallbackURL), cell(row.failed ? say.failed : say.listens, row.failed ? 'bad' : '')].join('')}</tr>`,
  )
  return table([say.topic, say.callback, say.status], body.join(''))
}

function entryRows(world: World, entry: SimulatorRow, lines: readonly SimulatorRow[]): string {
  const { language } = stateOf(world)
  const customer = rowOf(world, 'Accounts', String(entry.Customer))
  const net = sum(lines.map((line) => line.AmountFC as Decimal))
  const hidden = typeof entry.visibleFrom === 'string' ? ` (${pageWords[language].later})` : ''
  const header = [
    cell(`${entry.Journal} · ${entry.EntryNumber}${hidden}`, 'keep'),
    cell(entry.YourRef, 'keep'),
    cell(entry.EntryDate, 'keep'),
    cell(entry.DueDate, 'keep'),
    cell(`${customer?.Code ?? ''} ${customer?.Name ?? ''}`),
    cell(entry.Currency),
    cell(money(net, language), 'num'),
    cell(money(entry.VATAmountFC, language), 'num'),
    cell(money(entry.AmountFC, language), 'num'),
  ]
  const rows = lines
    .toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
    .map((line) => {
      const account = rowOf(world, 'GLAccounts', String(line.GLAccount))
      const cells = [
        cell(''),
        cell(account?.Code),
        `<td colspan="3">${escapeXml(String(line.Description ?? account?.Description ?? ''))}</td>`,
      ]
      const amounts = [
        cell(money(line.AmountFC, language), 'num'),
        cell(money(line.VATAmountFC, language), 'num'),
        cell(''),
      ]
      return `<tr class="line">${[...cells, cell(line.VATCode), ...amounts].join('')}</tr>`
    })
  return `<tr>${header.join('')}</tr>${rows.join('')}`
}

function customers(world: World): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const sorted = rowsOf(world, 'Accounts').toSorted((a, b) => String(a.Code).localeCompare(String(b.Code)))
  const body = sorted.slice(0, 200).map((row) => {
    const status = [row.Status, row.Blocked ? say.blocked : ''].filter(Boolean).join(', ')
    return `<tr>${[cell(row.Code), cell(row.Name), cell(row.City), cell(row.Country), cell(row.VATNumber), cell(status)].join('')}</tr>`
  })
  return table([say.code, say.name, say.city, say.country, say.vatNumber, say.status], body.join(''))
}

function counts(world: World, of: 'breaches' | 'calls'): string {
  const { language } = stateOf(world)
  const found = Object.entries(stateOf(world)[of]).toSorted(([a], [b]) => a.localeCompare(b))
  if (found.length === 0) return `<div class="sheet"><p class="none">${pageWords[language].none}</p></div>`
  const body = found.map(
    ([name, count]) => `<tr>${cell(name, of === 'breaches' ? 'bad' : '')}${cell(count, 'num')}</tr>`,
  )
  return `<div class="sheet"><table><tbody>${body.join('')}</tbody></table></div>`
}

function limitsUsed(world: World): string {
  const say = pageWords[stateOf(world).language]
  const found = Object.entries(stateOf(world).limits)
  if (found.length === 0) return `<div class="sheet"><p class="none">${say.none}</p></div>`
  const body = found.map(([bucket, used]) => {
    const perDay = `${used.inDay} / ${limits.day}`
    return `<tr>${cell(bucket.replace('|', ' · '))}${cell(`${used.inMinute} / ${limits.minute}`, 'num')}${cell(perDay, 'num')}</tr>`
  })
  return table(['', { num: say.minute }, { num: say.day }], body.join(''))
}

/**
 * The books as a page of HTML, for people: what was booked, for whom, what was paid, and how the limits were kept; with
 * forms for what a bookkeeper does by hand. `said` is the complaint of the books about the last act.
 */
export function booksPage(world: World, base: string, said?: string): string {
  const { language } = stateOf(world)
  const say = pageWords[language]
  const complaint = said ? `<p class="said" role="alert"><strong>${say.refused}</strong> ${escapeXml(said)}</p>` : ''
  const sections = [
    `<h2>${say.entries}</h2>${entries(world)}`,
    `<h2>${say.invoices}</h2>${invoices(world)}`,
    `<h2>${say.generalJournals}</h2>${generalJournals(world)}`,
    `<h2>${say.receivables}</h2>${receipts(world)}`,
    `<h2>${say.documents}</h2>${documents(world)}`,
    `<h2>${say.byHand}</h2>${handForms(world)}`,
    `<h2>${say.customers}</h2>${customers(world)}`,
    `<h2>${say.subscriptions}</h2>${subscriptions(world)}`,
    `<div class="two"><div><h2>${say.limits}</h2>${limitsUsed(world)}<h2>${say.breaches}</h2>${counts(world, 'breaches')}</div><div><h2>${say.calls}</h2>${counts(world, 'calls')}</div></div>`,
  ]
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say.title}</title><style>${css}</style></head><body><main><h1>${say.title}</h1><p class="sub">${escapeXml(base)}</p>${complaint}${sections.join('')}</main></body></html>`
}
