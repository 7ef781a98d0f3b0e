import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp, testNow } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
beforeEach(() => test.clock.set(testNow))
afterAll(() => test.close())

interface Instalments {
  readonly version: number
  readonly sums: { sum: string; claimed: string; difference: string }[]
  readonly rows: { id: string; description: string; amount: string; claimed: boolean; dueOn: string }[]
  readonly closing: { id: string; number: string | null } | null
  readonly earlier: { number: string; net: string; creditNotes: string[] }[]
}

async function ask<Body = InvoiceAnswer & ApiProblem>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  version?: number,
): Promise<{ status: number; body: Body }> {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as('administrator'),
      'accept-language': 'en',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

const plan = async (firm: TestFirm, project: string) =>
  (await ask<Instalments>(firm, 'GET', `/projects/${project}/instalments`)).body

const send = async (firm: TestFirm, { id, version }: InvoiceAnswer) => {
  const sent = await ask(firm, 'POST', `/invoices/${id}/sending`, { how: 'post' }, version)
  expect(sent.body.code ?? sent.status).toBe(200)
  return sent.body
}

/** A project of 10,000.00 in four instalments, of which so many are invoiced and sent. */
async function priced(invoiced: number, price = '10000.00') {
  const firm = await testFirm(test.services)
  const project = await firm.addProject({ name: 'Intranet', invoicingMethod: 'fixed-price', price })
  await ask(firm, 'POST', `/projects/${project}/instalments/split`, { by: { parts: 4 }, dueOn: '2026-01-15' })
  const sent: InvoiceAnswer[] = []
  for (const { id } of (await plan(firm, project)).rows.slice(0, invoiced)) sent.push(await invoice(firm, id))
  return { firm, project, sent }
}

async function invoice(firm: TestFirm, instalmentId: string): Promise<InvoiceAnswer> {
  await firm.within((trx) =>
    trx.updateTable('instalment').set({ dueOn: '2026-01-15' }).where('id', '=', instalmentId).execute(),
  )
  const made = await ask<{ invoices: { id: string }[] }>(firm, 'POST', '/invoices/from-entries', {
    instalmentIds: [instalmentId],
    date: '2026-03-02',
  })
  return send(firm, (await ask(firm, 'GET', `/invoices/${made.body.invoices[0]?.id}`)).body)
}

const close = (firm: TestFirm, project: string) =>
  ask(firm, 'POST', `/projects/${project}/closing-invoice`, { date: '2026-03-31' })

const told = ({ lines, net, vatPerRate, gross }: InvoiceAnswer) => [
  ...lines.map((line) => `${line.description} | ${line.net} | ${line.vatRate} %`),
  `net ${net}`,
  ...vatPerRate.map(({ rate, base, vat }) => `${rate} % over ${base} is ${vat}`),
  `gross ${gross}`,
]

async function credit(firm: TestFirm, { id, lines }: InvoiceAnswer, net: string, release = false) {
  const body = { lines: [{ lineId: lines[0]?.id, net }], release }
  return (await ask(firm, 'POST', `/invoices/${id}/credit-note`, body)).body
}

describe('a closing invoice', () => {
  it('is the whole price less what was invoiced, and closes the project', async () => {
    const { firm, project, sent } = await priced(2)
    const { status, body } = await close(firm, project)
    expect(status).toBe(201)
    expect(told(body)).toEqual([
      'Intranet: overeengekomen prijs | 10000.00 | 21 %',
      'Af: factuur 2026-0001 van 2 maart 2026 | -2500.00 | 21 %',
      'Af: factuur 2026-0002 van 2 maart 2026 | -2500.00 | 21 %',
      'net 5000.00',
      '21 % over 5000.00 is 1050.00',
      'gross 6050.00',
    ])
    expect(body.lines.map(({ deducts }) => deducts?.id ?? null)).toEqual([null, sent[0]?.id, sent[1]?.id])
    expect(body).toMatchObject({ periodFrom: null, problems: [] })
    const after = await plan(firm, project)
    expect(after.rows.every(({ claimed }) => claimed)).toBe(true)
    expect(after).toMatchObject({
      closing: { id: body.id, number: null },
      sums: [{ claimed: '10000.00', difference: '0.00' }],
    })
    expect((await send(firm, body)).number).toBe('2026-0003')
    expect((await plan(firm, project)).closing).toMatchObject({ number: '2026-0003' })
    const again = await close(firm, project)
    expect(again).toMatchObject({ status: 409, body: { code: 'project-closed' } })
    expect(again.body.cause).toBe('Intranet is closed with invoice 2026-0003.')
  })

  it('follows a price that was raised, and one that was cut', async () => {
    const { firm, project } = await priced(1)
    const raise = async (price: string) => {
      const { version } = await plan(firm, project)
      await ask(firm, 'PUT', `/projects/${project}/price`, { price }, version)
    }
    await raise('12345.67')
    const raised = (await close(firm, project)).body
    expect(raised).toMatchObject({ net: '9845.67' })
    expect((await ask(firm, 'DELETE', `/invoices/${raised.id}`, undefined, raised.version)).status).toBe(204)
    await raise('2600.00')
    expect((await close(firm, project)).body).toMatchObject({ net: '100.00' })
  })

  it('lets go of the instalments when its draft is deleted', async () => {
    const { firm, project } = await priced(1)
    const before = await plan(firm, project)
    const { body } = await close(firm, project)
    await ask(firm, 'DELETE', `/invoices/${body.id}`, undefined, body.version)
    const { rows, closing } = await plan(firm, project)
    expect(rows.map(({ amount, claimed }) => [amount, claimed])).toEqual(
      before.rows.map(({ amount, claimed }) => [amount, claimed]),
    )
    expect(closing).toBeNull()
    expect((await close(firm, project)).status).toBe(201)
  })

  it.each([
    ['kept', false, '8500.00'],
    ['released', true, '8500.00'],
  ])('counts a credit note whose entries are %s', async (_, release, net) => {
    const { firm, project, sent } = await priced(1)
    await send(firm, await credit(firm, sent[0] as InvoiceAnswer, '1000.00', release))
    const { body } = await close(firm, project)
    expect(told(body).slice(0, 3)).toEqual([
      'Intranet: overeengekomen prijs | 10000.00 | 21 %',
      'Af: factuur 2026-0001 van 2 maart 2026, na creditfactuur 2026-0002 | -1500.00 | 21 %',
      `net ${net}`,
    ])
    expect((await plan(firm, project)).earlier).toMatchObject([
      { number: '2026-0001', net: '1500.00', creditNotes: ['2026-0002'] },
    ])
  })

  it('asks for a credit note where too much was invoiced, and says how much', async () => {
    const { firm, project } = await priced(4)
    const { version } = await plan(firm, project)
    await ask(firm, 'PUT', `/projects/${project}/price`, { price: '9000.00' }, version)
    const refused = await close(firm, project)
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'closing-over-invoiced',
        cause: '10,000.00 was invoiced for Intranet, which is 1,000.00 more than the agreed 9,000.00.',
        remedy: 'Make a credit note of 1,000.00 on one of the earlier invoices, or change the price.',
      },
    })
    // Nothing of the attempt is left.
    expect(await plan(firm, project)).toMatchObject({ closing: null, sums: [{ sum: '10000.00' }] })
  })

  it.each<[string, (made: Awaited<ReturnType<typeof priced>>) => Promise<unknown>, string]>([
    [
      'a draft holds an instalment',
      async ({ firm, project }) => {
        const [, one] = (await plan(firm, project)).rows
        await ask(firm, 'POST', '/invoices/from-entries', { instalmentIds: [one?.id] })
        expect((await plan(firm, project)).rows.filter(({ claimed }) => claimed)).toHaveLength(2)
      },
      'closing-waits',
    ],
    [
      'a credit note is not sent yet',
      async ({ firm, sent }) => credit(firm, sent[0] as InvoiceAnswer, '100.00'),
      'closing-waits',
    ],
    ['another draft closes it', async ({ firm, project }) => close(firm, project), 'project-closing'],
    [
      'it has no price',
      async ({ firm, project }) =>
        firm.within((trx) => trx.updateTable('project').set({ price: null }).where('id', '=', project).execute()),
      'price-missing',
    ],
    [
      'it is invoiced by the hour',
      async ({ firm, project }) =>
        firm.within((trx) =>
          trx.updateTable('project').set({ invoicingMethod: 'hourly-activity' }).where('id', '=', project).execute(),
        ),
      'project-has-no-price',
    ],
  ])('is refused while %s', async (_, prepare, code) => {
    const made = await priced(1)
    test.clock.set('2026-06-30T10:00:00Z')
    await prepare(made)
    expect((await close(made.firm, made.project)).body.code).toBe(code)
  })

  it('is refused where the whole price is invoiced', async () => {
    const { firm, project } = await priced(4)
    expect((await close(firm, project)).body.code).toBe('closing-nothing-left')
  })

  it('is made once by two people at the same moment', async () => {
    const { firm, project } = await priced(2)
    const both = await Promise.all([close(firm, project), close(firm, project)])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('never deducts a line twice: the database refuses it', async () => {
    const { firm, project, sent } = await priced(1)
    const { body } = await close(firm, project)
    const [line] = sent[0]?.lines ?? []
    const twice = firm.within((trx) =>
      trx
        .insertInto('claim')
        .values({
          firmId: firm.id,
          id: test.services.ids.next(),
          entryKind: 'deduction',
          entryId: line?.id as string,
          invoiceId: body.id,
          claimedAt: test.clock.now(),
        })
        .execute(),
    )
    await expect(twice).rejects.toMatchObject({ constraint: 'claim_live' })
  })

  it('is not sent after what it deducts was credited, until it is made again', async () => {
    const { firm, project, sent } = await priced(1)
    const { body } = await close(firm, project)
    await send(firm, await credit(firm, sent[0] as InvoiceAnswer, '500.00'))
    const now = (await ask(firm, 'GET', `/invoices/${body.id}`)).body
    expect(now.problems).toMatchObject([{ code: 'deduction-outdated', values: { line: '2', number: '2026-0001' } }])
    const refused = await ask(firm, 'POST', `/invoices/${body.id}/sending`, { how: 'post' }, now.version)
    expect(refused.body).toMatchObject({ code: 'deduction-outdated', errors: [{ pointer: '/lines/1' }] })
    await ask(firm, 'DELETE', `/invoices/${body.id}`, undefined, now.version)
    expect(await send(firm, (await close(firm, project)).body)).toMatchObject({ net: '8000.00' })
  })

  it('keeps its lines together: what is deducted stays as it was invoiced', async () => {
    const { firm, project } = await priced(1)
    const { body } = await close(firm, project)
    const [price, less] = body.lines
    const patch = (id: string | undefined, change: object) =>
      ask(firm, 'PATCH', `/invoices/${body.id}/lines/${id}`, change, body.version)
    expect((await patch(less?.id, { unitPrice: '1' })).body.errors).toMatchObject([
      { pointer: '/unitPrice', code: 'follows-from-earlier-invoice' },
    ])
    for (const line of [price, less])
      expect(
        (await ask(firm, 'DELETE', `/invoices/${body.id}/lines/${line?.id}`, undefined, body.version)).body,
      ).toMatchObject({
        code: 'closing-line-stays',
      })
    expect((await patch(less?.id, { description: 'Af: aanbetaling' })).status).toBe(200)
  })

  it('warns who credits what it has deducted: that would come off the price twice', async () => {
    const { firm, project, sent } = await priced(1)
    const closing = await send(firm, (await close(firm, project)).body)
    const note = await credit(firm, sent[0] as InvoiceAnswer, '100.00')
    expect(note.warnings).toMatchObject([{ code: 'credit-after-closing', values: { closing: closing.number } }])
    const other = await ask(firm, 'POST', `/invoices/${closing.id}/credit-note`, {})
    expect(other.body.warnings).toEqual([])
  })

  it('breaks no rule of an e-invoice that a plain invoice of the same customer keeps', async () => {
    const { firm, project, sent } = await priced(2)
    const brokenOf = async (id: string | undefined) => {
      const { body } = await ask<{ broken: { rule: string }[] }>(firm, 'GET', `/invoices/${id}/documents`)
      return body.broken.map(({ rule }) => rule)
    }
    expect(await brokenOf((await close(firm, project)).body.id)).toEqual(await brokenOf(sent[0]?.id))
  })

  it('can be made anew after it was credited in full', async () => {
    const { firm, project } = await priced(2)
    const sent = await send(firm, (await close(firm, project)).body)
    const creditNote = (await ask(firm, 'POST', `/invoices/${sent.id}/credit-note`, {})).body
    expect(creditNote).toMatchObject({ net: '-5000.00' })
    await send(firm, creditNote)
    const again = await close(firm, project)
    expect(told(again.body)).toEqual([
      'Intranet: overeengekomen prijs | 10000.00 | 21 %',
      'Af: factuur 2026-0001 van 2 maart 2026 | -2500.00 | 21 %',
      'Af: factuur 2026-0002 van 2 maart 2026 | -2500.00 | 21 %',
      'net 5000.00',
      '21 % over 5000.00 is 1050.00',
      'gross 6050.00',
    ])
  })

  it('has a part for each VAT class, and deducts per rate', async () => {
    const firm = await testFirm(test.services)
    const project = await firm.addProject({ name: 'Gids', invoicingMethod: 'fixed-price', price: '3000' })
    const add = (amount: string, vatClass: string | null) =>
      ask<Instalments>(firm, 'POST', `/projects/${project}/instalments`, { amount, vatClass, dueOn: '2026-01-15' })
    await add('1000', null)
    await add('500', 'reduced')
    await add('1500', 'reduced')
    for (const { id } of (await plan(firm, project)).rows.slice(0, 2)) await invoice(firm, id)
    expect(told((await close(firm, project)).body)).toEqual([
      'Gids: overeengekomen prijs | 1000.00 | 21 %',
      'Gids: overeengekomen prijs | 2000.00 | 9 %',
      'Af: factuur 2026-0001 van 2 maart 2026 | -1000.00 | 21 %',
      'Af: factuur 2026-0002 van 2 maart 2026 | -500.00 | 9 %',
      'net 1500.00',
      '21 % over 0.00 is 0.00',
      '9 % over 1500.00 is 135.00',
      'gross 1635.00',
    ])
  })

  it('has a line for the price of each activity', async () => {
    const firm = await testFirm(test.services)
    const design = await firm.addActivity({ name: 'Ontwerp' })
    const project = await firm.addProject({ name: 'Site', invoicingMethod: 'fixed-per-activity' })
    await firm.within((trx) =>
      trx
        .insertInto('projectActivity')
        .values([
          { firmId: firm.id, projectId: project, activityId: design, price: '800' },
          { firmId: firm.id, projectId: project, activityId: firm.activityId, price: '1200' },
        ])
        .execute(),
    )
    expect(told((await close(firm, project)).body).toSorted()).toEqual(
      [
        'Site, Advies: overeengekomen prijs | 1200.00 | 21 %',
        'Site, Ontwerp: overeengekomen prijs | 800.00 | 21 %',
        'net 2000.00',
        '21 % over 2000.00 is 420.00',
        'gross 2420.00',
      ].toSorted(),
    )
  })
})
