import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../src/settings.ts'
import { isDatabaseAway } from '../src/store/database.ts'
import { type TestApp, testApp, testOrigin } from '../src/testing/app.ts'
import { cuttable } from '../src/testing/cuttable.ts'
import { testDatabase } from '../src/testing/database.ts'
import { testFirm } from '../src/testing/firm.ts'
import { freePort, TestPerson, testProgram } from '../src/testing/program.ts'

const perMinute = 5
let app: TestApp
beforeAll(async () => {
  const settings = readSettings({ PUBLIC_URL: testOrigin, RATE_LIMIT: String(perMinute) })
  app = await testApp(() => ({ settings }))
})
afterAll(() => app?.close())

const password = 'correct horse battery'
let places = 0
/** Each test asks from an address of its own. */
const newPlace = () => `192.0.2.${++places}`

describe('the first firm', () => {
  const firm = {
    name: 'Kade Advies',
    address: { line1: 'Kade 2', postcode: '4321 BA', city: 'Zwolle', country: 'NL' },
    country: 'NL',
    currency: 'EUR',
    timeZone: 'Europe/Amsterdam',
    language: 'nl',
  }
  it('is made once when several make it at once, and the others are left without an account', async () => {
    const emails = ['anna@example.nl', 'bram@example.nl', 'cas@example.nl']
    const answers = await Promise.all(
      emails.map((email) =>
        app.app.inject({
          method: 'POST',
          url: '/api/v1/setup',
          remoteAddress: newPlace(),
          headers: { origin: testOrigin },
          payload: { firm, administrator: { name: 'Beheer', email, password } },
        }),
      ),
    )
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409])
    const accounts = await Promise.all(emails.map((email) => app.services.people.findByEmail(email)))
    expect(accounts.map((account) => account !== null)).toEqual(answers.map(({ statusCode }) => statusCode === 201))
  })
})

describe('signing up', () => {
  it('gives one account when two ask for the same address at once, and a message to the other', async () => {
    const person = { name: 'Dirk', email: 'dirk@example.nl', password }
    const tries = await Promise.allSettled([1, 2, 3].map(() => app.services.people.signUp(person)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tries)
      if (one.status === 'rejected') expect(one.reason.problem.code).toMatch(/^(at-the-same-time|email-taken)$/)
  })
})

describe('the number of requests a minute', () => {
  const ask = async (remoteAddress: string, headers: Record<string, string>) =>
    (await app.app.inject({ url: '/api/v1/firm', remoteAddress, headers })).statusCode

  it.each([
    ['key', (n: number) => ({ authorization: `Bearer made-up-${n}` })],
    ['cookie', (n: number) => ({ cookie: `uurwerk.session_token=made-up-${n}` })],
  ])('is not grown by a new made-up %s for each request', async (_, headers) => {
    const place = newPlace()
    const codes: number[] = []
    for (let n = 0; n <= perMinute; n++) codes.push(await ask(place, headers(n)))
    expect(codes).toEqual([...Array.from({ length: perMinute }, () => 401), 429])
  })

  it('is counted for each key by itself, wherever it comes from', async () => {
    const firm = await testFirm(app.services)
    const place = newPlace()
    for (let n = 0; n < perMinute; n++) expect(await ask(place, firm.as('employee'))).toBe(200)
    expect(await ask(newPlace(), firm.as('employee'))).toBe(429)
    expect(await ask(place, firm.as('manager'))).toBe(200)
  })
})

describe('a database that is away', () => {
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    )

  it('is known by what the driver says', async () => {
    const nobody = new pg.Pool({ connectionString: `postgres://a:b@127.0.0.1:${await freePort()}/c` })
    expect(isDatabaseAway(await errorOf(nobody.query('select 1')))).toBe(true)
    await nobody.end()

    const sleeping = errorOf(
      app.database.store.withDirectory((trx) => sql`select pg_sleep(20) /* ended */`.execute(trx)),
    )
    await wait(100)
    await app.database.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%/* ended */%' and pid <> pg_backend_pid()`,
    )
    expect(isDatabaseAway(await sleeping)).toBe(true)

    expect(isDatabaseAway(await errorOf(app.database.asOwner('select 1 / 0')))).toBe(false)
    expect(isDatabaseAway(new Error('a mistake'))).toBe(false)
  })

  it('is told as something that passes, to whoever is signed in too', async () => {
    const { people } = app.services
    const { setCookies } = await people.signUp({ name: 'Els', email: 'els@example.nl', password })
    const cookie = setCookies.map((line) => line.split(';')[0]).join('; ')
    await app.database.asOwner('alter table auth.session rename to session_away')
    const answer = await app.app.inject({
      url: '/api/v1/session',
      remoteAddress: newPlace(),
      headers: { cookie, 'accept-language': 'nl' },
    })
    await app.database.asOwner('alter table auth.session_away rename to session')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'database-away', cause: expect.stringContaining('niet bereikbaar') })
  })
})

describe('the whole program', () => {
  it('goes on by itself when the database was away, asked or at rest', async () => {
    const database = await testDatabase()
    const line = await cuttable(new URL(database.appUrl.reveal()))
    const program = await testProgram({ DATABASE_APP_URL: line.url }, database)
    const ready = async () => (await fetch(`${program.base}/health/ready`)).status
    const person = new TestPerson(program.base)
    const setUp = await person.ask('POST', '/setup', {
      sample: true,
      language: 'nl',
      administrator: { name: 'Anna', email: 'anna@example.nl', password },
    })
    expect(setUp.status).toBe(201)
    expect(await ready()).toBe(200)

    const busy = Array.from({ length: 8 }, () => person.ask('GET', '/hours'))
    line.cut()
    const answers = [...(await Promise.all(busy)), await person.ask('GET', '/hours')]
    for (const { status } of answers) expect([200, 503]).toContain(status)
    expect(answers.at(-1)).toMatchObject({ status: 503, body: { code: 'database-away' } })
    expect(await ready()).toBe(503)
    expect((await fetch(`${program.base}/health/live`)).status).toBe(200)

    line.mend()
    await vi.waitFor(async () => expect(await ready()).toBe(200), { timeout: 15_000, interval: 200 })
    expect(await person.ask('GET', '/hours')).toMatchObject({ status: 200 })
    await program.stop()
    await line.close()
  }, 60_000)
})
