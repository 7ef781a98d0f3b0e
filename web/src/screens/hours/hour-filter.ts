type State = 'free' | 'reserved' | 'invoiced' | 'written-off'
type Approval = 'open' | 'submitted' | 'approved' | 'rejected'

/** What stands in the address of the overview. */
export interface HoursSearch {
  readonly from?: string
  readonly until?: string
  readonly customerId?: string[]
  readonly projectId?: string[]
  readonly memberId?: string[]
  readonly activityId?: string[]
  readonly billable?: boolean
  readonly state?: State[]
  readonly approval?: Approval[]
  readonly search?: string
  readonly sort?: string
  readonly group?: 'customer' | 'project' | 'person'
  readonly entry?: string
}

export type HourGroup = NonNullable<HoursSearch['group']>

const sorts = ['date', '-date', 'minutes', '-minutes'] as const
export type HourSort = (typeof sorts)[number]

/** The part of the address that says which hours; how they are shown is left out. */
export function filterOf({ sort: _, group: __, entry: ___, ...filter }: HoursSearch) {
  return filter
}

/** The same for a GET, where a switch is text. */
export function queryOf(search: HoursSearch) {
  const { billable, ...filter } = filterOf(search)
  return {
    ...filter,
    ...(billable === undefined ? {} : { billable: billable ? ('true' as const) : ('false' as const) }),
  }
}

/** Grouped hours come by group; else as chosen in the head of the table. */
export const sortOf = ({ sort, group }: HoursSearch): HourSort | HourGroup =>
  group ?? sorts.find((known) => known === sort) ?? '-date'
