import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  passAMinute,
  passwordField,
  pick,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
} from '../src/testing/browser.ts'
import { lastMonth, samplePeople } from '../src/testing/sample-road.ts'

/**
 * The whole road in a real browser, by a person who sees roles and names alone: an empty installation, the sample firm,
 * hours, two invoices, Exact Online in the sandbox, two sales entries in its books.
 */
watchVisits()
passAMinute()
stopAtFirstFailure()

describe.each([{ language: 'nl' as const }, { language: 'en' as const }])(
  'the whole road in $language',
  ({ language }) => {
    let journeys: Journeys
    let visit: Visit
    const numbers: string[] = []
    const theirs = theirWords[language]
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
      await hasFocus(project)
      await page.keyboard.type(portal)
      await page.getByRole('option', { name: portal }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      const activity = page.getByRole('combobox', { name: t('time.entry.activity') })
      await hasFocus(activity)
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
      const before = minutesOf(await total.textContent())
      await page.keyboard.type('1,5')
      await page.getByRole('status').filter({ hasText: '1:30' }).waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(async () => minutesOf(await total.textContent())).toBe(before + 90)
      await page.keyboard.type('90m')
      await page.getByRole('status').filter({ hasText: '1:30' }).waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(async () => minutesOf(await total.textContent())).toBe(before + 180)

      await page.keyboard.type('1abc')
      await page.keyboard.press('Enter')
      const cell = page.getByRole('textbox', { name: t.like('time.cell.name', { project: portal, activity: design }) })
      await page
        .getByRole('alert')
        .filter({ hasText: t('time.duration.notUnderstood') })
        .waitFor()
      await expect.poll(() => cell.inputValue()).toBe('1abc')
      await page.keyboard.press('Escape')
      await page.getByText(t.like('time.saved')).waitFor()
      await page.reload()
      await grid.waitFor()
      expect(minutesOf(await total.textContent())).toBe(before + 180)
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
      expect(await drafts.getByRole('link').allTextContents()).toEqual(
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
      const heading = page.getByRole('heading', { level: 1, name: /^\d{4}-000\d$/ })
      await heading.waitFor()
      numbers.push((await heading.textContent()) ?? '')
      await page.getByText(t('invoices.frozen')).waitFor()
    })

    it('gave them consecutive numbers', () => {
      expect(numbers.map((number) => number.slice(4))).toEqual(['-0001', '-0002'])
    })

    it('activates Exact Online in the sandbox and signs in there', async () => {
      const { page, t } = visit
      await menu(visit)
        .getByRole('link', { name: t('frame.settings'), exact: true })
        .click()
      await page
        .getByRole('main')
        .getByRole('link', { name: new RegExp(`^${t('settings.apps')}`) })
        .click()
      const card = page.getByRole('article', { name: 'Exact Online' })
      await card.getByRole('button', { name: t('apps.activate') }).click()
      const dialog = page.getByRole('dialog', { name: t('apps.activate.title', { package: 'Exact Online' }) })
      await dialog.getByRole('radio', { name: t('apps.mode.sandbox') }).check()
      await dialog.getByRole('button', { name: t('apps.toSignIn') }).click()
      await page.getByRole('heading', { name: theirs.signIn }).waitFor()
      await page.getByRole('radio', { name: 'Sanne de Wit' }).check()
      await page.getByRole('button', { name: theirs.allow }).click()
      await page.getByRole('heading', { level: 1, name: 'Exact Online' }).waitFor()
      await page.getByRole('radio', { name: /^\d+ Bureau Noordkade B\.V\./ }).check()
      expect(await page.getByRole('radio', { name: /^\d+ Noordkade V\.O\.F\./ }).isDisabled()).toBe(true)
      await page.getByRole('button', { name: t('apps.administrations.choose') }).click()
      await page.getByRole('heading', { name: t('apps.rules') }).waitFor()
      await page.getByText(t('apps.state.connected')).waitFor()
    })

    it('takes settings, posting rules and the cut-off', async () => {
      const { page, t } = visit
      for (const [field, code] of Object.entries(theirs.settings)) {
        await pick(page, page.getByRole('combobox', { name: field, exact: true }), code, new RegExp(`^${code}`))
        await page.getByText(t('apps.setting.saved', { setting: field })).waitFor()
      }
      const rules = page.getByRole('region', { name: t('apps.rules'), exact: true })
      const proposals = rules.getByRole('button', { name: t.like('apps.rules.takeAll', { count: 2 }) })
      const missing = rules.getByRole('button', { name: new RegExp(t('apps.rules.missing')) })
      await missing.or(proposals).first().waitFor()
      if ((await proposals.count()) > 0) await proposals.click()
      while ((await missing.count()) > 0) {
        const name = (await missing.first().textContent()) ?? ''
        await missing.first().click()
        const editor = page.getByRole('dialog', { name: name.split(':')[0] ?? '' })
        // What is paid in the customer's name is no revenue: it goes to a balance account.
        const isPassedOn = name.includes(t('invoices.vat.disbursement'))
        const account = isPassedOn ? '1200' : '8010'
        await pick(
          page,
          editor.getByRole('combobox', { name: t('apps.rules.account') }),
          account,
          new RegExp(`^${account}`),
        )
        if (!isPassedOn) {
          const code = name.includes(t('invoices.vat.euBusiness')) ? '7' : '2'
          await pick(
            page,
            editor.getByRole('combobox', { name: t('apps.rules.vatCode') }),
            code,
            new RegExp(`^${code} ?\\D`),
          )
        }
        await editor.getByRole('button', { name: t('apps.rules.done') }).click()
      }
      await rules.getByRole('button', { name: t('apps.rules.save') }).click()
      await rules.getByText(t('apps.rules.complete')).waitFor()
      const cutOff = page.getByRole('region', { name: t('apps.cutOff') })
      const [year, month] = lastMonth.from.split('-')
      await cutOff.getByRole('textbox', { name: t('apps.cutOff.from') }).fill(`1-${month}-${year}`)
      await page.keyboard.press('Tab')
      await cutOff.getByRole('button', { name: t('apps.cutOff.save') }).click()
      await cutOff.getByText(t('apps.cutOff.older', { count: 0 })).waitFor()
    })

    it('imports the customers with a report', async () => {
      const { page, t } = visit
      const part = page.getByRole('region', { name: t('apps.import'), exact: true })
      await part.getByRole('button', { name: t('apps.import.now') }).click()
      await part.getByText(t.like('apps.import.last')).waitFor({ timeout: 20_000 })
      await part.getByRole('link', { name: t('apps.import.report') }).click()
      await page
        .getByRole('heading', { level: 1, name: t('imports.kind.customers', { package: 'Exact Online' }) })
        .waitFor()
      for (const customer of ['Van Dalen Techniek B.V.', 'Kessler Maschinenbau GmbH'])
        await page.getByRole('row').filter({ hasText: customer }).waitFor()
      const closed = page.getByRole('row').filter({ hasText: 'Voormalig Klant B.V.' })
      await closed.filter({ hasText: t('imports.outcome.skipped') }).waitFor()
      expect(await page.getByRole('row').filter({ hasText: 'Kantoorvak' }).count()).toBe(0)
    })

    it('books both invoices after a preview of the exact entries', async () => {
      const { page, t } = visit
      await menu(visit)
        .getByRole('link', { name: t('frame.invoices'), exact: true })
        .click()
      for (const number of numbers)
        await page.getByRole('checkbox', { name: t('table.selectRow', { name: number }) }).check()
      const bar = page.getByRole('region', { name: t('table.selection') })
      await bar.getByRole('button', { name: t('invoices.post.button', { package: 'Exact Online' }) }).click()
      const title = t('postings.preview.title', { count: 2, package: 'Exact Online' })
      await page.getByRole('heading', { level: 1, name: title }).waitFor()
      const list = page.getByRole('navigation', { name: t('postings.preview.list') })
      for (const number of numbers) await list.getByRole('button', { name: number }).waitFor()
      await page.getByText(t('postings.preview.allReady')).waitFor()
      await page.getByRole('button', { name: t('postings.preview.post', { count: 2 }) }).click()
      await page.getByText(t('postings.result.done', { count: 2 })).waitFor({ timeout: 30_000 })
      for (const number of numbers)
        await expect.poll(() => list.getByRole('button', { name: number }).textContent()).toMatch(/\d{7,8}/)
    })

    it('tells the whole story of a posting', async () => {
      const { page, t } = visit
      await page.getByRole('link', { name: t('postings.preview.toPostings') }).click()
      await page.getByRole('heading', { level: 1, name: t('postings.title') }).waitFor()
      const rows = page.getByRole('grid', { name: t('postings.title') }).getByRole('row')
      // Behind each entry stand its document and the file on it.
      const entryOf = (number: string) =>
        rows
          .filter({ hasText: number })
          .filter({ hasNotText: new RegExp(`${t('postings.kind.document')}|${t('postings.kind.attachment')}`) })
      for (const number of numbers)
        await entryOf(number)
          .filter({ hasText: t('postings.state.posted') })
          .waitFor()
      await entryOf(numbers[0] ?? '').click()
      const panel = page.getByRole('article')
      await panel
        .getByRole('listitem')
        .filter({ hasText: t('postings.state.posted') })
        .first()
        .waitFor()
      await panel.getByRole('tab', { name: t('postings.payload') }).click()
      await expect.poll(() => panel.getByRole('tabpanel').textContent()).toContain('SalesEntryLines')
    })

    it('stands in the books of the sandbox, each invoice once', async () => {
      const { page, context, t } = visit
      await menu(visit)
        .getByRole('link', { name: t('frame.settings'), exact: true })
        .click()
      await page
        .getByRole('main')
        .getByRole('link', { name: new RegExp(`^${t('settings.apps')}`) })
        .click()
      await page
        .getByRole('article', { name: 'Exact Online' })
        .getByRole('link', { name: t('apps.open') })
        .click()
      const opening = context.waitForEvent('page')
      await page.getByRole('link', { name: t('apps.sandbox.books') }).click()
      const books = await opening
      await books.getByRole('heading', { level: 1, name: theirs.books }).waitFor()
      for (const number of numbers) expect(await books.getByRole('cell', { name: number, exact: true }).count()).toBe(1)
      await books.close()
    })

    it('signs out and in again', async () => {
      const { page, t } = visit
      await page.getByRole('button', { name: t('frame.you', { name: 'Sanne de Wit' }) }).click()
      await page.getByRole('menuitem', { name: t('frame.signOut') }).click()
      await page.getByRole('heading', { level: 1, name: t('sign-in.title') }).waitFor()
      await page.getByRole('textbox', { name: t('sign-in.email') }).fill(samplePeople.sanne.email)
      await passwordField(page, t('sign-in.password')).fill(samplePeople.sanne.password)
      await page.getByRole('button', { name: t('sign-in.button') }).click()
      await page.getByRole('heading', { level: 1, name: t('time.title') }).waitFor()
    })
  },
)

/** What is typed before belongs to somebody else. */
const hasFocus = (field: Locator) => field.and(field.page().locator(':focus')).waitFor()

const menu = ({ page, t }: Visit) => page.getByRole('navigation', { name: t('frame.main') })

/** Their own words, which are no words of ours. */
const theirWords = {
  nl: {
    signIn: 'Aanmelden bij Exact Online (simulator)',
    allow: 'Toestaan',
    books: 'Boeken in de simulator van Exact Online',
    settings: { Standaardartikel: 'UREN-ONT', Verkoopdagboek: '70', Betalingsconditie: '30' },
  },
  en: {
    signIn: 'Sign in to Exact Online (simulator)',
    allow: 'Allow',
    books: 'Books in the simulator of Exact Online',
    settings: { 'Default item': 'UREN-ONT', 'Sales journal': '70', 'Payment condition': '30' },
  },
} as const

/** `1:30` and `1.30` are both an hour and a half. */
function minutesOf(text: string | null): number {
  const [hours = '0', minutes = '0'] = (text ?? '').trim().split(/[:.]/)
  return Number(hours) * 60 + Number(minutes)
}
