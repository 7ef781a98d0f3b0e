import { rowsOf } from '@uurwerk/connectors/contract/simulator.ts'
import { type Desk, payEntry, printInvoice } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passAMinute,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  wear,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { lastMonth, samplePeople, setUpBooks, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
passAMinute()
stopAtFirstFailure()

let journeys: Journeys
let sanne: TestPerson
let firm: string
let connectionId: string
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  connectionId = await setUpBooks(sanne)
})
afterAll(() => journeys?.stop())

const random = seededRandom(11)
/** What the bookkeeper does in Exact Online. */
async function atTheDesk(act: (desk: Desk) => unknown): Promise<void> {
  const { services } = journeys.program
  const [world] = await services.store.withDirectory((trx) => trx.selectFrom('sandbox.world').select('id').execute())
  await services.connections.sandbox.change(
    world?.id as string,
    (one) => void act({ world: one, clock: services.clock, random }),
  )
}
const today = () => dateIn('Europe/Amsterdam', journeys.program.services.clock.now())

const shots = process.env.SHOTS
const shot = async ({ page }: Visit, name: string) => {
  if (!shots) return
  for (const scheme of ['light', 'dark'] as const) {
    await wear(page, scheme)
    await page.screenshot({ path: `${shots}/${name}-${scheme}.png` })
  }
  await wear(page, 'light')
}

const walks = [
  ['in het Nederlands, aan een bureau', 'nl', windowWidth.desktop],
  ['in English, on a telephone', 'en', windowWidth.phone],
] as const
const packageName = 'Exact Online'

describe.each(walks)('the package makes the invoice %s', (_, language, width) => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language, width, height: 900, as: samplePeople.sanne })
  })

  it('is empty before anything was made there, with the way to begin', async () => {
    if (language === 'en') return
    const { page, t } = visit
    await page.goto(`/f/${firm}/package-invoices`)
    await page.getByText(t('package-invoices.empty.title')).waitFor()
    await isSound(page)
    await shot(visit, `${language}-empty`)
  })

  it('is chosen where hours are invoiced, and shows first what the package will receive', async () => {
    const { page, t } = visit
    await page.goto(
      `/f/${firm}/overviews/hours?from=${lastMonth.from}&until=${lastMonth.until}&state=%5B%22free%22%5D&billable=true`,
    )
    await page.getByRole('row').nth(1).getByRole('checkbox').check()
    await page.getByRole('button', { name: t('hours.invoice'), exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('package-invoices.where.package', { package: packageName })).click()
    await isSound(page)
    await shot(visit, `${language}-dialog`)
    await dialog.getByRole('button', { name: t('package-invoices.toPreview', { package: packageName }) }).click()
    await page.waitForURL(/package-invoices\/preview/)
    await page
      .getByRole('heading', { level: 1, name: t('package-invoices.preview.title', { count: 1, package: packageName }) })
      .waitFor()
    await page.getByText(t('package-invoices.preview.owns', { package: packageName })).waitFor()
    await isSound(page)
    await shot(visit, `${language}-preview`)
  })

  it('posts it, tells while it happens, and leads to what was made', async () => {
    const { page, t } = visit
    await page
      .getByRole('button', { name: t('package-invoices.preview.post', { count: 1, package: packageName }) })
      .click()
    await page.getByText(t('package-invoices.result.done', { count: 1, package: packageName })).waitFor()
    await isSound(page)
    await shot(visit, `${language}-posted`)
    await page.getByRole('link', { name: t('package-invoices.preview.toList') }).click()
    await page.getByRole('row').nth(1).waitFor()
    await isSound(page)
    await shot(visit, `${language}-list`)
    await page.getByRole('row').nth(1).click()
    await page.waitForURL(/package-invoices\/[0-9a-f-]{36}$/)
    await page.getByText(t('package-invoices.act.made', { package: packageName })).waitFor()
    await isSound(page)
    await shot(visit, `${language}-page`)
  })

  it('says what is paid of it there, once it is printed, on its page, in the list and where a month ends', async () => {
    const { page, t } = visit
    await page.getByText(t('package-invoices.paid.printFirst', { package: packageName })).waitFor()
    await shot(visit, `${language}-unprinted`)
    await atTheDesk((desk) => {
      const open = rowsOf(desk.world, 'SalesInvoices').find(({ Status }) => Status === 20)
      printInvoice(desk, String(open?.InvoiceID))
    })
    await sanne.good('POST', `/connections/${connectionId}/reconciliations`, {})
    await page.getByText(t('package-invoices.act.printed', { package: packageName })).waitFor()
    const look = page.getByRole('button', { name: t('coming-back.books.look.of', { package: packageName }) })
    await look.click()
    await page.getByText(t('coming-back.books.open', { package: packageName })).waitFor()
    const id = page.url().split('/').at(-1)
    const { theirNumber } = await sanne.good<{ theirNumber: string }>('GET', `/package-invoices/${id}`)
    await atTheDesk((desk) => payEntry(desk, theirNumber, { amount: '10.00', date: lastMonth.until }))
    await look.click()
    await page.getByText(t.like('coming-back.books.partly')).waitFor()
    await isSound(page)
    await shot(visit, `${language}-paid`)
    const one = page.url()

    await page.goto(`/f/${firm}/package-invoices?payment=${encodeURIComponent('["partly-paid"]')}`)
    await page.getByRole('row').nth(1).waitFor()
    await isSound(page)
    await shot(visit, `${language}-paid-list`)
    await page.goto(`/f/${firm}/vat?length=month&from=${today().slice(0, 7)}-01`)
    const made = page
      .getByRole('region', { name: t('coming-back.vat.made', { package: packageName }), exact: true })
      .first()
    await made.getByText(t('coming-back.vat.made.booked')).waitFor()
    await isSound(page)
    await made.scrollIntoViewIfNeeded()
    await shot(visit, `${language}-vat`)
    await made.getByRole('link').click()
    await page.waitForURL(/package-invoices\?/)
    await page.getByRole('row').nth(1).waitFor()
    await page.goto(`/f/${firm}/month-end?month=${today().slice(0, 7)}`)
    await page.getByRole('link', { name: t('month-end.paying.made', { count: 1 }) }).waitFor()
    await isSound(page)
    await page.getByRole('link', { name: t('month-end.paying.made', { count: 1 }) }).scrollIntoViewIfNeeded()
    await shot(visit, `${language}-month-end`)
    await page.goto(one)
    await page.getByText(t.like('coming-back.books.partly')).waitFor()
  })

  it('says of the entry where it stands, and frees it when a person says the document is gone', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('package-invoices.release.button') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t('package-invoices.release') }).click()
    await dialog.getByText(t('package-invoices.release.whyMissing')).waitFor()
    await dialog.getByRole('textbox').fill(language === 'nl' ? 'Weggegooid in Exact.' : 'Thrown away in Exact.')
    await isSound(page)
    await dialog.getByRole('button', { name: t('package-invoices.release') }).click()
    await page.getByText(t('package-invoices.ended.released', { package: packageName })).waitFor()
    await isSound(page)
    await shot(visit, `${language}-released`)
  })

  it('takes whole projects from Uninvoiced, agreed prices and subscriptions with them', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/uninvoiced`)
    const row = page
      .getByRole('row')
      .filter({ hasText: language === 'nl' ? 'Intranet' : 'Onderhoud' })
      .first()
    await row.getByRole('checkbox').check()
    await shot(visit, `${language}-uninvoiced`)
    await page.getByRole('button', { name: t('package-invoices.invoiceIn', { package: packageName }) }).click()
    await page.waitForURL(/package-invoices\/preview/)
    await page
      .getByRole('heading', { level: 1, name: t('package-invoices.preview.title', { count: 1, package: packageName }) })
      .waitFor()
    await isSound(page)
    await shot(visit, `${language}-uninvoiced-preview`)
  })

  it('closes an agreed price there: the whole price less what was invoiced', async () => {
    if (language === 'en') return
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/uninvoiced`)
    await page.getByRole('row').filter({ hasText: 'Intranet' }).first().getByRole('checkbox').check()
    await page.getByRole('button', { name: t('uninvoiced.closing') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('package-invoices.where.package', { package: packageName })).click()
    await isSound(page)
    await shot(visit, `${language}-closing`)
    await dialog.getByRole('button', { name: t('package-invoices.toPreview', { package: packageName }) }).click()
    await page.waitForURL(/package-invoices\/preview/)
    await page.getByText(t('package-invoices.preview.owns', { package: packageName })).waitFor()
    await isSound(page)
  })

  it('says in another window that nothing is chosen', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/package-invoices/preview?chosen=unknown`)
    await page.getByText(t('package-invoices.preview.none.title')).waitFor()
    await isSound(page)
  })
})
