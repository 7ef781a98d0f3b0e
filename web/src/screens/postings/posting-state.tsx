import type { components } from '@uurwerk/api/generated/schema.d.ts'
import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, Pill, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'

export type Posting = components['schemas']['Posting']
export type PostingState = Posting['state']

interface Shown {
  readonly is: Meaning
  readonly icon: IconName
  readonly word: Word
}

const shownOf = {
  waiting: { is: 'wait', icon: 'clock', word: 'postings.state.waiting' },
  sending: { is: 'progress', icon: 'send', word: 'postings.state.sending' },
  checking: { is: 'progress', icon: 'eye', word: 'postings.state.checking' },
  accepted: { is: 'progress', icon: 'clock', word: 'postings.state.accepted' },
  posted: { is: 'done', icon: 'check', word: 'postings.state.posted' },
  refused: { is: 'refused', icon: 'cross', word: 'postings.state.refused' },
  blocked: { is: 'needs', icon: 'pause', word: 'postings.state.blocked' },
  'needs-person': { is: 'needs', icon: 'person', word: 'postings.state.needsPerson' },
  discarded: { is: 'wait', icon: 'trash', word: 'postings.state.discarded' },
} as const satisfies Record<PostingState, Shown>

/** By state, those that people look for. */
export const stateWords = Object.fromEntries(
  Object.entries(shownOf).map(([state, { word }]) => [state, word]),
) as Readonly<Record<PostingState, Word>>

const otherInBooks: Shown = { is: 'needs', icon: 'warning', word: 'coming-back.posting.differs' }
const withDifference: Shown = { is: 'needs', icon: 'warning', word: 'postings.state.differs' }

const isKnown = (state: string): state is PostingState => state in shownOf

function shown(state: string, differs: boolean): Shown {
  if (state === 'posted' && differs) return withDifference
  return isKnown(state) ? shownOf[state] : shownOf.waiting
}

/** The postings a person has to look at, those on their way, and those in the books. */
export const segments = {
  'needs-you': ['refused', 'blocked', 'needs-person'],
  'in-progress': ['waiting', 'sending', 'checking', 'accepted'],
  posted: ['posted'],
} as const satisfies Record<string, readonly PostingState[]>

export const isUnderWay = (state: PostingState): boolean =>
  (segments['in-progress'] as readonly PostingState[]).includes(state)
export const needsYou = (state: PostingState): boolean =>
  (segments['needs-you'] as readonly PostingState[]).includes(state)

/** What a connection that was disconnected holds is never sent any more. */
export const canBeSentAgain = ({ state, disconnected }: Posting): boolean =>
  !disconnected && (state === 'refused' || state === 'blocked')
export const canBeGivenUp = ({ state }: Posting): boolean => needsYou(state) || state === 'waiting'

/** What a posting is, where its label does not say it. */
export const kindWords = {
  customer: 'postings.kind.customer',
  salesInvoice: 'postings.kind.salesInvoice',
  printing: 'postings.kind.printing',
  salesEntry: 'postings.kind.salesEntry',
  generalJournal: 'postings.kind.generalJournal',
  document: 'postings.kind.document',
  attachment: 'postings.kind.attachment',
} as const satisfies Record<string, Word>
export const kindWord = (kind: string): Word | undefined => kindWords[kind as keyof typeof kindWords]

/** Icon and word of a posting's state, in a row or beside a title. */
export function PostingStateShown({
  state,
  differs,
  differsInBooks = false,
  pill,
}: {
  state: string
  differs: boolean
  /** The last comparison found it otherwise in the books. */
  differsInBooks?: boolean
  pill?: boolean
}) {
  const t = useT()
  const { is, icon, word } = state === 'posted' && differsInBooks ? otherInBooks : shown(state, differs)
  const Shape = pill ? Pill : State
  return (
    <Shape is={is} icon={icon}>
      {t(word)}
    </Shape>
  )
}
