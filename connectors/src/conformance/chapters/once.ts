import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../contract/contract.ts'
import type { Doc, Kind } from '../../contract/documents.ts'
import type { FaultName } from '../harness.ts'
import { salesEntry } from '../sample-documents.ts'
import { expectEachOnce, only, type Suite } from '../suite.ts'

/** That everything is posted once, whatever gets lost and whoever dies. */
export function describeOnce({
  ready,
  driverOf,
  documentsOf,
  postsOf,
  freeze,
  has,
  canFail,
  allow,
  harness,
  connector,
}: Suite): void {
  const { manifest } = connector

  describe('posts once when the answer was lost', () => {
    const timeout = manifest.wireTimeoutMs
    const mishaps: readonly (readonly [string, FaultName, { times?: number; value?: string | number }])[] = [
      ['the answer never came', 'loseAnswerAfter', {}],
      ['the answer never came, twice in a row', 'loseAnswerAfter', { times: 2 }],
      ['the request never arrived', 'loseRequestBefore', { times: 2 }],
      ['an outage answered, and nothing was done', 'serverError', {}],
      ['an outage answered, after it was done', 'serverErrorAfter', {}],
      ['it was carried out later', 'lateCommit', { value: 2 * timeout - 10_000 }],
      ['it took longer than we wait', 'slow', { value: timeout + 5_000 }],
    ]
    const cases = manifest.posts.flatMap((kind) => mishaps.map((mishap) => [kind, ...mishap] as const))
    it.each(cases.filter(([kind, , name]) => canFail(name, kind)))('%s: %s', async (kind, _, name, options) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      at.bench.fault(name, { post: kind }, options)
      const ended = await driverOf(at.bench).post(kind, documents, knownOf)
      at.bench.clock.advance(3_600_000)
      expect([...ended.values()].map(({ is }) => is)).toEqual(['posted', 'posted', 'posted'])
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
      const unmet = at.bench.world.state.faults.reduce((sum, fault) => sum + (fault.times ?? 0), 0)
      expect(unmet, 'the fault was never met').toBeLessThan(options.times ?? 1)
    })

    const hidden = manifest.posts.filter((kind) => canFail('hideDocumentsFor', kind))
    it.runIf(hidden.length > 0).each(hidden)('%s: the books show it only later', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const { settleMs } = postsOf(at.bench, kind).retry
      at.bench.fault('hideDocumentsFor', { post: kind }, { times: 3, value: (settleMs.at(-1) ?? 0) - 1 })
      at.bench.fault('loseAnswerAfter', { post: kind })
      const ended = await driverOf(at.bench).post(kind, documents, knownOf)
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
    })
  })

  describe('posts once when asked twice', () => {
    it.each([...manifest.posts])('by a process that died before it remembered: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const ended = await driverOf(at.bench, { diesAfter: ({ number }) => number === 1 }).post(kind, documents, knownOf)
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
    })

    it.each([...manifest.posts])('by a process that died before it sent: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const dies = ({ number, repeat }: Attempt) => number === 1 && repeat === 0
      const ended = await driverOf(at.bench, { diesBefore: dies }).post(kind, documents, knownOf)
      expectEachOnce(at.bench.booked(), kind, ended, hungOf)
    })

    it.each([...manifest.posts])('with the same frozen bytes, where the package allows a repeat: %s', async (kind) => {
      const at = await ready()
      const { documents, knownOf, hungOf } = await documentsOf(kind, at)
      const { posts, draft, attempt, packed } = await freeze(at.bench, kind, documents[0] as Doc[Kind], knownOf('D1'))
      if (posts.retry.guard === 'none') return
      expect(posts.retry.guard === 'key').toBe(posts.retry.sameAttemptMs > 0)
      const first = await posts.send(packed, [draft], attempt)
      at.bench.clock.advance(20_000)
      const second = await posts.send(packed, [draft], { ...attempt, repeat: 1 })
      at.bench.clock.advance(20_000)
      expect(only(at.bench.booked(), kind, 'D1', hungOf('D1'))).toHaveLength(1)
      if (posts.retry.guard === 'key') expect(second).toEqual(expect.objectContaining(first))
      else expect(second.get(draft.reference)?.is).not.toBe('refused')
    })

    it.runIf(has('salesEntry'))('finds what is there: absent, same, different, several', async () => {
      const { bench, chosen, known } = await ready()
      const { posts, draft, attempt, packed } = await freeze(bench, 'salesEntry', salesEntry(chosen, 'F1'), known)
      const find = async () => (await posts.find([draft], attempt.at)).get('F1')
      expect(await find()).toEqual({ is: 'absent' })
      await posts.send(packed, [draft], attempt)
      bench.clock.advance(60_000)
      const id = only(bench.booked(), 'salesEntry', 'F1')[0]?.id ?? ''
      expect(await find()).toMatchObject({ is: 'same', receipt: { id } })
      harness.byHand.changeEntry(bench, id)
      expect(await find()).toMatchObject({ is: 'different', receipt: { id } })
      harness.byHand.enterAgain(bench, id)
      const several = await find()
      expect(several).toMatchObject({ is: 'several' })
      expect(several?.is === 'several' && several.receipts).toHaveLength(2)
      allow('duplicate-reference')
    })
  })
}
