import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { exportAnswer } from '../exports/export-answer.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { readUninvoiced } from '../uninvoiced/uninvoiced.ts'
import { uninvoicedSheet } from '../uninvoiced/uninvoiced-sheet.ts'
import { invoiceEntries } from './invoice-from-entries.ts'

export const uninvoicedHandlers: Handlers<'readUninvoiced' | 'exportUninvoiced' | 'invoiceEntries'> = {
  invoiceEntries,
  readUninvoiced: async ({ trx, firmId, actor, query: { asAt, until, ...filter }, ...call }) =>
    readUninvoiced({ trx, firmId, actor, filter, ...daysOf(call, { asAt, until }) }),
  exportUninvoiced: {
    free: async ({ query: { asAt, until, format, separator, ...filter }, ...call }) => {
      const { services, firmId, actor } = call
      const days = daysOf(call, { asAt, until })
      const answer = await services.store.withFirm(
        firmId,
        (trx) => readUninvoiced({ trx, firmId, actor, filter, ...days }),
        { readOnly: true },
      )
      const form = separator
        ? { format, separator: separator === 'comma' ? (',' as const) : (';' as const) }
        : { format }
      return exportAnswer(call, uninvoicedSheet(answer), form)
    },
  },
}

/** The days asked for, of which the one it is seen from is not later than today as the firm has it. */
function daysOf(
  { firm, now }: Pick<FirmCall<never>, 'firm' | 'now'>,
  asked: { readonly asAt?: string | undefined; readonly until?: string | undefined },
): { readonly today: CalendarDate; readonly asAt: CalendarDate; readonly until?: CalendarDate } {
  const today = dateIn(firm.timeZone, now)
  const asAt = asked.asAt === undefined ? today : calendarDate(asked.asAt)
  if (asAt > today) throw wrongField('/query/asAt', 'in-future')
  return { today, asAt, ...(asked.until === undefined ? {} : { until: calendarDate(asked.until) }) }
}
