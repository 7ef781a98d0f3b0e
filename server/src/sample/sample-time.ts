import {
  addDays,
  addMonths,
  type CalendarDate,
  dayOfWeek,
  startOfMonth,
  startOfWeek,
} from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '../http/call.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { freeHolidays } from '../time/holidays.ts'

/** Joris was ill on the third Friday of last month. */
export function sampleSickDay(today: CalendarDate): CalendarDate {
  const fifteenth = addDays(startOfMonth(addMonths(today, -1)), 14)
  return addDays(fifteenth, (5 - dayOfWeek(fifteenth) + 7) % 7)
}

interface Entry {
  readonly memberId: string
  readonly projectId: string
  readonly activityId: string
  readonly minutes: number
}

/** A day of illness behind, a week of leave ahead, and what each works on most as favourites. */
export async function addSampleTime(
  trx: Trx,
  { ids, clock }: Pick<Services, 'ids' | 'clock'>,
  {
    firmId,
    language,
    today,
    people,
    entries,
  }: {
    readonly firmId: string
    readonly language: Language
    readonly today: CalendarDate
    readonly people: readonly string[]
    readonly entries: readonly Entry[]
  },
): Promise<void> {
  const now = clock.now()
  const [, joris, noor] = people as [string, string, string]
  const kinds = await trx
    .selectFrom('absenceKind')
    .select(['id', 'code'])
    .where('firmId', '=', firmId)
    .where('code', 'in', ['leave', 'sickness'])
    .execute()
  const kindOf = (code: string) => kinds.find((kind) => kind.code === code)?.id as string
  const monday = addDays(startOfWeek(today), 14)
  // Noor works four days.
  const week = [0, 1, 2, 3].map((days) => addDays(monday, days))
  const free = await freeHolidays(trx, firmId, { from: monday, until: addDays(monday, 6), language })
  const absence = { firmId, minutes: 480, createdAt: now, updatedAt: now }
  await trx
    .insertInto('absence')
    .values([
      { ...absence, id: ids.next(), memberId: joris, kindId: kindOf('sickness'), date: sampleSickDay(today) },
      ...week
        .filter((date) => !free.some((day) => day.date === date))
        .map((date) => ({ ...absence, id: ids.next(), memberId: noor, kindId: kindOf('leave'), date })),
    ])
    .execute()
  const favourites = people.flatMap((memberId) => {
    const rows = Map.groupBy(
      entries.filter((entry) => entry.memberId === memberId),
      ({ projectId, activityId }) => `${projectId} ${activityId}`,
    )
    const sum = (own: readonly Entry[]) => own.reduce((total, { minutes }) => total + minutes, 0)
    return [...rows.values()]
      .toSorted((a, b) => sum(b) - sum(a))
      .slice(0, 4)
      .flatMap(([entry], index) =>
        entry
          ? [
              {
                firmId,
                id: ids.next(),
                memberId,
                projectId: entry.projectId,
                activityId: entry.activityId,
                position: index + 1,
                createdAt: now,
              },
            ]
          : [],
      )
  })
  if (favourites.length > 0) await trx.insertInto('favourite').values(favourites).execute()
}
