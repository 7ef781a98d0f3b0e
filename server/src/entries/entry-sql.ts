import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../store/database.ts'

/**
 * What the queries of hours, expenses and trips share. In all of them `e` is the entry, `p` its project, `k` the
 * customer of that, `m` the person, `c` the live claim, `i` the invoice, `pc` the posting of the claim and `d` the document
 * that it makes in the package.
 */
export type EntryKind = 'hours' | 'expense' | 'trip'

export const tableOf = { hours: 'hour_entry', expense: 'expense', trip: 'trip' } as const satisfies Record<
  EntryKind,
  string
>

export interface EntryFilter {
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly customerId?: readonly string[] | undefined
  readonly projectId?: readonly string[] | undefined
  readonly memberId?: readonly string[] | undefined
  readonly teamId?: readonly string[] | undefined
  readonly tag?: readonly string[] | undefined
  readonly billable?: boolean | undefined
  readonly state?: readonly string[] | undefined
  readonly approval?: readonly string[] | undefined
  readonly search?: string | undefined
}

/** Project, customer and person of an entry. */
export const peopleAndProject = sql`
  left join project p on p.firm_id = e.firm_id and p.id = e.project_id
  left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
  join member m on m.firm_id = e.firm_id and m.id = e.member_id`

/** The same for a condition or an order: each finds one row at most, so that those nobody asks cost nothing. */
export const looseJoins = sql`
  left join project p on p.firm_id = e.firm_id and p.id = e.project_id
  left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
  left join member m on m.firm_id = e.firm_id and m.id = e.member_id`

export const ofFirm = (firmId: string) => sql`where e.firm_id = ${firmId}::uuid and e.deleted_at is null`

interface Page {
  readonly kind: EntryKind
  readonly firmId: string
  readonly where: RawBuilder<unknown>
  readonly order: RawBuilder<unknown>
  readonly limit: number
  /** Beside project, customer and person, what a condition asks. */
  readonly asked?: RawBuilder<unknown>
}

/** The entries of a page as `e`, found first: what hangs on them is read for these alone. */
const pageSql = ({ kind, firmId, where, order, limit, asked }: Page) => sql`(
  select e.* from ${sql.table(tableOf[kind])} e ${looseJoins} ${asked ?? sql``} ${ofFirm(firmId)} ${where}
  order by ${order} limit ${limit}) e`

export interface EntryQuery {
  readonly firmId: string
  readonly where: RawBuilder<unknown>
  readonly order?: RawBuilder<unknown>
  readonly limit?: number
  /** Locks the entries, for those who are about to claim them. */
  readonly lock?: boolean
}

interface Reading {
  readonly kind: EntryKind
  readonly columns: RawBuilder<unknown>
  readonly joins: RawBuilder<unknown>
  /** Beside project, customer and person, what a condition asks. */
  readonly asked?: RawBuilder<unknown>
}

export async function readEntries<Row>(
  trx: Trx,
  { kind, columns, joins, asked }: Reading,
  { firmId, where, order = sql`e.date, e.id`, limit, lock }: EntryQuery,
): Promise<Row[]> {
  const found =
    limit === undefined
      ? sql`${sql.table(tableOf[kind])} e`
      : pageSql({ kind, firmId, where, order, limit, ...(asked ? { asked } : {}) })
  const { rows } = await sql<Row>`
    select ${columns}
    from ${found} ${joins}
    ${limit === undefined ? sql`${ofFirm(firmId)} ${where}` : sql``}
    order by ${order}
    ${lock ? sql`for update of e` : sql``}`.execute(trx)
  return rows
}

/** Of a claim `c`: the posting `pc` that holds it, and the document `d` that it makes in the package. */
export const heldByPackage = sql`left join posting pc on pc.firm_id = c.firm_id and pc.id = c.posting_id
  left join package_invoice d on d.firm_id = pc.firm_id and d.id = pc.subject_id`

/** Of an invoice `i` and a document `d` in the package, one of which holds it: as the API tells it. */
export const holderColumns = sql`coalesce(i.id, d.id) as "claimedInvoiceId",
  coalesce(i.number, d.their_number) as "claimedInvoiceNumber", (d.id is not null) as "claimedInPackage"`

export interface HolderRow {
  readonly claimedInvoiceId: string | null
  readonly claimedInvoiceNumber: string | null
  readonly claimedInPackage: boolean
}

export const toHolder = ({ claimedInvoiceId, claimedInvoiceNumber, claimedInPackage }: HolderRow) =>
  claimedInvoiceId ? { id: claimedInvoiceId, number: claimedInvoiceNumber, inPackage: claimedInPackage } : null

/** What holds an entry. Only a claimed one is looked up. */
export const claimJoin = (kind: EntryKind) => sql`
  left join claim c on e.claimed and c.firm_id = e.firm_id and c.entry_kind = ${sql.lit(kind)} and c.entry_id = e.id and c.released_at is null
  left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
  ${heldByPackage}`

/** The word on the screen, derived from claim and write-off as `wordOf` in core does; asks for `claimJoin`. */
export const stateSql = sql<'free' | 'reserved' | 'invoiced' | 'written-off'>`case
  when e.claimed and (i.state in ('sent', 'credited') or (c.invoice_id is null and pc.state = 'posted')) then 'invoiced'
  when e.claimed then 'reserved'
  when e.written_off_at is not null then 'written-off'
  else 'free' end`

/** Nobody changes it now, as `lockOf` in core says. */
export const lockedSql = sql<boolean>`(e.claimed or e.approval = 'approved' or e.written_off_at is not null)`

/** The columns of the facts that every entry answers with. */
export const factColumns = sql`e.approval, e.internal_approved as "internalApproved", e.customer_approved as "customerApproved",
  e.rejected_reason as "rejectedReason", ${stateSql} as state, ${holderColumns},
  ${lockedSql} as locked`

export interface FactRow extends HolderRow {
  readonly approval: 'open' | 'submitted' | 'approved' | 'rejected'
  readonly internalApproved: boolean
  readonly customerApproved: boolean
  readonly rejectedReason: string | null
  readonly state: 'free' | 'reserved' | 'invoiced' | 'written-off'
  readonly locked: boolean
}

export const toFacts = (row: FactRow) => ({
  approval: row.approval,
  internalApproved: row.internalApproved,
  customerApproved: row.customerApproved,
  rejectedReason: row.rejectedReason,
  state: row.state,
  invoice: toHolder(row),
  locked: row.locked,
})

export const oneOf = (
  column: RawBuilder<unknown>,
  values: readonly string[] | undefined,
  type: 'uuid' | 'text',
): RawBuilder<unknown> =>
  values && values.length > 0 ? sql` and ${column} = any(${[...values]}::${sql.raw(type)}[])` : sql``

/** Text of a person, for `ilike`: his signs stand for themselves. */
export const likeOf = (search: string): string => `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`

/** Conditions that every kind has, each beginning with `and`; `searched` are the columns a search looks in. */
export function entryWhere(
  kind: EntryKind,
  filter: EntryFilter,
  searched: readonly RawBuilder<unknown>[],
): RawBuilder<unknown> {
  const like = filter.search ? likeOf(filter.search) : null
  const found = like
    ? sql.join(
        searched.map((column) => sql`${column} ilike ${like}`),
        sql` or `,
      )
    : null
  return sql`
    ${filter.from ? sql` and e.date >= ${filter.from}::date` : sql``}
    ${filter.until ? sql` and e.date <= ${filter.until}::date` : sql``}
    ${oneOf(sql`p.customer_id`, filter.customerId, 'uuid')}
    ${oneOf(sql`e.project_id`, filter.projectId, 'uuid')}
    ${oneOf(sql`e.member_id`, filter.memberId, 'uuid')}
    ${oneOf(sql`e.approval`, filter.approval, 'text')}
    ${
      filter.teamId && filter.teamId.length > 0
        ? sql` and exists (select from team_member tm
        where tm.firm_id = e.firm_id and tm.member_id = e.member_id and tm.team_id = any(${[...filter.teamId]}::uuid[]))`
        : sql``
    }
    ${filter.tag && filter.tag.length > 0 ? sql` and e.tags && ${[...filter.tag]}::text[]` : sql``}
    ${filter.billable === undefined ? sql`` : sql` and e.billable = ${filter.billable}`}
    ${filter.state && filter.state.length > 0 ? stateWhere(kind, filter.state) : sql``}
    ${found ? sql` and (${found})` : sql``}`
}

/** Rows of the firm at hand, for a part of a query that stands by itself. */
const thisFirm = sql`firm_id = current_setting('app.firm')::uuid`

/**
 * Entries whose own text, project, customer or person has the words somewhere. Names are looked for once, where they
 * stand, and not in every entry.
 */
export function searchWhere(
  search: string | undefined,
  own: readonly RawBuilder<unknown>[],
  named: readonly (readonly [column: RawBuilder<unknown>, table: string])[],
): RawBuilder<unknown> {
  if (!search) return sql``
  const like = likeOf(search)
  const names: readonly (readonly [RawBuilder<unknown>, string])[] = [[sql`e.member_id`, 'member'], ...named]
  return sql` and (${sql.join(
    [
      ...own.map((column) => sql`${column} ilike ${like}`),
      ...names.map(
        ([column, table]) =>
          sql`${column} = any(array(select n.id from ${sql.table(table)} n where n.${thisFirm} and n.name ilike ${like}))`,
      ),
      sql`e.project_id = any(array(select n.id from project n left join customer nk on nk.firm_id = n.firm_id and nk.id = n.customer_id
        where n.${thisFirm} and (n.name ilike ${like} or nk.name ilike ${like})))`,
    ],
    sql` or `,
  )})`
}

/** Written so that an index finds what is free. */
function stateWhere(kind: EntryKind, states: readonly string[]): RawBuilder<unknown> {
  const invoiced = sql`exists (select from claim sc
    left join invoice si on si.firm_id = sc.firm_id and si.id = sc.invoice_id
    left join posting sp on sp.firm_id = sc.firm_id and sp.id = sc.posting_id
    where sc.firm_id = e.firm_id and sc.entry_kind = ${sql.lit(kind)} and sc.entry_id = e.id and sc.released_at is null
      and (si.state in ('sent', 'credited') or (sc.invoice_id is null and sp.state = 'posted')))`
  const conditions: Readonly<Record<string, RawBuilder<unknown>>> = {
    free: sql`(not e.claimed and e.written_off_at is null)`,
    'written-off': sql`(not e.claimed and e.written_off_at is not null)`,
    reserved: sql`(e.claimed and not ${invoiced})`,
    invoiced: sql`(e.claimed and ${invoiced})`,
  }
  const chosen = [...new Set(states)].flatMap((state) => conditions[state] ?? [])
  return sql` and (${sql.join(chosen, sql` or `)})`
}
