import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type RawBuilder, sql } from 'kysely'
import { type EntryKind, lockedSql, peopleAndProject } from '../entries/entry-sql.ts'
import { customerAskedSql } from '../entries/waits-for.ts'
import type { Trx } from '../store/database.ts'

export const entryKinds = ['hours', 'expense', 'trip'] as const satisfies readonly EntryKind[]

/** Hours, an expense or a trip as who approves it looks at it. */
export interface ApprovalEntry {
  readonly kind: EntryKind
  readonly id: string
  readonly version: number
  readonly date: CalendarDate
  readonly memberId: string
  readonly memberName: string
  readonly customerId: string | null
  readonly customerName: string | null
  readonly projectId: string | null
  readonly projectName: string | null
  /** Activity, category, or from and to. */
  readonly about: string
  readonly note: string
  readonly billable: boolean
  /** Of hours. */
  readonly minutes: number | null
  readonly startMinute: number | null
  readonly endMinute: number | null
  /** Of an expense: what was paid, decimal text. */
  readonly gross: string | null
  readonly currency: string | null
  /** Of a trip: what was driven, the way back included; decimal text. */
  readonly distanceKm: string | null
  readonly approval: 'open' | 'submitted' | 'approved' | 'rejected'
  readonly internalApproved: boolean
  readonly customerApproved: boolean
  readonly customerAsked: boolean
  readonly rejectedReason: string | null
  readonly locked: boolean
  /** As the caller asks for it: `false` when it does not. */
  readonly waits: boolean
}

const ownColumns = {
  hours: {
    about: sql`a.name`,
    joins: sql`join activity a on a.firm_id = e.firm_id and a.id = e.activity_id`,
    minutes: sql`e.minutes`,
    start: sql`e.start_minute`,
    end: sql`e.end_minute`,
    gross: sql`null::text`,
    currency: sql`null::text`,
    km: sql`null::text`,
    table: sql`hour_entry`,
  },
  expense: {
    about: sql`g.name`,
    joins: sql`join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id`,
    minutes: sql`null::integer`,
    start: sql`null::integer`,
    end: sql`null::integer`,
    gross: sql`e.gross::text`,
    currency: sql`e.currency`,
    km: sql`null::text`,
    table: sql`expense`,
  },
  trip: {
    about: sql`e.from_place || ' – ' || e.to_place`,
    joins: sql``,
    minutes: sql`null::integer`,
    start: sql`null::integer`,
    end: sql`null::integer`,
    gross: sql`null::text`,
    currency: sql`null::text`,
    km: sql`(e.distance_km * case when e.return_trip then 2 else 1 end)::text`,
    table: sql`trip`,
  },
} as const satisfies Record<EntryKind, Record<string, RawBuilder<unknown>>>

const select = (firmId: string, kind: EntryKind, where: RawBuilder<unknown>, waits: RawBuilder<boolean>) => {
  const own = ownColumns[kind]
  return sql`
    select ${sql.lit(kind)} as kind, e.id, e.version, e.date, e.member_id as "memberId", m.name as "memberName",
      p.customer_id as "customerId", k.name as "customerName", e.project_id as "projectId", p.name as "projectName",
      ${own.about} as about, e.note, e.billable, ${own.minutes} as minutes, ${own.start} as "startMinute",
      ${own.end} as "endMinute", ${own.gross} as gross, ${own.currency} as currency, ${own.km} as "distanceKm",
      e.approval, e.internal_approved as "internalApproved", e.customer_approved as "customerApproved",
      ${customerAskedSql} as "customerAsked", e.rejected_reason as "rejectedReason", ${lockedSql} as locked, ${waits} as waits
    from ${own.table} e ${peopleAndProject} ${own.joins}
    where e.firm_id = ${firmId}::uuid and e.deleted_at is null ${where}`
}

interface Asked {
  readonly firmId: string
  /** Conditions on the aliases of `entry-sql`, each beginning with `and`; may differ per kind. */
  readonly where: RawBuilder<unknown> | ((kind: EntryKind) => RawBuilder<unknown>)
  /** Told of each row; on the same aliases. */
  readonly waits?: RawBuilder<boolean>
  readonly limit?: number
}

/** All three kinds in one list, by day. */
export async function approvalEntries(
  trx: Trx,
  { firmId, where, waits = sql<boolean>`false`, limit }: Asked,
): Promise<ApprovalEntry[]> {
  const parts = entryKinds.map((kind) => select(firmId, kind, typeof where === 'function' ? where(kind) : where, waits))
  const { rows } = await sql<Omit<ApprovalEntry, 'date'> & { date: string }>`
    select * from (${sql.join(parts, sql` union all `)}) as all_kinds
    order by date, "memberName", kind desc, id ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(trx)
  return rows.map((row) => ({ ...row, date: calendarDate(row.date) }))
}
