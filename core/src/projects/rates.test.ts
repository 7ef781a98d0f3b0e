import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { decimal } from '../shared/money.ts'
import { coversHours, type InvoicingMethod, invoicingMethods, isHourly } from './invoicing-method.ts'
import { type DatedRate, rateFor } from './rates.ts'

const rate = (
  id: string,
  scope: DatedRate['scope'],
  amount: string,
  from: string,
  of: Partial<DatedRate>,
): DatedRate => ({
  id,
  scope,
  amount: decimal(amount),
  currency: 'EUR',
  from: day(from),
  ...of,
})

const rates = [
  rate('r01', 'activity', '85', '2025-01-01', { activityId: 'advice' }),
  rate('r02', 'activity', '90', '2026-03-15', { activityId: 'advice' }),
  rate('r03', 'projectActivity', '110', '2026-02-01', { projectId: 'site', activityId: 'advice' }),
  rate('r04', 'user', '75', '2025-01-01', { userId: 'anna' }),
  rate('r05', 'projectUser', '95', '2025-01-01', { projectId: 'site', userId: 'anna' }),
  rate('r06', 'project', '100', '2025-01-01', { projectId: 'site' }),
  rate('r07', 'customer', '70', '2026-01-01', { customerId: 'bakker' }),
  rate('r08', 'customer', '72', '2026-01-01', { customerId: 'bakker' }),
]

const work = { activityId: 'advice', userId: 'anna', projectId: 'site', customerId: 'bakker' }

describe('the rate of an hour', () => {
  it.each<[string, InvoicingMethod, string, Partial<typeof work>, string | undefined]>([
    ['activity in the project goes before activity', 'hourly-activity', '2026-03-20', {}, '110 projectActivity'],
    ['before the project’s own began: the activity', 'hourly-activity', '2026-01-31', {}, '85 activity'],
    ['another project: the activity, old rate', 'hourly-activity', '2026-03-14', { projectId: 'app' }, '85 activity'],
    ['from its first day: the new rate', 'hourly-activity', '2026-03-15', { projectId: 'app' }, '90 activity'],
    ['before any rate', 'hourly-activity', '2024-12-31', {}, undefined],
    ['an activity without a rate', 'hourly-activity', '2026-03-20', { activityId: 'travel' }, undefined],
    ['person in the project', 'hourly-user', '2026-03-20', {}, '95 projectUser'],
    ['person elsewhere', 'hourly-user', '2026-03-20', { projectId: 'app' }, '75 user'],
    ['a person without a rate gets no other', 'hourly-user', '2026-03-20', { userId: 'bas' }, undefined],
    ['project', 'hourly-project', '2026-03-20', {}, '100 project'],
    ['a project without a rate gets no other', 'hourly-project', '2026-03-20', { projectId: 'app' }, undefined],
    ['customer; of two that begin on one day the last made', 'hourly-customer', '2026-03-20', {}, '72 customer'],
    ['fixed price has no hourly rate', 'fixed-price', '2026-03-20', {}, undefined],
    ['no invoicing has none', 'none', '2026-03-20', {}, undefined],
  ])('%s', (_, method, date, other, expected) => {
    for (const list of [rates, rates.toReversed()]) {
      const found = rateFor({ ...work, ...other, method, date: day(date) }, list)
      expect(found && `${found.amount} ${found.source}`).toBe(expected)
    }
  })

  it('is never a rate whose subject is empty', () => {
    const empty = rate('r09', 'project', '1', '2020-01-01', { projectId: null })
    expect(rateFor({ ...work, method: 'hourly-project', date: day('2026-01-01') }, [empty])).toBeUndefined()
  })
})

describe('invoicing methods', () => {
  it('are hourly, cover the hours, or invoice nothing', () => {
    expect(invoicingMethods.filter(isHourly)).toHaveLength(4)
    expect(invoicingMethods.filter(coversHours)).toEqual(['fixed-price', 'fixed-per-activity', 'subscription'])
    expect(invoicingMethods.filter((method) => !isHourly(method) && !coversHours(method))).toEqual(['none'])
  })
})
