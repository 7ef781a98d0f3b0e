import { addDays, type CalendarDate, calendarDate, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round, sum, toCents } from '@uurwerk/core/shared/money.ts'
import type { AgainstContract } from '@uurwerk/core/time/contract.ts'
import { timeWarnings } from '@uurwerk/core/time/overlap.ts'
import { type RawBuilder, sql } from 'kysely'
import { type ApprovalRules, approvalRules } from '../entries/act-on-entries.ts'
import { type EntryKind, peopleAndProject, tableOf } from '../entries/entry-sql.ts'
import { visibleSql } from '../entries/visible.ts'
import { waitsForSql } from '../entries/waits-for.ts'
import type { Actor, FirmCall } from '../http/call.ts'
import { timeOfPeople, weeksOf } from '../time/person-time.ts'
import { type ApprovalEntry, approvalEntries } from './approval-entries.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'language'>

export interface WeekKey {
  readonly memberId: string
  readonly monday: CalendarDate
}

/** One person's week of which something waits for who asks. */
export interface ApprovalWeek extends WeekKey {
  readonly memberName: string
  readonly year: number
  readonly week: number
  readonly minutes: number
  readonly expenses: readonly { readonly currency: string; readonly amount: string }[]
  readonly distanceKm: string | null
  readonly ids: Readonly<Record<EntryKind, readonly string[]>>
  /** Null when who asks does not see all hours of that week. */
  readonly contract: AgainstContract | null
  readonly warnings: readonly ('overlap' | 'over-24-hours')[]
  /** When the person said that the week is complete. */
  readonly submittedAt: Date | null
}

/** What may be decided on, as `act-on-entries` allows it: never one's own, unless the firm lets one. */
export function minesSql(actor: Actor, { flow, approveOwn }: ApprovalRules): RawBuilder<boolean> {
  const { memberId, rights } = actor
  const managed = sql`exists (select from project_member managed where managed.firm_id = e.firm_id
    and managed.project_id = e.project_id and managed.member_id = ${memberId}::uuid and managed.manager)`
  return sql<boolean>`(${waitsForSql(flow, 'internal')}
    ${approveOwn ? sql`` : sql`and e.member_id <> ${memberId}::uuid`}
    ${rights.has('hours:read') ? sql`` : rights.has('hours:managed') ? sql`and ${managed}` : sql`and false`})`
}

const weekStart = sql`date_trunc('week', e.date)::date`

const waiting = (firmId: string, mine: RawBuilder<boolean>) => {
  const part = (
    kind: EntryKind,
    minutes: RawBuilder<unknown>,
    km: RawBuilder<unknown>,
    money: RawBuilder<unknown>,
  ) => sql`
    select ${sql.lit(kind)} as kind, e.id, e.member_id, m.name, ${weekStart} as monday, ${minutes} as minutes, ${km} as km, ${money}
    from ${sql.table(tableOf[kind])} e ${peopleAndProject}
    where e.firm_id = ${firmId}::uuid and e.deleted_at is null and ${mine}`
  const [none, noMoney] = [sql`0`, sql`null::text as currency, 0 as gross`]
  return sql`(${part('hours', sql`e.minutes`, none, noMoney)}
    union all ${part('expense', none, none, sql`e.currency, e.gross`)}
    union all ${part('trip', none, sql`e.distance_km * case when e.return_trip then 2 else 1 end`, noMoney)})`
}

/** How many weeks wait for who asks, and how many of his own for somebody else. */
export async function countWeeks({ trx, firmId, actor }: Call): Promise<{ weeks: number; own: number }> {
  const rules = await approvalRules({ trx, firmId })
  const own = rules.approveOwn
    ? sql<boolean>`false`
    : sql<boolean>`(${waitsForSql(rules.flow, 'internal')} and e.member_id = ${actor.memberId}::uuid)`
  const counted = (which: RawBuilder<boolean>) =>
    sql`(select count(distinct (member_id, monday))::int from ${waiting(firmId, which)} as w)`
  const { rows } = await sql<{ weeks: number; own: number }>`
    select ${counted(minesSql(actor, rules))} as weeks, ${counted(own)} as own`.execute(trx)
  return rows[0] ?? { weeks: 0, own: 0 }
}

interface GroupRow {
  readonly memberId: string
  readonly memberName: string
  readonly monday: string
  readonly currency: string | null
  readonly minutes: string
  readonly km: string
  readonly gross: string
  readonly hours: string[] | null
  readonly expense: string[] | null
  readonly trip: string[] | null
}

/** Weeks with something to decide on, oldest first, by name; `after` is the last one of the page before. */
export async function approvalWeeks(
  call: Call,
  { after, limit }: { after?: { monday: string; memberName: string; memberId: string } | undefined; limit: number },
): Promise<ApprovalWeek[]> {
  const { trx, firmId, actor } = call
  const mine = minesSql(actor, await approvalRules(call))
  const ids = (kind: EntryKind) => sql`array_agg(id order by id) filter (where kind = ${sql.lit(kind)})`
  const { rows } = await sql<GroupRow>`
    select member_id as "memberId", name as "memberName", monday, currency, sum(minutes) as minutes, sum(km) as km,
      sum(gross) as gross, ${ids('hours')} as hours, ${ids('expense')} as expense, ${ids('trip')} as trip
    from (select w.*, dense_rank() over (order by monday, name, member_id) as place from ${waiting(firmId, mine)} as w
      ${
        after
          ? sql`where (monday, name, member_id) > (${after.monday}::date, ${after.memberName}::text, ${after.memberId}::uuid)`
          : sql``
      }) as placed
    where place <= ${limit} group by 1, 2, 3, 4 order by 3, 2, 1, 4`.execute(trx)
  const groups = [...Map.groupBy(rows, ({ monday, memberId }) => `${monday} ${memberId}`).values()]
  const keys = groups.flatMap(([first]) =>
    first ? [{ memberId: first.memberId, monday: calendarDate(first.monday) }] : [],
  )
  const facts = await weekFacts(call, keys)
  return groups.flatMap((parts, index) => {
    const [first, key, fact] = [parts[0], keys[index], facts[index]]
    if (!first || !key || !fact) return []
    const all = (of: 'hours' | 'expense' | 'trip') => parts.flatMap((part) => part[of] ?? [])
    const km = sum(parts.map((part) => decimal(part.km)))
    return [
      {
        ...key,
        ...weekOf(key.monday),
        memberName: first.memberName,
        minutes: parts.reduce((total, part) => total + Number(part.minutes), 0),
        expenses: parts.flatMap(({ currency, gross }) =>
          currency ? [{ currency, amount: toCents(decimal(gross)) }] : [],
        ),
        distanceKm: parts.some(({ trip }) => trip) ? round(km, 1) : null,
        ids: { hours: all('hours'), expense: all('expense'), trip: all('trip') },
        ...fact,
      },
    ]
  })
}

export interface OneWeek extends Pick<ApprovalWeek, 'contract' | 'warnings' | 'submittedAt'> {
  readonly entries: readonly ApprovalEntry[]
}

/** All that who asks may see of one person's week; `waits` says what he may decide on. */
export async function oneWeek(call: Call, key: WeekKey): Promise<OneWeek> {
  const { trx, firmId, actor } = call
  const rules = await approvalRules(call)
  const entries = await approvalEntries(trx, {
    firmId,
    where: sql` and e.member_id = ${key.memberId}::uuid
      and e.date between ${key.monday}::date and ${addDays(key.monday, 6)}::date ${visibleSql(actor, 'e')}`,
    waits: minesSql(actor, rules),
  })
  const [fact] = await weekFacts(call, [key])
  return {
    entries,
    contract: fact?.contract ?? null,
    warnings: fact?.warnings ?? [],
    submittedAt: fact?.submittedAt ?? null,
  }
}

type Facts = Pick<ApprovalWeek, 'contract' | 'warnings' | 'submittedAt'>

/** Contract, warnings and submission of weeks, in their order; as many statements for one as for all. */
async function weekFacts(call: Call, keys: readonly WeekKey[]): Promise<Facts[]> {
  if (keys.length === 0) return []
  const { trx, firmId, actor, language } = call
  const memberIds = [...new Set(keys.map(({ memberId }) => memberId))]
  const mondays = keys.map(({ monday }) => monday).sort()
  const [from, until] = [mondays[0] as CalendarDate, addDays(mondays.at(-1) as CalendarDate, 6)]
  const people = await timeOfPeople(trx, { firmId, memberIds, from, until, actor, language })
  const timeOf = new Map(people.map((one) => [one.memberId, one]))
  const within = sql`e.firm_id = ${firmId}::uuid and e.member_id = any(${memberIds}::uuid[]) and e.deleted_at is null
    and e.date between ${from}::date and ${until}::date`
  const { rows: timed } = await sql<{
    id: string
    memberId: string
    date: string
    minutes: number
    start: number | null
    end: number | null
    seen: boolean
  }>`select e.id, e.member_id as "memberId", e.date, e.minutes, e.start_minute as start, e.end_minute as "end",
      (true ${visibleSql(actor, 'e')}) as seen
    from hour_entry e where ${within}`.execute(trx)
  const { rows: submissions } = await sql<{ memberId: string; monday: string; at: Date }>`
    select member_id as "memberId", monday, submitted_at as at from week_submission
    where firm_id = ${firmId}::uuid and member_id = any(${memberIds}::uuid[]) and withdrawn_at is null
      and monday between ${from}::date and ${until}::date`.execute(trx)
  const ofPerson = Map.groupBy(timed, ({ memberId }) => memberId)
  return keys.map(({ memberId, monday }) => {
    const sunday = addDays(monday, 6)
    const hours = (ofPerson.get(memberId) ?? []).filter(({ date }) => date >= monday && date <= sunday)
    const time = timeOf.get(memberId)
    const warnings = timeWarnings(
      hours.filter(({ seen }) => seen).map((row) => ({ ...row, userId: memberId, date: calendarDate(row.date) })),
    )
    return {
      contract: time && hours.every(({ seen }) => seen) ? contractOf(weeksOf(time, monday, sunday)[0]) : null,
      warnings: [
        ...new Set(
          warnings.map(({ warning }) => (warning === 'overlap' ? ('overlap' as const) : ('over-24-hours' as const))),
        ),
      ],
      submittedAt: submissions.find((one) => one.memberId === memberId && one.monday === monday)?.at ?? null,
    }
  })
}

const contractOf = (week: AgainstContract | undefined): AgainstContract | null =>
  week
    ? {
        registeredMinutes: week.registeredMinutes,
        absentMinutes: week.absentMinutes,
        contractMinutes: week.contractMinutes,
        differenceMinutes: week.differenceMinutes,
      }
    : null
