import type { monthEndRoutes } from '@uurwerk/api/month-end.ts'
import { calendarDate, dateIn, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { openWeeks } from '../month-end/entries.ts'
import { type Month, monthAt } from '../month-end/month.ts'
import { readMonthEnd } from '../month-end/month-end.ts'
import { tellEach } from '../notifications/tell-people.ts'

export const monthEndHandlers: Handlers<keyof typeof monthEndRoutes> = {
  readMonthEnd: async (call) => readMonthEnd(call, monthOfCall(call)),

  askToSubmit: async (call) => {
    const month = monthOfCall(call)
    if (!call.actor.rights.has('hours:read'))
      throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:read' } })
    const askable = (await openWeeks(call, month)).filter(({ archived }) => !archived)
    const open = Map.groupBy(askable, ({ memberId }) => memberId)
    const asked = new Set(call.body.memberIds)
    const each = [...asked].flatMap((memberId) => {
      const weeks = (open.get(memberId) ?? []).map(({ monday }) => weekOf(calendarDate(monday)))
      const [first] = weeks
      if (!first) return []
      const values = { weeks: weeks.map(({ week }) => week).join(', '), count: weeks.length }
      return [{ memberId, values, link: `/time?view=week&year=${first.year}&week=${first.week}` }]
    })
    await tellEach(call, { to: 'hours:own', code: 'weeks-open', key: `weeks-open:${month.month}`, each })
    return { asked: each.length, leftOut: asked.size - each.length }
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
