import { calendarDate, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { type RawBuilder, sql } from 'kysely'
import { type EntryKind, tableOf } from '../entries/entry-sql.ts'
import type { Month, MonthCall, StepOf } from './month.ts'

/** Minutes and numbers of entries. */
interface Written {
  readonly minutes: number
  readonly expenses: number
  readonly trips: number
}

interface OpenWeek {
  readonly memberId: string
  readonly memberName: string
  /** Nobody of that name can be asked any more. */
  readonly archived: boolean
  readonly monday: string
  /** That it is complete was said; what is open came later. */
  readonly submitted: boolean
  readonly minutes: number
  readonly contractMinutes: number
  /** Of the month and never submitted, where entries are approved. */
  readonly open: Written
}

/** As submitting and approving take them: what stands on an invoice or is written off needs neither any more. */
const entriesOf = (
  { firmId }: Pick<MonthCall, 'firmId'>,
  { from, until }: Month,
  states: readonly ('open' | 'submitted' | 'rejected')[],
): RawBuilder<unknown> => {
  const of = (kind: EntryKind, minutes: RawBuilder<unknown>) => sql`
    select ${sql.lit(kind)} as kind, e.member_id, e.date, e.approval, ${minutes} as minutes from ${sql.table(tableOf[kind])} e
    where e.firm_id = ${firmId} and e.deleted_at is null and not e.claimed and e.written_off_at is null
      and e.date between ${from}::date and ${until}::date and e.approval = any(${[...states]}::text[])`
  return sql`(${of('hours', sql`e.minutes`)} union all ${of('expense', sql`0`)} union all ${of('trip', sql`0`)})`
}

/**
 * Weeks over by now of which something is not submitted: nobody said that they are complete, though somebody worked or
 * should have; or something of this month was written in them and never submitted, also after that was said.
 */
export async function openWeeks(call: Pick<MonthCall, 'trx' | 'firmId'>, month: Month): Promise<readonly OpenWeek[]> {
  const { trx, firmId } = call
  const { from, until, today } = month
  const { rows } = await sql<Omit<OpenWeek, 'open'> & Written & { openMinutes: number }>`
    with week as (
      select monday::date, (monday + interval '6 days')::date as sunday
      from generate_series(date_trunc('week', ${from}::date::timestamp), ${until}::date::timestamp, interval '7 days') as monday
      where least((monday + interval '6 days')::date, ${until}::date) < ${today}::date
        or (monday + interval '6 days')::date <= ${until}::date),
    written as (
      select e.member_id, date_trunc('week', e.date)::date as monday, sum(e.minutes)::int as minutes
      from hour_entry e where e.firm_id = ${firmId} and e.deleted_at is null
        and e.date between date_trunc('week', ${from}::date)::date and ${until}::date + 6 group by 1, 2),
    unsubmitted as (
      select e.member_id, date_trunc('week', e.date)::date as monday, sum(e.minutes)::int as minutes,
        count(*) filter (where e.kind = 'expense')::int as expenses, count(*) filter (where e.kind = 'trip')::int as trips
      from ${entriesOf(call, month, ['open'])} e
      where exists (select from firm f where f.firm_id = ${firmId} and f.approval <> 'off') group by 1, 2)
    select m.id as "memberId", m.name as "memberName", m.archived_at is not null as archived, w.monday, s.is as submitted,
      coalesce(h.minutes, 0) as minutes, coalesce(c.minutes, 0) as "contractMinutes",
      coalesce(u.minutes, 0) as "openMinutes", coalesce(u.expenses, 0) as expenses, coalesce(u.trips, 0) as trips
    from member m cross join week w
    cross join lateral (select exists (select from week_submission s where s.firm_id = m.firm_id and s.member_id = m.id
      and s.monday = w.monday and s.withdrawn_at is null) as is) s
    left join written h on h.member_id = m.id and h.monday = w.monday
    left join unsubmitted u on u.member_id = m.id and u.monday = w.monday
    left join lateral (
      select (select sum(minutes) from unnest(k.minutes_per_day) as minutes)::int as minutes from contract_hours k
      where k.firm_id = m.firm_id and k.member_id = m.id and k.from_date <= w.sunday order by k.from_date desc limit 1
    ) c on true
    where m.firm_id = ${firmId} and (u.member_id is not null
      or (not s.is and (m.archived_at is null or h.minutes > 0)
        and (h.minutes > 0 or (c.minutes > 0 and (m.ends_on is null or m.ends_on >= w.monday)
          and (m.starts_on is null or m.starts_on <= w.sunday)))))
    order by m.name collate "nl-x-icu", m.id, w.monday`.execute(trx)
  return rows.map(({ openMinutes, expenses, trips, ...week }) => ({
    ...week,
    open: { minutes: openMinutes, expenses, trips },
  }))
}

export async function submitting(call: MonthCall, month: Month): Promise<StepOf<'submitting'>> {
  const rows = await openWeeks(call, month)
  const people = [...Map.groupBy(rows, ({ memberId }) => memberId).values()].flatMap((weeks) => {
    const [first] = weeks
    if (!first) return []
    const { memberId, memberName, archived } = first
    return [
      {
        memberId,
        memberName,
        archived,
        weeks: weeks.map(({ monday, submitted, minutes, contractMinutes, open }) => ({
          ...weekOf(calendarDate(monday)),
          monday,
          submitted,
          minutes,
          contractMinutes,
          open,
        })),
      },
    ]
  })
  return { weeks: rows.length, people }
}

export async function approving(call: MonthCall, month: Month): Promise<StepOf<'approving'>> {
  const { rows } = await sql<{
    memberId: string
    memberName: string
    hours: number
    minutes: number
    expenses: number
    trips: number
    rejected: number
  }>`
    select e.member_id as "memberId", m.name as "memberName",
      count(*) filter (where kind = 'hours' and approval = 'submitted')::int as hours,
      coalesce(sum(minutes) filter (where approval = 'submitted'), 0)::int as minutes,
      count(*) filter (where kind = 'expense' and approval = 'submitted')::int as expenses,
      count(*) filter (where kind = 'trip' and approval = 'submitted')::int as trips,
      count(*) filter (where approval = 'rejected')::int as rejected
    from ${entriesOf(call, month, ['submitted', 'rejected'])} e
    join member m on m.firm_id = ${call.firmId} and m.id = e.member_id
    group by 1, 2 order by m.name collate "nl-x-icu", 1`.execute(call.trx)
  const total = (part: 'hours' | 'minutes' | 'expenses' | 'trips' | 'rejected') =>
    rows.reduce((sum, row) => sum + row[part], 0)
  return {
    hours: total('hours'),
    minutes: total('minutes'),
    expenses: total('expenses'),
    trips: total('trips'),
    rejected: total('rejected'),
    people: rows.map(({ memberId, memberName, hours, expenses, trips, rejected }) => ({
      memberId,
      memberName,
      entries: hours + expenses + trips + rejected,
    })),
  }
}
