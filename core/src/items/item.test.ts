import { expect, it } from 'vitest'
import { type Item, whyNotUsable } from './item.ts'

const item: Item = {
  id: 'b6e1',
  code: 'HOURS',
  name: 'Hours',
  ledgerAccount: '8000',
  vatCode: '2',
  unit: 'hour',
  salesPrice: null,
  active: true,
  sold: true,
  fractions: true,
}

it.each([
  [{}, null],
  [{ active: false }, 'item-inactive'],
  [{ sold: false }, 'item-not-sold'],
  [{ fractions: false }, 'item-whole-only'],
  [{ active: false, fractions: false }, 'item-inactive'],
] as const)('an item with %j: %s', (change, reason) => expect(whyNotUsable({ ...item, ...change })).toBe(reason))
