import type { SimulatorRow } from '../../contract/simulator.ts'
import { keepVisitAddress } from './address-rules.ts'
import { isCountry, isCurrency } from './countries.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { serverToday } from './server-time.ts'
import { discard, newGuid, rowIn, rowsIn, settingOf, store } from './world-state.ts'
import { checkCode, checkReference, created, isEmpty, modified } from './writes.ts'

/** Highest numeric code plus one, as wide as that one (recorded: `0000011`): R-account-code. */
function nextCode(view: View): string {
  const codes = rowsIn(view, 'Accounts').map((row) => String(row.Code).trim())
  const highest = codes
    .filter((code) => /^\d{1,15}$/.test(code))
    .reduce((most, code) => (Number(code) > Number(most) ? code : most), '0')
  return String(Number(highest) + 1).padStart(highest.length, '0')
}

/** Formats of VAT numbers; the check digits are not looked at, as Exact does not for most countries. */
const vatNumbers: Record<string, RegExp> = {
  NL: /^NL\d{9}B\d{2}$/,
  BE: /^BE[01]?\d{9}$/,
  DE: /^DE\d{9}$/,
  FR: /^FR[0-9A-Z]{2}\d{9}$/,
  AT: /^ATU\d{8}$/,
  ES: /^ES[0-9A-Z]\d{7}[0-9A-Z]$/,
  GB: /^GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  LU: /^LU\d{8}$/,
}
const anyVatNumber = /^[A-Z]{2}[0-9A-Z+*]{2,13}$/

function isVatNumber(value: string): boolean {
  const plain = value.replace(/[\s.-]/g, '').toUpperCase()
  return (vatNumbers[plain.slice(0, 2)] ?? anyVatNumber).test(plain)
}

export const isEmail = (value: string) => /^[^\s@<>(),;:"[\]]+@[^\s@<>(),;:"[\]]+\.[^\s@.]{2,}$/.test(value)

const statuses = new Set(['C', 'P', 'S', 'A'])

function checkAccount(write: Write, id: string): void {
  const { view, sent, refuse } = write
  const value = (name: string) => (typeof sent[name] === 'string' ? (sent[name] as string).trim() : '')
  const account = (name: string) => rowIn(view, 'GLAccounts', sent[name])
  const withCode = (table: string, name: string) => rowsIn(view, table).find(({ Code }) => Code === value(name))
  checkCode(write, 'Accounts', id)
  // A setting of the administration; without it a code may hold letters (seen in client code).
  const isNumeric = /^\d*$/.test(value('Code'))
  if (!isNumeric && settingOf(view, 'numericAccountCodes')) refuse(say(view.language, 'invalid', 'Code'))
  if (value('Email') && !isEmail(value('Email'))) refuse(say(view.language, 'email'))
  if (value('VATNumber') && !isVatNumber(value('VATNumber'))) refuse(say(view.language, 'invalid', 'VATNumber'))
  if (value('Status') && !statuses.has(value('Status'))) refuse(say(view.language, 'invalid', 'Status'))
  checkReference(write, 'Country', isCountry(value('Country')))
  checkReference(write, 'PaymentConditionSales', withCode('PaymentConditions', 'PaymentConditionSales'))
  checkReference(write, 'SalesVATCode', withCode('VATCodes', 'SalesVATCode'))
  checkReference(write, 'GLAccountSales', account('GLAccountSales'))
  checkReference(write, 'GLAR', account('GLAR'))
  checkReference(write, 'InvoiceAccount', rowIn(view, 'Accounts', sent.InvoiceAccount))
}

/** Codes are kept without their padding; an unknown currency is silently emptied (Exact REST reference, CRM Accounts). */
function tidy(row: SimulatorRow): SimulatorRow {
  const trimmed = ['Code', 'Country', 'SalesVATCode', 'PurchaseVATCode', 'PaymentConditionSales', 'Status']
  const codes = trimmed.map((name) => [name, typeof row[name] === 'string' ? row[name].trim() || null : row[name]])
  const currency = isCurrency(row.SalesCurrency) ? row.SalesCurrency : null
  return { ...row, ...Object.fromEntries(codes), SalesCurrency: currency }
}

const defaults = (today: string) => ({
  Type: 'A',
  Blocked: false,
  IsSupplier: false,
  IsPurchase: true,
  IsBank: false,
  IsMember: false,
  IsPilot: false,
  IsReseller: false,
  CanDropShip: false,
  RecepientOfCommissions: false,
  SalesCurrency: 'EUR',
  PurchaseCurrency: 'EUR',
  StartDate: today,
  StatusSince: today,
  CustomerSince: today,
  InvoicingMethod: 0,
  InvoiceAttachmentType: 1,
  AutomaticProcessProposedEntry: 0,
  SecurityLevel: 10,
  ConsolidationScenario: 6,
  CreditLinePurchase: '0',
  CreditLineSales: '0',
  DiscountPurchase: '0',
  DiscountSales: '0',
  PurchaseLeadDays: 0,
  ShippingLeadDays: 0,
  Source: 2,
})

export function createAccount(write: Write): SimulatorRow {
  const { view, sent } = write
  const id = newGuid(view.random)
  checkAccount(write, id)
  const code = isEmpty(sent.Code) ? nextCode(view) : sent.Code
  const row = tidy({
    ...defaults(serverToday(view.now)),
    ...sent,
    Code: code,
    ID: id,
    ...created(view),
    ...modified(view),
  })
  if (write.refused()) return row
  keepVisitAddress(view, row)
  return store(view, 'Accounts', id, row)
}

export function updateAccount(write: Write, merged: SimulatorRow): SimulatorRow {
  const id = String(merged.ID)
  checkAccount(write, id)
  const row = tidy({ ...merged, ...(isEmpty(merged.Code) && { Code: nextCode(write.view) }) })
  if (write.refused()) return row
  keepVisitAddress(write.view, row)
  return store(write.view, 'Accounts', id, row)
}

/** An account with transactions stays: R-account-in-use. */
export function removeAccountRow(write: Write, row: SimulatorRow): void {
  const { view } = write
  const used =
    rowsIn(view, 'SalesEntries').some(({ Customer }) => Customer === row.ID) ||
    rowsIn(view, 'GeneralJournalEntryLines').some(({ Account }) => Account === row.ID) ||
    rowsIn(view, 'SalesInvoices').some(({ InvoiceTo, OrderedBy }) => InvoiceTo === row.ID || OrderedBy === row.ID)
  if (used) {
    write.refuse(say(view.language, 'inUse', 'Account'))
    return
  }
  for (const address of rowsIn(view, 'Addresses').filter(({ Account }) => Account === row.ID))
    discard(view, 'Addresses', String(address.ID), 3)
  for (const contact of rowsIn(view, 'Contacts').filter(({ Account }) => Account === row.ID))
    discard(view, 'Contacts', String(contact.ID), 5)
}
