import {
  createGeneralJournalEntry,
  createGeneralJournalLine,
  removeGeneralJournalEntry,
} from '../general-journal-rules.ts'
import { field, fields, look, type Resource } from '../resource.ts'
import { documentFields } from './documents.ts'
import { accountCode, described, ledgerAccount, stamps, statuses, three, via, viaCode } from './field-sets.ts'

const types = { 10: ['Beginbalans', 'Opening balance'], 90: ['Overig', 'Other'] } as const

/** Without description or reference on the header, and never changed: made, read and removed (GeneralJournalEntryGeneralJournalEntries). */
export const generalJournalEntries: Resource = {
  path: 'generaljournalentry/GeneralJournalEntries',
  table: 'GeneralJournalEntries',
  type: 'Exact.Web.Api.Models.GeneralJournalEntry',
  key: ['EntryID'],
  verbs: ['GET', 'POST', 'DELETE'],
  wantsSelect: true,
  collections: { GeneralJournalEntryLines: { path: 'generaljournalentry/GeneralJournalEntryLines', by: 'EntryID' } },
  fields: [
    field('EntryID', 'guid'),
    field('Currency', 'string', 'W'),
    field('CustomField', 'string'),
    field('EntryNumber', 'int32', 'W'),
    field('ExchangeRate', 'double', 'W'),
    ...fields('int16', 'W', 'FinancialPeriod FinancialYear'),
    field('JournalCode', 'string', 'M'),
    viaCode('JournalDescription', 'Journals', 'JournalCode', 'Description'),
    field('Reversal', 'boolean', 'W'),
    field('Status', 'int16'),
    field('StatusDescription', 'string', 'R', described(statuses, 'Status')),
    field('Type', 'int32'),
    field('TypeDescription', 'string', 'R', described(types, 'Type')),
    ...stamps.filter(({ name }) => ['Created', 'Division', 'Modified'].includes(name)),
  ],
  create: createGeneralJournalEntry,
  remove: removeGeneralJournalEntry,
}

export const generalJournalEntryLines: Resource = {
  path: 'generaljournalentry/GeneralJournalEntryLines',
  table: 'GeneralJournalEntryLines',
  type: 'Exact.Web.Api.Models.GeneralJournalEntryLine',
  key: ['ID'],
  verbs: ['GET', 'POST'],
  fields: [
    field('ID', 'guid'),
    field('Account', 'guid', 'W'),
    via('AccountCode', 'Accounts', 'Account', 'Code', { pad: accountCode }),
    via('AccountName', 'Accounts', 'Account', 'Name'),
    ...fields('double', 'W', 'AmountFC AmountVATFC Quantity VATPercentage'),
    ...fields('double', 'R', 'AmountDC AmountVATDC VATBaseAmountDC VATBaseAmountFC'),
    ...fields('guid', 'W', 'Asset Document OffsetID Project ProjectWBS'),
    ...fields('string', 'R', 'AssetCode AssetDescription CustomField ProjectCode ProjectDescription'),
    ...fields('string', 'R', 'ProjectWBSDescription VATType'),
    field('CostCenter', 'string', 'W', { max: 8 }),
    viaCode('CostCenterDescription', 'Costcenters', 'CostCenter', 'Description'),
    field('CostUnit', 'string', 'W', { max: 8 }),
    viaCode('CostUnitDescription', 'Costunits', 'CostUnit', 'Description'),
    field('Date', 'date', 'W'),
    field('Description', 'string', 'W', { max: 60 }),
    ...documentFields,
    field('EntryID', 'guid', 'M'),
    field('EntryNumber', 'int32', 'R', {
      from: (row, view) => look(view, 'GeneralJournalEntries', row.EntryID, 'EntryNumber'),
    }),
    ...ledgerAccount('GLAccount', 'M'),
    field('LineNumber', 'int32'),
    field('Notes', 'string', 'W'),
    field('OurRef', 'int32', 'W'),
    field('VATCode', 'string', 'W', { pad: three }),
    viaCode('VATCodeDescription', 'VATCodes', 'VATCode', 'Description'),
    ...stamps,
  ],
  create: createGeneralJournalLine,
}
