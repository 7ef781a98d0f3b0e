import { isProblem } from '@uurwerk/core/shared/problem.ts'
import type { FastifyReply } from 'fastify'
import type { Events } from './events.ts'

const standardBeatMs = 25_000

/** Server-sent events of one firm. A comment now and then keeps proxies from closing the line. */
const open = new Set<() => void>()

/** Ends every stream, so that stopping does not wait for readers who never leave. */
export const endStreams = (): void => {
  for (const end of open) end()
}

/** `stillMay` is asked at every beat: whoever signed out or lost the right hears no more. */
export function streamEvents(
  reply: FastifyReply,
  events: Pick<Events, 'listen'>,
  firmId: string,
  stillMay: () => Promise<void>,
  beatMs = standardBeatMs,
): FastifyReply {
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 3000\n\n')
  const stop = events.listen(firmId, (event) => void raw.write(`data: ${JSON.stringify(event)}\n\n`))
  const beat = setInterval(() => {
    raw.write(': beat\n\n')
    stillMay().catch((error: unknown) => {
      if (isProblem(error) && error.problem.kind !== 'temporary') end()
    })
  }, beatMs)
  const end = () => {
    clearInterval(beat)
    stop()
    open.delete(end)
    raw.end()
  }
  open.add(end)
  raw.on('close', end)
  return reply
}
