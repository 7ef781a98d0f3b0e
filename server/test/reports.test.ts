import type { projectBudget, revenueReport } from '@uurwerk/api/reports.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

type Revenue = z.output<typeof revenueReport>
type Budgets = { readonly rows: readonly z.output<typeof projectBudget>[] }

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

async function ask<Body>(
  firm: TestFirm,
  method: 'GET' | 'POST',
  path: string,
  about: { body?: object; version?: number; as?: Parameters<TestFirm['as']>[0] } = {},
): Promise<{ status: number; body: Body }> {
  const { body, version, as = 'finance' } = about
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...firm.as(as), ...(version ? { 'if-match': `"${version}"` } : {}) },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.json() as Body }
}

/** Hours of a customer, sent as an invoice of that date. */
async function invoiced(firm: TestFirm, date: string, minutes: number, projectId?: string): Promise<string> {
  const entry = await firm.addHours({ date, minutes, ...(projectId ? { projectId } : {}) })
  const made = await ask<{ invoices: { id: string }[] }>(firm, 'POST', '/invoices/from-hours', {
    body: { selection: { ids: [entry] }, groupBy: 'activity', date },
  })
  const id = made.body.invoices[0]?.id
  const sent = await ask(firm, 'POST', `/invoices/${id}/sending`, { body: { how: 'post' }, version: 1 })
  expect(sent.status).toBe(200)
  return id as string
}

it('adds up what was sent by month and by customer, drafts and other periods left out', async () => {
  const firm = await testFirm(test.services)
  const other = await firm.addCustomer({ name: 'Andere klant', number: '1002' })
  const second = await firm.addProject({ name: 'Tweede', customerId: other })
  await invoiced(firm, '2026-01-31', 60)
  await invoiced(firm, '2026-02-01', 90)
  await invoiced(firm, '2026-02-28', 600, second)
  await firm.addHours({ date: '2026-02-10', minutes: 60 })

  const report = await ask<Revenue>(firm, 'GET', '/reports/revenue?from=2026-01-01&until=2026-02-28')
  expect(report.body).toEqual({
    from: '2026-01-01',
    until: '2026-02-28',
    months: [
      { month: '2026-01', currency: 'EUR', net: '104.00', documents: 1 },
      { month: '2026-02', currency: 'EUR', net: '1196.00', documents: 2 },
    ],
    customers: [
      { customerId: other, customerName: 'Andere klant', currency: 'EUR', net: '1040.00', documents: 1 },
      { customerId: firm.customerId, customerName: 'Bakkerij Zon', currency: 'EUR', net: '260.00', documents: 2 },
    ],
    totals: [{ currency: 'EUR', net: '1300.00', documents: 3 }],
  })
  const january = await ask<Revenue>(firm, 'GET', '/reports/revenue?from=2026-01-01&until=2026-01-31')
  expect(january.body.totals).toEqual([{ currency: 'EUR', net: '104.00', documents: 1 }])
})

it('counts a credit note down in the month and at the customer it belongs to', async () => {
  const firm = await testFirm(test.services)
  const id = await invoiced(firm, '2026-02-28', 600)
  const credit = await ask<{ id: string; version: number; lines: { creditsLineId: string }[] }>(
    firm,
    'POST',
    `/invoices/${id}/credit-note`,
    { body: {} },
  )
  const before = await ask<Revenue>(firm, 'GET', '/reports/revenue?from=2026-01-01&until=2026-03-31')
  expect(before.body.totals).toEqual([{ currency: 'EUR', net: '1040.00', documents: 1 }])
  const { id: creditId, version } = credit.body
  await ask(firm, 'POST', `/invoices/${creditId}/sending`, { body: { how: 'post' }, version })
  const report = await ask<Revenue>(firm, 'GET', '/reports/revenue?from=2026-01-01&until=2026-03-31')
  expect(report.body).toMatchObject({
    months: [
      { month: '2026-02', net: '1040.00', documents: 1 },
      { month: '2026-03', net: '-1040.00', documents: 1 },
    ],
    customers: [{ customerId: firm.customerId, net: '0.00', documents: 2 }],
    totals: [{ currency: 'EUR', net: '0.00', documents: 2 }],
  })
})

it('refuses a period that ends before it begins, and shows no revenue to who may not read invoices', async () => {
  const firm = await testFirm(test.services)
  const wrong = await ask<{ errors: object[] }>(firm, 'GET', '/reports/revenue?from=2026-02-01&until=2026-01-31')
  expect([wrong.status, wrong.body.errors]).toMatchObject([422, [{ pointer: '/query/until' }]])
  const manager = await ask(firm, 'GET', '/reports/revenue?from=2026-01-01&until=2026-01-31', { as: 'manager' })
  expect(manager.status).toBe(403)
})

it('says what is used of the budgets: every hour of a budget in hours, what the customer pays of one in money', async () => {
  const firm = await testFirm(test.services)
  const inHours = await firm.addProject({ name: 'In uren', budgetMinutes: 600, budgetWarningPercent: 80 })
  const inMoney = await firm.addProject({ name: 'In geld', budgetAmount: '500.00' })
  await firm.addProject({ name: 'Zonder' })
  await firm.addHours({ projectId: inHours, minutes: 420 })
  await firm.addHours({ projectId: inHours, minutes: 60, billable: false })
  await firm.addHours({ projectId: inMoney, minutes: 300 })
  await firm.addHours({ projectId: inMoney, minutes: 60, billable: false })
  const { rows } = (await ask<Budgets>(firm, 'GET', '/reports/budgets')).body
  expect(rows).toMatchObject([
    {
      projectId: inMoney,
      hours: null,
      money: { amount: '500.00', used: '520.00', left: '-20.00', percentUsed: '104.0', state: 'over' },
    },
    {
      projectId: inHours,
      money: null,
      hours: { minutes: 600, usedMinutes: 480, leftMinutes: 120, percentUsed: '80.0', state: 'warning' },
    },
  ])
})

it('shows a manager the budgets of the projects he manages, and no money', async () => {
  const firm = await testFirm(test.services)
  const managed = await firm.addProject({ name: 'Geleid', budgetMinutes: 600, budgetAmount: '500.00' })
  await firm.addProject({ name: 'Ander', budgetMinutes: 600 })
  await firm.within((trx) =>
    trx
      .insertInto('projectMember')
      .values({ firmId: firm.id, projectId: managed, memberId: firm.members.manager, manager: true })
      .execute(),
  )
  const { rows } = (await ask<Budgets>(firm, 'GET', '/reports/budgets', { as: 'manager' })).body
  expect(rows).toMatchObject([{ projectId: managed, hours: { minutes: 600, usedMinutes: 0 }, money: null }])
})
