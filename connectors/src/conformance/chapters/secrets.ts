import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { expect, it, vi } from 'vitest'
import { readAll, salesEntry } from '../sample-documents.ts'
import type { Suite } from '../suite.ts'

export function describeSecrets({ ready, driverOf, freeze, harness, connector }: Suite): void {
  it('puts no secret in a log', async () => {
    const console_ = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    const said: string[] = []
    try {
      const { bench, chosen, known } = await ready()
      const frozenEntry = await freeze(bench, 'salesEntry', salesEntry(chosen, 'S0'), known)
      said.push(JSON.stringify(frozenEntry.packed), JSON.stringify(frozenEntry.draft))
      const note = async (work: Promise<unknown>) =>
        said.push(await work.then((value) => JSON.stringify(value), everythingIn))
      bench.clock.advance(601_000)
      await note(bench.books.administrations())
      const driver = driverOf(bench)
      bench.fault('loseAnswerAfter', { post: 'salesEntry' })
      await note(driver.post('salesEntry', [salesEntry(chosen, 'S1')], known).then((ended) => [...ended]))
      harness.byHand.closePeriod(bench, '2026-03-31')
      await note(driver.post('salesEntry', [salesEntry(chosen, 'S2')], known).then((ended) => [...ended]))
      const { signIn } = connector
      const code = [...bench.secrets][1] ?? ''
      if (signIn.kind === 'oauth') await note(signIn.token(harness.app, { code }, bench.wire))
      bench.fault('withdrawAccess', { read: 'customers' })
      await note(readAll(bench.books, 'customers'))
      bench.clock.advance(601_000)
      await note(bench.books.administrations())
      said.push(
        ...bench.log,
        ...console_.flatMap((spy) => spy.mock.calls.map((call) => call.map(everythingIn).join(' '))),
      )
      const secrets = [...bench.secrets, ...bench.tokens.written.flatMap(({ access, refresh }) => [access, refresh])]
      expect(bench.log.length).toBeGreaterThan(10)
      expect(secrets.length).toBeGreaterThan(5)
      const spelled = secrets.flatMap((secret) => [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
      ])
      for (const line of said)
        expect(
          spelled.filter((secret) => line.includes(secret)),
          line.slice(0, 300),
        ).toEqual([])
    } finally {
      for (const spy of console_) spy.mockRestore()
    }
  })
}

/** All that a log would show of an error, its causes included. */
function everythingIn(value: unknown): string {
  if (!(value instanceof Error)) return typeof value === 'string' ? value : JSON.stringify(value)
  const problem = isProblem(value) ? JSON.stringify(value.problem) : ''
  return [value.message, value.stack, problem, value.cause === undefined ? '' : everythingIn(value.cause)].join('\n')
}
