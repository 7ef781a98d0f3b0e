import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import type { Simulator, World } from '../contract/simulator.ts'

export interface Served {
  /** `http://127.0.0.1:49152` */
  readonly origin: string
  /** What stands before the package's own paths in a world. */
  baseUrl(world: string, host: string): string
  close(): Promise<void>
}

export interface Service {
  readonly simulator: Simulator
  /** Worlds by name, kept in memory. */
  readonly worlds: Readonly<Record<string, World>>
  readonly clock: Clock
  readonly random: Random
}

/** A simulator over HTTP, under `/<world>/<host>/…`, on a free port of this machine. */
export async function serve(service: Service): Promise<Served> {
  const server = createServer((request, response) => {
    answer(service, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    baseUrl: (world, host) => `${origin}/${world}/${host}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  { simulator, worlds, clock, random }: Service,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const address = new URL(request.url ?? '/', 'http://simulator')
  const [, name = '', host = '', ...path] = address.pathname.split('/')
  const world = worlds[name]
  if (!world || !host) {
    response.writeHead(404).end()
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const base = `http://${request.headers.host}/${name}/${host}`
  const headers: Record<string, string> = {}
  for (const [header, value] of Object.entries(request.headers))
    if (value !== undefined) headers[header] = [value].flat().join(', ')
  const answered = simulator.handle(
    {
      method: request.method ?? 'GET',
      url: new URL(`https://${host}/${path.join('/')}${address.search}`),
      base,
      headers,
      body: new Uint8Array(Buffer.concat(chunks)),
    },
    world,
    clock,
    random,
  )
  if (answered.fate) {
    request.socket.destroy()
    return
  }
  response.writeHead(answered.status, answered.headers).end(answered.body)
}
