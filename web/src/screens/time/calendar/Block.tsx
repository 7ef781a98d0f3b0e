import type { CSSProperties } from 'react'
import { useFormat } from '../../../format.ts'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import { useEntryState } from '../entry-state.ts'
import { useLockReason } from '../lock-words.ts'
import { clockText } from '../typed-time.ts'
import type { HourEntry } from '../week-rows.ts'
import styles from './calendar.module.css'
import { dayMinutes, type Lane, leastShown, timesOfSpan } from './spans.ts'

/** From here on a note fits under the names. */
const noteHeight = 76

/** One entry in its column; its ends can be taken hold of. */
export function Block({
  entry,
  from,
  until,
  lane = { lane: 0, lanes: 1 },
  warned,
  held,
  mayWrite,
  active,
  focus,
  open,
}: {
  entry: HourEntry
  from: number
  until: number
  lane: Lane | undefined
  warned: boolean
  /** Is being moved: what stays behind is pale. */
  held: boolean
  mayWrite: boolean
  active: boolean
  focus: () => void
  open: () => void
}) {
  const t = useT()
  const format = useFormat()
  const lockReason = useLockReason()
  const stateOf = useEntryState()
  const { startMinute, endMinute } = timesOfSpan({ from, until })
  const past = until > dayMinutes
  const height = Math.max(leastShown, Math.min(until, dayMinutes) - from)
  const state = stateOf(entry)
  const times = `${clockText(startMinute)}–${clockText(endMinute)}`
  const about = [
    format.date(entry.date, 'day'),
    format.hours(entry.minutes),
    entry.breakMinutes > 0 ? t('time.calendar.break', { minutes: entry.breakMinutes }) : '',
    past ? t('time.calendar.pastMidnight') : '',
    warned ? t('time.calendar.overlaps') : '',
    state?.word ?? '',
    entry.locked ? lockReason(entry) : '',
    entry.note && height < noteHeight ? t('time.cell.note', { note: entry.note }) : '',
  ].filter(Boolean)
  const holds = mayWrite && !entry.locked
  return (
    <button
      type="button"
      data-stop
      data-entry={entry.id}
      tabIndex={active ? 0 : -1}
      title={entry.locked ? lockReason(entry) : entry.note || undefined}
      className={[
        styles.block,
        entry.billable ? '' : styles.unbilled,
        entry.locked ? styles.locked : '',
        warned ? styles.warned : '',
        state?.is === 'refused' ? styles.refused : '',
        held ? styles.behind : '',
        height < 44 ? styles.low : lane.lanes > 1 ? styles.narrow : '',
        past ? styles.past : '',
      ]
        .filter(Boolean)
        .join(' ')}
      style={{ top: from, height, '--lane': lane.lane, '--lanes': lane.lanes } as CSSProperties}
      onFocus={focus}
      onClick={open}
    >
      {holds ? <span data-end="from" className={styles.end} /> : null}
      <span className={styles.words}>
        <span className={styles.what}>
          <b>{entry.activityName}</b> <span>{entry.projectName}</span>
        </span>
        <span className={styles.when}>
          <span className="fig">{times}</span>
          {entry.breakMinutes > 0 ? <span className="fig">{format.hours(entry.minutes)}</span> : null}
        </span>
        {entry.note && height >= noteHeight ? <span className={styles.note}>{entry.note}</span> : null}
      </span>
      <span className="only-spoken">, {about.join(', ')}</span>
      <span className={styles.marks}>
        {warned ? <Icon name="warning" size={14} /> : null}
        {state ? <Icon name={state.icon} size={14} /> : null}
        {entry.note ? <Icon name="note" size={14} /> : null}
        {past ? <Icon name="moon" size={14} /> : null}
      </span>
      {holds && !past ? <span data-end="until" className={`${styles.end} ${styles.endUntil}`} /> : null}
    </button>
  )
}
