import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import { samplePeople, sendLastMonth, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

let journeys: Journeys
let firm: string
let invoices: readonly string[]
beforeAll(async () => {
  journeys = await startJourneys()
  const sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  invoices = await sendLastMonth(sanne)
})
afterAll(() => journeys?.stop())

describe('een factuur crediteren', () => {
  let visit: Visit
  let invoice: string
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 900, as: samplePeople.sanne })
    invoice = invoices[0] as string
  })

  it('begint bij een regel, met een deel van het bedrag', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${invoice}`)
    await page.getByRole('button', { name: t('invoices.credit.ask') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('invoices.credit.whole.text')).waitFor()
    await isSound(page)
    await dialog.getByRole('radio', { name: t('invoices.credit.lines') }).check()
    await dialog.getByRole('checkbox').first().check()
    visit.expects(422, `/api/v1/invoices/${invoice}/credit-note`)
    await dialog.getByRole('textbox').fill('999999')
    await dialog.getByRole('button', { name: t('invoices.credit.make') }).click()
    await dialog.getByText('hoogstens dat', { exact: false }).waitFor()
    await dialog.getByRole('textbox').fill('1,25')
    await dialog.getByRole('radio', { name: t('invoices.credit.free'), exact: true }).check()
    await dialog.getByText(t('invoices.credit.free.lines')).waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t('invoices.credit.make') }).click()
    await page.getByRole('heading', { level: 1, name: /^Concept-creditfactuur voor / }).waitFor()
  })

  it('houdt vast wat uit de factuur volgt, en wordt met een eigen nummer verzonden', async () => {
    const { page, t } = visit
    await page.getByText(t('invoices.credit.fixed')).first().waitFor()
    await expect
      .poll(() => page.getByRole('switch', { name: t('invoices.credit.releaseSwitch') }).isChecked())
      .toBe(true)
    expect(await page.getByRole('button', { name: t('invoices.line.add'), exact: true }).count()).toBe(0)
    expect(await page.getByLabel(t('invoices.due')).count()).toBe(0)
    await isSound(page)
    await page.getByRole('button', { name: t.like('invoices.send.ask') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('invoices.credit.send.never')).waitFor()
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('invoices.credit.frozen')).waitFor()
    await isSound(page)
  })

  it('daarna de rest: de factuur is gecrediteerd, en de lijst zegt welke', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${invoice}`)
    await page.getByRole('heading', { level: 2, name: t('invoices.creditNotes') }).waitFor()
    await page.getByRole('button', { name: t('invoices.credit.ask') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('invoices.credit.rest.text')).waitFor()
    await dialog.getByRole('button', { name: t('invoices.credit.make') }).click()
    await page.getByRole('heading', { level: 1, name: /^Concept-creditfactuur voor / }).waitFor()
    await page.getByRole('button', { name: t.like('invoices.send.ask') }).click()
    await dialog.getByText(t('invoices.credit.send.never')).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('invoices.credit.frozen')).waitFor()
    await page.goto(`/f/${firm}/invoices/${invoice}`)
    await page.getByText(t('invoices.state.credited')).first().waitFor()
    expect(await page.getByRole('button', { name: t('invoices.credit.ask') }).count()).toBe(0)
    await isSound(page)
    await page.goto(`/f/${firm}/invoices`)
    await page
      .getByText(/^\s*crediteert \d/)
      .first()
      .waitFor()
    await isSound(page)
  })
})

describe('crediting on a phone', () => {
  it('shows the dialog and the draft whole, in English', async () => {
    const visit = await journeys.visit({
      language: 'en',
      width: windowWidth.phone,
      height: 844,
      as: samplePeople.sanne,
    })
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${invoices[1]}`)
    await page.getByRole('button', { name: t('invoices.credit.ask') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: t('invoices.credit.lines') }).check()
    await dialog.getByRole('checkbox').first().check()
    await isSound(page)
    await dialog.getByRole('button', { name: t('invoices.credit.make') }).click()
    await page.getByRole('heading', { level: 1, name: /^Draft credit note for / }).waitFor()
    await isSound(page)
  })
})
