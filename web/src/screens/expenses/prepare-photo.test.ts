import { expect, it } from 'vitest'
import { fitWithin } from './prepare-photo.ts'

it.each([
  [4000, 3000, { width: 2500, height: 1875 }],
  [3024, 4032, { width: 1875, height: 2500 }],
  [2500, 100, { width: 2500, height: 100 }],
  [800, 600, { width: 800, height: 600 }],
  [9000, 1, { width: 2500, height: 1 }],
])('a photo of %i by %i is sent in its own proportion', (width, height, expected) => {
  expect(fitWithin(width, height, 2500)).toEqual(expected)
})
