import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serveExactOnline } from './serve.ts'

let served: Served
beforeAll(async () => {
  served = await serveExactOnline({ port: 0, language: 'nl', seed: 1 })
})
afterAll(() => served.close())

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  redirect: 'manual' as const,
})

async function signIn(base: string): Promise<string> {
  const redirect_uri = 'http://127.0.0.1/back'
  const asked = { client_id: 'c', redirect_uri, response_type: 'code', decision: 'allow' }
  const back = await fetch(`${base}/api/oauth2/auth`, form(asked))
  const code = new URL(back.headers.get('location') as string).searchParams.get('code') as string
  const exchange = { grant_type: 'authorization_code', code, redirect_uri, client_id: 'c', client_secret: 's' }
  const answer = await fetch(`${base}/api/oauth2/token`, form(exchange))
  return ((await answer.json()) as { access_token: string }).access_token
}

const read = (url: string, token: string) =>
  fetch(url, { headers: { authorization: `Bearer ${token}`, accept: 'application/json' } })

describe('over HTTP', () => {
  it.each([
    ['a bare base address', ''],
    ['a world and a host in the path', '/w2/start.exactonline.be'],
  ])('a client signs in and follows links with %s', async (_, prefix) => {
    const base = served.url + prefix
    const token = await signIn(base)
    const { d } = (await (await read(`${base}/api/v1/1234567/financial/GLAccounts?$select=Code`, token)).json()) as {
      d: { results: unknown[]; __next: string }
    }
    expect(d.__next.startsWith(`${base}/api/v1/1234567/financial/GLAccounts?`)).toBe(true)
    expect(d.results).toHaveLength(60)
    const next = (await (await read(d.__next, token)).json()) as { d: { results: unknown[] } }
    expect(next.d.results.length).toBeGreaterThan(10)
  })

  it('a lost answer breaks the connection, and the books show what was done', async () => {
    const base = `${served.url}/w3/start.exactonline.nl`
    const token = await signIn(base)
    const faults = JSON.stringify([{ kind: 'loseAnswerAfter', on: 'POST crm/Accounts', times: 1 }])
    expect((await fetch(`${served.url}/w3/_faults`, { method: 'POST', body: faults })).status).toBe(204)
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' }
    const body = JSON.stringify({ Name: 'Toch geboekt B.V.' })
    await expect(fetch(`${base}/api/v1/1234567/crm/Accounts`, { method: 'POST', headers, body })).rejects.toThrow()
    expect(await (await fetch(`${served.url}/w3/_books`)).text()).toContain('Toch geboekt B.V.')
    expect(await (await fetch(`${served.url}/_books`)).text()).not.toContain('Toch geboekt B.V.')
  })

  it('takes acts by hand from its page, and says why the books refuse one', async () => {
    const books = `${served.url}/w4/_books`
    const act = (fields: Record<string, string>) => fetch(books, form(fields))
    const typed = { act: 'type-entry', customer: '10012', reference: 'F-77', amount: '100,00' }
    expect((await act(typed)).status).toBe(303)
    expect(await (await fetch(books)).text()).toContain('F-77')
    const refused = await act({ ...typed, customer: '10020' })
    expect(refused.status).toBe(409)
    expect(await refused.text()).toContain('Ongeldig: Klant (Type)')
  })

  it('calls an address on this machine: empty first, signed after that', async () => {
    const heard: string[] = []
    const listener = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      heard.push(Buffer.concat(parts).toString('utf8'))
      response.end()
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const { port } = listener.address() as AddressInfo
    const base = `${served.url}/w5/start.exactonline.nl`
    const headers = {
      authorization: `Bearer ${await signIn(base)}`,
      accept: 'application/json',
      'content-type': 'application/json',
    }
    const asked = JSON.stringify({ CallbackURL: `http://127.0.0.1:${port}/hints`, Topic: 'SalesEntries' })
    const address = `${base}/api/v1/1234567/webhooks/WebhookSubscriptions`
    expect((await fetch(address, { method: 'POST', headers, body: asked })).status).toBe(201)
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([''])
    const typed = { act: 'type-entry', customer: '10012', reference: 'F-78', amount: '100,00' }
    await fetch(`${served.url}/w5/_books`, form(typed))
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBe(2)
    expect(heard[1]).toMatch(/^\{"Content":\{"Topic":"SalesEntries".*\},"HashCode":"[0-9A-F]{64}"\}$/)
    listener.close()
  })

  it('refuses a fault it does not know', async () => {
    const answer = await fetch(`${served.url}/_faults`, { method: 'POST', body: '[{"kind":"earthquake"}]' })
    expect(answer.status).toBe(400)
  })
})
