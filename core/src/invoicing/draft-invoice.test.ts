import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DatedRate } from '../projects/rates.ts'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { decimal, sameAmount, sum } from '../shared/money.ts'
import { type DraftRequest, draftInvoice, type LineGrouping, lineGroupings } from './draft-invoice.ts'
import { quantityOf } from './totals.ts'

const rate = (
  id: string,
  scope: DatedRate['scope'],
  amount: string,
  from: string,
  of: Partial<DatedRate>,
): DatedRate => ({
  id,
  scope,
  amount: decimal(amount),
  currency: 'EUR',
  from: day(from),
  ...of,
})

const entry = (id: string, date: string, minutes: number, of: Partial<DraftRequest['entries'][number]> = {}) => ({
  id,
  date: day(date),
  minutes,
  userId: 'anna',
  projectId: 'site',
  activityId: 'advice',
  note: '',
  billable: true,
  ...of,
})

const request = (change: Partial<DraftRequest> = {}): DraftRequest => ({
  entries: [entry('e1', '2026-03-02', 100)],
  by: 'activity',
  customer: { id: 'bakker', name: 'Bakkerij Zon', vatCase: 'domestic', vatId: null, currency: 'EUR' },
  firm: { country: 'NL', defaultVatClass: 'standard' },
  rates: [
    rate('r1', 'activity', '87.50', '2018-01-01', { activityId: 'advice' }),
    rate('r2', 'activity', '60', '2018-01-01', { activityId: 'course' }),
    rate('r3', 'project', '100', '2018-01-01', { projectId: 'app' }),
  ],
  projects: [
    { id: 'site', customerId: 'bakker', code: 'P1', name: 'Website', method: 'hourly-activity' },
    { id: 'app', customerId: 'bakker', code: 'P2', name: 'App', method: 'hourly-project' },
    { id: 'fixed', customerId: 'bakker', code: 'P3', name: 'Vast', method: 'fixed-price' },
  ],
  activities: [
    { id: 'advice', name: 'Advies', vatClass: null, itemId: 'HOURS' },
    { id: 'course', name: 'Cursus', vatClass: 'exempt', itemId: 'COURSE' },
  ],
  users: [
    { id: 'anna', name: 'Anna' },
    { id: 'bas', name: 'Bas' },
  ],
  language: 'nl',
  date: day('2026-03-31'),
  ...change,
})

/** `description | quantity × price = net, VAT rate (VAT) | entries`, as a bookkeeper would read it. */
const read = (change: Partial<DraftRequest>) =>
  draftInvoice(request(change)).lines.map(
    (one) =>
      `${one.description} | ${one.quantity} × ${one.unitPrice} = ${one.net}, ${one.vatRate}% (${one.vat}) | ${one.entryIds.join(' ')}`,
  )

const month = [
  entry('e1', '2026-03-02', 100, { note: ' Ontwerp ' }),
  entry('e2', '2026-03-03', 20, { userId: 'bas' }),
  entry('e3', '2026-04-01', 60),
  entry('e4', '2026-03-04', 60, { activityId: 'course' }),
  entry('e5', '2026-03-05', 90, { projectId: 'app' }),
]

describe('hours become lines', () => {
  it.each<[LineGrouping, string[]]>([
    [
      'activity',
      [
        'Website: Advies, maart–april 2026 | 3.0000 × 87.5 = 262.50, 21% (55.13) | e1 e2 e3',
        'Website: Cursus, maart 2026 | 1.0000 × 60 = 60.00, 0% (0.00) | e4',
        'App: Advies, maart 2026 | 1.5000 × 100 = 150.00, 21% (31.50) | e5',
      ],
    ],
    [
      'project',
      [
        'Website, maart–april 2026 | 3.0000 × 87.5 = 262.50, 21% (55.13) | e1 e2 e3',
        'Website, maart 2026 | 1.0000 × 60 = 60.00, 0% (0.00) | e4',
        'App, maart 2026 | 1.5000 × 100 = 150.00, 21% (31.50) | e5',
      ],
    ],
    [
      'user',
      [
        'Website: Anna, maart–april 2026 | 2.6667 × 87.5 = 233.34, 21% (49.00) | e1 e3',
        'Website: Anna, maart 2026 | 1.0000 × 60 = 60.00, 0% (0.00) | e4',
        'Website: Bas, maart 2026 | 0.3333 × 87.5 = 29.16, 21% (6.13) | e2',
        'App: Anna, maart 2026 | 1.5000 × 100 = 150.00, 21% (31.50) | e5',
      ],
    ],
    [
      'entry',
      [
        '2 maart 2026, Website: Advies – Ontwerp | 1.6667 × 87.5 = 145.84, 21% (30.63) | e1',
        '3 maart 2026, Website: Advies | 0.3333 × 87.5 = 29.16, 21% (6.12) | e2',
        '4 maart 2026, Website: Cursus | 1.0000 × 60 = 60.00, 0% (0.00) | e4',
        '5 maart 2026, App: Advies | 1.5000 × 100 = 150.00, 21% (31.50) | e5',
        '1 april 2026, Website: Advies | 1.0000 × 87.5 = 87.50, 21% (18.38) | e3',
      ],
    ],
  ])('by %s', (by, lines) => expect(read({ entries: month, by })).toEqual(lines))

  it('speaks the customer’s language, and leaves the project out when there is one', () => {
    expect(read({ language: 'en' })).toEqual(['Advies, March 2026 | 1.6667 × 87.5 = 145.84, 21% (30.63) | e1'])
  })

  it('keeps the links, the minutes as registered, and the project’s cost centre', () => {
    const projects = request().projects.map((project) => ({ ...project, costCentre: 'WEB' }))
    const { lines } = draftInvoice(request({ entries: month.slice(0, 2), projects }))
    expect(lines).toMatchObject([
      {
        entryIds: ['e1', 'e2'],
        registeredMinutes: 120,
        billedMinutes: 120,
        activityIds: ['advice'],
        costCentre: 'WEB',
      },
    ])
  })
})

describe('never on one line', () => {
  const two = (a: string, b: string) => [entry('e1', a, 60), entry('e2', b, 60)]
  it('two rates: a new rate begins a new line', () => {
    const rates = [...request().rates, rate('r9', 'activity', '90', '2026-03-15', { activityId: 'advice' })]
    expect(read({ entries: two('2026-03-14', '2026-03-15'), rates })).toEqual([
      'Advies, maart 2026 | 1.0000 × 87.5 = 87.50, 21% (18.38) | e1',
      'Advies, maart 2026 | 1.0000 × 90 = 90.00, 21% (18.90) | e2',
    ])
  })
  it('two VAT rates: 6 % until 2018, 9 % from 2019', () => {
    const firm = { country: 'NL', defaultVatClass: 'reduced' } as const
    expect(read({ entries: two('2018-12-31', '2019-01-01'), firm })).toEqual([
      'Advies, december 2018 | 1.0000 × 87.5 = 87.50, 6% (5.25) | e1',
      'Advies, januari 2019 | 1.0000 × 87.5 = 87.50, 9% (7.88) | e2',
    ])
  })
  it('two periods with the same VAT rate: Germany before and after the second half of 2020', () => {
    const firm = { country: 'DE', defaultVatClass: 'standard' } as const
    expect(draftInvoice(request({ entries: two('2020-06-30', '2021-01-01'), firm })).lines).toHaveLength(2)
  })
  it('two items', () => {
    const activities = [
      { id: 'advice', name: 'Advies', vatClass: null, itemId: 'A' },
      { id: 'course', name: 'Cursus', vatClass: null, itemId: 'B' },
    ]
    const entries = [
      entry('e1', '2026-03-02', 60, { activityId: 'advice' }),
      entry('e2', '2026-03-02', 60, { activityId: 'course' }),
    ]
    const rates = request().rates.map((one) => ({ ...one, amount: decimal('60') }))
    const lines = (itemId: string) =>
      draftInvoice(
        request({ entries, by: 'project', rates, activities: activities.map((one) => ({ ...one, itemId })) }),
      ).lines
    expect(draftInvoice(request({ entries, by: 'project', rates, activities })).lines).toHaveLength(2)
    expect(lines('A')).toMatchObject([{ activityIds: ['advice', 'course'], entryIds: ['e1', 'e2'] }])
  })
})

describe('rounding for billing', () => {
  const rule = { stepMinutes: 15, direction: 'up', per: 'entry' } as const
  const customer = { ...request().customer, billingRounding: rule }
  it('is the customer’s rule, and the registered minutes stand beside it', () => {
    expect(draftInvoice(request({ customer })).lines).toMatchObject([
      { quantity: '1.7500', registeredMinutes: 100, billedMinutes: 105 },
    ])
  })
  it('is the project’s rule where it has one', () => {
    const projects = request().projects.map((one) => ({ ...one, billingRounding: { ...rule, stepMinutes: 60 } }))
    expect(draftInvoice(request({ customer, projects })).lines).toMatchObject([{ billedMinutes: 120 }])
  })
  it('per day gives the same hours however the lines are grouped', () => {
    const perDay = { ...customer, billingRounding: { ...rule, per: 'day' as const } }
    const entries = [entry('e1', '2026-03-02', 7), entry('e2', '2026-03-02', 10, { note: 'b' })]
    for (const by of lineGroupings) {
      const { lines } = draftInvoice(request({ entries, by, customer: perDay }))
      expect(lines.reduce((total, one) => total + (one.billedMinutes ?? 0), 0)).toBe(30)
    }
  })
})

describe('problems name the entry', () => {
  const about = { entryId: 'e1', date: '2026-03-02', project: 'Website', activity: 'Advies', user: 'Anna' }
  const { customer, rates } = request()
  it.each<[string, Partial<DraftRequest>, unknown]>([
    [
      'no rate',
      { rates: [] },
      { kind: 'setup', code: 'rate-missing', values: { ...about, method: 'hourly-activity' } },
    ],
    [
      'a rate in another currency',
      { rates: rates.map((one) => ({ ...one, currency: 'USD' })) },
      { kind: 'setup', code: 'rate-currency-differs', values: { ...about, rate: 'USD', invoice: 'EUR' } },
    ],
    [
      'not billable',
      { entries: [entry('e1', '2026-03-02', 60, { billable: false })] },
      { kind: 'conflict', code: 'entry-not-billable', values: about },
    ],
    [
      'a fixed price',
      { entries: [entry('e1', '2026-03-02', 60, { projectId: 'fixed' })] },
      { kind: 'setup', code: 'project-not-hourly', values: { ...about, project: 'Vast', method: 'fixed-price' } },
    ],
    [
      'a country without rates',
      { firm: { country: 'US', defaultVatClass: 'standard' } },
      {
        kind: 'setup',
        code: 'vat-rate-missing',
        values: { ...about, vatTreatment: 'domestic-standard', country: 'US' },
      },
    ],
    [
      'EU business without VAT id, once for all entries',
      { entries: month, customer: { ...customer, vatCase: 'eu-business' } },
      { kind: 'setup', code: 'vat-id-missing', values: { customer: 'Bakkerij Zon' } },
    ],
  ])('%s', (_, change, problem) => {
    expect(draftInvoice(request(change))).toMatchObject({ lines: [], problems: [problem] })
  })
  it('keeps the good entries apart from the bad', () => {
    const drafted = draftInvoice(
      request({ entries: [entry('e1', '2026-03-02', 60), entry('e2', '2026-03-02', 60, { billable: false })] }),
    )
    expect(drafted.lines.flatMap((one) => one.entryIds)).toEqual(['e1'])
    expect(drafted.problems).toHaveLength(1)
  })
  it('warns of work after the invoice date', () => {
    expect(draftInvoice(request({ entries: month })).warnings).toEqual([
      { kind: 'input', code: 'entries-after-invoice-date', values: { count: '1' } },
    ])
  })
})

describe('whatever the entries are', () => {
  const entries = fc
    .array(
      fc.record({
        minutes: fc.integer({ min: 0, max: 600 }),
        date: fc.integer({ min: 1, max: 28 }),
        userId: fc.constantFrom('anna', 'bas'),
        projectId: fc.constantFrom('site', 'app'),
        activityId: fc.constantFrom('advice', 'course'),
      }),
      { maxLength: 25 },
    )
    .map((list) =>
      list.map(({ date, minutes, ...of }, index) =>
        entry(`e${index}`, `2026-03-${String(date).padStart(2, '0')}`, minutes, of),
      ),
    )

  it('each stands on exactly one line, the hours are all there, and the order they come in does not matter', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...lineGroupings), (list, by) => {
        const drafted = draftInvoice(request({ entries: list, by }))
        expect(drafted.problems).toEqual([])
        expect(drafted.lines.flatMap((one) => one.entryIds).sort()).toEqual(list.map(({ id }) => id).sort())
        for (const one of drafted.lines) expect(one.quantity).toBe(quantityOf(one.registeredMinutes ?? -1))
        expect(sameAmount(sum(drafted.lines.map(({ vat }) => vat)), drafted.totals.vat)).toBe(true)
        expect(draftInvoice(request({ entries: list.toReversed(), by }))).toEqual(drafted)
      }),
      { seed: 20260331 },
    )
  })

  it('of amounts that no database or package holds is not made', () => {
    const rates = [rate('r1', 'activity', '99999999999999.9999', '2018-01-01', { activityId: 'advice' })]
    expect(draftInvoice(request({ rates })).problems).toEqual([
      { kind: 'input', code: 'invoice-amount-too-large', values: { customer: 'Bakkerij Zon' } },
    ])
    expect(
      draftInvoice(request({ rates: [{ ...(rates[0] as DatedRate), amount: decimal('400000000000') }] })).problems,
    ).toEqual([])
  })
})
