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
  Account: `ID Accountant AccountManager AccountManagerFullName AccountManagerHID ActivitySector ActivitySubSector AddressLine1
    AddressLine2 AddressLine3 BankAccounts Blocked BRIN BSN BusinessType CanDropShip ChamberOfCommerce City Classification
    Classification1 Classification2 Classification3 Classification4 Classification5 Classification6 Classification7
    Classification8 ClassificationDescription ClientGroup ClientGroupDescription Code CodeAtSupplier CompanySize
    ConsolidationScenario ControlledDate Costcenter CostcenterDescription CostPaid Country CountryName Created Creator
    CreatorFullName CreditLinePurchase CreditLineSales Currency CustomField CustomerSince DatevCreditorCode DatevDebtorCode
    DeliveryAdvice DiscountPurchase DiscountSales Division Document DunsNumber Email EnableSalesPaymentLink EndDate
    EstablishedDate Fax GLAccountPurchase GLAccountSales GLAP GLAR GlnNumber HasWithholdingTaxSales
    IgnoreDatevWarningMessage IncotermAddressPurchase IncotermCodePurchase IncotermVersionPurchase IncotermAddressSales
    IncotermCodeSales IncotermVersionSales IntraStatArea IntraStatDeliveryTerm IntraStatSystem IntraStatTransactionA
    IntraStatTransactionB IntraStatTransportMethod InvoiceAccount InvoiceAccountCode InvoiceAccountName
    InvoiceAttachmentType InvoicingMethod AutomaticProcessProposedEntry IsAccountant IsAgency IsAnonymised IsBank
    IsCompetitor IsExtraDuty IsMailing IsMember IsPilot IsPurchase IsReseller IsSales IsSupplier Language
    LanguageDescription Latitude LeadSource LeadPurpose LogoFileName LogoThumbnailUrl LogoUrl Logo Longitude MainContact
    Modified Modifier ModifierFullName Name OINNumber Parent PaymentConditionPurchase PaymentConditionPurchaseDescription
    PaymentConditionSales PaymentConditionSalesDescription PayAsYouEarn Phone PhoneExtension Postcode PriceList
    PurchaseCurrency PurchaseCurrencyDescription PurchaseLeadDays PurchaseVATCode PurchaseVATCodeDescription Remarks
    RecepientOfCommissions Reseller ResellerCode ResellerName RSIN SalesCurrency SalesCurrencyDescription SalesVATCode
    SalesVATCodeDescription SearchCode SecurityLevel SeparateInvPerProject SeparateInvPerSubscription ShippingLeadDays
    ShippingMethod ShowRemarkForSales StartDate State StateName Status StatusSince SalesTaxSchedule SalesTaxScheduleCode
    SalesTaxScheduleDescription TradeName Type UniqueTaxpayerReference VATLiability VATNumber Website EORINumber
    AddressSource Source PeppolIdentifierType PeppolIdentifier`,
  Contact: `ID Account AccountIsCustomer AccountIsSupplier AccountMainContact AccountName AddressLine2 AddressStreet
    AddressStreetNumber AddressStreetNumberSuffix BirthDate BirthName BirthNamePrefix BirthPlace BusinessEmail BusinessFax
    BusinessMobile BusinessPhone BusinessPhoneExtension City Code Country Created Creator CreatorFullName CustomField
    Division Email EndDate FirstName FullName Gender HID IdentificationDate IdentificationUser IdentificationDocument
    Initials IsAnonymised IsMailingExcluded IsMainContact JobTitleDescription Language LastName MarketingNotes MiddleName
    Mobile Modified Modifier ModifierFullName Nationality Notes PartnerName PartnerNamePrefix Person Phone PhoneExtension
    Picture PictureName PictureUrl PictureThumbnailUrl Postcode SocialSecurityNumber StartDate State Title
    TitleDescription TitleAbbreviation LeadPurpose LeadSource AllowMailing`,
  Division: `AddressLine1 AddressLine2 AddressLine3 BlockingStatus BusinessTypeCode BusinessTypeDescription Code
    ChamberOfCommerceNumber ChamberOfCommerceEstablishment City CompanySizeCode CompanySizeDescription Country Created
    Creator CreatorFullName Currency Current Customer CustomerCode CustomerName DatevAccountantNumber DatevClientNumber
    Description DivisionMoveDate DivisionHRLinkUnlinkDate Email Fax Hid IsDossierDivision IsPracticeDivision IsHRDivision
    IsMainDivision Legislation Modified Modifier ModifierFullName OBNumber Postcode Phone SbiCode SbiDescription
    SectorCode SectorDescription ShareCapital SiretNumber StartDate State Status SubsectorCode SubsectorDescription
    TaxOfficeNumber TaxReferenceNumber TemplateCode VATNumber Website ArchiveDate Class_01 Class_02 Class_03 Class_04
    Class_05`,
  Item: `IsSerialNumberItem IsBatchNumberItem ID StandardSalesPrice Class_01 Class_02 Class_03 Class_04 Class_05 Class_06 Class_07
    Class_08 Class_09 Class_10 Code CopyRemarks CostPriceCurrency CostPriceNew CostPriceStandard AverageCost Barcode
    Created CreatorFullName Creator CustomField Description Division EndDate ExtraDescription FreeBoolField_01
    FreeBoolField_02 FreeBoolField_03 FreeBoolField_04 FreeBoolField_05 FreeDateField_01 FreeDateField_02
    FreeDateField_03 FreeDateField_04 FreeDateField_05 FreeNumberField_01 FreeNumberField_02 FreeNumberField_03
    FreeNumberField_04 FreeNumberField_05 FreeNumberField_06 FreeNumberField_07 FreeNumberField_08 FreeTextField_01
    FreeTextField_02 FreeTextField_03 FreeTextField_04 FreeTextField_05 FreeTextField_06 FreeTextField_07
    FreeTextField_08 FreeTextField_09 FreeTextField_10 GLCostsCode GLCostsDescription GLCosts GLCostsWorkInProgress
    GLCostsWorkInProgressCode GLCostsWorkInProgressDescription GLRevenueCode GLRevenueDescription GLRevenue
    GLRevenueWorkInProgress GLRevenueWorkInProgressCode GLRevenueWorkInProgressDescription GLStockCode
    GLStockDescription GLStock IsBatchItem IsFractionAllowedItem IsMakeItem IsNewContract IsOnDemandItem IsPackageItem
    IsPurchaseItem IsRegistrationCodeItem IsSalesItem IsSerialItem IsStockItem IsSubcontractedItem IsTaxableItem IsTime
    IsWebshopItem ItemGroupCode ItemGroupDescription ItemGroup Modified ModifierFullName Modifier GrossWeight NetWeight
    NetWeightUnit Notes Picture PictureName PictureUrl PictureThumbnailUrl SalesVatCodeDescription SalesVatCode
    SearchCode SecurityLevel StartDate StatisticalCode StatisticalNetWeight StatisticalUnits StatisticalValue Stock Unit
    UnitDescription UnitType AssembledLeadDays BatchQuantity UseExplosion`,
  Journal: `AllowVariableCurrency AllowVariableExchangeRate AllowVAT AutoSave Bank BankAccountBICCode BankAccountCountry
    BankAccountDescription BankAccountIBAN BankAccountID BankAccountIncludingMask BankAccountUseSEPA
    BankAccountUseSepaDirectDebit BankName Code Created Creator CreatorFullName Currency CurrencyDescription CustomField
    Description Division GLAccount GLAccountCode GLAccountDescription GLAccountType ID IsBlocked Modified Modifier
    ModifierFullName PaymentInTransitAccount PaymentServiceAccountIdentifier PaymentServiceProvider
    PaymentServiceProviderName Type`,
  Me: `CurrentDivision DivisionCustomer DivisionCustomerCode DivisionCustomerName DivisionCustomerVatNumber
    DivisionCustomerSiretNumber DossierDivision AccountingDivision IsEmployeeSelfServiceUser IsMyFirmLiteUser
    IsStarterUser IsMyFirmPortalUser IsClientUser FullName PictureUrl ThumbnailPicture ThumbnailPictureFormat UserID
    UserName LanguageCode Legislation Email Title Initials FirstName MiddleName LastName Gender Nationality Language
    Phone PhoneExtension Mobile ServerTime ServerUtcOffset EmployeeID CustomerCode PackageCode IsOEIMigrationMandatory`,
  VATCode: `Account AccountCode AccountName CalculationBasis Charged Code Country Created Creator CreatorFullName Description
    Division EUSalesListing ExcludeVATListing GLDiscountPurchase GLDiscountPurchaseCode GLDiscountPurchaseDescription
    GLDiscountSales GLDiscountSalesCode GLDiscountSalesDescription GLToClaim GLToClaimCode GLToClaimDescription GLToPay
    GLToPayCode GLToPayDescription ID IntraStat IntrastatType IsBlocked LegalText Modified Modifier ModifierFullName
    OssCountry Percentage TaxReturnType Type VatDocType VatMargin VATPartialRatio VATPercentages VATTransactionType
    CustomField`,
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

it.each([
  ['Account', 'crm/Accounts'],
  ['Contact', 'crm/Contacts'],
  ['Division', 'system/Divisions'],
  ['Item', 'logistics/Items'],
  ['Journal', 'financial/Journals'],
  ['Me', '/api/v1/current/Me'],
  ['VATCode', 'vat/VATCodes'],
] as const)('a row of %s has the fields that were recorded, all of them and no other', (name, path) => {
  const client = new TestClient().signIn()
  client.post('crm/Contacts', { Account: client.idOf('crm/Accounts', '10012'), LastName: 'Test' })
  expect(namesOf(client.rows(path)[0])).toEqual(namesIn(recorded[name]))
})

it('an account that is made without them has texts that are empty, not null, and the pictures that stand in (recorded)', () => {
  const client = new TestClient().signIn()
  const { ID } = client.post('crm/Accounts', { Name: 'Test Customer', Status: 'C' }).d
  expect(client.get(`crm/Accounts(guid'${ID}')`).d).toMatchObject({
    GlnNumber: '',
    OINNumber: '',
    PeppolIdentifier: null,
    SalesCurrency: 'EUR',
    SalesCurrencyDescription: 'Euro',
    LogoUrl: expect.stringMatching(/\/\/docs\/images\/placeholder_account_myeol\.png$/),
    ConsolidationScenario: 6,
    SecurityLevel: 10,
    Source: 2,
    Type: 'A',
    IsSales: true,
    IsPurchase: true,
  })
})

it('an item echoes nulls and noughts unless a representation is preferred, and has its defaults when read (recorded)', () => {
  const client = new TestClient({ language: 'en' }).signIn()
  const echo = client.post('logistics/Items', { Code: 'TEST-ITEM', Description: 'Test item' }).d
  expect(echo).toMatchObject({ Code: null, IsSalesItem: null, Unit: null, IsTime: 0, IsBatchItem: 0, CopyRemarks: 0 })
  expect(client.get(`logistics/Items(guid'${echo.ID}')`).d).toMatchObject({
    Code: 'TEST-ITEM',
    CostPriceCurrency: 'EUR',
    FreeBoolField_01: false,
    IsFractionAllowedItem: false,
    StandardSalesPrice: 0,
    StatisticalUnits: 1,
    Stock: 0,
    Unit: 'pc      ',
    UnitDescription: 'Piece',
    UnitType: 'O',
    PictureUrl: expect.stringMatching(/\/\/docs\/images\/placeholder_item\.png$/),
  })
})

it('answers have the headers that were recorded: their version, that nobody keeps them, and a number of their own', () => {
  const client = new TestClient().signIn()
  const [list, one] = [client.get('financial/Journals'), client.get('financial/Journals?$top=1')]
  expect(list.headers).toMatchObject({
    'content-type': 'application/json;charset=utf-8',
    'cache-control': 'no-cache, no-store',
    pragma: 'no-cache',
    expires: '-1',
    dataserviceversion: '2.0;',
    'x-exact-correlation-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  })
  expect(one.headers['x-exact-correlation-id']).not.toBe(list.headers['x-exact-correlation-id'])
  expect(
    Object.keys(client.get('/api/v1/current/Me').headers).filter((name) => name.startsWith('x-ratelimit')),
  ).toEqual([])
})
