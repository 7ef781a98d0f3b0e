import { useFormat } from '../../../format.ts'
import { Button } from '../../../parts/Button.tsx'
import { Icon } from '../../../parts/icons.tsx'
import { useProblemWords } from '../../../parts/problem-words.ts'
import { useT } from '../../../words/words.tsx'
import { useLockReason } from '../lock-words.ts'
import styles from '../time.module.css'
import { clockText } from '../typed-time.ts'
import type { MoveTrouble, Place } from '../use-moves.ts'
import type { WeekInUse } from '../use-week.ts'

/** What did not go where it was put, with both versions and the ways on. */
export function MoveTroubles({ book }: { book: WeekInUse }) {
  const troubles = Object.entries(book.moveTroubles)
  if (troubles.length === 0) return null
  return (
    <div className={styles.troubles}>
      {troubles.map(([id, trouble]) => (
        <TroubleLine key={id} id={id} trouble={trouble} book={book} />
      ))}
    </div>
  )
}

function TroubleLine({ id, trouble, book }: { id: string; trouble: MoveTrouble; book: WeekInUse }) {
  const t = useT()
  const format = useFormat()
  const lockReason = useLockReason()
  const problemWords = useProblemWords()
  const { entry } = trouble
  const told = (place: Place) =>
    [
      format.date(place.date, 'day'),
      place.startMinute === null || place.endMinute === null
        ? null
        : `${clockText(place.startMinute)}–${clockText(place.endMinute)}`,
    ]
      .filter(Boolean)
      .join(' ')
  const text = () => {
    if (trouble.kind === 'locked') return lockReason(entry)
    if (trouble.kind === 'stale') {
      const theirs = `${told(entry)} (${format.hours(entry.minutes)})`
      return t('time.stale.cell', { theirs, yours: told(trouble.wanted) })
    }
    const { cause, remedy } = problemWords(trouble.error)
    return `${cause} ${remedy}`.trim()
  }
  const forget = () => book.setMoveTrouble(id, null)
  return (
    <div className={`${styles.line} ${trouble.kind === 'locked' ? styles.plain : styles.refused}`} role="alert">
      <Icon name={trouble.kind === 'locked' ? 'lock' : 'cross'} size={14} />
      <span>
        <b>
          {entry.projectName}, {entry.activityName}:
        </b>{' '}
        {text()}
      </span>
      {trouble.kind === 'locked' ? null : (
        <Button kind="link" size="sm" onClick={() => book.move(entry, trouble.wanted)}>
          {trouble.kind === 'stale' ? t('time.stale.use') : t('parts.tryAgain')}
        </Button>
      )}
      <Button kind="link" size="sm" onClick={forget}>
        {trouble.kind === 'locked'
          ? t('parts.close')
          : trouble.kind === 'stale'
            ? t('time.stale.keep')
            : t('time.cell.forget')}
      </Button>
    </div>
  )
}
