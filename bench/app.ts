import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { assert } from '../core/src/shared/assert.ts'
import { seededRandom } from '../core/src/shared/seeded-random.ts'
import { registerApi } from '../server/src/http/api.ts'
import { createHttp } from '../server/src/http/app.ts'
import { Secret } from '../server/src/secrets.ts'
import type { Services } from '../server/src/services.ts'
import { readSettings } from '../server/src/settings.ts'
import { openStore } from '../server/src/store/database.ts'
import { createVies } from '../server/src/vat-ids/vies.ts'
import { benchLog, benchSeals } from './database.ts'
import { benchKey, lastDay } from './load-set.ts'

/** What pages of lists never ask for. */
const absent = <Part extends object>(): Part =>
  new Proxy({} as Part, { get: (_, name) => assert(false, `the benchmark has no ${String(name)}`) })

export interface Answer {
  readonly status: number
  readonly body: string
  /** Sent to the database for it, beginning and end of the transaction included. */
  readonly statements: number
  readonly transactions: number
}

interface Request {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload?: object
}

export interface BenchApp {
  get(path: string): Promise<Answer>
  post(path: string, body: object, version?: number): Promise<Answer>
  /** Of a real server, for what is streamed. */
  listen(): Promise<string>
  readonly headers: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** The whole API over the load set, as the office of its large firm, on the last day of its work. */
export async function benchApp(appUrl: string, parts: Partial<Services> = {}): Promise<BenchApp> {
  const log = benchLog
  const store = await openStore({ appUrl: new Secret(appUrl), pools: { app: 12, jobs: 4, auth: 4 }, log })
  const settings = readSettings({ PUBLIC_URL: 'http://localhost:3000', RATE_LIMIT: '0' })
  const services: Services = {
    store,
    clock: { now: () => new Date(`${lastDay}T10:00:00Z`) },
    ids: { next: () => randomUUID() },
    random: seededRandom(1),
    log,
    settings,
    seals: benchSeals,
    people: absent(),
    events: absent(),
    queue: absent(),
    mail: absent(),
    vies: createVies({ viesUrl: null }, log),
    connectors: new Map(),
    connections: absent(),
    engine: absent(),
    files: absent(),
    documents: absent(),
    ...parts,
  }
  const app = await createHttp({ settings, log, store })
  registerApi(app, services)
  await app.ready()
  const headers = { authorization: `Bearer ${benchKey}`, 'accept-language': 'nl' }
  const counted = countStatements()
  const ask = async (request: Request): Promise<Answer> => {
    const before = counted()
    const answer = await app.inject(request)
    const after = counted()
    return {
      status: answer.statusCode,
      body: answer.body,
      statements: after.statements - before.statements,
      transactions: after.transactions - before.transactions,
    }
  }
  return {
    headers,
    get: (path) => ask({ method: 'GET', url: `/api/v1${path}`, headers }),
    post: (path, payload, version) =>
      ask({
        method: 'POST',
        url: `/api/v1${path}`,
        payload,
        headers: version === undefined ? headers : { ...headers, 'if-match': `"${version}"` },
      }),
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    async close() {
      await app.close()
      await store.close()
    },
  }
}

/** Counts what every connection of this process sends. */
function countStatements(): () => { readonly statements: number; readonly transactions: number } {
  let [statements, transactions] = [0, 0]
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    statements += 1
    const [asked] = given
    const text = typeof asked === 'string' ? asked : String((asked as { text?: string } | undefined)?.text)
    if (text.startsWith('begin')) transactions += 1
    return Reflect.apply(query, this, given)
  } as typeof query
  return () => ({ statements, transactions })
}

/** For what changes something: nobody listens. */
export const eventsToNobody: Services['events'] = {
  publish: async () => {},
  listen: () => () => {},
  close: async () => {},
}
