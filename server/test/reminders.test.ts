import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { nextReminder, whyNotByHand } from '@uurwerk/core/invoicing/reminder.ts'
import { addDays, calendarDate, dateIn, instantIn } from '@uurwerk/core/shared/calendar-date.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runTask } from '../src/jobs/tasks.ts'
import { runMailLane } from '../src/letters/send-letters.ts'
import { nextRunAt } from '../src/reminders/morning.ts'
import { isDueSql, readReminded, readReminderRules } from '../src/reminders/reminded-invoices.ts'
import { sendReminders } from '../src/reminders/send-reminders.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
beforeEach(() => test.clock.set('2026-04-01T10:00:00.000Z'))
afterEach(() => switchAllOff())
afterAll(() => test.close())

interface Asked {
  readonly body?: object
  readonly version?: number
  readonly as?: Parameters<TestFirm['as']>[0]
  readonly language?: string
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

async function ask<Body = ApiProblem>(firm: TestFirm, method: Method, path: string, asked: Asked = {}) {
  const { body, version, as = 'administrator', language = 'en' } = asked
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as(as),
      'accept-language': language,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

const get = async <Body>(firm: TestFirm, path: string): Promise<Body> => {
  const { status, body } = await ask<Body>(firm, 'GET', path)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

/** A firm that reminds by itself, and a customer with an address. */
async function reminding(change: Parameters<typeof testFirm>[1] = {}, automatic = true) {
  const firm = await testFirm(test.services, change)
  const customerId = await firm.addCustomer({ name: 'Slagerij Maan', invoiceEmail: 'boeken@maan.example' })
  if (automatic) await switchOn(firm, true)
  return { firm, customerId }
}
const switchOn = async (firm: TestFirm, automatic: boolean) => {
  switchedOn.add(firm)
  const { version } = await get<Settings>(firm, '/reminder-settings')
  expect((await ask(firm, 'PATCH', '/reminder-settings', { body: { automatic }, version })).status).toBe(200)
}

const switchedOn = new Set<TestFirm>()
/** The firms of other tests have nothing to say in the next. */
async function switchAllOff() {
  for (const firm of switchedOn)
    await firm.within((trx) =>
      trx.updateTable('firm').set({ remindersAutomatic: false }).where('firmId', '=', firm.id).execute(),
    )
  switchedOn.clear()
}

interface Settings {
  automatic: boolean
  days: [number, number, number]
  nextRunAt: string | null
  due: { invoices: number; customers: number }
  off: { customerName: string }[]
  held: { number: string }[]
  mailWorks: boolean
  version: number
}
interface Overdue {
  id: string
  number: string
  customerName: string
  daysLate: number
  outstanding: string
  currency: string
  held: boolean
  customerOff: boolean
  to: string[]
  step: number | null
  dueOn: string | null
  why: string | null
  whyNotByHand: string | null
  last: { step: number; state: string } | null
}
interface Reminders {
  held: boolean
  step: number | null
  dueOn: string | null
  why: string | null
  whyNotByHand: string | null
  letters: { letterId: string; step: number; state: string; automatic: boolean }[]
}

const overdue = async (firm: TestFirm, query = '') => (await get<{ rows: Overdue[] }>(firm, `/reminders${query}`)).rows
const remindersOf = (firm: TestFirm, id: string) => get<Reminders>(firm, `/invoices/${id}/reminders`)
const told = (letters: Reminders['letters']) => letters.map(({ step, state }) => `${step} ${state}`)

/** Of 121.00, due on 14 March. */
async function sent(
  firm: TestFirm,
  customerId: string,
  { price = '100', date = '2026-03-01', dueDate = '2026-03-14' } = {},
): Promise<InvoiceAnswer> {
  const made = await ask<InvoiceAnswer>(firm, 'POST', '/invoices', { body: { customerId, date } })
  const dated = await ask<InvoiceAnswer>(firm, 'PATCH', `/invoices/${made.body.id}`, {
    body: { dueDate },
    version: made.body.version,
  })
  const lined = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${made.body.id}/lines`, {
    body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: price },
    version: dated.body.version,
  })
  const answer = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${made.body.id}/sending`, {
    body: { how: 'post' },
    version: lined.body.version,
  })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}

async function pay(firm: TestFirm, id: string, amount: string) {
  const { version } = await get<{ version: number }>(firm, `/invoices/${id}/payments`)
  const body = { date: dateIn('Europe/Amsterdam', test.clock.now()), amount, way: 'bank', note: '' }
  const answer = await ask(firm, 'POST', `/invoices/${id}/payments`, { body, version })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
}

const run = () => sendReminders(test.services)
const deliver = (firm: TestFirm) => runMailLane(test.services, `mail:${firm.id}`)
/** Both: letters are written, and leave. */
const runAndDeliver = async (firm: TestFirm) => {
  const written = await run()
  await deliver(firm)
  return written
}
const at = (zone: string, day: string, time: string) => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  test.clock.set(instantIn(zone, calendarDate(day), hours * 60 + minutes).toISOString())
}
const text = (bytes: Uint8Array | undefined) =>
  Buffer.from(bytes ?? [])
    .toString('utf8')
    .replace(/=\r\n/g, '')

async function remindByHand(firm: TestFirm, ids: readonly string[], as: Asked['as'] = 'finance') {
  const started = await ask<{ id: string }>(firm, 'POST', '/invoices/reminders', { body: { selection: { ids } }, as })
  expect(started.status, JSON.stringify(started.body)).toBe(202)
  return started.body.id
}
const finish = (firm: TestFirm, taskId: string) => runTask(test.services, `task:${firm.id}:${taskId}`)
const rowsOf = async (firm: TestFirm, taskId: string) =>
  (
    await get<{ rows: { label: string; outcome: string; letterId: string | null; problem: ApiProblem | null }[] }>(
      firm,
      `/invoices/tasks/${taskId}/rows`,
    )
  ).rows

describe('the settings', () => {
  it('are off at first, after 7, 14 and 28 days', async () => {
    const firm = await testFirm(test.services)
    expect(await get<Settings>(firm, '/reminder-settings')).toMatchObject({
      automatic: false,
      days: [7, 14, 28],
      nextRunAt: null,
      due: { invoices: 0, customers: 0 },
      off: [],
      held: [],
      mailWorks: true,
    })
  })

  it('tell what would go out, who gets none and what is held', async () => {
    const { firm, customerId } = await reminding({}, false)
    const off = await firm.addCustomer({ name: 'Kapper Ster', remindersOff: true })
    const held = await sent(firm, customerId)
    await sent(firm, customerId)
    await sent(firm, customerId)
    await sent(firm, off)
    expect((await ask(firm, 'PUT', `/invoices/${held.id}/reminder-hold`)).status).toBe(200)
    expect(await get<Settings>(firm, '/reminder-settings')).toMatchObject({
      due: { invoices: 2, customers: 1 },
      off: [{ customerName: 'Kapper Ster' }],
      held: [{ number: held.number }],
    })
  })

  it('are changed by who leads the firm, and remembered', async () => {
    const firm = await testFirm(test.services)
    const { version } = await get<Settings>(firm, '/reminder-settings')
    const body = { automatic: true, days: [3, 10, 30] }
    expect((await ask(firm, 'PATCH', '/reminder-settings', { body, version, as: 'finance' })).status).toBe(403)
    const changed = await ask<Settings>(firm, 'PATCH', '/reminder-settings', { body, version })
    expect(changed.body).toMatchObject({ automatic: true, days: [3, 10, 30], version: version + 1 })
    const stale = await ask(firm, 'PATCH', '/reminder-settings', { body, version })
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale', current: { days: [3, 10, 30] } } })
    const { rows } = await get<{ rows: { act: string; after: object }[] }>(
      firm,
      `/history?subjectKind=firm&subjectId=${firm.id}`,
    )
    expect(rows.some(({ after }) => JSON.stringify(after).includes('[3,10,30]'))).toBe(true)
  })

  it.each([
    [[0, 14, 28], '/days/0', 'Not less than 1.'],
    [[7, 7, 28], '/days/1', 'Must be later than the reminder before it, after 7 days.'],
    [[7, 14, 13], '/days/2', 'Must be later than the reminder before it, after 14 days.'],
    [[7, 14, 366], '/days/2', 'Not more than 365.'],
  ])('refuse %j at %s', async (days, pointer, message) => {
    const firm = await testFirm(test.services)
    const { version } = await get<Settings>(firm, '/reminder-settings')
    const { status, body } = await ask(firm, 'PATCH', '/reminder-settings', { body: { days }, version })
    expect(status).toBe(422)
    expect(body.errors).toEqual([expect.objectContaining({ pointer, message })])
  })

  it.each([
    ['in the night: eight o’clock', 'Europe/Amsterdam', '2026-04-01', '03:00', '2026-04-01T06:12:00.000Z'],
    ['in the morning: the next hour', 'Europe/Amsterdam', '2026-04-01', '09:30', '2026-04-01T08:12:00.000Z'],
    ['at the run itself: the one after', 'Europe/Amsterdam', '2026-04-01', '09:12', '2026-04-01T08:12:00.000Z'],
    ['just before midnight: tomorrow', 'Europe/Amsterdam', '2026-04-01', '23:30', '2026-04-02T06:12:00.000Z'],
    ['the night summer time begins', 'Europe/Amsterdam', '2026-03-28', '23:30', '2026-03-29T06:12:00.000Z'],
    ['the night it ends', 'Europe/Amsterdam', '2026-10-24', '23:30', '2026-10-25T07:12:00.000Z'],
    ['half an hour beside the hour', 'Asia/Kolkata', '2026-04-01', '06:00', '2026-04-01T03:12:00.000Z'],
    ['far to the west', 'America/Los_Angeles', '2026-04-01', '07:59', '2026-04-01T15:12:00.000Z'],
  ])('say when the next run is: %s', (_, zone, day, time, next) => {
    at(zone, day, time)
    expect(nextRunAt(zone, test.clock.now()).toISOString()).toBe(next)
  })
})

describe('what is overdue', () => {
  it('stands by customer, the oldest first, with what comes next', async () => {
    const { firm, customerId } = await reminding()
    const other = await firm.addCustomer({ name: 'Aannemer Bos', email: 'bos@example.nl' })
    const silent = await firm.addCustomer({ name: 'Zonder Adres' })
    const late = await sent(firm, customerId)
    const later = await sent(firm, customerId, { dueDate: '2026-03-28' })
    await sent(firm, customerId, { dueDate: '2026-04-01' })
    const third = await sent(firm, other, { dueDate: '2026-03-25' })
    const fourth = await sent(firm, silent)
    const paid = await sent(firm, customerId)
    await pay(firm, paid.id, '121.00')
    const rows = await overdue(firm)
    expect(rows.map((row) => [row.customerName, row.number, row.daysLate, row.step, row.dueOn, row.why])).toEqual([
      ['Aannemer Bos', third.number, 7, 1, '2026-04-01', null],
      ['Slagerij Maan', late.number, 18, 1, '2026-03-21', null],
      ['Slagerij Maan', later.number, 4, 1, '2026-04-04', 'not-yet'],
      ['Zonder Adres', fourth.number, 18, 1, '2026-03-21', null],
    ])
    expect(rows.map(({ to }) => to)).toEqual([['bos@example.nl'], ['boeken@maan.example'], ['boeken@maan.example'], []])
    expect((await overdue(firm, '?due=true')).map(({ number }) => number)).toEqual([
      third.number,
      late.number,
      fourth.number,
    ])
    expect((await overdue(firm, '?due=false')).map(({ number }) => number)).toEqual([later.number])
    expect((await overdue(firm, '?search=bos')).map(({ number }) => number)).toEqual([third.number])
    expect(await get(firm, '/reminders/totals')).toEqual({
      overdue: [{ currency: 'EUR', invoices: 4, outstanding: '484.00' }],
      customers: 3,
      due: 3,
    })
  })

  it('comes page by page without losing or doubling a row, in statements that do not grow', async () => {
    const { firm, customerId } = await reminding()
    const other = await firm.addCustomer({ name: 'Slagerij Maan' })
    for (const customer of [customerId, other, customerId, other, customerId]) await sent(firm, customer)
    const whole = (await overdue(firm)).map(({ id }) => id)
    const paged: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: { rows: Overdue[]; next: string | null } = await get(
        firm,
        `/reminders?limit=2${next ? `&cursor=${next}` : ''}`,
      )
      paged.push(...page.rows.map(({ id }) => id))
      next = page.next
    }
    expect(paged).toEqual(whole)
    const one = await withStatements(firm, () => overdue(firm, '?limit=1'))
    const all = await withStatements(firm, () => overdue(firm))
    expect(all.statements.length).toBe(one.statements.length)
  })

  it('says in the database what the business says of each invoice', async () => {
    const { firm, customerId } = await reminding()
    const off = await firm.addCustomer({ name: 'Uit', remindersOff: true })
    const draw = fc.record({
      customer: fc.constantFrom(customerId, customerId, customerId, off),
      late: fc.integer({ min: -3, max: 45 }),
      held: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
      letters: fc.array(
        fc.record({
          state: fc.constantFrom('sent', 'sent', 'sent', 'waiting', 'uncertain', 'failed', 'withdrawn', 'taken-back'),
          daysAgo: fc.integer({ min: 0, max: 20 }),
          minute: fc.integer({ min: 0, max: 1439 }),
        }),
        { maxLength: 4 },
      ),
    })
    const zone = 'Europe/Amsterdam'
    const today = calendarDate('2026-04-01')
    const template = await sent(firm, customerId)
    const ids: string[] = []
    for (const [index, one] of fc.sample(draw, { seed: 20261121, numRuns: 250 }).entries()) {
      const id = test.services.ids.next()
      ids.push(id)
      await firm.within(async (trx) => {
        await sql`insert into invoice (firm_id, id, kind, state, number, date, due_date, customer_id, language, currency,
            series_id, net, vat, gross, customer_snapshot, firm_snapshot, sent_at, reminders_held, created_at, updated_at)
          select firm_id, ${id}::uuid, kind, 'sent', ${`X${index}`}, date, ${addDays(today, -one.late)}::date,
            ${one.customer}::uuid, language, currency, series_id, net, vat, gross, customer_snapshot, firm_snapshot,
            sent_at, ${one.held}, created_at, updated_at
          from invoice where firm_id = ${firm.id}::uuid and id = ${template.id}::uuid`.execute(trx)
        let step = 1
        for (const { state, daysAgo, minute } of one.letters) {
          if (step > 3) break
          const sentAt = instantIn(zone, addDays(today, -daysAgo), minute)
          const problem = state === 'taken-back' ? { kind: 'conflict', code: 'reminder-held' } : null
          await sql`insert into letter (firm_id, id, kind, customer_id, invoice_id, reminder_step, language, recipients,
              sender_name, subject, body, state, message_id, due_at, sent_at, problem, created_at, updated_at)
            values (${firm.id}::uuid, ${test.services.ids.next()}::uuid, 'reminder', ${one.customer}::uuid, ${id}::uuid,
              ${step}, 'nl', '[]', 'x', 'x', 'x', ${state === 'taken-back' ? 'withdrawn' : state},
              ${test.services.ids.next()}, ${sentAt}, ${state === 'sent' ? sentAt : null},
              ${problem && JSON.stringify(problem)}::jsonb, ${sentAt}, ${sentAt})`.execute(trx)
          if (state !== 'withdrawn' && state !== 'taken-back') step += 1
        }
      })
    }
    const { bySql, byBusiness } = await firm.within(async (trx) => {
      const rules = await readReminderRules(trx, firm.id)
      const { rows } = await sql<{ id: string }>`
        select i.id from invoice i join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
        where i.firm_id = ${firm.id}::uuid and i.id = any(${ids}::uuid[]) and ${isDueSql(rules, today)}`.execute(trx)
      const reminded = await readReminded({ trx, firmId: firm.id, timeZone: zone }, ids)
      const due = [...reminded.values()].filter((invoice) => nextReminder(invoice, rules.days, today).why === null)
      // Who may be reminded by itself may be reminded by hand.
      for (const invoice of due) expect(whyNotByHand(invoice, today)).toBeNull()
      return { bySql: rows.map(({ id }) => id).sort(), byBusiness: due.map(({ id }) => id).sort() }
    })
    expect(byBusiness.length).toBeGreaterThan(30)
    expect(bySql).toEqual(byBusiness)
  })
})

describe('reminders that go out by themselves', () => {
  it('go from eight o’clock in the morning, each step once, as far apart as set', async () => {
    const { firm, customerId } = await reminding()
    const { id, number } = await sent(firm, customerId)
    const before = test.delivered.length
    const days: string[] = []
    // Some hours of each day, from before the due date until after the last.
    for (let day = calendarDate('2026-03-13'); day <= '2026-04-14'; day = addDays(day, 1))
      for (const time of ['07:12', '08:12', '17:12']) {
        at('Europe/Amsterdam', day, time)
        if ((await runAndDeliver(firm)) > 0) days.push(`${day} ${time}`)
      }
    expect(days).toEqual(['2026-03-21 08:12', '2026-03-28 08:12', '2026-04-11 08:12'])
    const letters = test.delivered.slice(before)
    expect(letters.map(({ to }) => to)).toEqual([
      ['boeken@maan.example'],
      ['boeken@maan.example'],
      ['boeken@maan.example'],
    ])
    expect(letters.map(({ bytes }) => /^Subject: (.*)$/m.exec(text(bytes))?.[1]?.trim())).toEqual([
      expect.stringContaining(`${number}`),
      expect.stringContaining(`${number}`),
      expect.stringContaining(`${number}`),
    ])
    for (const { bytes } of letters) expect(text(bytes)).toContain(`filename=${number}.pdf`)
    expect(await remindersOf(firm, id)).toMatchObject({ why: 'all-sent', whyNotByHand: 'all-sent' })
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 sent', '2 sent', '3 sent'])
  })

  it.each([
    ['Pacific/Auckland', '2026-03-20T19:12:00.000Z'],
    ['Europe/Amsterdam', '2026-03-21T07:12:00.000Z'],
    ['America/New_York', '2026-03-21T12:12:00.000Z'],
  ])('go by the calendar and the clock of the firm: %s at %s', async (timeZone, first) => {
    const { firm, customerId } = await reminding({ timeZone })
    const { id } = await sent(firm, customerId)
    const hours: string[] = []
    for (let hour = 0; hour < 48; hour++) {
      test.clock.set(new Date(Date.parse('2026-03-20T00:12:00.000Z') + hour * 3_600_000).toISOString())
      if ((await runAndDeliver(firm)) > 0) hours.push(test.clock.now().toISOString())
    }
    expect(hours).toEqual([first])
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 sent'])
  })

  it.each([
    ['summer time begins', '2026-03-29', '2026-03-29T06:12:00.000Z'],
    ['summer time ends', '2026-10-25', '2026-10-25T07:12:00.000Z'],
  ])('go at eight on the day %s', async (_, day, first) => {
    const { firm, customerId } = await reminding()
    await sent(firm, customerId, { dueDate: addDays(calendarDate(day), -7) })
    const hours: string[] = []
    for (let hour = 0; hour < 12; hour++) {
      test.clock.set(new Date(Date.parse(`${day}T00:12:00.000Z`) + hour * 3_600_000).toISOString())
      if ((await runAndDeliver(firm)) > 0) hours.push(test.clock.now().toISOString())
    }
    expect(hours).toEqual([first])
  })

  it('are written once by four processes at once', async () => {
    const { firm, customerId } = await reminding()
    const ids = []
    for (let count = 0; count < 6; count++) ids.push((await sent(firm, customerId)).id)
    const written = await Promise.all([run(), run(), run(), run()])
    expect(written.reduce((sum, one) => sum + one, 0)).toBe(6)
    for (const id of ids) expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 waiting'])
    const before = test.delivered.length
    await Promise.all([deliver(firm), deliver(firm)])
    await deliver(firm)
    expect(test.delivered.length - before).toBe(6)
  })

  it('that come late send one step, not all that were missed', async () => {
    const { firm, customerId } = await reminding()
    const { id } = await sent(firm, customerId)
    at('Europe/Amsterdam', '2026-08-01', '21:12')
    await runAndDeliver(firm)
    await runAndDeliver(firm)
    at('Europe/Amsterdam', '2026-08-07', '23:12')
    await runAndDeliver(firm)
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 sent'])
    at('Europe/Amsterdam', '2026-08-08', '08:12')
    await runAndDeliver(firm)
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 sent', '2 sent'])
  })

  it('wait for a letter that has not left', async () => {
    const { firm, customerId } = await reminding()
    const { id } = await sent(firm, customerId)
    await run()
    at('Europe/Amsterdam', '2026-06-01', '08:12')
    expect(await run()).toBe(0)
    expect(await remindersOf(firm, id)).toMatchObject({ why: 'letter-underway' })
  })

  it('leave alone what is held, paid, or of a customer who gets none, and firms that have them off', async () => {
    const { firm, customerId } = await reminding()
    const off = await firm.addCustomer({ name: 'Uit', invoiceEmail: 'uit@example.nl', remindersOff: true })
    const held = await sent(firm, customerId)
    const paid = await sent(firm, customerId)
    const ofOff = await sent(firm, off)
    await ask(firm, 'PUT', `/invoices/${held.id}/reminder-hold`)
    await pay(firm, paid.id, '121.00')
    expect(await run()).toBe(0)
    expect((await remindersOf(firm, held.id)).why).toBe('held')
    expect((await remindersOf(firm, paid.id)).why).toBe('nothing-outstanding')
    expect((await remindersOf(firm, ofOff.id)).why).toBe('customer-off')
    await ask(firm, 'DELETE', `/invoices/${held.id}/reminder-hold`)
    await switchOn(firm, false)
    expect(await run()).toBe(0)
    await switchOn(firm, true)
    expect(await run()).toBe(1)
    expect(told((await remindersOf(firm, held.id)).letters)).toEqual(['1 waiting'])
  })

  it('go out for the others when one has nobody to go to', async () => {
    const { firm, customerId } = await reminding()
    const silent = await firm.addCustomer({ name: 'Zonder Adres' })
    const none = await sent(firm, silent, { dueDate: '2026-03-02' })
    const one = await sent(firm, customerId)
    expect(await run()).toBe(1)
    expect((await remindersOf(firm, none.id)).letters).toEqual([])
    expect(told((await remindersOf(firm, one.id)).letters)).toEqual(['1 waiting'])
  })

  it('go on where a process stopped', async () => {
    const { firm, customerId } = await reminding()
    for (let count = 0; count < 4; count++) await sent(firm, customerId)
    const stop = new AbortController()
    const original = test.services.events.publish
    let letters = 0
    const services = {
      ...test.services,
      events: {
        ...test.services.events,
        publish: async (...published: Parameters<typeof original>) => {
          await original(...published)
          if (published[2].topic === 'letters' && ++letters === 2) stop.abort()
        },
      },
    }
    expect(await sendReminders(services, stop.signal)).toBe(2)
    expect(await run()).toBe(2)
    expect(await run()).toBe(0)
  })

  it('are not written again when somebody withdrew one, until he sends it himself', async () => {
    const { firm, customerId } = await reminding()
    const { id } = await sent(firm, customerId)
    await run()
    const [letter] = (await remindersOf(firm, id)).letters
    const { version } = await get<{ version: number }>(firm, `/letters/${letter?.letterId}`)
    expect((await ask(firm, 'POST', `/letters/${letter?.letterId}/withdrawal`, { version })).status).toBe(200)
    at('Europe/Amsterdam', '2026-06-01', '08:12')
    expect(await run()).toBe(0)
    expect(await remindersOf(firm, id)).toMatchObject({ step: 1, why: 'letter-withdrawn', whyNotByHand: null })
    await finish(firm, await remindByHand(firm, [id]))
    await deliver(firm)
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 withdrawn', '1 sent'])
    at('Europe/Amsterdam', '2026-06-08', '08:12')
    expect(await run()).toBe(1)
  })
})

describe('between writing and leaving', () => {
  const written = async () => {
    const { firm, customerId } = await reminding()
    const { id, number } = await sent(firm, customerId)
    await run()
    const [letter] = (await remindersOf(firm, id)).letters
    const letterId = letter?.letterId as string
    return { firm, customerId, id, number, letterId, before: test.delivered.length }
  }
  const letterOf = (firm: TestFirm, letterId: string) =>
    get<{ state: string; problem: { code: string; cause: string } | null }>(firm, `/letters/${letterId}`)

  it('a payment in whole withdraws the reminder, and says so', async () => {
    const { firm, id, number, letterId, before } = await written()
    await pay(firm, id, '121.00')
    await deliver(firm)
    expect(test.delivered.length).toBe(before)
    expect(await letterOf(firm, letterId)).toMatchObject({
      state: 'withdrawn',
      problem: {
        code: 'reminder-paid',
        cause: `${number} was paid or credited before the reminder left, so it was not sent.`,
      },
    })
  })

  it('so does one that comes while its documents are made', async () => {
    const { firm, id, letterId, before } = await written()
    await runMailLane(test.services, `mail:${firm.id}`, {
      fault: async (point) => void (point === 'composed' && (await pay(firm, id, '121.00'))),
    })
    expect(test.delivered.length).toBe(before)
    expect(await letterOf(firm, letterId)).toMatchObject({ state: 'withdrawn', problem: { code: 'reminder-paid' } })
  })

  it('a credit note withdraws it too', async () => {
    const { firm, id, letterId, before } = await written()
    const note = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${id}/credit-note`, { body: {} })
    const { version } = await get<{ version: number }>(firm, `/invoices/${note.body.id}`)
    const answer = await ask(firm, 'POST', `/invoices/${note.body.id}/sending`, { body: { how: 'post' }, version })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    await deliver(firm)
    expect(test.delivered.length).toBe(before)
    expect(await letterOf(firm, letterId)).toMatchObject({ state: 'withdrawn', problem: { code: 'reminder-paid' } })
  })

  it('a payment in part writes it again, with what is outstanding then', async () => {
    const { firm, id, letterId, before } = await written()
    await pay(firm, id, '21.00')
    await deliver(firm)
    expect(test.delivered.length).toBe(before)
    expect(await letterOf(firm, letterId)).toMatchObject({ problem: { code: 'reminder-amount-changed' } })
    expect(await runAndDeliver(firm)).toBe(1)
    expect(test.delivered.length).toBe(before + 1)
    expect(text(test.delivered.at(-1)?.bytes)).toContain('100,00')
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 sent'])
  })

  it('holding it or switching the customer off withdraws it; releasing writes it again', async () => {
    const { firm, id, letterId, before } = await written()
    await ask(firm, 'PUT', `/invoices/${id}/reminder-hold`)
    await deliver(firm)
    expect(await letterOf(firm, letterId)).toMatchObject({ problem: { code: 'reminder-held' } })
    await ask(firm, 'DELETE', `/invoices/${id}/reminder-hold`)
    await run()
    const { letters } = await remindersOf(firm, id)
    const { customerId } = await get<{ customerId: string }>(firm, `/invoices/${id}`)
    const customer = await get<{ version: number; remindersOff: boolean }>(firm, `/customers/${customerId}`)
    expect(customer.remindersOff).toBe(false)
    const off = await ask<{ remindersOff: boolean }>(firm, 'PATCH', `/customers/${customerId}`, {
      body: { remindersOff: true },
      version: customer.version,
    })
    expect(off.body.remindersOff).toBe(true)
    await deliver(firm)
    expect(await letterOf(firm, letters[0]?.letterId as string)).toMatchObject({
      problem: { code: 'reminder-customer-off' },
    })
    expect(test.delivered.length).toBe(before)
  })

  it('a payment that is undone again lets it be written again', async () => {
    const { firm, id } = await written()
    await pay(firm, id, '121.00')
    await deliver(firm)
    const { rows } = await get<{ rows: { id: string; version: number }[] }>(firm, `/invoices/${id}/payments`)
    const { version } = await get<{ version: number }>(firm, `/invoices/${id}/payments`)
    const undone = await ask(firm, 'DELETE', `/payments/${rows[0]?.id}`, { version: rows[0]?.version ?? version })
    expect(undone.status, JSON.stringify(undone.body)).toBeLessThan(300)
    expect(await run()).toBe(1)
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 waiting'])
  })
})

describe('by hand', () => {
  it('the next reminder of each goes out, sooner than by itself, and what gets none is named', async () => {
    const { firm, customerId } = await reminding({}, false)
    const off = await firm.addCustomer({ name: 'Uit', invoiceEmail: 'uit@example.nl', remindersOff: true })
    const silent = await firm.addCustomer({ name: 'Zonder Adres' })
    const early = await sent(firm, customerId, { dueDate: '2026-03-31' })
    const notYet = await sent(firm, customerId, { dueDate: '2026-04-01' })
    const held = await sent(firm, customerId)
    const ofOff = await sent(firm, off)
    const paid = await sent(firm, customerId)
    const nobody = await sent(firm, silent)
    await pay(firm, paid.id, '121.00')
    await ask(firm, 'PUT', `/invoices/${held.id}/reminder-hold`)
    const draft = await ask<{ id: string }>(firm, 'POST', '/invoices', { body: { customerId } })
    const ids = [early, notYet, held, ofOff, paid, nobody].map(({ id }) => id)
    const taskId = await remindByHand(firm, [...ids, draft.body.id])
    await finish(firm, taskId)
    const rows = await rowsOf(firm, taskId)
    expect(Object.fromEntries(rows.map(({ label, outcome, problem }) => [label, problem?.code ?? outcome]))).toEqual({
      [early.number as string]: 'created',
      [notYet.number as string]: 'no-reminder-not-overdue',
      [held.number as string]: 'no-reminder-held',
      [ofOff.number as string]: 'no-reminder-customer-off',
      [paid.number as string]: 'no-reminder-nothing-outstanding',
      [nobody.number as string]: 'customer-mail-missing',
      'Slagerij Maan': 'no-reminder-not-sent',
    })
    for (const { problem } of rows) if (problem) expect(problem.cause).not.toBe(problem.code)
    await deliver(firm)
    expect(told((await remindersOf(firm, early.id)).letters)).toEqual(['1 sent'])
    expect((await remindersOf(firm, early.id)).letters[0]?.automatic).toBe(false)
    // Another on the same day would be two at once.
    const again = await remindByHand(firm, [early.id])
    await finish(firm, again)
    expect((await rowsOf(firm, again))[0]?.problem?.code).toBe('no-reminder-sent-today')
  })

  it('by two people at once one letter is written, the other is told', async () => {
    const { firm, customerId } = await reminding({}, false)
    const { id } = await sent(firm, customerId)
    const tasks = [await remindByHand(firm, [id]), await remindByHand(firm, [id], 'administrator')]
    await Promise.all(tasks.map((task) => finish(firm, task)))
    const rows = (await Promise.all(tasks.map((task) => rowsOf(firm, task)))).flat()
    expect(rows.map(({ outcome, problem }) => problem?.code ?? outcome).sort()).toEqual([
      'created',
      'no-reminder-letter-underway',
    ])
    expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 waiting'])
  })

  it('everything that is overdue goes at once by the filter of the list', async () => {
    const { firm, customerId } = await reminding({}, false)
    for (let count = 0; count < 3; count++) await sent(firm, customerId)
    await sent(firm, customerId, { dueDate: '2026-05-01' })
    const body = { selection: { filter: { overdue: true }, count: 3 } }
    const started = await ask<{ id: string }>(firm, 'POST', '/invoices/reminders', { body })
    expect(started.status, JSON.stringify(started.body)).toBe(202)
    await finish(firm, started.body.id)
    expect((await rowsOf(firm, started.body.id)).map(({ outcome }) => outcome)).toEqual([
      'created',
      'created',
      'created',
    ])
  })

  it('a process that dies halfway leaves no doubled letter', async () => {
    const { firm, customerId } = await reminding({}, false)
    const ids: string[] = []
    for (let count = 0; count < 4; count++) ids.push((await sent(firm, customerId)).id)
    const taskId = await remindByHand(firm, ids)
    const stop = new AbortController()
    const original = test.services.events.publish
    let letters = 0
    const services = {
      ...test.services,
      events: {
        ...test.services.events,
        publish: async (...published: Parameters<typeof original>) => {
          await original(...published)
          if (published[2].topic === 'letters' && ++letters === 2) stop.abort()
        },
      },
    }
    await runTask(services, `task:${firm.id}:${taskId}`, stop.signal)
    expect((await rowsOf(firm, taskId)).filter(({ outcome }) => outcome === 'created')).toHaveLength(2)
    await finish(firm, taskId)
    expect((await rowsOf(firm, taskId)).map(({ outcome }) => outcome)).toEqual(Array(4).fill('created'))
    for (const id of ids) expect(told((await remindersOf(firm, id)).letters)).toEqual(['1 waiting'])
  })

  it('a step that has had its turn is refused, one that is skipped is not', async () => {
    const { firm, customerId } = await reminding({}, false)
    const { id, number } = await sent(firm, customerId)
    const letter = (step: number) => ({
      kind: 'reminder',
      step,
      to: [{ address: 'boeken@maan.example' }],
      subject: 'Herinnering {number}',
      body: 'Nog {outstanding}',
      attach: { ubl: false, hours: false, receipts: [] },
    })
    expect((await ask(firm, 'POST', `/invoices/${id}/letters`, { body: letter(2) })).status).toBe(201)
    await deliver(firm)
    expect(text(test.delivered.at(-1)?.bytes)).toContain('121,00')
    test.clock.forward(24 * 3_600_000)
    const earlier = await ask(firm, 'POST', `/invoices/${id}/letters`, { body: letter(1) })
    expect(earlier).toMatchObject({
      status: 409,
      body: {
        code: 'no-reminder-earlier-step',
        cause: `Reminder 1 of ${number} has had its turn: reminder 3 comes next.`,
      },
    })
    expect((await ask(firm, 'POST', `/invoices/${id}/letters`, { body: letter(3) })).status).toBe(201)
  })

  it('holding is remembered, done twice is done once, and is not for drafts or credit notes', async () => {
    const { firm, customerId } = await reminding({}, false)
    const { id } = await sent(firm, customerId)
    for (let twice = 0; twice < 2; twice++)
      expect((await ask<Reminders>(firm, 'PUT', `/invoices/${id}/reminder-hold`)).body.held).toBe(true)
    for (let twice = 0; twice < 2; twice++)
      expect((await ask<Reminders>(firm, 'DELETE', `/invoices/${id}/reminder-hold`)).body.held).toBe(false)
    const { history } = await get<{ history: { act: string }[] }>(firm, `/invoices/${id}`)
    expect(history.map(({ act }) => act).filter((act) => act.startsWith('reminders-'))).toEqual([
      'reminders-held',
      'reminders-released',
    ])
    const draft = await ask<{ id: string }>(firm, 'POST', '/invoices', { body: { customerId } })
    const refused = await ask(firm, 'PUT', `/invoices/${draft.body.id}/reminder-hold`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'no-reminder-not-sent' } })
    expect((await ask(firm, 'PUT', `/invoices/${id}/reminder-hold`, { as: 'manager' })).status).toBe(403)
  })

  it('each reason is told in both languages', async () => {
    const { firm, customerId } = await reminding({}, false)
    const { id, number } = await sent(firm, customerId)
    await ask(firm, 'PUT', `/invoices/${id}/reminder-hold`)
    const taskId = await remindByHand(firm, [id])
    await finish(firm, taskId)
    const rows = async (language: string) =>
      (await ask<{ rows: { problem: ApiProblem }[] }>(firm, 'GET', `/invoices/tasks/${taskId}/rows`, { language })).body
        .rows[0]?.problem.cause
    expect(await rows('en')).toBe(`Reminders of ${number} are held.`)
    expect(await rows('nl')).toBe(`Herinneringen voor ${number} zijn aangehouden.`)
  })
})
