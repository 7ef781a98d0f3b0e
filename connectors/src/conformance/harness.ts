import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { App, Draft, TheirId } from '../contract/contract.ts'
import type { Kind } from '../contract/documents.ts'
import type { Noun } from '../contract/rows.ts'
import type { Fault, Simulator } from '../contract/simulator.ts'
import type { BookedDocument } from './books.ts'
import type { InProcess } from './in-process-wire.ts'
import type { Browser } from './sign-in.ts'

/** What can go wrong, in words that are the same for every package. */
export type FaultName =
  | 'loseAnswerAfter' // carried out, no answer
  | 'loseRequestBefore' // never arrived
  | 'tooManyRequests' // 429 with the time to wait
  | 'serverError' // an outage before it was carried out
  | 'serverErrorAfter' // carried out, and an outage as the answer
  | 'lateCommit' // no answer, and carried out `value` milliseconds later
  | 'slow' // the answer takes `value` milliseconds
  | 'hideDocumentsFor' // carried out, but not shown for `value` milliseconds
  | 'expireAccess' // the access token dies early
  | 'withdrawAccess' // somebody took the access away
  | 'dropTokenAnswer' // renewed, no answer
  | 'unknownMessage' // refused with words (`value`) that no rule knows

export interface FaultOptions {
  readonly times?: number
  readonly value?: string | number
}

export type FaultPlace = { readonly post: Kind } | { readonly read: Noun } | 'token'

/** What a bookkeeper does in the package itself while we are working. */
export interface ByHand {
  closePeriod(at: InProcess, date: string): void
  removeLedgerAccount(at: InProcess, id: TheirId): void
  removeCustomer(at: InProcess, id: TheirId): void
  /** From now on the code may not stand on a sales entry. */
  refuseVatCode(at: InProcess, id: TheirId): void
  renameCustomer(at: InProcess, id: TheirId, name: string): void
  /** Adds rows of a list, so that it takes more than one page. */
  addCustomers(at: InProcess, names: readonly string[]): void
  addItems(at: InProcess, names: readonly string[]): void
  /** Enters a sales entry once more under the same reference. */
  enterAgain(at: InProcess, entry: TheirId): void
  /** Moves the date of a booked sales entry by a day. */
  changeEntry(at: InProcess, entry: TheirId): void
  /** Marks given before become worth nothing; left out where the package has no such thing. */
  startMarksAnew?(at: InProcess): void
  reopenPeriod(at: InProcess, date: string): void
  /** From now on the item may not stand on an invoice. */
  blockItem(at: InProcess, id: TheirId): void
  /** It stays in the list and is no customer any more; left out where the package knows customers only. */
  makeProspect?(at: InProcess, customer: TheirId): void
  /** Types an entry that takes the number this draft asks for; left out where no number of ours is sent. */
  takeNumber?(at: InProcess, draft: Draft): void
  deleteEntry(at: InProcess, entry: TheirId): void
  /** Moves the date of an invoice that was not printed by a day; this and the next where the package makes invoices. */
  changeInvoice?(at: InProcess, invoice: TheirId): void
  /** Throws away an invoice that was not printed. */
  discardInvoice?(at: InProcess, invoice: TheirId): void
  /** Where the package prints. */
  printInvoice?(at: InProcess, invoice: TheirId): void
  /** Books a receipt against what is open (`Receipt.openItem`, else the entry): this much, or all of it. Where payments are told of. */
  pay?(at: InProcess, openItem: TheirId, amount?: string): void
  /** Takes the payments of an open item off it again; where payments are told of. */
  unpay?(at: InProcess, openItem: TheirId): void
  /** The user of the connection may no longer see these: the list is empty, or refused. */
  takeRight(at: InProcess, of: RightPlace, how: 'empty' | 'refused'): void
}

export type RightPlace = { readonly post: Kind } | { readonly read: Noun } | 'settled'

/** How the suite sees what a package sends to the addresses that asked for hints. */
export interface HintsSeen {
  /** What the package signs with. */
  readonly secret: string
  /** All that was sent up to now, oldest first; the first to an address tries it. */
  sent(at: InProcess): readonly HintSent[]
}

export interface HintSent {
  readonly callback: string
  readonly raw: Uint8Array
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** A row of `messages.ts` and something recorded that leads to it. */
export interface MessageFixture {
  /** The row's code. */
  readonly code: string
  /** What the connector makes of the recorded answer, or of a document that it finds wanting before it is sent. */
  problem(): Problem | Promise<Problem>
}

/** How the suite handles one simulator: everything it cannot know from the connector. */
export interface Harness {
  readonly simulator: Simulator
  readonly country: string
  readonly app: App
  /** Settings as stored for a connection, complete. */
  readonly settings: unknown
  /** The same, so that a number of ours is sent along; left out where the package has no such setting. */
  readonly settingsWithOwnNumber?: unknown
  readonly administration: TheirId
  /** What a person does on the sign-in page to allow access; gives where the page sends them. */
  consent(browser: Browser, page: URL): Promise<URL>
  /** All documents we ever posted or that were entered by hand, as of now. */
  books(at: InProcess): readonly BookedDocument[]
  /** Undefined where such a thing cannot happen at this package. */
  fault(name: FaultName, on: FaultPlace, options?: FaultOptions): Fault | undefined
  readonly byHand: ByHand
  /** Where the package sends any. */
  readonly hints?: HintsSeen
  readonly fixtures: readonly MessageFixture[]
  /** How many rows make a list longer than one page. */
  readonly manyRows: number
}
