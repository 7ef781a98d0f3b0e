import type { InvoiceFirm } from '@uurwerk/core/invoicing/invoice.ts'
import type { ExampleCustomer } from './worked-case.ts'

/** The sample firm, in the Netherlands. */
export const firm: InvoiceFirm = {
  id: 'noordkade',
  name: 'Bureau Noordkade B.V.',
  address: { street: 'Kadestraat 12', postcode: '3511 AB', city: 'Utrecht', country: 'NL' },
  country: 'NL',
  vatId: 'NL123456789B13',
  kvkNumber: '12345678',
  iban: 'NL91ABNA0417164300',
  currency: 'EUR',
}

const none = { vatId: null, kvkNumber: null, email: null, peppolId: null } as const

/** Fictitious customers, one for each way in which a customer decides about VAT. */
export const customers = {
  vanDalen: {
    ...none,
    id: 'van-dalen',
    number: '10012',
    name: 'Van Dalen Techniek B.V.',
    address: { street: 'Industrieweg 14', postcode: '3542 AD', city: 'Utrecht', country: 'NL' },
    vatId: 'NL001234567B29',
    vatCase: 'domestic',
    language: 'nl',
    paymentTerm: { days: 30, endOfMonth: false },
  },
  kessler: {
    ...none,
    id: 'kessler',
    number: '10017',
    name: 'Kessler Maschinenbau GmbH',
    address: { street: 'Werkstraße 8', postcode: '48529', city: 'Nordhorn', country: 'DE' },
    vatId: 'DE123456788',
    vatCase: 'eu-business',
    language: 'en',
    paymentTerm: { days: 14, endOfMonth: false },
  },
  maes: {
    ...none,
    id: 'maes',
    number: '10031',
    name: 'Lotte Maes',
    address: { street: 'Lindelaan 5', postcode: '2000', city: 'Antwerpen', country: 'BE' },
    vatCase: 'eu-consumer',
    language: 'nl',
    paymentTerm: { days: 14, endOfMonth: false },
  },
  alder: {
    ...none,
    id: 'alder',
    number: '10032',
    name: 'Alder & Finch Ltd',
    address: { street: '4 Orchard Row', postcode: 'LS1 4AB', city: 'Leeds', country: 'GB' },
    vatCase: 'outside-eu',
    language: 'en',
    paymentTerm: { days: 30, endOfMonth: true },
  },
  meridian: {
    ...none,
    id: 'meridian',
    number: '10034',
    name: 'Meridian Offshore B.V.',
    address: { street: 'Scheepmakershaven 60', postcode: '3011 VB', city: 'Rotterdam', country: 'NL' },
    vatId: 'NL004495445B01',
    vatCase: 'domestic',
    language: 'en',
    currency: 'USD',
    paymentTerm: { days: 30, endOfMonth: false },
  },
  steiger: {
    ...none,
    id: 'steiger',
    number: '10033',
    name: 'Steiger Bouw B.V.',
    address: { street: 'Havenkade 21', postcode: '8011 CD', city: 'Zwolle', country: 'NL' },
    vatId: 'NL009999998B86',
    vatCase: 'domestic-reverse-charge',
    language: 'nl',
    paymentTerm: { days: 30, endOfMonth: false },
  },
} as const satisfies Readonly<Record<string, ExampleCustomer>>
