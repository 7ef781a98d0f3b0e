import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { assertOurOrigin, createPeople, type People } from './auth.ts'

let test: TestDatabase
let people: People
let now = Date.parse('2026-03-02T09:00:00Z')
let given = 0
const clock = { now: () => new Date(now) }
const ids = { next: () => `019a0000-0000-7000-8000-${String(++given).padStart(12, '0')}` }
const started: People[] = []
const start = (publicUrl = 'http://localhost:3000') => {
  const { appUrl, seals, log } = test
  const made = createPeople({ appUrl, poolSize: 4, publicUrl, seals, clock, ids, log })
  started.push(made)
  return made
}

beforeAll(async () => {
  test = await testDatabase()
  people = start()
})
afterAll(async () => {
  for (const made of started) await made.close()
  await test.close()
})

const asHeader = (setCookies: readonly string[]) => setCookies.map((cookie) => cookie.split(';')[0]).join('; ')
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no problem',
    (error: unknown) => (isProblem(error) ? error.problem : error),
  )
const password = 'correct horse'
const anna = { email: 'anna@example.nl', password, name: 'Anna de Wit' }

describe('signing in', () => {
  it('lets a person in and out again', async () => {
    const { userId } = await people.signUp(anna)
    expect(userId).toMatch(/^019a0000-/)
    const { setCookies, userId: same } = await people.signIn({ email: 'Anna@Example.nl', password })
    expect(same).toBe(userId)
    const cookie = asHeader(setCookies)
    expect(await people.userOf(cookie)).toEqual({ userId, name: anna.name, email: anna.email })
    expect(await people.findByEmail('ANNA@example.nl')).toEqual({ userId, name: anna.name, email: anna.email })

    const cleared = await people.signOut(cookie)
    expect(cleared.join()).toContain('Max-Age=0')
    expect(await people.userOf(cookie)).toBeNull()
  })

  it('gives a cookie that scripts cannot read, over TLS alone where there is TLS', async () => {
    const bram = await people.signUp({ ...anna, email: 'bram@example.nl' })
    expect(bram.setCookies[0]).toMatch(/^uurwerk\.session_token=.*HttpOnly; SameSite=Lax/)
    expect(bram.setCookies[0]).not.toContain('Secure')
    const secure = start('https://uurwerk.example.nl')
    const { setCookies } = await secure.signIn({ email: 'bram@example.nl', password })
    expect(setCookies[0]).toMatch(/^__Secure-uurwerk\.session_token=.*HttpOnly; Secure; SameSite=Lax/)
    expect(await secure.userOf(asHeader(setCookies))).toMatchObject({ email: 'bram@example.nl' })
  })

  it('knows nobody by a cookie that was altered, or by none', async () => {
    const { setCookies } = await people.signUp({ ...anna, email: 'cas@example.nl' })
    const cookie = asHeader(setCookies)
    expect(await people.userOf(cookie.replace(/=./, '=x'))).toBeNull()
    expect(await people.userOf(undefined)).toBeNull()
    expect(await people.userOf('theme=dark')).toBeNull()
  })

  it('tells a wrong password and an unknown address apart to nobody', async () => {
    await people.signUp({ ...anna, email: 'dirk@example.nl' })
    const wrong = await problemOf(people.signIn({ email: 'dirk@example.nl', password: 'wrong horse' }))
    expect(wrong).toEqual({ kind: 'forbidden', code: 'sign-in-wrong' })
    expect(await problemOf(people.signIn({ email: 'nobody@example.nl', password: 'wrong horse' }))).toEqual(wrong)
  })

  it('explains an address that is taken and a password that is too short', async () => {
    await people.signUp({ ...anna, email: 'els@example.nl' })
    expect(await problemOf(people.signUp({ ...anna, email: 'ELS@example.nl' }))).toMatchObject({ code: 'email-taken' })
    expect(await problemOf(people.signUp({ ...anna, email: 'fem@example.nl', password: 'short' }))).toMatchObject({
      kind: 'input',
      fields: [{ pointer: '/password', code: 'too-short' }],
    })
  })

  it('holds back after ten tries from one place, for a quarter of an hour, and only there', async () => {
    await people.signUp({ ...anna, email: 'guus@example.nl' })
    const attempt = (given: string, ip: string) =>
      problemOf(people.signIn({ email: 'guus@example.nl', password: given, ip }))
    const tries = await Promise.all(Array.from({ length: 12 }, () => attempt('wrong horse', '2001:db8:1:2::5')))
    const codes = tries.map((problem) => (problem as { code: string }).code)
    expect(codes.filter((code) => code === 'sign-in-wrong')).toHaveLength(10)
    expect(codes.filter((code) => code === 'too-many-tries')).toHaveLength(2)
    expect(await attempt(password, '2001:db8:1:2:ffff::9')).toMatchObject({
      code: 'too-many-tries',
      notBefore: '2026-03-02T09:15:00.000Z',
    })
    expect(await attempt(password, '2001:db8:1:3::5')).toBe('no problem')
    now += 15 * 60_000
    expect(await attempt(password, '2001:db8:1:2::5')).toBe('no problem')
  })
})

describe('changing the password', () => {
  it('needs the old one, and ends every other session', async () => {
    const email = 'hans@example.nl'
    await people.signUp({ ...anna, email })
    const here = asHeader((await people.signIn({ email, password })).setCookies)
    const there = asHeader((await people.signIn({ email, password })).setCookies)
    const change = { cookieHeader: here, newPassword: 'battery staple' }
    expect(await problemOf(people.changePassword({ ...change, currentPassword: 'wrong horse' }))).toMatchObject({
      code: 'password-wrong',
    })
    const cookies = await people.changePassword({ ...change, currentPassword: password })
    expect(await people.userOf(there)).toBeNull()
    expect(await people.userOf(asHeader(cookies))).toMatchObject({ email })
    expect(await problemOf(people.signIn({ email, password }))).toMatchObject({ code: 'sign-in-wrong' })
  })
})

describe('where a request comes from', () => {
  const ours = 'https://uurwerk.example.nl'
  const check = (headers: Record<string, string>, method = 'POST') => assertOurOrigin(headers, method, ours)
  const cookie = 'uurwerk.session_token=x'

  it.each([
    ['our own page', { cookie, origin: ours }],
    [
      'our own page under another name of this machine',
      { cookie, origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' },
    ],
    ['a program with a key', { authorization: 'Bearer x' }],
  ])('lets %s change something', (_, headers) => {
    expect(() => check(headers)).not.toThrow()
  })

  it.each([
    ['a foreign page', { cookie, origin: 'https://evil.example' }],
    ['a page beside ours', { cookie, origin: 'https://other.example.nl', 'sec-fetch-site': 'same-site' }],
    ['a page without a name', { cookie, origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a cookie without a word about its page', { cookie }],
    ['a foreign page that signs somebody in', { origin: 'https://evil.example' }],
  ])('does not let %s', (_, headers) => {
    expect(() => check(headers)).toThrow('foreign-origin')
    expect(() => check(headers, 'GET')).not.toThrow()
  })
})
