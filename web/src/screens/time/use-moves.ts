import { useCallback, useRef } from 'react'
import { hasStatus, isApiProblem } from '../../problem.ts'
import { spanOf } from './calendar/spans.ts'
import type { HourEntry } from './week-rows.ts'

/** Day and times of an entry; both times null: only how long it took. */
export interface Place {
  readonly date: string
  readonly startMinute: number | null
  readonly endMinute: number | null
}

/** Why an entry did not go where it was put. */
export type MoveTrouble =
  | { readonly kind: 'locked'; readonly entry: HourEntry }
  | { readonly kind: 'refused'; readonly entry: HourEntry; readonly wanted: Place; readonly error: unknown }
  | { readonly kind: 'stale'; readonly entry: HourEntry; readonly wanted: Place }

interface Lane {
  truth: HourEntry
  wanted: Place | null
  /** Ends the rest before the next key of the same movement. */
  hurry: () => void
}

/** Keys follow each other quickly: one change is sent for all of them. */
const restMs = 450

export const isEntry = (value: unknown): value is HourEntry =>
  typeof value === 'object' && value !== null && 'id' in value && 'minutes' in value

/** The entry as it will be there; its break stays. */
function placed(entry: HourEntry, { date, startMinute, endMinute }: Place): HourEntry {
  const span = spanOf({ startMinute, endMinute })
  const minutes = span ? span.until - span.from - entry.breakMinutes : entry.minutes
  return { ...entry, date, startMinute, endMinute, minutes }
}

/**
 * Entries that are moved and stretched: shown at once, sent after it, one change of an entry after the other, each with
 * the version of the answer before. `wrote` is told what stands there now and what stood there before.
 */
export function useMoves({
  take,
  during,
  send,
  wrote,
  setTrouble,
}: {
  readonly take: (entry: HourEntry) => void
  readonly during: <T>(work: () => Promise<T>) => Promise<T>
  readonly send: (entry: HourEntry, to: Place) => Promise<HourEntry>
  readonly wrote: (now: HourEntry, before: HourEntry) => void
  readonly setTrouble: (id: string, trouble: MoveTrouble | null) => void
}) {
  const lanes = useRef(new Map<string, Lane>())
  const latest = useRef({ take, during, send, wrote, setTrouble })
  latest.current = { take, during, send, wrote, setTrouble }

  return useCallback((entry: HourEntry, to: Place, rest = false) => {
    if (entry.locked) {
      latest.current.setTrouble(entry.id, { kind: 'locked', entry })
      return
    }
    latest.current.setTrouble(entry.id, null)
    const known = lanes.current.get(entry.id)
    latest.current.take(placed(known?.truth ?? entry, to))
    if (known) {
      known.wanted = to
      if (!rest) known.hurry()
      return
    }
    const lane: Lane = { truth: entry, wanted: to, hurry: () => undefined }
    lanes.current.set(entry.id, lane)
    const resting = () =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs)
        lane.hurry = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    const { send, wrote, take, setTrouble } = latest.current
    const run = async () => {
      if (rest) await resting()
      while (lane.wanted) {
        const wanted = lane.wanted
        lane.wanted = null
        try {
          const before = lane.truth
          lane.truth = await send(before, wanted)
          wrote(lane.truth, before)
        } catch (error) {
          lane.wanted = null
          const theirs = isApiProblem(error) ? error.problem.current : undefined
          if (hasStatus(error, 409) && isEntry(theirs)) {
            lane.truth = theirs
            setTrouble(entry.id, { kind: 'stale', entry: theirs, wanted })
          } else setTrouble(entry.id, { kind: 'refused', entry: lane.truth, wanted, error })
        }
      }
      lanes.current.delete(entry.id)
      take(lane.truth)
    }
    void latest.current.during(run)
  }, [])
}
