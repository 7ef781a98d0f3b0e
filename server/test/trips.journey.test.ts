import { addMonths, dateIn, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  pick,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

const today = () => dateIn('Europe/Amsterdam', new Date())

describe('ritten op de telefoon', () => {
  let journeys: Journeys
  let visit: Visit
  let firm: string
  beforeAll(async () => {
    journeys = await startJourneys()
    firm = (await setUpSample(journeys.base, 'nl')).firm as string
    visit = await journeys.visit({
      language: 'nl',
      width: windowWidth.phone,
      height: 844,
      as: samplePeople.noor,
    })
  })
  afterAll(() => journeys?.stop())

  const sheet = () => visit.page.getByRole('dialog')
  const field = (word: string) => sheet().getByRole('textbox', { name: visit.t(word) })
  const place = (word: string) => sheet().getByRole('combobox', { name: visit.t(word), exact: true })
  const save = () =>
    sheet()
      .getByRole('button', { name: visit.t('trips.save') })
      .click()
  const row = (text: string | RegExp) => visit.page.getByRole('row').filter({ hasText: text })

  it('staan in het dok, per maand, met de kilometers per soort', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/time`)
    await page
      .getByRole('navigation', { name: t('frame.dock') })
      .getByRole('link', { name: t('frame.trips') })
      .click()
    await page.getByRole('heading', { level: 1, name: t('trips.title') }).waitFor()
    const last = startOfMonth(addMonths(today(), -1)).slice(0, 7)
    await page.getByRole('button', { name: t('trips.previous') }).click()
    await page.waitForURL((url) => url.searchParams.get('month') === last)
    const totals = page.getByRole('group', { name: t('trips.totals') })
    await totals.getByText(t('trips.kind.commute')).waitFor()
    await totals.getByText(t('trips.kind.business')).waitFor()
    await isSound(page)
    await page.getByRole('button', { name: t('trips.next') }).click()
  })

  it('zeggen bij het veld wat er niet klopt, en vergeten niets', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('trips.new') }).click()
    await save()
    await sheet().getByText(t('trips.from.missing')).waitFor()
    await sheet().getByText(t('trips.distance.missing')).waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.name')).toBe('from')
    await place('trips.from').fill('Utrecht CS')
    await place('trips.to').fill('Amersfoort')
    for (const [typed, word] of [
      ['ver', 'trips.distance.notUnderstood'],
      ['0', 'trips.distance.nothing'],
      ['18,44', 'trips.distance.decimals'],
      ['50000', 'trips.distance.tooLong'],
    ] as const) {
      await field('trips.distance').fill(typed)
      await save()
      await sheet().getByText(t(word)).waitFor()
      await expect.poll(() => field('trips.distance').inputValue()).toBe(typed)
    }
    await expect.poll(() => place('trips.to').inputValue()).toBe('Amersfoort')
    await isSound(page)
  })

  it('tellen heen en terug dubbel, en bewaren de afstand bij de debiteur', async () => {
    const { page, t } = visit
    await field('trips.distance').fill('18,4')
    await sheet()
      .getByRole('checkbox', { name: t('trips.return') })
      .check()
    await sheet()
      .getByText(t('trips.return.sum', { km: '18,4', total: '36,8' }))
      .waitFor()
    await pick(page, sheet().getByRole('combobox', { name: t('trips.project') }), 'Serviceportaal')
    const keep = sheet().getByRole('checkbox', { name: t.like('trips.remember') })
    await keep.check()
    const billable = sheet().getByRole('checkbox', { name: t('trips.billable') })
    await expect.poll(() => billable.isChecked()).toBe(true)
    await sheet()
      .getByRole('radio', { name: t('trips.kind.private') })
      .check({ force: true })
    await expect.poll(() => billable.isChecked()).toBe(false)
    expect(await billable.isDisabled()).toBe(true)
    await sheet().getByText(t('trips.reimbursable.private')).waitFor()
    await sheet()
      .getByRole('radio', { name: t('trips.kind.business') })
      .check({ force: true })
    await save()
    await row('vanaf Utrecht CS').getByText('36,8').waitFor()
    await expect.poll(() => sheet().count()).toBe(0)
  })

  it('stellen de bewaarde afstand voor, ook de andere kant op', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('trips.new') }).click()
    await place('trips.from').fill('amers')
    await page.getByRole('option', { name: 'Amersfoort' }).click()
    await place('trips.to').fill('utrecht cs')
    await expect.poll(() => field('trips.distance').inputValue()).toBe('18,4')
    await sheet().getByText(t('trips.distance.before')).waitFor()
    await pick(page, sheet().getByRole('combobox', { name: t('trips.project') }), 'Serviceportaal')
    await sheet().getByText(t.like('trips.distance.stored')).waitFor()
    await page.keyboard.press('Escape')
  })

  it('worden met één aanraking vandaag herhaald, en dat gaat terug', async () => {
    const { page, t } = visit
    const again = page.getByRole('button', { name: t('trips.again', { from: 'Utrecht CS', to: 'Amersfoort' }) })
    await again.first().click()
    await expect.poll(() => row('vanaf Utrecht CS').count()).toBe(2)
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await expect.poll(() => row('vanaf Utrecht CS').count()).toBe(1)
  })

  it('worden gewijzigd en verwijderd, en komen terug', async () => {
    const { page, t } = visit
    await row('vanaf Utrecht CS').getByText('Amersfoort').click()
    await field('trips.note').fill('Langs de A28')
    await save()
    await expect.poll(() => sheet().count()).toBe(0)
    await row('vanaf Utrecht CS').getByText('Amersfoort').click()
    await expect.poll(() => field('trips.note').inputValue()).toBe('Langs de A28')
    await sheet()
      .getByRole('button', { name: t('trips.delete') })
      .click()
    await expect.poll(() => row('vanaf Utrecht CS').count()).toBe(0)
    await page
      .getByRole('button', { name: t('parts.undo') })
      .last()
      .click()
    await row('vanaf Utrecht CS').waitFor()
  })
})

describe('vehicles and rates per kilometre in the office', () => {
  let journeys: Journeys
  let visit: Visit
  let firm: string
  beforeAll(async () => {
    journeys = await startJourneys()
    firm = (await setUpSample(journeys.base, 'en')).firm as string
    visit = await journeys.visit({ language: 'en', as: samplePeople.sanne })
  })
  afterAll(() => journeys?.stop())

  const dialog = () => visit.page.getByRole('dialog')

  it('are found under Settings', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings`)
    await page.getByRole('link', { name: t('settings.vehicles') }).click()
    await page.getByRole('row').filter({ hasText: 'ND-412-K' }).waitFor()
    await isSound(page)
  })

  it('a vehicle is made, refused with a plate that another has, and archived', async () => {
    const { page, t, expects } = visit
    await page.getByRole('button', { name: t('vehicles.new') }).click()
    await dialog()
      .getByRole('textbox', { name: t('vehicles.name') })
      .fill('Van')
    const plate = dialog().getByRole('textbox', { name: t('vehicles.plate') })
    await plate.fill('nd412k')
    expects(422, '/api/v1/vehicles')
    await dialog()
      .getByRole('button', { name: t('vehicles.save') })
      .click()
    await dialog().getByText('ND412K belongs to Company car.').waitFor()
    await plate.fill('vb-12-xs')
    await dialog()
      .getByRole('button', { name: t('vehicles.save') })
      .click()
    const row = page.getByRole('row').filter({ hasText: 'VB-12-XS' })
    await row.getByText('Van').click()
    await isSound(page)
    await dialog()
      .getByRole('button', { name: t('parts.shelf.archive') })
      .click()
    await expect.poll(() => row.count()).toBe(0)
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await row.waitFor()
  })

  it('a rate holds from its day and is refused twice for one', async () => {
    const { page, t, expects } = visit
    await page.goto(`/f/${firm}/settings/km-rates`)
    const everybody = page.getByRole('region', { name: t('km-rates.firm') }).first()
    await everybody.getByText('0.40').waitFor()
    await isSound(page)
    const amount = everybody.getByRole('textbox', { name: t('km-rates.amount') })
    await amount.fill('0.425')
    await everybody.getByRole('button', { name: t('km-rates.add') }).click()
    await everybody.getByText('0.425').waitFor()
    await amount.fill('0.50')
    expects(422, '/api/v1/km-rates')
    await everybody.getByRole('button', { name: t('km-rates.add') }).click()
    await everybody.getByText(/There is a rate from/).waitFor()
    // The field that is wrong has the focus, and its calendar is open.
    await page.keyboard.press('Escape')
    const customers = page.getByRole('region', { name: t('km-rates.customers') })
    await customers.getByText('Kessler Maschinenbau GmbH').waitFor()
    await customers.getByRole('button', { name: t('km-rates.addException') }).click()
    await pick(page, customers.getByRole('combobox', { name: t('km-rates.customer') }), 'Van Dalen')
    await customers.getByRole('textbox', { name: t('km-rates.amount') }).fill('0.3')
    await customers.getByRole('button', { name: t('km-rates.add') }).click()
    await customers.getByRole('row').filter({ hasText: 'Van Dalen' }).getByText('0.30').waitFor()
    await customers
      .getByRole('row')
      .filter({ hasText: 'Van Dalen' })
      .getByRole('button', { name: t('km-rates.takeBack') })
      .click()
    await expect.poll(() => customers.getByRole('row').filter({ hasText: 'Van Dalen' }).count()).toBe(0)
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await customers.getByRole('row').filter({ hasText: 'Van Dalen' }).waitFor()
  })

  it('the distances of a customer stand on its page', async () => {
    const { page, t, expects } = visit
    await page.goto(`/f/${firm}/customers`)
    await page.getByRole('row').filter({ hasText: 'Van Dalen Techniek' }).getByText('Van Dalen').click()
    await page.getByText('Industrieweg 14, Utrecht').first().waitFor()
    await page.getByRole('button', { name: t('trips.stored.add') }).click()
    await dialog()
      .getByRole('textbox', { name: t('trips.from') })
      .fill('industrieweg 14, utrecht')
    await dialog()
      .getByRole('textbox', { name: t('trips.to') })
      .fill('Kadestraat 12, Utrecht')
    await dialog()
      .getByRole('textbox', { name: t('trips.distance') })
      .fill('8')
    expects(422, '/api/v1/distances')
    await dialog()
      .getByRole('button', { name: t('trips.stored.add') })
      .click()
    await dialog().getByText('7.6 km is kept for these places already.').waitFor()
    await dialog()
      .getByRole('textbox', { name: t('trips.to') })
      .fill('Zwolle')
    await dialog()
      .getByRole('textbox', { name: t('trips.distance') })
      .fill('88')
    await dialog()
      .getByRole('button', { name: t('trips.stored.add') })
      .click()
    await page.getByRole('cell', { name: '88.0' }).waitFor()
    await isSound(page)
  })

  it('a trip that somebody else changed shows both versions', async () => {
    const { page, t, expects } = visit
    const month = startOfMonth(addMonths(today(), -1)).slice(0, 7)
    await page.goto(`/f/${firm}/trips?month=${month}`)
    const first = page.getByRole('row').filter({ hasText: 'Nordhorn' })
    await first.getByText('Nordhorn').click()
    await dialog()
      .getByRole('textbox', { name: t('trips.note') })
      .fill('Mine')
    const id = new URL(page.url()).searchParams.get('trip') as string
    const read = await visit.context.request.get(`/api/v1/trips/${id}`, { headers: { 'uurwerk-firm': firm } })
    const { version } = (await read.json()) as { version: number }
    const changed = await visit.context.request.patch(`/api/v1/trips/${id}`, {
      headers: { 'uurwerk-firm': firm, 'if-match': `"${version}"`, origin: journeys.base },
      data: { distanceKm: '170.0' },
    })
    expect(changed.status()).toBe(200)
    expects(409, '/api/v1/trips/')
    await dialog()
      .getByRole('button', { name: t('trips.save') })
      .click()
    await dialog().getByText(t('parts.stale.title')).waitFor()
    await dialog().getByRole('cell', { name: '170.0 km' }).waitFor()
    await isSound(page)
    await dialog()
      .getByRole('button', { name: t('parts.stale.mine') })
      .click()
    await first.getByText('340.0').waitFor()
  })
})
