import type { components } from '@uurwerk/api/generated/schema.d.ts'
import type { ReactNode } from 'react'
import type { Format } from '../../format.ts'
import type { Column } from '../../table/column.ts'
import type { Say, Word } from '../../words/words.tsx'
import type { Counted, SelectedTotals } from './selected-totals.ts'

type Schemas = components['schemas']
type Facts = 'id' | 'date' | 'memberName' | 'state' | 'approval' | 'rejectedReason' | 'billable' | 'invoice'
/** What every kind of entry tells. */
export type EntryRow = Pick<Schemas['HourEntry'], Facts> & {
  readonly projectName: string | null
  readonly customerName: string | null
  readonly note: string
}

export interface GroupPart {
  readonly key: string | null
  readonly name: string | null
  readonly under: string | null
  readonly count: number
  readonly groups?: readonly GroupPart[] | undefined
}
export interface Totals {
  readonly count: number
  readonly asOf: string
  readonly groups?: readonly GroupPart[] | undefined
}
/** The sums alone, which the whole and each group have alike. */
type SumsOf<Sums extends Totals> = Omit<Sums, 'asOf' | 'groups'>
export type PartOf<Sums extends Totals> = SumsOf<Sums> & GroupPart

/** What a screen knows while it draws columns. */
export interface Drawing {
  readonly t: Say
  readonly format: Format
  readonly seesAll: boolean
  readonly seesMoney: boolean
  /** All amounts are in one currency, which the heads tell. */
  readonly single: boolean
  readonly unit: string | undefined
}

/** A figure of groups, of their entries and of the whole. */
export interface Measure<Row, Sums extends Totals> {
  readonly id: string
  readonly head: string
  readonly unit?: string
  readonly width: number
  readonly from?: number
  readonly ofSums: (sums: SumsOf<Sums>, total: boolean) => ReactNode
  readonly ofRow: (row: Row) => ReactNode
}

export type KindId = 'hours' | 'expenses' | 'trips'
type Query = Readonly<Record<string, string | string[]>>

/** What differs between the overviews of hours, expenses and trips. */
export interface OverviewKind<Row extends EntryRow, Sums extends Totals> {
  readonly id: KindId
  /** As acts call it. */
  readonly acts: 'hours' | 'expense' | 'trip'
  readonly title: Word
  readonly count: (t: Say, count: number, shown: string) => string
  readonly list: (
    query: Query,
    page: { readonly sort: string; readonly limit: number; readonly cursor: string | undefined },
    signal: AbortSignal,
  ) => Promise<{ rows: Row[]; next: string | null }>
  readonly totals: (query: Query, groupBy: readonly string[], signal: AbortSignal) => Promise<Sums>
  readonly sorts: readonly string[]
  readonly groups: readonly string[]
  readonly columns: (drawing: Drawing, totals: Sums | undefined) => ReadonlyArray<Column<Row> | false>
  readonly measures: (drawing: Drawing) => ReadonlyArray<Measure<Row, Sums> | false>
  readonly currencies: (totals: Sums | undefined) => readonly string[]
  /** For the sums of a selection. */
  readonly counted: (row: Row) => Counted
  readonly selected: (totals: Sums) => SelectedTotals
  readonly whole: ((drawing: Drawing, whole: number) => { readonly value: ReactNode; readonly under: string }) | null
  readonly empty: { readonly title: Word; readonly text: Word }
  /** Why its amounts are not to the cent those of invoices; left out where they are. */
  readonly perEntry?: Word
  readonly writes: { readonly word: Word; readonly to: '/f/$firm/time' | '/f/$firm/expenses' | '/f/$firm/trips' }
}
