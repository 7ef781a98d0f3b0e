import type { booksDifference } from '@uurwerk/api/coming-back.ts'
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import type { FirmCall, Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import { placeInBooks } from '../routes/posting-rows.ts'
import { readStored } from '../store/stored.ts'
import { type ChangedField, changedField, type DifferenceKind } from './compare-receipt.ts'

export type DifferenceAnswer = z.input<typeof booksDifference>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

export interface DifferenceRow {
  readonly id: string
  readonly kind: DifferenceKind
  readonly state: DifferenceAnswer['state']
  readonly fields: unknown
  readonly connectionId: string
  readonly package: string
  readonly postingId: string
  readonly postingKind: string
  readonly postingState: string
  readonly laneKey: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly label: string
  readonly theirNumber: string | null
  readonly url: string | null
  readonly customerName: string | null
  readonly currency: string | null
  readonly gross: string | null
  /** Of the invoice: an invoice that was sent and not credited whole may be credited. */
  readonly creditable: boolean
  readonly reason: string | null
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
  readonly solvedHow: DifferenceAnswer['solvedHow']
  readonly firstSeenAt: Date
  readonly seenAt: Date
  readonly version: number
}

export async function differenceRows(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  where: RawBuilder<unknown>,
  limit = 1,
): Promise<DifferenceRow[]> {
  const { rows } = await sql<DifferenceRow>`
    select d.id, d.kind, d.state, d.fields, d.connection_id as "connectionId", c.package, d.posting_id as "postingId",
      p.kind as "postingKind", p.state as "postingState", p.lane_key as "laneKey", p.subject_kind as "subjectKind",
      p.subject_id as "subjectId", p.label, p.their_number as "theirNumber", ${placeInBooks('c')} as url,
      k.name as "customerName", p.currency, p.gross,
      coalesce(i.kind = 'invoice' and i.state = 'sent', false) as creditable,
      d.reason, m.name as "decidedBy", d.decided_at as "decidedAt", d.solved_how as "solvedHow",
      d.first_seen_at as "firstSeenAt", d.seen_at as "seenAt", d.version
    from books_difference d
    join posting p on p.firm_id = d.firm_id and p.id = d.posting_id
    join connection c on c.firm_id = d.firm_id and c.id = d.connection_id
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    left join invoice i on i.firm_id = p.firm_id and i.id = p.subject_id and p.subject_kind = 'invoice'
    left join member m on m.firm_id = d.firm_id and m.id = d.decided_by
    where d.firm_id = ${firmId} ${where}
    order by d.id desc limit ${limit}`.execute(trx)
  return rows
}

const storedFields = z.array(changedField)

/** Differences as a person reads them; customers that the package names by its own id get their names. */
export async function describeDifferences(
  call: Asking,
  rows: readonly DifferenceRow[],
): Promise<readonly DifferenceAnswer[]> {
  const fieldsOf = new Map(
    rows.map((row) => [row.id, readStored(storedFields, row.fields, 'what differs in the books')] as const),
  )
  const names = await customerNames(call, rows, [...fieldsOf.values()].flat())
  return rows.map((row) => describe(call, row, fieldsOf.get(row.id) ?? [], names))
}

function describe(
  { services, language }: Asking,
  row: DifferenceRow,
  fields: readonly ChangedField[],
  names: ReadonlyMap<string, string>,
): DifferenceAnswer {
  const packageName = services.connections.connectorOf(row.package).manifest.name
  const isMadeThere = row.postingKind === 'salesInvoice'
  const told = fields.map(({ field, posted, now }) => ({
    field,
    label: say(language, `difference.field.${field}`),
    as: asOf(field),
    posted: nameOf(field, posted, row.connectionId, names),
    now: nameOf(field, now, row.connectionId, names),
  }))
  const values = {
    package: packageName,
    label: row.label || (row.customerName ?? ''),
    number: row.theirNumber ?? row.label,
    count: told.length,
    fields: listOf(
      language,
      told.map(({ label }) => label),
    ),
  }
  const code = isMadeThere && (row.kind === 'deleted' || row.kind === 'amounts') ? `${row.kind}-there` : row.kind
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    title: say(language, `difference.${code}.title`, values),
    detail: say(language, `difference.${code}.detail`, values),
    remedy: say(language, `difference.${code}.remedy`, values),
    fields: told,
    connectionId: row.connectionId,
    packageName,
    postingId: row.postingId,
    label: row.label || (row.customerName ?? ''),
    theirNumber: row.theirNumber,
    url: row.kind === 'deleted' ? null : row.url,
    invoiceId: row.subjectKind === 'invoice' ? row.subjectId : null,
    packageInvoiceId: row.subjectKind === 'package-invoice' ? row.subjectId : null,
    customerName: row.customerName,
    currency: row.currency,
    gross: row.gross,
    can: canOf(row),
    reason: row.reason,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    solvedHow: row.solvedHow,
    firstSeenAt: row.firstSeenAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    version: row.version,
  }
}

/** What may be done with a difference, the best first. */
export function canOf(row: Pick<DifferenceRow, 'kind' | 'state' | 'postingKind' | 'postingState' | 'creditable'>) {
  const { kind, state, postingKind, postingState, creditable } = row
  if (state === 'solved') return []
  const can: DifferenceAnswer['can'] = []
  if (kind === 'deleted' && postingState === 'posted')
    can.push(postingKind === 'salesInvoice' ? 'release' : 'post-again')
  if (kind === 'not-attached') can.push('send-file')
  if (creditable && (kind === 'deleted' || kind === 'amounts')) can.push('credit')
  can.push(state === 'open' ? 'accept' : 'reopen')
  return can
}

const kinds: Readonly<Record<string, 'date' | 'money'>> = {
  date: 'date',
  dueDate: 'date',
  gross: 'money',
  vat: 'money',
}
const asOf = (field: string): 'text' | 'date' | 'money' => kinds[field] ?? 'text'

const listOf = (language: Language, words: readonly string[]): string =>
  new Intl.ListFormat(language).format(words.map((word) => word.toLowerCase()))

const keyOf = (connectionId: string, theirId: string) => `${connectionId} ${theirId.toLowerCase()}`

const nameOf = (
  field: string,
  value: string | null,
  connectionId: string,
  names: ReadonlyMap<string, string>,
): string | null => (field === 'customer' && value !== null ? (names.get(keyOf(connectionId, value)) ?? value) : value)

async function customerNames(
  { trx, firmId }: Asking,
  rows: readonly DifferenceRow[],
  fields: readonly ChangedField[],
): Promise<ReadonlyMap<string, string>> {
  const ids = fields
    .filter(({ field }) => field === 'customer')
    .flatMap(({ posted, now }) => [posted, now])
    .flatMap((id) => (id === null ? [] : [id.toLowerCase()]))
  if (ids.length === 0) return new Map()
  const connections = [...new Set(rows.map(({ connectionId }) => connectionId))]
  const { rows: found } = await sql<{ connectionId: string; theirId: string; name: string }>`
    select r.connection_id as "connectionId", r.their_id as "theirId", trim(r.code || ' ' || r.name) as name
    from package_row r
    where r.firm_id = ${firmId} and r.connection_id = any(${connections}::uuid[]) and r.noun = 'customers'
      and lower(r.their_id) = any(${ids}::text[])
    union all
    select l.connection_id, l.their_id, trim(coalesce(l.their_code, '') || ' ' || k.name)
    from link l join customer k on k.firm_id = l.firm_id and k.id = l.our_id
    where l.firm_id = ${firmId} and l.connection_id = any(${connections}::uuid[]) and l.noun = 'customer'
      and lower(l.their_id) = any(${ids}::text[])`.execute(trx)
  return new Map(found.map((row) => [keyOf(row.connectionId, row.theirId), row.name]))
}
