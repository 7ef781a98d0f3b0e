import { addDays, type CalendarDate, dateIn, instantIn } from '@uurwerk/core/shared/calendar-date.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendReminders } from '../src/reminders/send-reminders.ts'
import {
  isSound,
  type Journeys,
  startJourneys,
  stopAtFirstFailure,
  type Visit,
  watchVisits,
  windowWidth,
} from '../src/testing/browser.ts'
import { readMessage, type TestMailServer, testMailServer } from '../src/testing/mail-server.ts'
import { pdfText } from '../src/testing/pdf-text.ts'
import type { TestPerson } from '../src/testing/program.ts'
import { samplePeople, setUpSample } from '../src/testing/sample-road.ts'

/** Overdue invoices and statements as people follow them, with a real mail server at the other end. */
watchVisits()
stopAtFirstFailure()

const today = dateIn('Europe/Amsterdam', new Date())
let mail: TestMailServer
let journeys: Journeys
let sanne: TestPerson
let firm: string
/** By name of the customer, the oldest first. */
const sent: { id: string; number: string; customerId: string }[] = []

beforeAll(async () => {
  mail = await testMailServer()
  journeys = await startJourneys({ SMTP_URL: mail.url, MAIL_FROM: 'Uurwerk <facturen@noordkade.example>' })
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  await send('Van Dalen', addDays(today, -60), addDays(today, -30))
  await send('Van Dalen', addDays(today, -50), addDays(today, -20))
  await send('Kessler', addDays(today, -40), addDays(today, -10))
  await send('Kessler', addDays(today, -3), addDays(today, 27))
})
afterAll(async () => {
  await journeys?.stop()
  await mail?.stop()
})

/** An invoice of one line, sent by post. */
async function send(customer: string, date: CalendarDate, dueDate: CalendarDate): Promise<void> {
  const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', `/customers?search=${customer}`)
  const customerId = rows[0]?.id as string
  interface Draft {
    readonly id: string
    readonly version: number
  }
  const match = ({ version }: Draft) => ({ 'if-match': `"${version}"` })
  const made = await sanne.good<Draft>('POST', '/invoices', { customerId, date })
  const dated = await sanne.good<Draft>('PATCH', `/invoices/${made.id}`, { dueDate }, match(made))
  const line = { description: 'Licentie', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  const lined = await sanne.good<Draft>('POST', `/invoices/${made.id}/lines`, line, match(dated))
  const { number } = await sanne.good<{ number: string }>(
    'POST',
    `/invoices/${made.id}/sending`,
    { how: 'post' },
    match(lined),
  )
  sent.push({ id: made.id, number, customerId })
}
const numberOf = (at: number) => sent[at]?.number as string
const idOf = (at: number) => sent[at]?.id as string

const arrived = async (count: number) => expect.poll(() => mail.received.length, { timeout: 40_000 }).toBe(count)
const lastMail = () => readMessage(mail.received.at(-1)?.raw as Buffer)
const rowOf = ({ page }: Visit, number: string) => page.getByRole('row').filter({ hasText: number })
/** On a telephone some of it stands elsewhere in the row. */
const inRow = (visit: Visit, number: string, text: string | RegExp) =>
  rowOf(visit, number).getByText(text).filter({ visible: true })

describe('herinneringen, aan een bureau', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 900, as: samplePeople.sanne })
  })

  it('vervallen facturen staan per debiteur, met wat er volgt', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices`)
    await page.getByRole('link', { name: t('frame.reminders') }).click()
    await page.getByRole('heading', { level: 1, name: t('reminders.title') }).waitFor()
    await inRow(visit, numberOf(0), '30 dagen te laat').waitFor()
    await inRow(visit, numberOf(0), 'anja@vandalen.example').waitFor()
    await inRow(visit, numberOf(2), 'Eerste herinnering, nu').waitFor()
    expect(await rowOf(visit, numberOf(3)).count()).toBe(0)
    await page.getByText(t('reminders.automatic.off')).waitFor()
    await isSound(page)
  })

  it('de brieven staan er eerst, en gaan dan met de factuur erbij', async () => {
    const { page, t } = visit
    await rowOf(visit, numberOf(0)).getByRole('checkbox').check()
    await rowOf(visit, numberOf(1)).getByRole('checkbox').check()
    await isSound(page)
    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog')
    const letter = dialog.getByRole('region', { name: t('reminders.send.preview') })
    await letter.getByRole('heading', { name: `Herinnering: factuur ${numberOf(0)}` }).waitFor()
    await letter.getByText('121,00').first().waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t('reminders.send.following') }).click()
    await letter.getByRole('heading', { name: `Herinnering: factuur ${numberOf(1)}` }).waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(t('reminders.send.created', { count: 2, shown: '2' })).waitFor()
    await isSound(page)
    await dialog
      .getByRole('button', { name: t('parts.close') })
      .last()
      .click()
    await arrived(2)
    const message = lastMail()
    expect(mail.received.at(-1)?.to).toEqual(['anja@vandalen.example'])
    expect(message.headers.get('subject')).toBe(`Herinnering: factuur ${numberOf(1)}`)
    expect(message.text).toContain('121,00')
    expect(message.attachments.map(({ mediaType }) => mediaType)).toContain('application/pdf')
    await inRow(visit, numberOf(0), t.like('reminders.next.from', { step: 'Tweede herinnering' })).waitFor()
    await inRow(visit, numberOf(0), t('letters.state.sent')).waitFor()
  })

  it('wie er geen krijgt, wordt vooraf genoemd met de reden', async () => {
    const { page, t } = visit
    await rowOf(visit, numberOf(0)).getByRole('checkbox').check()
    await rowOf(visit, numberOf(2)).getByRole('checkbox').check()
    await page.getByText(t('reminders.send.left', { count: 1, shown: '1' })).waitFor()
    await page.getByRole('button', { name: t('reminders.send', { count: 1, shown: '1' }) }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('reminders.why.sentToday')).waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t('parts.back') }).click()
    await dialog.waitFor({ state: 'hidden' })
  })

  it('een factuur wordt aangehouden, en weer vrijgegeven', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/invoices/${idOf(2)}`)
    const panel = page.getByRole('region', { name: t('reminders.panel'), exact: true })
    await panel.getByText('Eerste herinnering, nu').waitFor()
    await panel.getByLabel(t('reminders.hold')).click()
    await panel.getByText(t('reminders.why.held')).waitFor()
    await isSound(page)
    await panel.getByLabel(t('reminders.hold')).click()
    await panel.getByText('Eerste herinnering, nu').waitFor()
    await page.getByText(t('invoices.history.remindersReleased')).waitFor()
  })

  it('een enkele herinnering wordt aangepast voordat hij gaat', async () => {
    const { page, t } = visit
    const panel = page.getByRole('region', { name: t('reminders.panel'), exact: true })
    await panel.getByRole('button', { name: t('reminders.panel.ask') }).click()
    const dialog = page.getByRole('dialog')
    const subject = dialog.getByRole('textbox', { name: t('letters.subject') })
    await subject.waitFor()
    await expect.poll(() => subject.inputValue()).toContain(numberOf(2))
    await isSound(page)
    await dialog.getByRole('button', { name: t('parts.back') }).click()
    await dialog.waitFor({ state: 'hidden' })
  })

  it('aangezet gaan ze vanzelf uit, wat er dan gaat staat er eerst', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings`)
    await page.getByRole('link', { name: t('settings.reminders') }).click()
    await page.getByRole('link', { name: t('reminders.run.due', { count: 1, shown: '1' }) }).waitFor()
    await isSound(page)
    const step = (name: string) => page.getByRole('textbox', { name })
    await step('Tweede herinnering').fill('5')
    await page.getByRole('button', { name: t('reminders.save') }).click()
    await page.getByText(t('reminders.days.order')).waitFor()
    await isSound(page)
    await step('Tweede herinnering').fill('15')
    await page.getByLabel(t('reminders.automatic')).check()
    await page.getByText(t('reminders.run.will', { count: 1, shown: '1' })).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('reminders.saved')).waitFor()
    const { services } = journeys.program
    const morning = instantIn('Europe/Amsterdam', today, 9 * 60 + 12)
    expect(await sendReminders({ ...services, clock: { now: () => morning } })).toBe(1)
    await arrived(3)
    expect(lastMail().headers.get('subject')).toContain(numberOf(2))
    expect(await sendReminders({ ...services, clock: { now: () => morning } })).toBe(0)
    await page.goto(`/f/${firm}/invoices/${idOf(2)}`)
    const panel = page.getByRole('region', { name: t('reminders.panel'), exact: true })
    await panel.getByText(t('reminders.panel.automatic')).waitFor()
    await isSound(page)
  })

  it('een debiteur krijgt er geen meer', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/customers/${sent[0]?.customerId}`)
    await page.getByLabel(t('customers.remindersOff')).check()
    await page.keyboard.press('Control+Enter')
    await page.getByText(t.like('customers.saved')).waitFor()
    await page.goto(`/f/${firm}/reminders`)
    await inRow(visit, numberOf(0), t('reminders.why.off')).waitFor()
    await page.goto(`/f/${firm}/settings/reminders`)
    await page
      .getByRole('region', { name: t('reminders.off') })
      .getByRole('link')
      .waitFor()
    await isSound(page)
  })
})

describe('a statement, on a telephone', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'en', width: windowWidth.phone, height: 844, as: samplePeople.sanne })
  })

  it('is read from the customer: what is open, and every movement', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/customers/${sent[0]?.customerId}`)
    await page.getByRole('link', { name: t('customers.statement') }).click()
    await page.getByRole('heading', { level: 1, name: t('statement.title') }).waitFor()
    await page.getByText('€ 242.00').first().waitFor()
    await page.getByRole('link', { name: t('statement.invoice', { number: numberOf(0) }) }).waitFor()
    await isSound(page)
    await page.getByText(t('statement.all'), { exact: true }).click()
    await page.getByText(t('statement.closing')).waitFor()
    await isSound(page)
    await page.getByLabel(t('statement.asOf')).fill('1 January 2020')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: t('statement.empty.title') }).waitFor()
    await isSound(page)
  })

  it('goes out by e-mail with the PDF that is on the screen', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/customers/${sent[0]?.customerId}/statement`)
    await page.getByRole('button', { name: t('statement.mail') }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('textbox', { name: t('letters.subject') }).waitFor()
    await isSound(page)
    await sheet.getByRole('button', { name: t('statement.mail') }).click()
    await sheet.waitFor({ state: 'hidden' })
    await arrived(4)
    const message = lastMail()
    expect(message.headers.get('subject')).toContain('Rekeningoverzicht')
    expect(message.text).toContain('242,00')
    const pdf = message.attachments.find(({ mediaType }) => mediaType === 'application/pdf')
    const text = pdfText(pdf?.bytes ?? new Uint8Array())
      .flat()
      .join('\n')
    for (const one of [`Factuur ${numberOf(0)}`, `Factuur ${numberOf(1)}`, '242,00']) expect(text).toContain(one)
  })

  it('shows the reminders too, one under the other', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/reminders`)
    await inRow(visit, numberOf(0), t('reminders.why.off')).waitFor()
    await isSound(page)
    await page.goto(`/f/${firm}/settings/reminders`)
    await page.getByLabel(t('reminders.automatic')).waitFor()
    await isSound(page)
  })
})
