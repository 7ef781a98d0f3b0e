import { byHand } from '@uurwerk/connectors/exact-online/simulator/by-hand.ts'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passAMinute,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { lastMonth, samplePeople, setUpBooks, setUpSample } from '../src/testing/sample-road.ts'

/**
 * The office mends refusals: a period that the bookkeeper closed, a customer that became a prospect, access that was
 * lost. Each is told by the bell, has one cause and one remedy, and nothing of the queue is lost or doubled.
 */
watchVisits()
stopAtFirstFailure()
passAMinute()

let journeys: Journeys
let visit: Visit
let sanne: TestPerson
const invoices: string[] = []
const many = 10

beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'en')
  await setUpBooks(sanne)
  await sendOneByOne(many + 2)
  visit = await journeys.visit({ language: 'en', as: samplePeople.sanne, height: 960 })
}, 240_000)
afterAll(() => journeys?.stop())

/** An invoice for each of so many hours of last month. */
async function sendOneByOne(count: number): Promise<void> {
  const { rows } = await sanne.good<{ rows: { id: string }[] }>(
    'GET',
    `/hours?from=${lastMonth.from}&until=${lastMonth.until}&state=free&billable=true&limit=200`,
  )
  for (const { id } of rows.slice(0, count)) {
    const made = await sanne.good<{ invoices: { id: string }[] }>('POST', '/invoices/from-hours', {
      selection: { ids: [id] },
      groupBy: 'activity',
      date: lastMonth.until,
    })
    for (const invoice of made.invoices) {
      const { version } = await sanne.good<{ version: number }>('GET', `/invoices/${invoice.id}`)
      await sanne.good('POST', `/invoices/${invoice.id}/sending`, { how: 'other' }, { 'if-match': `"${version}"` })
      invoices.push(invoice.id)
    }
  }
  expect(invoices.length).toBe(count)
}

/** What the bookkeeper does at the screens of the package. */
async function atTheBooks(form: Readonly<Record<string, string>>): Promise<void> {
  const { services } = journeys.program
  const [world] = await services.store.withDirectory((trx) => trx.selectFrom('sandbox.world').select('id').execute())
  const said = await services.connections.sandbox.change(world?.id ?? '', (one) => ({
    complaint: byHand(new URLSearchParams(form), one, services.clock, services.random),
  }))
  expect(said?.complaint).toBeUndefined()
}

const post = (ids: readonly string[]) => sanne.good('POST', '/postings', { invoiceIds: ids })
/** How they stand, some seconds later each time it is asked: a lane that paused or met a limit goes on by itself. */
const states = async () => {
  await journeys.program.forward(10_000)
  const { rows } = await sanne.good<{ rows: { kind: string; state: string; subjectId: string }[] }>(
    'GET',
    '/postings?limit=200&kind=salesEntry',
  )
  return rows
}
const bell = ({ page, t }: Visit, count: number) =>
  page.getByRole('button', { name: t('frame.bell', { count }), exact: true })
const shot = (page: Page, name: string) =>
  process.env.PICTURES ? page.screenshot({ path: `${process.env.PICTURES}/${name}.png` }) : undefined
async function onAllScreens(page: Page, name: string): Promise<void> {
  await isSound(page)
  await shot(page, name)
  await page.setViewportSize({ width: windowWidth.phone, height: 844 })
  await isSound(page)
  await shot(page, `${name}-phone`)
  await page.setViewportSize({ width: windowWidth.desktop, height: 960 })
}

describe('a period that the bookkeeper closed', () => {
  it('refuses with one cause and one remedy, and the bell says so', async () => {
    await atTheBooks({ act: 'close-period', month: lastMonth.from.slice(0, 7) })
    const { page, t } = visit
    await page.goto(`/f/${sanne.firm}/time`)
    await bell(visit, 0).waitFor()
    await post(invoices.slice(0, many))
    await bell(visit, 1).waitFor({ timeout: 150_000 })
    await bell(visit, 1).click()
    const panel = page.getByRole('dialog', { name: t('frame.bell.title') })
    await panel.waitFor()
    await isSound(page)
    await shot(page, 'bell')
    await panel.getByRole('link', { name: /need.* you in Exact Online/ }).click()
    await page.getByRole('heading', { level: 1, name: t('postings.title') }).waitFor()
    await bell(visit, 0).waitFor()
    const group = page.getByRole('region', { name: t('postings.groups') })
    await group.getByText('The period in which this entry falls is closed in Exact Online.').waitFor()
    await group.getByText(/sales entries/).waitFor()
    await onAllScreens(page, 'refused')
  })

  it('sends all of them again once it was reopened, each once', async () => {
    const { page, t } = visit
    // The lane is paused by now: what was not tried waits, and says so.
    await page.getByText(/refus/i).first().waitFor()
    await atTheBooks({ act: 'reopen-period', month: lastMonth.from.slice(0, 7) })
    const group = page.getByRole('region', { name: t('postings.groups') })
    await group.getByRole('button', { name: /^Send .*again/ }).click()
    await page.getByRole('radio', { name: new RegExp(`^${t('postings.all')}`) }).check({ force: true })
    await expect
      .poll(async () => (await states()).map(({ state }) => state), { timeout: 150_000, interval: 1000 })
      .toEqual(Array(many).fill('posted'))
    await page.getByText(t('postings.lane.idle')).waitFor({ timeout: 120_000 })
    await onAllScreens(page, 'posted')
  }, 300_000)
})

describe('the list of postings', () => {
  it('keeps filter and order in its address, and the back button brings the one before', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('postings.document'), exact: true }).click()
    await expect.poll(() => page.url()).toContain('sort=label')
    await page.getByRole('radio', { name: new RegExp(`^${t('postings.posted')}`) }).check({ force: true })
    await expect.poll(() => page.url()).toContain('state=')
    await page.goBack()
    await expect.poll(() => page.url()).not.toContain('state=')
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: t('table.export') }).click()
    await page.getByRole('menuitem', { name: t('table.export.csv') }).click()
    expect((await download).suggestedFilename()).toMatch(/^postings-.*\.csv$/)
  })
})

describe('a customer that became a prospect', () => {
  it('is explained with what to do in the package, mended there and sent again', async () => {
    const { page, t } = visit
    const { rows } = await sanne.good<{ rows: { id: string; number: string | null; name: string }[] }>(
      'GET',
      '/customers?limit=200',
    )
    const invoice = await sanne.good<{ customerName: string }>('GET', `/invoices/${invoices[many]}`)
    const customer = rows.find(({ name }) => name === invoice.customerName)
    await atTheBooks({ act: 'prospect', of: customer?.number ?? '' })
    await post(invoices.slice(many, many + 1))
    await bell(visit, 1).waitFor({ timeout: 150_000 })
    await page.goto(`/f/${sanne.firm}/postings?state=refused`)
    const group = page.getByRole('region', { name: t('postings.groups') })
    await group
      .getByText(/customer/i)
      .first()
      .waitFor()
    await onAllScreens(page, 'prospect')
    await atTheBooks({ act: 'customer', of: customer?.number ?? '' })
    await group.getByRole('button', { name: /^Send .*again/ }).click()
    await expect
      .poll(async () => (await states()).filter(({ state }) => state === 'posted').length, { timeout: 180_000 })
      .toBe(many + 1)
    // Nobody needs to read it any more.
    await bell(visit, 0).waitFor()
  }, 400_000)
})

describe('access that was lost', () => {
  it('keeps the queue, which goes out after somebody signed in again', async () => {
    const { page, t } = visit
    const { store } = journeys.program.services
    const [firm] = await store.withDirectory((trx) => trx.selectFrom('directory.firm').select('id').execute())
    await store.withFirm(firm?.id ?? '', (trx) =>
      sql`update access_grant set tokens_sealed = null, withdrawn_at = now()`.execute(trx),
    )
    await post(invoices.slice(many + 1))
    await bell(visit, 1).waitFor({ timeout: 150_000 })
    await bell(visit, 1).click()
    await page.getByRole('link', { name: /lost access to Exact Online/ }).click()
    await page.getByRole('heading', { level: 1, name: 'Exact Online' }).waitFor()
    await page.getByText(t('apps.reconnect.kept')).waitFor()
    await onAllScreens(page, 'lost')
    await page
      .getByRole('button', { name: t('apps.signIn.again') })
      .first()
      .click()
    await page.getByRole('radio', { name: 'Sanne de Wit' }).check()
    await page.getByRole('button', { name: /^Allow/ }).click()
    await page.getByText(t('apps.state.connected')).first().waitFor()
    await expect
      .poll(async () => (await states()).filter(({ state }) => state === 'posted').length, { timeout: 180_000 })
      .toBe(many + 2)
    await bell(visit, 0).waitFor()
    await onAllScreens(page, 'connected')
  }, 400_000)
})
