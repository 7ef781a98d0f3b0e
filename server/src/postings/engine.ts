import type { Books, Call, Connector, Posts, Receipt, Wire } from '@uurwerk/connectors/contract/contract.ts'
import type { Doc, Kind } from '@uurwerk/connectors/contract/documents.ts'
import type { Clock, Ids, Random } from '@uurwerk/core/shared/ports.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { customerGone } from '../imports/customer-gone.ts'
import { readUnconfirmed } from '../imports/unconfirmed.ts'
import { readInvoices } from '../invoices/invoice-rows.ts'
import { packageInvoiceDocuments } from '../package-invoices/documents.ts'
import type { Store, Trx } from '../store/database.ts'
import { customerDocument } from './customer-document.ts'
import { archivedDocument, attachmentDocument } from './invoice-file.ts'
import type { Posting } from './posting.ts'
import type { Firm } from './posting-rows.ts'
import { readSalesMapping, salesEntryDocument } from './sales-entry-document.ts'

/** A connection as a lane works with it. */
export interface ConnectionAt {
  readonly id: string
  readonly firmId: string
  readonly package: string
  readonly country: string
  readonly mode: 'sandbox' | 'live'
  readonly state: string
  readonly administration: string | null
  readonly laneKey: string
  readonly settings: unknown
  readonly language: 'nl' | 'en'
  readonly cutOff: string | null
}

/** Awaited by the wire just before a call leaves that is not `safe`; throws when it may not leave any more. */
export type Guard = (call: Call) => Promise<void>

/** Where a test may end the process: awaited before and after everything that must not be lost. */
export type HookPoint =
  | 'pass-start'
  | 'before-freeze'
  | 'after-freeze'
  | 'before-send'
  | 'after-send'
  | 'before-find'
  | 'after-find'
  | 'before-follow'
  | 'after-follow'
  | 'before-number'
  | 'before-remember'
  | 'after-remember'
  | 'before-release'

export type Made<D> = { readonly document: D } | { readonly problems: readonly Problem[] }

/** Bytes that travel as a posting of their own. */
export interface PostedFile {
  readonly bytes: Uint8Array
  readonly mediaType: string
}

/** Fetches or makes the file of a posting; takes its time, so never inside a transaction. */
export type FileOf = (firmId: string, posting: Posting) => Promise<Made<PostedFile>>

/**
 * How the document of a posting is made, by kind: anew for each attempt, from what stands here now. `file` is there for
 * an attachment that is about to be sent.
 */
export type Documents = {
  readonly [K in Kind]?: (
    firm: Firm,
    posting: Posting,
    opened: Opened,
    file?: Made<PostedFile>,
  ) => Promise<Made<Doc[K]>>
}

/** The customer got a number in the package and has none here. `conflict`: another customer has it. */
export type CustomerLinked = (
  firm: Firm,
  linked: { readonly customerId: string; readonly theirCode: string; readonly at: Date },
) => Promise<'written' | 'kept' | 'conflict'>

/** What became of a posting that somebody waits for. */
export interface Told {
  /** As it stood just before. */
  readonly posting: Posting
  readonly is: 'posted' | 'discarded' | 'refused' | 'needs-person'
  /** What the books hold; absent when the package said only that it is there. */
  readonly receipt?: Receipt
  /** The member who decided it, and why; absent when the program did. */
  readonly by?: string | null
  readonly why?: string | undefined
  readonly now: Date
}

/** Whoever made the subject of a posting writes down what follows, in the transaction that says what became of it. */
export type Tell = (firm: Firm, told: Told) => Promise<void>

export interface Engine {
  readonly store: Pick<Store, 'withFirm' | 'withDirectory'>
  readonly connectors: ReadonlyMap<string, Connector>
  readonly wireFor: (connection: ConnectionAt, guard: Guard) => Wire
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly documents: Documents
  readonly fileOf: FileOf
  readonly customerLinked: CustomerLinked
  readonly told?: { readonly [K in Kind]?: Tell }
  /** The connection was found to be without access, and says so from this transaction on. */
  readonly accessLost?: (firm: Firm, connectionId: string) => Promise<void>
  /** In the transaction that decides: no commit, no wake. */
  readonly wake: (trx: Trx, laneKey: string) => Promise<void>
  /** For live progress, in the transaction that remembers. */
  readonly notify: (trx: Trx, firmId: string, postingIds: readonly string[]) => Promise<void>
  readonly hooks?: { at(point: HookPoint, laneKey: string): Promise<void> }
}

export const tell = (engine: Pick<Engine, 'told'>, firm: Firm, told: Told): Promise<void> =>
  engine.told?.[told.posting.kind]?.(firm, told) ?? Promise.resolve()

/** A connection with its books open. */
export interface Opened {
  readonly at: ConnectionAt
  readonly connector: Connector
  readonly books: Books
}

export const postsOf = (opened: Opened, kind: Kind): Posts<Doc[Kind]> | undefined => opened.books.posts[kind]

export async function findConnection({ trx, firmId }: Firm, connectionId: string): Promise<ConnectionAt | undefined> {
  const { rows } = await sql<ConnectionAt>`
    select c.id, c.firm_id as "firmId", c.package, c.country, c.mode, c.state, c.administration, c.lane_key as "laneKey",
      c.settings, f.language, c.cut_off as "cutOff"
    from connection c join firm f on f.firm_id = c.firm_id
    where c.firm_id = ${firmId} and c.id = ${connectionId}`.execute(trx)
  return rows[0]
}

/** Throws a `setup` problem when the stored settings lack something. */
export function open(engine: Pick<Engine, 'connectors'>, at: ConnectionAt, wire: Wire): Opened {
  const connector = engine.connectors.get(at.package)
  if (!connector) throw new Error(`no connector ${at.package}`)
  const books = connector.open(
    {
      id: at.id,
      country: at.country,
      ...(at.administration === null ? {} : { administration: at.administration }),
      settings: connector.settings(at.settings),
      language: at.language,
    },
    wire,
  )
  return { at, connector, books }
}

/** What exists from the first day; an installation may add to it. */
export const ourDocuments: Documents = {
  customer: (firm, posting) => customerDocument(firm, { customerId: posting.subjectId, reference: posting.reference }),
  salesEntry: async (firm, posting, { at, connector }) => {
    const stored = (await readInvoices(firm.trx, firm.firmId, [posting.subjectId])).get(posting.subjectId)
    if (!stored) return { problems: [{ kind: 'setup', code: 'invoice-gone' }] }
    // Marked while its posting was on the way.
    if (stored.row.alreadyInBooks) return { problems: [{ kind: 'conflict', code: 'invoice-already-in-books' }] }
    const { customer } = stored.invoice
    const gone = await customerGone(firm, connector.manifest.name, customer)
    if (gone) return { problems: [gone] }
    const unconfirmed = (await readUnconfirmed(firm, [customer.id])).get(customer.id)
    if (unconfirmed) return { problems: [unconfirmed] }
    return salesEntryDocument({
      invoice: stored.invoice,
      reference: posting.reference,
      mapping: await readSalesMapping(firm, at, connector.manifest),
      bookIn: posting.choices.bookIn,
    })
  },
  document: archivedDocument,
  attachment: (firm, posting, _opened, file) => attachmentDocument(firm, posting, file),
  ...packageInvoiceDocuments,
}
