import { type CalendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import { listsAsked } from '../connections/fresh-lists.ts'
import { isQuiet } from '../connections/tokens.ts'
import { isNightMissed, lastNight } from '../imports/nights.ts'
import { type PackageTaskKind, startTask } from '../jobs/tasks.ts'
import type { Services } from '../services.ts'

/** By the firm's own clock: after the day's last posting, and over before the first person looks. */
const nightAt = '02:00'

/** The last night that has come, as a date. */
export const nightOf = (timeZone: string, now: Date): CalendarDate =>
  dateIn(timeZone, lastNight({ timeZone, at: nightAt }, now))

interface Due {
  readonly id: string
  readonly package: string
  readonly timeZone: string
  readonly connectedAt: Date | null
  readonly isUsed: boolean
  readonly firstPostedAt: Date | null
  readonly nightlyPayments: boolean
  readonly nightlyReconciliation: boolean
  readonly paymentsNight: string | null
  readonly reconciliationNight: string | null
}

/**
 * Starts the nightly reading of lists and payments and the nightly comparison, in each firm after its own night has come
 * and outside the hours in which a package wants to be left alone; however many nights went by while nobody worked, one
 * run makes up for all of them. It may run often and in several processes at once: each is started once for a night.
 * Answers how many were started.
 */
export async function comeBackNightly(services: Services, signal?: AbortSignal): Promise<number> {
  const { store, log } = services
  const firms = await store.readDirectory((reader) => reader.selectFrom('directory.firm').select('id').execute())
  let started = 0
  for (const { id: firmId } of firms) {
    if (signal?.aborted) break
    try {
      started += await startIn(services, firmId)
    } catch (error) {
      // The others still have their turn; the next run makes it up.
      log.error({ err: error, firm: firmId }, 'what comes back could not be started')
    }
  }
  return started
}

async function startIn(services: Services, firmId: string): Promise<number> {
  const { store, clock, connectors } = services
  const now = clock.now()
  return store.withFirm(firmId, async (trx) => {
    const { rows } = await sql<Due>`
      select k.id, k.package, f.time_zone as "timeZone", k.connected_at as "connectedAt",
        exists (select from posting p where p.firm_id = k.firm_id and p.connection_id = k.id)
          or exists (select from posting_rule r where r.firm_id = k.firm_id and r.connection_id = k.id)
          or exists (select from link l where l.firm_id = k.firm_id and l.connection_id = k.id) as "isUsed",
        (select min(p.settled_at) from posting p
          where p.firm_id = k.firm_id and p.connection_id = k.id and p.state = 'posted') as "firstPostedAt",
        k.nightly_payments as "nightlyPayments", k.nightly_reconciliation as "nightlyReconciliation",
        k.payments_night as "paymentsNight", k.reconciliation_night as "reconciliationNight"
      from connection k join firm f on f.firm_id = k.firm_id
      where k.firm_id = ${firmId} and k.state = 'connected' and k.purpose = 'sales' and k.administration is not null
      order by k.id for update of k`.execute(trx)
    let started = 0
    for (const due of rows) {
      const connector = connectors.get(due.package)
      if (!connector || (connector.signIn.kind === 'oauth' && isQuiet(connector.signIn.timing, now))) continue
      const nights = { timeZone: due.timeZone, at: nightAt }
      const start = async (kind: PackageTaskKind) => {
        const params = { startedBy: 'night' }
        await startTask({ trx, firmId, services }, { kind, connectionId: due.id, params, createdBy: null })
        started += 1
      }
      const listsAt = (await listsAsked({ trx, firmId }, due.id)).at ?? due.connectedAt ?? now
      if (due.isUsed && isNightMissed(nights, listsAt, now)) await start('refresh-lists')
      // Before anything was posted there is nothing to come back.
      if (due.firstPostedAt === null || !isNightMissed(nights, due.firstPostedAt, now)) continue
      const night = nightOf(due.timeZone, now)
      const begin = async (kind: PackageTaskKind, column: 'paymentsNight' | 'reconciliationNight') => {
        await trx
          .updateTable('connection')
          .set({ [column]: night })
          .where('firmId', '=', firmId)
          .where('id', '=', due.id)
          .execute()
        await start(kind)
      }
      const isDue = (before: string | null) => before === null || before < night
      if (due.nightlyPayments && connector.manifest.settled && isDue(due.paymentsNight))
        await begin('read-payments', 'paymentsNight')
      if (due.nightlyReconciliation && isDue(due.reconciliationNight)) await begin('reconcile', 'reconciliationNight')
    }
    return started
  })
}
