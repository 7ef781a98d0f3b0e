import { eInvoiceOf } from '@uurwerk/core/invoicing/e-invoice.ts'
import { type BrokenRule, brokenRules, explainRule } from '@uurwerk/core/invoicing/e-invoice-rules.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { notThere } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { readInvoices } from '../invoices/invoice-rows.ts'
import { logoOf } from '../logo/logo-of-firm.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { Hours } from './pdf/hours.ts'

const documentKinds = ['pdf', 'pdf-with-hours', 'ubl', 'factur-x'] as const
/** What is made for programs to read. */
const forPrograms: ReadonlySet<DocumentKind> = new Set(['ubl', 'factur-x'])
export type DocumentKind = (typeof documentKinds)[number]

export interface InvoiceDocument {
  readonly mediaType: string
  readonly fileName: string
  readonly bytes: Uint8Array
}

type Making = Pick<Services, 'store' | 'files' | 'documents' | 'ids' | 'clock'>
interface Asked {
  readonly firmId: string
  readonly invoiceId: string
  readonly kind: DocumentKind
  /** Of whoever asks, for problems. */
  readonly language: Language
}

/**
 * A document of an invoice. Of a sent one it is made once and then stays those bytes; of a draft it is made each time
 * and kept nowhere.
 *
 * Problems: `invoice-not-sent` (`conflict`) UBL of a draft; `e-invoice-no-address` (`setup`) and `e-invoice-sums-differ`
 * (`defect`) no UBL can be made; `document-not-made` (`defect`) the making failed.
 */
export async function documentOf(services: Making, asked: Asked): Promise<InvoiceDocument> {
  const { firmId, invoiceId, kind } = asked
  const { invoice, hours, kept } = await services.store.withFirm(firmId, async (trx) => {
    const stored = (await readInvoices(trx, firmId, [invoiceId])).get(invoiceId)
    if (!stored) throw notThere('invoice')
    const known = await keptOf(trx, asked)
    const withHours = !known && kind === 'pdf-with-hours'
    return {
      invoice: stored.invoice,
      hours: withHours ? await hoursBehind(trx, firmId, stored.invoice) : [],
      kept: known,
    }
  })
  const shape = { mediaType: mediaTypeOf(kind), fileName: fileNameOf(invoice, kind) }
  if (invoice.state === 'draft') {
    if (forPrograms.has(kind)) throw new ProblemError({ kind: 'conflict', code: 'invoice-not-sent' })
    return { ...shape, bytes: await made(services, asked, invoice, hours) }
  }
  const bytes = kept && (await services.files.get(firmId, kept))
  if (bytes) return { ...shape, bytes }
  const again = kept && kind === 'pdf-with-hours'
  const behind = again ? await services.store.withFirm(firmId, (trx) => hoursBehind(trx, firmId, invoice)) : hours
  return { ...shape, bytes: await keep(services, asked, await made(services, asked, invoice, behind)) }
}

async function keptOf(trx: Trx, { firmId, invoiceId, kind }: Asked): Promise<string | undefined> {
  const row = await trx
    .selectFrom('invoiceDocument')
    .select('sha256')
    .where('firmId', '=', firmId)
    .where('invoiceId', '=', invoiceId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row?.sha256
}

async function made(services: Making, asked: Asked, invoice: Invoice, hours: readonly Hours[]): Promise<Uint8Array> {
  if (asked.kind === 'ubl') return ublOf(services, asked, invoice)
  const logo = await logoOf(services, asked.firmId, invoice.firm)
  if (asked.kind === 'factur-x') {
    const about = eInvoiceFrom(asked, invoice)
    const paper = { invoice, hours, ubl: null, logo }
    return services.documents.make({ kind: 'factur-x', invoice: about, paper }).catch(notMade(invoice))
  }
  const xml = await ublInside(services, asked, invoice)
  const ubl = xml ? { name: fileNameOf(invoice, 'ubl'), xml } : null
  return services.documents.make({ kind: 'pdf', paper: { invoice, hours, ubl, logo } }).catch(notMade(invoice))
}

/** The UBL that travels in the PDF; without it where none can be made. */
async function ublInside(services: Making, asked: Asked, invoice: Invoice): Promise<string | null> {
  if (invoice.state === 'draft' || whyNoUbl(invoice, asked.language)) return null
  const { bytes } = await documentOf(services, { ...asked, kind: 'ubl' })
  return Buffer.from(bytes).toString('utf8')
}

const ublOf = ({ documents }: Making, asked: Asked, invoice: Invoice): Promise<Uint8Array> =>
  documents.make({ kind: 'ubl', invoice: eInvoiceFrom(asked, invoice) }).catch(notMade(invoice))

function eInvoiceFrom({ language }: Asked, invoice: Invoice) {
  const problem = whyNoUbl(invoice, language)
  if (problem) throw problem
  return eInvoiceOf(invoice)
}

/** What stands against making an UBL at all; other broken rules are told, and it is made nevertheless. */
function whyNoUbl(invoice: Invoice, language: Language): ProblemError | null {
  const { seller, buyer } = eInvoiceOf(invoice)
  const party = [buyer, seller].find(({ endpoint }) => !endpoint)
  if (party) return new ProblemError({ kind: 'setup', code: 'e-invoice-no-address', values: { party: party.name } })
  const wrong = wrongSums(invoice)[0]
  if (!wrong) return null
  const values = { rule: wrong.rule.id, says: explainRule(wrong, language).says }
  return new ProblemError({ kind: 'defect', code: 'e-invoice-sums-differ', values })
}

/** Whether an e-invoice can be made of it, now or once it is sent. */
export const mayHaveUbl = (invoice: Invoice, language: Language): boolean => whyNoUbl(invoice, language) === null

const wrongSums = (invoice: Invoice): readonly BrokenRule[] =>
  brokenRules(invoice).filter(({ rule }) => rule.about === 'sums')

const notMade =
  (invoice: Invoice) =>
  (error: unknown): never => {
    const values = { number: invoice.number ?? invoice.customer.name }
    throw new ProblemError({ kind: 'defect', code: 'document-not-made', values }, error)
  }

/** Keeps the bytes, unless somebody else was first: then his are the document. */
async function keep(services: Making, asked: Asked, bytes: Uint8Array): Promise<Uint8Array> {
  const { store, files, ids, clock } = services
  const { firmId, invoiceId, kind } = asked
  const sha256 = await files.put(firmId, bytes)
  const stays = await store.withFirm(firmId, async (trx) => {
    // Whoever removes bytes that nobody names any more holds the same lock.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`file ${firmId} ${sha256}`}, 1))`.execute(trx)
    if (!(await files.has(firmId, sha256))) await files.put(firmId, bytes)
    await trx
      .insertInto('invoiceDocument')
      .values({ firmId, id: ids.next(), invoiceId, kind, sha256, sizeBytes: bytes.length, madeAt: clock.now() })
      .onConflict((conflict) => conflict.columns(['firmId', 'invoiceId', 'kind']).doNothing())
      .execute()
    return keptOf(trx, asked)
  })
  assert(stays, 'a document that was made is kept')
  if (stays === sha256) return bytes
  const first = await files.get(firmId, stays)
  if (!first) throw new ProblemError({ kind: 'defect', code: 'file-lost', values: { name: kind } })
  return first
}

/**
 * The hours behind the lines as they were written, also when a credit note has since set them free; those that were
 * taken off while it was a draft are not among them.
 */
async function hoursBehind(trx: Trx, firmId: string, { id, lines }: Invoice): Promise<Hours[]> {
  const { rows } = await sql<{
    lineId: string
    date: string
    person: string
    activity: string
    note: string
    minutes: number
  }>`
    select c.line_id as "lineId", e.date, m.name as person, a.name as activity, e.note, e.minutes
    from claim c
    join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
    join hour_entry e on e.firm_id = c.firm_id and e.id = c.entry_id
    join member m on m.firm_id = e.firm_id and m.id = e.member_id
    join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
    where c.firm_id = ${firmId}::uuid and c.invoice_id = ${id}::uuid and c.entry_kind = 'hours'
      and (c.released_at is null or c.released_at > i.sent_at)
    order by e.date, m.name, e.id`.execute(trx)
  const ofLine = Map.groupBy(rows, ({ lineId }) => lineId)
  return lines.flatMap((line) => {
    const entries = ofLine.get(line.id) ?? []
    return entries.length === 0
      ? []
      : [{ lineId: line.id, entries: entries.map(({ date, ...entry }) => ({ ...entry, date: calendarDate(date) })) }]
  })
}

/** What can be had of an invoice: hours where some stand behind it, UBL once it is sent. */
export async function kindsOf(trx: Trx, firmId: string, invoice: Invoice, language: Language): Promise<DocumentKind[]> {
  const hours = await hoursBehind(trx, firmId, invoice)
  const hasUbl = invoice.state !== 'draft' && whyNoUbl(invoice, language) === null
  return documentKinds.filter((kind) => kind === 'pdf' || (forPrograms.has(kind) ? hasUbl : hours.length > 0))
}

const mediaTypeOf = (kind: DocumentKind): string => (kind === 'ubl' ? 'application/xml' : 'application/pdf')

// What no file system and no header takes becomes a hyphen.
export const safeName = (name: string): string => name.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, '-').trim()

/** `2026-0131.pdf`, as the customer saves it; in the language of the invoice. */
export function fileNameOf(
  { number, customer, language }: Pick<Invoice, 'number' | 'customer' | 'language'>,
  kind: DocumentKind,
): string {
  const name = number ?? say(language, 'document.fileName.draft', { customer: customer.name })
  const names = { 'pdf-with-hours': say(language, 'document.fileName.hours', { name }), 'factur-x': `${name} Factur-X` }
  const whole = kind in names ? names[kind as keyof typeof names] : name
  return `${safeName(whole)}.${kind === 'ubl' ? 'xml' : 'pdf'}`
}
