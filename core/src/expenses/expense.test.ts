import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, compare, decimal, isNegative, negate, round, sameAmount, times } from '../shared/money.ts'
import { deductibleVat, expenseCost, expenseProblems, type Recharge, rechargeNet } from './expense.ts'

const seed = { seed: 20260331 }
const recharge = (
  gross: string,
  inputVat: string,
  more: { deductible?: string; margin?: string; disbursement?: boolean } = {},
): Recharge => ({
  gross: decimal(gross),
  inputVat: decimal(inputVat),
  deductiblePercent: decimal(more.deductible ?? '100'),
  marginPercent: decimal(more.margin ?? '0'),
  disbursement: more.disbursement ?? false,
})

describe('an expense', () => {
  it.each<[string, Recharge, string, string, string]>([
    ['train ticket at 9 %, all VAT back', recharge('54.50', '4.50'), '4.50', '50.00', '50.00'],
    ['the same with 5 % margin', recharge('54.50', '4.50', { margin: '5' }), '4.50', '50.00', '52.50'],
    ['lunch: no VAT back', recharge('21.80', '1.80', { deductible: '0' }), '0.00', '21.80', '21.80'],
    ['lunch with 10 % margin', recharge('21.80', '1.80', { deductible: '0', margin: '10' }), '0.00', '21.80', '23.98'],
    ['phone, three quarters for business', recharge('60.50', '10.50', { deductible: '75' }), '7.88', '52.62', '52.62'],
    [
      'half of a cent of VAT goes up, the cost down',
      recharge('10.00', '0.01', { deductible: '50' }),
      '0.01',
      '9.99',
      '9.99',
    ],
    ['no VAT on it', recharge('100.00', '0'), '0.00', '100.00', '100.00'],
    ['margin of a part of a percent', recharge('100.00', '0', { margin: '2.25' }), '0.00', '100.00', '102.25'],
    ['margin that ends in half a cent', recharge('0.10', '0', { margin: '5' }), '0.00', '0.10', '0.11'],
    ['a refund mirrors its receipt', recharge('-54.50', '-4.50', { margin: '5' }), '-4.50', '-50.00', '-52.50'],
    ['a refund with half a cent', recharge('-10.00', '-0.01', { deductible: '50' }), '-0.01', '-9.99', '-9.99'],
    [
      'court fee for the customer, a disbursement',
      recharge('735.00', '0', { deductible: '0', disbursement: true }),
      '0.00',
      '735.00',
      '735.00',
    ],
    [
      'a disbursement with VAT: the customer’s to deduct',
      recharge('121.00', '21.00', { deductible: '0', disbursement: true }),
      '0.00',
      '121.00',
      '121.00',
    ],
  ])('%s', (_, receipt, back, cost, net) => {
    expect([deductibleVat(receipt), expenseCost(receipt), rechargeNet(receipt)]).toEqual([back, cost, net])
  })

  const hundredths = (count: number) => round(times(decimal(String(count)), decimal('0.01')), 2)
  const anyReceipt = fc
    .tuple(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 21 }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.boolean(),
    )
    .map(
      ([grossCents, vatRate, deductible, margin, disbursement]): Recharge => ({
        gross: hundredths(grossCents),
        inputVat: hundredths(Math.round((grossCents * vatRate) / (100 + vatRate))),
        deductiblePercent: hundredths(deductible),
        marginPercent: hundredths(margin),
        disbursement,
      }),
    )

  it('is its cost and the VAT that comes back, to the cent; a refund is the opposite', () => {
    fc.assert(
      fc.property(anyReceipt, (receipt) => {
        const refund = { ...receipt, gross: negate(receipt.gross), inputVat: negate(receipt.inputVat) }
        expect(sameAmount(add(expenseCost(receipt), deductibleVat(receipt)), receipt.gross)).toBe(true)
        expect(isNegative(expenseCost(receipt))).toBe(false)
        expect(sameAmount(expenseCost(refund), negate(expenseCost(receipt)))).toBe(true)
        expect(sameAmount(rechargeNet(refund), negate(rechargeNet(receipt)))).toBe(true)
        if (receipt.disbursement) expect(rechargeNet(receipt)).toBe(receipt.gross)
        else expect(compare(rechargeNet(receipt), expenseCost(receipt))).not.toBe(-1)
      }),
      seed,
    )
  })
})

describe('what is wrong with an expense', () => {
  const filledIn = { ...recharge('121.00', '21.00'), billable: true, projectId: 'site' as string | null }
  it.each<[string, Partial<typeof filledIn>, Record<string, string>]>([
    ['nothing', {}, {}],
    ['nothing: a refund', recharge('-121.00', '-21.00'), {}],
    ['nothing: all of it is VAT (import)', recharge('21.00', '21.00'), {}],
    ['nothing: for the firm itself', { billable: false, projectId: null }, {}],
    ['nothing: a disbursement', recharge('735.00', '0', { disbursement: true }), {}],
    ['no amount', recharge('0.00', '0.00'), { '/gross': 'gross-zero' }],
    ['VAT on nothing', recharge('0', '1.00'), { '/gross': 'gross-zero', '/inputVat': 'vat-more-than-gross' }],
    ['more VAT than was paid', recharge('10.00', '10.01'), { '/inputVat': 'vat-more-than-gross' }],
    ['more VAT than was given back', recharge('-10.00', '-10.01'), { '/inputVat': 'vat-more-than-gross' }],
    ['negative VAT on a payment', recharge('10.00', '-1.00'), { '/inputVat': 'vat-sign-differs' }],
    ['VAT on a refund that is not negative', recharge('-10.00', '1.00'), { '/inputVat': 'vat-sign-differs' }],
    [
      'parts of a cent',
      recharge('10.005', '1.005'),
      { '/gross': 'amount-not-in-cents', '/inputVat': 'amount-not-in-cents' },
    ],
    ['more than all VAT', { deductiblePercent: decimal('100.01') }, { '/deductiblePercent': 'percent-out-of-range' }],
    ['less than none', { deductiblePercent: decimal('-1') }, { '/deductiblePercent': 'percent-out-of-range' }],
    ['a negative margin', { marginPercent: decimal('-0.01') }, { '/marginPercent': 'percent-out-of-range' }],
    ['a margin of 1001 %', { marginPercent: decimal('1001') }, { '/marginPercent': 'percent-out-of-range' }],
    [
      'a margin on a disbursement',
      recharge('735.00', '0', { disbursement: true, margin: '5' }),
      { '/marginPercent': 'disbursement-with-margin' },
    ],
    [
      'VAT of a disbursement deducted',
      recharge('121.00', '21.00', { disbursement: true }),
      { '/deductiblePercent': 'disbursement-vat-deducted' },
    ],
    ['for a customer, but of no project', { projectId: null }, { '/projectId': 'billable-without-project' }],
  ])('%s', (_, change, expected) => {
    const found = expenseProblems({ ...filledIn, ...change })
    expect(Object.fromEntries(found.map(({ pointer, code }) => [pointer, code]))).toEqual(expected)
    expect(found).toHaveLength(Object.keys(expected).length)
  })
})
