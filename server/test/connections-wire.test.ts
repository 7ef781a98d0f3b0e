import { createServer } from 'node:http'
import type { Call, Wire } from '@uurwerk/connectors/contract/contract.ts'
import { connectors, simulators } from '@uurwerk/connectors/registry.gen.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepAccess } from '../src/connections/keep-access.ts'
import type { Connections } from '../src/connections/service.ts'
import { createConnections } from '../src/connections/service.ts'
import { createLog } from '../src/log.ts'
import { openStore, type Store } from '../src/store/database.ts'
import { administration, type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'
import { freePort } from '../src/testing/program.ts'

let app: ConnectedApp
/** A second process: a store, tokens and budgets of its own, on the same database. */
let other: { readonly store: Store; readonly connections: Connections }
const lines: string[] = []

const processOn = (store: Store, origin = app.origin): Connections =>
  createConnections({
    ...app.services,
    store,
    connectors,
    simulators,
    log: createLog('debug', { write: (line) => void lines.push(line) }),
    sandboxOrigin: () => origin,
  })

beforeAll(async () => {
  app = await connectedApp()
  const store = await openStore({
    appUrl: app.database.appUrl,
    pools: { app: 8, jobs: 1, auth: 1 },
    log: app.services.log,
  })
  other = { store, connections: processOn(store) }
})
afterAll(async () => {
  await other.connections.close()
  await other.store.close()
  await app.close()
})

const journals: Call = {
  method: 'GET',
  path: `/api/v1/${administration}/financial/Journals?$select=Code`,
  headers: { accept: 'application/json' },
  endpoint: 'financial/Journals',
  safe: true,
}
const entry: Call = {
  method: 'POST',
  path: `/api/v1/${administration}/salesentry/SalesEntries`,
  headers: { accept: 'application/json', 'content-type': 'application/json' },
  body: '{"Journal":"70"}',
  endpoint: 'salesentry/SalesEntries',
  safe: false,
}

const wireOf = async (at: Office, id: string, connections = app.services.connections): Promise<Wire> =>
  (await connections.openBooks(at.firm.id, id, { settings: 'as-stored' })).wire

const problemOf = (work: Promise<unknown>): Promise<Problem> =>
  work.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: unknown) => {
      if (isProblem(error)) return error.problem
      throw error
    },
  )

interface Counted {
  readonly calls: Readonly<Record<string, number>>
  readonly breaches: Readonly<Record<string, number>>
}
const counted = (at: Office): Promise<Counted> =>
  app.changeWorld(at.firm.id, ({ state }) => ({ calls: { ...state.calls }, breaches: { ...state.breaches } }))

async function connected() {
  const at = await office(app)
  const id = await at.connect()
  // A minute of its own, so that no test inherits what another used.
  app.clock.forward(120_000)
  return { at, id }
}

describe('access', () => {
  it('is renewed once when two processes need it twenty times at once', async () => {
    const { at, id } = await connected()
    const before = await counted(at)
    app.clock.forward(573_000)
    const wires = [await wireOf(at, id), await wireOf(at, id, other.connections)]
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (wires[n % 2] as Wire).send(journals)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    const after = await counted(at)
    expect(after.calls['POST oauth2/token']).toBe((before.calls['POST oauth2/token'] ?? 0) + 1)
    expect(after.breaches).toEqual({})
  })

  it('is not renewed before the package allows it', async () => {
    const { at, id } = await connected()
    const wire = await wireOf(at, id)
    const before = await counted(at)
    app.clock.forward(571_000 - 120_000)
    expect((await wire.send(journals)).status).toBe(200)
    expect((await counted(at)).calls['POST oauth2/token']).toBe(before.calls['POST oauth2/token'])
    app.clock.forward(1_500)
    expect((await wire.send(journals)).status).toBe(200)
    expect((await counted(at)).calls['POST oauth2/token']).toBe((before.calls['POST oauth2/token'] ?? 0) + 1)
    expect((await counted(at)).breaches).toEqual({})
  })

  it('is stored before it is used: another process goes on with what this one fetched', async () => {
    const { at, id } = await connected()
    app.clock.forward(600_000)
    const grantOf = async () =>
      (
        await app.database.asOwner<{ tokens_sealed: string }>(
          'select tokens_sealed from access_grant where firm_id = $1',
          [at.firm.id],
        )
      )[0]
    const before = await grantOf()
    // The call itself never arrives; the tokens fetched for it are there all the same.
    await app.fault(at.firm.id, { kind: 'loseRequestBefore', on: 'GET financial/Journals', times: 1 })
    expect(await problemOf((await wireOf(at, id)).send(journals))).toMatchObject({
      kind: 'temporary',
      code: 'no-answer',
    })
    expect(await grantOf()).not.toEqual(before)
    expect((await (await wireOf(at, id, other.connections)).send(journals)).status).toBe(200)
    expect((await counted(at)).breaches).toEqual({})
  })

  it('is asked for once more with the same token when the package was silent', async () => {
    const { at, id } = await connected()
    app.clock.forward(600_000)
    const before = await counted(at)
    await app.fault(at.firm.id, { kind: 'loseRequestBefore', on: 'POST oauth2/token', times: 1 })
    expect((await (await wireOf(at, id)).send(journals)).status).toBe(200)
    expect((await counted(at)).calls['POST oauth2/token']).toBe((before.calls['POST oauth2/token'] ?? 0) + 2)
  })

  it('waits for a person when it was rotated and the answer was lost; what is queued stays', async () => {
    const { at, id } = await connected()
    await queuePosting(at, id)
    app.clock.forward(600_000)
    await app.fault(at.firm.id, { kind: 'dropTokenAnswer', on: 'POST oauth2/token', times: 1 })
    expect(await problemOf((await wireOf(at, id)).send(journals))).toMatchObject({
      kind: 'reconnect',
      code: 'refresh-token-old',
    })
    const lost = (await at.ask<Record<string, unknown>>(`/connections/${id}`)).body
    expect(lost).toMatchObject({ state: 'reconnect', problem: { code: 'refresh-token-old' } })
    // Nobody asks the package again, not another process either.
    const calls = (await counted(at)).calls['POST oauth2/token']
    expect(await problemOf(wireOf(at, id, other.connections))).toMatchObject({ kind: 'reconnect' })
    expect((await counted(at)).calls['POST oauth2/token']).toBe(calls)
    const queued = () =>
      app.database.asOwner<{ state: string }>('select state from posting where firm_id = $1', [at.firm.id])
    expect(await queued()).toEqual([{ state: 'waiting' }])

    const { body } = await at.ask<{ signInAt: string }>(`/connections/${id}/reconnection`, { method: 'POST' })
    expect((await at.comeBack(await at.consent(body.signInAt))).search).toBe('')
    expect((await at.ask(`/connections/${id}`)).body).toMatchObject({
      state: 'connected',
      problem: null,
      administration: { id: administration },
    })
    expect((await (await wireOf(at, id)).send(journals)).status).toBe(200)
    expect(await queued()).toEqual([{ state: 'waiting' }])
  })

  it('resumes what was blocked, once somebody signed in again', async () => {
    const { at, id } = await connected()
    await queuePosting(at, id, 'blocked')
    await at.firm.within((trx) =>
      app.services.connections.loseAccess({ trx, firmId: at.firm.id }, id, {
        kind: 'reconnect',
        code: 'access-withdrawn',
      }),
    )
    const { body } = await at.ask<{ signInAt: string }>(`/connections/${id}/reconnection`, { method: 'POST' })
    await at.comeBack(await at.consent(body.signInAt))
    const [posting] = await app.database.asOwner<{ state: string; lane_key: string }>(
      'select state, lane_key from posting where firm_id = $1',
      [at.firm.id],
    )
    expect(posting?.state).toBe('waiting')
    expect(app.woken).toContain(posting?.lane_key)
  })

  it('is kept alive when a connection lies idle, but not in the hours in which answers get lost', async () => {
    const { at, id } = await connected()
    const calls = async () => (await counted(at)).calls['POST oauth2/token'] ?? 0
    const before = await calls()
    await keepAccess(app.services)
    expect(await calls()).toBe(before)
    app.clock.set('2026-04-20T23:30:00Z') // 01:30 in Amsterdam
    await keepAccess(app.services)
    expect(await calls()).toBe(before)
    app.clock.set('2026-04-21T01:00:00Z')
    await keepAccess(app.services)
    expect(await calls()).toBe(before + 1)
    app.clock.set('2026-05-15T09:00:00Z')
    expect((await (await wireOf(at, id)).send(journals)).status).toBe(200)
  })

  it('is kept alive for the other firms when something breaks at one of them', async () => {
    const [first, second] = [await connected(), await connected()]
    const [broken, well] = first.at.firm.id < second.at.firm.id ? [first, second] : [second, first]
    const renewals = async () => (await counted(well.at)).calls['POST oauth2/token'] ?? 0
    const before = await renewals()
    app.clock.forward(10 * 86_400_000)
    const { connections } = app.services
    await keepAccess({
      ...app.services,
      connections: {
        ...connections,
        keepAlive: async (connection) => {
          if (connection.id === broken.id) throw new TypeError('a mistake of ours')
          return connections.keepAlive(connection)
        },
      },
    })
    expect(await renewals()).toBe(before + 1)
  })
})

describe('a call', () => {
  it('that never left is temporary, and one that was not answered is uncertain unless it only reads', async () => {
    const { at, id } = await connected()
    const closed = processOn(app.services.store, `http://127.0.0.1:${await freePort()}`)
    expect(await problemOf((await wireOf(at, id, closed)).send(entry))).toMatchObject({
      kind: 'temporary',
      code: 'package-unreachable',
    })
    await closed.close()
    const wire = await wireOf(at, id)
    await app.fault(at.firm.id, { kind: 'loseAnswerAfter', on: 'POST salesentry/SalesEntries', times: 1 })
    expect(await problemOf(wire.send(entry))).toMatchObject({ kind: 'uncertain', code: 'answer-lost' })
    await app.fault(at.firm.id, { kind: 'loseAnswerAfter', on: 'GET financial/Journals', times: 1 })
    expect(await problemOf(wire.send(journals))).toMatchObject({ kind: 'temporary', code: 'no-answer' })
  })

  it('ends after its time', async () => {
    const { at, id } = await connected()
    await app.fault(at.firm.id, { kind: 'slow', on: 'GET financial/Journals', times: 1, value: 1_500 })
    const started = performance.now()
    expect(await problemOf((await wireOf(at, id)).send({ ...journals, timeoutMs: 600 }))).toMatchObject({
      code: 'no-answer',
    })
    expect(performance.now() - started).toBeLessThan(1_400)
  })

  it('carries its token to the package’s own host and nowhere else', async () => {
    const { at, id } = await connected()
    const heard: string[] = []
    const stranger = createServer((request, response) => {
      heard.push(String(request.headers.authorization))
      response.end()
    })
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
    const address = stranger.address() as { port: number }
    const wire = await wireOf(at, id)
    for (const path of [
      `http://127.0.0.1:${address.port}/steal`,
      `${app.origin}/health/live`,
      '/../../../../health/live',
      `${app.origin}@127.0.0.1:${address.port}/`,
    ])
      expect(await problemOf(wire.send({ ...journals, path })), path).toMatchObject({
        kind: 'defect',
        code: 'address-foreign',
      })
    await new Promise((resolve) => stranger.close(resolve))
    expect(heard).toEqual([])
  })

  it('may be held back just before it leaves', async () => {
    const { at, id } = await connected()
    const before = await counted(at)
    const guarded = await app.services.connections.openBooks(at.firm.id, id, {
      settings: 'as-stored',
      guard: async () => {
        throw new Error('the lane is another’s')
      },
    })
    await expect(guarded.wire.send(entry)).rejects.toThrow('the lane is another’s')
    expect((await counted(at)).calls['POST salesentry/SalesEntries']).toBe(before.calls['POST salesentry/SalesEntries'])
    expect((await guarded.wire.send(journals)).status).toBe(200)
  })

  it('leaves no secret in the log', async () => {
    const { at, id } = await connected()
    app.clock.forward(600_000)
    lines.length = 0
    await (await wireOf(at, id, other.connections)).send({
      ...journals,
      path: `${journals.path}&$filter=Code eq 'secret-filter'`,
    })
    const logged = lines.join('\n')
    expect(logged).toContain('/api/v1/1234567/financial/Journals')
    expect(logged).toContain('/api/oauth2/token')
    const world = await app.changeWorld(at.firm.id, ({ tables }) => JSON.stringify(tables.Grants))
    const secrets = [...world.matchAll(/"(?:token|refresh)":"([^"]{20,})"/g)].map(([, token]) => token as string)
    expect(secrets.length).toBeGreaterThan(1)
    for (const secret of [...secrets, 'secret-filter', 'client_secret', '/sandbox/'])
      expect(logged).not.toContain(secret)
  })
})

describe('limits', () => {
  it('are shared by all processes: we stop before the package does, and say when there is room again', async () => {
    const { at, id } = await connected()
    app.clock.set(`2026-06-01T10:00:00Z`)
    const wires = [await wireOf(at, id), await wireOf(at, id, other.connections)]
    const before = (await counted(at)).calls['GET financial/Journals'] ?? 0
    const outcomes = await Promise.all(
      Array.from({ length: 70 }, (_, n) =>
        (wires[n % 2] as Wire).send(journals).then(
          ({ status }) => status,
          (error) => error.problem,
        ),
      ),
    )
    const refused = outcomes.filter((outcome): outcome is Problem => typeof outcome === 'object')
    expect(outcomes.filter((outcome) => outcome === 200)).toHaveLength(55)
    expect(refused[0]).toMatchObject({
      kind: 'temporary',
      code: 'limit-reached',
      notBefore: '2026-06-01T10:01:01.000Z',
    })
    const after = await counted(at)
    expect((after.calls['GET financial/Journals'] ?? 0) - before).toBe(55)
    expect(after.breaches).toEqual({})
    app.clock.set('2026-06-01T10:01:01Z')
    expect((await (wires[1] as Wire).send(journals)).status).toBe(200)
  })

  it('leave a reserve for postings when an import reads', async () => {
    const { at, id } = await connected()
    app.clock.set('2026-06-02T10:00:00Z')
    const wire = await wireOf(at, id)
    const reading: Call = { ...journals, priority: 'import' }
    for (let n = 0; n < 50; n++) expect((await wire.send(reading)).status).toBe(200)
    expect(await problemOf(wire.send(reading))).toMatchObject({ code: 'limit-kept-for-postings' })
    expect((await wire.send(journals)).status).toBe(200)
  })

  it('count what other programs used, as the package tells it', async () => {
    const { at, id } = await connected()
    app.clock.set('2026-06-03T10:00:00Z')
    const wire = await wireOf(at, id)
    expect((await wire.send(journals)).status).toBe(200)
    await app.changeWorld(at.firm.id, ({ state }) => {
      for (const window of Object.values(state.limits as Record<string, { inMinute: number }>)) window.inMinute = 56
    })
    expect((await wire.send(journals)).status).toBe(200)
    expect(await problemOf(wire.send(journals))).toMatchObject({ code: 'limit-reached' })
    expect((await counted(at)).breaches).toEqual({})
  })

  it('end with ourselves before the package closes an endpoint for its errors', async () => {
    const { at, id } = await connected()
    app.clock.set('2026-06-04T10:00:00Z')
    const wire = await wireOf(at, id)
    const wrong: Call = { ...journals, path: `/api/v1/${administration}/financial/Journals?$select=Nonsense` }
    for (let n = 0; n < 9; n++) {
      expect((await wire.send(wrong)).status).toBe(400)
      app.clock.forward(60_000)
    }
    const blocked = await problemOf(wire.send(journals))
    expect(blocked).toMatchObject({
      kind: 'temporary',
      code: 'error-budget-spent',
      notBefore: '2026-06-04T11:08:00.000Z',
    })
    // Another endpoint has a budget of its own.
    const me: Call = { ...journals, path: '/api/v1/current/Me?$select=UserID', endpoint: 'current/Me' }
    expect((await wire.send(me)).status).toBe(200)
    expect((await counted(at)).breaches).toEqual({})
    app.clock.set('2026-06-04T11:08:01Z')
    expect((await wire.send(journals)).status).toBe(200)
  })
})

describe('the sandbox', () => {
  it('keeps a world whole while two processes change it at once', async () => {
    const { at } = await connected()
    const world = await app.services.store.withFirm(at.firm.id, (trx) =>
      app.services.connections.sandbox.find({ trx, firmId: at.firm.id }, 'exact-online'),
    )
    const sandboxes = [app.services.connections.sandbox, other.connections.sandbox]
    const count = (state: { calls: Record<string, number> }) => {
      state.calls.mine = (state.calls.mine ?? 0) + 1
    }
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => sandboxes[n % 2]?.change(world as string, ({ state }) => count(state))),
    )
    expect((await counted(at)).calls.mine).toBe(40)
    // What failed left nothing behind, in memory neither.
    await expect(
      sandboxes[0]?.change(world as string, ({ state }) => {
        count(state)
        throw new Error('half done')
      }),
    ).rejects.toThrow('half done')
    expect((await counted(at)).calls.mine).toBe(40)
  })

  it('has no world that is guessed', async () => {
    expect(
      (await fetch(`${app.origin}/sandbox/guess/exact-online/start.exactonline.nl/api/v1/current/Me`)).status,
    ).toBe(404)
  })
})

async function queuePosting(at: Office, connectionId: string, state: 'waiting' | 'blocked' = 'waiting'): Promise<void> {
  const { ids, clock } = app.services
  await at.firm.within(async (trx) => {
    const { laneKey } = await trx
      .selectFrom('connection')
      .select('laneKey')
      .where('firmId', '=', at.firm.id)
      .where('id', '=', connectionId)
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('posting')
      .values({
        firmId: at.firm.id,
        id: ids.next(),
        connectionId,
        laneKey: laneKey as string,
        kind: 'salesEntry',
        reference: 'UWTEST000001',
        subjectKind: 'invoice',
        subjectId: ids.next(),
        label: '2026-001',
        state,
        ...(state === 'blocked'
          ? { problem: JSON.stringify({ kind: 'reconnect', code: 'access-withdrawn' }) }
          : { dueAt: clock.now() }),
        createdAt: clock.now(),
        updatedAt: clock.now(),
      })
      .execute()
  })
}
