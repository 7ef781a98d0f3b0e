import { readFile } from 'node:fs/promises'
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
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

const overviews = [
  ['hours', 'hours.title'],
  ['expenses', 'overviews.expenses'],
  ['trips', 'overviews.trips'],
] as const

let journeys: Journeys
let firm: string
beforeAll(async () => {
  journeys = await startJourneys()
  firm = (await setUpSample(journeys.base, 'nl')).firm as string
})
afterAll(() => journeys?.stop())

describe('overzichten op kantoor', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 900, as: samplePeople.sanne })
  })
  const row = (text: string | RegExp) => visit.page.getByRole('row').filter({ hasText: text })

  it.each(overviews)('tonen %s als lijst, met totalen over alles', async (path, title) => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/${path}`)
    await page.getByRole('heading', { level: 1, name: t(title) }).waitFor()
    await page.getByRole('gridcell').first().waitFor()
    await isSound(page)
  })

  it('groeperen uren per debiteur en project, tot op de regel', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/hours?group=${encodeURIComponent('["customer","project"]')}`)
    const customer = 'Van Dalen Techniek B.V.'
    await page.getByRole('button', { name: t('overviews.open', { name: customer }), exact: true }).click()
    await page.getByRole('button', { name: t('overviews.close', { name: customer }), exact: true }).waitFor()
    const inner = page.getByRole('button', { name: /openen$/ })
    const [first] = await inner.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
    expect(first).toBeTruthy()
    await row(customer)
      .getByRole('button', { name: t('overviews.showAlone') })
      .first()
      .click()
    await page.waitForURL((url) => url.searchParams.has('customerId') && !url.searchParams.has('group'))
    await row(customer).first().waitFor()
    await isSound(page)
  })

  it('bewaren een weergave en openen die weer', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('overviews.views') }).click()
    await page.getByRole('menuitem', { name: t('overviews.views.keep') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: t('overviews.views.name') }).fill('Van Dalen')
    await dialog.getByRole('button', { name: t.like('overviews.views.save') }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.waitForURL((url) => url.searchParams.has('view'))
    await page.goto(`/f/${firm}/overviews/hours`)
    await page.getByRole('button', { name: t('overviews.views') }).click()
    await page.getByRole('menuitem', { name: /^Van Dalen/ }).click()
    await page.waitForURL((url) => url.searchParams.has('customerId'))
  })

  it('boeken een selectie af met een reden, en maken dat ongedaan', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/hours?state=${encodeURIComponent('["free"]')}&billable=true`)
    await page.getByRole('gridcell').first().waitFor()
    await page.getByRole('checkbox').nth(1).click()
    const more = () => page.getByRole('button', { name: t('table.more'), exact: true }).click()
    await more()
    await page.getByRole('menuitem', { name: t('overviews.writeOff') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: t('overviews.act.reason') }).fill('Coulance')
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(t('overviews.writeOff.done', { count: 1, shown: '1' })).waitFor()
    await dialog
      .getByRole('button', { name: t('parts.close') })
      .last()
      .click()
    await page.goto(`/f/${firm}/overviews/hours?state=${encodeURIComponent('["written-off"]')}`)
    await page.getByRole('gridcell').first().waitFor()
    await page.getByRole('checkbox').first().click()
    await more()
    await page.getByRole('menuitem', { name: t('overviews.undoWriteOff') }).click()
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(t('overviews.undoWriteOff.done', { count: 1, shown: '1' })).waitFor()
    await dialog
      .getByRole('button', { name: t('parts.close') })
      .last()
      .click()
    await page.getByText(t('overviews.none.title')).waitFor()
  })

  it('exporteren wat er staat', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/trips`)
    await page.getByRole('gridcell').first().waitFor()
    await page.getByRole('button', { name: t('overviews.export') }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: t('overviews.export.csv') }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(/^ritten-\d{4}-\d{2}-\d{2}\.csv$/)
    expect(await readFile(await file.path(), 'utf8')).toContain('"Datum";"Medewerker"')
  })
})

describe('overviews on a phone', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'en', width: windowWidth.phone, height: 844, as: samplePeople.sanne })
  })

  it.each(overviews)('show %s, as a list and in groups', async (path, title) => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/${path}`)
    await page.getByRole('heading', { level: 1, name: t(title) }).waitFor()
    await page.getByRole('gridcell').first().waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/overviews/${path}?group=${encodeURIComponent('["month"]')}`)
    await page.getByRole('gridcell').first().waitFor()
    await isSound(page)
  })
})
