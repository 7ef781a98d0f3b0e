import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { add, decimal, times } from '../shared/money.ts'
import {
  billedKm,
  drivenKm,
  type KmRate,
  kmAmount,
  kmRateFor,
  reimbursementRateFor,
  type TripKind,
  tripKinds,
  tripProblems,
} from './trip.ts'

const seed = { seed: 20260331 }

describe('kilometres', () => {
  it.each<[string, string, boolean, TripKind, boolean, string, string]>([
    ['one way', '12.5', false, 'business', true, '12.5', '12.5'],
    ['there and back', '12.5', true, 'business', true, '25.0', '25.0'],
    ['there and back, for the firm itself', '12.5', true, 'business', false, '25.0', '0.0'],
    ['to work, billed after all', '8', true, 'commute', true, '16.0', '16.0'],
    ['private', '8', false, 'private', true, '8.0', '0.0'],
  ])('%s: %s km', (_, distance, returnTrip, kind, billable, driven, billed) => {
    const trip = { distanceKm: decimal(distance), returnTrip, kind, billable }
    expect([drivenKm(trip), billedKm(trip)]).toEqual([driven, billed])
  })

  it.each([
    ['25.0', '0.23', '5.75'],
    ['12.5', '0.19', '2.38'], // 2.375
    ['0.1', '0.04', '0.00'],
    ['0.1', '0.05', '0.01'],
    ['10000.0', '0.2345', '2345.00'],
  ])('%s at %s is %s', (km, rate, amount) => {
    expect(kmAmount(decimal(km), decimal(rate))).toBe(amount)
  })

  it('there and back are twice one way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), (tenths) => {
        const distanceKm = times(decimal(String(tenths)), decimal('0.1'))
        const oneWay = drivenKm({ distanceKm, returnTrip: false })
        expect(decimal(drivenKm({ distanceKm, returnTrip: true }))).toBe(add(oneWay, oneWay))
      }),
      seed,
    )
  })
})

const rate = (
  id: string,
  purpose: KmRate['purpose'],
  scope: KmRate['scope'],
  amount: string,
  from: string,
  of: Partial<KmRate> = {},
): KmRate => ({ id, purpose, scope, amount: decimal(amount), currency: 'EUR', from: day(from), ...of })

const rates = [
  rate('r01', 'billing', 'firm', '0.40', '2025-01-01'),
  rate('r02', 'billing', 'firm', '0.45', '2026-03-15'),
  rate('r03', 'billing', 'customer', '0.50', '2026-01-01', { customerId: 'bakker' }),
  rate('r04', 'billing', 'project', '0.60', '2026-02-01', { projectId: 'site' }),
  rate('r05', 'billing', 'project', '0.65', '2026-02-01', { projectId: 'site' }),
  rate('r06', 'reimbursement', 'firm', '0.23', '2024-01-01'),
  rate('r07', 'reimbursement', 'user', '0.30', '2026-01-01', { userId: 'anna' }),
  // Of no use to anybody: the scope does not belong to the purpose, or the subject is empty.
  rate('r08', 'billing', 'user', '9', '2020-01-01', { userId: 'anna' }),
  rate('r09', 'reimbursement', 'project', '9', '2020-01-01', { projectId: 'site' }),
  rate('r10', 'billing', 'project', '9', '2020-01-01', { projectId: null }),
]
const trip = { projectId: 'site' as string | null, customerId: 'bakker' as string | null, userId: 'anna' }

describe('the rate of a kilometre', () => {
  it.each<[string, string, Partial<typeof trip>, string | undefined]>([
    ['project; of two that begin on one day the last made', '2026-03-20', {}, '0.65 project'],
    ['before the project’s began: the customer', '2026-01-31', {}, '0.5 customer'],
    ['another project of the customer', '2026-03-20', { projectId: 'app' }, '0.5 customer'],
    ['another customer: the firm, old rate', '2026-03-14', { projectId: 'app', customerId: 'smid' }, '0.4 firm'],
    ['from its first day: the new rate', '2026-03-15', { projectId: 'app', customerId: 'smid' }, '0.45 firm'],
    ['no project: the firm', '2026-03-20', { projectId: null, customerId: null }, '0.45 firm'],
    ['before any rate', '2024-12-31', {}, undefined],
  ])('for the customer: %s', (_, date, other, expected) => {
    for (const list of [rates, rates.toReversed()]) {
      const found = kmRateFor({ ...trip, ...other, date: day(date) }, list)
      expect(found && `${found.amount} ${found.source}`).toBe(expected)
    }
  })

  it.each<[string, string, string, string | undefined]>([
    ['his own', 'anna', '2026-03-20', '0.3 user'],
    ['before his own began: the firm’s', 'anna', '2025-12-31', '0.23 firm'],
    ['the firm’s', 'bas', '2026-03-20', '0.23 firm'],
    ['before any rate', 'bas', '2023-12-31', undefined],
  ])('for the employee: %s', (_, userId, date, expected) => {
    for (const list of [rates, rates.toReversed()]) {
      const found = reimbursementRateFor({ userId, date: day(date) }, list)
      expect(found && `${found.amount} ${found.source}`).toBe(expected)
    }
  })

  it('says which row it is', () => {
    expect(kmRateFor({ ...trip, date: day('2026-03-20') }, rates)).toEqual({
      amount: '0.65',
      currency: 'EUR',
      source: 'project',
      rateId: 'r05',
    })
  })
})

describe('what is wrong with a trip', () => {
  const filledIn = {
    distanceKm: decimal('12.5'),
    kind: 'business' as TripKind,
    billable: true,
    reimbursable: true,
    projectId: 'site' as string | null,
  }
  it.each<[string, Partial<typeof filledIn>, Record<string, string>]>([
    ['nothing', {}, {}],
    ['nothing: the longest', { distanceKm: decimal('5000') }, {}],
    ['nothing: to work, of no project', { kind: 'commute', billable: false, projectId: null }, {}],
    ['nothing: private', { kind: 'private', billable: false, reimbursable: false, projectId: null }, {}],
    ['no distance', { distanceKm: decimal('0') }, { '/distanceKm': 'distance-not-positive' }],
    ['backwards', { distanceKm: decimal('-1') }, { '/distanceKm': 'distance-not-positive' }],
    ['round the world', { distanceKm: decimal('5000.1') }, { '/distanceKm': 'distance-too-long' }],
    ['to the metre', { distanceKm: decimal('12.345') }, { '/distanceKm': 'distance-too-many-decimals' }],
    ['private, for the customer', { kind: 'private', reimbursable: false }, { '/billable': 'private-trip-billable' }],
    ['private, for the firm', { kind: 'private', billable: false }, { '/reimbursable': 'private-trip-reimbursable' }],
    ['for a customer, but of no project', { projectId: null }, { '/projectId': 'billable-without-project' }],
  ])('%s', (_, change, expected) => {
    const found = tripProblems({ ...filledIn, ...change })
    expect(Object.fromEntries(found.map(({ pointer, code }) => [pointer, code]))).toEqual(expected)
  })

  it('a trip without problems is billed only when it is not private', () => {
    for (const kind of tripKinds)
      for (const billable of [true, false]) {
        const one = { ...filledIn, kind, billable, reimbursable: false }
        if (tripProblems(one).length === 0)
          expect(billedKm({ ...one, returnTrip: false })).toBe(billable ? '12.5' : '0.0')
        else expect(kind).toBe('private')
      }
  })
})
