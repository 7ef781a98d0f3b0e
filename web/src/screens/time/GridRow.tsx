// biome-ignore-all lint/a11y/useSemanticElements: a grid is a table in which cells take the focus (ARIA practices, grid)
// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: the same
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell at a time takes the focus; totals take none
import { memo } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useProblemWords } from '../../parts/problem-words.ts'
import { useT } from '../../words/words.tsx'
import { CellEditor, type Step } from './CellEditor.tsx'
import { useDurationWords } from './duration-words.ts'
import { useEntryState } from './entry-state.ts'
import { useLockReason } from './lock-words.ts'
import styles from './time.module.css'
import { clockText } from './typed-time.ts'
import type { Trouble } from './use-week.ts'
import { type HourEntry, minutesOf, type WeekRow } from './week-rows.ts'

export interface Editing {
  readonly day: number
  readonly start: string
  readonly selected: boolean
}

export interface RowWarning {
  readonly day: number
  readonly code: 'overlap' | 'over-24-hours'
  readonly minutes: number
  readonly entries: readonly HourEntry[]
}

/** Everything a row can ask for; the same object all the time, so that it never draws a row again. */
export interface GridActs {
  readonly focus: (row: number, day: number) => void
  readonly edit: (row: number, day: number) => void
  readonly commit: (row: number, day: number, minutes: number, typed: string, step: Step) => void
  readonly leave: (row: number, day: number, typed: { readonly text: string; readonly code: string } | null) => void
  readonly open: (row: number, day: number) => void
  readonly saveMine: (row: number, day: number) => void
  readonly forget: (row: number, day: number) => void
  readonly star: (row: number) => void
  readonly showDay: (day: number) => void
  readonly bothRight: (warning: RowWarning) => void
}

export interface GridRowProps {
  readonly row: WeekRow
  readonly at: number
  readonly dates: readonly string[]
  readonly today: string
  /** The cell with the focus, when it is in this row. */
  readonly active: number | null
  readonly editing: Editing | null
  /** By day; the same `null` while there are none. */
  readonly troubles: ReadonlyMap<number, Trouble> | null
  readonly warnings: readonly RowWarning[] | null
  /** Stands where there is no customer. */
  readonly home: string
  readonly mayWrite: boolean
  /** Among the favourites; null where there are none to choose. */
  readonly starred: boolean | null
  /** Minutes of the timer that runs in this row, on the day with this number. */
  readonly running: number | null
  readonly runningDay: number
  readonly acts: GridActs
}

function GridRowDrawn({
  row,
  at,
  dates,
  today,
  home,
  active,
  editing,
  troubles,
  warnings,
  mayWrite,
  starred,
  running,
  runningDay,
  acts,
}: GridRowProps) {
  const t = useT()
  const format = useFormat()
  const lockReason = useLockReason()
  const stateOf = useEntryState()
  const notes = Boolean(troubles || warnings)
  const words = new Set(row.cells.flat().map((entry) => stateOf(entry)?.word ?? ''))
  const rowState = words.size === 1 ? [...words][0] : ''
  return (
    <>
      <tr className={notes ? styles.hasLine : undefined} aria-rowindex={at + 2}>
        <th scope="row" className={styles.what}>
          {starred === null ? null : (
            <button
              type="button"
              className={`${styles.rowStar} ${starred ? styles.starred : ''}`}
              aria-pressed={starred}
              aria-label={t(starred ? 'time.favourites.remove' : 'time.favourites.add', {
                project: row.projectName,
                activity: row.activityName,
              })}
              onClick={() => acts.star(at)}
            >
              <Icon name="star" size={14} />
            </button>
          )}
          <span className={styles.names} title={`${row.projectName} · ${row.activityName}`}>
            <b>{row.projectName}</b>
            <span>{row.activityName}</span>
          </span>
          <small>{[row.customerName ?? home, rowState].filter(Boolean).join(' · ')}</small>
        </th>
        {row.cells.map((entries, day) => {
          const date = dates[day] ?? ''
          const trouble = troubles?.get(day)
          const warned = warnings?.some((warning) => warning.day === day)
          const runs = running !== null && day === runningDay
          const minutes = minutesOf(entries) + (runs ? running : 0)
          const states = [
            ...new Map(entries.flatMap((entry) => stateOf(entry) ?? []).map((one) => [one.word, one])).values(),
          ]
          const submitted = states.length === 1 && states[0]?.is === 'progress' ? states[0] : null
          const locked = entries.length > 0 && entries.every((entry) => entry.locked)
          const note = entries
            .map((entry) => entry.note)
            .filter(Boolean)
            .join(' · ')
          const rejected = entries.some(({ approval }) => approval === 'rejected')
          const isEditing = editing?.day === day
          const figure = trouble?.typed ?? (entries.length > 0 || runs ? format.hours(minutes) : '')
          const place = t('time.cell.name', {
            project: row.projectName,
            activity: row.activityName,
            day: format.date(date, 'day'),
          })
          const about = [
            figure || t('time.cell.emptyNow'),
            entries.length > 1 ? t('time.cell.count', { count: entries.length }) : '',
            locked && entries[0] ? lockReason(entries[0]) : '',
            runs ? t('time.timer.runs') : '',
            ...(locked ? [] : states.map(({ word }) => word)),
            note ? t('time.cell.note', { note }) : '',
          ].filter(Boolean)
          const wrong = trouble && trouble.kind !== 'locked'
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for the keys of its active cell
            <td
              key={date}
              role="gridcell"
              data-cell={`${at} ${day}`}
              tabIndex={active === day && !isEditing ? 0 : -1}
              aria-label={`${place}: ${about.join(', ')}`}
              aria-colindex={day + 2}
              aria-invalid={wrong ? true : undefined}
              title={
                isEditing
                  ? undefined
                  : locked && entries[0]
                    ? lockReason(entries[0])
                    : note || states.map(({ word }) => word).join(', ') || undefined
              }
              className={[
                styles.cell,
                day > 4 ? styles.weekend : '',
                date === today ? styles.today : '',
                locked ? styles.locked : '',
                warned && !rejected ? styles.warned : '',
                wrong || rejected ? styles.wrong : '',
                isEditing ? styles.editing : '',
                runs ? styles.running : '',
              ]
                .filter(Boolean)
                .join(' ')}
              onFocus={(event) => event.target === event.currentTarget && acts.focus(at, day)}
              onClick={(event) => {
                if (event.target === event.currentTarget || !isEditing) acts.focus(at, day)
              }}
              onDoubleClick={() => !isEditing && acts.edit(at, day)}
            >
              {isEditing ? (
                <CellEditor
                  name={place}
                  start={editing.start}
                  selected={editing.selected}
                  entry={entries[0]}
                  commit={(value, typed, step) => acts.commit(at, day, value, typed, step)}
                  leave={(typed) => acts.leave(at, day, typed)}
                />
              ) : (
                <>
                  {locked ? <Icon name="lock" size={14} className={styles.mark} /> : null}
                  {!locked && (warned || rejected) ? (
                    <Icon name={rejected ? 'cross' : 'warning'} size={14} className={styles.mark} />
                  ) : null}
                  {runs && !locked && !warned && !rejected ? <i className={styles.dot} /> : null}
                  {submitted && !runs && !warned && !locked ? (
                    <Icon name={submitted.icon} size={14} className={`${styles.mark} ${styles.sent}`} />
                  ) : null}
                  {!locked && !warned && !rejected && !runs && !submitted && entries.length > 1 ? (
                    // Drawn by the style sheet: the name of the cell says it in words (WCAG 2.5.3).
                    <span className={`${styles.mark} ${styles.many}`} data-count={`${entries.length}×`} />
                  ) : null}
                  {figure}
                  {note ? <i className={styles.corner} /> : null}
                </>
              )}
            </td>
          )
        })}
        <td className={styles.total} role="gridcell" aria-colindex={9}>
          {row.minutes + (running ?? 0) > 0 ? format.hours(row.minutes + (running ?? 0)) : ''}
        </td>
      </tr>
      {troubles
        ? [...troubles].map(([day, trouble]) => (
            <TroubleLine key={`trouble ${day}`} {...{ trouble, at, day, acts }} date={dates[day] ?? ''} />
          ))
        : null}
      {warnings?.map((warning) => (
        <WarningLine
          key={`warning ${warning.day} ${warning.code} ${warning.entries.map(({ id }) => id).join(' ')}`}
          warning={warning}
          date={dates[warning.day] ?? ''}
          mayWrite={mayWrite}
          acts={acts}
        />
      ))}
    </>
  )
}

/** Drawn again only when something of this row changed: a week of sixty rows answers within a frame. */
export const GridRow = memo(GridRowDrawn)

function TroubleLine({
  trouble,
  date,
  at,
  day,
  acts,
}: {
  trouble: Trouble
  date: string
  at: number
  day: number
  acts: GridActs
}) {
  const t = useT()
  const format = useFormat()
  const problemWords = useProblemWords()
  const durationWords = useDurationWords()
  const lockReason = useLockReason()
  const told = () => {
    switch (trouble.kind) {
      case 'not-understood':
        return durationWords(trouble.code)
      case 'locked':
        return lockReason(trouble.entry)
      case 'stale':
        return t('time.stale.cell', {
          theirs: format.hours(trouble.theirs.minutes),
          yours: trouble.minutes === 0 ? t('time.stale.emptied') : format.hours(trouble.minutes),
        })
      case 'refused': {
        const { cause, remedy } = problemWords(trouble.error)
        return `${cause} ${remedy}`.trim()
      }
    }
  }
  const is = trouble.kind === 'locked' ? styles.plain : styles.refused
  return (
    <tr className={styles.lineRow}>
      <td colSpan={9}>
        <div className={`${styles.line} ${is}`} role="alert">
          <Icon name={trouble.kind === 'locked' ? 'lock' : 'cross'} size={14} />
          <span>
            <b>{format.date(date, 'day')}:</b> {told()}
          </span>
          {trouble.kind === 'stale' ? (
            <>
              <Button kind="link" size="sm" onClick={() => acts.saveMine(at, day)}>
                {trouble.minutes === 0
                  ? t('time.stale.empty')
                  : t('time.stale.useMinutes', { hours: format.hours(trouble.minutes) })}
              </Button>
              <Button kind="link" size="sm" onClick={() => acts.forget(at, day)}>
                {t('time.stale.keepMinutes', { hours: format.hours(trouble.theirs.minutes) })}
              </Button>
            </>
          ) : (
            <>
              {trouble.kind === 'refused' ? (
                <Button kind="link" size="sm" onClick={() => acts.saveMine(at, day)}>
                  {t('parts.tryAgain')}
                </Button>
              ) : null}
              {trouble.kind === 'not-understood' ? (
                <Button kind="link" size="sm" onClick={() => acts.edit(at, day)}>
                  {t('time.cell.correct')}
                </Button>
              ) : null}
              <Button kind="link" size="sm" onClick={() => acts.forget(at, day)}>
                {trouble.kind === 'locked' ? t('parts.close') : t('time.cell.forget')}
              </Button>
            </>
          )}
        </div>
      </td>
    </tr>
  )
}

const clock = (entry: HourEntry) =>
  entry.startMinute === null || entry.endMinute === null
    ? ''
    : `${clockText(entry.startMinute)}–${clockText(entry.endMinute)}`

/** "Design 14:00–16:30 overlaps Development 12:30–15:00 by 1:00." */
export function useWarningWords() {
  const t = useT()
  const format = useFormat()
  return (warning: RowWarning): string => {
    const [first, second] = warning.entries
    if (warning.code === 'overlap' && first && second) {
      return t('time.warning.overlap', {
        one: `${second.activityName} ${clock(second)}`.trim(),
        other: `${first.activityName} ${clock(first)}`.trim(),
        hours: format.hours(warning.minutes),
      })
    }
    return t('time.warning.long', { hours: format.hours(warning.minutes) })
  }
}

function WarningLine({
  warning,
  date,
  mayWrite,
  acts,
}: {
  warning: RowWarning
  date: string
  mayWrite: boolean
  acts: Pick<GridActs, 'showDay' | 'bothRight'>
}) {
  const t = useT()
  const format = useFormat()
  const words = useWarningWords()
  return (
    <tr className={styles.lineRow}>
      <td colSpan={9}>
        <div className={styles.line}>
          <Icon name="warning" size={14} />
          <span>
            <b>{format.date(date, 'day')}:</b> {words(warning)}
          </span>
          <Button kind="link" size="sm" onClick={() => acts.showDay(warning.day)}>
            {warning.code === 'overlap' ? t('time.warning.showBoth') : t('time.warning.showDay')}
          </Button>
          {mayWrite && warning.code === 'overlap' ? (
            <Button kind="link" size="sm" onClick={() => acts.bothRight(warning)}>
              {t('time.warning.bothRight')}
            </Button>
          ) : null}
        </div>
      </td>
    </tr>
  )
}
