import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import type { Trx } from '../src/store/database.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

interface Answer<Body> {
  readonly status: number
  readonly body: Body
  readonly etag: string | undefined
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Asked = { body?: object; version?: number; as?: Parameters<TestFirm['as']>[0]; language?: string }

async function ask<Body = InvoiceAnswer>(
  firm: TestFirm,
  method: Method,
  path: string,
  { body, version, as = 'finance', language = 'en' }: Asked = {},
): Promise<Answer<Body>> {
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
  return {
    status: answer.statusCode,
    body: (answer.body ? answer.json() : undefined) as Body,
    etag: answer.headers.etag as string | undefined,
  }
}

interface Made {
  readonly invoices: { id: string; customerName: string; net: string; currency: string; entries: number }[]
  readonly leftOut: { id: string; label: string; problem: { code: string; cause: string } }[]
}

const fromHours = (firm: TestFirm, ids: readonly string[], more: object = {}) =>
  ask<Made>(firm, 'POST', '/invoices/from-hours', { body: { selection: { ids }, groupBy: 'activity', ...more } })

const read = async (firm: TestFirm, id: string) => (await ask(firm, 'GET', `/invoices/${id}`)).body

async function draftOf(firm: TestFirm, ids: readonly string[], more: object = {}) {
  const made = await fromHours(firm, ids, more)
  expect(made.body.leftOut).toEqual([])
  expect(made.body.invoices).toHaveLength(1)
  return read(firm, made.body.invoices[0]?.id as string)
}

const send = (firm: TestFirm, { id, version }: Pick<InvoiceAnswer, 'id' | 'version'>) =>
  ask(firm, 'POST', `/invoices/${id}/sending`, { body: { how: 'post' }, version })

/** Waits until so many transactions of this database wait for another. */
async function standInLine(count: number): Promise<void> {
  const waiting = async () => {
    const [row] = await test.database.asOwner<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    )
    return row?.count
  }
  await vi.waitUntil(async () => (await waiting()) === count, { timeout: 10_000, interval: 20 })
}

const stateOf = async (firm: TestFirm, id: string) =>
  (await ask<{ state: string; invoice: { number: string } | null }>(firm, 'GET', `/hours/${id}`)).body

describe('hours become an invoice', () => {
  it('walks from hours to a sent invoice', async () => {
    const firm = await testFirm(test.services)
    const hours = [
      await firm.addHours({ date: '2026-03-02', minutes: 100 }),
      await firm.addHours({ date: '2026-03-16', minutes: 90, note: 'Overleg' }),
    ]
    const made = await fromHours(firm, hours)
    expect(made.status).toBe(201)
    expect(made.body.invoices).toEqual([
      {
        id: expect.any(String),
        customerName: 'Bakkerij Zon',
        net: '329.34',
        currency: 'EUR',
        entries: 2,
        projectIds: [firm.projectId],
      },
    ])
    expect(await stateOf(firm, hours[0] as string)).toMatchObject({ state: 'reserved', invoice: { number: null } })

    const draft = await read(firm, made.body.invoices[0]?.id as string)
    expect(draft).toMatchObject({
      state: 'draft',
      number: null,
      nextNumber: '2026-0001',
      date: '2026-03-31',
      dueDate: '2026-04-30',
      periodFrom: '2026-03-02',
      periodUntil: '2026-03-16',
      net: '329.34',
      vat: '69.16',
      gross: '398.50',
      problems: [],
      warnings: [],
      customer: { name: 'Bakkerij Zon', address: { line1: 'Dorpsstraat 1', city: 'Utrecht' } },
      vatPerRate: [
        { treatment: 'domestic-standard', rate: '21', base: '329.34', vat: '69.16', label: '21% btw', sentence: null },
      ],
    })
    // 190 minutes are 3.1667 hours; shown, multiplied and kept as that.
    expect(draft.lines).toEqual([
      expect.objectContaining({
        kind: 'hours',
        description: 'Advies, maart 2026',
        quantity: '3.1667',
        unit: 'hour',
        unitPrice: '104.00',
        net: '329.34',
        realMinutes: 190,
        entryCount: 2,
        activityId: firm.activityId,
      }),
    ])

    const sent = await send(firm, draft)
    expect(sent.status).toBe(200)
    expect(sent.body).toMatchObject({ state: 'sent', number: '2026-0001', nextNumber: null, sentHow: 'post' })
    expect(sent.body.history.map(({ act }) => act)).toEqual(['created', 'sent'])
    expect(await stateOf(firm, hours[1] as string)).toMatchObject({
      state: 'invoiced',
      invoice: { number: '2026-0001' },
    })
    const entries = await ask<{ rows: { id: string; note: string }[] }>(firm, 'GET', `/invoices/${draft.id}/entries`)
    expect(entries.body.rows.map(({ id, note }) => [id, note])).toEqual([
      [hours[0], ''],
      [hours[1], 'Overleg'],
    ])
    const totals = await ask(firm, 'GET', '/invoices/totals')
    expect(totals.body).toMatchObject({ draft: 0, sent: 1, credited: 0, unposted: 1 })
  })
  it('leaves out what cannot be invoiced, and says why', async () => {
    const firm = await testFirm(test.services)
    const [internal, fixed] = [
      await firm.addProject({ name: 'Intern', customerId: null }),
      await firm.addProject({ name: 'Vaste prijs', invoicingMethod: 'fixed-price' }),
    ]
    const good = await firm.addHours()
    const cases: [string, string][] = [
      [await firm.addHours({ billable: false }), 'entry-not-billable'],
      [await firm.addHours({ writtenOffAt: test.clock.now() }), 'hours-written-off'],
      [await firm.addHours({ date: '2026-04-01' }), 'hours-in-future'],
      [await firm.addHours({ projectId: internal }), 'project-without-customer'],
      [await firm.addHours({ projectId: fixed }), 'project-not-hourly'],
      [await firm.addHours({ deletedAt: test.clock.now() }), 'not-found'],
    ]
    const made = await fromHours(firm, [good, ...cases.map(([id]) => id)])
    expect(made.body.invoices.map(({ entries }) => entries)).toEqual([1])
    expect(made.body.leftOut.map(({ id, problem }) => [id, problem.code])).toEqual(cases)
    expect(made.body.leftOut[0]?.label).toBe('2 Mar 2026, employee, Website')
    for (const { problem } of made.body.leftOut) expect(problem.cause).not.toBe(problem.code)

    const again = await fromHours(firm, [good])
    expect(again.body).toMatchObject({ invoices: [], leftOut: [{ id: good, problem: { code: 'hours-claimed' } }] })
    await send(firm, await read(firm, made.body.invoices[0]?.id as string))
    const late = await ask<Made>(firm, 'POST', '/invoices/from-hours', {
      body: { selection: { ids: [good] }, groupBy: 'activity' },
      language: 'nl',
    })
    expect(late.body.leftOut[0]?.problem).toMatchObject({
      code: 'hours-invoiced',
      cause: 'Deze uren staan op factuur 2026-0001.',
    })
  })

  it('takes approved hours alone where approval is on', async () => {
    const firm = await testFirm(test.services)
    await firm.within((trx) => trx.updateTable('firm').set({ approval: 'internal' }).execute())
    const approved = await firm.addHours({ approval: 'approved' })
    const submitted = await firm.addHours({ approval: 'submitted' })
    const made = await fromHours(firm, [approved, submitted])
    expect(made.body.invoices).toMatchObject([{ entries: 1 }])
    expect(made.body.leftOut).toMatchObject([{ id: submitted, problem: { code: 'hours-not-approved' } }])
  })

  it('makes no invoice with a gap: a missing rate holds back its whole group', async () => {
    const firm = await testFirm(test.services)
    const travel = await firm.addActivity({ name: 'Reizen' })
    const other = await firm.addProject({ customerId: await firm.addCustomer({ name: 'Ander', number: '1002' }) })
    const ids = [await firm.addHours(), await firm.addHours({ activityId: travel })]
    const elsewhere = await firm.addHours({ projectId: other })
    const made = await fromHours(firm, [...ids, elsewhere])
    expect(made.body.invoices).toMatchObject([{ customerName: 'Ander', entries: 1 }])
    expect(made.body.leftOut.map(({ id, problem }) => [id, problem.code])).toEqual([
      [ids[0], 'invoice-held-back'],
      [ids[1], 'rate-missing'],
    ])
    expect(await stateOf(firm, ids[0] as string)).toMatchObject({ state: 'free' })
  })

  it('splits by customer, who pays, project or order number, and invoices whom it is billed to', async () => {
    const firm = await testFirm(test.services)
    const holding = await firm.addCustomer({ name: 'Holding', number: '9' })
    const daughter = await firm.addCustomer({ name: 'Dochter', number: '10', billToId: holding })
    const projects = [
      await firm.addProject({ customerId: daughter, orderNumber: 'A', invoiceReference: 'R1' }),
      await firm.addProject({ customerId: daughter, orderNumber: 'A', invoiceReference: 'R2' }),
      await firm.addProject({ customerId: holding, orderNumber: 'B' }),
    ]
    for (const [splitBy, expected] of [
      ['customer', ['2', '1']],
      ['bill-to', ['3']],
      ['project', ['1', '1', '1']],
      ['order-number', ['2', '1']],
    ] as const) {
      const ids = []
      for (const projectId of projects) ids.push(await firm.addHours({ projectId }))
      const made = await fromHours(firm, ids, { splitBy })
      expect(made.body.invoices.map(({ customerName }) => customerName)).toEqual(expected.map(() => 'Holding'))
      expect(made.body.invoices.map(({ entries }) => String(entries))).toEqual(expected)
      if (splitBy === 'order-number')
        expect(await read(firm, made.body.invoices[0]?.id as string)).toMatchObject({
          orderNumber: 'A',
          reference: null,
        })
    }
  })

  it('keeps activities with another item of the package on lines of their own', async () => {
    const firm = await testFirm(test.services)
    const design = await firm.addActivity({ name: 'Ontwerp' })
    await firm.addRate({ activityId: design })
    const hours = [await firm.addHours(), await firm.addHours({ activityId: design })]
    const connectionId = test.services.ids.next()
    const times = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
    const item = (activityId: string, name: string) => ({
      firmId: firm.id,
      connectionId,
      subject: 'activity',
      subjectId: activityId,
      item: name,
    })
    await firm.within(async (trx) => {
      await trx
        .insertInto('connection')
        .values({
          firmId: firm.id,
          id: connectionId,
          package: 'exact-online',
          purpose: 'sales',
          mode: 'sandbox',
          country: 'NL',
          state: 'connected',
          ...times,
        })
        .execute()
      await trx
        .insertInto('itemMapping')
        .values([item(firm.activityId, 'ADVICE'), item(design, 'DESIGN')])
        .execute()
    })
    const draft = await draftOf(firm, hours, { groupBy: 'project' })
    expect(draft.lines).toHaveLength(2)
    await firm.within((trx) => trx.updateTable('itemMapping').set({ item: 'HOURS' }).execute())
    const together = await ask(firm, 'POST', `/invoices/${draft.id}/grouping`, {
      body: { groupBy: 'project' },
      version: draft.version,
    })
    expect(together.body.lines).toMatchObject([{ quantity: '2', activityId: null, entryCount: 2 }])
    const ids = await firm.within((trx) => trx.selectFrom('invoiceLine').select('activityIds').execute())
    expect(ids).toEqual([{ activityIds: [firm.activityId, design].sort() }])
  })

  it('takes everything a filter finds, but not what changed since it was seen', async () => {
    const firm = await testFirm(test.services)
    const [seen, excepted, elsewhere] = [
      await firm.addHours(),
      await firm.addHours(),
      await firm.addHours({ date: '2026-02-27' }),
    ]
    const asOf = test.clock.now().toISOString()
    test.clock.forward(60_000)
    const later = await firm.addHours()
    const filter = { from: '2026-03-01', until: '2026-03-31', state: ['free'] }
    const made = await ask<Made>(firm, 'POST', '/invoices/from-hours', {
      body: { selection: { filter, except: [excepted], asOf, count: 1 }, groupBy: 'activity' },
    })
    expect(made.body.invoices).toMatchObject([{ entries: 1 }])
    expect(made.body.leftOut).toMatchObject([{ id: later, problem: { code: 'hours-changed' } }])
    expect(await stateOf(firm, seen)).toMatchObject({ state: 'reserved' })
    for (const id of [excepted, elsewhere, later]) expect(await stateOf(firm, id)).toMatchObject({ state: 'free' })

    const counted = await ask<ApiProblem>(firm, 'POST', '/invoices/from-hours', {
      body: { selection: { filter, count: 3 }, groupBy: 'activity' },
    })
    expect(counted).toMatchObject({ status: 409, body: { code: 'selection-changed' } })
    expect(counted.body.cause).toBe('You saw 3 entries, but now 2 match.')
  })

  it('lets one win when three people invoice the same hours at once', async () => {
    const firm = await testFirm(test.services)
    const ids: string[] = []
    for (let index = 0; index < 20; index++) ids.push(await firm.addHours())
    // Somebody holds the entries until all three stand in line, so that they meet in every run.
    const [held, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = firm.within(async (trx) => {
      await trx.selectFrom('hourEntry').select('id').where('firmId', '=', firm.id).forUpdate().execute()
      held.resolve()
      await go.promise
    })
    await held.promise
    const asked = Promise.all([fromHours(firm, ids), fromHours(firm, ids.toReversed()), fromHours(firm, ids)])
    await standInLine(3)
    go.resolve()
    await holding
    const all = await asked
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(all.flatMap(({ body }) => body.invoices)).toMatchObject([{ entries: 20 }])
    const left = all.filter(({ body }) => body.invoices.length === 0).flatMap(({ body }) => body.leftOut)
    expect(left.map(({ problem }) => problem.code)).toEqual(Array(40).fill('hours-claimed'))
    const claims = await firm.within((trx) => trx.selectFrom('claim').select('entryId').execute())
    expect(claims.map(({ entryId }) => entryId).sort()).toEqual(ids.toSorted())
  })

  it('lets no second live claim into the database', async () => {
    const firm = await testFirm(test.services)
    const id = await firm.addHours()
    const draft = await draftOf(firm, [id])
    const claim = firm.within((trx) =>
      trx
        .insertInto('claim')
        .values({
          firmId: firm.id,
          id: test.services.ids.next(),
          entryKind: 'hours',
          entryId: id,
          invoiceId: draft.id,
          claimedAt: test.clock.now(),
        })
        .execute(),
    )
    await expect(claim).rejects.toMatchObject({ constraint: 'claim_live' })
  })

  it('puts 1,000 entries on one invoice with as many statements as 10', async () => {
    const firm = await testFirm(test.services)
    const many = async (count: number) => {
      const ids = Array.from({ length: count }, () => test.services.ids.next())
      await firm.within((trx) =>
        trx
          .insertInto('hourEntry')
          .values(
            ids.map((id, index) => ({
              firmId: firm.id,
              id,
              memberId: firm.members.employee,
              date: `2026-03-${String(1 + (index % 28)).padStart(2, '0')}`,
              minutes: 7,
              projectId: firm.projectId,
              activityId: firm.activityId,
              billable: true,
              createdAt: test.clock.now(),
              updatedAt: test.clock.now(),
            })),
          )
          .execute(),
      )
      return ids
    }
    const [few, all] = [await many(10), await many(1000)]
    // The day on which a key was used is written down by its first request.
    expect(await ask(firm, 'GET', '/firm')).toMatchObject({ status: 200 })
    const invoiced = async (ids: readonly string[]) => {
      const { answer, statements } = await withStatements(firm, () => fromHours(firm, ids, { groupBy: 'entry' }))
      return { made: answer.body, statements }
    }
    const [small, large] = [await invoiced(few), await invoiced(all)]
    expect(small.statements.length).toBeGreaterThan(5)
    expect(large.statements).toEqual(small.statements)
    // 7 minutes are 0.1167 hours, 12.14 each.
    expect(large.made.invoices).toMatchObject([{ entries: 1000, net: '12140.00' }])
    const sent = await send(firm, await read(firm, large.made.invoices[0]?.id as string))
    expect(sent.body).toMatchObject({ number: '2026-0001', net: '12140.00', vat: '2549.40', gross: '14689.40' })
    expect(sent.body.lines).toHaveLength(1000)
    const vat = sent.body.lines.reduce((cents, line) => cents + Math.round(Number(line.vat) * 100), 0)
    expect(vat).toBe(254_940)
  })
})

describe('VAT', () => {
  it('computes mixed rates apart: 9 and 21', async () => {
    const firm = await testFirm(test.services)
    const reduced = await firm.addActivity({ name: 'Kappen', vatClass: 'reduced' })
    await firm.addRate({ activityId: reduced, amount: '37.5' })
    const draft = await draftOf(firm, [await firm.addHours(), await firm.addHours({ activityId: reduced })])
    expect(draft).toMatchObject({
      net: '141.50',
      vat: '25.22',
      gross: '166.72',
      vatPerRate: [
        { rate: '21', base: '104.00', vat: '21.84', label: '21% btw' },
        { rate: '9', base: '37.50', vat: '3.38', label: '9% btw' },
      ],
    })
  })

  it('reverse charges a business elsewhere in the Union, and refuses without its VAT id', async () => {
    const firm = await testFirm(test.services)
    const customerId = await firm.addCustomer({
      name: 'Boulangerie',
      number: '2001',
      country: 'BE',
      vatCase: 'eu-business',
      language: 'en',
    })
    const hours = await firm.addHours({ projectId: await firm.addProject({ customerId }) })
    const refused = await fromHours(firm, [hours])
    expect(refused.body).toMatchObject({ invoices: [], leftOut: [{ problem: { code: 'vat-id-missing' } }] })
    await firm.within((trx) =>
      trx.updateTable('customer').set({ vatId: 'BE0123456749' }).where('id', '=', customerId).execute(),
    )
    const draft = await draftOf(firm, [hours])
    expect(draft).toMatchObject({
      vat: '0.00',
      gross: '104.00',
      vatPerRate: [
        {
          treatment: 'eu-business',
          label: 'VAT reverse charged',
          sentence: 'Reverse charge: the customer accounts for the VAT (articles 44 and 196 Directive 2006/112/EC)',
        },
      ],
    })
    // Taken away after the draft was made: found again before sending.
    await firm.within((trx) => trx.updateTable('customer').set({ vatId: null }).where('id', '=', customerId).execute())
    const sent = await ask<ApiProblem>(firm, 'POST', `/invoices/${draft.id}/sending`, {
      body: { how: 'post' },
      version: draft.version,
    })
    expect(sent.status).toBe(409)
    expect(sent.body.code).toBe('vat-id-missing')
    expect(sent.body.errors).toMatchObject([{ pointer: '/customer', code: 'vat-id-missing' }])
  })

  it('keeps services outside the Union out of scope, on an invoice of their own', async () => {
    const firm = await testFirm(test.services)
    const customerId = await firm.addCustomer({
      name: 'Bakery',
      number: '3001',
      country: 'US',
      vatCase: 'outside-eu',
      language: 'en',
    })
    const hours = await firm.addHours({ projectId: await firm.addProject({ customerId }) })
    const draft = await draftOf(firm, [hours])
    expect(draft).toMatchObject({ vat: '0.00', vatPerRate: [{ treatment: 'outside-eu', label: 'Outside EU VAT' }] })
    const mixed = await addLine(firm, draft, { vatTreatment: 'domestic-standard' })
    expect(mixed.body.problems.map(({ code }) => code)).toEqual(['outside-eu-mixed'])
    expect((await send(firm, mixed.body)).status).toBe(422)
  })

  it('splits a line where the rate changed', async () => {
    const firm = await testFirm(test.services, { country: 'DE' })
    await firm.addRate({ activityId: firm.activityId, fromDate: '2019-01-01' })
    const draft = await draftOf(firm, [
      await firm.addHours({ date: '2020-12-31' }),
      await firm.addHours({ date: '2021-01-01' }),
    ])
    expect(draft.lines.map(({ vatRate }) => vatRate).sort()).toEqual(['16', '19'])
  })

  it('asks for the exchange rate of another currency, and states the VAT in one’s own', async () => {
    const firm = await testFirm(test.services)
    const customerId = await firm.addCustomer({ name: 'Dollar', number: '4001', currency: 'USD' })
    const projectId = await firm.addProject({ customerId, invoicingMethod: 'hourly-customer' })
    const hours = await firm.addHours({ projectId })
    await firm.addRate({ scope: 'customer', customerId, currency: 'EUR' })
    expect((await fromHours(firm, [hours])).body.leftOut).toMatchObject([
      { problem: { code: 'rate-currency-differs' } },
    ])
    await firm.addRate({ scope: 'customer', customerId, currency: 'USD', amount: '100', fromDate: '2026-01-01' })
    const draft = await draftOf(firm, [hours])
    expect(draft).toMatchObject({ currency: 'USD', exchange: null, problems: [{ code: 'exchange-rate-missing' }] })
    const rated = await ask(firm, 'PATCH', `/invoices/${draft.id}`, {
      body: { exchange: { rate: '0.9243', source: 'European Central Bank' } },
      version: draft.version,
    })
    expect(rated.body).toMatchObject({
      problems: [],
      exchange: { rate: '0.9243', source: 'European Central Bank', date: '2026-03-31', vat: '19.41' },
    })
    const earlier = await ask(firm, 'PATCH', `/invoices/${draft.id}`, {
      body: { date: '2026-03-30' },
      version: rated.body.version,
    })
    expect(earlier.body.problems).toMatchObject([{ code: 'exchange-date-later' }])
    const again = await ask(firm, 'PATCH', `/invoices/${draft.id}`, {
      body: { date: '2026-03-31' },
      version: earlier.body.version,
    })
    const huge = await ask<ApiProblem>(firm, 'PATCH', `/invoices/${draft.id}`, {
      body: { exchange: { rate: '10000000', source: 'a slip of the hand' } },
      version: again.body.version,
    })
    expect(huge.body.errors).toMatchObject([{ pointer: '/exchange/rate', code: 'amount-too-large' }])
    expect((await send(firm, again.body)).body).toMatchObject({ state: 'sent', exchange: { vat: '19.41' } })
  })

  it('is not made of amounts that no package holds', async () => {
    const firm = await testFirm(test.services)
    const hours = await firm.addHours()
    await firm.addRate({ activityId: firm.activityId, amount: '99999999999999.9999', fromDate: '2026-01-01' })
    const made = await fromHours(firm, [hours])
    expect(made.body.invoices).toEqual([])
    expect(made.body.leftOut).toMatchObject([{ problem: { code: 'invoice-amount-too-large' } }])
  })
})

const addLine = (firm: TestFirm, { id, version }: InvoiceAnswer, more: object = {}) =>
  ask(firm, 'POST', `/invoices/${id}/lines`, {
    body: { description: 'Licentie', quantity: '2', unit: 'piece', unitPrice: '12.50', ...more },
    version,
  })

describe('a draft', () => {
  it('takes a discount of nothing as none', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    const added = await addLine(firm, draft, { discountPercent: '0' })
    expect(added.body.lines.at(-1)).toMatchObject({ quantity: '2', discountPercent: null, net: '25.00' })
  })

  it('is changed line by line, keeps the real hours, and frees what is taken out', async () => {
    const firm = await testFirm(test.services)
    const design = await firm.addActivity({ name: 'Ontwerp' })
    await firm.addRate({ activityId: design, amount: '80' })
    const [advice, drawing] = [await firm.addHours({ minutes: 120 }), await firm.addHours({ activityId: design })]
    const draft = await draftOf(firm, [advice, drawing])
    expect(draft.net).toBe('288.00')

    const added = await addLine(firm, draft, { discountPercent: '10' })
    expect(added.status).toBe(201)
    expect(added.etag).toBe(`"${draft.version + 1}"`)
    expect(added.body).toMatchObject({ net: '310.50', vat: '65.21', gross: '375.71' })
    expect(added.body.lines[2]).toMatchObject({ kind: 'free', net: '22.50', vatTreatment: 'domestic-standard' })

    const line = added.body.lines[0]
    const billed = await ask(firm, 'PATCH', `/invoices/${draft.id}/lines/${line?.id}`, {
      body: { quantity: '1.5', description: 'Advies, afgesproken' },
      version: added.body.version,
    })
    expect(billed.body.lines[0]).toMatchObject({
      description: 'Advies, afgesproken',
      quantity: '1.5',
      net: '156.00',
      realMinutes: 120,
      entryCount: 1,
    })
    const wrongUnit = await ask<ApiProblem>(firm, 'PATCH', `/invoices/${draft.id}/lines/${line?.id}`, {
      body: { unit: 'day' },
      version: billed.body.version,
    })
    expect(wrongUnit.body.errors).toMatchObject([{ pointer: '/unit', code: 'follows-from-hours' }])

    const removed = await ask(firm, 'DELETE', `/invoices/${draft.id}/lines/${billed.body.lines[1]?.id}`, {
      version: billed.body.version,
    })
    expect(removed.body).toMatchObject({ net: '178.50', gross: '215.99' })
    expect(await stateOf(firm, drawing)).toMatchObject({ state: 'free' })
    expect(await stateOf(firm, advice)).toMatchObject({ state: 'reserved' })

    const regrouped = await ask(firm, 'POST', `/invoices/${draft.id}/grouping`, {
      body: { groupBy: 'entry' },
      version: removed.body.version,
    })
    expect(regrouped.body.lines).toMatchObject([
      { kind: 'hours', description: '2 maart 2026, Advies', quantity: '2', net: '208.00', entryCount: 1 },
      { kind: 'free', net: '22.50' },
    ])
    const deleted = await ask(firm, 'DELETE', `/invoices/${draft.id}`, { version: regrouped.body.version })
    expect(deleted.status).toBe(204)
    expect(await stateOf(firm, advice)).toMatchObject({ state: 'free' })
    expect((await ask(firm, 'GET', `/invoices/${draft.id}`)).status).toBe(404)
    expect((await fromHours(firm, [advice, drawing])).body.invoices).toMatchObject([{ entries: 2 }])
  })

  it('moves its due date with its date by the term, unless it was chosen', async () => {
    const firm = await testFirm(test.services)
    const customerId = await firm.addCustomer({ number: '5', paymentDays: 14, paymentEndOfMonth: true })
    const made = await ask(firm, 'POST', '/invoices', { body: { customerId, date: '2026-03-10' } })
    expect(made).toMatchObject({ status: 201, body: { dueDate: '2026-04-14', net: '0.00', lines: [] } })
    expect(made.body.problems.map(({ code }) => code)).toEqual(['invoice-empty'])
    let version = made.body.version
    const change = async (body: object) => {
      const changed = await ask(firm, 'PATCH', `/invoices/${made.body.id}`, { body, version })
      version = changed.body.version
      return changed.body
    }
    expect(await change({ date: '2026-02-10' })).toMatchObject({ dueDate: '2026-03-14' })
    expect(await change({ dueDate: '2026-03-01' })).toMatchObject({ dueDate: '2026-03-01' })
    expect(await change({ date: '2026-02-12' })).toMatchObject({ dueDate: '2026-03-01' })
    expect(await change({ dueDate: null, reference: 'PO 7', language: 'en' })).toMatchObject({
      dueDate: '2026-03-14',
      reference: 'PO 7',
      language: 'en',
    })
    const early = await ask<ApiProblem>(firm, 'PATCH', `/invoices/${made.body.id}`, {
      body: { dueDate: '2026-02-01' },
      version,
    })
    expect(early).toMatchObject({ status: 422, body: { errors: [{ pointer: '/dueDate' }] } })
  })

  it('warns of hours after its date', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()], { date: '2026-03-01' })
    expect(draft.warnings).toMatchObject([
      { code: 'entries-after-invoice-date', cause: '1 entry was worked after the invoice date.' },
    ])
  })

  it('refuses a stale edit and shows what it is now', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    const first = await ask(firm, 'PATCH', `/invoices/${draft.id}`, {
      body: { reference: 'eerst' },
      version: draft.version,
    })
    const line = draft.lines[0]?.id
    const late: [Method, string, object?][] = [
      ['PATCH', '', { reference: 'later' }],
      ['DELETE', ''],
      ['POST', '/lines', { description: 'x', quantity: '1', unit: 'piece', unitPrice: '1' }],
      ['PATCH', `/lines/${line}`, { quantity: '9' }],
      ['DELETE', `/lines/${line}`],
      ['POST', '/grouping', { groupBy: 'entry' }],
      ['POST', '/sending', { how: 'post' }],
    ]
    for (const [method, path, body] of late) {
      const refused = await ask<ApiProblem>(firm, method, `/invoices/${draft.id}${path}`, {
        version: draft.version,
        ...(body ? { body } : {}),
      })
      expect([method, path, refused.status, refused.body.code]).toEqual([method, path, 409, 'stale'])
      expect(refused.body).toMatchObject({ currentVersion: first.body.version, current: { reference: 'eerst' } })
    }
    expect(await read(firm, draft.id)).toEqual(first.body)
  })

  it('names the field that is wrong', async () => {
    const firm = await testFirm(test.services)
    const stranger = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    const wrong: [object, string, string][] = [
      [{ quantity: '1.23456' }, '/quantity', 'too-many-decimals'],
      [{ discountPercent: '101' }, '/discountPercent', 'percent-out-of-range'],
      [{ unitPrice: '99999999999999' }, '/quantity', 'amount-too-large'],
      [{ quantity: '1000000000', unitPrice: '0.01' }, '/quantity', 'amount-too-large'],
      [{ vatTreatment: 'luxury' }, '/vatTreatment', 'not-one-of'],
      [{ unit: 'bucket' }, '/unit', 'not-one-of'],
      [{ projectId: stranger.projectId }, '/projectId', 'project-unknown'],
      [{ activityId: stranger.activityId }, '/activityId', 'activity-unknown'],
    ]
    for (const [change, pointer, code] of wrong) {
      const refused = await addLine(firm, draft, change)
      expect(refused.status).toBe(422)
      expect((refused.body as unknown as ApiProblem).errors).toMatchObject([{ pointer, code }])
    }
    const unknown = await ask<ApiProblem>(firm, 'POST', '/invoices', { body: { customerId: stranger.customerId } })
    expect(unknown.body.errors).toMatchObject([{ pointer: '/customerId', code: 'customer-unknown' }])
    expect(await read(firm, draft.id)).toEqual(draft)
  })
})

describe('a sent invoice', () => {
  it('never changes, whoever asks', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    const { body: sent } = await send(firm, draft)
    const asked: [Method, string, object?][] = [
      ['PATCH', '', { reference: 'x' }],
      ['DELETE', ''],
      ['POST', '/lines', { description: 'x', quantity: '1', unit: 'piece', unitPrice: '1' }],
      ['DELETE', `/lines/${sent.lines[0]?.id}`],
      ['POST', '/grouping', { groupBy: 'entry' }],
      ['POST', '/sending', { how: 'post' }],
    ]
    for (const [method, path, body] of asked) {
      const refused = await ask<ApiProblem>(firm, method, `/invoices/${sent.id}${path}`, {
        version: sent.version,
        ...(body ? { body } : {}),
      })
      expect([method, path, refused.status, refused.body.code]).toEqual([method, path, 409, 'invoice-not-draft'])
    }
    const raw: [string, (trx: Trx) => Promise<unknown>][] = [
      ['an amount', (trx) => trx.updateTable('invoice').set({ gross: '1' }).where('id', '=', sent.id).execute()],
      ['the number', (trx) => trx.updateTable('invoice').set({ number: '7' }).where('id', '=', sent.id).execute()],
      [
        'the state',
        (trx) => trx.updateTable('invoice').set({ state: 'draft', number: null }).where('id', '=', sent.id).execute(),
      ],
      ['the row', (trx) => trx.deleteFrom('invoice').where('id', '=', sent.id).execute()],
      ['a line', (trx) => trx.updateTable('invoiceLine').set({ net: '1' }).where('invoiceId', '=', sent.id).execute()],
      ['the lines', (trx) => trx.deleteFrom('invoiceLine').where('invoiceId', '=', sent.id).execute()],
      [
        'another line',
        async (trx) => {
          const line = await trx.selectFrom('invoiceLine').selectAll().executeTakeFirstOrThrow()
          await trx
            .insertInto('invoiceLine')
            .values({ ...line, id: test.services.ids.next(), position: 9 })
            .execute()
        },
      ],
    ]
    const other = await draftOf(firm, [await firm.addHours()])
    raw.push([
      'a line of another',
      (trx) => trx.updateTable('invoiceLine').set({ invoiceId: sent.id }).where('invoiceId', '=', other.id).execute(),
    ])
    for (const [what, change] of raw)
      await expect(firm.within(change), what).rejects.toThrow('a sent invoice never changes')
    expect(await read(firm, sent.id)).toEqual(sent)
  })

  it('takes no line that was on its way while it was sent', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    const [line] = await firm.within((trx) => trx.selectFrom('invoiceLine').selectAll().execute())
    const [sentNow, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const sending = firm.within(async (trx) => {
      await trx.updateTable('invoice').set({ state: 'sent', number: '2026-0001' }).where('id', '=', draft.id).execute()
      sentNow.resolve()
      await go.promise
    })
    await sentNow.promise
    const late = firm.within((trx) =>
      trx
        .insertInto('invoiceLine')
        .values({ ...(line as NonNullable<typeof line>), id: test.services.ids.next(), position: 9 })
        .execute(),
    )
    const refused = expect(late).rejects.toThrow('a sent invoice never changes')
    await standInLine(1)
    go.resolve()
    await sending
    await refused
  })

  it('shows customer and firm as they were', async () => {
    const firm = await testFirm(test.services)
    const { body: sent } = await send(firm, await draftOf(firm, [await firm.addHours()]))
    await firm.within(async (trx) => {
      await trx.updateTable('customer').set({ name: 'Bakkerij Maan' }).where('id', '=', firm.customerId).execute()
      await trx.updateTable('firm').set({ name: 'Nieuwe naam', iban: 'NL02ABNA0123456789' }).execute()
    })
    expect(await read(firm, sent.id)).toEqual(sent)
    const listed = await ask<{ rows: { customerName: string }[] }>(firm, 'GET', '/invoices?search=zon')
    expect(listed.body.rows).toMatchObject([{ customerName: 'Bakkerij Zon' }])
  })

  it('names everything that stands in the way at once, at its place', async () => {
    const firm = await testFirm(test.services, { vatId: null })
    const made = await ask(firm, 'POST', '/invoices', {
      body: { customerId: await firm.addCustomer({ number: '6', visitAddress: '{}' }) },
    })
    const line = await addLine(firm, made.body, { description: '', vatTreatment: 'domestic-standard' })
    const refused = await send(firm, line.body)
    const problem = refused.body as unknown as ApiProblem
    expect(problem.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/customer', 'customer-address-missing'],
      ['/firm', 'firm-vat-id-missing'],
      ['/lines/0', 'line-description-missing'],
    ])
    expect(problem.errors?.[0]?.message).toBe('The address of Bakkerij Zon is not complete.')
    expect(await read(firm, made.body.id)).toMatchObject({ state: 'draft', number: null })
  })
})

describe('lists of invoices', () => {
  it('pages by key, sorts and filters', async () => {
    const firm = await testFirm(test.services)
    const other = await firm.addCustomer({ name: 'Ander', number: '7' })
    const made: InvoiceAnswer[] = []
    for (const day of ['03', '01', '02', '02']) {
      const customerId = day === '01' ? other : firm.customerId
      const { body } = await ask(firm, 'POST', '/invoices', { body: { customerId, date: `2026-03-${day}` } })
      made.push(body)
    }
    const list = async (query: string) => {
      const ids: string[] = []
      let next: string | null = ''
      while (next !== null) {
        const page: Answer<{ rows: { id: string }[]; next: string | null }> = await ask(
          firm,
          'GET',
          `/invoices?${query}${next && `&cursor=${next}`}`,
        )
        expect(page.status).toBe(200)
        ids.push(...page.body.rows.map(({ id }) => id))
        next = page.body.next
      }
      return ids.map((id) => made.findIndex((invoice) => invoice.id === id))
    }
    expect(await list('limit=1&sort=date')).toEqual([1, 2, 3, 0])
    expect(await list('limit=3')).toEqual([0, 3, 2, 1])
    expect(await list(`customerId=${other}`)).toEqual([1])
    expect(await list('from=2026-03-02&until=2026-03-02&sort=date')).toEqual([2, 3])
    for (const index of [1, 2]) {
      const added = await addLine(firm, made[index] as InvoiceAnswer)
      expect((await send(firm, added.body)).status).toBe(200)
    }
    expect(await list('state=sent&sort=number')).toEqual([1, 2])
    expect(await list('limit=1&sort=-number')).toEqual([2, 1, 3, 0])
    expect(await list('search=2026-0002')).toEqual([2])
    expect(await list('posted=false&sort=date')).toEqual([1, 2])
    expect(await list('posted=true')).toEqual([])
    const wrong = await ask<ApiProblem>(firm, 'GET', '/invoices?cursor=nonsense')
    expect(wrong.body.errors).toMatchObject([{ pointer: '/query/cursor', code: 'cursor-unknown' }])
  })

  it('shows the booking of the connection in use, and none of a sandbox that was left', async () => {
    const firm = await testFirm(test.services)
    const { body: sent } = await send(firm, await draftOf(firm, [await firm.addHours()]))
    const connectionId = test.services.ids.next()
    const times = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
    await firm.within(async (trx) => {
      await trx
        .insertInto('connection')
        .values({
          firmId: firm.id,
          id: connectionId,
          package: 'exact-online',
          purpose: 'sales',
          mode: 'sandbox',
          country: 'NL',
          state: 'connected',
          ...times,
        })
        .execute()
      await trx
        .insertInto('posting')
        .values({
          firmId: firm.id,
          id: test.services.ids.next(),
          connectionId,
          laneKey: 'lane',
          kind: 'salesEntry',
          reference: 'ABC123',
          subjectKind: 'invoice',
          subjectId: sent.id,
          label: 'Factuur',
          state: 'posted',
          theirNumber: '26700001',
          ...times,
        })
        .execute()
    })
    const listed = () => ask<{ rows: { booking: object | null }[] }>(firm, 'GET', '/invoices?posted=true')
    expect((await listed()).body.rows).toMatchObject([
      { booking: { state: 'posted', number: '26700001', package: 'exact-online', differs: false } },
    ])
    expect((await ask(firm, 'GET', '/invoices/totals')).body).toMatchObject({ sent: 1, unposted: 0 })
    await firm.within((trx) => trx.updateTable('connection').set({ state: 'disconnected' }).execute())
    expect((await listed()).body.rows).toEqual([])
    expect((await read(firm, sent.id)).booking).toBeNull()
  })
})

describe('the fence', () => {
  it('makes another firm’s invoices and hours look like not there', async () => {
    const [firm, stranger] = [await testFirm(test.services), await testFirm(test.services)]
    const hours = await stranger.addHours()
    const theirs = await draftOf(stranger, [hours])
    const line = theirs.lines[0]?.id
    const asked: [Method, string, object?][] = [
      ['GET', ''],
      ['GET', '/entries'],
      ['PATCH', '', { reference: 'x' }],
      ['DELETE', ''],
      ['POST', '/lines', { description: 'x', quantity: '1', unit: 'piece', unitPrice: '1' }],
      ['PATCH', `/lines/${line}`, { quantity: '1' }],
      ['DELETE', `/lines/${line}`],
      ['POST', '/grouping', { groupBy: 'entry' }],
      ['POST', '/sending', { how: 'post' }],
    ]
    for (const [method, path, body] of asked) {
      const refused = await ask<ApiProblem>(firm, method, `/invoices/${theirs.id}${path}`, {
        ...(method === 'GET' ? {} : { version: theirs.version }),
        ...(body ? { body } : {}),
      })
      expect([method, path, refused.status, refused.body.code]).toEqual([method, path, 404, 'not-found'])
    }
    const made = await fromHours(firm, [hours])
    expect(made.body).toMatchObject({ invoices: [], leftOut: [{ label: '', problem: { code: 'not-found' } }] })
    const own = await draftOf(firm, [await firm.addHours()])
    const mixed = await ask<ApiProblem>(firm, 'DELETE', `/invoices/${own.id}/lines/${line}`, { version: own.version })
    expect(mixed.status).toBe(404)
    expect(await read(stranger, theirs.id)).toEqual(theirs)
  })

  it('lets only those with the right make, change and send', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    for (const as of ['employee', 'manager', 'payroll'] as const) {
      expect((await ask(firm, 'GET', `/invoices/${draft.id}`, { as })).status).toBe(403)
      const body = { how: 'post' }
      const sent = await ask(firm, 'POST', `/invoices/${draft.id}/sending`, { as, body, version: draft.version })
      expect(sent.status).toBe(403)
    }
  })
})
