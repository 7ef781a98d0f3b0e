import { expect, it } from 'vitest'
import { date, flag, ids, manyOf, oneOf, readSearch, text, whole } from './search.ts'

const read = readSearch({
  from: date,
  billable: flag,
  customerId: ids,
  state: manyOf('free', 'invoiced'),
  sort: oneOf('date', '-date'),
  search: text,
  week: whole,
})

it('reads a filter from the address', () => {
  expect(
    read({
      from: '2026-03-01',
      billable: false,
      customerId: 'a',
      state: ['free', 'lost'],
      sort: '-date',
      search: 2026,
      week: '15',
    }),
  ).toEqual({
    from: '2026-03-01',
    billable: false,
    customerId: ['a'],
    state: ['free'],
    sort: '-date',
    search: '2026',
    week: 15,
  })
})
it('leaves out what it does not understand', () => {
  expect(read({ from: 'yesterday', billable: 'perhaps', state: 'lost', sort: 'size', week: 1.5, other: 'x' })).toEqual(
    {},
  )
  expect(read({ from: '2026-13-45', period: 'x' })).toStrictEqual({ from: undefined, period: undefined })
})
