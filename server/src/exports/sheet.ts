import type { RawBuilder } from 'kysely'
import { wrongField } from '../http/problems.ts'

/** One column of an export, wherever it goes: text stays text, figures and dates stay figures and dates. */
export interface SheetColumn {
  /** As a person chooses it: `columns=date,person`. */
  readonly id: string
  /** Words of its head. */
  readonly head: string
  readonly kind: 'text' | 'date' | 'decimal' | 'yes-no' | 'word'
  /** In the query of the sheet; nothing where there is nothing. */
  readonly value: RawBuilder<unknown>
  /** What the stored words of a `word` are called: stored → words. */
  readonly words?: Readonly<Record<string, string>>
  /** Left out until it is asked for. */
  readonly extra?: boolean
}

/** Rows of the database as a file: its columns, and where they come from. */
export interface Sheet {
  /** Words of the file and its only sheet. */
  readonly name: string
  readonly columns: readonly SheetColumn[]
  /** ` from … where … order by …`, without the columns. */
  readonly rows: RawBuilder<unknown>
}

/** The columns that are named, with commas between and in that order; without names the usual ones. */
export function namedColumns<Column extends SheetColumn>(
  columns: readonly Column[],
  names: string | undefined,
): readonly Column[] {
  if (names === undefined) return columns.filter(({ extra }) => !extra)
  return [...new Set(names.split(','))].map((id) => {
    const column = columns.find((one) => one.id === id)
    if (!column) throw wrongField('/query/columns', 'not-one-of', { choices: columns.map((one) => one.id).join(', ') })
    return column
  })
}
