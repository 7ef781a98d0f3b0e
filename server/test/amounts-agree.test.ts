import { absolute, add, compare, type Decimal, decimal, subtract, sum, times } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import type { UninvoicedAnswer } from '../src/uninvoiced/uninvoiced.ts'

// One rule, three screens: docs/decisions, "Amounts per entry and amounts per line".

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

async function ask<Body>(firm: TestFirm, method: 'GET' | 'POST', path: string, payload?: object, version?: number) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...firm.as('finance'), ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
    ...(payload ? { payload } : {}),
  })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json() as Body
}

type Amounts = readonly { readonly currency: string; readonly amount: string }[]
interface Totals {
  readonly count: number
  readonly amounts: Amounts
  readonly uninvoicedAmounts: Amounts
}
interface Rows {
  readonly rows: readonly { readonly amount: string | null }[]
}

const inEuro = (amounts: Amounts): Decimal =>
  sum(amounts.filter(({ currency }) => currency === 'EUR').map(({ amount }) => decimal(amount)))
const free = 'state=free&billable=true'

/** What the same free entries of a firm come to on each screen. */
async function onEachScreen(firm: TestFirm, kind: 'hours' | 'trips') {
  const { rows } = await ask<Rows>(firm, 'GET', `/${kind}?limit=200&${free}`)
  const overview = await ask<Totals>(firm, 'GET', `/${kind}/totals?${free}&groupBy=project`)
  const uninvoiced = await ask<UninvoicedAnswer>(firm, 'GET', '/uninvoiced')
  return {
    rows: sum(rows.map(({ amount }) => decimal(amount ?? '0'))),
    overview: inEuro(overview.uninvoicedAmounts),
    uninvoiced: decimal(uninvoiced.totals[0]?.[kind].amount ?? '0'),
  }
}

/** A draft of everything that is free, with its hours and kilometres in lines by activity, or one by one. */
async function drafted(firm: TestFirm, kind: 'hours' | 'trips') {
  const made = await ask<{ invoices: { id: string; net: string }[]; leftOut: object[] }>(
    firm,
    'POST',
    '/invoices/from-entries',
    { [kind]: { filter: { state: ['free'], billable: true } } },
  )
  expect(made.leftOut).toEqual([])
  const { id, net: byActivity } = made.invoices[0] as { id: string; net: string }
  const { version } = await ask<InvoiceAnswer>(firm, 'GET', `/invoices/${id}`)
  const regrouped = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${id}/grouping`, { groupBy: 'entry' }, version)
  return { byActivity: decimal(byActivity), oneByOne: decimal(regrouped.net) }
}

const apart = (one: Decimal, other: Decimal): Decimal => absolute(subtract(one, other))

it('three times twenty minutes are 99.99 one by one, and 100.00 on one line', async () => {
  const firm = await testFirm(test.services)
  const activityId = await firm.addActivity({ name: 'Onderzoek' })
  await firm.addRate({ activityId, amount: '100' })
  for (const date of ['2026-03-02', '2026-03-03', '2026-03-04']) await firm.addHours({ activityId, date, minutes: 20 })
  expect(await onEachScreen(firm, 'hours')).toEqual({ rows: '99.99', overview: '99.99', uninvoiced: '100' })
  expect(await drafted(firm, 'hours')).toEqual({ byActivity: '100', oneByOne: '99.99' })
})

it('hours: rows add up to their overview, which is an invoice one by one; uninvoiced is the invoice by activity', async () => {
  const anyHours = fc.record({
    minutes: fc.integer({ min: 1, max: 600 }),
    day: fc.integer({ min: 1, max: 28 }),
    activity: fc.nat(1),
    project: fc.nat(1),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyHours, { minLength: 1, maxLength: 40 }),
      fc.tuple(fc.integer({ min: 1, max: 1_500_000 }), fc.integer({ min: 1, max: 1_500_000 })),
      async (hours, rates) => {
        const firm = await testFirm(test.services)
        const projects = [firm.projectId, await firm.addProject({ name: 'Twee' })]
        const activities = [await firm.addActivity({ name: 'Een' }), await firm.addActivity({ name: 'Twee' })]
        for (const [index, activityId] of activities.entries())
          await firm.addRate({ activityId, amount: ((rates[index] as number) / 10_000).toFixed(4) })
        for (const { minutes, day, activity, project } of hours)
          await firm.addHours({
            minutes,
            date: `2026-03-${String(day).padStart(2, '0')}`,
            activityId: activities[activity] as string,
            projectId: projects[project] as string,
          })
        const { rows, overview, uninvoiced } = await onEachScreen(firm, 'hours')
        const draft = await drafted(firm, 'hours')
        expect([rows, draft.oneByOne]).toEqual([overview, overview])
        expect(draft.byActivity).toBe(uninvoiced)
        expect(compare(apart(overview, uninvoiced), mostApart(hours.length, '150'))).toBeLessThanOrEqual(0)
      },
    ),
    { seed: 20260331, numRuns: 12 },
  )
})

/** Each entry and each line (of those at most as many) is off by half a cent and by a third of a ten-thousandth of an hour. */
const mostApart = (entries: number, highestRate: string): Decimal =>
  times(
    times(add(decimal('0.005'), times(decimal('0.0000334'), decimal(highestRate))), decimal('2')),
    decimal(String(entries)),
  )

it('kilometres: the same', async () => {
  const anyTrip = fc.record({ tenths: fc.integer({ min: 1, max: 5000 }), day: fc.integer({ min: 1, max: 28 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(anyTrip, { minLength: 1, maxLength: 30 }), async (trips) => {
      const firm = await testFirm(test.services)
      await firm.addRate({ unit: 'km', purpose: 'billing', scope: 'firm', amount: '0.235' })
      for (const { tenths, day } of trips)
        await firm.addTrip({ distanceKm: (tenths / 10).toFixed(1), date: `2026-03-${String(day).padStart(2, '0')}` })
      const { rows, overview, uninvoiced } = await onEachScreen(firm, 'trips')
      const draft = await drafted(firm, 'trips')
      expect([rows, draft.oneByOne]).toEqual([overview, overview])
      expect(draft.byActivity).toBe(uninvoiced)
      expect(compare(apart(overview, uninvoiced), mostApart(trips.length, '0'))).toBeLessThanOrEqual(0)
    }),
    { seed: 20260331, numRuns: 8 },
  )
})

it('expenses have a line each, so that every screen says the same', async () => {
  const firm = await testFirm(test.services)
  for (const rechargeNet of ['33.33', '0.05', '100.00']) await firm.addExpense({ rechargeNet })
  const overview = await ask<Totals>(firm, 'GET', `/expenses/totals?${free}`)
  const uninvoiced = await ask<UninvoicedAnswer>(firm, 'GET', '/uninvoiced')
  expect([inEuro(overview.uninvoicedAmounts), uninvoiced.totals[0]?.expenses.amount]).toEqual(['133.38', '133.38'])
})

it('a budget counts as the overview of its project does', async () => {
  const firm = await testFirm(test.services)
  const projectId = await firm.addProject({ name: 'Begroot', budgetAmount: '1000.00' })
  for (const minutes of [20, 20, 20, 35, 7]) await firm.addHours({ projectId, minutes })
  const overview = await ask<Totals>(firm, 'GET', `/hours/totals?projectId=${projectId}`)
  const { rows } = await ask<{ rows: { money: { used: string } }[] }>(firm, 'GET', '/reports/budgets')
  expect(rows.map(({ money }) => money.used)).toEqual([overview.amounts[0]?.amount])
})
