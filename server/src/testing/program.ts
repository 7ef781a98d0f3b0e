import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sweepTasks } from '../jobs/tasks.ts'
import { createLog } from '../log.ts'
import { sweepLanes } from '../postings/sweep.ts'
import { type Program, startProgram } from '../program.ts'
import { readSettings } from '../settings.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { testSecretKey } from './seals.ts'

/** The whole program as an operator starts it, on a database of its own and a free port of this machine. */
export interface TestProgram extends Program {
  /** Where it is reached. */
  readonly base: string
  /** Puts its clock forward, and wakes what is due by then: nobody waits for a limit or a pause of a package. */
  forward(ms: number): Promise<void>
}

export async function testProgram(
  env: Readonly<Record<string, string>> = {},
  given?: TestDatabase,
): Promise<TestProgram> {
  const database = given ?? (await testDatabase())
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'uurwerk-program-'))
  const base = `http://127.0.0.1:${port}`
  const settings = readSettings({
    PORT: String(port),
    DATA_DIR: folder,
    PUBLIC_URL: base,
    DATABASE_URL: database.ownerUrl.reveal(),
    DATABASE_APP_URL: database.appUrl.reveal(),
    SECRET_KEY: testSecretKey,
    SANDBOX: 'on',
    POOL_APP: '6',
    POOL_JOBS: '2',
    POOL_AUTH: '2',
    ...env,
  })
  let ahead = 0
  const program = await startProgram({
    settings,
    log: createLog(process.env.LOG_LEVEL === 'debug' ? 'debug' : 'error'),
    clock: { now: () => new Date(Date.now() + ahead) },
  })
  const { services } = program
  return {
    ...program,
    base,
    async forward(ms) {
      ahead += ms
      await sweepLanes(services.engine)
      await sweepTasks(services)
    },
    async stop() {
      await program.stop()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (!address || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** One person at the API: keeps the cookie, names the firm, sends what a browser would. */
export class TestPerson {
  readonly base: string
  firm: string | undefined
  #cookies = new Map<string, string>()

  constructor(base: string) {
    this.base = base
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Any address below the program; keeps cookies, follows nothing. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(new URL(path, this.base), {
      redirect: 'manual',
      ...init,
      headers: {
        origin: this.base,
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(init.headers as Record<string, string>),
      },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const answer = await this.fetch(`/api/v1${path}`, {
      method,
      headers: {
        'accept-language': 'en',
        ...(this.firm ? { 'uurwerk-firm': this.firm } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : null }
  }

  /** Asks and expects a good answer. */
  async good<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.ask(method, path, body, headers)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as T
  }
}
