import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { drivenKm, type KmRate, kmAmount, kmRateFor } from '@uurwerk/core/trips/trip.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { drivenKmSql, type TripAnswer, tripAmountSql, tripRows, tripsFrom } from '../src/entries/trip-rows.ts'
import { kmRateJoins, kmRateSql } from '../src/overviews/km-rates.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
let firm: TestFirm
beforeAll(async () => {
  test = await testApp()
})
beforeEach(async () => {
  firm = await testFirm(test.services)
})
afterAll(() => test.close())

type Role = Parameters<TestFirm['as']>[0]
interface Wrong {
  readonly code: string
  readonly cause: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[]
  readonly currentVersion?: number
}
interface Asked {
  readonly as?: Role
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: object
  readonly version?: number
  readonly language?: 'nl' | 'en'
}

async function ask<Body = TripAnswer & Wrong>(
  path: string,
  { as = 'employee', method = 'GET', body, version, language = 'en' }: Asked = {},
): Promise<{ status: number; body: Body }> {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as(as),
      'accept-language': language,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

const post = <Body = TripAnswer & Wrong>(path: string, body: object, as: Role = 'employee') =>
  ask<Body>(path, { method: 'POST', body, as })
const patch = <Body = TripAnswer & Wrong>(path: string, version: number, body: object, as: Role = 'employee') =>
  ask<Body>(path, { method: 'PATCH', version, body, as })
const remove = (path: string, version: number, as: Role = 'employee') =>
  ask<Wrong>(path, { method: 'DELETE', version, as })
const wrongs = ({ body }: { body: Wrong }) => body.errors?.map(({ pointer, code }) => `${pointer} ${code}`)

const drive = (more: object = {}) => ({
  date: '2026-03-30',
  from: 'Zwolle',
  to: 'Utrecht',
  distanceKm: '18.4',
  returnTrip: true,
  kind: 'business',
  projectId: firm.projectId,
  ...more,
})

describe('a trip', () => {
  it('is billed and reimbursed as kind, project and vehicle say when nobody says otherwise', async () => {
    const own = await firm.addVehicle({ memberId: firm.members.employee })
    const ofFirm = await firm.addVehicle()
    const internal = await firm.addProject({ name: 'Intern', customerId: null, invoicingMethod: 'none' })
    const facts = async (more: object) => {
      const { status, body } = await post('/trips', drive(more))
      expect(status, JSON.stringify(body)).toBe(201)
      return [body.km, body.billable, body.reimbursable]
    }
    expect(await facts({})).toEqual(['36.8', true, true])
    expect(await facts({ returnTrip: false, vehicleId: own })).toEqual(['18.4', true, true])
    expect(await facts({ vehicleId: ofFirm })).toEqual(['36.8', true, false])
    expect(await facts({ kind: 'commute' })).toEqual(['36.8', false, true])
    expect(await facts({ kind: 'private', projectId: null })).toEqual(['36.8', false, false])
    expect(await facts({ projectId: internal })).toEqual(['36.8', false, true])
    expect(await facts({ billable: false, reimbursable: false })).toEqual(['36.8', false, false])
  })

  it.each<[string, object, string]>([
    ['no kilometres', { distanceKm: '0' }, '/distanceKm distance-not-positive'],
    ['fewer than none', { distanceKm: '-3.0' }, '/distanceKm distance-not-positive'],
    ['absurdly many', { distanceKm: '5000.1' }, '/distanceKm distance-too-long'],
    ['two decimals', { distanceKm: '12.34' }, '/distanceKm distance-too-many-decimals'],
    ['a comma', { distanceKm: '12,3' }, '/distanceKm not-understood'],
    ['text', { distanceKm: 'ver' }, '/distanceKm not-understood'],
    ['no place', { from: '  ' }, '/from required'],
    ['no such day', { date: '2026-02-30' }, '/date no-such-day'],
    ['a day to come', { date: '2026-04-02' }, '/date trip-in-future'],
    ['another kind', { kind: 'holiday' }, '/kind not-one-of'],
    ['private and billed', { kind: 'private', billable: true }, '/billable private-trip-billable'],
    ['private and reimbursed', { kind: 'private', reimbursable: true }, '/reimbursable private-trip-reimbursable'],
    ['billed to nobody', { projectId: null, billable: true }, '/projectId billable-without-project'],
    ['kept with nobody', { projectId: null, rememberDistance: true }, '/rememberDistance remember-needs-customer'],
    ['an unknown vehicle', { vehicleId: '01900000-0000-7000-8000-00000000dead' }, '/vehicleId vehicle-unknown'],
    ['an unknown project', { projectId: '01900000-0000-7000-8000-00000000dead' }, '/projectId project-unknown'],
  ])('with %s is refused at the field, and nothing is written', async (_, more, expected) => {
    const answer = await post('/trips', drive(more))
    expect([answer.status, wrongs(answer)]).toEqual([422, [expected]])
    expect((await ask<{ rows: unknown[] }>('/trips')).body.rows).toEqual([])
  })

  it('is refused on what the person may not write on, and on days that are closed', async () => {
    const archived = await firm.addProject({ name: 'Oud', archivedAt: test.clock.now() })
    const closed = await firm.addProject({ name: 'Gesloten' })
    const ended = await firm.addProject({ name: 'Geweest', endsOn: '2026-03-01' })
    const internal = await firm.addProject({ name: 'Intern', customerId: null, invoicingMethod: 'none' })
    const unbilled = await firm.addProject({ name: 'Gratis', invoicingMethod: 'none' })
    const scrapped = await firm.addVehicle({ name: 'Eend', archivedAt: test.clock.now() })
    const colleagues = await firm.addVehicle({ memberId: firm.members.manager })
    await firm.within(async (trx) => {
      const id = firm.id
      await trx
        .insertInto('projectMember')
        .values({ firmId: id, projectId: closed, memberId: firm.members.manager })
        .execute()
      await trx.updateTable('firm').set({ lockedUntil: '2026-02-28' }).where('firmId', '=', id).execute()
      await trx
        .updateTable('member')
        .set({ startsOn: '2026-03-05', endsOn: '2026-03-30' })
        .where('id', '=', firm.members.employee)
        .execute()
    })
    const refused = async (more: object) => wrongs(await post('/trips', drive(more)))
    expect(await refused({ projectId: archived })).toEqual(['/projectId project-archived'])
    expect(await refused({ projectId: closed })).toEqual(['/projectId project-not-open'])
    expect(await refused({ projectId: ended })).toEqual(['/date after-project'])
    expect(await refused({ projectId: internal, billable: true })).toEqual(['/billable project-without-customer'])
    expect(await refused({ projectId: unbilled, billable: true })).toEqual(['/billable project-not-invoiced'])
    expect(await refused({ vehicleId: scrapped })).toEqual(['/vehicleId vehicle-archived'])
    expect(await refused({ vehicleId: colleagues })).toEqual(['/vehicleId vehicle-of-other'])
    expect(await refused({ date: '2026-03-04' })).toEqual(['/date before-employment'])
    expect(await refused({ date: '2026-03-31' })).toEqual(['/date after-employment'])
    await firm.within((trx) =>
      trx.updateTable('member').set({ startsOn: null, endsOn: null }).where('id', '=', firm.members.employee).execute(),
    )
    expect(await refused({ date: '2026-02-28' })).toEqual(['/date day-locked'])
  })

  it('is changed, deleted and brought back, and its history says so', async () => {
    const { body: made } = await post('/trips', drive({ note: 'overleg' }))
    const { body: longer } = await patch(`/trips/${made.id}`, made.version, { distanceKm: '20', returnTrip: false })
    expect(longer).toMatchObject({ km: '20.0', distanceKm: '20.0', version: 2, note: 'overleg', billable: true })
    const stale = await patch(`/trips/${made.id}`, 1, { note: 'te laat' })
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale', currentVersion: 2 } })
    // Made private it loses both, unless somebody asks for what cannot be.
    const both = await patch(`/trips/${made.id}`, 2, { kind: 'private', billable: true })
    expect(wrongs(both)).toEqual(['/billable private-trip-billable'])
    const { body: mine } = await patch(`/trips/${made.id}`, 2, { kind: 'private' })
    expect(mine).toMatchObject({ kind: 'private', billable: false, reimbursable: false })
    const { body: back } = await patch(`/trips/${made.id}`, 3, { kind: 'business', billable: true })
    expect(wrongs(await patch(`/trips/${made.id}`, back.version, { projectId: null }))).toEqual([
      '/projectId billable-without-project',
    ])
    expect((await remove(`/trips/${made.id}`, 3)).status).toBe(409)
    expect((await remove(`/trips/${made.id}`, back.version)).status).toBe(204)
    expect((await ask(`/trips/${made.id}`)).status).toBe(404)
    expect((await post(`/trips/${made.id}/restoration`, {})).body).toMatchObject({ id: made.id, kind: 'business' })
    const { body: history } = await ask<{ rows: { act: string; before: unknown; after: unknown }[] }>(
      `/history?subjectKind=trip&subjectId=${made.id}`,
      { as: 'administrator' },
    )
    expect(history.rows.map(({ act }) => act)).toEqual([
      'restored',
      'deleted',
      'changed',
      'changed',
      'changed',
      'created',
    ])
    expect(history.rows[4]).toMatchObject({
      before: { distanceKm: '18.4', returnTrip: true },
      after: { distanceKm: '20.0', returnTrip: false },
    })
  })

  it('that is approved, written off or paid stays what it is; one that was rejected is open again after a change', async () => {
    const approved = await firm.addTrip({ approval: 'approved' })
    const off = await firm.addTrip({ writtenOffAt: test.clock.now(), writtenOffReason: 'coulance' })
    const rejected = await firm.addTrip({ approval: 'rejected', rejectedReason: 'omweg' })
    const half = await firm.addTrip({ approval: 'submitted', internalApproved: true })
    const paid = await firm.addTrip()
    await firm.within(async (trx) => {
      const [firmId, memberId] = [firm.id, firm.members.employee]
      const id = test.services.ids.next()
      const at = test.clock.now()
      const payment = { firmId, id, memberId, paidOn: '2026-03-31', amount: '8.46', currency: 'EUR' }
      await trx
        .insertInto('reimbursement')
        .values({ ...payment, createdBy: memberId, createdAt: at })
        .execute()
      await trx.updateTable('trip').set({ reimbursementId: id }).where('id', '=', paid).execute()
    })
    const codes = async (id: string) => [
      (await patch(`/trips/${id}`, 1, { distanceKm: '99.0' })).body.code,
      (await remove(`/trips/${id}`, 1)).body.code,
    ]
    expect(await codes(approved)).toEqual(['trip-approved', 'trip-approved'])
    expect(await codes(off)).toEqual(['trip-written-off', 'trip-written-off'])
    expect(await codes(paid)).toEqual(['trip-reimbursed', 'trip-reimbursed'])
    expect((await patch(`/trips/${paid}`, 1, { reimbursable: false })).body.code).toBe('trip-reimbursed')
    expect((await patch(`/trips/${paid}`, 1, { note: 'bij de bakker' })).body).toMatchObject({
      note: 'bij de bakker',
      reimbursement: { paidOn: '2026-03-31' },
    })
    expect((await patch(`/trips/${rejected}`, 1, { distanceKm: '17.0' })).body).toMatchObject({
      approval: 'open',
      rejectedReason: null,
    })
    expect((await patch(`/trips/${half}`, 1, { note: 'iets anders' })).body).toMatchObject({
      approval: 'submitted',
      internalApproved: false,
    })
  })

  it('is written for somebody else only by who may, and seen by who may', async () => {
    expect((await post('/trips', drive({ memberId: firm.members.manager }))).status).toBe(403)
    const { body: forOther } = await post('/trips', drive({ memberId: firm.members.employee }), 'finance')
    expect(forOther.memberId).toBe(firm.members.employee)
    expect((await ask(`/trips/${forOther.id}`, { as: 'payroll' })).status).toBe(404)
    expect((await ask(`/trips/${forOther.id}`, { as: 'manager' })).status).toBe(404)
    await firm.within((trx) =>
      trx
        .insertInto('projectMember')
        .values([
          { firmId: firm.id, projectId: firm.projectId, memberId: firm.members.manager, manager: true },
          { firmId: firm.id, projectId: firm.projectId, memberId: firm.members.employee },
        ])
        .execute(),
    )
    expect((await ask(`/trips/${forOther.id}`, { as: 'manager' })).body).toMatchObject({ km: '36.8', rate: null })
    expect((await patch(`/trips/${forOther.id}`, 1, { note: 'x' }, 'manager')).status).toBe(403)
  })

  it('is found by every filter, in every order, page after page', async () => {
    const bus = await firm.addVehicle()
    await firm.addTrip({ date: '2026-03-02', distanceKm: '100.0', vehicleId: bus })
    await firm.addTrip({ date: '2026-03-03', distanceKm: '9.5', kind: 'commute', billable: false, projectId: null })
    await firm.addTrip({
      date: '2026-03-04',
      distanceKm: '20.0',
      returnTrip: false,
      kind: 'private',
      projectId: null,
      billable: false,
      reimbursable: false,
      note: 'strand',
    })
    const found = async (query: string) => {
      const { status, body } = await ask<{ rows: TripAnswer[] }>(`/trips?sort=date&${query}`)
      expect(status, JSON.stringify(body)).toBe(200)
      return body.rows.map(({ km }) => km)
    }
    expect(await found('')).toEqual(['200.0', '19.0', '20.0'])
    expect(await found(`vehicleId=${bus}`)).toEqual(['200.0'])
    expect(await found('tripKind=commute&tripKind=private')).toEqual(['19.0', '20.0'])
    expect(await found('reimbursable=false')).toEqual(['20.0'])
    expect(await found('reimbursed=true')).toEqual([])
    expect(await found(`customerId=${firm.customerId}`)).toEqual(['200.0'])
    expect(await found('search=STRAND')).toEqual(['20.0'])
    expect(await found('search=utre&from=2026-03-03&until=2026-03-03')).toEqual(['19.0'])
    for (const [sort, order] of [
      ['km', ['19.0', '20.0', '200.0']],
      ['-km', ['200.0', '20.0', '19.0']],
      ['vehicle', ['19.0', '20.0', '200.0']],
      ['project', ['19.0', '20.0', '200.0']],
      ['customer', ['19.0', '20.0', '200.0']],
      ['person', ['200.0', '19.0', '20.0']],
    ] as const) {
      const seen: string[] = []
      for (let cursor = ''; ; ) {
        const { body } = await ask<{ rows: TripAnswer[]; next: string | null }>(
          `/trips?sort=${sort}&limit=1${cursor && `&cursor=${cursor}`}`,
        )
        seen.push(...body.rows.map(({ km }) => km))
        if (!body.next) break
        cursor = body.next
      }
      expect([sort, seen]).toEqual([sort, order])
    }
  })
})

describe('the rate per kilometre', () => {
  const rate = (more: object, as: Role = 'finance') =>
    post<{ id: string; version: number; amount: string; from: string } & Wrong>(
      '/km-rates',
      { purpose: 'billing', scope: 'firm', amount: '0.23', currency: 'EUR', from: '2026-01-01', ...more },
      as,
    )

  it('comes from the project, else the customer, else the firm, and holds from its day', async () => {
    const other = await firm.addProject({ name: 'Ander' })
    await rate({})
    await rate({ amount: '0.30', from: '2026-03-15' })
    await rate({ scope: 'customer', customerId: firm.customerId, amount: '0.35', from: '2026-03-10' })
    await rate({ scope: 'project', projectId: firm.projectId, amount: '0.405', from: '2026-03-20' })
    await rate({ purpose: 'reimbursement', amount: '0.19' })
    const shown = async (date: string, projectId: string, billable = true) => {
      const { body } = await post(
        '/trips',
        drive({ date, projectId, billable, returnTrip: false, distanceKm: '10.0' }),
        'finance',
      )
      return [body.rate, body.amount, body.currency]
    }
    expect(await shown('2025-12-31', firm.projectId)).toEqual([null, null, null])
    expect(await shown('2026-03-01', firm.projectId)).toEqual(['0.23', '2.30', 'EUR'])
    expect(await shown('2026-03-12', firm.projectId)).toEqual(['0.35', '3.50', 'EUR'])
    expect(await shown('2026-03-20', firm.projectId)).toEqual(['0.405', '4.05', 'EUR'])
    expect(await shown('2026-03-20', other)).toEqual(['0.35', '3.50', 'EUR'])
    expect(await shown('2026-03-20', other, false)).toEqual([null, null, null])
    const seen = await post('/trips', drive({}), 'employee')
    expect([seen.body.rate, seen.body.amount]).toEqual([null, null])
  })

  it('is refused when it is for nobody or for another purpose, and twice from one day', async () => {
    const refused = async (more: object) => wrongs(await rate(more))
    expect(await refused({ scope: 'user', memberId: firm.members.employee })).toEqual(['/scope not-one-of'])
    expect(await refused({ purpose: 'reimbursement', scope: 'project', projectId: firm.projectId })).toEqual([
      '/scope not-one-of',
    ])
    expect(await refused({ scope: 'customer' })).toEqual(['/customerId required'])
    expect(await refused({ projectId: firm.projectId })).toEqual(['/projectId not-for-this-scope'])
    expect(await refused({ scope: 'customer', customerId: '01900000-0000-7000-8000-00000000dead' })).toEqual([
      '/customerId customer-unknown',
    ])
    expect(await refused({ amount: '-0.10' })).toEqual(['/amount not-understood'])
    expect(await refused({ amount: '0,23' })).toEqual(['/amount not-understood'])
    const { body: made } = await rate({})
    expect(await refused({ amount: '0.50' })).toEqual(['/from rate-from-taken'])
    expect((await rate({ purpose: 'reimbursement' })).status).toBe(201)
    const { body: later } = await rate({ from: '2026-02-01' })
    expect(wrongs(await patch(`/km-rates/${later.id}`, 1, { from: '2026-01-01' }, 'finance'))).toEqual([
      '/from rate-from-taken',
    ])
    expect((await patch(`/km-rates/${later.id}`, 1, { amount: '0.2450' }, 'finance')).body).toMatchObject({
      amount: '0.245',
    })
    expect((await patch(`/km-rates/${later.id}`, 1, { amount: '0.26' }, 'finance')).body.code).toBe('stale')
    expect((await remove(`/km-rates/${made.id}`, 1, 'finance')).status).toBe(204)
    expect((await rate({})).status).toBe(201)
    expect(wrongs(await post(`/km-rates/${made.id}/restoration`, {}, 'finance'))).toEqual(['/from rate-from-taken'])
    const hours = await firm.addRate({ activityId: firm.activityId, fromDate: '2026-02-02' })
    expect((await patch(`/km-rates/${hours}`, 1, { amount: '1' }, 'finance')).status).toBe(404)
    expect((await rate({ from: '2026-05-01' }, 'manager')).status).toBe(403)
  })

  it('in the database is the one that core finds, on a page and in totals, and so are the cents', async () => {
    const [one, two] = [firm.projectId, await firm.addProject({ name: 'Twee', customerId: await firm.addCustomer() })]
    const customerOf = await firm.within(async (trx) => {
      const rows = await trx.selectFrom('project').select(['id', 'customerId']).where('firmId', '=', firm.id).execute()
      return new Map(rows.map(({ id, customerId }) => [id, customerId as string]))
    })
    const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`)
    const anyRate = fc.record({
      purpose: fc.constantFrom('billing' as const, 'billing' as const, 'reimbursement' as const),
      scope: fc.constantFrom('project' as const, 'customer' as const, 'firm' as const),
      project: fc.constantFrom(one, two),
      tenThousandths: fc.integer({ min: 0, max: 99_999 }),
      from: day,
    })
    const anyTrip = fc.record({
      date: day,
      projectId: fc.constantFrom(one, two, null),
      tenths: fc.integer({ min: 1, max: 50_000 }),
      returnTrip: fc.boolean(),
      billable: fc.boolean(),
    })
    const keyOf = ({
      purpose,
      scope,
      project,
      from,
    }: {
      purpose: string
      scope: string
      project: string
      from: string
    }) => [purpose, scope, scope === 'firm' ? '' : project, from].join()
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyRate, { maxLength: 12, selector: keyOf }),
        fc.array(anyTrip, { minLength: 1, maxLength: 12 }),
        async (someRates, someTrips) => {
          await firm.within(async (trx) => {
            await trx.deleteFrom('rate').where('firmId', '=', firm.id).where('unit', '=', 'km').execute()
            await trx.deleteFrom('trip').where('firmId', '=', firm.id).execute()
          })
          const rates: KmRate[] = []
          for (const { purpose, scope, project, tenThousandths, from } of someRates) {
            if (purpose === 'reimbursement' && scope !== 'firm') continue
            const amount = (tenThousandths / 10_000).toFixed(4)
            const projectId = scope === 'project' ? project : null
            const customerId = scope === 'customer' ? (customerOf.get(project) as string) : null
            const id = await firm.addRate({ unit: 'km', purpose, scope, projectId, customerId, amount, fromDate: from })
            const found = { purpose, scope, projectId, customerId, amount: decimal(amount), currency: 'EUR' }
            rates.push({ id, ...found, from: calendarDate(from) })
          }
          const expected = new Map<string, readonly [string | null, string | null]>()
          for (const { tenths, billable, ...trip } of someTrips) {
            const distanceKm = decimal((tenths / 10).toFixed(1))
            const isBilled = billable && trip.projectId !== null
            const id = await firm.addTrip({ ...trip, distanceKm, billable: isBilled })
            const customerId = trip.projectId ? (customerOf.get(trip.projectId) ?? null) : null
            const rate = kmRateFor({ ...trip, date: calendarDate(trip.date), customerId }, rates)
            const km = drivenKm({ distanceKm, returnTrip: trip.returnTrip })
            expected.set(id, rate && isBilled ? [rate.amount, kmAmount(km, rate.amount)] : [null, null])
          }
          await firm.within(async (trx) => {
            const rows = await tripRows(trx, { firmId: firm.id, where: sql`` })
            const { rows: amounts } = await sql<{ id: string; amount: string | null }>`
              select e.id, ${tripAmountSql} as amount ${tripsFrom(firm.id)}`.execute(trx)
            const amountOf = new Map(amounts.map(({ id, amount }) => [id, amount]))
            const found = rows.map(({ id, rate }) => [id, [rate && decimal(rate), amountOf.get(id)]])
            expect(new Map(found as never)).toEqual(expected)
            const { rows: inTotals } = await sql<{ id: string; rate: string | null; amount: string | null }>`
              select e.id, ${kmRateSql} as rate, round(${drivenKmSql} * ${kmRateSql}, 2) as amount
              from trip e left join project p on p.firm_id = e.firm_id and p.id = e.project_id
              ${kmRateJoins(firm.id)} where e.firm_id = ${firm.id}::uuid and e.deleted_at is null`.execute(trx)
            expect(new Map(inTotals.map(({ id, rate, amount }) => [id, [rate && decimal(rate), amount]]))).toEqual(
              expected,
            )
          })
        },
      ),
      { seed: 20260331, numRuns: 25 },
    )
  })
})

describe('a vehicle', () => {
  interface Vehicle extends Wrong {
    readonly id: string
    readonly version: number
    readonly plate: string | null
  }
  const make = (body: object, as: Role = 'finance') => post<Vehicle>('/vehicles', body, as)
  const names = async (query: string, as: Role) =>
    (await ask<{ rows: { name: string }[] }>(`/vehicles?${query}`, { as })).body.rows.map(({ name }) => name)

  it('has one plate, which no other has until it is archived', async () => {
    const { body: bus } = await make({ name: 'Bus', plate: 'ab-123-c' })
    expect(bus.plate).toBe('AB-123-C')
    const twice = await make({ name: 'Tweede', plate: 'AB123C' })
    expect(twice.body.errors?.[0]).toMatchObject({ pointer: '/plate', message: 'AB123C belongs to Bus.' })
    expect(wrongs(await make({ name: ' ' }))).toEqual(['/name required'])
    expect(wrongs(await make({ name: 'X', memberId: '01900000-0000-7000-8000-00000000dead' }))).toEqual([
      '/memberId person-unknown',
    ])
    expect((await make({ name: 'X' }, 'employee')).status).toBe(403)
    expect((await patch(`/vehicles/${bus.id}`, 1, { archived: true }, 'finance')).status).toBe(200)
    expect((await patch(`/vehicles/${bus.id}`, 1, { name: 'Y' }, 'finance')).body.code).toBe('stale')
    expect((await make({ name: 'Tweede', plate: 'AB-123-C' })).status).toBe(201)
    expect(wrongs(await patch(`/vehicles/${bus.id}`, 2, { archived: false }, 'finance'))).toEqual([
      '/plate plate-taken',
    ])
    expect((await patch(`/vehicles/${bus.id}`, 2, { archived: false, plate: null }, 'finance')).status).toBe(200)
  })

  it('of a colleague is seen by the office alone', async () => {
    await make({ name: 'Bus' })
    await make({ name: 'Mijn auto', memberId: firm.members.employee })
    await make({ name: 'Zijn auto', memberId: firm.members.manager })
    expect(await names('', 'employee')).toEqual(['Bus', 'Mijn auto'])
    expect(await names('', 'manager')).toEqual(['Bus', 'Zijn auto'])
    expect(await names('', 'finance')).toEqual(['Bus', 'Mijn auto', 'Zijn auto'])
    expect(await names(`memberId=${firm.members.employee}`, 'finance')).toEqual(['Bus', 'Mijn auto'])
    expect(await names('search=bus', 'finance')).toEqual(['Bus'])
    expect(await names('archived=true', 'finance')).toEqual([])
  })
})

describe('a stored distance', () => {
  interface Stored extends Wrong {
    readonly id: string
    readonly version: number
    readonly distanceKm: string
  }
  const between = (from: string, to: string, more = '', as: Role = 'employee') =>
    ask<{ found: object | null }>(`/trips/distance?from=${from}&to=${to}${more}`, { as }).then(({ body }) => body.found)

  it('is proposed both ways to who writes on a project of its customer, and before what he drove himself', async () => {
    const project = `&projectId=${firm.projectId}`
    expect(await between('Zwolle', 'Utrecht')).toBeNull()
    await post('/trips', drive({ distanceKm: '90.1' }))
    expect(await between('utrecht', 'ZWOLLE', project)).toEqual({ distanceKm: '90.1', source: 'trips' })
    await post(
      '/distances',
      { customerId: firm.customerId, from: 'Zwolle', to: 'Utrecht', distanceKm: '88' },
      'finance',
    )
    expect(await between('utrecht', 'ZWOLLE', project)).toEqual({ distanceKm: '88.0', source: 'customer' })
    expect(await between('utrecht', 'ZWOLLE')).toEqual({ distanceKm: '90.1', source: 'trips' })
    expect(await between('utrecht', 'ZWOLLE', project, 'payroll')).toEqual({ distanceKm: '88.0', source: 'customer' })
    await firm.within((trx) =>
      trx
        .insertInto('projectMember')
        .values({ firmId: firm.id, projectId: firm.projectId, memberId: firm.members.employee })
        .execute(),
    )
    // Who may not write on the project learns nothing of its customer.
    expect(await between('utrecht', 'ZWOLLE', project, 'payroll')).toBeNull()
    expect((await ask(`/trips/distance?from=a&to=b&memberId=${firm.members.manager}`)).status).toBe(403)
  })

  it('is remembered from a trip; one that is there already is changed only by the office', async () => {
    const stored = async () =>
      (await ask<{ rows: Stored[] }>(`/distances?customerId=${firm.customerId}`, { as: 'finance' })).body.rows
    expect((await post('/trips', drive({ rememberDistance: true }))).status).toBe(201)
    expect(await stored()).toMatchObject([{ from: 'Zwolle', to: 'Utrecht', distanceKm: '18.4' }])
    expect((await post('/trips', drive({ rememberDistance: true, from: 'UTRECHT', to: 'zwolle' }))).status).toBe(201)
    const other = await post('/trips', drive({ rememberDistance: true, distanceKm: '20' }))
    expect(other.body.errors).toEqual([
      { pointer: '/rememberDistance', code: 'distance-stored', message: '18.4 km is kept for these places already.' },
    ])
    expect((await post('/trips', drive({ rememberDistance: true, distanceKm: '20' }), 'finance')).status).toBe(201)
    expect(await stored()).toMatchObject([{ distanceKm: '20.0', version: 2 }])
  })

  it('is kept once per customer, whichever way, and can be brought back', async () => {
    const make = (more: object = {}, as: Role = 'finance') =>
      post<Stored>('/distances', { customerId: firm.customerId, from: 'A', to: 'B', distanceKm: '10', ...more }, as)
    const { body: made } = await make()
    expect(wrongs(await make({ from: 'b', to: 'a' }))).toEqual(['/to distance-stored'])
    expect(wrongs(await make({ to: 'C', distanceKm: '0.0' }))).toEqual(['/distanceKm distance-not-positive'])
    expect(wrongs(await make({ customerId: '01900000-0000-7000-8000-00000000dead' }))).toEqual([
      '/customerId customer-unknown',
    ])
    expect((await make({}, 'employee')).status).toBe(403)
    expect((await patch<Stored>(`/distances/${made.id}`, 1, { distanceKm: '11.5' }, 'finance')).body.distanceKm).toBe(
      '11.5',
    )
    expect((await patch(`/distances/${made.id}`, 1, { distanceKm: '12' }, 'finance')).body.code).toBe('stale')
    expect((await remove(`/distances/${made.id}`, 2, 'finance')).status).toBe(204)
    const { body: again } = await make()
    expect(wrongs(await post(`/distances/${made.id}/restoration`, {}, 'finance'))).toEqual(['/to distance-stored'])
    expect((await remove(`/distances/${again.id}`, 1, 'finance')).status).toBe(204)
    expect((await post<Stored>(`/distances/${made.id}/restoration`, {}, 'finance')).body.distanceKm).toBe('11.5')
  })

  it('and the trips of a person suggest places, those of the customer first', async () => {
    await firm.addTrip({ fromPlace: 'Zwolle', toPlace: 'Kampen', memberId: firm.members.employee })
    await firm.addTrip({ fromPlace: 'zwolle', toPlace: 'Meppel 100%', memberId: firm.members.employee })
    await firm.addTrip({ fromPlace: 'Geheim', toPlace: 'Zwolle', memberId: firm.members.manager })
    await post(
      '/distances',
      { customerId: firm.customerId, from: 'Kantoor', to: 'Bakkerij', distanceKm: '3' },
      'finance',
    )
    const places = async (query = '') =>
      (await ask<{ rows: { place: string; source: string }[] }>(`/trips/places?${query}`)).body.rows.map(
        ({ place, source }) => `${place} ${source}`,
      )
    expect((await places()).map((text) => text.toLowerCase())).toEqual([
      'zwolle trips',
      'kampen trips',
      'meppel 100% trips',
    ])
    expect(await places(`search=ka&projectId=${firm.projectId}`)).toEqual(['Kantoor customer', 'Kampen trips'])
    expect(await places('search=100%25')).toEqual(['Meppel 100% trips'])
    expect(await places('search=_')).toEqual([])
  })
})
