import type { components } from '@uurwerk/api/generated/schema.d.ts'
import type { Word } from '../../words/words.tsx'

export interface LeftOut {
  readonly id: string
  readonly label: string
  readonly problem: Pick<components['schemas']['Explained'], 'code' | 'cause' | 'remedy' | 'link'>
}

export interface Reason {
  readonly key: string
  /** What all of them have in common; null when the first cause says it. */
  readonly word: Word | null
  readonly cause: string
  readonly remedy: string
  readonly link: string | null
  readonly rows: readonly LeftOut[]
  /** The rows have causes of their own, so each tells its own. */
  readonly differs: boolean
}

/** One sentence for reasons that name each entry apart. */
const words: Readonly<Record<string, Word>> = {
  'entry-not-billable': 'hours.left.notBillable',
  'hours-invoiced': 'hours.left.invoiced',
  'hours-claimed': 'hours.left.claimed',
  'hours-written-off': 'hours.left.writtenOff',
  'hours-changed': 'hours.left.changed',
  'hours-not-approved': 'hours.left.notApproved',
  'hours-in-future': 'hours.left.inFuture',
  'project-not-hourly': 'hours.left.notHourly',
  'project-without-customer': 'hours.left.noCustomer',
  'rate-missing': 'hours.left.noRate',
  'rate-currency-differs': 'hours.left.otherCurrency',
  'not-submitted': 'hours.left.notSubmitted',
  'already-submitted': 'hours.left.submitted',
  'already-approved': 'hours.left.approved',
  'not-approved': 'hours.left.unapproved',
  'wrong-turn': 'hours.left.wrongTurn',
  'approver-not-asked': 'hours.left.notAsked',
  'entry-approved': 'hours.left.fixed',
  'written-off': 'hours.left.entryWrittenOff',
  'not-written-off': 'hours.left.notWrittenOff',
  'entry-day-locked': 'hours.left.dayLocked',
  'approve-own-not': 'hours.left.own',
  'project-not-managed': 'hours.left.notManaged',
  'entry-claimed': 'hours.left.entryClaimed',
  'entry-invoiced': 'hours.left.entryInvoiced',
  'entry-changed': 'hours.left.entryChanged',
  'entry-not-approved': 'hours.left.entryNotApproved',
  'entry-in-future': 'hours.left.entryInFuture',
  'spent-not-billable': 'hours.left.spentNotBillable',
  'not-due-yet': 'hours.left.notDue',
  'period-skipped': 'hours.left.skipped',
  'entry-written-off': 'hours.left.entryWrittenOff',
}

/** Left-out entries by reason, the most frequent first: one reason is told once, however many entries it holds. */
export function reasonsOf(leftOut: readonly LeftOut[]): readonly Reason[] {
  const key = ({ problem }: LeftOut) =>
    problem.code in words ? problem.code : `${problem.code} ${problem.cause} ${problem.link ?? ''}`
  return [...Map.groupBy(leftOut, key)]
    .map(([one, rows]): Reason => {
      const causes = new Set(rows.map(({ problem }) => problem.cause))
      const first = rows[0]?.problem
      const links = new Set(rows.map(({ problem }) => problem.link))
      return {
        key: one,
        word: causes.size > 1 && first ? (words[first.code] ?? null) : null,
        cause: first?.cause ?? '',
        remedy: first?.remedy ?? '',
        link: links.size === 1 ? (first?.link ?? null) : null,
        rows,
        differs: causes.size > 1,
      }
    })
    .toSorted((a, b) => b.rows.length - a.rows.length)
}
