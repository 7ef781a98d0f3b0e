import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { describe, expect, it } from 'vitest'
import type { Found, Receipt } from '../../contract/contract.ts'
import type { Doc, Kind } from '../../contract/documents.ts'
import { only, type Ready, receiptOf, type Suite } from '../suite.ts'

/** A right that was taken away: an empty list means nothing then. */
export function describeRights(suite: Suite): void {
  const { connector, ready, driverOf, documentsOf, freeze, postsOf, expectWords, harness } = suite
  const { takeRight } = harness.byHand
  const { posts: kinds, reads } = connector.manifest
  const ways = ['empty', 'refused'] as const
  const cases = kinds.flatMap((kind) => ways.map((how) => ({ kind, how })))

  /** One document in the books, a second frozen and never sent. */
  async function oneOfTwo<K extends Kind>(kind: K, at: Ready) {
    const { documents, knownOf } = await documentsOf(kind, at)
    const ended = await driverOf(at.bench).post(kind, documents.slice(0, 1), knownOf)
    const second = documents[1] as Doc[K]
    return { receipt: receiptOf(ended, 'D1'), frozen: await freeze(at.bench, kind, second, knownOf('D2')) }
  }

  const tried = <T>(work: Promise<T>): Promise<T | 'problem'> =>
    work.catch((error: unknown) => {
      if (isProblem(error)) return 'problem'
      throw error
    })

  describe('a right that was taken away', () => {
    it.each(cases)('is not read as absent: $kind, list $how', async ({ kind, how }) => {
      const at = await ready()
      const { frozen } = await oneOfTwo(kind, at)
      const { posts, draft, attempt } = frozen
      takeRight(at.bench, { post: kind }, how)
      const found: ReadonlyMap<string, Found> | 'problem' = await tried(posts.find([draft], attempt.at))
      expect(found === 'problem' ? 'unknown' : found.get('D2')?.is).toBe('unknown')
    })

    it.for(cases)('is not read as gone: $kind, list $how', async ({ kind, how }, { skip }) => {
      const at = await ready()
      const { receipt } = await oneOfTwo(kind, at)
      const { read } = postsOf(at.bench, kind)
      if (!read) return skip('it is not read again')
      takeRight(at.bench, { post: kind }, how)
      const found: ReadonlyMap<string, Receipt | 'gone'> | 'problem' = await tried(read([receipt.id]))
      expect(found === 'problem' ? undefined : found.get(receipt.id)).not.toBe('gone')
    })

    it.each(kinds)('refuses a posting with an explanation, and nothing is booked: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      takeRight(at.bench, { post: kind }, 'refused')
      const ended = await driverOf(at.bench).post(kind, documents.slice(0, 1), knownOf)
      const end = ended.get('D1')
      expect(end?.is).toBe('refused')
      expectWords(end?.is === 'refused' ? end.problem : undefined)
      expect(only(at.bench.booked(), kind, 'D1', hungOf('D1'))).toEqual([])
    })

    it.runIf(reads.includes('customers')).each(ways)('takes no customer from us: list %s', async (how) => {
      const { bench } = await ready()
      const customers = bench.books.reads.customers
      let mark: string | null = null
      for await (const page of customers?.changes(null) ?? []) if (page !== 'reset') mark = page.mark ?? mark
      takeRight(bench, { read: 'customers' }, how)
      const gone: string[] = []
      const read = async (since: string | null) => {
        for await (const page of customers?.changes(since) ?? []) if (page !== 'reset') gone.push(...page.gone)
        return 'read'
      }
      const told = [await tried(read(mark)), await tried(read(null))]
      expect(gone).toEqual([])
      if (how === 'refused') expect(told).toEqual(['problem', 'problem'])
    })
  })
}
