import type { Role } from '@uurwerk/api/rights.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mailNotices } from '../src/notifications/mail-notices.ts'
import { type Notice, noLongerTell, tellPeople } from '../src/notifications/tell-people.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let app: TestApp
let firm: TestFirm

beforeAll(async () => {
  app = await testApp()
})
beforeEach(async () => {
  firm = await testFirm(app.services)
})
afterAll(() => app?.close())

const calling = (trx: Parameters<Parameters<TestFirm['within']>[0]>[0]) => ({
  trx,
  firmId: firm.id,
  services: app.services,
  now: app.clock.now(),
})
const tell = (notice: Partial<Notice> = {}) =>
  firm.within((trx) =>
    tellPeople(calling(trx), {
      to: 'connections:write',
      code: 'reconnect',
      values: { package: 'Exact Online', administration: 'Noordkade' },
      link: '/settings/connections/7',
      key: 'reconnect:7',
      ...notice,
    }),
  )
const takeBack = (key: string) => firm.within((trx) => noLongerTell(calling(trx), key))

interface Told {
  readonly rows: readonly {
    id: string
    title: string
    detail: string | null
    link: string | null
    readAt: string | null
  }[]
  readonly unread: number
  readonly next: string | null
}
async function told(role: Role, query = '', language = 'en'): Promise<Told> {
  const answer = await app.app.inject({
    url: `/api/v1/notifications${query}`,
    headers: { ...firm.as(role), 'accept-language': language },
  })
  expect(answer.statusCode).toBe(200)
  return answer.json()
}
const read = async (role: Role, body: object) => {
  const answer = await app.app.inject({
    method: 'POST',
    url: '/api/v1/notifications/read',
    headers: firm.as(role),
    payload: body,
  })
  expect(answer.statusCode).toBe(200)
  return answer.json() as { read: number; unread: number }
}

describe('what people are told', () => {
  it('reaches those who can do something about it, in their language, and nobody else', async () => {
    await tell()
    expect(await told('administrator')).toMatchObject({
      unread: 1,
      rows: [
        {
          title: 'Uurwerk has lost access to Exact Online',
          detail: 'Sign in again at Noordkade. What waits is kept and goes out after that.',
          link: `/f/${firm.slug}/settings/connections/7`,
          readAt: null,
        },
      ],
    })
    expect((await told('administrator', '', 'nl')).rows[0]?.title).toBe(
      'Uurwerk heeft geen toegang meer tot Exact Online',
    )
    for (const role of ['employee', 'manager', 'finance'] as const)
      expect(await told(role)).toMatchObject({ unread: 0, rows: [] })
  })

  it('is one notice per key while it is unread, with what was told last, and a new one after that', async () => {
    const needing = (count: number) =>
      tell({
        to: 'postings:write',
        code: 'postings-need-you',
        values: { package: 'Exact Online', count, labels: '2026-0091', more: count - 1 },
        key: 'postings:7',
      })
    await needing(1)
    app.clock.forward(60_000)
    await needing(12)
    const [one, ...others] = (await told('finance')).rows
    expect(others).toEqual([])
    expect(one).toMatchObject({ title: '12 postings need you in Exact Online', detail: '2026-0091 and 11 more' })
    expect(await read('finance', { ids: [one?.id] })).toEqual({ read: 1, unread: 0 })
    app.clock.forward(60_000)
    await needing(2)
    const rows = (await told('finance')).rows
    expect(rows.map(({ readAt }) => readAt === null)).toEqual([true, false])
    expect((await told('finance', '?unread=true')).rows.length).toBe(1)
    // What one has read is not read by another.
    expect((await told('administrator')).unread).toBe(1)
  })

  it('does not come back to the top when the same is told again', async () => {
    await tell()
    const before = await told('administrator')
    app.clock.forward(3_600_000)
    await tell()
    expect(await told('administrator')).toEqual(before)
  })

  it('is read for everybody once it was mended', async () => {
    await tell()
    await takeBack('reconnect:7')
    expect(await told('administrator')).toMatchObject({ unread: 0, rows: [{ readAt: app.clock.now().toISOString() }] })
  })

  it('is not shown any more to who lost the right to it', async () => {
    await tell()
    await firm.within((trx) =>
      trx
        .updateTable('member')
        .set({ roles: ['finance', 'employee'] })
        .where('id', '=', firm.members.administrator)
        .execute(),
    )
    expect(await told('administrator')).toMatchObject({ unread: 0, rows: [] })
  })

  it('comes in pages, newest first', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      app.clock.forward(1000)
      await tell({ key, link: `/settings/${key}` })
    }
    const links: (string | null)[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: Told = await told('administrator', `?limit=2${next ? `&cursor=${next}` : ''}`)
      links.push(...page.rows.map(({ link }) => link?.split('/').at(-1) ?? null))
      next = page.next
    }
    expect(links).toEqual(['e', 'd', 'c', 'b', 'a'])
    expect(await read('administrator', {})).toEqual({ read: 5, unread: 0 })
  })
})

describe('the mail of what waits', () => {
  const lettersTo = (role: Role) => app.letters.filter(({ to }) => to === `${role}.${firm.id}@example.nl`)
  const minutes = (count: number) => app.clock.forward(count * 60_000)

  it('tells what was not read in the person’s language, with the way there, and each thing once', async () => {
    await firm.within((trx) =>
      trx.updateTable('member').set({ language: 'en' }).where('id', '=', firm.members.administrator).execute(),
    )
    await tell()
    await mailNotices(app.services)
    // Whoever sits at the screen has two minutes to read it there.
    expect(lettersTo('administrator')).toEqual([])
    minutes(3)
    await mailNotices(app.services)
    const [letter] = lettersTo('administrator')
    expect(letter?.subject).toBe('Voorbeeld Advies: one thing needs you')
    expect(letter?.text).toContain(`http://localhost:3000/f/${firm.slug}/settings/connections/7`)
    expect(letter?.text).toContain('Uurwerk has lost access to Exact Online')
    minutes(90)
    await mailNotices(app.services)
    expect(lettersTo('administrator').length).toBe(1)
  })

  it('goes at most once an hour, and speaks the language of the firm to who chose none', async () => {
    await tell()
    minutes(3)
    await mailNotices(app.services)
    await tell({ key: 'reconnect:8' })
    await tell({ key: 'reconnect:9', link: '/settings/connections/9' })
    minutes(50)
    await mailNotices(app.services)
    expect(lettersTo('administrator').length).toBe(1)
    minutes(10)
    await mailNotices(app.services)
    expect(lettersTo('administrator').map(({ subject }) => subject)).toEqual([
      'Voorbeeld Advies: één ding wacht op je',
      'Voorbeeld Advies: 2 dingen wachten op je',
    ])
  })

  it('does not go for what was read or mended in time, nor to who switched it off', async () => {
    await tell()
    await tell({ key: 'reconnect:8' })
    await read('administrator', {})
    await tell({ key: 'reconnect:9' })
    await takeBack('reconnect:9')
    minutes(3)
    await mailNotices(app.services)
    expect(lettersTo('administrator')).toEqual([])
    const off = await app.app.inject({
      method: 'PATCH',
      url: '/api/v1/me',
      headers: firm.as('administrator'),
      payload: { noticesByMail: false },
    })
    expect(off.json()).toMatchObject({ noticesByMail: false })
    await tell()
    minutes(3)
    await mailNotices(app.services)
    expect(lettersTo('administrator')).toEqual([])
    expect((await told('administrator')).unread).toBe(1)
  })

  it('goes once when two workers look at the same time', async () => {
    await firm.within((trx) =>
      trx
        .updateTable('member')
        .set({ userId: app.services.ids.next() })
        .where('id', '=', firm.members.finance)
        .execute(),
    )
    await tell()
    await tell({ to: 'postings:write', key: 'postings:7' })
    minutes(3)
    await Promise.all([1, 2, 3].map(() => mailNotices(app.services)))
    expect(lettersTo('administrator').length).toBe(1)
    expect(lettersTo('finance').length).toBe(1)
  })

  it('goes with the next letter, an hour later, when the mail server did not take it', async () => {
    const refusing = { ...app.services.mail, send: () => Promise.reject(new Error('550 no such person')) }
    await tell()
    minutes(3)
    expect(await mailNotices({ ...app.services, mail: refusing })).toBe(0)
    minutes(30)
    await mailNotices(app.services)
    expect(lettersTo('administrator')).toEqual([])
    minutes(31)
    await mailNotices(app.services)
    expect(lettersTo('administrator').length).toBe(1)
  })

  it('does not go where no mail server is set', async () => {
    await tell()
    minutes(3)
    const without = { ...app.services, mail: { ...app.services.mail, works: false } }
    expect(await mailNotices(without)).toBe(0)
    expect(lettersTo('administrator')).toEqual([])
  })
})
