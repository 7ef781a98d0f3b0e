import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import { type ExpenseValues, toBody, totalsOf, typedAmount, vatWithin, whoPays } from './expense.ts'

const typed: ExpenseValues = {
  date: '2026-03-10',
  gross: '1.234,50',
  inputVat: '',
  vatRate: null,
  categoryId: 'travel',
  projectId: 'site',
  note: ' trein ',
  tags: [],
  billable: null,
  reimbursable: null,
  files: [],
  deductiblePercent: null,
  marginPercent: null,
  disbursement: null,
}

it.each([
  ['121.00', '21', '21.00'],
  ['54.50', '9', '4.50'],
  ['10.00', '21', '1.74'],
  ['0.03', '21', '0.01'],
  ['85.00', '0', '0.00'],
  ['-121.00', '21', '-21.00'],
])('of %s at %s %% the VAT is %s', (gross, rate, vat) => {
  expect(vatWithin(decimal(gross), rate)).toBe(vat)
})

it('reads amounts as people type them', () => {
  expect(typedAmount('€ 1.234,50', 'nl')).toBe('1234.5')
  expect(typedAmount('12.5', 'en')).toBe('12.5')
  expect(typedAmount('twaalf', 'nl')).toBeNull()
  expect(typedAmount('1,005', 'nl')).toBeNull()
})

describe('what is sent', () => {
  it('leaves out what follows from category and project', () => {
    expect(toBody(typed, 'nl')).toEqual({
      date: '2026-03-10',
      projectId: 'site',
      categoryId: 'travel',
      note: 'trein',
      tags: [],
      gross: '1234.50',
      inputVat: '0.00',
      billable: undefined,
      reimbursable: undefined,
      fileIds: [],
      deductiblePercent: undefined,
      marginPercent: undefined,
      disbursement: undefined,
    })
  })
  it('bills nobody without a project', () => {
    expect(toBody({ ...typed, projectId: null, billable: true }, 'nl').billable).toBe(false)
  })
})

it('proposes who pays, and bills only on a project that is invoiced', () => {
  const category = { billable: true, reimbursable: false }
  const customer = { customerId: 'zon', invoicingMethod: 'hourly-activity' } as const
  expect(whoPays(typed, customer, category)).toEqual({ mayBill: true, billable: true, reimbursable: false })
  expect(whoPays({ ...typed, billable: false, reimbursable: true }, customer, category)).toEqual({
    mayBill: true,
    billable: false,
    reimbursable: true,
  })
  for (const project of [null, { ...customer, customerId: null }, { ...customer, invoicingMethod: 'none' as const }])
    expect(whoPays({ ...typed, billable: true }, project, category)).toMatchObject({ mayBill: false, billable: false })
  expect(whoPays(typed, null, undefined)).toMatchObject({ billable: false, reimbursable: true })
})

it('adds up what was spent, what is still paid back, and what was', () => {
  const reimbursement = { id: 'x', paidOn: '2026-03-31' }
  expect(
    totalsOf([
      { gross: '0.10', reimbursable: true, reimbursement: null },
      { gross: '0.20', reimbursable: true, reimbursement: null },
      { gross: '5.00', reimbursable: true, reimbursement },
      { gross: '7.00', reimbursable: false, reimbursement: null },
    ]),
  ).toEqual({ all: '12.30', toPay: '0.30', paid: '5.00' })
})
