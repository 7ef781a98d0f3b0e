import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { useT } from '../../words/words.tsx'
import styles from './time.module.css'
import type { Week } from './week-rows.ts'

/** Eight weeks beside each other, each with the mark of its contract; the same figures as a table. */
export function AgainstContract({ week, registered }: { week: Week; registered: number }) {
  const t = useT()
  const format = useFormat()
  const [asTable, setAsTable] = useState(false)
  const weeks = week.recent.map((one) => {
    const now = one.year === week.year && one.week === week.week
    // What is on its way in the grid counts already.
    const minutes = now ? registered : one.minutes
    return { ...one, now, minutes, together: minutes + one.absentMinutes }
  })
  const highest = Math.max(60, ...weeks.flatMap(({ together, contractMinutes }) => [together, contractMinutes])) * 1.06
  const share = (minutes: number) => `${(minutes / highest) * 100}%`
  const contracts = new Set(weeks.map(({ contractMinutes }) => contractMinutes))
  return (
    <section>
      <h2 className={styles.underHead}>
        {t('time.contract.title')}{' '}
        <span>
          {contracts.size === 1
            ? t('time.contract.line', { hours: format.hours(week.contractMinutes) })
            : t('time.contract.lines')}
          {' · '}
          <button type="button" className={styles.asTable} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t('time.contract.asPicture') : t('time.contract.asTable')}
          </button>
        </span>
      </h2>
      {asTable ? (
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{t('time.contract.week')}</th>
              <th scope="col">{t('time.contract.worked')}</th>
              <th scope="col">{t('time.contract.absent')}</th>
              <th scope="col">{t('time.grid.contract')}</th>
              <th scope="col">{t('time.grid.difference')}</th>
            </tr>
          </thead>
          <tbody>
            {weeks.map((one) => (
              <tr key={`${one.year} ${one.week}`} className={one.now ? 'strong' : undefined}>
                <th scope="row">{one.week}</th>
                <td>{format.hours(one.minutes)}</td>
                <td>{one.absentMinutes > 0 ? format.hours(one.absentMinutes) : ''}</td>
                <td>{format.hours(one.contractMinutes)}</td>
                <td>{format.hours(one.together - one.contractMinutes, { signed: true })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <>
          <ol className={styles.bars}>
            {weeks.map((one) => (
              <li key={`${one.year} ${one.week}`} className={one.now ? styles.now : undefined}>
                <span className="fig">{format.hours(one.together)}</span>
                <span className={styles.column} aria-hidden="true">
                  <i style={{ height: share(one.together) }}>
                    {one.absentMinutes > 0 && one.together > 0 ? (
                      <span
                        className={styles.absent}
                        style={{ height: `${(one.absentMinutes / one.together) * 100}%` }}
                      />
                    ) : null}
                  </i>
                  {one.contractMinutes > 0 ? (
                    <span className={styles.mark8} style={{ bottom: share(one.contractMinutes) }} />
                  ) : null}
                </span>
                <span className="fig">
                  <span className="only-spoken">{t('time.contract.week')} </span>
                  {one.week}
                </span>
              </li>
            ))}
          </ol>
          {weeks.some(({ absentMinutes }) => absentMinutes > 0) ? (
            <p className={styles.legend}>
              <i className={styles.absent} aria-hidden="true" /> {t('time.contract.hatched')}
            </p>
          ) : null}
        </>
      )}
    </section>
  )
}
