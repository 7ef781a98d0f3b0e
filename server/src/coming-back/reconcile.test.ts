import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { newReference } from '@uurwerk/core/shared/reference.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunningAtPackage } from '../jobs/running.ts'
import { type TestApp, testApp } from '../testing/app.ts'
import { type TestFirm, testFirm } from '../testing/firm.ts'
import { reconcile } from './reconcile.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

let firm: TestFirm
let connectionId: string
/** What the books hold, by their id. */
let books: Map<string, Receipt>
/** Ids of each call. */
let calls: (readonly string[])[]

const receiptOf = (id: string, gross = '121.00'): Receipt => ({
  id,
  gross,
  hash: gross,
  shows: { gross, date: '2026-03-31', journal: '70' },
})

beforeEach(async () => {
  firm = await testFirm(test.services)
  connectionId = test.services.ids.next()
  books = new Map()
  calls = []
  await firm.within((trx) =>
    trx
      .insertInto('connection')
      .values({
        firmId: firm.id,
        id: connectionId,
        package: 'ledgerly',
        purpose: 'sales',
        mode: 'live',
        country: 'NL',
        state: 'connected',
        createdAt: test.clock.now(),
        updatedAt: test.clock.now(),
      })
      .execute(),
  )
})

interface Wish {
  readonly kind?: string
  readonly state?: string
  readonly afterId?: string
  readonly bookIn?: string
}
async function posted(count: number, { kind = 'salesEntry', state = 'posted', afterId, bookIn }: Wish = {}) {
  const { ids, random } = test.services
  const now = test.clock.now()
  const rows = Array.from({ length: count }, () => {
    const id = ids.next()
    const receipt = receiptOf(`E-${id}`)
    if (kind === 'salesEntry') books.set(receipt.id, receipt)
    return {
      firmId: firm.id,
      id,
      connectionId,
      laneKey: 'ledgerly/1',
      kind,
      reference: newReference(random),
      subjectKind: 'invoice',
      subjectId: ids.next(),
      label: id.slice(-4),
      state,
      currency: 'EUR',
      gross: '121.00',
      theirGross: '121.00',
      theirId: state === 'posted' ? receipt.id : null,
      receipt: state === 'posted' ? JSON.stringify(receipt) : null,
      choices: JSON.stringify(bookIn ? { bookIn } : {}),
      afterId: afterId ?? null,
      createdAt: now,
      updatedAt: now,
      settledAt: state === 'posted' ? now : null,
    }
  })
  await firm.within((trx) => trx.insertInto('posting').values(rows).execute())
  return rows.map(({ id, theirId }) => ({ id, theirId: theirId as string }))
}

interface Run {
  readonly taskId?: string
  readonly scope?: 'open-periods' | 'all'
  /** Before a call is answered; throws what goes wrong. */
  readonly before?: (ids: readonly string[], call: number) => void
}
async function run({ taskId = test.services.ids.next(), scope = 'open-periods', before }: Run = {}) {
  test.clock.forward(1_000)
  const { services } = test
  const read = async (ids: readonly string[]) => {
    calls.push(ids)
    before?.(ids, calls.length)
    return new Map(ids.map((id) => [id, books.get(id) ?? ('gone' as const)]))
  }
  const openBooks = async () => ({
    books: { posts: { salesEntry: { read } } },
    connector: { manifest: { name: 'Ledgerly' } },
  })
  const running = {
    services: { ...services, connections: { ...services.connections, openBooks } },
    firmId: firm.id,
    taskId,
    params: { scope },
    createdBy: { memberId: null, name: 'Uurwerk' },
    connection: { id: connectionId },
    step: (work: Parameters<TestFirm['within']>[0]) => firm.within(work),
    progress: async () => {},
    throwIfStopped: () => {},
  }
  await reconcile(running as unknown as RunningAtPackage)
  return firm.within(async (trx) => {
    const row = await trx.selectFrom('reconciliation').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow()
    const { state, documents, unknown, differing, solved } = row
    return { state, documents, unknown, differing, solved }
  })
}
const differences = () =>
  firm.within(async (trx) => {
    const rows = await trx
      .selectFrom('booksDifference')
      .select(['kind', 'state', 'postingId'])
      .where('firmId', '=', firm.id)
      .orderBy('kind')
      .execute()
    return rows.map(({ kind, state }) => `${kind} ${state}`)
  })

describe('a comparison with the books', () => {
  it('goes on where it broke off, and asks for nothing twice', async () => {
    await posted(450)
    const taskId = test.services.ids.next()
    const dies = (_: readonly string[], call: number) => {
      if (call === 2) throw new Error('the process ended')
    }
    await expect(run({ taskId, before: dies })).rejects.toThrow('ended')
    expect(calls.map(({ length }) => length)).toEqual([200, 200])
    expect(await run({ taskId })).toEqual({ state: 'done', documents: 450, unknown: 0, differing: 0, solved: 0 })
    expect(calls.map(({ length }) => length)).toEqual([200, 200, 200, 50])
    expect(calls[2]).toEqual(calls[1])
  })

  it('leaves out documents of closed periods, unless they differed or everything is asked for', async () => {
    const [closed, open] = [await posted(2, { bookIn: '2026-01-31' }), await posted(1, { bookIn: '2026-03-31' })]
    const period = (id: string, from: string, until: string, closedIn: string[]) => ({
      firmId: firm.id,
      connectionId,
      noun: 'periods',
      theirId: id,
      code: id,
      name: id,
      data: JSON.stringify({ from, until, closedIn }),
      readAt: test.clock.now(),
    })
    await firm.within((trx) =>
      trx
        .insertInto('packageRow')
        .values([
          period('2026-01', '2026-01-01', '2026-01-31', ['70']),
          period('2026-03', '2026-03-01', '2026-03-31', ['80']),
        ])
        .execute(),
    )
    expect((await run()).documents).toBe(1)
    expect(calls).toEqual([open.map(({ theirId }) => theirId)])
    books.delete(closed[0]?.theirId as string)
    expect(await run({ scope: 'all' })).toMatchObject({ documents: 3, differing: 1 })
    books.set(closed[0]?.theirId as string, receiptOf(closed[0]?.theirId as string))
    expect(await run()).toMatchObject({ documents: 2, differing: 0, solved: 1 })
  })

  it('says of each document what it is, and a file that did not arrive beside whatever else differs', async () => {
    const [gone, dearer, same] = await posted(3)
    books.delete(gone?.theirId as string)
    books.set(dearer?.theirId as string, receiptOf(dearer?.theirId as string, '120.00'))
    for (const entry of [dearer, same]) {
      const [archived] = await posted(1, { kind: 'document', afterId: entry?.id as string })
      await posted(1, { kind: 'attachment', state: 'refused', afterId: archived?.id as string })
    }
    expect(await run()).toMatchObject({ documents: 3, differing: 4 })
    expect(await differences()).toEqual(['amounts open', 'deleted open', 'not-attached open', 'not-attached open'])
  })

  it('does not know what the package neither lists nor has deleted, and knows the others all the same', async () => {
    const entries = await posted(5)
    const hidden = entries.slice(0, 2).map(({ theirId }) => theirId)
    const before = (ids: readonly string[]) => {
      const missing = ids.filter((id) => hidden.includes(id))
      if (missing.length > 0)
        throw new ProblemError({
          kind: 'temporary',
          code: 'disappeared-unexplained',
          values: { ids: missing.join(', ') },
        })
    }
    expect(await run({ before })).toEqual({ state: 'done', documents: 3, unknown: 2, differing: 0, solved: 0 })
    expect(await differences()).toEqual([])
    expect(calls.map(({ length }) => length)).toEqual([5, 3])
  })

  it('waits when the package is out of reach, and changes nothing until then', async () => {
    const [entry] = await posted(1)
    books.delete(entry?.theirId as string)
    const away = () => {
      throw new ProblemError({ kind: 'temporary', code: 'package-unreachable' })
    }
    await expect(run({ before: away })).rejects.toMatchObject({ problem: { code: 'package-unreachable' } })
    expect(await differences()).toEqual([])
  })
})
