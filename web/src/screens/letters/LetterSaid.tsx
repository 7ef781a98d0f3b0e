import { useFormat } from '../../format.ts'
import { StateLine } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import type { LetterRow } from './letter.ts'
import { stateShown } from './letter-state.tsx'
import styles from './letters.module.css'

/** Why a letter stands where it stands: cause and remedy, the mail server's own words, who was refused, what comes next. */
export function LetterSaid({ letter }: { letter: LetterRow }) {
  const t = useT()
  const format = useFormat()
  const { problem, refused, state } = letter
  const waitsAgain = state === 'waiting' && problem !== null
  if (!problem && refused.length === 0) return null
  return (
    <div className={styles.said}>
      {problem ? (
        <StateLine is={state === 'waiting' ? 'needs' : stateShown[state].is} icon={stateShown[state].icon}>
          <b>{problem.cause}</b> {problem.remedy}{' '}
          {problem.theirWords && refused.length === 0 ? (
            <span className="muted">{t('letters.said', { words: problem.theirWords })}</span>
          ) : null}{' '}
          {waitsAgain ? <span>{t('letters.triedAgain', { at: format.moment(letter.dueAt) })}</span> : null}
        </StateLine>
      ) : null}
      {refused.map(({ address, words }) => (
        <StateLine key={address} is="refused">
          <b>{t('letters.refused', { address })}</b>{' '}
          {words ? <span className="muted">{t('letters.said', { words })}</span> : null}
        </StateLine>
      ))}
    </div>
  )
}
