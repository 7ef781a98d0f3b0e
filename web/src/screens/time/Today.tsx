import { Drawer } from '@mantine/core'
import '@mantine/core/styles/Drawer.layer.css'
import { Link } from '@tanstack/react-router'
import { addDays, type CalendarDate, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { Suspense, useMemo, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, IconButton } from '../../parts/Button.tsx'
import { EmptyState, ErrorState } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { type RowWarning, useWarningWords } from './GridRow.tsx'
import { useLockReason } from './lock-words.ts'
import styles from './today.module.css'
import { clockText } from './typed-time.ts'
import type { WeekInUse } from './use-week.ts'
import { WeekSkeleton } from './WeekSkeleton.tsx'
import { type HourEntry, minutesOf, type RowHead, type Week } from './week-rows.ts'

const EntryForm = lazyPart(() => import('./EntryForm.tsx'), 'EntryForm')

interface TodayProps {
  readonly book: WeekInUse
  readonly monday: CalendarDate
  readonly today: CalendarDate
  /** The chosen day; today, or Monday of another week, when there is none. */
  readonly day: CalendarDate | null
  readonly memberId: string
  readonly own: boolean
  readonly person: string | null
  readonly mayWrite: boolean
  readonly show: (day: CalendarDate) => void
  readonly copy: () => void
  readonly copying: boolean
}

/** On a phone: one day, its hours, and a large button to add more. */
export function Today(props: TodayProps) {
  const { book, monday, today, memberId, own, person, mayWrite, show } = props
  const t = useT()
  const format = useFormat()
  const firm = useFirm()
  const dates = useMemo(() => Array.from({ length: 7 }, (_, at) => addDays(monday, at)), [monday])
  const chosen = props.day && dates.includes(props.day) ? props.day : dates.includes(today) ? today : monday
  const [sheet, setSheet] = useState<{ entry: HourEntry | null; head: RowHead | null } | null>(null)
  const week = book.week
  const entries = (week?.entries ?? [])
    .filter(({ date }) => date === chosen)
    .toSorted((a, b) => (a.startMinute ?? 1441) - (b.startMinute ?? 1441) || a.projectName.localeCompare(b.projectName))
  const minutes = minutesOf(entries)
  const weekMinutes = minutesOf(week?.entries ?? [])
  const contract = week?.days.find(({ date }) => date === chosen)?.contractMinutes ?? 0
  const dayName = chosen === today ? t('time.today') : capital(format.date(chosen, 'day').split(/[ ,]/)[0] ?? '')

  const remove = async (entry: HourEntry) => {
    setSheet(null)
    try {
      const undone = await book.removeEntry(entry)
      sayUndo(t('time.entry.deleted', { hours: format.hours(entry.minutes) }), () => book.undo(undone))
    } catch (error) {
      sayProblem(error)
    }
  }

  return (
    <Page>
      <PageHead
        title={own || !person ? dayName : `${person}, ${dayName}`}
        actions={
          <>
            <IconButton icon="back" name={t('time.previous')} onClick={() => show(addDays(chosen, -7))} />
            <IconButton icon="next" name={t('time.next')} onClick={() => show(addDays(chosen, 7))} />
          </>
        }
      />
      <Body padded={false}>
        <div className={styles.page}>
          <p className={styles.date}>
            {format.date(chosen, 'day')} · {t('time.week', { week: weekOf(monday).week })}
          </p>
          <nav className={styles.strip} aria-label={t('time.phone.days')}>
            {dates.map((date) => {
              const there = minutesOf((week?.entries ?? []).filter((entry) => entry.date === date))
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
          {book.query.isError && !week ? (
            <ErrorState error={book.query.error} retry={book.query.refetch} busy={book.query.isFetching} />
          ) : !week ? (
            <WeekSkeleton />
          ) : (
            <>
              <DayList entries={entries} open={(entry) => setSheet({ entry, head: null })} />
              {entries.length === 0 ? (
                <EmptyState icon="clock" title={t('time.phone.empty')}>
                  {mayWrite ? t('time.phone.emptyText') : null}
                </EmptyState>
              ) : null}
              {mayWrite && entries.length === 0 ? (
                <Quick heads={week.suggestions} pick={(head) => setSheet({ entry: null, head })} />
              ) : null}
              <section className={styles.balance}>
                <p>
                  <span>
                    {dayName} <b className="fig">{format.hours(minutes)}</b>
                    {contract > 0 ? ` ${t('time.phone.of', { hours: format.hours(contract) })}` : ''}
                  </span>
                  {contract > minutes ? (
                    <span>{t('time.phone.toGo', { hours: format.hours(contract - minutes) })}</span>
                  ) : null}
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
                  <Link
                    to="/f/$firm/overviews/hours"
                    params={{ firm: firm.slug }}
                    search={{ from: monday, until: addDays(monday, 6), memberId: [memberId] }}
                  >
                    {t('time.phone.week')}
                  </Link>
                </p>
              </section>
              <Warnings week={week} show={show} />
              {mayWrite && weekMinutes === 0 ? (
                <div className={styles.copy}>
                  <Button icon="copy" busy={props.copying} onClick={props.copy} wide>
                    {t('time.copy', { week: weekOf(addDays(monday, -7)).week })}
                  </Button>
                </div>
              ) : null}
            </>
          )}
        </div>
      </Body>
      {mayWrite ? (
        <div className={styles.addBar}>
          <Button
            kind="primary"
            size="lg"
            icon="plus"
            wide
            disabled={!week}
            onClick={() => setSheet({ entry: null, head: null })}
          >
            {t('time.phone.add')}
          </Button>
        </div>
      ) : null}
      <Drawer
        opened={sheet !== null}
        onClose={() => setSheet(null)}
        position="bottom"
        size="auto"
        title={sheet?.entry ? t('time.phone.entry') : t('time.phone.add')}
        classNames={{ content: styles.sheet }}
        closeButtonProps={{ 'aria-label': t('parts.close') }}
      >
        {sheet ? (
          <Suspense fallback={null}>
            <EntryForm
              key={sheet.entry?.id ?? 'new'}
              entry={sheet.entry}
              head={sheet.head}
              memberId={memberId}
              own={own}
              date={chosen}
              focus={sheet.entry || sheet.head ? 'duration' : 'project'}
              mayWrite={mayWrite}
              saved={book.saved}
              remove={mayWrite ? remove : undefined}
              close={() => setSheet(null)}
            />
          </Suspense>
        ) : null}
      </Drawer>
    </Page>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function DayList({ entries, open }: { entries: readonly HourEntry[]; open: (entry: HourEntry) => void }) {
  const t = useT()
  const format = useFormat()
  const { name: home } = useFirm()
  const lockReason = useLockReason()
  if (entries.length === 0) return null
  return (
    <ul className={styles.entries} aria-label={t('time.phone.list')}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <button type="button" onClick={() => open(entry)}>
            <span className={styles.words}>
              <span>
                <b>{entry.activityName}</b> <span className="muted">{entry.projectName}</span>
              </span>
              <small>
                {[
                  entry.customerName ?? home,
                  entry.startMinute === null || entry.endMinute === null
                    ? null
                    : `${clockText(entry.startMinute)}–${clockText(entry.endMinute)}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
                {entry.note ? <Icon name="note" size={14} /> : null}
                {entry.note ? <span className="only-spoken">{entry.note}</span> : null}
              </small>
            </span>
            <span className={styles.minutes}>{format.hours(entry.minutes)}</span>
            <span className={styles.end}>
              <Icon name={entry.locked ? 'lock' : 'next'} size={14} />
              {entry.locked ? <span className="only-spoken">{lockReason(entry)}</span> : null}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What was worked on lately: one touch fills project and activity. */
function Quick({ heads, pick }: { heads: readonly RowHead[]; pick: (head: RowHead) => void }) {
  const t = useT()
  if (heads.length === 0) return null
  return (
    <section className={styles.quick} aria-label={t('time.suggestions.title')}>
      {heads.slice(0, 4).map((head) => (
        <button key={`${head.projectId} ${head.activityId}`} type="button" onClick={() => pick(head)}>
          <Icon name="plus" size={14} />
          <span>
            <b>{head.activityName}</b> {head.projectName}
          </span>
        </button>
      ))}
    </section>
  )
}

function Warnings({ week, show }: { week: Week; show: (day: CalendarDate) => void }) {
  const format = useFormat()
  const words = useWarningWords()
  const found = week.days.flatMap(({ date, warnings }, day) =>
    warnings.map((warning): RowWarning & { date: string } => ({
      day,
      date,
      code: warning.code,
      minutes: warning.minutes,
      entries: warning.entryIds.flatMap((id) => week.entries.find((entry) => entry.id === id) ?? []),
    })),
  )
  if (found.length === 0) return null
  return (
    <ul className={styles.entries}>
      {found.map((warning) => (
        <li key={`${warning.date} ${warning.code} ${warning.entries.map(({ id }) => id).join(' ')}`}>
          <button type="button" onClick={() => show(warning.date as CalendarDate)}>
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
