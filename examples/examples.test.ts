import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vatTreatments } from '@uurwerk/core/invoicing/vat-cases.ts'
import { negate, sameAmount, sum } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import { cases } from './cases.ts'
import { work } from './worked-case.ts'
import { writtenOut } from './written-out.ts'

const fileOf = (name: string) => join(import.meta.dirname, `${name}.txt`)
const worked = cases.map(work)

describe('a worked month', () => {
  it.each(worked.map((one) => [one.about.name, one] as const))('%s is as it was checked', (name, one) => {
    const text = writtenOut(one)
    if (process.env.UPDATE_EXAMPLES) writeFileSync(fileOf(name), text)
    expect(text).toBe(readFileSync(fileOf(name), 'utf8'))
  })

  it.each(worked.map((one) => [one.about.name, one] as const))('%s sends exactly the cents it printed', (_, one) => {
    for (const { invoice, request } of one.invoices) {
      const { SalesEntryLines } = JSON.parse(request.body) as {
        SalesEntryLines: { AmountFC: number; VATAmountFC?: number }[]
      }
      const cents = (amounts: readonly number[]) =>
        amounts.reduce((total, amount) => total + Math.round(amount * 100), 0)
      const printed = (amount: string) => Number(amount.replace('.', ''))
      expect(cents(SalesEntryLines.map((line) => line.AmountFC))).toBe(printed(invoice.totals.net))
      expect(cents(SalesEntryLines.map((line) => line.VATAmountFC ?? 0))).toBe(printed(invoice.totals.vat))
    }
  })

  it('has a file per case, and no other', () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.txt'))
    expect(files.sort()).toEqual(cases.map(({ name }) => `${name}.txt`).sort())
  })

  it('shows every treatment that a Dutch firm has, each at least once', () => {
    const shown = new Set(
      worked.flatMap(({ invoices }) =>
        invoices.flatMap(({ invoice }) => invoice.lines.map((line) => line.vatTreatment)),
      ),
    )
    // The Netherlands has no intermediate rate; a consumer abroad at another class differs by its rate alone.
    const left = vatTreatments.filter((treatment) => !shown.has(treatment))
    expect(left).toEqual([
      'domestic-intermediate',
      'eu-consumer-intermediate',
      'eu-consumer-reduced',
      'eu-consumer-zero',
      'eu-consumer-exempt',
    ])
  })
})

describe('what the cases are there to show', () => {
  const invoicesOf = (name: string) => worked.find(({ about }) => about.name === name)?.invoices ?? []

  it('VAT of 37.50 and 12.50 is 10.50, shared out as 7.88 and 2.62', () => {
    const [one] = invoicesOf('half-cents')
    expect(one?.invoice.totals.vat).toBe('10.50')
    expect(one?.invoice.lines.map(({ net, vat }) => [net, vat])).toEqual([
      ['37.50', '7.88'],
      ['12.50', '2.62'],
    ])
  })

  it('a credit note and its invoice add up to nothing, line by line', () => {
    const [one, credit] = invoicesOf('credit-mirrors')
    expect(credit?.invoice.kind).toBe('credit')
    one?.invoice.lines.forEach((line, index) => {
      const turned = credit?.invoice.lines[index]
      expect([turned?.net, turned?.vat]).toEqual([negate(line.net), negate(line.vat)])
    })
    const grosses = [one, credit].flatMap((each) => (each ? [each.invoice.totals.gross] : []))
    expect(grosses).toHaveLength(2)
    expect(sameAmount(sum(grosses), sum([]))).toBe(true)
  })

  it.each(['credit-in-parts', 'credit-with-discount'])('%s adds up to nothing, per rate', (name) => {
    const all = invoicesOf(name).map(({ invoice }) => invoice.totals)
    expect(all).toHaveLength(3)
    for (const amounts of [
      all.map(({ net }) => net),
      all.map(({ gross }) => gross),
      all.flatMap(({ vatPerRate }) => vatPerRate.map(({ vat }) => vat)),
    ])
      expect(sameAmount(sum(amounts), sum([]))).toBe(true)
  })

  it('the day of the work decides the VAT rate', () => {
    const [one] = invoicesOf('rate-change')
    expect(one?.invoice.lines.map(({ vatRate, supplyUntil }) => [vatRate, supplyUntil])).toEqual([
      ['6', '2018-12-31'],
      ['9', '2019-01-14'],
      ['9', '2019-01-15'],
    ])
  })
})
