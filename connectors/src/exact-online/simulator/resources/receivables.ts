import { payablesIn, receivablesIn, termsIn } from '../payment-terms.ts'
import { type Field, field, fields, type Resource } from '../resource.ts'
import { documentFields } from './documents.ts'
import { accountCode, ledgerAccount, rowVersion, stamps, three, via, viaCode } from './field-sets.ts'

/** The same fields at every address where receivables are read (CashflowReceivables, SyncCashflowPaymentTerms). */
const shared: readonly Field[] = [
  field('ID', 'guid'),
  field('Account', 'guid'),
  ...fields('guid', 'R', 'AccountBankAccountID AccountContact BankAccountID DirectDebitMandate Document EntryID'),
  ...fields('string', 'R', 'AccountBankAccountNumber AccountContactName BankAccountNumber'),
  via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
  via('AccountName', 'Accounts', 'Account', 'Name'),
  ...fields('double', 'R', 'AmountDC AmountFC AmountDiscountDC AmountDiscountFC PaymentDiscountPercentage RateFC'),
  ...fields('string', 'R', 'CashflowTransactionBatchCode Currency Description DirectDebitMandateDescription'),
  ...fields('string', 'R', 'DirectDebitMandateReference EndToEndID'),
  ...fields('int16', 'R', 'DirectDebitMandatePaymentType DirectDebitMandateType EndPeriod EndYear Status'),
  ...fields('date', 'R', 'DiscountDueDate DueDate EndDate EntryDate InvoiceDate LastPaymentDate TransactionDueDate'),
  ...documentFields,
  ...fields('int32', 'R', 'EntryNumber InvoiceNumber PaymentDays PaymentDaysDiscount Source TransactionType'),
  ...ledgerAccount('GLAccount'),
  field('IsBatchBooking', 'byte', 'R', { sure: 0 }),
  field('IsFullyPaid', 'boolean'),
  field('Journal', 'string'),
  viaCode('JournalDescription', 'Journals', 'Journal', 'Description'),
  field('PaymentCondition', 'string'),
  viaCode('PaymentConditionDescription', 'PaymentConditions', 'PaymentCondition', 'Description'),
  ...fields('string', 'R', 'PaymentInformationID PaymentMethod PaymentReference YourRef'),
  field('ReceivableBatchNumber', 'int32'),
  field('ReceivableSelected', 'instant'),
  field('ReceivableSelector', 'guid'),
  field('ReceivableSelectorFullName', 'string'),
  ...fields('double', 'R', 'TransactionAmountDC TransactionAmountFC'),
  ...fields('guid', 'R', 'TransactionEntryID TransactionID'),
  field('TransactionIsReversal', 'boolean'),
  ...fields('int16', 'R', 'TransactionReportingPeriod TransactionReportingYear TransactionStatus'),
  ...stamps,
]

export const receivables: Resource = {
  path: 'cashflow/Receivables',
  bulk: 'bulk/Cashflow/Receivables',
  // The documented list (BulkCashflowReceivables).
  bulkFilters:
    'Account Document EndDate EndToEndID EntryDate EntryID GLAccount ID InvoiceDate InvoiceNumber Source Status TransactionID TransactionType'.split(
      ' ',
    ),
  table: 'PaymentTerms',
  type: 'Exact.Web.Api.Models.Cashflow.Receivable',
  key: ['ID'],
  verbs: ['GET'],
  rows: receivablesIn,
  fields: shared,
}

/** The same for what is to be paid. */
export const payments: Resource = {
  ...receivables,
  path: 'cashflow/Payments',
  bulk: 'bulk/Cashflow/Payments',
  type: 'Exact.Web.Api.Models.Cashflow.Payment',
  rows: payablesIn,
}

/** A list that may not be asked for bare. */
export const directDebitMandates: Resource = {
  path: 'cashflow/DirectDebitMandates',
  table: 'DirectDebitMandates',
  type: 'Exact.Web.Api.Models.Cashflow.DirectDebitMandate',
  key: ['ID'],
  verbs: ['GET'],
  wantsSelect: true,
  fields: [
    field('ID', 'guid'),
    field('Account', 'guid'),
    via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    field('BankAccount', 'guid'),
    ...fields('date', 'R', 'CancellationDate SignatureDate'),
    ...fields('string', 'R', 'Description Reference'),
    field('FirstSend', 'byte'),
    field('Main', 'byte'),
    ...fields('int16', 'R', 'PaymentType Type'),
    ...stamps,
  ],
}

/** Receipts and payments together; what they are is told by `LineType` alone, and that cannot be filtered on. */
export const paymentTerms: Resource = {
  path: 'sync/Cashflow/PaymentTerms',
  table: 'PaymentTerms',
  type: 'Exact.Web.Api.Models.Sync.Cashflow.PaymentTerm',
  key: ['Timestamp'],
  verbs: ['GET'],
  rows: termsIn,
  fields: [
    rowVersion,
    ...shared,
    field('LineType', 'int16'),
    via('AccountCountry', 'Accounts', 'Account', 'Country', { pad: three }),
    ...fields('int16', 'R', 'ApprovalStatus'),
    ...fields('int32', 'R', 'OrderNumber PaymentBatchNumber'),
    field('PaymentSelected', 'instant'),
    field('PaymentSelector', 'guid'),
    field('PaymentSelectorFullName', 'string'),
  ],
}

/** R-receivables-list: only what is outstanding, and no filter that could be relied on. */
export const receivablesList: Resource = {
  path: 'read/financial/ReceivablesList',
  table: 'PaymentTerms',
  type: 'Exact.Web.Api.Models.Financial.ReceivablesList',
  key: ['HID'],
  verbs: ['GET'],
  // The one filter that clients are seen to use.
  filterable: ['InvoiceDate'],
  rows: (view) => receivablesIn(view).filter(({ Status }) => Number(Status) < 50),
  fields: [
    field('HID', 'int64'),
    via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    field('AccountId', 'guid', 'R', { from: ({ Account }) => Account }),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    field('Amount', 'double', 'R', { from: ({ AmountFC }) => AmountFC }),
    field('AmountInTransit', 'double', 'R', { sure: 0 }),
    field('CurrencyCode', 'string', 'R', { from: ({ Currency }) => Currency }),
    field('Description', 'string'),
    ...fields('date', 'R', 'DueDate InvoiceDate'),
    ...fields('int32', 'R', 'EntryNumber InvoiceNumber'),
    field('Id', 'guid', 'R', { from: () => null }),
    field('JournalCode', 'string', 'R', { from: ({ Journal }) => Journal }),
    viaCode('JournalDescription', 'Journals', 'Journal', 'Description'),
    field('YourRef', 'string'),
  ],
}
