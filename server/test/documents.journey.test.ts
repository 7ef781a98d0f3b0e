import { readFile } from 'node:fs/promises'
import type { Download } from 'playwright-core'
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
import { pdfText } from '../src/testing/pdf-text.ts'
import { samplePeople, sendLastMonth, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

const bytesOf = async (download: Download) => new Uint8Array(await readFile(await download.path()))

let journeys: Journeys
let firm: string
let invoice: string
beforeAll(async () => {
  journeys = await startJourneys()
  const sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  // Van Dalen's has neither order number nor reference.
  invoice = (await sendLastMonth(sanne))[1] as string
})
afterAll(() => journeys?.stop())

describe.each([
  ['nl', windowWidth.desktop],
  ['en', windowWidth.phone],
] as const)('the documents of a sent invoice, in %s on a window of %i', (language, width) => {
  let visit: Visit
  const save = async (name: string): Promise<Download> => {
    const saved = visit.page.waitForEvent('download')
    await visit.page.getByRole('button', { name, exact: true }).click()
    return saved
  }
  beforeAll(async () => {
    visit = await journeys.visit({ language, width, height: 900, as: samplePeople.sanne })
    await visit.page.goto(`/f/${firm}/invoices/${invoice}`)
  })

  it('are saved as PDF, with hours and as UBL', async () => {
    const { t } = visit
    const pdf = await save(t('documents.pdf'))
    const [page = []] = pdfText(await bytesOf(pdf))
    expect(page).toContain('Bureau Noordkade B.V.')
    const withHours = await save(t('documents.pdfWithHours'))
    expect(pdfText(await bytesOf(withHours)).length).toBeGreaterThan(1)
    expect(withHours.suggestedFilename()).toMatch(/^2026-0002 (met uren|with hours)\.pdf$/)
    const ubl = await save(t('documents.ubl'))
    expect(ubl.suggestedFilename()).toBe(pdf.suggestedFilename().replace('.pdf', '.xml'))
    expect(Buffer.from(await bytesOf(ubl)).toString()).toContain('<cbc:PayableAmount currencyID="EUR">')
    expect(Buffer.from(await bytesOf(await save(t('documents.pdf')))).equals(await bytesOf(pdf))).toBe(true)
  })

  it('tell by which rules an e-invoice may be refused, and how to mend them', async () => {
    const { page, t } = visit
    await page.getByText(t('documents.broken.sent', { count: 1 })).click()
    await page.getByText('PEPPOL-EN16931-R003').waitFor()
    await isSound(page)
  })
})
