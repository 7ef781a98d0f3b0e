import { describe, expect, it } from 'vitest'
import { hoursText, makeFormat } from './format.ts'

const en = makeFormat('en')
const nl = makeFormat('nl')

describe('figures', () => {
  it('writes hours with minutes, minus in front', () => {
    expect([0, 45, 450, -121, 2400].map((minutes) => hoursText(minutes))).toEqual([
      '0:00',
      '0:45',
      '7:30',
      '−2:01',
      '40:00',
    ])
    expect([15, -15, 0].map((minutes) => hoursText(minutes, { signed: true }))).toEqual(['+0:15', '−0:15', '0:00'])
  })
  it('writes amounts in the language, with two decimals', () => {
    expect([en.amount('1234.5'), nl.amount('1234.5')]).toEqual(['1,234.50', '1.234,50'])
    expect([en.amount('-314.6'), nl.money('-314.6', 'EUR')]).toEqual(['−314.60', '−€\u00a0314,60'])
  })
  it('keeps every digit of an amount that no float can hold', () => {
    expect(en.amount('90071992547409931234.01')).toBe('90,071,992,547,409,931,234.01')
  })
  it('never writes a minus before zero', () => {
    expect([en.amount('-0.00'), en.amount('-0')]).toEqual(['0.00', '0.00'])
  })
  it('writes quantities with the decimals they have', () => {
    expect([nl.quantity('22.75'), nl.quantity('48'), en.quantity('1.3333')]).toEqual(['22,75', '48', '1.3333'])
  })
})

describe('dates', () => {
  it('writes a calendar date as people do, whatever the time zone of the machine', () => {
    expect([en.date('2026-03-31'), nl.date('2026-03-31')]).toEqual(['31 March 2026', '31 maart 2026'])
    expect([en.date('2026-01-01', 'short'), nl.date('2026-04-10', 'day')]).toEqual(['1 Jan 2026', 'vrijdag 10 april'])
  })
  it('says once what both ends of a period share', () => {
    expect(en.dateRange('2026-04-06', '2026-04-12').replaceAll(/[\u2009\u00a0]/g, ' ')).toBe('6 – 12 April 2026')
  })
})
