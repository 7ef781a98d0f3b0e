import { z } from 'zod'
import { field } from '../kit/odata-v2.ts'

/** What Exact Online answers, reduced to the fields we read; `$select` is made from these same names. */

export const me = z.object({
  UserID: field.guid,
  FullName: field.text,
  // nl-NL; messages come in this language.
  LanguageCode: field.text,
  CurrentDivision: field.whole,
})

export const division = z.object({
  Code: field.whole,
  // Int64: comes as text (Exact REST reference, System Divisions).
  Hid: z.union([z.string(), z.number().transform(String)]).nullish(),
  Description: field.text,
  Country: field.text,
  Currency: field.text,
  VATNumber: field.text,
  ChamberOfCommerceNumber: field.text,
  Status: field.whole,
  BlockingStatus: field.maybeWhole,
  IsDossierDivision: field.flag,
})

/** Both change when all row versions were made anew. */
export const divisionMoves = z.object({ DivisionMoveDate: field.text, DivisionHRLinkUnlinkDate: field.text })

const address = {
  AddressLine1: field.text,
  AddressLine2: field.text,
  Postcode: field.text,
  City: field.text,
  Country: field.text,
}

export const account = z.object({
  ID: field.guid,
  Code: field.text,
  Name: field.text,
  Status: field.text,
  Type: field.text,
  Blocked: field.flag,
  EndDate: field.maybeDate,
  ...address,
  Phone: field.text,
  Email: field.text,
  Website: field.text,
  Language: field.text,
  VATNumber: field.text,
  ChamberOfCommerce: field.text,
  SalesVATCode: field.text,
  PaymentConditionSales: field.text,
  SalesCurrency: field.text,
  InvoiceAccount: field.maybeGuid,
})
export const accountVersion = account.extend({ Timestamp: field.rowVersion })
/** What making one answers: without `Prefer` all but the id would be null. */
export const accountMade = z.object({ ID: field.guid, Code: field.text })

export const accountAddress = z.object({
  ID: field.guid,
  Account: field.maybeGuid,
  Type: field.maybeWhole,
  Main: field.flag,
  ...address,
})
export const accountAddressVersion = accountAddress.extend({ Timestamp: field.rowVersion })

export const deleted = z.object({ EntityKey: field.guid, EntityType: field.whole, Timestamp: field.rowVersion })

export const item = z.object({
  ID: field.guid,
  Code: field.code,
  Description: field.text,
  IsSalesItem: field.flag,
  // Byte: 0 or 1.
  IsTime: z.union([field.whole.transform((value) => value === 1), field.flag]),
  IsFractionAllowedItem: field.flag,
  Unit: field.text,
  SalesVatCode: field.text,
  GLRevenue: field.maybeGuid,
  ItemGroup: field.maybeGuid,
  StandardSalesPrice: field.maybeAmount,
  StartDate: field.maybeDate,
  EndDate: field.maybeDate,
  Timestamp: field.rowVersion,
})

export const itemGroup = z.object({ ID: field.guid, GLRevenue: field.maybeGuid })

export const ledgerAccount = z.object({
  ID: field.guid,
  Code: field.code,
  Description: field.text,
  Type: field.whole,
  IsBlocked: field.flag,
  VATCode: field.text,
  UseCostcenter: field.maybeWhole,
  UseCostunit: field.maybeWhole,
  Timestamp: field.rowVersion,
})

export const vatCode = z.object({
  Code: field.code,
  Description: field.text,
  Percentage: field.maybeAmount,
  Type: field.text,
  VATTransactionType: field.text,
  IsBlocked: field.flag,
  EUSalesListing: field.text,
  Charged: field.flag,
})

export const journal = z.object({
  Code: field.code,
  Description: field.text,
  Type: field.whole,
  Currency: field.text,
  AllowVariableCurrency: field.flag,
  IsBlocked: field.flag,
})

export const paymentCondition = z.object({
  Code: field.code,
  Description: field.text,
  PaymentDays: field.maybeWhole,
  PaymentEndOfMonths: field.maybeWhole,
})

export const costCentre = z.object({ Code: field.code, Description: field.text, EndDate: field.maybeDate })
export const costUnit = z.object({ Code: field.code, Description: field.text })

export const financialPeriod = z.object({
  FinYear: field.whole,
  FinPeriod: field.whole,
  StartDate: field.maybeDate,
  EndDate: field.maybeDate,
})

export const journalStatus = z.object({
  Journal: field.code,
  Year: field.whole,
  Period: field.whole,
  Status: field.whole,
})

export const salesEntry = z.object({
  EntryID: field.guid,
  EntryNumber: field.maybeWhole,
  Customer: field.maybeGuid,
  Journal: field.text,
  EntryDate: field.maybeDate,
  DueDate: field.maybeDate,
  Currency: field.text,
  YourRef: field.text,
  Description: field.text,
  AmountFC: field.maybeAmount,
  VATAmountFC: field.maybeAmount,
  Status: field.maybeWhole,
})
export type ExactSalesEntryRead = z.output<typeof salesEntry>

export const salesInvoice = z.object({
  InvoiceID: field.guid,
  InvoiceNumber: field.maybeWhole,
  OrderedBy: field.maybeGuid,
  InvoiceTo: field.maybeGuid,
  Journal: field.text,
  OrderDate: field.maybeDate,
  InvoiceDate: field.maybeDate,
  Currency: field.text,
  YourRef: field.text,
  Remarks: field.text,
  AmountFC: field.maybeAmount,
  AmountFCExclVat: field.maybeAmount,
  VATAmountFC: field.maybeAmount,
  Status: field.maybeWhole,
})
export type ExactSalesInvoiceRead = z.output<typeof salesInvoice>

/** An open item of the ledger; the entry it belongs to is what payments are settled against. */
export const receivable = z.object({
  InvoiceNumber: field.maybeWhole,
  InvoiceDate: field.maybeDate,
  Account: field.maybeGuid,
  Journal: field.text,
  AmountFC: field.maybeAmount,
  TransactionEntryID: field.maybeGuid,
})

/** What printing answers: errors stand beside a success and must be looked at. */
export const printedSalesInvoice = z.object({
  InvoiceID: field.maybeGuid,
  Document: field.maybeGuid,
  DocumentCreationError: field.text,
  EmailCreationError: field.text,
  PeppolCreationError: field.text,
})

export const archivedDocument = z.object({
  ID: field.guid,
  HID: field.maybeWhole,
  Account: field.maybeGuid,
  Subject: field.text,
  FinancialTransactionEntryID: field.maybeGuid,
})
export type ExactDocumentRead = z.output<typeof archivedDocument>

/** The bytes themselves are never answered. */
export const documentAttachment = z.object({ ID: field.guid, Document: field.maybeGuid, FileName: field.text })
export type ExactAttachmentRead = z.output<typeof documentAttachment>

export const paymentTerm = z.object({
  ID: field.guid,
  // 20 is a receipt, 22 a payment.
  LineType: field.maybeWhole,
  TransactionEntryID: field.maybeGuid,
  AmountFC: field.maybeAmount,
  Currency: field.text,
  IsFullyPaid: field.flag,
  LastPaymentDate: field.maybeDate,
  Timestamp: field.rowVersion,
})

export const webhookSubscription = z.object({
  ID: field.guid,
  CallbackURL: field.text,
  Topic: field.text,
  UserID: field.maybeGuid,
})
