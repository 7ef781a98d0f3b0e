import { useMediaQuery } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { addDays, type CalendarDate, mondayOf, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Body, KeyBar, Page, PageHead } from '../../frame/Page.tsx'
import { usePaletteActions } from '../../frame/palette.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { EmptyState, ErrorState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { say, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { today as todayHere } from '../../parts/today.ts'
import { hasCode } from '../../problem.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AgainstContract } from './AgainstContract.tsx'
import { peopleQuery } from './people.ts'
import { Suggestions } from './Suggestions.tsx'
import styles from './time.module.css'
import { useWeek, weekQuery } from './use-week.ts'
import { WeekGrid } from './WeekGrid.tsx'
import { WeekSkeleton } from './WeekSkeleton.tsx'
import { minutesOf, type RowHead, rowKey, type Week } from './week-rows.ts'

const route = getRouteApi('/f/$firm/time')

// The grid is there first; what only some people or a phone need comes after it.
const Today = lazyPart(() => import('./Today.tsx'), 'Today')
const PersonChoice = lazyPart(() => import('./PersonChoice.tsx'), 'PersonChoice')

/** A person's week: the grid, or on a phone one day at a time. */
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

  const show = (date: CalendarDate, day?: CalendarDate) =>
    navigate({ search: { ...weekOf(date), ...(day ? { day } : {}), ...(memberId ? { memberId } : {}) } })
  const toToday = () => navigate({ search: memberId ? { memberId } : {} })
  const shift = (days: number) => monday && show(addDays(monday, days))
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
    { keys: 'N', does: t('time.row.add'), run: () => setAdding(true), disabled: !ready || onPhone },
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

  const title = own ? t('time.title') : t('time.titleOf', { name: person ?? '…' })
  const shownRange = monday ? format.dateRange(monday, addDays(monday, 6)) : ''
  const registered = book.week ? minutesOf(book.week.entries) : 0

  if (onPhone && monday) {
    return (
      <Suspense fallback={<WeekSkeleton />}>
        <Today
          book={book}
          monday={monday}
          today={today}
          day={(search.day as CalendarDate | undefined) ?? null}
          memberId={memberId ?? firm.memberId}
          own={own}
          person={person ?? null}
          mayWrite={mayWrite}
          show={(day) => show(day, day)}
          copy={copy}
          copying={copying}
        />
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
              <IconButton icon="back" name={t('time.previous')} onClick={() => shift(-7)} />
              <b>
                {shownRange} <span className="muted">{t('time.week', { week: asked.week })}</span>
              </b>
              <IconButton icon="next" name={t('time.next')} onClick={() => shift(7)} />
              <Button kind="quiet" size="sm" keys="T" onClick={toToday}>
                {t('time.today')}
              </Button>
            </div>
          ) : null
        }
        actions={
          <>
            <span className={styles.savedAt} aria-live="polite">
              {book.saving
                ? t('time.saving')
                : book.savedAt
                  ? t('time.saved', { time: format.time(book.savedAt) })
                  : ''}
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
                keys="mod+D"
                className={styles.tight}
                busy={copying}
                disabled={!book.week}
                onClick={copy}
              >
                {t('time.copy', { week: before.week })}
              </Button>
            ) : null}
          </>
        }
      />
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
            />
            <div className={styles.under}>
              {mayWrite ? (
                <Suggestions
                  heads={book.week.suggestions.filter((head) => !book.rows.some(({ key }) => key === rowKey(head)))}
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
      {mayWrite ? (
        <KeyBar
          keys={[
            { keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], does: t('time.bar.move') },
            { keys: ['1:30', '1,5', '90m'], does: t('time.bar.means') },
            { keys: ['.'], does: t('time.bar.note') },
            { keys: ['Delete'], does: t('time.bar.empty') },
            { keys: ['mod+Z'], does: t('time.bar.undo') },
          ]}
        />
      ) : null}
    </Page>
  )
}
