import {
  daysApart,
  daysOfStep,
  type RemindedInvoice,
  type ReminderDays,
  type ReminderLetter,
  type ReminderStep,
  reminderSteps,
} from '@uurwerk/core/invoicing/reminder.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, type CalendarDate, calendarDate, dateIn, startOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../store/database.ts'

/** What decides on reminders in a firm. */
export interface ReminderRules {
  readonly automatic: boolean
  readonly days: ReminderDays
  readonly timeZone: string
}

export async function readReminderRules(trx: Trx, firmId: string): Promise<ReminderRules> {
  const { remindersAutomatic, reminderDays, timeZone } = await trx
    .selectFrom('firm')
    .select(['remindersAutomatic', 'reminderDays', 'timeZone'])
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const [first, second, third] = reminderDays
  assert(first !== undefined && second !== undefined && third !== undefined, 'reminders have three steps')
  return { automatic: remindersAutomatic, days: [first, second, third], timeZone }
}

/** A letter as the database has it, with what a person is told of it. */
export interface StoredReminder extends ReminderLetter {
  readonly id: string
  readonly invoiceId: string
  readonly automatic: boolean
  readonly createdAt: Date
  readonly sentAt: Date | null
}

export interface StoredReminded extends RemindedInvoice {
  readonly id: string
  readonly number: string | null
  readonly customerId: string
  readonly letters: readonly StoredReminder[]
}

interface Reading {
  readonly trx: Trx
  readonly firmId: string
  readonly timeZone: string
}

/** What decides on the reminders of these invoices, in two statements; with `lock` nobody else decides meanwhile. */
export async function readReminded(
  { trx, firmId, timeZone }: Reading,
  ids: readonly string[],
  lock = false,
): Promise<ReadonlyMap<string, StoredReminded>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{
    id: string
    number: string | null
    kind: string
    state: string
    customerId: string
    outstanding: string
    dueDate: string
    held: boolean
    customerOff: boolean
  }>`
    select i.id, i.number, i.kind, i.state, i.customer_id as "customerId", i.outstanding, i.due_date as "dueDate",
      i.reminders_held as held, k.reminders_off as "customerOff"
    from invoice i
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId}::uuid and i.id = any(${[...ids]}::uuid[]) and i.deleted_at is null
    order by i.id ${lock ? sql`for no key update of i` : sql``}`.execute(trx)
  const letters = Map.groupBy(await remindersOf({ trx, firmId, timeZone }, ids), ({ invoiceId }) => invoiceId)
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        kind: row.kind === 'credit' ? 'credit' : 'invoice',
        state: row.state as RemindedInvoice['state'],
        outstanding: decimal(row.outstanding),
        dueDate: calendarDate(row.dueDate),
        letters: letters.get(row.id) ?? [],
      },
    ]),
  )
}

async function remindersOf({ trx, firmId, timeZone }: Reading, ids: readonly string[]): Promise<StoredReminder[]> {
  const { rows } = await sql<Omit<StoredReminder, 'step' | 'sentOn'> & { step: number }>`
    select l.id, l.invoice_id as "invoiceId", l.reminder_step as step, l.state, l.automatic, l.created_at as "createdAt",
      l.sent_at as "sentAt"
    from letter l
    where l.firm_id = ${firmId}::uuid and l.invoice_id = any(${[...ids]}::uuid[]) and l.kind = 'reminder'
      and not ${takenBackSql}
    order by l.created_at, l.id`.execute(trx)
  return rows.map((row) => ({
    ...row,
    step: stepOf(row.step),
    sentOn: row.state === 'sent' && row.sentAt ? dateIn(timeZone, row.sentAt) : null,
  }))
}

export function stepOf(number: number): ReminderStep {
  const step = reminderSteps.find((one) => one === number)
  assert(step, `not a step of a reminder: ${number}`)
  return step
}

/** Withdrawn by the program itself right before it left: as if it had never been written. Over letter `l`. */
const takenBackSql = sql<boolean>`(l.state = 'withdrawn' and coalesce(l.problem ->> 'code', '') like 'reminder-%')`

/** Over invoice `i`: it was sent, something is outstanding, and its due date is past. */
export const isOverdueSql = (today: CalendarDate): RawBuilder<boolean> =>
  sql<boolean>`(i.kind = 'invoice' and i.state <> 'draft' and i.deleted_at is null and i.outstanding > 0
    and i.due_date < ${today}::date)`

/**
 * Over invoice `i` and customer `k`: a reminder goes out by itself today, where that is switched on. It says what
 * `nextReminder` says, so that a list need not read every invoice.
 */
export function isDueSql({ days, timeZone }: ReminderRules, today: CalendarDate): RawBuilder<boolean> {
  const late = (step: ReminderStep) => sql`i.due_date <= ${addDays(today, -daysOfStep(days, step))}::date`
  // The step before was sent on a day that lies far enough back: before that day's midnight.
  const follows = (step: 2 | 3) => {
    const before = startOfDayIn(timeZone, addDays(today, 1 - daysApart(days, step)))
    return sql`(living.step = ${step - 1} and living.state = 'sent' and living.sent_at < ${before} and ${late(step)})`
  }
  return sql<boolean>`(${isOverdueSql(today)} and not i.reminders_held and not k.reminders_off and (
    select case when living.step is null then ${late(1)} else ${follows(2)} or ${follows(3)} end
      and not exists (select from letter l where l.firm_id = i.firm_id and l.invoice_id = i.id and l.kind = 'reminder'
        and l.state = 'withdrawn' and not ${takenBackSql} and l.reminder_step = coalesce(living.step, 0) + 1)
    from (select) as one
    left join lateral (
      select l.reminder_step as step, l.state, l.sent_at from letter l
      where l.firm_id = i.firm_id and l.invoice_id = i.id and l.kind = 'reminder' and l.state <> 'withdrawn'
      order by l.reminder_step desc limit 1) as living on true))`
}
