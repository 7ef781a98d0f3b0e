import { z } from 'zod'

/** The fields that are read of each answer, and no others. */
export const failure = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

export const company = z.object({
  id: z.string(),
  number: z.string(),
  name: z.string(),
  currency: z.string(),
  archived: z.boolean(),
})
export const companies = z.object({ rows: z.array(company) })

const named = { id: z.string(), code: z.string(), name: z.string() }
export const customer = z.object({
  ...named,
  street: z.string().optional(),
  postcode: z.string().optional(),
  city: z.string().optional(),
  country: z.string(),
  email: z.string().optional(),
  vatNumber: z.string().optional(),
  blocked: z.boolean(),
})
export const item = z.object({
  ...named,
  unit: z.string(),
  account: z.string(),
  vatCode: z.string(),
  blocked: z.boolean(),
})
export const account = z.object({ ...named, kind: z.enum(['revenue', 'balance']), blocked: z.boolean() })
export const vatCode = z.object({ ...named, percentage: z.string(), reverseCharge: z.boolean(), blocked: z.boolean() })
export const journal = z.object({ ...named, kind: z.enum(['sales', 'general']) })
export const paymentTerm = z.object({ ...named, days: z.number().int() })

/** Rows changed since a version, in the order of their last change; `last` is where the next page goes on. */
export const changedRows = <S extends z.ZodType>(row: S) =>
  z.object({ rows: z.array(row), gone: z.array(z.string()), more: z.boolean(), last: z.string() })

const line = z.object({
  account: z.string(),
  text: z.string(),
  net: z.string(),
  vatCode: z.string(),
  vat: z.string(),
})
export const entry = z.object({
  id: z.string(),
  number: z.number().int(),
  reference: z.string(),
  invoice: z.string(),
  journal: z.string(),
  customer: z.string(),
  date: z.string(),
  due: z.string(),
  currency: z.string(),
  gross: z.string(),
  vat: z.string(),
  lines: z.array(line),
})
export type SkeletonEntry = z.output<typeof entry>
export const entries = z.object({ rows: z.array(entry), gone: z.array(z.string()) })
export const rights = z.object({ withheld: z.array(z.string()) })

/** A sales entry as it is sent. */
export const entryBody = z.object({
  ...entry.omit({ id: true, number: true, gross: true, vat: true }).shape,
  /** `2026-04` */
  period: z.string(),
  rate: z.string().optional(),
  text: z.string(),
})
export type SkeletonEntryBody = z.output<typeof entryBody>
