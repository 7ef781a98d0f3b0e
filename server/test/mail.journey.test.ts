import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeLetterDue } from '../src/letters/write-letter.ts'
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
import type { TestPerson } from '../src/testing/program.ts'
import { lastMonth, samplePeople, setUpSample } from '../src/testing/sample-road.ts'

/** Invoices by e-mail as people send and follow them, with a real mail server at the other end. */
watchVisits()
stopAtFirstFailure()

let mail: TestMailServer
let journeys: Journeys
let sanne: TestPerson
let firm: string
let firmId: string
/** Drafts of the hours of last month. */
let drafts: { id: string; customerName: string }[]
beforeAll(async () => {
  mail = await testMailServer()
  journeys = await startJourneys({ SMTP_URL: mail.url, MAIL_FROM: 'Uurwerk <facturen@noordkade.example>' })
  sanne = await setUpSample(journeys.base, 'nl')
  firm = sanne.firm as string
  firmId = (await sanne.good<{ id: string }>('GET', '/firm')).id
  const made = await sanne.good<{ invoices: typeof drafts }>('POST', '/invoices/from-hours', {
    selection: { filter: { ...lastMonth, state: ['free'], billable: true } },
    groupBy: 'activity',
    date: lastMonth.until,
  })
  drafts = made.invoices
})
afterAll(async () => {
  await journeys?.stop()
  await mail?.stop()
})

const draftOf = (customer: string) => drafts.find(({ customerName }) => customerName.startsWith(customer))?.id as string

/** A draft with one line of its own. */
async function newDraft(customer: string): Promise<string> {
  const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', `/customers?search=${customer}`)
  const made = await sanne.good<{ id: string; version: number }>('POST', '/invoices', { customerId: rows[0]?.id })
  const line = { description: 'Licentie', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  await sanne.good('POST', `/invoices/${made.id}/lines`, line, { 'if-match': `"${made.version}"` })
  return made.id
}

/** What waits is tried now instead of in a minute. */
async function nowInstead(): Promise<void> {
  const { services } = journeys.program
  const now = services.clock.now()
  await services.store.withFirm(firmId, async (trx) => {
    await trx.updateTable('letter').set({ dueAt: now }).where('state', '=', 'waiting').execute()
    await makeLetterDue({ trx, firmId, services }, now)
  })
}

const openInvoice = async ({ page, t }: Visit, id: string, title?: string) => {
  await page.goto(`/f/${firm}/invoices/${id}`)
  if (title) await page.getByRole('heading', { level: 1, name: title }).waitFor()
  else await page.getByRole('button', { name: t('invoices.send.ask') }).waitFor()
}
const askToSend = async ({ page, t }: Visit) => {
  await page.getByRole('button', { name: t('invoices.send.ask') }).click()
  return page.getByRole('dialog')
}
/** The letters of the invoice that is open. */
const panelOf = ({ page, t }: Visit) => page.getByRole('region', { name: t('letters.panel'), exact: true })
const states = ['waiting', 'sending', 'sent', 'uncertain', 'failed', 'withdrawn', 'sentToSome'] as const
const newestStands = async (visit: Visit, state: (typeof states)[number]) =>
  panelOf(visit)
    .getByRole('listitem')
    .first()
    .getByText(visit.t(`letters.state.${state}`), { exact: true })
    .waitFor()

describe('een factuur per e-mail, aan een bureau', () => {
  let visit: Visit
  let invoice: string
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 900, as: samplePeople.sanne })
    invoice = draftOf('Van Dalen')
  })

  it('toont eerst wat vastligt en wat de debiteur krijgt', async () => {
    const { page, t } = visit
    await openInvoice(visit, invoice)
    const dialog = await askToSend(visit)
    await dialog.getByRole('button', { name: t('letters.send.button', { number: '2026-0001' }) }).waitFor()
    await dialog.getByText('€ 27.717,97').first().waitFor()
    await dialog.getByText('Anja van Dalen').first().waitFor()
    const preview = dialog.getByRole('region', { name: t('letters.preview') })
    await preview.getByRole('heading', { name: 'Factuur 2026-0001 van Bureau Noordkade B.V.' }).waitFor()
    await preview.getByRole('button', { name: /2026-0001\.pdf/ }).waitFor()
    await dialog.getByRole('checkbox', { name: t('letters.along.hours') }).check()
    await preview.getByRole('button', { name: /2026-0001 .*\.pdf.*kB/ }).waitFor()
    await isSound(page)
  })

  it('zegt bij het veld wat er niet klopt, en bewaart wat getypt is', async () => {
    const { page, t } = visit
    const dialog = page.getByRole('dialog')
    const to = dialog.getByRole('combobox', { name: t('letters.to') })
    await to.fill('anja(at)vandalen')
    await dialog.getByRole('textbox', { name: t('letters.subject') }).fill('')
    await page.keyboard.press('Control+Enter')
    await dialog.getByText(t('letters.addresses.wrong', { address: 'anja(at)vandalen' })).waitFor()
    await dialog.getByText(t('letters.subject.none')).waitFor()
    expect(await page.evaluate(`document.activeElement.getAttribute('data-path')`)).toBe('to')
    await isSound(page)
    await dialog.getByRole('button', { name: t('letters.addresses.remove', { address: 'anja(at)vandalen' }) }).click()
    await dialog.getByRole('textbox', { name: t('letters.subject') }).fill('Onze uren: {number}')
    await dialog.getByRole('heading', { name: 'Onze uren: 2026-0001' }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await askToSend(visit)
    await expect
      .poll(() => dialog.getByRole('textbox', { name: t('letters.subject') }).inputValue())
      .toBe('Onze uren: {number}')
    await expect.poll(() => dialog.getByRole('checkbox', { name: t('letters.along.hours') }).isChecked()).toBe(true)
  })

  it('zegt dat een tekst van vóór een wijziging is, en neemt dan de voorgestelde', async () => {
    const { page, t } = visit
    const dialog = page.getByRole('dialog')
    const body = dialog.getByRole('textbox', { name: t('letters.body') })
    const proposed = await body.inputValue()
    await body.fill(`${proposed}\nTot gauw.`)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    const first = page.getByRole('textbox', { name: t('invoices.line.quantity') }).first()
    const change = async (quantity: string) => {
      const before = await sanne.good<{ gross: string }>('GET', `/invoices/${invoice}`)
      await first.fill(quantity)
      await page.keyboard.press('Tab')
      await expect
        .poll(async () => (await sanne.good<{ gross: string }>('GET', `/invoices/${invoice}`)).gross)
        .not.toBe(before.gross)
    }
    await change('22,75')
    await askToSend(visit)
    await dialog.getByText(t('letters.outdated')).waitFor()
    await expect.poll(() => body.inputValue()).toContain('Tot gauw.')
    await isSound(page)
    await dialog.getByRole('button', { name: t('letters.outdated.take') }).click()
    await dialog.getByText(t('letters.outdated')).waitFor({ state: 'hidden' })
    expect(await body.inputValue()).not.toContain('Tot gauw.')
    expect(await body.inputValue()).not.toBe(proposed)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await change('21,75')
    await askToSend(visit)
    await expect.poll(() => body.inputValue()).toBe(proposed)
    await expect
      .poll(() => dialog.getByRole('textbox', { name: t('letters.subject') }).inputValue())
      .toBe('Onze uren: {number}')
  })

  it('gaat één keer de deur uit, met pdf, uren en e-factuur', async () => {
    const { page } = visit
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { level: 1, name: '2026-0001' }).waitFor()
    await newestStands(visit, 'sent')
    expect(mail.received).toHaveLength(1)
    expect(mail.received[0]?.to).toEqual(['anja@vandalen.example'])
    const message = readMessage(mail.received[0]?.raw as Buffer)
    expect(message.headers.get('subject')).toBe('Onze uren: 2026-0001')
    expect(message.text).toContain('27.717,97')
    expect(message.attachments.map(({ mediaType }) => mediaType).sort()).toEqual(['application/pdf', 'application/xml'])
    const [pdf, ubl] = ['application/pdf', 'application/xml'].map((type) =>
      message.attachments.find(({ mediaType }) => mediaType === type),
    )
    expect(pdf?.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(ubl?.bytes.toString()).toContain('<cbc:ID>2026-0001</cbc:ID>')
    await isSound(page)
  })

  it('staat in het logboek, met de tekst en de bijlagen zoals ze gingen', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/letters`)
    const row = page.getByRole('row').filter({ hasText: 'Onze uren: 2026-0001' })
    await row.getByText(t('letters.state.sent'), { exact: true }).waitFor()
    await isSound(page)
    await row.getByText('Onze uren: 2026-0001').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: 'Onze uren: 2026-0001' }).waitFor()
    await isSound(page)
    const saved = page.waitForEvent('download')
    await dialog.getByRole('button', { name: /\.xml/ }).click()
    expect((await saved).suggestedFilename()).toMatch(/\.xml$/)
    await dialog
      .getByRole('button', { name: t('parts.close') })
      .last()
      .click()
    await dialog.waitFor({ state: 'hidden' })
  })

  it('wacht als de mailserver weg is, en gaat als hij terug is', async () => {
    const { page, t } = visit
    await openInvoice(visit, invoice, '2026-0001')
    await mail.stop()
    await panelOf(visit)
      .getByRole('button', { name: t('letters.resend.ask') })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t('letters.resend.button', { number: '2026-0001' }) }).waitFor()
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'waiting')
    await panelOf(visit).getByText(t.like('letters.triedAgain')).waitFor()
    await isSound(page)
    await mail.start()
    await nowInstead()
    await newestStands(visit, 'sent')
    expect(mail.received).toHaveLength(2)
  })

  it('zegt dat een adres is geweigerd, en gaat met een ander adres opnieuw', async () => {
    const { page, t } = visit
    mail.refuse('weg@vandalen.example', [550, '5.1.1 mailbox unknown'])
    await panelOf(visit)
      .getByRole('button', { name: t('letters.resend.ask') })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('button', { name: t('letters.addresses.remove', { address: 'anja@vandalen.example' }) })
      .click()
    await dialog.getByRole('combobox', { name: t('letters.to') }).fill('weg@vandalen.example')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'failed')
    await panelOf(visit).getByText('5.1.1 mailbox unknown').first().waitFor()
    await isSound(page)
    await panelOf(visit)
      .getByRole('button', { name: t('letters.mend') })
      .click()
    await dialog
      .getByRole('button', { name: t('letters.addresses.remove', { address: 'weg@vandalen.example' }) })
      .click()
    await dialog.getByRole('combobox', { name: t('letters.to') }).fill('Boekhouding <facturen@vandalen.example>,')
    await isSound(page)
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'sent')
    expect(mail.received.at(-1)?.to).toEqual(['facturen@vandalen.example'])
    const [first, last] = [mail.received[1], mail.received.at(-1)].map(
      (one) => readMessage(one?.raw as Buffer).attachments.find(({ fileName }) => fileName.endsWith('.xml'))?.bytes,
    )
    expect(last?.equals(first as Buffer)).toBe(true)
  })

  it('noemt het adres dat als enige werd geweigerd, en stuurt naar een ander', async () => {
    const { page, t } = visit
    await panelOf(visit)
      .getByRole('button', { name: t('letters.resend.ask') })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: t('letters.to') }).fill('weg@vandalen.example;')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'sentToSome')
    await panelOf(visit)
      .getByText(t('letters.refused', { address: 'weg@vandalen.example' }))
      .first()
      .waitFor()
    await panelOf(visit)
      .getByRole('button', { name: t('letters.elsewhere') })
      .click()
    const to = dialog.getByRole('combobox', { name: t('letters.to') })
    await to.fill('nieuw@vandalen.example')
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'sent')
    expect(mail.received.at(-1)?.to).toEqual(['nieuw@vandalen.example'])
  })

  it('noemt onzeker wat misschien aankwam, tot iemand het weet', async () => {
    const { page, t } = visit
    mail.next('taken-then-cut')
    await panelOf(visit)
      .getByRole('button', { name: t('letters.resend.ask') })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t('letters.resend.button', { number: '2026-0001' }) }).waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'uncertain')
    const before = mail.received.length
    await isSound(page)
    await panelOf(visit)
      .getByRole('button', { name: t('letters.again'), exact: true })
      .click()
    await dialog.getByText(t('letters.twice.title')).waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t('parts.back') }).click()
    await dialog.waitFor({ state: 'hidden' })
    await panelOf(visit)
      .getByRole('button', { name: t('letters.arrived') })
      .click()
    await newestStands(visit, 'sent')
    expect(mail.received).toHaveLength(before)
  })

  it('trekt in wat nog wacht', async () => {
    const { page, t } = visit
    await mail.stop()
    await panelOf(visit)
      .getByRole('button', { name: t('letters.resend.ask') })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: t('letters.resend.button', { number: '2026-0001' }) }).waitFor()
    await page.keyboard.press('Control+Enter')
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'waiting')
    await panelOf(visit).getByText(t.like('letters.triedAgain')).waitFor()
    await panelOf(visit)
      .getByRole('button', { name: t('letters.withdraw') })
      .click()
    await dialog.getByText(t('letters.withdraw.never')).waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t('letters.withdraw') }).click()
    await dialog.waitFor({ state: 'hidden' })
    await newestStands(visit, 'withdrawn')
    await mail.start()
  })

  it('vindt in het logboek met een filter dat in het adres staat', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/letters?state=withdrawn`)
    await page
      .getByRole('row')
      .filter({ hasText: t('letters.state.withdrawn') })
      .first()
      .waitFor()
    expect(
      await page
        .getByRole('row')
        .filter({ hasText: t('letters.state.sent') })
        .count(),
    ).toBe(0)
    await page.goto(`/f/${firm}/letters?state=uncertain`)
    await page.getByText(t('letters.nothing.text')).waitFor()
    await isSound(page)
    await page.getByRole('button', { name: t('letters.nothing.clear') }).click()
    await page.getByRole('row').filter({ hasText: '2026-0001' }).first().waitFor()
  })
})

describe('teksten en instellingen', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'nl', width: windowWidth.desktop, height: 900, as: samplePeople.sanne })
  })

  it('zet een invulveld bij de cursor en toont meteen hoe het gelezen wordt', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/mail`)
    await page
      .getByRole('link', {
        name: t('mail.template.open', { kind: t('letters.template.invoice'), language: t('letters.language.nl') }),
        exact: true,
      })
      .click()
    await page.getByRole('heading', { level: 1, name: t('letters.template.invoice') }).waitFor()
    await page.getByRole('textbox', { name: t('letters.body') }).fill('Geachte heer/mevrouw, te betalen: ')
    await page.getByRole('button', { name: /^\{amount\}/ }).click()
    const preview = page.getByRole('region', { name: t('mail.template.preview') })
    await preview.getByText('Geachte heer/mevrouw, te betalen: €', { exact: false }).waitFor()
    await page.getByRole('textbox', { name: t('letters.subject') }).fill('Rekening ')
    await page.getByRole('button', { name: /^\{number\}/ }).click()
    await preview.getByRole('heading', { name: /^Rekening \d{4}-0042$/ }).waitFor()
    await isSound(page)
  })

  it('weigert een invulveld dat er niet is, bij het veld', async () => {
    const { page, t } = visit
    const body = page.getByRole('textbox', { name: t('letters.body') })
    const before = await body.inputValue()
    visit.expects(422, '/api/v1/mail-templates/')
    await body.fill(`${before} {bedrag}`)
    await page.getByText('{bedrag}', { exact: false }).nth(1).waitFor()
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => body.getAttribute('aria-invalid')).toBe('true')
    await isSound(page)
    await body.fill(before)
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('mail.template.saved')).waitFor()
    await page.getByText(t('mail.template.own'), { exact: true }).waitFor()
  })

  it('gaat naar de debiteur zoals hij is geschreven, en met één klik terug', async () => {
    const { page, t } = visit
    const id = await newDraft('Van%20Dalen')
    await openInvoice(visit, id)
    const dialog = await askToSend(visit)
    await dialog.getByRole('heading', { name: 'Rekening 2026-0002' }).waitFor()
    await page.keyboard.press('Escape')
    await page.goto(`/f/${firm}/settings/mail/invoice/nl`)
    await page.getByRole('button', { name: t('mail.template.back') }).click()
    await page.getByText(t('mail.template.isOurs')).waitFor()
    await page.getByRole('button', { name: t('parts.undo') }).click()
    await expect
      .poll(() => page.getByRole('textbox', { name: t('letters.subject') }).inputValue())
      .toBe('Rekening {number}')
    await page.getByRole('button', { name: t('mail.template.back') }).click()
    await page.getByText(t('mail.template.isOurs')).waitFor()
    // And written again, on the text as it is then.
    await page.getByRole('textbox', { name: t('letters.subject') }).fill('Factuur {number}')
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('mail.template.saved')).last().waitFor()
  })

  it('bewaart afzender, antwoordadres, kopieën en bijlagen, en stuurt een proefmail', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/settings/mail`)
    await page.getByRole('textbox', { name: t('mail.senderName') }).fill('Noordkade Facturen')
    await page.getByRole('textbox', { name: t('mail.replyTo') }).fill('geen adres')
    await page.getByRole('combobox', { name: t('mail.bcc') }).fill('archief@noordkade.example')
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: t('mail.attach.hours') }).check()
    await page.getByRole('button', { name: t('mail.save') }).click()
    await page.getByText(t('letters.addresses.wrong', { address: 'geen adres' })).waitFor()
    await isSound(page)
    await page.getByRole('textbox', { name: t('mail.replyTo') }).fill('antwoord@noordkade.example')
    await page.keyboard.press('Control+Enter')
    await page.getByText(t('mail.saved')).waitFor()
    const before = mail.received.length
    await page.getByRole('button', { name: t('mail.trial') }).click()
    await page.getByText(t('mail.trial.done', { address: samplePeople.sanne.email })).waitFor()
    expect(mail.received).toHaveLength(before + 1)
    await isSound(page)
  })

  it('verstuurt een selectie, met een uitkomst per factuur', async () => {
    const { page, t } = visit
    const { rows } = await sanne.good<{ rows: { id: string }[] }>('GET', '/customers?search=Van%20Dalen')
    await sanne.good('POST', '/invoices', { customerId: rows[0]?.id })
    await page.goto(`/f/${firm}/invoices?state=draft`)
    await page.getByRole('row').filter({ hasText: 'Kessler' }).first().waitFor()
    await page.getByRole('columnheader').getByRole('checkbox').check()
    await page.getByRole('button', { name: t('letters.many.button', { count: 3, shown: '3' }) }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(t('letters.many.never')).waitFor()
    await isSound(page)
    const before = mail.received.length
    await page.keyboard.press('Control+Enter')
    await dialog.getByRole('heading', { name: t('letters.many.done', { count: 2, shown: '2' }) }).waitFor()
    await dialog.getByText(t('letters.many.left', { count: 1, shown: '1' })).waitFor()
    await isSound(page)
    await expect.poll(() => mail.received.length, { timeout: 15_000 }).toBe(before + 2)
    for (const { to, raw } of mail.received.slice(before)) {
      expect(to).toContain('archief@noordkade.example')
      const { headers } = readMessage(raw)
      expect(headers.get('from')).toContain('Noordkade Facturen')
      expect(headers.get('reply-to')).toContain('antwoord@noordkade.example')
      expect(headers.has('bcc')).toBe(false)
    }
    await dialog.getByRole('link', { name: t('letters.title') }).click()
    await page.waitForURL(/\/letters$/)
  })
})

describe('an invoice by e-mail, on a telephone', () => {
  let visit: Visit
  beforeAll(async () => {
    visit = await journeys.visit({ language: 'en', width: windowWidth.phone, height: 844, as: samplePeople.sanne })
  })

  it('is sent from a sheet', async () => {
    const { page, t } = visit
    await openInvoice(visit, await newDraft('Van%20Dalen'))
    const dialog = await askToSend(visit)
    const send = dialog.getByRole('button', { name: t.like('letters.send.button') })
    await send.waitFor()
    await dialog
      .getByRole('region', { name: t('letters.preview') })
      .getByRole('heading')
      .waitFor()
    await isSound(page)
    const before = mail.received.length
    await send.click()
    await page.getByRole('region', { name: t('letters.panel'), exact: true }).waitFor()
    await newestStands(visit, 'sent')
    expect(mail.received).toHaveLength(before + 1)
    await isSound(page)
  })

  it('is sent once more, to somebody else', async () => {
    const { page, t } = visit
    const before = mail.received.length
    await panelOf(visit)
      .getByRole('button', { name: t('letters.resend.ask') })
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: t('letters.to') }).fill('Second reader <second@vandalen.example>;')
    await dialog.getByText('second@vandalen.example').first().waitFor()
    await isSound(page)
    await dialog.getByRole('button', { name: t.like('letters.resend.button') }).click()
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => mail.received.length, { timeout: 15_000 }).toBe(before + 1)
    expect(mail.received.at(-1)?.to).toContain('second@vandalen.example')
    const [first, second] = mail.received
      .slice(-2)
      .map(({ raw }) => readMessage(raw).attachments.map(({ bytes }) => bytes.toString('base64')))
    expect(second).toEqual(first)
  })

  it('is read in the log, on the way from Invoices', async () => {
    const { page, t } = visit
    await page.goto(`/f/${firm}/letters`)
    await page.getByRole('row').nth(1).waitFor()
    await isSound(page)
    await page.getByRole('row').nth(1).click()
    await page
      .getByRole('dialog')
      .getByRole('region', { name: t('letters.one') })
      .waitFor()
    await isSound(page)
  })
})

describe('without a mail server', () => {
  let bare: Journeys
  let visit: Visit
  let slug: string
  let id: string
  beforeAll(async () => {
    bare = await startJourneys()
    const person = await setUpSample(bare.base, 'en')
    slug = person.firm as string
    const { invoices } = await person.good<{ invoices: { id: string }[] }>('POST', '/invoices/from-hours', {
      selection: { filter: { ...lastMonth, state: ['free'], billable: true } },
      groupBy: 'activity',
      date: lastMonth.until,
    })
    id = invoices[0]?.id as string
    visit = await bare.visit({ language: 'en', width: windowWidth.desktop, height: 900, as: samplePeople.sanne })
  })
  afterAll(() => bare?.stop())

  it('an invoice goes another way, and what is missing is said with the place to mend it', async () => {
    const { page, t } = visit
    await page.goto(`/f/${slug}/invoices/${id}`)
    const dialog = await askToSend(visit)
    await dialog.getByRole('link', { name: t('letters.problem.settings') }).waitFor()
    await expect.poll(() => dialog.getByRole('radio', { name: t('invoices.send.post') }).isChecked()).toBe(true)
    await isSound(page)
    await dialog.getByRole('radio', { name: t('letters.how.mail') }).check()
    expect(await dialog.getByRole('button', { name: t.like('letters.send.button') }).isDisabled()).toBe(true)
    await isSound(page)
    await dialog.getByRole('radio', { name: t('invoices.send.post') }).check()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { level: 1, name: /^\d{4}-0001$/ }).waitFor()
    await panelOf(visit).getByText(t('letters.panel.none')).waitFor()
  })

  it('the settings say what whoever runs the server sets, and the log says why it is empty', async () => {
    const { page, t } = visit
    await page.goto(`/f/${slug}/settings/mail`)
    await page.getByText(t('mail.off.title')).waitFor()
    await page.getByText('SMTP_URL').waitFor()
    await isSound(page)
    await page.goto(`/f/${slug}/letters`)
    await page.getByText(t('letters.empty.off')).waitFor()
    await isSound(page)
  })
})
