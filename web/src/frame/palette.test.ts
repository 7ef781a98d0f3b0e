import { expect, it } from 'vitest'
import { findItems, type PaletteItem } from './palette.ts'

const item = (label: string, hint?: string): PaletteItem => ({
  id: label,
  label,
  icon: 'clock',
  run: () => undefined,
  ...(hint ? { hint } : {}),
})
const items = [item('New customer'), item('Customers'), item('Händlerportal', 'Kessler')]
const labels = (typed: string) => findItems(items, typed).map(({ label }) => label)

it('finds by any part, and puts first what begins with it', () => {
  expect(labels('cust')).toEqual(['Customers', 'New customer'])
})
it('finds without accents and in the second line', () => {
  expect([labels('handler'), labels('kess port')]).toEqual([['Händlerportal'], ['Händlerportal']])
})
