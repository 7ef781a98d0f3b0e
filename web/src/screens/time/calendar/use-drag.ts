import { type PointerEvent as Pressed, type RefObject, useEffect, useRef, useState } from 'react'
import type { HourEntry } from '../week-rows.ts'
import { dayMinutes, fine, madeSpan, movedSpan, quarter, type Span, stretchedSpan } from './spans.ts'

/** What the pointer has hold of. */
export type Grip =
  | { readonly does: 'make'; readonly day: number; readonly anchor: number }
  | { readonly does: 'move'; readonly entry: HourEntry; readonly day: number; readonly span: Span | null }
  | { readonly does: 'from' | 'until'; readonly entry: HourEntry; readonly day: number; readonly span: Span }

/** Where it would be put down; without a span it stays above the hours. */
export interface Held {
  readonly grip: Grip
  readonly day: number
  readonly span: Span | null
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Pixels a mouse may tremble before it drags, and a finger before it scrolls. */
const tremble = 4
const longPressMs = 420
const edgePx = 36
const scrollPx = 9

/** A click makes an hour. */
const clicked = 60

const sameHeld = (a: Held | null, b: Held | null) =>
  a?.day === b?.day && a?.span?.from === b?.span?.from && a?.span?.until === b?.span?.until && a?.grip === b?.grip

/**
 * Dragging on the calendar: a mouse begins at once, a finger after a long press, so that it can scroll. Escape puts
 * everything back. `put` is told where it was let go, `refused` what cannot be taken hold of.
 */
export function useDrag({
  hours,
  head,
  scroller,
  days,
  gripAt,
  mayTake,
  put,
}: {
  /** The columns without the scale. */
  readonly hours: RefObject<HTMLElement | null>
  /** What stands above them and does not scroll away. */
  readonly head: RefObject<HTMLElement | null>
  readonly scroller: RefObject<HTMLElement | null>
  readonly days: number
  readonly gripAt: (target: Element, place: { readonly day: number; readonly minute: number }) => Grip | null
  /** False: says itself why not. */
  readonly mayTake: (grip: Grip) => boolean
  readonly put: (held: Held) => void
}) {
  const [held, setHeld] = useState<Held | null>(null)
  const latest = useRef({ days, gripAt, mayTake, put })
  latest.current = { days, gripAt, mayTake, put }
  const end = useRef<(() => void) | null>(null)
  const dragged = useRef(false)
  useEffect(() => () => end.current?.(), [])

  const placeOf = ({ x, y }: Point) => {
    const box = hours.current?.getBoundingClientRect()
    if (!box) return { day: 0, minute: 0, above: false }
    const day = Math.floor(((x - box.left) / box.width) * latest.current.days)
    return {
      day: Math.max(0, Math.min(latest.current.days - 1, day)),
      minute: Math.max(0, Math.min(dayMinutes, ((y - box.top) / box.height) * dayMinutes)),
      above: y < (head.current?.getBoundingClientRect().bottom ?? 0),
    }
  }

  const heldAt = (grip: Grip, point: Point, start: number, step: number): Held => {
    const { day, minute, above } = placeOf(point)
    if (grip.does === 'make') return { grip, day: grip.day, span: madeSpan(grip.anchor, minute, step) }
    if (grip.does !== 'move') {
      const { breakMinutes } = grip.entry
      return { grip, day: grip.day, span: stretchedSpan(grip.span, grip.does, minute, { step, breakMinutes }) }
    }
    if (grip.span) return { grip, day, span: movedSpan(grip.span, minute - start, step) }
    return above
      ? { grip, day, span: null }
      : { grip, day, span: movedSpan({ from: 0, until: grip.entry.minutes }, Math.max(1, minute), step) }
  }

  const onPointerDown = (event: Pressed<HTMLElement>) => {
    dragged.current = false
    if (!event.isPrimary || event.button !== 0 || !(event.target instanceof Element)) return
    end.current?.()
    const touch = event.pointerType === 'touch'
    const first: Point = { x: event.clientX, y: event.clientY }
    const start = placeOf(first)
    const grip = latest.current.gripAt(event.target, start)
    if (!grip) return
    let point = first
    let step = event.altKey ? fine : quarter
    let now: Held | null = null
    let frame = 0
    let press: ReturnType<typeof setTimeout> | undefined

    const show = (next: Held | null) => {
      if (sameHeld(now, next)) return
      now = next
      setHeld(next)
    }
    const follow = () => show(heldAt(grip, point, start.minute, step))
    const scroll = () => {
      const box = scroller.current?.getBoundingClientRect()
      const top = head.current?.getBoundingClientRect().bottom ?? 0
      if (box && scroller.current && !(grip.does === 'move' && !grip.span && point.y < top)) {
        const by = point.y > box.bottom - edgePx ? scrollPx : point.y < top + edgePx ? -scrollPx : 0
        if (by !== 0) {
          scroller.current.scrollTop += by
          follow()
        }
      }
      frame = requestAnimationFrame(scroll)
    }
    const begin = () => {
      dragged.current = true
      if (!latest.current.mayTake(grip)) {
        stop()
        return
      }
      if (touch && grip.does === 'make') {
        const from = madeSpan(grip.anchor, grip.anchor, 30).from
        show({ grip, day: grip.day, span: { from, until: Math.min(dayMinutes, from + clicked) } })
      } else follow()
      frame = requestAnimationFrame(scroll)
    }
    const onMove = (moved: PointerEvent) => {
      if (moved.pointerId !== event.pointerId) return
      point = { x: moved.clientX, y: moved.clientY }
      step = moved.altKey ? fine : quarter
      const far = Math.hypot(point.x - first.x, point.y - first.y) > tremble * (touch ? 2 : 1)
      if (now) {
        if (far) follow()
      } else if (far && touch) stop()
      else if (far) begin()
    }
    const onUp = (up: PointerEvent) => {
      if (up.pointerId !== event.pointerId) return
      const put = now
      stop()
      if (put) latest.current.put(put)
      else if (grip.does === 'make' && !touch && up.type === 'pointerup') {
        const { from } = madeSpan(grip.anchor, grip.anchor, 30)
        latest.current.put({ grip, day: grip.day, span: { from, until: Math.min(dayMinutes, from + clicked) } })
      }
    }
    const onCancel = (cancelled: PointerEvent) => {
      if (cancelled.pointerId === event.pointerId) stop()
    }
    const onKeyDown = (key: KeyboardEvent) => {
      if (key.key === 'Alt' && now) key.preventDefault()
      if (key.key !== 'Escape') return
      key.preventDefault()
      key.stopPropagation()
      stop()
    }
    // A finger that holds something no longer scrolls.
    const onTouchMove = (moved: TouchEvent) => {
      if (now) moved.preventDefault()
    }
    const onMenu = (menu: Event) => {
      if (touch) menu.preventDefault()
    }
    const stop = () => {
      end.current = null
      clearTimeout(press)
      cancelAnimationFrame(frame)
      window.removeEventListener('pointermove', onMove)
      window.removeEventListener('pointerup', onUp)
      window.removeEventListener('pointercancel', onCancel)
      window.removeEventListener('keydown', onKeyDown, true)
      window.removeEventListener('touchmove', onTouchMove)
      window.removeEventListener('contextmenu', onMenu)
      show(null)
    }
    end.current = stop
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', onUp)
    window.addEventListener('pointercancel', onCancel)
    window.addEventListener('keydown', onKeyDown, true)
    window.addEventListener('touchmove', onTouchMove, { passive: false })
    window.addEventListener('contextmenu', onMenu)
    if (touch) press = setTimeout(begin, longPressMs)
  }

  return {
    held,
    onPointerDown,
    /** The click that ends a drag opens nothing. */
    wasDragged: () => dragged.current,
  }
}
