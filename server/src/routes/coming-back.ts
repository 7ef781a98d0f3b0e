import type { comingBackRoutes } from '@uurwerk/api/coming-back.ts'
import { returnBoxOf } from '@uurwerk/core/bookkeeping/vat-overview.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { decide, holdDifference, postAgain, releaseEntriesOf } from '../coming-back/act-on-difference.ts'
import { type DifferenceAnswer, describeDifferences, differenceRows } from '../coming-back/difference-answers.ts'
import { readMadeThere } from '../coming-back/made-there.ts'
import { nightOf } from '../coming-back/nightly.ts'
import {
  describeComingBack,
  describeReconciliation,
  reconciliationRows,
} from '../coming-back/reconciliation-answers.ts'
import { booksBeside, listVatInvoices, readVatOverview } from '../coming-back/vat-overview-rows.ts'
import { euServicesSheet, madeThereSheet, vatInvoicesSheet, vatLinesSheet } from '../coming-back/vat-sheets.ts'
import type { ConnectionAt } from '../connections/service.ts'
import { exportAnswer } from '../exports/export-answer.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { treatmentAtRate } from '../http/vat-words.ts'
import type { PackageTaskKind } from '../jobs/tasks.ts'
import { beginTask } from './tasks.ts'

type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>

export const comingBackHandlers: Handlers<keyof typeof comingBackRoutes> = {
  readPayments: (call) => begin(call, call.params.id, 'read-payments', { full: call.body.full }),
  startReconciliation: (call) => begin(call, call.params.id, 'reconcile', { scope: call.body.scope }),

  readComingBack: async (call) => describeComingBack(call, await getConnection(call, call.params.id)),

  changeComingBack: async (call) => {
    const { trx, firmId, params, body, now, services } = call
    const connection = await getConnection(call, params.id)
    const before = await trx
      .selectFrom('connection')
      .select(['nightlyPayments', 'nightlyReconciliation'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    // Nights before it was switched on are not waited for.
    const night = nightOf(connection.timeZone, now)
    const after = {
      nightlyPayments: body.nightlyPayments ?? before.nightlyPayments,
      nightlyReconciliation: body.nightlyReconciliation ?? before.nightlyReconciliation,
    }
    await trx
      .updateTable('connection')
      .set({
        ...after,
        ...(after.nightlyPayments && !before.nightlyPayments ? { paymentsNight: night } : {}),
        ...(after.nightlyReconciliation && !before.nightlyReconciliation ? { reconciliationNight: night } : {}),
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await remember(call, { kind: 'connection', id: params.id }, 'changed', { before, after })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [params.id] })
    return describeComingBack(call, connection)
  },

  listReconciliations: async (call) => {
    const { query } = call
    const [after] = keyOf(query.cursor, ['id']) ?? []
    const rows = await reconciliationRows(
      call,
      sql`${query.connectionId ? sql`and r.connection_id = ${query.connectionId}` : sql``}
        ${after ? sql`and r.id < ${after}::uuid` : sql``}`,
      query.limit + 1,
    )
    return pageOf(
      rows,
      query.limit,
      ({ id }) => [id],
      (row) => describeReconciliation(call, row),
    )
  },

  readReconciliation: async (call) => {
    const [row] = await reconciliationRows(call, sql`and r.id = ${call.params.id}`)
    if (!row) throw notThere('reconciliation')
    return describeReconciliation(call, row)
  },

  listDifferences: async (call) => {
    const { query } = call
    const [after] = keyOf(query.cursor, ['id']) ?? []
    const rows = await differenceRows(
      call,
      sql`and d.state = ${query.state}
        ${query.connectionId ? sql`and d.connection_id = ${query.connectionId}` : sql``}
        ${query.kind ? sql`and d.kind = ${query.kind}` : sql``}
        ${query.postingId ? sql`and d.posting_id = ${query.postingId}` : sql``}
        ${after ? sql`and d.id < ${after}::uuid` : sql``}`,
      query.limit + 1,
    )
    const told = new Map((await describeDifferences(call, rows)).map((row) => [row.id, row]))
    return pageOf(
      rows,
      query.limit,
      ({ firstSeenAt, id }) => [firstSeenAt.toISOString(), id],
      ({ id }) => told.get(id) as DifferenceAnswer,
    )
  },

  acceptDifference: async (call) => {
    const row = await holdDifference(call, call.params.id, 'accept')
    return decide(call, row, { state: 'accepted', reason: call.body.reason, step: 'difference-accepted' })
  },

  reopenDifference: async (call) => {
    const row = await holdDifference(call, call.params.id, 'reopen')
    return decide(call, row, { state: 'open', reason: null, step: 'difference-reopened' })
  },

  postDeletedAgain: async (call) =>
    postAgain(call, await holdDifference(call, call.params.id, 'post-again'), call.body.reason),

  releaseDeleted: async (call) =>
    releaseEntriesOf(call, await holdDifference(call, call.params.id, 'release'), call.body.reason),

  readVatOverview: async (call) => {
    const { query, firm, language } = call
    checkPeriod(query)
    const found = await readVatOverview(call, query)
    const packageId = await booksBeside(call, query.connectionId)
    const { lines, base, vat, euServices } = found.overview
    return {
      from: query.from,
      until: query.until,
      by: query.by,
      currency: firm.currency,
      lines: lines.map((line) => ({
        ...line,
        label: treatmentAtRate(language, line.treatment, line.rate),
        box: returnBoxOf(line.treatment, firm.country),
      })),
      total: { invoices: found.invoices, base, vat },
      euServices: [...euServices],
      withoutRate: [...found.withoutRate],
      books:
        packageId === null
          ? null
          : {
              packageName: call.services.connections.connectorOf(packageId).manifest.name,
              posted: [...found.posted],
              notPosted: found.notPosted,
              alreadyInBooks: found.alreadyInBooks,
            },
      made: await readMadeThere(call, query),
    }
  },

  listVatInvoices: async (call) => {
    const { query } = call
    checkPeriod(query)
    const after = keyOf(query.cursor, ['date', 'id'])
    const rows = await listVatInvoices(
      call,
      query,
      after ? [String(after[0]), String(after[1])] : null,
      query.limit + 1,
    )
    return pageOf(
      rows,
      query.limit,
      ({ date, invoiceId }) => [date, invoiceId],
      (row) => row,
    )
  },

  // A download lasts as long as its reader takes: no transaction is held for it here.
  exportVatOverview: {
    free: async (call) => {
      const { query, firmId, firm, language, services } = call
      checkPeriod(query)
      const { format, separator, what } = query
      const form = {
        format,
        ...(separator === undefined ? {} : { separator: separator === 'comma' ? (',' as const) : (';' as const) }),
      }
      if (what === 'made') return exportAnswer(call, madeThereSheet(services, firmId, query), form)
      if (what === 'invoices') return exportAnswer(call, vatInvoicesSheet(firmId, query), form)
      const found = await services.store.withFirm(firmId, (trx) => readVatOverview({ trx, firmId, firm }, query), {
        readOnly: true,
      })
      const sheet = what === 'lines' ? vatLinesSheet(found, language, firm.country) : euServicesSheet(found)
      return exportAnswer(call, sheet, form)
    },
  },
}

function checkPeriod({ from, until }: { readonly from: string; readonly until: string }): void {
  if (until < from) throw wrongField('/query/until', 'end-before-start')
}

async function getConnection({ services, trx, firmId }: Call, id: string): Promise<ConnectionAt> {
  const connection = await services.connections.findConnection({ trx, firmId }, id)
  if (!connection) throw notThere('connection')
  return connection
}

async function begin(call: Call, connectionId: string, kind: PackageTaskKind, params: Record<string, unknown>) {
  const connection = await getConnection(call, connectionId)
  const { manifest } = call.services.connections.connectorOf(connection.package)
  if (kind === 'read-payments' && !manifest.settled)
    throw new ProblemError({ kind: 'setup', code: 'payments-not-offered', values: { package: manifest.name } })
  return beginTask(call, call.actor, kind, connectionId, params)
}
