import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type CSSProperties, type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../../../format.ts'
import { Icon } from '../../../parts/icons.tsx'
import { useT } from '../../../words/words.tsx'
import type { Absence } from '../absences/absence-queries.ts'
import { EntryBox, type Opened } from '../EntryBox.tsx'
import { clockText } from '../typed-time.ts'
import { useNow } from '../use-now.ts'
import { useRemove } from '../use-remove.ts'
import type { WeekInUse } from '../use-week.ts'
import type { HourEntry, Week } from '../week-rows.ts'
import { Above } from './Above.tsx'
import { FromDayBefore, RunningTimer } from './Beside.tsx'
import { Block } from './Block.tsx'
import styles from './calendar.module.css'
import { MoveTroubles } from './MoveTroubles.tsx'
import {
  dayMinutes,
  lanesOf,
  movedSpan,
  overlapOf,
  quarter,
  type Span,
  spanOf,
  stretchedSpan,
  timesOfSpan,
} from './spans.ts'
import { nearestStop, type Stop, slotMinutes, stepThrough, stopsOf } from './stops.ts'
import { type Grip, type Held, useDrag } from './use-drag.ts'

interface CalendarProps {
  readonly book: WeekInUse & { readonly week: Week }
  /** Beside each other: the week, or on a phone one day. */
  readonly dates: readonly CalendarDate[]
  readonly today: CalendarDate
  readonly memberId: string
  readonly own: boolean
  readonly mayWrite: boolean
  readonly openAbsence: (absence: Absence, date: string) => void
}

interface At {
  readonly day: number
  readonly stop: Stop<string>
}

/** Hours where they were worked: a column a day, what has no times above it. */
export function Calendar({ book, dates, today, memberId, own, mayWrite, openAbsence }: CalendarProps) {
  const t = useT()
  const format = useFormat()
  const { week } = book
  const scroller = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const hours = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<Opened | null>(null)
  const remove = useRemove(book)
  const [said, setSaid] = useState('')
  const todayAt = dates.indexOf(today)
  const nowMs = useNow(30_000)
  const now = new Date(nowMs)
  const nowMinute = now.getHours() * 60 + now.getMinutes()

  const days = useMemo(
    () =>
      dates.map((date) => {
        const entries = week.entries
          .filter((entry) => entry.date === date)
          .map((entry) => ({ id: entry.id, entry, span: spanOf(entry) }))
        return { date, entries, stops: stopsOf(entries) }
      }),
    [dates, week.entries],
  )
  const warned = useMemo(() => {
    const spans = new Map(week.entries.map((entry) => [entry.id, { date: entry.date, span: spanOf(entry) }]))
    return new Set(
      week.days.flatMap(({ warnings }) =>
        warnings.flatMap(({ code, entryIds }) => {
          const [a, b] = entryIds.map((id) => spans.get(id))
          // Moved since: the server will tell again.
          const still = a?.span && b?.span && (a.date !== b.date || overlapOf(a.span, b.span) > 0)
          return code === 'overlap' && still ? entryIds : []
        }),
      ),
    )
  }, [week])

  // It begins where work begins; what is earlier is one turn of the wheel away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes
  useLayoutEffect(() => {
    const first = Math.min(8 * 60, ...days.flatMap(({ entries }) => entries.flatMap(({ span }) => span?.from ?? [])))
    if (scroller.current) scroller.current.scrollTop = Math.max(0, first - slotMinutes)
  }, [])

  const [at, setAt] = useState<At>({ day: Math.max(0, todayAt), stop: { minute: 9 * 60, id: null } })
  const day = Math.min(at.day, days.length - 1)
  const stops = days[day]?.stops ?? []
  const stop = nearestStop(stops, at.stop) ?? at.stop
  const focusWanted = useRef(false)
  // Before anything is painted, so that the next key finds the entry where the one before has put it.
  useLayoutEffect(() => {
    if (!focusWanted.current || opened) return
    // On its way to another day: the entry is drawn there in a moment.
    if (at.stop.id !== stop.id && week.entries.some(({ id }) => id === at.stop.id)) return
    const wanted = scroller.current?.querySelector<HTMLElement>('[data-stop][tabindex="0"]')
    if (!wanted) return
    focusWanted.current = false
    wanted.focus({ preventScroll: true })
    const box = scroller.current?.getBoundingClientRect()
    const mine = wanted.getBoundingClientRect()
    const top = head.current?.getBoundingClientRect().bottom ?? 0
    if (!box || !scroller.current || head.current?.contains(wanted)) return
    if (mine.top < top) scroller.current.scrollTop -= top - mine.top + 8
    else if (mine.bottom > box.bottom)
      scroller.current.scrollTop += Math.min(mine.bottom - box.bottom + 8, mine.top - top)
  })
  const go = (to: At) => {
    focusWanted.current = true
    setAt(to)
  }

  const spoken = (date: string, span: Span) => {
    const { startMinute, endMinute } = timesOfSpan(span)
    return `${format.date(date, 'day')} ${clockText(startMinute)}–${clockText(endMinute)}`
  }
  const make = (date: string, span: Span) =>
    setOpened({ entry: null, date, times: timesOfSpan(span), focus: 'project' })
  const put = (entry: HourEntry, date: string, span: Span | null, rest = false) => {
    const times = span ? timesOfSpan(span) : { startMinute: entry.startMinute, endMinute: entry.endMinute }
    if (date === entry.date && times.startMinute === entry.startMinute && times.endMinute === entry.endMinute) return
    book.move(entry, { date, ...times }, rest)
    if (rest && span) setSaid(spoken(date, span))
    else if (rest) setSaid(format.date(date, 'day'))
  }

  const isSaved = (entry: HourEntry) => !entry.id.startsWith('new ')
  const gripAt = (target: Element, place: { day: number; minute: number }): Grip | null => {
    const held = target.closest<HTMLElement>('[data-entry]')
    if (!held) {
      const free = hours.current?.contains(target) && mayWrite
      return free ? { does: 'make', day: place.day, anchor: place.minute } : null
    }
    const found = days.flatMap(({ entries }, at) => entries.map((one) => ({ ...one, at })))
    const one = found.find(({ id }) => id === held.dataset.entry)
    if (!one || !mayWrite || !isSaved(one.entry)) return null
    const end = target.closest<HTMLElement>('[data-end]')?.dataset.end
    if (one.span && (end === 'from' || end === 'until'))
      return { does: end, entry: one.entry, day: one.at, span: one.span }
    return { does: 'move', entry: one.entry, day: one.at, span: one.span }
  }
  const mayTake = (grip: Grip) => {
    if (grip.does === 'make' || !grip.entry.locked) return true
    book.setMoveTrouble(grip.entry.id, { kind: 'locked', entry: grip.entry })
    return false
  }
  const letGo = ({ grip, day: to, span }: Held) => {
    const date = dates[to]
    if (!date) return
    if (grip.does === 'make') {
      if (span) make(date, span)
    } else {
      put(grip.entry, date, span)
      setAt({ day: to, stop: { minute: span?.from ?? null, id: grip.entry.id } })
    }
  }
  const { held, onPointerDown, wasDragged } = useDrag({
    hours,
    head,
    scroller,
    days: dates.length,
    gripAt,
    mayTake,
    put: letGo,
  })

  const open = (entry: HourEntry) => {
    if (wasDragged() || !isSaved(entry)) return
    setOpened({ entry, date: entry.date })
  }

  /** Shift moves, Ctrl changes the end, Alt the start; false for keys that are no such movement. */
  const change = (event: KeyboardEvent): boolean => {
    const drawn = week.entries.find(({ id }) => id === at.stop.id)
    const entry = drawn && book.newest(drawn)
    const on = entry ? dates.indexOf(entry.date as CalendarDate) : -1
    const by = { ArrowUp: -quarter, ArrowDown: quarter }[event.key] ?? 0
    const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0
    if (!entry || (by === 0 && days === 0) || !mayWrite || !isSaved(entry)) return false
    const span = spanOf(entry)
    const [moves, ends, begins] = [event.shiftKey, event.ctrlKey || event.metaKey, event.altKey]
    if (Number(moves) + Number(ends) + Number(begins) !== 1) return false
    const date = dates[on + (moves ? days : 0)]
    if (!moves && days !== 0) return false
    if (!date || (!span && days === 0)) return true
    if (entry.locked) {
      book.setMoveTrouble(entry.id, { kind: 'locked', entry })
      return true
    }
    const next = !span
      ? null
      : moves
        ? movedSpan(span, by, quarter)
        : stretchedSpan(span, ends ? 'until' : 'from', (ends ? span.until : span.from) + by, {
            step: quarter,
            breakMinutes: entry.breakMinutes,
          })
    put(entry, date, next, true)
    go({ day: on + days, stop: { minute: next?.from ?? null, id: entry.id } })
    return true
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('[data-stop]')) return
    if (change(event)) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    const along = { ArrowUp: -1 as const, ArrowDown: 1 as const }[event.key]
    const to = days[day + (across ?? 0)]
    if (along) go({ day, stop: stepThrough(stops, stop, along) })
    else if (across && to) go({ day: day + across, stop: nearestStop(to.stops, { ...stop, id: null }) ?? stop })
    else if (event.key === 'Escape' && stop.id && book.moveTroubles[stop.id]) book.setMoveTrouble(stop.id, null)
    else if ((event.key === 'Delete' || event.key === 'Backspace') && stop.id) {
      const entry = week.entries.find(({ id }) => id === stop.id)
      if (entry && mayWrite) remove(entry)
    } else if (!across) return
    event.preventDefault()
  }

  const slot = stop.id === null && stop.minute !== null ? stop.minute : null
  const columns = { '--days': dates.length } as CSSProperties
  const heldId = held && held.grip.does !== 'make' ? held.grip.entry.id : null

  return (
    <div className={styles.frame}>
      <MoveTroubles book={book} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the entries and places inside */}
      <div
        ref={scroller}
        className={`${styles.calendar} ${held ? styles.holding : ''}`}
        style={columns}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
      >
        <Above
          headRef={head}
          days={days}
          today={today}
          held={held}
          stop={{ day, stop }}
          week={week}
          openAbsence={openAbsence}
          focus={(at, id) => setAt({ day: at, stop: { minute: null, id } })}
          open={open}
        />
        {/* In this part the arrow keys are ours (ARIA practices, application): reading aloud goes entry by entry. */}
        <div
          role="application"
          aria-label={t('time.calendar.name', { week: week.week })}
          aria-describedby="calendar-keys"
          className={styles.hours}
        >
          <div className={styles.scale} aria-hidden="true">
            {Array.from({ length: 23 }, (_, hour) => (
              <span key={clockText((hour + 1) * 60)} style={{ top: (hour + 1) * 60 }}>
                {clockText((hour + 1) * 60)}
              </span>
            ))}
          </div>
          <div ref={hours} data-hours className={`${styles.columns} ${mayWrite ? styles.free : ''}`}>
            {days.map(({ date, entries }, at) => {
              const blocks = entries.flatMap(({ id, entry, span }) => (span ? [{ id, entry, ...span }] : []))
              const lanes = lanesOf(blocks)
              const drawn = held?.day === at && held.span ? held : null
              return (
                <div
                  key={date}
                  className={[
                    styles.column,
                    at > 4 && dates.length > 1 ? styles.weekend : '',
                    date === today ? styles.today : '',
                  ]
                    .filter(Boolean)
                    .join(' ')}
                >
                  {slot !== null && at === day ? (
                    <button
                      type="button"
                      data-stop
                      className={styles.slot}
                      style={{ top: slot }}
                      tabIndex={0}
                      aria-label={t(mayWrite ? 'time.calendar.slot' : 'time.calendar.free', {
                        day: format.date(date, 'day'),
                        time: clockText(slot),
                      })}
                      onClick={() => mayWrite && make(date, { from: slot, until: Math.min(dayMinutes, slot + 60) })}
                    />
                  ) : null}
                  <FromDayBefore
                    entries={week.entries.filter((entry) => entry.date === addDays(date, -1))}
                    open={(entry) => isSaved(entry) && setOpened({ entry, date: entry.date })}
                  />
                  {own && date === today ? <RunningTimer nowMs={nowMs} /> : null}
                  {blocks.map(({ id, entry, from, until }) => (
                    <Block
                      key={id}
                      entry={entry}
                      from={from}
                      until={until}
                      lane={lanes.get(id)}
                      warned={warned.has(id)}
                      held={id === heldId}
                      mayWrite={mayWrite}
                      active={at === day && stop.id === id}
                      focus={() => setAt({ day: at, stop: { minute: from, id } })}
                      open={() => open(entry)}
                    />
                  ))}
                  {drawn?.span ? <Ghost held={drawn} span={drawn.span} /> : null}
                  {date === today ? (
                    <span className={styles.now} style={{ top: nowMinute }} aria-hidden="true" />
                  ) : null}
                </div>
              )
            })}
          </div>
        </div>
      </div>
      <p id="calendar-keys" className="only-spoken">
        {t('time.calendar.keys')}
      </p>
      <p className="only-spoken" aria-live="polite">
        {said}
      </p>
      <EntryBox
        opened={opened}
        book={book}
        memberId={memberId}
        own={own}
        mayWrite={mayWrite}
        close={() => {
          setOpened(null)
          focusWanted.current = true
        }}
      />
    </div>
  )
}

/** Where it would stand when it is let go, with its times. */
function Ghost({ held: { grip }, span }: { held: Held; span: Span }) {
  const format = useFormat()
  const t = useT()
  const { startMinute, endMinute } = timesOfSpan(span)
  const pause = grip.does === 'make' ? 0 : grip.entry.breakMinutes
  const shown = Math.min(span.until, dayMinutes)
  return (
    <div className={styles.ghost} style={{ top: span.from, height: shown - span.from }} aria-hidden="true">
      <b className="fig">
        {clockText(startMinute)}–{clockText(endMinute)}
      </b>
      <span className="fig">{format.hours(span.until - span.from - pause)}</span>
      {pause > 0 ? <small>{t('time.calendar.break', { minutes: pause })}</small> : null}
      {span.until > dayMinutes ? <Icon name="moon" size={14} /> : null}
    </div>
  )
}
