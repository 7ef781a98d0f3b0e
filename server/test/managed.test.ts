import { type Right, type Role, rightsOfRole } from '@uurwerk/api/rights.ts'
import type { Route } from '@uurwerk/api/route.ts'
import { api, type RouteName } from '@uurwerk/api/routes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'
import { type Sample, samples } from '../src/testing/route-samples.ts'

/**
 * Whatever is asked (every GET of the table), a manager sees what is written on the projects he manages and his own, an
 * employee his own. Shown by what cannot be seen: entries elsewhere are added, and no answer may tell the difference, be
 * it a list, a total, a week, an export, a budget or what is uninvoiced.
 */
let app: FurnishedApp
let own: FurnishedFirm
let managed: readonly [string, string]
let others: readonly string[]
let category: string

beforeAll(async () => {
  app = await furnishedApp()
  own = await furnishedFirm(app, 'Kwartel')
  const { firm } = own
  const project = (name: string) =>
    firm.addProject({ name, budgetMinutes: 6000, budgetAmount: '9000', customerId: own.customer.used })
  managed = [await project('Een'), await project('Twee')]
  others = [await project('Drie'), await project('Vier'), await project('Vijf')]
  category = await firm.addExpenseCategory({ name: 'Kwartel diversen' })
  await firm.within((trx) => trx.deleteFrom('projectMember').where('memberId', '=', firm.members.manager).execute())
  await firm.within((trx) =>
    trx
      .insertInto('projectMember')
      .values(
        managed.map((projectId) => ({
          firmId: firm.id,
          projectId,
          memberId: firm.members.manager,
          manager: true,
          writes: false,
        })),
      )
      .execute(),
  )
  for (const projectId of [...managed, ...others]) await write(projectId, firm.members.employee, 'eerst')
  await write(others[0] as string, firm.members.manager, 'eigen')
})
afterAll(() => app?.close())

/** An hour entry, an expense and a trip of one person on a project, of the month that the samples ask for. */
async function write(projectId: string, memberId: string, note: string): Promise<void> {
  const { firm } = own
  const entry = { projectId, memberId, note: `${note} ${projectId}` }
  for (const approval of ['open', 'submitted', 'approved'] as const) {
    await firm.addHours({ ...entry, date: '2026-03-03', activityId: own.activity.used, minutes: 37, approval })
    await firm.addExpense({ ...entry, date: '2026-03-03', categoryId: category, approval })
    await firm.addTrip({ ...entry, date: '2026-03-03', approval })
  }
}

const names = (Object.keys(api) as RouteName[]).filter((name) => {
  const route: Route = api[name]
  return route.method === 'GET' && !route.stream && route.access !== 'anyone' && route.access !== 'user'
})
const openTo = (role: Role): RouteName[] => {
  const held = new Set<string>(rightsOfRole[role] as readonly Right[])
  return names.filter((name) => held.has(api[name].access))
}

async function ask(role: Role, name: RouteName, sample: Sample): Promise<string> {
  const route: Route = api[name]
  const path = route.path.replace(/\{(\w+)\}/g, (_, part: string) => sample.params?.[part] ?? '')
  const answer = await app.app.inject({
    method: 'GET',
    url: `/api/v1${path}?${new URLSearchParams(sample.query)}`,
    headers: own.firm.as(role),
  })
  return `${answer.statusCode} ${answer.body.replace(/"request":"[^"]+"/, '')}`
}

/** The samples, and the same routes narrowed to a project or person of whom nothing may be seen. */
function questions(name: RouteName): Sample[] {
  const route: Route = api[name]
  const fields = Object.keys(route.query?.shape ?? {})
  const narrowed = fields.includes('projectId')
    ? [
        ...others.map((projectId) => ({ query: { projectId } })),
        ...managed.map((projectId) => ({ query: { projectId } })),
      ]
    : []
  const byPerson = fields.includes('memberId') ? [{ query: { memberId: own.firm.members.employee } }] : []
  const given = samples[name](own)
  const [first] = given
  return [
    ...given,
    ...[...narrowed, ...byPerson].map(({ query }) => ({ ...first, query: { ...first.query, ...query } })),
  ]
}

async function everything(role: Role): Promise<Map<string, string>> {
  const told = new Map<string, string>()
  for (const name of openTo(role))
    for (const sample of questions(name)) told.set(`${name} ${JSON.stringify(sample)}`, await ask(role, name, sample))
  return told
}

/** The routes whose answer is another. */
const changed = (before: Map<string, string>, after: Map<string, string>): string[] =>
  [...before]
    .filter(([question, answer]) => after.get(question) !== answer)
    .map(([question]) => question.split(' ')[0] ?? '')

describe('a manager with two projects of five', () => {
  it('is asked of what he may see, of each kind of route', () => {
    expect(openTo('manager')).toEqual(
      expect.arrayContaining(['listHours', 'totalHours', 'listExpenses', 'listTrips', 'readWeek', 'reportBudgets']),
    )
  })

  it('sees what is written on those two and his own, in lists and totals', async () => {
    const { firm } = own
    const list = async (path: string) =>
      JSON.parse((await app.app.inject({ method: 'GET', url: `/api/v1${path}`, headers: firm.as('manager') })).body)
    interface Row {
      readonly projectId: string
      readonly memberId: string
    }
    const mine = others[0] as string
    for (const path of ['/hours', '/expenses', '/trips']) {
      const { rows } = (await list(`${path}?limit=200`)) as { rows: Row[] }
      const elsewhere = rows.filter(({ projectId }) => !managed.includes(projectId))
      expect(new Set(elsewhere.map(({ memberId }) => memberId)), path).toEqual(new Set([firm.members.manager]))
      const projects = new Set(rows.map(({ projectId }) => projectId))
      expect(
        [...managed, mine].filter((id) => !projects.has(id)),
        path,
      ).toEqual([])
    }
    const { rows: budgets } = await list('/reports/budgets')
    expect(budgets.map(({ projectId }: { projectId: string }) => projectId).toSorted()).toEqual(managed.toSorted())
  })

  it('is told nothing by any answer of what is written elsewhere', async () => {
    const before = await everything('manager')
    for (const projectId of others) await write(projectId, own.firm.members.employee, 'verborgen')
    await write(others[1] as string, own.firm.members.finance, 'verborgen')
    expect(changed(before, await everything('manager'))).toEqual([])
  })

  it('is told of what is written on his', async () => {
    const before = await everything('manager')
    await write(managed[0], own.firm.members.employee, 'zichtbaar')
    const told = changed(before, await everything('manager'))
    expect(told).toEqual(
      expect.arrayContaining(['listHours', 'totalHours', 'listExpenses', 'totalExpenses', 'listTrips', 'totalTrips']),
    )
    expect(told).toEqual(expect.arrayContaining(['exportHours', 'reportBudgets', 'readWeek', 'readUninvoiced']))
  })
})

describe('an employee', () => {
  it('is told nothing by any answer of what others write, on no project', async () => {
    const before = await everything('employee')
    for (const projectId of [...managed, ...others]) await write(projectId, own.firm.members.finance, 'van een ander')
    expect(changed(before, await everything('employee'))).toEqual([])
  })

  it('has no list of others by naming them', async () => {
    const answer = await app.app.inject({
      method: 'GET',
      url: `/api/v1/hours?memberId=${own.firm.members.finance}`,
      headers: own.firm.as('employee'),
    })
    expect([answer.statusCode, answer.json<{ rows: object[] }>().rows ?? []]).toEqual([answer.statusCode, []])
  })
})
