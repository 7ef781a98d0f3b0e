import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { eachPage } from '../connections/lists.ts'
import type { RunningAtPackage } from '../jobs/running.ts'
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
        if (whole) await markUnreadSettlementsGone(firm, connection.id, startedAt)
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
