import type { Answer } from '@uurwerk/connectors/contract/contract.ts'
import { Agent } from 'undici'

export interface Request {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string | undefined
  /** From now until the whole answer is here. */
  readonly timeoutMs: number
}

/** `unreached`: not one byte left, so it was certainly not carried out. `lost`: perhaps it was. */
export type Carried =
  | { readonly is: 'answered'; readonly answer: Answer }
  | { readonly is: 'unreached' | 'lost' | 'too-large'; readonly cause: Error }

export interface Transport {
  carry(request: Request): Promise<Carried>
  close(): Promise<void>
}

const connectTimeoutMs = 10_000
const mostBytes = 32 * 1024 * 1024

/** HTTP with kept-alive connections; follows no redirect, repeats nothing. */
export function createTransport(): Transport {
  const agent = new Agent({ connect: { timeout: connectTimeoutMs }, connections: 16 })
  return { carry: (request) => carry(agent, request), close: () => agent.destroy() }
}

function carry(agent: Agent, { method, url, headers, body, timeoutMs }: Request): Promise<Carried> {
  return new Promise((resolve) => {
    let left = false
    let abort: ((reason: Error) => void) | undefined
    let tooLate: Error | undefined
    let tooLarge = false
    let status = 0
    let theirs: Record<string, string> = {}
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(() => {
      tooLate = new Error(`no answer within ${timeoutMs} ms`)
      abort?.(tooLate)
    }, timeoutMs)
    const end = (carried: Carried) => {
      clearTimeout(timer)
      resolve(carried)
    }
    const failed = (cause: Error) => end({ is: tooLarge ? 'too-large' : left ? 'lost' : 'unreached', cause })
    try {
      agent.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers,
          body: body ?? null,
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        {
          // Called with a connection in hand, before the first byte is written to it.
          onRequestStart(controller) {
            if (tooLate) return controller.abort(tooLate)
            left = true
            abort = (reason) => controller.abort(reason)
          },
          onResponseStart(_controller, statusCode, named) {
            status = statusCode
            theirs = Object.fromEntries(
              Object.entries(named).flatMap(([name, value]) =>
                value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
              ),
            )
          },
          onResponseData(controller, chunk) {
            bytes += chunk.length
            if (bytes > mostBytes) {
              tooLarge = true
              controller.abort(new Error(`the answer has more than ${mostBytes} bytes`))
            } else chunks.push(chunk)
          },
          onResponseEnd() {
            end({ is: 'answered', answer: { status, headers: theirs, body: Buffer.concat(chunks) } })
          },
          onResponseError: (_controller, error) => failed(error),
        },
      )
    } catch (error) {
      failed(error as Error)
    }
  })
}
