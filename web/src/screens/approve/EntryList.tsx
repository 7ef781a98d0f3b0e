import type { ReactNode } from 'react'
import { useFormat } from '../../format.ts'
import { State } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import type { Approval } from './Approve.tsx'
import styles from './approve.module.css'

export type ShownEntry = Approval['entries'][number]

/** What was done, by day; `under` is what can be said about an entry. */
export function EntryList({
  approval,
  under = () => null,
}: {
  approval: Pick<Approval, 'entries' | 'minutes' | 'distanceKm'>
  under?: (entry: ShownEntry) => ReactNode
}) {
  const t = useT()
  const format = useFormat()
  const days = [...Map.groupBy(approval.entries, ({ date }) => date)]
  const size = (entry: ShownEntry) =>
    entry.minutes !== null
      ? format.hours(entry.minutes)
      : entry.distanceKm
        ? `${format.quantity(entry.distanceKm, 1)} km`
        : t('approve.expense')
  return (
    <div className={styles.days}>
      {days.map(([date, entries]) => (
        <section key={date}>
          <h2>{format.date(date, 'day')}</h2>
          <ul>
            {entries.map((entry) => (
              <li key={entry.id}>
                <div className={styles.entry}>
                  <div>
                    <b>{[entry.projectName, entry.about].filter(Boolean).join(' · ')}</b>
                    <span className="muted">{entry.memberName}</span>
                    {entry.note ? <p>{entry.note}</p> : null}
                  </div>
                  <span className="fig">{size(entry)}</span>
                </div>
                {entry.outcome === 'approved' ? <State is="done">{t('approve.outcome.approved')}</State> : null}
                {entry.outcome === 'rejected' ? (
                  <State is="refused">{t('approve.outcome.rejected', { reason: entry.reason ?? '' })}</State>
                ) : null}
                {entry.changed || entry.outcome === 'changed' ? (
                  <State is="needs">{t('approve.outcome.changed')}</State>
                ) : null}
                {under(entry)}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p className={styles.total}>
        <span>{t('approve.total')}</span>
        <b className="fig">
          {[
            approval.minutes > 0 ? format.hours(approval.minutes) : null,
            approval.distanceKm ? `${format.quantity(approval.distanceKm, 1)} km` : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </b>
      </p>
    </div>
  )
}
