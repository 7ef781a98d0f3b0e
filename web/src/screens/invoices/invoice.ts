import { queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import type { Word } from '../../words/words.tsx'

export type Invoice = components['schemas']['Invoice']
export type InvoiceLine = components['schemas']['InvoiceLine']
export type InvoiceRow = components['schemas']['InvoiceRow']
export type Explained = components['schemas']['Explained']

export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoice', id],
    queryFn: ({ signal }) => answer(api.GET('/invoices/{id}', { params: { path: { id } }, signal })),
  })

export const entriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['invoice-entries', id],
    queryFn: ({ signal }) => answer(api.GET('/invoices/{id}/entries', { params: { path: { id } }, signal })),
  })

/** VAT cases with their class, in the order in which people meet them. */
export const treatments = {
  'domestic-standard': 'invoices.vat.domesticStandard',
  'domestic-intermediate': 'invoices.vat.domesticIntermediate',
  'domestic-reduced': 'invoices.vat.domesticReduced',
  'domestic-zero': 'invoices.vat.domesticZero',
  'domestic-exempt': 'invoices.vat.domesticExempt',
  'domestic-reverse-charge': 'invoices.vat.domesticReverseCharge',
  'eu-business': 'invoices.vat.euBusiness',
  'eu-consumer-standard': 'invoices.vat.euConsumerStandard',
  'eu-consumer-intermediate': 'invoices.vat.euConsumerIntermediate',
  'eu-consumer-reduced': 'invoices.vat.euConsumerReduced',
  'eu-consumer-zero': 'invoices.vat.euConsumerZero',
  'eu-consumer-exempt': 'invoices.vat.euConsumerExempt',
  'outside-eu': 'invoices.vat.outsideEu',
  disbursement: 'invoices.vat.disbursement',
} as const satisfies Record<string, Word>

export const treatmentWord = (treatment: string): Word | undefined =>
  (treatments as Readonly<Record<string, Word>>)[treatment]

export const units = {
  hour: 'invoices.unit.hour',
  day: 'invoices.unit.day',
  month: 'invoices.unit.month',
  piece: 'invoices.unit.piece',
  km: 'invoices.unit.km',
} as const satisfies Record<string, Word>
export type Unit = keyof typeof units

/** How far what is billed lies from what was registered, in minutes; null when it is the same or cannot be compared. */
export function billedBeside(line: Pick<InvoiceLine, 'quantity' | 'unit' | 'realMinutes'>): number | null {
  if (line.realMinutes === null || line.unit !== 'hour') return null
  // Whole minutes for the eye only; nothing is computed with them.
  const billed = Math.round(Number(line.quantity) * 60)
  return billed === line.realMinutes ? null : billed - line.realMinutes
}

/** The first line of a description says what, the rest says more. */
export function twoParts(description: string): { readonly first: string; readonly rest: string } {
  const [first = '', ...rest] = description.split('\n')
  return { first, rest: rest.join('\n') }
}
