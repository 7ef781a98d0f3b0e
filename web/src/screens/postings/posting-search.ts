import { date, flag, ids, readSearch, type SearchOf, text } from '../../table/search.ts'
import { type PostingState, segments } from './posting-state.tsx'

const readers = {
  state: ids,
  kind: ids,
  connectionId: ids,
  package: ids,
  customerId: ids,
  from: date,
  until: date,
  differs: flag,
  search: text,
  sort: text,
  posting: text,
}
export const postingsSearch = readSearch(readers)
export type PostingsSearch = SearchOf<typeof readers>

export type View = 'all' | keyof typeof segments
const isSegment = (word: string): word is keyof typeof segments => word in segments
const sorts = ['made', 'moved', 'label', 'customer', 'gross'] as const
type SortKey = (typeof sorts)[number]
export type Sort = SortKey | `-${SortKey}`

const isSort = (word: string | undefined): word is Sort => sorts.some((key) => word === key || word === `-${key}`)

/** A segment may stand in the address by its name. */
const statesOf = (search: PostingsSearch): string[] =>
  (search.state ?? []).flatMap((word) => (isSegment(word) ? [...segments[word]] : [word]))

/** Which segment the address shows; null for other states than any of them. */
export function viewOf(search: PostingsSearch): View | null {
  const states = statesOf(search)
  if (states.length === 0) return 'all'
  const found = (Object.keys(segments) as (keyof typeof segments)[]).find(
    (name) => segments[name].length === states.length && segments[name].every((state) => states.includes(state)),
  )
  return found ?? null
}

/** Whether what needs somebody is among what the address shows. */
export function showsNeeding(search: PostingsSearch): boolean {
  const states = statesOf(search)
  return states.length === 0 || segments['needs-you'].some((state) => states.includes(state))
}

/** What the API is asked for. */
export function filterOf(from: PostingsSearch) {
  const { posting: _, sort, state: __, differs, ...search } = from
  const states = statesOf(from) as PostingState[]
  return {
    ...search,
    ...(differs === undefined ? {} : { differs: differs ? ('true' as const) : ('false' as const) }),
    ...(states.length > 0 ? { state: states } : {}),
    ...(isSort(sort) ? { sort } : {}),
  }
}

export const isFiltered = ({ posting: _, sort: __, ...search }: PostingsSearch): boolean =>
  Object.values(search).some((value) => value !== undefined)
