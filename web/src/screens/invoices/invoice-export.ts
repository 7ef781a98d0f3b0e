import type { Selecting } from '../../table/selection.ts'
import type { InvoiceRow } from './invoice.ts'
import { filterOf, type InvoiceSearch } from './invoice-filters.ts'

export type ExportFormat = 'csv' | 'xlsx' | 'pdf-zip' | 'ubl-zip' | 'xaf'
/** Those that are made document by document, or ask something first. */
export type LongFormat = Exclude<ExportFormat, 'csv' | 'xlsx'>

/** More than these do not fit into the address of an export; then everything that matches is to be selected. */
export const mostIds = 200

/** What is meant by an export, as far as it is known here. */
export interface Exported {
  /** As the API takes it. */
  readonly query: () => URLSearchParams
  /** Null when not everything that is meant was read yet. */
  readonly known: { readonly sent: number; readonly drafts: number } | null
  /** Calendar years of what was sent, last first; those it may be of where that is not known. */
  readonly years: readonly number[]
}

/** Everything the list finds, or what is selected of it. */
export function exportedOf(about: {
  readonly search: InvoiceSearch
  readonly rows: readonly InvoiceRow[]
  /** All that is meant is among the rows. */
  readonly complete: boolean
  readonly selecting?: Selecting
  readonly today: string
}): Exported {
  const { search, rows, complete, selecting, today } = about
  const sent = rows.filter(({ state }) => state !== 'draft')
  return {
    query: () => queryOf(search, selecting),
    known: complete ? { sent: sent.length, drafts: rows.length - sent.length } : null,
    years: complete && sent.length > 0 ? yearsOf(sent) : possibleYears(search, today),
  }
}

function queryOf(search: InvoiceSearch, selecting: Selecting | undefined): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filterOf(search)))
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) query.append(name, one)
  if (!selecting) return query
  const { selection } = selecting
  for (const id of selection.kind === 'ids' ? selection.ids : selection.except)
    query.append(selection.kind === 'ids' ? 'ids' : 'except', id)
  return query
}

const yearIn = (date: string): number => Number(date.slice(0, 4))

const yearsOf = (rows: readonly InvoiceRow[]): readonly number[] =>
  [...new Set(rows.map(({ date }) => yearIn(date)))].sort((a, b) => b - a)

/** The years of the filter; without one the last ten. */
function possibleYears({ from, until }: InvoiceSearch, today: string): readonly number[] {
  const last = yearIn(until ?? today)
  const first = from ? Math.min(yearIn(from), last) : last - 9
  return Array.from({ length: Math.min(last - first, 29) + 1 }, (_, before) => last - before)
}

/** The same of one calendar year alone. */
export function withinYear(query: URLSearchParams, year: number): URLSearchParams {
  const narrowed = new URLSearchParams(query)
  const [first, last] = [`${year}-01-01`, `${year}-12-31`]
  const [from, until] = [query.get('from'), query.get('until')]
  narrowed.set('from', from && from > first ? from : first)
  narrowed.set('until', until && until < last ? until : last)
  return narrowed
}
