import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type TestApp, testApp, testNow } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())
beforeEach(() => test.clock.set(testNow))

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
interface Asked {
  readonly body?: unknown
  readonly version?: number
  readonly as?: Parameters<TestFirm['as']>[0]
}
interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the answer it asks for
  readonly body: any
}

async function ask(firm: TestFirm, method: Method, path: string, asked: Asked = {}): Promise<Answer> {
  const { body, version, as = 'employee' } = asked
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      'accept-language': 'en',
      ...firm.as(as),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body === undefined ? {} : { payload: body as object }),
  })
  return { status: answer.statusCode, body: answer.body ? JSON.parse(answer.body) : null }
}

async function good(firm: TestFirm, method: Method, path: string, asked: Asked = {}) {
  const { status, body } = await ask(firm, method, path, asked)
  expect(status, `${method} ${path}: ${JSON.stringify(body)}`).toBeLessThan(300)
  return body
}

const fieldsOf = ({ status, body }: Answer) => [
  status,
  ...(body.errors ?? []).map((one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`),
]

const work = (firm: TestFirm, more: object = {}) => ({
  projectId: firm.projectId,
  activityId: firm.activityId,
  note: 'aan het werk',
  ...more,
})

/** `2026-03-31 10:00–10:30 30`. */
const told = (hours: { date: string; minutes: number; startMinute: number | null; endMinute: number | null }[]) =>
  hours.map(({ date, minutes, startMinute, endMinute }) => {
    const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
    return `${date} ${startMinute === null || endMinute === null ? '' : `${clock(startMinute)}–${clock(endMinute)} `}${minutes}`
  })

describe('a timer', () => {
  it('runs on the server, and stopping it writes its hours', async () => {
    const firm = await testFirm(test.services)
    expect(await good(firm, 'GET', '/timer')).toMatchObject({ timer: null, waiting: [] })
    await firm.addHours({ date: '2026-03-31', minutes: 45 })
    await firm.addTag('thuis')
    const { timer, started } = await good(firm, 'POST', '/timer', { body: work(firm, { tags: ['thuis'] }) })
    expect(started).toBe(true)
    expect(timer).toMatchObject({
      state: 'running',
      projectName: 'Website',
      customerName: 'Bakkerij Zon',
      activityName: 'Advies',
      startedAt: testNow,
      stoppedAt: null,
      zone: 'Europe/Amsterdam',
      todayMinutes: 45,
      long: false,
      problem: null,
    })
    // The browser is closed and opened again two hours later: nothing had to be kept there.
    test.clock.forward(125 * 60_000)
    expect((await good(firm, 'GET', '/timer')).timer).toEqual(timer)
    const { written, waiting } = await good(firm, 'POST', '/timer/stop', { body: { id: timer.id } })
    expect(waiting).toBeNull()
    expect(told(written)).toEqual(['2026-03-31 12:00–14:05 125'])
    expect(written[0]).toMatchObject({ note: 'aan het werk', tags: ['thuis'], billable: true })
    expect(await good(firm, 'GET', '/timer')).toMatchObject({ timer: null, waiting: [] })
    expect(await ask(firm, 'POST', '/timer/stop', { body: {} })).toMatchObject({
      status: 409,
      body: { code: 'no-timer-runs' },
    })
    expect(fieldsOf(await ask(firm, 'POST', '/timer/stop', { body: { id: timer.id } }))).toEqual([
      422,
      '/id timer-unknown',
    ])
  })

  it('is one’s own: a colleague neither sees nor stops it', async () => {
    const firm = await testFirm(test.services)
    const { timer } = await good(firm, 'POST', '/timer', { body: work(firm) })
    expect(await good(firm, 'GET', '/timer', { as: 'administrator' })).toMatchObject({ timer: null, waiting: [] })
    const stop = await ask(firm, 'POST', '/timer/stop', { as: 'administrator', body: { id: timer.id } })
    expect(fieldsOf(stop)).toEqual([422, '/id timer-unknown'])
    expect((await ask(firm, 'POST', `/timer/${timer.id}/restoration`, { as: 'administrator' })).status).toBe(404)
  })

  it('that runs is stopped by the next one and keeps its time', async () => {
    const firm = await testFirm(test.services)
    const first = await good(firm, 'POST', '/timer', { body: work(firm) })
    test.clock.forward(30 * 60_000)
    const second = await good(firm, 'POST', '/timer', { body: work(firm, { note: 'iets anders' }) })
    expect(told(second.written)).toEqual(['2026-03-31 12:00–12:30 30'])
    expect(second.timer.id).not.toBe(first.timer.id)
    // Started earlier by hand: the one before ends there, so that no minute counts twice.
    test.clock.forward(30 * 60_000)
    const third = await good(firm, 'POST', '/timer', { body: { startedAt: '2026-03-31T10:40:00Z' } })
    expect(told(third.written)).toEqual(['2026-03-31 12:30–12:40 10'])
    expect(third.timer).toMatchObject({ projectId: null, startedAt: '2026-03-31T10:40:00.000Z' })
  })

  it('started in two tabs at once runs once: the second gets the one that runs', async () => {
    const firm = await testFirm(test.services)
    const both = await Promise.all(
      ['een', 'twee'].map((note) => good(firm, 'POST', '/timer', { body: work(firm, { note }) })),
    )
    // Whether they met or came one after the other: one runs, and no time is lost or counted twice.
    const { timer, waiting } = await good(firm, 'GET', '/timer')
    expect(waiting).toEqual([])
    expect(both.map((one) => one.timer.id)).toContain(timer.id)
    const running = await firm.within((trx) =>
      trx.selectFrom('timer').select('id').where('stoppedAt', 'is', null).where('discardedAt', 'is', null).execute(),
    )
    expect(running).toEqual([{ id: timer.id }])
  })

  it('is not started by whoever did not see that another tab was first', async () => {
    const firm = await testFirm(test.services)
    const made = { firmId: firm.id, memberId: firm.members.employee, zone: 'Europe/Amsterdam' }
    const now = test.clock.now()
    const id = test.services.ids.next()
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const other = firm.within(async (trx) => {
      await trx
        .insertInto('timer')
        .values({ ...made, id, startedAt: now, createdAt: now, updatedAt: now })
        .execute()
      begun.resolve()
      await end.promise
    })
    await begun.promise
    const answer = ask(firm, 'POST', '/timer', { body: work(firm) })
    await new Promise((resolve) => setTimeout(resolve, 200))
    end.resolve()
    await other
    const { body } = await answer
    expect(body).toMatchObject({ started: false, written: [], timer: { id } })
  })

  it.each([
    [
      'an evening and a night',
      '2026-03-30T20:00:00Z',
      '2026-03-31T00:30:00Z',
      ['2026-03-30 22:00–24:00 120', '2026-03-31 0:00–2:30 150'],
    ],
    [
      'the night to summer time',
      '2026-03-28T22:30:00Z',
      '2026-03-29T01:30:00Z',
      ['2026-03-28 23:30–24:00 30', '2026-03-29 150'],
    ],
    [
      'the night to winter time',
      '2026-10-24T21:30:00Z',
      '2026-10-25T02:00:00Z',
      ['2026-10-24 23:30–24:00 30', '2026-10-25 240'],
    ],
  ])('over midnight becomes hours of each day: %s', async (_, startedAt, stoppedAt, expected) => {
    const firm = await testFirm(test.services)
    test.clock.set(startedAt)
    await good(firm, 'POST', '/timer', { body: work(firm) })
    test.clock.set(stoppedAt)
    const { written } = await good(firm, 'POST', '/timer/stop', { body: {} })
    expect(told(written)).toEqual(expected)
  })

  it('keeps the time zone in which it was started when the firm moves', async () => {
    const firm = await testFirm(test.services)
    test.clock.set('2026-03-31T21:00:00Z')
    await good(firm, 'POST', '/timer', { body: work(firm) })
    await firm.within((trx) => trx.updateTable('firm').set({ timeZone: 'America/New_York' }).execute())
    test.clock.forward(2 * 3600_000)
    const { written } = await good(firm, 'POST', '/timer/stop', { body: {} })
    expect(told(written)).toEqual(['2026-03-31 23:00–24:00 60', '2026-04-01 0:00–1:00 60'])
    const { timer } = await good(firm, 'POST', '/timer', { body: work(firm) })
    expect(timer.zone).toBe('America/New_York')
  })

  it('without a project is stopped and waits until it is filled in', async () => {
    const firm = await testFirm(test.services)
    const { timer } = await good(firm, 'POST', '/timer', { body: { note: 'even bellen' } })
    test.clock.forward(20 * 60_000)
    const stopped = await good(firm, 'POST', '/timer/stop', { body: {} })
    expect(stopped.written).toEqual([])
    expect(stopped.waiting).toMatchObject({ id: timer.id, state: 'waiting', stoppedAt: '2026-03-31T10:20:00.000Z' })
    expect(fieldsOf({ status: 0, body: stopped.waiting.problem })).toEqual([
      0,
      '/projectId required',
      '/activityId required',
    ])
    // Another one may run meanwhile, and the first goes on waiting.
    await good(firm, 'POST', '/timer', { body: work(firm) })
    test.clock.forward(20 * 60_000)
    const both = await good(firm, 'GET', '/timer')
    expect(both.waiting).toEqual(
      [stopped.waiting].map((one) => ({ ...one, problem: { ...one.problem, request: expect.any(String) } })),
    )
    const { version } = both.waiting[0]
    const filled = await good(firm, 'PATCH', '/timer', { version, body: { id: timer.id, ...work(firm) } })
    expect(filled).toMatchObject({ state: 'waiting', problem: null })
    const stale = await ask(firm, 'PATCH', '/timer', { version, body: { id: timer.id, note: 'x' } })
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale', currentVersion: version + 1 } })
    const { written } = await good(firm, 'POST', '/timer/stop', { body: { id: timer.id } })
    expect(told(written)).toEqual(['2026-03-31 12:00–12:20 20'])
    expect((await good(firm, 'GET', '/timer')).waiting).toEqual([])
  })

  it('on a project that was archived meanwhile, or a day that was closed, waits with that reason', async () => {
    const firm = await testFirm(test.services)
    await good(firm, 'POST', '/timer', { body: work(firm) })
    await firm.within((trx) => trx.updateTable('project').set({ archivedAt: test.clock.now() }).execute())
    test.clock.forward(60 * 60_000)
    const { waiting } = await good(firm, 'POST', '/timer/stop', { body: {} })
    expect(fieldsOf({ status: 0, body: waiting.problem })).toEqual([0, '/projectId project-archived'])
    await firm.within((trx) => trx.updateTable('project').set({ archivedAt: null }).execute())
    await firm.within((trx) => trx.updateTable('firm').set({ lockedUntil: '2026-03-31' }).execute())
    const again = await good(firm, 'POST', '/timer/stop', { body: { id: waiting.id } })
    expect(fieldsOf({ status: 0, body: again.waiting.problem })).toEqual([0, '/startedAt day-locked'])
    await firm.within((trx) => trx.updateTable('firm').set({ lockedUntil: null }).execute())
    const { written } = await good(firm, 'POST', '/timer/stop', { body: { id: waiting.id } })
    expect(told(written)).toEqual(['2026-03-31 12:00–13:00 60'])
  })

  it('that ran for more than twelve hours asks when it ended', async () => {
    const firm = await testFirm(test.services)
    const { timer } = await good(firm, 'POST', '/timer', { body: work(firm) })
    test.clock.forward(13 * 3600_000)
    expect((await good(firm, 'GET', '/timer')).timer).toMatchObject({ state: 'running', long: true })
    // The next one does not write what nobody looked at.
    const next = await good(firm, 'POST', '/timer', { body: work(firm) })
    expect(next).toMatchObject({ written: [], waiting: { id: timer.id, long: true } })
    expect(fieldsOf({ status: 0, body: next.waiting.problem })).toEqual([0, '/stoppedAt timer-long'])
    const { written } = await good(firm, 'POST', '/timer/stop', {
      body: { id: timer.id, stoppedAt: '2026-03-31T15:00:00Z' },
    })
    expect(told(written)).toEqual(['2026-03-31 12:00–17:00 300'])
    // And it may have been that long.
    test.clock.forward(14 * 3600_000)
    const stoppedAt = test.clock.now().toISOString()
    expect((await good(firm, 'POST', '/timer/stop', { body: { stoppedAt } })).written).toHaveLength(1)
  })

  it('writes a week at most', async () => {
    const firm = await testFirm(test.services)
    await good(firm, 'POST', '/timer', { body: work(firm) })
    test.clock.forward(8 * 24 * 3600_000)
    const { waiting } = await good(firm, 'POST', '/timer/stop', { body: { stoppedAt: test.clock.now().toISOString() } })
    expect(fieldsOf({ status: 0, body: waiting.problem })).toEqual([0, '/startedAt timer-too-long'])
  })

  it.each([
    [{ startedAt: '2026-03-31T10:05:00Z' }, '/startedAt in-future'],
    [{ startedAt: '2026-03-30T09:00:00Z' }, '/startedAt started-long-ago'],
    [{ startedAt: 'gisteren' }, '/startedAt format-datetime'],
    [{ projectId: '01900000-0000-7000-8000-00000000dead' }, '/projectId project-unknown'],
    [{ activityId: '01900000-0000-7000-8000-00000000dead' }, '/activityId activity-unknown'],
  ])('does not start with %j', async (body, problem) => {
    const firm = await testFirm(test.services)
    expect(fieldsOf(await ask(firm, 'POST', '/timer', { body }))).toEqual([422, problem])
  })

  it('is changed while it runs, and is not stopped before it started', async () => {
    const firm = await testFirm(test.services)
    const { timer } = await good(firm, 'POST', '/timer', { body: {} })
    const changed = await good(firm, 'PATCH', '/timer', {
      version: timer.version,
      body: { ...work(firm), startedAt: '2026-03-31T09:30:00Z' },
    })
    expect(changed).toMatchObject({ projectId: firm.projectId, startedAt: '2026-03-31T09:30:00.000Z', version: 2 })
    const patch = (body: object) => ask(firm, 'PATCH', '/timer', { version: 2, body })
    expect(fieldsOf(await patch({ stoppedAt: testNow }))).toEqual([422, '/stoppedAt timer-runs'])
    expect(fieldsOf(await patch({ startedAt: '2026-03-31T11:30:00Z' }))).toEqual([422, '/startedAt in-future'])
    const stop = await ask(firm, 'POST', '/timer/stop', { body: { stoppedAt: '2026-03-31T09:00:00Z' } })
    expect(fieldsOf(stop)).toEqual([422, '/stoppedAt stop-before-start'])
    // A clock that runs half a minute before ours.
    const { written } = await good(firm, 'POST', '/timer/stop', { body: { stoppedAt: '2026-03-31T10:00:30Z' } })
    expect(told(written)).toEqual(['2026-03-31 11:30–12:00 30'])
  })

  it('is thrown away, brought back and goes on; beside another one it waits', async () => {
    const firm = await testFirm(test.services)
    const { timer } = await good(firm, 'POST', '/timer', { body: work(firm) })
    expect(await good(firm, 'DELETE', `/timer?id=${timer.id}`)).toEqual({ id: timer.id })
    expect(await good(firm, 'GET', '/timer')).toMatchObject({ timer: null, waiting: [] })
    test.clock.forward(5 * 60_000)
    expect(await good(firm, 'POST', `/timer/${timer.id}/restoration`)).toMatchObject({
      state: 'running',
      startedAt: testNow,
    })
    await good(firm, 'DELETE', '/timer')
    await good(firm, 'POST', '/timer', { body: work(firm) })
    expect(await good(firm, 'POST', `/timer/${timer.id}/restoration`)).toMatchObject({
      state: 'waiting',
      stoppedAt: '2026-03-31T10:05:00.000Z',
    })
    expect((await ask(firm, 'DELETE', '/timer?id=01900000-0000-7000-8000-00000000dead')).status).toBe(422)
  })

  it('is started again for the work of an entry', async () => {
    const firm = await testFirm(test.services)
    const hourEntryId = await firm.addHours({ note: 'verder', tags: ['thuis'], billable: false })
    const { timer } = await good(firm, 'POST', '/timer/continue', { body: { hourEntryId } })
    expect(timer).toMatchObject({ projectId: firm.projectId, note: 'verder', tags: ['thuis'], billable: false })
    await firm.within((trx) => trx.updateTable('project').set({ archivedAt: test.clock.now() }).execute())
    const refused = await ask(firm, 'POST', '/timer/continue', { body: { hourEntryId } })
    expect(fieldsOf(refused)).toEqual([422, '/hourEntryId project-archived'])
    const others = await firm.addHours({ memberId: firm.members.finance })
    const unseen = await ask(firm, 'POST', '/timer/continue', { body: { hourEntryId: others } })
    expect(fieldsOf(unseen)).toEqual([422, '/hourEntryId hours-unknown'])
  })
})

describe('favourites', () => {
  it('are one’s own rows in one’s own order', async () => {
    const firm = await testFirm(test.services)
    const second = await firm.addActivity({ name: 'Overleg' })
    const row = (activityId: string) => ({ projectId: firm.projectId, activityId })
    const first = await good(firm, 'POST', '/favourites', { body: row(firm.activityId) })
    expect(first).toMatchObject({ projectName: 'Website', customerName: 'Bakkerij Zon', activityName: 'Advies' })
    const other = await good(firm, 'POST', '/favourites', { body: { ...row(second), position: 1 } })
    // A second press of the star changes nothing.
    expect(await good(firm, 'POST', '/favourites', { body: row(firm.activityId) })).toEqual(first)
    const ids = async () => (await good(firm, 'GET', '/favourites')).rows.map(({ id }: { id: string }) => id)
    expect(await ids()).toEqual([other.id, first.id])
    await good(firm, 'PUT', '/favourites', { body: { ids: [first.id] } })
    expect(await ids()).toEqual([first.id, other.id])
    expect((await good(firm, 'GET', '/favourites', { as: 'manager' })).rows).toEqual([])
    expect((await ask(firm, 'DELETE', `/favourites/${first.id}`, { as: 'manager' })).status).toBe(404)
    expect((await good(firm, 'GET', '/weeks/2026/14')).favourites).toHaveLength(2)
    await firm.within((trx) =>
      trx.updateTable('activity').set({ archivedAt: test.clock.now() }).where('id', '=', second).execute(),
    )
    expect(await ids()).toEqual([first.id])
    await good(firm, 'DELETE', `/favourites/${first.id}`)
    expect(await ids()).toEqual([])
    const wrong = await ask(firm, 'PUT', '/favourites', { body: { ids: [first.id] } })
    expect(fieldsOf(wrong)).toEqual([422, '/ids/0 favourite-unknown'])
  })
})

const fullTime = [480, 480, 480, 480, 240, 0, 0]
const employ = (firm: TestFirm, minutesPerDay = fullTime, fromDate = '2020-01-01') =>
  firm.within((trx) =>
    trx
      .insertInto('contractHours')
      .values({
        firmId: firm.id,
        id: test.services.ids.next(),
        memberId: firm.members.employee,
        fromDate,
        minutesPerDay,
      })
      .execute(),
  )
async function kindsOf(firm: TestFirm): Promise<Record<string, string>> {
  const { rows } = await good(firm, 'GET', '/absence-kinds')
  return Object.fromEntries(rows.map((row: { code: string; id: string }) => [row.code, row.id]))
}

describe('kinds of absence', () => {
  it('are there from the start, in the reader’s language', async () => {
    const firm = await testFirm(test.services)
    const { rows } = await good(firm, 'GET', '/absence-kinds')
    expect(rows).toMatchObject([
      { code: 'leave', name: 'Leave', counts: 'as-worked', used: false, archived: false },
      { code: 'sickness', name: 'Sickness', counts: 'as-worked' },
      { code: 'unpaid-leave', name: 'Unpaid leave', counts: 'less-contract' },
    ])
    const dutch = await test.app.inject({
      url: '/api/v1/absence-kinds',
      headers: { ...firm.as('employee'), 'accept-language': 'nl' },
    })
    expect(dutch.json().rows.map(({ name }: { name: string }) => name)).toEqual([
      'Verlof',
      'Ziekte',
      'Onbetaald verlof',
    ])
  })

  it('of one’s own are made, named, archived; how a used one counts stays', async () => {
    const firm = await testFirm(test.services)
    const as = 'administrator' as const
    const make = (name: string) => ask(firm, 'POST', '/absence-kinds', { as, body: { name, counts: 'as-worked' } })
    const kind = (await make('Ouderschapsverlof')).body
    expect(fieldsOf(await make('ouderschapsverlof'))).toEqual([422, '/name absence-kind-taken'])
    expect(fieldsOf(await make('Leave'))).toEqual([422, '/name absence-kind-taken'])
    expect((await ask(firm, 'POST', '/absence-kinds', { body: { name: 'x', counts: 'as-worked' } })).status).toBe(403)
    const path = `/absence-kinds/${kind.id}`
    const renamed = await good(firm, 'PATCH', path, {
      as,
      version: 1,
      body: { name: 'Ouderschap', counts: 'less-contract' },
    })
    expect(renamed).toMatchObject({ name: 'Ouderschap', counts: 'less-contract', version: 2 })
    expect((await ask(firm, 'PATCH', path, { as, version: 1, body: { name: 'x' } })).status).toBe(409)
    await good(firm, 'POST', '/absences', { body: { kindId: kind.id, from: '2026-03-02', minutes: 60 } })
    const counts = await ask(firm, 'PATCH', path, { as, version: 2, body: { counts: 'as-worked' } })
    expect(fieldsOf(counts)).toEqual([422, '/counts absence-kind-in-use'])
    await good(firm, 'PATCH', path, { as, version: 2, body: { archived: true } })
    const refused = await ask(firm, 'POST', '/absences', { body: { kindId: kind.id, from: '2026-03-03', minutes: 60 } })
    expect(fieldsOf(refused)).toEqual([422, '/kindId absence-kind-archived'])
    expect((await good(firm, 'GET', '/absence-kinds?archived=true')).rows).toMatchObject([{ id: kind.id, used: true }])
    const { leave } = await kindsOf(firm)
    const fixed = await ask(firm, 'PATCH', `/absence-kinds/${leave}`, { as, version: 1, body: { name: 'Vrij' } })
    expect(fieldsOf(fixed)).toEqual([422, '/name absence-kind-named'])
  })
})

describe('absences', () => {
  it('of a period are written on the days that are worked, and say which days are not', async () => {
    const firm = await testFirm(test.services)
    await employ(firm)
    const { leave } = await kindsOf(firm)
    // Good Friday to the Tuesday after Whit would be long; over Easter it is a week and a half.
    const { created, leftOut, warnings } = await good(firm, 'POST', '/absences', {
      body: { kindId: leave, from: '2026-04-02', until: '2026-04-08', note: 'Texel' },
    })
    expect(created.map((one: { date: string; minutes: number }) => `${one.date} ${one.minutes}`)).toEqual([
      '2026-04-02 480',
      '2026-04-03 240',
      '2026-04-07 480',
      '2026-04-08 480',
    ])
    expect(leftOut).toEqual([
      { date: '2026-04-04', why: 'day-off', holiday: null },
      { date: '2026-04-05', why: 'holiday', holiday: 'Easter Sunday' },
      { date: '2026-04-06', why: 'holiday', holiday: 'Easter Monday' },
    ])
    expect(warnings).toEqual([])
    expect(created[0]).toMatchObject({ kindCode: 'leave', kindName: 'Leave', note: 'Texel', counts: 'as-worked' })
    // The same period again: nothing twice.
    const again = await ask(firm, 'POST', '/absences', {
      body: { kindId: leave, from: '2026-04-02', until: '2026-04-09' },
    })
    expect(again.body.created).toMatchObject([{ date: '2026-04-09' }])
    expect(again.body.leftOut.filter(({ why }: { why: string }) => why === 'absent-already')).toHaveLength(4)
  })

  it('of a single day say why nothing is written; minutes of one’s own are meant', async () => {
    const firm = await testFirm(test.services)
    await employ(firm)
    const { leave, sickness } = await kindsOf(firm)
    const on = (from: string, more: object = {}) =>
      ask(firm, 'POST', '/absences', { body: { kindId: leave, from, ...more } })
    expect(fieldsOf(await on('2026-04-06'))).toEqual([422, '/from absence-holiday'])
    expect(fieldsOf(await on('2026-04-04'))).toEqual([422, '/from absence-day-off'])
    expect(fieldsOf(await on('2026-04-04', { until: '2026-04-06' }))).toEqual([422, '/from absence-none-left'])
    expect((await on('2026-04-04', { minutes: 120 })).body.created).toMatchObject([{ minutes: 120 }])
    // Half a day of sickness, then leave for the rest of it.
    await on('2026-04-01', { kindId: sickness, minutes: 180 })
    expect((await on('2026-04-01')).body.created).toMatchObject([{ minutes: 300 }])
    expect(fieldsOf(await on('2026-04-01'))).toEqual([422, '/from absence-absent-already'])
    expect(fieldsOf(await on('2026-04-01', { minutes: 1000 }))).toEqual([422, '/minutes absence-over-a-day'])
    expect(fieldsOf(await on('2026-04-02', { until: '2026-04-01' }))).toEqual([422, '/until end-before-start'])
    expect(fieldsOf(await on('2026-04-02', { until: '2028-04-01' }))).toEqual([422, '/until period-too-long'])
  })

  it('leave out the days before and after employment, and hours there are refused at the date', async () => {
    const firm = await testFirm(test.services)
    await employ(firm)
    await firm.within((trx) =>
      trx
        .updateTable('member')
        .set({ startsOn: '2026-03-03', endsOn: '2026-03-05' })
        .where('id', '=', firm.members.employee)
        .execute(),
    )
    const { leave } = await kindsOf(firm)
    const { created, leftOut } = await good(firm, 'POST', '/absences', {
      body: { kindId: leave, from: '2026-03-02', until: '2026-03-06' },
    })
    expect(created.map(({ date }: { date: string }) => date)).toEqual(['2026-03-03', '2026-03-04', '2026-03-05'])
    expect(leftOut).toMatchObject([{ why: 'not-employed' }, { why: 'not-employed' }])
    const hours = (date: string) => ask(firm, 'POST', '/hours', { body: { ...work(firm), date, minutes: 60 } })
    expect(fieldsOf(await hours('2026-03-02'))).toEqual([422, '/date before-employment'])
    expect(fieldsOf(await hours('2026-03-06'))).toEqual([422, '/date after-employment'])
    expect((await hours('2026-03-05')).status).toBe(201)
    const week = await good(firm, 'GET', '/weeks/2026/10')
    expect(week.days.map((day: { contractMinutes: number }) => day.contractMinutes)).toEqual([
      0, 480, 480, 480, 0, 0, 0,
    ])
  })

  it('warn over more than 24 hours, and are not written on closed days', async () => {
    const firm = await testFirm(test.services)
    const { sickness } = await kindsOf(firm)
    await firm.addHours({ date: '2026-03-10', minutes: 1000 })
    const body = { kindId: sickness, from: '2026-03-10', minutes: 480 }
    const made = await good(firm, 'POST', '/absences', { body })
    expect(made.warnings).toEqual([{ date: '2026-03-10', code: 'over-24-hours', minutes: 1480 }])
    const [{ id, version }] = made.created
    await firm.within((trx) => trx.updateTable('firm').set({ lockedUntil: '2026-03-10' }).execute())
    expect(fieldsOf(await ask(firm, 'POST', '/absences', { body }))).toEqual([422, '/from day-locked'])
    const path = `/absences/${id}`
    expect(fieldsOf(await ask(firm, 'PATCH', path, { version, body: { minutes: 1 } }))).toEqual([
      422,
      '/date day-locked',
    ])
    expect((await ask(firm, 'DELETE', path, { version })).status).toBe(422)
    expect((await good(firm, 'GET', '/absences?from=2026-03-01&until=2026-03-31')).rows).toMatchObject([
      { locked: true },
    ])
  })

  it('are changed, deleted and brought back; of others only with the right to', async () => {
    const firm = await testFirm(test.services)
    const { sickness, leave } = await kindsOf(firm)
    const { created } = await good(firm, 'POST', '/absences', {
      body: { kindId: sickness, from: '2026-03-10', minutes: 480 },
    })
    const path = `/absences/${created[0].id}`
    const changed = await good(firm, 'PATCH', path, {
      version: 1,
      body: { kindId: leave, date: '2026-03-11', minutes: 240 },
    })
    expect(changed).toMatchObject({ kindCode: 'leave', date: '2026-03-11', minutes: 240, version: 2 })
    expect((await ask(firm, 'PATCH', path, { version: 1, body: { minutes: 1 } })).status).toBe(409)
    await good(firm, 'DELETE', path, { version: 2 })
    const list = '/absences?from=2026-03-01&until=2026-03-31'
    expect((await good(firm, 'GET', list)).rows).toEqual([])
    await good(firm, 'POST', '/absences', { body: { kindId: leave, from: '2026-03-11', minutes: 1300 } })
    expect(fieldsOf(await ask(firm, 'POST', `${path}/restoration`))).toEqual([422, '/minutes absence-over-a-day'])
    const [other] = (await good(firm, 'GET', list)).rows
    await good(firm, 'DELETE', `/absences/${other.id}`, { version: 1 })
    expect(await good(firm, 'POST', `${path}/restoration`)).toMatchObject({ minutes: 240, version: 4 })
    // A manager neither lists nor writes those of others; finance does both.
    const of = `${list}&memberId=${firm.members.employee}`
    expect((await ask(firm, 'GET', of, { as: 'manager' })).body.code).toBe('no-right')
    expect((await ask(firm, 'PATCH', path, { as: 'manager', version: 4, body: { minutes: 1 } })).status).toBe(404)
    const body = { memberId: firm.members.employee, kindId: leave, from: '2026-03-12', minutes: 60 }
    expect((await ask(firm, 'POST', '/absences', { as: 'manager', body })).status).toBe(403)
    expect((await ask(firm, 'POST', '/absences', { as: 'finance', body })).status).toBe(201)
    expect((await good(firm, 'GET', of, { as: 'finance' })).rows).toHaveLength(2)
  })

  it('that are written at once are together no more than a day', async () => {
    const firm = await testFirm(test.services)
    const { leave } = await kindsOf(firm)
    const body = { kindId: leave, from: '2026-03-10', minutes: 1000 }
    const both = await Promise.all([1, 2].map(() => ask(firm, 'POST', '/absences', { body })))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422])
  })
})

describe('holidays', () => {
  const holidays = (firm: TestFirm, year = 2026) => good(firm, 'GET', `/holidays?year=${year}`)
  const free = (answer: { days: { date: string; free: boolean }[] }) =>
    answer.days.filter((day) => day.free).map(({ date }) => date)

  it('are those of the country of the firm, until it chooses another', async () => {
    const firm = await testFirm(test.services)
    const dutch = await holidays(firm)
    expect(dutch).toMatchObject({ country: 'NL', chosenCountry: null, region: null, known: true })
    expect(free(dutch)).toContain('2026-04-27')
    const choose = (body: object, as: Asked['as'] = 'administrator') =>
      ask(firm, 'PATCH', '/holidays?year=2026', { as, body })
    expect((await choose({ country: 'BE' }, 'employee')).status).toBe(403)
    const { body: belgian } = await choose({ country: 'BE' })
    expect(free(belgian)).toContain('2026-07-21')
    expect(fieldsOf(await choose({ region: 'BY' }))).toEqual([422, '/region holiday-region-unknown'])
    expect(fieldsOf(await choose({ country: 'XX' }))).toEqual([422, '/country holiday-country-unknown'])
    expect((await choose({ country: 'DE', region: 'BY' })).body).toMatchObject({ country: 'DE', region: 'BY' })
    expect(free(await holidays(firm))).toContain('2026-01-06')
    expect((await choose({ country: null })).body).toMatchObject({ country: 'NL', chosenCountry: null, region: null })
  })

  it('are free as the firm chooses, every year or in one', async () => {
    const firm = await testFirm(test.services)
    const choose = (choice: object, year = 2026) =>
      good(firm, 'PATCH', `/holidays?year=${year}`, { as: 'administrator', body: { choices: [choice] } })
    expect(free(await holidays(firm))).not.toContain('2026-04-03')
    expect(free(await choose({ rule: 'easter -2', free: true }))).toContain('2026-04-03')
    expect(free(await holidays(firm, 2027))).toContain('2027-03-26')
    // Liberation Day once in five years.
    expect(free(await choose({ rule: '05-05', free: true, onlyThisYear: true }, 2030))).toContain('2030-05-05')
    expect(free(await holidays(firm, 2026))).not.toContain('2026-05-05')
    expect(free(await choose({ rule: 'easter 1', free: false }))).not.toContain('2026-04-06')
    expect(free(await choose({ rule: 'easter 1', free: null }))).toContain('2026-04-06')
    const wrong = await ask(firm, 'PATCH', '/holidays?year=2026', {
      as: 'administrator',
      body: { choices: [{ rule: 'geen feest', free: true }] },
    })
    expect(fieldsOf(wrong)).toEqual([422, '/choices/0/rule holiday-unknown'])
  })
})

describe('a week', () => {
  it('counts absences and holidays against the contract', async () => {
    const firm = await testFirm(test.services)
    await employ(firm)
    const { leave, 'unpaid-leave': unpaid } = await kindsOf(firm)
    await good(firm, 'POST', '/absences', { body: { kindId: leave, from: '2026-04-07' } })
    await good(firm, 'POST', '/absences', { body: { kindId: unpaid, from: '2026-04-08' } })
    await firm.addHours({ date: '2026-04-09', minutes: 500 })
    const week = await good(firm, 'GET', '/weeks/2026/15')
    expect(week).toMatchObject({
      minutes: 500,
      absentMinutes: 960,
      contractMinutes: 480 * 3 + 240,
      differenceMinutes: 500 + 960 - 1680,
      holidays: [{ date: '2026-04-06', name: 'Easter Monday' }],
      submission: null,
    })
    expect(week.absences).toMatchObject([
      { date: '2026-04-07', kindCode: 'leave' },
      { date: '2026-04-08', kindCode: 'unpaid-leave' },
    ])
    expect(week.days[3]).toMatchObject({ minutes: 500, absentMinutes: 0, contractMinutes: 480, differenceMinutes: 20 })
    expect(week.recent.at(-1)).toEqual({
      year: 2026,
      week: 15,
      minutes: 500,
      absentMinutes: 960,
      contractMinutes: 1680,
    })
    expect(week.recent).toHaveLength(8)
    const { rows } = await good(firm, 'GET', '/hours/against-contract?from=2026-04-08&until=2026-04-13')
    expect(rows).toMatchObject([
      {
        year: 2026,
        week: 15,
        monday: '2026-04-06',
        minutes: 500,
        absentMinutes: 960,
        contractMinutes: 1680,
        differenceMinutes: -220,
      },
      { year: 2026, week: 16, minutes: 0, absentMinutes: 0, contractMinutes: 2160, differenceMinutes: -2160 },
    ])
  })

  it('tells a manager that somebody is away but not why, and of his hours only those he manages', async () => {
    const firm = await testFirm(test.services)
    const { sickness } = await kindsOf(firm)
    await good(firm, 'POST', '/absences', {
      body: { kindId: sickness, from: '2026-03-10', minutes: 480, note: 'griep' },
    })
    await firm.addHours({ date: '2026-03-09', minutes: 60 })
    const path = `/weeks/2026/11?memberId=${firm.members.employee}`
    const asManager = await good(firm, 'GET', path, { as: 'manager' })
    expect(asManager.absences).toMatchObject([
      { kindId: null, kindCode: null, kindName: 'Absent', note: '', minutes: 480 },
    ])
    expect(asManager).toMatchObject({ minutes: 0, entries: [] })
    const asFinance = await good(firm, 'GET', path, { as: 'finance' })
    expect(asFinance.absences).toMatchObject([{ kindCode: 'sickness', note: 'griep' }])
    expect(asFinance.minutes).toBe(60)
    expect((await ask(firm, 'GET', path, { as: 'payroll' })).status).toBe(403)
    const everybody = '/hours/against-contract?from=2026-03-09&until=2026-03-09&everybody=true'
    expect((await ask(firm, 'GET', everybody, { as: 'manager' })).status).toBe(403)
    expect((await good(firm, 'GET', everybody, { as: 'finance' })).rows).toHaveLength(5)
  })

  it('warns no more over an overlap that somebody called right, until its times change', async () => {
    const firm = await testFirm(test.services)
    const at = (startMinute: number, endMinute: number) =>
      firm.addHours({ date: '2026-03-10', startMinute, endMinute, minutes: endMinute - startMinute })
    const [first, second] = [await at(540, 660), await at(600, 720)]
    const warnings = async () => (await good(firm, 'GET', '/weeks/2026/11')).days[1].warnings
    expect(await warnings()).toEqual([{ code: 'overlap', entryIds: [first, second], minutes: 60 }])
    const accept = (accepted: boolean) =>
      good(firm, 'POST', '/hours/overlaps', { body: { entryIds: [first, second], accepted } })
    await accept(true)
    expect(await warnings()).toEqual([])
    await accept(false)
    expect(await warnings()).toHaveLength(1)
    await accept(true)
    // A note changes nothing; a third entry is asked for, and so are new times.
    await good(firm, 'PATCH', `/hours/${first}`, { version: 1, body: { note: 'samen gedaan' } })
    expect(await warnings()).toEqual([])
    const third = await at(700, 760)
    expect(await warnings()).toEqual([{ code: 'overlap', entryIds: [second, third], minutes: 20 }])
    await good(firm, 'PATCH', `/hours/${second}`, { version: 1, body: { startMinute: 610 } })
    expect(await warnings()).toHaveLength(2)
    const others = await firm.addHours({ memberId: firm.members.finance })
    const wrong = await ask(firm, 'POST', '/hours/overlaps', { body: { entryIds: [first, others], accepted: true } })
    expect(fieldsOf(wrong)).toEqual([422, '/entryIds/1 hours-unknown'])
  })
})
