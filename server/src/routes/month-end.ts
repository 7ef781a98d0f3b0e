import type { monthEndRoutes } from '@uurwerk/api/month-end.ts'
import { calendarDate, dateIn, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { type Month, monthAt, openWeeks, readMonthEnd } from '../month-end/month-end.ts'
import { tellPeople } from '../notifications/tell-people.ts'

export const monthEndHandlers: Handlers<keyof typeof monthEndRoutes> = {
  readMonthEnd: async (call) => readMonthEnd(call, monthOfCall(call)),

  askToSubmit: async (call) => {
    const month = monthOfCall(call)
    const open = Map.groupBy(await openWeeks(call, month), ({ memberId }) => memberId)
    const asked = new Set(call.body.memberIds)
    let told = 0
    for (const memberId of asked) {
      const weeks = open.get(memberId) ?? []
      const [first] = weeks
      if (!first) continue
      const { year, week } = weekOf(calendarDate(first.monday))
      await tellPeople(call, {
        to: 'hours:own',
        only: [memberId],
        code: 'weeks-open',
        values: { weeks: weeks.map(({ monday }) => weekOf(calendarDate(monday)).week).join(', '), count: weeks.length },
        link: `/time?view=week&year=${year}&week=${week}`,
        key: `weeks-open:${month.month}`,
      })
      told += 1
    }
    return { asked: told, leftOut: asked.size - told }
  },
}

function monthOfCall({
  firm,
  now,
  params,
}: Pick<FirmCall<(typeof monthEndRoutes)['readMonthEnd']>, 'firm' | 'now' | 'params'>): Month {
  const month = monthAt(params.month, dateIn(firm.timeZone, now))
  if (!month) throw wrongField('/path/month', 'in-future')
  return month
}
