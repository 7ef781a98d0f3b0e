import { readFile } from 'node:fs/promises'
import { auditFileFaults } from '@uurwerk/core/bookkeeping/audit-file-schema-for-tests.ts'
import { unzipSync } from 'fflate'
import type { Download } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  isSound,
  type Journeys,
  pressInBar,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import { lastMonth, samplePeople, sendLastMonth, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

const bytesOf = async (download: Download) => new Uint8Array(await readFile(await download.path()))

interface Draft {
  readonly id: string
  readonly version: number
}

let journeys: Journeys
let firm: string
let sent: number
beforeAll(async () => {
  journeys = await startJourneys()
  const sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', '/customers?search=Van%20Dalen')
  const customerId = rows[0]?.id
  // Sent first, since numbers follow the dates; to be paid at once, so that it is late on every day that this is run.
  const head = { dueDate: lastMonth.from }
  let late = await sanne.good<Draft>('POST', '/invoices', { customerId, date: lastMonth.from })
  late = await sanne.good('PATCH', `/invoices/${late.id}`, head, { 'if-match': `"${late.version}"` })
  const line = { description: 'Advies', quantity: '1', unit: 'hour', unitPrice: '104' }
  late = await sanne.good('POST', `/invoices/${late.id}/lines`, line, { 'if-match': `"${late.version}"` })
  await sanne.good('POST', `/invoices/${late.id}/sending`, { how: 'post' }, { 'if-match': `"${late.version}"` })
  sent = 1 + (await sendLastMonth(sanne)).length
  await sanne.good('POST', '/invoices', { customerId })
})
afterAll(() => journeys?.stop())

describe.each([
  ['nl', windowWidth.desktop],
  ['en', windowWidth.phone],
] as const)('invoices that are exported, in %s on a window of %i', (language, width) => {
  let visit: Visit
  const bar = () => visit.page.getByRole('region', { name: visit.t('table.selection') })
  const menu = async (from: 'head' | 'bar', item: string) => {
    const place = from === 'bar' ? bar() : visit.page.getByRole('banner').or(visit.page.locator('header')).last()
    await place.getByRole('button', { name: visit.t('invoice-exports.export') }).click()
    await visit.page.getByRole('menuitem', { name: item }).click()
  }
  const save = async () => {
    // What is in it is made first, by a thread that begins then.
    const saved = visit.page.waitForEvent('download', { timeout: 60_000 })
    await visit.page
      .getByRole('dialog')
      .getByRole('button', { name: visit.t('invoice-exports.download') })
      .click()
    return saved
  }
  beforeAll(async () => {
    visit = await journeys.visit({ language, width, height: 900, as: samplePeople.sanne })
    await visit.page.goto(`/f/${firm}/invoices`)
    await visit.page.getByRole('row').filter({ hasText: 'Van Dalen' }).first().waitFor()
  })

  it('are selected, and go out as one ZIP of their PDFs; the draft among them is named', async () => {
    const { page, t } = visit
    await page.getByRole('grid').getByRole('checkbox').first().check()
    await bar()
      .getByText(t('invoices.selected.drafts', { count: 1 }))
      .waitFor()
    await isSound(page)
    await menu('bar', t('invoice-exports.pdf-zip'))
    const dialog = page.getByRole('dialog', { name: t('invoice-exports.pdf-zip.title', { count: sent }) })
    await dialog.getByText(t('invoice-exports.zip.drafts', { count: 1 })).waitFor()
    await isSound(page)
    const saved = await save()
    expect(saved.suggestedFilename()).toMatch(language === 'nl' ? /^facturen-pdf-.+\.zip$/ : /^invoices-pdf-.+\.zip$/)
    const files = Object.entries(unzipSync(await bytesOf(saved)))
    const pdfs = files.filter(([name]) => name.endsWith('.pdf'))
    expect(pdfs).toHaveLength(sent)
    for (const [, bytes] of pdfs) expect(Buffer.from(bytes.subarray(0, 5)).toString()).toBe('%PDF-')
    const text = files.find(([name]) => name.endsWith('.txt'))
    expect(text?.[0]).toBe(language === 'nl' ? 'Niet in dit bestand.txt' : 'Not in this file.txt')
    await dialog.getByText(t('invoice-exports.done.drafts', { count: 1 })).waitFor()
    await isSound(page)
    await dialog
      .getByRole('button', { name: t('parts.close'), exact: true })
      .last()
      .click()
    await dialog.waitFor({ state: 'detached' })
  })

  it('are an audit file that says it is partial, as XML that a browser reads', async () => {
    const { page, t } = visit
    await menu('bar', t('invoice-exports.xaf'))
    const dialog = page.getByRole('dialog', { name: t('invoice-exports.xaf.title') })
    await dialog.getByText(t('invoice-exports.xaf.partial')).waitFor()
    await isSound(page)
    const saved = await save()
    const xml = Buffer.from(await bytesOf(saved)).toString()
    expect(auditFileFaults(xml)).toEqual([])
    const counted = `(() => {
      const read = new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml')
      return [read.querySelector('parsererror')?.textContent ?? '', read.querySelectorAll('transaction').length]
    })()`
    expect(await page.evaluate(counted)).toEqual(['', sent])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('are reminded of where they are late, each letter read first', async () => {
    const { page, t } = visit
    await pressInBar(visit, /herinnering|reminder/)
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('reminders.send.never')).waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t('parts.back') }).click()
    await dialog.waitFor({ state: 'detached' })
    await bar().waitFor()
  })

  it('go out by keyboard too, and Escape leaves menu and selection one after the other', async () => {
    const { page, t } = visit
    const button = bar().getByRole('button', { name: t('invoice-exports.export') })
    const focusIn = (selector: string) =>
      expect.poll(() => page.evaluate(`document.activeElement.closest('${selector}') !== null`)).toBe(true)
    await button.focus()
    await page.keyboard.press('Enter')
    await focusIn('[role=menu]')
    await page.keyboard.press('Escape')
    await focusIn('[aria-haspopup=menu]')
    await page.keyboard.press('Enter')
    await focusIn('[role=menu]')
    const saved = page.waitForEvent('download')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const text = Buffer.from(await bytesOf(await saved)).toString()
    expect(text.trimEnd().split('\r\n')).toHaveLength(sent + 2)
    await focusIn('[aria-haspopup=menu]')
    await page.keyboard.press('Escape')
    await bar().waitFor({ state: 'detached' })
  })

  it('are exported from the head of the page as the filter finds them', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices?state=%5B%22draft%22%5D`)
    await page.getByRole('row').nth(1).waitFor()
    await page.getByRole('button', { name: t('invoice-exports.export') }).click()
    await page.getByRole('menuitem', { name: t('invoice-exports.onlyDrafts') }).waitFor()
    expect(await page.getByRole('menuitem', { name: t('invoice-exports.xaf') }).count()).toBe(0)
    const saved = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: t('invoice-exports.xlsx') }).click()
    expect((await saved).suggestedFilename()).toMatch(/\.xlsx$/)
  })
})
