import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, type CalendarDate, calendarDate as day } from '../shared/calendar-date.ts'
import { add, decimal, negate, sameAmount, subtract, sum, toCents } from '../shared/money.ts'
import { ages, customerStatement, type Statement, type StatementDocument, type StatementPayment } from './statement.ts'

const invoice = (
  number: string,
  date: string,
  dueDate: string,
  gross: string,
  currency = 'EUR',
): StatementDocument => ({
  id: number,
  kind: 'invoice',
  number,
  date: day(date),
  dueDate: day(dueDate),
  currency,
  gross: decimal(gross),
  creditsId: null,
})
const credit = (number: string, of: StatementDocument, date: string, gross: string): StatementDocument => ({
  ...invoice(number, date, date, gross, of.currency),
  kind: 'credit',
  creditsId: of.id,
})
const payment = (id: string, of: StatementDocument, date: string, amount: string): StatementPayment => ({
  id,
  invoiceId: of.id,
  date: day(date),
  amount: decimal(amount),
  way: 'bank',
})

const first = invoice('2026-0001', '2026-01-15', '2026-02-14', '1210.00')
const second = invoice('2026-0002', '2026-02-10', '2026-03-12', '605.00')
const third = invoice('2026-0003', '2026-03-20', '2026-04-19', '242.00')
const dollars = invoice('2026-0004', '2026-03-01', '2026-03-31', '99.95', 'USD')
const documents = [first, second, third, dollars, credit('2026-0005', second, '2026-03-25', '-121.00')]
const payments = [
  payment('a', first, '2026-02-20', '500.00'),
  payment('b', first, '2026-03-05', '710.00'),
  payment('c', second, '2026-03-28', '500.00'),
  payment('d', third, '2026-03-10', '42.00'),
]

const at = (asOf: string, from?: string) =>
  customerStatement({ documents, payments, asOf: day(asOf), ...(from ? { from: day(from) } : {}) })
const openOf = (statements: readonly Statement[]) =>
  statements.flatMap(({ currency, items }) =>
    items.map(
      ({ document, outstanding, daysLate, age, inAdvance }) =>
        `${currency} ${document.number} ${outstanding} ${daysLate} ${age}${inAdvance ? ' in advance' : ''}`,
    ),
  )

describe('what is open as at a day', () => {
  it.each([
    ['2026-01-14', []],
    ['2026-01-15', ['EUR 2026-0001 1210.00 0 not-due']],
    ['2026-02-14', ['EUR 2026-0001 1210.00 0 not-due', 'EUR 2026-0002 605.00 0 not-due']],
    ['2026-02-20', ['EUR 2026-0001 710.00 6 1-30', 'EUR 2026-0002 605.00 0 not-due']],
    [
      '2026-03-10',
      ['EUR 2026-0002 605.00 0 not-due', 'EUR 2026-0003 -42.00 0 credit in advance', 'USD 2026-0004 99.95 0 not-due'],
    ],
    ['2026-03-25', ['EUR 2026-0002 484.00 13 1-30', 'EUR 2026-0003 200.00 0 not-due', 'USD 2026-0004 99.95 0 not-due']],
    [
      '2026-03-31',
      ['EUR 2026-0002 -16.00 0 credit', 'EUR 2026-0003 200.00 0 not-due', 'USD 2026-0004 99.95 0 not-due'],
    ],
    ['2026-05-31', ['EUR 2026-0002 -16.00 0 credit', 'EUR 2026-0003 200.00 42 31-60', 'USD 2026-0004 99.95 61 61-90']],
    [
      '2026-07-31',
      ['EUR 2026-0002 -16.00 0 credit', 'EUR 2026-0003 200.00 103 over-90', 'USD 2026-0004 99.95 122 over-90'],
    ],
  ])('%s', (asOf, open) => {
    expect(openOf(at(asOf))).toEqual(open)
  })

  it('counts what an invoice was, what was paid and what was credited', () => {
    const [euros] = at('2026-03-25')
    const item = euros?.items.find(({ document }) => document === second)
    expect(item).toMatchObject({ credited: '121.00', paid: '0.00', outstanding: '484.00' })
    expect(at('2026-03-31')[0]?.byAge).toEqual({
      'not-due': '200.00',
      '1-30': '0.00',
      '31-60': '0.00',
      '61-90': '0.00',
      'over-90': '0.00',
      credit: '-16.00',
    })
  })
})

describe('every movement with the balance after it', () => {
  const told = ({ opening, movements, balance }: Statement) => [
    `opening ${opening}`,
    ...movements.map((one) => `${one.date} ${one.kind} ${one.document.number} ${one.amount} = ${one.balance}`),
    `balance ${balance}`,
  ]

  it('from the beginning', () => {
    expect(at('2026-03-31').map(told)).toEqual([
      [
        'opening 0.00',
        '2026-01-15 invoice 2026-0001 1210.00 = 1210.00',
        '2026-02-10 invoice 2026-0002 605.00 = 1815.00',
        '2026-02-20 payment 2026-0001 -500.00 = 1315.00',
        '2026-03-05 payment 2026-0001 -710.00 = 605.00',
        '2026-03-10 payment 2026-0003 -42.00 = 563.00',
        '2026-03-20 invoice 2026-0003 242.00 = 805.00',
        '2026-03-25 credit 2026-0005 -121.00 = 684.00',
        '2026-03-28 payment 2026-0002 -500.00 = 184.00',
        'balance 184.00',
      ],
      ['opening 0.00', '2026-03-01 invoice 2026-0004 99.95 = 99.95', 'balance 99.95'],
    ])
  })

  it('from a day on, with what was owed before it', () => {
    expect(at('2026-03-31', '2026-03-20').map(told)).toEqual([
      [
        'opening 563.00',
        '2026-03-20 invoice 2026-0003 242.00 = 805.00',
        '2026-03-25 credit 2026-0005 -121.00 = 684.00',
        '2026-03-28 payment 2026-0002 -500.00 = 184.00',
        'balance 184.00',
      ],
      ['opening 99.95', 'balance 99.95'],
    ])
  })

  it('says nothing of a currency in which nothing happened yet', () => {
    expect(at('2026-02-28').map(({ currency }) => currency)).toEqual(['EUR'])
    expect(at('2025-12-31')).toEqual([])
  })

  it('leaves out what was settled before the first day', () => {
    const settled = { documents: [first], payments: payments.slice(0, 2) }
    expect(customerStatement({ ...settled, asOf: day('2026-03-31'), from: day('2026-03-06') })).toEqual([])
  })
})

const cents = fc.integer({ min: 1, max: 1_000_000 }).map((n) => toCents(decimal((n / 100).toFixed(2))))
const days = fc.integer({ min: 0, max: 400 })
const ofTheYear = (offset: number): CalendarDate => addDays(day('2026-01-01'), offset)

const books = fc
  .array(
    fc.record({
      date: days,
      term: fc.integer({ min: 0, max: 60 }),
      gross: cents,
      currency: fc.constantFrom('EUR', 'USD'),
      credits: fc.array(fc.record({ after: fc.integer({ min: 0, max: 90 }), gross: cents }), { maxLength: 2 }),
      paid: fc.array(fc.record({ after: fc.integer({ min: -30, max: 120 }), amount: cents, back: fc.boolean() }), {
        maxLength: 4,
      }),
    }),
    { maxLength: 12 },
  )
  .map((invoices) => ({
    documents: invoices.flatMap(({ date, term, gross, currency, credits }, at): StatementDocument[] => {
      const own = {
        ...invoice(`i${at}`, '2026-01-01', '2026-01-01', gross, currency),
        date: ofTheYear(date),
        dueDate: ofTheYear(date + term),
      }
      return [
        own,
        ...credits.map((one, n) => ({
          ...credit(`c${at}-${n}`, own, ofTheYear(date + one.after), negate(one.gross)),
        })),
      ]
    }),
    payments: invoices.flatMap(({ date, paid }, at) =>
      paid.map(
        ({ after, amount, back }, n): StatementPayment => ({
          id: `p${at}-${n}`,
          invoiceId: `i${at}`,
          date: ofTheYear(Math.max(0, date + after)),
          amount: back ? negate(amount) : amount,
          way: 'bank',
        }),
      ),
    ),
  }))

describe('whatever happened', () => {
  it('the balance is the sum of what is open, of the ages, and of the movements, in each currency', () => {
    fc.assert(
      fc.property(books, days, fc.option(days), (of, asOf, from) => {
        const asked = { ...of, asOf: ofTheYear(asOf), from: from === null ? null : ofTheYear(Math.min(from, asOf)) }
        for (const { items, byAge, opening, movements, balance } of customerStatement(asked)) {
          expect(sameAmount(balance, sum(items.map(({ outstanding }) => outstanding)))).toBe(true)
          expect(sameAmount(balance, sum(ages.map((age) => byAge[age])))).toBe(true)
          expect(sameAmount(balance, add(opening, sum(movements.map(({ amount }) => amount))))).toBe(true)
          expect(movements.at(-1)?.balance ?? opening).toBe(balance)
          for (const { document, inAdvance, credited, paid, outstanding } of items) {
            const gross = inAdvance ? decimal('0') : document.gross
            expect(sameAmount(outstanding, subtract(subtract(gross, credited), paid))).toBe(true)
          }
        }
      }),
      { seed: 20261121, numRuns: 300 },
    )
  })

  it('what one statement ends with the next begins with', () => {
    fc.assert(
      fc.property(books, days, days, (of, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b) + 1]
        const balances = (statements: readonly Statement[], pick: 'balance' | 'opening') =>
          Object.fromEntries(statements.flatMap((one) => (Number(one[pick]) === 0 ? [] : [[one.currency, one[pick]]])))
        const before = customerStatement({ ...of, asOf: ofTheYear(early) })
        const after = customerStatement({ ...of, asOf: ofTheYear(late), from: ofTheYear(early + 1) })
        expect(balances(after, 'opening')).toEqual(balances(before, 'balance'))
      }),
      { seed: 20261121, numRuns: 300 },
    )
  })
})
