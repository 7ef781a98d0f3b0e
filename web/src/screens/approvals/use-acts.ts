import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { answer, api } from '../../api.ts'
import { newKey } from '../../new-key.ts'
import { approvalsChanged, type EntryKind } from './approvals.ts'

export type Ids = Readonly<Record<EntryKind, readonly string[]>>
export type Act = 'approve' | 'reject' | 'reopen'

interface LeftOut {
  readonly id: string
  readonly label: string
  readonly problem: { readonly cause: string; readonly remedy: string }
}

export interface Acted {
  readonly done: Ids
  readonly count: number
  readonly leftOut: readonly LeftOut[]
  readonly leftOutCount: number
}

export const countIds = (ids: Ids): number => ids.hours.length + ids.expense.length + ids.trip.length
const kinds = ['hours', 'expense', 'trip'] as const

const atOnce = 5000
const lookMs = 500

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** One act on entries of all kinds: what came of each, and how far it is while it takes longer. */
export function useActs() {
  const client = useQueryClient()
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  const running = useRef(false)

  const part = async (
    kind: EntryKind,
    ids: readonly string[],
    act: Act,
    reason: string | undefined,
    told: (done: number) => void,
  ) => {
    const headers = { 'Idempotency-Key': newKey() }
    const body = { kind, act, selection: { ids: [...ids] }, ...(reason ? { reason } : {}) }
    let task = await answer(api.POST('/entries/acts', { headers, body }))
    while (task.state === 'waiting' || task.state === 'running') {
      told(task.done)
      await pause(lookMs)
      task = await answer(api.GET('/entries/acts/{id}', { params: { path: { id: task.id } } }))
    }
    return task
  }

  const run = async (act: Act, ids: Ids, reason?: string): Promise<Acted | null> => {
    if (running.current) return null
    running.current = true
    const total = countIds(ids)
    setProgress({ done: 0, total })
    const done: Record<EntryKind, string[]> = { hours: [], expense: [], trip: [] }
    const leftOut: LeftOut[] = []
    let [before, leftOutCount] = [0, 0]
    try {
      for (const kind of kinds)
        for (let from = 0; from < ids[kind].length; from += atOnce) {
          const chosen = ids[kind].slice(from, from + atOnce)
          const task = await part(kind, chosen, act, reason, (now) => setProgress({ done: before + now, total }))
          before += chosen.length
          const out = new Set(task.leftOut.map(({ id }) => id))
          done[kind].push(...chosen.filter((id) => !out.has(id)))
          leftOut.push(...task.leftOut)
          leftOutCount += chosen.length - (task.report?.updated ?? 0)
        }
      return { done, count: total - leftOutCount, leftOut, leftOutCount }
    } finally {
      running.current = false
      setProgress(null)
      await approvalsChanged(client)
    }
  }
  return { run, progress, busy: progress !== null }
}
