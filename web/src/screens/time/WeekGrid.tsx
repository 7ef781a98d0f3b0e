// biome-ignore-all lint/a11y/useSemanticElements: a grid is a table in which cells take the focus (ARIA practices, grid)
// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: the same
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the same
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type KeyboardEvent, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { AbsenceRows } from './absences/AbsenceRows.tsx'
import type { Absence } from './absences/absence-queries.ts'
import type { Step } from './CellEditor.tsx'
import { type Editing, type GridActs, GridRow, type RowWarning } from './GridRow.tsx'
import styles from './time.module.css'
import { useRanToday, useTimer } from './timer/use-timer.ts'
import type { FavouritesInUse } from './use-favourites.ts'
import { useRemove } from './use-remove.ts'
import type { Trouble, WeekInUse } from './use-week.ts'
import {
  type CellPlace,
  cellKey,
  dayTotals,
  type HourEntry,
  type RowHead,
  rowKey,
  type Week,
  type WeekRow,
} from './week-rows.ts'

const loadAddRow = () => import('./AddRow.tsx')
const loadCellDialog = () => import('./CellDialog.tsx')
const AddRow = lazyPart(loadAddRow, 'AddRow')
const CellDialog = lazyPart(loadCellDialog, 'CellDialog')

interface At {
  readonly row: number
  readonly day: number
}

const sameAt = (a: At, b: At) => a.row === b.row && a.day === b.day

/** Warnings stand under the row of the entry that came last. */
function warningsByRow(week: Week, rows: readonly WeekRow[]): ReadonlyMap<string, readonly RowWarning[]> {
  const found = new Map<string, RowWarning[]>()
  week.days.forEach(({ warnings }, day) => {
    for (const { code, entryIds, minutes } of warnings) {
      const entries = entryIds.flatMap((id) => week.entries.find((entry) => entry.id === id) ?? [])
      const last = entries.at(-1)
      // Typed since: the server will tell again.
      if (!last || entries.length !== entryIds.length) continue
      const row = rows.find(({ key }) => key === rowKey(last))
      if (row) found.set(row.key, [...(found.get(row.key) ?? []), { day, code, minutes, entries }])
    }
  })
  return found
}

export function WeekGrid({
  book,
  memberId,
  own,
  mayWrite,
  today,
  adding,
  setAdding,
  goTo,
  favourites,
  openAbsence,
  showDay,
}: {
  book: WeekInUse & { readonly week: Week }
  memberId: string
  own: boolean
  mayWrite: boolean
  today: string
  adding: boolean
  setAdding: (adding: boolean) => void
  /** A row that was just added and wants the focus. */
  goTo: string | null
  favourites: FavouritesInUse
  /** An absence, or null for a new one on the day of the cursor. */
  openAbsence: (absence: Absence | null, date: string) => void
  showDay: (date: CalendarDate) => void
}) {
  const t = useT()
  const format = useFormat()
  const { week, rows, dates, troubles } = book
  const { name: home } = useFirm()
  const table = useRef<HTMLTableElement>(null)
  const todayAt = (dates as readonly string[]).indexOf(today)
  const [active, setActive] = useState<At>({ row: 0, day: Math.max(0, todayAt) })
  const [editing, setEditing] = useState<(At & Editing) | null>(null)
  const [dialog, setDialog] = useState<{ place: CellPlace; focus: 'duration' | 'note' } | null>(null)
  const focusWanted = useRef(false)
  const row = Math.min(active.row, Math.max(0, rows.length - 1))

  const placeAt = ({ row: at, day }: At): CellPlace | null => {
    const head = rows[at]
    const date = dates[day]
    return head && date ? { head, date } : null
  }
  const entriesAt = ({ row: at, day }: At) => rows[at]?.cells[day] ?? []

  // The focus follows what the keyboard did, once the cell is there.
  useEffect(() => {
    if (!focusWanted.current || editing) return
    const cell = table.current?.querySelector<HTMLElement>(`[data-cell="${active.row} ${active.day}"]`)
    if (!cell) return
    focusWanted.current = false
    cell.focus({ preventScroll: true })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  const go = (to: At) => {
    focusWanted.current = true
    setActive({ row: Math.min(rows.length - 1, Math.max(0, to.row)), day: Math.min(6, Math.max(0, to.day)) })
  }
  const step = ({ row: at, day }: At, by: Step): At => ({
    row: at + (by === 'down' ? 1 : by === 'up' ? -1 : 0),
    day: day + (by === 'right' ? 1 : by === 'left' ? -1 : 0),
  })

  const open = (at: At, focus: 'duration' | 'note') => {
    const place = placeAt(at)
    if (place && (mayWrite || entriesAt(at).length > 0)) setDialog({ place, focus })
  }
  const edit = (at: At, typed: string | null) => {
    const place = placeAt(at)
    const entries = entriesAt(at)
    const [entry] = entries
    if (!place) return
    setActive({ row: at.row, day: at.day })
    if (entries.length > 1 || !mayWrite) {
      open(at, 'duration')
      return
    }
    if (entry?.locked) {
      if (typed === null) open(at, 'duration')
      else book.setTrouble(place, { kind: 'locked', typed: null, entry })
      return
    }
    const kept = troubles[cellKey(place)]?.typed
    setEditing({
      ...at,
      start: typed ?? kept ?? (entry ? format.hours(entry.minutes) : ''),
      selected: typed === null,
    })
  }
  const write = (place: CellPlace, minutes: number, typed: string) =>
    book.write(place, minutes, typed, (entry, undone) =>
      sayUndo(t('time.entry.deleted', { hours: format.hours(entry.minutes) }), () => book.undo(undone)),
    )
  const save = (at: At, minutes: number, typed: string) => {
    const place = placeAt(at)
    const [entry] = entriesAt(at)
    if (!place) return
    if (minutes === (entry?.minutes ?? 0)) book.setTrouble(place, null)
    else write(place, minutes, typed)
  }
  const empty = (at: At) => {
    const place = placeAt(at)
    const entries = entriesAt(at)
    const [entry] = entries
    if (!place || !mayWrite) return
    if (troubles[cellKey(place)]) book.setTrouble(place, null)
    if (!entry) return
    if (entries.length > 1) open(at, 'duration')
    else if (entry.locked) book.setTrouble(place, { kind: 'locked', typed: null, entry })
    else write(place, 0, '')
  }

  const star = (at: number) => {
    const head = rows[at]
    if (head) favourites.toggle(head)
  }
  const onDay = (day: number) => {
    const date = dates[day]
    if (date) showDay(date)
  }
  const latest = useRef({ go, step, edit, save, open, star, onDay })
  latest.current = { go, step, edit, save, open, star, onDay }
  const bookNow = useRef({ book, placeAt })
  bookNow.current = { book, placeAt }
  const acts = useMemo((): GridActs => {
    const troubleAt = (at: At) => {
      const place = bookNow.current.placeAt(at)
      return place ? { place, trouble: bookNow.current.book.troubles[cellKey(place)] } : null
    }
    return {
      focus: (at, day) => {
        focusWanted.current = true
        setActive((before) => (sameAt(before, { row: at, day }) ? { ...before } : { row: at, day }))
      },
      edit: (at, day) => latest.current.edit({ row: at, day }, null),
      commit: (at, day, minutes, typed, by) => {
        setEditing(null)
        latest.current.save({ row: at, day }, minutes, typed)
        if (by !== 'stay') latest.current.go(latest.current.step({ row: at, day }, by))
      },
      leave: (at, day, typed) => {
        setEditing(null)
        if (!typed) {
          latest.current.go({ row: at, day })
          return
        }
        const place = bookNow.current.placeAt({ row: at, day })
        if (place)
          bookNow.current.book.setTrouble(place, { kind: 'not-understood', typed: typed.text, code: typed.code })
      },
      open: (at, day) => latest.current.open({ row: at, day }, 'duration'),
      saveMine: (at, day) => {
        const found = troubleAt({ row: at, day })
        if (found?.trouble && 'minutes' in found.trouble)
          bookNow.current.book.write(found.place, found.trouble.minutes, found.trouble.typed)
      },
      forget: (at, day) => {
        const found = troubleAt({ row: at, day })
        if (found) bookNow.current.book.setTrouble(found.place, null)
        latest.current.go({ row: at, day })
      },
      star: (at) => latest.current.star(at),
      showDay: (day) => latest.current.onDay(day),
      bothRight: ({ entries }) => {
        bookNow.current.book.acceptOverlap(entries.map(({ id }) => id)).catch(sayProblem)
      },
    }
  }, [])

  const timer = useTimer()
  const running = own && timer.running?.projectId && timer.running.activityId ? timer.running : null
  const runningKey =
    running?.projectId && running.activityId
      ? rowKey({ projectId: running.projectId, activityId: running.activityId })
      : null
  const ran = useRanToday(running)
  const runsHere = running !== null && todayAt >= 0
  // What runs stands in the week, also before anything is written on it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per timer
  useEffect(() => {
    if (!runsHere || !running || rows.some(({ key }) => key === runningKey)) return
    const { projectId, activityId, projectName, activityName, customerName } = running
    if (projectId && activityId)
      book.addRow({
        projectId,
        activityId,
        projectName: projectName ?? '',
        activityName: activityName ?? '',
        customerName,
      })
  }, [runsHere, runningKey])
  const startOrStop = () => {
    const head = rows[row]
    if (!own || !mayWrite) return
    if (timer.running && (!head || rowKey(head) === runningKey)) timer.stop()
    else timer.start({ projectId: head?.projectId ?? null, activityId: head?.activityId ?? null })
  }

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('[data-cell]')) return
    const at = { row, day: active.day }
    const bare = !event.ctrlKey && !event.metaKey && !event.altKey
    const moves: Readonly<Record<string, At>> = {
      ArrowUp: step(at, 'up'),
      ArrowDown: step(at, 'down'),
      ArrowLeft: step(at, 'left'),
      ArrowRight: step(at, 'right'),
      Home: { ...at, day: 0 },
      End: { ...at, day: 6 },
      PageUp: { ...at, row: at.row - 10 },
      PageDown: { ...at, row: at.row + 10 },
    }
    const move = moves[event.key]
    const tab = event.key === 'Tab' ? step(at, event.shiftKey ? 'left' : 'right') : null
    if (move && (bare || event.key === 'Home' || event.key === 'End')) {
      event.preventDefault()
      go(
        event.ctrlKey && event.key === 'Home'
          ? { row: 0, day: 0 }
          : event.ctrlKey && event.key === 'End'
            ? { row: rows.length - 1, day: 6 }
            : move,
      )
    } else if (tab && tab.day >= 0 && tab.day <= 6 && bare) {
      // Along the row; past its ends Tab leaves the grid, so nobody is caught in it.
      event.preventDefault()
      go(tab)
    } else if ((event.key === 'Enter' || event.key === 'F2') && bare) {
      event.preventDefault()
      edit(at, null)
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && bare) {
      event.preventDefault()
      empty(at)
    } else if (event.key === 'Escape') {
      const place = placeAt(at)
      if (place && troubles[cellKey(place)]) {
        event.preventDefault()
        book.setTrouble(place, null)
      }
    } else if (event.key.toLowerCase() === 's' && bare) {
      event.preventDefault()
      startOrStop()
    } else if (event.key === '.' && bare) {
      event.preventDefault()
      open(at, 'note')
    } else if (/^[0-9:,]$/.test(event.key) && bare) {
      event.preventDefault()
      edit(at, event.key)
    }
  }

  const addRow = (head: RowHead) => {
    setAdding(false)
    book.addRow(head)
    const key = rowKey(head)
    const there = rows.findIndex((one) => one.key === key)
    focusWanted.current = true
    setActive({ row: there >= 0 ? there : rows.length, day: Math.max(0, todayAt) })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per row that was asked for
  useEffect(() => {
    const there = goTo ? rows.findIndex((one) => one.key === goTo) : -1
    if (there >= 0) go({ row: there, day: Math.max(0, todayAt) })
  }, [goTo])

  const warnings = useMemo(() => warningsByRow(week, rows), [week, rows])
  const troublesOf = (one: WeekRow): ReadonlyMap<number, Trouble> | null => {
    const mine = dates.flatMap((date, day) => {
      const trouble = troubles[cellKey({ head: one, date })]
      return trouble ? [[day, trouble] as const] : []
    })
    return mine.length > 0 ? new Map(mine) : null
  }
  const anyTrouble = Object.keys(troubles).length > 0

  const written = useMemo(() => dayTotals(rows), [rows])
  const perDay = written.map(
    (minutes, day) => minutes + (week.days[day]?.absentMinutes ?? 0) + (runsHere && day === todayAt ? ran : 0),
  )
  const registered = perDay.reduce((total, minutes) => total + minutes, 0)
  useKeys([
    {
      keys: 'ArrowDown',
      does: t('time.keys.move'),
      run: () => go({ row, day: active.day }),
      disabled: rows.length === 0,
    },
  ])

  const remove = useRemove(book)
  const removed = (entry: HourEntry) => {
    setDialog(null)
    return remove(entry)
  }

  return (
    <>
      <table
        ref={table}
        className={styles.grid}
        role="grid"
        aria-label={t('time.grid.name', { week: week.week })}
        aria-colcount={9}
        aria-readonly={mayWrite ? undefined : true}
        onKeyDown={onKeyDown}
      >
        <colgroup>
          <col />
          {dates.map((date) => (
            <col key={date} className={styles.dayColumn} />
          ))}
          <col className={styles.totalColumn} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={styles.what}>
              {t('time.grid.what')}
            </th>
            {dates.map((date) => (
              <th
                key={date}
                scope="col"
                className={date === today ? styles.todayHead : undefined}
                aria-current={date === today ? 'date' : undefined}
              >
                {format.date(date, 'weekday')} <b>{Number(date.slice(8))}</b>
              </th>
            ))}
            <th scope="col" className={styles.total}>
              {t('time.grid.total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one, at) => (
            <GridRow
              key={one.key}
              row={one}
              at={at}
              dates={dates}
              today={today}
              active={at === row ? active.day : null}
              editing={editing?.row === at ? editing : null}
              troubles={anyTrouble ? troublesOf(one) : null}
              warnings={warnings.get(one.key) ?? null}
              home={home}
              mayWrite={mayWrite}
              starred={own ? favourites.has(one) : null}
              running={runsHere && one.key === runningKey ? ran : null}
              runningDay={todayAt}
              acts={acts}
            />
          ))}
          <AbsenceRows
            week={week}
            dates={dates}
            today={today}
            firstIndex={rows.length + 2}
            open={(absence) => openAbsence(absence, absence.date)}
          />
          {mayWrite ? (
            <tr className={styles.add}>
              {adding ? (
                <td colSpan={9} className={styles.adding}>
                  <Suspense fallback={null}>
                    <AddRow memberId={memberId} add={addRow} cancel={() => setAdding(false)} />
                  </Suspense>
                </td>
              ) : (
                <>
                  <td>
                    <Button kind="quiet" size="sm" icon="plus" keys="N" onClick={() => setAdding(true)}>
                      {t('time.row.add')}
                    </Button>
                    <Button
                      kind="quiet"
                      size="sm"
                      icon="calendar"
                      onClick={() => openAbsence(null, dates[active.day] ?? today)}
                    >
                      {t('time.absence.add')}
                    </Button>
                  </td>
                  {dates.map((date, day) => (
                    <td
                      key={date}
                      className={[styles.cell, day > 4 ? styles.weekend : '', date === today ? styles.today : ''].join(
                        ' ',
                      )}
                    />
                  ))}
                  <td className={styles.total} />
                </>
              )}
            </tr>
          ) : null}
        </tbody>
        <tfoot>
          <tr className={styles.registered}>
            <th scope="row">{t('time.grid.registered')}</th>
            {perDay.map((minutes, day) => (
              <td key={dates[day]}>{minutes > 0 ? format.hours(minutes) : ''}</td>
            ))}
            <td>
              <span className="sum">{format.hours(registered)}</span>
            </td>
          </tr>
          <tr>
            <th scope="row">{t('time.grid.contract')}</th>
            {week.days.map(({ date, contractMinutes }) => (
              <td key={date}>{contractMinutes > 0 ? format.hours(contractMinutes) : ''}</td>
            ))}
            <td>{format.hours(week.contractMinutes)}</td>
          </tr>
          <tr className={styles.difference}>
            <th scope="row">{t('time.grid.difference')}</th>
            {week.days.map(({ date, contractMinutes }, day) => {
              const minutes = (perDay[day] ?? 0) - contractMinutes
              // A day that is still to come is not behind.
              const shown = (perDay[day] ?? 0) > 0 || (contractMinutes > 0 && date <= today)
              return (
                <td key={date} className={minutes > 0 ? styles.more : undefined}>
                  {shown ? format.hours(minutes, { signed: true }) : ''}
                </td>
              )
            })}
            <td>{format.hours(registered - week.contractMinutes, { signed: true })}</td>
          </tr>
        </tfoot>
      </table>
      {dialog ? (
        <Suspense fallback={null}>
          <CellDialog
            key={cellKey(dialog.place)}
            place={dialog.place}
            entries={week.entries}
            memberId={memberId}
            own={own}
            mayWrite={mayWrite}
            focus={dialog.focus}
            saved={book.saved}
            remove={removed}
            close={() => {
              setDialog(null)
              go({ row, day: active.day })
            }}
          />
        </Suspense>
      ) : null}
    </>
  )
}
