import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useT } from '../../words/words.tsx'
import type { Absence } from './absences/absence-queries.ts'
import { MoveTroubles } from './calendar/MoveTroubles.tsx'
import { DayAway } from './DayAway.tsx'
import { DayBalance } from './DayBalance.tsx'
import { DayEntries, inDayOrder } from './DayEntries.tsx'
import { DayStrip } from './DayStrip.tsx'
import { DayWarnings, warningsOf } from './DayWarnings.tsx'
import styles from './day.module.css'
import { dayNameOf } from './day-name.ts'
import { EntryBox, type Opened } from './EntryBox.tsx'
import { Favourites } from './Favourites.tsx'
import { QuickAdd } from './QuickAdd.tsx'
import { useRanToday, useTimer } from './timer/use-timer.ts'
import type { FavouritesInUse } from './use-favourites.ts'
import type { WeekInUse } from './use-week.ts'
import { minutesOf, type RowHead, rowKey, type Week } from './week-rows.ts'

/** One day: what was done from when to when, and a line to write the next thing. */
export function Day({
  book,
  day,
  today,
  memberId,
  own,
  mayWrite,
  favourites,
  show,
  openAbsence,
}: {
  book: WeekInUse & { readonly week: Week }
  day: CalendarDate
  today: CalendarDate
  memberId: string
  own: boolean
  mayWrite: boolean
  favourites: FavouritesInUse
  show: (day: CalendarDate) => void
  openAbsence: (absence: Absence | null, date: string) => void
}) {
  const t = useT()
  const format = useFormat()
  const { week, dates } = book
  const [opened, setOpened] = useState<Opened | null>(null)
  const [picked, setPicked] = useState<{ head: RowHead; at: number } | null>(null)
  const timer = useTimer()
  const ran = useRanToday(timer.running)
  const entries = inDayOrder(week.entries.filter(({ date }) => date === day))
  const warnings = warningsOf(week).filter(({ date }) => date === day)
  const warned = new Set(
    warnings.filter(({ code }) => code === 'overlap').flatMap(({ entries: both }) => both.map(({ id }) => id)),
  )
  const lately = [...week.suggestions, ...new Map(week.entries.map((entry) => [rowKey(entry), entry])).values()]
  return (
    <div className={styles.page}>
      <DayStrip dates={dates} chosen={day} week={week} show={(date) => show(date as CalendarDate)} />
      <MoveTroubles book={book} />
      <DayWarnings warnings={warnings} book={book} mayWrite={mayWrite} />
      <div className={styles.columns}>
        <div className={styles.list}>
          <DayAway week={week} date={day} open={(absence) => openAbsence(absence, absence.date)} />
          <DayEntries
            entries={entries}
            warned={warned}
            open={(entry) => setOpened({ entry, date: entry.date })}
            again={own && mayWrite ? (entry) => timer.again(entry.id) : null}
          />
          {entries.length === 0 ? (
            <EmptyState icon="clock" title={t('time.phone.empty')}>
              {mayWrite ? t('time.day.emptyText') : null}
            </EmptyState>
          ) : (
            <p className={styles.sum}>
              {t('time.cell.together')} <b className="fig sum">{format.hours(minutesOf(entries))}</b>
            </p>
          )}
          {mayWrite ? (
            <QuickAdd
              key={`${day} ${picked?.at ?? 0}`}
              date={day}
              memberId={memberId}
              own={own}
              head={picked?.head ?? null}
              saved={(entry) => book.saved(entry, null)}
            />
          ) : null}
        </div>
        <aside className={styles.side}>
          <DayBalance
            week={week}
            date={day}
            dayName={dayNameOf(day, today, t, format)}
            ran={own && day === today ? ran : 0}
          />
          {mayWrite ? (
            <>
              <Button icon="calendar" onClick={() => openAbsence(null, day)}>
                {t('time.absence.add')}
              </Button>
              {own ? (
                <Favourites
                  how={t('time.day.how')}
                  favourites={favourites}
                  lately={lately}
                  add={(head) => setPicked((before) => ({ head, at: (before?.at ?? 0) + 1 }))}
                />
              ) : null}
            </>
          ) : null}
        </aside>
      </div>
      <EntryBox
        opened={opened}
        book={book}
        memberId={memberId}
        own={own}
        mayWrite={mayWrite}
        close={() => setOpened(null)}
      />
    </div>
  )
}
