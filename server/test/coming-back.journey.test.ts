import { changeEntry, type Desk, payEntry, removeEntry } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passAMinute,
  pressInBar,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  wear,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { lastMonth, post, samplePeople, sendLastMonth, setUpBooks, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
passAMinute()
stopAtFirstFailure()

const shots = process.env.SHOTS
async function shot(page: Page, name: string): Promise<void> {
  if (!shots) return
  for (const scheme of ['light', 'dark'] as const) {
    await wear(page, scheme)
    await page.screenshot({ path: `${shots}/${name}-${scheme}.png` })
  }
  await wear(page, 'light')
}

const random = seededRandom(11)
let journeys: Journeys
let sanne: TestPerson
let firm: string
let invoices: { readonly id: string; readonly number: string; readonly gross: string }[]
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  const sent = (await sendLastMonth(sanne)).slice(0, 2)
  await setUpBooks(sanne)
  await journeys.program.forward(60_000)
  await post(sanne, sent)
  invoices = []
  for (const id of sent) invoices.push(await sanne.good<(typeof invoices)[number]>('GET', `/invoices/${id}`))
})
afterAll(() => journeys?.stop())

/** What the bookkeeper does in Exact Online. */
async function atTheDesk(act: (desk: Desk) => unknown): Promise<void> {
  const { services } = journeys.program
  const [world] = await services.store.withDirectory((trx) => trx.selectFrom('sandbox.world').select('id').execute())
  await services.connections.sandbox.change(
    world?.id as string,
    (one) => void act({ world: one, clock: services.clock, random }),
  )
}

/** Sent and not posted. */
async function sendOneMore(): Promise<void> {
  const { customerId } = await sanne.good<{ customerId: string }>('GET', `/invoices/${theInvoice(0).id}`)
  const made = { customerId, date: lastMonth.until }
  const { id, version } = await sanne.good<{ id: string; version: number }>('POST', '/invoices', made)
  const line = { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  const match = (now: number) => ({ 'if-match': `"${now}"` })
  const drafted = await sanne.good<{ version: number }>('POST', `/invoices/${id}/lines`, line, match(version))
  await sanne.good('POST', `/invoices/${id}/sending`, { how: 'other' }, match(drafted.version))
}

const theInvoice = (index: 0 | 1) => invoices[index] as (typeof invoices)[number]

describe('wat terugkomt uit de boekhouding', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 1000, as: samplePeople.sanne })
  })

  it('een betaling in Exact Online staat na één klik op de factuur, eerst een deel en dan de rest', async () => {
    const { page, t } = visit
    const { id, number } = theInvoice(0)
    await page.goto(`/f/${firm}/invoices/${id}`)
    const panel = page.getByRole('region', { name: t('payments.title') })
    await panel.getByText(t('coming-back.books.unread', { package: 'Exact Online' })).waitFor()
    const look = panel.getByRole('button', { name: t('coming-back.books.look.of', { package: 'Exact Online' }) })
    await atTheDesk((desk) => payEntry(desk, number, { amount: '10.00', date: lastMonth.until }))
    await look.click()
    await panel.getByText(t.like('coming-back.books.partly')).waitFor()
    await panel.getByText(t('coming-back.books.line', { package: 'Exact Online' }), { exact: true }).waitFor()
    await isSound(page)
    await atTheDesk((desk) => payEntry(desk, number, { date: lastMonth.until }))
    await look.click()
    await panel.getByText(t('payments.settled.paid')).waitFor({ timeout: 30_000 })
    await panel.getByText(t.like('coming-back.books.paid')).waitFor()
    await isSound(page)
  })

  it('de vergelijking zegt dat alles klopt, over hoeveel en per wanneer', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/reconciliation`)
    await page.getByText(t('coming-back.none.never')).waitFor()
    await isSound(page)
    await page.keyboard.press('c')
    await page.getByText(/^Alles klopt: 2 documenten, /).waitFor()
    await isSound(page)
  })

  it('een wijziging daar wordt uitgelegd en met een reden geaccepteerd', async () => {
    const { page, t } = visit
    const { number } = theInvoice(0)
    await atTheDesk((desk) => changeEntry(desk, theInvoice(1).number, { DueDate: '2031-07-31' }))
    await page.getByRole('button', { name: t('coming-back.compare') }).click()
    const found = page.getByRole('article').filter({ hasText: theInvoice(1).number })
    await found.getByText('Vervaldatum', { exact: true }).waitFor()
    await isSound(page)
    await found.getByRole('button', { name: t('coming-back.accept') }).click()
    await page.keyboard.type('Uitstel afgesproken')
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('coming-back.none.open')).waitFor()
    await page.getByRole('tab', { name: t('coming-back.view.accepted') }).click()
    await page.getByText('“Uitstel afgesproken”').waitFor()
    expect(await page.getByRole('article').filter({ hasText: number }).count()).toBe(0)
    await isSound(page)
  })

  it('wat daar is verwijderd wordt opnieuw geboekt, en dan klopt alles weer', async () => {
    const { page, t } = visit
    const { number } = theInvoice(1)
    await atTheDesk((desk) => removeEntry(desk, number))
    await page.getByRole('tab', { name: t.like('coming-back.view.open') }).click()
    await page.getByRole('button', { name: t('coming-back.compare') }).click()
    const found = page.getByRole('article').filter({ hasText: t('coming-back.postAgain') })
    await found.waitFor()
    // De factuur zegt het ook, met de weg hierheen.
    await page.goto(`/f/${firm}/invoices/${theInvoice(1).id}`)
    const there = page.getByRole('link', { name: t('coming-back.toDifference') })
    await there.waitFor()
    await isSound(page)
    await shot(page, 'invoice-differs')
    await there.click()
    await page.getByRole('link', { name: t('coming-back.ofOne.all') }).waitFor()
    expect(await page.getByRole('article').count()).toBe(1)
    await isSound(page)
    await shot(page, 'of-one')
    await found.getByRole('button', { name: t('coming-back.postAgain') }).click()
    await page.keyboard.type('Per ongeluk verwijderd')
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('coming-back.postAgain.done', { label: number })).waitFor()
    await expect
      .poll(
        async () =>
          (
            await sanne.good<{ rows: { label: string; state: string }[] }>('GET', '/postings?kind=salesEntry')
          ).rows.filter(({ label, state }) => label === number && state === 'posted').length,
        { timeout: 20_000 },
      )
      .toBe(1)
    await page.getByRole('button', { name: t('coming-back.compare') }).click()
    await page.getByText(/^Alles klopt: 2 documenten, /).waitFor()
    await page.getByRole('tab', { name: t('coming-back.view.runs') }).click()
    await page.getByText(t('coming-back.outcome.differs')).first().waitFor()
    await isSound(page)
  })

  it('de pdf komt bij veel boekingen tegelijk, en wat niet kan wordt genoemd', async () => {
    const { page, t } = visit
    await sendOneMore()
    await page.goto(`/f/${firm}/invoices?state=${encodeURIComponent('["sent"]')}`)
    await page.getByRole('row').nth(3).waitFor()
    await page.getByRole('row').first().getByRole('checkbox').check()
    await shot(page, 'selection')
    await pressInBar(visit, t('postings.files.action'))
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('postings.files.notPosted')).first().waitFor()
    await isSound(page)
    await shot(page, 'attach')
    await dialog.getByRole('button', { name: t('postings.files.go', { count: 2 }) }).click()
    await page
      .getByText(/gaa[nt]+ naar Exact Online|stond er al/)
      .first()
      .waitFor()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto(`/f/${firm}/postings?kind=${encodeURIComponent('["salesEntry"]')}`)
    await page.getByRole('row').nth(1).getByRole('checkbox').check()
    await page.getByRole('button', { name: t('postings.files.action') }).click()
    await dialog.getByText(t('postings.files.text', { package: 'Exact Online' })).waitFor()
    await isSound(page)
    await shot(page, 'attach-postings')
    await page.keyboard.press('Escape')
  })

  it('btw staat per geval met de rubriek, naast de boekhouding, en gaat als bestand mee', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/vat?length=month&from=${lastMonth.from}`)
    const lines = page.getByRole('region', { name: t('coming-back.vat.lines'), exact: true }).first()
    await lines.getByText('1a', { exact: true }).waitFor()
    await page.getByRole('heading', { name: t('coming-back.vat.books', { package: 'Exact Online' }) }).waitFor()
    await isSound(page)
    await lines.getByRole('button', { name: 'Binnenland, 21 %' }).click()
    await page.getByRole('grid').waitFor()
    expect(page.url()).toContain('domestic-standard')
    await isSound(page)
    await page.goBack()
    await lines.waitFor()
    await page.getByRole('button', { name: t('invoice-exports.export') }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: t('coming-back.vat.export.lines', { format: 'CSV' }) }).click()
    expect((await saved).suggestedFilename()).toMatch(/^btw-.*\.csv$/)
  })

  it('op een telefoon', async () => {
    const phone = await journeys.visit({
      language: 'nl',
      width: windowWidth.phone,
      height: 844,
      as: samplePeople.sanne,
    })
    for (const path of ['reconciliation', 'reconciliation?view=accepted', `vat?length=month&from=${lastMonth.from}`]) {
      await phone.page.goto(`/f/${firm}/${path}`)
      await phone.page.getByRole('heading', { level: 1 }).waitFor()
      await phone.page.getByRole('heading', { level: 2 }).first().waitFor()
      await isSound(phone.page)
    }
  })

  it('wie er niet over gaat ziet het niet', async () => {
    const other = await journeys.visit({
      language: 'nl',
      width: windowWidth.desktop,
      height: 900,
      as: samplePeople.joris,
    })
    for (const path of ['reconciliation', 'vat']) {
      await other.page.goto(`/f/${firm}/${path}`)
      await other.page.getByText(other.t('parts.noRights.title')).waitFor()
    }
  })
})
