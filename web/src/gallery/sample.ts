import type { Rows } from '../table/rows.ts'

export interface SampleRow {
  readonly id: string
  readonly customer: string
  readonly number: string
  readonly project: string
  readonly method: string
  readonly minutes: number
  readonly amount: string
  readonly expenses: string
  readonly days: number
  readonly state: 'done' | 'needs' | 'refused' | 'progress' | 'wait'
}

const customers = [
  ['Van Dalen Techniek B.V.', '10012', ['Serviceportaal', 'Voorraad-app', 'Onderhoud 2026']],
  ['Stichting Zonnehof', '10027', ['Intranet', 'Toegankelijkheidsonderzoek']],
  ['Kessler Maschinenbau GmbH', '10031', ['Händlerportal', 'Wartung']],
] as const
const states = ['done', 'wait', 'progress', 'needs', 'refused'] as const

/** As many rows as asked, the same every time. */
export const sampleRows = (count: number): SampleRow[] =>
  Array.from({ length: count }, (_, index) => {
    const [customer, number, projects] = customers[Math.floor((index * customers.length) / count)] ?? customers[0]
    const minutes = 45 + ((index * 195) % 3600)
    return {
      id: `row-${index}`,
      customer,
      number,
      project: projects[index % projects.length] ?? '',
      method: index % 3 === 2 ? 'subscription' : 'hourly',
      minutes,
      amount: ((minutes * 104) / 60).toFixed(2),
      expenses: index % 4 === 0 ? (index * 7.35 + 12).toFixed(2) : '0',
      days: (index * 13) % 90,
      state: states[index % states.length] ?? 'wait',
    }
  })

const never = () => undefined
export const ready = (rows: readonly SampleRow[]): Rows<SampleRow> => ({
  rows,
  state: 'ready',
  error: null,
  again: never,
  more: null,
  loadingMore: false,
  stale: false,
})
export const loading: Rows<SampleRow> = { ...ready([]), state: 'loading' }
export const failed = (error: unknown): Rows<SampleRow> => ({ ...ready([]), state: 'failed', error })
