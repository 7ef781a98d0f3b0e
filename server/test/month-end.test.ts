import type { components } from '@uurwerk/api/generated/schema.d.ts'
import type { Right } from '@uurwerk/api/rights.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'

type MonthEnd = components['schemas']['MonthEnd']
/** As who may see every step of it. */
type WholeMonth = Required<MonthEnd>

let test: TestApp
beforeAll(async () => {
  test = await testApp()
  test.clock.set('2026-04-08T09:00:00Z')
})
afterAll(() => test.close())

async function ask<Body>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
  { as = 'finance', version }: { as?: Parameters<TestFirm['as']>[0]; version?: number } = {},
) {
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
const look = async (firm: TestFirm, month = '2026-03') =>
  (await ask<WholeMonth>(firm, 'GET', `/month-end/${month}`)).body

const contract = (firm: TestFirm, memberId: string, from = '2026-01-01') =>
  test.database.asOwner(
    `insert into contract_hours (firm_id, id, member_id, from_date, minutes_per_day) values ($1, $2, $3, $4, '{480,480,480,480,480,0,0}')`,
    [firm.id, test.services.ids.next(), memberId, from],
  )
async function addEmployee(firm: TestFirm, name: string): Promise<string> {
  const [row] = await test.database.asOwner(
    `insert into member (firm_id, id, name, email, roles, created_at, updated_at)
     values ($1, $2, $3, $4, '{employee}', now(), now()) returning id`,
    [firm.id, test.services.ids.next(), name, `${name.replace(' ', '.').toLowerCase()}@voorbeeld.example`],
  )
  return row?.id as string
}
const submitted = (firm: TestFirm, memberId: string, monday: string) =>
  test.database.asOwner(
    `insert into week_submission (firm_id, id, member_id, monday, submitted_at, submitted_by) values ($1, $2, $3, $4, now(), $3)`,
    [firm.id, test.services.ids.next(), memberId, monday],
  )

const neverSubmitted = { submitted: false, open: { minutes: 0, expenses: 0, trips: 0 } }
const approves = (firm: TestFirm) =>
  test.database.asOwner(`update firm set approval = 'internal' where firm_id = $1`, [firm.id])

describe('who has not submitted', () => {
  it('is who has a contract or hours in a week that is over, and did not say that it is complete', async () => {
    const firm = await testFirm(test.services)
    const { employee, manager } = firm.members
    await contract(firm, employee)
    for (const monday of ['2026-02-23', '2026-03-02', '2026-03-09', '2026-03-16'])
      await submitted(firm, employee, monday)
    await firm.addHours({ memberId: manager, date: '2026-03-10', minutes: 90 })
    const { submitting } = await look(firm)
    expect(submitting).toEqual({
      weeks: 3,
      people: [
        {
          memberId: employee,
          memberName: 'employee',
          archived: false,
          weeks: [
            { year: 2026, week: 13, monday: '2026-03-23', minutes: 0, contractMinutes: 2400, ...neverSubmitted },
            { year: 2026, week: 14, monday: '2026-03-30', minutes: 0, contractMinutes: 2400, ...neverSubmitted },
          ],
        },
        {
          memberId: manager,
          memberName: 'manager',
          archived: false,
          weeks: [{ year: 2026, week: 11, monday: '2026-03-09', minutes: 90, contractMinutes: 0, ...neverSubmitted }],
        },
      ],
    })
  })

  it('leaves out weeks before and after somebody’s employment, and a week that still runs', async () => {
    const firm = await testFirm(test.services)
    const { employee } = firm.members
    await contract(firm, employee)
    await test.database.asOwner(
      `update member set starts_on = '2026-03-16', ends_on = '2026-03-29' where firm_id = $1 and id = $2`,
      [firm.id, employee],
    )
    expect((await look(firm)).submitting.people[0]?.weeks.map(({ week }) => week)).toEqual([12, 13])
    await test.database.asOwner(`update member set starts_on = null, ends_on = null where firm_id = $1`, [firm.id])
    // Wednesday 8 April: only the week of 30 March is over.
    expect((await look(firm, '2026-04')).submitting.people[0]?.weeks.map(({ week }) => week)).toEqual([14])
  })

  it('is asked once while it is unread, and nobody who has nothing open', async () => {
    const firm = await testFirm(test.services)
    const { employee, manager } = firm.members
    await contract(firm, employee, '2026-03-30')
    const asked = () => ask(firm, 'POST', '/month-end/2026-03/asking', { memberIds: [employee, manager] })
    expect(await asked()).toEqual({ status: 200, body: { asked: 1, leftOut: 1 } })
    await asked()
    const told = await test.database.asOwner(
      'select member_id, code, "values", link from notification where firm_id = $1',
      [firm.id],
    )
    expect(told).toEqual([
      {
        member_id: employee,
        code: 'weeks-open',
        values: { weeks: '14', count: 1 },
        link: '/time?view=week&year=2026&week=14',
      },
    ])
  })
})

/** What is written in a month where entries are approved, whether its week was submitted, and what is told of it. */
const leftOpen: readonly {
  readonly what: string
  readonly write: (firm: TestFirm) => Promise<unknown>
  readonly submitted?: boolean
  readonly open?: { readonly minutes?: number; readonly expenses?: number; readonly trips?: number }
}[] = [
  { what: 'an expense in a week without hours', write: (firm) => firm.addExpense(), open: { expenses: 1 } },
  { what: 'a trip in a week without hours', write: (firm) => firm.addTrip(), open: { trips: 1 } },
  {
    what: 'hours after the week was submitted',
    write: (firm) => firm.addHours({ minutes: 240 }),
    submitted: true,
    open: { minutes: 240 },
  },
  {
    what: 'an expense and a trip after the week was submitted',
    write: async (firm) => [await firm.addExpense({ billable: false }), await firm.addTrip({ billable: false })],
    submitted: true,
    open: { expenses: 1, trips: 1 },
  },
  {
    what: 'nothing but what was submitted, approved or sent back',
    write: async (firm) => [
      await firm.addHours({ approval: 'submitted' }),
      await firm.addExpense({ approval: 'approved' }),
      await firm.addTrip({ approval: 'rejected' }),
    ],
    submitted: true,
  },
  {
    what: 'what is written off or on an invoice, which needs no approval any more',
    write: async (firm) => [
      await firm.addExpense({ writtenOffAt: new Date('2026-03-20') }),
      await firm.addTrip({ claimed: true }),
    ],
    submitted: true,
  },
  {
    what: 'what is of the month after',
    write: (firm) => firm.addExpense({ date: '2026-04-01' }),
  },
]

describe('what nobody submitted', () => {
  it.each(leftOpen)('tells of $what', async ({ write, submitted: isSubmitted = false, open }) => {
    const firm = await testFirm(test.services)
    await approves(firm)
    if (isSubmitted) await submitted(firm, firm.members.employee, '2026-03-02')
    await write(firm)
    const found = (await look(firm)).submitting.people.flatMap(({ memberId, weeks }) =>
      weeks.map((week) => ({ memberId, monday: week.monday, submitted: week.submitted, open: week.open })),
    )
    const expected = {
      memberId: firm.members.employee,
      monday: '2026-03-02',
      submitted: isSubmitted,
      open: { minutes: 0, expenses: 0, trips: 0, ...open },
    }
    expect(found).toEqual(open ? [expected] : [])
  })

  it('is asked for like a week that is not complete, and not of who is archived', async () => {
    const firm = await testFirm(test.services)
    const { employee, manager } = firm.members
    await approves(firm)
    await submitted(firm, employee, '2026-03-02')
    await firm.addExpense()
    await firm.addTrip({ memberId: manager })
    await test.database.asOwner(`update member set archived_at = now() where firm_id = $1 and id = $2`, [
      firm.id,
      manager,
    ])
    const { submitting } = await look(firm)
    expect(submitting.people.map(({ memberId, archived }) => [memberId, archived])).toEqual([
      [employee, false],
      [manager, true],
    ])
    const asking = await ask(firm, 'POST', '/month-end/2026-03/asking', { memberIds: [employee, manager] })
    expect(asking.body).toEqual({ asked: 1, leftOut: 1 })
    const told = await test.database.asOwner('select member_id, "values" from notification where firm_id = $1', [
      firm.id,
    ])
    expect(told).toEqual([{ member_id: employee, values: { weeks: '10', count: 1 } }])
  })

  it('needs nobody where entries are not approved', async () => {
    const firm = await testFirm(test.services)
    await firm.addExpense()
    await firm.addTrip()
    expect((await look(firm)).submitting.weeks).toBe(0)
  })

  it('waits for approval only while approving it is still possible', async () => {
    const firm = await testFirm(test.services)
    await approves(firm)
    await firm.addExpense({ approval: 'submitted' })
    await firm.addExpense({ approval: 'submitted', writtenOffAt: new Date('2026-03-20') })
    await firm.addTrip({ approval: 'rejected', claimed: true })
    expect((await look(firm)).approving).toMatchObject({ expenses: 1, trips: 0, rejected: 0 })
  })
})

describe('asking many people', () => {
  it('takes as many statements as asking one, and tells each of their own weeks', async () => {
    const firm = await testFirm(test.services)
    const people: string[] = []
    for (let number = 0; number < 40; number += 1) {
      const id = await addEmployee(firm, `Mens ${number}`)
      await contract(firm, id, number % 2 === 0 ? '2026-03-23' : '2026-03-30')
      people.push(id)
    }
    const asked = async (memberIds: readonly string[]) =>
      withStatements(firm, () => ask(firm, 'POST', '/month-end/2026-03/asking', { memberIds }))
    const [one, ...others] = people
    // The first call of all writes down that its key is used.
    await look(firm)
    const first = await asked([one as string])
    const rest = await asked([...others, test.services.ids.next()])
    expect(rest.answer.body).toEqual({ asked: 39, leftOut: 1 })
    expect(rest.statements).toHaveLength(first.statements.length)
    const told = await test.database.asOwner(
      `select "values" ->> 'weeks' as weeks, link, count(*)::int as people from notification
       where firm_id = $1 group by 1, 2 order by 1`,
      [firm.id],
    )
    expect(told).toEqual([
      { weeks: '13, 14', link: '/time?view=week&year=2026&week=13', people: 20 },
      { weeks: '14', link: '/time?view=week&year=2026&week=14', people: 20 },
    ])
  })

  it('passes over who may not write hours', async () => {
    const firm = await testFirm(test.services)
    const { employee } = firm.members
    await contract(firm, employee, '2026-03-30')
    await test.database.asOwner(`update member set archived_at = now() where firm_id = $1 and id = $2`, [
      firm.id,
      employee,
    ])
    await firm.addHours({ memberId: employee, date: '2026-03-31', minutes: 60 })
    await ask(firm, 'POST', '/month-end/2026-03/asking', { memberIds: [employee] })
    expect(await test.database.asOwner('select 1 from notification where firm_id = $1', [firm.id])).toEqual([])
  })
})

/** What a key with these rights is told of a month, beside invoices and payments. */
const seenWith: readonly {
  readonly rights: readonly Right[]
  readonly sees: readonly string[]
  readonly asks: number
}[] = [
  { rights: ['invoices:read'], sees: [], asks: 403 },
  { rights: ['invoices:read', 'hours:read'], sees: ['approving', 'submitting'], asks: 403 },
  { rights: ['invoices:read', 'hours:approve'], sees: [], asks: 403 },
  { rights: ['invoices:read', 'hours:read', 'hours:approve'], sees: ['approving', 'submitting'], asks: 200 },
  // Of the projects one manages alone: that would be called done too soon.
  { rights: ['invoices:read', 'reports:read'], sees: [], asks: 403 },
  {
    rights: ['invoices:read', 'hours:read', 'reports:read'],
    sees: ['approving', 'invoicing', 'submitting'],
    asks: 403,
  },
  { rights: ['invoices:read', 'postings:read'], sees: ['posting', 'refused'], asks: 403 },
]

describe('each step is for who may see what it tells', () => {
  it.each(seenWith)('$rights', async ({ rights, sees, asks }) => {
    const firm = await testFirm(test.services)
    await firm.addHours({ date: '2026-03-10' })
    await test.database.asOwner(`update api_key set scopes = $2 where firm_id = $1`, [firm.id, [...rights]])
    const seen: MonthEnd = await look(firm)
    const steps = ['submitting', 'approving', 'invoicing', 'posting', 'refused'] as const
    expect(steps.filter((step) => seen[step] !== undefined).toSorted()).toEqual(sees)
    expect(seen.sending.count + seen.paying.count).toBe(0)
    const asking = await ask(firm, 'POST', '/month-end/2026-03/asking', { memberIds: [firm.members.employee] })
    expect(asking.status).toBe(asks)
  })
})

describe('what is left of a month', () => {
  it('is counted per step, with the amounts of what waits', async () => {
    const firm = await testFirm(test.services)
    await test.database.asOwner(`update firm set approval = 'internal' where firm_id = $1`, [firm.id])
    await firm.addRate({ activityId: firm.activityId, scope: 'activity', amount: '100', fromDate: '2026-01-01' })
    await firm.addHours({ date: '2026-03-02', minutes: 120, approval: 'approved' })
    await firm.addHours({ date: '2026-03-03', minutes: 60, approval: 'submitted' })
    await firm.addHours({ date: '2026-03-04', minutes: 30, approval: 'rejected' })
    await firm.addHours({ date: '2026-04-02', minutes: 60, approval: 'submitted' })
    const first = await look(firm)
    expect(first.approval).toBe(true)
    expect(first.approving).toMatchObject({ hours: 1, minutes: 60, expenses: 0, trips: 0, rejected: 1 })
    expect(first.invoicing).toMatchObject({
      count: 1,
      totals: [{ currency: 'EUR', amount: '200.00' }],
      customers: [{ customerId: firm.customerId, amount: '200.00' }],
    })
    expect(first.sending.count + first.posting.count + first.paying.count + first.refused.count).toBe(0)
    expect(first.posting.connection).toBeNull()

    const made = await ask<{ drafts: { id: string }[] }>(firm, 'POST', '/invoices/from-entries', {
      hours: { filter: { from: '2026-03-01', until: '2026-03-31' } },
      date: '2026-03-31',
    })
    expect(made.status).toBe(201)
    const drafted = await look(firm)
    expect(drafted.invoicing.totals).toEqual([])
    expect(drafted.sending).toMatchObject({
      count: 1,
      amounts: [{ currency: 'EUR', amount: '242.00', documents: 1 }],
      drafts: [{ number: null, date: '2026-03-31', amount: '242.00' }],
    })
    const id = drafted.sending.drafts[0]?.id ?? ''
    const versionNow = async () => (await ask<{ version: number }>(firm, 'GET', `/invoices/${id}`)).body.version
    const sending = await ask(
      firm,
      'POST',
      `/invoices/${id}/sending`,
      { how: 'other' },
      { version: await versionNow() },
    )
    expect(sending.status).toBe(200)
    const sent = await look(firm)
    expect(sent.sending.count).toBe(0)
    expect(sent.paying).toMatchObject({
      count: 1,
      amounts: [{ currency: 'EUR', amount: '242.00', documents: 1 }],
      overdue: 0,
    })
    const payment = { date: '2026-04-01', amount: '242.00', way: 'bank', note: '' }
    const paid = await ask(firm, 'POST', `/invoices/${id}/payments`, payment, { version: await versionNow() })
    expect(paid.status).toBe(201)
    expect((await look(firm)).paying.count).toBe(0)
  })

  it('is in the drafts, then done, when work of the month goes on an invoice of the next', async () => {
    const firm = await testFirm(test.services)
    await firm.addHours({ date: '2026-03-30', minutes: 120 })
    await firm.addHours({ date: '2026-04-01', minutes: 60 })
    expect((await look(firm)).invoicing).toMatchObject({ totals: [{ amount: '208.00' }] })
    const invoiceOf = async (from: string, until: string) => {
      const body = { hours: { filter: { from, until } }, date: '2026-04-02' }
      const made = await ask<{ invoices: { id: string }[] }>(firm, 'POST', '/invoices/from-entries', body)
      return made.body.invoices[0]?.id ?? ''
    }
    const ofMarch = await invoiceOf('2026-03-01', '2026-03-31')
    await invoiceOf('2026-04-01', '2026-04-02')
    const drafted = await look(firm)
    expect(drafted.invoicing.count).toBe(0)
    expect(drafted.sending.drafts).toMatchObject([{ id: ofMarch, date: '2026-04-02', amount: '251.68' }])
    const { version } = (await ask<{ version: number }>(firm, 'GET', `/invoices/${ofMarch}`)).body
    const sent = await ask(firm, 'POST', `/invoices/${ofMarch}/sending`, { how: 'other' }, { version })
    expect(sent.status).toBe(200)
    const left = await look(firm)
    expect([left.invoicing.count, left.sending.count]).toEqual([0, 0])
  })

  it('names hours and kilometres without a rate with their customer, though they come to nothing', async () => {
    const firm = await testFirm(test.services)
    const activityId = await firm.addActivity({ name: 'Zonder tarief' })
    await firm.addHours({ activityId, minutes: 90 })
    await firm.addTrip()
    const other = await firm.addCustomer({ number: '1002', name: 'Alleen kilometers' })
    await firm.addTrip({ projectId: await firm.addProject({ customerId: other }) })
    const { invoicing } = await look(firm)
    expect(invoicing).toMatchObject({ count: 2, totals: [], withoutRateMinutes: 90, withoutRateKm: '73.6' })
    expect(
      invoicing.customers.map((one) => [one.customerId, one.amount, one.withoutRateMinutes, one.withoutRateKm]),
    ).toEqual([
      [other, '0.00', 0, '36.8'],
      [firm.customerId, '0.00', 90, '36.8'],
    ])
  })

  it('is nothing for a month to come, and for who may not see invoices', async () => {
    const firm = await testFirm(test.services)
    const later = await ask<{ errors: { pointer: string; code: string }[] }>(firm, 'GET', '/month-end/2026-05')
    expect([later.status, later.body.errors[0]?.code]).toEqual([422, 'in-future'])
    expect((await ask(firm, 'GET', '/month-end/2026-13')).status).toBe(422)
    expect((await ask(firm, 'GET', '/month-end/2026-03', undefined, { as: 'employee' })).status).toBe(403)
  })

  it('takes as many statements for many people and invoices as for none', async () => {
    const firm = await testFirm(test.services)
    const counted = async () => (await withStatements(firm, () => look(firm))).statements.length
    await firm.addHours({ date: '2026-03-01', minutes: 60 })
    await look(firm)
    const before = await counted()
    for (let number = 0; number < 30; number += 1) {
      const memberId = await addEmployee(firm, `Mens ${number}`)
      await contract(firm, memberId)
      const customerId = await firm.addCustomer({ number: String(9000 + number) })
      const projectId = await firm.addProject({ name: `Werk ${number}`, customerId })
      await firm.addHours({ date: '2026-03-02', minutes: 60, memberId, projectId })
    }
    expect(await counted()).toBe(before)
  })
})
