import { useQuery } from '@tanstack/react-query'
import { minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import { minutesToday } from '../timer/moments.ts'
import { timerQuery } from '../timer/use-timer.ts'
import { clockText } from '../typed-time.ts'
import type { HourEntry } from '../week-rows.ts'
import styles from './calendar.module.css'
import { dayMinutes, leastShown, spanOf } from './spans.ts'

/** What began the day before goes on here until it ends; the entry itself stands, and is changed, where it began. */
export function FromDayBefore({ entries, open }: { entries: readonly HourEntry[]; open: (entry: HourEntry) => void }) {
  const rests = entries.flatMap((entry) => {
    const until = (spanOf(entry)?.until ?? 0) - dayMinutes
    return until > 0 ? [{ entry, until }] : []
  })
  return rests.map(({ entry, until }) => (
    // The entry is reached by keyboard where it began, and says there that it goes on.
    <div
      key={entry.id}
      aria-hidden="true"
      className={styles.rest}
      style={{ height: Math.max(leastShown, until) }}
      // Not the place to draw a new one.
      onPointerDown={(event) => event.stopPropagation()}
      onClick={() => open(entry)}
    >
      <Icon name="moon" size={14} />
      <b>{entry.activityName}</b>
      <span className="fig">–{clockText(until)}</span>
    </div>
  ))
}

/** The timer as it grows; it is stopped and changed at the head of the page. */
export function RunningTimer({ nowMs }: { nowMs: number }) {
  const t = useT()
  const timer = useQuery(timerQuery).data?.timer
  if (!timer) return null
  const minutes = minutesToday(timer.startedAt, timer.zone, nowMs)
  const from = Math.max(0, minuteOfDayIn(timer.zone, new Date(nowMs)) - minutes)
  const what = timer.activityName ?? timer.projectName ?? t('time.timer.nothing')
  return (
    <div aria-hidden="true" className={styles.running} style={{ top: from, height: Math.max(leastShown, minutes) }}>
      <b>{what}</b> <span className="fig">{t('time.timer.since', { time: clockText(from) })}</span>
    </div>
  )
}
