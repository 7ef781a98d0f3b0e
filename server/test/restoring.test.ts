import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'

let app: FurnishedApp
let at: FurnishedFirm
beforeAll(async () => {
  app = await furnishedApp()
  at = await furnishedFirm(app, 'Vink')
})
afterAll(() => app?.close())

async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, version?: number) {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...at.headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': app.services.ids.next() } : {}),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return { status: answer.statusCode, body: answer.body ? JSON.parse(answer.body) : null }
}

const activity = { name: 'Onderzoek', billable: true, vatClass: 'standard' }
const project = { name: 'Verbouwing', code: 'VB-1', invoicingMethod: 'none' }

describe('what was deleted', () => {
  it.each([
    ['/activities', activity],
    ['/projects', project],
  ])('of %s comes back as it was, also when asked twice', async (path, body) => {
    const { body: made } = await ask('POST', path, body)
    expect((await ask('DELETE', `${path}/${made.id}`, undefined, made.version)).status).toBe(204)
    expect((await ask('GET', `${path}/${made.id}`)).status).toBe(404)
    const back = await ask('POST', `${path}/${made.id}/restoration`)
    expect(back.body).toMatchObject({ id: made.id, name: body.name })
    const again = await ask('POST', `${path}/${made.id}/restoration`)
    expect(again.body.version).toBe(back.body.version)
    const { rows } = (
      await ask('GET', `/history?subjectKind=${path === '/projects' ? 'project' : 'activity'}&subjectId=${made.id}`)
    ).body
    expect(rows.map((row: { act: string }) => row.act)).toEqual(['restored', 'deleted', 'created'])
  })

  it('does not come back with a code that went to another', async () => {
    const { body: made } = await ask('POST', '/projects', { ...project, code: 'VB-2' })
    await ask('DELETE', `/projects/${made.id}`, undefined, made.version)
    await ask('POST', '/projects', { ...project, name: 'Nieuwbouw', code: 'VB-2' })
    const refused = await ask('POST', `/projects/${made.id}/restoration`)
    expect(refused.body.errors).toMatchObject([{ pointer: '/code', code: 'code-taken' }])
    expect((await ask('GET', `/projects/${made.id}`)).status).toBe(404)
  })

  it('of the rates counts again, unless its day went to another', async () => {
    const { body: owner } = await ask('POST', '/activities', { ...activity, name: 'Advies elders' })
    const rate = { scope: 'activity', activityId: owner.id, amount: '95.00', currency: 'EUR', from: '2026-01-01' }
    const { body: made } = await ask('POST', '/rates', rate)
    await ask('DELETE', `/rates/${made.id}`, undefined, made.version)
    expect((await ask('GET', `/rates?activityId=${owner.id}`)).body.rows).toEqual([])
    expect((await ask('POST', `/rates/${made.id}/restoration`)).body).toMatchObject({ amount: '95.00' })
    const { body: now } = await ask('GET', `/rates?activityId=${owner.id}`)
    await ask('DELETE', `/rates/${made.id}`, undefined, now.rows[0].version)
    await ask('POST', '/rates', { ...rate, amount: '99.00' })
    const refused = await ask('POST', `/rates/${made.id}/restoration`)
    expect(refused.body.errors).toMatchObject([{ pointer: '/from', code: 'rate-from-taken' }])
  })
})
