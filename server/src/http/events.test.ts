import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { streamEvents } from './event-stream.ts'
import { type Event, startEvents } from './events.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test?.close())

/** A line to the database that can be cut, and mended later. */
async function cuttable(url: URL) {
  const sockets = new Set<Socket>()
  let isCut = false
  const server: Server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = connect(Number(url.port || 5432), url.hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as { port: number }).port)
  return {
    url: through.href,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

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
    let listeners = 0
    const listen = () => {
      listeners += 1
      return () => void (listeners -= 1)
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
    expect(listeners).toBe(1)
    may = () => Promise.reject(new ProblemError({ kind: 'forbidden', code: 'not-a-member' }))
    expect(await text).toContain(': beat')
    expect(listeners).toBe(0)
    await app.close()
  })
})
