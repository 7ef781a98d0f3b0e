import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { ensureLane } from './lane-due.ts'
import { freeAllLeases, holdLease, LeaseLost, releaseLease, takeLease } from './lease.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

let lanes = 0
async function aLane(): Promise<string> {
  lanes += 1
  const key = `ledgerly/${lanes}`
  await database.store.withDirectory((trx) => ensureLane(trx, key, 'ledgerly'))
  return key
}
const take = (key: string, owner: string) => database.store.withDirectory((trx) => takeLease(trx, key, owner, 60_000))
const runOut = (key: string) =>
  database.store.withDirectory(async (trx) => {
    await sql`update directory.lane set lease_until = clock_timestamp() - interval '1 second' where key = ${key}`.execute(
      trx,
    )
  })

it('gives a lane to one at a time, and counts the fence up with each taking', async () => {
  const key = await aLane()
  const first = await take(key, 'first')
  expect(first).toMatchObject({ fence: '1' })
  expect(await take(key, 'second')).toBeNull()
  await runOut(key)
  expect(await take(key, 'second')).toMatchObject({ fence: '2' })
})

it('lets only one of many who ask at once have it', async () => {
  const key = await aLane()
  const taken = await Promise.all(Array.from({ length: 8 }, (_, index) => take(key, `worker ${index}`)))
  expect(taken.filter(Boolean)).toHaveLength(1)
})

it('refuses what a holder writes whose lane was taken over', async () => {
  const key = await aLane()
  const first = await take(key, 'first')
  await runOut(key)
  const second = await take(key, 'second')
  if (!first || !second) throw new Error('not taken')
  const hold = (lease: typeof first) => database.store.withDirectory((trx) => holdLease(trx, lease, 60_000))
  await expect(hold(first)).rejects.toThrow(LeaseLost)
  expect(await hold(second)).toEqual({ paused: {} })
  const release = (lease: typeof first) => database.store.withDirectory((trx) => releaseLease(trx, lease))
  expect(await release(first)).toBe(false)
  expect(await release(second)).toBe(true)
})

it('still belongs to a holder whose time ran out as long as nobody took it', async () => {
  const key = await aLane()
  const lease = await take(key, 'slow')
  await runOut(key)
  if (!lease) throw new Error('not taken')
  await database.store.withDirectory((trx) => holdLease(trx, lease, 60_000))
  expect(await take(key, 'other')).toBeNull()
})

it('is free again at the start of a process that has the database to itself', async () => {
  const key = await aLane()
  await take(key, 'killed')
  await database.store.withDirectory(freeAllLeases)
  expect(await take(key, 'next')).toMatchObject({ fence: '2' })
})
