import type { Migration } from 'kysely/migration'
import * as first from './20261121-0400-first.ts'
import * as registering from './20261121-0900-registering.ts'

/** Named by UTC timestamp, forward only. */
export const migrations: Record<string, Migration> = {
  '20261121-0400-first': first,
  '20261121-0900-registering': registering,
}

/** Tables of which the program's role may only add and read rows. */
export const appendOnlyTables = ['history', 'sent_document', 'posting_step', 'attempt_posting'] as const
