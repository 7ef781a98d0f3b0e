import { z } from 'zod'
import { roles } from './rights.ts'

/** Shapes that many routes share. Amounts are decimal text, dates calendar dates, instants ISO 8601 in UTC. */
export const id = z.uuid().meta({ description: 'Identity (uuid)' })
export const version = z.int().min(1).meta({ description: 'Send it back in If-Match' })
export const calendarDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => isDay(text), { error: 'no-such-day' })
  .meta({ format: 'date', example: '2026-03-31' })
export const instant = z.iso.datetime().meta({ example: '2026-03-31T12:00:00Z' })
export const decimal = z
  .string()
  .regex(/^-?\d{1,14}(\.\d{1,8})?$/)
  .meta({ description: 'Exact decimal as text', example: '104.00' })
export const positiveDecimal = z
  .string()
  .regex(/^\d{1,14}(\.\d{1,4})?$/)
  .meta({ description: 'Exact decimal as text, not negative, at most four decimals', example: '104.00' })
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ example: 'EUR' })
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .meta({ example: 'NL' })
export const language = z.enum(['nl', 'en'])
export const role = z.enum(roles)
export const shortText = (most: number) => z.string().trim().min(1).max(most).regex(printable)
export const optionalText = (most: number) => z.string().trim().max(most).regex(printable).nullable()
// Every letter and sign a person can type, but no control characters besides the line break and tab.
const printable = /^(?:[\t\n\r]|\P{Cc})*$/u
export const longText = (most: number) => z.string().max(most).regex(printable)
export const email = z.email().max(100)
export const durationMinutes = z.int().min(1).max(1440).meta({ description: 'Minutes', example: 90 })

export const address = z.object({
  line1: optionalText(60).optional(),
  line2: optionalText(60).optional(),
  postcode: optionalText(20).optional(),
  city: optionalText(40).optional(),
  country: country.nullable().optional(),
})
export type Address = z.output<typeof address>

export const vatCase = z.enum(['domestic', 'eu-business', 'eu-consumer', 'outside-eu', 'domestic-reverse-charge'])
export const vatClass = z.enum(['standard', 'intermediate', 'reduced', 'zero', 'exempt'])

export const paging = {
  cursor: z.string().max(400).optional().meta({ description: 'From `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}
export const page = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row), next: z.string().nullable() })
/** A switch in the address: `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
export const many = <T extends z.ZodType>(one: T) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(one).max(200).optional(),
  )

export const byId = z.object({ id })

/** Rows chosen one by one, or everything that a filter finds, as it was at an instant. */
export const selectionOf = <F extends z.ZodType>(filter: F) =>
  z.union([
    z.object({ ids: z.array(id).min(1).max(5000) }),
    z.object({
      filter,
      except: z.array(id).max(5000).default([]),
      count: z.int().min(1).optional(),
      asOf: instant.optional(),
    }),
  ])

/** RFC 9457, with what a person can do about it. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    cause: z.string(),
    remedy: z.string(),
    detail: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
    currentVersion: z.int().optional(),
    current: z.unknown().optional(),
    request: z.string().optional(),
    theirWords: z.string().optional(),
    link: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type ApiProblem = z.output<typeof problem>

/** A problem that belongs to a document or a row, in the reader's language. */
export const explained = z
  .object({
    kind: z.string(),
    code: z.string(),
    cause: z.string(),
    remedy: z.string(),
    values: z.record(z.string(), z.string()),
    theirWords: z.string().nullable(),
    theirStatus: z.int().nullable(),
    link: z.string().nullable(),
  })
  .meta({ id: 'Explained' })

function isDay(text: string): boolean {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number]
  if (year < 1900 || month < 1 || month > 12 || day < 1) return false
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}
