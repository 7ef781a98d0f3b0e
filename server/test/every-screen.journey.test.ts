import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, startOfWeek } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  seriousFindings,
  startJourneys,
  type Visit,
  watchVisits,
  wear,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { lastMonth, post, samplePeople, sendLastMonth, setUpBooks, setUpSample } from '../src/testing/sample-road.ts'

/** Every address of the web with something on it, light and dark: axe finds nothing serious, and nothing overflows. */
watchVisits()

const paths = [
  ...readFileSync(join(import.meta.dirname, '../../web/src/routes.tsx'), 'utf8').matchAll(/path: '([^']+)'/g),
].map(([, path = '']) => path)
/** The first leads elsewhere; the gallery is not in what is built. */
const notScreens = ['/', '/gallery', 'gallery', '/f/$firm']
const screens = [...new Set(paths)].filter((path) => !notScreens.includes(path))

let journeys: Journeys
let sanne: TestPerson
const ids: Record<string, string> = {}

interface Rows {
  readonly rows: readonly { readonly id: string }[]
}
interface OpenRows {
  readonly rows: readonly { readonly memberId: string; readonly expenses: readonly { readonly id: string }[] }[]
}
const firstOf = async (path: string) => (await sanne.good<Rows>('GET', path)).rows[0]?.id ?? ''

beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'en')
  await sendOverdue()
  const invoiceIds = await sendLastMonth(sanne)
  ids.connectionId = await setUpBooks(sanne)
  await journeys.program.forward(60_000)
  await post(sanne, invoiceIds.slice(0, 1))
  ids.invoiceId = invoiceIds[0] ?? ''
  ids.sent = invoiceIds[1] ?? ''
  await payPart(ids.invoiceId)
  const free = await firstOf('/hours?state=free&billable=true&limit=1')
  await sanne.good('POST', '/package-invoices', { hours: { ids: [free] }, date: lastMonth.until })
  ids.packageInvoiceId = await firstOf('/package-invoices')
  ids.customerId = await firstOf('/customers')
  ids.projectId = await firstOf('/projects')
  ids.activityId = await firstOf('/activities')
  ids.categoryId = await firstOf('/expense-categories')
  const paid = (await sanne.good<OpenRows>('GET', '/reimbursements/open')).rows[0]
  await sanne.good('POST', '/reimbursements', {
    memberId: paid?.memberId,
    paidOn: lastMonth.until,
    expenseIds: paid?.expenses.slice(0, 1).map(({ id }) => id),
  })
  Object.assign(ids, { kind: 'invoice', language: 'nl' })
  ids.taskId = await firstOf('/tasks')
  ids.postingId = await firstOf('/postings')
  ids.draft = (await sanne.good<{ id: string }>('POST', '/invoices', { customerId: ids.customerId })).id
  const invited = await sanne.good<{ invitation?: { link?: string } } & Record<string, unknown>>('POST', '/people', {
    name: 'Mila Smit',
    email: 'mila@noordkade.example',
    roles: ['employee'],
  })
  ids.personId = await firstOf('/people')
  const colleague = await sanne.good<{ rows: { id: string; state: string; email: string }[] }>('GET', '/people')
  const active = colleague.rows.find(({ state, email }) => state === 'active' && email !== samplePeople.sanne.email)
  const reset = await sanne.good<{ link: string }>('POST', `/people/${active?.id}/password-reset`, {})
  ids.resetToken = /\/reset\/([\w-]+)/.exec(reset.link)?.[1] ?? ''
  ids.token = /\/invite\/([\w-]+)/.exec(JSON.stringify(invited))?.[1] ?? ''
  await askCustomer()
})
afterAll(() => journeys?.stop())

/** A payment that stands and one that was undone. */
async function payPart(id: string): Promise<void> {
  for (const amount of ['100.00', '1.00']) {
    const { version } = await sanne.good<{ version: number }>('GET', `/invoices/${id}`)
    const { payment } = await sanne.good<{ payment: { id: string; version: number } }>(
      'POST',
      `/invoices/${id}/payments`,
      { date: lastMonth.until, amount, note: 'by bank' },
      { 'if-match': `"${version}"` },
    )
    if (amount === '1.00') await sanne.good('DELETE', `/payments/${payment.id}`, undefined, { 'if-match': '"1"' })
  }
}

/** An invoice that should have been paid before last month. */
async function sendOverdue(): Promise<void> {
  interface Draft {
    readonly id: string
    readonly version: number
  }
  const match = ({ version }: Draft) => ({ 'if-match': `"${version}"` })
  const [date, dueDate] = [addDays(lastMonth.from, -40), addDays(lastMonth.from, -10)]
  const made = await sanne.good<Draft>('POST', '/invoices', { customerId: await firstOf('/customers'), date })
  const dated = await sanne.good<Draft>('PATCH', `/invoices/${made.id}`, { dueDate }, match(made))
  const line = { description: 'Licence', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  const lined = await sanne.good<Draft>('POST', `/invoices/${made.id}/lines`, line, match(dated))
  await sanne.good('POST', `/invoices/${made.id}/sending`, { how: 'post' }, match(lined))
}

/** Hours that a customer is asked to approve; afterwards the firm approves nothing, as before. */
async function askCustomer(): Promise<void> {
  const approval = async (flow: 'external' | 'off') => {
    const { version } = await sanne.good<{ version: number }>('GET', '/firm')
    await sanne.good('PATCH', '/firm', { approval: flow }, { 'if-match': `"${version}"` })
  }
  interface Hours {
    readonly id: string
    readonly memberId: string
    readonly customerId: string
    readonly projectId: string
    readonly activityId: string
  }
  const done = (await sanne.good<{ rows: Hours[] }>('GET', '/hours?state=invoiced&limit=1')).rows[0]
  await approval('external')
  const { id } = await sanne.good<Hours>('POST', '/hours', {
    memberId: done?.memberId,
    date: addDays(lastMonth.until, 1),
    minutes: 60,
    projectId: done?.projectId,
    activityId: done?.activityId,
  })
  await sanne.good('POST', '/entries/acts', { kind: 'hours', act: 'submit', selection: { ids: [id] } })
  const asked = await sanne.good<{ id: string; link: string }>('POST', '/approval-requests', {
    customerId: done?.customerId,
    email: 'anna@klant.example',
    entries: [{ kind: 'hours', id }],
  })
  await approval('off')
  ids.memberId = done?.memberId ?? ''
  ids.monday = startOfWeek(addDays(lastMonth.until, 1))
  ids.requestId = asked.id
  ids.approveToken = asked.link.split('/').at(-1) ?? ''
}

const addressOf = (path: string): string => {
  const filled = path.replaceAll(/\$(\w+)/g, (_, name: string) =>
    name === 'firm' ? (sanne.firm ?? '') : (ids[name] ?? name),
  )
  return filled.startsWith('/') ? filled : `/f/${sanne.firm}/${filled}`
}

/** What stands on an address more than its path says. */
const more: Readonly<Record<string, () => string>> = {
  '/approve/$token': () => `/approve/${ids.approveToken}`,
  '/reset/$token': () => `/reset/${ids.resetToken}`,
  postings: () => `${addressOf('postings')}?posting=${ids.postingId}`,
  expenses: () => `${addressOf('expenses')}?month=${lastMonth.from.slice(0, 7)}`,
  'invoices/preview': () => `${addressOf('invoices/preview')}?invoices=${ids.sent}`,
}

async function look({ page }: Visit, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: 5_000 }).toBe(0)
  await page.evaluate('document.fonts.ready')
}

/** The page, or what scrolls in it sideways without being a table or a part that takes the focus for it. */
const tooWide = `[...document.querySelectorAll('html, main, main *')]
  .filter((node) => node === document.documentElement || /auto|scroll/.test(getComputedStyle(node).overflowX))
  .filter((node) => node.scrollWidth > node.clientWidth + 1)
  .filter((node) => !node.closest('[tabindex="0"], [role=grid], [role=treegrid]') && !node.querySelector('[role=grid]'))
  .map((node) => node.outerHTML.slice(0, 120))`

async function judge({ page }: Visit, address: string): Promise<void> {
  await wear(page, 'light')
  expect.soft(await seriousFindings(page), `${address}, light`).toEqual([])
  await wear(page, 'dark')
  expect.soft(await seriousFindings(page), `${address}, dark`).toEqual([])
  expect.soft(await page.evaluate(tooWide), `${address} is wider than its place`).toEqual([])
}

describe('every screen', () => {
  let office: Visit
  let outside: Visit
  beforeAll(async () => {
    office = await journeys.visit({ language: 'en', as: samplePeople.sanne })
    outside = await journeys.visit({ language: 'nl' })
  })

  it('is known here', () => {
    expect(screens.length).toBeGreaterThan(20)
    expect(screens).toEqual(expect.arrayContaining(Object.keys(more)))
    for (const path of screens)
      for (const [, name = ''] of path.matchAll(/\$(\w+)/g))
        if (name !== 'firm') expect(ids[name], `what stands at ${path}`).toBeTruthy()
  })

  it('is heard when it does something wrong', async () => {
    const { page, takeComplaints } = office
    await page.goto(addressOf('settings'))
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(`document.body.append('invoices.send.ask')`)
    await page.evaluate(`fetch('/api/v1/customers/none').then(() => console.error('said'))`)
    await page.evaluate(
      `fetch('https://elsewhere.example/').catch(() => setTimeout(() => { throw new Error('thrown') }))`,
    )
    const heard: string[] = []
    await expect
      .poll(() => heard.push(...takeComplaints()) && heard)
      .toEqual(
        expect.arrayContaining([
          expect.stringMatching(/A word is missing: invoices\.send\.ask/),
          expect.stringMatching(/^4\d\d: GET \/api\/v1\/customers\/none/),
          'console: said',
          expect.stringMatching(/Refused by the content policy: connect-src/),
          expect.stringMatching(/^uncaught: Error: thrown/),
        ]),
      )
  })

  it.each(screens)('%s', async (path) => {
    const signedOut = ['/approve/$token', '/sign-in', '/invite/$token'].includes(path)
    const visit = signedOut ? outside : office
    const address = more[path]?.() ?? addressOf(path)
    await look(visit, address)
    expect(new URL(visit.page.url()).pathname).toBe(address.split('?')[0])
    await judge(visit, address)
  })

  it('a draft', async () => {
    const address = addressOf(`invoices/${ids.draft}`)
    await look(office, address)
    await judge(office, address)
  })
})

describe('on a phone', () => {
  it.each(['time', 'expenses', '/sign-in', 'overviews/hours', 'overviews/expenses', 'overviews/trips'])(
    '%s',
    async (path) => {
      const visit = await journeys.visit({
        language: 'nl',
        width: windowWidth.phone,
        height: 844,
        ...(path === '/sign-in' ? {} : { as: samplePeople.joris }),
      })
      await look(visit, addressOf(path))
      await judge(visit, addressOf(path))
      await visit.context.close()
    },
  )
})
