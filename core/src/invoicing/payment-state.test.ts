import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, calendarDate as day } from '../shared/calendar-date.ts'
import { add, compare, type Decimal, decimal as d, isNegative, subtract } from '../shared/money.ts'
import {
  lateBucket,
  mayUndo,
  type PaidInvoice,
  type PaymentState,
  paymentStateOf,
  whyNotPaid,
} from './payment-state.ts'

const today = day('2026-03-31')
const [soon, todayDue, late] = ['2026-04-14', '2026-03-31', '2026-03-21']

const invoice = (gross: string, credited: string, paid: string, more: Partial<PaidInvoice> = {}): PaidInvoice => ({
  kind: 'invoice',
  state: 'sent',
  gross: d(gross),
  credited: d(credited),
  paid: d(paid),
  dueDate: day(soon),
  ...more,
})

type Case = [about: string, gross: string, credited: string, paid: string, due: string, ...standing: Standing]
type Standing = [state: PaymentState, outstanding: string, overdueDays: number | null]

describe('where an invoice stands', () => {
  it.each<Case>([
    // about                                         gross     credited   paid      due       state         outstanding days
    ['just sent', '121.00', '0.00', '0.00', soon, 'open', '121.00', null],
    ['due today, so not late yet', '121.00', '0.00', '0.00', todayDue, 'open', '121.00', null],
    ['ten days late', '121.00', '0.00', '0.00', late, 'open', '121.00', 10],
    ['paid in part', '121.00', '0.00', '100.00', soon, 'partly-paid', '21.00', null],
    ['paid in part, the rest late', '121.00', '0.00', '120.99', late, 'partly-paid', '0.01', 10],
    ['paid', '121.00', '0.00', '121.00', late, 'paid', '0.00', null],
    ['paid too much', '121.00', '0.00', '121.01', late, 'to-refund', '-0.01', null],
    ['credited in whole', '121.00', '121.00', '0.00', late, 'credited', '0.00', null],
    ['credited in part', '121.00', '21.00', '0.00', late, 'open', '100.00', 10],
    ['credited in part, the rest paid', '121.00', '21.00', '100.00', late, 'paid', '0.00', null],
    ['credited in part, paid in part', '121.00', '21.00', '60.00', soon, 'partly-paid', '40.00', null],
    ['paid and then credited', '121.00', '121.00', '121.00', late, 'to-refund', '-121.00', null],
    ['paid, credited, refunded in part', '121.00', '121.00', '21.00', late, 'to-refund', '-21.00', null],
    ['paid, credited, refunded', '121.00', '121.00', '0.00', late, 'credited', '0.00', null],
    ['paid, credited in part, that refunded', '121.00', '21.00', '100.00', late, 'paid', '0.00', null],
    ['an invoice of nothing', '0.00', '0.00', '0.00', late, 'paid', '0.00', null],
  ])('%s', (_, gross, credited, paid, due, state, outstanding, overdueDays) => {
    const standing = paymentStateOf(invoice(gross, credited, paid, { dueDate: day(due) }), today)
    expect(standing).toEqual({ state, outstanding, overdueDays })
  })

  it('is nowhere for a draft, and for a credit note, which is settled on its invoice', () => {
    const nothing = { state: null, outstanding: '0.00', overdueDays: null }
    expect(paymentStateOf(invoice('121', '0', '0', { state: 'draft', dueDate: day(late) }), today)).toEqual(nothing)
    expect(paymentStateOf(invoice('-121', '0', '0', { kind: 'credit', dueDate: day(late) }), today)).toEqual(nothing)
  })

  it('is credited, not paid, when an invoice of nothing was credited', () => {
    expect(paymentStateOf(invoice('0', '0', '0', { state: 'credited' }), today).state).toBe('credited')
  })
})

describe('an amount that somebody registers', () => {
  it.each([
    // about                          invoice                          amount     over    refused
    ['the whole', invoice('121', '0', '0'), '121.00', false, null],
    ['a part', invoice('121', '0', '0'), '0.01', false, null],
    ['more than is outstanding', invoice('121', '0', '21'), '100.01', false, ['more-than-outstanding', '100.00']],
    ['more, and that is meant', invoice('121', '0', '21'), '100.01', true, null],
    ['what is paid already', invoice('121', '0', '121'), '121', false, ['more-than-outstanding', '0.00']],
    ['paid twice, and that is meant', invoice('121', '0', '121'), '121', true, null],
    ['on what is to be refunded', invoice('121', '121', '121'), '1', false, ['more-than-outstanding', '0.00']],
    ['nothing', invoice('121', '0', '0'), '0.00', false, ['payment-of-nothing', undefined]],
    ['half a cent', invoice('121', '0', '0'), '0.005', false, ['too-many-decimals', undefined]],
    ['cents in more decimals', invoice('121', '0', '0'), '12.3400', false, null],
    ['a refund of nothing', invoice('121', '0', '100'), '-1', false, ['nothing-to-refund', undefined]],
    ['a refund beyond', invoice('121', '121', '121'), '-121.01', true, ['more-than-to-refund', '121']],
    ['a refund', invoice('121', '121', '121'), '-121.00', false, null],
    ['a refund in part', invoice('121', '21', '121'), '-20', false, null],
    ['on a draft', invoice('121', '0', '0', { state: 'draft' }), '1', false, ['payment-on-draft', undefined]],
    [
      'on a credit note',
      invoice('-1', '0', '0', { kind: 'credit' }),
      '-1',
      true,
      ['payment-on-credit-note', undefined],
    ],
  ] as const)('%s', (_, of, amount, allowOver, refused) => {
    const found = whyNotPaid(of, d(amount), { allowOver })
    expect(found && [found.code, found.left]).toEqual(refused)
  })

  it('is not undone before its refund is', () => {
    const refunded = invoice('121', '121', '0')
    expect([mayUndo(refunded, d('121')), mayUndo(refunded, d('-121'))]).toEqual([false, true])
    expect(mayUndo(invoice('121', '0', '121'), d('121'))).toBe(true)
  })
})

it.each([
  [null, 'not-due'],
  [1, '1-30'],
  [30, '1-30'],
  [31, '31-60'],
  [60, '31-60'],
  [61, '61-90'],
  [90, '61-90'],
  [91, 'over-90'],
] as const)('%s days late stands under %s', (days, bucket) => {
  expect(lateBucket(days)).toBe(bucket)
})

const cents = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((amount): Decimal => d(toText(amount)))
const toText = (amount: number): string => {
  const digits = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** What happens to an invoice: money comes, goes back, is undone and restored; credit notes are sent. */
const happenings = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('pay' as const), amount: cents(-30000, 30000), allowOver: fc.boolean() }),
    fc.record({ what: fc.constant('undo' as const), at: fc.nat(20) }),
    fc.record({ what: fc.constant('credit' as const), amount: cents(1, 20000) }),
  ),
  { maxLength: 25 },
)

describe('whatever happens to an invoice', () => {
  const seed = 20261121

  it('its state says what its amounts say', () => {
    fc.assert(
      fc.property(cents(0, 20000), happenings, (gross, list) => {
        let [now, payments] = [invoice(gross, '0', '0'), [] as Decimal[]]
        for (const one of list) {
          if (one.what === 'pay' && !whyNotPaid(now, one.amount, one)) {
            now = { ...now, paid: add(now.paid, one.amount) }
            payments.push(one.amount)
          }
          if (one.what === 'undo' && payments.length > 0) {
            const [undone] = payments.slice(one.at % payments.length) as [Decimal]
            if (mayUndo(now, undone)) {
              now = { ...now, paid: subtract(now.paid, undone) }
              payments = payments.filter((_, at) => at !== one.at % payments.length)
            }
          }
          if (one.what === 'credit' && compare(add(now.credited, one.amount), gross) <= 0) {
            const credited = add(now.credited, one.amount)
            now = { ...now, credited, state: compare(credited, gross) === 0 ? 'credited' : 'sent' }
          }
          holds(now)
        }
      }),
      { seed, numRuns: 500 },
    )
  })

  function holds(now: PaidInvoice) {
    const { state, outstanding, overdueDays } = paymentStateOf(now, addDays(now.dueDate, 5))
    const left = compare(outstanding, d('0'))
    expect(compare(add(add(outstanding, now.paid), now.credited), now.gross)).toBe(0)
    expect(compare(now.paid, d('0'))).toBeGreaterThanOrEqual(0)
    expect(state === 'open' || state === 'partly-paid').toBe(left > 0)
    expect(state === 'to-refund').toBe(left < 0)
    expect(state === 'paid' || state === 'credited').toBe(left === 0)
    if (state === 'partly-paid') expect(compare(now.paid, d('0'))).toBe(1)
    if (state === 'open' || state === 'credited') expect(compare(now.paid, d('0'))).toBe(0)
    expect(overdueDays).toBe(left > 0 ? 5 : null)
  }

  it('undoing a payment gives the state before', () => {
    fc.assert(
      fc.property(
        cents(0, 20000),
        cents(0, 20000),
        cents(0, 20000),
        cents(-30000, 30000),
        (gross, part, paid, amount) => {
          const credited = compare(part, gross) > 0 ? gross : part
          const before = { ...invoice(gross, '0', '0'), credited, paid }
          if (whyNotPaid(before, amount, { allowOver: true })) return
          const after = { ...before, paid: add(before.paid, amount) }
          expect(mayUndo(after, amount)).toBe(true)
          const undone = { ...after, paid: subtract(after.paid, amount) }
          expect(paymentStateOf(undone, today)).toEqual(paymentStateOf(before, today))
        },
      ),
      { seed, numRuns: 500 },
    )
  })

  it('what is outstanding can be paid at once, and then nothing is; what is to be refunded likewise', () => {
    fc.assert(
      fc.property(cents(0, 20000), cents(0, 20000), cents(0, 20000), (gross, part, paid) => {
        const credited = compare(part, gross) > 0 ? gross : part
        const before = { ...invoice(gross, '0', '0'), credited, paid }
        const { outstanding } = paymentStateOf(before, today)
        if (compare(outstanding, d('0')) === 0) return
        expect(whyNotPaid(before, outstanding, { allowOver: false })).toBeNull()
        const settled = paymentStateOf({ ...before, paid: add(before.paid, outstanding) }, today)
        expect(settled.outstanding).toBe('0.00')
        const beyond = isNegative(outstanding) ? subtract(outstanding, d('0.01')) : add(outstanding, d('0.01'))
        expect(whyNotPaid(before, beyond, { allowOver: false })).not.toBeNull()
      }),
      { seed, numRuns: 500 },
    )
  })
})
