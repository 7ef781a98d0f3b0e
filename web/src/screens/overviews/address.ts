import { addDays, type CalendarDate, calendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { date, flag, ids, manyOf, readSearch, text } from '../../table/search.ts'

const shared = {
  from: date,
  until: date,
  customerId: ids,
  projectId: ids,
  memberId: ids,
  teamId: ids,
  tag: ids,
  billable: flag,
  state: manyOf('free', 'reserved', 'invoiced', 'written-off'),
  approval: manyOf('open', 'submitted', 'approved', 'rejected'),
  search: text,
  sort: text,
  /** One or two, the second within the first. */
  group: ids,
  /** The saved view that this began as. */
  view: text,
  entry: text,
}

/** What stands in the address of each overview. */
export const hoursSearch = readSearch({ ...shared, activityId: ids })
export const expensesSearch = readSearch({
  ...shared,
  categoryId: ids,
  reimbursable: flag,
  reimbursed: flag,
  receipt: flag,
})
export const tripsSearch = readSearch({
  ...shared,
  vehicleId: ids,
  tripKind: manyOf('business', 'commute', 'private'),
  reimbursable: flag,
  reimbursed: flag,
})

export type OverviewSearch = Partial<
  ReturnType<typeof hoursSearch> & ReturnType<typeof expensesSearch> & ReturnType<typeof tripsSearch>
>
export type FilterPatch = Readonly<Record<string, string | string[] | boolean | undefined>>

/** The part of the address that says which entries; how they are shown is left out. */
export function filterOf({ sort: _, group: __, view: ___, entry: ____, ...filter }: OverviewSearch) {
  return filter
}

/** The same for a GET, where a switch is text. */
export const queryOf = (search: OverviewSearch): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(filterOf(search)).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, typeof value === 'boolean' ? String(value) : value]],
    ),
  )

const byId: Readonly<Record<string, string>> = {
  customer: 'customerId',
  project: 'projectId',
  person: 'memberId',
  activity: 'activityId',
  category: 'categoryId',
  vehicle: 'vehicleId',
  kind: 'tripKind',
  state: 'state',
  approval: 'approval',
}

const later = (a: string, b: string | undefined) => (b !== undefined && b > a ? b : a)
const earlier = (a: string, b: string | undefined) => (b !== undefined && b < a ? b : a)

/** The filter that finds one group alone; null for what has none, such as work without a customer. */
export function narrowTo(by: string, key: string | null, within: OverviewSearch): FilterPatch | null {
  if (key === null) return null
  const name = byId[by]
  if (name) return { [name]: [key] }
  const first: CalendarDate = calendarDate(key)
  const last = by === 'week' ? addDays(first, 6) : endOfMonth(first)
  return { from: later(first, within.from), until: earlier(last, within.until) }
}
