import { dayMinutes, type Span } from './spans.ts'

/** What the arrow keys go to: an entry, or half an hour in which none has begun. */
export interface Stop<Id> {
  /** Minutes since midnight; `null` for what stands above the hours. */
  readonly minute: number | null
  readonly id: Id | null
}

export const slotMinutes = 30

interface Placed<Id> {
  readonly id: Id
  readonly span: Span | null
}

/** From top to bottom: what has no times, then blocks and the free half hours between them. */
export function stopsOf<Id>(day: readonly Placed<Id>[]): readonly Stop<Id>[] {
  const above = day.filter(({ span }) => !span).map(({ id }): Stop<Id> => ({ minute: null, id }))
  const blocks = day.flatMap(({ id, span }) => (span ? [{ id, ...span }] : []))
  const slots = Array.from({ length: dayMinutes / slotMinutes }, (_, at) => at * slotMinutes)
    .filter((minute) => !blocks.some(({ from, until }) => from <= minute && minute < until))
    .map((minute): Stop<Id> => ({ minute, id: null }))
  const stops = [...blocks.map(({ id, from }): Stop<Id> => ({ minute: from, id })), ...slots]
  // A free half hour comes before the block that begins within it; one that begins with it has taken its place.
  return [...above, ...stops.sort((a, b) => (a.minute ?? 0) - (b.minute ?? 0))]
}

const sameStop = <Id>(a: Stop<Id>, b: Stop<Id>) => a.id === b.id && (a.id !== null || a.minute === b.minute)

/** The nearest to a place on another day, or to one that is gone. */
export function nearestStop<Id>(stops: readonly Stop<Id>[], to: Stop<Id>): Stop<Id> | undefined {
  const same = stops.find((stop) => to.id !== null && stop.id === to.id)
  if (same) return same
  if (to.minute === null)
    return stops.find(({ minute }) => minute === null) ?? stops.find(({ minute }) => minute === 8 * 60) ?? stops[0]
  const wanted = to.minute
  return stops
    .filter(({ minute }) => minute !== null)
    .reduce<Stop<Id> | undefined>((best, stop) => {
      const away = Math.abs((stop.minute ?? 0) - wanted)
      const least = best ? Math.abs((best.minute ?? 0) - wanted) : Number.POSITIVE_INFINITY
      return away < least || (away === least && stop.id !== null) ? stop : best
    }, undefined)
}

/** The next or the one before; the same at the ends. */
export function stepThrough<Id>(stops: readonly Stop<Id>[], from: Stop<Id>, by: 1 | -1): Stop<Id> {
  const at = stops.findIndex((stop) => sameStop(stop, from))
  if (at < 0) return nearestStop(stops, from) ?? from
  return stops[at + by] ?? from
}
