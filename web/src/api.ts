import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import createClient, { type Middleware } from 'openapi-fetch'
import { newKey } from './new-key.ts'
import { ApiProblem, problemIn } from './problem.ts'

const inUse: { firm: string | null; language: string } = { firm: null, language: 'en' }

/** The firm whose address (`/f/<slug>`) is open; every call names it. True when it is another one. */
export function nameFirmInCalls(slug: string | null): boolean {
  const changed = inUse.firm !== null && inUse.firm !== slug
  inUse.firm = slug
  return changed
}
/** The language in which problems are answered. */
export function speakInCalls(language: string): void {
  inUse.language = language
}

/** What each call carries; also for the calls that are no fetch of the client, such as events and files. */
export const callHeaders = (): Record<string, string> => ({
  'Accept-Language': inUse.language,
  ...(inUse.firm ? { 'Uurwerk-Firm': inUse.firm } : {}),
})

const carry: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(callHeaders())) request.headers.set(name, value)
    // A key of its own for every POST; `useAct` sets one that outlives retries of the same act.
    if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', newKey())
    }
    return request
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemIn(response)
    return response
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error
    return new ApiProblem({ status: 0, code: 'offline' }, error)
  },
}

export const base = '/api/v1'
export const api = createClient<paths>({ baseUrl: base, credentials: 'same-origin' })
api.use(carry)

/** The body of an answer. Problems are thrown before it comes to that: `await answer(api.GET('/customers'))`. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call
  return data as T
}

/** `headers: ifMatch(customer.version)` on PATCH, PUT and DELETE. */
export const ifMatch = (version: number | string): { 'If-Match': string } => ({ 'If-Match': `"${version}"` })
