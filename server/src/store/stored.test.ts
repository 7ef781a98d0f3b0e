import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { expect, it } from 'vitest'
import { storedVatPerRate } from '../invoices/frozen.ts'
import { readStored, storedProblem } from './stored.ts'

it('reads back a problem with all that was kept of it', () => {
  const problem = new ProblemError({
    kind: 'refused',
    code: 'period-closed',
    values: { month: '2026-03-01' },
    fields: [{ pointer: '/date', code: 'day-locked' }],
    theirWords: 'Periode is gesloten',
    theirStatus: 400,
  }).problem
  expect(readStored(storedProblem, JSON.parse(JSON.stringify(problem)), 'a problem')).toEqual(problem)
})

it('keeps an amount as it was written', () => {
  const rows = [{ treatment: 'domestic-exempt', rate: '0', base: '12.50', vat: '0.00' }]
  expect(readStored(storedVatPerRate, rows, 'the VAT of an invoice')).toEqual(rows)
})

it('says what is stored otherwise, and where, without telling its content', () => {
  const read = () => readStored(storedVatPerRate, [{ treatment: 'of old', base: '12.50', vat: '0.00' }], 'the VAT')
  expect(read).toThrow(/^the VAT is stored otherwise:.*\[0\]\.treatment.*\[0\]\.rate/s)
  expect(read).not.toThrow(/of old/)
})
