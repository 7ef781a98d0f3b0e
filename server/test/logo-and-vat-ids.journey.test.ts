import type { Page } from 'playwright-core'
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
import { pngOf } from '../src/testing/picture.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'
import { type SimulatedVies, simulateVies } from '../src/testing/vies.ts'

watchVisits()
stopAtFirstFailure()

let journeys: Journeys
let vies: SimulatedVies
let sanne: TestPerson
let firm: string
let kessler: string
let draft: string
beforeAll(async () => {
  vies = await simulateVies()
  journeys = await startJourneys({ VIES_URL: vies.url })
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  const { rows } = await sanne.good<{ rows: { id: string; name: string }[] }>('GET', '/customers')
  kessler = rows.find(({ name }) => name.startsWith('Kessler'))?.id ?? ''
  const made = await sanne.good<{ id: string; version: number }>('POST', '/invoices', { customerId: kessler })
  draft = made.id
  const line = { description: 'Consultancy', quantity: '2', unit: 'hour', unitPrice: '110' }
  await sanne.good('POST', `/invoices/${draft}/lines`, line, { 'if-match': `"${made.version}"` })
})
afterAll(async () => {
  await journeys?.stop()
  await vies?.close()
})

const picture = (name: string, buffer: Buffer, mimeType = 'image/png') => ({ name, mimeType, buffer })
const choose = (page: Page, file: ReturnType<typeof picture>) => page.locator('input[type=file]').setInputFiles(file)

describe('het logo van het bedrijf', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', as: samplePeople.sanne })
  })

  it('wordt geweigerd als het geen afbeelding is die op een factuur kan', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/firm`)
    await page.getByText(t('settings.logo.none')).waitFor()
    visit.expects(422, '/api/v1/firm/logo')
    await choose(page, picture('logo.pdf', Buffer.from('%PDF-1.7'), 'application/pdf'))
    await page.getByText('Een logo is een PNG of een JPEG.', { exact: false }).waitFor()
    await isSound(page)
  })

  it('wordt van een tekening een afbeelding', async () => {
    const { page, t } = visit
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30"><rect width="120" height="30" fill="#14716a"/></svg>'
    await choose(page, picture('logo.svg', Buffer.from(drawing), 'image/svg+xml'))
    const logo = page.getByRole('img', { name: t('settings.logo.of', { firm: 'Bureau Noordkade B.V.' }) })
    await logo.waitFor()
    await expect
      .poll(() => logo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(1400)
  })

  it('wordt gekozen terwijl wat in het formulier staat blijft staan', async () => {
    const { page, t } = visit
    await page.getByLabel(t('settings.firm.phone')).fill('030 123 45 67')
    await choose(page, picture('logo.png', pngOf([20, 113, 106], 240, 60)))
    await page.getByText(t('settings.logo.saved')).waitFor()
    await page.getByRole('img', { name: t('settings.logo.of', { firm: 'Bureau Noordkade B.V.' }) }).waitFor()
    await expect.poll(() => page.getByLabel(t('settings.firm.phone')).inputValue()).toBe('030 123 45 67')
    await page.getByRole('button', { name: t('settings.firm.save') }).click()
    await page.getByText(t('settings.firm.saved')).waitFor()
  })

  it('staat op de factuur, en is terug nadat het verwijderd was', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${draft}`)
    const logo = page.locator('article header img')
    await logo.first().waitFor()
    expect(await logo.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(
      240,
    )
    await page.goto(`/f/${firm}/settings/firm`)
    await page.getByRole('button', { name: t('settings.logo.remove') }).click()
    await page.getByText(t('settings.logo.none')).waitFor()
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await page.getByRole('img', { name: t('settings.logo.of', { firm: 'Bureau Noordkade B.V.' }) }).waitFor()
  })
})

describe('het btw-nummer van een debiteur', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', as: samplePeople.sanne })
  })

  it('is nog niet opgezocht, en het concept zegt dat', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${draft}`)
    await page.getByText('nog niet bevestigd', { exact: false }).first().waitFor()
    await page.goto(`/f/${firm}/customers/${kessler}`)
    await page.getByText(t('customers.vies.never')).waitFor()
  })

  it('geen antwoord heet niet ongeldig', async () => {
    const { page, t } = visit
    vies.says('MS_UNAVAILABLE')
    await page.getByRole('button', { name: t('customers.vies.look') }).click()
    await page.getByText('Het register van Duitsland antwoordt nu niet.', { exact: false }).waitFor()
    await page.getByText(t('customers.vies.noAnswer')).waitFor()
  })

  it('is geldig, met naam, adres en raadplegingsnummer, en dan zwijgt het concept', async () => {
    const { page, t } = visit
    vies.says(null)
    vies.register('DE123456788', { name: 'Kessler Maschinenbau GmbH', address: 'Werkstraße 8\n48529 Nordhorn' })
    await page.getByRole('button', { name: t('customers.vies.again') }).click()
    await page.getByText(t('customers.vies.valid'), { exact: true }).waitFor()
    await page.getByText(/^WAPIAAAAtest/).waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/invoices/${draft}`)
    await page.getByRole('article').waitFor()
    expect(await page.getByText('nog niet bevestigd', { exact: false }).count()).toBe(0)
  })
})

describe('on a telephone, in English', () => {
  it('the VAT id is looked up again, and what VIES said before stays when it does not answer', async () => {
    const visit = await journeys.visit({ language: 'en', width: windowWidth.phone, as: samplePeople.sanne })
    const { page, t } = visit
    await page.goto(`/f/${firm}/customers/${kessler}`)
    vies.says('MS_MAX_CONCURRENT_REQ')
    await page.getByRole('button', { name: t('customers.vies.again') }).click()
    await page.getByText('The register of Germany has too many questions now.', { exact: false }).waitFor()
    await page.getByText(t('customers.vies.valid'), { exact: true }).waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/settings/firm`)
    await page.getByRole('button', { name: t('settings.logo.replace') }).waitFor()
    await isSound(page)
  })
})
