import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import { describe, expect, it } from 'vitest'
import { compareReceipt, type Posted } from './compare-receipt.ts'

const shows = {
  customer: 'a1',
  journal: '70',
  date: '2026-03-31',
  dueDate: '2026-04-30',
  currency: 'EUR',
  reference: '2026-0042',
  gross: '121.00',
  vat: '21.00',
  state: 'open',
} as const
const receipt: Receipt = { id: 'e1', gross: '121.00', vat: '21.00', hash: 'h1', shows }
const posted: Posted = { receipt, gross: '121.00', differs: false, theirGross: '121.00' }
const now = (change: Partial<Record<keyof typeof shows, string>>, hash = 'h2'): Receipt => ({
  ...receipt,
  hash,
  gross: change.gross ?? '121.00',
  vat: change.vat ?? '21.00',
  shows: { ...shows, ...change },
})

describe('a posted document beside the books', () => {
  it.each([
    ['is as it was', now({}, 'h1'), null, []],
    ['was paid since: that is no change of it', now({ state: 'processed' }, 'h1'), null, []],
    ['has another hash, but every field as it was', now({}), null, []],
    ['was deleted', 'gone' as const, 'deleted', []],
    ['was booked on another customer', now({ customer: 'b2' }), 'changed', ['customer']],
    [
      'was booked on another day and in another journal',
      now({ date: '2026-04-01', journal: '71' }),
      'changed',
      ['journal', 'date'],
    ],
    ['has another amount', now({ gross: '120.00' }), 'amounts', ['gross']],
    ['has another VAT amount and day', now({ vat: '20.00', date: '2026-04-01' }), 'amounts', ['date', 'vat']],
  ])('%s', (_, found, kind, fields) => {
    const difference = compareReceipt(posted, found)
    expect(difference?.kind ?? null).toBe(kind)
    expect(difference?.fields.map(({ field }) => field) ?? []).toEqual(fields)
  })

  it('tells both sides of what changed', () => {
    expect(compareReceipt(posted, now({ gross: '120.00' }))?.fields).toEqual([
      { field: 'gross', posted: '121.00', now: '120.00' },
    ])
  })

  it('says that something changed where the package shows no fields', () => {
    const { shows: _, ...bare } = receipt
    expect(compareReceipt({ ...posted, receipt: bare }, { ...bare, hash: 'h2' })).toMatchObject({
      kind: 'changed',
      fields: [],
    })
    expect(compareReceipt({ ...posted, receipt: bare }, bare)).toBeNull()
  })

  it('compares amounts even of a document that was posted before fields were shown', () => {
    const { shows: _, ...bare } = receipt
    expect(compareReceipt({ ...posted, receipt: bare }, now({ gross: '120.00' }))?.kind).toBe('amounts')
  })

  it('keeps saying that a cent was booked otherwise from the beginning', () => {
    const cent: Receipt = { ...receipt, gross: '121.01', shows: { ...shows, gross: '121.01' } }
    const difference = compareReceipt({ receipt: cent, gross: '121.00', differs: true, theirGross: '121.01' }, cent)
    expect(difference).toMatchObject({
      kind: 'posted-differently',
      fields: [{ field: 'gross', posted: '121.00', now: '121.01' }],
    })
  })

  it('is the same difference when it is seen again, and another when it changed once more', () => {
    const first = compareReceipt(posted, now({ date: '2026-04-01' }))
    expect(compareReceipt(posted, now({ date: '2026-04-01' }, 'h3'))?.print).toBe(first?.print)
    expect(compareReceipt(posted, now({ date: '2026-04-02' }))?.print).not.toBe(first?.print)
  })
})
