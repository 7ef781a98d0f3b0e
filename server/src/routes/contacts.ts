import type { contactRoutes, contact as contactShape } from '@uurwerk/api/contacts.ts'
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { byName } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Contact as ContactTable } from '../store/schema.gen.ts'
import { deleteRow, putAway, rememberChange, restoreRow } from './kept-rows.ts'

type Answer = z.input<typeof contactShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>

export const contactHandlers: Handlers<keyof typeof contactRoutes> = {
  listContacts: async ({ trx, firmId, query }) => ({
    rows: (
      await trx
        .selectFrom('contact')
        .selectAll()
        .where('firmId', '=', firmId)
        .where('customerId', '=', query.customerId)
        .where('deletedAt', 'is', null)
        .orderBy((order) => order('archivedAt', 'is not', null))
        .orderBy(byName)
        .orderBy('id')
        .limit(500)
        .execute()
    ).map(toAnswer),
  }),

  createContact: async (call) => {
    const { trx, firmId, body, now, services } = call
    await refuseUnknownCustomer(call, body.customerId)
    refuseWithoutEmail({ email: body.email ?? null, ...body })
    const id = services.ids.next()
    await trx
      .insertInto('contact')
      .values({ ...body, firmId, id, createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'contact', id }, 'created', { after: body })
    await tell(call, body.customerId)
    return toAnswer(await rowOf(call, id))
  },

  changeContact: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toAnswer(row))
    refuseWithoutEmail({ ...row, ...body })
    const { archived, ...plain } = body
    await trx
      .updateTable('contact')
      .set({
        ...plain,
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    const before = toAnswer(row)
    await rememberChange(call, { kind: 'contact', id: row.id }, before, body)
    await tell(call, row.customerId)
    return toAnswer(await rowOf(call, row.id))
  },

  deleteContact: async (call) => {
    const { params, version } = call
    const row = await rowOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toAnswer(row))
    await deleteRow(call, 'contact', row)
    await tell(call, row.customerId)
    return undefined
  },

  restoreContact: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('contact')
      .select(['id', 'customerId', 'version', 'deletedAt'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('contact')
    if (row.deletedAt) {
      await refuseUnknownCustomer(call, row.customerId)
      await restoreRow(call, 'contact', row)
      await tell(call, row.customerId)
    }
    return toAnswer(await rowOf(call, row.id))
  },
}

const tell = ({ trx, firmId, services }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'services'>, customerId: string) =>
  services.events.publish(trx, firmId, { topic: 'customers', ids: [customerId] })

async function rowOf({ trx, firmId }: Asking, id: string): Promise<Selectable<ContactTable>> {
  const row = await trx
    .selectFrom('contact')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('contact')
  return row
}

const toAnswer = (row: Selectable<ContactTable>): Answer => ({
  id: row.id,
  customerId: row.customerId,
  name: row.name,
  email: row.email,
  phone: row.phone,
  role: row.role,
  language: row.language as Language | null,
  receivesInvoices: row.receivesInvoices,
  approvesEntries: row.approvesEntries,
  archived: row.archivedAt !== null,
  version: row.version,
})

/** Both are done by e-mail. */
function refuseWithoutEmail(contact: {
  readonly email: string | null
  readonly receivesInvoices?: boolean | undefined
  readonly approvesEntries?: boolean | undefined
}): void {
  if (!contact.email && (contact.receivesInvoices || contact.approvesEntries))
    throw wrongField('/email', 'contact-email-needed')
}

async function refuseUnknownCustomer({ trx, firmId }: Asking, id: string): Promise<void> {
  const found = await trx
    .selectFrom('customer')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!found) throw wrongField('/customerId', 'customer-unknown')
}
