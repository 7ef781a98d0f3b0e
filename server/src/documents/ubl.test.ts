import { eInvoiceOf } from '@uurwerk/core/invoicing/e-invoice.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { invoiceForTests, lineForTests } from '@uurwerk/core/invoicing/invoice-for-tests.ts'
import { calendarDate as day } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import { ublOf } from './ubl.ts'

const base = invoiceForTests()
const invoice = (change: Partial<Invoice> = {}): Invoice =>
  invoiceForTests({
    number: '2026-0001',
    firm: { ...base.firm, iban: 'NL91 ABNA 0417 1643 00', bic: 'ABNANL2A' },
    customer: { ...base.customer, kvkNumber: '87654321' },
    ...change,
  })
/** The document on one line, without spaces between its elements. */
const made = async (change: Partial<Invoice> = {}) =>
  (await ublOf(eInvoiceOf(invoice(change)))).replaceAll(/>\s+</g, '><')
const abroad = (country: string, vatId: string | null, more: Partial<Invoice['customer']> = {}) => ({
  customer: {
    ...base.customer,
    address: { street: 'Straat 1\nGebouw B\n3e verdieping', postcode: '1000', city: 'Stad', country },
    vatId,
    ...more,
  },
})
const none = decimal('0')

describe('a UBL', () => {
  it('of a Dutch invoice follows NLCIUS, with KvK numbers, IBAN and due date', async () => {
    const xml = await made({ orderNumber: 'PO-1', reference: 'Intranet' })
    for (const part of [
      '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"',
      'urn:fdc:nen.nl:nlcius:v1.0',
      '<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>',
      '<cbc:DueDate>2026-04-30</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>',
      '<cbc:BuyerReference>Intranet</cbc:BuyerReference>',
      '<cac:InvoicePeriod><cbc:StartDate>2026-03-02</cbc:StartDate><cbc:EndDate>2026-03-31</cbc:EndDate></cac:InvoicePeriod>',
      '<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>',
      '<cac:ProjectReference><cbc:ID>Intranet</cbc:ID></cac:ProjectReference>',
      '<cbc:EndpointID schemeID="0106">12345678</cbc:EndpointID>',
      '<cbc:CompanyID schemeID="0106">87654321</cbc:CompanyID>',
      '<cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cbc:PaymentID>2026-0001</cbc:PaymentID>',
      '<cac:PayeeFinancialAccount><cbc:ID>NL91ABNA0417164300</cbc:ID>',
      '<cac:FinancialInstitutionBranch><cbc:ID>ABNANL2A</cbc:ID>',
      '<cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">21.00</cbc:TaxAmount>',
      '<cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount>',
      '<cbc:PriceAmount currencyID="EUR">100</cbc:PriceAmount>',
    ])
      expect(xml).toContain(part)
  })

  it.each([
    ['BE', 'BE0123456749', {}, '<cbc:EndpointID schemeID="0208">0123456749</cbc:EndpointID>'],
    ['DE', 'DE136695976', {}, '<cbc:EndpointID schemeID="9930">DE136695976</cbc:EndpointID>'],
    ['SE', 'SE123456789001', {}, '<cbc:EndpointID schemeID="0007">1234567890</cbc:EndpointID>'],
    ['NL', 'NL009999998B86', {}, '<cbc:EndpointID schemeID="9944">NL009999998B86</cbc:EndpointID>'],
    [
      'NL',
      null,
      { peppolId: '0190:00000001234567890000' },
      '<cbc:CompanyID schemeID="0190">00000001234567890000</cbc:CompanyID>',
    ],
    [
      'GB',
      null,
      { email: 'accounts@alder.example' },
      '<cbc:EndpointID schemeID="EM">accounts@alder.example</cbc:EndpointID>',
    ],
  ])('goes to %s %s %j at the address of that country', async (country, vatId, more, part) =>
    expect(await made(abroad(country, vatId, more))).toContain(part),
  )

  it('reverse charged says so with its code, and follows the rules of Peppol abroad', async () => {
    const xml = await made({
      ...abroad('BE', 'BE0123456749'),
      lines: [lineForTests({ vatTreatment: 'eu-business', vatRate: none })],
    })
    expect(xml).toContain('urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>')
    expect(xml).toContain(
      '<cac:TaxCategory><cbc:ID>AE</cbc:ID><cbc:Percent>0</cbc:Percent><cbc:TaxExemptionReasonCode>VATEX-EU-AE</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>Btw verlegd',
    )
    expect(xml).toContain(
      '<cbc:StreetName>Straat 1</cbc:StreetName><cbc:AdditionalStreetName>Gebouw B</cbc:AdditionalStreetName>',
    )
  })

  it('outside the scope of VAT has no rate and no VAT id', async () => {
    const xml = await made({
      ...abroad('GB', null, { email: 'a@b.example' }),
      lines: [lineForTests({ vatTreatment: 'outside-eu', vatRate: none })],
    })
    expect(xml).toContain('<cbc:ID>O</cbc:ID><cbc:TaxExemptionReasonCode>VATEX-EU-O</cbc:TaxExemptionReasonCode>')
    expect(xml).not.toContain('cbc:Percent')
    expect(xml).not.toContain('PartyTaxScheme')
  })

  it('has exempt and disbursement as one category, with both reasons', async () => {
    const exempt = { vatRate: none, unitPrice: decimal('10') }
    const xml = await made({
      lines: [
        lineForTests({ ...exempt, vatTreatment: 'domestic-exempt' }),
        lineForTests({ ...exempt, vatTreatment: 'disbursement' }),
      ],
    })
    expect(xml.match(/<cac:TaxSubtotal>/g)).toHaveLength(1)
    expect(xml).toContain('<cbc:TaxableAmount currencyID="EUR">20.00</cbc:TaxableAmount>')
    expect(xml).toMatch(/<cbc:TaxExemptionReason>Doorlopende post.*; Vrijgesteld van btw/)
  })

  it('has a discount as an allowance of the line, with its percentage and base', async () => {
    const xml = await made({
      lines: [lineForTests({ quantity: decimal('3'), unitPrice: decimal('33.33'), discount: decimal('10') })],
    })
    expect(xml).toContain(
      '<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">10.00</cbc:Amount><cbc:BaseAmount currencyID="EUR">99.99</cbc:BaseAmount>',
    )
    expect(xml).toContain('<cbc:LineExtensionAmount currencyID="EUR">89.99</cbc:LineExtensionAmount>')
  })

  it('has no negative price: what is taken off has a negative quantity', async () => {
    const xml = await made({
      lines: [lineForTests(), lineForTests({ unitPrice: decimal('-25'), description: 'Korting' })],
    })
    expect(xml).toContain('<cbc:InvoicedQuantity unitCode="HUR">-1</cbc:InvoicedQuantity>')
    expect(xml).toContain('<cbc:PriceAmount currencyID="EUR">25</cbc:PriceAmount>')
  })

  it('in another currency states the VAT in euro as well, and is paid by an ordinary transfer', async () => {
    const xml = await made({
      currency: 'USD',
      exchange: { rate: decimal('0.9'), source: 'ECB', date: day('2026-03-31'), vat: decimal('18.90') },
    })
    expect(xml).toContain('<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>')
    expect(xml).toContain('<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">18.90</cbc:TaxAmount></cac:TaxTotal>')
    expect(xml).toContain('<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>')
  })

  it('of a credit note has amounts above zero, names its invoice and says how it is settled', async () => {
    const xml = await made({
      kind: 'credit',
      number: '2026-0002',
      reference: 'Intranet',
      credits: { invoiceId: 'invoice', number: '2026-0001', date: day('2026-03-31') },
      lines: [lineForTests({ quantity: decimal('-1.5') })],
    })
    for (const part of [
      '<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"',
      '<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>',
      '<cac:InvoiceDocumentReference><cbc:ID>2026-0001</cbc:ID><cbc:IssueDate>2026-03-31</cbc:IssueDate>',
      '<cac:AdditionalDocumentReference><cbc:ID>Intranet</cbc:ID><cbc:DocumentTypeCode>50</cbc:DocumentTypeCode>',
      '<cbc:Note>Dit bedrag wordt met u verrekend of aan u terugbetaald.</cbc:Note>',
      '<cbc:CreditedQuantity unitCode="HUR">1.5</cbc:CreditedQuantity>',
      '<cbc:PayableAmount currencyID="EUR">181.50</cbc:PayableAmount>',
    ])
      expect(xml).toContain(part)
    expect(xml).not.toMatch(/DueDate|PaymentMeans|>-/)
  })

  it('keeps letters that XML gives a meaning', async () => {
    const xml = await made({ lines: [lineForTests({ description: 'Ü & <b> "ß" €\nTweede regel' })] })
    expect(xml).toContain('<cbc:Description>Tweede regel</cbc:Description><cbc:Name>Ü &amp; &lt;b&gt; "ß" €</cbc:Name>')
  })
})
