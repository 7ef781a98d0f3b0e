import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import { isPastMorning } from './morning.ts'
import { remindByItself } from './remind.ts'
import { isDueSql, type ReminderRules, readReminderRules } from './reminded-invoices.ts'

/**
 * Writes the reminders that are due, in each firm that has them go out by themselves, from eight o'clock by its own
 * clock. It may run often, late and in several processes at once: an invoice is locked while it is decided on, and a
 * step of a reminder is there once. Answers how many were written.
 */
export async function sendReminders(services: Services, signal?: AbortSignal): Promise<number> {
  const { store, log } = services
  if (!services.mail.works) return 0
  const firms = await store.readDirectory((reader) => reader.selectFrom('directory.firm').select('id').execute())
  let written = 0
  for (const { id: firmId } of firms) {
    if (signal?.aborted) break
    try {
      written += await sendRemindersOf(services, firmId, signal)
    } catch (error) {
      // The others still have their turn; the next run makes it up.
      log.error({ err: error, firm: firmId }, 'reminders could not be written')
    }
  }
  return written
}

async function sendRemindersOf(services: Services, firmId: string, signal: AbortSignal | undefined): Promise<number> {
  const { store, clock, log } = services
  const due = await store.withFirm(firmId, async (trx) => {
    const rules = await readReminderRules(trx, firmId)
    const now = clock.now()
    if (!rules.automatic || !isPastMorning(rules.timeZone, now)) return null
    const { rows } = await sql<{ id: string }>`
      select i.id from invoice i
      join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
      where i.firm_id = ${firmId}::uuid and ${isDueSql(rules, dateIn(rules.timeZone, now))}
      order by i.due_date, i.id`.execute(trx)
    return rows.map(({ id }) => id)
  })
  let written = 0
  for (const invoiceId of due ?? []) {
    if (signal?.aborted) break
    try {
      if (await remind(services, firmId, invoiceId)) written += 1
    } catch (error) {
      // One that has nobody to go to is shown where reminders are; the others still go out.
      if (!isProblem(error)) log.error({ err: error, firm: firmId, invoice: invoiceId }, 'a reminder was not written')
    }
  }
  return written
}

/** In a transaction of its own: what was written stays, whatever becomes of the others. */
const remind = (services: Services, firmId: string, invoiceId: string): Promise<string | undefined> =>
  services.store.withFirm(firmId, async (trx) => {
    const now = services.clock.now()
    // Read again: somebody may have switched it off since.
    const rules: ReminderRules = await readReminderRules(trx, firmId)
    if (!rules.automatic) return undefined
    return remindByItself({ trx, firmId, services, now, by: null }, rules, invoiceId)
  })
