import type { Role } from '@uurwerk/api/rights.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { type KmRate, kmAmount, reimbursementRateFor } from '@uurwerk/core/trips/trip.ts'
import type { Insertable } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Trip } from '../src/store/schema.gen.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let app: TestApp
let firm: TestFirm
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app?.close())
beforeEach(async () => {
  firm = await testFirm(app.services)
})

interface Line {
  readonly id: string
  readonly amount: string | null
  readonly rate?: string | null
  readonly km?: string
}
interface Open {
  readonly memberId: string
  readonly memberName: string
  readonly expenses: readonly Line[]
  readonly trips: readonly Line[]
  readonly expensesAmount: string
  readonly tripsAmount: string
  readonly amount: string
  readonly withoutRate: number
}
interface Problem {
  readonly code: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string }[]
}

async function ask<Body>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  { as = 'finance', body, version }: { as?: Role; body?: object; version?: number } = {},
): Promise<{ status: number; body: Body & Problem }> {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: {
      'accept-language': 'en',
      ...firm.as(as),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.body ? answer.json() : (null as never) }
}

async function addTrip(change: Partial<Insertable<Trip>> = {}): Promise<string> {
  const id = app.services.ids.next()
  const now = app.clock.now()
  await firm.within((trx) =>
    trx
      .insertInto('trip')
      .values({
        firmId: firm.id,
        id,
        memberId: firm.members.employee,
        date: '2026-03-05',
        fromPlace: 'Utrecht',
        toPlace: 'Zwolle',
        distanceKm: '88.5',
        kind: 'business',
        billable: false,
        reimbursable: true,
        createdAt: now,
        updatedAt: now,
        ...change,
      })
      .execute(),
  )
  return id
}
const kmRate = (amount: string, change: object = {}) =>
  firm.addRate({ scope: 'firm', unit: 'km', purpose: 'reimbursement', amount, ...change })

const open = async (query = '') => (await ask<{ rows: Open[] }>('GET', `/reimbursements/open${query}`)).body.rows
const pay = (body: object) =>
  ask<{ id: string; amount: string; lines: Line[] }>('POST', '/reimbursements', {
    body: { memberId: firm.members.employee, paidOn: '2026-03-31', ...body },
  })
const wrongs = ({ status, body }: { status: number; body: Problem }) => [
  status,
  ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
]

describe('what an employee still gets', () => {
  it('is his reimbursable expenses and trips up to today, with their totals', async () => {
    await kmRate('0.23')
    const expense = await firm.addExpense({ gross: '121.00' })
    const refund = await firm.addExpense({ gross: '-10.50', inputVat: '0', date: '2026-03-03' })
    const trip = await addTrip({ returnTrip: true })
    await firm.addExpense({ reimbursable: false })
    await firm.addExpense({ deletedAt: app.clock.now() })
    await firm.addExpense({ date: '2026-04-01' })
    await addTrip({ kind: 'private', reimbursable: false })
    const others = await firm.addExpense({ memberId: firm.members.manager, gross: '5.00' })
    const [employee, manager, ...rest] = await open()
    expect(rest).toEqual([])
    expect(employee).toMatchObject({
      memberId: firm.members.employee,
      expenses: [{ id: expense }, { id: refund }],
      trips: [{ id: trip, km: '177.0', rate: '0.23', amount: '40.71' }],
      expensesAmount: '110.50',
      tripsAmount: '40.71',
      amount: '151.21',
      withoutRate: 0,
    })
    expect(manager).toMatchObject({ memberId: firm.members.manager, expenses: [{ id: others }], amount: '5.00' })
    expect(await open(`?memberId=${firm.members.manager}`)).toHaveLength(1)
    expect((await open('?until=2026-03-02'))[0]?.expenses).toHaveLength(1)
  })

  it('has nothing to do with what the customer pays', async () => {
    const ids = [
      await firm.addExpense({ billable: false, projectId: null }),
      await firm.addExpense({ claimed: true }),
      await firm.addExpense({ writtenOffAt: app.clock.now() }),
    ]
    expect((await open())[0]?.expenses.map(({ id }) => id).sort()).toEqual(ids.sort())
  })

  it('is what was approved, where approval is on', async () => {
    await firm.within((trx) => trx.updateTable('firm').set({ approval: 'internal' }).execute())
    await firm.addExpense({ approval: 'submitted' })
    const approved = await firm.addExpense({ approval: 'approved' })
    const waiting = await firm.addExpense()
    expect((await open())[0]?.expenses.map(({ id }) => id)).toEqual([approved])
    expect(wrongs(await pay({ expenseIds: [waiting] }))).toEqual([422, '/expenseIds/0 not-payable-yet'])
  })

  it('goes by the rate that core finds, on each side of each day', async () => {
    const { employee, manager } = firm.members
    const stored: KmRate[] = []
    for (const [amount, scope, memberId, from] of [
      ['0.19', 'firm', null, '2020-01-01'],
      ['0.23', 'firm', null, '2026-03-05'],
      ['0.30', 'user', employee, '2026-03-10'],
      ['0.355', 'user', employee, '2026-03-12'],
      ['0.99', 'user', manager, '2020-01-01'],
    ] as const) {
      const id = await kmRate(amount, { scope, memberId, fromDate: from })
      stored.push({
        id,
        purpose: 'reimbursement',
        scope,
        userId: memberId,
        amount: decimal(amount),
        currency: 'EUR',
        from: calendarDate(from),
      })
    }
    // Another purpose, and one that was taken away.
    await kmRate('7.00', { purpose: 'billing' })
    await kmRate('8.00', { fromDate: '2026-03-01', deletedAt: app.clock.now() })
    for (const day of ['2026-03-04', '2026-03-05', '2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12'])
      for (const memberId of [employee, manager, firm.members.finance]) await addTrip({ date: day, memberId })
    const rows = await open()
    let compared = 0
    for (const { memberId, trips } of rows)
      for (const trip of trips as (Line & { date: string })[]) {
        const expected = reimbursementRateFor({ date: calendarDate(trip.date), userId: memberId }, stored)
        expect(decimal(trip.rate ?? '0'), `${trip.date} ${memberId}`).toBe(expected?.amount)
        expect(trip.amount).toBe(kmAmount(decimal('88.5'), expected?.amount ?? decimal('0')))
        compared++
      }
    expect(compared).toBe(18)
  })

  it('is never guessed: a trip without a rate is named, and not paid', async () => {
    await kmRate('0.23', { fromDate: '2026-03-10' })
    const trip = await addTrip()
    expect((await open())[0]).toMatchObject({ trips: [{ rate: null, amount: null }], amount: '0.00', withoutRate: 1 })
    expect(wrongs(await pay({ tripIds: [trip] }))).toEqual([422, '/tripIds/0 km-rate-missing'])
  })
})

describe('a payment to an employee', () => {
  it('is the exact sum, kept as it was, and paid once', async () => {
    const rate = await kmRate('0.23')
    const expenses = [await firm.addExpense({ gross: '0.10' }), await firm.addExpense({ gross: '0.20' })]
    const trip = await addTrip()
    const made = await pay({ expenseIds: expenses, tripIds: [trip], amount: '20.66', note: 'maart' })
    expect(made.status, JSON.stringify(made.body)).toBe(201)
    expect(made.body).toMatchObject({ amount: '20.66', note: 'maart', count: 3, currency: 'EUR', undoneAt: null })
    expect(await open()).toEqual([])
    expect((await ask('GET', `/expenses/${expenses[0]}`, { as: 'employee' })).body).toMatchObject({
      reimbursement: { id: made.body.id, paidOn: '2026-03-31' },
    })
    // A rate that changes afterwards changes nothing of what was paid.
    await firm.within((trx) => trx.updateTable('rate').set({ amount: '9.99' }).where('id', '=', rate).execute())
    const read = await ask<{ lines: Line[] }>('GET', `/reimbursements/${made.body.id}`)
    expect(read.body).toEqual(made.body)
    expect(read.body.lines.find(({ rate: paid }) => paid)).toMatchObject({ km: '88.5', rate: '0.23', amount: '20.36' })
    expect(wrongs(await pay({ expenseIds: [expenses[0]] }))).toEqual([422, '/expenseIds/0 already-reimbursed'])
  })

  it('happens once when two pay the same at once', async () => {
    const ids = [await firm.addExpense(), await firm.addExpense()]
    const both = await Promise.all([pay({ expenseIds: ids }), pay({ expenseIds: [...ids].reverse() })])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422])
    const { body } = await ask<{ rows: { amount: string }[] }>('GET', '/reimbursements')
    expect(body.rows.map(({ amount }) => amount)).toEqual(['242.00'])
  })

  it('is refused when it comes to something else than was seen', async () => {
    const id = await firm.addExpense({ gross: '121.00' })
    expect(await pay({ expenseIds: [id], amount: '120.00' })).toMatchObject({
      status: 409,
      body: { code: 'reimbursement-changed', cause: 'What you chose comes to EUR 121.00 now, not EUR 120.00.' },
    })
  })

  it.each<[string, () => Promise<object>, string[]]>([
    ['nothing', async () => ({}), ['/expenseIds required']],
    ['the same twice', async () => [await firm.addExpense()].flatMap((id) => [id, id]), ['/expenseIds/1 named-twice']],
    [
      'what is of somebody else',
      async () => [await firm.addExpense({ memberId: firm.members.manager })],
      ['/expenseIds/0 not-of-this-person'],
    ],
    [
      'what is not paid back',
      async () => [await firm.addExpense({ reimbursable: false })],
      ['/expenseIds/0 not-reimbursable'],
    ],
    [
      'what lies in the future',
      async () => [await firm.addExpense({ date: '2026-05-01' })],
      ['/expenseIds/0 not-payable-yet'],
    ],
    [
      'what was deleted',
      async () => [await firm.addExpense({ deletedAt: new Date() })],
      ['/expenseIds/0 expense-unknown'],
    ],
    ['a trip among the expenses', async () => [await addTrip()], ['/expenseIds/0 expense-unknown']],
  ])('of %s is refused, and where', async (_, given, expected) => {
    const ids = await given()
    expect(wrongs(await pay(Array.isArray(ids) ? { expenseIds: ids } : ids))).toEqual([422, ...expected])
  })

  it('keeps what was paid from changing, but not its note', async () => {
    const id = await firm.addExpense()
    await pay({ expenseIds: [id] })
    const change = (body: object) => ask('PATCH', `/expenses/${id}`, { as: 'employee', version: 2, body })
    for (const body of [{ gross: '10.00', inputVat: '0' }, { reimbursable: false }])
      expect(await change(body)).toMatchObject({ status: 409, body: { code: 'expense-reimbursed' } })
    expect(await ask('DELETE', `/expenses/${id}`, { as: 'employee', version: 2 })).toMatchObject({ status: 409 })
    expect((await change({ note: 'met bon', gross: '121.00' })).status).toBe(200)
  })

  it('that is undone is to be paid again, and stays to be seen', async () => {
    await kmRate('0.23')
    const [expense, trip] = [await firm.addExpense(), await addTrip()]
    const { body: made } = await pay({ expenseIds: [expense], tripIds: [trip] })
    for (let time = 0; time < 2; time++)
      expect((await ask('DELETE', `/reimbursements/${made.id}`)).status, `${time}`).toBe(204)
    expect((await open())[0]).toMatchObject({ expenses: [{ id: expense }], trips: [{ id: trip }] })
    expect((await ask<{ rows: unknown[] }>('GET', '/reimbursements')).body.rows).toEqual([])
    expect((await ask<{ rows: unknown[] }>('GET', '/reimbursements?undone=true')).body.rows).toMatchObject([
      { id: made.id, count: 2, undoneAt: '2026-03-31T10:00:00.000Z' },
    ])
    expect((await pay({ expenseIds: [expense], tripIds: [trip] })).status).toBe(201)
    const history = await ask<{ rows: { act: string }[] }>('GET', `/history?subjectKind=expense&subjectId=${expense}`)
    expect(history.body.rows.map(({ act }) => act)).toEqual(['reimbursed', 'reimbursement-undone', 'reimbursed'])
  })

  it('is made by who may, and seen by nobody else', async () => {
    const id = await firm.addExpense()
    for (const as of ['employee', 'manager'] as const) {
      expect((await ask('GET', '/reimbursements/open', { as })).status).toBe(403)
      const body = { memberId: firm.members.employee, paidOn: '2026-03-31', expenseIds: [id] }
      expect((await ask('POST', '/reimbursements', { as, body })).status).toBe(403)
    }
    expect((await ask('GET', '/reimbursements/open', { as: 'payroll' })).status).toBe(200)
  })

  it('is listed page by page, the last first', async () => {
    for (const paidOn of ['2026-01-31', '2026-03-31', '2026-02-28'])
      await pay({ paidOn, expenseIds: [await firm.addExpense()] })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: { body: { rows: { paidOn: string }[]; next: string | null } } = await ask(
        'GET',
        `/reimbursements?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      )
      seen.push(...page.body.rows.map(({ paidOn }) => paidOn))
      cursor = page.body.next
    } while (cursor)
    expect(seen).toEqual(['2026-03-31', '2026-02-28', '2026-01-31'])
  })
})

describe('the export', () => {
  const exported = async (query: string, language = 'nl') => {
    const answer = await app.app.inject({
      url: `/api/v1/reimbursements/export?${query}`,
      headers: { ...firm.as('payroll'), 'accept-language': language },
    })
    return {
      status: answer.statusCode,
      name: answer.headers['content-disposition'],
      text: answer.body,
      bytes: answer.rawPayload,
    }
  }

  it('has a line for each expense and trip, as a Dutch spreadsheet reads it', async () => {
    await kmRate('0.23')
    const categoryId = await firm.addExpenseCategory({ name: 'Parkeren' })
    const expense = await firm.addExpense({ categoryId, note: '=1+1' })
    const trip = await addTrip({ returnTrip: true, note: 'met spoed' })
    const { text, name } = await exported('format=csv')
    expect(name).toContain('te-vergoeden-2026-03-31.csv')
    expect(text.replace('\uFEFF', '').trim().split('\r\n')).toEqual([
      '"Medewerker";"Datum";"Soort";"Omschrijving";"Project";"Kilometers";"Tarief per km";"Bedrag";"Valuta"',
      '"employee";2026-03-02;"Onkosten";"Parkeren: =1+1";"Website";;;121,00;"EUR"',
      '"employee";2026-03-05;"Rit";"Utrecht ↔ Zwolle: met spoed";;177,0;0,23;40,71;"EUR"',
    ])
    const { body } = await pay({ expenseIds: [expense], tripIds: [trip] })
    const paid = await exported(`format=csv&reimbursementId=${body.id}`, 'en')
    expect(paid.text).toContain('"Paid on"')
    expect(paid.text.split('\r\n').filter((line) => line.includes('2026-03-31'))).toHaveLength(2)
    expect((await exported('format=csv')).text.trim().split('\r\n')).toHaveLength(1)
  })

  it('is a workbook too, and a problem when the payment is not there', async () => {
    await firm.addExpense()
    const { bytes, status } = await exported('format=xlsx')
    expect([status, bytes.subarray(0, 2).toString()]).toEqual([200, 'PK'])
    const gone = await exported('format=csv&reimbursementId=01900000-0000-7000-8000-00000000dead')
    expect(gone.status).toBe(404)
  })
})
