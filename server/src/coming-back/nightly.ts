import { dateIn, minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import { isQuiet } from '../connections/tokens.ts'
import { type PackageTaskKind, startTask } from '../jobs/tasks.ts'
import type { Services } from '../services.ts'

/** By the firm's own clock: after the day's last posting, and over before the first person looks. */
const fromMinute = 2 * 60
const untilMinute = 6 * 60

interface Due {
  readonly id: string
  readonly package: string
  readonly timeZone: string
  readonly nightlyPayments: boolean
  readonly nightlyReconciliation: boolean
  readonly paymentsNight: string | null
  readonly reconciliationNight: string | null
}

/**
 * Starts the nightly reading of payments and the nightly comparison, in each firm in its own night and outside the hours
 * in which a package wants to be left alone. It may run often and in several processes at once: each is started once
 * in a night. Answers how many were started.
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
      select k.id, k.package, f.time_zone as "timeZone", k.nightly_payments as "nightlyPayments",
        k.nightly_reconciliation as "nightlyReconciliation", k.payments_night as "paymentsNight",
        k.reconciliation_night as "reconciliationNight"
      from connection k join firm f on f.firm_id = k.firm_id
      where k.firm_id = ${firmId} and k.state = 'connected' and k.purpose = 'sales' and k.administration is not null
        and (k.nightly_payments or k.nightly_reconciliation)
        and exists (select from posting p where p.firm_id = k.firm_id and p.connection_id = k.id and p.state = 'posted')
      for update of k`.execute(trx)
    let started = 0
    for (const due of rows) {
      const connector = connectors.get(due.package)
      const minute = minuteOfDayIn(due.timeZone, now)
      if (
        !connector ||
        minute < fromMinute ||
        minute >= untilMinute ||
        (connector.signIn.kind === 'oauth' && isQuiet(connector.signIn.timing, now))
      )
        continue
      const night = dateIn(due.timeZone, now)
      const begin = async (kind: PackageTaskKind, column: 'paymentsNight' | 'reconciliationNight') => {
        await trx
          .updateTable('connection')
          .set({ [column]: night })
          .where('firmId', '=', firmId)
          .where('id', '=', due.id)
          .execute()
        await startTask(
          { trx, firmId, services },
          { kind, connectionId: due.id, params: { startedBy: 'night' }, createdBy: null },
        )
        started += 1
      }
      if (due.nightlyPayments && connector.manifest.settled && due.paymentsNight !== night)
        await begin('read-payments', 'paymentsNight')
      if (due.nightlyReconciliation && due.reconciliationNight !== night)
        await begin('reconcile', 'reconciliationNight')
    }
    return started
  })
}
