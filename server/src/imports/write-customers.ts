import type { CustomerRow, TheirAddress } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { Inactive } from './judge.ts'
import { languageOf, type Ours, type Taken } from './to-ours.ts'

/** A customer of theirs that becomes a new one of ours. */
export interface NewCustomer {
  readonly id: string
  readonly row: CustomerRow
  readonly taken: Taken
  readonly country: string
  readonly vatCase: string
  /** A person said so; else it is derived, and waits to be confirmed. */
  readonly vatCaseConfirmed?: boolean
}

export interface ChangedCustomer {
  readonly ours: Ours
  readonly set: Partial<Ours>
}

export interface NewLink {
  readonly ourId: string
  readonly theirId: string
  readonly theirCode: string
}

export interface Written {
  readonly created: readonly NewCustomer[]
  readonly changed: readonly ChangedCustomer[]
  /** Of a customer that is linked already: to this one from now on. */
  readonly links: readonly NewLink[]
  /** Null: it is active there again. */
  readonly inactive: readonly { readonly ourId: string; readonly reason: Inactive | null }[]
}

interface Writing extends InFirm {
  readonly connectionId: string
  readonly currency: string
  readonly now: Date
}

/** What a new customer starts with. */
export const valuesOf = ({ row, taken, country, vatCase, vatCaseConfirmed = false }: NewCustomer, currency: string) => {
  const { term, ...careful } = taken.careful
  const { visitAddress, invoiceAddress, ...plain } = taken.fields
  return {
    ...plain,
    ...careful,
    ...(term ? { paymentDays: term.days, paymentEndOfMonth: term.endOfMonth } : {}),
    name: taken.fields.name ?? row.code,
    country,
    vatCase,
    vatCaseConfirmed,
    language: languageOf(row, country),
    currency: row.currency ?? currency,
    visitAddress: visitAddress ?? ({} as TheirAddress),
    ...(invoiceAddress ? { invoiceAddress } : {}),
  }
}

const columns = `number text, name text, visit_address jsonb, invoice_address jsonb, country text, phone text, email text,
  website text, vat_id text, kvk text, payment_days integer, payment_end_of_month boolean, vat_case text,
  vat_case_confirmed boolean`
const names = columns.split(',').map((column) => column.trim().split(' ')[0] as string)
const list = sql.raw(names.join(', '))

/** All of a page, with as many statements as for one row. */
export async function writeCustomers(writing: Writing, written: Written): Promise<void> {
  const { trx, firmId, connectionId, now } = writing
  const { created, changed, links, inactive } = written
  if (created.length > 0) {
    const rows = created.map((one) => ({ id: one.id, ...columnsOf(valuesOf(one, writing.currency)) }))
    await sql`
      insert into customer (firm_id, id, ${list}, language, currency, created_at, updated_at)
      select ${firmId}, id, ${list}, language, currency, ${now}, ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(id uuid, ${sql.raw(columns)}, language text, currency text)`.execute(trx)
  }
  if (changed.length > 0) {
    const rows = changed.map(({ ours, set }) => ({ id: ours.id, ...columnsOf({ ...ours, ...set }) }))
    await sql`
      update customer c set (${list}) = (${sql.raw(names.map((name) => `r.${name}`).join(', '))}),
        version = c.version + 1, updated_at = ${now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, ${sql.raw(columns)})
      where c.firm_id = ${firmId} and c.id = r.id`.execute(trx)
  }
  if (links.length > 0)
    await sql`
      insert into link (firm_id, connection_id, noun, our_id, their_id, their_code, created_at)
      select ${firmId}, ${connectionId}, 'customer', r."ourId", r."theirId", r."theirCode", ${now}
      from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as r("ourId" uuid, "theirId" text, "theirCode" text)
      on conflict (firm_id, connection_id, noun, our_id) do update set
        their_id = excluded.their_id, their_code = excluded.their_code, inactive = null, inactive_since = null`.execute(
      trx,
    )
  if (inactive.length > 0)
    await sql`
      update link set inactive = r.reason, inactive_since = case when r.reason is not null then ${now}::timestamptz end
      from jsonb_to_recordset(${JSON.stringify(inactive)}::jsonb) as r("ourId" uuid, reason text)
      where link.firm_id = ${firmId} and link.connection_id = ${connectionId} and link.noun = 'customer'
        and link.our_id = r."ourId"`.execute(trx)
}

/** Field names as columns: `visitAddress` is `visit_address`. */
const columnsOf = (values: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )

/** A line of the history of customers. */
export interface Remembered {
  readonly id: string
  readonly customerId: string
  readonly act: 'imported' | 'import-changed' | 'import-inactive' | 'import-back' | 'import-linked'
  readonly before: unknown
  readonly after: unknown
}

export async function rememberImported(
  { trx, firmId }: InFirm,
  lines: readonly Remembered[],
  by: { readonly memberId: string | null; readonly name: string; readonly why: string; readonly at: Date },
): Promise<void> {
  if (lines.length === 0) return
  await sql`
    insert into history (firm_id, id, subject_kind, subject_id, act, before, after, why, actor_id, actor_name, at)
    select ${firmId}, r.id, 'customer', r."customerId", r.act, r.before, r.after, ${by.why},
      ${by.memberId}, ${by.name}, ${by.at}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
      as r(id uuid, "customerId" uuid, act text, before jsonb, after jsonb)`.execute(trx)
}
