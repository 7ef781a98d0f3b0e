import { salesEntryFromInvoice } from '@uurwerk/core/bookkeeping/sales-entry-from-invoice.ts'
import { add, type Decimal, decimal, divide, round, sum, times, toCents } from '@uurwerk/core/shared/money.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { becomeDue } from '../src/due/become-due.ts'
import { findInvoice, type StoredInvoice } from '../src/invoices/invoice-rows.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp, testNow } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'
import type { UninvoicedAnswer } from '../src/uninvoiced/uninvoiced.ts'

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

async function ask<Body>(firm: TestFirm, method: 'GET' | 'POST' | 'DELETE', path: string, asked: Asked = {}) {
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

const read = async (firm: TestFirm, query = '', as: Asked['as'] = 'finance') =>
  (await ask<UninvoicedAnswer>(firm, 'GET', `/uninvoiced${query}`, { as })).body

interface Made {
  readonly invoices: { id: string; customerName: string; net: string; entries: number }[]
  readonly leftOut: { kind: string; id: string; label: string; problem: { code: string; cause: string } }[]
}

const invoice = (firm: TestFirm, body: object) => ask<Made>(firm, 'POST', '/invoices/from-entries', { body })
const draft = async (firm: TestFirm, id: string) => (await ask<InvoiceAnswer>(firm, 'GET', `/invoices/${id}`)).body

/** Everything that is free, as the page offers it. */
const allFree = (answer: UninvoicedAnswer) => {
  const rows = answer.customers.flatMap(({ projects }) => projects)
  const of = (list: typeof rows) => ({
    filter: { state: ['free'], billable: true, projectId: [...new Set(list.map(({ projectId }) => projectId))] },
  })
  const hourly = rows.filter(({ method }) => method.startsWith('hourly-'))
  return {
    ...(hourly.length > 0 ? { hours: of(hourly) } : {}),
    expenses: of(rows),
    trips: of(rows),
    instalmentIds: rows.flatMap(({ instalments }) => instalments.map(({ id }) => id)),
    subscriptionPeriodIds: rows.flatMap(({ periods }) => periods.map(({ id }) => id)),
  }
}

const stamps = () => ({ createdAt: test.clock.now(), updatedAt: test.clock.now() })

async function addCategory(firm: TestFirm, change: object = {}) {
  const id = test.services.ids.next()
  await firm.within((trx) =>
    trx
      .insertInto('expenseCategory')
      .values({ firmId: firm.id, id, name: 'Verblijf', ...stamps(), ...change })
      .execute(),
  )
  return id
}

async function addExpense(firm: TestFirm, categoryId: string, change: object = {}) {
  const id = test.services.ids.next()
  await firm.within((trx) =>
    trx
      .insertInto('expense')
      .values({
        firmId: firm.id,
        id,
        memberId: firm.members.employee,
        date: '2026-03-10',
        projectId: firm.projectId,
        categoryId,
        currency: 'EUR',
        gross: '121.00',
        inputVat: '21.00',
        rechargeNet: '100.00',
        billable: true,
        reimbursable: true,
        ...stamps(),
        ...change,
      })
      .execute(),
  )
  return id
}

async function addTrip(firm: TestFirm, change: object = {}) {
  const id = test.services.ids.next()
  await firm.within((trx) =>
    trx
      .insertInto('trip')
      .values({
        firmId: firm.id,
        id,
        memberId: firm.members.employee,
        date: '2026-03-11',
        fromPlace: 'Zwolle',
        toPlace: 'Utrecht',
        distanceKm: '90.5',
        returnTrip: true,
        kind: 'business',
        projectId: firm.projectId,
        billable: true,
        reimbursable: true,
        ...stamps(),
        ...change,
      })
      .execute(),
  )
  return id
}

const addKmRate = (firm: TestFirm, change: object = {}) =>
  firm.addRate({ unit: 'km', purpose: 'billing', scope: 'firm', amount: '0.39', ...change })

async function addInstalment(firm: TestFirm, projectId: string, change: object = {}) {
  const id = test.services.ids.next()
  await firm.within((trx) =>
    trx
      .insertInto('instalment')
      .values({
        firmId: firm.id,
        id,
        projectId,
        position: 1,
        description: 'Termijn',
        amount: '1500.00',
        dueOn: '2026-03-15',
        ...stamps(),
        ...change,
      })
      .execute(),
  )
  return id
}

async function addSubscription(firm: TestFirm, projectId: string, change: object = {}) {
  const id = test.services.ids.next()
  await firm.within((trx) =>
    trx
      .insertInto('subscription')
      .values({
        firmId: firm.id,
        id,
        projectId,
        description: 'Onderhoud',
        amount: '850.00',
        period: 'month',
        fromDate: '2026-02-01',
        ...stamps(),
        ...change,
      })
      .execute(),
  )
  await becomeDue(test.services)
  return id
}

/** A firm with one of everything at one customer. */
async function full() {
  const firm = await testFirm(test.services)
  await addKmRate(firm)
  const category = await addCategory(firm)
  const fixed = await firm.addProject({ name: 'Intranet', code: 'INT', invoicingMethod: 'fixed-price', price: '4500' })
  const care = await firm.addProject({ name: 'Onderhoud', code: 'OND', invoicingMethod: 'subscription' })
  const ids = {
    hours: [await firm.addHours({ minutes: 100 }), await firm.addHours({ minutes: 100, date: '2026-03-16' })],
    expense: await addExpense(firm, category),
    trip: await addTrip(firm),
    instalments: [
      await addInstalment(firm, fixed, { dueOn: '2026-02-15', position: 1 }),
      await addInstalment(firm, fixed, { position: 2 }),
      await addInstalment(firm, fixed, { dueOn: '2026-04-15', position: 3 }),
    ],
  }
  await firm.addHours({ projectId: fixed, minutes: 45 })
  await firm.addHours({ projectId: care, minutes: 30 })
  await firm.addHours({ projectId: care, minutes: 90, date: '2026-01-20' })
  await addSubscription(firm, care)
  return { firm, fixed, care, category, ids }
}

describe('what is uninvoiced', () => {
  it('stands per customer and project with each kind, its age and what is covered', async () => {
    const { firm, fixed, care } = await full()
    const answer = await read(firm)
    expect(answer.customers).toHaveLength(1)
    expect(answer.customers[0]).toMatchObject({ customerName: 'Bakkerij Zon', customerNumber: '1001', currency: 'EUR' })
    const rows = answer.customers[0]?.projects ?? []
    expect(rows.map(({ projectName, total, ageDays }) => [projectName, total, ageDays])).toEqual([
      ['Intranet', '3000.00', 44],
      ['Onderhoud', '1700.00', 58],
      ['Website', '517.25', 29],
    ])
    expect(rows.find(({ projectId }) => projectId === firm.projectId)).toMatchObject({
      // 3.3333 hours at 104: what two separate lines would make is 346.68.
      hours: { minutes: 200, amount: '346.66', withoutRateMinutes: 0 },
      expenses: { count: 1, amount: '100.00' },
      trips: { km: '181.0', amount: '70.59' },
      notYetApproved: { minutes: 0, amount: '0.00' },
    })
    expect(rows.find(({ projectId }) => projectId === fixed)).toMatchObject({
      coveredMinutes: 45,
      fixedPrice: '3000.00',
      instalments: [
        { number: 1, of: 3, dueOn: '2026-02-15' },
        { number: 2, of: 3, dueOn: '2026-03-15' },
      ],
    })
    expect(rows.find(({ projectId }) => projectId === care)).toMatchObject({
      coveredMinutes: 30,
      subscription: '1700.00',
      periods: [{ periodFrom: '2026-02-01' }, { periodFrom: '2026-03-01', periodUntil: '2026-03-31' }],
    })
    expect(answer.totals).toMatchObject([{ currency: 'EUR', customers: 1, projects: 3, total: '5217.25' }])
    expect(answer.ages[0]?.buckets.map(({ bucket, amount, projects }) => [bucket, amount, projects])).toEqual([
      ['0-30', '517.25', 1],
      ['31-60', '4700.00', 2],
      ['61-90', '0.00', 0],
      ['over-90', '0.00', 0],
    ])
  })

  it('is what the drafts made of it come to, to the cent, and nothing is left', async () => {
    const { firm } = await full()
    const before = await read(firm)
    const made = await invoice(firm, { ...allFree(before), splitBy: 'project' })
    expect(made.status).toBe(201)
    expect(made.body.leftOut).toEqual([])
    const nets = new Map(
      await Promise.all(
        made.body.invoices.map(async ({ id }) => {
          const { lines, net } = await draft(firm, id)
          return [lines[0]?.projectId, net] as const
        }),
      ),
    )
    for (const { projectId, total } of before.customers[0]?.projects ?? []) expect(nets.get(projectId)).toBe(total)
    expect((await read(firm)).customers).toEqual([])
  })

  it('keeps what is not approved outside the total, and off every invoice', async () => {
    const { firm, category } = await full()
    await firm.within((trx) => trx.updateTable('firm').set({ approval: 'internal' }).execute())
    await firm.addHours({ approval: 'approved', minutes: 60, date: '2026-03-20' })
    const waiting = await addExpense(firm, category, { approval: 'submitted', rechargeNet: '9.50' })
    const answer = await read(firm)
    const row = answer.customers[0]?.projects.find(({ projectId }) => projectId === firm.projectId)
    expect(row).toMatchObject({
      hours: { minutes: 60, amount: '104.00' },
      total: '104.00',
      notYetApproved: { minutes: 200, amount: '526.75' }, // 346.66 + 100.00 + 9.50 + 70.59
      ageDays: 11,
    })
    const made = await invoice(firm, allFree(answer))
    expect(new Set(made.body.leftOut.map(({ problem }) => problem.code))).toEqual(
      new Set(['hours-not-approved', 'entry-not-approved']),
    )
    expect(made.body.leftOut.find(({ id }) => id === waiting)?.problem.cause).toContain('Website')
    expect(made.body.invoices).toMatchObject([{ net: '4804.00' }])
  })

  it('is rounded as it will be billed: by entry or by day, by the project before the customer', async () => {
    const firm = await testFirm(test.services)
    const rule = (stepMinutes: number, per: 'entry' | 'day') =>
      JSON.stringify({ stepMinutes, direction: 'up', per }) as never
    await firm.within((trx) =>
      trx
        .updateTable('customer')
        .set({ billingRounding: rule(15, 'day') })
        .execute(),
    )
    const own = await firm.addProject({ name: 'Eigen', billingRounding: rule(30, 'entry') })
    for (const minutes of [7, 7, 7]) await firm.addHours({ minutes })
    for (const minutes of [7, 31]) await firm.addHours({ minutes, projectId: own })
    const answer = await read(firm)
    expect(answer.customers[0]?.projects.map(({ projectName, hours }) => [projectName, hours])).toEqual([
      ['Eigen', { minutes: 38, amount: '156.00', withoutRateMinutes: 0 }],
      ['Website', { minutes: 21, amount: '52.00', withoutRateMinutes: 0 }],
    ])
    const made = await invoice(firm, allFree(answer))
    expect(made.body.invoices).toMatchObject([{ net: answer.totals[0]?.total }])
  })

  it('names hours and kilometres without a rate, and makes no money of them', async () => {
    const firm = await testFirm(test.services)
    const travel = await firm.addActivity({ name: 'Reizen' })
    await firm.addHours({ activityId: travel, minutes: 50 })
    await firm.addHours()
    await addTrip(firm)
    const [row] = (await read(firm)).customers[0]?.projects ?? []
    expect(row).toMatchObject({
      hours: { minutes: 110, amount: '104.00', withoutRateMinutes: 50 },
      trips: { km: '181.0', amount: '0.00', withoutRateKm: '181.0' },
      total: '104.00',
    })
  })

  it('stands per currency', async () => {
    const { firm, category } = await full()
    await addExpense(firm, category, { currency: 'USD', rechargeNet: '80' })
    const { totals, customers } = await read(firm)
    expect(totals.map(({ currency, total }) => [currency, total])).toEqual([
      ['EUR', '5217.25'],
      ['USD', '80.00'],
    ])
    expect(customers.map(({ currency }) => currency).sort()).toEqual(['EUR', 'USD'])
  })

  it('shows a manager the projects he manages, an employee nothing', async () => {
    const { firm, fixed } = await full()
    const manager = { firmId: firm.id, projectId: fixed, memberId: firm.members.manager, manager: true }
    await firm.within((trx) => trx.insertInto('projectMember').values(manager).execute())
    const seen = await read(firm, '', 'manager')
    expect(seen.customers.flatMap(({ projects }) => projects.map(({ projectName }) => projectName))).toEqual([
      'Intranet',
    ])
    expect((await ask(firm, 'GET', '/uninvoiced', { as: 'employee' })).status).toBe(403)
    const managed = await read(firm, `?managerId=${firm.members.manager}`)
    expect(managed.totals).toMatchObject([{ projects: 1 }])
    expect((await read(firm, `?customerId=${firm.id}`)).customers).toEqual([])
    const team = test.services.ids.next()
    await firm.within(async (trx) => {
      await trx
        .insertInto('team')
        .values({ firmId: firm.id, id: team, name: 'Bouw', ...stamps() })
        .execute()
    })
    expect((await read(firm, `?teamId=${team}`)).customers).toEqual([])
    await firm.within((trx) =>
      trx.insertInto('teamMember').values({ firmId: firm.id, teamId: team, memberId: firm.members.employee }).execute(),
    )
    expect((await read(firm, `?teamId=${team}`)).totals).toMatchObject([{ projects: 1, total: '517.25' }])
  })
})

describe('as a file', () => {
  it('has a row for each project, with figures that a spreadsheet of that language reads', async () => {
    const { firm } = await full()
    const file = async (query: string, language: string) => {
      const answer = await test.app.inject({
        url: `/api/v1/uninvoiced/export${query}`,
        headers: { ...firm.as('finance'), 'accept-language': language },
      })
      return {
        name: answer.headers['content-disposition'],
        lines: answer.body.replace('\uFEFF', '').trimEnd().split('\r\n'),
      }
    }
    const english = await file('', 'en')
    expect(english.name).toContain('uninvoiced-2026-03-31.csv')
    expect(english.lines.map((line) => line.split(',').length)).toEqual([24, 20, 20, 20]) // four heads have a comma of their own
    expect(english.lines[3]).toBe(
      '"1001","Bakkerij Zon","WEB","Website",,"EUR",3.33,346.66,0.00,0.00,100.00,181.0,70.59,0.00,0.00,517.25,2026-03-02,29,0.00,0.00',
    )
    const dutch = await file('?asAt=2026-03-10', 'nl')
    expect(dutch.name).toContain('nog-te-factureren-2026-03-31.csv')
    expect(dutch.lines[3]).toContain(';"Website";;"EUR";1,67;173,34;')
    const sheet = await test.app.inject({ url: '/api/v1/uninvoiced/export?format=xlsx', headers: firm.as('manager') })
    expect(sheet.rawPayload.subarray(0, 2).toString()).toBe('PK')
  })
})

describe('up to a date', () => {
  it('is what is of that day or before it, as far as nobody invoiced it since', async () => {
    const { firm, ids } = await full()
    const total = async (query: string) => (await read(firm, query)).totals[0]?.total ?? '0.00'
    const days = ['2026-01-31', '2026-03-10', '2026-03-31', '2026-04-30']
    const asAt = await Promise.all(days.slice(0, 3).map((day) => total(`?asAt=${day}`)))
    expect(await Promise.all(days.slice(0, 3).map((day) => total(`?until=${day}`)))).toEqual(asAt)
    expect(await total('?until=2026-04-30')).toBe(await total(''))
    await invoice(firm, { hours: { ids: ids.hours.slice(0, 1) }, date: '2026-03-31' })
    expect(await total('?asAt=2026-03-10')).toBe('3473.34')
    expect(await total('?until=2026-03-10')).toBe('3300.00') // without the hours that were invoiced on the 31st
  })
})

describe('as at a date', () => {
  it('is what no invoice dated up to that day held, whatever happened since', async () => {
    const { firm, ids } = await full()
    const total = async (asAt: string) => (await read(firm, `?asAt=${asAt}`)).totals[0]?.total ?? '0.00'
    expect(await total('2026-03-31')).toBe('5217.25')
    expect(await total('2026-03-10')).toBe('3473.34') // 100 minutes, the expense, an instalment and two periods
    expect(await total('2026-01-31')).toBe('0.00')
    expect((await ask(firm, 'GET', '/uninvoiced?asAt=2026-04-01')).status).toBe(422)

    // Made on 31 March, dated 15 March: from that day on it is billed.
    const made = await invoice(firm, { hours: { ids: ids.hours.slice(0, 1) }, date: '2026-03-15' })
    const { id, version } = await draft(firm, made.body.invoices[0]?.id as string)
    expect(await total('2026-03-14')).toBe('3543.93') // with the trip of the 11th
    expect(await total('2026-03-31')).toBe('5043.93') // 5217.25 - 346.66 + 173.34
    test.clock.set('2026-04-20T10:00:00Z')
    expect(await total('2026-03-15')).toBe('4870.59') // 4500 + 100 + 70.59 + 200.00: hours of 2 March are billed
    await ask(firm, 'DELETE', `/invoices/${id}`, { version })
    expect(await total('2026-03-31')).toBe('5217.25')
  })
})

describe('against a plain recomputation', () => {
  it('comes to the same, entry by entry, whatever was written', async () => {
    const firm = await testFirm(test.services)
    const random = seededRandom(20260331)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)] as T
    const design = await firm.addActivity({ name: 'Ontwerp' })
    await firm.addRate({ activityId: design, amount: '87.50' })
    await firm.addRate({ activityId: design, amount: '91.25', fromDate: '2026-03-10' })
    const [byUser, byCustomer, overruled] = [
      await firm.addProject({ name: 'Per persoon', invoicingMethod: 'hourly-user' }),
      await firm.addProject({ name: 'Per debiteur', invoicingMethod: 'hourly-customer' }),
      await firm.addProject({ name: 'Eigen tarief' }),
    ]
    await firm.addRate({ scope: 'user', activityId: null, memberId: firm.members.employee, amount: '75.55' })
    await firm.addRate({ scope: 'customer', activityId: null, customerId: firm.customerId, amount: '66.10' })
    await firm.addRate({
      scope: 'project-activity',
      activityId: design,
      projectId: overruled,
      amount: '120',
      fromDate: '2026-03-15',
    })
    const rateOf = (projectId: string, activityId: string, date: string): string => {
      if (projectId === byUser) return '75.55'
      if (projectId === byCustomer) return '66.10'
      if (activityId !== design) return '104'
      if (projectId === overruled && date >= '2026-03-15') return '120'
      return date >= '2026-03-10' ? '91.25' : '87.50'
    }
    const groups = new Map<string, number>()
    for (let index = 0; index < 120; index++) {
      const entry = {
        projectId: pick([firm.projectId, byUser, byCustomer, overruled]),
        activityId: pick([firm.activityId, design]),
        date: `2026-03-${String(1 + Math.floor(random.next() * 31)).padStart(2, '0')}`,
        minutes: 1 + Math.floor(random.next() * 300),
      }
      const fate = pick(['free', 'free', 'free', 'free', 'not billable', 'written off', 'deleted'])
      await firm.addHours({
        ...entry,
        billable: fate !== 'not billable',
        writtenOffAt: fate === 'written off' ? test.clock.now() : null,
        deletedAt: fate === 'deleted' ? test.clock.now() : null,
      })
      if (fate !== 'free') continue
      const key = [entry.projectId, entry.activityId, rateOf(entry.projectId, entry.activityId, entry.date)].join(' ')
      groups.set(key, (groups.get(key) ?? 0) + entry.minutes)
    }
    const expected = new Map<string, Decimal>()
    for (const [key, minutes] of groups) {
      const [projectId, , rate] = key.split(' ') as [string, string, string]
      const hours = round(divide(decimal(String(minutes)), decimal('60')), 4)
      const net = toCents(times(hours, decimal(rate)))
      expected.set(projectId, add(expected.get(projectId) ?? decimal('0'), net))
    }
    const answer = await read(firm)
    const rows = answer.customers[0]?.projects ?? []
    expect(rows).toHaveLength(4)
    for (const { projectId, hours } of rows) expect(hours.amount).toBe(toCents(expected.get(projectId) as Decimal))
    expect(answer.totals[0]?.total).toBe(toCents(sum([...expected.values()])))
    const made = await invoice(firm, allFree(answer))
    expect(made.body.invoices).toMatchObject([{ net: answer.totals[0]?.total }])
  })
})

describe('drafts of everything', () => {
  it('claim each row, say where it stands, and free it when its line is taken out', async () => {
    const { firm, ids } = await full()
    const made = await invoice(firm, allFree(await read(firm)))
    const id = made.body.invoices[0]?.id as string
    const one = await draft(firm, id)
    expect(one.lines.map(({ kind, description, net }) => `${kind}: ${description} ${net}`)).toEqual([
      'instalment: Intranet: Termijn 1500.00',
      'instalment: Intranet: Termijn 1500.00',
      'subscription: Onderhoud: Onderhoud, februari 2026 850.00',
      'subscription: Onderhoud: Onderhoud, maart 2026 850.00',
      'hours: Website: Advies, maart 2026 346.66',
      'trip: Website: Kilometers, maart 2026 70.59',
      'expense: 10 maart 2026, Website: Verblijf 100.00',
    ])
    const entries = await ask<{ rows: { kind: string; km: string | null; amount: string | null }[] }>(
      firm,
      'GET',
      `/invoices/${id}/entries`,
    )
    expect(entries.body.rows.map(({ kind }) => kind).sort()).toEqual(
      ['expense', 'hours', 'hours', 'instalment', 'instalment', 'subscription', 'subscription', 'trip'].sort(),
    )
    const again = await invoice(firm, {
      expenses: { ids: [ids.expense] },
      trips: { ids: [ids.trip] },
      instalmentIds: ids.instalments,
    })
    expect(again.body.invoices).toEqual([])
    expect(again.body.leftOut.map(({ kind, problem }) => `${kind} ${problem.code}`)).toEqual([
      'expense entry-claimed',
      'trip entry-claimed',
      'instalment entry-claimed',
      'instalment entry-claimed',
      'instalment not-due-yet',
    ])
    let version = one.version
    for (const kind of ['expense', 'instalment', 'subscription', 'trip'] as const) {
      const line = one.lines.find((row) => row.kind === kind)
      const left = await ask<InvoiceAnswer>(firm, 'DELETE', `/invoices/${id}/lines/${line?.id}`, { version })
      version = left.body.version
    }
    const freed = await read(firm)
    expect(freed.totals).toMatchObject([
      {
        hours: { minutes: 0 },
        expenses: { amount: '100.00' },
        trips: { amount: '70.59' },
        fixedPrice: '1500.00',
        subscription: '850.00',
      },
    ])
    const acts = await firm.within((trx) =>
      trx
        .selectFrom('history')
        .select(['subjectKind', 'act'])
        .where('subjectId', '=', ids.trip)
        .orderBy('id')
        .execute(),
    )
    expect(acts).toEqual([
      { subjectKind: 'trip', act: 'reserved' },
      { subjectKind: 'trip', act: 'freed' },
    ])
  })

  it('group hours and kilometres another way, and leave the rest where it is', async () => {
    const { firm } = await full()
    const made = await invoice(firm, allFree(await read(firm)))
    const one = await draft(firm, made.body.invoices[0]?.id as string)
    const grouped = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${one.id}/grouping`, {
      body: { groupBy: 'entry' },
      version: one.version,
    })
    expect(grouped.body.lines.map(({ kind, entryCount }) => `${kind} ${entryCount}`)).toEqual([
      'hours 1',
      'hours 1',
      'trip 1',
      'instalment 1',
      'instalment 1',
      'subscription 1',
      'subscription 1',
      'expense 1',
    ])
    expect(grouped.body.problems).toEqual([])
    const sent = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${one.id}/sending`, {
      body: { how: 'post' },
      version: grouped.body.version,
    })
    expect(sent).toMatchObject({ status: 200, body: { number: '2026-0001' } })
  })

  it('reach the books by the item of each kind, or say which is missing', async () => {
    const { firm, category } = await full()
    const made = await invoice(firm, allFree(await read(firm)))
    const id = made.body.invoices[0]?.id as string
    const stored = await firm.within((trx) => findInvoice(trx, firm.id, id))
    const sent = { ...(stored as StoredInvoice).invoice, state: 'sent' as const, number: '2026-0001' }
    const items = {
      activities: { [firm.activityId]: 'UREN' },
      expenseCategories: { [category]: 'KOSTEN' },
      trip: 'KM',
      instalment: 'TERMIJN',
      subscription: 'ABO',
    }
    const rules = [...Object.values(items).filter((item) => typeof item === 'string'), 'UREN', 'KOSTEN'].map(
      (item) => ({
        item,
        vatTreatment: 'domestic-standard' as const,
        ledgerAccount: '8000',
        vatCode: '2',
      }),
    )
    const booked = salesEntryFromInvoice({ invoice: sent, items, rules, reference: 'R1' })
    expect('entry' in booked && booked.entry.lines.map(({ item, net }) => `${item} ${net}`)).toEqual([
      'TERMIJN 1500.00',
      'TERMIJN 1500.00',
      'ABO 850.00',
      'ABO 850.00',
      'UREN 346.66',
      'KM 70.59',
      'KOSTEN 100.00',
    ])
    const without = salesEntryFromInvoice({ invoice: sent, items: {}, rules, reference: 'R1' })
    expect('problems' in without && without.problems.map(({ code, values }) => [code, values?.source])).toEqual([
      ['item-missing', 'instalment'],
      ['item-missing', 'subscription'],
      ['item-missing', 'hours'],
      ['item-missing', 'trip'],
      ['item-missing', 'expense'],
    ])
  })

  it('two at once: only one has the instalment', async () => {
    const { firm, ids } = await full()
    const both = await Promise.all(
      [1, 2].map(() => invoice(firm, { instalmentIds: ids.instalments.slice(0, 1), trips: { ids: [ids.trip] } })),
    )
    expect(both.flatMap(({ body }) => body.invoices)).toHaveLength(1)
    expect(both.flatMap(({ body }) => body.leftOut.map(({ problem }) => problem.code))).toEqual([
      'entry-claimed',
      'entry-claimed',
    ])
  })

  it('hold a whole invoice back for a missing km rate, and name the trip', async () => {
    const firm = await testFirm(test.services)
    const trip = await addTrip(firm)
    const hours = await firm.addHours()
    const made = await invoice(firm, { hours: { ids: [hours] }, trips: { ids: [trip] } })
    expect(made.body.invoices).toEqual([])
    expect(made.body.leftOut.map(({ id, problem }) => [id, problem.code])).toEqual([
      [hours, 'invoice-held-back'],
      [trip, 'km-rate-missing'],
    ])
  })

  it('leave out, with the reason, what is of no project, not billable, skipped or of a project that is not invoiced', async () => {
    const { firm, category, care } = await full()
    const none = await firm.addProject({ name: 'Intern', invoicingMethod: 'none' })
    const [period] = await firm.within((trx) =>
      trx.selectFrom('subscriptionPeriod').select('id').where('projectId', '=', care).orderBy('number').execute(),
    )
    await firm.within((trx) =>
      trx
        .updateTable('subscriptionPeriod')
        .set({ skippedAt: test.clock.now() })
        .where('id', '=', period?.id as string)
        .execute(),
    )
    const cases: [string, string, string][] = [
      ['expenses', await addExpense(firm, category, { projectId: null, billable: false }), 'entry-without-project'],
      ['expenses', await addExpense(firm, category, { billable: false }), 'spent-not-billable'],
      ['expenses', await addExpense(firm, category, { projectId: none }), 'project-not-invoiced'],
      ['trips', await addTrip(firm, { writtenOffAt: test.clock.now() }), 'entry-written-off'],
      ['trips', await addTrip(firm, { date: '2026-04-01' }), 'entry-in-future'],
      ['trips', await addTrip(firm, { deletedAt: test.clock.now() }), 'not-found'],
    ]
    const of = (kind: string) => ({ ids: cases.filter(([one]) => one === kind).map(([, id]) => id) })
    const made = await invoice(firm, {
      expenses: of('expenses'),
      trips: of('trips'),
      subscriptionPeriodIds: [period?.id],
    })
    expect(made.body.invoices).toEqual([])
    expect(new Map(made.body.leftOut.map(({ id, problem }) => [id, problem.code]))).toEqual(
      new Map([...cases.map(([, id, code]) => [id, code] as const), [period?.id as string, 'period-skipped']]),
    )
    for (const { problem } of made.body.leftOut) expect(problem.cause).not.toBe(problem.code)
    expect((await invoice(firm, {})).status).toBe(422)
  })

  it('put a disbursement outside VAT, for a customer outside the EU on an invoice of its own', async () => {
    const firm = await testFirm(test.services)
    const category = await addCategory(firm, { disbursement: true, name: 'Griffierecht' })
    const abroad = await firm.addProject({
      name: 'Abroad',
      customerId: await firm.addCustomer({ name: 'Acme', country: 'US', vatCase: 'outside-eu', language: 'en' }),
    })
    const disbursed = async (projectId: string) =>
      addExpense(firm, category, {
        projectId,
        disbursement: true,
        gross: '125.00',
        inputVat: '0',
        rechargeNet: '125.00',
      })
    const home = await invoice(firm, {
      hours: { ids: [await firm.addHours()] },
      expenses: { ids: [await disbursed(firm.projectId)] },
    })
    const one = await draft(firm, home.body.invoices[0]?.id as string)
    expect(one.vatPerRate.map(({ treatment, vat, label }) => [treatment, vat, label])).toEqual([
      ['domestic-standard', '21.84', '21% btw'],
      ['disbursement', '0.00', 'Doorlopende post, geen btw'],
    ])
    expect(one.problems).toEqual([])
    const far = await invoice(firm, {
      hours: { ids: [await firm.addHours({ projectId: abroad })] },
      expenses: { ids: [await disbursed(abroad)] },
    })
    expect(far.body.invoices.map(({ net }) => net).sort()).toEqual(['104.00', '125.00'])
  })

  it('take the same number of statements for many entries as for few, and so does the page', async () => {
    const { firm, category } = await full()
    const counted = async (count: number) => {
      for (let index = 0; index < count; index++) {
        await firm.addHours()
        await addTrip(firm)
        await addExpense(firm, category)
      }
      const page = await withStatements(firm, () => read(firm))
      const made = await withStatements(firm, () => invoice(firm, allFree(page.answer)))
      expect(made.answer.body).toMatchObject({ invoices: [{}], leftOut: [] })
      for (const { id } of made.answer.body.invoices) {
        const { version } = await draft(firm, id)
        await ask(firm, 'DELETE', `/invoices/${id}`, { version })
      }
      return [page.statements.length, made.statements.length]
    }
    await counted(0)
    const few = await counted(1)
    expect(few[0]).toBeGreaterThan(8)
    expect(await counted(30)).toEqual(few)
  })
})
