import { describe, expect, it } from 'vitest'
import { selectedTotals } from './selected-totals.ts'

const rows = [
  { id: 'a', whole: 90, amount: '156.00', currency: 'EUR' },
  { id: 'b', whole: 20, amount: '33.33', currency: 'EUR' },
  { id: 'c', whole: 60, amount: '104.10', currency: 'GBP' },
  { id: 'd', whole: 45, amount: null, currency: null },
]
const all = {
  whole: 1000,
  amounts: [
    { currency: 'EUR', amount: '1000.10' },
    { currency: 'GBP', amount: '104.10' },
  ],
}

describe('totals of a selection', () => {
  it('adds up the rows that were chosen, each currency apart', () => {
    expect(selectedTotals({ kind: 'ids', ids: new Set(['a', 'b', 'c', 'd']) }, rows, all)).toEqual({
      whole: 215,
      amounts: [
        { currency: 'EUR', amount: '189.33' },
        { currency: 'GBP', amount: '104.10' },
      ],
    })
  })
  it('takes what was left out from the totals of everything, to the cent', () => {
    expect(selectedTotals({ kind: 'all', except: new Set(['b']) }, rows, all)).toEqual({
      whole: 980,
      amounts: [
        { currency: 'EUR', amount: '966.77' },
        { currency: 'GBP', amount: '104.10' },
      ],
    })
  })
})
