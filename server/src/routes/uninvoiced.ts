import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Handlers } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { readUninvoiced } from '../uninvoiced/uninvoiced.ts'
import { invoiceEntries } from './invoice-from-entries.ts'

export const uninvoicedHandlers: Handlers<'readUninvoiced' | 'invoiceEntries'> = {
  invoiceEntries,
  readUninvoiced: async ({ trx, firmId, actor, query, firm, now }) => {
    const { asAt: asked, ...filter } = query
    const today = dateIn(firm.timeZone, now)
    const asAt = asked === undefined ? today : calendarDate(asked)
    if (asAt > today) throw wrongField('/query/asAt', 'in-future')
    return readUninvoiced({ trx, firmId, actor, filter, today, asAt })
  },
}
