import { calendarDate as calendarDateSchema } from '@uurwerk/api/shapes.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'

/** The place after the last row of a page, opaque to the caller. Pages go by key, never by counting rows. */
export const cursorOf = (key: readonly (string | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url')

/** What stands at a place of a key, so that a cursor of another list or order is refused and not asked the database. */
const parts = {
  text: /^[^\0]*$/,
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  number: /^\d{1,9}$/,
  long: /^\d{1,18}$/,
  amount: /^-?\d{1,16}(\.\d{1,4})?$/,
} as const
export type KeyPart = keyof typeof parts | 'date'

const fitsPart = (text: string, part: KeyPart): boolean =>
  part === 'date' ? calendarDateSchema.safeParse(text).success : parts[part].test(text)

/** The key in a cursor; refuses one that we did not give. */
export function keyOf(cursor: string | undefined, wanted: readonly KeyPart[]): string[] | undefined {
  if (cursor === undefined) return undefined
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown
    const fits = (part: unknown, index: number) =>
      typeof part === 'string' && part.isWellFormed() && fitsPart(part, wanted[index] as KeyPart)
    if (Array.isArray(key) && key.length === wanted.length && key.every(fits)) return key
  } catch {
    // Said below, in the same words.
  }
  throw new ProblemError({
    kind: 'input',
    code: 'input-wrong',
    fields: [{ pointer: '/query/cursor', code: 'cursor-unknown' }],
  })
}

/** Asked for one row more than fits: whether it came tells whether there is a next page. */
export function pageOf<Row, Answer>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => readonly string[],
  answer: (row: Row) => Answer,
): { rows: Answer[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(answer), next: rows.length > limit && last ? cursorOf(key(last)) : null }
}

/** Text that a person searches by, for `ilike`: what has a meaning there is taken as it stands. */
export const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`

// Names sort as people expect, which the database's own order of bytes does not do.
/** Order by name as a reader expects. */
export const byName: RawBuilder<string> = sql<string>`name collate "nl-x-icu"`
/** Rows after a name and id in that order. */
export const afterName = (name: string, id: string): RawBuilder<boolean> =>
  sql<boolean>`(name collate "nl-x-icu", id) > (${name}::text collate "nl-x-icu", ${id}::uuid)`
