import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addMonths, dateIn, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { receiptPdf, receiptPng } from '../src/sample/sample-receipts.ts'
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

/** Money spent: a photo on a telephone, a PDF at a desk, files that are not taken, and the office that pays it back. */
watchVisits()
stopAtFirstFailure()

const lastMonth = startOfMonth(addMonths(dateIn('Europe/Amsterdam', new Date()), -1)).slice(0, 7)

let journeys: Journeys
let folder: string
let firm: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  journeys = await startJourneys()
  firm = (await setUpSample(journeys.base, 'en')).firm ?? ''
  folder = await mkdtemp(join(tmpdir(), 'uurwerk-receipts-'))
  await writeFile(file('taxi.png'), receiptPng([0.8, 0.4, 0.9]))
  await writeFile(file('hotel.pdf'), receiptPdf(['Hotel', 'EUR 121,00']))
  await writeFile(file('not-a-receipt.pdf'), 'just some text')
  await writeFile(file('large.pdf'), Buffer.concat([receiptPdf(['large']), Buffer.alloc(10 * 1024 * 1024)]))
  await writeFile(file('empty.png'), '')
})
afterAll(async () => {
  await journeys?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

describe('on a telephone', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.phone, height: 844, as: samplePeople.joris })
  })
  const sheet = () => visit.page.getByRole('dialog')
  /** Of a choice between camera and files, the telephone has both. */
  const choose = async (button: string, ...names: string[]) => {
    const [chooser] = await Promise.all([
      visit.page.waitForEvent('filechooser'),
      sheet().getByRole('button', { name: button }).click(),
    ])
    await chooser.setFiles(names.map(file))
  }

  it('opens from the dock', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/time`)
    await page
      .getByRole('navigation', { name: t('frame.dock') })
      .getByRole('link', { name: t('frame.expenses') })
      .click()
    await page.getByRole('heading', { level: 1, name: t('expenses.title') }).waitFor()
    await page.getByRole('heading', { name: t.like('expenses.empty.title') }).waitFor()
    await isSound(visit.page)
  })

  it('takes a photo of the receipt, and says what is missing at its field', async () => {
    const { page, t } = visit
    await page.getByRole('button', { name: t('expenses.new') }).click()
    await choose(t('expenses.receipt.photo'), 'taxi.png')
    await sheet()
      .getByRole('link', { name: t('expenses.receipt.open', { name: 'taxi.png' }) })
      .waitFor()
    await sheet()
      .getByRole('button', { name: t('expenses.save') })
      .click()
    await sheet().getByText(t('expenses.amount.missing')).waitFor()
    await sheet().getByText(t('expenses.vat.missing')).waitFor()
    await sheet().getByText(t('expenses.category.missing')).waitFor()
    await isSound(visit.page)
  })

  it('computes the VAT from the amount where one asks for it, and follows the amount', async () => {
    const { t } = visit
    const amount = sheet().getByRole('textbox', { name: t('expenses.gross') })
    const vat = sheet().getByRole('textbox', { name: t('expenses.vat') })
    await amount.fill('54,50')
    await sheet().getByRole('button', { name: '9\u00a0%' }).click()
    await expect.poll(() => vat.inputValue()).toBe('4,50')
    await amount.fill('109')
    await expect.poll(() => vat.inputValue()).toBe('9,00')
    // What is typed by hand is not overwritten any more.
    await vat.fill('8,99')
    await amount.fill('109,00')
    await expect.poll(() => vat.inputValue()).toBe('8,99')
  })

  it('keeps everything while a file is refused, and tries it again', async () => {
    const { t } = visit
    visit.expects(422, '/api/v1/files')
    await choose(t('expenses.receipt.file'), 'not-a-receipt.pdf', 'large.pdf', 'empty.png')
    await sheet().getByText(t('expenses.receipt.tooLarge')).waitFor()
    await sheet().getByText(t('expenses.receipt.empty')).waitFor()
    await sheet().getByText('Het bestand zegt application/pdf te zijn, maar de inhoud is iets anders.').waitFor()
    await sheet()
      .getByRole('button', { name: t('expenses.save') })
      .click()
    await sheet().getByText(t('expenses.receipt.wait')).waitFor()
    await sheet()
      .getByRole('button', { name: t('parts.tryAgain') })
      .first()
      .click()
    for (const name of ['not-a-receipt.pdf', 'large.pdf', 'empty.png'])
      await sheet()
        .getByRole('button', { name: t('expenses.receipt.remove', { name }) })
        .click()
    expect(
      await sheet()
        .getByRole('textbox', { name: t('expenses.gross') })
        .inputValue(),
    ).toBe('109,00')
    await sheet()
      .getByRole('link', { name: t('expenses.receipt.open', { name: 'taxi.png' }) })
      .waitFor()
  })

  it('throws nothing away by a touch beside the sheet', async () => {
    const { page, t } = visit
    await page.keyboard.press('Escape')
    const asking = page.getByRole('dialog', { name: t('parts.leave.title') })
    await asking.getByRole('button', { name: t('parts.leave.stay') }).click()
    await asking.waitFor({ state: 'hidden' })
    await sheet()
      .getByRole('link', { name: t('expenses.receipt.open', { name: 'taxi.png' }) })
      .waitFor()
  })

  it('says who pays, and bills only on a project', async () => {
    const { page, t } = visit
    await pick(page, sheet().getByRole('combobox', { name: t('expenses.category') }), 'Travel', /Travel/)
    const bill = sheet().getByRole('switch', { name: t('expenses.billable') })
    expect(await bill.isDisabled()).toBe(true)
    await sheet().getByText(t('expenses.billable.noProject')).waitFor()
    await pick(page, sheet().getByRole('combobox', { name: t('expenses.project') }), 'Service portal', /Service portal/)
    await sheet()
      .getByText(t('expenses.billable.text', { customer: 'Van Dalen Techniek B.V.' }))
      .waitFor()
    await expect.poll(() => bill.isChecked()).toBe(true)
    expect(
      await sheet()
        .getByRole('switch', { name: t('expenses.reimbursable') })
        .isChecked(),
    ).toBe(true)
    await isSound(visit.page)
    await sheet()
      .getByRole('button', { name: t('expenses.save') })
      .click()
    await sheet().waitFor({ state: 'hidden' })
    await page
      .getByRole('row', { name: /109,00/ })
      .first()
      .waitFor()
  })

  it('shows it again with its receipt, changes it, and deletes it with a way back', async () => {
    const { page, t } = visit
    await page
      .getByRole('row', { name: /109,00/ })
      .first()
      .click()
    await sheet()
      .getByRole('link', { name: t('expenses.receipt.open', { name: 'taxi.png' }) })
      .waitFor()
    await sheet()
      .getByRole('textbox', { name: t('expenses.note') })
      .fill('Taxi naar station')
    await sheet()
      .getByRole('button', { name: t('expenses.save') })
      .click()
    await sheet().waitFor({ state: 'hidden' })
    await page.getByRole('row', { name: /Taxi naar station/ }).click()
    await sheet()
      .getByRole('button', { name: t('expenses.delete') })
      .click()
    await page.getByRole('heading', { name: t.like('expenses.empty.title') }).waitFor()
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await page.getByRole('row', { name: /Taxi naar station/ }).waitFor()
  })
})

describe('at a desk', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'en', as: samplePeople.noor })
  })
  const dialog = () => visit.page.getByRole('dialog')

  it('shows a month with what is still paid back', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/expenses?month=${lastMonth}`)
    await page.getByRole('row', { name: /Hotel Nordhorn/ }).waitFor()
    const totals = page.getByRole('group', { name: t('expenses.totals') })
    await totals.getByText('€\u00a0180.80').waitFor()
    await isSound(visit.page)
  })

  it('takes a PDF that is dropped, by keyboard for the rest', async () => {
    const { page, t } = visit
    await page.keyboard.press('n')
    await dialog()
      .getByRole('textbox', { name: t('expenses.gross') })
      .waitFor()
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      dialog()
        .getByRole('button', { name: t('expenses.receipt.file') })
        .click(),
    ])
    await chooser.setFiles(file('hotel.pdf'))
    await dialog()
      .getByRole('link', { name: t('expenses.receipt.open', { name: 'hotel.pdf' }) })
      .waitFor()
    const dropped = await page.evaluateHandle(`(() => {
      const data = new DataTransfer()
      data.items.add(new File(['%PDF-1.4\\n%%EOF'], 'dropped.pdf', { type: 'application/pdf' }))
      return data
    })()`)
    await dialog()
      .getByRole('group', { name: t('expenses.receipts') })
      .locator('> div')
      .dispatchEvent('drop', { dataTransfer: dropped })
    await dialog()
      .getByRole('link', { name: t('expenses.receipt.open', { name: 'dropped.pdf' }) })
      .waitFor()
    await dialog()
      .getByRole('button', { name: t('expenses.receipt.earlier', { name: 'dropped.pdf' }) })
      .click()
    await dialog()
      .getByRole('textbox', { name: t('expenses.gross') })
      .fill('121')
    await dialog().getByRole('button', { name: '21\u00a0%' }).click()
    await pick(page, dialog().getByRole('combobox', { name: t('expenses.category') }), 'Accommodation')
    await isSound(visit.page)
    await page.keyboard.press('Control+Enter')
    await dialog().waitFor({ state: 'hidden' })
    const row = page.getByRole('row', { name: /Accommodation/ }).filter({ hasText: '121.00' })
    await page.goto(`/f/${firm}/expenses`)
    await row.click()
    const names = dialog()
      .getByRole('list', { name: t('expenses.receipts') })
      .getByRole('link')
    expect(await names.allTextContents()).toEqual(['PDF', 'PDF'])
    expect(await names.first().getAttribute('aria-label')).toBe(t('expenses.receipt.open', { name: 'dropped.pdf' }))
    await page.keyboard.press('Escape')
  })

  it('tells somebody else’s change, and keeps what was typed', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/expenses?month=${lastMonth}`)
    await page.getByRole('row', { name: /Hotel Nordhorn/ }).click()
    const note = dialog().getByRole('textbox', { name: t('expenses.note') })
    await note.fill('Hotel with breakfast')
    const id = new URL(page.url()).searchParams.get('expense')
    const changed = await visit.context.request.patch(`/api/v1/expenses/${id}`, {
      headers: { 'if-match': '"1"', origin: journeys.base },
      data: { gross: '149.00' },
    })
    expect(changed.status()).toBe(200)
    visit.expects(409, '/api/v1/expenses/')
    await dialog()
      .getByRole('button', { name: t('expenses.save') })
      .click()
    await dialog().getByText(t('parts.stale.title')).waitFor()
    await dialog()
      .getByRole('button', { name: t('parts.stale.mine') })
      .click()
    await dialog().waitFor({ state: 'hidden' })
    await page.getByRole('row', { name: /Hotel with breakfast.*149\.00/ }).waitFor()
  })
})

describe('the office', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'en', as: samplePeople.sanne })
  })
  const person = (name: string) => visit.page.getByRole('region', { name }).first()
  const dialog = () => visit.page.getByRole('dialog')

  it('sees what each employee still gets, with the receipts', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/reimbursements`)
    await person('Noor Haddad').getByText('Hotel with breakfast').waitFor()
    await person('Noor Haddad')
      .getByRole('button', { name: t('reimbursements.receipts', { count: 1 }) })
      .first()
      .click()
    await dialog().getByRole('link', { name: /Open/ }).waitFor()
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'hidden' })
    await isSound(visit.page)
  })

  it('marks a part of it as paid, exactly that amount, and finds it among what was paid', async () => {
    const { page, t } = visit
    await person('Joris Bakker')
      .getByRole('checkbox', { name: /Taxi naar station/ })
      .click()
    const pay = person('Joris Bakker').getByRole('button', { name: t.like('reimbursements.pay') })
    const said = (await pay.textContent()) ?? ''
    const amount = /€\u00a0[\d,.]+/.exec(said)?.[0] ?? 'none'
    await pay.click()
    await dialog()
      .getByRole('textbox', { name: t('reimbursements.note') })
      .fill('salary run')
    await dialog()
      .getByRole('button', { name: t('reimbursements.pay.do') })
      .click()
    await dialog().waitFor({ state: 'hidden' })
    await person('Joris Bakker').getByText('Taxi naar station').waitFor()
    await page.getByText(t('reimbursements.paid'), { exact: true }).click()
    await page.getByRole('row', { name: /salary run/ }).click()
    await dialog().getByText(amount).first().waitFor()
    await isSound(visit.page)
  })

  it('exports it, and undoes it', async () => {
    const { page, t } = visit
    await dialog()
      .getByRole('button', { name: t('table.export') })
      .click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: t('table.export.csv') }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^reimbursement-\d{4}-\d{2}-\d{2}\.csv$/)
    await dialog()
      .getByRole('button', { name: t('reimbursements.undo') })
      .click()
    await page.getByRole('heading', { name: t('reimbursements.nonePaid.title') }).waitFor()
  })

  it('makes a category, and is told at the field what cannot be', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings`)
    await page.getByRole('link', { name: new RegExp(t('settings.categories')) }).click()
    await page.getByRole('row', { name: /Food and drink/ }).waitFor()
    await isSound(visit.page)
    await page.keyboard.press('n')
    await page.getByRole('textbox', { name: t('categories.name') }).fill('Books')
    await page.getByRole('textbox', { name: t('categories.deductible') }).fill('150')
    visit.expects(422, '/api/v1/expense-categories')
    await page.getByRole('button', { name: t('categories.create') }).click()
    await page.getByText('percentage').first().waitFor()
    await page.getByRole('textbox', { name: t('categories.deductible') }).fill('100')
    await isSound(visit.page)
    await page.getByRole('button', { name: t('categories.create') }).click()
    await page.getByRole('row', { name: /Books/ }).waitFor()
  })
})
