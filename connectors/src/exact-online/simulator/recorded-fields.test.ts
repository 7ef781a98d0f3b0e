import { expect, it } from 'vitest'
import { TestClient } from './test-client.ts'

/** Names of the fields in recorded answers of a real administration, June 2026. */
const recorded = {
  SalesInvoice: `AmountFC AmountDiscount AmountDC AmountDiscountExclVat AmountFCExclVat Created Creator CreatorFullName Currency
    DeliverTo DeliverToContactPerson DeliverToContactPersonFullName DeliverToAddress DeliverToName Description Discount
    DiscountType Division Document DocumentNumber DocumentSubject DueDate ExtraDutyAmountFC GAccountAmountFC IncotermAddress
    IncotermCode IncotermVersion InvoiceDate InvoiceID InvoiceStatusInformation InvoiceTo InvoiceToContactPerson
    InvoiceToContactPersonFullName InvoiceToName InvoiceNumber IsExtraDuty Journal JournalDescription Modified Modifier
    ModifierFullName OrderDate OrderedBy OrderedByContactPerson OrderedByContactPersonFullName OrderedByName OrderNumber
    PaymentCondition PaymentConditionDescription PaymentReference Remarks SalesChannel SalesChannelCode
    SalesChannelDescription Salesperson SalespersonFullName SelectionCode SelectionCodeCode SelectionCodeDescription
    ShippingMethod ShippingMethodCode ShippingMethodDescription Status StatusDescription TaxSchedule TaxScheduleCode
    TaxScheduleDescription Type TypeDescription VATAmountFC VATAmountDC YourRef SalesInvoiceLines
    SalesInvoiceOrderChargeLines StarterSalesInvoiceStatus StarterSalesInvoiceStatusDescription WithholdingTaxAmountFC
    WithholdingTaxBaseAmount WithholdingTaxPercentage Warehouse`,
  SalesInvoiceLine: `AmountDC AmountFC CostCenter CostCenterDescription CostUnit CostUnitDescription CustomerItemCode
    DeliveryDate Description Discount Division Employee EmployeeFullName EndTime ExtraDutyAmountFC ExtraDutyPercentage
    GLAccount GLAccountDescription ID InvoiceID Item ItemDescription ItemCode LineNumber NetPrice Notes Pricelist
    PricelistDescription Project ProjectDescription ProjectWBS ProjectWBSDescription Quantity SalesOrder SalesOrderLine
    SalesOrderLineNumber SalesOrderNumber StartTime Subscription SubscriptionDescription UnitCode UnitDescription UnitPrice
    TaxSchedule TaxScheduleCode TaxScheduleDescription VATAmountFC VATAmountDC VATCode VATCodeDescription VATPercentage
    CustomField`,
  Document: `ID Account AccountCode AccountName AmountFC Body Category CategoryDescription Contact ContactFullName Created Creator
    CreatorFullName Currency Division DocumentDate DocumentFolder DocumentFolderCode DocumentFolderDescription
    DocumentViewUrl ExpiryDate FinancialTransactionEntryID HasEmptyBody HID Language Modified Modifier ModifierFullName
    ShopOrderNumber Subject Type TypeDescription Opportunity Project ProjectCode ProjectDescription ProposedEntryStatus
    SalesInvoiceNumber SalesOrderNumber SendMethod InheritShare Item ItemCode ItemDescription TeamsMeetingId ContractNumber
    ContractID ScanServiceStatus EntryStatusDescription ActionRegenerateEntryProposal CostcenterCode CostcenterDescription
    CostunitCode CostunitDescription`,
  DocumentAttachment: 'ID Attachment FileName FileSize Url Document',
} as const

const namesIn = (list: string) => list.trim().split(/\s+/).toSorted()
const namesOf = (row: object | undefined) =>
  Object.keys(row ?? {})
    .filter((name) => name !== '__metadata')
    .toSorted()

it('invoices, their lines, documents and files have the fields that were recorded, all of them and no other', () => {
  const client = new TestClient().signIn()
  const OrderedBy = client.idOf('crm/Accounts', '10012')
  const invoice = client.post('salesinvoice/SalesInvoices', {
    Journal: '70',
    OrderedBy,
    SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 1 }],
  }).d
  const document = client.post('documents/Documents', { Subject: 'Test attachment', Account: OrderedBy, Type: 10 }).d
  const file = { Document: document.ID, FileName: 'test.txt', Attachment: 'dGVzdA==' }
  expect(namesOf(invoice)).toEqual(namesIn(recorded.SalesInvoice))
  expect(namesOf(client.rows('salesinvoice/SalesInvoiceLines')[0])).toEqual(namesIn(recorded.SalesInvoiceLine))
  expect(namesOf(document)).toEqual(namesIn(recorded.Document))
  expect(namesOf(client.post('documents/DocumentAttachments', file).d)).toEqual(namesIn(recorded.DocumentAttachment))
})
