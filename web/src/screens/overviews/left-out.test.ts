import { expect, it } from 'vitest'
import { type LeftOut, reasonsOf } from './left-out.ts'

const row = (id: string, code: string, cause: string): LeftOut => ({
  id,
  label: `entry ${id}`,
  problem: { code, cause, remedy: 'Do this.', link: null },
})

it('tells one reason once, the most frequent first, and loses no entry', () => {
  const reasons = reasonsOf([
    row('1', 'vat-case-missing', 'Zonnehof has no VAT case.'),
    row('2', 'entry-not-billable', 'Not billable: Joris, Monday.'),
    row('3', 'entry-not-billable', 'Not billable: Noor, Tuesday.'),
  ])
  expect(reasons.map(({ word, cause, rows, differs }) => [word, cause, rows.map(({ id }) => id), differs])).toEqual([
    ['hours.left.notBillable', 'Not billable: Joris, Monday.', ['2', '3'], true],
    [null, 'Zonnehof has no VAT case.', ['1'], false],
  ])
})

it('keeps reasons apart that need different acts', () => {
  const reasons = reasonsOf([
    row('1', 'vat-case-missing', 'Zonnehof has no VAT case.'),
    row('2', 'vat-case-missing', 'Kessler has no VAT case.'),
  ])
  expect(reasons).toHaveLength(2)
})

it('lets a single entry speak for itself', () => {
  expect(reasonsOf([row('1', 'entry-not-billable', 'Not billable: Joris, Monday.')])[0]?.word).toBeNull()
})
