import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { EmptyState, ErrorState, PageSkeleton, Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import styles from './imports.module.css'
import { startedBy, TaskFailed, TaskPill, TaskRuns, taskTitle, useFollowTasks } from './TaskShown.tsx'
import {
  countsOf,
  isOutcome,
  isUnderWay,
  type Outcome,
  outcomeIcon,
  outcomeMeaning,
  outcomeWord,
  type Task,
  taskQuery,
} from './task.ts'

const route = getRouteApi('/f/$firm/settings/imports/$taskId')

interface Row {
  readonly position: number
  readonly label: string
  readonly outcome: Outcome
  readonly detail: string | null
  readonly subjectId: string | null
}

function ResultRow({ row }: { row: Row }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const may = useMay()
  const name =
    row.subjectId && may('customers:read') ? (
      <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: row.subjectId }}>
        {row.label}
      </Link>
    ) : (
      row.label
    )
  return (
    <tr className={row.outcome === 'conflict' || row.outcome === 'failed' ? styles.attention : undefined}>
      <th scope="row">{name}</th>
      <td>
        <State is={outcomeMeaning[row.outcome]} icon={outcomeIcon[row.outcome]}>
          {t(outcomeWord[row.outcome])}
        </State>
      </td>
      <td>{row.detail}</td>
    </tr>
  )
}

/** The result of each row, by outcome; a reason is never cut off. */
function Report({ task }: { task: Task }) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { outcome: asked } = route.useSearch()
  const navigate = route.useNavigate()
  const outcome = isOutcome(asked) ? asked : undefined
  const rows = usePages({
    queryKey: ['tasks', 'rows', task.id, outcome ?? null],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/tasks/{id}/rows', {
          params: { path: { id: task.id }, query: { limit: 100, cursor, ...(outcome ? { outcome } : {}) } },
          signal,
        }),
      ),
  })
  // Rows come as the task goes on.
  useEffect(() => {
    if (task.done > 0) void client.invalidateQueries({ queryKey: ['tasks', 'rows', task.id] })
  }, [task.done, task.id, client])
  const counts = countsOf(task)
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const conflicts = counts.find((one) => one.outcome === 'conflict')?.count ?? 0
  const failed = counts.find((one) => one.outcome === 'failed')?.count ?? 0

  if (task.state === 'done' && total === 0) {
    return (
      <EmptyState icon="check" title={t('imports.upToDate.title')}>
        {t('imports.upToDate.text', { package: task.packageName ?? '' })}
      </EmptyState>
    )
  }
  return (
    <>
      {conflicts + failed > 0 && task.state === 'done' ? (
        <Notice is="needs" title={t('imports.conflicts.title', { count: conflicts + failed })}>
          <p>{t('imports.conflicts.text')}</p>
          <Actions>
            <ButtonLink size="sm" to="/f/$firm/settings/imports/conflicts" params={{ firm }}>
              {t('imports.toDecide')}
            </ButtonLink>
            <ButtonLink size="sm" to="/f/$firm/settings/imports/proposals" params={{ firm }}>
              {t('imports.proposals')}
            </ButtonLink>
          </Actions>
        </Notice>
      ) : null}
      <div className={styles.filter}>
        <Segments
          name={t('imports.filter')}
          value={outcome ?? 'all'}
          options={[
            { value: 'all', label: t('imports.filter.all'), count: format.count(total) },
            ...counts.map((one) => ({
              value: one.outcome,
              label: t(outcomeWord[one.outcome]),
              count: format.count(one.count),
            })),
          ]}
          onChange={(value) => navigate({ search: value === 'all' ? {} : { outcome: value }, replace: true })}
        />
      </div>
      {rows.state === 'failed' ? (
        <ErrorState error={rows.error} retry={rows.again} />
      ) : (
        <div className={styles.sheet}>
          <table className={styles.report} aria-busy={rows.state === 'loading'}>
            <thead>
              <tr>
                <th scope="col">{t('imports.customer')}</th>
                <th scope="col">{t('imports.result')}</th>
                <th scope="col">{t('imports.why')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.state === 'loading'
                ? ['a', 'b', 'c', 'd', 'e'].map((line) => (
                    <tr key={line}>
                      <td colSpan={3}>
                        <Skeleton width="60%" />
                      </td>
                    </tr>
                  ))
                : rows.rows.map((row) => <ResultRow key={row.position} row={row} />)}
            </tbody>
          </table>
        </div>
      )}
      {rows.more ? (
        <Button busy={rows.loadingMore} onClick={() => rows.more?.()}>
          {t('imports.more')}
        </Button>
      ) : null}
    </>
  )
}

/** One import: while it runs how far it is, afterwards what came of each row. It can be left and found again. */
export function Import() {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const { taskId } = route.useParams()
  const { data: task, error, refetch, isFetching } = useQuery(taskQuery(taskId))
  useFollowTasks()
  const crumbs = [
    <SettingsCrumb key="settings" />,
    <Link key="imports" to="/f/$firm/settings/imports" params={{ firm }}>
      {t('imports.title')}
    </Link>,
  ]
  if (!task) {
    return (
      <Page>
        <PageHead title={t('imports.one')} crumbs={crumbs} />
        {error ? <ErrorState error={error} retry={refetch} busy={isFetching} /> : <PageSkeleton />}
      </Page>
    )
  }
  const isImport = task.kind === 'import-customers'
  return (
    <Page>
      <PageHead
        title={taskTitle(t, task)}
        crumbs={crumbs}
        state={<TaskPill task={task} />}
        period={
          <span className="muted">
            {format.moment(task.createdAt)} · {startedBy(t, task)}
            {task.full ? ` · ${t('imports.everything')}` : ''}
          </span>
        }
        actions={
          task.connectionId ? (
            <ButtonLink
              to="/f/$firm/settings/connections/$connectionId"
              params={{ firm, connectionId: task.connectionId }}
              icon="plug"
            >
              {task.packageName}
            </ButtonLink>
          ) : null
        }
      />
      <Body>
        <div className={styles.page}>
          {isUnderWay(task) ? (
            <section className={styles.progress}>
              <TaskRuns task={task} />
              <p className="muted small">
                <Icon name="info" size={14} /> {t('imports.leave')}
              </p>
            </section>
          ) : null}
          <TaskFailed task={task} />
          {isImport && (task.state === 'done' || task.done > 0) ? <Report task={task} /> : null}
          {!isImport && task.state === 'done' ? (
            <EmptyState icon="check" title={t('imports.rows', { count: task.done, shown: format.count(task.done) })}>
              {t('imports.listsRead', { package: task.packageName ?? '' })}
            </EmptyState>
          ) : null}
        </div>
      </Body>
    </Page>
  )
}
