import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useFormat } from '../../format.ts'
import { KeyHint } from '../../parts/KeyHint.tsx'
import { useT } from '../../words/words.tsx'
import { typedMinutes, useDurationWords } from './duration-words.ts'
import styles from './time.module.css'
import { clockText } from './typed-time.ts'
import type { HourEntry } from './week-rows.ts'

export type Step = 'stay' | 'up' | 'down' | 'left' | 'right'

/** Typing in a cell; what it means is shown before Enter, and what means nothing stays where it is. */
export function CellEditor({
  name,
  start,
  selected,
  entry,
  commit,
  leave,
}: {
  name: string
  start: string
  /** Opened with Enter: the next key replaces everything. */
  selected: boolean
  entry: HourEntry | undefined
  commit: (minutes: number, typed: string, step: Step) => void
  /** Left without a value that can be saved; `typed` is kept when it means nothing. */
  leave: (typed: { readonly text: string; readonly code: string } | null) => void
}) {
  const t = useT()
  const format = useFormat()
  const words = useDurationWords()
  const [typed, setTyped] = useState(start)
  const [refused, setRefused] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const settled = useRef(false)
  const id = useId()
  const meant = typedMinutes(typed)
  const clocked = entry && entry.startMinute !== null && entry.endMinute !== null ? entry : null

  useEffect(() => {
    const field = input.current
    if (!field) return
    field.focus({ preventScroll: true })
    if (selected) field.select()
    else field.setSelectionRange(field.value.length, field.value.length)
  }, [selected])

  const done = (step: Step) => {
    if ('problem' in meant) {
      setRefused(meant.problem)
      return
    }
    settled.current = true
    commit(meant.minutes, typed, step)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // While typing, the keys of the page and the grid are letters (and Ctrl+Z is about this text).
    event.stopPropagation()
    const steps: Readonly<Record<string, Step>> = {
      Enter: event.shiftKey ? 'up' : 'down',
      Tab: event.shiftKey ? 'left' : 'right',
      ArrowUp: 'up',
      ArrowDown: 'down',
      ...(selected ? {} : { ArrowLeft: 'left' as const, ArrowRight: 'right' as const }),
    }
    const step = steps[event.key]
    if (event.key === 'Escape') {
      event.preventDefault()
      settled.current = true
      leave(null)
    } else if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault()
      done(step)
    }
  }

  return (
    <>
      <input
        ref={input}
        className={styles.typed}
        value={typed}
        aria-label={name}
        aria-invalid={refused ? true : undefined}
        aria-describedby={id}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setRefused(null)
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          if (settled.current) return
          settled.current = true
          if ('problem' in meant) leave({ text: typed, code: meant.problem })
          else commit(meant.minutes, typed, 'stay')
        }}
      />
      <span
        id={id}
        className={`${styles.means} ${refused ? styles.meansRefused : ''}`}
        role={refused ? 'alert' : 'status'}
      >
        {refused ? (
          words(refused)
        ) : 'problem' in meant ? (
          t('time.cell.ways')
        ) : (
          <>
            <KeyHint keys="Enter" />
            <span className="only-spoken">{t('time.cell.enter')}</span>
            {meant.minutes === 0 ? (
              entry ? (
                t('time.cell.empty')
              ) : (
                t('time.cell.nothing')
              )
            ) : (
              <b className="fig">{format.hours(meant.minutes)}</b>
            )}
            {clocked && meant.minutes !== clocked.minutes && clocked.startMinute !== null && clocked.endMinute !== null
              ? t('time.cell.without', {
                  from: clockText(clocked.startMinute),
                  until: clockText(clocked.endMinute),
                })
              : null}
          </>
        )}
      </span>
    </>
  )
}
