import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Notice, Told } from '../../parts/Notice.tsx'
import { Pill, State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { type Say, useT } from '../../words/words.tsx'
import { connectionChanged } from '../apps/connection.ts'
import {
  countsOf,
  countWord,
  outcomeIcon,
  outcomeMeaning,
  type Task,
  taskMeaning,
  taskStateWord,
  tasksChanged,
} from './task.ts'

/** What a task is called: "Customers from Exact Online". */
export function taskTitle(t: Say, task: Pick<Task, 'kind' | 'packageName'>): string {
  const values = { package: task.packageName ?? '' }
  if (task.kind === 'import-customers') return t('imports.kind.customers', values)
  if (task.kind === 'refresh-lists') return t('imports.kind.lists', values)
  if (task.kind === 'read-payments') return t('imports.kind.payments', values)
  if (task.kind === 'reconcile') return t('imports.kind.reconciliation', values)
  return task.kind
}

/** Who or what began it: a person by name, the nightly import, or Uurwerk for something else. */
export function startedBy(t: Say, { startedBy: { kind, name } }: Pick<Task, 'startedBy'>): string {
  if (kind === 'night') return t('imports.byNight')
  return name ?? (kind === 'person' ? t('imports.byPerson') : 'Uurwerk')
}

export function TaskPill({ task }: { task: Task }) {
  const t = useT()
  return <Pill is={taskMeaning[task.state]}>{t(taskStateWord[task.state])}</Pill>
}

/** What came of it so far, each with icon and word. */
export function Counts({ task }: { task: Task }) {
  const t = useT()
  const format = useFormat()
  return countsOf(task).map(({ outcome, count }) => (
    <State key={outcome} is={outcomeMeaning[outcome]} icon={outcomeIcon[outcome]}>
      {t(countWord[outcome], { count, shown: format.count(count) })}
    </State>
  ))
}

/** How far it is and what it does now. */
export function TaskRuns({ task }: { task: Task }) {
  const t = useT()
  const now =
    task.state === 'waiting'
      ? t('imports.now.waiting')
      : task.now
        ? t('imports.now.reading', { what: task.now })
        : t('imports.now.starting')
  return <TaskProgress now={now} done={task.done} of={task.total} counts={<Counts task={task} />} />
}

/** Why it ended badly: cause, remedy and what the package said. */
export function TaskFailed({ task, children }: { task: Task; children?: React.ReactNode }) {
  const t = useT()
  if (!task.problem) return null
  const { cause, remedy, theirWords } = task.problem
  return (
    <Notice is="refused" title={cause}>
      <Told
        rows={[
          [t('parts.remedy'), remedy],
          ...(theirWords ? [[t('parts.theirWords'), `“${theirWords}”`] as const] : []),
        ]}
      />
      {children}
    </Notice>
  )
}

const topicOf = (data: string): unknown => {
  try {
    return (JSON.parse(data) as { topic?: unknown }).topic
  } catch {
    return undefined
  }
}

/** Follows tasks, and the connection they belong to, while somebody looks. */
export function useFollowTasks(connectionId?: string): void {
  const client = useQueryClient()
  const heard = useRef(new Set<unknown>())
  useEvents('/events', {
    heard: ({ data }) => heard.current.add(topicOf(data)),
    look: () => {
      const topics = heard.current
      heard.current = new Set()
      // Without a stream nothing is heard, and everything is looked at.
      const about = (topic: string) => topics.size === 0 || topics.has(topic)
      return Promise.all([
        ...(about('tasks') ? [tasksChanged(client)] : []),
        ...(about('tasks') || about('connections') || about('customers')
          ? [client.invalidateQueries({ queryKey: ['imports'] })]
          : []),
        ...(connectionId && about('connections') ? [connectionChanged(client, connectionId)] : []),
      ])
    },
  })
}
