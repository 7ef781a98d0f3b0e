import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { rowsOf } from '@uurwerk/connectors/contract/simulator.ts'
import {
  payEntry,
  printInvoice,
  unmatchEntry,
  writeEntryOff,
} from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { addFault } from '@uurwerk/connectors/exact-online/simulator/faults.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePackageInvoice } from '../src/package-invoices/free.ts'
import type { Trx } from '../src/store/database.ts'
import { testNow } from '../src/testing/app.ts'
import { office } from '../src/testing/connected.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'
import { withStatements } from '../src/testing/statements.ts'

let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(() => app.clock.set(testNow))
afterAll(() => app.close())

interface Shown {
  readonly key: string
  readonly customerName: string
  readonly kind: string
  readonly state: string
  readonly description: string
  readonly orderNumber: string | null
  readonly lines: readonly { description: string; quantity: string; unitPrice: string; net: string; vat: string }[]
  readonly net: string
  readonly vat: string
  readonly gross: string
  readonly currency: string
  readonly entries: number
  readonly problems: readonly { code: string; mend: { what: string } | null }[]
  readonly notes: readonly { code: string; values: Readonly<Record<string, string>> }[]
  readonly paymentTerm: { code: string } | null
  readonly payload: string | null
}
interface Preview {
  readonly connection: { printed: boolean } | null
  readonly documents: readonly Shown[]
  readonly leftOut: readonly { id: string; problem: { code: string } }[]
  readonly ready: number
  readonly needsYou: number
  readonly problem: { code: string } | null
}
interface Made {
  readonly id: string
  readonly state: string
  readonly kind: string
  readonly net: string
  readonly gross: string
  readonly theirNumber: string | null
  readonly theirGross: string | null
  readonly differs: boolean
  readonly posting: { id: string; state: string; reference: string; version: number }
  readonly printing: { id: string; state: string } | null
  readonly books: {
    state: string | null
    why: string | null
    outstanding: string | null
    lastPaidOn: string | null
    seenAt: string | null
    canLook: boolean
    packageName: string
  } | null
  readonly ended: { why: string } | null
  readonly version: number
}
interface Posted {
  readonly rows: readonly Made[]
  readonly leftOut: readonly { id: string; kind: string; problem: { code: string; cause: string } }[]
}

const preview = (at: OfficeWithBooks, body: object) =>
  at.good<Preview>('/package-invoices/preview', { method: 'POST', body })
const post = (at: OfficeWithBooks, body: object) => at.good<Posted>('/package-invoices', { method: 'POST', body })
const read = (at: OfficeWithBooks, id: string) => at.good<Made>(`/package-invoices/${id}`)
const hoursOf = async (at: OfficeWithBooks, id: string) =>
  (await at.good<{ state: string; invoice: { id: string; number: string | null; inPackage: boolean } | null }>(
    `/hours/${id}`,
  )) ?? null
const uninvoiced = async (at: OfficeWithBooks) =>
  (await at.good<{ totals: { total: string }[] }>('/uninvoiced')).totals[0]?.total ?? '0.00'
interface Plan {
  readonly closing: { id: string } | null
  readonly rows: readonly { id: string; claimed: boolean; invoice: { id: string; inPackage: boolean } | null }[]
  readonly earlier: readonly { id: string; net: string; inPackage: boolean }[]
}

/** Posted and made: the id of the one document. */
async function made(at: OfficeWithBooks, body: object): Promise<string> {
  const { rows, leftOut } = await post(at, body)
  expect(leftOut).toEqual([])
  expect(rows).toHaveLength(1)
  await app.runLane(at.laneKey)
  return rows[0]?.id as string
}

/** A project with an agreed price in equal instalments, all of them due. */
async function priced(at: OfficeWithBooks, price: string, parts: number) {
  const projectId = await at.firm.addProject({ name: 'Oplevering', invoicingMethod: 'fixed-price', price })
  await at.good(`/projects/${projectId}/instalments/split`, {
    method: 'POST',
    body: { by: { parts }, dueOn: '2026-01-15' },
  })
  await at.firm.within((trx) =>
    trx.updateTable('instalment').set({ dueOn: '2026-01-15' }).where('projectId', '=', projectId).execute(),
  )
  const { rows } = await at.good<Plan>(`/projects/${projectId}/instalments`)
  return { projectId, instalments: rows.map(({ id }) => id) }
}

/** A subscription of which one period is due. */
async function subscribed(at: OfficeWithBooks) {
  const { firm } = at
  const projectId = await firm.addProject({ name: 'Onderhoud', invoicingMethod: 'subscription' })
  const { ids, clock } = app.services
  const [subscriptionId, period] = [ids.next(), ids.next()]
  const stamps = { createdAt: clock.now(), updatedAt: clock.now() }
  const dates = { periodFrom: '2026-03-01', periodUntil: '2026-03-31', dueOn: '2026-03-01' }
  await firm.within(async (trx) => {
    const own = { firmId: firm.id, projectId, amount: '75.00' }
    await trx
      .insertInto('subscription')
      .values({
        ...own,
        id: subscriptionId,
        description: 'Onderhoud',
        period: 'month',
        fromDate: '2026-03-01',
        ...stamps,
      })
      .execute()
    await trx
      .insertInto('subscriptionPeriod')
      .values({ ...own, ...dates, id: period, subscriptionId, number: 1, ...stamps })
      .execute()
  })
  return { projectId, period }
}

const inBooks = (at: OfficeWithBooks) =>
  app.changeWorld(at.firm.id, (world) => rowsOf(world, 'SalesInvoices').map((row) => ({ ...row })))

describe('invoices that the package makes', () => {
  it('of hours: seen first, reserved when posted, invoiced when the document exists', async () => {
    const at = await officeWithBooks(app)
    const ids = [await at.firm.addHours({ minutes: 100 }), await at.firm.addHours({ minutes: 50, date: '2026-03-03' })]
    const seen = await preview(at, { hours: { ids }, date: '2026-03-31' })
    expect(seen).toMatchObject({ ready: 1, needsYou: 0, leftOut: [], problem: null })
    const [document] = seen.documents
    expect(document).toMatchObject({ kind: 'invoice', net: '260.00', vat: '54.60', gross: '314.60', entries: 2 })
    expect(JSON.parse(document?.payload ?? '{}')).toMatchObject({ Type: 8020, OrderDate: '2026-03-31' })
    expect((await hoursOf(at, ids[0] as string)).state).toBe('free')
    expect(await inBooks(at)).toEqual([])

    const { rows, leftOut } = await post(at, { hours: { ids }, date: '2026-03-31', documents: [document?.key] })
    expect(leftOut).toEqual([])
    const [made] = rows
    expect(made).toMatchObject({ state: 'reserved', net: '260.00', posting: { state: 'waiting' } })
    const id = made?.id as string
    expect(await hoursOf(at, ids[0] as string)).toMatchObject({
      state: 'reserved',
      invoice: { id, number: null, inPackage: true },
    })
    expect(await uninvoiced(at)).toBe('0.00')

    await app.runLane(at.laneKey)
    const after = await read(at, id)
    expect(after).toMatchObject({ state: 'made', theirGross: '314.60', differs: false, posting: { state: 'posted' } })
    const [booked] = await inBooks(at)
    expect(booked).toMatchObject({ Remarks: made?.posting.reference })
    expect(await hoursOf(at, ids[0] as string)).toMatchObject({ state: 'invoiced', invoice: { id, inPackage: true } })
    const refused = await at.ask<ApiProblem>(`/hours/${ids[0]}`, { method: 'DELETE', version: 1 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'entry-in-package' } })
  })

  it('of expenses and trips, with the order number of the customer and the reference of the project', async () => {
    const at = await officeWithBooks(app)
    const project = await at.firm.addProject({ name: 'Bouw', orderNumber: 'PO-7', invoiceReference: 'Fase 2' })
    const projectId = project
    const expense = await at.firm.addExpense({ projectId })
    const trip = await at.firm.addTrip({ projectId })
    await at.firm.addRate({ scope: 'firm', unit: 'km', amount: '0.40' })
    const chosen = { expenses: { ids: [expense] }, trips: { ids: [trip] }, date: '2026-03-31' }
    const { documents } = await preview(at, chosen)
    // 36.8 km at 0.40, and 100.00 net: 114.72 and 21 % of it.
    expect(documents).toMatchObject([
      { description: 'Fase 2', orderNumber: 'PO-7', net: '114.72', vat: '24.09', gross: '138.81', entries: 2 },
    ])
    const id = await made(at, chosen)
    const [booked] = await inBooks(at)
    expect(booked).toMatchObject({ Description: 'Fase 2', YourRef: 'PO-7' })
    expect(await read(at, id)).toMatchObject({ theirGross: '138.81' })
    expect(await at.good(`/expenses/${expense}`)).toMatchObject({ state: 'invoiced', invoice: { id, inPackage: true } })
    expect(await at.good(`/trips/${trip}`)).toMatchObject({ state: 'invoiced', invoice: { id, inPackage: true } })
    for (const path of [`/expenses/${expense}`, `/trips/${trip}`])
      expect(await at.ask<ApiProblem>(path, { method: 'DELETE', version: 1 })).toMatchObject({
        body: { code: 'entry-in-package' },
      })
  })

  it('of an instalment and a period of a subscription, each once', async () => {
    const at = await officeWithBooks(app)
    const { projectId, instalments } = await priced(at, '1000.00', 2)
    const body = { instalmentIds: [instalments[0]], date: '2026-03-31' }
    const id = await made(at, body)
    expect(await read(at, id)).toMatchObject({ net: '500.00', theirGross: '605.00' })
    const plan = await at.good<Plan>(`/projects/${projectId}/instalments`)
    expect(plan.rows[0]).toMatchObject({ claimed: true, invoice: { id, inPackage: true } })
    expect(plan.earlier).toMatchObject([{ id, net: '500.00', inPackage: true }])
    const again = await preview(at, body)
    expect(again).toMatchObject({ documents: [], leftOut: [{ problem: { code: 'entry-in-package' } }] })
    const drafts = await at.good<{ invoices: unknown[]; leftOut: { problem: { code: string } }[] }>(
      '/invoices/from-entries',
      { method: 'POST', body },
    )
    expect(drafts).toMatchObject({ invoices: [], leftOut: [{ problem: { code: 'entry-in-package' } }] })

    const { period } = await subscribed(at)
    const ofPeriod = { subscriptionPeriodIds: [period], date: '2026-03-31' }
    const second = await made(at, ofPeriod)
    expect(await read(at, second)).toMatchObject({ net: '75.00', theirGross: '90.75' })
    expect(await preview(at, ofPeriod)).toMatchObject({ documents: [], leftOut: [{ id: period }] })
  })

  it('for the closing of a fixed price: the price less what was invoiced there and here', async () => {
    const at = await officeWithBooks(app)
    const { projectId, instalments } = await priced(at, '1000.00', 4)
    await made(at, { instalmentIds: [instalments[0]], date: '2026-03-02' })
    const here = await at.good<{ invoices: { id: string }[] }>('/invoices/from-entries', {
      method: 'POST',
      body: { instalmentIds: [instalments[1]], date: '2026-03-03' },
    })
    const closes = { closesProjectId: projectId, date: '2026-03-31' }
    expect(await at.ask<ApiProblem>('/package-invoices/preview', { method: 'POST', body: closes })).toMatchObject({
      status: 409,
      body: { code: 'closing-waits' },
    })
    const draft = await at.good<{ id: string; version: number }>(`/invoices/${here.invoices[0]?.id}`)
    const sent = await at.good<{ number: string }>(`/invoices/${draft.id}/sending`, {
      method: 'POST',
      version: draft.version,
      body: { how: 'other' },
    })
    const seen = await preview(at, closes)
    expect(seen.documents).toMatchObject([{ net: '500.00', vat: '105.00', gross: '605.00', state: 'ready' }])
    const texts = seen.documents[0]?.lines.map(({ description, net }) => `${description} ${net}`)
    expect(texts?.[0]).toBe('Oplevering: overeengekomen prijs 1000.00')
    expect(texts?.[1]).toMatch(/^Af: factuur \S+ van 2 maart 2026 -250\.00$/)
    expect(texts?.[2]).toBe(`Af: factuur ${sent.number} van 3 maart 2026 -250.00`)
    // Looking puts nothing right and takes nothing.
    expect((await at.good<Plan>(`/projects/${projectId}/instalments`)).closing).toBeNull()

    const id = await made(at, closes)
    const plan = await at.good<Plan>(`/projects/${projectId}/instalments`)
    expect(plan.closing).toMatchObject({ id, inPackage: true })
    expect(plan.rows.every(({ claimed }) => claimed)).toBe(true)
    const twice = await at.ask<ApiProblem>(`/projects/${projectId}/closing-invoice`, { method: 'POST', body: {} })
    expect(twice.body.code).toMatch(/^project-clos/)
    const [first] = (await at.good<{ rows: Made[] }>('/package-invoices')).rows.slice(-1)
    const deducted = await at.ask<ApiProblem>(`/package-invoices/${first?.id}/release`, {
      method: 'POST',
      version: first?.version ?? 0,
      body: { why: 'Weg.' },
    })
    expect(deducted).toMatchObject({ status: 409, body: { code: 'package-invoice-deducted' } })

    const closing = await read(at, id)
    await at.good(`/package-invoices/${id}/release`, {
      method: 'POST',
      version: closing.version,
      body: { why: 'In Exact weggegooid.' },
    })
    expect((await at.good<Plan>(`/projects/${projectId}/instalments`)).closing).toBeNull()
    const draftHere = await at.good<{ lines: { deducts: { number: string; inPackage: boolean } | null }[] }>(
      `/projects/${projectId}/closing-invoice`,
      { method: 'POST', body: { date: '2026-03-31' } },
    )
    expect(draftHere.lines.map(({ deducts }) => deducts?.inPackage ?? null)).toEqual([null, true, false])
  })

  it('as a credit note where it comes to less than nothing', async () => {
    const at = await officeWithBooks(app)
    const { projectId, instalments } = await priced(at, '1000.00', 1)
    await at.firm.within((trx) =>
      trx
        .updateTable('instalment')
        .set({ amount: '-200.00' })
        .where('id', '=', instalments[0] as string)
        .execute(),
    )
    expect(projectId).toBeTruthy()
    const body = { instalmentIds: instalments, date: '2026-03-31' }
    expect((await preview(at, body)).documents).toMatchObject([
      { kind: 'credit', gross: '-242.00', notes: [{ code: 'credit-in-package' }] },
    ])
    const id = await made(at, body)
    expect(await read(at, id)).toMatchObject({ kind: 'credit', theirGross: '-242.00', differs: false })
    expect(await inBooks(at)).toMatchObject([{ Type: 8021 }])
  })

  it('in the currency of the customer', async () => {
    const at = await officeWithBooks(app)
    const customerId = await at.firm.addCustomer({ name: 'Acme Ltd', number: '1009', currency: 'USD' })
    const projectId = await at.firm.addProject({ name: 'Export', customerId, invoicingMethod: 'hourly-project' })
    await at.firm.addRate({ scope: 'project', projectId, activityId: null, amount: '120', currency: 'USD' })
    const hours = await at.firm.addHours({ projectId, minutes: 60 })
    const body = { hours: { ids: [hours] }, date: '2026-03-31' }
    const [document] = (await preview(at, body)).documents
    expect(document).toMatchObject({ currency: 'USD', net: '120.00', problems: [] })
    const id = await made(at, body)
    expect(await read(at, id)).toMatchObject({ state: 'made', theirGross: '145.20' })
    expect(await inBooks(at)).toMatchObject([{ Currency: 'USD' }])
  })

  it('shows the payment condition that the customer has there, and the chosen one for a customer without', async () => {
    const at = await officeWithBooks(app)
    await at.set({ paymentCondition: '14' })
    const shownNow = async () => {
      const body = { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' }
      const [document] = (await preview(at, body)).documents
      const { PaymentCondition, DueDate } = JSON.parse(document?.payload ?? '{}')
      return { shown: document?.paymentTerm?.code, PaymentCondition, DueDate }
    }
    await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    expect(await shownNow()).toEqual({ shown: '14', PaymentCondition: '14', DueDate: undefined })
    await app.database.asOwner(
      `insert into package_row (firm_id, connection_id, noun, their_id, code, name, read_at, data)
       select firm_id, connection_id, 'customers', their_id, 'X', 'X', now(), jsonb_build_object('id', their_id, 'code', 'X', 'name', 'X',
         'address', '{}'::jsonb, 'isCustomer', true, 'isBlocked', false, 'isEnded', false, 'paymentTerm', '30')
       from link where firm_id = $1 and noun = 'customer'
       on conflict (firm_id, connection_id, noun, their_id) do update set data = package_row.data || '{"paymentTerm": "30"}'`,
      [at.firm.id],
    )
    expect(await shownNow()).toEqual({ shown: '30', PaymentCondition: '30', DueDate: undefined })
  })

  it('printed at once when that is chosen', async () => {
    const at = await officeWithBooks(app)
    await at.set({ salesInvoices: 'printed' })
    const body = { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' }
    expect((await preview(at, body)).connection).toMatchObject({ printed: true })
    const id = await made(at, body)
    const document = await read(at, id)
    expect(document).toMatchObject({ state: 'printed', printing: { state: 'posted' } })
    expect(document.theirNumber).toBeTruthy()
    expect(await inBooks(at)).toMatchObject([{ Status: 50 }])
  })

  it('printed there by hand: found when the books are compared, with its number, and never printed twice', async () => {
    const at = await officeWithBooks(app)
    const id = await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    const [open] = await inBooks(at)
    await app.changeWorld(at.firm.id, (world) =>
      printInvoice({ world, clock: app.clock, random: seededRandom(11) }, String(open?.InvoiceID)),
    )
    const compare = async () => {
      app.clock.forward(120_000)
      await at.good(`/connections/${at.connectionId}/reconciliations`, { method: 'POST', body: {} })
      await app.runTasks()
      await app.runLane(at.laneKey)
    }
    await compare()
    const document = await read(at, id)
    expect(document).toMatchObject({ state: 'printed', printing: { state: 'posted' } })
    expect(document.theirNumber).toBeTruthy()
    const printings = await app.database.asOwner(
      `select tries, adopted from posting where firm_id = $1 and kind = 'printing'`,
      [at.firm.id],
    )
    expect(printings).toEqual([{ tries: 0, adopted: true }])
    await compare()
    expect(await inBooks(at)).toMatchObject([{ Status: 50 }])
    const again = await app.database.asOwner(`select 1 from posting where firm_id = $1 and kind = 'printing'`, [
      at.firm.id,
    ])
    expect(again).toHaveLength(1)
  })
})

describe('what cannot go', () => {
  it('is named and left out, the rest goes', async () => {
    const at = await officeWithBooks(app)
    const [good, covered, claimed] = [
      await at.firm.addHours(),
      await at.firm.addHours({ billable: false }),
      await at.firm.addHours({ date: '2026-03-04' }),
    ]
    await at.good('/invoices/from-entries', { method: 'POST', body: { hours: { ids: [claimed] } } })
    const { rows, leftOut } = await post(at, { hours: { ids: [good, covered, claimed] }, date: '2026-03-31' })
    expect(rows).toHaveLength(1)
    expect(leftOut.map(({ id, problem }) => [id, problem.code])).toEqual([
      [covered, 'entry-not-billable'],
      [claimed, 'hours-claimed'],
    ])
  })

  it('is a document whose item, rule or day is missing, with what mends it, and holds no other up', async () => {
    const at = await officeWithBooks(app)
    const other = await at.firm.addCustomer({
      name: 'Slager',
      number: '1010',
      vatCase: 'domestic-reverse-charge',
      vatId: 'NL123456782B01',
    })
    const projectId = await at.firm.addProject({ name: 'Verlegd', customerId: other })
    const [good, without] = [await at.firm.addHours(), await at.firm.addHours({ projectId })]
    const body = { hours: { ids: [good, without] }, date: '2026-03-31' }
    const seen = await preview(at, body)
    expect(seen).toMatchObject({ ready: 1, needsYou: 1 })
    const stopped = seen.documents.find(({ state }) => state === 'needs-you')
    expect(stopped?.problems).toMatchObject([{ code: 'posting-rule-missing', mend: { what: 'posting-rule' } }])
    const { rows, leftOut } = await post(at, body)
    expect(rows).toHaveLength(1)
    expect(leftOut).toMatchObject([{ id: without, problem: { code: 'posting-rule-missing' } }])
    expect((await hoursOf(at, without)).state).toBe('free')

    const { version } = await at.good<{ version: number }>(`/connections/${at.connectionId}`)
    await at.good(`/connections/${at.connectionId}`, { method: 'PATCH', version, body: { cutOff: '2026-05-01' } })
    const before = await preview(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    expect(before.documents).toMatchObject([{ problems: [{ code: 'package-document-before-cut-off' }] }])
  })

  it('is everything without a package that makes invoices', async () => {
    const at = await office(app)
    const body = { hours: { ids: [await at.firm.addHours()] } }
    expect(await at.ask('/package-invoices/preview', { method: 'POST', body })).toMatchObject({
      status: 200,
      body: { connection: null, problem: { code: 'no-package-active' } },
    })
    expect(await at.ask('/package-invoices', { method: 'POST', body })).toMatchObject({
      status: 409,
      body: { code: 'no-package-active' },
    })
    expect(await at.ask('/package-invoices', { method: 'POST', body: {} })).toMatchObject({ status: 422 })
  })

  it('is what is not as it was seen: then nothing goes', async () => {
    const at = await officeWithBooks(app)
    const [one, two] = [await at.firm.addHours(), await at.firm.addHours({ date: '2026-03-03' })]
    const body = { hours: { ids: [one, two] }, date: '2026-03-31' }
    const [seen] = (await preview(at, body)).documents
    await at.firm.within((trx) => trx.updateTable('hourEntry').set({ minutes: 90 }).where('id', '=', two).execute())
    const answer = await at.ask<ApiProblem>('/package-invoices', {
      method: 'POST',
      body: { ...body, documents: [seen?.key] },
    })
    expect(answer).toMatchObject({ status: 409, body: { code: 'documents-changed' } })
    expect((await hoursOf(at, one)).state).toBe('free')
  })

  it('is not so many documents: thousands are looked up like one', async () => {
    const at = await officeWithBooks(app)
    const body = { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' }
    const [seen] = (await preview(at, body)).documents
    const post = (documents: readonly (string | undefined)[]) =>
      at.ask<ApiProblem>('/package-invoices', { method: 'POST', body: { ...body, documents } })
    const unseen = Array.from({ length: 4999 }, (_, index) => `unseen ${index}`)
    expect(await post([seen?.key, ...unseen])).toMatchObject({ status: 409, body: { code: 'documents-changed' } })
    expect((await post(Array.from({ length: 5000 }, () => seen?.key))).status).toBe(202)
  })
})

describe('entries', () => {
  it('are free again when the posting is given up, and can be invoiced here', async () => {
    const at = await officeWithBooks(app)
    const id = await at.firm.addHours()
    const body = { hours: { ids: [id] }, date: '2026-03-31' }
    const [posted] = (await post(at, body)).rows
    expect(await uninvoiced(at)).toBe('0.00')
    const discarded = await at.ask(`/postings/${posted?.posting.id}/discarding`, {
      method: 'POST',
      version: posted?.posting.version ?? 0,
      body: { why: 'Toch hier.' },
    })
    expect(discarded.status).toBe(200)
    expect(await read(at, posted?.id ?? '')).toMatchObject({ state: 'released', ended: { why: 'Toch hier.' } })
    expect((await hoursOf(at, id)).state).toBe('free')
    expect(await uninvoiced(at)).toBe('104.00')
    const drafts = await at.good<{ invoices: unknown[] }>('/invoices/from-entries', { method: 'POST', body })
    expect(drafts.invoices).toHaveLength(1)
    await app.runLane(at.laneKey)
    expect(await inBooks(at)).toEqual([])
    const history = await at.firm.within((trx) =>
      trx
        .selectFrom('history')
        .select(['act', 'actorName', 'why'])
        .where('subjectId', '=', posted?.id ?? '')
        .orderBy('id')
        .execute(),
    )
    expect(history).toMatchObject([
      { act: 'posted', actorName: 'administrator' },
      { act: 'released', actorName: 'administrator', why: 'Toch hier.' },
    ])
  })

  it('stay reserved while the package refuses, and go with the same document when that is mended', async () => {
    const at = await officeWithBooks(app)
    const id = await at.firm.addHours()
    const body = { hours: { ids: [id] }, date: '2026-03-31' }
    await app.fault(at.firm.id, { kind: 'missingRight', on: 'POST salesinvoice/SalesInvoices', times: 1 })
    const packageInvoice = await made(at, body)
    const refused = await read(at, packageInvoice)
    expect(refused).toMatchObject({ state: 'reserved', posting: { state: 'refused' } })
    expect((await hoursOf(at, id)).state).toBe('reserved')
    await at.good('/postings/sending', { method: 'POST', body: { ids: [refused.posting.id] } })
    await app.runLane(at.laneKey)
    expect(await read(at, packageInvoice)).toMatchObject({ state: 'made', posting: { state: 'posted' } })
    expect((await hoursOf(at, id)).state).toBe('invoiced')
  })

  it('are free again when the document is deleted there, by what the package says or by a person who does', async () => {
    const at = await officeWithBooks(app)
    const [one, two] = [await at.firm.addHours(), await at.firm.addHours({ date: '2026-03-03' })]
    const first = await made(at, { hours: { ids: [one] }, date: '2026-03-31' })
    const second = await made(at, { hours: { ids: [two] }, date: '2026-03-31' })
    const { services } = app
    const call = (trx: Trx) => ({
      trx,
      firmId: at.firm.id,
      actor: { memberId: null, name: 'Exact Online' },
      requestId: null,
      services,
      now: app.clock.now(),
    })
    await at.firm.within((trx) => freePackageInvoice(call(trx), first, 'Verwijderd in Exact Online.'))
    expect(await read(at, first)).toMatchObject({ state: 'gone', ended: { why: 'Verwijderd in Exact Online.' } })
    expect((await hoursOf(at, one)).state).toBe('free')
    // Said twice, it is done once.
    await at.firm.within((trx) => freePackageInvoice(call(trx), first, 'Nog eens.'))
    expect(await read(at, first)).toMatchObject({ ended: { why: 'Verwijderd in Exact Online.' } })

    const { version } = await read(at, second)
    const path = `/package-invoices/${second}/release`
    const stale = await at.ask(path, { method: 'POST', version: version - 1, body: { why: 'Weg.' } })
    expect(stale.status).toBe(409)
    expect(await at.good(path, { method: 'POST', version, body: { why: 'Weg.' } })).toMatchObject({ state: 'released' })
    expect((await hoursOf(at, two)).state).toBe('free')
    const again = await at.ask<ApiProblem>(path, { method: 'POST', version: version + 1, body: { why: 'Weg.' } })
    expect(again).toMatchObject({ status: 409, body: { code: 'package-invoice-not-there' } })
    expect(await made(at, { hours: { ids: [one, two] }, date: '2026-03-31' })).toBeTruthy()
  })

  it('are released together with the printing that waits, and not while the package is printing', async () => {
    const at = await officeWithBooks(app)
    await at.set({ salesInvoices: 'printed' })
    const hours = await at.firm.addHours()
    await app.changeWorld(at.firm.id, (world) =>
      addFault(world, 'tooManyRequests', { on: 'POST salesinvoice/PrintedSalesInvoices', times: 1 }),
    )
    const id = await made(at, { hours: { ids: [hours] }, date: '2026-03-31' })
    const { version, ...open } = await read(at, id)
    expect(open).toMatchObject({ state: 'made', printing: { state: 'waiting' } })
    const asked = { method: 'POST', version, body: { why: 'Weg.' } } as const
    const path = `/package-invoices/${id}/release`
    const put = (state: string) =>
      app.database.asOwner(`update posting set state = $2 where firm_id = $1 and kind = 'printing'`, [
        at.firm.id,
        state,
      ])
    for (const state of ['sending', 'checking', 'accepted']) {
      await put(state)
      const refused = await at.ask<ApiProblem>(path, asked)
      expect(refused).toMatchObject({ status: 409, body: { code: 'package-invoice-printing' } })
      expect(refused.body.cause).not.toContain('{')
      expect((await hoursOf(at, hours)).state).toBe('invoiced')
    }
    await put('waiting')
    expect(await at.good(path, asked)).toMatchObject({ state: 'released', printing: { state: 'discarded' } })
    expect((await hoursOf(at, hours)).state).toBe('free')
    app.clock.forward(120_000)
    await app.runLane(at.laneKey)
    expect(await inBooks(at)).toMatchObject([{ Status: 20 }])
  })

  it('that were given up in doubt are told of when they are chosen again, and are free after disconnecting', async () => {
    const at = await officeWithBooks(app)
    const body = { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' }
    const [posted] = (await post(at, body)).rows
    await at.firm.within((trx) =>
      trx
        .updateTable('posting')
        .set({ state: 'needs-person', dueAt: null, sentAfter: app.clock.now() })
        .where('id', '=', posted?.posting.id ?? '')
        .execute(),
    )
    await at.good(`/postings/${posted?.posting.id}/discarding`, {
      method: 'POST',
      version: posted?.posting.version ?? 0,
      body: { why: 'Niet gevonden.' },
    })
    expect((await preview(at, body)).documents).toMatchObject([
      { state: 'ready', notes: [{ code: 'given-up-in-doubt', values: { reference: posted?.posting.reference } }] },
    ])
    const [second] = (await post(at, body)).rows
    await at.good(`/connections/${at.connectionId}/disconnection`, { method: 'POST' })
    expect(await read(at, second?.id ?? '')).toMatchObject({ state: 'released' })
    expect(await uninvoiced(at)).toBe('104.00')
  })

  it('that were given up in doubt are told of too when drafts are made of them here', async () => {
    const at = await officeWithBooks(app)
    const [doubted, other] = [await at.firm.addHours(), await at.firm.addHours()]
    const [posted] = (await post(at, { hours: { ids: [doubted] }, date: '2026-03-31' })).rows
    await at.firm.within((trx) =>
      trx
        .updateTable('posting')
        .set({ state: 'needs-person', dueAt: null, sentAfter: app.clock.now() })
        .where('id', '=', posted?.posting.id ?? '')
        .execute(),
    )
    await at.good(`/postings/${posted?.posting.id}/discarding`, {
      method: 'POST',
      version: posted?.posting.version ?? 0,
      body: { why: 'Niet gevonden.' },
    })
    const draft = (ids: readonly string[]) =>
      at.good<{ notes: readonly object[] }>('/invoices/from-entries', { method: 'POST', body: { hours: { ids } } })
    expect((await draft([other])).notes).toEqual([])
    expect((await draft([doubted])).notes).toMatchObject([
      { code: 'given-up-in-doubt', values: { reference: posted?.posting.reference, package: 'Exact Online' } },
    ])
  })

  it('were unbilled at the end of a day before the document, and not after it', async () => {
    const at = await officeWithBooks(app)
    await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    const asAt = async (day: string) =>
      (await at.good<{ totals: { total: string }[] }>(`/uninvoiced?asAt=${day}`)).totals[0]?.total ?? '0.00'
    expect(await asAt('2026-03-30')).toBe('104.00')
    expect(await asAt('2026-03-31')).toBe('0.00')
  })

  it('count once in the revenue, by the amount in the package', async () => {
    const at = await officeWithBooks(app)
    await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    expect(await at.good('/reports/revenue?from=2026-01-01&until=2026-12-31')).toMatchObject({
      totals: [{ currency: 'EUR', net: '104.00', documents: 1 }],
    })
  })
})

describe('what was paid of invoices that the package made', () => {
  type Desk = Parameters<typeof payEntry>[0]
  const desk = (world: Desk['world']): Desk => ({ world, clock: app.clock, random: seededRandom(11) })
  const atTheDesk = (at: OfficeWithBooks, act: (desk: Desk) => unknown) =>
    app.changeWorld(at.firm.id, (world) => void act(desk(world)))
  async function look(at: OfficeWithBooks) {
    app.clock.forward(120_000)
    await at.good(`/connections/${at.connectionId}/payments`, { method: 'POST', body: {} })
    await app.runTasks()
  }
  const printed = async () => {
    const at = await officeWithBooks(app)
    await at.set({ salesInvoices: 'printed' })
    const id = await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    const { theirNumber, books } = await read(at, id)
    expect(books).toMatchObject({ state: null, seenAt: null, canLook: true, packageName: 'Exact Online' })
    return { at, id, number: theirNumber as string }
  }
  const monthEnd = async (at: OfficeWithBooks) =>
    (await at.good<{ paying: { count: number; made: object } }>('/month-end/2026-03')).paying.made

  it('follows the books: open, a part, the rest, and open again when the match is taken back', async () => {
    const { at, id, number } = await printed()
    expect(await monthEnd(at)).toEqual({ count: 0, amounts: [], unknown: 1, notBooked: 0 })
    await look(at)
    const seen = app.clock.now().toISOString()
    expect((await read(at, id)).books).toMatchObject({ state: 'open', outstanding: '125.84', seenAt: seen })
    expect(await monthEnd(at)).toEqual({
      count: 1,
      amounts: [{ currency: 'EUR', amount: '125.84', documents: 1 }],
      unknown: 0,
      notBooked: 0,
    })

    await atTheDesk(at, (one) => payEntry(one, number, { amount: '25.84', date: '2026-04-02' }))
    await look(at)
    expect((await read(at, id)).books).toMatchObject({ state: 'partly-paid', outstanding: '100.00' })

    await atTheDesk(at, (one) => payEntry(one, number, { date: '2026-04-09' }))
    await look(at)
    expect((await read(at, id)).books).toMatchObject({ state: 'paid', outstanding: '0.00', lastPaidOn: '2026-04-09' })
    expect(await monthEnd(at)).toMatchObject({ count: 0, amounts: [], unknown: 0 })

    await atTheDesk(at, (one) => unmatchEntry(one, number))
    await look(at)
    expect((await read(at, id)).books).toMatchObject({ state: 'open', outstanding: '125.84' })

    await atTheDesk(at, (one) => writeEntryOff(one, number))
    await look(at)
    expect((await read(at, id)).books).toMatchObject({ state: 'settled', outstanding: '0.00', lastPaidOn: null })
  })

  it('is filtered on in the list, and said of nothing that is not booked there', async () => {
    const { at, id, number } = await printed()
    await at.set({ salesInvoices: 'open' })
    const waiting = await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' })
    await look(at)
    await atTheDesk(at, (one) => payEntry(one, number, { amount: '25.84', date: '2026-04-02' }))
    await look(at)
    const list = async (query: string) =>
      (await at.good<{ rows: Made[] }>(`/package-invoices?${query}`)).rows.map((row) => [row.id, row.books?.state])
    expect(await list('')).toEqual([
      [waiting, undefined],
      [id, 'partly-paid'],
    ])
    expect(await list('payment=partly-paid&payment=open')).toEqual([[id, 'partly-paid']])
    expect(await list('payment=paid')).toEqual([])
    expect(await monthEnd(at)).toMatchObject({ count: 1, notBooked: 1 })
    const wrong = await at.ask<ApiProblem>('/package-invoices?payment=half')
    expect(wrong.status).toBe(422)
  })

  it('is forgotten with the document, and with a sandbox that is left', async () => {
    const { at, id, number } = await printed()
    await look(at)
    await atTheDesk(at, (one) => payEntry(one, number))
    await look(at)
    await at.good(`/connections/${at.connectionId}/disconnection`, { method: 'POST' })
    expect((await read(at, id)).books).toBeNull()
    expect(await monthEnd(at)).toEqual({ count: 0, amounts: [], unknown: 0, notBooked: 0 })
  })

  it('stands beside our own VAT of the period, by its own totals, and is added to none of it', async () => {
    const { at } = await printed()
    await at.set({ salesInvoices: 'open' })
    await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-30' })
    await made(at, { hours: { ids: [await at.firm.addHours()] }, date: '2026-04-01' })
    interface Vat {
      readonly total: object
      readonly lines: readonly object[]
      readonly made: readonly object[]
    }
    const quarter = 'from=2026-01-01&until=2026-03-31'
    const { total, lines, made: there } = await at.good<Vat>(`/vat-overview?${quarter}`)
    const sums = { packageName: 'Exact Online', currency: 'EUR', documents: 1, net: '104.00', vat: '21.84' }
    expect(there).toEqual([
      { ...sums, isBooked: true, gross: '125.84' },
      { ...sums, isBooked: false, gross: '125.84' },
    ])
    expect([total, lines]).toEqual([{ invoices: 0, base: '0.00', vat: '0.00' }, []])
    // What the package does not tell is not filled in with figures of ours.
    await app.database.asOwner(
      `update package_invoice set their_vat = null where firm_id = $1 and state = 'made' and date = '2026-03-30'`,
      [at.firm.id],
    )
    expect((await at.good<Vat>(`/vat-overview?${quarter}`)).made[1]).toMatchObject({ net: null, vat: null })
    const file = await app.app.inject({
      method: 'GET',
      url: `/api/v1/vat-overview/export?${quarter}&what=made`,
      headers: { ...at.headers, 'accept-language': 'nl' },
    })
    const rows = file.body.split('\r\n')
    expect(rows[0]).toBe(
      '\uFEFF"Nummer";"Datum";"Debiteur";"Pakket";"Valuta";"Zonder btw";"Btw";"Inclusief btw";"In de boekhouding"',
    )
    expect(rows[1]).toMatch(/;30-3-2026|;2026-03-30/)
    expect(rows[2]).toMatch(/;"Exact Online";"EUR";104,00;21,84;125,84;"Geboekt"$/)
    expect(rows).toHaveLength(4)
  })
})

describe('two people at once', () => {
  it('put an entry on one document, whichever of them makes it', async () => {
    const at = await officeWithBooks(app)
    for (let turn = 0; turn < 6; turn++) {
      const ids = [await at.firm.addHours(), await at.firm.addHours({ date: '2026-03-05' })]
      const body = { hours: { ids }, date: '2026-03-31' }
      const ask = (path: string) => at.ask(path, { method: 'POST', body })
      const answers = await Promise.all([
        ask('/package-invoices'),
        ask('/invoices/from-entries'),
        ask('/package-invoices'),
      ])
      expect(answers.every(({ status }) => status < 500)).toBe(true)
      const claims = await at.firm.within((trx) =>
        trx
          .selectFrom('claim')
          .select(['entryId'])
          .where('entryId', 'in', ids)
          .where('releasedAt', 'is', null)
          .execute(),
      )
      expect(claims.map(({ entryId }) => entryId).sort()).toEqual([...ids].sort())
    }
  })

  it('post once when the same request comes twice', async () => {
    const at = await officeWithBooks(app)
    const body = { hours: { ids: [await at.firm.addHours()] }, date: '2026-03-31' }
    const send = () =>
      app.app.inject({
        method: 'POST',
        url: '/api/v1/package-invoices',
        headers: { ...at.headers, 'idempotency-key': 'een-keer-is-genoeg' },
        payload: body,
      })
    const [first, second] = [await send(), await send()]
    expect(second.json()).toEqual(first.json())
    expect((await at.good<{ rows: unknown[] }>('/package-invoices')).rows).toHaveLength(1)
  })
})

describe('whatever people do', () => {
  it('holds every entry by one document at most, and the books have each document once', async () => {
    const at = await officeWithBooks(app)
    const random = seededRandom(11)
    const among = <T>(list: readonly T[]): T | undefined => list[Math.floor(random.next() * list.length)]
    const ids: string[] = []
    for (let day = 2; day < 8; day++) ids.push(await at.firm.addHours({ date: `2026-03-0${day}` }))
    const rows = async () => (await at.good<{ rows: Made[] }>('/package-invoices?limit=200')).rows
    const acts = {
      there: () => post(at, { hours: { ids: ids.filter(() => random.next() < 0.5) }, date: '2026-03-31' }),
      here: () =>
        at.ask('/invoices/from-entries', {
          method: 'POST',
          body: { hours: { ids: [among(ids)] }, date: '2026-03-31' },
        }),
      thrownAway: async () => {
        const { rows: drafts } = await at.good<{ rows: { id: string; version: number }[] }>('/invoices?state=draft')
        const draft = among(drafts)
        if (draft) await at.ask(`/invoices/${draft.id}`, { method: 'DELETE', version: draft.version })
      },
      givenUp: async () => {
        const waiting = among((await rows()).filter(({ posting }) => posting.state === 'waiting'))
        if (waiting)
          await at.good(`/postings/${waiting.posting.id}/discarding`, {
            method: 'POST',
            version: waiting.posting.version,
            body: { why: 'Toch niet.' },
          })
      },
      released: async () => {
        const there = among((await rows()).filter(({ state }) => state === 'made'))
        if (there)
          await at.good(`/package-invoices/${there.id}/release`, {
            method: 'POST',
            version: there.version,
            body: { why: 'Weg.' },
          })
      },
      sent: () => app.runLane(at.laneKey),
    }
    for (let step = 0; step < 40; step++) {
      await acts[among(Object.keys(acts) as (keyof typeof acts)[]) ?? 'sent']()
      const held = await at.firm.within((trx) =>
        sql<{ id: string; claimed: boolean; held: number; wrong: number }>`
          select h.id, h.claimed, count(c.id)::int as held,
            count(*) filter (where d.state in ('gone', 'released') or p.state = 'discarded')::int as wrong
          from hour_entry h
          left join claim c on c.firm_id = h.firm_id and c.entry_kind = 'hours' and c.entry_id = h.id and c.released_at is null
          left join posting p on p.firm_id = c.firm_id and p.id = c.posting_id
          left join package_invoice d on d.firm_id = p.firm_id and d.id = p.subject_id
          where h.firm_id = ${at.firm.id}::uuid group by h.id, h.claimed`.execute(trx),
      )
      for (const row of held.rows) {
        expect(row.held).toBe(row.claimed ? 1 : 0)
        expect(row.wrong).toBe(0)
      }
    }
    await app.runLane(at.laneKey)
    const everMade = (await rows()).filter(({ posting }) => posting.state === 'posted')
    const keys = (await inBooks(at)).map(({ Remarks }) => String(Remarks))
    expect(keys.sort()).toEqual(everMade.map(({ posting }) => posting.reference).sort())
  })

  it('makes it once when the answer of the package was lost', async () => {
    const at = await officeWithBooks(app)
    await app.fault(at.firm.id, { kind: 'loseAnswerAfter', on: 'POST salesinvoice/SalesInvoices', times: 1 })
    const entry = await at.firm.addHours()
    const [posted] = (await post(at, { hours: { ids: [entry] }, date: '2026-03-31' })).rows
    for (let look = 0; look < 5; look++) {
      await app.runLane(at.laneKey)
      app.clock.set(new Date(app.clock.now().getTime() + 60_000).toISOString())
    }
    expect(await read(at, posted?.id ?? '')).toMatchObject({ state: 'made', theirGross: '125.84' })
    expect(await inBooks(at)).toHaveLength(1)
    expect((await hoursOf(at, entry)).state).toBe('invoiced')
  })
})

describe('a document of many entries', () => {
  it('asks the database as often as one of a few, seen and posted', async () => {
    const at = await officeWithBooks(app)
    const body = async (many: number) => {
      const ids: string[] = []
      for (let count = 0; count < many; count++)
        ids.push(await at.firm.addHours({ date: `2026-03-${String(1 + (count % 28)).padStart(2, '0')}` }))
      return { hours: { ids }, date: '2026-03-31' }
    }
    const asked = async (many: number) => {
      const chosen = await body(many)
      const seen = await withStatements(at.firm, () => preview(at, chosen))
      const posted = await withStatements(at.firm, () => post(at, chosen))
      expect(posted.answer.rows).toHaveLength(1)
      return [seen.statements.length, posted.statements.length]
    }
    // The first makes the customer there.
    await asked(1)
    const few = await asked(2)
    expect(await asked(200)).toEqual(few)
  })
})

describe('the list', () => {
  it('is paged, filtered and searched', async () => {
    const at = await officeWithBooks(app)
    for (const day of ['2026-03-02', '2026-03-03', '2026-03-04'])
      await post(at, { hours: { ids: [await at.firm.addHours({ date: day })] }, date: day })
    await app.runLane(at.laneKey)
    await post(at, { hours: { ids: [await at.firm.addHours({ date: '2026-03-05' })] }, date: '2026-03-05' })
    const list = (query: string) => at.good<{ rows: Made[]; next: string | null }>(`/package-invoices?${query}`)
    const first = await list('limit=3')
    const rest = await list(`limit=3&cursor=${first.next}`)
    expect([...first.rows, ...rest.rows].map(({ state }) => state)).toEqual(['reserved', 'made', 'made', 'made'])
    expect((await list('state=made&until=2026-03-03')).rows).toHaveLength(2)
    expect((await list('search=bakkerij')).rows).toHaveLength(4)
    expect((await list('search=slager')).rows).toHaveLength(0)
    const details = await at.good<{ lines: { entries: unknown[] }[]; history: { act: string }[] }>(
      `/package-invoices/${first.rows[1]?.id}`,
    )
    expect(details.lines).toMatchObject([{ entries: [{ date: '2026-03-04', minutes: 60 }] }])
    expect(details.history.map(({ act }) => act)).toEqual(['posted', 'made'])
  })
})
