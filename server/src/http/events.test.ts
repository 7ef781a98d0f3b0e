import { setTimeout as wait } from 'node:timers/promises'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cuttable } from '../testing/cuttable.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { streamEvents } from './event-stream.ts'
import { type Event, startEvents } from './events.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test?.close())

describe('events', () => {
  it('are heard again, each once, after the database was away for several tries', async () => {
    const line = await cuttable(new URL(test.appUrl.reveal()))
    const events = await startEvents(line.url, test.log, 20)
    const firmId = '019a0000-0000-7000-8000-000000000001'
    const heard: Event[] = []
    events.listen(firmId, (event) => void heard.push(event))
    const publish = () => test.store.withFirm(firmId, (trx) => events.publish(trx, firmId, { topic: 'hours' }))
    await publish()
    await vi.waitFor(() => expect(heard).toHaveLength(1))

    line.cut()
    await wait(150)
    line.mend()
    await vi.waitFor(async () => {
      await publish()
      await wait(30)
      expect(heard.length).toBeGreaterThan(1)
    })
    const before = heard.length
    await publish()
    await wait(150)
    expect(heard).toHaveLength(before + 1)
    await events.close()
    await line.close()
  })
})

describe('a stream of events', () => {
  it('carries the headers of every answer, and ends when its reader may hear no more', async () => {
    const app = Fastify()
    let may: () => Promise<void> = () => Promise.resolve()
    let isHeard = false
    const listen = () => {
      isHeard = true
      return () => {
        isHeard = false
      }
    }
    app.get('/events', (_request, reply) =>
      streamEvents(reply.header('x-content-type-options', 'nosniff'), { listen }, 'firm', () => may(), 20),
    )
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(`${base}/events`)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const text = answer.text()
    const unreachable = new ProblemError({ kind: 'temporary', code: 'database-away' })
    may = () => Promise.reject(unreachable)
    await wait(80)
    expect(isHeard).toBe(true)
    may = () => Promise.reject(new ProblemError({ kind: 'forbidden', code: 'not-a-member' }))
    expect(await text).toContain(': beat')
    expect(isHeard).toBe(false)
    await app.close()
  })
})
