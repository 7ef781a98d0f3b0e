import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp, testOrigin } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
let firm: TestFirm
beforeAll(async () => {
  test = await testApp()
  firm = await testFirm(test.services)
})
afterAll(() => test.close())

type Body = Record<string, never> & {
  readonly id: string
  readonly version: number
  readonly code?: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[]
}
interface Asked {
  readonly body?: object
  readonly version?: number
  readonly as?: Parameters<TestFirm['as']>[0]
  readonly headers?: Readonly<Record<string, string>>
}

async function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, asked: Asked = {}) {
  const { body, version, as = 'administrator', headers = firm.as(as) } = asked
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { 'accept-language': 'en', ...headers, ...(version ? { 'if-match': `"${version}"` } : {}) },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : null) as Body, cookies: answer.cookies }
}

async function good(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, asked: Asked = {}): Promise<Body> {
  const { status, body } = await ask(method, path, asked)
  expect(status, `${method} ${path}: ${JSON.stringify(body)}`).toBeLessThan(300)
  return body
}

/** Pointer and code of every field that was refused. */
const refused = ({ status, body }: { status: number; body: Body }) => [
  status,
  ...(body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`),
]

describe('a customer', () => {
  it.each([
    ['an IBAN with a typing error', { iban: 'NL91ABNA0417164301' }, '/iban iban-check-digit'],
    ['an IBAN that is too short', { iban: 'NL91ABNA04' }, '/iban iban-format'],
    ['a Peppol id without a scheme', { peppolId: '12345678' }, '/peppolId peppol-format'],
    ['a KvK number of six digits', { kvk: '123456' }, '/kvk kvk-format'],
    [
      'a rounding step of nothing',
      { billingRounding: { stepMinutes: 0, direction: 'up', per: 'day' } },
      '/billingRounding/stepMinutes too-small',
    ],
    [
      'a rounding the wrong way',
      { billingRounding: { stepMinutes: 15, direction: 'sideways', per: 'day' } },
      '/billingRounding/direction not-one-of',
    ],
  ])('is refused %s', async (_, body, field) => {
    const answer = await ask('POST', '/customers', { body: { name: 'Fout', country: 'NL', ...body } })
    expect(refused(answer)).toEqual([422, field])
  })

  it('keeps IBAN and Peppol id in one form, and its billing rounding', async () => {
    const billingRounding = { stepMinutes: 15, direction: 'up', per: 'entry' }
    const made = await good('POST', '/customers', {
      body: {
        name: 'Rond',
        country: 'NL',
        iban: 'nl91 abna 0417 1643 00',
        peppolId: '0106: 12345678',
        billingRounding,
      },
    })
    expect(made).toMatchObject({ iban: 'NL91ABNA0417164300', peppolId: '0106:12345678', billingRounding })
    const without = await good('PATCH', `/customers/${made.id}`, { body: { billingRounding: null }, version: 1 })
    expect(without).toMatchObject({ billingRounding: null, iban: 'NL91ABNA0417164300' })
  })

  it('whose rounding is set is billed in its steps, the project before it, and the minutes stay', async () => {
    const one = await testFirm(test.services)
    const send = (method: 'PATCH' | 'POST', path: string, asked: Asked = {}) =>
      good(method, path, { ...asked, headers: one.as('administrator') })
    await send('PATCH', `/customers/${one.customerId}`, {
      body: { billingRounding: { stepMinutes: 15, direction: 'up', per: 'entry' } },
      version: 1,
    })
    const own = await one.addProject({
      name: 'Naar beneden',
      billingRounding: JSON.stringify({ stepMinutes: 60, direction: 'down', per: 'entry' }),
    })
    const ids = [await one.addHours({ minutes: 472 }), await one.addHours({ minutes: 119, projectId: own })]
    const draft = async (id: string | undefined) => {
      const made = (await send('POST', '/invoices/from-entries', {
        body: { hours: { ids: [id] }, splitBy: 'customer', groupBy: 'entry', date: '2026-03-31' },
      })) as unknown as { invoices: { id: string }[] }
      const invoice = (await good('GET', `/invoices/${made.invoices[0]?.id}`, {
        headers: one.as('administrator'),
      })) as unknown as { lines: { quantity: string }[] }
      return invoice.lines.map(({ quantity }) => Number(quantity))
    }
    expect([await draft(ids[0]), await draft(ids[1])]).toEqual([[8], [1]])
    const { minutes } = (await good('GET', `/hours/${ids[0]}`, {
      headers: one.as('administrator'),
    })) as unknown as { minutes: number }
    expect(minutes).toBe(472)
  })

  it('is paid for by one other customer, never round in circles', async () => {
    const [head, shop, third] = [await firm.addCustomer(), await firm.addCustomer(), await firm.addCustomer()]
    await good('PATCH', `/customers/${shop}`, { body: { billToId: head }, version: 1 })
    const answers = [
      await ask('PATCH', `/customers/${head}`, { body: { billToId: third }, version: 1 }),
      await ask('PATCH', `/customers/${third}`, { body: { billToId: shop }, version: 1 }),
      await ask('PATCH', `/customers/${third}`, { body: { billToId: third }, version: 1 }),
    ]
    expect(answers.map(refused)).toEqual([
      [422, '/billToId bill-to-pays-already'],
      [422, '/billToId bill-to-passes-on'],
      [422, '/billToId customer-unknown'],
    ])
    expect(await ask('DELETE', `/customers/${head}`, { version: 1 })).toMatchObject({
      status: 409,
      body: { code: 'customer-in-use' },
    })
  })

  it('has contacts that are changed, archived, deleted and brought back', async () => {
    const made = await good('POST', '/contacts', {
      body: { customerId: firm.customerId, name: 'Els', email: 'els@zon.example', approvesEntries: true },
    })
    const later = await good('PATCH', `/contacts/${made.id}`, {
      body: { role: 'Eigenaar', archived: true },
      version: 1,
    })
    expect(later).toMatchObject({ name: 'Els', role: 'Eigenaar', archived: true, approvesEntries: true })
    expect((await ask('PATCH', `/contacts/${made.id}`, { body: { name: 'Ella' }, version: 1 })).status).toBe(409)
    expect(refused(await ask('PATCH', `/contacts/${made.id}`, { body: { email: null }, version: 2 }))).toEqual([
      422,
      '/email contact-email-needed',
    ])
    const rows = async () =>
      ((await good('GET', `/contacts?customerId=${firm.customerId}`)) as unknown as { rows: object[] }).rows
    expect(await rows()).toHaveLength(1)
    expect((await ask('DELETE', `/contacts/${made.id}`, { version: 2 })).status).toBe(204)
    expect(await rows()).toEqual([])
    await good('POST', `/contacts/${made.id}/restoration`)
    expect(await rows()).toMatchObject([{ name: 'Els' }])
    expect(
      (await ask('POST', '/contacts', { as: 'manager', body: { customerId: firm.customerId, name: 'X' } })).status,
    ).toBe(403)
  })
})

describe('a project', () => {
  it('has managers beside its people, and an open one stays open to everybody', async () => {
    const { manager, employee } = firm.members
    const made = await good('POST', '/projects', {
      body: { name: 'Open', customerId: firm.customerId, invoicingMethod: 'hourly-activity', managerIds: [manager] },
    })
    expect(made).toMatchObject({ memberIds: [], managerIds: [manager] })
    const hours = (as: 'employee' | 'manager') =>
      ask('POST', '/hours', {
        as,
        body: { date: '2026-03-02', minutes: 60, projectId: made.id, activityId: firm.activityId },
      })
    expect([(await hours('employee')).status, (await hours('manager')).status]).toEqual([201, 201])
    const closed = await good('PATCH', `/projects/${made.id}`, {
      body: { memberIds: [firm.members.finance] },
      version: 1,
    })
    expect(closed).toMatchObject({ memberIds: [firm.members.finance], managerIds: [manager] })
    expect(refused(await hours('employee'))).toEqual([422, '/projectId project-not-open'])
    expect((await hours('manager')).status).toBe(201)
    const both = await good('PATCH', `/projects/${made.id}`, {
      body: { memberIds: [employee, manager] },
      version: 2,
    })
    expect(both).toMatchObject({ managerIds: [manager] })
    expect((await hours('employee')).status).toBe(201)
  })

  it('is offered to those who may register on it, however many there are for others', async () => {
    const { employee, manager, finance } = firm.members
    const made = await good('POST', '/projects', {
      body: {
        name: 'Zolder',
        customerId: firm.customerId,
        invoicingMethod: 'hourly-activity',
        memberIds: [employee],
        managerIds: [manager],
      },
    })
    const offered = async (memberId: string) => {
      const { rows } = (await good('GET', `/projects?search=Zolder&openTo=${memberId}`)) as never as { rows: Body[] }
      return rows.map(({ id }) => id)
    }
    expect([await offered(employee), await offered(manager), await offered(finance)]).toEqual([
      [made.id],
      [made.id],
      [],
    ])
  })

  it('keeps its budget, cost unit, rounding and who approves; the amount is for who sees rates', async () => {
    const facts = {
      budgetMinutes: 6000,
      budgetAmount: '9000.00',
      budgetWarningPercent: 75,
      costUnit: 'KD12',
      customerApproves: false,
      billingRounding: { stepMinutes: 30, direction: 'nearest', per: 'day' },
    }
    const made = await good('POST', '/projects', {
      body: { name: 'Begroot', customerId: firm.customerId, invoicingMethod: 'hourly-activity', ...facts },
    })
    expect(made).toMatchObject(facts)
    await firm.addHours({ projectId: made.id, minutes: 4500 / 10 })
    const budget = async (as: 'finance' | 'employee') => good('GET', `/projects/${made.id}/budget`, { as })
    expect(await budget('finance')).toMatchObject({
      budget: {
        hours: { minutes: 6000, usedMinutes: 450, leftMinutes: 5550, percentUsed: '7.5', state: 'within' },
        money: { amount: '9000.00', used: '780.00', left: '8220.00' },
      },
    })
    expect(await budget('employee')).toEqual({ budget: null })
    expect(await good('GET', `/projects/${made.id}`, { as: 'employee' })).toMatchObject({
      budgetAmount: null,
      budgetMinutes: 6000,
    })
    const history = (await good('GET', `/history?subjectKind=project&subjectId=${made.id}`, {
      as: 'manager',
    })) as object
    expect(JSON.stringify(history)).not.toContain('9000')
  })

  it.each([
    ['a budget below nothing', { budgetMinutes: -60 }, '/budgetMinutes too-small'],
    ['a budget that is no amount', { budgetAmount: '12,50' }, '/budgetAmount not-understood'],
    ['a warning beyond the whole', { budgetWarningPercent: 130 }, '/budgetWarningPercent too-big'],
    ['an end before its start', { startsOn: '2026-03-02', endsOn: '2026-03-01' }, '/endsOn end-before-start'],
    ['a manager of nowhere', { managerIds: ['01900000-0000-7000-8000-00000000dead'] }, '/managerIds/0 person-unknown'],
  ])('is refused %s', async (_, body, field) => {
    const answer = await ask('POST', '/projects', {
      body: { name: 'Fout', customerId: firm.customerId, invoicingMethod: 'hourly-activity', ...body },
    })
    expect(refused(answer)).toEqual([422, field])
  })

  it.each([
    ['hours', (id: string) => firm.addHours({ projectId: id })],
    ['an expense', (id: string) => firm.addExpense({ projectId: id })],
    ['a trip', (id: string) => firm.addTrip({ projectId: id })],
  ])('with %s is archived, not deleted', async (_, add) => {
    const id = await firm.addProject({ name: 'In gebruik' })
    await add(id)
    const answer = await ask('DELETE', `/projects/${id}`, { version: 1 })
    expect(answer).toMatchObject({ status: 409, body: { code: 'project-in-use' } })
    expect(await good('PATCH', `/projects/${id}`, { body: { archived: true }, version: 1 })).toMatchObject({
      archived: true,
    })
  })

  it('with work on an invoice stays with its customer', async () => {
    const id = await firm.addProject({ name: 'Gefactureerd' })
    const entry = await firm.addHours({ projectId: id })
    await good('POST', '/invoices/from-entries', {
      body: { hours: { ids: [entry] }, splitBy: 'customer', groupBy: 'activity', date: '2026-03-31' },
    })
    const answer = await ask('PATCH', `/projects/${id}`, { body: { customerId: await firm.addCustomer() }, version: 1 })
    expect(refused(answer)).toEqual([422, '/customerId project-has-invoiced-entries'])
  })
})

describe('tags', () => {
  const hours = (tags: string[], as: 'employee' | 'finance' = 'employee') =>
    ask('POST', '/hours', {
      as,
      body: { date: '2026-03-02', minutes: 30, projectId: firm.projectId, activityId: firm.activityId, tags },
    })

  it('are chosen by employees and typed by who keeps the activities, in one spelling', async () => {
    expect(refused(await hours(['Nieuw']))).toEqual([422, '/tags/0 tag-unknown'])
    expect((await hours(['Nieuw'], 'finance')).body).toMatchObject({ tags: ['Nieuw'] })
    expect((await hours(['nieuw', 'NIEUW'])).body).toMatchObject({ tags: ['Nieuw'] })
  })

  it('are renamed on every entry at once, locked ones too, and a stale name is not taken for a new one', async () => {
    const tag = await good('POST', '/tags', { body: { name: 'Oud' } })
    const free = (await hours(['Oud'])).body
    const locked = await firm.addHours({ tags: ['x', 'Oud'], approval: 'approved' })
    const spent = await firm.addExpense({ tags: ['Oud'] })
    const driven = await firm.addTrip({ tags: ['Oud'] })
    await good('PATCH', `/tags/${tag.id}`, { body: { name: 'Anders' }, version: 1 })
    const tagsOf = async (path: string) => (await good('GET', path)) as unknown as { tags: string[]; version: number }
    expect(await tagsOf(`/hours/${free.id}`)).toMatchObject({ tags: ['Anders'], version: 1 })
    expect(await tagsOf(`/hours/${locked}`)).toMatchObject({ tags: ['x', 'Anders'] })
    expect(await tagsOf(`/expenses/${spent}`)).toMatchObject({ tags: ['Anders'] })
    expect(await tagsOf(`/trips/${driven}`)).toMatchObject({ tags: ['Anders'] })
    const stale = await ask('PATCH', `/hours/${free.id}`, { as: 'employee', body: { tags: ['Oud'] }, version: 1 })
    expect(refused(stale)).toEqual([422, '/tags/0 tag-unknown'])
  })

  it('that are archived stay where they are and are not given again', async () => {
    const tag = await good('POST', '/tags', { body: { name: 'Voorbij' } })
    const entry = (await hours(['Voorbij'])).body
    await good('PATCH', `/tags/${tag.id}`, { body: { archived: true }, version: 1 })
    expect(refused(await hours(['Voorbij']))).toEqual([422, '/tags/0 tag-archived'])
    const kept = await good('PATCH', `/hours/${entry.id}`, {
      as: 'employee',
      body: { tags: ['Voorbij'], note: 'zelfde' },
      version: 1,
    })
    expect(kept).toMatchObject({ tags: ['Voorbij'], note: 'zelfde' })
    await good('POST', '/tags', { body: { name: 'voorbij' } })
    const back = await ask('PATCH', `/tags/${tag.id}`, { body: { archived: false }, version: 2 })
    expect(refused(back)).toEqual([422, '/name tag-taken'])
    expect(refused(await ask('POST', '/tags', { body: { name: 'VOORBIJ' } }))).toEqual([422, '/name tag-taken'])
    expect((await ask('POST', '/tags', { as: 'employee', body: { name: 'Mag niet' } })).status).toBe(403)
  })
})

describe('people', () => {
  it('have a number, employment, teams and contract hours from a day on', async () => {
    const team = await good('POST', '/teams', { body: { name: 'Zuid', memberIds: [firm.members.manager] } })
    const id = firm.members.employee
    const person = ((await good('GET', '/people')) as unknown as { rows: Body[] }).rows.find((row) => row.id === id)
    const contractHours = [
      { from: '2026-01-01', minutesPerDay: [480, 480, 480, 480, 480, 0, 0] },
      { from: '2026-04-01', minutesPerDay: [480, 480, 0, 480, 240, 0, 0] },
    ]
    const body = { number: '007', startsOn: '2026-01-01', endsOn: null, teamIds: [team.id], contractHours }
    const after = await good('PATCH', `/people/${id}`, { body, version: person?.version ?? 0 })
    expect(after).toMatchObject(body)
    expect((await ask('PATCH', `/teams/${team.id}`, { body: { name: 'Noord' }, version: 1 })).status).toBe(409)
    const left = await good('PATCH', `/teams/${team.id}`, { body: { memberIds: [] }, version: 2 })
    expect(left).toMatchObject({ memberIds: [] })
    expect(await good('GET', '/me', { as: 'employee' })).toMatchObject({ number: '007', teamIds: [], contractHours })
    const early = await ask('POST', '/hours', {
      as: 'employee',
      body: { date: '2025-12-31', minutes: 30, projectId: firm.projectId, activityId: firm.activityId },
    })
    expect(refused(early)).toEqual([422, '/date before-employment'])
  })

  it.each([
    ['an end before the start', { startsOn: '2026-02-01', endsOn: '2026-01-01' }, '/endsOn end-before-start'],
    [
      'two contracts from one day',
      {
        contractHours: [0, 480].map((minutes) => ({
          from: '2026-01-01',
          minutesPerDay: [minutes, 0, 0, 0, 0, 0, 0],
        })),
      },
      '/contractHours/1/from contract-from-taken',
    ],
    [
      'a week of six days',
      { contractHours: [{ from: '2026-01-01', minutesPerDay: [480, 480, 480, 480, 480, 0] }] },
      '/contractHours/0/minutesPerDay too-small',
    ],
    [
      'more hours than a day has',
      { contractHours: [{ from: '2026-01-01', minutesPerDay: [1500, 0, 0, 0, 0, 0, 0] }] },
      '/contractHours/0/minutesPerDay/0 too-big',
    ],
    ['a team of nowhere', { teamIds: ['01900000-0000-7000-8000-00000000dead'] }, '/teamIds/0 team-unknown'],
  ])('are refused %s', async (_, body, field) => {
    const { version } = await good('GET', '/me', { as: 'payroll' })
    const answer = await ask('PATCH', `/people/${firm.members.payroll}`, { body, version })
    expect(refused(answer)).toEqual([422, field])
  })

  it('who are archived keep their hours, and neither sign in here nor write', async () => {
    const one = await testFirm(test.services)
    const headers = await one.signedInAs('employee')
    const entry = await one.addHours()
    const { version } = await good('GET', '/me', { headers })
    const as = { headers: one.as('administrator') }
    await good('PATCH', `/people/${one.members.employee}`, { body: { archived: true }, version, ...as })
    expect((await ask('GET', '/me', { headers })).status).toBe(403)
    const session = (await good('GET', '/session', { headers })) as unknown as { firms: object[] }
    expect(session.firms).toEqual([])
    expect(await good('GET', `/hours/${entry}`, as)).toMatchObject({ id: entry })
  })
})

describe('a rate that is typed is shown beforehand', () => {
  it('with what it changes, what keeps its amount, and what lies on locked days; nothing is written', async () => {
    const one = await testFirm(test.services)
    const as = { headers: one.as('administrator') }
    await one.addHours({ date: '2026-01-10', minutes: 60 })
    await one.addHours({ date: '2026-03-02', minutes: 90 })
    await one.addHours({ date: '2026-03-02', minutes: 60, billable: false })
    const claimed = await one.addHours({ date: '2026-03-03', minutes: 60 })
    await good('POST', '/invoices/from-entries', {
      ...as,
      body: { hours: { ids: [claimed] }, splitBy: 'customer', groupBy: 'activity', date: '2026-03-31' },
    })
    await one.within((trx) => trx.updateTable('firm').set({ lockedUntil: '2026-01-31' }).execute())
    const rate = { scope: 'activity', activityId: one.activityId, amount: '120', currency: 'EUR', from: '2026-01-01' }
    expect(await good('POST', '/rates/preview', { ...as, body: rate })).toEqual({
      entries: 2,
      minutes: 150,
      withoutRateBefore: 0,
      withoutRateAfter: 0,
      totals: [{ currency: 'EUR', before: '260.00', after: '300.00' }],
      keptEntries: 1,
      lockedEntries: 1,
      lockedUntil: '2026-01-31',
    })
    const { rows } = (await good('GET', `/rates?activityId=${one.activityId}`, as)) as unknown as { rows: Body[] }
    expect(rows).toHaveLength(1)
    const back = { id: rows[0]?.id, takenBack: true }
    expect(await good('POST', '/rates/preview', { ...as, body: back })).toMatchObject({
      entries: 2,
      withoutRateAfter: 2,
      totals: [{ currency: 'EUR', before: '260.00', after: '0.00' }],
      keptEntries: 1,
    })
    expect(await good('POST', '/rates/preview', { ...as, body: { ...rate, from: '2026-04-01' } })).toMatchObject({
      entries: 0,
      totals: [],
      lockedUntil: null,
    })
  })

  it('and saved rewrites no line of a draft', async () => {
    const one = await testFirm(test.services)
    const as = { headers: one.as('administrator') }
    const entry = await one.addHours({ minutes: 60 })
    const made = (await good('POST', '/invoices/from-entries', {
      ...as,
      body: { hours: { ids: [entry] }, splitBy: 'customer', groupBy: 'activity', date: '2026-03-31' },
    })) as unknown as { invoices: { id: string }[] }
    const path = `/invoices/${made.invoices[0]?.id}`
    const before = await good('GET', path, as)
    await good('POST', '/rates', {
      ...as,
      body: { scope: 'activity', activityId: one.activityId, amount: '500', currency: 'EUR', from: '2026-01-01' },
    })
    expect(await good('GET', path, as)).toEqual(before)
  })

  it('in billed minutes where the customer rounds', async () => {
    const one = await testFirm(test.services)
    const as = { headers: one.as('administrator') }
    await one.within((trx) =>
      trx
        .updateTable('customer')
        .set({ billingRounding: JSON.stringify({ stepMinutes: 60, direction: 'up', per: 'day' }) })
        .execute(),
    )
    await one.addHours({ minutes: 50 })
    await one.addHours({ minutes: 20 })
    const body = { scope: 'activity', activityId: one.activityId, amount: '100', currency: 'EUR', from: '2026-01-01' }
    expect(await good('POST', '/rates/preview', { ...as, body })).toMatchObject({
      totals: [{ currency: 'EUR', before: '208.00', after: '200.00' }],
    })
  })

  it('only to who may read rates, and never of a rate per kilometre', async () => {
    const km = await firm.addRate({ scope: 'firm', unit: 'km', amount: '0.23' })
    expect((await ask('POST', '/rates/preview', { as: 'manager', body: { id: km, takenBack: true } })).status).toBe(403)
    expect(refused(await ask('POST', '/rates/preview', { body: { id: km, takenBack: true } }))).toEqual([
      422,
      '/id rate-unknown',
    ])
    expect((await ask('DELETE', `/rates/${km}`, { version: 1 })).status).toBe(404)
  })
})

describe('a forgotten password', () => {
  const outside = { headers: { origin: testOrigin } }
  const linkOf = (text: string) => /\/reset\/(\S+)/.exec(text)?.[1] ?? ''
  const lastLink = async (count: number) => {
    await expect.poll(() => test.letters.length).toBe(count)
    return linkOf(test.letters.at(-1)?.text ?? '')
  }

  it('is replaced by the link in a letter, once, and signs out everywhere', async () => {
    const one = await testFirm(test.services)
    const headers = await one.signedInAs('employee')
    const email = `employee.${one.id}@example.nl`
    const count = test.letters.length
    expect((await ask('POST', '/session/password-resets', { ...outside, body: { email } })).status).toBe(204)
    const token = await lastLink(count + 1)
    expect(await good('GET', `/session/password-resets/${token}`, outside)).toEqual({ name: 'employee', email })
    const short = await ask('POST', `/session/password-resets/${token}`, { ...outside, body: { password: 'kort' } })
    expect(refused(short)).toEqual([422, '/password too-short'])
    const password = 'een nieuw wachtwoord'
    const reset = await ask('POST', `/session/password-resets/${token}`, { ...outside, body: { password } })
    expect([reset.status, reset.cookies.length > 0]).toEqual([200, true])
    const again = await ask('POST', `/session/password-resets/${token}`, { ...outside, body: { password } })
    expect(again).toMatchObject({ status: 404, body: { code: 'reset-gone' } })
    expect((await ask('GET', '/me', { headers })).status).toBe(401)
    const signIn = (typed: string) => ask('POST', '/session', { ...outside, body: { email, password: typed } })
    expect([(await signIn(password)).status, (await signIn('password of employee')).status]).toEqual([200, 401])
  })

  it('tells nobody which addresses have an account, and sends one letter a minute', async () => {
    const one = await testFirm(test.services)
    await one.signedInAs('finance')
    const count = test.letters.length
    const askFor = (email: string) => ask('POST', '/session/password-resets', { ...outside, body: { email } })
    const known = await askFor(`finance.${one.id}@example.nl`)
    await lastLink(count + 1)
    const unknown = await askFor('niemand@example.nl')
    expect(unknown.status).toBe(known.status)
    expect(unknown.body).toEqual(known.body)
    await askFor(`finance.${one.id}@example.nl`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(test.letters).toHaveLength(count + 1)
  })

  it('has an hour', async () => {
    const one = await testFirm(test.services)
    await one.signedInAs('payroll')
    const count = test.letters.length
    await ask('POST', '/session/password-resets', { ...outside, body: { email: `payroll.${one.id}@example.nl` } })
    const token = await lastLink(count + 1)
    test.clock.forward(3_600_001)
    const late = await ask('GET', `/session/password-resets/${token}`, outside)
    expect(late).toMatchObject({ status: 404, body: { code: 'reset-gone' } })
  })

  it('is no way for an administrator into a stronger role or another firm', async () => {
    const one = await testFirm(test.services)
    await one.signedInAs('administrator')
    const answer = await ask('POST', `/people/${one.members.administrator}/password-reset`, {
      headers: one.as('finance'),
    })
    expect(answer.status).toBe(403)
    const invited = await ask('POST', `/people/${one.members.employee}/password-reset`, {
      headers: one.as('administrator'),
    })
    expect(invited).toMatchObject({ status: 409, body: { code: 'person-invited' } })
  })
})

describe('a forgotten password where no mail is sent', () => {
  let bare: TestApp
  beforeAll(async () => {
    bare = await testApp((services) => ({
      mail: { ...services.mail, works: false, send: () => Promise.reject(new Error('no mail')) },
    }))
  })
  afterAll(() => bare.close())

  const send = async (method: 'GET' | 'POST', path: string, headers: Record<string, string>, payload?: object) => {
    const answer = await bare.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { 'accept-language': 'en', ...headers },
      ...(payload ? { payload } : {}),
    })
    return { status: answer.statusCode, body: (answer.body ? answer.json() : {}) as Body & { link?: string } }
  }

  it('is replaced by a link that an administrator hands over, the newest alone', async () => {
    const one = await testFirm(bare.services)
    await one.signedInAs('employee')
    const asked = await send('POST', '/session/password-resets', { origin: testOrigin }, { email: 'wie@example.nl' })
    expect(asked).toMatchObject({ status: 409, body: { code: 'reset-without-mail' } })
    const path = `/people/${one.members.employee}/password-reset`
    const tokenOf = async () => {
      const { body } = await send('POST', path, one.as('administrator'))
      expect(body).toMatchObject({ mailed: false })
      return /\/reset\/(\S+)/.exec(body.link ?? '')?.[1] ?? ''
    }
    const [first, second] = [await tokenOf(), await tokenOf()]
    const use = (token: string) =>
      send('POST', `/session/password-resets/${token}`, { origin: testOrigin }, { password: 'lang genoeg nieuw' })
    expect([(await use(first)).status, (await use(second)).status]).toEqual([404, 200])
  })

  it('is not handed over where it would open another firm too', async () => {
    const [one, other] = [await testFirm(bare.services), await testFirm(bare.services)]
    await one.signedInAs('employee')
    const row = await one.within((trx) =>
      trx.selectFrom('member').select('userId').where('id', '=', one.members.employee).executeTakeFirstOrThrow(),
    )
    await other.within((trx) =>
      trx
        .insertInto('directory.membership')
        .values({ userId: row.userId as string, firmId: other.id, memberId: other.members.employee })
        .execute(),
    )
    const answer = await send('POST', `/people/${one.members.employee}/password-reset`, one.as('administrator'))
    expect(answer).toMatchObject({ status: 409, body: { code: 'person-in-other-firm' } })
  })
})
