import { base, callHeaders } from '../../api.ts'
import { ApiProblem, problemIn } from '../../problem.ts'

const nameIn = (header: string | null): string =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(header ?? '')?.[1] ?? 'export')

interface Watched {
  /** Ends the download, and with it the work of the server. */
  readonly signal?: AbortSignal
  /** Bytes that have come so far. */
  readonly onBytes?: (received: number) => void
}

/** Fetches a file and hands it to the browser to save; answers its name. A problem is thrown like that of any call. */
export async function download(path: string, query: URLSearchParams, watched: Watched = {}): Promise<string> {
  const answer = await fetch(`${base}${path}?${query}`, {
    headers: callHeaders(),
    credentials: 'same-origin',
    signal: watched.signal ?? null,
  }).catch(cutOff)
  if (!answer.ok) throw await problemIn(answer)
  const whole = await counted(answer, watched.onBytes).blob().catch(cutOff)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(whole)
  link.download = nameIn(answer.headers.get('content-disposition'))
  link.click()
  // The browser has begun to save by then, and keeps its own hold of the bytes.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  return link.download
}

/** Who stops a download himself meets no problem. */
function cutOff(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error
  throw new ApiProblem({ status: 0, code: 'offline' }, error)
}

function counted(answer: Response, onBytes: Watched['onBytes']): Response {
  if (!onBytes || !answer.body) return answer
  let received = 0
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      received += piece.length
      onBytes(received)
      controller.enqueue(piece)
    },
  })
  return new Response(answer.body.pipeThrough(counting))
}
