import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../src/testing/database.ts'
import { readMessage, type TestMailServer, testMailServer } from '../../src/testing/mail-server.ts'
import { freePort, TestPerson } from '../../src/testing/program.ts'
import { testSecretKey } from '../../src/testing/seals.ts'

/** The whole program in a process of its own, killed without warning while it sends many invoices by mail. */
let database: TestDatabase
let server: TestMailServer
let folder: string
let port: number
let process_: ChildProcess | undefined
beforeAll(async () => {
  database = await testDatabase()
  server = await testMailServer()
  folder = await mkdtemp(join(tmpdir(), 'uurwerk-killed-'))
  port = await freePort()
})
afterAll(async () => {
  await kill()
  await server?.stop()
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

const base = () => `http://127.0.0.1:${port}`

async function start(): Promise<void> {
  process_ = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts')], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: folder,
      PUBLIC_URL: base(),
      DATABASE_URL: database.ownerUrl.reveal(),
      DATABASE_APP_URL: database.appUrl.reveal(),
      SECRET_KEY: testSecretKey,
      SMTP_URL: server.url,
      MAIL_FROM: 'Uurwerk <facturen@noordkade.example>',
      LOG_LEVEL: 'fatal',
      RATE_LIMIT: '0',
    },
  })
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`${base()}/health/ready`).catch(() => undefined)
    if (ready?.ok) return
    if (tries === 900) throw new Error('the program does not start')
    await wait(100)
  }
}

async function until(so: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await so()); tries += 1) {
    if (tries === 1200) throw new Error('it never comes so far')
    await wait(100)
  }
}

/** As a power cut does; its leases are then known to be of nobody. */
async function kill(): Promise<void> {
  const child = process_
  process_ = undefined
  if (!child || child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
  await database.asOwner('update directory.lane set lease_owner = null, lease_until = null')
  await database.asOwner(`delete from pgboss.job where name = 'lane' and state = 'active'`)
}

it('sends each invoice once, or says that nobody knows, wherever it is killed', { timeout: 240_000 }, async () => {
  const random = seededRandom(Number(process.env.TORTURE_SEED ?? '1'))
  const invoices = 16
  const kills = 2
  await start()
  const person = new TestPerson(base())
  const address = { line1: 'Kade 2', postcode: '4321 BA', city: 'Zwolle', country: 'NL' }
  const { slug } = await person.good<{ slug: string }>('POST', '/setup', {
    firm: {
      name: 'Noordkade Advies',
      address,
      country: 'NL',
      vatId: 'NL123456782B01',
      currency: 'EUR',
      timeZone: 'Europe/Amsterdam',
      language: 'nl',
    },
    administrator: { name: 'Sanne', email: 'sanne@noordkade.example', password: 'lang genoeg voor nu' },
  })
  person.firm = slug
  const customer = await person.good<{ id: string }>('POST', '/customers', {
    name: 'Bakkerij Zon',
    number: '1001',
    country: 'NL',
    visitAddress: address,
    email: 'info@bakkerijzon.example',
  })
  const line = { description: 'Licentie', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  for (let count = 0; count < invoices; count += 1) {
    const { id, version } = await person.good<{ id: string; version: number }>('POST', '/invoices', {
      customerId: customer.id,
    })
    await person.good('POST', `/invoices/${id}/lines`, line, { 'if-match': `"${version}"` })
  }
  // The first letter keeps it busy until all are written.
  server.think(60_000)
  const task = await person.good<{ id: string }>('POST', '/invoices/sendings', {
    selection: { filter: { state: ['draft'] }, count: invoices },
    how: 'mail',
  })
  await until(async () => (await person.good<{ state: string }>('GET', `/invoices/tasks/${task.id}`)).state === 'done')
  // Most of its time it waits for the answer to a letter: there it is killed.
  server.think(500)
  for (let count = 1; count <= kills; count += 1) {
    if (count > 1) {
      const enough = server.received.length + 2 + Math.floor(random.next() * 3)
      await until(async () => server.received.length >= enough)
      await wait(random.next() * 500)
    }
    await kill()
    await start()
  }
  server.think(0)

  const states = async () =>
    Object.fromEntries(
      (
        await database.asOwner<{ state: string; n: number }>('select state, count(*)::int as n from letter group by 1')
      ).map(({ state, n }) => [state, n]),
    )
  await until(async () => {
    const now = await states()
    return !now.waiting && !now.sending
  })
  const numbers = await database.asOwner<{ number: string }>('select number from invoice order by number')
  expect(numbers.map(({ number }) => Number(number.slice(-4)))).toEqual(
    Array.from({ length: invoices }, (_, n) => n + 1),
  )
  const { sent = 0, uncertain = 0, ...others } = await states()
  console.log(`killed ${kills} times: ${sent} sent, ${uncertain} uncertain, ${server.received.length} arrived`)
  expect(others).toEqual({})
  expect(sent + uncertain).toBe(invoices)
  expect(uncertain).toBeLessThanOrEqual(kills)
  // A storm in which nobody is hit would prove nothing.
  expect(uncertain).toBeGreaterThan(0)
  const arrived = server.received.map(({ raw }) => readMessage(raw).headers.get('message-id'))
  expect(new Set(arrived).size).toBe(arrived.length)
  expect(arrived.length).toBeGreaterThanOrEqual(sent)
  expect(arrived.length).toBeLessThanOrEqual(invoices)
})
