import { type Field, field, fields, type Resource, type View } from '../resource.ts'
import { bankEntriesIn, ledgerOf } from '../transactions.ts'
import { documentFields } from './documents.ts'
import { accountCode, described, ledgerAccount, stamps, statuses, three, via, viaCode } from './field-sets.ts'

const types = {
  20: ['Verkoopboeking', 'Sales entry'],
  21: ['Verkoopcreditnota', 'Sales credit note'],
  40: ['Geldmiddelen', 'Cash flow'],
  90: ['Overig', 'Other'],
} as const

const linesIn = (view: View) => ledgerOf(view).flatMap(({ lines }) => lines)

const lineFields: readonly Field[] = [
  field('ID', 'guid'),
  field('Account', 'guid'),
  via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
  via('AccountName', 'Accounts', 'Account', 'Name'),
  ...fields('double', 'R', 'AmountDC AmountFC AmountVATBaseFC AmountVATFC ExchangeRate ExtraDutyAmountFC'),
  ...fields('double', 'R', 'ExtraDutyPercentage PaymentDiscountAmount Quantity VATPercentage'),
  ...fields('guid', 'R', 'Asset Document EntryID Item OffsetID Project ProjectWBS ShopOrder Subscription'),
  ...fields('string', 'R', 'AssetCode AssetDescription CostCenter CostUnit Currency CustomField Description'),
  viaCode('CostCenterDescription', 'Costcenters', 'CostCenter', 'Description'),
  viaCode('CostUnitDescription', 'Costunits', 'CostUnit', 'Description'),
  ...fields('date', 'R', 'Date DueDate'),
  ...documentFields,
  ...fields('int32', 'R', 'EntryNumber InvoiceNumber LineNumber OrderNumber Type'),
  ...fields('string', 'R', 'ExternalLinkDescription ExternalLinkReference ItemCode ItemDescription JournalCode Notes'),
  viaCode('JournalDescription', 'Journals', 'JournalCode', 'Description'),
  ...fields('int16', 'R', 'FinancialPeriod FinancialYear LineType Status'),
  ...ledgerAccount('GLAccount'),
  ...fields('string', 'R', 'PaymentReference ProjectCode ProjectDescription ProjectWBSDescription SerialNumber'),
  ...fields('string', 'R', 'SubscriptionDescription TrackingNumber TrackingNumberDescription VATType YourRef'),
  field('VATCode', 'string', 'R', { pad: three }),
  viaCode('VATCodeDescription', 'VATCodes', 'VATCode', 'Description'),
  ...stamps,
]

/** Every line of the ledger: a sales entry shows its receivable, its revenue and its VAT. */
export const transactionLines: Resource = {
  path: 'financialtransaction/TransactionLines',
  sync: 'sync/Financial/TransactionLines',
  bulk: 'bulk/Financial/TransactionLines',
  table: 'TransactionLines',
  type: 'Exact.Web.Api.Models.Financial.TransactionLine',
  key: ['ID'],
  verbs: ['GET'],
  rows: linesIn,
  fields: lineFields,
}

export const transactions: Resource = {
  path: 'financialtransaction/Transactions',
  table: 'Transactions',
  type: 'Exact.Web.Api.Models.Financial.Transaction',
  key: ['EntryID'],
  verbs: ['GET'],
  collections: { TransactionLines: { path: 'financialtransaction/TransactionLines', by: 'EntryID' } },
  rows: (view) => ledgerOf(view).map(({ header }) => header),
  fields: [
    field('EntryID', 'guid'),
    ...fields('double', 'R', 'ClosingBalanceFC OpeningBalanceFC'),
    field('Date', 'date'),
    ...fields('string', 'R', 'Description ExternalLinkDescription ExternalLinkReference JournalCode PaymentReference'),
    field('Document', 'guid'),
    ...documentFields,
    ...fields('int32', 'R', 'EntryNumber Type'),
    ...fields('int16', 'R', 'FinancialPeriod FinancialYear Status'),
    field('IsExtraDuty', 'boolean'),
    viaCode('JournalDescription', 'Journals', 'JournalCode', 'Description'),
    field('PaymentConditionCode', 'string'),
    viaCode('PaymentConditionDescription', 'PaymentConditions', 'PaymentConditionCode', 'Description'),
    field('StatusDescription', 'string', 'R', described(statuses, 'Status')),
    field('TypeDescription', 'string', 'R', described(types, 'Type')),
    ...stamps.filter(({ name }) => ['Created', 'Division', 'Modified'].includes(name)),
  ],
}

/** What came in at the bank, as events of the topic `BankEntries` point to it. */
export const bankEntries: Resource = {
  path: 'financialtransaction/BankEntries',
  table: 'BankEntries',
  type: 'Exact.Web.Api.Models.BankEntry',
  key: ['EntryID'],
  verbs: ['GET'],
  collections: { BankEntryLines: { path: 'financialtransaction/BankEntryLines', by: 'EntryID' } },
  rows: (view) => bankEntriesIn(view).map(({ header }) => header),
  fields: [
    field('EntryID', 'guid'),
    field('BankStatementDocument', 'guid'),
    field('BankStatementDocumentNumber', 'int32'),
    ...fields('string', 'R', 'BankStatementDocumentSubject Currency JournalCode'),
    ...fields('double', 'R', 'ClosingBalanceFC OpeningBalanceFC'),
    field('EntryNumber', 'int32'),
    ...fields('int16', 'R', 'FinancialPeriod FinancialYear Status'),
    viaCode('JournalDescription', 'Journals', 'JournalCode', 'Description'),
    field('StatusDescription', 'string', 'R', described(statuses, 'Status')),
    ...stamps.filter(({ name }) => ['Created', 'Division', 'Modified'].includes(name)),
  ],
}

/** Lines of the bank, each with what it was booked on; the side of the bank itself is no line. */
export const bankEntryLines: Resource = {
  path: 'financialtransaction/BankEntryLines',
  table: 'BankEntryLines',
  type: 'Exact.Web.Api.Models.BankEntryLine',
  key: ['ID'],
  verbs: ['GET'],
  rows: (view) => bankEntriesIn(view).flatMap(({ lines }) => lines.filter(({ OffsetID }) => OffsetID === undefined)),
  fields: [
    field('ID', 'guid'),
    field('Account', 'guid'),
    via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    ...fields('double', 'R', 'AmountDC AmountFC AmountVATFC ExchangeRate Quantity VATPercentage'),
    ...fields('guid', 'R', 'Asset Document EntryID OffsetID Project'),
    ...fields('string', 'R', 'CostCenter CostUnit Description Notes'),
    field('Date', 'date'),
    ...fields('int32', 'R', 'EntryNumber LineNumber'),
    ...ledgerAccount('GLAccount'),
    field('VATCode', 'string', 'R', { pad: three }),
    ...stamps,
  ],
}
