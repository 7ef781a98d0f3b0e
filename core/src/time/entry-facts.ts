export const approvals = ['open', 'submitted', 'approved', 'rejected'] as const
export type Approval = (typeof approvals)[number]

/**
 * What holds an entry: the line of a draft or of a sent invoice, or a document made in the accounting package, which is
 * `posted` while it is not yet known (refused included, until the user discards it) and `document` once it exists.
 */
export type Claim = 'draft' | 'sent' | 'posted' | 'document'

/** The three stored facts of an entry, be it hours, an expense or a trip: approval, write-off and claim. */
export interface EntryFacts {
  readonly approval: Approval
  /** Instant, ISO 8601. */
  readonly writtenOffAt?: string | null
  readonly claim?: Claim | null
}

export type EntryWord = 'free' | 'reserved' | 'invoiced' | 'written-off'

const wordOfClaim = {
  draft: 'reserved',
  posted: 'reserved',
  sent: 'invoiced',
  document: 'invoiced',
} as const satisfies Record<Claim, EntryWord>

/**
 * The word on the screen; it is derived, never stored. What stands on a document is told first. Approval is no part of
 * it and is shown beside it.
 */
export const wordOf = (entry: Pick<EntryFacts, 'writtenOffAt' | 'claim'>): EntryWord =>
  entry.claim ? wordOfClaim[entry.claim] : entry.writtenOffAt ? 'written-off' : 'free'

/** Why nobody may change the entry now, or null when it may be changed. */
export const lockOf = (entry: EntryFacts): 'claimed' | 'approved' | 'written-off' | null =>
  entry.claim ? 'claimed' : entry.approval === 'approved' ? 'approved' : entry.writtenOffAt ? 'written-off' : null

export const isLocked = (entry: EntryFacts): boolean => lockOf(entry) !== null
