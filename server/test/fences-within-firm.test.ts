import type { Right } from '@uurwerk/api/rights.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomToken } from '../src/secrets.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let app: TestApp
let firm: TestFirm
beforeAll(async () => {
  app = await testApp()
  firm = await testFirm(app.services)
})
afterAll(() => app?.close())

type Headers = Readonly<Record<string, string>>
async function ask(method: 'GET' | 'POST' | 'PATCH', url: string, headers: Headers, body?: object) {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { 'accept-language': 'en', ...headers },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.json() }
}

/** A key of the administrator that may do only this. */
async function keyFor(...scopes: Right[]): Promise<Headers & { id: string }> {
  const { services } = app
  const [id, key] = [services.ids.next(), randomToken('uwk_').reveal()]
  await firm.within(async (trx) => {
    await trx
      .insertInto('apiKey')
      .values({
        firmId: firm.id,
        id,
        name: 'narrow',
        prefix: 'uwk_',
        scopes,
        memberId: firm.members.administrator,
        createdAt: services.clock.now(),
      })
      .execute()
    await trx
      .insertInto('directory.apiKey')
      .values({ keyHash: services.seals.hashToken(key), firmId: firm.id, keyId: id })
      .execute()
  })
  return { authorization: `Bearer ${key}`, id }
}

describe('a manager, who reads the hours of all', () => {
  it('copies no week for somebody else', async () => {
    await firm.addHours({ date: '2026-03-24' })
    const body = { fromYear: 2026, fromWeek: 13, memberId: firm.members.employee }
    const copy = (role: 'manager' | 'finance') => ask('POST', '/weeks/2026/15/copy', firm.as(role), body)
    expect(await copy('manager')).toMatchObject({ status: 403, body: { code: 'no-right' } })
    expect(await copy('finance')).toMatchObject({ status: 201, body: { created: 1 } })
  })

  it('finds no amount in the history of what is not theirs to see', async () => {
    const made = await ask('POST', '/activities', firm.as('administrator'), {
      name: 'Tekenen',
      billable: true,
      vatClass: 'standard',
      rate: { amount: '137.25', currency: 'EUR', from: '2026-01-01' },
    })
    expect(made.status).toBe(201)
    const history = (kind: string, id: string) =>
      ask('GET', `/history?subjectKind=${kind}&subjectId=${id}`, firm.as('manager'))
    const seen = await history('activity', made.body.id)
    expect(seen.status).toBe(200)
    expect(seen.body.rows).toHaveLength(1)
    expect(JSON.stringify(seen.body)).not.toContain('137.25')
    for (const kind of ['rate', 'invoice', 'posting', 'connection', 'key'])
      expect(await history(kind, made.body.id)).toMatchObject({ status: 403, body: { code: 'no-right' } })
  })
})

describe('an API key with few scopes', () => {
  it('invites nobody and makes nobody who may do more than it may', async () => {
    const { id: _, ...headers } = await keyFor('people:write', 'people:read')
    const invited = await ask('POST', '/people', headers, {
      name: 'Piet',
      email: 'piet@example.nl',
      roles: ['administrator'],
    })
    expect(invited).toMatchObject({ status: 422, body: { errors: [{ pointer: '/roles/0', code: 'right-not-yours' }] } })
    const raised = await ask(
      'PATCH',
      `/people/${firm.members.employee}`,
      { ...headers, 'if-match': '"1"' },
      { roles: ['employee', 'administrator'] },
    )
    expect(raised).toMatchObject({ status: 422, body: { errors: [{ pointer: '/roles/1' }] } })
    const renamed = await ask(
      'PATCH',
      `/people/${firm.members.employee}`,
      { ...headers, 'if-match': '"1"' },
      { name: 'Els', roles: ['employee'] },
    )
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Els' } })
  })

  it('gets no link of an invitation that gives more than it may do', async () => {
    const invitation = { name: 'Kees', email: 'kees@example.nl', roles: ['administrator'] }
    const { body } = await ask('POST', '/people', firm.as('administrator'), invitation)
    const { id: _, ...headers } = await keyFor('people:write')
    expect(await ask('POST', `/people/${body.member.id}/invitation`, headers)).toMatchObject({ status: 422 })
  })

  it('shows on which day it was last used', async () => {
    const { id, ...headers } = await keyFor('hours:own')
    const lastUsed = async () => {
      const { body } = await ask('GET', '/keys', firm.as('administrator'))
      return body.rows.find((row: { id: string }) => row.id === id).lastUsedOn
    }
    expect(await lastUsed()).toBeNull()
    expect(await ask('GET', '/firm', headers)).toMatchObject({ status: 200 })
    expect(await lastUsed()).toBe('2026-03-31')
  })
})
