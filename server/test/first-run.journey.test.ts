import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Journeys,
  passwordField,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
} from '../src/testing/browser.ts'

/** A firm of one's own, from nothing: itself, its first administrator, a colleague, and something to write hours on. */
watchVisits()
stopAtFirstFailure()

describe('a firm of one’s own', () => {
  let journeys: Journeys
  let visit: Visit
  let invitation = ''
  beforeAll(async () => {
    journeys = await startJourneys()
    visit = await journeys.visit({ language: 'nl' })
  })
  afterAll(() => journeys?.stop())

  it('asks for what is missing, at the field', async () => {
    const { page, t } = visit
    await page.goto('/')
    await page.getByRole('button', { name: t('welcome.firm.start') }).click()
    await page.getByRole('button', { name: t('welcome.firm.button') }).click()
    for (const word of ['welcome.firm.missing', 'welcome.you.nameMissing', 'welcome.you.passwordShort'])
      await page.getByText(t(word)).waitFor()
  })

  it('is made, with its administrator signed in', async () => {
    const { page, t } = visit
    const text = (word: string) => page.getByRole('textbox', { name: t(word), exact: true })
    await text('settings.firm.name').fill('Zeilmakerij Oost')
    await text('settings.firm.vatId').fill('NL000099998B57')
    await text('welcome.you.name').fill('Iris Oost')
    await page
      .getByRole('textbox', { name: t('welcome.you.email'), exact: true })
      .last()
      .fill('iris@oost.example')
    await passwordField(page, t('welcome.you.password')).fill('zeilen op het IJ')
    await page.getByRole('button', { name: t('welcome.firm.button') }).click()
    await page.getByRole('button', { name: t('frame.firm', { firm: 'Zeilmakerij Oost' }) }).waitFor()
    await page.getByRole('heading', { level: 1, name: t('time.title') }).waitFor()
  })

  it('invites a colleague, by a link when there is no mail server', async () => {
    const { page, t } = visit
    await page
      .getByRole('navigation', { name: t('frame.main') })
      .getByRole('link', { name: t('frame.settings') })
      .click()
    await page
      .getByRole('main')
      .getByRole('link', { name: new RegExp(`^${t('settings.people')}`) })
      .click()
    await page.getByRole('button', { name: t('people.invite') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: t('people.name'), exact: true }).fill('Bram Kok')
    await dialog.getByRole('textbox', { name: t('people.email'), exact: true }).fill('bram@oost.example')
    await dialog.getByRole('checkbox', { name: t('people.role.employee') }).check()
    await dialog.getByRole('button', { name: t('people.invite.button'), exact: true }).click()
    const link = page.getByRole('status', { name: t('people.link') })
    await link.waitFor()
    invitation = (await link.textContent()) ?? ''
    expect(invitation).toContain(`${journeys.base}/invite/`)
    await page.getByRole('button', { name: t('people.done') }).click()
    await page
      .getByRole('row')
      .filter({ hasText: 'Bram Kok' })
      .filter({ hasText: t('people.state.invited') })
      .waitFor()
  })

  it('lets the colleague in, once', async () => {
    const colleague = await journeys.visit({ language: 'nl' })
    const { page, t } = colleague
    await page.goto(invitation)
    await page.getByRole('heading', { level: 1, name: t('invite.title', { firm: 'Zeilmakerij Oost' }) }).waitFor()
    await passwordField(page, t('invite.password.new')).fill('dertien knopen')
    await page.getByRole('button', { name: t('invite.button', { firm: 'Zeilmakerij Oost' }) }).click()
    await page.getByRole('heading', { level: 1, name: t('time.title') }).waitFor()
    const places = page.getByRole('navigation', { name: t('frame.main') }).getByRole('link')
    expect(await places.allTextContents()).not.toContain(t('frame.invoices'))
    colleague.expects(404, '/api/v1/invitations/')
    await page.goto(invitation)
    await page.getByRole('heading', { level: 1, name: t('invite.gone') }).waitFor()
    await colleague.context.close()
  })
})
