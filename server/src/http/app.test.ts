import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { Secret } from '../secrets.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { createHttp, type HttpOptions, startHttp } from './app.ts'

let test: TestDatabase
let app: FastifyInstance
const lines: string[] = []
const settings = { publicUrl: 'http://localhost:3000', trustProxy: false, metricsToken: null }
const apps: FastifyInstance[] = []

const make = async (changed: Partial<HttpOptions> = {}) => {
  const log = createLog('info', { write: (line) => void lines.push(line) })
  const made = await createHttp({ settings, log, store: test.store, ...changed })
  made.post('/echo', async (request) => request.body)
  made.get('/breaks', async () => {
    throw new Error('the inside of the program')
  })
  apps.push(made)
  return made
}

beforeAll(async () => {
  test = await testDatabase()
  const webDir = fs.mkdtempSync(path.join(os.tmpdir(), 'uurwerk-web-'))
  fs.mkdirSync(path.join(webDir, 'assets'))
  fs.writeFileSync(path.join(webDir, 'index.html'), '<html><head></head><body>the web</body></html>')
  fs.writeFileSync(path.join(webDir, 'assets', 'index-4f2a.js'), 'console.log(1)')
  fs.writeFileSync(path.join(webDir, 'mark.svg'), '<svg/>')
  app = await make({ webDir })
})
afterAll(async () => {
  for (const made of apps) await made.close()
  await test.close()
})

const page = { accept: 'text/html,application/xhtml+xml' }
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

describe('the web', () => {
  it.each(['/', '/f/de-linde/hours', '/sign-in?back=%2F'])(
    'answers its page at %s, never kept by the browser',
    async (url) => {
      const answer = await get(url, page)
      expect(answer.statusCode).toBe(200)
      expect(answer.body).toContain('the web')
      expect(answer.headers['cache-control']).toBe('no-store')
    },
  )

  it('lets styles in by a nonce that is new for each page, and no script of others', async () => {
    const pages = [await get('/', page), await get('/', page)]
    const nonces = pages.map(({ body }) => /csp-nonce" content="(.+?)"/.exec(body)?.[1])
    expect(new Set(nonces).size).toBe(2)
    const policy = String(pages[0]?.headers['content-security-policy'])
    expect(policy).toContain(`style-src 'self' 'nonce-${nonces[0]}'`)
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('keeps files with a hash in their name for ever, others for an hour', async () => {
    expect((await get('/assets/index-4f2a.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get('/mark.svg')).headers['cache-control']).toBe('public, max-age=3600')
  })

  it.each(['/assets/index-old.js', '/api/nothing', '/metrics/x', '/../package.json', '/%2e%2e/%2e%2e/etc/passwd'])(
    'has no page at %s',
    async (url) => {
      const answer = await get(url, url.startsWith('/a') || url.startsWith('/m') ? page : {})
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['content-type']).toContain('application/problem+json')
    },
  )
})

describe('a request', () => {
  const post = (payload: string, type = 'application/json', language = 'en') =>
    app.inject({
      method: 'POST',
      url: '/echo',
      payload,
      headers: { 'content-type': type, 'accept-language': language },
    })

  it.each([
    ['{"a":', 'application/json', 400, 'body-not-json'],
    ['a=1', 'text/csv', 415, 'body-not-json'],
    [JSON.stringify('x'.repeat(1_100_000)), 'application/json', 413, 'body-too-large'],
  ])('that is no good is told what is wrong with it: %#', async (payload, type, status, code) => {
    const answer = await post(payload, type)
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ code, status })
    expect((await post(payload, type, 'nl,en;q=0.8')).json().cause).not.toBe(answer.json().cause)
  })

  it('that breaks us says its number and nothing of the inside', async () => {
    const answer = await get('/breaks')
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toMatchObject({ code: 'our-mistake', request: answer.headers['x-request-id'] })
    expect(answer.body).not.toContain('inside of the program')
    expect(lines.join('')).toContain('inside of the program')
  })

  it('is logged without its query', async () => {
    await get('/callback?code=abc-1&state=abc-2')
    expect(lines.at(-1)).toContain('"path":"/callback"')
    expect(lines.join('')).not.toMatch(/abc-\d/)
  })

  it.each([
    '/invite/abc-1',
    '/api/v1/invitations/abc-2/acceptance',
    '/sandbox/abc-3/exact-online/start.exactonline.nl/api',
  ])('is logged without the token in its path: %s', async (url) => {
    await get(url)
    expect(lines.at(-1)).toContain('[secret]')
    expect(lines.join('')).not.toMatch(/abc-\d/)
  })
})

describe('health', () => {
  it('is alive, and ready while the database is of this version', async () => {
    expect((await get('/health/live')).json()).toEqual({ live: true })
    expect((await get('/health/ready')).json()).toEqual({ ready: true, database: true, migrated: true })
    await test.asOwner(`insert into program.kysely_migration (name, timestamp) values ('2099-later', '')`)
    const newer = await get('/health/ready')
    await test.asOwner(`delete from program.kysely_migration where name = '2099-later'`)
    expect(newer.statusCode).toBe(503)
    expect(newer.json()).toEqual({ ready: false, database: true, migrated: false })
  })

  it('is not ready without the database, and still alive', async () => {
    const elsewhere = await testDatabase()
    const lonely = await make({ store: elsewhere.store })
    await elsewhere.close()
    const answer = await lonely.inject({ url: '/health/ready' })
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ ready: false, database: false })
    expect((await lonely.inject({ url: '/health/live' })).statusCode).toBe(200)
  })
})

describe('the metrics', () => {
  it('count by route, for this machine itself', async () => {
    await get('/f/de-linde/hours', page)
    const { body } = await get('/metrics')
    expect(body).toContain('uurwerk_http_request_seconds_count{method="GET",route="none",status="200"}')
    expect(body).toContain('uurwerk_database_connections{state="waiting"} 0')
  })

  it('answer nobody from elsewhere, and with a token only who has it', async () => {
    expect((await app.inject({ url: '/metrics', remoteAddress: '192.0.2.7' })).statusCode).toBe(403)
    expect((await get('/metrics', { 'x-forwarded-for': '192.0.2.7' })).statusCode).toBe(403)
    const guarded = await make({ settings: { ...settings, metricsToken: new Secret('hush') } })
    expect((await guarded.inject({ url: '/metrics' })).statusCode).toBe(403)
    expect((await guarded.inject({ url: '/metrics', headers: { authorization: 'Bearer hush' } })).statusCode).toBe(200)
  })
})

describe('starting to listen', () => {
  it('says that the port is taken', async () => {
    const first = await make()
    const port = Number(new URL(await startHttp(first, { host: '127.0.0.1', port: 0 })).port)
    await expect(startHttp(await make(), { host: '127.0.0.1', port })).rejects.toThrow(`Port ${port} is already used`)
  })
})
