import { expect, it } from 'vitest'
import { newReference, referenceShape } from './reference.ts'
import { seededRandom } from './seeded-random.ts'

it('is ten characters that can not be misread, and hardly ever the same', () => {
  const random = seededRandom(7)
  const references = Array.from({ length: 2000 }, () => newReference(random))
  for (const reference of references) expect(reference).toMatch(/^UW[A-Z2-9]{8}$/)
  expect(references.join('').replaceAll('UW', '')).not.toMatch(/[ILO01]/)
  expect(references.every((reference) => referenceShape.test(reference))).toBe(true)
  expect(new Set(references).size).toBe(2000)
})

it('reaches the first and the last letter', () => {
  expect(newReference({ next: () => 0 })).toBe('UWAAAAAAAA')
  expect(newReference({ next: () => 0.999999999 })).toBe('UW99999999')
  expect(() => newReference({ next: () => 1 })).toThrow('chance')
})
