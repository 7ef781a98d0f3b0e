import { InvoiceService, type Invoice as UblInvoice } from '@e-invoice-eu/core'
import type { Address } from '@uurwerk/core/customers/customer.ts'
import type { EInvoice, EInvoiceLine, EInvoiceParty } from '@uurwerk/core/invoicing/e-invoice.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { say } from '../http/words.ts'

const customizations = {
  peppol: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0',
  nlcius: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0',
  en16931: 'urn:cen.eu:en16931:2017',
} as const
const profile = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'

const vat = { 'cac:TaxScheme': { 'cbc:ID': 'VAT' } } as const
const quiet = () => {}
const service = new InvoiceService({ log: quiet, warn: quiet, error: quiet, debug: quiet } as never)

/** UBL 2.1, Peppol BIS Billing 3.0; between Dutch firms NLCIUS. The amounts are those of the invoice, as text. */
export async function ublOf(invoice: EInvoice): Promise<string> {
  // Its types list every code of every code list; the schema it checks by refuses what is in none.
  const customization = invoice.isDutch ? customizations.nlcius : customizations.peppol
  const input = { 'ubl:Invoice': toUbl(invoice, customization) } as UblInvoice
  const xml = await service.generate(input, { format: 'UBL', lang: 'en', noWarnings: true })
  return typeof xml === 'string' ? xml : Buffer.from(xml).toString('utf8')
}

/**
 * The same invoice in the syntax of Factur-X and ZUGFeRD (CII, profile EN 16931), inside its PDF. The library makes one
 * out of the other, so that the amounts are those of the UBL.
 */
export async function facturXOf(invoice: EInvoice, pdf: Uint8Array): Promise<Uint8Array> {
  const input = { 'ubl:Invoice': toUbl(invoice, customizations.en16931) } as UblInvoice
  const file = { buffer: pdf, filename: `${invoice.number}.pdf`, mimetype: 'application/pdf' }
  const lang = invoice.language
  const made = await service.generate(input, { format: 'Factur-X-EN16931', lang, noWarnings: true, pdf: file })
  assert(typeof made !== 'string', 'Factur-X is a PDF')
  return made
}

function toUbl(invoice: EInvoice, customization: string): unknown {
  const { kind, number, currency, taxCurrency, vatInTaxCurrency, totals, credits, projectReference } = invoice
  assert(number, 'an e-invoice has a number')
  const money = amountsIn(currency)
  const isCredit = kind === 'credit'
  return {
    'cbc:CustomizationID': customization,
    'cbc:ProfileID': profile,
    'cbc:ID': number,
    'cbc:IssueDate': invoice.date,
    ...(isCredit ? {} : { 'cbc:DueDate': invoice.dueDate }),
    'cbc:InvoiceTypeCode': isCredit ? '381' : '380',
    ...(invoice.note ? { 'cbc:Note': [invoice.note] } : {}),
    'cbc:DocumentCurrencyCode': currency,
    ...(taxCurrency && vatInTaxCurrency ? { 'cbc:TaxCurrencyCode': taxCurrency } : {}),
    ...(projectReference ? { 'cbc:BuyerReference': projectReference } : {}),
    'cac:InvoicePeriod': { 'cbc:StartDate': invoice.from, 'cbc:EndDate': invoice.until },
    ...(invoice.orderReference ? { 'cac:OrderReference': { 'cbc:ID': invoice.orderReference } } : {}),
    ...(credits
      ? {
          'cac:BillingReference': [
            { 'cac:InvoiceDocumentReference': { 'cbc:ID': credits.number, 'cbc:IssueDate': credits.date } },
          ],
        }
      : {}),
    ...(projectReference ? projectOf(projectReference, isCredit) : {}),
    'cac:AccountingSupplierParty': { 'cac:Party': sellerOf(invoice.seller) },
    'cac:AccountingCustomerParty': { 'cac:Party': buyerOf(invoice.buyer) },
    ...(invoice.payment
      ? {
          'cac:PaymentMeans': [
            {
              'cbc:PaymentMeansCode': invoice.payment.code,
              'cbc:PaymentID': number,
              'cac:PayeeFinancialAccount': {
                'cbc:ID': invoice.payment.iban,
                'cbc:Name': invoice.seller.name,
                ...(invoice.payment.bic ? { 'cac:FinancialInstitutionBranch': { 'cbc:ID': invoice.payment.bic } } : {}),
              },
            },
          ],
        }
      : {}),
    // A credit note has no due date, and then says in words how it is settled (BR-CO-25).
    ...(isCredit ? { 'cac:PaymentTerms': { 'cbc:Note': say(invoice.language, 'document.settled') } } : {}),
    'cac:TaxTotal': [
      {
        ...money('cbc:TaxAmount', totals.vat),
        'cac:TaxSubtotal': invoice.vat.map(({ category, rate, base, vat: amount, reason, reasonCode }) => ({
          ...money('cbc:TaxableAmount', base),
          ...money('cbc:TaxAmount', amount),
          'cac:TaxCategory': {
            ...categoryOf({ category, rate }),
            ...(reasonCode ? { 'cbc:TaxExemptionReasonCode': reasonCode } : {}),
            ...(reason ? { 'cbc:TaxExemptionReason': reason } : {}),
            ...vat,
          },
        })),
      },
      ...(taxCurrency && vatInTaxCurrency ? [amountsIn(taxCurrency)('cbc:TaxAmount', vatInTaxCurrency)] : []),
    ],
    'cac:LegalMonetaryTotal': {
      ...money('cbc:LineExtensionAmount', totals.net),
      ...money('cbc:TaxExclusiveAmount', totals.net),
      ...money('cbc:TaxInclusiveAmount', totals.gross),
      ...money('cbc:PayableAmount', totals.gross),
    },
    'cac:InvoiceLine': invoice.lines.map((line) => lineOf(line, money, invoice.language)),
  }
}

type Money = ReturnType<typeof amountsIn>
const amountsIn = (currency: string) => (name: string, amount: string) => ({
  [name]: amount,
  [`${name}@currencyID`]: currency,
})

// A credit note has no project of its own in UBL: there it is a document with code 50 (BT-11).
const projectOf = (reference: string, isCredit: boolean) =>
  isCredit
    ? { 'cac:AdditionalDocumentReference': [{ 'cbc:ID': reference, 'cbc:DocumentTypeCode': '50' }] }
    : { 'cac:ProjectReference': { 'cbc:ID': reference } }

// Outside scope has no rate, not even zero (BR-O-05).
const categoryOf = ({ category, rate }: Pick<EInvoiceLine, 'category' | 'rate'>) => ({
  'cbc:ID': category,
  ...(category === 'O' ? {} : { 'cbc:Percent': rate }),
})

function lineOf(line: EInvoiceLine, money: Money, language: Language) {
  const { allowance } = line
  return {
    'cbc:ID': line.id,
    'cbc:InvoicedQuantity': line.quantity,
    'cbc:InvoicedQuantity@unitCode': line.unitCode,
    ...money('cbc:LineExtensionAmount', line.net),
    'cac:InvoicePeriod': { 'cbc:StartDate': line.from, 'cbc:EndDate': line.until },
    ...(allowance
      ? {
          'cac:AllowanceCharge': [
            {
              'cbc:ChargeIndicator': 'false',
              // UNCL 5189: discount
              'cbc:AllowanceChargeReasonCode': '95',
              'cbc:AllowanceChargeReason': say(language, 'document.discount'),
              'cbc:MultiplierFactorNumeric': allowance.percent,
              ...money('cbc:Amount', allowance.amount),
              ...money('cbc:BaseAmount', allowance.base),
            },
          ],
        }
      : {}),
    'cac:Item': {
      ...(line.description ? { 'cbc:Description': line.description } : {}),
      'cbc:Name': line.name,
      'cac:ClassifiedTaxCategory': { ...categoryOf(line), ...vat },
    },
    'cac:Price': money('cbc:PriceAmount', line.price),
  }
}

function addressOf(address: Address | null) {
  assert(address?.country, 'a sent invoice has addresses')
  const [street, more, ...rest] = address.street.split('\n').filter((line) => line.trim())
  return {
    ...(street ? { 'cbc:StreetName': street } : {}),
    ...(more ? { 'cbc:AdditionalStreetName': more } : {}),
    ...(address.city ? { 'cbc:CityName': address.city } : {}),
    ...(address.postcode ? { 'cbc:PostalZone': address.postcode } : {}),
    ...(rest.length > 0 ? { 'cac:AddressLine': { 'cbc:Line': rest.join(', ') } } : {}),
    'cac:Country': { 'cbc:IdentificationCode': address.country },
  }
}

const legalOf = ({ name, legalId }: EInvoiceParty) => ({
  'cbc:RegistrationName': name,
  ...(legalId ? { 'cbc:CompanyID': legalId.id } : {}),
  ...(legalId?.scheme ? { 'cbc:CompanyID@schemeID': legalId.scheme } : {}),
})

function partyOf(party: EInvoiceParty) {
  assert(party.endpoint, 'an e-invoice goes somewhere')
  return {
    'cbc:EndpointID': party.endpoint.id,
    'cbc:EndpointID@schemeID': party.endpoint.scheme,
    'cac:PartyName': { 'cbc:Name': party.name },
    'cac:PostalAddress': addressOf(party.address),
    'cac:PartyLegalEntity': legalOf(party),
    ...(party.phone || party.email
      ? {
          'cac:Contact': {
            ...(party.phone ? { 'cbc:Telephone': party.phone } : {}),
            ...(party.email ? { 'cbc:ElectronicMail': party.email } : {}),
          },
        }
      : {}),
  }
}

// The schema of the library wants a list of the seller's tax numbers, and of the buyer's one without a list.
const sellerOf = (party: EInvoiceParty) => ({
  ...partyOf(party),
  ...(party.vatId ? { 'cac:PartyTaxScheme': [{ 'cbc:CompanyID': party.vatId, ...vat }] } : {}),
})
const buyerOf = (party: EInvoiceParty) => ({
  ...partyOf(party),
  ...(party.vatId ? { 'cac:PartyTaxScheme': { 'cbc:CompanyID': party.vatId, ...vat } } : {}),
})
