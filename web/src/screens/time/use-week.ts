import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { hasStatus, isApiProblem } from '../../problem.ts'
import { isEntry, type MoveTrouble, type Place, useMoves } from './use-moves.ts'
import {
  type CellPlace,
  cellKey,
  type HourEntry,
  isInCell,
  type RowHead,
  type Week,
  type WeekRow,
  weekRows,
} from './week-rows.ts'

export interface WeekOf {
  readonly year: number
  readonly week: number
  /** Somebody else's; oneself when absent. */
  readonly memberId: string | undefined
}

export const weekQuery = ({ year, week, memberId }: WeekOf) =>
  queryOptions({
    queryKey: ['week', year, week, memberId ?? null],
    queryFn: ({ signal }) =>
      answer(api.GET('/weeks/{year}/{week}', { params: { path: { year, week }, query: { memberId } }, signal })),
  })

/** Why what was typed in a cell is not saved; it keeps what was typed. */
export type Trouble =
  | { readonly kind: 'not-understood'; readonly typed: string; readonly code: string }
  | { readonly kind: 'refused'; readonly typed: string; readonly minutes: number; readonly error: unknown }
  | { readonly kind: 'stale'; readonly typed: string; readonly minutes: number; readonly theirs: HourEntry }
  | { readonly kind: 'locked'; readonly typed: null; readonly entry: HourEntry }

interface Kept {
  readonly name: string
  readonly troubles: Readonly<Record<string, Trouble>>
  /** By the id of the entry. */
  readonly moveTroubles: Readonly<Record<string, MoveTrouble>>
  readonly added: readonly RowHead[]
}
const nothingKept: Omit<Kept, 'name'> = { troubles: {}, moveTroubles: {}, added: [] }

interface Undo {
  readonly run: () => Promise<unknown>
  done: boolean
}

const timesOf = (entry: HourEntry) =>
  entry.startMinute === null || entry.endMinute === null
    ? { minutes: entry.minutes }
    : { startMinute: entry.startMinute, endMinute: entry.endMinute, breakMinutes: entry.breakMinutes }

const writePlace = (entry: HourEntry, { date, startMinute, endMinute }: Place) =>
  writeEntry(entry, { date, ...(startMinute === null ? {} : { startMinute, endMinute }) })

const waiting = (place: CellPlace, minutes: number, before: HourEntry | undefined, week: Week): HourEntry => ({
  ...(before ?? {
    id: `new ${cellKey(place)}`,
    memberId: week.memberId,
    memberName: '',
    customerId: null,
    ...place.head,
    note: '',
    tags: [],
    billable: true,
    approval: 'open' as const,
    internalApproved: false,
    customerApproved: false,
    rejectedReason: null,
    state: 'free' as const,
    invoice: null,
    locked: false,
    rate: null,
    amount: null,
    currency: null,
    version: 1,
  }),
  date: place.date,
  minutes,
  startMinute: null,
  endMinute: null,
  breakMinutes: 0,
})

const remove = (entry: HourEntry) =>
  answer(api.DELETE('/hours/{id}', { params: { path: { id: entry.id } }, headers: ifMatch(entry.version) }))
const restore = (id: string) => answer(api.POST('/hours/{id}/restoration', { params: { path: { id } } }))
type Change = Partial<
  Place & Pick<HourEntry, 'minutes' | 'breakMinutes' | 'projectId' | 'activityId' | 'note' | 'billable'>
>

const writeEntry = (entry: HourEntry, body: Change) =>
  answer(api.PATCH('/hours/{id}', { params: { path: { id: entry.id } }, headers: ifMatch(entry.version), body }))

/** Everything that shows hours looks again. */
export const hoursChanged = (client: QueryClient) =>
  Promise.all([
    client.invalidateQueries({ queryKey: ['week'] }),
    client.invalidateQueries({ queryKey: ['hours'] }),
    client.invalidateQueries({ queryKey: ['hours-totals'] }),
  ])

/**
 * A week and its changes. A change stands on the screen at once and is sent after it; changes of one cell follow each
 * other. What is not accepted goes back to what the server has, and what was typed stays as a trouble of the cell.
 */
export function useWeek(of: WeekOf) {
  const client = useQueryClient()
  const { year, week, memberId } = of
  const options = useMemo(() => weekQuery({ year, week, memberId }), [year, week, memberId])
  const [saving, setSaving] = useState(0)
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const query = useQuery({ ...options, refetchOnWindowFocus: saving === 0 })
  const name = JSON.stringify(options.queryKey)

  // Belongs to one week and person; a new one starts empty.
  const [kept, setKept] = useState<Kept>({ name, ...nothingKept })
  const mine = kept.name === name ? kept : { name, ...nothingKept }
  const update = useCallback(
    (change: (before: Kept) => Partial<Kept> | null) =>
      setKept((before) => {
        const start = before.name === name ? before : { name, ...nothingKept }
        const changed = change(start)
        return changed ? { ...start, ...changed } : before
      }),
    [name],
  )
  const setTrouble = useCallback(
    (place: CellPlace, trouble: Trouble | null) =>
      update(({ troubles }) => {
        const { [cellKey(place)]: before, ...rest } = troubles
        if (!trouble && !before) return null
        return { troubles: trouble ? { ...rest, [cellKey(place)]: trouble } : rest }
      }),
    [update],
  )
  const setMoveTrouble = useCallback(
    (id: string, trouble: MoveTrouble | null) =>
      update(({ moveTroubles }) => {
        const { [id]: before, ...rest } = moveTroubles
        if (!trouble && !before) return null
        return { moveTroubles: trouble ? { ...rest, [id]: trouble } : rest }
      }),
    [update],
  )
  const addRow = useCallback((head: RowHead) => update(({ added }) => ({ added: [...added, head] })), [update])

  const data = query.data
  const monday = data?.monday as CalendarDate | undefined
  const dates = useMemo(() => (monday ? Array.from({ length: 7 }, (_, day) => addDays(monday, day)) : []), [monday])
  // Rows remember their order and their objects from one change to the next.
  const last = useRef<{ name: string; rows: readonly WeekRow[] }>({ name, rows: [] })
  const entries = data?.entries
  const rows = useMemo(
    () => (entries ? weekRows(last.current.name === name ? last.current.rows : [], entries, mine.added, dates) : []),
    [name, entries, mine.added, dates],
  )
  last.current = { name, rows }

  const lanes = useRef(new Map<string, { left: number; tail: Promise<unknown>; truth: HourEntry | null }>())
  const undos = useRef<Undo[]>([])
  const [undoable, setUndoable] = useState(0)
  // Another week, other changes: Ctrl+Z never changes what is not on the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name of the week is what changes
  useEffect(() => {
    undos.current = []
    setUndoable(0)
  }, [name])

  const put = useCallback(
    (change: (entries: readonly HourEntry[]) => HourEntry[]) =>
      client.setQueryData<Week>(options.queryKey, (before) =>
        before ? { ...before, entries: change(before.entries) } : before,
      ),
    [client, options],
  )
  const take = useCallback(
    (entry: HourEntry) => put((all) => [...all.filter(({ id }) => id !== entry.id), entry]),
    [put],
  )
  const drop = useCallback((id: string) => put((all) => all.filter((entry) => entry.id !== id)), [put])
  const versionOf = useCallback(
    (entry: HourEntry): HourEntry =>
      client.getQueryData<Week>(options.queryKey)?.entries.find(({ id }) => id === entry.id) ?? entry,
    [client, options],
  )

  /** A change that is on its way: the week is not fetched until the last one is known. */
  const onTheirWay = useRef(new Set<Promise<unknown>>())
  const during = useCallback(
    <T>(work: () => Promise<T>): Promise<T> => {
      const change = (async () => {
        setSaving((count) => count + 1)
        await client.cancelQueries({ queryKey: options.queryKey })
        try {
          const done = await work()
          setSavedAt(new Date().toISOString())
          return done
        } finally {
          setSaving((count) => count - 1)
        }
      })()
      onTheirWay.current.add(change)
      const gone = () => void onTheirWay.current.delete(change)
      change.then(gone, gone)
      return change
    },
    [client, options],
  )
  /** When everything that was changed is known to the server. */
  const settled = useCallback(async () => {
    while (onTheirWay.current.size > 0) await Promise.allSettled(onTheirWay.current)
  }, [])
  // Warnings and the weeks before come from the server; it is asked once the typing rests.
  const wasSaving = useRef(false)
  useEffect(() => {
    if (saving > 0) wasSaving.current = true
    if (saving > 0 || !wasSaving.current) return
    const timer = setTimeout(() => {
      wasSaving.current = false
      hoursChanged(client)
    }, 500)
    return () => clearTimeout(timer)
  }, [saving, client])

  const remember = useCallback((run: () => Promise<unknown>): Undo => {
    const undo: Undo = { run, done: false }
    undos.current = [...undos.current.slice(-49), undo]
    setUndoable(undos.current.length)
    return undo
  }, [])

  /** Takes one change back; the last one when none is named. */
  const undo = useCallback(
    async (one: Undo | undefined = undos.current.at(-1)) => {
      if (!one || one.done) return
      one.done = true
      undos.current = undos.current.filter((other) => other !== one)
      setUndoable(undos.current.length)
      try {
        await during(one.run)
      } catch (error) {
        one.done = false
        hoursChanged(client)
        throw error
      }
    },
    [during, client],
  )

  const deleted = useCallback(
    (entry: HourEntry): Undo => remember(async () => take(await restore(entry.id))),
    [remember, take],
  )
  const created = useCallback(
    (entry: HourEntry): Undo =>
      remember(async () => {
        await remove(versionOf(entry))
        drop(entry.id)
      }),
    [remember, versionOf, drop],
  )

  /** Minutes of a cell that holds no more than one entry; 0 empties it. */
  const write = useCallback(
    (place: CellPlace, minutes: number, typed: string, emptied?: (entry: HourEntry, undone: Undo) => void) => {
      const now = client.getQueryData<Week>(options.queryKey)
      if (!now) return
      const key = cellKey(place)
      const before = now.entries.find((entry) => isInCell(entry, place))
      const lane = lanes.current.get(key) ?? { left: 0, tail: Promise.resolve(), truth: before ?? null }
      lanes.current.set(key, lane)
      lane.left += 1
      setTrouble(place, null)
      const show = (entry: HourEntry | null) =>
        put((all) => {
          const others = all.filter((one) => !isInCell(one, place))
          return entry ? [...others, entry] : others
        })
      show(minutes === 0 ? null : waiting(place, minutes, before, now))

      const send = async (): Promise<void> => {
        const truth = lane.truth
        if (minutes === 0) {
          if (truth) {
            await remove(truth)
            lane.truth = null
            const undone = deleted(truth)
            emptied?.(truth, undone)
          }
          return
        }
        if (!truth) {
          const entry = await answer(
            api.POST('/hours', {
              body: {
                ...(memberId ? { memberId } : {}),
                date: place.date,
                minutes,
                projectId: place.head.projectId,
                activityId: place.head.activityId,
              },
            }),
          )
          lane.truth = entry
          created(entry)
          return
        }
        if (truth.minutes === minutes && truth.startMinute === null) return
        lane.truth = await writeEntry(truth, { minutes })
        const times = timesOf(truth)
        remember(async () => take(await writeEntry(versionOf(truth), times)))
      }
      const run = async () => {
        let trouble: Trouble | null = null
        try {
          await send()
        } catch (error) {
          const theirs = isApiProblem(error) ? error.problem.current : undefined
          if (hasStatus(error, 409) && isEntry(theirs)) {
            lane.truth = theirs
            trouble = { kind: 'stale', typed, minutes, theirs }
          } else {
            // Gone meanwhile: there is nothing to go back to.
            if (hasStatus(error, 404)) lane.truth = null
            trouble = { kind: 'refused', typed, minutes, error }
          }
        }
        lane.left -= 1
        if (lane.left > 0) return
        lanes.current.delete(key)
        show(lane.truth)
        if (trouble) setTrouble(place, trouble)
      }
      lane.tail = lane.tail.then(() => during(run))
    },
    [client, options, memberId, put, setTrouble, during, remember, take, versionOf, deleted, created],
  )

  /** Another day, other times: at once on the screen; `rest` waits whether more of the same follows. */
  const move = useMoves({
    take,
    during,
    send: writePlace,
    wrote: (now, before) => {
      const back = { date: before.date, ...timesOf(before) }
      remember(async () => take(await writeEntry(versionOf(now), back)))
    },
    setTrouble: setMoveTrouble,
  })

  const removeEntry = useCallback(
    (entry: HourEntry) =>
      during(async () => {
        await remove(entry)
        drop(entry.id)
        return deleted(entry)
      }),
    [during, drop, deleted],
  )

  /** Says that hours which lie over each other are right; the warning comes back with other times. */
  const acceptOverlap = useCallback(
    (entryIds: readonly string[]) => {
      const say = async (accepted: boolean) => {
        await answer(api.POST('/hours/overlaps', { body: { entryIds: [...entryIds], accepted } }))
        await client.invalidateQueries({ queryKey: options.queryKey })
      }
      return during(async () => {
        await say(true)
        remember(() => say(false))
      })
    },
    [client, options, during, remember],
  )

  /** Takes over the hours of the week before; what was made can be taken away again. */
  const copyFrom = useCallback(
    (source: { readonly year: number; readonly week: number }) =>
      during(async () => {
        const result = await answer(
          api.POST('/weeks/{year}/{week}/copy', {
            params: { path: { year, week } },
            body: { fromYear: source.year, fromWeek: source.week, ...(memberId ? { memberId } : {}) },
          }),
        )
        const had = new Set(client.getQueryData<Week>(options.queryKey)?.entries.map(({ id }) => id))
        const after = await client.fetchQuery({ ...options, staleTime: 0 })
        const made = after.entries.filter(({ id }) => !had.has(id))
        const undone =
          made.length > 0
            ? remember(async () => {
                for (const entry of made) {
                  await remove(versionOf(entry))
                  drop(entry.id)
                }
              })
            : null
        return { ...result, undone }
      }),
    [client, options, during, year, week, memberId, remember, versionOf, drop],
  )

  /** An entry that a form saved; `before` is the entry itself when it was taken as it is. */
  const saved = useCallback(
    (entry: HourEntry, before: HourEntry | null) => {
      const show = (one: HourEntry) => (dates.some((date) => date === one.date) ? take(one) : drop(one.id))
      setSavedAt(new Date().toISOString())
      show(entry)
      if (!before) created(entry)
      else if (before !== entry) {
        const { date, projectId, activityId, note, billable } = before
        const back = { date, projectId, activityId, note, billable, ...timesOf(before) }
        remember(async () => show(await writeEntry(versionOf(entry), back)))
      }
      hoursChanged(client)
    },
    [dates, take, drop, created, remember, versionOf, client],
  )

  return {
    query,
    week: data,
    dates,
    rows,
    troubles: mine.troubles,
    saving: saving > 0,
    savedAt,
    write,
    setTrouble,
    addRow,
    moveTroubles: mine.moveTroubles,
    setMoveTrouble,
    move,
    /** As it was changed last, also when that is not drawn yet. */
    newest: versionOf,
    removeEntry,
    acceptOverlap,
    settled,
    saved,
    copyFrom,
    undo,
    undoable: undoable > 0,
  }
}

export type WeekInUse = ReturnType<typeof useWeek>
