import { addDays, type CalendarDate, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { Suspense, useMemo, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Body, Fill, Page, PageHead } from '../../frame/Page.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { EmptyState, ErrorState } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { Segments } from '../../parts/Segments.tsx'
import { useT } from '../../words/words.tsx'
import type { Absence } from './absences/absence-queries.ts'
import { capital } from './capital.ts'
import { DayAway } from './DayAway.tsx'
import { DayBalance } from './DayBalance.tsx'
import { DayEntries, inDayOrder } from './DayEntries.tsx'
import { DayStrip } from './DayStrip.tsx'
import { DayWarnings, warningsOf } from './DayWarnings.tsx'
import { dayNameOf } from './day-name.ts'
import { EntryBox, type Opened } from './EntryBox.tsx'
import { useWarningWords } from './GridRow.tsx'
import { SubmissionLines, SubmitButton, WeekState } from './SubmitParts.tsx'
import { RunCard } from './timer/RunCard.tsx'
import { useRanToday, useTimer } from './timer/use-timer.ts'
import styles from './today.module.css'
import type { Submission } from './use-submission.ts'
import type { WeekInUse } from './use-week.ts'
import { WeekSkeleton } from './WeekSkeleton.tsx'
import { minutesOf, type RowHead, type Week } from './week-rows.ts'

const Calendar = lazyPart(() => import('./calendar/Calendar.tsx'), 'Calendar')

interface TodayProps {
  readonly book: WeekInUse
  readonly monday: CalendarDate
  readonly today: CalendarDate
  /** The chosen day of this week. */
  readonly day: CalendarDate
  readonly view: 'day' | 'calendar'
  readonly choose: (view: 'day' | 'calendar') => void
  readonly memberId: string
  readonly own: boolean
  readonly person: string | null
  readonly mayWrite: boolean
  readonly submission: Submission
  readonly show: (day: CalendarDate) => void
  readonly copy: () => void
  readonly copying: boolean
  readonly openAbsence: (absence: Absence | null, date: string) => void
}

/** On a phone: one day, its hours, and a large button to add more. */
export function Today(props: TodayProps) {
  const { book, monday, today, day, view, memberId, own, person, mayWrite, show, submission, openAbsence } = props
  const t = useT()
  const format = useFormat()
  const dates = useMemo(() => Array.from({ length: 7 }, (_, at) => addDays(monday, at)), [monday])
  const shown = useMemo(() => [day], [day])
  const [opened, setOpened] = useState<Opened | null>(null)
  const timer = useTimer()
  const ran = useRanToday(timer.running)
  const week = book.week
  const entries = inDayOrder((week?.entries ?? []).filter(({ date }) => date === day))
  const weekMinutes = minutesOf(week?.entries ?? [])
  const dayName = dayNameOf(day, today, t, format)
  const warnings = week ? warningsOf(week) : []
  const here = warnings.filter(({ date }) => date === day)
  const warned = new Set(
    here.flatMap(({ code, entries: both }) => (code === 'overlap' ? both.map(({ id }) => id) : [])),
  )

  const strip = <DayStrip dates={dates} chosen={day} week={week} show={(date) => show(date as CalendarDate)} />
  const head = (
    <>
      <PageHead
        title={own || !person ? dayName : `${person}, ${dayName}`}
        state={week ? <WeekState submission={submission} /> : null}
        actions={
          <>
            <IconButton icon="back" name={t('time.previous')} onClick={() => show(addDays(day, -7))} />
            <IconButton icon="next" name={t('time.next')} onClick={() => show(addDays(day, 7))} />
          </>
        }
      />
      <div className={styles.under}>
        <p className={styles.date}>
          {format.date(day, 'day')} · {t('time.week', { week: weekOf(monday).week })}
        </p>
        <Segments
          name={t('time.view')}
          value={view}
          options={[
            { value: 'day', label: t('time.view.day') },
            { value: 'calendar', label: t('time.view.calendar') },
          ]}
          onChange={props.choose}
        />
      </div>
    </>
  )
  const box = (
    <EntryBox
      opened={opened}
      book={book}
      memberId={memberId}
      own={own}
      mayWrite={mayWrite}
      close={() => setOpened(null)}
    />
  )

  const add = mayWrite ? (
    <div className={styles.addBar}>
      <Button
        kind="primary"
        size="lg"
        icon="plus"
        wide
        disabled={!week}
        onClick={() => setOpened({ entry: null, date: day })}
      >
        {t('time.phone.add')}
      </Button>
    </div>
  ) : null

  if (view === 'calendar' && week)
    return (
      <Page>
        {head}
        <Fill>
          <div className={styles.stripOnly}>{strip}</div>
          <Suspense fallback={<WeekSkeleton />}>
            <Calendar
              key={day}
              book={book as typeof book & { week: Week }}
              dates={shown}
              today={today}
              memberId={memberId}
              own={own}
              mayWrite={mayWrite}
              openAbsence={openAbsence}
            />
          </Suspense>
        </Fill>
        {add}
        {box}
      </Page>
    )

  return (
    <Page>
      {head}
      <Body padded={false}>
        <div className={styles.page}>
          {strip}
          {book.query.isError && !week ? (
            <ErrorState error={book.query.error} retry={book.query.refetch} busy={book.query.isFetching} />
          ) : !week ? (
            <WeekSkeleton />
          ) : (
            <>
              {own && mayWrite ? <RunCard /> : null}
              <SubmissionLines
                submission={submission}
                mayWrite={mayWrite}
                open={(entry) => setOpened({ entry, date: entry.date })}
              />
              <DayWarnings warnings={here} book={book} mayWrite={mayWrite} />
              <DayAway week={week} date={day} open={(absence) => openAbsence(absence, absence.date)} />
              <DayEntries
                entries={entries}
                warned={warned}
                open={(entry) => setOpened({ entry, date: entry.date })}
                again={own && mayWrite ? (entry) => timer.again(entry.id) : null}
              />
              {entries.length === 0 && !(own && day === today && timer.running) ? (
                <EmptyState icon="clock" title={t('time.phone.empty')}>
                  {mayWrite ? t('time.phone.emptyText') : null}
                </EmptyState>
              ) : null}
              {mayWrite && entries.length === 0 ? (
                <Quick
                  heads={[...week.favourites, ...week.suggestions]}
                  pick={(picked) => setOpened({ entry: null, date: day, head: picked })}
                />
              ) : null}
              <DayBalance week={week} date={day} dayName={dayName} ran={own && day === today ? ran : 0} />
              <OtherDays warnings={warnings.filter(({ date }) => date !== day)} show={show} />
              {mayWrite ? (
                <div className={styles.more}>
                  <Button icon="calendar" wide onClick={() => openAbsence(null, day)}>
                    {t('time.absence.add')}
                  </Button>
                  {weekMinutes === 0 ? (
                    <Button icon="copy" busy={props.copying} onClick={props.copy} wide>
                      {t('time.copy', { week: weekOf(addDays(monday, -7)).week })}
                    </Button>
                  ) : (
                    <SubmitButton submission={submission} week={week.week} wide />
                  )}
                </div>
              ) : null}
            </>
          )}
        </div>
      </Body>
      {add}
      {box}
    </Page>
  )
}

/** What was worked on lately: one touch fills project and activity. */
function Quick({ heads, pick }: { heads: readonly RowHead[]; pick: (head: RowHead) => void }) {
  const t = useT()
  const shown = [...new Map(heads.map((head) => [`${head.projectId} ${head.activityId}`, head]))].slice(0, 4)
  if (shown.length === 0) return null
  return (
    <section className={styles.quick} aria-label={t('time.suggestions.title')}>
      {shown.map(([key, head]) => (
        <button key={key} type="button" onClick={() => pick(head)}>
          <Icon name="plus" size={14} />
          <span>
            <b>{head.activityName}</b> {head.projectName}
          </span>
        </button>
      ))}
    </section>
  )
}

/** What is odd about other days of this week; one touch goes there. */
function OtherDays({ warnings, show }: { warnings: ReturnType<typeof warningsOf>; show: (day: CalendarDate) => void }) {
  const format = useFormat()
  const words = useWarningWords()
  if (warnings.length === 0) return null
  return (
    <ul className={styles.entries}>
      {warnings.map((warning) => (
        <li key={`${warning.date} ${warning.code} ${warning.entries.map(({ id }) => id).join(' ')}`}>
          <button type="button" className={styles.entry} onClick={() => show(warning.date as CalendarDate)}>
            <span className={styles.warn}>
              <Icon name="warning" />
            </span>
            <span className={styles.words}>
              {capital(format.date(warning.date, 'day'))}: {words(warning)}
            </span>
            <span className={styles.end}>
              <Icon name="next" size={14} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
