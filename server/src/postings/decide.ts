import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import type { Clock, Ids, Random } from '@uurwerk/core/shared/ports.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { newReference } from '@uurwerk/core/shared/reference.ts'
import { type Selectable, sql } from 'kysely'
import { countsSql } from '../invoices/in-books.ts'
import { readInvoices, type StoredInvoice } from '../invoices/invoice-rows.ts'
import type { Trx } from '../store/database.ts'
import type { Connection } from '../store/schema.gen.ts'
import { type ConnectionAt, type Engine, findConnection } from './engine.ts'
import { leftBehind } from './given-up.ts'
import { allowProbes, ensureLane, lockLanes, makeDue } from './lane-due.ts'
import type { Choices } from './posting.ts'
import { addSteps, type Firm, lockPostings, type Step } from './posting-rows.ts'

export interface Deciding {
  readonly firmId: string
  readonly connectionId: string
  readonly invoiceIds: readonly string[]
  /** Member who decided; null when the program did. */
  readonly by: string | null
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly wake: (trx: Trx, laneKey: string) => Promise<void>
  readonly connectors: Engine['connectors']
  /** By invoice: the first day of the period in which it is booked, when its own is closed. */
  readonly bookIn?: ReadonlyMap<string, string>
}

export interface Decision {
  readonly postings: readonly { readonly invoiceId: string; readonly postingId: string; readonly existing: boolean }[]
  /** Customers that are made or adopted first. */
  readonly customerPostingIds: readonly string[]
  readonly leftOut: readonly { readonly invoiceId: string; readonly label: string; readonly problem: Problem }[]
}

/**
 * Decides in the caller's transaction that these invoices are booked: the outbox rows and the wake, or nothing. What
 * another does with postings of this lane at the same moment is over before anything is read here, or waits.
 */
export async function decidePostings(trx: Trx, asked: Deciding): Promise<Decision> {
  const firm: Firm = { trx, firmId: asked.firmId }
  const connection = await findConnection(firm, asked.connectionId)
  const invoiceIds = [...new Set(asked.invoiceIds)]
  const standing = whyNotAtAll(connection)
  if (connection?.laneKey && !standing) {
    await ensureLane(trx, connection.laneKey, connection.package)
    await lockLanes(trx, [connection.laneKey])
  }
  const stored = await readInvoices(trx, asked.firmId, invoiceIds)
  const originals = await creditedOriginals(firm, stored, connection)
  const elsewhere = await keptElsewhere(firm, connection, invoiceIds)
  const leftOut = invoiceIds.flatMap((invoiceId) => {
    const found = stored.get(invoiceId)
    const problem = standing ?? whyNot(found, connection?.cutOff ?? null) ?? elsewhere.get(invoiceId)
    return problem ? [{ invoiceId, label: labelOf(found), problem }] : []
  })
  if (!connection || standing) return { postings: [], customerPostingIds: [], leftOut }
  const goes = invoiceIds
    .filter((id) => !leftOut.some(({ invoiceId }) => invoiceId === id))
    .flatMap((id) => stored.get(id)?.invoice ?? [])
    .concat([...originals.values()].map(({ invoice }) => invoice))
    // Where a series must stay in order, it is this one.
    .sort((a, b) =>
      a.date < b.date
        ? -1
        : a.date > b.date
          ? 1
          : a.kind === b.kind
            ? (a.number ?? '').localeCompare(b.number ?? '', 'en', { numeric: true })
            : a.kind === 'credit'
              ? 1
              : -1,
    )
  if (goes.length === 0) return { postings: [], customerPostingIds: [], leftOut }

  const outbox = new Outbox(firm, connection, asked)
  const hangs = filesGoAlong(connection, asked.connectors)
  const customerPostings = new Map<string, string>()
  for (const { customer } of goes) {
    if (customerPostings.has(customer.id)) continue
    const before = await outbox.customerBefore(customer.id, customer.name)
    if (before) customerPostings.set(customer.id, before)
  }
  const postings: { invoiceId: string; postingId: string; existing: boolean }[] = []
  const postingOf = new Map<string, string>()
  for (const invoice of goes) {
    const made = await outbox.put({
      kind: 'salesEntry',
      subjectKind: 'invoice',
      subjectId: invoice.id,
      label: invoice.number ?? '',
      customerId: invoice.customer.id,
      currency: invoice.currency,
      gross: invoice.totals.gross,
      afterId: postingOf.get(invoice.credits?.invoiceId ?? '') ?? customerPostings.get(invoice.customer.id) ?? null,
      ...(asked.bookIn?.has(invoice.id) ? { choices: { bookIn: asked.bookIn.get(invoice.id) as string } } : {}),
    })
    postingOf.set(invoice.id, made.id)
    if (!made.existing) await outbox.hangFile(invoice, made.id, hangs)
    if (originals.has(invoice.id) && made.existing) continue
    postings.push({ invoiceId: invoice.id, postingId: made.id, existing: made.existing })
  }
  await outbox.close()
  return { postings, customerPostingIds: [...new Set(customerPostings.values())], leftOut }
}

/** The invoices that credit notes take back and that are not chosen themselves: where they can go, they go first. */
export async function creditedOriginals(
  firm: Firm,
  chosen: ReadonlyMap<string, StoredInvoice>,
  connection: (Place & { readonly cutOff: string | null }) | undefined,
): Promise<ReadonlyMap<string, StoredInvoice>> {
  const cutOff = connection?.cutOff ?? null
  const ids = [...chosen.values()].flatMap((found) =>
    whyNot(found, cutOff) ? [] : (found.invoice.credits?.invoiceId ?? []),
  )
  const missing = [...new Set(ids)].filter((id) => !chosen.has(id))
  const originals = await readInvoices(firm.trx, firm.firmId, missing)
  const elsewhere = await keptElsewhere(firm, connection, missing)
  return new Map([...originals].filter(([id, found]) => whyNot(found, cutOff) === undefined && !elsewhere.has(id)))
}

/** Where something is booked: over a connection, in the administration behind it. */
interface Place {
  readonly id: string
  readonly laneKey: string | null
}

/**
 * Those that another connection keeps: they stand in its books, are on their way there, or left for another administration
 * and nobody said yet whether they arrived. What left for the same administration is looked for instead, before it is sent.
 */
export async function keptElsewhere(
  { trx, firmId }: Firm,
  connection: Place | undefined,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, Problem>> {
  if (invoiceIds.length === 0) return new Map()
  const isGone = sql<boolean>`k.state = 'disconnected'`
  const { rows } = await sql<{ id: string; code: string; administration: string }>`
    select p.subject_id as id, coalesce(k.administration_name, k.administration, k.package) as administration, case
        when p.state = 'posted' then 'invoice-posted' when ${isGone} then 'invoice-in-doubt-elsewhere'
        else 'invoice-under-way' end as code
    from posting p join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
    where p.firm_id = ${firmId} and p.subject_id = any(${[...invoiceIds]}::uuid[]) and p.kind = 'salesEntry'
      and p.state <> 'discarded' and p.connection_id::text <> ${connection?.id ?? ''} and ${countsSql}
      and (p.state = 'posted' or not ${isGone}
        or (p.sent_after is not null and p.lane_key is distinct from ${connection?.laneKey ?? null}))
    order by p.state = 'posted'`.execute(trx)
  return new Map(
    rows.map(({ id, code, administration }) => [
      id,
      { kind: 'conflict', code, ...(code === 'invoice-in-doubt-elsewhere' ? { values: { administration } } : {}) },
    ]),
  )
}

/** What keeps everything from being booked over a connection. */
export function whyNotAtAll(
  connection: Pick<Selectable<Connection>, 'state' | 'laneKey' | 'mode' | 'cutOff'> | undefined,
): Problem | undefined {
  if (!connection || connection.state === 'disconnected') return { kind: 'setup', code: 'no-package-active' }
  if (connection.state === 'signing-in' || connection.state === 'choosing' || !connection.laneKey)
    return { kind: 'setup', code: 'connection-not-finished' }
  return asksCutOff(connection) ? cutOffMissing : undefined
}

/** In real books it is said first from which day on invoices go there, so that nothing older is booked twice. */
export const asksCutOff = ({ mode, cutOff }: { readonly mode: string; readonly cutOff: string | null }): boolean =>
  mode === 'live' && cutOff === null
const cutOffMissing = { kind: 'setup', code: 'cut-off-not-chosen' } as const satisfies Problem

/** Why an invoice is not booked; drafts are named and left out. */
export function whyNot(found: StoredInvoice | undefined, cutOff: string | null): Problem | undefined {
  if (!found) return { kind: 'missing', code: 'invoice-unknown' }
  const { invoice, row } = found
  if (invoice.state === 'draft') return { kind: 'conflict', code: 'invoice-not-sent' }
  if (row.alreadyInBooks) return { kind: 'conflict', code: 'invoice-already-in-books' }
  if (cutOff !== null && invoice.date < cutOff)
    return { kind: 'conflict', code: 'invoice-before-cut-off', values: { date: invoice.date, cutOff } }
  return undefined
}

const labelOf = (found: StoredInvoice | undefined): string =>
  found?.invoice.number ?? found?.invoice.customer.name ?? ''

export interface NewPosting {
  readonly kind: Kind
  readonly subjectKind: string
  readonly subjectId: string
  readonly label: string
  readonly customerId: string | null
  readonly currency: string | null
  readonly gross: string | null
  readonly afterId: string | null
  readonly choices?: Choices
}

/** What hangs on an entry with its PDF, in its order: a document in the archive where the package has one, and the file. */
export type Hanging = readonly ('document' | 'attachment')[]

const hangingWhere = (
  { package: packageId }: Pick<ConnectionAt, 'package'>,
  connectors: Engine['connectors'],
): Hanging => {
  const posts: readonly Kind[] = connectors.get(packageId)?.manifest.posts ?? []
  return posts.includes('attachment')
    ? (['document', 'attachment'] as const).filter((kind) => posts.includes(kind))
    : []
}

/** Whether the PDF goes along with each entry, and how. */
export function filesGoAlong(
  connection: Pick<ConnectionAt, 'package' | 'settings'>,
  connectors: Engine['connectors'],
): Hanging {
  const settings = (connection.settings ?? {}) as Readonly<Record<string, string | null | undefined>>
  return settings.attachDocument === 'false' ? [] : hangingWhere(connection, connectors)
}

/**
 * Puts the PDF of invoices beside entries that are there already or on their way; what hangs on them by now is left
 * alone. Answers with the files' postings.
 */
export async function attachFiles(
  trx: Trx,
  asked: Omit<Deciding, 'invoiceIds' | 'bookIn'> & { readonly entryIds: readonly string[] },
): Promise<{
  readonly postings: readonly { readonly entryId: string; readonly postingId: string; readonly existing: boolean }[]
  readonly leftOut: readonly { readonly entryId: string; readonly label: string; readonly problem: Problem }[]
}> {
  const firm: Firm = { trx, firmId: asked.firmId }
  const connection = await findConnection(firm, asked.connectionId)
  if (!connection?.laneKey) return { postings: [], leftOut: [] }
  await ensureLane(trx, connection.laneKey, connection.package)
  await lockLanes(trx, [connection.laneKey])
  const entries = await lockPostings(firm, asked.entryIds)
  const invoices = await readInvoices(
    trx,
    asked.firmId,
    entries.map(({ subjectId }) => subjectId),
  )
  const hangs = hangingWhere(connection, asked.connectors)
  const outbox = new Outbox(firm, connection, asked)
  const postings: { entryId: string; postingId: string; existing: boolean }[] = []
  const leftOut: { entryId: string; label: string; problem: Problem }[] = []
  for (const entry of entries) {
    const invoice = invoices.get(entry.subjectId)?.invoice
    const isEntry = entry.kind === 'salesEntry' && entry.state !== 'discarded' && entry.connectionId === connection.id
    if (!isEntry || !invoice || hangs.length === 0) {
      const code = hangs.length === 0 ? 'no-files-there' : 'posting-takes-no-file'
      leftOut.push({ entryId: entry.id, label: entry.label, problem: { kind: 'conflict', code } })
      continue
    }
    const file = await outbox.hangFile(invoice, entry.id, hangs)
    if (file) postings.push({ entryId: entry.id, postingId: file.id, existing: file.existing })
  }
  await outbox.close()
  return { postings, leftOut }
}

/** Puts rows into the outbox of one connection; a live posting of the same document is returned, never doubled. */
export class Outbox {
  readonly #firm: Firm
  readonly #connection: ConnectionAt
  readonly #asked: Pick<Deciding, 'by' | 'clock' | 'ids' | 'random' | 'wake'>
  readonly #now: Date
  readonly #steps: Step[] = []
  readonly #kinds = new Set<Kind>()

  constructor(firm: Firm, connection: ConnectionAt, asked: Pick<Deciding, 'by' | 'clock' | 'ids' | 'random' | 'wake'>) {
    this.#firm = firm
    this.#connection = connection
    this.#asked = asked
    this.#now = asked.clock.now()
  }

  /** The posting that makes the customer there first, or undefined when it is linked already. */
  async customerBefore(customerId: string, name: string): Promise<string | undefined> {
    const { trx, firmId } = this.#firm
    const linked = await trx
      .selectFrom('link')
      .select('theirId')
      .where('firmId', '=', firmId)
      .where('connectionId', '=', this.#connection.id)
      .where('noun', '=', 'customer')
      .where('ourId', '=', customerId)
      .executeTakeFirst()
    if (linked) return undefined
    const made = await this.put({
      kind: 'customer',
      subjectKind: 'customer',
      subjectId: customerId,
      label: name,
      customerId,
      currency: null,
      gross: null,
      afterId: null,
    })
    return made.id
  }

  /** The PDF of an invoice behind its entry; answers with the posting of the file. */
  async hangFile(
    { id, number, customer, currency }: Pick<Invoice, 'id' | 'number' | 'customer' | 'currency'>,
    entryId: string,
    hangs: Hanging,
  ): Promise<{ readonly id: string; readonly existing: boolean } | undefined> {
    let after = { id: entryId, existing: true }
    for (const kind of hangs)
      after = await this.put({
        kind,
        subjectKind: 'invoice',
        subjectId: id,
        label: number ?? '',
        customerId: customer.id,
        currency,
        gross: null,
        afterId: after.id,
      })
    return hangs.length === 0 ? undefined : after
  }

  /** What it answers nobody else changes before this transaction ends, so that another posting can come after it. */
  async put(posting: NewPosting): Promise<{ readonly id: string; readonly existing: boolean }> {
    const made = await this.#insert(posting)
    if (made) return { id: made, existing: false }
    const live = await this.#lockLive(posting)
    // Given up while this waited for it.
    return live ? { id: live, existing: true } : this.put(posting)
  }

  async #insert(posting: NewPosting): Promise<string | undefined> {
    const { trx, firmId } = this.#firm
    const { ids, random, by } = this.#asked
    const id = ids.next()
    // Given up after doubt, over this connection or an earlier one to the same administration, and posted anew: it may be
    // there after all, so it is looked for first.
    const { rows } = await sql<{ id: string }>`
      insert into posting (firm_id, id, connection_id, lane_key, kind, reference, subject_kind, subject_id, label,
        customer_id, state, due_at, after_id, choices, currency, gross, sent_after, created_by, created_at, updated_at)
      values (${firmId}, ${id}, ${this.#connection.id}, ${this.#connection.laneKey}, ${posting.kind}, ${newReference(random)},
        ${posting.subjectKind}, ${posting.subjectId}, ${posting.label}, ${posting.customerId}, 'waiting',
        case when exists (select 1 from posting p where p.firm_id = ${firmId} and p.id = ${posting.afterId}
          and p.state not in ('posted', 'discarded')) then null else ${this.#now}::timestamptz end,
        ${posting.afterId}, ${JSON.stringify(posting.choices ?? {})}::jsonb, ${posting.currency}, ${posting.gross},
        (select min(p.sent_after) from posting p where p.firm_id = ${firmId} and p.lane_key = ${this.#connection.laneKey}
          and p.kind = ${posting.kind} and p.subject_id = ${posting.subjectId} and ${leftBehind('p')}),
        ${by}, ${this.#now}, ${this.#now})
      on conflict (firm_id, connection_id, kind, subject_id) where state <> 'discarded' do nothing
      returning id`.execute(trx)
    this.#kinds.add(posting.kind)
    if (rows.length === 0) return undefined
    this.#steps.push({ postingId: id, what: 'decided' })
    return id
  }

  async #lockLive(posting: NewPosting): Promise<string | undefined> {
    const { trx, firmId } = this.#firm
    const live = await trx
      .selectFrom('posting')
      .select('id')
      .where('firmId', '=', firmId)
      .where('connectionId', '=', this.#connection.id)
      .where('kind', '=', posting.kind)
      .where('subjectId', '=', posting.subjectId)
      .where('state', '<>', 'discarded')
      .forShare()
      .executeTakeFirst()
    return live?.id
  }

  /** The timeline, the lane's due time and its wake. */
  async close(): Promise<void> {
    const { trx, firmId } = this.#firm
    const { laneKey, id: connectionId } = this.#connection
    if (this.#steps.length === 0) return
    await addSteps(this.#firm, { ids: this.#asked.ids, at: this.#now }, this.#steps)
    await ensureLane(trx, laneKey, this.#connection.package)
    await allowProbes(trx, laneKey, [...this.#kinds], this.#now)
    await makeDue(trx, { laneKey, firmId, connectionId }, this.#now)
    await this.#asked.wake(trx, laneKey)
  }
}
