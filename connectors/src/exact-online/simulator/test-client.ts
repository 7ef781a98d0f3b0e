import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { SimulatorAnswer, World } from '../../contract/simulator.ts'
import type { Desk } from './bookkeeper.ts'
import { simulateExactOnline } from './index.ts'
import { smallFirmDivisions } from './small-firm-lists.ts'
import type { Language } from './world-state.ts'

/** A clock that stands still until it is moved. */
export interface MovableClock extends Clock {
  advance(ms: number): void
}

export function clockAt(instant: string): MovableClock {
  let ms = Date.parse(instant)
  return {
    now: () => new Date(ms),
    advance: (by) => {
      ms += by
    },
  }
}

export const redirectUri = 'https://uurwerk.example/oauth/back?from=exact'
const host = 'start.exactonline.nl'
export const base = `http://127.0.0.1:3000/sandbox/w1/${host}`

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  // The tests read many shapes of answers; each names the fields it looks at.
  readonly d: Readonly<Record<string, never>>
  readonly value: string
  readonly fate: SimulatorAnswer['fate']
  readonly delayMs: number | undefined
}

type Row = Record<string, unknown>

/** A client of the simulator for tests: signs in as a browser would, and calls as a program would. */
export class TestClient {
  readonly world: World
  readonly clock: MovableClock
  readonly random: Random
  readonly desk: Desk
  division: number = smallFirmDivisions.main
  host = host
  /** What stands before the path for the caller. */
  base = base
  access = ''
  refresh = ''

  constructor(at: { language?: Language; now?: string; seed?: number } = {}) {
    this.clock = clockAt(at.now ?? '2026-04-10T09:00:00.000Z')
    this.world = simulateExactOnline.create({
      seed: at.seed ?? 7,
      now: this.clock.now(),
      language: at.language ?? 'nl',
    })
    this.random = seededRandom(99)
    this.desk = { world: this.world, clock: this.clock, random: this.random }
  }

  raw(method: string, path: string, headers: Record<string, string> = {}, body = ''): SimulatorAnswer {
    const url = new URL(
      path.startsWith('http') ? path.replace(this.base, `https://${this.host}`) : `https://${this.host}${path}`,
    )
    const request = { method, url, base: this.base, headers, body: new TextEncoder().encode(body) }
    return simulateExactOnline.handle(request, this.world, this.clock, this.random)
  }

  form(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): SimulatorAnswer {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.raw('POST', path, { ...type, ...headers }, new URLSearchParams(fields).toString())
  }

  consent(more: Record<string, string> = {}): URL {
    const asked = {
      client_id: 'app-1',
      redirect_uri: redirectUri,
      response_type: 'code',
      state: 's-1',
      decision: 'allow',
    }
    return new URL(this.form('/api/oauth2/auth', { ...asked, ...more }).headers.location as string)
  }

  exchange(code: string, more: Record<string, string> = {}): SimulatorAnswer {
    const asked = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: 'app-1',
      client_secret: 'secret-1',
    }
    return this.form('/api/oauth2/token', { ...asked, ...more })
  }

  renew(token = this.refresh): SimulatorAnswer {
    const asked = { grant_type: 'refresh_token', refresh_token: token, client_id: 'app-1', client_secret: 'secret-1' }
    return this.form('/api/oauth2/token', asked)
  }

  signIn(more: Record<string, string> = {}): this {
    const code = this.consent(more).searchParams.get('code') as string
    this.keep(this.exchange(code))
    return this
  }

  keep(answer: SimulatorAnswer): void {
    const tokens = JSON.parse(String(answer.body)) as { access_token: string; refresh_token: string }
    this.access = tokens.access_token
    this.refresh = tokens.refresh_token
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Answer {
    const at = path.startsWith('http') || path.startsWith('/') ? path : `/api/v1/${this.division}/${path}`
    const own = {
      authorization: `Bearer ${this.access}`,
      accept: 'application/json',
      'content-type': 'application/json',
    }
    const sent = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
    const { status, headers: answered, body: text, fate, delayMs } = this.raw(method, at, { ...own, ...headers }, sent)
    const parsed = String(text).startsWith('{') ? (JSON.parse(String(text)) as Row) : {}
    const error = parsed.error as { message?: { value?: string } } | undefined
    const d = (parsed.d ?? {}) as Answer['d']
    return { status, headers: answered, text: String(text), d, value: error?.message?.value ?? '', fate, delayMs }
  }

  get = (path: string, headers: Record<string, string> = {}) => this.call('GET', path, undefined, headers)
  post = (path: string, body: unknown, headers: Record<string, string> = {}) => this.call('POST', path, body, headers)
  put = (path: string, body: unknown) => this.call('PUT', path, body)
  remove = (path: string) => this.call('DELETE', path)

  /** Rows of one answer, whatever its envelope. */
  rows(path: string): Row[] {
    const d = this.get(path).d as unknown as Row[] | { results: Row[] }
    return Array.isArray(d) ? d : d.results
  }

  /** All rows, following `__next` to the end. */
  all(path: string): { rows: Row[]; pages: number } {
    const rows: Row[] = []
    let [next, pages]: [string | undefined, number] = [path, 0]
    while (next) {
      const d = this.get(next).d as unknown as { results: Row[]; __next?: string }
      rows.push(...d.results)
      next = d.__next
      pages += 1
    }
    return { rows, pages }
  }

  idOf(path: string, code: string): string {
    const found = this.rows(`${path}?$filter=trim(Code) eq '${code}'&$top=1`)[0]
    return String(found?.ID)
  }
}
