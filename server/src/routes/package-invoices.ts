import type { packageInvoiceRoutes } from '@uurwerk/api/package-invoices.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { withFreshLists } from '../connections/fresh-lists.ts'
import { type Handlers, StaleEdit } from '../http/call.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { type LeftOut, leftOutAnswer } from '../invoices/selected-entries.ts'
import { freePackageInvoice, refuseDeducted } from '../package-invoices/free.ts'
import { giveUpPrintings, lockPrintings } from '../package-invoices/give-up-printing.ts'
import { postDocuments } from '../package-invoices/post.ts'
import { findConnection } from '../postings/engine.ts'
import { packageInvoiceDetails } from './package-invoice-details.ts'
import { chosenDocuments, prepare, previewAnswer } from './package-invoice-preview.ts'
import { getPackageInvoice, packageInvoiceRows, toPackageInvoice } from './package-invoice-rows.ts'
import { explain } from './preview-bench.ts'

export const packageInvoiceHandlers: Handlers<keyof typeof packageInvoiceRoutes> = {
  previewPackageInvoices: async (call) => withFreshLists(call, await previewAnswer(call, call.body)),

  createPackageInvoices: async (call) => {
    const { trx, firmId, body, language, services } = call
    const { documents: keys, ...asked } = body
    const prepared = await prepare(call, asked, { onlyLooks: false })
    if ('problem' in prepared) throw new ProblemError(prepared.problem)
    const { maker, documents } = prepared
    const chosen = chosenDocuments(documents, keys)
    const stopped = documents.filter(({ shown }) => shown.state !== 'ready')
    const [first] = stopped
    if (first?.problem && first.members.length === 0) throw new ProblemError(first.problem)
    const leftOut = keys ? [] : stopped.flatMap(({ members, problem }) => membersLeftOut(members, problem))
    const connection = await findConnection({ trx, firmId }, maker.connectionId)
    const posted =
      connection && chosen.length > 0
        ? await postDocuments(
            call,
            connection,
            chosen.map(({ toPost }) => toPost),
            maker.answer,
          )
        : { packageInvoiceIds: [] }
    const rows = await packageInvoiceRows(trx, firmId, sql` and d.id = any(${[...posted.packageInvoiceIds]}::uuid[])`)
    return {
      rows: rows.map((row) => toPackageInvoice(services, row, language)),
      made: posted.packageInvoiceIds.map((id, index) => ({ key: chosen[index]?.shown.key ?? '', id })),
      leftOut: [
        ...leftOutAnswer(keys ? [] : prepared.leftOut, language),
        ...leftOutAnswer(leftOut, language, (problem) => explain(maker.bench, problem)),
      ],
    }
  },

  listPackageInvoices: async (call) => {
    const { trx, firmId, query, services, language } = call
    const after = keyOf(query.cursor, ['id'])
    const like = query.search ? anywhere(query.search) : null
    const where = sql`
      ${query.state?.length ? sql` and d.state = any(${query.state}::text[])` : sql``}
      ${query.payment?.length ? sql` and paid.state = any(${query.payment}::text[])` : sql``}
      ${query.customerId?.length ? sql` and d.customer_id = any(${query.customerId}::uuid[])` : sql``}
      ${query.connectionId ? sql` and d.connection_id = ${query.connectionId}::uuid` : sql``}
      ${query.ids?.length ? sql` and d.id = any(${query.ids}::uuid[])` : sql``}
      ${query.from ? sql` and d.date >= ${query.from}::date` : sql``}
      ${query.until ? sql` and d.date <= ${query.until}::date` : sql``}
      ${like ? sql` and (d.customer_name ilike ${like} or d.their_number ilike ${like} or d.description ilike ${like} or d.order_number ilike ${like} or p.reference ilike ${like} or p.label ilike ${like})` : sql``}
      ${after ? sql` and d.id < ${after[0]}::uuid` : sql``}`
    const rows = await packageInvoiceRows(trx, firmId, where, query.limit + 1)
    return pageOf(
      rows,
      query.limit,
      ({ id }) => [id],
      (row) => toPackageInvoice(services, row, language),
    )
  },

  readPackageInvoice: (call) => packageInvoiceDetails(call, call.params.id),

  releasePackageInvoice: async (call) => {
    const { trx, firmId, params, body, version, services, language } = call
    const printings = await lockPrintings(call, params.id)
    await sql`select 1 from package_invoice where firm_id = ${firmId}::uuid and id = ${params.id}::uuid for update`.execute(
      trx,
    )
    const row = await getPackageInvoice(trx, firmId, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toPackageInvoice(services, row, language))
    if (row.state !== 'made' && row.state !== 'printed')
      throw new ProblemError({ kind: 'conflict', code: 'package-invoice-not-there' })
    await refuseDeducted(call, row.id)
    await giveUpPrintings(call, printings, body.why)
    await freePackageInvoice(call, row.id, body.why, 'released')
    return toPackageInvoice(services, await getPackageInvoice(trx, firmId, row.id), language)
  },
}

const membersLeftOut = (
  members: readonly NonNullable<LeftOut['due']>[],
  problem: Problem | undefined,
): readonly LeftOut[] => (problem ? members.map((due) => ({ kind: due.kind, id: due.row.id, due, problem })) : [])
