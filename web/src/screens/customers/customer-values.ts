import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import { suggestVatCase, type VatCase, vatCases } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { type AddressValues, toAddressBody, toAddressValues } from '../../parts/place-fields.tsx'
import type { Language } from '../../words/languages.ts'
import type { Word } from '../../words/words.tsx'

export type CustomerAnswer = paths['/customers/{id}']['get']['responses'][200]['content']['application/json']

export const vatCaseWords = {
  domestic: 'customers.vat.domestic',
  'eu-business': 'customers.vat.euBusiness',
  'eu-consumer': 'customers.vat.euConsumer',
  'outside-eu': 'customers.vat.outsideEu',
  'domestic-reverse-charge': 'customers.vat.reverse',
} as const satisfies Record<VatCase, Word>

export const vatCaseTexts = {
  domestic: 'customers.vat.domestic.text',
  'eu-business': 'customers.vat.euBusiness.text',
  'eu-consumer': 'customers.vat.euConsumer.text',
  'outside-eu': 'customers.vat.outsideEu.text',
  'domestic-reverse-charge': 'customers.vat.reverse.text',
} as const satisfies Record<VatCase, Word>

export { vatCases }

export interface CustomerValues extends Record<string, unknown> {
  number: string
  name: string
  visitAddress: AddressValues
  ownInvoiceAddress: boolean
  invoiceAddress: AddressValues
  country: string
  phone: string
  email: string
  invoiceEmail: string
  website: string
  vatId: string
  kvk: string
  iban: string
  paymentDays: string
  paymentEndOfMonth: 'firm' | 'invoice' | 'month'
  /** Empty: as country and VAT id say. */
  vatCase: VatCase | ''
  language: Language
  currency: string
  peppolId: string
  billToId: string | null
  billingRounding: BillingRounding | null
  remindersOff: boolean
  note: string
}

export const newCustomerValues = (firm: { readonly country: string; readonly currency: string }): CustomerValues => ({
  number: '',
  name: '',
  visitAddress: toAddressValues(null),
  ownInvoiceAddress: false,
  invoiceAddress: toAddressValues(null),
  country: firm.country,
  phone: '',
  email: '',
  invoiceEmail: '',
  website: '',
  vatId: '',
  kvk: '',
  iban: '',
  paymentDays: '',
  paymentEndOfMonth: 'firm',
  vatCase: '',
  language: firm.country === 'NL' || firm.country === 'BE' ? 'nl' : 'en',
  currency: firm.currency,
  peppolId: '',
  billToId: null,
  billingRounding: null,
  remindersOff: false,
  note: '',
})

export const toCustomerValues = (customer: CustomerAnswer): CustomerValues => ({
  number: customer.number ?? '',
  name: customer.name,
  visitAddress: toAddressValues(customer.visitAddress),
  ownInvoiceAddress: customer.invoiceAddress !== null,
  invoiceAddress: toAddressValues(customer.invoiceAddress),
  country: customer.country,
  phone: customer.phone ?? '',
  email: customer.email ?? '',
  invoiceEmail: customer.invoiceEmail ?? '',
  website: customer.website ?? '',
  vatId: customer.vatId ?? '',
  kvk: customer.kvk ?? '',
  iban: customer.iban ?? '',
  paymentDays: customer.paymentDays === null ? '' : String(customer.paymentDays),
  paymentEndOfMonth: customer.paymentEndOfMonth === null ? 'firm' : customer.paymentEndOfMonth ? 'month' : 'invoice',
  vatCase: customer.vatCase,
  language: customer.language,
  currency: customer.currency,
  peppolId: customer.peppolId ?? '',
  billToId: customer.billToId,
  billingRounding: customer.billingRounding,
  remindersOff: customer.remindersOff,
  note: customer.note ?? '',
})

const orNull = (text: string) => text.trim() || null

export function toCustomerBody(values: CustomerValues) {
  const { vatCase } = values
  return {
    number: orNull(values.number),
    name: values.name.trim(),
    visitAddress: toAddressBody(values.visitAddress),
    invoiceAddress: values.ownInvoiceAddress ? toAddressBody(values.invoiceAddress) : null,
    country: values.country,
    phone: orNull(values.phone),
    email: orNull(values.email),
    invoiceEmail: orNull(values.invoiceEmail),
    website: orNull(values.website),
    vatId: orNull(values.vatId),
    kvk: orNull(values.kvk),
    iban: orNull(values.iban),
    paymentDays: values.paymentDays.trim() === '' ? null : Number(values.paymentDays),
    paymentEndOfMonth: values.paymentEndOfMonth === 'firm' ? null : values.paymentEndOfMonth === 'month',
    ...(vatCase ? { vatCase } : {}),
    language: values.language,
    currency: values.currency,
    peppolId: orNull(values.peppolId),
    billToId: values.billToId,
    billingRounding: values.billingRounding,
    remindersOff: values.remindersOff,
    note: orNull(values.note),
  }
}

/** What country and VAT id say; null when they do not say enough. */
export const suggestedFor = (values: Pick<CustomerValues, 'country' | 'vatId'>, firmCountry: string): VatCase | null =>
  suggestVatCase({ country: values.country || null, vatId: values.vatId.trim() || null }, firmCountry)
