import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { FastifyInstance } from 'fastify'
import { v7 } from 'uuid'
import { createDocumentMaker } from '../documents/document-maker.ts'
import { byContent, folderStore } from '../files/file-store.ts'
import { registerApi } from '../http/api.ts'
import { createHttp } from '../http/app.ts'
import { type Events, startEvents } from '../http/events.ts'
import type { Message, PlainLetter } from '../letters/mail.ts'
import { createPeople } from '../people/auth.ts'
import type { Services } from '../services.ts'
import { readSettings } from '../settings.ts'
import { type TestDatabase, testDatabase } from './database.ts'

export interface TestClock {
  now(): Date
  set(instant: string): void
  forward(milliseconds: number): void
}

export interface TestApp {
  readonly app: FastifyInstance
  readonly services: Services
  readonly database: TestDatabase
  readonly clock: TestClock
  /** Lanes that were woken, in order. */
  readonly woken: readonly string[]
  readonly letters: readonly PlainLetter[]
  /** What was handed to the mail server, of the letters that customers get. */
  readonly delivered: readonly Message[]
  close(): Promise<void>
}

/** Tuesday 31 March 2026, noon in Amsterdam. */
export const testNow = '2026-03-31T10:00:00.000Z'
export const testOrigin = 'http://localhost:3000'

export function testClock(start = testNow): TestClock {
  let now = new Date(start)
  return {
    now: () => new Date(now),
    set: (instant) => {
      now = new Date(instant)
    },
    forward: (milliseconds) => {
      now = new Date(now.getTime() + milliseconds)
    },
  }
}

/** What this test has none of; whoever asks for it fails. */
const absent = <Part extends object>(): Part =>
  new Proxy({} as Part, {
    get: (_, name) => assert(false, `this test has no packages, but ${String(name)} was asked for`),
  })

/**
 * The whole API on a database of its own, with a clock that stands still. Packages and a worker come in through
 * `parts`; without them a route that needs one fails.
 */
export async function testApp(parts: (services: Services) => Partial<Services> = () => ({})): Promise<TestApp> {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'uurwerk-files-'))
  const { store, seals, log } = database
  const clock = testClock()
  const woken: string[] = []
  const letters: PlainLetter[] = []
  const delivered: Message[] = []
  const ids = { next: () => v7() }
  const settings = readSettings({ PUBLIC_URL: testOrigin, RATE_LIMIT: '0' })
  const people = createPeople({ appUrl: database.appUrl, poolSize: 4, publicUrl: testOrigin, seals, clock, ids, log })
  const events: Events = await startEvents(database.appUrl.reveal(), log)
  const documents = createDocumentMaker()
  const base: Services = {
    store,
    clock,
    ids,
    random: seededRandom(1),
    log,
    settings,
    seals,
    people,
    events,
    queue: {
      wakeLane: async (_trx, laneKey) => void woken.push(laneKey),
      work: async () => {},
      repeat: async () => {},
      stop: async () => {},
    },
    // Knows every VAT id; tests of VIES itself speak to a simulated one.
    vies: {
      works: true,
      check: async () => ({
        outcome: 'valid',
        code: null,
        consultation: 'WAPIAAAAtest',
        name: null,
        address: null,
        said: { valid: true },
      }),
    },
    mail: {
      works: true,
      from: 'uren@noordkade.example',
      send: async (letter) => void letters.push(letter),
      async deliver(message) {
        delivered.push(message)
        return { is: 'sent', words: '250 OK', refused: [] }
      },
      close: () => {},
    },
    files: byContent(folderStore(folder)),
    documents,
    connectors: new Map(),
    connections: absent<Services['connections']>(),
    engine: absent<Services['engine']>(),
  }
  const services: Services = { ...base, ...parts(base) }
  const app = await createHttp({ settings, log, store })
  registerApi(app, services)
  await app.ready()
  return {
    app,
    services,
    database,
    clock,
    woken,
    letters,
    delivered,
    async close() {
      await app.close()
      await documents.close()
      await events.close()
      await people.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
