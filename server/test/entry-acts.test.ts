import type { Role } from '@uurwerk/api/rights.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { ApprovalFlow, EntryState } from '@uurwerk/core/time/approval.ts'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { ActName } from '../src/entries/act-on-entries.ts'
import { runTask } from '../src/jobs/tasks.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

interface Acts {
  readonly id: string
  readonly state: string
  readonly total: number
  readonly done: number
  readonly report: Readonly<Record<string, number>> | null
  readonly leftOut: readonly {
    readonly id: string
    readonly label: string
    readonly problem: { readonly code: string }
  }[]
}

const ask = async <Body>(
  firm: TestFirm,
  as: Role,
  [method, url]: readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string],
  body?: unknown,
  headers: Record<string, string> = {},
) => {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { ...firm.as(as), 'accept-language': 'en', ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : null) as Body, text: answer.body }
}

const acts = async (
  firm: TestFirm,
  as: Role,
  act: ActName,
  selection: unknown,
  more: { reason?: string; kind?: 'hours' | 'expense' | 'trip' } = {},
): Promise<Acts> => {
  const { status, body, text } = await ask<Acts>(firm, as, ['POST', '/entries/acts'], {
    kind: 'hours',
    act,
    selection,
    ...more,
  })
  expect(status, text).toBe(202)
  return body
}

/** What came of one entry: `done`, or the code of the problem. */
const actOne = async (firm: TestFirm, as: Role, act: ActName, id: string, why?: string) => {
  const reason = why ?? (act === 'reject' || act === 'write-off' ? 'want zo is het' : undefined)
  const { report, leftOut } = await acts(firm, as, act, { ids: [id] }, reason ? { reason } : {})
  return report?.updated === 1 ? 'done' : leftOut[0]?.problem.code
}

const firmWith = async (approval: ApprovalFlow, change: Record<string, unknown> = {}) => {
  const firm = await testFirm(test.services)
  await firm.within((trx) =>
    trx
      .updateTable('firm')
      .set({ approval, ...change })
      .where('firmId', '=', firm.id)
      .execute(),
  )
  return firm
}

const manages = (firm: TestFirm, role: Role = 'manager') =>
  firm.within((trx) =>
    trx
      .insertInto('projectMember')
      .values([
        { firmId: firm.id, projectId: firm.projectId, memberId: firm.members[role], manager: true },
        { firmId: firm.id, projectId: firm.projectId, memberId: firm.members.employee },
      ])
      .execute(),
  )

const rowOf = (firm: TestFirm, id: string) =>
  firm.within((trx) => trx.selectFrom('hourEntry').selectAll().where('id', '=', id).executeTakeFirstOrThrow())

const historyOf = (firm: TestFirm, id: string) =>
  firm.within((trx) =>
    trx
      .selectFrom('history')
      .select(['act', 'actorName', 'why', 'before', 'after'])
      .where('subjectId', '=', id)
      .orderBy('id')
      .execute(),
  )

describe('the road of an entry', () => {
  it('is submitted, rejected with a reason, changed, submitted again and approved, and all of it is kept', async () => {
    const firm = await firmWith('internal')
    await manages(firm)
    const id = await firm.addHours()
    expect(await actOne(firm, 'employee', 'submit', id)).toBe('done')
    expect(await rowOf(firm, id)).toMatchObject({ approval: 'submitted', submittedAt: test.clock.now(), version: 2 })
    expect(await actOne(firm, 'manager', 'reject', id, '  Was dit niet intern?  ')).toBe('done')
    expect(await rowOf(firm, id)).toMatchObject({ approval: 'rejected', rejectedReason: 'Was dit niet intern?' })
    const changed = await ask(firm, 'employee', ['PATCH', `/hours/${id}`], { minutes: 45 }, { 'if-match': '"3"' })
    expect(changed.status, changed.text).toBe(200)
    expect(await rowOf(firm, id)).toMatchObject({ approval: 'open', rejectedReason: null })
    expect(await actOne(firm, 'employee', 'submit', id)).toBe('done')
    expect(await actOne(firm, 'manager', 'approve', id)).toBe('done')
    const locked = await ask<{ code: string }>(
      firm,
      'employee',
      ['PATCH', `/hours/${id}`],
      { minutes: 30 },
      { 'if-match': '"6"' },
    )
    expect(locked).toMatchObject({ status: 409, body: { code: 'hours-approved' } })
    expect((await historyOf(firm, id)).map(({ act, actorName, why }) => [act, actorName, why])).toEqual([
      ['submitted', 'employee (test)', null],
      ['rejected', 'manager (test)', 'Was dit niet intern?'],
      ['changed', 'employee (test)', null],
      ['submitted', 'employee (test)', null],
      ['approved', 'manager (test)', null],
    ])
  })

  it('is the same for expenses and trips', async () => {
    const firm = await firmWith('internal')
    await manages(firm)
    const base = { firmId: firm.id, memberId: firm.members.employee, projectId: firm.projectId, date: '2026-03-02' }
    const times = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
    const [category, expense, trip] = [test.services.ids.next(), test.services.ids.next(), test.services.ids.next()]
    await firm.within(async (trx) => {
      await trx
        .insertInto('expenseCategory')
        .values({ firmId: firm.id, id: category, name: 'Lunch', ...times })
        .execute()
      await trx
        .insertInto('expense')
        .values({
          ...base,
          ...times,
          id: expense,
          categoryId: category,
          currency: 'EUR',
          gross: '12.10',
          rechargeNet: '10.00',
          billable: true,
          reimbursable: true,
        })
        .execute()
      await trx
        .insertInto('trip')
        .values({
          ...base,
          ...times,
          id: trip,
          fromPlace: 'Utrecht',
          toPlace: 'Zwolle',
          distanceKm: '92.0',
          kind: 'business',
          billable: true,
          reimbursable: true,
        })
        .execute()
    })
    for (const [kind, id, about] of [
      ['expense', expense, 'Lunch'],
      ['trip', trip, 'Utrecht – Zwolle'],
    ] as const) {
      expect((await acts(firm, 'employee', 'submit', { ids: [id] }, { kind })).report).toEqual({ updated: 1 })
      expect((await acts(firm, 'manager', 'approve', { filter: {} }, { kind })).report).toEqual({ updated: 1 })
      const again = await acts(firm, 'manager', 'approve', { ids: [id] }, { kind })
      expect(again.leftOut).toMatchObject([
        { label: `2 Mar 2026, employee, ${about}`, problem: { code: 'already-approved' } },
      ])
      expect((await historyOf(firm, id)).map(({ act }) => act)).toEqual(['submitted', 'approved'])
    }
  })

  it('loses the approvals it has when it is changed while the customer is still to be asked', async () => {
    const firm = await firmWith('internal-external')
    const id = await firm.addHours()
    expect(await actOne(firm, 'employee', 'submit', id)).toBe('done')
    expect(await actOne(firm, 'finance', 'approve', id)).toBe('done')
    expect(await rowOf(firm, id)).toMatchObject({ approval: 'submitted', internalApproved: true })
    const changed = await ask(firm, 'employee', ['PATCH', `/hours/${id}`], { minutes: 45 }, { 'if-match': '"3"' })
    expect(changed.status, changed.text).toBe(200)
    expect(await rowOf(firm, id)).toMatchObject({ approval: 'submitted', internalApproved: false })
  })

  it('of a firm in which the customer approves leads past a manager only where the customer is not asked', async () => {
    const firm = await firmWith('external')
    const quiet = await firm.addProject({ name: 'Stil', customerApproves: false })
    const internal = await firm.addProject({ name: 'Intern', customerId: null, invoicingMethod: 'none' })
    for (const [projectId, expected] of [
      [firm.projectId, 'approver-not-asked'],
      [quiet, 'done'],
      [internal, 'done'],
    ] as const) {
      const id = await firm.addHours({ projectId })
      expect(await actOne(firm, 'employee', 'submit', id)).toBe('done')
      expect(await actOne(firm, 'finance', 'approve', id)).toBe(expected)
    }
  })
})

describe('who may', () => {
  const roles = ['employee', 'manager', 'finance', 'payroll', 'administrator'] as const
  it.each<[ActName, Record<(typeof roles)[number], string>, Partial<EntryState>]>([
    [
      'submit',
      { employee: 'done', manager: 'no-right', finance: 'done', payroll: 'not-found', administrator: 'done' },
      {},
    ],
    [
      'withdraw',
      { employee: 'done', manager: 'no-right', finance: 'done', payroll: 'not-found', administrator: 'done' },
      { approval: 'submitted' },
    ],
    [
      'approve',
      { employee: 'no-right', manager: 'done', finance: 'done', payroll: 'not-found', administrator: 'done' },
      { approval: 'submitted' },
    ],
    [
      'reject',
      { employee: 'no-right', manager: 'done', finance: 'done', payroll: 'not-found', administrator: 'done' },
      { approval: 'submitted' },
    ],
    [
      'reopen',
      { employee: 'no-right', manager: 'done', finance: 'done', payroll: 'not-found', administrator: 'done' },
      { approval: 'approved', internalApproved: true },
    ],
    [
      'write-off',
      { employee: 'no-right', manager: 'no-right', finance: 'done', payroll: 'not-found', administrator: 'done' },
      {},
    ],
  ])('%s, of hours of the employee', async (act, expected, state) => {
    const firm = await firmWith('internal')
    await manages(firm)
    for (const role of roles) {
      const id = await firm.addHours(state as Record<string, never>)
      expect(`${role}: ${await actOne(firm, role, act, id)}`).toBe(`${role}: ${expected[role]}`)
    }
  })

  it('a manager decides on the projects he manages alone, and sees no others', async () => {
    const firm = await firmWith('internal')
    await manages(firm)
    const other = await firm.addProject({ name: 'Van een ander' })
    const id = await firm.addHours({ projectId: other, approval: 'submitted' })
    expect(await actOne(firm, 'manager', 'approve', id)).toBe('not-found')
  })

  it('nobody approves his own, unless the firm allows it; then on what he manages', async () => {
    const firm = await firmWith('internal')
    await manages(firm)
    const own = { memberId: firm.members.manager, approval: 'submitted' as const }
    const managed = await firm.addHours(own)
    const elsewhere = await firm.addHours({ ...own, projectId: await firm.addProject({ name: 'Elders' }) })
    expect(await actOne(firm, 'manager', 'approve', managed)).toBe('approve-own-not')
    const { body } = await ask<{ version: number; approveOwn: boolean }>(firm, 'administrator', ['GET', '/firm'])
    expect(body.approveOwn).toBe(false)
    const allowed = await ask(
      firm,
      'administrator',
      ['PATCH', '/firm'],
      { approveOwn: true },
      {
        'if-match': `"${body.version}"`,
      },
    )
    expect(allowed.body).toMatchObject({ approveOwn: true })
    expect(await actOne(firm, 'manager', 'approve', managed)).toBe('done')
    expect(await actOne(firm, 'manager', 'approve', elsewhere)).toBe('project-not-managed')
  })
})

describe('what is refused', () => {
  it('says for each entry why, in the words of the reader, and does the others', async () => {
    const firm = await firmWith('internal')
    const [open, submitted] = [await firm.addHours(), await firm.addHours({ approval: 'submitted' })]
    const done = await acts(firm, 'finance', 'approve', { ids: [open, submitted] })
    expect(done).toMatchObject({ state: 'done', total: 2, done: 2, report: { updated: 1, skipped: 1 } })
    expect(done.leftOut).toMatchObject([
      {
        id: open,
        label: '2 Mar 2026, employee, Website',
        problem: { code: 'not-submitted', cause: 'This was not submitted: Website, employee, 2 March 2026.' },
      },
    ])
    const { body } = await ask<{ rows: unknown[] }>(firm, 'finance', ['GET', `/entries/acts/${done.id}/rows`])
    expect(body.rows).toMatchObject([
      { id: open, outcome: 'skipped', problem: { code: 'not-submitted' } },
      { id: submitted, outcome: 'updated', problem: null },
    ])
    expect(await ask(firm, 'manager', ['GET', `/entries/acts/${done.id}`])).toMatchObject({ status: 404 })
    expect(await ask(firm, 'administrator', ['GET', `/entries/acts/${done.id}`])).toMatchObject({ status: 200 })
  })

  it('keeps its hands off what stands on an invoice and off closed days, whatever the act', async () => {
    const firm = await firmWith('internal', { lockedUntil: '2026-01-31' })
    const claimed = await firm.addHours({ approval: 'approved', internalApproved: true })
    const drafted = await ask(firm, 'finance', ['POST', '/invoices/from-hours'], {
      selection: { ids: [claimed] },
      groupBy: 'activity',
      date: '2026-03-31',
    })
    expect(drafted.status, drafted.text).toBe(201)
    const closed = await firm.addHours({ date: '2026-01-31' })
    const states = { claimed: await rowOf(firm, claimed), closed: await rowOf(firm, closed) }
    for (const act of ['submit', 'withdraw', 'approve', 'reject', 'reopen', 'write-off', 'undo-write-off'] as const) {
      expect(`${act} ${await actOne(firm, 'administrator', act, claimed)}`).toBe(`${act} entry-claimed`)
      expect(`${act} ${await actOne(firm, 'administrator', act, closed)}`).toBe(`${act} entry-day-locked`)
    }
    expect({ claimed: await rowOf(firm, claimed), closed: await rowOf(firm, closed) }).toEqual(states)
  })

  it('asks for a reason at the field, before anything is done', async () => {
    const firm = await firmWith('internal')
    const id = await firm.addHours({ approval: 'submitted' })
    for (const act of ['reject', 'write-off'])
      expect(
        await ask(firm, 'finance', ['POST', '/entries/acts'], {
          kind: 'hours',
          act,
          selection: { ids: [id] },
          reason: ' ',
        }),
      ).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reason', code: 'required' }] } })
  })

  it('refuses a filter that it does not know, so that it never finds more than was meant', async () => {
    const firm = await firmWith('internal')
    const selection = { filter: { projects: [firm.projectId] } }
    const answer = await ask(firm, 'finance', ['POST', '/entries/acts'], { kind: 'hours', act: 'submit', selection })
    expect(answer.status, answer.text).toBe(422)
  })

  it('says when a selection by filter is not as many as was seen', async () => {
    const firm = await firmWith('internal')
    await firm.addHours()
    const selection = { filter: {}, count: 2 }
    expect(
      await ask(firm, 'finance', ['POST', '/entries/acts'], { kind: 'hours', act: 'submit', selection }),
    ).toMatchObject({ status: 409, body: { code: 'selection-changed' } })
  })
})

describe('at the same time', () => {
  it('lets one of two approvers approve, and tells the other', async () => {
    const firm = await firmWith('internal')
    const ids = await Promise.all(Array.from({ length: 20 }, () => firm.addHours({ approval: 'submitted' })))
    const [one, other] = await Promise.all([
      acts(firm, 'finance', 'approve', { ids }),
      acts(firm, 'administrator', 'approve', { ids: ids.toReversed() }),
    ])
    expect((one.report?.updated ?? 0) + (other.report?.updated ?? 0)).toBe(20)
    expect([...one.leftOut, ...other.leftOut].every(({ problem }) => problem.code === 'already-approved')).toBe(true)
    for (const id of ids) expect((await historyOf(firm, id)).map(({ act }) => act)).toEqual(['approved'])
  })
})

describe('a firm that changes what it asks', () => {
  it('approves what has all approvals that are asked now, and keeps what has been approved', async () => {
    const firm = await firmWith('internal-external')
    const half = await firm.addHours({ approval: 'submitted' })
    const waiting = await firm.addHours({ approval: 'submitted' })
    expect(await actOne(firm, 'finance', 'approve', half)).toBe('done')
    expect(await rowOf(firm, half)).toMatchObject({ approval: 'submitted', internalApproved: true })
    const { body } = await ask<{ version: number }>(firm, 'administrator', ['GET', '/firm'])
    await ask(firm, 'administrator', ['PATCH', '/firm'], { approval: 'internal' }, { 'if-match': `"${body.version}"` })
    expect(await rowOf(firm, half)).toMatchObject({ approval: 'approved' })
    expect(await rowOf(firm, waiting)).toMatchObject({ approval: 'submitted' })
  })
})

it('approves what a manager has approved when its project stops asking its customer', async () => {
  const firm = await firmWith('internal-external')
  const half = await firm.addHours({ approval: 'submitted' })
  expect(await actOne(firm, 'finance', 'approve', half)).toBe('done')
  const path = `/projects/${firm.projectId}`
  const { body } = await ask<{ version: number }>(firm, 'administrator', ['GET', path])
  const headers = { 'if-match': `"${body.version}"` }
  const changed = await ask(firm, 'administrator', ['PATCH', path], { customerApproves: false }, headers)
  expect(changed.status, changed.text).toBe(200)
  expect(await rowOf(firm, half)).toMatchObject({ approval: 'approved', customerApproved: false })
})

it('never skips a state, whatever is done in whatever order by whomever', { timeout: 60_000 }, async () => {
  const random = seededRandom(7)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)] as T
  const names: readonly ActName[] = ['submit', 'withdraw', 'approve', 'reject', 'reopen', 'write-off', 'undo-write-off']
  const allowed = new Set([
    'open submit submitted',
    'rejected submit submitted',
    'submitted withdraw open',
    'submitted approve approved',
    'submitted approve submitted',
    'submitted reject rejected',
    'submitted reopen open',
    'approved reopen open',
  ])
  for (const flow of ['off', 'internal', 'external', 'internal-external', 'external-internal'] as const) {
    const firm = await firmWith(flow)
    const ids = await Promise.all(Array.from({ length: 6 }, () => firm.addHours()))
    for (let round = 0; round < 60; round += 1) {
      const act = pick(names)
      const chosen = ids.filter(() => random.next() < 0.5)
      if (chosen.length === 0) continue
      const before = new Map(await Promise.all(chosen.map(async (id) => [id, await rowOf(firm, id)] as const)))
      const { leftOut } = await acts(
        firm,
        pick(['employee', 'finance', 'administrator']),
        act,
        { ids: chosen },
        { reason: 'x' },
      )
      const out = new Set(leftOut.map(({ id }) => id))
      for (const id of chosen) {
        const [was, is] = [before.get(id), await rowOf(firm, id)]
        if (out.has(id)) {
          expect(is).toEqual(was)
          continue
        }
        expect(is.version).toBe((was?.version ?? 0) + 1)
        if (act === 'write-off' || act === 'undo-write-off') {
          expect(is.approval).toBe(was?.approval)
          expect(is.writtenOffAt === null).toBe(act === 'undo-write-off')
        } else {
          expect(was?.writtenOffAt).toBeNull()
          const step = `${was?.approval} ${act} ${is.approval}`
          expect(allowed.has(step), `${flow}: ${step}`).toBe(true)
          if (is.approval === 'approved') expect(flow).toBe('internal')
        }
        expect((is.approval === 'rejected') === (is.rejectedReason !== null)).toBe(true)
        expect((is.submittedAt !== null) === (is.approval === 'submitted' || is.approval === 'approved')).toBe(true)
      }
    }
  }
})

describe('many at once', () => {
  /** Hours of the employee by the thousand. */
  const many = (firm: TestFirm, count: number) =>
    firm.within((trx) =>
      sql`insert into hour_entry (firm_id, id, member_id, date, minutes, project_id, activity_id, billable, approval, submitted_at, created_at, updated_at)
        select ${firm.id}, gen_random_uuid(), ${firm.members.employee}, date '2026-01-01' + (n % 90)::int, 60, ${firm.projectId},
          ${firm.activityId}, true, 'submitted', ${test.clock.now()}, ${test.clock.now()}, ${test.clock.now()}
        from generate_series(1, ${count}::int) n`.execute(trx),
    )
  const counted = (firm: TestFirm) =>
    firm.within(async (trx) => {
      const { rows } = await sql<{ approval: string; n: number }>`
        select approval, count(*)::int as n from hour_entry where firm_id = ${firm.id} group by 1`.execute(trx)
      return Object.fromEntries(rows.map(({ approval, n }) => [approval, n]))
    })
  const read = async (firm: TestFirm, id: string) =>
    (await ask<Acts>(firm, 'finance', ['GET', `/entries/acts/${id}`])).body

  it('approves 12,000 by a filter, and tells of those that changed since they were seen', {
    timeout: 60_000,
  }, async () => {
    const firm = await firmWith('internal')
    await many(firm, 12_000)
    const asOf = test.clock.now().toISOString()
    test.clock.forward(60_000)
    const touched = await firm.within((trx) =>
      sql`update hour_entry set note = 'nog iets', version = version + 1, updated_at = ${test.clock.now()}
        where firm_id = ${firm.id} and date = '2026-02-02'`.execute(trx),
    )
    const changed = Number(touched.numAffectedRows)
    expect(changed).toBeGreaterThan(100)
    const began = performance.now()
    const started = await acts(firm, 'finance', 'approve', { filter: { approval: ['submitted'] }, count: 12_000, asOf })
    expect(started).toMatchObject({ state: 'waiting', total: 12_000, done: 0 })
    await runTask(test.services, `task:${firm.id}:${started.id}`)
    console.log(`12,000 acts in ${Math.round(performance.now() - began)} ms`)
    const done = await read(firm, started.id)
    expect(done).toMatchObject({
      state: 'done',
      done: 12_000,
      report: { updated: 12_000 - changed, conflict: changed },
    })
    expect(done.leftOut).toHaveLength(100)
    expect(done.leftOut[0]?.problem.code).toBe('entry-changed')
    expect(await counted(firm)).toEqual({ approved: 12_000 - changed, submitted: changed })
  })

  it('goes on after its process died between two chunks, and does nothing twice', { timeout: 60_000 }, async () => {
    const firm = await firmWith('internal')
    await many(firm, 1_400)
    const started = await acts(firm, 'finance', 'approve', { filter: {} })
    const key = `task:${firm.id}:${started.id}`
    let steps = 0
    const dying = {
      ...test.services,
      store: {
        ...test.services.store,
        // The first two begin, then each is a chunk; the third chunk never comes.
        withFirm: ((firmId, work, options) => {
          steps += 1
          if (steps > 4) throw Object.assign(new Error('died'), { code: 'ECONNRESET' })
          return test.services.store.withFirm(firmId, work, options)
        }) as typeof test.services.store.withFirm,
      },
    }
    await expect(runTask(dying, key)).rejects.toThrow('died')
    expect(await counted(firm)).toEqual({ approved: 1_000, submitted: 400 })
    expect(await read(firm, started.id)).toMatchObject({ state: 'running', done: 1_000 })
    await test.services.store.withDirectory((trx) =>
      sql`update directory.lane set lease_until = null where key = ${key}`.execute(trx),
    )
    await runTask(test.services, key)
    expect(await read(firm, started.id)).toMatchObject({ state: 'done', done: 1_400, report: { updated: 1_400 } })
    const { rows } = await firm.within((trx) =>
      sql<{
        n: number
      }>`select count(*)::int as n from history where firm_id = ${firm.id} and act = 'approved'`.execute(trx),
    )
    expect(rows[0]?.n).toBe(1_400)
  })

  it('does no more than who asked may still do when it runs', async () => {
    const firm = await firmWith('internal')
    await many(firm, 300)
    const started = await acts(firm, 'finance', 'approve', { filter: {} })
    await firm.within((trx) =>
      trx
        .updateTable('member')
        .set({ roles: ['employee'] })
        .where('id', '=', firm.members.finance)
        .execute(),
    )
    await runTask(test.services, `task:${firm.id}:${started.id}`)
    expect(await counted(firm)).toEqual({ submitted: 300 })
  })

  it('takes as many statements for two hundred as for two', async () => {
    const firm = await firmWith('internal')
    await many(firm, 202)
    const ids = await firm.within(async (trx) =>
      (await trx.selectFrom('hourEntry').select('id').where('firmId', '=', firm.id).execute()).map(({ id }) => id),
    )
    // The day on which a key was used is written down by its first request.
    await ask(firm, 'finance', ['GET', '/firm'])
    const statements = async (chosen: readonly string[]) => {
      const query = vi.spyOn(pg.Client.prototype, 'query')
      try {
        expect((await acts(firm, 'finance', 'approve', { ids: chosen })).report).toEqual({ updated: chosen.length })
        const { calls, contexts } = query.mock
        const ours =
          contexts[calls.findIndex(([text]) => String(text).startsWith('begin') && String(text).includes(firm.id))]
        return calls.filter((_, index) => contexts[index] === ours).length
      } finally {
        query.mockRestore()
      }
    }
    const few = await statements(ids.slice(0, 2))
    expect(few).toBeGreaterThan(8)
    expect(await statements(ids.slice(2))).toBe(few)
  })
})

describe('a week', () => {
  const week = ['POST', '/weeks/2026/10/submission'] as const
  const back = ['DELETE', '/weeks/2026/10/submission'] as const

  it('is submitted with all its entries, kept when it is empty, and taken back while nothing is approved', async () => {
    const firm = await firmWith('internal')
    const [inside, rejected, outside] = [
      await firm.addHours({ date: '2026-03-02' }),
      await firm.addHours({ date: '2026-03-08', approval: 'rejected', rejectedReason: 'nee' }),
      await firm.addHours({ date: '2026-03-09' }),
    ]
    expect(await ask(firm, 'employee', week, {})).toMatchObject({
      status: 200,
      body: { submittedAt: test.clock.now().toISOString(), changed: 2, leftOut: [] },
    })
    expect(await rowOf(firm, inside)).toMatchObject({ approval: 'submitted' })
    expect(await rowOf(firm, rejected)).toMatchObject({ approval: 'submitted', rejectedReason: null })
    expect(await rowOf(firm, outside)).toMatchObject({ approval: 'open' })
    expect(await ask(firm, 'employee', back)).toMatchObject({ body: { submittedAt: null, changed: 2 } })
    expect(await rowOf(firm, inside)).toMatchObject({ approval: 'open', submittedAt: null })
    expect(await ask(firm, 'employee', back)).toMatchObject({ status: 409, body: { code: 'week-not-submitted' } })
    await ask(firm, 'employee', week, {})
    expect(await actOne(firm, 'finance', 'approve', inside)).toBe('done')
    expect(await ask(firm, 'employee', back)).toMatchObject({ status: 409, body: { code: 'week-approved' } })
    const empty = await ask(firm, 'employee', ['POST', '/weeks/2026/20/submission'], {})
    expect(empty.body).toMatchObject({ changed: 0, submittedAt: test.clock.now().toISOString() })
  })

  it('is complete in a firm without approval too, and its entries stay as they are', async () => {
    const firm = await firmWith('off')
    const id = await firm.addHours()
    expect(await ask(firm, 'employee', week, {})).toMatchObject({ status: 200, body: { changed: 0, leftOut: [] } })
    expect(await rowOf(firm, id)).toMatchObject({ approval: 'open', version: 1 })
  })

  it('of somebody else is submitted by who may write his hours alone', async () => {
    const firm = await firmWith('internal')
    const id = await firm.addHours()
    const body = { memberId: firm.members.employee }
    expect(await ask(firm, 'manager', week, body)).toMatchObject({ status: 403, body: { code: 'no-right' } })
    expect(await ask(firm, 'finance', week, body)).toMatchObject({ status: 200, body: { changed: 1 } })
    expect((await historyOf(firm, id))[0]).toMatchObject({ act: 'submitted', actorName: 'finance (test)' })
  })

  it('leaves out, with the reason, what lies on closed days', async () => {
    const firm = await firmWith('internal', { lockedUntil: '2026-03-02' })
    const closed = await firm.addHours({ date: '2026-03-02' })
    await firm.addHours({ date: '2026-03-03' })
    expect(await ask(firm, 'employee', week, {})).toMatchObject({
      body: { changed: 1, leftOut: [{ kind: 'hours', id: closed, problem: { code: 'entry-day-locked' } }] },
    })
  })

  it('is submitted once by two clicks at once', async () => {
    const firm = await firmWith('internal')
    await firm.addHours()
    await Promise.all([ask(firm, 'employee', week, {}), ask(firm, 'employee', week, {})])
    const rows = await firm.within((trx) => trx.selectFrom('weekSubmission').selectAll().execute())
    expect(rows).toHaveLength(1)
  })
})
