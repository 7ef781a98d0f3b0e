import { closePeriod, editRow } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

/** What both previews of posting tell beforehand, with everything that the package would say of it. */
let app: FurnishedApp
let at: OfficeWithBooks
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(async () => {
  app.clock.set('2026-03-31T10:00:00.000Z')
  at = await officeWithBooks(app)
})
afterAll(() => app.close())

interface Shown {
  readonly state: string
  readonly problems: readonly {
    readonly code: string
    readonly values: Readonly<Record<string, string>>
    readonly mend: { readonly what: string; readonly customerId: string | null } | null
  }[]
  readonly notes: readonly { readonly code: string }[]
  readonly payload: string | null
}
interface Preview {
  readonly connection: { readonly accessLost: boolean }
  readonly documents: readonly Shown[]
}

async function draft(): Promise<{ id: string; version: number }> {
  const { id, version } = await at.good<{ id: string; version: number }>('/invoices', {
    method: 'POST',
    body: { customerId: at.firm.customerId, date: '2026-03-31' },
  })
  const body = { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  return at.good(`/invoices/${id}/lines`, { method: 'POST', body, version })
}
async function sent(): Promise<string> {
  const { id, version } = await draft()
  await at.good(`/invoices/${id}/sending`, { method: 'POST', body: { how: 'other' }, version })
  return id
}
const ofInvoice = (id: string) => at.good<Preview>('/postings/preview', { method: 'POST', body: { invoiceIds: [id] } })
const ofHours = (id: string) =>
  at.good<Preview>('/package-invoices/preview', {
    method: 'POST',
    body: { hours: { ids: [id] }, date: '2026-03-31' },
  })
const told = ({ documents }: Preview) =>
  documents.map(({ state, problems }) => [state, ...problems.map(({ code }) => code)].join(' '))
const readLists = async () => {
  app.clock.forward(120_000)
  await at.good(`/connections/${at.connectionId}/lists`, { method: 'POST' })
  await app.runTasks()
}
const loseAccess = () =>
  app.database.asOwner(`update connection set state = 'reconnect' where id = $1`, [at.connectionId])

describe('without access', () => {
  it('an entry and a document of the package are drafted all the same, and it is said that they wait', async () => {
    const invoice = await sent()
    const hours = await at.firm.addHours()
    await loseAccess()
    for (const preview of [await ofInvoice(invoice), await ofHours(hours)]) {
      expect(preview.connection.accessLost).toBe(true)
      expect(told(preview)).toEqual(['ready'])
      expect(preview.documents[0]?.payload).not.toBeNull()
    }
  })

  it('what the package would refuse is found as it is with access', async () => {
    const invoice = await sent()
    const hours = await at.firm.addHours()
    await at.set({ salesInvoices: 'printed' })
    await app.changeWorld(at.firm.id, (world) => closePeriod(world, { month: '2026-03' }))
    await readLists()
    const before = [await ofInvoice(invoice), await ofHours(hours)]
    await loseAccess()
    const after = [await ofInvoice(invoice), await ofHours(hours)]
    expect(after.map(told)).toEqual([['needs-you period-closed'], ['needs-you period-closed']])
    expect(after.map(told)).toEqual(before.map(told))
    expect(before.map(({ connection }) => connection.accessLost)).toEqual([false, false])
  })

  it('an invoice that the package would refuse is not posted by itself', async () => {
    await app.changeWorld(at.firm.id, (world) => closePeriod(world, { month: '2026-03' }))
    await readLists()
    const { version } = await at.good<{ version: number }>(`/connections/${at.connectionId}`)
    await at.good(`/connections/${at.connectionId}`, { method: 'PATCH', version, body: { postAutomatically: true } })
    await loseAccess()
    await sent()
    const postings = await app.database.asOwner(`select 1 from posting where firm_id = $1`, [at.firm.id])
    expect(postings).toEqual([])
  })
})

describe('a VAT case that was derived and nobody confirmed', () => {
  const derive = () =>
    app.database.asOwner(`update customer set vat_case_confirmed = false where firm_id = $1`, [at.firm.id])
  beforeEach(() => derive())

  const confirm = async () => {
    const { version, vatCase } = await at.good<{ version: number; vatCase: string }>(`/customers/${at.firm.customerId}`)
    await at.good('/vat-cases/confirmation', {
      method: 'POST',
      body: { customers: [{ id: at.firm.customerId, version, vatCase }] },
    })
  }

  it('keeps both previews back until it is confirmed in place', async () => {
    const invoice = await sent()
    const hours = await at.firm.addHours()
    const before = [await ofInvoice(invoice), await ofHours(hours)]
    expect(before.map(told)).toEqual([['needs-you vat-case-unconfirmed'], ['needs-you vat-case-unconfirmed']])
    for (const { documents } of before) {
      const problem = documents[0]?.problems[0]
      expect(problem?.mend).toMatchObject({ what: 'vat-case', customerId: at.firm.customerId })
      expect(problem?.values).toMatchObject({ customerId: at.firm.customerId, vatCase: 'domestic', version: '1' })
    }
    await confirm()
    expect([await ofInvoice(invoice), await ofHours(hours)].map(told)).toEqual([['ready'], ['ready']])
  })

  it('is warned of on a draft', async () => {
    const { id } = await draft()
    const codes = async () =>
      (await at.good<{ warnings: { code: string }[] }>(`/invoices/${id}`)).warnings.map(({ code }) => code)
    expect(await codes()).toContain('vat-case-unconfirmed')
    await confirm()
    expect(await codes()).not.toContain('vat-case-unconfirmed')
  })

  it('stops what is on its way when it is derived anew, which goes on when it is confirmed', async () => {
    await confirm()
    const invoice = await sent()
    app.clock.forward(61_000)
    await at.good('/postings', { method: 'POST', body: { invoiceIds: [invoice] } })
    await derive()
    const entry = async () => {
      for (let pass = 0; pass < 3; pass++) {
        app.clock.forward(65_000)
        await app.runLane(at.laneKey)
      }
      const [row] = await app.database.asOwner(
        `select state, problem ->> 'code' as code from posting where firm_id = $1 and kind = 'salesEntry'`,
        [at.firm.id],
      )
      return row
    }
    expect(await entry()).toEqual({ state: 'blocked', code: 'vat-case-unconfirmed' })
    await confirm()
    expect(await entry()).toEqual({ state: 'posted', code: null })
  })
})

describe('a ledger account that takes no cost centres', () => {
  const gaps = async () =>
    (await at.good<{ gaps: { problem: { code: string } }[] }>(`/connections/${at.connectionId}/completeness`)).gaps.map(
      ({ problem }) => problem.code,
    )
  beforeEach(async () => {
    await app.changeWorld(
      at.firm.id,
      (world) =>
        void editRow({ world, clock: app.clock, random: seededRandom(3) }, 'GLAccounts', '8010', { UseCostcenter: 2 }),
    )
    await readLists()
  })

  it('is booked on without the one of the project, and the preview tells it', async () => {
    await app.database.asOwner(`update project set cost_centre = 'ADV' where firm_id = $1`, [at.firm.id])
    const preview = await ofHours(await at.firm.addHours())
    expect(told(preview)).toEqual(['ready'])
    expect(preview.documents[0]?.notes.map(({ code }) => code)).toEqual(['project-cost-centre-left-out'])
    expect(preview.documents[0]?.payload).not.toContain('ADV')
    expect(await gaps()).toEqual([])
  })

  it('is a gap of the posting rule that gives one itself', async () => {
    await app.database.asOwner(`update posting_rule set cost_centre = 'ADV' where firm_id = $1`, [at.firm.id])
    expect(new Set(await gaps())).toEqual(new Set(['rule-cost-centre-not-taken']))
    expect(told(await ofHours(await at.firm.addHours()))).toEqual(['needs-you cost-centre-link'])
  })
})
