import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../services.ts'

const beatMs = 25_000

/** Server-sent events of one firm. A comment now and then keeps proxies from closing the line. */
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
  request.raw.on('close', () => {
    clearInterval(beat)
    stop()
  })
  return reply
}
