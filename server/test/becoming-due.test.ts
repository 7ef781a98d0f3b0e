import { addDays, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { becomeDue } from '../src/due/become-due.ts'
import { type TestApp, testApp, testNow } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
beforeEach(() => test.clock.set(testNow))
afterAll(() => test.close())

interface Asked {
  readonly body?: object
  readonly version?: number
  readonly as?: Parameters<TestFirm['as']>[0]
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

async function ask<Body = Subscriptions>(firm: TestFirm, method: Method, path: string, asked: Asked = {}) {
  const { body, version, as = 'finance' } = asked
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as(as),
      'accept-language': 'en',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

interface Due {
  readonly id: string
  readonly number: number
  readonly periodFrom: string
  readonly periodUntil: string
  readonly dueOn: string
  readonly amount: string
  readonly skipped: boolean
  readonly claimed: boolean
  readonly version: number
}
interface Subscriptions {
  readonly rows: { id: string; version: number; amount: string; due: Due[]; ahead: Due[] }[]
  readonly code?: string
  readonly errors?: { pointer: string; code: string }[]
}

const subscribed = (firm: TestFirm) => firm.addProject({ name: 'Onderhoud', invoicingMethod: 'subscription' })

async function subscribe(firm: TestFirm, projectId: string, change: object = {}) {
  const made = await ask(firm, 'POST', `/projects/${projectId}/subscriptions`, {
    body: { description: 'Onderhoud', amount: '850.00', period: 'month', from: '2026-01-31', ...change },
  })
  expect(made.status).toBe(201)
  return made.body.rows.at(-1) as Subscriptions['rows'][number]
}

const read = async (firm: TestFirm, projectId: string) =>
  (await ask(firm, 'GET', `/projects/${projectId}/subscriptions`)).body

const told = (due: readonly Due[]) =>
  due
    .map(({ number, periodFrom, periodUntil, amount }) => `${number}: ${periodFrom} – ${periodUntil}, ${amount}`)
    .toReversed()

/** As if a sent invoice held it. */
async function claim(firm: TestFirm, kind: 'subscription' | 'instalment', entryId: string) {
  const { body } = await ask<{ id: string }>(firm, 'POST', '/invoices', { body: { customerId: firm.customerId } })
  await firm.within((trx) =>
    trx
      .insertInto('claim')
      .values({
        firmId: firm.id,
        id: test.services.ids.next(),
        entryKind: kind,
        entryId,
        invoiceId: body.id,
        claimedAt: test.clock.now(),
      })
      .execute(),
  )
}

describe('a period becomes due once', () => {
  it('however often the job runs, in several processes at once, and after a month that was missed', async () => {
    const firm = await testFirm(test.services)
    const project = await subscribed(firm)
    test.clock.set('2026-01-15T10:00:00Z')
    expect((await subscribe(firm, project)).due).toEqual([])
    test.clock.set('2026-01-30T22:30:00Z') // half past eleven in the evening in Amsterdam
    expect(await becomeDue(test.services)).toBe(0)
    test.clock.set('2026-01-30T23:30:00Z')
    const made = await Promise.all([1, 2, 3, 4].map(() => becomeDue(test.services)))
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await becomeDue(test.services)).toBe(0)
    test.clock.set('2026-04-02T10:00:00Z')
    expect(await becomeDue(test.services)).toBe(2)
    const [row] = (await read(firm, project)).rows
    expect(told(row?.due ?? [])).toEqual([
      '1: 2026-01-31 – 2026-02-27, 850.00',
      '2: 2026-02-28 – 2026-03-30, 850.00',
      '3: 2026-03-31 – 2026-04-29, 850.00',
    ])
    expect(row?.ahead.map(({ dueOn }) => dueOn)).toEqual(['2026-04-30', '2026-05-31', '2026-06-30'])
  })

  it('and the same whether the job ran every day or once a year', async () => {
    const terms = [
      { from: '2026-01-31' },
      { from: '2026-02-28', period: 'year' },
      { from: '2025-11-30', period: 'quarter', inAdvance: false },
      { from: '2026-01-05', period: 'week', until: '2026-05-20', lastPeriod: 'by-day' },
    ]
    const firms = [await testFirm(test.services), await testFirm(test.services)]
    const projects: string[] = []
    test.clock.set('2025-11-01T10:00:00Z')
    for (const firm of firms) {
      const project = await subscribed(firm)
      projects.push(project)
      for (const one of terms) await subscribe(firm, project, one)
    }
    const [daily, late] = firms as [TestFirm, TestFirm]
    await late.within((trx) => trx.updateTable('subscription').set({ deletedAt: test.clock.now() }).execute())
    for (let date = calendarDate('2025-11-02'); date < '2026-07-01'; date = addDays(date, 3)) {
      test.clock.set(`${date}T10:00:00Z`)
      await becomeDue(test.services)
    }
    test.clock.set('2026-07-01T10:00:00Z')
    await late.within((trx) => trx.updateTable('subscription').set({ deletedAt: null }).execute())
    await becomeDue(test.services)
    const all = async (firm: TestFirm, project: string) => (await read(firm, project)).rows.map(({ due }) => told(due))
    const expected = await all(daily, projects[0] as string)
    expect(expected.flat()).toHaveLength(6 + 1 + 2 + 20)
    expect(await all(late, projects[1] as string)).toEqual(expected)
  })

  it('on the day as the firm’s own calendar has it', async () => {
    const [auckland, amsterdam, honolulu] = [
      await testFirm(test.services, { timeZone: 'Pacific/Auckland' }),
      await testFirm(test.services, { timeZone: 'Europe/Amsterdam' }),
      await testFirm(test.services, { timeZone: 'Pacific/Honolulu' }),
    ]
    const projects = new Map<TestFirm, string>()
    test.clock.set('2026-03-20T10:00:00Z')
    for (const firm of [auckland, amsterdam, honolulu]) {
      const project = await subscribed(firm)
      await subscribe(firm, project, { from: '2026-04-01' })
      projects.set(firm, project)
    }
    const dueIn = async (instant: string) => {
      test.clock.set(instant)
      await becomeDue(test.services)
      const names = []
      for (const [firm, project] of projects) {
        const [row] = (await read(firm, project)).rows
        names.push(row?.due.length)
      }
      return names
    }
    expect(await dueIn('2026-03-31T10:59:00Z')).toEqual([0, 0, 0]) // 23:59 in Auckland
    expect(await dueIn('2026-03-31T11:00:00Z')).toEqual([1, 0, 0])
    expect(await dueIn('2026-03-31T22:00:00Z')).toEqual([1, 1, 0]) // summer time in Amsterdam
    expect(await dueIn('2026-04-01T09:59:00Z')).toEqual([1, 1, 0])
    expect(await dueIn('2026-04-01T10:00:00Z')).toEqual([1, 1, 1])
    expect(dateIn('Pacific/Honolulu', test.clock.now())).toBe('2026-04-01')
  })
})

describe('a subscription that changes', () => {
  it('asks the new amount from the next period on, unless those that are due shall change too', async () => {
    const firm = await testFirm(test.services)
    const project = await subscribed(firm)
    const made = await subscribe(firm, project, { from: '2026-02-01' })
    expect(made.due).toHaveLength(2)
    const path = `/projects/${project}/subscriptions/${made.id}`
    const raised = await ask(firm, 'PATCH', path, { body: { amount: '900.00' }, version: made.version })
    expect(raised.body.rows[0]?.due.map(({ amount }) => amount)).toEqual(['850.00', '850.00'])
    expect(raised.body.rows[0]?.ahead[0]?.amount).toBe('900.00')
    const mended = await ask(firm, 'PATCH', path, {
      body: { amount: '950.00', dueToo: true },
      version: made.version + 1,
    })
    expect(mended.body.rows[0]?.due.map(({ amount }) => amount)).toEqual(['950.00', '950.00'])
    const stale = await ask(firm, 'PATCH', path, { body: { amount: '1.00' }, version: made.version })
    expect(stale.status).toBe(409)
  })

  it('keeps what is invoiced, and lets the rest follow its last day', async () => {
    const firm = await testFirm(test.services)
    const project = await subscribed(firm)
    const made = await subscribe(firm, project, { from: '2026-01-01', lastPeriod: 'by-day' })
    await claim(firm, 'subscription', made.due.at(-1)?.id as string)
    const path = `/projects/${project}/subscriptions/${made.id}`
    const change = (body: object, version = made.version) => ask(firm, 'PATCH', path, { body, version })
    for (const [body, pointer] of [
      [{ from: '2026-01-02' }, '/from'],
      [{ period: 'quarter' }, '/period'],
      [{ until: '2026-01-15' }, '/until'],
    ] as const)
      expect(await change(body)).toMatchObject({
        status: 422,
        body: { errors: [{ pointer, code: 'period-invoiced' }] },
      })
    const ended = await change({ until: '2026-02-14' })
    expect(told(ended.body.rows[0]?.due ?? [])).toEqual([
      '1: 2026-01-01 – 2026-01-31, 850.00',
      '2: 2026-02-01 – 2026-02-14, 425.00',
    ])
    const open = await change({ until: null }, made.version + 1)
    expect(told(open.body.rows[0]?.due ?? []).slice(1)).toEqual([
      '2: 2026-02-01 – 2026-02-28, 850.00',
      '3: 2026-03-01 – 2026-03-31, 850.00',
    ])
    const removed = await ask(firm, 'DELETE', path, { version: made.version + 2 })
    expect(removed).toMatchObject({ status: 409, body: { code: 'subscription-invoiced' } })
  })

  it('leaves a period out that somebody skips, and takes it back', async () => {
    const firm = await testFirm(test.services)
    const project = await subscribed(firm)
    const { due } = await subscribe(firm, project, { from: '2026-03-01' })
    const path = `/projects/${project}/subscription-periods/${due[0]?.id}`
    const skipped = await ask(firm, 'PATCH', path, { body: { skipped: true }, version: 1 })
    expect(skipped.body.rows[0]?.due).toMatchObject([{ skipped: true }])
    await becomeDue(test.services)
    expect((await read(firm, project)).rows[0]?.due).toMatchObject([{ skipped: true }])
    const back = await ask(firm, 'PATCH', path, { body: { skipped: false }, version: 2 })
    expect(back.body.rows[0]?.due).toMatchObject([{ skipped: false }])
  })

  it('says at the field what cannot be', async () => {
    const firm = await testFirm(test.services)
    const project = await subscribed(firm)
    const refused = async (body: object, projectId = project) =>
      (
        await ask(firm, 'POST', `/projects/${projectId}/subscriptions`, {
          body: { description: 'Onderhoud', amount: '850.00', period: 'month', from: '2026-01-31', ...body },
        })
      ).body
    expect(await refused({ until: '2026-01-30' })).toMatchObject({
      errors: [{ pointer: '/until', code: 'end-before-start' }],
    })
    expect(await refused({ from: '1926-01-31' })).toMatchObject({
      errors: [{ pointer: '/from', code: 'too-long-ago' }],
    })
    expect(await refused({ amount: '-1' })).toMatchObject({ errors: [{ pointer: '/amount' }] })
    expect(await refused({}, firm.projectId)).toMatchObject({ code: 'project-not-subscription' })
  })
})

interface Instalments {
  readonly version: number
  readonly code?: string
  readonly errors?: { pointer: string; code: string }[]
  readonly sums: { activityId: string | null; price: string | null; sum: string; claimed: string; difference: string }[]
  readonly rows: {
    id: string
    number: number
    description: string
    amount: string
    dueOn: string
    kind: string
    version: number
  }[]
}

describe('instalments of a price', () => {
  const amounts = ({ rows }: Instalments) => rows.map(({ number, amount, dueOn }) => `${number}: ${amount} on ${dueOn}`)

  it('are split evenly, the last takes the remainder, and the sum is held against the price', async () => {
    const firm = await testFirm(test.services)
    const project = await firm.addProject({ name: 'Intranet', invoicingMethod: 'fixed-price' })
    const path = `/projects/${project}`
    const missing = await ask<Instalments>(firm, 'POST', `${path}/instalments/split`, {
      body: { by: { parts: 3 }, dueOn: '2026-01-31' },
    })
    expect(missing).toMatchObject({ status: 409, body: { code: 'price-missing' } })
    const priced = await ask<Instalments>(firm, 'PUT', `${path}/price`, { body: { price: '20000' }, version: 1 })
    expect(priced.body.sums).toMatchObject([{ price: '20000.00', sum: '0.00', difference: '20000.00' }])
    const split = await ask<Instalments>(firm, 'POST', `${path}/instalments/split`, {
      body: { by: { parts: 3 }, dueOn: '2026-01-31' },
    })
    expect(amounts(split.body)).toEqual([
      '1: 6666.66 on 2026-01-31',
      '2: 6666.66 on 2026-02-28',
      '3: 6666.68 on 2026-03-31',
    ])
    expect(split.body.rows[0]?.description).toBe('Termijn 1 van 3')
    expect(split.body.sums).toMatchObject([{ difference: '0.00' }])
    const [first] = split.body.rows
    const changed = await ask<Instalments>(firm, 'PATCH', `${path}/instalments/${first?.id}`, {
      body: { amount: '5000', description: 'Bij opdracht' },
      version: 1,
    })
    expect(changed.body.sums).toMatchObject([{ sum: '18333.34', difference: '1666.66' }])
    const corrected = await ask<Instalments>(firm, 'POST', `${path}/instalments/correction`, { body: {} })
    expect(corrected.body.rows.at(-1)).toMatchObject({ amount: '8333.34' })
    expect(corrected.body.sums).toMatchObject([{ difference: '0.00' }])
  })

  it('stay when they are invoiced: a lower price becomes a negative correction', async () => {
    const firm = await testFirm(test.services)
    const project = await firm.addProject({ invoicingMethod: 'fixed-price', price: '1000' })
    const path = `/projects/${project}`
    const split = await ask<Instalments>(firm, 'POST', `${path}/instalments/split`, {
      body: { by: { percentages: ['40', '60'] }, dueOn: '2026-01-31' },
    })
    for (const { id } of split.body.rows) await claim(firm, 'instalment', id)
    const [first] = split.body.rows
    for (const [method, body] of [
      ['PATCH', { amount: '1' }],
      ['DELETE', undefined],
    ] as const)
      expect(
        await ask(firm, method, `${path}/instalments/${first?.id}`, { ...(body ? { body } : {}), version: 1 }),
      ).toMatchObject({ status: 409, body: { code: 'instalment-claimed' } })
    await ask(firm, 'PUT', `${path}/price`, { body: { price: '900' }, version: 1 })
    const again = await ask<Instalments>(firm, 'POST', `${path}/instalments/split`, {
      body: { by: { parts: 2 }, dueOn: '2026-01-31' },
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'price-invoiced' } })
    const corrected = await ask<Instalments>(firm, 'POST', `${path}/instalments/correction`, { body: {} })
    expect(corrected.body.rows.at(-1)).toMatchObject({ kind: 'correction', amount: '-100.00', number: null })
    expect(corrected.body.rows.at(-1)?.dueOn).toBe('2026-03-31')
    expect(corrected.body.sums).toMatchObject([{ sum: '900.00', claimed: '1000.00', difference: '0.00' }])
  })

  it('are of each activity where each has its own price', async () => {
    const firm = await testFirm(test.services)
    const project = await firm.addProject({ invoicingMethod: 'fixed-per-activity' })
    const design = await firm.addActivity({ name: 'Ontwerp' })
    await firm.within((trx) =>
      trx.insertInto('projectActivity').values({ firmId: firm.id, projectId: project, activityId: design }).execute(),
    )
    const path = `/projects/${project}`
    const unknown = await ask<Instalments>(firm, 'PUT', `${path}/price`, {
      body: { activities: [{ activityId: firm.activityId, price: '5' }] },
      version: 1,
    })
    expect(unknown.body.errors).toMatchObject([{ pointer: '/activities/0/activityId', code: 'activity-not-named' }])
    await ask(firm, 'PUT', `${path}/price`, {
      body: { activities: [{ activityId: design, price: '750' }] },
      version: 1,
    })
    const made = await ask<Instalments>(firm, 'POST', `${path}/instalments/split`, {
      body: { activityId: design, by: { parts: 1 }, dueOn: '2026-04-30' },
    })
    expect(made.body.rows).toMatchObject([{ amount: '750.00', description: 'Ontwerp, afgesproken prijs' }])
    expect(made.body.sums).toMatchObject([{ activityId: design, price: '750.00', difference: '0.00' }])
    const without = await ask<Instalments>(firm, 'POST', `${path}/instalments`, {
      body: { amount: '5', dueOn: '2026-04-30' },
    })
    expect(without.body.errors).toMatchObject([{ pointer: '/activityId', code: 'required' }])
  })

  it('says at the field what cannot be', async () => {
    const firm = await testFirm(test.services)
    const project = await firm.addProject({ invoicingMethod: 'fixed-price', price: '0.05' })
    const path = `/projects/${project}/instalments`
    const wrong = async (to: string, body: object) => (await ask<Instalments>(firm, 'POST', to, { body })).body.errors
    expect(await wrong(path, { amount: '0', dueOn: '2026-04-30' })).toMatchObject([{ code: 'amount-zero' }])
    expect(await wrong(path, { amount: '1.001', dueOn: '2026-04-30' })).toMatchObject([{ pointer: '/amount' }])
    expect(await wrong(path, { amount: '1', dueOn: '2026-02-30' })).toMatchObject([{ pointer: '/dueOn' }])
    expect(await wrong(path, { amount: '1', dueOn: '2026-04-30', periodFrom: '2026-04-01' })).toMatchObject([
      { pointer: '/periodUntil', code: 'required' },
    ])
    expect(await wrong(`${path}/split`, { by: { parts: 20 }, dueOn: '2026-04-30' })).toMatchObject([
      { code: 'too-many-parts' },
    ])
    expect(await wrong(`${path}/split`, { by: { percentages: ['50', '49'] }, dueOn: '2026-04-30' })).toMatchObject([
      { code: 'percentages-not-hundred' },
    ])
  })
})
