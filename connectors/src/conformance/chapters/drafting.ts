import { describe, expect, it } from 'vitest'
import type { Attempt, Draft } from '../../contract/contract.ts'
import type { Doc, Kind } from '../../contract/documents.ts'
import { knownFrom, salesEntry } from '../sample-documents.ts'
import type { Suite } from '../suite.ts'

/** What is frozen before anything leaves. */
export function describeDrafting({ ready, documentsOf, postsOf, has, connector }: Suite): void {
  const { manifest } = connector

  describe('drafting', () => {
    it.each([...manifest.posts])('makes the same plain JSON every time and asks nobody: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf } = await documentsOf(kind, at)
      const posts = postsOf(at.bench, kind)
      const document = frozen(documents[0] as Doc[Kind])
      const number = await posts.numbers?.next?.(posts.numbers.scope(document))
      const asked = at.bench.seen.length
      const known = knownOf(document.reference)
      const numbered = number === undefined ? known : { ...known, number }
      const first = posts.draft(document, numbered) as Draft
      at.bench.clock.advance(86_400_000)
      const second = posts.draft(document, numbered) as Draft
      expect(second).toEqual(first)
      expect(first.reference).toBe(document.reference)
      // Strictly: a field that is there but undefined would not survive being stored.
      expect(JSON.parse(JSON.stringify(first))).toStrictEqual(first)
      const attempt: Attempt = { id: 'a', number: 1, repeat: 0, idempotencyKey: 'k', at: at.bench.clock.now() }
      const stored: Draft = JSON.parse(JSON.stringify(first))
      expect(posts.pack([stored], { ...attempt, repeat: 3 })).toEqual(posts.pack([first], attempt))
      expect(at.bench.seen.length).toBe(asked)
    })

    it.runIf(has('salesEntry'))(
      'names a customer that is not linked as a setup problem, and never guesses',
      async () => {
        const { bench, chosen, lists } = await ready()
        const posts = postsOf(bench, 'salesEntry')
        const draft = posts.draft(salesEntry(chosen, 'A1'), { ...knownFrom(lists, {}), number: 1 })
        expect('problems' in draft && draft.problems.map(({ kind }) => kind)).toEqual(['setup'])
      },
    )
  })
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner)
    Object.freeze(value)
  }
  return value
}
