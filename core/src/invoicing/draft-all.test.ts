import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { decimal } from '../shared/money.ts'
import { type DraftRequest, draftInvoice, type LineGrouping } from './draft-invoice.ts'

const expense = (id: string, change: object = {}) => ({
  id,
  userId: 'anna',
  date: day('2026-03-04'),
  projectId: 'site',
  categoryId: 'travel',
  note: '',
  currency: 'EUR',
  disbursement: false,
  billable: true,
  rechargeNet: decimal('84.50'),
  ...change,
})
const trip = (id: string, change: object = {}) => ({
  id,
  userId: 'anna',
  date: day('2026-03-05'),
  projectId: 'site',
  from: 'Utrecht',
  to: 'Zwolle',
  distanceKm: decimal('90.5'),
  returnTrip: true,
  note: '',
  billable: true,
  ...change,
})
const instalment = (id: string, change: object = {}) => ({
  id,
  projectId: 'fixed',
  activityId: null,
  description: 'Termijn 3 van 4',
  amount: decimal('4500'),
  dueOn: day('2026-03-15'),
  vatClass: null,
  periodFrom: null,
  periodUntil: null,
  ...change,
})
const period = (id: string, change: object = {}) => ({
  id,
  projectId: 'care',
  description: 'Onderhoud',
  amount: decimal('850'),
  dueOn: day('2026-03-01'),
  vatClass: null,
  periodFrom: day('2026-03-01'),
  periodUntil: day('2026-03-31'),
  ...change,
})
const km = (id: string, scope: 'firm' | 'customer' | 'project', amount: string, of: object = {}) => ({
  id,
  purpose: 'billing' as const,
  scope,
  amount: decimal(amount),
  currency: 'EUR',
  from: day('2020-01-01'),
  ...of,
})

const project = (id: string, code: string, name: string, method: DraftRequest['projects'][number]['method']) => ({
  id,
  customerId: 'bakker',
  code,
  name,
  method,
})

const request = (change: Partial<DraftRequest> = {}): DraftRequest => ({
  entries: [],
  by: 'activity',
  customer: { id: 'bakker', name: 'Bakkerij Zon', vatCase: 'domestic', vatId: null, currency: 'EUR' },
  firm: { country: 'NL', defaultVatClass: 'standard' },
  rates: [
    {
      id: 'r1',
      scope: 'activity',
      activityId: 'advice',
      amount: decimal('100'),
      currency: 'EUR',
      from: day('2020-01-01'),
    },
  ],
  kmRates: [km('k1', 'firm', '0.39')],
  projects: [
    project('site', 'P1', 'Website', 'hourly-activity'),
    project('fixed', 'P2', 'Intranet', 'fixed-price'),
    project('care', 'P3', 'Zorg', 'subscription'),
    project('none', 'P4', 'Intern', 'none'),
  ],
  activities: [{ id: 'advice', name: 'Advies', vatClass: null, itemId: null }],
  categories: [
    { id: 'travel', name: 'Reiskosten', vatClass: 'standard' },
    { id: 'books', name: 'Boeken', vatClass: 'reduced' },
  ],
  users: [
    { id: 'anna', name: 'Anna' },
    { id: 'bas', name: 'Bas' },
  ],
  language: 'nl',
  date: day('2026-03-31'),
  ...change,
})

const read = (change: Partial<DraftRequest>) =>
  draftInvoice(request(change)).lines.map(
    (one) =>
      `${one.source}: ${one.description} | ${one.quantity} ${one.unit} × ${one.unitPrice} = ${one.net}, ${one.vatTreatment} ${one.vatRate}%`,
  )

const hour = {
  id: 'h1',
  userId: 'anna',
  date: day('2026-03-02'),
  minutes: 60,
  projectId: 'site',
  activityId: 'advice',
  note: '',
  billable: true,
}

describe('everything that is due on one invoice', () => {
  it('stands by project, the work first and what was spent on it last', () => {
    expect(
      read({
        entries: [hour],
        expenses: [expense('e1', { note: 'Hotel' })],
        trips: [trip('t1')],
        instalments: [instalment('i1')],
        periods: [period('s1')],
      }),
    ).toEqual([
      'hours: Website: Advies, maart 2026 | 1.0000 hour × 100 = 100.00, domestic-standard 21%',
      'trip: Website: Kilometers, maart 2026 | 181 km × 0.39 = 70.59, domestic-standard 21%',
      'expense: 4 maart 2026, Website: Reiskosten – Hotel | 1 piece × 84.5 = 84.50, domestic-standard 21%',
      'instalment: Intranet: Termijn 3 van 4 | 1 piece × 4500 = 4500.00, domestic-standard 21%',
      'subscription: Zorg: Onderhoud, maart 2026 | 1 piece × 850 = 850.00, domestic-standard 21%',
    ])
  })

  it.each<[LineGrouping, string[]]>([
    ['activity', ['Kilometers, februari–maart 2026 | 281']],
    ['project', ['Kilometers, februari–maart 2026 | 281']],
    ['user', ['Anna, kilometers, maart 2026 | 181', 'Bas, kilometers, februari 2026 | 100']],
    ['entry', ['1 februari 2026, Utrecht – Assen – Vergadering | 100', '5 maart 2026, Utrecht – Zwolle v.v. | 181']],
  ])('brings kilometres together by %s', (by, expected) => {
    const trips = [
      trip('t1'),
      trip('t2', {
        userId: 'bas',
        date: day('2026-02-01'),
        to: 'Assen',
        distanceKm: decimal('100'),
        returnTrip: false,
        note: ' Vergadering ',
      }),
    ]
    const lines = draftInvoice(request({ trips, by })).lines
    expect(lines.map(({ description, quantity }) => `${description} | ${quantity}`)).toEqual(expected)
  })

  it('takes the km rate of the project, else the customer, else the firm, and never two on a line', () => {
    const kmRates = [
      km('k1', 'firm', '0.39'),
      km('k2', 'customer', '0.45', { customerId: 'bakker' }),
      km('k3', 'project', '0.60', { projectId: 'fixed' }),
      km('k4', 'customer', '0.50', { customerId: 'bakker', from: day('2026-03-06') }),
    ]
    const trips = [trip('t1'), trip('t2', { date: day('2026-03-06') }), trip('t3', { projectId: 'fixed' })]
    expect(draftInvoice(request({ trips, kmRates })).lines.map(({ unitPrice }) => unitPrice)).toEqual([
      '0.45',
      '0.5',
      '0.6',
    ])
  })

  it('taxes an expense as the customer and the class of its category say, a disbursement not at all', () => {
    const expenses = [
      expense('e1'),
      expense('e2', { categoryId: 'books' }),
      expense('e3', { disbursement: true, rechargeNet: decimal('125.00') }),
    ]
    const treatments = (change: Partial<DraftRequest>) =>
      draftInvoice(request({ expenses, ...change })).lines.map(
        ({ vatTreatment, vatRate }) => `${vatTreatment} ${vatRate}`,
      )
    expect(treatments({})).toEqual(['domestic-standard 21', 'domestic-reduced 9', 'disbursement 0'])
    const customer = { ...request().customer, vatCase: 'eu-business' as const, vatId: 'DE136695976' }
    expect(treatments({ customer })).toEqual(['eu-business 0', 'eu-business 0', 'disbursement 0'])
  })

  it('gives an instalment the class of its own, else of its activity; without a period it is of the invoice day', () => {
    const activities = [{ id: 'course', name: 'Cursus', vatClass: 'exempt' as const, itemId: null }]
    const instalments = [
      instalment('i1', { activityId: 'course' }),
      instalment('i2', { activityId: 'course', vatClass: 'reduced', dueOn: day('2026-03-16') }),
      instalment('i3', {
        dueOn: day('2026-03-17'),
        periodFrom: day('2026-01-31'),
        periodUntil: day('2026-02-27'),
      }),
    ]
    const { lines } = draftInvoice(request({ activities, instalments }))
    expect(lines.map((one) => [one.vatTreatment, one.supplyFrom, one.ownPeriod, one.activityIds])).toEqual([
      ['domestic-exempt', '2026-03-31', false, ['course']],
      ['domestic-reduced', '2026-03-31', false, ['course']],
      ['domestic-standard', '2026-01-31', true, []],
    ])
    expect(lines[2]?.description).toBe('Intranet: Termijn 3 van 4, 31 januari 2026 – 27 februari 2026')
  })

  const about = { entryId: 'x', date: '2026-03-05', project: 'Website', user: 'Anna' }
  it.each<[string, Partial<DraftRequest>, object]>([
    ['no km rate', { trips: [trip('x')], kmRates: [] }, { code: 'km-rate-missing', values: about }],
    [
      'a km rate in another currency',
      { trips: [trip('x')], kmRates: [{ ...km('k1', 'firm', '1'), currency: 'USD' }] },
      { code: 'km-rate-currency-differs', values: { ...about, rate: 'USD', invoice: 'EUR' } },
    ],
    [
      'an expense in another currency',
      { expenses: [expense('x', { currency: 'GBP' })] },
      { code: 'expense-currency-differs', values: { ...about, date: '2026-03-04', expense: 'GBP', invoice: 'EUR' } },
    ],
    [
      'a project that is not invoiced',
      { trips: [trip('x', { projectId: 'none' })] },
      { code: 'project-not-invoiced', values: { ...about, project: 'Intern' } },
    ],
    ['not billable', { trips: [trip('x', { billable: false })] }, { code: 'spent-not-billable', values: about }],
    [
      'no VAT rate in the country',
      { periods: [period('x')], firm: { country: 'US', defaultVatClass: 'standard' } },
      { code: 'vat-rate-missing', values: { entryId: 'x', date: '2026-03-01', project: 'Zorg' } },
    ],
  ])('names the problem: %s', (_, change, problem) => {
    expect(draftInvoice(request(change))).toMatchObject({ lines: [], problems: [problem] })
  })
})
