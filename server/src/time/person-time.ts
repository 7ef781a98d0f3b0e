import { addDays, type CalendarDate, calendarDate, startOfWeek, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import {
  type ContractHours,
  type TimeOfPerson,
  type WeekAgainstContract,
  weekAgainstContract,
} from '@uurwerk/core/time/contract.ts'
import { sql } from 'kysely'
import { visibleSql } from '../entries/visible.ts'
import type { Actor, Language } from '../http/call.ts'
import type { Trx } from '../store/database.ts'
import { freeHolidays } from './holidays.ts'

/** A member with what counts for his contract. */
export interface PersonTime extends TimeOfPerson {
  readonly memberId: string
  readonly name: string
}

export interface AskedTime {
  readonly firmId: string
  /** Everybody who is not archived when left out. */
  readonly memberIds?: readonly string[]
  readonly from: CalendarDate
  readonly until: CalendarDate
  /** Whose right decides which hours are counted. */
  readonly actor: Actor
  readonly language: Language
}

interface Employment {
  readonly startsOn: CalendarDate | null
  readonly endsOn: CalendarDate | null
}

/** Before the first and after the last day of employment nothing is agreed. */
export function contractsWithin(
  contracts: readonly ContractHours[],
  { startsOn, endsOn }: Employment,
): readonly ContractHours[] {
  const begun = contracts.filter(({ from }) => endsOn === null || from <= endsOn)
  const [before, after] = [
    begun.filter(({ from }) => startsOn !== null && from < startsOn),
    begun.filter(({ from }) => startsOn === null || from >= startsOn),
  ]
  const holding = before.reduce<ContractHours | null>(
    (latest, one) => (latest && latest.from >= one.from ? latest : one),
    null,
  )
  return [
    // What held on the first day, unless another begins on that very day.
    ...(holding && startsOn && !after.some(({ from }) => from === startsOn) ? [{ ...holding, from: startsOn }] : []),
    ...after,
    ...(endsOn ? [{ from: addDays(endsOn, 1), minutesPerDay: [0, 0, 0, 0, 0, 0, 0] }] : []),
  ]
}

/** Contracts and employment of people, as `contract` in core takes them; by name. */
export async function contractsOf(
  trx: Trx,
  firmId: string,
  memberIds?: readonly string[],
): Promise<(Employment & { memberId: string; name: string; contracts: readonly ContractHours[] })[]> {
  const { rows } = await sql<{
    memberId: string
    name: string
    startsOn: string | null
    endsOn: string | null
    contracts: { from: string; minutesPerDay: number[] }[]
  }>`
    select m.id as "memberId", m.name, m.starts_on as "startsOn", m.ends_on as "endsOn",
      coalesce(json_agg(json_build_object('from', c.from_date, 'minutesPerDay', c.minutes_per_day))
        filter (where c.from_date is not null), '[]') as contracts
    from member m left join contract_hours c on c.firm_id = m.firm_id and c.member_id = m.id
    where m.firm_id = ${firmId}::uuid
      ${memberIds ? sql` and m.id = any(${[...memberIds]}::uuid[])` : sql` and m.archived_at is null`}
    group by m.id, m.name, m.starts_on, m.ends_on order by lower(m.name), m.id`.execute(trx)
  return rows.map(({ memberId, name, contracts, ...dates }) => {
    const employment = {
      startsOn: dates.startsOn ? calendarDate(dates.startsOn) : null,
      endsOn: dates.endsOn ? calendarDate(dates.endsOn) : null,
    }
    const all = contracts.map(({ from, minutesPerDay }) => ({ from: calendarDate(from), minutesPerDay }))
    return { memberId, name, ...employment, contracts: contractsWithin(all, employment) }
  })
}

/** What counts for the contracts of people in a period: four statements, however many people and days. */
export async function timeOfPeople(trx: Trx, asked: AskedTime): Promise<readonly PersonTime[]> {
  const { firmId, memberIds, from, until, actor } = asked
  const people = await contractsOf(trx, firmId, memberIds)
  const ids = people.map(({ memberId }) => memberId)
  const { rows: hours } = await sql<{ memberId: string; date: string; minutes: number }>`
    select e.member_id as "memberId", e.date, sum(e.minutes)::int as minutes from hour_entry e
    where e.firm_id = ${firmId}::uuid and e.member_id = any(${ids}::uuid[]) and e.deleted_at is null
      and e.date between ${from}::date and ${until}::date ${visibleSql(actor, 'e')}
    group by 1, 2`.execute(trx)
  const { rows: absences } = await sql<{
    memberId: string
    date: string
    minutes: number
    counts: 'as-worked' | 'less-contract'
  }>`
    select a.member_id as "memberId", a.date, a.minutes, k.counts from absence a
    join absence_kind k on k.firm_id = a.firm_id and k.id = a.kind_id
    where a.firm_id = ${firmId}::uuid and a.member_id = any(${ids}::uuid[]) and a.deleted_at is null
      and a.date between ${from}::date and ${until}::date`.execute(trx)
  const holidays = await freeHolidays(trx, firmId, asked)
  const hoursOf = Map.groupBy(hours, ({ memberId }) => memberId)
  const absencesOf = Map.groupBy(absences, ({ memberId }) => memberId)
  return people.map(({ memberId, name, contracts }) => ({
    memberId,
    name,
    contracts,
    holidays,
    hours: (hoursOf.get(memberId) ?? []).map(({ date, minutes }) => ({ date: calendarDate(date), minutes })),
    absences: (absencesOf.get(memberId) ?? []).map(({ date, minutes, counts }) => ({
      date: calendarDate(date),
      minutes,
      kind: { counts },
    })),
  }))
}

export interface PersonWeek extends WeekAgainstContract {
  readonly year: number
  readonly week: number
  readonly monday: CalendarDate
}

/** Every week that has a day between the two, whole. */
export function weeksOf(time: TimeOfPerson, from: CalendarDate, until: CalendarDate): readonly PersonWeek[] {
  const weeks: PersonWeek[] = []
  for (let monday = startOfWeek(from); monday <= until; monday = addDays(monday, 7)) {
    const sunday = addDays(monday, 6)
    const within = <Row extends { readonly date: CalendarDate }>(rows: readonly Row[]) =>
      rows.filter(({ date }) => date >= monday && date <= sunday)
    const ofWeek = { ...time, hours: within(time.hours), absences: within(time.absences) }
    weeks.push({ ...weekOf(monday), monday, ...weekAgainstContract(monday, ofWeek) })
  }
  return weeks
}
