import { type CalendarDate, parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { z } from 'zod'

/** Literals of OData v2 (Uri Conventions, 6): what stands in a filter. */
export const literal = {
  guid: (id: string): string => `guid'${id.replaceAll("'", "''")}'`,
  text: (value: string): string => `'${value.replaceAll("'", "''")}'`,
  int64: (digits: string): string => `${digits}L`,
  date: (date: CalendarDate): string => `datetime'${date}T00:00:00'`,
}

export const anyOf = (parts: readonly string[]): string =>
  parts.length === 1 ? parts.join() : `(${parts.join(' or ')})`
export const allOf = (parts: readonly string[]): string => parts.join(' and ')

export interface Query {
  readonly select: readonly string[]
  readonly filter?: string
  readonly orderBy?: string
  readonly top?: number
}

/** `Resource?$select=…`. Every value is percent-encoded; the `$` of the option names is not. */
export function withQuery(resource: string, { select, filter, orderBy, top }: Query): string {
  const options = [
    ...(filter === undefined ? [] : [`$filter=${encodeURIComponent(filter)}`]),
    ...(orderBy === undefined ? [] : [`$orderby=${encodeURIComponent(orderBy)}`]),
    ...(top === undefined ? [] : [`$top=${top}`]),
    `$select=${encodeURIComponent(select.join(','))}`,
  ]
  return `${resource}?${options.join('&')}`
}

/** `{"d":{"results":[…],"__next":"…"}}`, or `{"d":[…]}` where a list has no pages. */
export const listOf = <S extends z.ZodType>(row: S) =>
  z
    .object({
      d: z.union([
        z.array(row).transform((results) => ({ results, __next: undefined })),
        z.object({ results: z.array(row), __next: z.string().nullish() }),
      ]),
    })
    .transform(({ d }) => ({ rows: d.results, next: d.__next ?? undefined }))

/** `{"d":{…}}`: one by its key, or what was just made. */
export const singleOf = <S extends z.ZodType>(row: S) =>
  z.object({ d: row }).transform((body) => (body as { d: z.output<S> }).d)

/** `{"error":{"message":{"value":"…"}}}`; undefined when the body says nothing of the kind. */
export function errorTextIn(body: unknown): string | undefined {
  const found = errorBody.safeParse(body)
  const text = found.success ? found.data.error.message : ''
  return text.trim() === '' ? undefined : text
}

const errorBody = z.object({
  error: z.object({
    message: z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)]),
  }),
})

/** Fields as they come: fixed-width codes are padded with blanks, the absent is null, empty or left out. */
export const field = {
  guid: z.guid(),
  maybeGuid: z
    .guid()
    .nullish()
    .transform((id) => id ?? undefined),
  code: z.string().transform((text) => text.trim()),
  text: z
    .string()
    .nullish()
    .transform((text) => text?.trim() || undefined),
  flag: z
    .boolean()
    .nullish()
    .transform((value) => value === true),
  /** Bytes, Int16 and Int32; Int64 comes as text. */
  whole: z.union([
    z.number().int(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ]),
  maybeWhole: z
    .union([
      z.number().int(),
      z
        .string()
        .regex(/^-?\d+$/)
        .transform(Number),
    ])
    .nullish()
    .transform((value) => value ?? undefined),
  /** A row version: digits, compared as a bigint, never as a number. */
  rowVersion: z.union([z.string().regex(/^\d+$/), z.number().int().nonnegative().transform(String)]),
  amount: z.union([z.number(), z.string()]),
  maybeAmount: z
    .union([z.number(), z.string()])
    .nullish()
    .transform((value) => value ?? undefined),
  /** `/Date(1723420800000)/`: midnight UTC of the day that is meant. */
  maybeDate: z
    .string()
    .nullish()
    .transform((text, context): CalendarDate | undefined => {
      if (text === null || text === undefined || text === '') return undefined
      const date = dateFrom(text)
      if (date === null) context.issues.push({ code: 'custom', message: 'not a date', input: text })
      return date ?? undefined
    }),
}

function dateFrom(text: string): CalendarDate | null {
  const ticks = /^\/Date\((-?\d+)\)\/$/.exec(text)?.[1]
  if (ticks === undefined) return parseCalendarDate(text.slice(0, 10))
  const instant = new Date(Number(ticks))
  return Number.isNaN(instant.getTime()) ? null : parseCalendarDate(instant.toISOString().slice(0, 10))
}
