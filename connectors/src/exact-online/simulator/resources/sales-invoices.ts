import type { SimulatorRow } from '../../../contract/simulator.ts'
import { fullName } from '../contact-rules.ts'
import { unitDescription } from '../item-rules.ts'
import { layoutsOf, printSalesInvoice } from '../printing-rules.ts'
import { type Field, field, fields, look, type Resource, type View } from '../resource.ts'
import { createInvoiceLine, removeInvoiceLine, updateInvoiceLine } from '../sales-invoice-line-rules.ts'
import { createSalesInvoice, removeSalesInvoice, updateSalesInvoice } from '../sales-invoice-rules.ts'
import { rowIn, rowsIn } from '../world-state.ts'
import { documentFields } from './documents.ts'
import { described, rowVersion, stamps, statuses, three, via, viaCode } from './field-sets.ts'

const types = {
  8020: ['Factuur', 'Invoice'],
  8021: ['Creditnota', 'Credit note'],
  8023: ['Directe verkoopfactuur', 'Direct sales invoice'],
  8024: ['Directe creditnota', 'Direct credit note'],
} as const
const starterStatuses = { 0: ['Concept', 'Draft'], 2: ['Verzonden', 'Sent'], 3: ['Betaald', 'Paid'] } as const

/** 0 a draft, 3 paid (recorded); what is printed and open stands between them. */
function starterStatus(row: SimulatorRow, view: View): number {
  if (row.Status !== 50) return 0
  const terms = rowsIn(view, 'PaymentTerms').filter((term) => term.TransactionEntryID === row.entry)
  return terms.length > 0 && terms.every(({ IsFullyPaid }) => IsFullyPaid) ? 3 : 2
}

const withStarter = (row: SimulatorRow, view: View) => ({ ...row, starter: starterStatus(row, view) })
const starterWords = described(starterStatuses, 'starter').from as NonNullable<Field['from']>

const contactName = (of: string): Field =>
  field(`${of}ContactPersonFullName`, 'string', 'R', {
    from: (row, view) => fullName(rowIn(view, 'Contacts', row[`${of}ContactPerson`])),
  })

/** Lengths by the strictest figure seen in client code. */
const headerFields: readonly Field[] = [
  field('InvoiceID', 'guid'),
  ...fields('double', 'R', 'AmountDC AmountFC AmountFCExclVat VATAmountFC VATAmountDC'),
  ...fields('double', 'R', 'AmountDiscount AmountDiscountExclVat Discount', { sure: 0 }),
  field('DiscountType', 'int16', 'R', { sure: 1 }),
  field('Currency', 'string', 'Ww'),
  ...fields('guid', 'Ww', 'DeliverTo DeliverToAddress DeliverToContactPerson'),
  via('DeliverToName', 'Accounts', 'DeliverTo', 'Name'),
  field('Description', 'string', 'Ww', { max: 60 }),
  field('Document', 'guid', 'Ww'),
  ...documentFields,
  field('DueDate', 'date', 'Ww'),
  ...fields('double', 'Ww', 'ExtraDutyAmountFC GAccountAmountFC'),
  ...fields('string', 'Ww', 'IncotermAddress IncotermCode PaymentReference Remarks'),
  field('IncotermVersion', 'int16', 'Ww'),
  // Read-only (SalesInvoiceSalesInvoices): it follows the order date, and the date of printing after that.
  field('InvoiceDate', 'date'),
  field('InvoiceNumber', 'int32'),
  field('InvoiceStatusInformation', 'string'),
  ...fields('guid', 'Ww', 'InvoiceTo InvoiceToContactPerson'),
  via('InvoiceToName', 'Accounts', 'InvoiceTo', 'Name'),
  field('IsExtraDuty', 'boolean'),
  field('Journal', 'string', 'Ww'),
  viaCode('JournalDescription', 'Journals', 'Journal', 'Description'),
  field('OrderDate', 'date', 'Ww'),
  ...fields('guid', 'Ww', 'OrderedBy OrderedByContactPerson'),
  via('OrderedByName', 'Accounts', 'OrderedBy', 'Name'),
  field('OrderNumber', 'int32', 'Ww'),
  field('PaymentCondition', 'string', 'Ww'),
  viaCode('PaymentConditionDescription', 'PaymentConditions', 'PaymentCondition', 'Description'),
  ...fields('guid', 'Ww', 'SalesChannel Salesperson SelectionCode ShippingMethod TaxSchedule'),
  contactName('DeliverTo'),
  contactName('InvoiceTo'),
  contactName('OrderedBy'),
  ...fields('string', 'R', 'SalesChannelCode SalesChannelDescription'),
  ...fields('string', 'R', 'SelectionCodeCode SelectionCodeDescription ShippingMethodCode ShippingMethodDescription'),
  ...fields('string', 'R', 'TaxScheduleCode TaxScheduleDescription'),
  field('SalespersonFullName', 'string', 'R', {
    from: (row, view) => view.world.tables.Users?.[String(row.Salesperson)]?.FullName,
  }),
  field('StarterSalesInvoiceStatus', 'int16', 'R', { from: starterStatus }),
  field('StarterSalesInvoiceStatusDescription', 'string', 'R', {
    from: (row, view) => starterWords(withStarter(row, view), view),
  }),
  field('Status', 'int16'),
  field('StatusDescription', 'string', 'R', described(statuses, 'Status')),
  field('Type', 'int32', 'W'),
  field('TypeDescription', 'string', 'R', described(types, 'Type')),
  field('Warehouse', 'guid', 'Ww'),
  ...fields('double', 'R', 'WithholdingTaxAmountFC WithholdingTaxBaseAmount WithholdingTaxPercentage'),
  field('YourRef', 'string', 'Ww', { max: 30 }),
]

const lineFields: readonly Field[] = [
  field('ID', 'guid'),
  field('AmountDC', 'double'),
  field('AmountFC', 'double', 'Ww'),
  field('CostCenter', 'string', 'Ww', { max: 8 }),
  viaCode('CostCenterDescription', 'Costcenters', 'CostCenter', 'Description'),
  field('CostUnit', 'string', 'Ww', { max: 8 }),
  viaCode('CostUnitDescription', 'Costunits', 'CostUnit', 'Description'),
  field('CustomerItemCode', 'string'),
  field('DeliveryDate', 'date', 'Ww'),
  field('Description', 'string', 'Ww', { max: 60 }),
  ...fields('double', 'Ww', 'Discount NetPrice Quantity UnitPrice VATAmountFC VATPercentage'),
  ...fields('double', 'Ww', 'ExtraDutyAmountFC ExtraDutyPercentage'),
  ...fields('guid', 'Ww', 'Employee Pricelist Project ProjectWBS Subscription TaxSchedule SalesOrder SalesOrderLine'),
  ...fields('date', 'Ww', 'StartTime EndTime'),
  field('GLAccount', 'guid', 'Mw'),
  via('GLAccountDescription', 'GLAccounts', 'GLAccount', 'Description'),
  field('InvoiceID', 'guid', 'M'),
  field('Item', 'guid', 'Mw'),
  via('ItemCode', 'Items', 'Item', 'Code'),
  via('ItemDescription', 'Items', 'Item', 'Description'),
  field('LineNumber', 'int32'),
  field('Notes', 'string', 'Ww'),
  ...fields('string', 'R', 'EmployeeFullName PricelistDescription ProjectDescription ProjectWBSDescription'),
  ...fields('string', 'R', 'SubscriptionDescription TaxScheduleCode TaxScheduleDescription CustomField'),
  ...fields('int32', 'R', 'SalesOrderLineNumber SalesOrderNumber'),
  // Not padded here, unlike on items (recorded).
  field('UnitCode', 'string', 'Ww'),
  field('UnitDescription', 'string', 'R', {
    from: ({ UnitCode }, view) => unitDescription({ Unit: UnitCode }, view),
  }),
  field('VATAmountDC', 'double'),
  field('VATCode', 'string', 'Ww', { pad: three }),
  viaCode('VATCodeDescription', 'VATCodes', 'VATCode', 'Description'),
]

export const salesInvoices: Resource = {
  path: 'salesinvoice/SalesInvoices',
  bulk: 'bulk/SalesInvoice/SalesInvoices',
  table: 'SalesInvoices',
  type: 'Exact.Web.Api.Models.SalesInvoice',
  key: ['InvoiceID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  deletedAs: 13,
  nullInEcho: ['VATAmountFC', 'VATAmountDC', 'StarterSalesInvoiceStatus', 'StarterSalesInvoiceStatusDescription'],
  collections: {
    SalesInvoiceLines: { path: 'salesinvoice/SalesInvoiceLines', by: 'InvoiceID' },
    SalesInvoiceOrderChargeLines: { path: 'salesinvoice/SalesInvoiceOrderChargeLines', by: 'InvoiceID' },
  },
  fields: [...headerFields, ...stamps],
  create: createSalesInvoice,
  update: updateSalesInvoice,
  remove: removeSalesInvoice,
}

export const salesInvoiceLines: Resource = {
  path: 'salesinvoice/SalesInvoiceLines',
  bulk: 'bulk/SalesInvoice/SalesInvoiceLines',
  table: 'SalesInvoiceLines',
  type: 'Exact.Web.Api.Models.SalesInvoiceLine',
  key: ['ID'],
  verbs: ['GET', 'POST', 'PUT', 'DELETE'],
  fields: [...lineFields, field('Division', 'int32')],
  create: createInvoiceLine,
  update: updateInvoiceLine,
  remove: removeInvoiceLine,
}

/** Only so that the deferred link of an invoice leads somewhere: charges of orders belong to trade. */
export const orderChargeLines: Resource = {
  path: 'salesinvoice/SalesInvoiceOrderChargeLines',
  table: 'SalesInvoiceOrderChargeLines',
  type: 'Exact.Web.Api.Models.SalesInvoiceOrderChargeLine',
  key: ['ID'],
  verbs: ['GET'],
  fields: [...fields('guid', 'R', 'ID InvoiceID'), field('LineNumber', 'int32')],
}

/** Processing an invoice: only a POST, which answers what became of document and mail. */
export const printedSalesInvoices: Resource = {
  path: 'salesinvoice/PrintedSalesInvoices',
  table: 'PrintedSalesInvoices',
  type: 'Exact.Web.Api.Models.PrintedSalesInvoice',
  key: ['InvoiceID'],
  verbs: ['POST'],
  fields: [
    field('InvoiceID', 'guid', 'M'),
    field('Division', 'int32'),
    field('Document', 'guid'),
    ...fields('string', 'R', 'DocumentCreationError DocumentCreationSuccess EmailCreationError EmailCreationSuccess'),
    ...fields('string', 'R', 'PeppolCreationError PeppolCreationSuccess PostboxMessageCreationError'),
    field('PostboxMessageCreationSuccess', 'string'),
    ...fields('guid', 'W', 'DocumentLayout EmailLayout PostboxSender'),
    ...fields('string', 'W', 'ExtraText SenderEmailAddress'),
    field('InvoiceDate', 'date', 'W'),
    ...fields('int32', 'W', 'ReportingPeriod ReportingYear'),
    ...fields('boolean', 'W', 'SendEmailToCustomer SendInvoiceToCustomerPostbox SendInvoiceViaPeppol'),
    field('SendOutputBasedOnAccount', 'boolean', 'W'),
  ],
  create: printSalesInvoice,
}

export const layouts: Resource = {
  path: 'salesinvoice/Layouts',
  table: 'Layouts',
  type: 'Exact.Web.Api.Models.Layout',
  key: ['ID'],
  verbs: ['GET'],
  rows: layoutsOf,
  fields: [field('ID', 'guid'), field('Subject', 'string'), field('Type', 'int16'), ...stamps],
}

const readOnly = ({ name, type, pad, sure, from }: Field): Field =>
  ({ name, type, verbs: 'R', pad, sure, from }) as Field
const named = (list: readonly Field[]) => new Set(list.map(({ name }) => name))
const ofLine = named(lineFields)

/** A row of the header behind a line, as its fields see it. */
const ofHeader = (header: Field): Field => ({
  ...readOnly(header),
  from: (row, view) => {
    const invoice = rowIn(view, 'SalesInvoices', row.InvoiceID)
    return invoice && (header.from ? header.from(invoice, view) : invoice[header.name])
  },
})

/** The sync twin has a row per line, with the header beside it; a name of both is that of the line. */
export const syncSalesInvoices: Resource = {
  path: 'sync/SalesInvoice/SalesInvoices',
  table: 'SalesInvoiceLines',
  type: 'Exact.Web.Api.Models.Sync.SalesInvoice',
  key: ['Timestamp'],
  verbs: ['GET'],
  rows: (view) =>
    rowsIn(view, 'SalesInvoiceLines').filter((row) => look(view, 'SalesInvoices', row.InvoiceID, 'Status')),
  fields: [
    rowVersion,
    ...lineFields.map(readOnly),
    ...[...headerFields, ...stamps].filter(({ name }) => !ofLine.has(name)).map(ofHeader),
  ],
}
