import { expect, it } from 'vitest'
import { filterOf, narrowTo, queryOf } from './address.ts'

it('tells which entries apart from how they are shown', () => {
  const search = { customerId: ['a'], billable: false, sort: '-date', group: ['customer'], view: 'v', entry: 'e' }
  expect(filterOf(search)).toEqual({ customerId: ['a'], billable: false })
  expect(queryOf(search)).toEqual({ customerId: ['a'], billable: 'false' })
})

it('finds a group by its key', () => {
  expect(narrowTo('person', 'anna', {})).toEqual({ memberId: ['anna'] })
  expect(narrowTo('state', 'free', {})).toEqual({ state: ['free'] })
})

it('keeps a week or month within the period that was chosen', () => {
  expect(narrowTo('week', '2026-03-30', { until: '2026-03-31' })).toEqual({ from: '2026-03-30', until: '2026-03-31' })
  expect(narrowTo('month', '2026-02-01', {})).toEqual({ from: '2026-02-01', until: '2026-02-28' })
})

it('has no filter for what belongs to nobody', () => {
  expect(narrowTo('customer', null, {})).toBeNull()
})
