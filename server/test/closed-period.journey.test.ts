import { closePeriod } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { monthName } from '@uurwerk/core/shared/format.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  isSound,
  type Journeys,
  passAMinute,
  pressInBar,
  startJourneys,
  stopAtFirstFailure,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { lastMonth, samplePeople, sendLastMonth, setUpBooks, setUpSample } from '../src/testing/sample-road.ts'

watchVisits()
passAMinute()
stopAtFirstFailure()

let journeys: Journeys
let sanne: TestPerson
let sent: readonly string[]
let connection: string
beforeAll(async () => {
  journeys = await startJourneys()
  sanne = await setUpSample(journeys.base, 'nl')
  sent = (await sendLastMonth(sanne)).slice(0, 3)
  connection = await setUpBooks(sanne)
  await closeLastMonth()
})
afterAll(() => journeys?.stop())

/** In the package, and in the lists as they were read from it. */
async function closeLastMonth(): Promise<void> {
  const { services } = journeys.program
  const month = lastMonth.from.slice(0, 7)
  const [world] = await services.store.withDirectory((trx) =>
    trx.selectFrom('sandbox.world').select(['id', 'firmId']).execute(),
  )
  await services.connections.sandbox.change(world?.id ?? '', (one) => closePeriod(one, { month }))
  await services.store.withFirm(world?.firmId ?? '', (trx) =>
    sql`update package_row set data = data || '{"closedIn": ["*"]}'::jsonb
      where noun = 'periods' and their_id = ${month}`.execute(trx),
  )
}

describe('een afgesloten maand', () => {
  it('wordt in het voorbeeld in één keer in de eerste open maand geboekt, en de pdf gaat mee', async () => {
    const visit = await journeys.visit({
      language: 'nl',
      width: windowWidth.desktop,
      height: 1000,
      as: samplePeople.sanne,
    })
    const { page, t } = visit
    await page.goto(`/f/${sanne.firm}/settings/connections/${connection}`)
    const automatic = page.getByRole('switch', { name: t('apps.automatic.switch') })
    await automatic.check()
    await page.getByText(t('apps.automatic.isOn')).waitFor()
    await isSound(page)

    const invoices = encodeURIComponent(JSON.stringify([...sent]))
    await page.goto(`/f/${sanne.firm}/invoices/preview?invoices=${invoices}`)
    const next = monthAfter()
    const all = page.getByRole('button', {
      name: t('postings.preview.bookIn.all', { count: sent.length, period: next }),
    })
    await all.waitFor()
    await isSound(page)
    await page.setViewportSize({ width: windowWidth.phone, height: 900 })
    await isSound(page)
    await page.setViewportSize({ width: windowWidth.desktop, height: 1000 })
    await all.click()
    await page.getByText(t('postings.preview.readyCount', { count: sent.length })).waitFor()
    const own = `${monthName(monthOf(lastMonth.from), 'nl')} ${yearOf(lastMonth.from)}`
    await page
      .getByText(t('postings.preview.bookIn.chosen', { period: next, own }))
      .first()
      .waitFor()
    await page.getByText(t.like('postings.preview.pdfAlong')).first().waitFor()
    await isSound(page)
    await page.keyboard.press('ControlOrMeta+Enter')
    await page.getByText(t('postings.result.done', { count: sent.length })).waitFor({ timeout: 60_000 })
    await isSound(page)
  })

  it('geboekte facturen blijven geboekt, ook als iemand anders zegt; wat overgeslagen wordt, wordt genoemd', async () => {
    const { page, t } = await journeys.visit({
      language: 'nl',
      width: windowWidth.desktop,
      height: 1000,
      as: samplePeople.sanne,
    })
    await page.goto(`/f/${sanne.firm}/invoices`)
    await page.getByRole('checkbox', { name: t('table.selectAll') }).click()
    await pressInBar({ page, t }, t('invoices.mark.action'))
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('invoices.mark.no')).click()
    await isSound(page)
    await dialog.getByRole('button', { name: t('invoices.mark.save') }).click()
    await dialog.getByText(/overgeslagen/).waitFor()
    await isSound(page)
  })
})

const monthAfter = (): string => {
  const [year, month] = lastMonth.from.split('-').map(Number) as [number, number]
  return `${monthName(month === 12 ? 1 : month + 1, 'nl')} ${month === 12 ? year + 1 : year}`
}
