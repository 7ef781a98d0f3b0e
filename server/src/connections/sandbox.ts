import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type Right, type Role, rightsOf } from '@uurwerk/api/rights.ts'
import type { Simulator, World } from '@uurwerk/connectors/contract/simulator.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { InFirm, Parts } from './connection.ts'
import { createSandboxCalls, type SandboxCalls } from './sandbox-calls.ts'

/** The simulators' books, kept in the schema `sandbox`: one world per firm and package. */
export interface Sandbox {
  /** Makes the firm's world when there is none yet; gives its id, which nobody can guess. */
  ensure(
    firm: InFirm,
    about: { readonly package: string; readonly language: 'nl' | 'en'; readonly country: string },
  ): Promise<string>
  find(firm: InFirm, packageId: string): Promise<string | null>
  /** Carries something out in a world, alone and whole: what it changed is stored, or nothing is. Undefined when there is no such world. */
  change<Result>(worldId: string, act: (world: World, simulator: Simulator) => Result): Promise<Result | undefined>
  read(
    worldId: string,
  ): Promise<{ readonly firmId: string; readonly package: string; readonly world: World } | undefined>
}

interface Kept {
  readonly version: string
  readonly world: World
}

const mostKept = 50

export function createSandbox(parts: Pick<Parts, 'store' | 'clock' | 'random' | 'simulators'>): Sandbox {
  const { store } = parts
  /** Worlds as they are stored at that version, so that one that nobody changed is not read again. */
  const kept = new Map<string, Kept>()

  const keep = (id: string, one: Kept) => {
    kept.delete(id)
    kept.set(id, one)
    const oldest = kept.keys().next().value
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
  }

  async function load(trx: Trx, row: { id: string; version: string; state: unknown }): Promise<World> {
    const known = kept.get(row.id)
    if (known?.version === row.version) return known.world
    return { state: row.state as World['state'], tables: await readTables(trx, row.id), changed: new Set() }
  }

  return {
    async ensure({ trx, firmId }, { package: packageId, language, country }) {
      const simulator = parts.simulators.get(packageId)
      if (!simulator) throw new ProblemError({ kind: 'setup', code: 'sandbox-missing', values: { package: packageId } })
      const now = parts.clock.now()
      const seed = Math.floor(parts.random.next() * 2 ** 31)
      const world = simulator.create({ seed, now, language, country })
      const id = randomBytes(24).toString('base64url')
      const made = await sql<{ id: string }>`
        insert into sandbox.world (id, firm_id, package, state, created_at)
        values (${id}, ${firmId}, ${packageId}, ${JSON.stringify(world.state)}::jsonb, ${now})
        on conflict (firm_id, package) do nothing returning id`.execute(trx)
      if (made.rows.length > 0) {
        for (const table of Object.keys(world.tables))
          for (const key of Object.keys(world.tables[table] ?? {})) world.changed.add(`${table}/${key}`)
        await writeRows(trx, id, world)
        return id
      }
      const found = await worldOf(trx, firmId, packageId)
      assert(found, 'a firm has one world per package')
      return found
    },

    find: ({ trx, firmId }, packageId) => worldOf(trx, firmId, packageId),

    async change(worldId, act) {
      let next: Kept | undefined
      try {
        return await store.withDirectory(async (trx) => {
          const { rows } = await sql<{ id: string; package: string; version: string; state: unknown }>`
            select id, package, version, state from sandbox.world where id = ${worldId} for update`.execute(trx)
          const row = rows[0]
          const simulator = row && parts.simulators.get(row.package)
          if (!row || !simulator) return undefined
          const world = await load(trx, row)
          // From here on the kept world is ahead of the stored one, until the commit.
          kept.delete(worldId)
          const result = act(world, simulator)
          await writeRows(trx, worldId, world)
          const version = String(BigInt(row.version) + 1n)
          await sql`
            update sandbox.world set version = ${version}, state = ${JSON.stringify(world.state)}::jsonb
            where id = ${worldId}`.execute(trx)
          next = { version, world }
          return result
        })
      } catch (error) {
        next = undefined
        throw error
      } finally {
        if (next) keep(worldId, next)
      }
    },

    read: (worldId) =>
      store.withDirectory(
        async (trx) => {
          const { rows } = await sql<{ firmId: string; package: string; state: unknown }>`
            select firm_id as "firmId", package, state from sandbox.world where id = ${worldId}`.execute(trx)
          const row = rows[0]
          if (!row) return undefined
          const world: World = {
            state: row.state as World['state'],
            tables: await readTables(trx, worldId),
            changed: new Set(),
          }
          return { firmId: row.firmId, package: row.package, world }
        },
        { readOnly: true, isolation: 'repeatable read' },
      ),
  }
}

async function worldOf(trx: Trx, firmId: string, packageId: string): Promise<string | null> {
  const row = await trx
    .selectFrom('sandbox.world')
    .select('id')
    .where('firmId', '=', firmId)
    .where('package', '=', packageId)
    .executeTakeFirst()
  return row?.id ?? null
}

async function readTables(trx: Trx, worldId: string): Promise<World['tables']> {
  const { rows } = await sql<{ tableName: string; key: string; data: World['tables'][string][string] }>`
    select table_name as "tableName", key, data from sandbox.row where world_id = ${worldId}
    order by table_name, key`.execute(trx)
  const tables: World['tables'] = {}
  for (const { tableName, key, data } of rows) {
    const table = tables[tableName] ?? {}
    table[key] = data
    tables[tableName] = table
  }
  return tables
}

/** Only what the world says has changed. */
async function writeRows(trx: Trx, worldId: string, world: World): Promise<void> {
  const names = [...world.changed].map((name) => {
    const slash = name.indexOf('/')
    return { table: name.slice(0, slash), key: name.slice(slash + 1) }
  })
  world.changed.clear()
  const put = names.flatMap(({ table, key }) => {
    const data = world.tables[table]?.[key]
    return data ? [{ table, key, data }] : []
  })
  const gone = names.filter(({ table, key }) => !world.tables[table]?.[key])
  if (put.length > 0)
    await sql`
      insert into sandbox.row (world_id, table_name, key, data)
      select ${worldId}, r."table", r.key, r.data
      from jsonb_to_recordset(${JSON.stringify(put)}::jsonb) as r("table" text, key text, data jsonb)
      on conflict (world_id, table_name, key) do update set data = excluded.data`.execute(trx)
  if (gone.length > 0)
    await sql`
      delete from sandbox.row as w using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) as r("table" text, key text)
      where w.world_id = ${worldId} and w.table_name = r."table" and w.key = r.key`.execute(trx)
}

const prefix = '/sandbox'

/** The simulators over HTTP: hosts are path prefixes, so that real requests reach real paths. */
export function registerSandbox(app: FastifyInstance, services: Services): SandboxCalls | undefined {
  if (!services.settings.sandbox) return undefined
  const { connections } = services
  const calls = createSandboxCalls(services, connections.sandbox, connections.parts.sandboxOrigin)
  app.addHook('onClose', async () => calls.stop())

  app.register(async (scope) => {
    // A simulator reads its own bytes, whatever they claim to be.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    scope.get(`${prefix}/:world/:package/books`, (request, reply) => showBooks(request, reply, services))
    scope.post(`${prefix}/:world/:package/books`, (request, reply) => actByHand(request, reply, services, calls))
    for (const path of [`${prefix}/:world/:package/:host`, `${prefix}/:world/:package/:host/*`])
      scope.all(path, (request, reply) => simulate(request, reply, services, connections.sandbox, calls))
  })
  return calls
}

type Params = { readonly world: string; readonly package: string; readonly host: string }

async function simulate(
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, random, settings }: Services,
  sandbox: Sandbox,
  calls: SandboxCalls,
) {
  const { world: worldId, package: packageId, host } = request.params as Params
  const mine = `${prefix}/${worldId}/${packageId}/${host}`
  // As it came: a code or a cursor in it must be decoded exactly once, by the package.
  const rest = (request.raw.url ?? '').slice(mine.length) || '/'
  if (!URL.canParse(`https://${host}${rest}`)) return reply.status(404).send()
  const done = await sandbox.change(worldId, (world, simulator) =>
    simulator.id === packageId
      ? {
          answer: simulator.handle(
            {
              method: request.method,
              url: new URL(`https://${host}${rest}`),
              base: settings.publicUrl + mine,
              headers: plainHeaders(request),
              body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
            },
            world,
            clock,
            random,
          ),
          callAt: simulator.callsOut?.nextAt(world),
        }
      : undefined,
  )
  if (!done) return reply.status(404).send()
  const { answer, callAt } = done
  calls.lookAfter(worldId, callAt)
  if (answer.delayMs) await wait(answer.delayMs)
  if (answer.fate) {
    reply.hijack()
    request.raw.socket.destroy()
    return reply
  }
  reply.status(answer.status).headers(answer.headers).header('content-security-policy', pagePolicy(settings.publicUrl))
  return reply.send(typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body))
}

/** Pages of a simulator carry their style with them, and a form of theirs ends at our own address. */
const pagePolicy = (publicUrl: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${publicUrl}; base-uri 'none'; frame-ancestors 'none'`

const plainHeaders = (request: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

/** For members of the firm with that right; to anybody else there is no such page. */
async function booksFor(request: FastifyRequest, services: Services, right: Right) {
  const { people, store, connections } = services
  const { world: worldId, package: packageId } = request.params as Params
  const user = await people.userOf(request.headers.cookie)
  const found = user ? await connections.sandbox.read(worldId) : undefined
  const simulator = found && connections.simulators.get(packageId)
  if (!user || !found || !simulator?.booksPage || found.package !== packageId) return undefined
  const member = await store.withFirm(
    found.firmId,
    (trx) =>
      trx
        .selectFrom('member')
        .select('roles')
        .where('firmId', '=', found.firmId)
        .where('userId', '=', user.userId)
        .where('archivedAt', 'is', null)
        .executeTakeFirst(),
    { readOnly: true },
  )
  return member && rightsOf(member.roles as Role[]).has(right) ? { worldId, world: found.world, simulator } : undefined
}

const booksReply = (reply: FastifyReply, { publicUrl }: Services['settings'], page: string) =>
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', pagePolicy(publicUrl))
    .send(page)

async function showBooks(request: FastifyRequest, reply: FastifyReply, services: Services) {
  const found = await booksFor(request, services, 'connections:read')
  if (!found?.simulator.booksPage) return reply.status(404).send()
  const page = found.simulator.booksPage(found.world, `${services.settings.publicUrl}${prefix}/${found.worldId}`)
  return booksReply(reply, services.settings, page)
}

/** What a bookkeeper does there by hand; only a form of that page itself is taken. */
async function actByHand(request: FastifyRequest, reply: FastifyReply, services: Services, calls: SandboxCalls) {
  const { clock, random, settings, connections } = services
  const found = await booksFor(request, services, 'connections:write')
  if (!found?.simulator.byHand) return reply.status(404).send()
  if (request.headers.origin !== settings.publicUrl) return reply.status(403).send()
  const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '')
  const { worldId } = found
  const done = await connections.sandbox.change(worldId, (world, simulator) => {
    const said = simulator.byHand?.(form, world, clock, random)
    return {
      page: simulator.booksPage?.(world, `${settings.publicUrl}${prefix}/${worldId}`, said) ?? '',
      callAt: simulator.callsOut?.nextAt(world),
    }
  })
  if (!done) return reply.status(404).send()
  calls.lookAfter(worldId, done.callAt)
  return booksReply(reply, settings, done.page)
}
