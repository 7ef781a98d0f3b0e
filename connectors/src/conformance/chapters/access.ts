import { describe, expect, it } from 'vitest'
import { readAll, salesEntry } from '../sample-documents.ts'
import { expectEachOnce, only, problemOf, type Suite } from '../suite.ts'

/** Waiting for a limit, and access that is renewed, dies or is withdrawn. */
export function describeAccess({ open, ready, driverOf, allow, harness, connector }: Suite): void {
  describe('waits as long as it is told', () => {
    it('before it posts again', async () => {
      const { bench, chosen, known } = await ready()
      bench.fault('tooManyRequests', { post: 'salesEntry' })
      const driver = driverOf(bench)
      const ended = await driver.post('salesEntry', [salesEntry(chosen, 'W1')], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
      expect(driver.waits.length).toBeGreaterThan(0)
    })

    it('before it reads again', async () => {
      const bench = await open()
      bench.fault('tooManyRequests', { read: 'customers' })
      const toldAt = bench.clock.now()
      const problem = await problemOf(readAll(bench.books, 'customers'))
      expect(problem?.kind).toBe('temporary')
      const notBefore = new Date(problem?.notBefore ?? 0)
      expect(notBefore.getTime()).toBeGreaterThan(toldAt.getTime())
      bench.clock.advanceTo(notBefore)
      expect((await readAll(bench.books, 'customers')).length).toBeGreaterThan(0)
    })
  })

  describe('access', () => {
    it('renews access once when two callers need it, and stores the new token before using it', async () => {
      const bench = await open()
      const other = bench.another()
      const before = bench.tokens.stored
      bench.clock.advance(601_000)
      const from = bench.seen.length
      await Promise.all([bench.books.administrations(), other.administrations(), readAll(other, 'items')])
      const renewals = bench.seen.slice(from).filter(({ access }) => access === undefined)
      expect(renewals).toHaveLength(1)
      const used = bench.seen.slice(from).filter(({ access }) => access !== undefined)
      expect(used.length).toBeGreaterThan(2)
      for (const { access, storedAccess } of used)
        expect(access === storedAccess, 'used before it was stored').toBe(true)
      expect(bench.tokens.stored?.refresh).not.toBe(before?.refresh)
    })

    it('does not renew access before the package allows it', async () => {
      const bench = await open()
      bench.clock.advance(500_000)
      const from = bench.seen.length
      await readAll(bench.books, 'items')
      expect(bench.seen.slice(from).filter(({ access }) => access === undefined)).toEqual([])
    })

    it('renews as early as it says it may, and the package takes it', async () => {
      const bench = await open()
      const { signIn } = connector
      const stored = bench.tokens.stored
      if (signIn.kind !== 'oauth' || !stored) throw new Error('not signed in')
      bench.clock.advanceTo(new Date(stored.receivedAt.getTime() + signIn.timing.refreshNotBeforeMs))
      const fresh = await signIn.token(harness.app, { refresh: stored.refresh }, bench.wire)
      expect(fresh.access === stored.access || fresh.refresh === stored.refresh, 'the same tokens again').toBe(false)
      expect(fresh.expiresInSeconds * 1000).toBeGreaterThan(signIn.timing.refreshNotBeforeMs)
    })

    it('renews access and goes on when it died before its time', async () => {
      const { bench, chosen, known } = await ready()
      if (connector.signIn.kind !== 'oauth') return
      const from = bench.seen.length
      const signedInAt = bench.tokens.stored?.receivedAt.getTime() ?? 0
      bench.clock.advanceTo(new Date(signedInAt + connector.signIn.timing.refreshNotBeforeMs))
      bench.fault('expireAccess', { post: 'salesEntry' })
      const driver = driverOf(bench)
      const ended = await driver.post('salesEntry', [salesEntry(chosen, 'X1')], known)
      expectEachOnce(bench.booked(), 'salesEntry', ended)
      expect(bench.seen.slice(from).filter(({ access }) => access === undefined)).toHaveLength(1)
      expect(driver.waits.filter(({ because }) => because !== 'ticket')).toEqual([])
    })

    it('asks to reconnect when access is withdrawn', async () => {
      const { bench, chosen, known } = await ready()
      bench.fault('withdrawAccess', { post: 'salesEntry' })
      const ended = (await driverOf(bench).post('salesEntry', [salesEntry(chosen, 'X2')], known)).get('X2')
      expect(ended?.is === 'blocked' && ended.problems.map(({ kind }) => kind)).toEqual(['reconnect'])
      expect(only(bench.booked(), 'salesEntry', 'X2')).toEqual([])
    })

    it('goes on, or asks to reconnect, when the answer of a renewal was lost', async () => {
      const bench = await open()
      bench.clock.advance(601_000)
      bench.fault('dropTokenAnswer', 'token')
      // Where the package does not take the old token once more, trying it is counted there.
      allow('old-refresh-token')
      const problem = await problemOf(bench.books.administrations())
      const renewals = bench.seen.filter(({ method, access }) => method === 'POST' && access === undefined)
      expect([undefined, 'reconnect']).toContain(problem?.kind)
      // The sign-in form, the code, the renewal, and once more.
      expect(renewals.length).toBeLessThanOrEqual(4)
    })

    it('does not sign in with a code twice', async () => {
      const bench = await open()
      const { signIn } = connector
      const code = [...bench.secrets].find((secret) => secret !== harness.app.clientSecret) ?? ''
      if (signIn.kind !== 'oauth') return
      const problem = await problemOf(signIn.token(harness.app, { code }, bench.wire))
      expect(problem?.kind).toBe('reconnect')
    })
  })
}
