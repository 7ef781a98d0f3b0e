import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, type CalendarDate, calendarDate as day, daysBetween } from '../shared/calendar-date.ts'
import { decimal } from '../shared/money.ts'
import {
  daysLate,
  nextReminder,
  type RemindedInvoice,
  type ReminderDays,
  type ReminderLetter,
  whyNotByHand,
} from './reminder.ts'

const days: ReminderDays = [7, 14, 28]

const invoice = (change: Partial<RemindedInvoice> = {}): RemindedInvoice => ({
  kind: 'invoice',
  state: 'sent',
  outstanding: decimal('121.00'),
  dueDate: day('2026-03-31'),
  held: false,
  customerOff: false,
  letters: [],
  ...change,
})

const sent = (step: 1 | 2 | 3, on: string): ReminderLetter => ({ step, state: 'sent', sentOn: day(on) })
const other = (step: 1 | 2 | 3, state: Exclude<ReminderLetter['state'], 'sent'>): ReminderLetter => ({
  step,
  state,
  sentOn: null,
})

/** `step from day: why not`, or `step from day: goes`. */
const read = (of: RemindedInvoice, today: string) => {
  const { step, dueOn, why } = nextReminder(of, days, day(today))
  return `${step ?? '–'} from ${dueOn ?? '–'}: ${why ?? 'goes'}`
}

describe('reminders of an invoice that is due on 31 March, after 7, 14 and 28 days', () => {
  it.each<[string, Partial<RemindedInvoice>, string, string]>([
    ['on its due date', {}, '2026-03-31', '1 from 2026-04-07: not-overdue'],
    ['six days late', {}, '2026-04-06', '1 from 2026-04-07: not-yet'],
    ['seven days late', {}, '2026-04-07', '1 from 2026-04-07: goes'],
    ['a month late, never reminded: the first step, not three', {}, '2026-05-01', '1 from 2026-04-07: goes'],
    ['the first went in time', { letters: [sent(1, '2026-04-07')] }, '2026-04-13', '2 from 2026-04-14: not-yet'],
    ['a week after the first', { letters: [sent(1, '2026-04-07')] }, '2026-04-14', '2 from 2026-04-14: goes'],
    [
      'the first went late: the second keeps its week',
      { letters: [sent(1, '2026-05-01')] },
      '2026-05-01',
      '2 from 2026-05-08: not-yet',
    ],
    [
      'the first went early, by hand: the second keeps its own day',
      { letters: [sent(1, '2026-04-01')] },
      '2026-04-13',
      '2 from 2026-04-14: not-yet',
    ],
    [
      'the second went late: the third keeps its fortnight',
      { letters: [sent(1, '2026-05-01'), sent(2, '2026-05-09')] },
      '2026-05-22',
      '3 from 2026-05-23: not-yet',
    ],
    [
      'all three went',
      { letters: [sent(1, '2026-04-07'), sent(2, '2026-04-14'), sent(3, '2026-04-28')] },
      '2026-12-31',
      '– from –: all-sent',
    ],
    [
      'the second went by hand without a first: the third follows',
      { letters: [sent(2, '2026-04-10')] },
      '2026-04-28',
      '3 from 2026-04-28: goes',
    ],
    [
      'the first waits for the mail server',
      { letters: [other(1, 'waiting')] },
      '2026-06-01',
      '– from –: letter-underway',
    ],
    ['the first is being sent', { letters: [other(1, 'sending')] }, '2026-06-01', '– from –: letter-underway'],
    [
      'nobody knows whether the first arrived',
      { letters: [other(1, 'uncertain')] },
      '2026-06-01',
      '– from –: letter-uncertain',
    ],
    ['the first was refused', { letters: [other(1, 'failed')] }, '2026-06-01', '– from –: letter-failed'],
    [
      'somebody withdrew the first: it is not written again by itself',
      { letters: [other(1, 'withdrawn')] },
      '2026-06-01',
      '1 from 2026-04-07: letter-withdrawn',
    ],
    [
      'withdrawn, then sent by hand: the second follows',
      { letters: [other(1, 'withdrawn'), sent(1, '2026-04-20')] },
      '2026-04-27',
      '2 from 2026-04-27: goes',
    ],
    ['paid', { outstanding: decimal('0.00') }, '2026-06-01', '– from –: nothing-outstanding'],
    ['paid too much', { outstanding: decimal('-10.00') }, '2026-06-01', '– from –: nothing-outstanding'],
    ['a cent is left', { outstanding: decimal('0.01') }, '2026-06-01', '1 from 2026-04-07: goes'],
    ['held', { held: true }, '2026-06-01', '– from –: held'],
    ['the customer gets none', { customerOff: true }, '2026-06-01', '– from –: customer-off'],
    ['a draft', { state: 'draft' }, '2026-06-01', '– from –: not-sent'],
    ['a credit note', { kind: 'credit' }, '2026-06-01', '– from –: not-an-invoice'],
  ])('%s', (_, change, today, says) => {
    expect(read(invoice(change), today)).toBe(says)
  })
})

describe('by hand', () => {
  it.each<[string, Partial<RemindedInvoice>, string, string | null]>([
    ['on the due date', {}, '2026-03-31', 'not-overdue'],
    ['a day late', {}, '2026-04-01', null],
    ['the first went today', { letters: [sent(1, '2026-04-01')] }, '2026-04-01', 'sent-today'],
    ['the first went yesterday', { letters: [sent(1, '2026-04-01')] }, '2026-04-02', null],
    ['somebody withdrew the first', { letters: [other(1, 'withdrawn')] }, '2026-04-02', null],
    ['the first is under way', { letters: [other(1, 'waiting')] }, '2026-04-02', 'letter-underway'],
    ['held', { held: true }, '2026-04-02', 'held'],
    ['the customer gets none', { customerOff: true }, '2026-04-02', 'customer-off'],
    ['paid', { outstanding: decimal('0') }, '2026-04-02', 'nothing-outstanding'],
  ])('%s: %s on %s gives %s', (_, change, today, why) => {
    expect(whyNotByHand(invoice(change), day(today))).toBe(why)
  })
})

it.each([
  ['2026-03-31', 0],
  ['2026-04-01', 1],
  ['2026-01-01', 0],
  ['2027-03-31', 365],
])('on %s it is %i days late', (today, late) => {
  expect(daysLate(day('2026-03-31'), day(today))).toBe(late)
})

const someDays = fc
  .uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 3, maxLength: 3 })
  .map((three) => three.sort((a, b) => a - b) as unknown as ReminderDays)

/** Runs on these days past the due date, each asking as often as told; what is due is sent at once or some days later. */
const runs = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 60 }),
    times: fc.integer({ min: 1, max: 4 }),
    underwayFor: fc.integer({ min: 0, max: 3 }),
    byHand: fc.boolean(),
  }),
  { maxLength: 30 },
)

it('sends the steps in order, once each, never two on a day, and as far apart as set, however often and late it runs', () => {
  fc.assert(
    fc.property(someDays, runs, (set, list) => {
      const dueDate = day('2026-03-31')
      let today: CalendarDate = dueDate
      let letters: ReminderLetter[] = []
      const byItself: { step: number; on: CalendarDate; after: CalendarDate | null }[] = []
      for (const { wait, times, underwayFor, byHand } of list) {
        today = addDays(today, wait)
        for (let time = 0; time < times; time++) {
          const now = invoice({ dueDate, letters })
          const { step, why } = nextReminder(now, set, today)
          const hand = byHand && step !== null && whyNotByHand(now, today) === null
          if (step === null || (why !== null && !hand)) continue
          const previous = letters.at(-1)?.sentOn ?? null
          if (why === null) byItself.push({ step, on: today, after: previous })
          // Nothing else is due while it is under way.
          const underway: ReminderLetter[] = [...letters, { step, state: 'waiting', sentOn: null }]
          expect(nextReminder(invoice({ dueDate, letters: underway }), set, addDays(today, 400)).step).toBeNull()
          today = addDays(today, underwayFor)
          letters = [...letters, { step, state: 'sent', sentOn: today }]
        }
      }
      const steps = letters.map(({ step }) => step)
      expect(steps).toEqual([1, 2, 3].slice(0, steps.length))
      expect(new Set(letters.map(({ sentOn }) => sentOn)).size).toBe(letters.length)
      for (const { step, on, after } of byItself) {
        expect(daysBetween(dueDate, on)).toBeGreaterThanOrEqual(set[step - 1] as number)
        if (after)
          expect(daysBetween(after, on)).toBeGreaterThanOrEqual((set[step - 1] as number) - (set[step - 2] as number))
      }
    }),
    { seed: 20261121, numRuns: 400 },
  )
})
