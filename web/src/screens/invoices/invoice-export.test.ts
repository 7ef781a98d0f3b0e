import { describe, expect, it } from 'vitest'
import type { Selecting } from '../../table/selection.ts'
import type { InvoiceRow } from './invoice.ts'
import { exportedOf, withinYear } from './invoice-export.ts'

const row = (date: string, state: InvoiceRow['state'] = 'sent') => ({ date, state }) as InvoiceRow
const selecting = (selection: Selecting['selection']) => ({ selection }) as Selecting
const today = '2026-03-31'

describe('what an export is of', () => {
  it('is the filter of the list, in its order', () => {
    const search = { state: ['sent', 'unheard-of'], overdue: true, search: 'zon', sort: '-number' }
    const { query } = exportedOf({ search, rows: [], complete: true, today })
    expect(`${query()}`).toBe('state=sent&overdue=true&search=zon&sort=-number')
  })

  it('is of a selection the chosen ones, or all but some', () => {
    const about = { search: { from: '2026-01-01' }, rows: [], complete: true, today }
    const ids = selecting({ kind: 'ids', ids: new Set(['a', 'b']) })
    const all = selecting({ kind: 'all', except: new Set(['c']) })
    expect(`${exportedOf({ ...about, selecting: ids }).query()}`).toBe('from=2026-01-01&ids=a&ids=b')
    expect(`${exportedOf({ ...about, selecting: all }).query()}`).toBe('from=2026-01-01&except=c')
  })

  it('counts what was sent and the drafts that stay behind, once everything was read', () => {
    const rows = [row('2026-03-31', 'draft'), row('2026-03-01', 'credited'), row('2025-12-31')]
    expect(exportedOf({ search: {}, rows, complete: true, today })).toMatchObject({
      known: { sent: 2, drafts: 1 },
      years: [2026, 2025],
    })
    expect(exportedOf({ search: {}, rows, complete: false, today }).known).toBeNull()
  })

  it.each([
    [{}, [2026, 2025, 2024, 2023, 2022, 2021, 2020, 2019, 2018, 2017]],
    [{ from: '2025-07-01' }, [2026, 2025]],
    [{ from: '2024-01-01', until: '2024-12-31' }, [2024]],
    [{ from: '2027-01-01' }, [2026]],
  ])('may be of the years of the filter %j while not everything was read', (search, years) => {
    expect(exportedOf({ search, rows: [row('2026-03-01')], complete: false, today }).years).toEqual(years)
  })
})

it.each([
  ['', 'from=2026-01-01&until=2026-12-31'],
  ['from=2025-07-01&until=2026-06-30', 'from=2026-01-01&until=2026-06-30'],
  ['ids=a&from=2026-02-01', 'ids=a&from=2026-02-01&until=2026-12-31'],
])('an audit file of %j is of one year alone', (query, narrowed) =>
  expect(`${withinYear(new URLSearchParams(query), 2026)}`).toBe(narrowed),
)
