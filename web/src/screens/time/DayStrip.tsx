import { useFormat } from '../../format.ts'
import { useT } from '../../words/words.tsx'
import styles from './today.module.css'
import { minutesOf, type Week } from './week-rows.ts'

/** The seven days of the week with what stands on them. */
export function DayStrip({
  dates,
  chosen,
  week,
  show,
}: {
  dates: readonly string[]
  chosen: string
  week: Week | undefined
  show: (date: string) => void
}) {
  const t = useT()
  const format = useFormat()
  return (
    <nav className={styles.strip} aria-label={t('time.phone.days')}>
      {dates.map((date) => {
        const entries = (week?.entries ?? []).filter((entry) => entry.date === date)
        const away = week?.days.find((day) => day.date === date)?.absentMinutes ?? 0
        const there = minutesOf(entries) + away
        return (
          <button
            key={date}
            type="button"
            className={date === chosen ? styles.on : undefined}
            aria-current={date === chosen ? 'date' : undefined}
            onClick={() => show(date)}
          >
            <span>{format.date(date, 'weekday')}</span>
            <b>{Number(date.slice(8))}</b>
            <span className="fig">{there > 0 ? format.hours(there) : '–'}</span>
          </button>
        )
      })}
    </nav>
  )
}
