import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../services.ts'

const beatMs = 25_000

/** Server-sent events of one firm. A comment now and then keeps proxies from closing the line. */
const open = new Set<() => void>()

/** Ends every stream, so that stopping does not wait for readers who never leave. */
export const endStreams = (): void => {
  for (const end of open) end()
}

export function streamEvents(
  reply: FastifyReply,
  request: FastifyRequest,
  firmId: string,
  services: Services,
): FastifyReply {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 3000\n\n')
  const stop = services.events.listen(firmId, (event) => void raw.write(`data: ${JSON.stringify(event)}\n\n`))
  const beat = setInterval(() => raw.write(': beat\n\n'), beatMs)
  const end = () => {
    clearInterval(beat)
    stop()
    open.delete(end)
    raw.end()
  }
  open.add(end)
  request.raw.on('close', end)
  return reply
}
