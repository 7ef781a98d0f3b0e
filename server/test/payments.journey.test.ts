import type { Page } from 'playwright-core'
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
import type { TestPerson } from '../src/testing/program.ts'
import { samplePeople, sendLastMonth, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
stopAtFirstFailure()

interface Owed {
  readonly gross: string
  readonly currency: string
  readonly number: string
  readonly paymentState: string
  readonly outstanding: string
}

let journeys: Journeys
let sanne: TestPerson
let firm: string
let invoices: readonly string[]
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  invoices = await sendLastMonth(sanne)
})
afterAll(() => journeys?.stop())

const read = (id: string) => sanne.good<Owed>('GET', `/invoices/${id}`)
const standing = async (id: string) => {
  const { paymentState, outstanding } = await read(id)
  return [paymentState, outstanding]
}

describe('betalingen van een factuur', () => {
  let visit: Visit
  let invoice: string
  let gross: string
  let panel: ReturnType<Page['getByRole']>
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 1000, as: samplePeople.sanne })
    invoice = invoices[0] as string
    gross = (await read(invoice)).gross
    panel = visit.page.getByRole('region', { name: visit.t('payments.title') })
  })
  const dialog = () => visit.page.getByRole('dialog')
  const amount = () => dialog().getByLabel(/bedrag/)

  it('een deel wordt met het toetsenbord geboekt, en de rest blijft openstaan', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${invoice}`)
    await panel.getByText(t('payments.none')).waitFor()
    await isSound(page)
    await page.keyboard.press('p')
    await dialog().getByText(t.like('payments.form.outstanding')).waitFor()
    await expect.poll(() => amount().inputValue()).toBe(gross.replace('.', ','))
    await amount().fill('100')
    await dialog().getByText(t.like('payments.leaves')).waitFor()
    await dialog().getByLabel(t('payments.note')).fill('afschrift 12')
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await dialog().waitFor({ state: 'hidden' })
    await panel.getByText('“afschrift 12”').waitFor()
    await page
      .getByText(/^Deels betaald/)
      .first()
      .waitFor()
    expect((await standing(invoice))[0]).toBe('partly-paid')
    await isSound(page)
  })

  it('meer dan er openstaat moet zo bedoeld zijn', async () => {
    const { page, t } = visit
    await panel.getByRole('button', { name: t('payments.register') }).click()
    const rest = await amount().inputValue()
    await amount().fill('99999')
    visit.expects(422, `/api/v1/invoices/${invoice}/payments`)
    await dialog()
      .getByRole('checkbox', { name: t.like('payments.over') })
      .waitFor()
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await dialog()
      .getByText(/^Dit is meer dan er openstaat: EUR /)
      .waitFor()
    await amount().fill(rest)
    await page.keyboard.press('Control+Enter')
    await panel.getByText(t('payments.settled.paid')).waitFor()
    await dialog().waitFor({ state: 'hidden' })
    expect(await standing(invoice)).toEqual(['paid', '0.00'])
    await isSound(page)
  })

  it('ongedaan maken geeft de stand van ervoor, tien seconden lang en daarna uit de lijst te herstellen', async () => {
    const { page, t } = visit
    await page.keyboard.press('Control+z')
    await panel.getByText(t('payments.outstanding'), { exact: true }).waitFor()
    expect((await standing(invoice))[0]).toBe('partly-paid')
    await panel.getByRole('button', { name: t('payments.undone.show', { count: 1 }) }).click()
    await panel.getByText(t('payments.undone'), { exact: true }).waitFor()
    await isSound(page)
    await panel.getByRole('button', { name: t.like('payments.restore.of') }).click()
    await panel.getByText(t('payments.settled.paid')).waitFor()
    await panel
      .getByRole('button', { name: t.like('payments.undo.of') })
      .first()
      .click()
    await page.getByText(t.like('payments.undone.said')).waitFor()
    await panel.getByText(t('payments.outstanding'), { exact: true }).waitFor()
    await page
      .getByRole('button', { name: t('parts.undo') })
      .last()
      .click()
    await panel.getByText(t('payments.settled.paid')).waitFor()
    expect(await standing(invoice)).toEqual(['paid', '0.00'])
    await page.getByText(t('payments.history.restored'), { exact: false }).first().waitFor()
  })

  it('na een creditfactuur is terug te betalen wat betaald was; terugbetaald is de factuur gecrediteerd', async () => {
    const { page, t } = visit
    const note = await sanne.good<{ id: string; version: number }>('POST', `/invoices/${invoice}/credit-note`, {})
    await sanne.good('POST', `/invoices/${note.id}/sending`, { how: 'other' }, { 'if-match': `"${note.version}"` })
    await panel.getByText(t('payments.toRefund'), { exact: true }).waitFor()
    await page.getByText(t('payments.state.toRefund'), { exact: true }).first().waitFor()
    await isSound(page)
    await panel.getByRole('button', { name: t('payments.refund') }).click()
    await expect.poll(() => amount().inputValue()).toBe(gross.replace('.', ','))
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await panel.getByText(t('payments.settled.credited')).waitFor()
    expect(await standing(invoice)).toEqual(['credited', '0.00'])
    await page.goto(`/f/${firm}/invoices/${note.id}`)
    await page.getByText(t('invoices.credit.frozen')).waitFor()
    expect(await panel.count()).toBe(0)
  })

  it('een ander was net voor: wat er nu openstaat komt in het venster te staan', async () => {
    const { page, t } = visit
    const other = invoices[1] as string
    await page.goto(`/f/${firm}/invoices/${other}`)
    await panel.getByRole('button', { name: t('payments.register') }).click()
    await amount().fill('10')
    const { version } = await sanne.good<{ version: number }>('GET', `/invoices/${other}`)
    const headers = { 'if-match': `"${version}"` }
    visit.expects(409, `/api/v1/invoices/${other}/payments`)
    const meanwhile = { date: '2026-01-01', amount: '5' }
    // Between the press of the key and the server: the other's arrives first.
    await page.route(
      '**/invoices/*/payments',
      async (route) => {
        await sanne.good('POST', `/invoices/${other}/payments`, meanwhile, headers)
        await route.continue()
      },
      { times: 1 },
    )
    await page.keyboard.press('Control+Enter')
    await dialog().getByText('Iemand heeft dit gewijzigd', { exact: false }).waitFor()
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await dialog().waitFor({ state: 'hidden' })
    const { gross: whole, outstanding } = await read(other)
    expect((Number(whole) - Number(outstanding)).toFixed(2)).toBe('15.00')
  })

  it('de lijst vindt wat openstaat, markeert een keuze als betaald, en ook dat kan terug', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices?paymentState=%5B%22open%22%2C%22partly-paid%22%5D&sort=dueDate`)
    const rows = page.getByRole('row')
    await rows.nth(2).waitFor()
    await page.getByText(t('payments.state.open'), { exact: false }).first().waitFor()
    await isSound(page)
    const open = (await rows.count()) - 1
    await page.getByRole('checkbox').first().check()
    await pressInBar(visit, t('payments.many.action'))
    await dialog().getByText(t('payments.many.total')).waitFor()
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await page.getByText('als betaald gemarkeerd', { exact: false }).waitFor()
    await page.getByText(t('invoices.nothing.title')).waitFor()
    for (const id of invoices.slice(1)) expect(await standing(id)).toEqual(['paid', '0.00'])
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await page.getByText('ongedaan gemaakt.', { exact: false }).waitFor()
    await rows.nth(open).waitFor()
  })

  it('het rapport zegt hoe oud het openstaande is en van wie', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/reports`)
    const report = page.getByRole('region', { name: t('reports.outstanding'), exact: true })
    await report.getByText(t('reports.outstanding.notDue'), { exact: false }).first().waitFor()
    await report.getByRole('button', { name: t('reports.asTable') }).click()
    await report
      .getByRole('rowheader', { name: t('reports.age.over90') })
      .first()
      .waitFor()
    const whose = page.getByRole('region', { name: t('reports.outstanding.customer') })
    await whose.getByRole('link').first().waitFor()
    await isSound(page)
  })
})

describe('payments on a phone', () => {
  it('shows what is outstanding large, and registers with the thumb, in English', async () => {
    const visit = await journeys.visit({
      language: 'en',
      width: windowWidth.phone,
      height: 844,
      as: samplePeople.sanne,
    })
    const { page, t } = visit
    const invoice = invoices[2] ?? (invoices[1] as string)
    await page.goto(`/f/${firm}/invoices/${invoice}`)
    const panel = page.getByRole('region', { name: t('payments.title') })
    await panel.getByText(t('payments.outstanding'), { exact: true }).waitFor()
    await panel.scrollIntoViewIfNeeded()
    await isSound(page)
    await panel.getByRole('button', { name: t('payments.register') }).tap()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Amount received/).fill('12.34')
    await isSound(page)
    await dialog.getByRole('button', { name: t('payments.register') }).tap()
    await panel.getByText('12.34').first().waitFor()
    await page
      .getByText(/^Partly paid/)
      .first()
      .waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/invoices`)
    await page.getByRole('row').nth(1).waitFor()
    await isSound(page)
  })
})
