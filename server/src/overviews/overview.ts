import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { SheetColumn } from '../exports/sheet.ts'
import type { Trx } from '../store/database.ts'

/** How rows are brought together: the key in the query, and where the name of a key is found afterwards. */
export interface Grouping {
  readonly key: RawBuilder<unknown>
  /** Of a key that is an id: the table that has its name. */
  readonly named?: 'customer' | 'project' | 'member' | 'activity' | 'expense_category' | 'vehicle'
  /** The key asks what holds an entry. */
  readonly claims?: boolean
}

export interface OverviewColumn extends SheetColumn {
  /** Only for who may see rates. */
  readonly money?: boolean
}

/**
 * What differs between the overviews of hours, expenses and trips. The expressions read the tables that `from` names:
 * `e` the entry, `p` its project, and so on as in `entry-sql`.
 */
export interface Overview {
  /** Words of the export. */
  readonly name: string
  /** ` from … where …` of one firm; joins only what is asked for. */
  readonly from: (firmId: string, asked: Asked) => RawBuilder<unknown>
  /** Added up as they are: whole numbers or decimals. */
  readonly counted: Readonly<Record<string, { readonly value: RawBuilder<unknown>; readonly whole: boolean }>>
  /** Added up per currency; rounded per entry, as an invoice does. */
  readonly money: Readonly<Record<string, RawBuilder<unknown>>>
  /** Money that everybody may see who sees the entry: what somebody paid himself. */
  readonly open?: readonly string[]
  readonly currency: RawBuilder<unknown>
  readonly groups: Readonly<Record<string, Grouping>>
  readonly columns: readonly OverviewColumn[]
}

export interface Asked {
  /** Rates, which cost most. */
  readonly money: boolean
  /** Names of customer, project, activity and person, for a search or for rows that are shown. */
  readonly names: boolean
  /** Invoice and posting that hold an entry. */
  readonly claims: boolean
}

interface Amount {
  readonly currency: string
  readonly amount: string
}
export type Sums = Readonly<Record<string, number | string | readonly Amount[]>>
export interface GroupTotals {
  readonly key: string | null
  readonly name: string | null
  readonly under: string | null
  readonly sums: Sums
  readonly groups?: readonly GroupTotals[]
}

interface TotalsQuery {
  readonly firmId: string
  readonly where: RawBuilder<unknown>
  readonly by: readonly string[]
  readonly seesMoney: boolean
  readonly searching: boolean
}

type Row = Readonly<Record<string, string | number | null>>

/**
 * Totals, groups and groups within groups from one reading of the entries, so that the parts are the whole. The entries
 * are added up to their smallest groups first, and these to the groups above: cheaper than all at once.
 */
export async function totalsOf(trx: Trx, overview: Overview, query: TotalsQuery) {
  const { firmId, where, by, seesMoney, searching } = query
  const groups = by.map((name) => overview.groups[name] as Grouping)
  const counted = Object.entries(overview.counted)
  const amounts = Object.entries(overview.money).filter(([name]) => seesMoney || overview.open?.includes(name))
  const keys = groups.map((_, index) => sql.id(`k${index}`))
  const sets = [sql`(currency)`, ...keys.map((_, index) => sql`(${sql.join(keys.slice(0, index + 1))}, currency)`)]
  const sums = ['count', ...counted.map(([name]) => name), ...amounts.map(([name]) => name)]
  const named = groups.map(({ named }, index) => namesOf(firmId, named, index))
  await suitLargeReading(trx)
  const { rows } = await sql<Row>`
    select t.*${sql.join(
      named.map(({ columns }) => columns),
      sql``,
    )} from (
      select ${keys.length > 0 ? sql`grouping(${sql.join(keys)})` : sql`0`} as level,
        ${sql.join([...keys, sql`currency`, ...sums.map(summed)])}
      from (
        select ${sql.join([...keys, sql`currency`, sql`count(*) as count`, ...sums.slice(1).map(summed)])}
        from (
          select ${sql.join([
            ...groups.map(({ key }, index) => sql`${key} as ${sql.id(`k${index}`)}`),
            sql`${seesMoney || overview.open ? overview.currency : sql`null::text`} as currency`,
            ...counted.map(([name, { value }]) => sql`${value} as ${sql.id(name)}`),
            ...amounts.map(([name, value]) => sql`${value} as ${sql.id(name)}`),
          ])} ${overview.from(firmId, { money: seesMoney, names: searching, claims: groups.some(({ claims }) => claims) })}
          ${where}) entry
        group by ${sql.join([...keys, sql`currency`])}) part
      group by grouping sets (${sql.join(sets)})) t
    ${sql.join(
      named.map(({ join }) => join),
      sql` `,
    )}
    order by ${sql.join([sql`level desc`, ...named.map(({ order }) => order), sql`currency`])}`.execute(trx)

  const empty = [...(overview.open ?? []), ...Object.keys(overview.money)]
  const sumsOf = (parts: readonly Row[]): Sums => ({
    count: whole(parts, 'count'),
    ...Object.fromEntries(
      counted.map(([name, { whole: isWhole }]) => [name, isWhole ? whole(parts, name) : decimals(parts, name)]),
    ),
    ...Object.fromEntries(empty.map((name) => [name, []])),
    ...Object.fromEntries(amounts.map(([name]) => [name, perCurrency(parts, name)])),
  })
  const depthOf = ({ level }: Row) => by.length - Math.log2(Number(level) + 1)
  const at = (depth: number) => rows.filter((row) => depthOf(row) === depth)
  const keyOf = (row: Row, depth: number) => (row[`k${depth - 1}`] ?? null) as string | null
  const grouped = (parts: readonly Row[], depth: number, within: (key: string | null) => GroupTotals[] | undefined) =>
    [...Map.groupBy(parts, (row) => keyOf(row, depth))].map(([key, members]): GroupTotals => {
      const inner = within(key)
      return {
        key,
        name: (members[0]?.[`name${depth - 1}`] ?? null) as string | null,
        under: (members[0]?.[`under${depth - 1}`] ?? null) as string | null,
        sums: sumsOf(members),
        ...(inner ? { groups: inner } : {}),
      }
    })
  const second = Map.groupBy(at(2), (row) => keyOf(row, 1))
  return {
    sums: sumsOf(at(0)),
    groups:
      by.length === 0
        ? undefined
        : grouped(at(1), 1, (key) => (by.length < 2 ? undefined : grouped(second.get(key) ?? [], 2, () => undefined))),
  }
}

/**
 * For the rest of the transaction. Rates join by subject and span of days: the planner takes the several spans of a
 * subject for many, and would sort a million entries to merge them with a few thousand rates.
 */
const suitLargeReading = (trx: Trx) =>
  sql`select set_config('enable_mergejoin', 'off', true), set_config('work_mem', '32MB', true)`.execute(trx)

const summed = (name: string) => sql`coalesce(sum(${sql.id(name)}), 0) as ${sql.id(name)}`

/** Names of ids are looked up once per group, not once per entry. Names sort as people expect. */
function namesOf(firmId: string, table: Grouping['named'], index: number) {
  const [key, name, under] = [sql.id('t', `k${index}`), sql.id(`name${index}`), sql.id(`under${index}`)]
  if (!table) return { columns: sql``, join: sql``, order: sql`${key} nulls first` }
  const [n, u] = [sql.id(`n${index}`), sql.id(`u${index}`)]
  const of = table === 'project'
  return {
    columns: sql`, ${n}.name as ${name}${of ? sql`, ${u}.name as ${under}` : sql``}`,
    join: sql`left join ${sql.id(table)} ${n} on ${n}.firm_id = ${firmId}::uuid and ${n}.id = ${key}
      ${of ? sql`left join customer ${u} on ${u}.firm_id = ${firmId}::uuid and ${u}.id = ${n}.customer_id` : sql``}`,
    order: sql`${n}.name collate "nl-x-icu" nulls first, ${key} nulls first`,
  }
}

const whole = (rows: readonly Row[], name: string): number => rows.reduce((sum, row) => sum + Number(row[name] ?? 0), 0)

const decimals = (rows: readonly Row[], name: string): string => {
  const tenths = rows.reduce((sum, row) => sum + BigInt(String(row[name] ?? '0').replace('.', '')), 0n)
  const text = String(tenths).padStart(2, '0')
  return `${text.slice(0, -1)}.${text.slice(-1)}`
}

const perCurrency = (rows: readonly Row[], name: string): Amount[] =>
  rows.flatMap(({ currency, [name]: amount }) => {
    if (currency === null || amount === null || amount === undefined) return []
    const cents = toCents(decimal(String(amount)))
    return [{ currency: String(currency), amount: cents }]
  })
