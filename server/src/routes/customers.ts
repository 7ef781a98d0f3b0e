import type { customer, customerInput, masterDataRoutes } from '@uurwerk/api/master-data.ts'
import type { ParamsOf } from '@uurwerk/api/route.ts'
import { parseIban } from '@uurwerk/core/customers/iban.ts'
import { parseKvkNumber } from '@uurwerk/core/customers/kvk.ts'
import { parseVatId } from '@uurwerk/core/customers/vat-id.ts'
import { suggestVatCase } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import type { z } from 'zod'
import { holdSales } from '../connections/resume-sales.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { afterName, anywhere, byName, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { type Lead, readLeads } from '../imports/leads.ts'
import type { Customer as CustomerTable } from '../store/schema.gen.ts'
import { deleteRow, putAway, rememberChange, restoreRow } from './kept-rows.ts'

type CustomerRow = Selectable<CustomerTable>
type Answer = z.input<typeof customer>
type Input = Partial<z.output<typeof customerInput>>
type Names =
  | 'listCustomers'
  | 'createCustomer'
  | 'readCustomer'
  | 'changeCustomer'
  | 'deleteCustomer'
  | 'restoreCustomer'
type Asking = Pick<FirmCall<(typeof masterDataRoutes)['readCustomer']>, 'trx' | 'firmId'>
type Telling = Asking & Pick<FirmCall<(typeof masterDataRoutes)['readCustomer']>, 'services'>

export const customerHandlers: Handlers<Names> = {
  listCustomers: async (call) => {
    const { trx, firmId, query } = call
    const after = keyOf(query.cursor, ['text', 'id'])
    let rows = customersOf({ trx, firmId })
      .where('archivedAt', query.archived ? 'is not' : 'is', null)
      .orderBy(byName)
      .orderBy('id')
      .limit(query.limit + 1)
    if (query.updatedSince) rows = rows.where('updatedAt', '>=', new Date(query.updatedSince))
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) =>
        where.or([where('name', 'ilike', like), where('number', 'ilike', like), where('vatId', 'ilike', like)]),
      )
    }
    if (after) {
      const [name, id] = after as [string, string]
      rows = rows.where(afterName(name, id))
    }
    const found = await rows.execute()
    const leads = await readLeads(call, found)
    return pageOf(
      found,
      query.limit,
      ({ name, id }) => [name, id],
      (row) => toAnswer(call, row, leads),
    )
  },

  createCustomer: async (call) => {
    const { trx, firmId, firm, body, now, services } = call
    const checked = checkInput(body, firm.country, null)
    await refuseTakenNumber(call, body.number ?? null, null)
    await refuseUnknownBillTo(call, body.billToId)
    const id = services.ids.next()
    const suggested = suggestVatCase({ country: body.country, vatId: checked.vatId ?? null }, firm.country)
    if (!body.vatCase && !suggested)
      throw new ProblemError({
        kind: 'input',
        code: 'input-wrong',
        fields: [{ pointer: '/vatCase', code: 'required' }],
      })
    await trx
      .insertInto('customer')
      .values({
        firmId,
        id,
        number: body.number ?? null,
        name: body.name,
        visitAddress: JSON.stringify(body.visitAddress ?? {}),
        invoiceAddress: body.invoiceAddress ? JSON.stringify(body.invoiceAddress) : null,
        country: body.country,
        phone: body.phone ?? null,
        email: body.email ?? null,
        invoiceEmail: body.invoiceEmail ?? null,
        website: body.website ?? null,
        vatId: checked.vatId ?? null,
        kvk: checked.kvk ?? null,
        iban: checked.iban ?? null,
        paymentDays: body.paymentDays ?? null,
        paymentEndOfMonth: body.paymentEndOfMonth ?? null,
        vatCase: body.vatCase ?? (suggested as string),
        vatCaseConfirmed: body.vatCase !== undefined,
        language: body.language ?? (body.country === 'NL' || body.country === 'BE' ? 'nl' : 'en'),
        currency: body.currency ?? firm.currency,
        peppolId: checked.peppolId ?? null,
        billToId: body.billToId ?? null,
        billingRounding: body.billingRounding ? JSON.stringify(body.billingRounding) : null,
        remindersOff: body.remindersOff ?? false,
        note: body.note ?? null,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await remember(call, { kind: 'customer', id }, 'created', { after: body })
    await services.events.publish(trx, firmId, { topic: 'customers', ids: [id] })
    return answerOf(call, id)
  },

  readCustomer: (call) => answerOf(call, call.params.id),

  changeCustomer: async (call) => {
    const { trx, firmId, firm, params, body, version, now, services } = call
    const resume = body.vatCase ? await holdSales(call, services) : undefined
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    const led = (await readLeads(call, [row])).get(row.id)
    const refused = (led?.fields ?? []).filter(
      (field) => field in body && !same(body[field as keyof typeof body], row[field as keyof typeof row]),
    )
    if (led && refused.length > 0) {
      throw new ProblemError({
        kind: 'input',
        code: 'input-wrong',
        fields: refused.map((field) => ({
          pointer: `/${field}`,
          code: 'package-leads',
          values: { package: services.connections.connectorOf(led.package).manifest.name },
        })),
      })
    }
    const checked = checkInput(body, body.country ?? firm.country, row)
    if (body.number !== undefined) await refuseTakenNumber(call, body.number, row.id)
    await refuseUnknownBillTo(call, body.billToId, row.id)
    const {
      archived,
      visitAddress,
      invoiceAddress,
      billingRounding,
      vatId: _vatId,
      kvk: _kvk,
      iban: _iban,
      ...plain
    } = body
    await trx
      .updateTable('customer')
      .set({
        ...plain,
        ...(visitAddress ? { visitAddress: JSON.stringify(visitAddress) } : {}),
        ...(invoiceAddress === undefined
          ? {}
          : { invoiceAddress: invoiceAddress ? JSON.stringify(invoiceAddress) : null }),
        ...(billingRounding === undefined
          ? {}
          : { billingRounding: billingRounding ? JSON.stringify(billingRounding) : null }),
        ...checked,
        ...(body.vatCase ? { vatCaseConfirmed: true } : {}),
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await rememberChange(call, { kind: 'customer', id: row.id }, row, body)
    await resume?.()
    await services.events.publish(trx, firmId, { topic: 'customers', ids: [row.id] })
    return answerOf(call, row.id)
  },

  deleteCustomer: async (call) => {
    const { trx, firmId, params, version } = call
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    if (await isUsed(call, row.id))
      throw new ProblemError({ kind: 'conflict', code: 'customer-in-use', values: { customer: row.name } })
    await deleteRow(call, 'customer', row)
    await call.services.events.publish(trx, firmId, { topic: 'customers', ids: [row.id] })
    return undefined
  },

  restoreCustomer: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('customer')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('customer')
    if (row.deletedAt) {
      await refuseTakenNumber(call, row.number, row.id)
      await restoreRow(call, 'customer', row)
      await call.services.events.publish(trx, firmId, { topic: 'customers', ids: [row.id] })
    }
    return answerOf(call, row.id)
  },
}

/** By a project or an invoice, or as the one who pays for another customer. */
async function isUsed({ trx, firmId }: Asking, id: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from project where firm_id = ${firmId}::uuid and customer_id = ${id}::uuid and deleted_at is null)
      or exists (select from invoice where firm_id = ${firmId}::uuid and customer_id = ${id}::uuid and deleted_at is null)
      or exists (select from package_invoice where firm_id = ${firmId}::uuid and customer_id = ${id}::uuid)
      or exists (select from customer where firm_id = ${firmId}::uuid and bill_to_id = ${id}::uuid and deleted_at is null)
      as used`.execute(trx)
  return rows[0]?.used === true
}

const customersOf = ({ trx, firmId }: Asking) =>
  trx.selectFrom('customer').selectAll().where('firmId', '=', firmId).where('deletedAt', 'is', null)

async function rowOf(asking: Asking, id: string): Promise<CustomerRow> {
  const row = await customersOf(asking).where('id', '=', id).executeTakeFirst()
  if (!row) throw notThere('customer')
  return row
}

async function answerOf(call: Telling, id: ParamsOf<(typeof masterDataRoutes)['readCustomer']>['id']): Promise<Answer> {
  const row = await rowOf(call, id)
  return toAnswer(call, row, await readLeads(call, [row]))
}

function toAnswer({ services }: Telling, row: CustomerRow, leads: ReadonlyMap<string, Lead>): Answer {
  const lead = leads.get(row.id)
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    visitAddress: row.visitAddress as Answer['visitAddress'],
    invoiceAddress: row.invoiceAddress as Answer['invoiceAddress'],
    country: row.country,
    phone: row.phone,
    email: row.email,
    invoiceEmail: row.invoiceEmail,
    website: row.website,
    vatId: row.vatId,
    kvk: row.kvk,
    iban: row.iban,
    paymentDays: row.paymentDays,
    paymentEndOfMonth: row.paymentEndOfMonth,
    vatCase: row.vatCase as Answer['vatCase'],
    vatCaseConfirmed: row.vatCaseConfirmed,
    language: row.language as Answer['language'],
    currency: row.currency,
    peppolId: row.peppolId,
    billToId: row.billToId,
    billingRounding: row.billingRounding as Answer['billingRounding'],
    remindersOff: row.remindersOff,
    note: row.note,
    archived: row.archivedAt !== null,
    ledBy: lead?.leader === 'package' ? { package: lead.package, code: lead.code, fields: [...lead.fields] } : null,
    inPackage: lead
      ? {
          connectionId: lead.connectionId,
          package: lead.package,
          packageName: services.connections.connectorOf(lead.package).manifest.name,
          code: lead.code,
          leader: lead.leader,
          inactive: lead.inactive,
          inactiveSince: lead.inactiveSince?.toISOString() ?? null,
          readAt: lead.readAt?.toISOString() ?? null,
        }
      : null,
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  }
}

interface Checked {
  vatId?: string | null
  kvk?: string | null
  iban?: string | null
  peppolId?: string | null
}

/** VAT id, KvK number, IBAN and Peppol id in their one form, or a message at the field. */
function checkInput(body: Input, firmCountry: string, row: CustomerRow | null): Checked {
  const fields: FieldProblem[] = []
  const checked: Checked = {}
  const country = body.country ?? row?.country ?? firmCountry
  if (body.vatId !== undefined) {
    const parsed = body.vatId ? parseVatId(body.vatId, country) : null
    if (parsed && 'problem' in parsed) {
      // Outside the Union a number has whatever form its country gives it.
      if (parsed.problem === 'vat-id-country-unknown') checked.vatId = (body.vatId as string).trim()
      else fields.push({ pointer: '/vatId', code: parsed.problem })
    } else checked.vatId = parsed?.vatId ?? null
  }
  if (body.kvk !== undefined) {
    const kvk = body.kvk && country === 'NL' ? parseKvkNumber(body.kvk) : body.kvk || null
    if (body.kvk && !kvk) fields.push({ pointer: '/kvk', code: 'kvk-format' })
    else checked.kvk = kvk
  }
  if (body.iban !== undefined) {
    const parsed = body.iban ? parseIban(body.iban) : null
    if (parsed && 'problem' in parsed) fields.push({ pointer: '/iban', code: parsed.problem })
    else checked.iban = parsed?.iban ?? null
  }
  if (body.peppolId !== undefined) {
    const peppolId = body.peppolId?.replaceAll(/\s/g, '') || null
    if (peppolId && !/^\d{4}:[\w.-]{1,45}$/.test(peppolId)) fields.push({ pointer: '/peppolId', code: 'peppol-format' })
    else checked.peppolId = peppolId
  }
  const vatCase = body.vatCase ?? row?.vatCase
  const vatId = body.vatId === undefined ? row?.vatId : body.vatId
  if (vatCase === 'eu-business' && !vatId && (body.vatCase || body.vatId !== undefined))
    fields.push({ pointer: '/vatId', code: 'vat-id-needed' })
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
  return checked
}

async function refuseTakenNumber({ trx, firmId }: Asking, number: string | null, ownId: string | null): Promise<void> {
  if (number === null) return
  const taken = await trx
    .selectFrom('customer')
    .select(['id', 'name'])
    .where('firmId', '=', firmId)
    .where('number', '=', number)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (taken && taken.id !== ownId) {
    throw new ProblemError({
      kind: 'input',
      code: 'input-wrong',
      fields: [{ pointer: '/number', code: 'number-taken', values: { number, by: taken.name } }],
    })
  }
}

async function refuseUnknownBillTo(
  { trx, firmId }: Asking,
  billToId: string | null | undefined,
  ownId?: string,
): Promise<void> {
  if (!billToId) return
  const found = await trx
    .selectFrom('customer')
    .select(['id', 'name', 'billToId'])
    .where('firmId', '=', firmId)
    .where('id', '=', billToId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!found || billToId === ownId) throw wrongField('/billToId', 'customer-unknown')
  // Who is invoiced is looked up once: the one who pays pays himself.
  if (found.billToId) throw wrongField('/billToId', 'bill-to-passes-on', { customer: found.name })
  if (ownId === undefined) return
  const payer = await trx
    .selectFrom('customer')
    .select('name')
    .where('firmId', '=', firmId)
    .where('billToId', '=', ownId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (payer) throw wrongField('/billToId', 'bill-to-pays-already', { customer: payer.name })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
