import type { Transport } from './in-process-wire.ts'

/** Codes of undici and Node with which nothing can have arrived (Node.js documentation, Common system errors). */
const neverArrived = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Over a socket: redirects are not followed, and whatever breaks after connecting was perhaps carried out. */
export const httpTransport: Transport = async ({ method, url, headers, body, timeoutMs }) => {
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
    })
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: new Uint8Array(await answer.arrayBuffer()),
    }
  } catch (error) {
    return neverArrived.has(codeOf(error)) ? 'unreached' : 'lost'
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
