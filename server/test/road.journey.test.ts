import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journeys, pick, startJourneys, type Visit, watchVisits } from '../src/testing/browser.ts'

/**
 * The whole road in a real browser, by a person who sees roles and names alone: an empty installation, the sample firm,
 * hours, two invoices, Exact Online in the sandbox, two sales entries in its books.
 */
watchVisits()

describe.each([{ language: 'nl' as const }, { language: 'en' as const }])(
  'the whole road in $language',
  ({ language }) => {
    let journeys: Journeys
    let visit: Visit
    beforeAll(async () => {
      journeys = await startJourneys()
      visit = await journeys.visit({ language })
    })
    afterAll(() => journeys?.stop())

    it('begins with the sample firm', async () => {
      const { page, t } = visit
      await page.goto('/')
      await page.getByRole('heading', { level: 1, name: t('welcome.title') }).waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      await page.getByRole('button', { name: t('welcome.sample.button') }).click()
      await page.getByRole('heading', { level: 1, name: t('time.title') }).waitFor()
      await page.getByRole('button', { name: t('frame.firm', { firm: 'Bureau Noordkade B.V.' }) }).waitFor()
    })

    it('writes hours by keyboard alone, in three ways', async () => {
      const { page, t } = visit
      const portal = language === 'nl' ? 'Serviceportaal' : 'Service portal'
      const design = language === 'nl' ? 'Ontwerp' : 'Design'
      const grid = page.getByRole('grid')
      await grid.waitFor()
      await page.keyboard.press('n')
      const project = page.getByRole('combobox', { name: t('time.entry.project') })
      await project.waitFor()
      await page.keyboard.type(portal)
      await page.getByRole('option', { name: portal }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const activity = page.getByRole('combobox', { name: t('time.entry.activity') })
      await activity.waitFor()
      await page.keyboard.type(design)
      await page.getByRole('option', { name: design }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const row = grid.getByRole('row', { name: portal }).filter({ hasText: design })
      await row.waitFor()
      await page.keyboard.press('Home')

      const total = grid
        .getByRole('row', { name: t('time.grid.registered') })
        .getByRole('gridcell')
        .last()
      const before = minutesOf(await total.innerText())
      await page.keyboard.type('1,5')
      await page.getByRole('status').filter({ hasText: '1:30' }).waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(async () => minutesOf(await total.innerText())).toBe(before + 90)
      await page.keyboard.type('90m')
      await page.getByRole('status').filter({ hasText: '1:30' }).waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(async () => minutesOf(await total.innerText())).toBe(before + 180)

      await page.keyboard.type('1abc')
      await page.keyboard.press('Enter')
      const cell = page.getByRole('textbox', { name: t.like('time.cell.name', { project: portal, activity: design }) })
      await page
        .getByRole('alert')
        .filter({ hasText: t('time.duration.notUnderstood') })
        .waitFor()
      expect(await cell.inputValue()).toBe('1abc')
      await page.keyboard.press('Escape')
      await page.getByText(t.like('time.saved')).waitFor()
      await page.reload()
      await grid.waitFor()
      expect(minutesOf(await total.innerText())).toBe(before + 180)
    })

    it('turns the hours of last month into two drafts', async () => {
      const { page, t } = visit
      await menu(visit)
        .getByRole('link', { name: t('frame.overviews'), exact: true })
        .click()
      await page.getByRole('heading', { level: 1, name: t('hours.title') }).waitFor()
      await page.getByRole('button', { name: t('table.filter.button') }).click()
      await page.getByRole('button', { name: t('hours.filter.period') }).click()
      await page.getByRole('button', { name: t('table.filter.lastMonth') }).click()
      await page.getByRole('button', { name: t('table.filter.remove', { filter: t('hours.filter.period') }) }).waitFor()
      await page.getByRole('checkbox', { name: t('table.selectAll') }).check()
      const bar = page.getByRole('region', { name: t('table.selection') })
      await bar.getByRole('button', { name: t('hours.invoice') }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: t('hours.invoice.make') }).click()
      const drafts = dialog.getByRole('list', { name: t('hours.made.list') })
      await drafts.waitFor()
      expect(await drafts.getByRole('link').allInnerTexts()).toEqual(
        expect.arrayContaining(['Kessler Maschinenbau GmbH', 'Van Dalen Techniek B.V.']),
      )
      await dialog.getByRole('link', { name: t('hours.made.openAll') }).click()
      await page.getByRole('heading', { level: 1, name: t('invoices.title') }).waitFor()
    })

    it.each(['Van Dalen Techniek B.V.', 'Kessler Maschinenbau GmbH'])('sends the invoice to %s', async (customer) => {
      const { page, t } = visit
      await menu(visit)
        .getByRole('link', { name: t('frame.invoices'), exact: true })
        .click()
      await page.getByRole('row').filter({ hasText: customer }).click()
      await page.getByRole('heading', { level: 1, name: t('invoices.draftFor', { customer }) }).waitFor()
      await page.getByRole('button', { name: t('invoices.send.ask') }).click()
      const dialog = page.getByRole('dialog', { name: t('invoices.send.title', { customer }) })
      await dialog.getByRole('button', { name: t.like('invoices.send.button') }).click()
      await page.getByRole('heading', { level: 1, name: /^\d{4}-000\d$/ }).waitFor()
      await page.getByText(t('invoices.frozen')).waitFor()
    })
  },
)

/** `1:30` and `1.30` are both an hour and a half. */
function minutesOf(text: string): number {
  const [hours = '0', minutes = '0'] = text.trim().split(/[:.]/)
  return Number(hours) * 60 + Number(minutes)
}

const menu = ({ page, t }: Visit) => page.getByRole('navigation', { name: t('frame.main') })
