import type { overviewRoutes } from '@uurwerk/api/overviews.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import { type EntryFilter, oneOf } from '../entries/entry-sql.ts'
import { whereOf as expensesWhere } from '../entries/expense-rows.ts'
import { whereOf as hoursWhere } from '../entries/hour-rows.ts'
import { whereOf as tripsWhere } from '../entries/trip-rows.ts'
import { visibleSql } from '../entries/visible.ts'
import { exportAnswer } from '../exports/export-answer.ts'
import { namedColumns } from '../exports/sheet.ts'
import type { Actor, FirmCall, FreeCall, Handlers } from '../http/call.ts'
import { expensesOverview } from '../overviews/expenses.ts'
import { hoursOverview } from '../overviews/hours.ts'
import { type GroupTotals, type Overview, type OverviewColumn, type Sums, totalsOf } from '../overviews/overview.ts'
import { tripsOverview } from '../overviews/trips.ts'

export const overviewHandlers: Handlers<keyof typeof overviewRoutes> = {
  totalHours: ({ query: { groupBy, ...filter }, ...call }) =>
    totalsAnswer(call, hoursOverview, hoursWhere(filter), filter, groupBy),
  totalExpenses: ({ query: { groupBy, ...filter }, ...call }) =>
    totalsAnswer(call, expensesOverview, expensesWhere(filter), filter, groupBy),
  totalTrips: ({ query: { groupBy, ...filter }, ...call }) =>
    totalsAnswer(call, tripsOverview, tripsWhere(filter), filter, groupBy),
  exportExpenses: { free: ({ query, ...call }) => exported(call, expensesOverview, expensesWhere(query), query) },
  exportTrips: { free: ({ query, ...call }) => exported(call, tripsOverview, tripsWhere(query), query) },
  exportHours: { free: ({ query, ...call }) => exported(call, hoursOverview, hoursWhere(query), query) },
}

type Flat = Sums & Readonly<Record<'key' | 'name' | 'under', string | null>>
const flat = ({ sums, groups, ...part }: GroupTotals): Flat & { groups?: Flat[] } =>
  ({ ...part, ...sums, ...(groups ? { groups: groups.map(flat) } : {}) }) as never

/** Typed by the table of the kind: the names of its sums are those of the route's answer. */
async function totalsAnswer<Answer>(
  { trx, firmId, actor, now }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'now'>,
  overview: Overview,
  where: RawBuilder<unknown>,
  filter: EntryFilter,
  groupBy: readonly string[] = [],
): Promise<Answer> {
  const { sums, groups } = await totalsOf(trx, overview, {
    firmId,
    where: sql`${where}${visibleSql(actor, 'e')}`,
    by: [...new Set(groupBy)],
    seesMoney: actor.rights.has('rates:read'),
    searching: filter.search !== undefined,
  })
  return { ...sums, asOf: now.toISOString(), ...(groups ? { groups: groups.map(flat) } : {}) } as Answer
}

interface Exporting {
  readonly format: 'csv' | 'xlsx'
  readonly columns?: string | undefined
  readonly separator?: 'comma' | 'semicolon' | undefined
  readonly ids?: readonly string[] | undefined
  readonly except?: readonly string[] | undefined
  readonly sort: 'date' | '-date'
}

function exported(
  call: Pick<FreeCall<never>, 'services' | 'firmId' | 'firm' | 'actor' | 'language' | 'now'>,
  overview: Overview,
  where: RawBuilder<unknown>,
  { format, columns, separator, ids, except, sort }: Exporting,
) {
  const chosen = columnsOf(overview, call.actor, columns)
  const { firmId, actor } = call
  const taken = sql`${oneOf(sql`e.id`, ids, 'uuid')}
    ${except && except.length > 0 ? sql` and e.id <> all(${[...except]}::uuid[])` : sql``}`
  return exportAnswer(
    call,
    {
      name: overview.name,
      columns: chosen,
      rows: sql`${overview.from(firmId, { money: chosen.some(({ money }) => money), names: true, claims: true })}
        ${where}${taken}${visibleSql(actor, 'e')}
        order by ${sort === 'date' ? sql`e.date, e.id` : sql`e.date desc, e.id desc`}`,
    },
    { format, ...(separator ? { separator: separator === 'comma' ? (',' as const) : (';' as const) } : {}) },
  )
}

/** Columns as asked for; the usual ones of those a person may see when nothing is asked. */
function columnsOf({ columns }: Overview, { rights }: Actor, asked: string | undefined): readonly OverviewColumn[] {
  const named = namedColumns(columns, asked)
  if (rights.has('rates:read')) return named
  if (asked !== undefined && named.some(({ money }) => money))
    throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'rates:read' } })
  return named.filter(({ money }) => !money)
}
