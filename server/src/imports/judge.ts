import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { bare, type Ours } from './to-ours.ts'

/** Why a customer cannot be invoiced in the package any more. `not-listed`: everything was read, and it was not there. */
export type Inactive = 'deleted' | 'not-listed' | 'not-a-customer' | 'ended' | 'blocked'

/** By what one of ours may be one of theirs, the surest first. */
const likenesses = ['kvk', 'vat-id', 'email', 'name'] as const
export type Likeness = (typeof likenesses)[number]

export interface Candidate {
  readonly customerId: string
  readonly why: readonly (Likeness | 'number' | 'linked')[]
}

export type ConflictReason =
  | 'two-candidates'
  | 'linked-to-another'
  | 'number-twice'
  | 'other-vat-id'
  | 'perhaps-same'
  | 'other-number'
  | 'number-differs'
  | 'no-country'
  | 'vat-case-unclear'

export interface Conflict {
  readonly reason: ConflictReason
  readonly values: Readonly<Record<string, string>>
  readonly candidates: readonly Candidate[]
}

export type SkipReason = 'deleted-here' | 'not-a-customer' | 'ended' | 'blocked' | 'no-number' | 'left-alone'

export interface LinkTo {
  readonly theirId: string
  readonly theirCode: string | null
  readonly inactive: Inactive | null
}

/** What one of their rows is compared with. */
export interface Whose {
  readonly byTheirId: ReadonlyMap<string, Ours>
  readonly byNumber: ReadonlyMap<string, Ours>
  /** Ours without a link that have something in common with a row. */
  readonly unlinked: readonly Ours[]
  /** Which of theirs each of ours is, by our id. */
  readonly linkOf: ReadonlyMap<string, LinkTo>
}

export type Judged =
  | { readonly is: 'skipped'; readonly reason: SkipReason; readonly ours?: Ours }
  | { readonly is: 'inactive'; readonly reason: Inactive; readonly ours: Ours }
  | { readonly is: 'conflict'; readonly conflict: Conflict }
  | { readonly is: 'new' }
  /** `new-link`: adopted by its number. `moved-link`: what it was linked to is gone, and this has its number. */
  | { readonly is: 'ours'; readonly ours: Ours; readonly by: 'link' | 'new-link' | 'moved-link' }

/** Whose row it is. A doubt is shown and never guessed. */
export function judge(row: CustomerRow, whose: Whose): Judged {
  const linked = whose.byTheirId.get(row.id)
  if (linked?.deletedAt) return { is: 'skipped', reason: 'deleted-here' }
  const unfit = row.isEnded ? 'ended' : row.isCustomer ? null : 'not-a-customer'
  if (unfit) return linked ? { is: 'inactive', reason: unfit, ours: linked } : { is: 'skipped', reason: unfit }
  if (row.code === '') return { is: 'skipped', reason: 'no-number', ...(linked ? { ours: linked } : {}) }
  const numbered = whose.byNumber.get(row.code)
  if (linked) {
    return numbered && numbered.id !== linked.id
      ? undecided('two-candidates', { ours: numbered.name, other: linked.name, number: row.code }, [
          { customerId: linked.id, why: ['linked'] },
          { customerId: numbered.id, why: ['number'] },
        ])
      : { is: 'ours', ours: linked, by: 'link' }
  }
  if (numbered) return judgeNumbered(row, numbered, whose.linkOf.get(numbered.id))
  if (row.isBlocked) return { is: 'skipped', reason: 'blocked' }
  return judgeAlike(row, whose.unlinked)
}

function judgeNumbered(row: CustomerRow, numbered: Ours, held: LinkTo | undefined): Judged {
  const candidates: Candidate[] = [{ customerId: numbered.id, why: ['number'] }]
  const values = { ours: numbered.name, number: row.code }
  const isFree = !held || held.inactive === 'deleted' || held.inactive === 'not-listed'
  // It is a customer of theirs already: two of theirs cannot be one of ours.
  if (!isFree) return undecided(held.theirCode === row.code ? 'number-twice' : 'linked-to-another', values, candidates)
  if (numbered.vatId && row.vatId && bare(numbered.vatId) !== bare(row.vatId))
    return undecided('other-vat-id', { ...values, vatId: numbered.vatId, theirs: row.vatId }, candidates)
  return { is: 'ours', ours: numbered, by: held ? 'moved-link' : 'new-link' }
}

/** Who has no number here may be anybody; who has another one only when the authorities would say it is the same. */
function judgeAlike(row: CustomerRow, unlinked: readonly Ours[]): Judged {
  const found = unlinked.flatMap((ours) => {
    const why = likenessesOf(ours, row).filter((one) => ours.number === null || one === 'kvk' || one === 'vat-id')
    return why.length > 0 ? [{ ours, why }] : []
  })
  if (found.length === 0) return { is: 'new' }
  const surest = (why: readonly Likeness[]) => likenesses.findIndex((one) => why.includes(one))
  found.sort((a, b) => surest(a.why) - surest(b.why) || (a.ours.name < b.ours.name ? -1 : 1))
  return undecided(
    found.every(({ ours }) => ours.number !== null) ? 'other-number' : 'perhaps-same',
    { ours: found.map(({ ours }) => ours.name).join(', '), number: row.code },
    found.map(({ ours, why }) => ({ customerId: ours.id, why })),
  )
}

const undecided = (
  reason: ConflictReason,
  values: Readonly<Record<string, string>>,
  candidates: readonly Candidate[],
): Judged => ({ is: 'conflict', conflict: { reason, values, candidates } })

const same = (a: string | null | undefined, b: string | null | undefined): boolean =>
  Boolean(a && b) && bare(a as string) !== '' && bare(a as string) === bare(b as string)
const sameText = (a: string | null | undefined, b: string | null | undefined): boolean =>
  Boolean(a?.trim()) && a?.trim().toLowerCase() === b?.trim().toLowerCase()

export function likenessesOf(
  ours: Pick<Ours, 'kvk' | 'vatId' | 'email' | 'name'>,
  row: Pick<CustomerRow, 'kvk' | 'vatId' | 'email' | 'name'>,
): readonly Likeness[] {
  const holds: Readonly<Record<Likeness, boolean>> = {
    kvk: same(ours.kvk, row.kvk),
    'vat-id': same(ours.vatId, row.vatId),
    email: sameText(ours.email, row.email),
    name: sameText(ours.name, row.name),
  }
  return likenesses.filter((one) => holds[one])
}
