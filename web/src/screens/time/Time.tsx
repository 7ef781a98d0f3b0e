import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { addDays, type CalendarDate, mondayOf, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Body, Fill, KeyBar, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { usePaletteActions } from '../../frame/palette.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { EmptyState, ErrorState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { Segments } from '../../parts/Segments.tsx'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { today as todayHere } from '../../parts/today.ts'
import { hasCode } from '../../problem.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AgainstContract } from './AgainstContract.tsx'
import type { Absence } from './absences/absence-queries.ts'
import type { Opened } from './EntryBox.tsx'
import { Favourites } from './Favourites.tsx'
import { peopleQuery } from './people.ts'
import { SubmissionLines, SubmitButton, WeekState } from './SubmitParts.tsx'
import styles from './time.module.css'
import { TimerChip } from './timer/TimerChip.tsx'
import { useTimer } from './timer/use-timer.ts'
import { useFavourites } from './use-favourites.ts'
import { useSubmission } from './use-submission.ts'
import { useWeek, weekQuery } from './use-week.ts'
import { WeekGrid } from './WeekGrid.tsx'
import { WeekSkeleton } from './WeekSkeleton.tsx'
import { minutesOf, type RowHead, rowKey, type Week } from './week-rows.ts'

const route = getRouteApi('/f/$firm/time')

// The grid is there first; what only some people or a phone need comes after it.
const Today = lazyPart(() => import('./Today.tsx'), 'Today')
const Day = lazyPart(() => import('./Day.tsx'), 'Day')
const Calendar = lazyPart(() => import('./calendar/Calendar.tsx'), 'Calendar')
const AbsenceDialog = lazyPart(() => import('./absences/AbsenceDialog.tsx'), 'AbsenceDialog')
const EntryBox = lazyPart(() => import('./EntryBox.tsx'), 'EntryBox')
const PersonChoice = lazyPart(() => import('./PersonChoice.tsx'), 'PersonChoice')

type View = 'day' | 'week' | 'calendar'

/** A person's hours: the grid of a week, one day, or a calendar; on a phone one day at a time. */
export function Time() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const firm = useFirm()
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const today = todayHere()

  const asked =
    search.year !== undefined && search.week !== undefined
      ? { year: search.year, week: search.week }
      : weekOf((search.day as CalendarDate | undefined) ?? today)
  const monday = mondayOf(asked)
  const memberId = search.memberId && search.memberId !== firm.memberId ? search.memberId : undefined
  const own = memberId === undefined
  const mayWrite = own || may('hours:write')
  const mayChoose = may('hours:read') && may('people:read')
  const people = useQuery({ ...peopleQuery, enabled: !own && mayChoose })
  const person = people.data?.rows.find(({ id }) => id === memberId)?.name

  const book = useWeek({ ...(monday ? asked : weekOf(today)), memberId })
  const [adding, setAdding] = useState(false)
  const [goTo, setGoTo] = useState<string | null>(null)
  const [copying, setCopying] = useState(false)
  const [opened, setOpened] = useState<Opened | null>(null)
  const [away, setAway] = useState<{ absence: Absence | null; date: string } | null>(null)
  const openAbsence = (absence: Absence | null, date: string) => setAway({ absence, date })
  const submission = useSubmission(book, memberId)
  const favourites = useFavourites(book.week)
  const timer = useTimer()

  const view: View = search.view ?? (onPhone ? 'day' : 'week')
  const inView = { ...(search.view ? { view: search.view } : {}), ...(memberId ? { memberId } : {}) }
  const day = chosenDay(search.day as CalendarDate | undefined, today, monday ?? today)
  const show = (date: CalendarDate, on?: CalendarDate) =>
    navigate({ search: { ...weekOf(date), ...(on ? { day: on } : {}), ...inView } })
  const showDay = (date: CalendarDate, as: View | undefined = search.view) =>
    navigate({ search: { ...weekOf(date), day: date, ...inView, ...(as ? { view: as } : {}) } })
  const choose = (next: View) => navigate({ search: { ...search, view: next } })
  const toToday = () => navigate({ search: inView })
  const step = view === 'day' ? 1 : 7
  const shift = (by: 1 | -1) => {
    if (!monday) return
    if (view === 'day') showDay(addDays(day, by))
    else show(addDays(monday, 7 * by))
  }
  const before = monday ? weekOf(addDays(monday, -7)) : null

  // The weeks beside this one are there when the arrow is pressed.
  const loaded = book.week !== undefined
  useEffect(() => {
    if (!loaded || !monday) return
    for (const days of [-7, 7]) client.prefetchQuery(weekQuery({ ...weekOf(addDays(monday, days)), memberId }))
  }, [loaded, monday, memberId, client])

  const copy = async () => {
    if (!before || copying || !mayWrite) return
    setCopying(true)
    try {
      const { created, leftOut, undone } = await book.copyFrom(before)
      const text = t('time.copied', { created, leftOut, week: before.week })
      if (undone) sayUndo(text, () => book.undo(undone))
      else say(text)
    } catch (error) {
      sayProblem(error)
    } finally {
      setCopying(false)
    }
  }
  const add = (head: RowHead) => {
    book.addRow(head)
    setGoTo(rowKey(head))
  }

  const ready = Boolean(book.week && mayWrite)
  useKeys([
    { keys: 'T', does: t('time.keys.today'), run: toToday },
    { keys: 'N', does: t('time.row.add'), run: () => setAdding(true), disabled: !ready || onPhone || view !== 'week' },
    {
      keys: 'S',
      does: t('time.keys.timer'),
      run: () => (timer.running ? timer.stop() : timer.start({ projectId: null, activityId: null })),
      disabled: !ready || !own || !timer.known,
    },
    {
      keys: 'mod+Enter',
      does: t('time.submit.week', { week: asked.week }),
      run: submission.submit,
      disabled: !ready || submission.allApproved || (submission.submittedAt !== null && !submission.again),
    },
    { keys: 'mod+D', does: t('time.copy', { week: before?.week ?? '' }), run: copy, disabled: !ready },
    {
      keys: 'mod+Z',
      does: t('parts.undo'),
      run: () => book.undo().catch(sayProblem),
      disabled: !book.undoable,
    },
  ])
  usePaletteActions(
    'time',
    // biome-ignore lint/correctness/useExhaustiveDependencies: the week says which actions there are
    useMemo(
      () =>
        ready
          ? [
              { id: 'time-add', label: t('time.row.add'), icon: 'plus' as const, run: () => setAdding(true) },
              {
                id: 'time-copy',
                label: t('time.copy', { week: before?.week ?? '' }),
                icon: 'copy' as const,
                run: copy,
              },
            ]
          : [],
      [ready, asked.year, asked.week, memberId, t],
    ),
  )

  const rangeOf = (from: CalendarDate, until: CalendarDate) =>
    format.dateRange(from, until, from.slice(0, 4) === until.slice(0, 4) ? 'long' : 'short')
  const title = own ? t('time.title') : t('time.titleOf', { name: person ?? '…' })
  const shownRange = monday ? rangeOf(monday, addDays(monday, 6)) : ''
  const registered = book.week ? minutesOf(book.week.entries) : 0

  const absenceDialog = away ? (
    <Suspense fallback={null}>
      <AbsenceDialog
        key={away.absence?.id ?? 'new'}
        absence={away.absence}
        date={away.date}
        memberId={memberId ?? firm.memberId}
        own={own}
        mayWrite={mayWrite}
        close={() => setAway(null)}
      />
    </Suspense>
  ) : null

  if (onPhone && monday) {
    return (
      <Suspense fallback={<WeekSkeleton />}>
        <Today
          book={book}
          monday={monday}
          today={today}
          day={day}
          view={view === 'calendar' ? 'calendar' : 'day'}
          choose={choose}
          submission={submission}
          openAbsence={openAbsence}
          memberId={memberId ?? firm.memberId}
          own={own}
          person={person ?? null}
          mayWrite={mayWrite}
          show={showDay}
          copy={copy}
          copying={copying}
        />
        {absenceDialog}
      </Suspense>
    )
  }

  return (
    <Page>
      <PageHead
        title={title}
        tabTitle={monday ? `${title}, ${t('time.week', { week: asked.week })}` : title}
        period={
          monday ? (
            <div className={`${styles.period} ${styles.tight}`}>
              <IconButton
                icon="back"
                name={t(step === 1 ? 'time.previousDay' : 'time.previous')}
                onClick={() => shift(-1)}
              />
              <b>
                {view === 'day' ? format.date(day, 'day') : shownRange}{' '}
                <span className="muted">{t('time.week', { week: asked.week })}</span>
              </b>
              <IconButton icon="next" name={t(step === 1 ? 'time.nextDay' : 'time.next')} onClick={() => shift(1)} />
              <Button kind="quiet" size="sm" keys="T" onClick={toToday}>
                {t('time.today')}
              </Button>
            </div>
          ) : null
        }
        actions={
          <>
            {own && ready ? <TimerChip /> : null}
            {ready && book.week ? <SubmitButton submission={submission} week={book.week.week} /> : null}
          </>
        }
      />
      {monday ? (
        <Tools>
          <Segments
            name={t('time.view')}
            value={view}
            options={[
              { value: 'day', label: t('time.view.day') },
              { value: 'week', label: t('time.view.week') },
              { value: 'calendar', label: t('time.view.calendar') },
            ]}
            onChange={choose}
          />
          {book.week ? <WeekState submission={submission} /> : null}
          <span className="grow" />
          <span className={styles.savedAt} aria-live="polite">
            {book.saving ? t('time.saving') : book.savedAt ? t('time.saved', { time: format.time(book.savedAt) }) : ''}
          </span>
          {mayChoose ? (
            <Suspense fallback={null}>
              <PersonChoice
                memberId={memberId ?? firm.memberId}
                ownId={firm.memberId}
                choose={(next) =>
                  navigate({
                    search: {
                      ...(search.year === undefined ? {} : asked),
                      ...(search.view ? { view: search.view } : {}),
                      ...(next ? { memberId: next } : {}),
                    },
                  })
                }
              />
            </Suspense>
          ) : null}
          {mayWrite && before ? (
            <Button
              icon="copy"
              size="sm"
              keys="mod+D"
              className={styles.tight}
              busy={copying}
              disabled={!book.week}
              onClick={copy}
            >
              {t('time.copy', { week: before.week })}
            </Button>
          ) : null}
        </Tools>
      ) : null}
      {monday && book.week ? (
        <SubmissionLines
          submission={submission}
          mayWrite={mayWrite}
          open={(entry) => setOpened({ entry, date: entry.date })}
        />
      ) : null}
      {view === 'calendar' && monday && book.week ? (
        <Fill>
          {mayWrite ? null : <p className={styles.looking}>{t('time.readOnly', { name: person ?? '…' })}</p>}
          <Suspense fallback={<WeekSkeleton />}>
            <Calendar
              key={`${asked.year} ${asked.week} ${memberId ?? ''}`}
              book={book as typeof book & { week: Week }}
              dates={book.dates}
              today={today}
              memberId={memberId ?? firm.memberId}
              own={own}
              mayWrite={mayWrite}
              openAbsence={openAbsence}
            />
          </Suspense>
        </Fill>
      ) : (
        <Body padded={false}>
          {!monday ? (
            <EmptyState
              icon="calendar"
              title={t('time.noWeek.title', { year: asked.year, week: asked.week })}
              action={<Button onClick={toToday}>{t('time.noWeek.action')}</Button>}
            >
              {t('time.noWeek.text')}
            </EmptyState>
          ) : book.query.isError && !book.week ? (
            hasCode(book.query.error, 'person-unknown') ? (
              <EmptyState
                icon="person"
                title={t('time.noPerson.title')}
                action={<Button onClick={toToday}>{t('time.noPerson.action')}</Button>}
              />
            ) : (
              <ErrorState error={book.query.error} retry={book.query.refetch} busy={book.query.isFetching} />
            )
          ) : book.week && view === 'day' ? (
            <Suspense fallback={<WeekSkeleton />}>
              {mayWrite ? null : <p className={styles.looking}>{t('time.readOnly', { name: person ?? '…' })}</p>}
              <Day
                book={book as typeof book & { week: Week }}
                day={day}
                today={today}
                memberId={memberId ?? firm.memberId}
                own={own}
                mayWrite={mayWrite}
                favourites={favourites}
                show={showDay}
                openAbsence={openAbsence}
              />
            </Suspense>
          ) : book.week ? (
            <>
              {mayWrite ? null : <p className={styles.looking}>{t('time.readOnly', { name: person ?? '…' })}</p>}
              <WeekGrid
                key={`${asked.year} ${asked.week} ${memberId ?? ''}`}
                book={book as typeof book & { week: Week }}
                memberId={memberId ?? firm.memberId}
                own={own}
                mayWrite={mayWrite}
                today={today}
                adding={adding}
                setAdding={setAdding}
                goTo={goTo}
                favourites={favourites}
                openAbsence={openAbsence}
                showDay={(date) => showDay(date, 'day')}
              />
              <div className={styles.under}>
                {mayWrite ? (
                  <Favourites
                    how={t('time.suggestions.how')}
                    favourites={favourites}
                    lately={book.week.suggestions.filter((head) => !book.rows.some(({ key }) => key === rowKey(head)))}
                    add={add}
                  />
                ) : null}
                <AgainstContract week={book.week} registered={registered} />
              </div>
            </>
          ) : (
            <WeekSkeleton />
          )}
        </Body>
      )}
      {mayWrite && view === 'calendar' ? (
        <KeyBar
          keys={[
            { keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], does: t('time.bar.move') },
            { keys: ['Enter'], does: t('time.bar.make') },
            { keys: ['shift+ArrowDown'], does: t('time.bar.shift') },
            { keys: ['mod+ArrowDown'], does: t('time.bar.end') },
            { keys: ['alt+ArrowUp'], does: t('time.bar.begin') },
            { keys: ['mod+Z'], does: t('time.bar.undo') },
          ]}
        />
      ) : mayWrite && view === 'week' ? (
        <KeyBar
          keys={[
            { keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], does: t('time.bar.move') },
            { keys: ['1:30', '1,5', '90m'], does: t('time.bar.means') },
            { keys: ['.'], does: t('time.bar.note') },
            { keys: ['S'], does: t('time.bar.timer') },
            { keys: ['Delete'], does: t('time.bar.empty') },
            { keys: ['mod+Z'], does: t('time.bar.undo') },
          ]}
        />
      ) : null}
      {absenceDialog}
      {opened ? (
        <Suspense fallback={null}>
          <EntryBox
            opened={opened}
            book={book}
            memberId={memberId ?? firm.memberId}
            own={own}
            mayWrite={mayWrite}
            close={() => setOpened(null)}
          />
        </Suspense>
      ) : null}
    </Page>
  )
}

/** The day of the address when it lies in this week, else today, else Monday. */
function chosenDay(asked: CalendarDate | undefined, today: CalendarDate, monday: CalendarDate): CalendarDate {
  const within = (date: CalendarDate) => date >= monday && date <= addDays(monday, 6)
  return asked && within(asked) ? asked : within(today) ? today : monday
}
