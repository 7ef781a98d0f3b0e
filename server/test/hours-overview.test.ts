import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HourAnswer } from '../src/entries/hour-rows.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

async function read<Body>(firm: TestFirm, path: string, as: Parameters<TestFirm['as']>[0] = 'finance'): Promise<Body> {
  const answer = await test.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: firm.as(as) })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as Body
}

interface Amount {
  readonly currency: string
  readonly amount: string
}
interface Totals {
  readonly count: number
  readonly minutes: number
  readonly amounts: readonly Amount[]
  readonly asOf: string
  readonly groups?: ReadonlyArray<{
    readonly key: string | null
    readonly name: string | null
    readonly under: string | null
    readonly count: number
    readonly minutes: number
    readonly amounts: readonly Amount[]
  }>
}

it('totals hours per project, with the hours of nobody apart, and the groups add up', async () => {
  const firm = await testFirm(test.services)
  const internal = await firm.addProject({ name: 'Intern', customerId: null, invoicingMethod: 'none' })
  await firm.addHours({ date: '2026-03-02', minutes: 90 })
  await firm.addHours({ date: '2026-03-03', minutes: 20 })
  await firm.addHours({ date: '2026-03-03', minutes: 60, projectId: internal, billable: false })
  await firm.addHours({ date: '2026-04-01', minutes: 480 })
  const totals = await read<Totals>(firm, '/hours/totals?until=2026-03-31&groupBy=project')
  expect(totals).toMatchObject({ count: 3, minutes: 170, asOf: '2026-03-31T10:00:00.000Z' })
  expect(totals.groups).toMatchObject([
    { key: internal, name: 'Intern', under: null, count: 1, minutes: 60, amounts: [] },
    {
      key: firm.projectId,
      name: 'Website',
      under: 'Bakkerij Zon',
      count: 2,
      minutes: 110,
      // 1.5 h and 0.3333 h at 104.00, each rounded to cents.
      amounts: [{ currency: 'EUR', amount: '190.66' }],
    },
  ])
  const perCustomer = await read<Totals>(firm, '/hours/totals?until=2026-03-31&groupBy=customer')
  expect(perCustomer.groups?.map(({ key, minutes }) => [key, minutes])).toEqual([
    [null, 60],
    [firm.customerId, 110],
  ])
  expect(perCustomer.groups?.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(totals.minutes)
})

it('shows no money per group to somebody without the right to see rates', async () => {
  const firm = await testFirm(test.services)
  await firm.addHours({ date: '2026-03-02', minutes: 90 })
  const totals = await read<Totals>(firm, '/hours/totals?groupBy=person', 'employee')
  expect(totals.groups).toMatchObject([{ key: firm.members.employee, minutes: 90, amounts: [] }])
})

it('lists what belongs together in one run, page after page, without losing or doubling an entry', async () => {
  const firm = await testFirm(test.services)
  const other = await firm.addCustomer({ name: 'Andere klant', number: '1002' })
  const second = await firm.addProject({ name: 'Tweede', customerId: other })
  const made: string[] = []
  for (const day of ['2026-03-04', '2026-03-02', '2026-03-03']) {
    made.push(await firm.addHours({ date: day }), await firm.addHours({ date: day, projectId: second }))
  }
  const rows: HourAnswer[] = []
  let cursor: string | null = null
  do {
    const page: { rows: HourAnswer[]; next: string | null } = await read(
      firm,
      `/hours?sort=customer&limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    )
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor)
  expect(rows.map(({ customerName, date }) => `${customerName} ${date}`)).toEqual([
    'Andere klant 2026-03-02',
    'Andere klant 2026-03-03',
    'Andere klant 2026-03-04',
    'Bakkerij Zon 2026-03-02',
    'Bakkerij Zon 2026-03-03',
    'Bakkerij Zon 2026-03-04',
  ])
  expect(rows.map(({ id }) => id).sort()).toEqual(made.sort())
})
