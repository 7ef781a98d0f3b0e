import { useFormat } from '../../format.ts'
import { useT } from '../../words/words.tsx'
import { capital } from './capital.ts'
import styles from './today.module.css'
import { minutesOf, type Week } from './week-rows.ts'

/** What the day and the week hold beside what was agreed; `ran` are the minutes of a timer that runs this day. */
export function DayBalance({
  week,
  date,
  dayName,
  ran,
  seeWeek,
}: {
  week: Week
  date: string
  dayName: string
  ran: number
  seeWeek?: React.ReactNode
}) {
  const t = useT()
  const format = useFormat()
  const day = week.days.find((one) => one.date === date)
  const contract = day?.contractMinutes ?? 0
  const minutes = minutesOf(week.entries.filter((entry) => entry.date === date)) + (day?.absentMinutes ?? 0) + ran
  const weekMinutes = minutesOf(week.entries) + week.absentMinutes + ran
  return (
    <section className={styles.balance}>
      <p>
        <span>
          {dayName} <b className="fig">{format.hours(minutes)}</b>
          {contract > 0 ? ` ${t('time.phone.of', { hours: format.hours(contract) })}` : ''}
        </span>
        {contract > minutes ? <span>{t('time.phone.toGo', { hours: format.hours(contract - minutes) })}</span> : null}
      </p>
      {contract > 0 ? (
        <div className={styles.bar} aria-hidden="true">
          <i style={{ width: `${Math.min(100, (minutes / contract) * 100)}%` }} />
        </div>
      ) : null}
      <p>
        <span>
          {capital(t('time.week', { week: week.week }))} <b className="fig">{format.hours(weekMinutes)}</b>{' '}
          {t('time.phone.of', { hours: format.hours(week.contractMinutes) })}
        </span>
        {seeWeek}
      </p>
    </section>
  )
}
