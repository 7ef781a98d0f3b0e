import { rights } from '@uurwerk/api/rights.ts'
import { expect, it } from 'vitest'
import { scopeGroups } from './scopes.ts'

it('offers every right in exactly one group', () => {
  expect(scopeGroups.flatMap(({ scopes }) => [...scopes]).toSorted()).toEqual([...rights].toSorted())
})
