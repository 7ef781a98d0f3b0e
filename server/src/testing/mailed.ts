import { runTask } from '../jobs/tasks.ts'
import type { LetterAnswer } from '../letters/letter-rows.ts'
import { createMail } from '../letters/mail.ts'
import { type MailLaneOptions, type MailLaneResult, runMailLane } from '../letters/send-letters.ts'
import { mailLaneOf } from '../letters/write-letter.ts'
import type { InvoiceAnswer } from '../routes/invoice-answer.ts'
import { Secret } from '../secrets.ts'
import { type TestApp, testApp } from './app.ts'
import { type TestFirm, testFirm } from './firm.ts'
import { type TestMailServer, testMailServer } from './mail-server.ts'

export interface Answered<Body> {
  readonly status: number
  readonly body: Body
}

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: object
  readonly version?: number
  readonly language?: 'nl' | 'en'
}

/** The API with a real mail server behind it. */
export interface MailedApp extends TestApp {
  readonly server: TestMailServer
  ask<Body>(firm: TestFirm, path: string, asked?: Asked): Promise<Answered<Body>>
  /** A firm and a customer that can be reached by mail, both known to the trade register. */
  mailingFirm(): Promise<TestFirm>
  /** A draft with a free line of 100.00. */
  draft(firm: TestFirm, customerId?: string): Promise<InvoiceAnswer>
  /** Sent on paper, so that nothing was mailed yet. */
  sentInvoice(firm: TestFirm): Promise<InvoiceAnswer>
  /** Once more by mail, as a letter of its own. */
  resend(firm: TestFirm, invoiceId: string, to?: readonly string[]): Promise<LetterAnswer>
  readLetter(firm: TestFirm, id: string): Promise<LetterAnswer>
  /** One pass over the lane of a firm. */
  send(firm: TestFirm, options?: MailLaneOptions): Promise<MailLaneResult>
  /** Passes over the lane until nothing waits any more, with the clock moved on to whatever is next. */
  sendAll(firm: TestFirm): Promise<void>
  /** Whoever held a lane is known to be gone. */
  forgetLeases(): Promise<void>
  runTasks(): Promise<void>
}

export async function mailedApp(): Promise<MailedApp> {
  const server = await testMailServer()
  const mail = createMail({
    mail: { smtpUrl: new Secret(server.url), from: 'Uurwerk <facturen@noordkade.example>' },
  })
  const app = await testApp(() => ({ mail }))
  const { services } = app
  let tasksDone = 0

  const ask: MailedApp['ask'] = async <Body>(firm: TestFirm, path: string, asked: Asked = {}) => {
    const { method = 'GET', body, version, language = 'en' } = asked
    const answer = await app.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        ...firm.as('administrator'),
        'accept-language': language,
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body ? { payload: body } : {}),
    })
    return { status: answer.statusCode, body: (answer.body ? answer.json() : null) as Body }
  }
  const good = async <Body>(firm: TestFirm, path: string, asked: Asked = {}): Promise<Body> => {
    const { status, body } = await ask<Body>(firm, path, asked)
    if (status >= 300) throw new Error(`${asked.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const draft: MailedApp['draft'] = async (firm, customerId = firm.customerId) => {
    const { id, version } = await good<InvoiceAnswer>(firm, '/invoices', { method: 'POST', body: { customerId } })
    const line = { description: 'Licentie', quantity: '1', unit: 'piece', unitPrice: '100.00' }
    return good<InvoiceAnswer>(firm, `/invoices/${id}/lines`, { method: 'POST', version, body: line })
  }
  const send: MailedApp['send'] = (firm, options) => runMailLane(services, mailLaneOf(firm.id), options)

  return {
    ...app,
    server,
    ask,
    draft,
    send,
    async mailingFirm() {
      const firm = await testFirm(services)
      await firm.within(async (trx) => {
        await trx
          .updateTable('firm')
          .set({ kvk: '12345678', iban: 'NL91ABNA0417164300', email: 'administratie@voorbeeld.example' })
          .where('firmId', '=', firm.id)
          .execute()
        await trx
          .updateTable('customer')
          .set({ kvk: '87654321', email: 'info@bakkerijzon.example' })
          .where('firmId', '=', firm.id)
          .execute()
      })
      return firm
    },
    async sentInvoice(firm) {
      const { id, version } = await draft(firm)
      return good<InvoiceAnswer>(firm, `/invoices/${id}/sending`, { method: 'POST', version, body: { how: 'post' } })
    },
    resend: (firm, invoiceId, to = ['info@bakkerijzon.example']) =>
      good<LetterAnswer>(firm, `/invoices/${invoiceId}/letters`, {
        method: 'POST',
        body: {
          to: to.map((address) => ({ address })),
          subject: 'Factuur {number}',
          body: 'Nogmaals.',
          attach: { ubl: false, hours: false, receipts: [] },
        },
      }),
    readLetter: (firm, id) => good<LetterAnswer>(firm, `/letters/${id}`),
    async sendAll(firm) {
      for (let passes = 0; passes < 300; passes += 1) {
        const result = await send(firm)
        if (result.is !== 'rested') continue
        if (result.nextAt === null) return
        app.clock.set(result.nextAt.toISOString())
      }
      throw new Error('letters never come to rest')
    },
    async forgetLeases() {
      await app.database.asOwner('update directory.lane set lease_owner = null, lease_until = null')
    },
    async runTasks() {
      while (tasksDone < app.woken.length) {
        const key = app.woken[tasksDone] as string
        tasksDone += 1
        if (key.startsWith('task:')) await runTask(services, key)
      }
    },
    async close() {
      await app.close()
      await server.stop()
    },
  }
}
