import type { CustomerRow, PaymentTermRow, TheirAddress } from '@uurwerk/connectors/contract/rows.ts'
import { parseKvkNumber } from '@uurwerk/core/customers/kvk.ts'
import { countryOfVatId, isEuCountry, parseVatId } from '@uurwerk/core/customers/vat-id.ts'
import { suggestVatCase, type VatCase } from '@uurwerk/core/invoicing/vat-cases.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type Selectable, sql } from 'kysely'
import { doneBefore, type RowResult, type RunningAtPackage, type TaskRowDetails } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'
import type { Customer } from '../store/schema.gen.ts'
import { eachPage } from './lists.ts'
import { markGone, markUnreadGone, putRows, readMark, rowsOf, writeMark } from './package-rows.ts'

type Ours = Selectable<Customer>
type Note = NonNullable<TaskRowDetails['notes']>[number]

/** Customers of the package become ours, matched on customer number. The package leads: its fields replace ours. */
export async function importCustomers(running: RunningAtPackage): Promise<void> {
  const { services, firmId, connection, params } = running
  const { books } = await services.connections.openBooks(firmId, connection.id, { settings: 'as-stored' })
  const reads = books.reads.customers
  assert(reads, 'a package without customers offers no import')
  const list = { connectionId: connection.id, noun: 'customers' as const }
  const since = await running.step(async (trx) => {
    await running.progress(trx, { now: 'customers' })
    return params.full === true ? null : readMark({ trx, firmId }, list)
  })
  const startedAt = services.clock.now()
  await eachPage(reads, since, (page, whole) =>
    running.step(async (trx) => {
      const firm = { trx, firmId }
      await putRows(firm, list, page.rows, startedAt)
      await markGone(firm, list, page.gone, startedAt)
      const handled = await doneBefore(
        trx,
        running,
        page.rows.map(({ id }) => id),
      )
      const rows = page.rows.filter(({ id }) => !handled.has(id))
      const results = await takeOver(trx, running, rows)
      if (page.isLast) {
        if (whole) await markUnreadGone(firm, list, startedAt)
        await linkBillTo(trx, running)
        await writeMark(firm, list, page.mark ?? null, startedAt)
      }
      await running.progress(trx, { rows: results, ...(page.total === undefined ? {} : { total: page.total }) })
      const changed = results.flatMap(({ outcome, details }) =>
        (outcome === 'created' || outcome === 'updated') && details.subjectId ? [details.subjectId] : [],
      )
      if (changed.length > 0) await services.events.publish(trx, firmId, { topic: 'customers', ids: changed })
    }),
  )
}

/** What a page is compared with. */
interface Known {
  readonly byTheirId: ReadonlyMap<string, Ours>
  readonly byNumber: ReadonlyMap<string, Ours>
  /** Ours without a number and without a link: who they may be is not known. */
  readonly unnumbered: readonly Ours[]
  readonly linked: ReadonlySet<string>
  /** With drafts or uninvoiced work: what decides about VAT and term is not changed under it. */
  readonly busy: ReadonlySet<string>
  readonly terms: ReadonlyMap<string, PaymentTermRow>
}

async function takeOver(trx: Trx, running: RunningAtPackage, rows: readonly CustomerRow[]): Promise<RowResult[]> {
  if (rows.length === 0) return []
  const known = await readKnown(trx, running, rows)
  const results: RowResult[] = []
  const numbers = new Set<string>()
  for (const row of rows) {
    const isSecond = row.code !== '' && numbers.has(row.code)
    numbers.add(row.code)
    results.push(isSecond ? second(row) : await takeOne(trx, running, known, row))
  }
  return results
}

async function readKnown(
  trx: Trx,
  { firmId, connection }: RunningAtPackage,
  rows: readonly CustomerRow[],
): Promise<Known> {
  const links = await trx
    .selectFrom('link')
    .select(['ourId', 'theirId'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connection.id)
    .where('noun', '=', 'customer')
    .execute()
  const theirs = new Set(rows.map(({ id }) => id))
  const ids = links.filter(({ theirId }) => theirs.has(theirId)).map(({ ourId }) => ourId)
  const numbers = rows.map(({ code }) => code).filter((code) => code !== '')
  const found = await sql<{ id: string }>`
    select id from customer where firm_id = ${firmId}
      and (id = any(${ids}::uuid[]) or (deleted_at is null and (number is null or number = any(${numbers}::text[]))))
    for update`.execute(trx)
  const ours = found.rows.length
    ? await trx
        .selectFrom('customer')
        .selectAll()
        .where('firmId', '=', firmId)
        .where(
          'id',
          'in',
          found.rows.map(({ id }) => id),
        )
        .execute()
    : []
  const byId = new Map(ours.map((row) => [row.id, row]))
  const linked = new Set(links.map(({ ourId }) => ourId))
  return {
    byTheirId: new Map(
      links.flatMap(({ ourId, theirId }) => {
        const one = byId.get(ourId)
        return one && theirs.has(theirId) ? [[theirId, one] as const] : []
      }),
    ),
    byNumber: new Map(ours.flatMap((row) => (row.number && !row.deletedAt ? [[row.number, row] as const] : []))),
    unnumbered: ours.filter((row) => row.number === null && !row.deletedAt && !linked.has(row.id)),
    linked,
    busy: await busyCustomers(
      trx,
      firmId,
      ours.map(({ id }) => id),
    ),
    terms: new Map((await rowsOf({ trx, firmId }, connection.id, 'paymentTerms')).map((row) => [row.id, row])),
  }
}

async function busyCustomers(trx: Trx, firmId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select c.id from customer c where c.firm_id = ${firmId} and c.id = any(${ids}::uuid[]) and (
      exists (select 1 from invoice i where i.firm_id = c.firm_id and i.customer_id = c.id and i.state = 'draft' and i.deleted_at is null)
      or exists (
        select 1 from project p join hour_entry h on h.firm_id = p.firm_id and h.project_id = p.id
        where p.firm_id = c.firm_id and p.customer_id = c.id and h.billable and h.deleted_at is null and h.written_off_at is null
          and not exists (select 1 from claim where claim.firm_id = h.firm_id and claim.entry_kind = 'hours'
            and claim.entry_id = h.id and claim.released_at is null)))`.execute(trx)
  return new Set(rows.map(({ id }) => id))
}

type Judged =
  | { readonly is: 'skipped' | 'conflict'; readonly details: TaskRowDetails }
  | { readonly is: 'new' }
  | { readonly is: 'ours'; readonly ours: Ours; readonly isLinked: boolean }

/** Whose row it is. A doubt is shown and never guessed. */
export function judge(
  row: CustomerRow,
  known: Pick<Known, 'byTheirId' | 'byNumber' | 'unnumbered' | 'linked'>,
): Judged {
  const skipped = (reason: string, more: TaskRowDetails = {}): Judged => ({
    is: 'skipped',
    details: { reason, ...more },
  })
  const conflicting = (reason: string, ours: Ours, more: Readonly<Record<string, string>> = {}): Judged => ({
    is: 'conflict',
    details: { reason, subjectId: ours.id, values: { ours: ours.name, number: row.code, ...more } },
  })
  const linked = known.byTheirId.get(row.id)
  const numbered = row.code === '' ? undefined : known.byNumber.get(row.code)
  if (linked?.deletedAt) return skipped('deleted-here')
  if (!row.isCustomer) return skipped('not-a-customer', linked ? { subjectId: linked.id } : {})
  if (row.isEnded) return skipped('ended', linked ? { subjectId: linked.id } : {})
  if (row.code === '') return skipped('no-number')
  if (linked) {
    if (numbered && numbered.id !== linked.id) return conflicting('two-candidates', numbered, { other: linked.name })
    return { is: 'ours', ours: linked, isLinked: true }
  }
  if (numbered) {
    // It is a customer of theirs already: two of theirs cannot be one of ours.
    if (known.linked.has(numbered.id)) return conflicting('linked-to-another', numbered)
    if (numbered.vatId && row.vatId && bare(numbered.vatId) !== bare(row.vatId))
      return conflicting('other-vat-id', numbered, { vatId: numbered.vatId, theirs: row.vatId })
    return { is: 'ours', ours: numbered, isLinked: false }
  }
  if (row.isBlocked) return skipped('blocked')
  const alike = known.unnumbered.find((ours) => isAlike(ours, row))
  return alike ? conflicting('perhaps-same', alike) : { is: 'new' }
}

const bare = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
const same = (a: string | null | undefined, b: string | null | undefined): boolean =>
  Boolean(a && b) && bare(a as string) !== '' && bare(a as string) === bare(b as string)

const isAlike = (ours: Ours, row: CustomerRow): boolean =>
  same(ours.kvk, row.kvk) ||
  same(ours.vatId, row.vatId) ||
  Boolean(ours.email && ours.email.toLowerCase() === row.email?.toLowerCase()) ||
  ours.name.trim().toLowerCase() === row.name.trim().toLowerCase()

/** Their row as fields of ours. What is empty there is absent here, and so replaces nothing. */
export interface Taken {
  readonly fields: Partial<Pick<Ours, 'number' | 'name' | 'country' | 'phone' | 'email' | 'website' | 'kvk'>> & {
    readonly visitAddress?: TheirAddress
    readonly invoiceAddress?: TheirAddress
  }
  /** Decide about VAT and when it is due: only proposed while work is under way. */
  readonly careful: Partial<Pick<Ours, 'vatId' | 'paymentDays' | 'paymentEndOfMonth'>>
  readonly vatCase: VatCase | null
  readonly notes: readonly Note[]
}

export function toOurs(row: CustomerRow, firmCountry: string, terms: ReadonlyMap<string, PaymentTermRow>): Taken {
  const notes: Note[] = []
  const vat = row.vatId ? vatIdOf(row.vatId, countryOf(row)) : undefined
  if (vat?.note) notes.push(vat.note)
  const country = countryOf(row) ?? (vat?.country && isEuCountry(vat.country) ? vat.country : undefined)
  const kvk = row.kvk && country === 'NL' ? (parseKvkNumber(row.kvk) ?? undefined) : row.kvk
  if (row.kvk && !kvk) notes.push({ code: 'kvk-not-taken', values: { kvk: row.kvk } })
  const term = row.paymentTerm ? terms.get(row.paymentTerm) : undefined
  const fitsTerm = term && term.endOfMonths <= 1
  if (row.paymentTerm && !fitsTerm)
    notes.push({ code: 'term-not-taken', values: { term: term?.name ?? row.paymentTerm } })
  return {
    fields: {
      number: row.code,
      name: row.name.trim(),
      ...(country ? { country } : {}),
      ...(hasAddress(row.address) ? { visitAddress: row.address } : {}),
      ...(row.invoiceAddress && hasAddress(row.invoiceAddress) ? { invoiceAddress: row.invoiceAddress } : {}),
      ...filled('phone', row.phone),
      ...filled('email', row.email),
      ...filled('website', row.website),
      ...filled('kvk', kvk),
    },
    careful: {
      ...filled('vatId', vat?.vatId),
      ...(fitsTerm ? { paymentDays: term.days, paymentEndOfMonth: term.endOfMonths === 1 } : {}),
    },
    vatCase: country ? vatCaseOf(country, vat?.country, firmCountry) : null,
    notes,
  }
}

const filled = <K extends string>(name: K, text: string | undefined) =>
  (text?.trim() ? { [name]: text.trim() } : {}) as { [N in K]?: string }

const hasAddress = (address: TheirAddress): boolean => Object.values(address).some((part) => part)
const countryOf = (row: CustomerRow): string | undefined => row.country || row.address.country || undefined

/** The package's own id is taken when it has the form of its country; a wrong check digit is said. */
function vatIdOf(text: string, country: string | undefined): { vatId?: string; country?: string; note?: Note } {
  const parsed = parseVatId(text, country ?? null)
  if ('vatId' in parsed) return { vatId: parsed.vatId, country: countryOfVatId(parsed.vatId) }
  const plain = bare(text)
  // Outside the Union a number has whatever form its country gives it.
  if (parsed.problem === 'vat-id-country-unknown') return { vatId: text.trim() }
  const note: Note = { code: parsed.problem, values: { vatId: text } }
  return parsed.problem === 'vat-id-check-digit' ? { vatId: plain, country: countryOfVatId(plain), note } : { note }
}

function vatCaseOf(country: string, vatCountry: string | undefined, firmCountry: string): VatCase | null {
  const suggested = suggestVatCase({ country, vatId: null }, firmCountry)
  if (suggested !== 'eu-consumer' || !vatCountry) return suggested
  // A VAT id of our own country at an address abroad says two things at once.
  return vatCountry === firmCountry ? null : 'eu-business'
}

const labelOf = (row: CustomerRow): string => (row.code ? `${row.code} ${row.name}` : row.name)

const second = (row: CustomerRow): RowResult => ({
  subject: row.id,
  label: labelOf(row),
  outcome: 'conflict',
  details: { reason: 'number-twice', values: { number: row.code } },
})

async function takeOne(trx: Trx, running: RunningAtPackage, known: Known, row: CustomerRow): Promise<RowResult> {
  const result = (outcome: RowResult['outcome'], details: TaskRowDetails): RowResult => ({
    subject: row.id,
    label: labelOf(row),
    outcome,
    details,
  })
  const judged = judge(row, known)
  if ('details' in judged) return result(judged.is, judged.details)
  const taken = toOurs(row, running.connection.firmCountry, known.terms)
  const notes = taken.notes.length > 0 ? { notes: taken.notes } : {}
  if (judged.is === 'new') {
    if (!taken.fields.country) return result('skipped', { reason: 'no-country', ...notes })
    if (!taken.vatCase) return result('skipped', { reason: 'vat-case-unclear', ...notes })
    const subjectId = await create(trx, running, row, taken, taken.fields.country, taken.vatCase)
    return result('created', { subjectId, ...notes })
  }
  const { ours, isLinked } = judged
  const { fields, proposed } = await update(trx, running, known, taken, ours)
  if (!isLinked) await link(trx, running, ours.id, row)
  const outcome = fields.length > 0 ? 'updated' : proposed.length > 0 ? 'conflict' : 'unchanged'
  return result(outcome, {
    subjectId: ours.id,
    ...notes,
    ...(fields.length > 0 ? { fields } : {}),
    ...(proposed.length > 0 ? { proposed } : {}),
    ...(outcome === 'conflict' ? { reason: 'proposed' } : {}),
  })
}

async function create(
  trx: Trx,
  running: RunningAtPackage,
  row: CustomerRow,
  { fields, careful }: Taken,
  country: string,
  vatCase: VatCase,
): Promise<string> {
  const { services, firmId, connection } = running
  const id = services.ids.next()
  const now = services.clock.now()
  const { visitAddress, invoiceAddress, ...plain } = fields
  const values = {
    ...plain,
    ...careful,
    name: row.name.trim() || row.code,
    country,
    vatCase,
    vatCaseConfirmed: false,
    language: languageOf(row, country),
    currency: row.currency ?? connection.currency,
  }
  await trx
    .insertInto('customer')
    .values({
      ...values,
      firmId,
      id,
      visitAddress: JSON.stringify(visitAddress ?? {}),
      invoiceAddress: invoiceAddress ? JSON.stringify(invoiceAddress) : null,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  await link(trx, running, id, row)
  await write(trx, running, id, 'imported', null, { ...values, visitAddress, invoiceAddress })
  return id
}

const languageOf = (row: CustomerRow, country: string): 'nl' | 'en' =>
  row.language ? (row.language === 'nl' ? 'nl' : 'en') : country === 'NL' || country === 'BE' ? 'nl' : 'en'

type Proposed = NonNullable<TaskRowDetails['proposed']>

async function update(trx: Trx, running: RunningAtPackage, known: Known, taken: Taken, ours: Ours) {
  const { services, firmId } = running
  const changes = new Map<string, { from: unknown; to: unknown }>()
  for (const [name, to] of Object.entries(taken.fields)) {
    const from = ours[name as keyof typeof taken.fields]
    if (!equal(from, to) && to !== '') changes.set(name, { from, to })
  }
  const careful = new Map<string, { from: unknown; to: unknown }>()
  for (const [name, to] of Object.entries(taken.careful)) {
    const from = ours[name as keyof typeof taken.careful]
    // No word about the end of the month is a term that does not run until it.
    if (!equal(from ?? (typeof to === 'boolean' ? false : null), to)) careful.set(name, { from, to })
  }
  // What a person confirmed stays; what was derived before is derived anew.
  if (!ours.vatCaseConfirmed && taken.vatCase && taken.vatCase !== ours.vatCase)
    careful.set('vatCase', { from: ours.vatCase, to: taken.vatCase })
  const isBusy = known.busy.has(ours.id)
  if (!isBusy) for (const [name, change] of careful) changes.set(name, change)
  const proposed: Proposed = isBusy
    ? [...careful].map(([field, { from, to }]) => ({ field, ours: String(from ?? ''), theirs: String(to) }))
    : []
  if (changes.size > 0) {
    // A term is its two parts together.
    const { paymentEndOfMonth } = taken.careful
    const term = changes.has('paymentDays') && paymentEndOfMonth !== undefined ? { paymentEndOfMonth } : {}
    const set = Object.fromEntries(
      [...changes].map(([name, { to }]) => [name, typeof to === 'object' ? JSON.stringify(to) : to]),
    )
    await trx
      .updateTable('customer')
      .set({ ...set, ...term, version: ours.version + 1, updatedAt: services.clock.now() })
      .where('firmId', '=', firmId)
      .where('id', '=', ours.id)
      .execute()
    const side = (which: 'from' | 'to') =>
      Object.fromEntries([...changes].map(([name, change]) => [name, change[which]]))
    await write(trx, running, ours.id, 'import-changed', side('from'), side('to'))
  }
  return { fields: [...changes.keys()], proposed }
}

/** Addresses are equal when their parts are; an absent part is an empty one. */
function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return (a ?? null) === (b ?? null)
  const parts = new Set([...Object.keys(a), ...Object.keys(b)])
  const part = (of: object, name: string) => (of as Record<string, unknown>)[name] || null
  return [...parts].every((name) => part(a, name) === part(b, name))
}

async function link(
  trx: Trx,
  { services, firmId, connection }: RunningAtPackage,
  ourId: string,
  row: CustomerRow,
): Promise<void> {
  await trx
    .insertInto('link')
    .values({
      firmId,
      connectionId: connection.id,
      noun: 'customer',
      ourId,
      theirId: row.id,
      theirCode: row.code,
      createdAt: services.clock.now(),
    })
    .onConflict((conflict) => conflict.columns(['firmId', 'connectionId', 'noun', 'ourId']).doNothing())
    .execute()
}

/** Who pays for whom, once both are here; what a person chose stays. */
async function linkBillTo(trx: Trx, { services, firmId, connection }: RunningAtPackage): Promise<void> {
  await sql`
    update customer c set bill_to_id = payer.our_id, version = c.version + 1, updated_at = ${services.clock.now()}
    from package_row r
    join link mine on mine.firm_id = r.firm_id and mine.connection_id = r.connection_id and mine.noun = 'customer' and mine.their_id = r.their_id
    join link payer on payer.firm_id = r.firm_id and payer.connection_id = r.connection_id and payer.noun = 'customer'
      and payer.their_id = r.data ->> 'billTo'
    where r.firm_id = ${firmId} and r.connection_id = ${connection.id} and r.noun = 'customers' and r.gone_at is null
      and c.firm_id = r.firm_id and c.id = mine.our_id and c.bill_to_id is null and payer.our_id <> mine.our_id`.execute(
    trx,
  )
}

async function write(
  trx: Trx,
  running: RunningAtPackage,
  id: string,
  act: string,
  before: unknown,
  after: unknown,
): Promise<void> {
  const { services, firmId, createdBy, connection } = running
  await trx
    .insertInto('history')
    .values({
      firmId,
      id: services.ids.next(),
      subjectKind: 'customer',
      subjectId: id,
      act,
      before: before === null ? null : JSON.stringify(before),
      after: JSON.stringify(after),
      why: services.connections.connectorOf(connection.package).manifest.name,
      actorId: createdBy.memberId,
      actorName: createdBy.name,
      requestId: null,
      at: services.clock.now(),
    })
    .execute()
}
