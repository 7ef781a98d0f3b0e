import {
  type DuePeriod,
  periodsDue,
  type SubscriptionTerms,
  subscriptionPeriods,
} from '@uurwerk/core/invoicing/becoming-due.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { Subscription } from '../store/schema.gen.ts'

/** What a subscription row says, as the business means it. */
export function termsOf(row: Omit<Selectable<Subscription>, 'createdAt' | 'updatedAt'>): SubscriptionTerms {
  const period = subscriptionPeriods.find((one) => one === row.period)
  assert(period, `not a period: ${row.period}`)
  return {
    from: calendarDate(row.fromDate),
    until: row.untilDate === null ? null : calendarDate(row.untilDate),
    period,
    inAdvance: row.inAdvance,
    lastPeriod: row.lastPeriod === 'by-day' ? 'by-day' : 'whole',
    amount: decimal(row.amount),
  }
}

/**
 * Writes the periods of all subscriptions whose due day has come, in each firm by its own calendar. It may run often,
 * late and in two processes at once: the key of a period lets it be there once. Answers how many became due.
 */
export async function becomeDue(services: Services, signal?: AbortSignal): Promise<number> {
  const { store, clock, log } = services
  const firms = await store.readDirectory((reader) => reader.selectFrom('directory.firm').select('id').execute())
  let made = 0
  for (const { id: firmId } of firms) {
    if (signal?.aborted) break
    try {
      made += await store.withFirm(firmId, (trx) => becomeDueIn({ trx, firmId, services, now: clock.now() }))
    } catch (error) {
      // The others still have their turn; the next run makes it up.
      log.error({ err: error, firm: firmId }, 'what is due could not be written')
    }
  }
  return made
}

interface InFirm {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'ids' | 'events'>
  readonly now: Date
}

async function becomeDueIn(firm: InFirm): Promise<number> {
  const { trx, firmId, now, services } = firm
  const { timeZone } = await trx
    .selectFrom('firm')
    .select('timeZone')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const ids = await writeDuePeriods(firm, dateIn(timeZone, now))
  if (ids.length > 0) await services.events.publish(trx, firmId, { topic: 'due', ids })
  return ids.length
}

/** In a transaction of the firm; answers the periods that were not there yet. */
export async function writeDuePeriods(
  { trx, firmId, services, now }: InFirm,
  today: CalendarDate,
  only: RawBuilder<unknown> = sql``,
): Promise<string[]> {
  // Shared with other runs, but not with somebody who changes the terms: what he wrote is what counts.
  const subscriptions = await sql<Selectable<Subscription>>`
    select s.* from subscription s
    where s.firm_id = ${firmId}::uuid and s.deleted_at is null and s.from_date <= ${today}::date ${only}
      and exists (select from project p where p.firm_id = s.firm_id and p.id = s.project_id and p.deleted_at is null)
    order by s.id for share of s`.execute(trx)
  if (subscriptions.rows.length === 0) return []
  const { rows: known } = await sql<{ subscriptionId: string; periodFrom: string }>`
    select subscription_id as "subscriptionId", period_from as "periodFrom" from subscription_period
    where firm_id = ${firmId}::uuid and subscription_id = any(${subscriptions.rows.map(({ id }) => id)}::uuid[])`.execute(
    trx,
  )
  const there = new Set(known.map(({ subscriptionId, periodFrom }) => `${subscriptionId} ${periodFrom}`))
  const due = subscriptions.rows.flatMap((row) =>
    periodsDue(termsOf(row), today)
      .filter(({ periodFrom }) => !there.has(`${row.id} ${periodFrom}`))
      .map((period) => rowOf(period, row, services.ids.next())),
  )
  if (due.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    insert into subscription_period (firm_id, id, subscription_id, project_id, number, period_from, period_until, amount,
      due_on, created_at, updated_at)
    select ${firmId}::uuid, d.*, ${now}, ${now} from jsonb_to_recordset(${JSON.stringify(due)}::jsonb) as d (
      id uuid, subscription_id uuid, project_id uuid, number integer, period_from date, period_until date, amount numeric,
      due_on date)
    on conflict (firm_id, subscription_id, period_from) do nothing
    returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

const rowOf = (period: DuePeriod, { id, projectId }: Selectable<Subscription>, rowId: string) => ({
  id: rowId,
  subscription_id: id,
  project_id: projectId,
  number: period.number,
  period_from: period.periodFrom,
  period_until: period.periodUntil,
  amount: period.amount,
  due_on: period.dueOn,
})
