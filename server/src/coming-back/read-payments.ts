import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { eachPage } from '../connections/lists.ts'
import type { RunningAtPackage } from '../jobs/running.ts'
import type { Firm } from '../postings/posting-rows.ts'
import { settlePostings } from './settle-postings.ts'
import {
  markSettlementsGone,
  markUnreadSettlementsGone,
  putSettlements,
  readPaymentMark,
  writePaymentMark,
} from './settlement-rows.ts'

/**
 * Reads what is still open of each posted document, from its mark on. What follows from it is decided with the last page
 * alone, together with the mark: a document with several terms is never judged by half of them, and a run that broke off
 * begins where the one before it ended.
 */
export async function readPayments(running: RunningAtPackage): Promise<void> {
  const { services, firmId, connection, params } = running
  const { books, connector } = await services.connections.openBooks(firmId, connection.id, { settings: 'as-stored' })
  const { settled } = books
  if (!settled)
    throw new ProblemError({
      kind: 'setup',
      code: 'payments-not-offered',
      values: { package: connector.manifest.name },
    })
  const since = await running.step(async (trx) => {
    await running.progress(trx, { now: 'payments' })
    return params.full === true ? null : (await readPaymentMark({ trx, firmId }, connection.id)).mark
  })
  const startedAt = services.clock.now()
  await eachPage(settled, since, (page, whole) =>
    running.step(async (trx) => {
      const firm = { trx, firmId }
      await putSettlements(firm, connection.id, page.rows, startedAt)
      await markSettlementsGone(firm, connection.id, page.gone, startedAt)
      if (page.isLast) {
        if (whole) {
          await refuseNone(firm, connection.id, connector.manifest.name, startedAt)
          await markUnreadSettlementsGone(firm, connection.id, startedAt)
        }
        await settlePostings({
          ...firm,
          services,
          now: startedAt,
          connection,
          packageName: connector.manifest.name,
          by: running.createdBy,
        })
        await writePaymentMark(firm, connection.id, page.mark ?? null, startedAt)
      }
      await running.progress(trx, {
        done: page.rows.length,
        ...(page.total === undefined ? {} : { total: page.total }),
      })
    }),
  )
}

/** Nothing at all where there was something is a right that was taken away: nobody's payments are undone for it. */
async function refuseNone(
  { trx, firmId }: Firm,
  connectionId: string,
  packageName: string,
  startedAt: Date,
): Promise<void> {
  const { rows } = await sql<{ known: number; read: number }>`
    select count(*)::int as known, count(*) filter (where read_at >= ${startedAt})::int as read from settlement
    where firm_id = ${firmId} and connection_id = ${connectionId} and gone_at is null`.execute(trx)
  const { known = 0, read = 0 } = rows[0] ?? {}
  if (known > 0 && read === 0)
    throw new ProblemError({ kind: 'setup', code: 'payments-not-shown', values: { package: packageName } })
}
