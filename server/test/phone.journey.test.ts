import { addDays, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  passwordField,
  pick,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

/** An employee with a telephone: today's hours, and nothing else to do. */
watchVisits()
stopAtFirstFailure()

describe('hours on a phone', () => {
  let journeys: Journeys
  let visit: Visit
  beforeAll(async () => {
    journeys = await startJourneys()
    await setUpSample(journeys.base, 'en')
    visit = await journeys.visit({ language: 'en', width: windowWidth.phone, height: 844 })
  })
  afterAll(() => journeys?.stop())

  const entries = () => visit.page.getByRole('list', { name: visit.t('time.phone.list') }).getByRole('listitem')
  const sheet = () => visit.page.getByRole('dialog')

  it('opens at today after signing in', async () => {
    const { page, t } = visit
    await page.goto('/')
    await page.getByRole('textbox', { name: t('sign-in.email') }).fill(samplePeople.joris.email)
    await passwordField(page, t('sign-in.password')).fill(samplePeople.joris.password)
    await page.getByRole('button', { name: t('sign-in.button') }).click()
    await page.getByRole('heading', { level: 1, name: t('time.today') }).waitFor()
    await page.getByText(t('time.phone.empty')).waitFor()
  })

  it('adds an entry', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('time.phone.add') }).click()
    await pick(page, sheet().getByRole('combobox', { name: t('time.entry.project') }), 'Service portal')
    await pick(page, sheet().getByRole('combobox', { name: t('time.entry.activity') }), 'Development')
    const duration = sheet().getByRole('textbox', { name: t('time.entry.duration') })
    await duration.fill('abc')
    await sheet()
      .getByRole('button', { name: t('time.entry.save') })
      .click()
    await sheet().getByText(t('time.duration.notUnderstood')).waitFor()
    await expect.poll(() => duration.inputValue()).toBe('abc')
    await duration.fill('90m')
    await sheet()
      .getByText(t('time.entry.duration.means', { hours: '1:30' }))
      .waitFor()
    await sheet()
      .getByRole('button', { name: t('time.entry.save') })
      .click()
    await entries().getByRole('button').first().waitFor()
    await expect.poll(() => entries().getByRole('button').first().textContent()).toContain('1:30')
  })

  it('changes it, also with a note', async () => {
    const { t } = visit
    await entries().getByRole('button').first().click()
    await sheet()
      .getByRole('textbox', { name: t('time.entry.duration') })
      .fill('2,25')
    await sheet()
      .getByRole('textbox', { name: t('time.entry.note') })
      .fill('Release with the customer')
    await sheet()
      .getByRole('button', { name: t('time.entry.save') })
      .click()
    await entries().filter({ hasText: '2:15' }).waitFor()
  })

  it('deletes it and takes that back', async () => {
    const { page, t } = visit
    await entries().getByRole('button').first().click()
    await sheet()
      .getByRole('button', { name: t('time.entry.delete') })
      .click()
    await page.getByText(t('time.phone.empty')).waitFor()
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await entries().filter({ hasText: '2:15' }).waitFor()
    await page.reload()
    await entries().filter({ hasText: '2:15' }).waitFor()
  })

  it('looks at another day, and offers what an employee may do', async () => {
    const { page, t } = visit
    const today = dateIn('Europe/Amsterdam', new Date())
    const days = page.getByRole('navigation', { name: t('time.phone.days') }).getByRole('button')
    expect(await days.count()).toBe(7)
    await page.getByRole('button', { name: t('time.previous') }).click()
    await page.waitForURL((url) => url.searchParams.get('day') === addDays(today, -7))
    const dock = page.getByRole('navigation', { name: t('frame.dock') })
    expect(await dock.getByRole('link').allTextContents()).not.toContain(t('frame.invoices'))
  })
})
