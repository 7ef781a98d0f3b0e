import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'

export type Uninvoiced = components['schemas']['Uninvoiced']
type CustomerRow = Uninvoiced['customers'][number]
export type Sums = Uninvoiced['totals'][number]
export type ProjectRow = CustomerRow['projects'][number]
export type SplitBy = 'customer' | 'bill-to' | 'project' | 'order-number'

/** What stands in the address. */
export interface UninvoicedSearch {
  readonly asAt?: string
  /** Only what is of this day or before it, as far as it is free now. */
  readonly until?: string
  readonly customerId?: string[]
  readonly projectId?: string[]
  readonly teamId?: string[]
  readonly managerId?: string[]
  readonly group?: 'none'
}

/** A project as the table shows it, with who pays for it. */
export interface ShownRow extends ProjectRow {
  readonly id: string
  readonly customer: CustomerRow
}

export const filterOf = ({ group: _, ...filter }: UninvoicedSearch) => filter

export const uninvoicedQuery = (search: UninvoicedSearch) =>
  queryOptions({
    queryKey: ['uninvoiced', filterOf(search)],
    queryFn: ({ signal }) => answer(api.GET('/uninvoiced', { params: { query: filterOf(search) }, signal })),
    placeholderData: keepPreviousData,
  })

export const shownRows = ({ customers }: Uninvoiced): readonly ShownRow[] =>
  customers.flatMap((customer) =>
    customer.projects.map((row) => ({ ...row, id: `${row.projectId} ${row.currency}`, customer })),
  )

export const isFixedPrice = (method: string): boolean => method === 'fixed-price' || method === 'fixed-per-activity'

export const isHourly = (method: string): boolean => method.startsWith('hourly-')

/** How many drafts a choice of projects becomes: for who pays, one per customer, project or order number. */
export function draftCount(rows: readonly ShownRow[], splitBy: SplitBy): number {
  const keys = rows
    .filter(({ oldest }) => oldest !== null)
    .map(({ customer, projectId, orderNumber }) => {
      const part = {
        customer: customer.customerId,
        'bill-to': '',
        project: projectId,
        'order-number': orderNumber ?? '',
      }[splitBy]
      return `${customer.billTo?.id ?? customer.customerId} ${part}`
    })
  return new Set(keys).size
}

/** More projects than this are invoiced in turns: a filter names at most so many. */
export const mostProjects = 200

/** What is due on the chosen projects, as the API takes it. */
export function selectionOf(
  rows: readonly ShownRow[],
  { asAt, approval, isToday, teamId }: { asAt: string; approval: boolean; isToday: boolean; teamId?: string[] },
) {
  const of = (list: readonly ShownRow[]) =>
    list.length === 0
      ? undefined
      : {
          filter: {
            projectId: [...new Set(list.map(({ projectId }) => projectId))],
            state: ['free' as const],
            billable: true,
            ...(approval ? { approval: ['approved' as const] } : {}),
            // Approved work of days to come is invoiced too, when one looks at today.
            ...(approval && isToday ? {} : { until: asAt }),
            ...(teamId ? { teamId } : {}),
          },
          except: [],
        }
  const hours = of(rows.filter((row) => isHourly(row.method) && row.hours.minutes > 0))
  const expenses = of(rows.filter(({ expenses: { count } }) => count > 0))
  const trips = of(rows.filter((row) => !/^0*\.?0*$/.test(row.trips.km)))
  return {
    ...(hours ? { hours } : {}),
    ...(expenses ? { expenses } : {}),
    ...(trips ? { trips } : {}),
    instalmentIds: rows.flatMap(({ instalments }) => instalments.map(({ id }) => id)),
    subscriptionPeriodIds: rows.flatMap(({ periods }) => periods.map(({ id }) => id)),
  }
}
