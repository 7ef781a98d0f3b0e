import { type InProcess, inProcess } from './in-process-wire.ts'

/** As `fetch` as far as a wire of the product uses it, with simulators behind it: hosts that nobody serves do not answer. */
export function simulatedFetch(served: Readonly<Record<string, InProcess>>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const at = served[url.host]
    if (!at) throw failure('ECONNREFUSED')
    const answer = await inProcess(
      at,
      url.origin,
    )({
      method: request.method,
      url,
      headers: Object.fromEntries(request.headers),
      body: new Uint8Array(await request.arrayBuffer()),
      timeoutMs: Number.POSITIVE_INFINITY,
    })
    if (answer === 'unreached') throw failure('ECONNREFUSED')
    // What undici throws when the socket closes before the answer.
    if (answer === 'lost') throw failure('UND_ERR_SOCKET')
    const body = answer.status === 204 || answer.status === 304 ? null : new Uint8Array(answer.body)
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
}

const failure = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
