import { readXlsx } from 'hucre/xlsx'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

type Role = Parameters<TestFirm['as']>[0]

async function read<Body>(firm: TestFirm, path: string, as: Role = 'finance'): Promise<Body> {
  const answer = await test.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: firm.as(as) })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as Body
}

const download = (firm: TestFirm, path: string, language = 'nl', as: Role = 'finance') =>
  test.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: { ...firm.as(as), 'accept-language': language } })

interface Part {
  readonly key: string | null
  readonly name: string | null
  readonly count: number
  readonly minutes: number
  readonly billableMinutes: number
  readonly uninvoicedMinutes: number
  readonly amounts: ReadonlyArray<{ readonly currency: string; readonly amount: string }>
  readonly groups?: readonly Part[]
}

const sum = (parts: readonly Part[]) => ({
  count: parts.reduce((total, part) => total + part.count, 0),
  minutes: parts.reduce((total, part) => total + part.minutes, 0),
  billableMinutes: parts.reduce((total, part) => total + part.billableMinutes, 0),
  uninvoicedMinutes: parts.reduce((total, part) => total + part.uninvoicedMinutes, 0),
  cents: parts
    .flatMap(({ amounts }) => amounts)
    .reduce((total, { amount }) => total + Number(amount.replace('.', '')), 0),
})

/** Hours of several customers, people, weeks and rates; some internal, some not billable, some written off. */
async function worked(): Promise<TestFirm> {
  const firm = await testFirm(test.services)
  const customer = await firm.addCustomer({ name: 'Étoile', number: '1002' })
  const perUser = await firm.addProject({
    name: 'Per medewerker',
    customerId: customer,
    invoicingMethod: 'hourly-user',
  })
  const perCustomer = await firm.addProject({
    name: 'Per klant',
    customerId: customer,
    invoicingMethod: 'hourly-customer',
  })
  const fixed = await firm.addProject({ name: 'Vast', customerId: customer, invoicingMethod: 'fixed-price' })
  const internal = await firm.addProject({ name: 'Intern', customerId: null, invoicingMethod: 'none' })
  await firm.addRate({ scope: 'user', memberId: firm.members.manager, amount: '87.50' })
  await firm.addRate({
    scope: 'project-user',
    memberId: firm.members.manager,
    projectId: perUser,
    amount: '91',
    fromDate: '2026-03-10',
  })
  await firm.addRate({ scope: 'customer', customerId: customer, amount: '66.66', currency: 'GBP' })
  await firm.addRate({ activityId: firm.activityId, amount: '110', fromDate: '2026-03-09' })
  const projects = [firm.projectId, perUser, perCustomer, fixed, internal]
  for (let number = 0; number < 60; number++) {
    const projectId = projects[number % 5] as string
    await firm.addHours({
      date: `2026-0${2 + (number % 3)}-${String(1 + ((number * 7) % 28)).padStart(2, '0')}`,
      minutes: 5 + ((number * 37) % 400),
      projectId,
      memberId: number % 4 === 0 ? firm.members.manager : firm.members.employee,
      billable: projectId !== internal && number % 7 !== 0,
      note: `werk ${number}`,
      ...(number % 11 === 0 ? { writtenOffAt: test.clock.now(), writtenOffReason: 'gratis' } : {}),
    })
  }
  return firm
}

describe('totals of hours', () => {
  it('gives groups, and groups within groups, that add up to the whole', async () => {
    const firm = await worked()
    const by = ['customer', 'project', 'person', 'activity', 'week', 'month', 'state', 'approval']
    const whole = await read<Part>(firm, '/hours/totals')
    expect(whole.count).toBe(60)
    for (const first of by) {
      for (const second of by.filter((one) => one !== first)) {
        const totals = await read<Part>(firm, `/hours/totals?groupBy=${first}&groupBy=${second}`)
        expect(sum([totals]), `${first}, ${second}`).toEqual(sum([whole]))
        expect(sum(totals.groups ?? []), first).toEqual(sum([whole]))
        for (const group of totals.groups ?? [])
          expect(sum(group.groups ?? []), `${first} ${group.name ?? group.key}: ${second}`).toEqual(sum([group]))
      }
    }
  })

  it('says the same as the list, entry by entry', async () => {
    const firm = await worked()
    interface Row {
      readonly minutes: number
      readonly amount: string | null
      readonly currency: string | null
    }
    for (const filter of ['', '&billable=true', '&state=free', '&search=per', '&from=2026-03-09&until=2026-04-02']) {
      const { rows } = await read<{ rows: readonly Row[] }>(firm, `/hours?limit=200${filter}`)
      const totals = await read<Part>(firm, `/hours/totals?${filter.slice(1)}`)
      expect(totals.count, filter).toBe(rows.length)
      expect(totals.minutes).toBe(rows.reduce((total, { minutes }) => total + minutes, 0))
      const cents = (wanted: string) =>
        rows.reduce((total, row) => total + (row.currency === wanted ? Number(row.amount?.replace('.', '')) : 0), 0)
      expect(totals.amounts.map(({ currency, amount }) => [currency, Number(amount.replace('.', ''))])).toEqual(
        ['EUR', 'GBP'].filter((currency) => cents(currency) > 0).map((currency) => [currency, cents(currency)]),
      )
    }
  })

  it('counts as uninvoiced only what hours bring in: no written-off hours, none of a fixed price', async () => {
    const firm = await testFirm(test.services)
    const fixed = await firm.addProject({ name: 'Vast', invoicingMethod: 'fixed-price' })
    await firm.addHours({ minutes: 60 })
    await firm.addHours({ minutes: 30, projectId: fixed })
    await firm.addHours({ minutes: 15, writtenOffAt: test.clock.now() })
    const totals = await read<Part & { uninvoicedAmounts: unknown }>(firm, '/hours/totals')
    expect(totals).toMatchObject({ billableMinutes: 105, uninvoicedMinutes: 60 })
    expect(totals.uninvoicedAmounts).toEqual([{ currency: 'EUR', amount: '104.00' }])
  })

  it('refuses a third group and says so at the field', async () => {
    const firm = await testFirm(test.services)
    const answer = await download(firm, '/hours/totals?groupBy=customer&groupBy=project&groupBy=person')
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ errors: [{ pointer: '/query/groupBy' }] })
  })
})

const lines = (text: string) =>
  text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')

describe('an export of hours', () => {
  it('has the rows of the list, as Dutch Excel opens them', async () => {
    const firm = await testFirm(test.services)
    await firm.addHours({ date: '2026-03-02', minutes: 90, note: 'Overleg "A"; en é' })
    await firm.addHours({ date: '2026-03-03', minutes: 20, billable: false, note: '=1+1' })
    const answer = await download(firm, '/hours/export')
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers['content-disposition']).toContain('filename="uren-2026-03-31.csv"')
    expect(answer.body.startsWith('\uFEFF')).toBe(true)
    expect(lines(answer.body)).toEqual([
      '"Datum";"Medewerker";"Debiteur";"Project";"Activiteit";"Notitie";"Labels";"Factureerbaar";"Goedkeuring";"Status";"Factuur";"Uren";"Tarief";"Bedrag";"Valuta"',
      '2026-03-02;"employee";"Bakkerij Zon";"Website";"Advies";"Overleg ""A""; en é";"";"Ja";"Open";"Vrij";;1,5000;104,00;156,00;"EUR"',
      '2026-03-03;"employee";"Bakkerij Zon";"Website";"Advies";"\'=1+1";"";"Nee";"Open";"Vrij";;0,3333;;;',
    ])
  })

  it('shows a rate in full, in the list too', async () => {
    const firm = await testFirm(test.services)
    const activityId = await firm.addActivity({ name: 'Tekenen' })
    await firm.addRate({ activityId, amount: '92.375' })
    await firm.addHours({ date: '2026-03-03', activityId, minutes: 90 })
    await firm.addHours({ date: '2026-03-02' })
    const { body } = await download(firm, '/hours/export?format=csv&columns=date,rate,amount&sort=date', 'en')
    expect(body.replace('\uFEFF', '').trimEnd().split('\r\n').slice(1)).toEqual([
      '2026-03-02,104.00,104.00',
      '2026-03-03,92.375,138.56',
    ])
    const { rows } = await read<{ rows: { rate: string; amount: string }[] }>(firm, '/hours?sort=date')
    expect(rows.map(({ rate, amount }) => [rate, amount])).toEqual([
      ['104.00', '104.00'],
      ['92.375', '138.56'],
    ])
  })

  it('takes columns, order, separator, words and filter as asked', async () => {
    const firm = await testFirm(test.services)
    await firm.addHours({ date: '2026-03-02', minutes: 90, startMinute: 1380, endMinute: 1470 })
    await firm.addHours({ date: '2026-03-03', minutes: 60 })
    await firm.addHours({ date: '2026-04-03', minutes: 60 })
    const columns = 'columns=hours,date,start,end,projectCode'
    const english = await download(firm, `/hours/export?${columns}&until=2026-03-31&sort=-date`, 'en')
    expect(lines(english.body)).toEqual([
      '"Hours","Date","From","Until","Project code"',
      '1.0000,2026-03-03,,,"WEB"',
      '1.5000,2026-03-02,"23:00","00:30","WEB"',
    ])
    const commas = await download(firm, '/hours/export?columns=hours&separator=comma&until=2026-03-02')
    expect(lines(commas.body)).toEqual(['"Uren"', '1.5000'])
  })

  it('takes a selection: some rows, or all but some', async () => {
    const firm = await testFirm(test.services)
    const [one, two] = [await firm.addHours({ note: 'een' }), await firm.addHours({ note: 'twee' })]
    const notes = async (query: string) =>
      lines((await download(firm, `/hours/export?columns=note&${query}`)).body).slice(1)
    expect(await notes(`ids=${one}`)).toEqual(['"een"'])
    expect(await notes(`except=${one}`)).toEqual(['"twee"'])
    expect(await notes(`ids=${one}&ids=${two}&search=twee`)).toEqual(['"twee"'])
  })

  it.each(['=', '+', '-', '@', '\t', '＝'])('makes a formula beginning with %j harmless', async (sign) => {
    const firm = await testFirm(test.services)
    await firm.addHours({ note: `${sign}cmd|' /C calc'!A0` })
    const answer = await download(firm, '/hours/export?columns=note')
    expect(lines(answer.body)[1]).toBe(`"'${sign}cmd|' /C calc'!A0"`)
  })

  it('holds dates and figures as such in a workbook, and text never as a formula', async () => {
    const firm = await testFirm(test.services)
    await firm.addHours({ date: '2026-03-02', minutes: 90, note: '=1+1' })
    const answer = await download(firm, '/hours/export?format=xlsx&columns=date,hours,amount,note,billable')
    expect(answer.statusCode, answer.body).toBe(200)
    const { sheets } = await readXlsx(answer.rawPayload)
    expect(sheets[0]?.name).toBe('Uren')
    const [head, row] = sheets[0]?.rows ?? []
    expect(head).toEqual(['Datum', 'Uren', 'Bedrag', 'Notitie', 'Factureerbaar'])
    expect(row?.[0]).toEqual(new Date('2026-03-02T00:00:00.000Z'))
    expect(row?.slice(1)).toEqual([1.5, 156, '=1+1', 'Ja'])
  })

  it('shows a person his own hours only, and no money without the right to it', async () => {
    const firm = await testFirm(test.services)
    await firm.addHours({ note: 'mijn' })
    await firm.addHours({ note: 'van een ander', memberId: firm.members.manager })
    const own = await download(firm, '/hours/export', 'nl', 'employee')
    expect(own.body).toContain('mijn')
    expect(own.body).not.toContain('van een ander')
    expect(own.body).not.toContain('Bedrag')
    const refused = await download(firm, '/hours/export?columns=amount', 'nl', 'employee')
    expect(refused.statusCode).toBe(403)
  })

  it('names a column that does not exist', async () => {
    const firm = await testFirm(test.services)
    const answer = await download(firm, '/hours/export?columns=date,colour')
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ errors: [{ pointer: '/query/columns' }] })
  })

  it('gives its connection back, whether a file is read to its end or not', async () => {
    const firm = await testFirm(test.services)
    await firm.within((trx) =>
      sql`insert into hour_entry (firm_id, id, member_id, date, minutes, project_id, activity_id, note, billable, created_at, updated_at)
        select ${firm.id}::uuid, gen_random_uuid(), ${firm.members.employee}::uuid, '2026-03-02', 60, ${firm.projectId}::uuid, ${firm.activityId}::uuid,
          repeat('n', 300), true, ${test.clock.now()}, ${test.clock.now()} from generate_series(1, 9000)`.execute(trx),
    )
    const address = await test.app.listen({ port: 0, host: '127.0.0.1' })
    for (let visit = 0; visit < 6; visit++) {
      const leave = new AbortController()
      const answer = await fetch(`${address}/api/v1/hours/export`, {
        headers: firm.as('finance'),
        signal: leave.signal,
      })
      await answer.body?.getReader().read()
      leave.abort()
    }
    const whole = await fetch(`${address}/api/v1/hours/export`, { headers: firm.as('finance') })
    expect(lines(await whole.text())).toHaveLength(9001)
    await expect.poll(() => test.services.store.connections().used).toBe(0)
  })
})

describe('saved views', () => {
  const settings = { filter: { state: ['free'], billable: true }, groupBy: ['customer'], columns: null, sort: '-date' }
  interface View {
    readonly id: string
    readonly name: string
    readonly own: boolean
    readonly version: number
  }
  const send = (
    firm: TestFirm,
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    { as = 'finance', body, version }: { as?: Role; body?: object; version?: number } = {},
  ) =>
    test.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...firm.as(as), ...(version ? { 'if-match': `"${version}"` } : {}) },
      ...(body ? { payload: body } : {}),
    })
  const make = async (firm: TestFirm, name: string, { as, shared }: { as?: Role; shared?: boolean } = {}) => {
    const answer = await send(firm, 'POST', '/views', {
      ...(as ? { as } : {}),
      body: { screen: 'hours', name, ...(shared ? { shared } : {}), settings },
    })
    return { status: answer.statusCode, view: answer.json() as View }
  }
  const names = async (firm: TestFirm, as: Role) =>
    (await read<{ rows: View[] }>(firm, '/views?screen=hours', as)).rows.map(({ name, own }) => [name, own])

  it('are one’s own until they are shared', async () => {
    const firm = await testFirm(test.services)
    await make(firm, 'Mijn week', { as: 'employee' })
    await make(firm, 'Te factureren', { shared: true })
    expect(await names(firm, 'employee')).toEqual([
      ['Mijn week', true],
      ['Te factureren', false],
    ])
    expect(await names(firm, 'finance')).toEqual([['Te factureren', true]])
    expect((await read<{ rows: unknown[] }>(firm, '/views?screen=trips')).rows).toEqual([])
  })

  it('are shared by who sees everybody’s hours', async () => {
    const firm = await testFirm(test.services)
    expect((await make(firm, 'Voor allen', { as: 'employee', shared: true })).status).toBe(403)
    const { view } = await make(firm, 'Voor mij', { as: 'employee' })
    const shared = await send(firm, 'PATCH', `/views/${view.id}`, {
      as: 'employee',
      body: { shared: true },
      version: 1,
    })
    expect(shared.statusCode).toBe(403)
  })

  it('are changed by their owner alone', async () => {
    const firm = await testFirm(test.services)
    const { view } = await make(firm, 'Van kantoor', { shared: true })
    const body = { name: 'Gekaapt' }
    expect((await send(firm, 'PATCH', `/views/${view.id}`, { as: 'employee', body, version: 1 })).statusCode).toBe(403)
    expect((await send(firm, 'DELETE', `/views/${view.id}`, { as: 'administrator', version: 1 })).statusCode).toBe(403)
    const own = await make(firm, 'Alleen van mij', { as: 'employee' })
    expect((await send(firm, 'PATCH', `/views/${own.view.id}`, { body, version: 1 })).statusCode).toBe(404)
  })

  it('have one name per person and list', async () => {
    const firm = await testFirm(test.services)
    const { view } = await make(firm, 'Maand')
    expect((await make(firm, 'maand')).status).toBe(422)
    expect((await make(firm, 'Maand', { as: 'employee' })).status).toBe(201)
    const second = await make(firm, 'Week')
    const renamed = await send(firm, 'PATCH', `/views/${second.view.id}`, { body: { name: 'MAAND' }, version: 1 })
    expect(renamed.json()).toMatchObject({ errors: [{ pointer: '/name', code: 'view-name-taken' }] })
    const same = await send(firm, 'PATCH', `/views/${view.id}`, { body: { name: 'MAAND' }, version: 1 })
    expect(same.statusCode).toBe(200)
  })

  it('come back after they were deleted, and a stale change is refused', async () => {
    const firm = await testFirm(test.services)
    const { view } = await make(firm, 'Maand')
    expect(
      (await send(firm, 'PATCH', `/views/${view.id}`, { body: { name: 'Kwartaal' }, version: 7 })).statusCode,
    ).toBe(409)
    expect((await send(firm, 'DELETE', `/views/${view.id}`, { version: 1 })).statusCode).toBe(204)
    expect(await names(firm, 'finance')).toEqual([])
    expect((await send(firm, 'POST', `/views/${view.id}/restoration`)).statusCode).toBe(200)
    expect(await names(firm, 'finance')).toEqual([['Maand', true]])
  })

  it('open a list for who chose so, as long as they are there', async () => {
    const firm = await testFirm(test.services)
    const { view } = await make(firm, 'Te factureren', { shared: true })
    const first = async (as: Role) => (await read<{ firstId: string | null }>(firm, '/views?screen=hours', as)).firstId
    const choose = (viewId: string | null, screen = 'hours') =>
      send(firm, 'POST', '/views/first', { as: 'employee', body: { screen, viewId } })
    expect((await choose(view.id)).statusCode).toBe(200)
    expect([await first('employee'), await first('finance')]).toEqual([view.id, null])
    expect((await choose(view.id, 'trips')).statusCode).toBe(422)
    expect((await choose(null)).statusCode).toBe(200)
    expect(await first('employee')).toBeNull()
    await choose(view.id)
    await send(firm, 'DELETE', `/views/${view.id}`, { version: 1 })
    expect(await first('employee')).toBeNull()
  })
})
