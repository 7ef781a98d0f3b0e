import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { rowsOf } from '@uurwerk/connectors/contract/simulator.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
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
  readonly notes: readonly { code: string }[]
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
})
