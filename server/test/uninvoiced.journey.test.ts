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
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

let journeys: Journeys
let firm: string
beforeAll(async () => {
  journeys = await startJourneys()
  firm = (await setUpSample(journeys.base, 'nl')).firm as string
})
afterAll(() => journeys?.stop())

const walks = [
  ['in het Nederlands, aan een bureau', 'nl', windowWidth.desktop],
  ['in English, on a telephone', 'en', windowWidth.phone],
] as const

describe.each(walks)('what is uninvoiced becomes an invoice %s', (_, language, width) => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language, width, height: 900, as: samplePeople.sanne })
  })
  const project = language === 'nl' ? 'Intranet' : 'Onderhoud'

  it('shows what waits, with its age', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/overviews/uninvoiced`)
    await page.getByRole('heading', { level: 1, name: t('uninvoiced.title') }).waitFor()
    await page.getByRole('row').filter({ hasText: project }).first().waitFor()
    await isSound(visit.page)
  })

  it('makes a draft of one project, and what it holds is no longer waiting', async () => {
    const { page, t } = visit
    const row = page.getByRole('row').filter({ hasText: project }).first()
    await row.getByRole('checkbox').check()
    await page.getByRole('button', { name: t('uninvoiced.invoice', { count: 1, shown: '1' }) }).click()
    const made = page.getByRole('dialog')
    await made.getByRole('heading', { name: t('uninvoiced.made.title', { count: 1, shown: '1' }) }).waitFor()
    await isSound(visit.page)
    await made.getByRole('link', { name: t('uninvoiced.made.open') }).click()
    await page.waitForURL(/\/invoices\/[0-9a-f-]+$/)
    await page.getByText(project).first().waitFor()
    await page.goto(`/f/${firm}/overviews/uninvoiced`)
    await page.getByRole('row').filter({ hasText: 'Van Dalen' }).first().waitFor()
    expect(await page.getByRole('row').filter({ hasText: project }).count()).toBe(0)
  })

  it('says of a day on which nothing waited that everything was invoiced', async () => {
    const { page } = visit
    await page.goto(`/f/${firm}/overviews/uninvoiced?asAt=2020-01-01`)
    await page.getByRole('link', { name: visit.t('uninvoiced.empty.action') }).waitFor()
    await isSound(visit.page)
  })
})
