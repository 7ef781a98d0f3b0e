import { nextReminder, type ReminderStep, type WhyNoReminder, whyNotByHand } from '@uurwerk/core/invoicing/reminder.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { notThere } from '../http/problems.ts'
import { type Writing, writeInvoiceLetter } from '../letters/write-letter.ts'
import { type ReminderRules, readReminded, type StoredReminded } from './reminded-invoices.ts'

/** Why an invoice gets no reminder, as a problem with words. */
const problemOf = (why: WhyNoReminder, { number }: Pick<StoredReminded, 'number'>): Problem => ({
  kind: 'conflict',
  code: `no-reminder-${why}`,
  values: { number: number ?? '' },
})

/**
 * Writes the reminder that goes out by itself today, if there is one; answers the id of its letter. Whoever else
 * decides on this invoice waits, so that it is written once.
 */
export async function remindByItself(
  call: Writing,
  rules: ReminderRules,
  invoiceId: string,
): Promise<string | undefined> {
  const { trx, firmId, now } = call
  const invoice = (await readReminded({ trx, firmId, timeZone: rules.timeZone }, [invoiceId], true)).get(invoiceId)
  if (!invoice) return undefined
  const { step, why } = nextReminder(invoice, rules.days, dateIn(rules.timeZone, now))
  if (why !== null || step === null) return undefined
  return writeInvoiceLetter(call, invoiceId, { kind: 'reminder', step }, { automatic: true })
}

/**
 * Writes the next reminder because somebody says so.
 *
 * Problems: `not-found` (`missing`); `no-reminder-…` (`conflict`) it gets none; those of `writeInvoiceLetter`.
 */
export async function remindByHand(
  call: Writing,
  timeZone: string,
  invoiceId: string,
): Promise<{ readonly letterId: string; readonly step: ReminderStep; readonly number: string }> {
  const { invoice, step } = await nextByHand(call, timeZone, invoiceId)
  const letterId = await writeInvoiceLetter(call, invoiceId, { kind: 'reminder', step })
  return { letterId, step, number: invoice.number ?? '' }
}

/** Refuses a step that somebody may not send now: it has had its turn, or the invoice gets no reminder. */
export async function refuseStep(call: Writing, timeZone: string, invoiceId: string, wanted: number): Promise<void> {
  const { invoice, step } = await nextByHand(call, timeZone, invoiceId)
  if (wanted >= step) return
  const values = { number: invoice.number ?? '', step: String(wanted), next: String(step) }
  throw new ProblemError({ kind: 'conflict', code: 'no-reminder-earlier-step', values })
}

async function nextByHand({ trx, firmId, now }: Writing, timeZone: string, invoiceId: string) {
  const invoice = (await readReminded({ trx, firmId, timeZone }, [invoiceId], true)).get(invoiceId)
  if (!invoice) throw notThere('invoice')
  const today = dateIn(timeZone, now)
  const why = whyNotByHand(invoice, today)
  if (why) throw new ProblemError(problemOf(why, invoice))
  const { step } = nextReminder(invoice, [1, 2, 3], today)
  assert(step, 'an invoice that may be reminded has a step')
  return { invoice, step }
}
