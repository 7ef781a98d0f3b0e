import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import type { Meaning } from '../../parts/State.tsx'
import type { Word } from '../../words/words.tsx'

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ['tasks', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/tasks/{id}', { params: { path: { id } }, signal })),
  })

export type Task = Awaited<ReturnType<NonNullable<ReturnType<typeof taskQuery>['queryFn']>>>

export type TaskKind = 'import-customers' | 'refresh-lists'

/** The task of this kind that was started last; null when there never was one for this connection. */
export const lastTaskQuery = (kind: TaskKind, connectionId: string) =>
  queryOptions({
    queryKey: ['tasks', 'last', kind, connectionId],
    queryFn: async ({ signal }): Promise<Task | null> => {
      const { rows } = await answer(api.GET('/tasks', { params: { query: { kind, limit: 20 } }, signal }))
      return rows.find((task) => task.connectionId === connectionId) ?? null
    },
  })

export const tasksChanged = (client: QueryClient) => client.invalidateQueries({ queryKey: ['tasks'] })

export const isUnderWay = (task: Task | null | undefined): task is Task & { readonly state: 'waiting' | 'running' } =>
  task?.state === 'waiting' || task?.state === 'running'

/** In the order of a report: what came of it, then what needs a person. */
const outcomes = ['created', 'updated', 'unchanged', 'skipped', 'inactive', 'conflict', 'failed'] as const
export type Outcome = (typeof outcomes)[number]
export const isOutcome = (text: string | undefined): text is Outcome => outcomes.some((outcome) => outcome === text)

export const countsOf = ({ report }: Pick<Task, 'report'>): ReadonlyArray<{ outcome: Outcome; count: number }> =>
  outcomes.flatMap((outcome) => {
    const count = report?.[outcome] ?? 0
    return count > 0 ? [{ outcome, count }] : []
  })

export const outcomeMeaning = {
  created: 'done',
  updated: 'done',
  unchanged: 'wait',
  skipped: 'wait',
  inactive: 'needs',
  conflict: 'needs',
  failed: 'refused',
} as const satisfies Record<Outcome, Meaning>

export const outcomeIcon = {
  created: 'plus',
  updated: 'refresh',
  unchanged: 'check',
  skipped: 'minus',
  inactive: 'archive',
  conflict: 'warning',
  failed: 'cross',
} as const

export const outcomeWord = {
  created: 'imports.outcome.created',
  updated: 'imports.outcome.updated',
  unchanged: 'imports.outcome.unchanged',
  skipped: 'imports.outcome.skipped',
  inactive: 'imports.outcome.inactive',
  conflict: 'imports.outcome.conflict',
  failed: 'imports.outcome.failed',
} as const satisfies Record<Outcome, Word>

export const countWord = {
  created: 'imports.count.created',
  updated: 'imports.count.updated',
  unchanged: 'imports.count.unchanged',
  skipped: 'imports.count.skipped',
  inactive: 'imports.count.inactive',
  conflict: 'imports.count.conflict',
  failed: 'imports.count.failed',
} as const satisfies Record<Outcome, Word>

export const taskMeaning = {
  waiting: 'wait',
  running: 'progress',
  done: 'done',
  failed: 'refused',
} as const satisfies Record<Task['state'], Meaning>

export const taskStateWord = {
  waiting: 'imports.state.waiting',
  running: 'imports.state.running',
  done: 'imports.state.done',
  failed: 'imports.state.failed',
} as const satisfies Record<Task['state'], Word>
