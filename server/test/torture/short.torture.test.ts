import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../src/testing/database.ts'
import { subjects } from './subjects.ts'
import { runTorture } from './torture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

it('loses, doubles and forgets nothing in 200 runs in which everything goes wrong', { timeout: 400_000 }, async () => {
  const seed = Number(process.env.TORTURE_SEED ?? '1')
  const { failed, events } = await runTorture({ store: database.store, subjects, runs: 200, seed, invoices: 4 })
  console.log(`torture: 200 runs from seed ${seed}`, events)
  expect(failed.map(({ seed: failing, subject, wrongs }) => ({ seed: failing, subject, wrongs }))).toEqual([])
  // A storm in which nothing goes wrong would prove nothing.
  for (const event of ['process dies', 'worker held up', 'loseAnswerAfter', 'lateCommit', 'access withdrawn'])
    expect(events[event], event).toBeGreaterThan(5)
})
