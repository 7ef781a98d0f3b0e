import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useCallback, useSyncExternalStore } from 'react'
import { answer, api } from '../../../api.ts'
import { useFormat } from '../../../format.ts'
import { say, sayProblem, sayUndo } from '../../../parts/Toasts.tsx'
import { useT } from '../../../words/words.tsx'
import { useNow } from '../use-now.ts'
import { hoursChanged } from '../use-week.ts'
import { elapsed, minutesToday } from './moments.ts'

export type Timer = components['schemas']['Timer']
type Started = Awaited<ReturnType<typeof startOn>>

export const timerQuery = queryOptions({
  queryKey: ['timer'],
  queryFn: async ({ signal }) => {
    const found = await answer(api.GET('/timer', { signal }))
    // The server's clock, told on by one that never jumps.
    return { ...found, seenAt: performance.now() }
  },
  staleTime: 30_000,
})

interface Work {
  readonly projectId: string | null
  readonly activityId: string | null
}

const startOn = (work: Work) => answer(api.POST('/timer', { body: work }))

/** Which timer is open in the dialog of the frame: an id, or none. */
let opened: string | null = null
const listeners = new Set<() => void>()
export function openTimer(id: string | null): void {
  opened = id
  for (const listener of listeners) listener()
}
export const useOpenedTimer = (): string | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => opened,
  )

/** The timer that runs and those that wait, and what can be done with them. */
export function useTimer() {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const { data } = useQuery(timerQuery)
  const running = data?.timer ?? null
  const looked = useCallback(
    () => Promise.all([client.invalidateQueries({ queryKey: timerQuery.queryKey }), hoursChanged(client)]),
    [client],
  )

  const tell = async ({ written, waiting }: Pick<Started, 'written' | 'waiting'>) => {
    await looked()
    if (waiting) openTimer(waiting.id)
    if (written.length > 0) {
      const minutes = written.reduce((total, entry) => total + entry.minutes, 0)
      const [first] = written
      say(
        t('time.timer.written', {
          hours: format.hours(minutes),
          activity: first?.activityName ?? '',
          project: first?.projectName ?? '',
        }),
      )
    }
  }
  const guarded = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      sayProblem(error)
      await looked()
    }
  }
  const start = (work: Work) => guarded(async () => tell(await startOn(work)))
  const again = (hourEntryId: string) =>
    guarded(async () => tell(await answer(api.POST('/timer/continue', { body: { hourEntryId } }))))
  const stop = () =>
    guarded(async () => {
      // Perhaps forgotten: its end is asked.
      if (running?.long) openTimer(running.id)
      else tell(await answer(api.POST('/timer/stop', { body: {} })))
    })
  const discard = (timer: Timer) =>
    guarded(async () => {
      const query = timer.state === 'running' ? {} : { id: timer.id }
      const { id } = await answer(api.DELETE('/timer', { params: { query } }))
      openTimer(null)
      await looked()
      sayUndo(t('time.timer.discarded'), async () => {
        await answer(api.POST('/timer/{id}/restoration', { params: { path: { id } } }))
        await looked()
      })
    })
  return { running, waiting: data?.waiting ?? [], known: data !== undefined, start, again, stop, discard, tell, looked }
}

/** Milliseconds since 1970 on the server's clock, as long as something is known of it. */
export function useServerNow(everyMs: number): number {
  const { data } = useQuery({ ...timerQuery, enabled: false })
  const here = useNow(everyMs)
  return data ? Date.parse(data.now) + performance.now() - data.seenAt : here
}

/** Minutes of today that a timer has counted; 0 without one. */
export function useRanToday(timer: Pick<Timer, 'startedAt' | 'zone'> | null): number {
  const now = useServerNow(10_000)
  return timer ? minutesToday(timer.startedAt, timer.zone, now) : 0
}

/** What a timer has counted, told every second. */
export function useElapsed(timer: Pick<Timer, 'startedAt'>) {
  const now = useServerNow(1_000)
  return elapsed(timer.startedAt, now)
}
