import { addDays, startOfWeek, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passAMinute,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
} from '../src/testing/browser.ts'
import { TestPerson } from '../src/testing/program.ts'
import { lastMonth, samplePeople, setUpBooks, setUpSample } from '../src/testing/sample-road.ts'

/** The office closes a month of the sample firm, from weeks that nobody submitted to invoices that are paid in the books. */
watchVisits()
passAMinute()
stopAtFirstFailure()

describe('the end of a month', () => {
  let journeys: Journeys
  let sanne: TestPerson
  let visit: Visit
  let firm: string
  const packageName = 'Exact Online'
  beforeAll(async () => {
    journeys = await startJourneys()
    sanne = await setUpSample(journeys.base, 'nl')
    firm = sanne.firm as string
    const { version } = await sanne.good<{ version: number }>('GET', '/firm')
    const rules = { approval: 'internal', approveOwn: true }
    await sanne.good('PATCH', '/firm', rules, { 'if-match': `"${version}"` })
    await setUpBooks(sanne)
    visit = await journeys.visit({ language: 'nl', as: samplePeople.sanne })
  })
  afterAll(() => journeys?.stop())

  const monthEnd = async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/month-end?month=${lastMonth.from.slice(0, 7)}`)
    await page.getByRole('heading', { level: 1, name: t('month-end.title') }).waitFor()
  }
  const step = (name: string) => visit.page.getByRole('region', { name, exact: true })

  it('begins with who did not submit, and asks them', async () => {
    const { page, t } = visit
    await monthEnd()
    const submitting = step(t('month-end.submitting'))
    await submitting.getByText('Joris Bakker').waitFor()
    await isSound(page)
    await submitting.getByRole('button', { name: t('month-end.askAll', { count: 3 }) }).click()
    await page.getByText(t('month-end.asked', { count: 3 })).waitFor()
  })

  it('shows everybody what the office asked, and goes on when they submitted', async () => {
    const { page, t } = visit
    for (const [name, login] of Object.entries(samplePeople)) {
      const person = name === 'sanne' ? sanne : new TestPerson(journeys.base)
      person.firm = firm
      if (name !== 'sanne') await person.good('POST', '/session', login)
      const { rows } = await person.good<{ rows: { title: string }[] }>('GET', '/notifications')
      expect(rows.filter(({ title }) => /^Weeks? /.test(title)).length).toBe(1)
      for (let monday = startOfWeek(lastMonth.from); monday <= lastMonth.until; monday = addDays(monday, 7)) {
        const { year, week } = weekOf(monday)
        await person.good('POST', `/weeks/${year}/${week}/submission`, {})
      }
    }
    await page.getByRole('button', { name: t('month-end.refresh') }).click()
    await step(t('month-end.submitting')).getByText(t('month-end.submitting.done')).waitFor()
  })

  it('leads to what waits for approval', async () => {
    const { page, t } = visit
    await step(t('month-end.approving'))
      .getByRole('link', { name: t('month-end.approve') })
      .click()
    await page.getByRole('heading', { level: 1, name: t('approvals.title') }).waitFor()
    await page.getByRole('checkbox', { name: t('table.selectAll') }).check()
    await page
      .getByRole('region', { name: t('table.selection') })
      .getByRole('button', { name: t('approvals.approve') })
      .click()
    await page.getByText(t('approvals.empty.title')).waitFor()
    await monthEnd()
    await step(t('month-end.approving')).getByText(t('month-end.approving.done')).waitFor()
  })

  it('leads to what is not invoiced up to the last day of the month', async () => {
    const { page, t } = visit
    await step(t('month-end.invoicing'))
      .getByRole('link', { name: t('month-end.invoice') })
      .click()
    await page.waitForURL(new RegExp(`until=${lastMonth.until}`))
    await page.getByRole('row').filter({ hasText: 'Van Dalen' }).first().waitFor()
    await page.getByRole('checkbox', { name: t('table.selectAll') }).check()
    await page.getByRole('button', { name: t.like('uninvoiced.invoice') }).click()
    await page
      .getByRole('dialog')
      .getByRole('heading', { name: t.like('uninvoiced.made.title') })
      .waitFor()
    await monthEnd()
    await step(t('month-end.invoicing')).getByText(t('month-end.invoicing.done')).waitFor()
  })

  it('leads to the drafts, which are sent at once', async () => {
    const { page, t } = visit
    await step(t('month-end.sending'))
      .getByRole('link', { name: t('month-end.send') })
      .click()
    await page.getByRole('heading', { level: 1, name: t('invoices.title') }).waitFor()
    await page.getByRole('checkbox', { name: t('table.selectAll') }).check()
    await page.getByRole('button', { name: t.like('letters.many.button') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('invoices.send.post'), { exact: true }).click()
    await dialog.getByRole('button', { name: t.like('letters.many.button') }).click()
    await dialog.getByText(t.like('letters.many.done')).waitFor({ timeout: 30_000 })
    await monthEnd()
    await step(t('month-end.sending')).getByText(t('month-end.sending.done')).waitFor()
  })

  it('leads all of them to the preview and into the books', async () => {
    const { page, t } = visit
    const posting = step(t('month-end.postingIn', { package: packageName }))
    await posting.getByRole('button', { name: t('month-end.post') }).click()
    await page.getByText(t('postings.preview.allReady')).waitFor()
    await page.getByRole('button', { name: t('postings.preview.post', { count: 2 }) }).click()
    await page.getByText(t('postings.result.done', { count: 2 })).waitFor({ timeout: 30_000 })
    await monthEnd()
    await step(t('month-end.postingIn', { package: packageName }))
      .getByText(t('month-end.posting.done'))
      .waitFor({ timeout: 30_000 })
    await isSound(page)
  })

  it('ends when the bookkeeper has matched the payments there', async () => {
    const { page, context, t } = visit
    const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', '/connections')
    const { sandboxPage } = await sanne.good<{ sandboxPage: string }>('GET', `/connections/${rows[0]?.id}`)
    const books = await context.newPage()
    await books.goto(new URL(sandboxPage).pathname)
    for (const entry of [0, 1]) {
      const acts = books.getByRole('group').nth(entry)
      await acts.getByText('Doen').click()
      await acts.getByRole('button', { name: 'Geheel betaald' }).click()
      await books.waitForLoadState()
    }
    await books.close()
    await step(t('month-end.paying'))
      .getByRole('button', { name: t('coming-back.books.look.of', { package: packageName }) })
      .click()
    await step(t('month-end.paying')).getByText(t('month-end.paying.done')).waitFor({ timeout: 30_000 })
    await page.getByText(t('month-end.allDone')).waitFor()
    await isSound(page)
  })
})
