import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Fill } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { State } from '../../parts/State.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { ImportPage } from './ImportTabs.tsx'
import { useImportConnection } from './import-settings.ts'
import styles from './imports.module.css'
import { Counts, startedBy, taskTitle } from './TaskShown.tsx'
import { isUnderWay, outcomeWord, type Task, taskMeaning, taskStateWord, tasksChanged } from './task.ts'

const route = getRouteApi('/f/$firm/settings/imports')

/** How far, or what came of it, on one line. */
function Result({ task }: { task: Task }) {
  const t = useT()
  const format = useFormat()
  if (task.state === 'failed') return <span className="muted">{task.problem?.cause}</span>
  if (isUnderWay(task)) {
    return (
      <span className="muted fig">
        {task.total === null
          ? format.count(task.done)
          : t('parts.task.of', { done: format.count(task.done), total: format.count(task.total) })}
      </span>
    )
  }
  if (task.kind !== 'import-customers')
    return <span className="muted">{t('imports.rows', { count: task.done, shown: format.count(task.done) })}</span>
  return task.done === 0 ? (
    <span className="muted">{t('imports.nothingNew')}</span>
  ) : (
    <span className={styles.counts}>
      <Counts task={task} />
    </span>
  )
}

/** Everything that was read from a package, and is being read now. */
export function Imports() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const client = useQueryClient()
  const rows = usePages({
    queryKey: ['tasks', 'list', search],
    fetchPage: (cursor, signal) =>
      answer(api.GET('/tasks', { params: { query: { limit: 50, cursor, ...search } }, signal })),
    enabled: may('connections:read'),
  })
  const { connection } = useImportConnection()
  const start = useAct({
    run: (id: string, key) =>
      answer(api.POST('/connections/{id}/imports', { params: { path: { id } }, headers: key, body: { full: false } })),
    done: (task) => {
      void tasksChanged(client)
      return navigate({ to: '/f/$firm/settings/imports/$taskId', params: { firm, taskId: task.id } })
    },
    failed: sayProblem,
  })
  const columns = useMemo(
    (): ReadonlyArray<Column<Task>> => [
      {
        id: 'what',
        head: t('imports.what'),
        cell: (task) => taskTitle(t, task),
        width: 'minmax(160px, 2fr)',
        always: true,
      },
      { id: 'began', head: t('imports.began'), cell: (task) => format.moment(task.createdAt), width: 170, from: 560 },
      {
        id: 'by',
        head: t('imports.startedBy'),
        cell: (task) => <span className="muted">{startedBy(t, task)}</span>,
        width: 'minmax(110px, 1fr)',
        from: 900,
      },
      {
        id: 'state',
        head: t('imports.state'),
        cell: (task) => <State is={taskMeaning[task.state]}>{t(taskStateWord[task.state])}</State>,
        width: 110,
      },
      {
        id: 'result',
        head: t('imports.result'),
        cell: (task) => <Result task={task} />,
        width: 'minmax(200px, 3fr)',
        from: 760,
      },
    ],
    [t, format],
  )
  const filters = useMemo(
    (): readonly Filter[] => [
      {
        kind: 'choice',
        name: 'kind',
        label: t('imports.what'),
        options: [
          { value: 'import-customers', label: t('imports.kind.anyCustomers') },
          { value: 'refresh-lists', label: t('imports.kind.anyLists') },
        ],
      },
      {
        kind: 'choice',
        name: 'startedBy',
        label: t('imports.startedBy'),
        options: [
          { value: 'night', label: t('imports.byNight') },
          { value: 'person', label: t('imports.byPerson') },
        ],
      },
      {
        kind: 'choice',
        name: 'state',
        label: t('imports.state'),
        options: (['waiting', 'running', 'done', 'failed'] as const).map((value) => ({
          value,
          label: t(taskStateWord[value]),
        })),
      },
      {
        kind: 'choice',
        name: 'outcome',
        label: t('imports.with'),
        options: (['created', 'updated', 'skipped', 'inactive', 'conflict'] as const).map((value) => ({
          value,
          label: t(outcomeWord[value]),
        })),
      },
    ],
    [t],
  )
  const isFiltered = Object.values(search).some((value) => value !== undefined)
  const begin =
    connection?.state === 'connected' && may('connections:write') ? (
      <Button kind="primary" icon="refresh" busy={start.isPending} onClick={() => start.mutate(connection.id)}>
        {t('imports.customers.now')}
      </Button>
    ) : null
  return (
    <ImportPage
      at="runs"
      actions={begin}
      tools={
        <FilterChips
          filters={filters}
          search={search}
          onChange={(patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true })}
        />
      }
    >
      <Fill>
        <DataTable
          id="imports"
          name={t('imports.title')}
          rows={rows}
          columns={columns}
          idOf={(task) => task.id}
          onOpen={(task) => navigate({ to: '/f/$firm/settings/imports/$taskId', params: { firm, taskId: task.id } })}
          toneOf={(task) => (task.state === 'failed' ? 'refused' : undefined)}
          empty={
            isFiltered ? (
              <EmptyState
                icon="filter"
                title={t('imports.noneFound.title')}
                action={
                  <Button onClick={() => navigate({ search: {}, replace: true })}>
                    {t('imports.noneFound.clear')}
                  </Button>
                }
              >
                {t('imports.noneFound.text')}
              </EmptyState>
            ) : (
              <EmptyState
                icon="refresh"
                title={t('imports.empty.title')}
                action={
                  begin ?? (
                    <ButtonLink kind="primary" to="/f/$firm/settings/apps" params={{ firm }}>
                      {t('imports.empty.action')}
                    </ButtonLink>
                  )
                }
              >
                {t('imports.empty.text')}
              </EmptyState>
            )
          }
        />
      </Fill>
    </ImportPage>
  )
}
