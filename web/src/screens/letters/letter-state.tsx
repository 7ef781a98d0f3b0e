import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, Pill, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { LetterRow } from './letter.ts'

interface Shown {
  readonly is: Meaning
  readonly icon: IconName
  readonly word: Word
}

export const stateShown = {
  waiting: { is: 'wait', icon: 'clock', word: 'letters.state.waiting' },
  sending: { is: 'progress', icon: 'send', word: 'letters.state.sending' },
  sent: { is: 'done', icon: 'check', word: 'letters.state.sent' },
  uncertain: { is: 'needs', icon: 'warning', word: 'letters.state.uncertain' },
  failed: { is: 'refused', icon: 'cross', word: 'letters.state.failed' },
  withdrawn: { is: 'wait', icon: 'undo', word: 'letters.state.withdrawn' },
} as const satisfies Record<LetterRow['state'], Shown>

const sentToSome: Shown = { is: 'needs', icon: 'warning', word: 'letters.state.sentToSome' }

/** Icon and word of how it stands with a letter, in a row or beside a title. */
export function LetterState({ letter, pill }: { letter: Pick<LetterRow, 'state' | 'refused'>; pill?: boolean }) {
  const t = useT()
  const { is, icon, word } =
    letter.state === 'sent' && letter.refused.length > 0 ? sentToSome : stateShown[letter.state]
  const Shape = pill ? Pill : State
  return (
    <Shape is={is} icon={icon}>
      {t(word)}
    </Shape>
  )
}
