import type { HourEntry } from '../week-rows.ts'

/** Part of a day on the wall, in minutes since its midnight; beyond 1440 it ends on the next day. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** Where a block stands among those beside it. */
export interface Lane {
  readonly lane: number
  readonly lanes: number
}

export const dayMinutes = 24 * 60
/** What a block takes on the screen at least, so that its words fit and it can be taken hold of. */
export const leastShown = 24

export const quarter = 15
export const fine = 5

/** Null for hours without start and end. */
export function spanOf({ startMinute, endMinute }: Pick<HourEntry, 'startMinute' | 'endMinute'>): Span | null {
  if (startMinute === null || endMinute === null) return null
  return { from: startMinute, until: endMinute < startMinute ? endMinute + dayMinutes : endMinute }
}

/** As the API writes it: an end on the next day is a time of that day. */
export const timesOfSpan = ({ from, until }: Span): { readonly startMinute: number; readonly endMinute: number } => ({
  startMinute: from,
  endMinute: until > dayMinutes ? until - dayMinutes : until,
})

const passesMidnight = ({ until }: Span): boolean => until > dayMinutes

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))
const snap = (minute: number, step: number) => Math.round(minute / step) * step
const floorTo = (minute: number, step: number) => Math.floor(minute / step) * step
const ceilTo = (minute: number, step: number) => Math.ceil(minute / step) * step

/** Minutes that two spans of one day share. */
export const overlapOf = (a: Span, b: Span): number => Math.min(a.until, b.until) - Math.max(a.from, b.from)

/**
 * Blocks of one day beside each other: none lies over another, and there are no more lanes than blocks at one moment.
 * Blocks that touch each other, directly or through others, share the width.
 */
export function lanesOf<Id>(blocks: readonly (Span & { readonly id: Id })[]): ReadonlyMap<Id, Lane> {
  const shown = blocks
    .map(({ id, from, until }) => ({ id, from, until: Math.max(until, from + leastShown) }))
    .sort((a, b) => a.from - b.from || b.until - a.until)
  const found = new Map<Id, Lane>()
  let together: { id: Id; lane: number }[] = []
  let ends: number[] = []
  const settle = () => {
    for (const { id, lane } of together) found.set(id, { lane, lanes: ends.length })
    together = []
    ends = []
  }
  for (const { id, from, until } of shown) {
    if (ends.every((end) => end <= from)) settle()
    const free = ends.findIndex((end) => end <= from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = until
    together.push({ id, lane })
  }
  settle()
  return found
}

/**
 * Drawn from one moment to another, in either direction: from the step in which it began to that in which it ends, one
 * step at least.
 */
export function madeSpan(anchor: number, minute: number, step: number): Span {
  const [low, high] = anchor <= minute ? [anchor, minute] : [minute, anchor]
  const from = clamp(floorTo(low, step), 0, dayMinutes - step)
  return { from, until: clamp(Math.max(from + step, ceilTo(high, step)), from + step, dayMinutes) }
}

/** As long as before, with its start on the step. What ends before midnight keeps to its day. */
export function movedSpan(span: Span, byMinutes: number, step: number): Span {
  if (byMinutes === 0) return span
  const length = span.until - span.from
  const last = passesMidnight(span) ? dayMinutes - step : floorTo(dayMinutes - length, step)
  const from = clamp(snap(span.from + byMinutes, step), 0, Math.max(0, last))
  return { from, until: from + length }
}

/** One end goes to a moment; what is left holds the break and one step of work. */
export function stretchedSpan(
  span: Span,
  end: 'from' | 'until',
  minute: number,
  { step, breakMinutes }: { readonly step: number; readonly breakMinutes: number },
): Span {
  const least = Math.max(step, breakMinutes + 1)
  const to = snap(minute, step)
  if (end === 'until') return { from: span.from, until: clamp(to, span.from + least, Math.max(dayMinutes, span.until)) }
  // A whole day at most: at the same time on the next day it would be nothing.
  const first = passesMidnight(span) ? span.until - dayMinutes + 1 : 0
  return { from: clamp(to, first, Math.max(first, Math.min(span.until - least, dayMinutes - 1))), until: span.until }
}
