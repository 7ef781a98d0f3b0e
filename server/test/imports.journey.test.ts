import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passAMinute,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { connectSandbox, samplePeople, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
passAMinute()
stopAtFirstFailure()

interface Customer {
  readonly id: string
  readonly number: string | null
  readonly name: string
  readonly version: number
  readonly paymentDays: number | null
  readonly vatCaseConfirmed: boolean
  readonly inPackage: { readonly code: string | null } | null
}

let journeys: Journeys
let sanne: TestPerson
let firm: string
let connectionId: string
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  connectionId = await connectSandbox(sanne)
  // Not as the package has it: one without a number, one with another term while work is under way.
  await change('Kessler', { number: null })
  await change('Van Dalen', { paymentDays: 8 })
  await sanne.good('POST', '/customers', { name: 'Bakkerij Zon', country: 'NL' })
})
afterAll(() => journeys?.stop())

const customer = async (name: string): Promise<Customer> => {
  const { rows } = await sanne.good<{ rows: Customer[] }>('GET', `/customers?search=${encodeURIComponent(name)}`)
  return rows[0] as Customer
}
const change = async (name: string, body: object) => {
  const { id, version } = await customer(name)
  await sanne.good('PATCH', `/customers/${id}`, body, { 'if-match': `"${version}"` })
}

describe('debiteuren komen uit het pakket', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 1000, as: samplePeople.sanne })
  })
  const section = (): Locator => visit.page.getByRole('region', { name: visit.t('apps.import') })

  it('elke nacht, met een schakelaar en een tijd', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/connections/${connectionId}`)
    await section()
      .getByRole('switch', { name: t('imports.nightly') })
      .click()
    await page.getByText(t('imports.nightly.on')).waitFor()
    await section().getByText(t.like('imports.nightly.next')).waitFor()
    const time = section().getByLabel(t('imports.nightly.at'))
    await expect.poll(() => time.inputValue()).toBe('04:00')
    await time.fill('2.30')
    await time.press('Enter')
    await page.getByText(t('imports.nightly.saved', { at: '02:30' })).waitFor()
    await isSound(page)
  })

  it('en nu meteen; wat niemand weet blijft staan', async () => {
    const { page, t } = visit
    await section()
      .getByRole('button', { name: t('apps.import.now') })
      .click()
    const waits = section().getByRole('link', { name: t('imports.wait.conflicts', { count: 1 }) })
    await waits.waitFor({ timeout: 60_000 })
    await isSound(page)
    await waits.click()
    const card = page.getByRole('article', { name: 'Kessler Maschinenbau GmbH' })
    await card
      .getByText(/zelfde btw-nummer/)
      .first()
      .waitFor()
    await isSound(page)
    await card.getByRole('button', { name: t('imports.conflict.isThis') }).focus()
    await page.keyboard.press('Enter')
    await page.getByText(t('imports.conflicts.none.title')).waitFor()
    await isSound(page)
    expect(await customer('Kessler')).toMatchObject({ number: '10017', inPackage: { code: '10017' } })
  })

  it('een andere termijn onder lopend werk wordt voorgesteld en overgenomen', async () => {
    const { page, t } = visit
    await page.getByRole('radio', { name: new RegExp(`^${t('imports.proposals')}`) }).click()
    const row = page.getByRole('row', { name: /Van Dalen/ })
    await row.waitFor()
    await isSound(page)
    await row.getByRole('checkbox').check()
    await page.getByRole('button', { name: t('imports.proposals.accept') }).click()
    await page.getByText(t('imports.proposals.accepted', { count: 1 })).waitFor()
    await page.getByText(t('imports.proposals.none.title')).waitFor()
    expect(await customer('Van Dalen')).toMatchObject({ paymentDays: 30 })
    await page.getByRole('radio', { name: t('imports.settled') }).click()
    await page.getByText(t('imports.proposal.accepted'), { exact: true }).waitFor()
    await isSound(page)
  })

  it('een afgeleid btw-geval wordt één keer bevestigd', async () => {
    const { page, t } = visit
    await page.getByRole('radio', { name: new RegExp(`^${t('imports.vatCases')}`) }).click()
    const row = page.getByRole('row', { name: /Bakkerij Zon/ })
    await row.waitFor()
    await isSound(page)
    await row.getByRole('checkbox').check()
    await page.getByRole('button', { name: t('imports.vatCases.confirm', { count: 1 }) }).click()
    await page.getByText(t('imports.vatCases.none.title')).waitFor()
    expect(await customer('Bakkerij Zon')).toMatchObject({ vatCaseConfirmed: true })
  })

  it('of met één klik waar staat wat vandaag mis zou gaan', async () => {
    const { page, t } = visit
    await sanne.good('POST', '/customers', { name: 'Slagerij Maan', country: 'NL' })
    await page.goto(`/f/${firm}/settings/connections/${connectionId}`)
    const gap = page
      .getByRole('region', { name: t('apps.gaps') })
      .getByRole('listitem')
      .filter({ hasText: 'Slagerij Maan' })
    await gap.first().waitFor({ timeout: 60_000 })
    await isSound(page)
    await gap.getByRole('button', { name: t.like('customers.vatCase.confirm') }).click()
    await page.getByText(t('customers.vatCase.confirmed', { customer: 'Slagerij Maan' })).waitFor({ timeout: 60_000 })
    expect(await customer('Slagerij Maan')).toMatchObject({ vatCaseConfirmed: true })
  })

  it('de debiteur zegt waar de velden vandaan komen, en welke hier niet te wijzigen zijn', async () => {
    const { page, t } = visit
    const { id } = await customer('Kessler')
    await page.goto(`/f/${firm}/customers/${id}`)
    await page.getByText(t('customers.led.title', { package: 'Exact Online' })).waitFor()
    expect(await page.getByLabel(t('customers.name'), { exact: false }).first().getAttribute('readonly')).not.toBeNull()
    await isSound(page)
  })

  it('tot Uurwerk leidend is', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/connections/${connectionId}`)
    await section()
      .getByRole('radio', { name: t('imports.leader.uurwerk') })
      .click()
    await page.getByText(t('imports.leader.saved.uurwerk')).waitFor()
    const { id } = await customer('Kessler')
    await page.goto(`/f/${firm}/customers/${id}`)
    await page.getByText(t('customers.linked.title', { package: 'Exact Online' })).waitFor()
    expect(await page.getByLabel(t('customers.name'), { exact: false }).first().getAttribute('readonly')).toBeNull()
  })
})

describe('imports on a telephone', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'en', width: windowWidth.phone, height: 844, as: samplePeople.sanne })
  })

  it('are found by a filter, and say who started them', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/imports?startedBy=night`)
    await page.getByText(t('imports.noneFound.title')).waitFor()
    await isSound(page)
    await page.getByRole('button', { name: t('imports.noneFound.clear') }).click()
    await page
      .getByText(t('imports.kind.customers', { package: 'Exact Online' }))
      .first()
      .click()
    await page.getByText(/· Sanne/).waitFor()
    await isSound(page)
  })

  it('show what was decided', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/imports/conflicts?settled=true`)
    await page.getByText(t('imports.conflict.state.resolved'), { exact: true }).waitFor()
    await isSound(page)
  })
})
