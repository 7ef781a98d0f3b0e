import type { reminderRoutes } from '@uurwerk/api/reminders.ts'
import { daysLate } from '@uurwerk/core/invoicing/reminder.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { describeTask } from '../connections/describe.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import { selectedInvoices } from '../invoices/selected-invoices.ts'
import { mailNotSet } from '../letters/proposal.ts'
import { nextRunAt } from '../reminders/morning.ts'
import {
  letterAddressesOf,
  listOverdue,
  nextOf,
  readRemindedRows,
  reminderAnswer,
  totalOverdue,
} from '../reminders/overdue-rows.ts'
import { startReminding } from '../reminders/remind-invoices.ts'
import { readReminded, readReminderRules } from '../reminders/reminded-invoices.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'services' | 'now'>

export const reminderHandlers: Handlers<keyof typeof reminderRoutes> = {
  readReminderSettings: (call) => settingsOf(call),

  changeReminderSettings: async (call) => {
    const { trx, firmId, body, version, now, services } = call
    const before = await trx
      .selectFrom('firm')
      .select(['remindersAutomatic', 'reminderDays', 'version'])
      .where('firmId', '=', firmId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (before.version !== version) throw new StaleEdit(before.version, await settingsOf(call))
    if (body.days) refuseDisorder(body.days)
    await trx
      .updateTable('firm')
      .set({
        ...(body.automatic === undefined ? {} : { remindersAutomatic: body.automatic }),
        ...(body.days ? { reminderDays: [...body.days] } : {}),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .execute()
    await remember(call, { kind: 'firm', id: firmId }, 'changed', {
      before: { remindersAutomatic: before.remindersAutomatic, reminderDays: before.reminderDays },
      after: { remindersAutomatic: body.automatic, reminderDays: body.days },
    })
    await services.events.publish(trx, firmId, { topic: 'invoices' })
    return settingsOf(call)
  },

  listReminders: async ({ trx, firmId, firm, query, now }) => {
    const rules = await readReminderRules(trx, firmId)
    const today = dateIn(firm.timeZone, now)
    const after = keyOf(query.cursor, ['text', 'date', 'id'])
    const rows = await listOverdue({ trx, firmId, today, rules }, query, { after, limit: query.limit + 1 })
    const shown = rows.slice(0, query.limit)
    const reminded = await readRemindedRows(
      { trx, firmId, rules },
      shown.map(({ id }) => id),
    )
    const to = await letterAddressesOf(
      trx,
      firmId,
      shown.map(({ customerId }) => customerId),
    )
    return pageOf(
      rows,
      query.limit,
      ({ customerName, dueDate, id }) => [customerName, dueDate, id],
      (row) => {
        const invoice = reminded.get(row.id)
        if (!invoice) throw notThere('invoice')
        const last = invoice.letters.findLast(({ state }) => state !== 'withdrawn')
        return {
          ...row,
          daysLate: daysLate(calendarDate(row.dueDate), today),
          held: invoice.held,
          customerOff: invoice.customerOff,
          to: [...(to.get(row.customerId) ?? [])],
          ...nextOf(invoice, rules, today),
          last: last ? reminderAnswer(last) : null,
        }
      },
    )
  },

  totalReminders: async ({ trx, firmId, firm, now }) => {
    const rules = await readReminderRules(trx, firmId)
    const { overdue, customers, due } = await totalOverdue({ trx, firmId, today: dateIn(firm.timeZone, now), rules })
    return { overdue: [...overdue], customers, due }
  },

  remindInvoices: async (call) => {
    const { trx, firmId, body, services } = call
    if (!services.mail.works) throw new ProblemError(mailNotSet)
    const id = await startReminding(call, await selectedInvoices(call, body.selection))
    const row = await trx
      .selectFrom('task')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return describeTask(call, row, null)
  },

  readInvoiceReminders: (call) => remindersOf(call, call.params.id),

  holdReminders: (call) => hold(call, call.params.id, true),
  releaseReminders: (call) => hold(call, call.params.id, false),
}

const mostDays = 365

/** Each step is later than the one before, or none would follow. */
function refuseDisorder(days: readonly number[]): void {
  const fields = days.flatMap((one, index): FieldProblem[] => {
    const pointer = `/days/${index}`
    const least = index === 0 ? 1 : (days[index - 1] as number) + 1
    if (one > mostDays) return [{ pointer, code: 'too-big', values: { most: String(mostDays) } }]
    if (one >= least) return []
    return index === 0
      ? [{ pointer, code: 'too-small', values: { least: '1' } }]
      : [{ pointer, code: 'reminder-before-previous', values: { days: String(days[index - 1]) } }]
  })
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
}

const mostNamed = 100

async function settingsOf({ trx, firmId, firm, services, now }: Call) {
  const rules = await readReminderRules(trx, firmId)
  const today = dateIn(firm.timeZone, now)
  const { due, dueCustomers } = await totalOverdue({ trx, firmId, today, rules })
  const off = await trx
    .selectFrom('customer')
    .select(['id as customerId', 'name as customerName'])
    .where('firmId', '=', firmId)
    .where('remindersOff', '=', true)
    .where('deletedAt', 'is', null)
    .orderBy(sql`name collate "nl-x-icu"`)
    .limit(mostNamed)
    .execute()
  const { rows: held } = await sql<{ invoiceId: string; number: string; customerName: string }>`
    select i.id as "invoiceId", i.number, k.name as "customerName"
    from invoice i
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId}::uuid and i.reminders_held and i.outstanding <> 0 and i.state <> 'draft'
      and i.deleted_at is null
    order by i.number, i.id limit ${mostNamed}`.execute(trx)
  const { version } = await trx
    .selectFrom('firm')
    .select('version')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  return {
    automatic: rules.automatic,
    days: [...rules.days] as [number, number, number],
    nextRunAt: rules.automatic ? nextRunAt(rules.timeZone, now).toISOString() : null,
    due: { invoices: due, customers: dueCustomers },
    off,
    held,
    mailWorks: services.mail.works,
    version,
  }
}

async function remindersOf({ trx, firmId, firm, now }: Call, id: string) {
  const rules = await readReminderRules(trx, firmId)
  const invoice = (await readReminded({ trx, firmId, timeZone: rules.timeZone }, [id])).get(id)
  if (!invoice) throw notThere('invoice')
  return {
    held: invoice.held,
    customerOff: invoice.customerOff,
    automatic: rules.automatic,
    ...nextOf(invoice, rules, dateIn(firm.timeZone, now)),
    letters: invoice.letters.map(reminderAnswer),
  }
}

/** Doing it twice is doing it once. */
async function hold(
  call: FirmCall<(typeof reminderRoutes)['holdReminders' | 'releaseReminders']>,
  id: string,
  held: boolean,
) {
  const { trx, firmId, now, services } = call
  const invoice = (await readReminded({ trx, firmId, timeZone: call.firm.timeZone }, [id], true)).get(id)
  if (!invoice) throw notThere('invoice')
  if (invoice.kind === 'credit' || invoice.state === 'draft')
    throw new ProblemError({ kind: 'conflict', code: 'no-reminder-not-sent' })
  if (invoice.held !== held) {
    await trx
      .updateTable('invoice')
      .set({ remindersHeld: held, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .execute()
    await remember(call, { kind: 'invoice', id }, held ? 'reminders-held' : 'reminders-released')
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: [id] })
  }
  return remindersOf(call, id)
}
