// biome-ignore-all lint/a11y/useSemanticElements: rows of a grid in which cells take the focus (ARIA practices, grid)
// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: the same
// biome-ignore-all lint/a11y/useFocusableInteractive: these cells only show; what can be opened is a button in them
import { useFormat } from '../../../format.ts'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import styles from '../time.module.css'
import type { Week } from '../week-rows.ts'
import type { Absence } from './absence-queries.ts'

interface Row {
  readonly key: string
  readonly name: string
  readonly about: string
  readonly cells: ReadonlyArray<{
    readonly minutes: number
    readonly absences: readonly Absence[]
    readonly locked: boolean
  }>
}

/** Public holidays, then each kind of absence: rows that nobody types in. */
export function AbsenceRows({
  week,
  dates,
  today,
  firstIndex,
  open,
}: {
  week: Week
  dates: readonly string[]
  today: string
  /** Of the first of these rows in the grid, counted from 1. */
  firstIndex: number
  open: (absence: Absence) => void
}) {
  const t = useT()
  const format = useFormat()
  const holidays = [...Map.groupBy(week.holidays, ({ name }) => name)].map(
    ([name, days]): Row => ({
      key: `holiday ${name}`,
      name,
      about: t('time.absence.holiday'),
      cells: dates.map((date) => ({
        minutes: days.some((one) => one.date === date)
          ? (week.days.find((day) => day.date === date)?.contractMinutes ?? 0)
          : 0,
        absences: [],
        locked: days.some((one) => one.date === date),
      })),
    }),
  )
  const absences = [...Map.groupBy(week.absences, ({ kindName }) => kindName)].map(
    ([name, mine]): Row => ({
      key: `absence ${name}`,
      name,
      about: t('time.absence.word'),
      cells: dates.map((date) => {
        const here = mine.filter((one) => one.date === date)
        return {
          minutes: here.reduce((total, one) => total + one.minutes, 0),
          absences: here,
          locked: here.length > 0 && here.every(({ locked }) => locked),
        }
      }),
    }),
  )
  return [...holidays, ...absences].map((row, at) => {
    const total = row.cells.reduce((sum, { minutes }) => sum + minutes, 0)
    return (
      <tr key={row.key} className={styles.away} aria-rowindex={firstIndex + at}>
        <th scope="row" className={styles.what}>
          <span className={styles.names} title={`${row.name} · ${row.about}`}>
            {row.name}
            <span>{row.about}</span>
          </span>
        </th>
        {row.cells.map(({ minutes, absences, locked }, day) => {
          const [first] = absences
          const date = dates[day] ?? ''
          const figure = minutes > 0 ? format.hours(minutes) : ''
          return (
            <td
              key={date}
              role="gridcell"
              aria-colindex={day + 2}
              className={[styles.cell, day > 4 ? styles.weekend : '', date === today ? styles.today : '']
                .filter(Boolean)
                .join(' ')}
            >
              {locked ? <Icon name="lock" size={14} className={styles.mark} /> : null}
              {first ? (
                <button
                  type="button"
                  className={styles.awayCell}
                  title={first.note || undefined}
                  aria-label={t('time.absence.open', {
                    kind: row.name,
                    day: format.date(date, 'day'),
                    hours: figure,
                  })}
                  onClick={() => open(first)}
                >
                  {figure}
                  {first.note ? <i className={styles.corner} /> : null}
                </button>
              ) : locked ? (
                <>
                  <span className="only-spoken">{t('time.absence.holidayCell')} </span>
                  {figure}
                </>
              ) : null}
            </td>
          )
        })}
        <td className={styles.total} role="gridcell" aria-colindex={9}>
          {total > 0 ? format.hours(total) : ''}
        </td>
      </tr>
    )
  })
}
