import { useFormat } from '../../format.ts'
import { Icon } from '../../parts/icons.tsx'
import { useT } from '../../words/words.tsx'
import type { Absence } from './absences/absence-queries.ts'
import styles from './today.module.css'
import type { Week } from './week-rows.ts'

/** Public holidays and absences of one day. */
export function DayAway({ week, date, open }: { week: Week; date: string; open: (absence: Absence) => void }) {
  const t = useT()
  const format = useFormat()
  const holidays = week.holidays.filter((one) => one.date === date)
  const absences = week.absences.filter((one) => one.date === date)
  if (holidays.length === 0 && absences.length === 0) return null
  const contract = week.days.find((day) => day.date === date)?.contractMinutes ?? 0
  return (
    <ul className={styles.entries} aria-label={t('time.absence.list')}>
      {holidays.map(({ name }) => (
        <li key={name} className={styles.holiday}>
          <Icon name="lock" size={14} />
          <span className={styles.words}>
            <span>{name}</span>
            <small>{t('time.absence.holiday')}</small>
          </span>
          <span className={styles.minutes}>{contract > 0 ? format.hours(contract) : ''}</span>
        </li>
      ))}
      {absences.map((absence) => (
        <li key={absence.id}>
          <button type="button" className={styles.entry} onClick={() => open(absence)}>
            <span className={styles.words}>
              <span>{absence.kindName}</span>
              <small>{absence.note || t('time.absence.word')}</small>
            </span>
            <span className={styles.minutes}>{format.hours(absence.minutes)}</span>
            <span className={styles.end}>
              <Icon name={absence.locked ? 'lock' : 'next'} size={14} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
