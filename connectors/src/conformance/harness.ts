import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { App, TheirId } from '../contract/contract.ts'
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
  readonly administration: TheirId
  /** What a person does on the sign-in page to allow access; gives where the page sends them. */
  consent(browser: Browser, page: URL): Promise<URL>
  /** All documents we ever posted or that were entered by hand, as of now. */
  books(at: InProcess): readonly BookedDocument[]
  /** Undefined where such a thing cannot happen at this package. */
  fault(name: FaultName, on: FaultPlace, options?: FaultOptions): Fault | undefined
  readonly byHand: ByHand
  readonly fixtures: readonly MessageFixture[]
  /** How many rows make a list longer than one page. */
  readonly manyRows: number
}
