import type { Address } from '@uurwerk/core/customers/customer.ts'
import type { InvoiceCustomer, InvoiceFirm } from '@uurwerk/core/invoicing/invoice.ts'
import type { VatPerRate } from '@uurwerk/core/invoicing/totals.ts'
import { isVatTreatment, type VatTreatment, vatCases } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type Decimal, parseDecimal } from '@uurwerk/core/shared/money.ts'
import { z } from 'zod'

// Loose: what an invoice was sent with is kept whole, also by a version that does not know all of it.
const address = z.looseObject({
  street: z.string(),
  postcode: z.string(),
  city: z.string(),
  country: z.string(),
  attention: z.string().nullable().optional(),
}) satisfies z.ZodType<Address>

/** The customer as he was when the invoice was sent. */
export const frozenCustomer = z.looseObject({
  id: z.string(),
  number: z.string().nullable(),
  name: z.string(),
  address: address.nullable(),
  vatId: z.string().nullable(),
  kvkNumber: z.string().nullable(),
  vatCase: z.enum(vatCases).nullable(),
  email: z.string().nullable(),
  peppolId: z.string().nullable(),
}) satisfies z.ZodType<InvoiceCustomer>

/** The firm as it was when the invoice was sent. */
export const frozenFirm = z.looseObject({
  id: z.string(),
  name: z.string(),
  address: address.nullable(),
  country: z.string(),
  vatId: z.string().nullable(),
  kvkNumber: z.string().nullable(),
  iban: z.string().nullable(),
  bic: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
  website: z.string().nullable().optional(),
  logo: z.looseObject({ sha256: z.string(), mediaType: z.string() }).nullable().optional(),
  currency: z.string(),
}) satisfies z.ZodType<InvoiceFirm>

const amount = z.custom<Decimal>((value) => typeof value === 'string' && parseDecimal(value) !== null)

/** The VAT of an invoice, one row for each rate. */
export const storedVatPerRate = z.array(
  z.object({
    treatment: z.custom<VatTreatment>((value) => typeof value === 'string' && isVatTreatment(value)),
    rate: amount,
    base: amount,
    vat: amount,
  }),
) satisfies z.ZodType<readonly VatPerRate<VatTreatment>[]>
