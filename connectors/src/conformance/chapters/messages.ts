import { describe, expect, it } from 'vitest'
import type { Suite } from '../suite.ts'

export function describeMessages({ expectWords, harness, connector }: Suite): void {
  const { messages } = connector

  describe('messages', () => {
    it('has a fixture for every row of messages.ts', async () => {
      const codes = messages.map(({ code }) => code)
      expect(codes, 'two rows of one code').toEqual([...new Set(codes)])
      expect([...new Set(harness.fixtures.map(({ code }) => code))].sort()).toEqual([...codes].sort())
      for (const fixture of harness.fixtures) {
        const problem = await fixture.problem()
        const rule = messages.find(({ code }) => code === fixture.code)
        expect(problem).toMatchObject({ code: fixture.code, kind: rule?.kind })
        expectWords(problem)
      }
    })
  })
}
