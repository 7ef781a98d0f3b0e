import type { RefObject } from 'react'
import { useFormat } from '../../../format.ts'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import type { Absence } from '../absences/absence-queries.ts'
import { useEntryState } from '../entry-state.ts'
import { useLockReason } from '../lock-words.ts'
import { type HourEntry, minutesOf, type Week } from '../week-rows.ts'
import styles from './calendar.module.css'
import type { Span } from './spans.ts'
import type { Stop } from './stops.ts'
import type { Held } from './use-drag.ts'

interface Day {
  readonly date: string
  readonly entries: ReadonlyArray<{ readonly id: string; readonly entry: HourEntry; readonly span: Span | null }>
}

/** The heads of the days, and under them what has no times: hours, absences, public holidays. */
export function Above({
  headRef,
  days,
  today,
  held,
  stop,
  week,
  focus,
  open,
  openAbsence,
}: {
  headRef: RefObject<HTMLDivElement | null>
  days: readonly Day[]
  today: string
  held: Held | null
  stop: { readonly day: number; readonly stop: Stop<string> }
  week: Week
  focus: (day: number, id: string) => void
  open: (entry: HourEntry) => void
  openAbsence: (absence: Absence, date: string) => void
}) {
  const t = useT()
  const format = useFormat()
  const lockReason = useLockReason()
  const stateOf = useEntryState()
  const heldId = held && held.grip.does === 'move' ? held.grip.entry.id : null
  return (
    <div ref={headRef} className={styles.head}>
      <span className={styles.corner}>
        <Icon name="clock" size={14} />
      </span>
      {days.map(({ date, entries }, at) => {
        const there = week.days.find((one) => one.date === date)
        const minutes = minutesOf(entries.map(({ entry }) => entry)) + (there?.absentMinutes ?? 0)
        const mine = entries.filter(({ span }) => !span)
        return (
          <section
            key={date}
            className={[
              styles.day,
              date === today ? styles.todayHead : '',
              at > 4 && days.length > 1 ? styles.weekend : '',
              held?.day === at && held.span === null ? styles.target : '',
            ]
              .filter(Boolean)
              .join(' ')}
            aria-label={format.date(date, 'day')}
          >
            <p className={styles.dayName} aria-current={date === today ? 'date' : undefined}>
              <span>
                {format.date(date, 'weekday')} <b>{Number(date.slice(8))}</b>
              </span>
              <span className="fig">{minutes > 0 ? format.hours(minutes) : ''}</span>
            </p>
            {week.holidays
              .filter((one) => one.date === date)
              .map(({ name }) => (
                <div key={name} className={styles.away} title={name}>
                  <Icon name="lock" size={14} />
                  <span>
                    {name} <span className="only-spoken">{t('time.absence.holiday')}</span>
                  </span>
                  <span className="fig">{there?.contractMinutes ? format.hours(there.contractMinutes) : ''}</span>
                </div>
              ))}
            {week.absences
              .filter((one) => one.date === date)
              .map((absence) => (
                <button
                  key={absence.id}
                  type="button"
                  className={styles.away}
                  title={absence.note || undefined}
                  onClick={() => openAbsence(absence, date)}
                >
                  {absence.locked ? <Icon name="lock" size={14} /> : null}
                  <span>{absence.kindName}</span>
                  <span className="fig">{format.hours(absence.minutes)}</span>
                </button>
              ))}
            {mine.map(({ id, entry }) => {
              const state = stateOf(entry)
              return (
                <button
                  key={id}
                  type="button"
                  data-stop
                  data-entry={id}
                  tabIndex={stop.day === at && stop.stop.id === id ? 0 : -1}
                  className={[
                    styles.chip,
                    entry.billable ? '' : styles.unbilled,
                    id === heldId ? styles.behind : '',
                    state?.is === 'refused' ? styles.refused : '',
                  ]
                    .filter(Boolean)
                    .join(' ')}
                  title={`${entry.projectName} · ${entry.activityName}`}
                  onFocus={() => focus(at, id)}
                  onClick={() => open(entry)}
                >
                  {state ? <Icon name={state.icon} size={14} /> : null}
                  <span>
                    <b>{entry.activityName}</b> {entry.projectName}
                  </span>
                  <span className="fig">{format.hours(entry.minutes)}</span>
                  <span className="only-spoken">
                    {[
                      '',
                      format.date(date, 'day'),
                      t('time.calendar.noTimes'),
                      state?.word ?? '',
                      entry.locked ? lockReason(entry) : '',
                      entry.note ? t('time.cell.note', { note: entry.note }) : '',
                    ]
                      .filter((part, place) => part || place === 0)
                      .join(', ')}
                  </span>
                </button>
              )
            })}
          </section>
        )
      })}
    </div>
  )
}
