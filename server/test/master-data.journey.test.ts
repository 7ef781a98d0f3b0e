import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passwordField,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

/** Forms and the page itself: what of them stands beyond the right edge. */
const tooWide = `[...document.querySelectorAll('html, main, main form, main fieldset')]
  .filter((node) => node.scrollWidth > node.clientWidth + 1)
  .map((node) => node.outerHTML.slice(0, 120))`

async function isSoundInside(page: Page): Promise<void> {
  await isSound(page)
  expect(await page.evaluate(tooWide), page.url()).toEqual([])
}

interface Named {
  readonly id: string
  readonly name: string
}

describe('stamgegevens', () => {
  let journeys: Journeys
  let sanne: TestPerson
  let visit: Visit
  let firm: string
  let project: Named
  let customer: Named
  beforeAll(async () => {
    journeys = await startJourneys()
    sanne = await setUpSample(journeys.base, 'nl')
    firm = sanne.firm as string
    visit = await journeys.visit({ language: 'nl', as: samplePeople.sanne })
    const { rows } = await sanne.good<{ rows: (Named & { customerId: string | null; invoicingMethod: string })[] }>(
      'GET',
      '/projects?limit=100',
    )
    const found = rows.find(({ customerId, invoicingMethod }) => customerId && invoicingMethod === 'hourly-activity')
    project = found as Named
    customer = await sanne.good<Named>('GET', `/customers/${found?.customerId}`)
  })
  afterAll(() => journeys?.stop())

  const open = async (path: string, title: string | RegExp) => {
    await visit.page.goto(`/f/${firm}/${path}`)
    await visit.page.getByRole('heading', { level: 1, name: title }).waitFor()
  }
  const dialog = () => visit.page.getByRole('dialog')
  const field = (word: string, within: Locator | Page = visit.page) =>
    within.getByRole('textbox', { name: visit.t(word), exact: true })
  const press = (word: string, within: Locator | Page = visit.page) =>
    within
      .getByRole('button', { name: visit.t(word), exact: true })
      .first()
      .click()
  const choose = async (label: string, option: string) => {
    await visit.page.getByRole('combobox', { name: visit.t(label), exact: true }).click()
    await visit.page.getByRole('option', { name: option, exact: true }).click()
  }

  it('van een debiteur zijn ook contactpersonen, en een afronding die zegt wat zij doet', async () => {
    const { page, t } = visit
    await open(`customers/${customer.id}`, customer.name)
    await press('customers.contacts.new')
    await field('customers.contacts.name', dialog()).fill('Els de Wit')
    await dialog()
      .getByRole('checkbox', { name: t('customers.contacts.approves') })
      .check()
    visit.expects(422, '/api/v1/contacts')
    await press('customers.contacts.create', dialog())
    await dialog().getByText('vul een adres in').waitFor()
    await field('customers.email', dialog()).fill('els@wit.example')
    await press('customers.contacts.create', dialog())
    await page.getByRole('link', { name: 'els@wit.example' }).waitFor()
    await page.getByText(t('customers.contacts.approves.short')).waitFor()

    await choose('customers.rounding', t('customers.rounding.step', { step: '0:15' }))
    await page.getByText(t('customers.rounding.example', { from: '7:52', to: '8:00' })).waitFor()
    await choose('customers.rounding.direction', t('customers.rounding.down'))
    await page.getByText(t('customers.rounding.example', { from: '7:52', to: '7:45' })).waitFor()
    await field('customers.iban').fill('NL91 ABNA 0417 1643 01')
    visit.expects(422, '/api/v1/customers/')
    await press('customers.save')
    await page.getByText('zit een typefout').waitFor()
    await field('customers.iban').fill('NL91 ABNA 0417 1643 00')
    await press('customers.save')
    await page.getByText(t('customers.saved', { name: customer.name })).waitFor()
    await isSoundInside(page)
  })

  it('met geschiedenis worden gearchiveerd in plaats van verwijderd', async () => {
    const { page, t } = visit
    visit.expects(409, '/api/v1/customers/')
    await press('parts.shelf.more')
    await page.getByRole('menuitem', { name: t('parts.shelf.delete') }).click()
    const refusal = page.getByRole('region', { name: t('parts.messages') })
    await refusal.getByText('kan dus niet worden verwijderd').waitFor()
    await press('parts.shelf.archive', refusal)
    await page.getByText(t('customers.archived.yes')).first().waitFor()
    await page.keyboard.press('Control+z')
    await expect
      .poll(async () => (await sanne.good<{ archived: boolean }>('GET', `/customers/${customer.id}`)).archived)
      .toBe(false)
  })

  it('van een project zijn ook managers, en een budget dat zegt wat er nog is', async () => {
    const { page, t } = visit
    await open(`projects/${project.id}`, project.name)
    await field('projects.budget.hours').fill('10')
    await field('projects.budget.money').fill('100000')
    await field('projects.budget.warning').fill('130')
    await press('projects.save')
    await page.getByText(t('projects.budget.warning.wrong')).waitFor()
    await field('projects.budget.warning').fill('75')
    const managers = page.getByRole('combobox', { name: t('projects.managers') })
    await managers.click()
    await page.getByRole('option', { name: /Joris/ }).click()
    await page.keyboard.press('Escape')
    await press('projects.save')
    await page.getByText(t('projects.saved', { name: project.name })).waitFor()
    const budget = page.locator('section').filter({ has: page.getByRole('heading', { name: t('projects.budget') }) })
    await budget.getByText(t('projects.budget.over')).first().waitFor()
    await isSoundInside(page)
  })

  it('van een tarief zeggen voor het opslaan wat er verandert', async () => {
    const { page, t } = visit
    const { rows } = await sanne.good<{ rows: Named[] }>('GET', '/activities?limit=100')
    const activity = rows[0] as Named
    await open(`settings/activities/${activity.id}`, activity.name)
    await field('activities.rate.from').fill('1-2-2025')
    await field('activities.rate.from').press('Tab')
    await field('activities.rate.amount').fill('999')
    await page.getByRole('status').filter({ hasText: '€' }).filter({ hasText: '→' }).waitFor()
    await isSoundInside(page)
    await page
      .getByRole('button', { name: t('activities.rate.takeBack') })
      .first()
      .click()
    await dialog().getByRole('status').filter({ hasText: '€' }).waitFor()
    await isSoundInside(page)
    await press('parts.cancel', dialog())
  })

  it('zijn ook teams en labels', async () => {
    const { page, t } = visit
    await open('settings/teams', t('teams.title'))
    await page.keyboard.press('n')
    await field('teams.name', dialog()).fill('Bouw')
    await dialog()
      .getByRole('combobox', { name: t('teams.members') })
      .click()
    await page.getByRole('option', { name: /Noor/ }).click()
    await page.keyboard.press('Tab')
    await press('teams.create', dialog())
    await page.getByRole('row').filter({ hasText: 'Bouw' }).filter({ hasText: 'Noor' }).waitFor()
    await isSoundInside(page)
    await open('settings/tags', t('tags.title'))
    await press('tags.new')
    await field('tags.name', dialog()).fill('Garantie')
    await press('tags.create', dialog())
    await page.getByRole('row').filter({ hasText: 'Garantie' }).click()
    await field('tags.name', dialog()).fill('Nazorg')
    await press('tags.save', dialog())
    await page.getByRole('row').filter({ hasText: 'Nazorg' }).waitFor()
    await isSoundInside(page)
  })

  it('van mensen zijn rollen naast elkaar, dienstverband en contracturen per weekdag', async () => {
    const { page, t } = visit
    await open('settings/people', t('people.title'))
    await press('people.matrix')
    await dialog()
      .getByRole('row')
      .filter({ hasText: t('people.may.approve') })
      .waitFor()
    await isSoundInside(page)
    await page.keyboard.press('Escape')
    await page.getByRole('row').filter({ hasText: 'Noor Haddad' }).click()
    await page.getByRole('heading', { level: 1, name: /Noor/ }).waitFor()
    await field('people.number').fill('017')
    await press('people.contract.add')
    const newest = page.getByRole('group', { name: t.like('people.contract.row') }).last()
    await field('people.contract.wednesday', newest).fill('4:30')
    await field('people.contract.friday', newest).fill('veel')
    await newest.getByText(t('people.contract.wrong')).waitFor()
    await field('people.contract.friday', newest).fill('')
    await press('people.save')
    await page.getByText(t.like('people.saved')).waitFor()
    await isSoundInside(page)
  })

  it('een vergeten wachtwoord krijgt een link van de beheerder', async () => {
    const { t } = visit
    await press('people.reset')
    const link =
      (await dialog()
        .getByRole('status', { name: t('people.reset.link') })
        .textContent()) ?? ''
    await press('people.done', dialog())
    const noor = await journeys.visit({ language: 'nl', width: windowWidth.phone, height: 844 })
    await noor.page.goto('/sign-in')
    await noor.page.getByRole('link', { name: t('sign-in.forgot') }).click()
    await noor.page.getByText(t('reset.noMail')).waitFor()
    await isSoundInside(noor.page)
    await noor.page.goto(new URL(link.trim()).pathname)
    await passwordField(noor.page, t('reset.password')).fill('een heel nieuw woord')
    await isSoundInside(noor.page)
    await noor.page.getByRole('button', { name: t('reset.save') }).click()
    await noor.page.waitForURL((url) => url.pathname.startsWith(`/f/${firm}`))

    await noor.page.goto(`/f/${firm}/profile`)
    await noor.page.getByText('017').waitFor()
    await isSoundInside(noor.page)
    await passwordField(noor.page, t('profile.password.current')).fill('een heel nieuw woord')
    await passwordField(noor.page, t('profile.password.next')).fill('noordkade-demo')
    await noor.page.getByRole('button', { name: t('profile.password.save') }).click()
    await noor.page.getByText(t('profile.password.saved')).waitFor()
    await noor.context.close()
  })

  it('zijn te lezen op de telefoon', async () => {
    const phone = await journeys.visit({
      language: 'nl',
      width: windowWidth.phone,
      height: 844,
      as: samplePeople.sanne,
    })
    const person = (await sanne.good<{ rows: Named[] }>('GET', '/people')).rows.find(({ name }) =>
      name.includes('Noor'),
    )
    for (const path of [
      `customers/${customer.id}`,
      `projects/${project.id}`,
      'settings/teams',
      'settings/tags',
      `settings/people/${person?.id}`,
    ]) {
      await phone.page.goto(`/f/${firm}/${path}`)
      await phone.page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => phone.page.locator('[aria-busy=true]').count()).toBe(0)
      await isSoundInside(phone.page)
    }
    await phone.context.close()
  })
})
