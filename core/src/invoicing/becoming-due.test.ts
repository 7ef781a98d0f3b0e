import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, type CalendarDate, calendarDate as day } from '../shared/calendar-date.ts'
import { compare, decimal, sameAmount, sum } from '../shared/money.ts'
import {
  correctionFor,
  type PricedInstalment,
  periodsAhead,
  periodsDue,
  type SubscriptionTerms,
  splitPrice,
  subscriptionPeriods,
} from './becoming-due.ts'

const terms = (change: Partial<Record<keyof SubscriptionTerms, unknown>> = {}): SubscriptionTerms => ({
  from: day('2026-01-01'),
  period: 'month',
  inAdvance: true,
  lastPeriod: 'whole',
  amount: decimal('850.00'),
  ...(change as Partial<SubscriptionTerms>),
})

/** `number: first – last, due day, amount`. */
const read = (of: SubscriptionTerms, today: string) =>
  periodsDue(of, day(today)).map(
    (one) => `${one.number}: ${one.periodFrom} – ${one.periodUntil}, ${one.dueOn}, ${one.amount}`,
  )

describe('periods of a subscription', () => {
  it.each<[string, Partial<Record<keyof SubscriptionTerms, unknown>>, string, string[]]>([
    ['before it begins', {}, '2025-12-31', []],
    ['on its first day, in advance', {}, '2026-01-01', ['1: 2026-01-01 – 2026-01-31, 2026-01-01, 850.00']],
    ['afterwards: on the day before the last', { inAdvance: false }, '2026-01-30', []],
    [
      'afterwards: on its last day',
      { inAdvance: false },
      '2026-01-31',
      ['1: 2026-01-01 – 2026-01-31, 2026-01-31, 850.00'],
    ],
    [
      'monthly from 31 January: as far as each month goes, and back to the 31st',
      { from: day('2026-01-31') },
      '2026-05-01',
      [
        '1: 2026-01-31 – 2026-02-27, 2026-01-31, 850.00',
        '2: 2026-02-28 – 2026-03-30, 2026-02-28, 850.00',
        '3: 2026-03-31 – 2026-04-29, 2026-03-31, 850.00',
        '4: 2026-04-30 – 2026-05-30, 2026-04-30, 850.00',
      ],
    ],
    [
      'monthly from 31 January in a leap year',
      { from: day('2028-01-31') },
      '2028-03-31',
      [
        '1: 2028-01-31 – 2028-02-28, 2028-01-31, 850.00',
        '2: 2028-02-29 – 2028-03-30, 2028-02-29, 850.00',
        '3: 2028-03-31 – 2028-04-29, 2028-03-31, 850.00',
      ],
    ],
    [
      'yearly from 29 February: the 28th, and the 29th again four years later',
      { from: day('2028-02-29'), period: 'year' },
      '2032-03-01',
      [
        '1: 2028-02-29 – 2029-02-27, 2028-02-29, 850.00',
        '2: 2029-02-28 – 2030-02-27, 2029-02-28, 850.00',
        '3: 2030-02-28 – 2031-02-27, 2030-02-28, 850.00',
        '4: 2031-02-28 – 2032-02-28, 2031-02-28, 850.00',
        '5: 2032-02-29 – 2033-02-27, 2032-02-29, 850.00',
      ],
    ],
    [
      'quarters from 30 November: the last of February is shorter',
      { from: day('2026-11-30'), period: 'quarter' },
      '2027-05-30',
      [
        '1: 2026-11-30 – 2027-02-27, 2026-11-30, 850.00',
        '2: 2027-02-28 – 2027-05-29, 2027-02-28, 850.00',
        '3: 2027-05-30 – 2027-08-29, 2027-05-30, 850.00',
      ],
    ],
    [
      'quarters of the calendar, afterwards',
      { period: 'quarter', inAdvance: false },
      '2026-06-30',
      ['1: 2026-01-01 – 2026-03-31, 2026-03-31, 850.00', '2: 2026-04-01 – 2026-06-30, 2026-06-30, 850.00'],
    ],
    [
      'weeks over the turn of the year',
      { from: day('2026-12-25'), period: 'week' },
      '2027-01-01',
      ['1: 2026-12-25 – 2026-12-31, 2026-12-25, 850.00', '2: 2027-01-01 – 2027-01-07, 2027-01-01, 850.00'],
    ],
    [
      'ended within a period: the whole amount',
      { until: day('2026-02-14') },
      '2026-12-31',
      ['1: 2026-01-01 – 2026-01-31, 2026-01-01, 850.00', '2: 2026-02-01 – 2026-02-14, 2026-02-01, 850.00'],
    ],
    [
      'ended within a period, by days: 14 of 28',
      { until: day('2026-02-14'), lastPeriod: 'by-day', inAdvance: false },
      '2026-02-14',
      ['1: 2026-01-01 – 2026-01-31, 2026-01-31, 850.00', '2: 2026-02-01 – 2026-02-14, 2026-02-14, 425.00'],
    ],
    [
      'by days, rounded once: 10 of 31 of 100.00',
      { until: day('2026-01-10'), lastPeriod: 'by-day', amount: decimal('100.00') },
      '2026-01-01',
      ['1: 2026-01-01 – 2026-01-10, 2026-01-01, 32.26'],
    ],
    [
      'ended on the last day of a period: nothing is cut',
      { until: day('2026-01-31'), lastPeriod: 'by-day' },
      '2026-12-31',
      ['1: 2026-01-01 – 2026-01-31, 2026-01-01, 850.00'],
    ],
    [
      'one day',
      { until: day('2026-01-01'), lastPeriod: 'by-day', amount: decimal('31.00') },
      '2026-01-01',
      ['1: 2026-01-01 – 2026-01-01, 2026-01-01, 1.00'],
    ],
  ])('%s', (_, change, today, expected) => expect(read(terms(change), today)).toEqual(expected))

  it('are told ahead, until the last', () => {
    const ahead = periodsAhead(terms({ until: day('2026-04-15') }), day('2026-02-10'), 5)
    expect(ahead.map(({ number, dueOn, periodUntil }) => [number, dueOn, periodUntil])).toEqual([
      [3, '2026-03-01', '2026-03-31'],
      [4, '2026-04-01', '2026-04-15'],
    ])
    expect(periodsAhead(terms(), day('2025-01-01'), 2).map(({ number }) => number)).toEqual([1, 2])
  })

  const someDay = fc.integer({ min: 0, max: 2_500 }).map((days) => addDays(day('2024-01-01'), days))
  const anyTerms = fc
    .record({
      from: someDay,
      length: fc.option(fc.integer({ min: 0, max: 900 }), { nil: null }),
      period: fc.constantFrom(...subscriptionPeriods),
      inAdvance: fc.boolean(),
      lastPeriod: fc.constantFrom('whole' as const, 'by-day' as const),
      cents: fc.integer({ min: 0, max: 1_000_000 }),
    })
    .map(({ length, cents, ...rest }) =>
      terms({
        ...rest,
        until: length === null ? null : addDays(rest.from, length),
        amount: decimal((cents / 100).toFixed(2)),
      }),
    )

  it('are the same however often and late one asks', () => {
    fc.assert(
      fc.property(anyTerms, fc.array(someDay, { maxLength: 8 }), someDay, (of, runs, last) => {
        const end = [...runs, last].sort().at(-1) as CalendarDate
        const kept = new Map<string, unknown>()
        for (const today of [...runs, end])
          for (const period of periodsDue(of, today)) kept.set(period.periodFrom, kept.get(period.periodFrom) ?? period)
        const union = [...kept.values()].sort(
          (a, b) => (a as { number: number }).number - (b as { number: number }).number,
        )
        expect(union).toEqual(periodsDue(of, end))
      }),
      { seed: 20260331 },
    )
  })

  it('neither overlap nor leave a gap, and end where the subscription ends', () => {
    fc.assert(
      fc.property(anyTerms, someDay, (of, today) => {
        const due = periodsDue(of, today)
        if (due[0]) expect(due[0].periodFrom).toBe(of.from)
        due.forEach((period, index) => {
          expect(period.number).toBe(index + 1)
          expect(period.periodFrom <= period.periodUntil).toBe(true)
          if (of.until) expect(period.periodUntil <= of.until).toBe(true)
          const next = due[index + 1]
          if (next) expect(next.periodFrom).toBe(addDays(period.periodUntil, 1))
        })
        if (of.until && addDays(of.until, 1) <= today) expect(due.at(-1)?.periodUntil).toBe(of.until)
      }),
      { seed: 20260331 },
    )
  })
})

describe('a price in instalments', () => {
  const amounts = (price: string, by: Parameters<typeof splitPrice>[1]) => splitPrice(decimal(price), by).join(' ')
  const percentages = (...list: string[]) => ({ percentages: list.map(decimal) })
  it.each([
    ['in one', amounts('1000', { parts: 1 }), '1000.00'],
    ['in three: the last takes the remainder', amounts('100', { parts: 3 }), '33.33 33.33 33.34'],
    ['in three: never less for the last', amounts('200', { parts: 3 }), '66.66 66.66 66.68'],
    ['less than a cent each', amounts('0.05', { parts: 10 }), `${'0.00 '.repeat(9)}0.05`],
    ['30, 50 and 20 percent', amounts('9999.99', percentages('30', '50', '20')), '2999.99 4999.99 2000.01'],
    ['a third by percentages', amounts('100', percentages('33.33', '33.33', '33.34')), '33.33 33.33 33.34'],
    ['a negative price mirrors it', amounts('-200', { parts: 3 }), '-66.66 -66.66 -66.68'],
  ])('%s', (_, found, expected) => expect(found).toBe(expected))

  const cents = fc.integer({ min: 0, max: 100_000_000 }).map((amount) => decimal((amount / 100).toFixed(2)))

  it('adds up to it, whatever price and parts', () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 1, max: 60 }), (price, parts) => {
        const found = splitPrice(price, { parts })
        expect(found).toHaveLength(parts)
        expect(sameAmount(sum(found), price)).toBe(true)
        expect(found.every((amount) => compare(amount, found.at(-1) as typeof amount) <= 0)).toBe(true)
      }),
      { seed: 20260331 },
    )
  })

  const instalments = (...list: [string, string, ('claimed' | 'free')?][]): PricedInstalment[] =>
    list.map(([id, amount, claim]) => ({ id, amount: decimal(amount), claimed: claim === 'claimed' }))

  it.each<[string, string, PricedInstalment[], object]>([
    ['the same price changes nothing', '300', instalments(['a', '100'], ['b', '200']), {}],
    ['none yet: the whole in one', '300', [], { add: { kind: 'part', amount: '300.00' } }],
    ['the last takes more', '350', instalments(['a', '100'], ['b', '200']), { change: { id: 'b', amount: '250.00' } }],
    ['the last takes less', '150', instalments(['a', '100'], ['b', '200']), { change: { id: 'b', amount: '50.00' } }],
    ['nothing is left for the last', '100', instalments(['a', '100'], ['b', '200']), { remove: ['b'] }],
    [
      'nor for the one before it',
      '50',
      instalments(['a', '100'], ['b', '200']),
      { remove: ['b'], change: { id: 'a', amount: '50.00' } },
    ],
    [
      'all claimed: a new last one',
      '350',
      instalments(['a', '100', 'claimed'], ['b', '200', 'claimed']),
      { add: { kind: 'part', amount: '50.00' } },
    ],
    [
      'all claimed and the price is lower: a negative correction',
      '250',
      instalments(['a', '100', 'claimed'], ['b', '200', 'claimed']),
      { add: { kind: 'correction', amount: '-50.00' } },
    ],
    [
      'what is claimed is more than the price: the free ones go and the rest is corrected',
      '80',
      instalments(['a', '100', 'claimed'], ['b', '200']),
      { remove: ['b'], add: { kind: 'correction', amount: '-20.00' } },
    ],
    [
      'the last is claimed before a free one: a new one follows',
      '400',
      instalments(['a', '100'], ['b', '200', 'claimed']),
      { add: { kind: 'part', amount: '100.00' } },
    ],
    [
      'the last is claimed and the price is lower: the free one takes less',
      '260',
      instalments(['a', '100'], ['b', '200', 'claimed']),
      { change: { id: 'a', amount: '60.00' } },
    ],
  ])('%s', (_, price, list, expected) => {
    expect(correctionFor(decimal(price), list)).toEqual({ remove: [], change: null, add: null, ...expected })
  })

  it('adds up again after a new price, and what is claimed stays', () => {
    const list = fc.array(fc.record({ amount: cents, claimed: fc.boolean() }), { maxLength: 8 })
    fc.assert(
      fc.property(cents, list, (price, rows) => {
        const before = rows.map((row, index) => ({ ...row, id: `i${index}` }))
        const { remove, change, add } = correctionFor(price, before)
        const after = before
          .filter(({ id }) => !remove.includes(id))
          .map((row) => (row.id === change?.id ? change.amount : row.amount))
        expect(sameAmount(sum([...after, ...(add ? [add.amount] : [])]), price)).toBe(true)
        const touched = [...remove, change?.id]
        expect(before.some(({ id, claimed }) => claimed && touched.includes(id))).toBe(false)
      }),
      { seed: 20260331 },
    )
  })
})
