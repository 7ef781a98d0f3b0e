import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { type Queue, startQueue } from './queue.ts'

const firm = '019a0000-0000-7000-8000-000000000001'
let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())

const queues: Queue[] = []
const start = async (works: boolean) => {
  const queue = await startQueue({ appUrl: test.appUrl, poolSize: 4, log: test.log, works })
  queues.push(queue)
  return queue
}
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop()))
  await test.asOwner(`delete from pgboss.job`)
})

const wake = (queue: Queue, lane: string) => test.store.withFirm(firm, (trx) => queue.wakeLane(trx, lane))
const patient = { timeout: 15_000, interval: 20 }

describe('waking a lane', () => {
  it('reaches a worker in another process by the commit', async () => {
    const [web, worker] = [await start(false), await start(true)]
    const woken: string[] = []
    await worker.work(async (lane) => void woken.push(lane))
    await wake(web, 'exact:1')
    await vi.waitFor(() => expect(woken).toEqual(['exact:1']), patient)
  })

  it('does not happen when the transaction is undone', async () => {
    const queue = await start(false)
    const undone = test.store.withFirm(firm, async (trx) => {
      await queue.wakeLane(trx, 'exact:2')
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await test.asOwner(`select 1 from pgboss.job where name = 'lane'`)).toEqual([])
  })

  it('counts once while the lane waits, and is no error', async () => {
    const queue = await start(false)
    await test.store.withFirm(firm, async (trx) => {
      for (let turn = 0; turn < 3; turn++) await queue.wakeLane(trx, 'exact:3')
    })
    await wake(queue, 'exact:3')
    await wake(queue, 'exact:4')
    expect(await test.asOwner(`select singleton_key from pgboss.job where name = 'lane' order by 1`)).toEqual([
      { singleton_key: 'exact:3' },
      { singleton_key: 'exact:4' },
    ])
  })

  it('is kept for afterwards when the lane runs, and never runs it twice at once', async () => {
    const [first, second] = [await start(true), await start(true)]
    let [runs, atOnce, most] = [0, 0, 0]
    const { promise: go, resolve: release } = Promise.withResolvers<void>()
    const handler = async () => {
      runs++
      most = Math.max(most, ++atOnce)
      await go
      atOnce--
    }
    await first.work(handler)
    await second.work(handler)
    await wake(first, 'exact:5')
    await vi.waitFor(() => expect(runs).toBe(1), patient)
    await wake(second, 'exact:5')
    release()
    await vi.waitFor(() => expect(runs).toBe(2), patient)
    expect(most).toBe(1)
  })

  it('is not repeated by the queue when the lane breaks off', async () => {
    const queue = await start(true)
    let runs = 0
    await queue.work(async () => {
      runs++
      throw new Error('broke off')
    })
    await wake(queue, 'exact:6')
    await vi.waitFor(
      async () =>
        expect(await test.asOwner(`select state from pgboss.job where name = 'lane'`)).toEqual([{ state: 'failed' }]),
      patient,
    )
    await wake(queue, 'exact:7')
    await vi.waitFor(() => expect(runs).toBe(2), patient)
  })
})

describe('repeated tasks', () => {
  it('replace those of before', async () => {
    const queue = await start(true)
    const run = async () => {}
    await queue.repeat([
      { name: 'sweep-lanes', cron: '* * * * *', run },
      { name: 'import-customers', cron: '0 3 * * *', timeZone: 'Europe/Amsterdam', run },
    ])
    await queue.stop()
    const next = await start(true)
    await next.repeat([{ name: 'sweep-lanes', cron: '*/5 * * * *', run }])
    expect(await test.asOwner('select key, cron from pgboss.schedule')).toEqual([
      { key: 'sweep-lanes', cron: '*/5 * * * *' },
    ])
  })
})
