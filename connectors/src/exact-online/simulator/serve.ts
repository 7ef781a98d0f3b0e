import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import type { Fault, SimulatorAnswer, World } from '../../contract/simulator.ts'
import { byHand } from './by-hand.ts'
import { isSupportedFault } from './faults.ts'
import { simulateExactOnline } from './index.ts'
import { booksPage } from './page.ts'
import { callsOut } from './webhooks.ts'

// The simulator over HTTP, with its worlds in memory. `/<world>/<host>/…` names a world and a host; any other path
// belongs to the world `default` at start.exactonline.nl, so that a client that only knows a base address works too.
//   /<world>/_books    the books as a page, which takes acts by hand   (`/_books` for the default world)
//   /<world>/_faults   POST a list of faults as JSON

const clock = { now: () => new Date() }
const random = { next: Math.random }
const prefixed = /^\/([\w-]+)\/(start\.exactonline\.[a-z.]+)(\/.*|$)/
const special = /^(?:\/([\w-]+))?\/_(books|faults)$/

export interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}

export async function serveExactOnline(at: { port: number; language: 'nl' | 'en'; seed: number }): Promise<Served> {
  const worlds = new Map<string, World>()
  const worldNamed = (name: string) => {
    const known =
      worlds.get(name) ?? simulateExactOnline.create({ seed: at.seed, now: clock.now(), language: at.language })
    worlds.set(name, known)
    return known
  }
  const server = createServer((request, response) => {
    answer(request, response, worldNamed).catch((thrown: unknown) => {
      console.error(thrown)
      response.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(at.port, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, worldNamed: (name: string) => World) {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`
  const body = await bodyOf(request)
  const target = new URL(request.url ?? '/', origin)
  const found = special.exec(target.pathname)
  if (found) {
    const world = worldNamed(found[1] ?? 'default')
    const isAct = found[2] === 'books' && request.method === 'POST'
    if (isAct) answerByHand(response, world, body, origin)
    else answerSpecial(response, world, found[2] as string, body, origin)
    carryOut(world)
    return
  }

  const named = prefixed.exec(target.pathname)
  const host = named?.[2] ?? 'start.exactonline.nl'
  const base = named ? `${origin}/${named[1]}/${host}` : origin
  const url = new URL(`https://${host}${named?.[3] ?? target.pathname}${target.search}`)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const world = worldNamed(named?.[1] ?? 'default')
  const result = simulateExactOnline.handle(
    { method: request.method ?? 'GET', url, base, headers, body },
    world,
    clock,
    random,
  )
  world.changed.clear()
  carryOut(world)
  await send(response, result)
}

const loopback = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/

/** Carries the calls that the world makes, each when it is due; to this machine alone. */
function carryOut(world: World): void {
  const next = callsOut.nextAt(world)
  if (!next) return
  const later = setTimeout(
    async () => {
      for (const call of callsOut.due(world, clock.now())) {
        const asked = { method: 'POST', headers: call.headers, body: call.body, signal: AbortSignal.timeout(10_000) }
        const answer = loopback.test(call.url) ? await fetch(call.url, asked).catch(() => undefined) : undefined
        callsOut.answered(world, call.id, answer?.status ?? 'unreachable')
      }
    },
    Math.max(0, next.getTime() - clock.now().getTime()) + 5,
  )
  later.unref()
}

function answerByHand(response: ServerResponse, world: World, body: Uint8Array, origin: string): void {
  const said = byHand(new URLSearchParams(new TextDecoder().decode(body)), world, clock, random)
  world.changed.clear()
  if (said === undefined) response.writeHead(303, { location: './_books' }).end()
  else response.writeHead(409, { 'content-type': 'text/html; charset=utf-8' }).end(booksPage(world, origin, said))
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** A lost answer and an unreached request look the same from outside: the connection breaks. */
async function send(response: ServerResponse, { status, headers, body, fate, delayMs = 0 }: SimulatorAnswer) {
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
  if (fate) {
    response.destroy()
    return
  }
  response.writeHead(status, headers).end(body)
}

function answerSpecial(response: ServerResponse, world: World, name: string, body: Uint8Array, origin: string): void {
  if (name === 'books') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(booksPage(world, origin))
    return
  }
  const faults = JSON.parse(new TextDecoder().decode(body)) as Fault[]
  const unknown = faults.find(({ kind }) => !isSupportedFault(kind))
  if (unknown) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(`no such fault: ${unknown.kind}`)
    return
  }
  world.state.faults.splice(0, world.state.faults.length, ...faults)
  response.writeHead(204).end()
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      language: { type: 'string', default: 'nl' },
      seed: { type: 'string', default: '1' },
    },
  })
  const language = values.language === 'en' ? 'en' : 'nl'
  const served = await serveExactOnline({ port: Number(values.port), language, seed: Number(values.seed) })
  console.log(`Exact Online simulator at ${served.url}, books at ${served.url}/_books`)
}
