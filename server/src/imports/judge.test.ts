import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { describe, expect, it } from 'vitest'
import { type Inactive, judge, type LinkTo, type Whose } from './judge.ts'
import type { Ours } from './to-ours.ts'

const theirs = (change: Partial<CustomerRow> = {}): CustomerRow => ({
  id: 'theirs',
  code: '10012',
  name: 'Van Dalen Techniek B.V.',
  address: {},
  country: 'NL',
  isCustomer: true,
  isBlocked: false,
  isEnded: false,
  ...change,
})

const ours = (id: string, change: Partial<Ours> = {}): Ours =>
  ({ id, name: id, number: null, kvk: null, vatId: null, email: null, deletedAt: null, ...change }) as Ours

interface Here {
  readonly linked?: Ours
  readonly numbered?: Ours
  readonly unlinked?: readonly Ours[]
  readonly numberedIs?: Partial<LinkTo>
}

const known = ({ linked, numbered, unlinked = [], numberedIs }: Here): Whose => ({
  byTheirId: new Map(linked ? [['theirs', linked]] : []),
  byNumber: new Map(numbered ? [['10012', numbered]] : []),
  unlinked,
  linkOf: new Map<string, LinkTo>([
    ...(linked ? [[linked.id, { theirId: 'theirs', theirCode: '10012', inactive: null }] as const] : []),
    ...(numbered && numberedIs
      ? [[numbered.id, { theirId: 'other', theirCode: '10012', inactive: null, ...numberedIs }] as const]
      : []),
  ]),
})

const told = (row: CustomerRow, here: Here): string => {
  const judged = judge(row, known(here))
  switch (judged.is) {
    case 'conflict':
      return `conflict: ${judged.conflict.reason}, ${judged.conflict.candidates.map((one) => `${one.customerId} (${one.why.join(', ')})`).join(' or ')}`
    case 'ours':
      return `ours by ${judged.by}: ${judged.ours.id}`
    case 'new':
      return 'new'
    default:
      return `${judged.is}: ${judged.reason}`
  }
}

const dalen = ours('Dalen', { number: '10012' })

describe('whose a row of the package is', () => {
  it.each<[what: string, row: CustomerRow, here: Here, is: string]>([
    ['nobody like it', theirs(), {}, 'new'],
    ['linked before', theirs(), { linked: dalen, numbered: dalen }, 'ours by link: Dalen'],
    ['linked, and renumbered there', theirs({ code: '777' }), { linked: dalen }, 'ours by link: Dalen'],
    ['our number', theirs(), { numbered: dalen }, 'ours by new-link: Dalen'],
    [
      'our number, VAT ids written otherwise',
      theirs({ vatId: 'NL 0012.34.567.B29' }),
      { numbered: ours('Dalen', { vatId: 'NL001234567B29' }) },
      'ours by new-link: Dalen',
    ],
    [
      'our number, another VAT id',
      theirs({ vatId: 'DE1' }),
      { numbered: ours('Dalen', { vatId: 'DE2' }) },
      'conflict: other-vat-id, Dalen (number)',
    ],
    ['number twice', theirs(), { numbered: dalen, numberedIs: {} }, 'conflict: number-twice, Dalen (number)'],
    [
      'our number, linked to another',
      theirs(),
      { numbered: dalen, numberedIs: { theirCode: '5' } },
      'conflict: linked-to-another, Dalen (number)',
    ],
    [
      'our number, what it was linked to is deleted',
      theirs(),
      { numbered: dalen, numberedIs: { inactive: 'deleted' } },
      'ours by moved-link: Dalen',
    ],
    [
      'our number, what it was linked to is blocked',
      theirs(),
      { numbered: dalen, numberedIs: { inactive: 'blocked' } },
      'conflict: number-twice, Dalen (number)',
    ],
    [
      'linked to one, number of another',
      theirs(),
      { linked: ours('Oud'), numbered: dalen },
      'conflict: two-candidates, Oud (linked) or Dalen (number)',
    ],
    [
      'same KvK number',
      theirs({ kvk: '9000 1234' }),
      { unlinked: [ours('Techniek', { kvk: '90001234' })] },
      'conflict: perhaps-same, Techniek (kvk)',
    ],
    [
      'same name, no number here',
      theirs(),
      { unlinked: [ours('van dalen techniek b.v.')] },
      'conflict: perhaps-same, van dalen techniek b.v. (name)',
    ],
    [
      'same name, another number here',
      theirs(),
      { unlinked: [ours('van dalen techniek b.v.', { number: '5' })] },
      'new',
    ],
    [
      'same VAT id, another number here',
      theirs({ vatId: 'NL1' }),
      { unlinked: [ours('X', { number: '5', vatId: 'nl1' })] },
      'conflict: other-number, X (vat-id)',
    ],
    [
      'two that may be it, the surest first',
      theirs({ kvk: '1', email: 'A@b.nl' }),
      { unlinked: [ours('Mail', { email: 'a@b.nl' }), ours('Kvk', { kvk: '1' })] },
      'conflict: perhaps-same, Kvk (kvk) or Mail (email)',
    ],
    ['blocked and new', theirs({ isBlocked: true }), {}, 'skipped: blocked'],
    ['blocked and linked', theirs({ isBlocked: true }), { linked: dalen, numbered: dalen }, 'ours by link: Dalen'],
    ['ended and new', theirs({ isEnded: true }), {}, 'skipped: ended'],
    ['ended and linked', theirs({ isEnded: true }), { linked: dalen }, 'inactive: ended'],
    ['no customer any more', theirs({ isCustomer: false }), { linked: dalen }, 'inactive: not-a-customer'],
    ['a supplier', theirs({ isCustomer: false }), {}, 'skipped: not-a-customer'],
    ['without a number', theirs({ code: '' }), {}, 'skipped: no-number'],
    ['deleted here', theirs(), { linked: ours('Weg', { deletedAt: new Date(0) }) }, 'skipped: deleted-here'],
  ])('%s', (_, row, here, is) => {
    expect(told(row, here)).toBe(is)
  })

  it('gives a link up only for what is really gone', () => {
    const may = (inactive: Inactive | null) =>
      told(theirs(), { numbered: dalen, numberedIs: { inactive } }).startsWith('ours')
    expect(
      [null, 'deleted', 'not-listed', 'not-a-customer', 'ended', 'blocked'].map((one) => may(one as Inactive | null)),
    ).toEqual([false, true, true, false, false, false])
  })
})
