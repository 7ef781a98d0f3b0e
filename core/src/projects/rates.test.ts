import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineNet, quantityOf } from '../invoicing/totals.ts'
import { addDays, calendarDate as day } from '../shared/calendar-date.ts'
import { decimal, sameAmount, subtract, sum } from '../shared/money.ts'
import { coversHours, type InvoicingMethod, invoicingMethods, isHourly } from './invoicing-method.ts'
import {
  type DatedRate,
  type NewRate,
  type PricedHours,
  rateChangePreview,
  rateFor,
  rateScopes,
  takenBackPreview,
} from './rates.ts'

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

describe('each method finds its own rates and no other', () => {
  const everyScope: Record<DatedRate['scope'], DatedRate> = {
    activity: rate('a', 'activity', '1', '2025-01-01', { activityId: 'advice' }),
    user: rate('u', 'user', '2', '2025-01-01', { userId: 'anna' }),
    project: rate('p', 'project', '3', '2025-01-01', { projectId: 'site' }),
    customer: rate('c', 'customer', '4', '2025-01-01', { customerId: 'bakker' }),
    projectActivity: rate('pa', 'projectActivity', '5', '2025-01-01', { projectId: 'site', activityId: 'advice' }),
    projectUser: rate('pu', 'projectUser', '6', '2025-01-01', { projectId: 'site', userId: 'anna' }),
  }
  // The rate found when all scopes have one; when the specific one is missing; when only other scopes have one.
  it.each<[InvoicingMethod, string | undefined, string | undefined]>([
    ['none', undefined, undefined],
    ['hourly-activity', 'projectActivity', 'activity'],
    ['hourly-user', 'projectUser', 'user'],
    ['hourly-project', 'project', undefined],
    ['hourly-customer', 'customer', undefined],
    ['fixed-price', undefined, undefined],
    ['fixed-per-activity', undefined, undefined],
    ['subscription', undefined, undefined],
  ])('%s: %s, else %s, else none', (method, first, second) => {
    const found = (scopes: readonly string[]) =>
      rateFor(
        { ...work, method, date: day('2026-03-20') },
        rateScopes.filter((scope) => scopes.includes(scope)).map((scope) => everyScope[scope]),
      )?.source
    expect(found(rateScopes)).toBe(first)
    expect(found(rateScopes.filter((scope) => scope !== first))).toBe(second)
    expect(found(rateScopes.filter((scope) => scope !== first && scope !== second))).toBeUndefined()
    for (const scope of rateScopes) expect(found([scope])).toBe(scope === first || scope === second ? scope : undefined)
  })
})

describe('what a new rate changes', () => {
  const hours = (id: string, date: string, more: Partial<PricedHours> = {}): PricedHours => ({
    ...work,
    id,
    date: day(date),
    minutes: 90,
    billable: true,
    method: 'hourly-project',
    ...more,
  })
  const { id: _, ...to120 }: DatedRate = rate('', 'project', '120', '2026-03-10', { projectId: 'site' })
  const march = [
    hours('e1', '2026-03-09'),
    hours('e2', '2026-03-10'),
    hours('e3', '2026-03-31', { minutes: 100 }),
    hours('e4', '2026-03-31', { claim: 'draft' }),
    hours('e5', '2026-03-31', { claim: 'sent' }),
    hours('e6', '2026-03-31', { writtenOffAt: '2026-04-01T08:00:00Z' }),
    hours('e7', '2026-03-31', { billable: false }),
    hours('e8', '2026-03-31', { projectId: 'app' }),
    hours('e9', '2026-03-31', { method: 'hourly-user' }),
    hours('e10', '2026-03-31', { method: 'fixed-price' }),
  ]
  const told = (newRate: NewRate, list = march) => {
    const { changes, totals, keptEntries } = rateChangePreview(newRate, rates, list)
    return {
      changes: changes.map(
        ({ entryId, before, after }) => `${entryId}: ${before?.amount ?? 'none'} → ${after?.amount ?? 'none'}`,
      ),
      totals: totals.map(({ currency, before, after }) => `${currency} ${before} → ${after}`),
      keptEntries,
    }
  }

  it.each<[string, NewRate, ReturnType<typeof told>]>([
    [
      'from its first day, what is on no invoice',
      to120,
      { changes: ['e2: 150.00 → 180.00', 'e3: 166.67 → 200.00'], totals: ['EUR 316.67 → 380.00'], keptEntries: 2 },
    ],
    [
      'nothing when the rate is the same',
      { ...to120, amount: decimal('100.00') },
      { changes: [], totals: [], keptEntries: 0 },
    ],
    ['nothing before it begins', { ...to120, from: day('2026-04-01') }, { changes: [], totals: [], keptEntries: 0 }],
    [
      'a rate where there was none',
      { ...to120, projectId: 'app' },
      { changes: ['e8: none → 180.00'], totals: ['EUR 0.00 → 180.00'], keptEntries: 0 },
    ],
    [
      'another currency: one sum falls, the other grows',
      { ...to120, currency: 'USD' },
      {
        changes: ['e2: 150.00 → 180.00', 'e3: 166.67 → 200.00'],
        totals: ['EUR 316.67 → 0.00', 'USD 0.00 → 380.00'],
        keptEntries: 2,
      },
    ],
    [
      'a correction takes the place of the row with its id',
      { ...to120, id: 'r06', from: day('2026-03-31') },
      {
        changes: ['e1: 150.00 → none', 'e2: 150.00 → none', 'e3: 166.67 → 200.00'],
        totals: ['EUR 466.67 → 200.00'],
        keptEntries: 2,
      },
    ],
    [
      'of two that begin on one day the new one counts',
      { ...to120, from: day('2025-01-01') },
      {
        changes: ['e1: 150.00 → 180.00', 'e2: 150.00 → 180.00', 'e3: 166.67 → 200.00'],
        totals: ['EUR 466.67 → 560.00'],
        keptEntries: 2,
      },
    ],
  ])('%s', (_, newRate, expected) => expect(told(newRate)).toEqual(expected))

  it('is undone by taking the rate back, which gives every amount it changed', () => {
    const added = { ...to120, id: 'r99' }
    const there = rateChangePreview(added, rates, march)
    const back = takenBackPreview('r99', [...rates, added], march)
    expect(back.changes).toEqual(
      there.changes.map(({ entryId, before, after }) => ({ entryId, before: after, after: before })),
    )
    expect(back.totals).toEqual(
      there.totals.map(({ currency, before, after }) => ({ currency, before: after, after: before })),
    )
    expect(back.keptEntries).toBe(there.keptEntries)
  })

  it('is what the hours are worth then less what they are worth now', () => {
    const entry = fc.record({
      date: fc.integer({ min: -60, max: 60 }).map((days) => addDays(day('2026-03-01'), days)),
      minutes: fc.integer({ min: 1, max: 1440 }),
      projectId: fc.constantFrom('site', 'app'),
      activityId: fc.constantFrom('advice', 'travel'),
      userId: fc.constantFrom('anna', 'bas'),
      method: fc.constantFrom(...invoicingMethods),
    })
    const newRate = fc.record({
      scope: fc.constantFrom(...rateScopes),
      projectId: fc.constant('site'),
      activityId: fc.constant('advice'),
      userId: fc.constant('anna'),
      customerId: fc.constant('bakker'),
      amount: fc.integer({ min: 0, max: 200 }).map((amount) => decimal(String(amount))),
      currency: fc.constant('EUR'),
      from: fc.constantFrom(day('2026-01-01'), day('2026-02-15'), day('2026-03-20')),
    })
    const worth = (list: readonly PricedHours[], by: readonly DatedRate[]) =>
      sum(
        list.map((one) =>
          lineNet({ quantity: quantityOf(one.minutes), unitPrice: rateFor(one, by)?.amount ?? decimal('0') }),
        ),
      )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), newRate, (list, added) => {
        const entries = list.map((one, index) => hours(`e${index}`, one.date, one))
        const { changes, totals, keptEntries } = rateChangePreview(added, rates, entries)
        const [total] = totals
        const grown = subtract(worth(entries, [...rates, { ...added, id: 'z' }]), worth(entries, rates))
        expect(sameAmount(total ? subtract(total.after, total.before) : decimal('0'), grown)).toBe(true)
        expect(keptEntries).toBe(0)
        const claimed = entries.map((one) => ({ ...one, claim: 'sent' as const }))
        expect(rateChangePreview(added, rates, claimed)).toEqual({
          changes: [],
          totals: [],
          keptEntries: changes.length,
        })
      }),
      { seed: 20260331 },
    )
  })
})

describe('invoicing methods', () => {
  it('are hourly, cover the hours, or invoice nothing', () => {
    expect(invoicingMethods.filter(isHourly)).toHaveLength(4)
    expect(invoicingMethods.filter(coversHours)).toEqual(['fixed-price', 'fixed-per-activity', 'subscription'])
    expect(invoicingMethods.filter((method) => !isHourly(method) && !coversHours(method))).toEqual(['none'])
  })
})
