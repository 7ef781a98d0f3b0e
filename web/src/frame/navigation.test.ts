import { rightsOf } from '@uurwerk/api/rights.ts'
import { expect, it } from 'vitest'
import { isAt, places, placesFor } from './navigation.ts'

const idsFor = (...roles: Parameters<typeof rightsOf>[0]) => placesFor([...rightsOf(roles)]).map(({ id }) => id)

it('shows each person what they may open, in the order of the work', () => {
  expect(idsFor('employee')).toEqual(['time', 'expenses', 'trips', 'projects'])
  expect(idsFor('administrator')).toEqual(places.map(({ id }) => id))
})
it('knows where you are, also further down', () => {
  const invoices = places.find(({ id }) => id === 'invoices')!
  expect(isAt(invoices, 'noordkade', '/f/noordkade/invoices/2026-0118')).toBe(true)
  expect(isAt(invoices, 'noordkade', '/f/noordkade/invoices-old')).toBe(false)
})
