import { addDays, dayOfWeek, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  seriousFindings,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import { TestPerson } from '../src/testing/program.ts'
import { lastMonth, samplePeople, setUpSample } from '../src/testing/sample-road.ts'

/** A week from the employee past the manager to the customer, who answers on a telephone without an account. */
watchVisits()
stopAtFirstFailure()

/** The first whole week of last month. */
const monday = addDays(lastMonth.from, (8 - dayOfWeek(lastMonth.from)) % 7)
const { year, week } = weekOf(monday)

const language = 'nl'

describe('approval', () => {
  let journeys: Journeys
  let sanne: TestPerson
  let office: Visit
  let customer: Visit
  let slug: string
  let link: string
  beforeAll(async () => {
    journeys = await startJourneys()
    sanne = await setUpSample(journeys.base, language)
    slug = sanne.firm as string
    const { version } = await sanne.good<{ version: number }>('GET', '/firm')
    await sanne.good('PATCH', '/firm', { approval: 'internal-external' }, { 'if-match': `"${version}"` })
    const joris = new TestPerson(journeys.base)
    joris.firm = slug
    await joris.good('POST', '/session', samplePeople.joris)
    const submitted = await joris.good<{ changed: number }>('POST', `/weeks/${year}/${week}/submission`, {})
    expect(submitted.changed).toBeGreaterThan(1)
    office = await journeys.visit({ language, as: samplePeople.sanne })
    customer = await journeys.visit({ language, width: windowWidth.phone, height: 844 })
  })
  afterAll(() => journeys?.stop())

  const clean = async ({ page }: Visit) => {
    expect(await seriousFindings(page)).toEqual([])
    const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
    expect(wide, 'the page scrolls sideways').toBe(false)
  }

  it('waits for the manager, with its contract and a badge in the navigation', async () => {
    const { page, t } = office
    await page.goto(`/f/${slug}/approvals`)
    await page.getByRole('heading', { level: 1, name: t('approvals.title') }).waitFor()
    await page.getByRole('row', { name: /Joris/ }).waitFor()
    const nav = page.getByRole('navigation', { name: t('frame.main') })
    await expect
      .poll(() => nav.getByRole('link', { name: new RegExp(t('frame.approvals')) }).textContent())
      .toMatch(/1/)
    await clean(office)
  })

  it('is opened, one entry is rejected with a reason, and the rest approved by keyboard', async () => {
    const { page, t } = office
    await page.getByRole('row', { name: /Joris/ }).dblclick()
    await page.waitForURL((url) => url.pathname.endsWith(monday))
    await page
      .getByRole('row')
      .filter({ hasText: t('approvals.state.yours') })
      .first()
      .waitFor()
    await clean(office)
    await page.getByRole('checkbox').nth(1).check()
    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t('approvals.reject.count', { count: 1 }) }).click()
    await dialog.getByText(t('approvals.reason.missing')).waitFor()
    await dialog.getByRole('textbox', { name: t('approvals.reason') }).fill('Hoort bij een ander project')
    await dialog.getByRole('button', { name: t('approvals.reject.count', { count: 1 }) }).click()
    await page.getByText(t('approvals.rejected', { count: 1 })).waitFor()
    await page
      .getByRole('row')
      .filter({ hasText: t('approvals.state.rejected') })
      .waitFor()
    await page.keyboard.press('a')
    await page.waitForURL((url) => url.pathname.endsWith('/approvals'))
    await page.getByText(t('approvals.empty.title')).waitFor()
  })

  it('is asked of the customer, by a link that is handed over where there is no mail server', async () => {
    const { page, t } = office
    await page.getByText(t('approvals.tab.customers'), { exact: true }).click()
    await page
      .getByRole('button', { name: new RegExp(t('approvals.ask')) })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: t('approvals.ask.email') }).fill('anna@klant.example')
    await dialog.getByRole('combobox', { name: t('approvals.ask.language') }).click()
    await page.getByRole('option', { name: 'Nederlands' }).click()
    await dialog.getByRole('textbox', { name: t('approvals.ask.message') }).fill('Graag voor vrijdag.')
    await clean(office)
    await dialog.getByRole('button', { name: t('approvals.ask.make') }).click()
    link = (await dialog.getByRole('status', { name: t('approvals.ask.link') }).textContent()) ?? ''
    expect(link).toContain('/approve/')
    await dialog
      .getByRole('button', { name: t('parts.close') })
      .last()
      .click()
    await page.waitForURL((url) => url.pathname.includes('/approvals/requests/'))
    await page.getByText(t('approvals.request.open')).first().waitFor()
    await clean(office)
  })

  it('is answered by the customer on a telephone, with a reason for what is not right', async () => {
    const { page, t } = customer
    await page.goto(new URL(link).pathname)
    await page.getByText('Graag voor vrijdag.').waitFor()
    await clean(customer)
    expect(await page.locator('main').textContent()).not.toMatch(/€/)
    const rejects = page.getByRole('button', { name: new RegExp(t('approve.reject')) })
    const entries = await rejects.count()
    await rejects.first().click()
    await page.getByRole('button', { name: t('approve.answer', { approved: entries - 1, rejected: 1 }) }).click()
    await page.getByText(t('approve.reason.missing')).waitFor()
    await page.getByText(t('approve.name.missing')).waitFor()
    await page.getByRole('textbox', { name: t('approve.reason') }).fill('Dit was een uur minder')
    await page.getByRole('textbox', { name: t('approve.name') }).fill('Anna de Vries')
    await clean(customer)
    await page.getByRole('button', { name: t('approve.answer', { approved: entries - 1, rejected: 1 }) }).click()
    await page.getByText(t('approve.answered')).waitFor()
    await page.getByText(t('approve.count.rejected', { count: 1 })).waitFor()
    await clean(customer)
    await page.reload()
    await page.getByText(t('approve.answered')).waitFor()
  })

  it('shows the office the answer and its evidence', async () => {
    const { page, t } = office
    await page.reload()
    await page.getByText(t('approvals.request.answered')).first().waitFor()
    await page.getByText('Anna de Vries <anna@klant.example>').first().waitFor()
    await page.getByText(t('approvals.evidence.intact')).waitFor()
    await page.getByText('Dit was een uur minder').waitFor()
    await page.getByText(t('parts.history.answered')).waitFor()
    await clean(office)
  })

  it('tells whoever has a link that does not work what to do', async () => {
    const { page, t } = customer
    customer.expects(404, '/api/v1/approvals/')
    await page.goto('/approve/nobody-was-given-this')
    await page.getByRole('heading', { level: 1, name: t('approve.gone') }).waitFor()
    await clean(customer)
  })
})
