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
import type { TestPerson } from '../src/testing/program.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

interface Uninvoiced {
  readonly customers: {
    projects: { projectId: string; projectName: string; method: string; instalments: { id: string }[] }[]
  }[]
}

let journeys: Journeys
let sanne: TestPerson
let firm: string
let fixed: { projectId: string; instalments: { id: string }[] }
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  const { customers } = await sanne.good<Uninvoiced>('GET', '/uninvoiced')
  fixed = customers.flatMap(({ projects }) => projects).find(({ method }) => method === 'fixed-price') as typeof fixed
})
afterAll(() => journeys?.stop())

/** A draft of three lines for a customer. */
async function draftOf(names: readonly string[]): Promise<string> {
  const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', '/customers?limit=1')
  let draft = await sanne.good<{ id: string; version: number }>('POST', '/invoices', { customerId: rows[0]?.id })
  for (const description of names)
    draft = await sanne.good(
      'POST',
      `/invoices/${draft.id}/lines`,
      { description, quantity: '2', unit: 'hour', unitPrice: '100' },
      { 'if-match': `"${draft.version}"` },
    )
  return draft.id
}

const walks = [
  ['in het Nederlands, aan een bureau', 'nl', windowWidth.desktop],
  ['in English, on a telephone', 'en', windowWidth.phone],
] as const

describe.each(walks)('a draft is worked on %s', (_, language, width) => {
  let visit: Visit
  let draft: string
  beforeAll(async () => {
    visit = await journeys.visit({ language, width, height: 900, as: samplePeople.sanne })
    draft = await draftOf(['Ontwerp', 'Bouw', 'Test'])
  })
  const order = async () => {
    const { lines } = await sanne.good<{ lines: { description: string }[] }>('GET', `/invoices/${draft}`)
    return lines.map(({ description }) => description)
  }

  it('moves a line with the keys, and says where it stands', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${draft}`)
    await page.getByRole('button', { name: t('invoices.line.grip', { line: 3, count: 3 }) }).focus()
    await page.keyboard.press('ArrowUp')
    await page.getByText(t('invoices.line.movedTo', { place: 2, count: 3 }), { exact: true }).waitFor()
    await page.keyboard.press('Home')
    await page.getByText(t('invoices.line.movedTo', { place: 1, count: 3 }), { exact: true }).waitFor()
    await expect.poll(order).toEqual(['Test', 'Ontwerp', 'Bouw'])
    await isSound(page)
  })

  it('draws a line to another place with the pointer', async () => {
    const { page, t } = visit
    const grip = page.getByRole('button', { name: t('invoices.line.grip', { line: 1, count: 3 }) })
    await grip.scrollIntoViewIfNeeded()
    const from = await grip.boundingBox()
    const last = page.getByRole('button', { name: t('invoices.line.grip', { line: 3, count: 3 }) })
    await last.scrollIntoViewIfNeeded()
    const [start, end] = [(await grip.boundingBox()) ?? from, await last.boundingBox()]
    if (!start || !end) throw new Error('the handles are not there')
    await page.mouse.move(start.x + 8, start.y + 8)
    await page.mouse.down()
    for (let step = 1; step <= 10; step++)
      await page.mouse.move(start.x + 8, start.y + 8 + ((end.y + end.height + 40 - start.y) * step) / 10)
    await page.mouse.up()
    await expect.poll(order).toEqual(['Ontwerp', 'Bouw', 'Test'])
  })

  it('keeps a date that does not exist at its field, and is not sent until it is mended', async () => {
    const { page, t } = visit
    const date = page.getByLabel(t('invoices.date'), { exact: true })
    await date.fill(language === 'nl' ? '31-2-2026' : '31/2/2026')
    await page.getByRole('button', { name: t.like('invoices.send.ask') }).click()
    await page.getByText(t('invoices.notSaved', { count: 1 })).waitFor()
    await page.getByText(t('parts.date.wrong')).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => date.inputValue()).toBe(language === 'nl' ? '31-2-2026' : '31/2/2026')
    expect(await date.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true)
    await isSound(page)
    await date.fill('2026-03-31')
    await page.keyboard.press('Tab')
    await expect
      .poll(async () => (await sanne.good<{ date: string }>('GET', `/invoices/${draft}`)).date)
      .toBe('2026-03-31')
    expect(await page.getByText(t('invoices.notSaved', { count: 1 })).count()).toBe(0)
  })

  it('shows what it comes to while it is typed, and gives a discount on all of it', async () => {
    const { page, t } = visit
    await page
      .getByRole('textbox', { name: t('invoices.line.quantity') })
      .first()
      .fill('3')
    await page
      .getByText(language === 'nl' ? '700,00' : '700.00')
      .first()
      .waitFor()
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: t('invoices.discount'), exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: t('invoices.discount.amount') }).check()
    await isSound(page)
    visit.expects(422, `/api/v1/invoices/${draft}/discount`)
    await dialog.getByRole('textbox').fill('5000')
    await dialog.getByRole('button', { name: t('invoices.discount.save') }).click()
    await dialog.getByText(language === 'nl' ? '700,00' : '700.00', { exact: false }).waitFor()
    await dialog.getByRole('textbox').fill('70')
    await dialog.getByRole('button', { name: t('invoices.discount.save') }).click()
    await page
      .getByText(language === 'nl' ? '630,00' : '630.00')
      .first()
      .waitFor()
    expect(await order()).toEqual(['Ontwerp', 'Bouw', 'Test', expect.stringMatching(/Korting|Discount/)])
  })

  it('shows both versions when somebody else was earlier, and loses neither', async () => {
    const { page, t } = visit
    const path = `/invoices/${draft}`
    const { version } = await sanne.good<{ version: number }>('GET', path)
    await sanne.good('PATCH', path, { reference: 'Hunne', orderNumber: 'PO-9' }, { 'if-match': `"${version}"` })
    visit.expects(409, `/api/v1${path}`)
    await page.getByLabel(t('invoices.reference')).fill('Mine')
    await page.keyboard.press('Tab')
    await page.getByText(t('invoices.conflict.title')).waitFor()
    await page.getByText('Hunne', { exact: true }).waitFor()
    await page.getByText('Mine', { exact: true }).first().waitFor()
    await isSound(page)
    await page.getByRole('button', { name: t('invoices.conflict.keep') }).click()
    await expect.poll(() => sanne.good('GET', path)).toMatchObject({ reference: 'Mine', orderNumber: 'PO-9' })
    await expect.poll(() => page.getByLabel(t('invoices.orderNumber')).inputValue()).toBe('PO-9')
  })

  it('takes another number series, made in the settings', async () => {
    const { page, t } = visit
    const name = language === 'nl' ? 'Onderhoud' : 'Ventures'
    await page.goto(`/f/${firm}/settings/invoices`)
    await page.getByRole('button', { name: t('settings.series.new') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(t('settings.series.name')).fill(name)
    visit.expects(422, '/api/v1/series')
    await dialog.getByLabel(t('settings.series.pattern')).fill('{year}-{000}')
    await dialog.getByRole('button', { name: t.like('settings.series.make') }).click()
    await dialog.getByText('({year}-{0000})', { exact: false }).waitFor()
    await dialog.getByLabel(t('settings.series.pattern')).fill(`${name[0]}{yy}{000}`)
    await isSound(page)
    await dialog.getByRole('button', { name: t.like('settings.series.make') }).click()
    await page.getByText(name, { exact: true }).waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/invoices/${draft}`)
    await page.getByRole('combobox', { name: t('invoices.series') }).click()
    await page.getByRole('option', { name }).click()
    await page.getByText(t('invoices.nextNumber', { number: `${name[0]}26001` })).waitFor()
    await isSound(page)
  })
})

describe('a project is closed', () => {
  it('with the whole price less what was invoiced, in het Nederlands', async () => {
    const { invoices } = await sanne.good<{ invoices: { id: string }[] }>('POST', '/invoices/from-entries', {
      instalmentIds: [fixed.instalments[0]?.id],
    })
    const id = invoices[0]?.id ?? ''
    const { version } = await sanne.good<{ version: number }>('GET', `/invoices/${id}`)
    const { number } = await sanne.good<{ number: string }>(
      'POST',
      `/invoices/${id}/sending`,
      { how: 'post' },
      { 'if-match': `"${version}"` },
    )
    const visit = await journeys.visit({
      language: 'nl',
      width: windowWidth.desktop,
      height: 900,
      as: samplePeople.sanne,
    })
    const { page, t } = visit
    await page.goto(`/f/${firm}/projects/${fixed.projectId}`)
    await page.getByRole('button', { name: t('invoicing.closing.ask') }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(`factuur ${number}`, { exact: false }).waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t.like('invoicing.closing.make') }).click()
    await page.getByRole('heading', { level: 1, name: /^Concept voor / }).waitFor()
    await page.getByText(`Af: factuur ${number}`, { exact: false }).first().waitFor()
    await page.getByRole('link', { name: t('invoices.closing.deducts', { number }) }).waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/projects/${fixed.projectId}`)
    await page.getByText(t('invoicing.closing.draft')).waitFor()
  })
})
