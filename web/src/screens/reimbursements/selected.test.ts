import { expect, it } from 'vitest'
import { chosenOf, linesOf, type Open } from './selected.ts'

const open: Open = {
  memberId: 'joris',
  memberName: 'Joris',
  currency: 'EUR',
  expenses: [
    { id: 'a', date: '2026-03-10', description: 'Trein', projectName: null, amount: '0.10', files: [] },
    { id: 'b', date: '2026-03-02', description: 'Hotel', projectName: null, amount: '0.20', files: [] },
  ],
  trips: [
    {
      id: 'c',
      date: '2026-03-05',
      description: 'Zwolle',
      projectName: null,
      km: '88.5',
      rate: '0.23',
      amount: '20.36',
    },
    { id: 'd', date: '2026-03-06', description: 'Ede', projectName: null, km: '10.0', rate: null, amount: null },
  ],
  expensesAmount: '0.30',
  tripsAmount: '20.36',
  amount: '20.66',
  withoutRate: 1,
}

it('puts expenses and trips day by day', () => {
  expect(linesOf(open).map(({ id }) => id)).toEqual(['b', 'c', 'd', 'a'])
})

it('pays everything that can be paid, to the cent, less what is left out', () => {
  const lines = linesOf(open)
  expect(chosenOf(lines, new Set())).toEqual({ count: 3, amount: '20.66', expenseIds: ['b', 'a'], tripIds: ['c'] })
  expect(chosenOf(lines, new Set(['c', 'a']))).toEqual({ count: 1, amount: '0.20', expenseIds: ['b'], tripIds: [] })
})
