import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absolute, compare, decimal as d, isZero, negate, subtract, sum } from '../shared/money.ts'
import { type CreditedBase, type CreditedLine, creditLine, creditTotals, isGone, leftOfLine } from './credit-note.ts'
import { invoiceTotals, lineNet } from './totals.ts'

const hours = (quantity: string, unitPrice: string, discount: string | null = null): CreditedLine => {
  const line = {
    quantity: d(quantity),
    unit: 'hour',
    unitPrice: d(unitPrice),
    discount: discount === null ? null : d(discount),
  }
  return { ...line, net: lineNet(line) }
}

const credited = (line: CreditedLine, taken: readonly CreditedLine[] = [], asked = {}) => {
  const made = creditLine(line, taken, asked)
  return 'line' in made ? made.line : made
}

describe('a line of a credit note', () => {
  it('mirrors a line when it takes all of it', () => {
    expect(credited(hours('3.1667', '104', '10'))).toEqual({
      quantity: '-3.1667',
      unit: 'hour',
      unitPrice: '104',
      discount: '10',
      net: '-296.40',
    })
  })

  it('takes back some of the quantity, or an amount as one piece', () => {
    const line = hours('10', '104')
    expect(credited(line, [], { quantity: d('2.5') })).toMatchObject({ quantity: '-2.5', unit: 'hour', net: '-260.00' })
    expect(credited(line, [], { net: d('12.34') })).toEqual({
      quantity: '-1',
      unit: 'piece',
      unitPrice: '12.34',
      discount: null,
      net: '-12.34',
    })
  })

  it('turns a deduction into something to be paid', () => {
    expect(credited(hours('-1', '50'))).toMatchObject({ quantity: '1', net: '50.00' })
    expect(credited(hours('-1', '50'), [], { net: d('-20') })).toMatchObject({ net: '20.00' })
  })

  it('takes exactly what is left as the last part, as one piece when quantity × price is a cent beside it', () => {
    const line = hours('3', '0.335')
    const first = credited(line, [], { quantity: d('1') }) as CreditedLine
    const last = credited(line, [first, first])
    expect(first).toMatchObject({ net: '-0.34' })
    expect(last).toEqual({ quantity: '-1', unit: 'piece', unitPrice: '0.33', discount: null, net: '-0.33' })
  })

  it.each([
    [{ quantity: d('10.0001') }, '10'],
    [{ quantity: d('-1') }, '10'],
    [{ quantity: d('0') }, '10'],
    [{ net: d('1040.01') }, '1040.00'],
    [{ net: d('-1') }, '1040.00'],
    [{ net: d('0') }, '1040.00'],
  ])('refuses %o, and says what is left', (asked, left) => {
    expect(credited(hours('10', '104'), [], asked)).toEqual({ left })
  })

  it('refuses a quantity whose amount was taken back already', () => {
    const line = hours('10', '104')
    const amount = credited(line, [], { net: d('1000') }) as CreditedLine
    expect(credited(line, [amount], { quantity: d('1') })).toEqual({ left: '40.00' })
    expect(credited(line, [amount])).toMatchObject({ unit: 'piece', net: '-40.00' })
  })

  it('is there once for a line of nothing', () => {
    const line = hours('2', '0')
    const mirrored = credited(line) as CreditedLine
    expect(mirrored).toMatchObject({ quantity: '-2', net: '0.00' })
    expect(isGone(line, [])).toBe(false)
    expect(isGone(line, [mirrored])).toBe(true)
  })
})

describe('the parts of an invoice', () => {
  const rates = ['21', '9', '0'] as const
  const cents = (amount: number) => `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
  const lines = fc.array(
    fc.record({
      quantity: fc.integer({ min: -40_000, max: 80_000 }).map((value) => d((value / 10_000).toFixed(4))),
      unitPrice: fc.integer({ min: 0, max: 20_000 }).map((value) => d(cents(value))),
      discount: fc.constantFrom(null, null, d('10'), d('33.3333'), d('100')),
      rate: fc.constantFrom(...rates).map((rate) => d(rate)),
    }),
    { minLength: 1, maxLength: 8 },
  )
  // Which line, and how much of what is left of it, in hundredths; by quantity or by amount.
  const cuts = fc.array(
    fc.array(
      fc.record({
        line: fc.nat(7),
        part: fc.integer({ min: 1, max: 100 }),
        by: fc.constantFrom('quantity' as const, 'net' as const),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { maxLength: 8 },
  )

  it('together cancel net, VAT per rate and gross exactly, however they are cut', () => {
    fc.assert(
      fc.property(lines, cuts, (drawn, drawnCuts) => {
        const invoiced = drawn.map((line) => ({ ...line, unit: 'hour', vatTreatment: 'x', net: lineNet(line) }))
        const whole = invoiceTotals(invoiced)
        const taken: CreditedLine[][] = invoiced.map(() => [])
        const before: CreditedBase[] = []
        const sums: ReturnType<typeof creditTotals>[] = []
        const note = (
          asked: readonly { readonly index: number; readonly quantity?: never }[],
          ask: (index: number) => object,
        ) => {
          const made = asked.flatMap(({ index }) => {
            const line = invoiced[index] as (typeof invoiced)[number]
            const one = creditLine<string>(line, taken[index] ?? [], ask(index))
            if (!('line' in one)) return []
            taken[index]?.push(one.line)
            return [{ net: one.line.net, vatTreatment: line.vatTreatment, rate: line.rate }]
          })
          if (made.length === 0) return
          const totals = creditTotals(made, before)
          expect(sum(totals.lineVat)).toBe(sum([totals.vat]))
          const own = invoiceTotals(made)
          for (const [place, part] of totals.vatPerRate.entries())
            expect(
              compare(absolute(subtract(part.vat, own.vatPerRate[place]?.vat ?? d('0'))), d('0.01')),
            ).toBeLessThanOrEqual(0)
          before.push(...totals.vatPerRate)
          sums.push(totals)
        }
        for (const cut of drawnCuts) {
          const ofInvoice = new Map(cut.filter(({ line }) => line < invoiced.length).map((one) => [one.line, one]))
          note(
            [...ofInvoice.keys()].map((index) => ({ index })),
            (index) => {
              const { part, by } = ofInvoice.get(index) as (typeof cut)[number]
              const line = invoiced[index] as (typeof invoiced)[number]
              const left = by === 'net' ? leftOfLine(line, taken[index] ?? []) : line.quantity
              const most = Number(left) * (part / 100)
              return by === 'net' ? { net: d(most.toFixed(2)) } : { quantity: d(most.toFixed(4)) }
            },
          )
        }
        note(
          invoiced.map((_, index) => ({ index })),
          () => ({}),
        )
        expect(invoiced.every((line, index) => isGone(line, taken[index] ?? []))).toBe(true)
        const together = (amounts: readonly ReturnType<typeof d>[]) => sum(amounts)
        expect(isZero(together([whole.net, ...sums.map(({ net }) => net)]))).toBe(true)
        expect(isZero(together([whole.gross, ...sums.map(({ gross }) => gross)]))).toBe(true)
        for (const { rate, vat, base } of whole.vatPerRate) {
          const ofRate = sums.flatMap(({ vatPerRate }) => vatPerRate.filter((part) => part.rate === rate))
          expect(together(ofRate.map((part) => part.vat))).toBe(together([negate(vat)]))
          expect(together(ofRate.map((part) => part.base))).toBe(together([negate(base)]))
        }
      }),
      { seed: 20260407, numRuns: 400 },
    )
  })

  it('carry the cents of small amounts along: ten times 0.02 at 21 % is 0.04 together', () => {
    const before: CreditedBase[] = []
    const vats = Array.from({ length: 10 }, () => {
      const totals = creditTotals([{ net: d('-0.02'), vatTreatment: 'x', rate: d('21') }], before)
      before.push(...totals.vatPerRate)
      return totals.vat
    })
    expect(vats).toEqual(['0.00', '-0.01', '0.00', '-0.01', '0.00', '-0.01', '0.00', '0.00', '-0.01', '0.00'])
  })
})
