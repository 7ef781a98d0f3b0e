import { useFormat } from '../../format.ts'
import { IconButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { useEntryState } from './entry-state.ts'
import { useLockReason } from './lock-words.ts'
import styles from './today.module.css'
import { clockText } from './typed-time.ts'
import type { HourEntry } from './week-rows.ts'

/** In the order of the day; what has no times comes last. */
export const inDayOrder = (entries: readonly HourEntry[]): HourEntry[] =>
  entries.toSorted(
    (a, b) =>
      (a.startMinute ?? 1441) - (b.startMinute ?? 1441) ||
      a.projectName.localeCompare(b.projectName) ||
      a.activityName.localeCompare(b.activityName) ||
      (a.id < b.id ? -1 : 1),
  )

/** Entries of one day below each other; `again` starts the timer on the same work. */
export function DayEntries({
  entries,
  warned,
  open,
  again,
}: {
  entries: readonly HourEntry[]
  /** Ids of those that lie over another. */
  warned: ReadonlySet<string>
  open: (entry: HourEntry) => void
  again: ((entry: HourEntry) => void) | null
}) {
  const t = useT()
  const format = useFormat()
  const { name: home } = useFirm()
  const lockReason = useLockReason()
  const stateOf = useEntryState()
  if (entries.length === 0) return null
  return (
    <ul className={styles.entries} aria-label={t('time.phone.list')}>
      {entries.map((entry) => {
        const state = stateOf(entry)
        const times =
          entry.startMinute === null || entry.endMinute === null
            ? null
            : `${clockText(entry.startMinute)}–${clockText(entry.endMinute)}`
        return (
          <li key={entry.id}>
            <button type="button" className={styles.entry} onClick={() => open(entry)}>
              <span className={styles.words}>
                <span>
                  <b>{entry.activityName}</b> <span className="muted">{entry.projectName}</span>
                </span>
                <small>
                  {warned.has(entry.id) ? (
                    <span className={styles.warn}>
                      <Icon name="warning" size={14} />
                      <span className="only-spoken">{t('time.calendar.overlaps')}</span>
                    </span>
                  ) : null}
                  <span>{[entry.customerName ?? home, times].filter(Boolean).join(' · ')}</span>
                  {state ? (
                    <State is={state.is} icon={state.icon}>
                      {state.word}
                    </State>
                  ) : null}
                </small>
                {entry.note ? (
                  <small className={styles.noteLine}>
                    <Icon name="note" size={14} />
                    <span>{entry.note}</span>
                  </small>
                ) : null}
              </span>
              <span className={styles.minutes}>{format.hours(entry.minutes)}</span>
              {entry.locked ? <span className="only-spoken">{lockReason(entry)}</span> : null}
              {again ? null : (
                <span className={styles.end}>
                  <Icon name={entry.locked ? 'lock' : 'next'} size={14} />
                </span>
              )}
            </button>
            {again ? (
              <IconButton
                icon="play"
                size="lg"
                className={styles.again}
                name={t('time.timer.again', { activity: entry.activityName, project: entry.projectName })}
                onClick={() => again(entry)}
              />
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
