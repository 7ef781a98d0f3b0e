import type { DraftLine } from '@uurwerk/core/invoicing/draft-line.ts'
import type { VatPerRate } from '@uurwerk/core/invoicing/totals.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import type { Holder } from '../invoices/invoice-claims.ts'
import { Outbox } from '../postings/decide.ts'
import type { ConnectionAt } from '../postings/engine.ts'
import type { PackageDocument } from './package-document.ts'
import { rememberPackageInvoice } from './package-invoice-history.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>

/** A document that was looked at and is to be made. */
export interface ToPost {
  readonly document: PackageDocument
  readonly language: string
  readonly lines: readonly DraftLine[]
  readonly vatPerRate: readonly VatPerRate[]
  readonly projects: readonly { readonly id: string; readonly name: string }[]
  readonly closesProjectId: string | null
  readonly groupedBy: string | null
  /** Takes its entries for `holder`, line by line; throws when another was faster. */
  readonly reserve: (holder: Holder, lineIds: readonly string[]) => Promise<void>
}

export interface Posted {
  readonly packageInvoiceIds: readonly string[]
  readonly postingIds: readonly string[]
}

/**
 * Decides in the caller's transaction that the package makes these documents: what they say, the outbox with customers
 * first, and the entries they hold; or nothing. The caller holds the lane.
 */
export async function postDocuments(
  call: Call,
  connection: ConnectionAt,
  documents: readonly ToPost[],
  { printed }: { readonly printed: boolean },
): Promise<Posted> {
  const { trx, firmId, services, actor, now } = call
  const { ids, random, engine } = services
  const outbox = new Outbox({ trx, firmId }, connection, {
    by: actor.memberId,
    clock: { now: () => now },
    ids,
    random,
    wake: engine.wake,
  })
  const customers = new Map<string, string>()
  for (const { document } of documents) {
    if (customers.has(document.customerId)) continue
    const before = await outbox.customerBefore(document.customerId, document.customerName)
    if (before) customers.set(document.customerId, before)
  }
  const packageInvoiceIds: string[] = []
  const postingIds = [...customers.values()]
  for (const one of documents) {
    const { document, projects } = one
    const id = ids.next()
    const lineIds = await insertDocument(call, connection.id, id, one)
    const about = {
      subjectKind: 'package-invoice',
      subjectId: id,
      label: projects.map(({ name }) => name).join(', '),
      customerId: document.customerId,
    }
    const invoice = await outbox.put({
      ...about,
      kind: 'salesInvoice',
      currency: document.currency,
      gross: document.gross,
      afterId: customers.get(document.customerId) ?? null,
    })
    await one.reserve({ packageInvoiceId: id, postingId: invoice.id }, lineIds)
    postingIds.push(invoice.id)
    if (printed) {
      const printing = { ...about, kind: 'printing', currency: null, gross: null, afterId: invoice.id } as const
      postingIds.push((await outbox.put(printing)).id)
    }
    await rememberPackageInvoice(call, id, 'posted', {
      after: { postingId: invoice.id, net: document.net, gross: document.gross, currency: document.currency },
    })
    packageInvoiceIds.push(id)
  }
  await outbox.close()
  await services.events.publish(trx, firmId, { topic: 'postings', ids: postingIds })
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: packageInvoiceIds })
  return { packageInvoiceIds, postingIds }
}

async function insertDocument(
  { trx, firmId, services, actor, now }: Call,
  connectionId: string,
  id: string,
  { document, language, lines, vatPerRate, projects, closesProjectId, groupedBy }: ToPost,
): Promise<readonly string[]> {
  await trx
    .insertInto('packageInvoice')
    .values({
      firmId,
      id,
      connectionId,
      kind: document.kind,
      customerId: document.customerId,
      customerName: document.customerName,
      projectIds: projects.map((project) => project.id),
      closesProjectId,
      date: document.date,
      dueDate: document.dueDate,
      currency: document.currency,
      language,
      description: document.description,
      orderNumber: document.orderNumber,
      groupedBy,
      net: document.net,
      vat: document.vat,
      gross: document.gross,
      vatPerRate: JSON.stringify(vatPerRate),
      createdBy: actor.memberId,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  const lineIds = lines.map(() => services.ids.next())
  const rows = lines.map((line, index) => ({
    id: lineIds[index],
    position: index + 1,
    kind: line.source,
    description: line.description,
    quantity: line.quantity,
    unit: line.unit,
    unit_price: line.unitPrice,
    net: line.net,
    vat: line.vat,
    vat_treatment: line.vatTreatment,
    vat_rate: line.vatRate,
    project_id: line.projectId,
    activity_ids: line.activityIds,
    expense_category_id: line.expenseCategoryId ?? null,
    supply_from: line.supplyFrom,
    supply_until: line.supplyUntil,
    registered_minutes: line.registeredMinutes ?? null,
    entry_ids: line.entryIds,
  }))
  await sql`insert into package_invoice_line (firm_id, package_invoice_id, id, position, kind, description, quantity, unit,
      unit_price, net, vat, vat_treatment, vat_rate, project_id, activity_ids, expense_category_id, supply_from, supply_until,
      registered_minutes, entry_ids)
    select ${firmId}::uuid, ${id}::uuid, l.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l (
      id uuid, position integer, kind text, description text, quantity numeric, unit text, unit_price numeric, net numeric,
      vat numeric, vat_treatment text, vat_rate numeric, project_id uuid, activity_ids uuid[], expense_category_id uuid,
      supply_from date, supply_until date, registered_minutes integer, entry_ids uuid[])`.execute(trx)
  return lineIds
}
