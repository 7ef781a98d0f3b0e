import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Doc, Kind } from './documents.ts'
import type { Manifest } from './manifest.ts'
import type { MessageRule } from './messages.ts'
import type { CustomerRow, Noun, Row, Settlement } from './rows.ts'

/**
 * A connector translates and talks; it remembers nothing and retries nothing. The engine (`server/src/postings`)
 * decides, waits and remembers. A capability that a package lacks is absent, from the manifest and from the object.
 */
export interface Connector<Settings = unknown> {
  readonly manifest: Manifest
  readonly messages: readonly MessageRule[]
  readonly signIn: OAuth | Credentials
  /** Checks stored settings; throws a `setup` problem that names what is missing. */
  readonly settings: (stored: unknown) => Settings
  open(at: Connection<Settings>, wire: Wire): Books
  openPayroll?(at: Connection<Settings>, wire: Wire): PayrollSource
  /** What an answer says about the package's limits. A window that it does not mention is left out, never 0. */
  readonly readLimits?: (answer: Answer) => readonly LimitSeen[]
  /**
   * Webhook: "look sooner", never data. `secret` belongs to the registered app. `ignore`: nothing that concerns us, such
   * as the package trying the address; `refuse`: not signed by the package.
   */
  readonly hint?: (
    raw: Uint8Array,
    headers: Readonly<Record<string, string>>,
    secret: string,
  ) => Hint | 'ignore' | 'refuse'
}

/** What a document is found by in the books: [A-Z0-9]{1,12}, never reused; fits every package's reference field. */
export type Reference = string
/** Guid, `VERK/2026/060123`, …: opaque to the engine. */
export type TheirId = string

export interface Connection<Settings> {
  readonly id: string
  readonly country: string
  /** The administration that was chosen; absent only while choosing. */
  readonly administration?: TheirId
  readonly settings: Settings
  /** Language in which our own texts in the books are written. */
  readonly language: 'nl' | 'en'
}

/** One call as a connector asks for it. `path` is relative to the package's host, or an absolute address the package gave. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  /** Name under which the package counts its limits and errors: `salesentry/SalesEntries`. */
  readonly endpoint: string
  /** Reading only: may be repeated when no answer came. */
  readonly safe: boolean
  /** Sign-in calls carry no access token. */
  readonly anonymous?: boolean
  readonly timeoutMs?: number
  /** Imports leave a reserve of the budget for postings. */
  readonly priority?: 'posting' | 'import'
}

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * The only way out: adds the current token, keeps the limits, logs without secrets, plays faults in tests.
 * Throws a `ProblemError`: `temporary` when the call was certainly not carried out (limit, no connection),
 * `uncertain` when it was sent and no answer came, `reconnect` when access is gone. Any answer with a status is returned.
 */
export interface Wire {
  send(call: Call): Promise<Answer>
  readonly clock: { now(): Date }
}

/** How much of a limit is left, by the package's own count; other programs may use the same one. */
export interface LimitSeen {
  readonly span: 'minute' | 'hour' | 'day'
  readonly most: number
  readonly remaining: number
  readonly resetsAt: Date
}

export interface App {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  /** Address in front of every path: `https://start.exactonline.nl`, or the sandbox's. */
  readonly baseUrl: string
}

export interface Tokens {
  readonly access: string
  readonly refresh: string
  /** Seconds the access token lives, from receipt. */
  readonly expiresInSeconds: number
}

export interface OAuth {
  readonly kind: 'oauth'
  authorizeUrl(app: App, state: string): URL
  token(app: App, grant: { code: string } | { refresh: string }, wire: Wire): Promise<Tokens>
  revoke?(app: App, tokens: Tokens, wire: Wire): Promise<void>
  readonly timing: {
    /** Not sooner than this after the tokens were received. */
    readonly refreshNotBeforeMs: number
    readonly tokenTimeoutMs: number
    /** How long the previous refresh token may be tried once more after an answer was lost; 0 means never. */
    readonly reuseGraceMs: number
    /** Unused this long, a refresh token dies. */
    readonly idleMs: number
    readonly keepAliveMs: number
    /** Wall-clock times in `zone` between which no keep-alive refresh is made. */
    readonly quietHours?: { readonly from: string; readonly until: string; readonly zone: string }
  }
}

export interface CredentialField {
  readonly name: string
  readonly label: { readonly en: string; readonly nl: string }
  readonly secret: boolean
}

export interface Credentials {
  readonly kind: 'credentials'
  readonly fields: readonly CredentialField[]
  check(entered: Readonly<Record<string, string>>, wire: Wire): Promise<void>
}

export interface Administration {
  readonly id: TheirId
  /** Number the customer sees. */
  readonly code: string
  readonly name: string
  readonly country?: string
  readonly currency?: string
  readonly vatId?: string
  readonly kvk?: string
  readonly usable: boolean
  /** Code of words that say why not: `archived`, `blocked`, `dossier`. */
  readonly reason?: string
}

/** One line of the health list. */
export interface Finding {
  readonly about: 'access' | 'rights' | 'administration' | 'currency' | 'period'
  readonly state: 'good' | 'attention' | 'bad'
  readonly code: string
  readonly values?: Readonly<Record<string, string>>
}

/** What the administration should be like; what we do not know of ourselves is left out and not compared. */
export interface Expected {
  readonly currency: string
  readonly today: CalendarDate
  readonly vatId?: string
  readonly kvk?: string
}

export interface Books {
  administrations(): Promise<readonly Administration[]>
  health(expect: Expected): Promise<readonly Finding[]>
  readonly reads: { readonly [N in Noun]?: Reads<Row[N]> }
  readonly posts: { readonly [K in Kind]?: Posts<Doc[K]> }
  readonly settled?: Reads<Settlement>
  /** Asks the package to call `callback` when something changes, or to stop; both may be repeated. */
  readonly hints?: { start(callback: string): Promise<void>; stop(callback: string): Promise<void> }
}

export type Mark = string

export interface Page<T> {
  readonly rows: readonly T[]
  readonly gone: readonly TheirId[]
  /** With the last page only, and stored only then. */
  readonly mark?: Mark
  /** How many rows there are in all, when the package says so. */
  readonly total?: number
}

export interface Reads<T> {
  /** `reset`: the mark is worth nothing any more, start again from null. `null` reads everything. */
  changes(since: Mark | null): AsyncIterable<Page<T> | 'reset'>
}

export interface Posts<D> {
  /** Pure: the exact body, or every problem known beforehand. This is the preview, is stored, and is what goes out. */
  draft(document: D, known: Known): Draft | { readonly problems: readonly Problem[] }
  /** Pure: the one request in which these drafts go out. Its exact bytes are stored and hashed before anything is sent. */
  pack(drafts: readonly Draft[], attempt: Attempt): Packed
  /**
   * Sends the stored bytes of one attempt and judges the answer: one outcome per reference.
   * The engine takes a reference that is missing from the map as `uncertain`.
   */
  send(packed: Packed, drafts: readonly Draft[], attempt: Attempt): Promise<ReadonlyMap<Reference, Outcome>>
  /** What the books hold for these drafts. `absent` only after a complete, successful read. */
  find(drafts: readonly Draft[], sentAfter: Date): Promise<ReadonlyMap<Reference, Found>>
  /**
   * Of customers: what `find` would make of these rows of theirs, so that a preview can say who is linked. Pure; left out
   * where that cannot be known beforehand.
   */
  foresee?(draft: Draft, theirs: readonly CustomerRow[]): Found
  /** Accepted, not yet processed: what became of it. */
  follow?(ticket: Ticket): Promise<Outcome>
  /** Reconciliation. `gone` only when the package says so itself; throws when that cannot be known. */
  read?(ids: readonly TheirId[]): Promise<ReadonlyMap<TheirId, Receipt | 'gone'>>
  readonly batch: {
    readonly most: number
    readonly bytes: number
    /** Most `Draft.units` together; left out where the package sets no such limit. */
    readonly units?: number
    /** Only drafts of one `group` may share an attempt. */
    readonly sameGroup: boolean
  }
  readonly retry: {
    /** How long the same bytes with the same key may be repeated safely; 0 means never without looking. */
    readonly sameAttemptMs: number
    /** When to look after doubt, counted from the doubt; `absent` is true only after the last. */
    readonly settleMs: readonly number[]
    readonly guard: 'unique' | 'key' | 'none'
  }
  readonly numbers?: {
    readonly digits: number
    /** Which numbers share one count: `70/2026`. */
    scope(document: D): string
    next?(scope: string): Promise<number>
  }
}

/** What the engine resolved before `draft`; absent means a setup problem, never a default. */
export interface Known {
  id(noun: Noun | 'customer', ours: string): TheirId | undefined
  row<N extends Noun>(noun: N, id: TheirId): Row[N] | undefined
  /** All rows as last read; empty when the list was never read. */
  rows<N extends Noun>(noun: N): readonly Row[N][]
  /** Reserved before the call, where the package wants a number. */
  readonly number?: number
  /** What it comes after: the entry of a document, the document of a file, the invoice of its printing. */
  readonly parent?: Receipt
}

/** The exact thing that goes out for one document. Plain JSON; stored before sending. */
export interface Draft {
  readonly reference: Reference
  readonly group: string
  readonly body: unknown
  /** Size in the package's own measure (records, lines). */
  readonly units: number
  /** What the books should show afterwards; null where the document carries no amounts. */
  readonly expects: { readonly gross: string; readonly vat: string; readonly currency: string } | null
  /** The natural key it is found by. */
  readonly key: string
  /** Drafts with the same value must arrive in the order of their numbers. */
  readonly inOrder?: string
  readonly notes: readonly Problem[]
}

/** The request as it leaves, without credentials: those are added by the wire and never stored. */
export interface Packed {
  readonly method: Call['method']
  readonly path: string
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** UTF-8 text, exactly as sent. */
  readonly body: string
}

export interface Attempt {
  readonly id: string
  readonly number: number
  /** 0 the first time; more when the same bytes go out again. */
  readonly repeat: number
  readonly idempotencyKey: string
  readonly at: Date
}

export interface Receipt {
  readonly id: TheirId
  readonly number?: string
  readonly url?: string
  readonly gross?: string
  readonly vat?: string
  /** What payments are settled against, where that is not the entry itself. */
  readonly openItem?: TheirId
  /** Over the fields we compare later, to see that it was changed. */
  readonly hash: string
  /** What a person should know of it although it stands in the books: the package gave it another number. */
  readonly notes?: readonly Problem[]
  /** The same fields as the books show them, so that a change can be told. Dates are ISO, amounts decimals in cents. */
  readonly shows?: { readonly [F in ShownField]?: string }
}

/** `state`: as the package names it (`open`, `processed`); no part of the hash. */
export type ShownField =
  | 'customer'
  | 'journal'
  | 'date'
  | 'dueDate'
  | 'currency'
  | 'reference'
  | 'gross'
  | 'vat'
  | 'state'

export interface Ticket {
  readonly id: string
  readonly reference: Reference
}

export type Outcome =
  | {
      readonly is: 'posted'
      readonly receipt: Receipt
      readonly differs?: { readonly gross: string; readonly theirs: string }
    }
  | { readonly is: 'accepted'; readonly ticket: Ticket; readonly followAt: Date }
  | { readonly is: 'refused'; readonly problem: Problem }
  /** Certainly not carried out. */
  | { readonly is: 'again'; readonly problem: Problem; readonly notBefore?: Date }
  /** Perhaps carried out. */
  | { readonly is: 'uncertain'; readonly problem: Problem }

export type Found =
  | { readonly is: 'same'; readonly receipt: Receipt }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown'; readonly problem: Problem }
  | { readonly is: 'different'; readonly receipt: Receipt; readonly why: string }
  | { readonly is: 'several'; readonly receipts: readonly Receipt[] }

export interface Hint {
  readonly administration: TheirId
  readonly noun: string
  readonly id?: TheirId
}

export interface PayrollSource {
  companies(): Promise<readonly { readonly id: TheirId; readonly name: string; readonly periods: 12 | 13 | 52 }[]>
  runs(company: TheirId, year: number): Promise<readonly PayrollRun[]>
  journal(
    company: TheirId,
    run: TheirId,
    year: number,
    by: 'company' | 'costCentre' | 'costCentreAndType',
  ): Promise<readonly JournalPart[]>
}

export interface PayrollRun {
  readonly id: TheirId
  readonly year: number
  readonly period: number
  readonly description: string
  readonly locked: boolean
}

export interface JournalPart {
  readonly period: number
  readonly ledgerAccount: string
  readonly description: string
  readonly costCentre?: string
  readonly costType?: string
  /** Debit positive, credit negative. */
  readonly amount: string
}
