import { createHash } from 'node:crypto'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forgetFiles } from '../src/files/forget-files.ts'
import type { LetterAnswer } from '../src/letters/letter-rows.ts'
import { createMail } from '../src/letters/mail.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { testApp, testNow } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { readMessage } from '../src/testing/mail-server.ts'
import { type Answered, type MailedApp, mailedApp } from '../src/testing/mailed.ts'

/** Letters from the API to the mailbox of the customer. */
let app: MailedApp
beforeAll(async () => {
  app = await mailedApp()
})
afterAll(() => app?.close())

let firm: TestFirm
beforeEach(async () => {
  app.server.received.length = 0
  app.clock.set(testNow)
  firm = await app.mailingFirm()
})

type Problem = ApiProblem & { readonly errors?: readonly { readonly pointer: string; readonly code: string }[] }
const post = <Body>(path: string, body: object = {}, version?: number) =>
  app.ask<Body & Problem>(firm, path, { method: 'POST', body, ...(version === undefined ? {} : { version }) })
const sendBy = (invoice: Pick<InvoiceAnswer, 'id' | 'version'>, body: object) =>
  post<InvoiceAnswer>(`/invoices/${invoice.id}/sending`, body, invoice.version)
const wrongIn = ({ body }: Answered<Problem>) => (body.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
const lettersOf = async (invoiceId: string) => {
  const { body } = await app.ask<{ rows: { id: string }[] }>(firm, `/letters?invoiceId=${invoiceId}`)
  return Promise.all(body.rows.map(({ id }) => app.readLetter(firm, id)))
}
const onlyLetter = async (invoiceId: string): Promise<LetterAnswer> => {
  const letters = await lettersOf(invoiceId)
  expect(letters).toHaveLength(1)
  return letters[0] as LetterAnswer
}
const messages = () => app.server.received.map(({ raw }) => readMessage(raw))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = async (path: string) =>
  (await app.app.inject({ url: `/api/v1${path}`, headers: firm.as('finance') })).rawPayload
const changeFirm = (change: object) =>
  firm.within((trx) => trx.updateTable('firm').set(change).where('firmId', '=', firm.id).execute())
const changeCustomer = (change: object) =>
  firm.within((trx) => trx.updateTable('customer').set(change).where('firmId', '=', firm.id).execute())
const addContact = (name: string, more: object = {}) =>
  post(`/contacts`, { customerId: firm.customerId, name, receivesInvoices: true, ...more })

const letter = (change: object = {}) => ({
  to: [{ address: 'anna@bakkerijzon.example', name: 'Anna de Vries' }],
  subject: 'Factuur {number}',
  body: 'Beste {contact},\n\nZie factuur {number}.',
  attach: { ubl: false, hours: false, receipts: [] },
  ...change,
})

/** A draft with hours and a recharged expense that has a receipt. */
async function draftWithEverything(): Promise<{ draft: InvoiceAnswer; receipt: string; bytes: Buffer }> {
  const bytes = Buffer.from(`een bon ${firm.id}`)
  const fileSha = await app.services.files.put(firm.id, bytes)
  const receipt = app.services.ids.next()
  const expenseId = await firm.addExpense({ gross: '121.00' })
  await firm.within(async (trx) => {
    await trx
      .insertInto('file')
      .values({
        firmId: firm.id,
        id: receipt,
        sha256: fileSha,
        mediaType: 'image/png',
        sizeBytes: bytes.length,
        name: 'parkeerbon.png',
        createdAt: app.clock.now(),
      })
      .execute()
    await trx.insertInto('expenseFile').values({ firmId: firm.id, expenseId, fileId: receipt, position: 0 }).execute()
  })
  const hours = await firm.addHours({ minutes: 90 })
  const made = await post<{ invoices: { id: string }[] }>('/invoices/from-entries', {
    groupBy: 'activity',
    splitBy: 'customer',
    hours: { ids: [hours] },
    expenses: { ids: [expenseId] },
  })
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300)
  const { body } = await app.ask<InvoiceAnswer>(firm, `/invoices/${made.body.invoices[0]?.id}`)
  return { draft: body, receipt, bytes }
}

describe('an invoice that is sent by e-mail', () => {
  it('goes out once, with PDF, hours, e-invoice and receipt byte for byte, from the firm to whom it was meant', async () => {
    await changeFirm({ mailSenderName: 'Voorbeeld Facturen', mailReplyTo: 'boekhouding@voorbeeld.example' })
    const { draft, receipt, bytes } = await draftWithEverything()
    const sent = await sendBy(draft, {
      how: 'mail',
      letter: letter({
        bcc: ['archief@voorbeeld.example'],
        body: 'Beste {contact},\n\nZie <factuur> {number} & https://voorbeeld.example/betalen.',
        attach: { ubl: true, hours: true, receipts: [receipt] },
      }),
    })
    expect(sent.body).toMatchObject({ state: 'sent', number: '2026-0001', sentHow: 'mail' })
    expect(await onlyLetter(draft.id)).toMatchObject({ state: 'waiting', kind: 'invoice', attachments: [] })
    await app.sendAll(firm)

    expect(app.server.received.map(({ from, to }) => ({ from, to }))).toEqual([
      { from: 'facturen@noordkade.example', to: ['anna@bakkerijzon.example', 'archief@voorbeeld.example'] },
    ])
    const [message] = messages()
    const stored = await firm.within((trx) => trx.selectFrom('letter').selectAll().executeTakeFirstOrThrow())
    expect(Object.fromEntries(message?.headers ?? [])).toMatchObject({
      from: 'Voorbeeld Facturen <facturen@noordkade.example>',
      to: 'Anna de Vries <anna@bakkerijzon.example>',
      'reply-to': 'boekhouding@voorbeeld.example',
      subject: 'Factuur 2026-0001',
      'message-id': `<${stored.messageId}>`,
    })
    expect(message?.headers.has('bcc')).toBe(false)
    expect(message?.text.trim()).toBe(
      'Beste Anna de Vries,\n\nZie <factuur> 2026-0001 & https://voorbeeld.example/betalen.',
    )
    expect(message?.html).toContain(
      '<p>Zie &lt;factuur&gt; 2026-0001 &amp; <a href="https://voorbeeld.example/betalen">https://voorbeeld.example/betalen</a>.</p>',
    )
    const documents = `/invoices/${draft.id}/documents`
    expect(message?.attachments.map((one) => [one.fileName, one.mediaType, sha256(one.bytes)])).toEqual([
      ['2026-0001 met uren.pdf', 'application/pdf', sha256(await bytesOf(`${documents}/pdf-with-hours`))],
      ['2026-0001.xml', 'application/xml', sha256(await bytesOf(`${documents}/ubl`))],
      ['parkeerbon.png', 'image/png', sha256(bytes)],
    ])

    const kept = await onlyLetter(draft.id)
    expect(kept).toMatchObject({
      state: 'sent',
      tries: 1,
      createdBy: 'administrator',
      bcc: ['archief@voorbeeld.example'],
    })
    expect(kept.attachments.map(({ kind, fileName }) => [kind, fileName])).toEqual([
      ['pdf-with-hours', '2026-0001 met uren.pdf'],
      ['ubl', '2026-0001.xml'],
      ['receipt', 'parkeerbon.png'],
    ])
    const downloads = await Promise.all([0, 1, 2].map((n) => bytesOf(`/letters/${kept.id}/attachments/${n}`)))
    expect(downloads.map(sha256)).toEqual(message?.attachments.map((one) => sha256(one.bytes)))
    const history = await firm.within((trx) =>
      trx.selectFrom('history').select(['act', 'actorName']).where('subjectId', '=', kept.id).orderBy('id').execute(),
    )
    expect(history).toEqual([
      { act: 'written', actorName: expect.stringContaining('administrator') },
      { act: 'sent', actorName: 'Uurwerk' },
    ])
  })

  it('is sent again with the same bytes, however much was changed since', async () => {
    const draft = await app.draft(firm)
    await sendBy(draft, { how: 'mail', letter: letter({ attach: { ubl: true, hours: false, receipts: [] } }) })
    await app.sendAll(firm)
    await changeFirm({ name: 'Heel Anders BV', iban: null })
    await changeCustomer({ name: 'Andere Bakker' })
    app.clock.forward(40 * 86_400_000)
    const again = await post<LetterAnswer>(
      `/invoices/${draft.id}/letters`,
      letter({ attach: { ubl: true, hours: false, receipts: [] } }),
    )
    expect(again.status).toBe(201)
    await app.sendAll(firm)
    const hashes = messages().map(({ attachments }) => attachments.map(({ bytes }) => sha256(bytes)))
    expect(hashes).toHaveLength(2)
    expect(hashes[1]).toEqual(hashes[0])
    expect(new Set(messages().map(({ headers }) => headers.get('message-id'))).size).toBe(2)
  })

  it('says its number as it became, also when somebody else took the one that was foreseen', async () => {
    const [mine, theirs] = [await app.draft(firm), await app.draft(firm)]
    const { body: proposed } = await app.ask<{ subject: string; body: string; preview: { subject: string } }>(
      firm,
      `/invoices/${mine.id}/letter-draft`,
    )
    expect(proposed.subject).toBe('Factuur {number} van Voorbeeld Advies')
    expect(proposed.preview.subject).toBe('Factuur 2026-0001 van Voorbeeld Advies')
    await sendBy(theirs, { how: 'post' })
    await sendBy(mine, { how: 'mail', letter: letter({ subject: proposed.subject, body: proposed.body }) })
    expect((await onlyLetter(mine.id)).subject).toBe('Factuur 2026-0002 van Voorbeeld Advies')
  })

  it('gets one number and one letter when two people send it at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const draft = await app.draft(firm)
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => sendBy(draft, { how: 'mail', letter: letter() })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
      await onlyLetter(draft.id)
    }
    const numbers = await firm.within((trx) =>
      trx.selectFrom('invoice').select('number').where('state', '=', 'sent').orderBy('number').execute(),
    )
    expect(numbers.map(({ number }) => number)).toEqual([
      '2026-0001',
      '2026-0002',
      '2026-0003',
      '2026-0004',
      '2026-0005',
    ])
    await app.sendAll(firm)
    expect(app.server.received).toHaveLength(5)
  })

  it('is answered by a request that is repeated, and goes out once', async () => {
    const draft = await app.draft(firm)
    const once = () =>
      app.app.inject({
        method: 'POST',
        url: `/api/v1/invoices/${draft.id}/sending`,
        headers: { ...firm.as('finance'), 'if-match': `"${draft.version}"`, 'idempotency-key': 'the-same' },
        payload: { how: 'mail', letter: letter() },
      })
    expect([(await once()).statusCode, (await once()).statusCode]).toEqual([200, 200])
    await app.sendAll(firm)
    expect(app.server.received).toHaveLength(1)
  })

  it('stays a draft without a number when its letter cannot be written', async () => {
    await changeCustomer({ email: null })
    const draft = await app.draft(firm)
    const answer = await sendBy(draft, { how: 'mail' })
    expect(answer).toMatchObject({ status: 409, body: { code: 'customer-mail-missing' } })
    expect((await app.ask<InvoiceAnswer>(firm, `/invoices/${draft.id}`)).body).toMatchObject({
      state: 'draft',
      number: null,
      nextNumber: '2026-0001',
    })
    expect(await lettersOf(draft.id)).toEqual([])
  })

  it('of which no PDF can be made stays sent, and its letter says why it failed', async () => {
    const draft = await app.draft(firm)
    await sendBy(draft, { how: 'mail', letter: letter({ attach: { ubl: true, hours: false, receipts: [] } }) })
    const { make } = app.services.documents
    const documents = app.services.documents as { make: typeof make }
    documents.make = () => Promise.reject(new Error('no room for the stamp'))
    await app.sendAll(firm)
    documents.make = make
    const failed = await onlyLetter(draft.id)
    expect(failed).toMatchObject({ state: 'failed', problem: { kind: 'defect', code: 'document-not-made' } })
    expect((await app.ask<InvoiceAnswer>(firm, `/invoices/${draft.id}`)).body.state).toBe('sent')
    await post(`/letters/${failed.id}/again`, {}, failed.version)
    await app.sendAll(firm)
    expect(await onlyLetter(draft.id)).toMatchObject({ state: 'sent' })
    expect(app.server.received).toHaveLength(1)
  })

  it('waits while the files cannot be reached', async () => {
    const draft = await app.draft(firm)
    await sendBy(draft, { how: 'mail', letter: letter() })
    const files = app.services.files as { get: typeof app.services.files.get }
    const { get } = files
    files.get = async () => {
      throw new (await import('@uurwerk/core/shared/problem.ts')).ProblemError({
        kind: 'temporary',
        code: 'files-away',
        values: { place: 'the bucket' },
      })
    }
    await app.send(firm)
    expect(await onlyLetter(draft.id)).toMatchObject({ state: 'waiting', problem: { code: 'files-away' } })
    files.get = get
    await app.sendAll(firm)
    expect(await onlyLetter(draft.id)).toMatchObject({ state: 'sent' })
  })
})

describe('what a letter proposes', () => {
  const draftLetter = async (invoiceId: string, query = '') =>
    (
      await app.ask<{
        to: { address: string; name: string | null }[]
        known: { address: string }[]
        bcc: string[]
        subject: string
        body: string
        kind: string
        attach: object
        receipts: { fileId: string; name: string; amount: string; date: string }[]
        hasHours: boolean
        hasUbl: boolean
        fileNames: object
        problems: { code: string }[]
      }>(firm, `/invoices/${invoiceId}/letter-draft${query}`)
    ).body

  const cases: readonly [string, { contact: boolean; invoiceEmail: boolean; email: boolean }, readonly string[]][] = [
    [
      'contacts who receive invoices',
      { contact: true, invoiceEmail: true, email: true },
      ['anna@zon.example', 'kees@zon.example'],
    ],
    ['else the address for invoices', { contact: false, invoiceEmail: true, email: true }, ['facturen@zon.example']],
    ['else the general address', { contact: false, invoiceEmail: false, email: true }, ['info@zon.example']],
    ['else nobody, and says so', { contact: false, invoiceEmail: false, email: false }, []],
  ]
  it.each(cases)('goes to %s', async (_, has, expected) => {
    await changeCustomer({
      email: has.email ? 'info@zon.example' : null,
      invoiceEmail: has.invoiceEmail ? 'facturen@zon.example' : null,
    })
    await addContact('Piet Stil', { email: 'piet@zon.example', receivesInvoices: false })
    if (has.contact) {
      await addContact('Kees Bakker', { email: 'kees@zon.example' })
      await addContact('Anna de Vries', { email: 'anna@zon.example' })
    }
    const proposed = await draftLetter((await app.draft(firm)).id)
    expect(proposed.to.map(({ address }) => address)).toEqual(expected)
    expect(proposed.known.map(({ address }) => address)).toContain('piet@zon.example')
    expect(proposed.problems.map(({ code }) => code)).toEqual(expected.length > 0 ? [] : ['customer-mail-missing'])
    if (has.contact) expect(proposed.body).toContain('Beste Anna de Vries,')
  })

  it('takes along what the firm wants, of what there is', async () => {
    await changeFirm({
      mailAttach: JSON.stringify({ ubl: true, hours: true, receipts: true }),
      mailBcc: ['archief@voorbeeld.example'],
    })
    const { draft, receipt } = await draftWithEverything()
    expect(await draftLetter(draft.id)).toMatchObject({
      attach: { ubl: true, hours: true, receipts: [receipt] },
      bcc: ['archief@voorbeeld.example'],
      receipts: [{ fileId: receipt, name: 'parkeerbon.png', date: '2026-03-02', amount: '121.00', currency: 'EUR' }],
      hasHours: true,
      hasUbl: true,
      fileNames: { pdf: '2026-0001.pdf', hours: '2026-0001 met uren.pdf', ubl: '2026-0001.xml' },
    })
    const plain = await app.draft(firm)
    expect(await draftLetter(plain.id)).toMatchObject({
      attach: { ubl: true, hours: false, receipts: [] },
      receipts: [],
      hasHours: false,
    })
  })

  it('leaves the e-invoice out where none can be made, and sends the rest', async () => {
    await changeFirm({ kvk: null, vatId: 'NL123456782B01', email: null })
    await changeCustomer({ kvk: null, vatId: null, invoiceEmail: null, email: null, peppolId: null })
    await addContact('Anna', { email: 'anna@zon.example' })
    const draft = await app.draft(firm)
    expect(await draftLetter(draft.id)).toMatchObject({ hasUbl: false, attach: { ubl: false } })
    expect((await sendBy(draft, { how: 'mail' })).status).toBe(200)
    await app.sendAll(firm)
    expect(messages()[0]?.attachments.map(({ fileName }) => fileName)).toEqual(['2026-0001.pdf'])
  })

  it('speaks the language of the invoice, also of a credit note, whose amount is what comes back', async () => {
    const draft = await app.draft(firm)
    const english = await app.ask<InvoiceAnswer>(firm, `/invoices/${draft.id}`, {
      method: 'PATCH',
      version: draft.version,
      body: { language: 'en' },
    })
    await sendBy(english.body, { how: 'mail' })
    const credit = await post<InvoiceAnswer>(`/invoices/${draft.id}/credit-note`)
    await sendBy(credit.body, { how: 'mail' })
    await app.sendAll(firm)
    expect(messages().map(({ headers, text }) => [headers.get('subject'), text.split('\n')[2]])).toEqual([
      [
        'Invoice 2026-0001 from Voorbeeld Advies',
        'Please find attached invoice 2026-0001 of 31 March 2026, for a total of € 121.00.',
      ],
      [
        'Credit note 2026-0002 from Voorbeeld Advies',
        'Please find attached credit note 2026-0002 of 31 March 2026, for € 121.00. It belongs to invoice 2026-0001.',
      ],
    ])
  })

  it('is a reminder with the days that went by, and without an e-invoice that would be booked twice', async () => {
    const { id } = await app.sentInvoice(firm)
    app.clock.forward(46 * 86_400_000)
    const proposed = await draftLetter(id, '?kind=reminder&step=2')
    expect(proposed).toMatchObject({
      kind: 'reminder',
      subject: 'Tweede herinnering: factuur 2026-0001',
      attach: { ubl: false, hours: false, receipts: [] },
    })
    expect(proposed.body).toContain('Dat is 16 dagen geleden en er staat nog € 121,00 open.')
  })
})

describe('a letter that is not right', () => {
  const wrong: readonly [string, object, string][] = [
    ['no address', { to: [] }, '/letter/to too-small'],
    ['something that is no address', { to: [{ address: 'anna' }] }, '/letter/to/0/address format-email'],
    [
      'a line break in an address, which would be a header of its own',
      { to: [{ address: 'anna@zon.example\r\nBcc: dief@elders.example' }] },
      '/letter/to/0/address format-email',
    ],
    [
      'a line break in a name',
      { to: [{ address: 'anna@zon.example', name: 'Anna\r\nBcc: dief@elders.example' }] },
      '/letter/to/0/name one-line',
    ],
    ['a line break in the subject', { subject: 'Factuur\nBcc: dief@elders.example' }, '/letter/subject one-line'],
    ['an empty subject', { subject: '  ' }, '/letter/subject required'],
    ['an empty text', { body: '' }, '/letter/body required'],
    ['a blind copy to nowhere', { bcc: ['dief'] }, '/letter/bcc/0 format-email'],
    [
      'twenty-one addresses',
      { to: Array.from({ length: 21 }, (_, n) => ({ address: `klant${n}@zon.example` })) },
      '/letter/to too-big',
    ],
    [
      'a file that is not behind the invoice',
      { attach: { ubl: false, hours: false, receipts: ['01900000-0000-7000-8000-00000000dead'] } },
      '/letter/attach/receipts/0 receipt-not-of-invoice',
    ],
  ]
  it.each(wrong)('is refused at its field: %s', async (_, change, expected) => {
    const draft = await app.draft(firm)
    const answer = await sendBy(draft, { how: 'mail', letter: letter(change) })
    expect(answer.status).toBe(422)
    expect(wrongIn(answer)).toContain(expected)
    expect((await app.ask<InvoiceAnswer>(firm, `/invoices/${draft.id}`)).body.state).toBe('draft')
  })

  it('does not go with another way of sending', async () => {
    const answer = await sendBy(await app.draft(firm), { how: 'post', letter: letter() })
    expect(wrongIn(answer)).toEqual(['/letter how-not-mail'])
  })

  it('takes no receipt of another invoice', async () => {
    const other = await draftWithEverything()
    const draft = await app.draft(firm)
    const attach = { ubl: false, hours: false, receipts: [other.receipt] }
    expect(wrongIn(await sendBy(draft, { how: 'mail', letter: letter({ attach }) }))).toEqual([
      '/letter/attach/receipts/0 receipt-not-of-invoice',
    ])
  })

  it('takes no more than twenty megabytes, and says how much it is', async () => {
    const { draft, receipt } = await draftWithEverything()
    await firm.within((trx) =>
      trx
        .updateTable('file')
        .set({ sizeBytes: 22 * 1024 * 1024 })
        .where('id', '=', receipt)
        .execute(),
    )
    const answer = await sendBy(draft, {
      how: 'mail',
      letter: letter({ attach: { ubl: false, hours: false, receipts: [receipt] } }),
    })
    expect(answer.body.errors).toEqual([
      {
        pointer: '/letter/attach/receipts',
        code: 'attachments-too-large',
        message: 'Attachments together may be 20.0 MB; these are 22.0 MB.',
      },
    ])
  })

  it('reaches each address once, however it is written, and who is named gets no blind copy', async () => {
    await sendBy(await app.draft(firm), {
      how: 'mail',
      letter: letter({
        to: [{ address: 'Anna@zon.example' }, { address: 'anna@zon.example' }],
        bcc: ['ANNA@zon.example', 'archief@zon.example'],
      }),
    })
    await app.sendAll(firm)
    expect(app.server.received[0]?.to).toEqual(['Anna@zon.example', 'archief@zon.example'])
  })

  it('is no reminder of a draft or a credit note, and none twice', async () => {
    const reminder = letter({ kind: 'reminder', step: 1, subject: 'Herinnering {number}' })
    const draft = await app.draft(firm)
    expect((await post(`/invoices/${draft.id}/letters`, reminder)).body.code).toBe('no-reminder-not-sent')
    const sent = await app.sentInvoice(firm)
    expect(wrongIn(await post(`/invoices/${sent.id}/letters`, letter({ kind: 'reminder' })))).toEqual([
      '/step reminder-step-missing',
    ])
    app.clock.forward(60 * 86_400_000)
    const both = await Promise.all([1, 2].map(() => post(`/invoices/${sent.id}/letters`, reminder)))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    const credit = await post<InvoiceAnswer>(`/invoices/${sent.id}/credit-note`)
    await sendBy(credit.body, { how: 'post' })
    expect((await post(`/invoices/${credit.body.id}/letters`, reminder)).status).toBe(409)
  })

  it('leaves no address and no text in the log', async () => {
    const lines: string[] = []
    const log = new Proxy(app.services.log, {
      get: (target, name) =>
        ['info', 'warn', 'error', 'debug'].includes(String(name))
          ? (...said: unknown[]) =>
              void lines.push(JSON.stringify(said, (_, v) => (v instanceof Error ? v.message : v)))
          : Reflect.get(target, name),
    })
    const { log: before } = app.services
    ;(app.services as { log: typeof log }).log = log
    app.server.refuse('fout@zon.example', [550, '<fout@zon.example> unknown'])
    app.server.next({ everyRecipient: [550, '<anna@bakkerijzon.example> unknown'] })
    await sendBy(await app.draft(firm), { how: 'mail', letter: letter() })
    await app.send(firm)
    await sendBy(await app.draft(firm), { how: 'mail', letter: letter({ body: 'Geheime tekst' }) })
    await app.send(firm)
    ;(app.services as { log: typeof log }).log = before
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.join('\n')).not.toMatch(/@|Geheime|Anna/)
  })
})

describe('a firm without a mail server', () => {
  it('sends on paper as before, is told so beforehand, and writes no letter', async () => {
    const without = await testApp(() => ({ mail: createMail({ mail: null }) }))
    try {
      const plain = await testFirm(without.services)
      const ask = (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, version = 1) =>
        without.app.inject({
          method,
          url: `/api/v1${url}`,
          headers: { ...plain.as('administrator'), 'if-match': `"${version}"` },
          ...(payload ? { payload } : {}),
        })
      const made = (await ask('POST', '/invoices', { customerId: plain.customerId })).json<InvoiceAnswer>()
      const line = { description: 'Licentie', quantity: '1', unit: 'piece', unitPrice: '100.00' }
      const draft = (await ask('POST', `/invoices/${made.id}/lines`, line, made.version)).json<InvoiceAnswer>()
      const proposal = (await ask('GET', `/invoices/${draft.id}/letter-draft`)).json<{ problems: { code: string }[] }>()
      expect(proposal.problems.map(({ code }) => code)).toEqual(['mail-not-set', 'customer-mail-missing'])
      expect((await ask('GET', '/mail-settings')).json()).toMatchObject({ works: false, from: null })
      for (const [url, body] of [
        [`/invoices/${draft.id}/sending`, { how: 'mail', letter: letter() }],
        ['/invoices/sendings', { how: 'mail', selection: { ids: [draft.id] } }],
        ['/mail-settings/trial', undefined],
      ] as const) {
        const answer = await ask('POST', url, body, draft.version)
        expect([url, answer.statusCode, answer.json().code]).toEqual([url, 409, 'mail-not-set'])
      }
      expect((await ask('POST', `/invoices/${draft.id}/sending`, { how: 'post' }, draft.version)).statusCode).toBe(200)
      expect((await ask('GET', '/letters')).json()).toEqual({ rows: [], next: null })
    } finally {
      await without.close()
    }
  })
})

describe('the log of letters', () => {
  it('is read page by page, the newest first, and narrowed by kind, state, customer, invoice, day and text', async () => {
    const [one, two] = [await app.sentInvoice(firm), await app.sentInvoice(firm)]
    const written = []
    for (const to of ['a@zon.example', 'b@zon.example', 'c@zon.example']) {
      app.clock.forward(86_400_000)
      written.push(await app.resend(firm, one.id, [to]))
    }
    app.clock.forward(86_400_000)
    const failing = await app.resend(firm, two.id, ['weg@zon.example'])
    app.server.refuse('weg@zon.example', [550, 'unknown'])
    await app.sendAll(firm)
    const list = async (query: string) =>
      (await app.ask<{ rows: LetterAnswer[]; next: string | null }>(firm, `/letters?${query}`)).body
    const ids = async (query: string) => (await list(query)).rows.map(({ id }) => id)
    const newest = [failing, ...written.toReversed()].map(({ id }) => id)
    const first = await list('limit=3')
    expect(first.rows.map(({ id }) => id)).toEqual(newest.slice(0, 3))
    expect(await ids(`limit=3&cursor=${first.next}`)).toEqual(newest.slice(3))
    expect(await ids('state=failed&state=uncertain')).toEqual([failing.id])
    expect(await ids(`invoiceId=${one.id}`)).toEqual(newest.slice(1))
    expect(await ids('kind=reminder')).toEqual([])
    expect(await ids(`customerId=${firm.customerId}`)).toEqual(newest)
    expect(await ids('search=b@zon')).toEqual([written[1]?.id])
    expect(await ids('search=2026-0002')).toEqual([failing.id])
    const day = written[1]?.createdAt.slice(0, 10)
    expect(await ids(`from=${day}&until=${day}`)).toEqual([written[1]?.id])
    expect((await app.ask<Problem>(firm, '/letters?cursor=WyJ4IiwiMDE5Il0')).status).toBe(422)
  })
})

describe('texts of the firm', () => {
  interface Template {
    readonly kind: string
    readonly language: string
    readonly subject: string
    readonly body: string
    readonly own: boolean
    readonly version: number
  }
  const listed = async (language: 'nl' | 'en' = 'en') =>
    (
      await app.ask<{ rows: Template[]; placeholders: { name: string; says: string; kinds: string[] }[] }>(
        firm,
        '/mail-templates',
        { language },
      )
    ).body
  const put = (body: object, version: number, path = 'invoice/nl') =>
    app.ask<Template & Problem>(firm, `/mail-templates/${path}`, { method: 'PUT', body, version })

  it('are ours in both languages until the firm writes its own, and hold only placeholders that they know', async () => {
    const { rows, placeholders } = await listed()
    expect(rows).toHaveLength(12)
    for (const { kind, language, subject, body, own, version } of rows) {
      expect({ own, version }, `${kind} ${language}`).toEqual({ own: false, version: 0 })
      const used = [...`${subject} ${body}`.matchAll(/\{(\w+)\}/g)].map((found) => found[1])
      const known = placeholders.filter(({ kinds }) => kinds.includes(kind)).map(({ name }) => name)
      expect(known, `${kind} ${language}`).toEqual(expect.arrayContaining(used))
    }
    expect(placeholders.find(({ name }) => name === 'dueDate')?.says).toBe('Last day to pay')
    expect((await listed('nl')).placeholders.find(({ name }) => name === 'dueDate')?.says).toBe('Uiterste betaaldatum')
  })

  it('go along with what is sent from then on, and back to ours', async () => {
    const own = { subject: 'Rekening {number}', body: 'Dag {contact},\n\n{amount} voor {dueDate} op {iban}.' }
    expect((await put(own, 0)).body).toMatchObject({ ...own, own: true, version: 1 })
    await sendBy(await app.draft(firm), { how: 'mail' })
    await app.sendAll(firm)
    expect(messages()[0]?.headers.get('subject')).toBe('Rekening 2026-0001')
    expect(messages()[0]?.text.trim()).toBe(
      'Dag Bakkerij Zon,\n\n€ 121,00 voor 30 april 2026 op NL91 ABNA 0417 1643 00.',
    )
    const gone = await app.ask(firm, '/mail-templates/invoice/nl', { method: 'DELETE', version: 1 })
    expect(gone.status).toBe(204)
    expect((await listed()).rows[0]).toMatchObject({ kind: 'invoice', language: 'nl', own: false, version: 0 })
  })

  it('name at the field what is not known, and what belongs to another letter', async () => {
    const answer = await put({ subject: 'Factuur {nummer}', body: '{contact} {daysOverdue} {toString} {een ding}' }, 0)
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toEqual([
      { pointer: '/subject', code: 'placeholder-unknown', message: 'This placeholder is not known: {nummer}.' },
    ])
    const body = await put({ subject: 'Factuur', body: '{contact} {daysOverdue} {toString} {een ding}' }, 0)
    expect(body.body.errors?.[0]).toMatchObject({
      pointer: '/body',
      message: 'This placeholder is not known: {daysOverdue}, {toString}, {een ding}.',
    })
    expect((await put({ subject: 'Herinnering', body: '{daysOverdue} dagen' }, 0, 'reminder-1/nl')).status).toBe(200)
  })

  it('are not written over what somebody else wrote meanwhile', async () => {
    const text = { subject: 'Een', body: 'Een' }
    const both = await Promise.all([put(text, 0), put({ subject: 'Twee', body: 'Twee' }, 0)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await put(text, 0)).body).toMatchObject({ code: 'stale', currentVersion: 1 })
    expect((await put(text, 1)).body.version).toBe(2)
  })

  it('can be looked at with an invoice or an example, and what is not known stands as it was typed', async () => {
    const look = async (body: object) =>
      (await post<{ subject: string; body: string; unknown: string[] }>('/mail-templates/preview', body)).body
    const typed = { kind: 'invoice', language: 'nl', subject: '{number} {nope}', body: '{ contact } betaalt {amount}' }
    expect(await look(typed)).toEqual({
      subject: '2026-0042 {nope}',
      body: 'Anna de Vries betaalt € 1.210,00',
      unknown: ['nope'],
    })
    expect(await look({ ...typed, language: 'en' })).toMatchObject({ body: 'Anna de Vries betaalt € 1,210.00' })
    const draft = await app.draft(firm)
    expect(await look({ ...typed, invoiceId: draft.id })).toMatchObject({
      subject: '2026-0001 {nope}',
      body: 'Bakkerij Zon betaalt € 121,00',
    })
  })

  it('do not fill in what a value happens to hold', async () => {
    await changeCustomer({ name: 'Zon {number} {firm}' })
    await sendBy(await app.draft(firm), { how: 'mail', letter: letter({ subject: 'Voor {customer}' }) })
    await app.sendAll(firm)
    expect(messages()[0]?.headers.get('subject')).toBe('Voor Zon {number} {firm}')
  })
})

describe('the settings of e-mail', () => {
  it('say who sends, where answers go and what goes along, and are used for the next letter', async () => {
    const { body: before } = await app.ask<{ version: number }>(firm, '/mail-settings')
    expect(before).toMatchObject({
      works: true,
      from: 'facturen@noordkade.example',
      senderName: null,
      senderNameOtherwise: 'Voorbeeld Advies',
      replyTo: null,
      replyToOtherwise: 'administratie@voorbeeld.example',
      bcc: [],
      attach: { ubl: true, hours: false, receipts: false },
    })
    const change = { senderName: 'Zoë & Co', replyTo: 'zoe@voorbeeld.example', bcc: ['archief@voorbeeld.example'] }
    const patch = (body: object, version: number) =>
      app.ask<Problem>(firm, '/mail-settings', { method: 'PATCH', body, version })
    expect(await patch(change, before.version)).toMatchObject({ status: 200, body: change })
    expect((await patch(change, before.version)).body.code).toBe('stale')
    expect(wrongIn(await patch({ senderName: 'A\nBcc: x@y.example' }, before.version + 1))).toEqual([
      '/senderName one-line',
    ])
    await sendBy(await app.draft(firm), { how: 'mail' })
    await app.sendAll(firm)
    const [message] = messages()
    expect(message?.headers.get('from')).toContain('Zoë & Co')
    expect(message?.headers.get('reply-to')).toBe('zoe@voorbeeld.example')
    expect(app.server.received[0]?.to).toEqual(['info@bakkerijzon.example', 'archief@voorbeeld.example'])
  })

  it('are tried with a letter to whoever asks, and tell what the mail server says', async () => {
    const trial = await post<{ address: string; words: string }>('/mail-settings/trial')
    expect(trial.body).toMatchObject({ address: `administrator.${firm.id}@example.nl`, words: '250 taken' })
    expect(messages()[0]?.headers.get('subject')).toBe('Trial letter from Voorbeeld Advies')
    app.server.next({ sender: [550, 'not from here'] })
    expect((await post('/mail-settings/trial')).body).toMatchObject({
      code: 'letter-refused',
      theirWords: '550 not from here',
    })
  })
})

describe('sending many at once', () => {
  interface Row {
    readonly invoiceId: string
    readonly label: string
    readonly outcome: string
    readonly letterId: string | null
    readonly problem: { readonly code: string; readonly cause: string } | null
  }
  const start = (body: object) => post<{ id: string; kind: string; total: number }>('/invoices/sendings', body)
  const rowsOf = async (id: string) =>
    (await app.ask<{ rows: Row[] }>(firm, `/invoices/tasks/${id}/rows?limit=200`)).body.rows

  it('gives each its number and its letter, and leaves what has a problem, with its reason', async () => {
    const nobody = await firm.addCustomer({ name: 'Zonder Adres', number: '1009' })
    const drafts = [await app.draft(firm), await app.draft(firm, nobody), await app.draft(firm)]
    const { body: empty } = await post<InvoiceAnswer>('/invoices', { customerId: firm.customerId })
    const sent = await app.sentInvoice(firm)
    const stranger = { id: '01900000-0000-7000-8000-00000000dead' }
    const ids = [stranger, ...drafts, empty, sent].map(({ id }) => id)
    const started = await start({ selection: { ids }, how: 'mail' })
    expect(started).toMatchObject({ status: 202, body: { kind: 'send-invoices', total: 6, state: 'waiting' } })
    await app.runTasks()
    const rows = await rowsOf(started.body.id)
    expect(rows.map(({ label, outcome, problem }) => [label, outcome, problem?.code ?? null])).toEqual([
      ['2026-0002', 'created', null],
      ['Zonder Adres', 'skipped', 'customer-mail-missing'],
      ['2026-0003', 'created', null],
      ['Bakkerij Zon', 'skipped', 'invoice-empty'],
      ['2026-0001', 'skipped', 'invoice-not-draft'],
      ['', 'skipped', 'not-found'],
    ])
    expect(rows.filter(({ letterId }) => letterId !== null)).toHaveLength(2)
    const { body: task } = await app.ask<{ state: string; report: object }>(firm, `/invoices/tasks/${started.body.id}`)
    expect(task).toMatchObject({ state: 'done', report: { created: 2, skipped: 4 } })
    await app.sendAll(firm)
    expect(messages().map(({ headers }) => headers.get('subject'))).toEqual([
      'Factuur 2026-0002 van Voorbeeld Advies',
      'Factuur 2026-0003 van Voorbeeld Advies',
    ])
  })

  it('takes all that a filter finds, in the order of their dates', async () => {
    const early = await app.draft(firm)
    const late = await app.draft(firm)
    await app.ask(firm, `/invoices/${early.id}`, {
      method: 'PATCH',
      version: early.version,
      body: { date: '2026-04-02' },
    })
    const started = await start({ selection: { filter: { state: ['draft'] }, except: [], count: 2 }, how: 'post' })
    await app.runTasks()
    expect((await rowsOf(started.body.id)).map(({ invoiceId, label }) => [invoiceId, label])).toEqual([
      [late.id, '2026-0001'],
      [early.id, '2026-0002'],
    ])
    expect((await start({ selection: { filter: { state: ['draft'] }, count: 2 }, how: 'post' })).body.code).toBe(
      'invoices-changed',
    )
    expect((await start({ selection: { filter: { nonsense: true } }, how: 'post' })).status).toBe(422)
  })

  it('ends for who may not send any more', async () => {
    const draft = await app.draft(firm)
    const started = await start({ selection: { ids: [draft.id] }, how: 'post' })
    await firm.within((trx) =>
      trx
        .updateTable('member')
        .set({ roles: ['employee'] })
        .where('id', '=', firm.members.administrator)
        .execute(),
    )
    await app.runTasks()
    const [row] = await firm.within((trx) =>
      trx.selectFrom('taskRow').select(['outcome', 'details']).where('taskId', '=', started.body.id).execute(),
    )
    expect(row).toMatchObject({ outcome: 'skipped', details: { problem: { code: 'no-right' } } })
  })

  it('goes on where a process died, and sends nothing twice', async () => {
    const drafts = []
    for (let count = 0; count < 6; count += 1) drafts.push(await app.draft(firm))
    const started = await start({ selection: { ids: drafts.map(({ id }) => id) }, how: 'mail' })
    const { publish } = app.services.events
    const events = app.services.events as { publish: typeof publish }
    let told = 0
    events.publish = async (trx, firmId, event) => {
      if (event.topic === 'tasks') told += 1
      if (told === 4) throw Object.assign(new Error('terminating connection'), { code: '57P01' })
      return publish(trx, firmId, event)
    }
    await app.runTasks().catch(() => undefined)
    events.publish = publish
    const between = (await rowsOf(started.body.id)).filter(({ outcome }) => outcome === 'created').length
    expect(between).toBeGreaterThan(0)
    expect(between).toBeLessThan(6)
    await app.forgetLeases()
    await app.services.store.withFirm(firm.id, (trx) =>
      app.services.queue.wakeLane(trx, `task:${firm.id}:${started.body.id}`),
    )
    await app.runTasks()
    const rows = await rowsOf(started.body.id)
    expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 6 }, () => 'created'))
    expect(rows.map(({ label }) => label)).toEqual(Array.from({ length: 6 }, (_, n) => `2026-000${n + 1}`))
    await app.sendAll(firm)
    expect(app.server.received).toHaveLength(6)
  })

  it('and one by one at the same moment gives each one number and one letter', async () => {
    const drafts = [await app.draft(firm), await app.draft(firm), await app.draft(firm)]
    const selection = { ids: drafts.map(({ id }) => id) }
    const tasks = [await start({ selection, how: 'mail' }), await start({ selection, how: 'mail' })]
    await Promise.all([app.runTasks(), app.runTasks(), ...drafts.map((draft) => sendBy(draft, { how: 'mail' }))])
    await app.runTasks()
    const outcomes = (await Promise.all(tasks.map(({ body }) => rowsOf(body.id)))).flat()
    expect(outcomes.filter(({ outcome }) => outcome === 'waiting')).toEqual([])
    for (const { id } of drafts) await onlyLetter(id)
    const { body } = await app.ask<{ rows: { number: string }[] }>(firm, '/invoices?sort=number')
    expect(body.rows.map(({ number }) => number)).toEqual(['2026-0001', '2026-0002', '2026-0003'])
  })
})

describe('bytes that a letter names', () => {
  it('stay when the file they came from is forgotten; so do the logos of the firm', async () => {
    const { draft, receipt, bytes } = await draftWithEverything()
    const attach = { ubl: false, hours: false, receipts: [receipt] }
    await sendBy(draft, { how: 'mail', letter: letter({ attach }) })
    await app.sendAll(firm)
    const put = async (text: string) => {
      const content = Buffer.from(`${text} ${firm.id}`)
      const hash = await app.services.files.put(firm.id, content)
      await firm.within((trx) =>
        trx
          .insertInto('file')
          .values({
            firmId: firm.id,
            id: app.services.ids.next(),
            sha256: hash,
            mediaType: 'image/png',
            sizeBytes: content.length,
            name: `${text}.png`,
            createdAt: app.clock.now(),
          })
          .execute(),
      )
      return hash
    }
    const [logo, loose] = [await put('logo'), await put('los')]
    await firm.within((trx) =>
      trx
        .insertInto('firmLogo')
        .values({ firmId: firm.id, sha256: logo, mediaType: 'image/png', sizeBytes: 10, addedAt: app.clock.now() })
        .execute(),
    )
    await firm.within((trx) => trx.deleteFrom('expenseFile').execute())
    app.clock.forward(3 * 86_400_000)
    await forgetFiles(app.services, firm.id)
    expect(await firm.within((trx) => trx.selectFrom('file').select('id').execute())).toEqual([])
    const { files } = app.services
    expect(await files.has(firm.id, sha256(bytes))).toBe(true)
    expect(await files.has(firm.id, logo)).toBe(true)
    expect(await files.has(firm.id, loose)).toBe(false)
    const { id } = await onlyLetter(draft.id)
    expect(sha256(await bytesOf(`/letters/${id}/attachments/1`))).toBe(sha256(bytes))
  })
})
