import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate } from '../shared/calendar-date.ts'
import { add, compare, type Decimal, decimal, subtract, sum, toCents, zero } from '../shared/money.ts'
import { type BookedDocument, paidInBooks, settledStateOf, takenIntoBooks } from './settled-in-books.ts'

const booked = (gross: string, outstanding: string, lastPaidOn?: string, theirGross = gross): BookedDocument => ({
  gross: decimal(gross),
  theirGross: decimal(theirGross),
  outstanding: decimal(outstanding),
  ...(lastPaidOn === undefined ? {} : { lastPaidOn: calendarDate(lastPaidOn) }),
})

describe('how far the books have a document as paid', () => {
  it.each([
    ['nothing was paid', booked('121.00', '121.00'), 'open'],
    ['a part was paid', booked('121.00', '21.00', '2026-03-10'), 'partly-paid'],
    ['all was paid', booked('121.00', '0.00', '2026-03-10'), 'paid'],
    ['it was written off, or set off against a credit note', booked('121.00', '0.00'), 'settled'],
    ['more was paid than is owed', booked('121.00', '-9.00', '2026-03-10'), 'over-paid'],
    ['a cent was booked otherwise and nothing was paid', booked('121.00', '121.01', undefined, '121.01'), 'open'],
    ['a credit note is open', booked('-121.00', '-121.00'), 'open'],
    ['a part of a credit note was set off', booked('-121.00', '-21.00'), 'partly-paid'],
    ['an invoice of nothing', booked('0.00', '0.00'), 'paid'],
  ])('%s', (_, document, state) => {
    expect(settledStateOf(document)).toBe(state)
  })
})

describe('what was paid of an invoice by the books', () => {
  it.each([
    ['nothing yet', [booked('121.00', '121.00')], '0.00'],
    ['a part', [booked('121.00', '71.00')], '50.00'],
    ['all of it', [booked('121.00', '0.00')], '121.00'],
    ['more than is owed', [booked('121.00', '-9.00')], '130.00'],
    ['a cent that was booked otherwise is no payment', [booked('121.00', '121.01', undefined, '121.01')], '0.00'],
    ['all, where a cent was booked otherwise', [booked('121.00', '0.00', undefined, '121.01')], '121.00'],
    ['a credit note set off against it pays nothing', [booked('121.00', '100.00'), booked('-21.00', '0.00')], '0.00'],
    ['what is left after its credit note was paid', [booked('121.00', '0.00'), booked('-21.00', '0.00')], '100.00'],
    [
      'a credit note that is still open beside a paid invoice',
      [booked('121.00', '0.00'), booked('-21.00', '-21.00')],
      '121.00',
    ],
    ['a credit note set off against another invoice', [booked('121.00', '121.00'), booked('-21.00', '0.00')], '-21.00'],
  ])('%s', (_, documents, paid) => {
    expect(paidInBooks(documents)).toBe(paid)
  })

  const cents = fc.integer({ min: -100_000_00, max: 100_000_00 }).map((n) => toCents(decimal((n / 100).toFixed(2))))
  it('is what was booked less what is open, whatever was set off against what', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, cents), { maxLength: 6 }), (parts) => {
        const documents = parts.map(([gross, outstanding]) => ({ gross, theirGross: gross, outstanding }))
        const left = subtract(sum(parts.map(([gross]) => gross)), sum(parts.map(([, open]) => open)))
        expect(paidInBooks(documents)).toBe(toCents(left))
      }),
      { seed: 20261121 },
    )
  })
})

describe('a payment by hand beside the books', () => {
  const counted = (hands: readonly [amount: string, inBooks: string][], before: string, now: string) => {
    const list = hands.map(([amount, inBooks], index) => ({
      id: String(index),
      amount: decimal(amount),
      inBooks: decimal(inBooks),
    }))
    return [...takenIntoBooks(list, { before: decimal(before), now: decimal(now) }).values()]
  }
  it.each<[string, [string, string][], string, string, string[]]>([
    ['is not counted again when the books tell of it', [['121.00', '0']], '0', '121.00', ['121.00']],
    ['counts for what the books do not tell of yet', [['121.00', '0']], '0', '100.00', ['100.00']],
    ['counts on when nothing changed in the books', [['121.00', '0']], '50.00', '50.00', ['0.00']],
    [
      'of several, the oldest first',
      [
        ['50.00', '0'],
        ['71.00', '0'],
      ],
      '0',
      '60.00',
      ['50.00', '10.00'],
    ],
    ['more came in than was registered', [['50.00', '0']], '0', '121.00', ['50.00']],
    [
      'stays in the books when a payment was taken from the invoice there',
      [['121.00', '121.00']],
      '121.00',
      '0',
      ['121.00'],
    ],
    ['what went back is met by what goes back there', [['-21.00', '0']], '142.00', '121.00', ['-21.00']],
    ['what went back is not met by money that came in', [['-21.00', '0']], '100.00', '142.00', ['0.00']],
  ])('%s', (_, hands, before, now, expected) => {
    expect(counted(hands, before, now)).toEqual(expected)
  })

  const cents = fc.integer({ min: 1, max: 500_00 }).map((n) => toCents(decimal((n / 100).toFixed(2))))
  it('never makes the total more than the greater of what was registered and what the books rose to', () => {
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 5 }), fc.array(cents, { maxLength: 5 }), (amounts, rises) => {
        let hands = amounts.map((amount, index) => ({ id: String(index), amount, inBooks: zero as Decimal }))
        let paid: Decimal = zero
        const registered = sum(amounts)
        for (const rise of rises) {
          const now = add(paid, rise)
          const taken = takenIntoBooks(hands, { before: paid, now })
          hands = hands.map((hand) => ({ ...hand, inBooks: taken.get(hand.id) ?? hand.inBooks }))
          paid = now
          const total = add(paid, sum(hands.map(({ amount, inBooks }) => subtract(amount, inBooks))))
          const most = compare(paid, registered) > 0 ? paid : registered
          expect(compare(total, most)).toBe(0)
        }
      }),
      { seed: 20261121 },
    )
  })
})
