import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Counts, TaskFailed, TaskRuns } from '../imports/TaskShown.tsx'
import { isUnderWay, lastTaskQuery, tasksChanged } from '../imports/task.ts'
import styles from './connection.module.css'
import type { Connection } from './connection.ts'

/** Customers from the package, by hand; how the last time went. */
export function ImportSection({ connection }: { connection: Connection }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const { data: last } = useQuery(lastTaskQuery('import-customers', connection.id))
  const start = useAct({
    run: (full: boolean, key) =>
      answer(
        api.POST('/connections/{id}/imports', {
          params: { path: { id: connection.id } },
          headers: key,
          body: { full },
        }),
      ),
    done: () => tasksChanged(client),
    failed: sayProblem,
  })
  const underWay = isUnderWay(last)
  const params = last ? { firm, taskId: last.id } : null
  return (
    <section className={styles.section} aria-labelledby="import">
      <h2 id="import" tabIndex={-1}>
        {t('apps.import')}
      </h2>
      <p className={styles.sub}>{t('apps.import.text', { package: connection.packageName })}</p>
      {underWay ? <TaskRuns task={last} /> : null}
      {last?.state === 'failed' ? <TaskFailed task={last} /> : null}
      {last?.state === 'done' ? (
        <div className={styles.last}>
          <p className="muted small">
            {t('apps.import.last', { at: format.moment(last.finishedAt ?? last.createdAt) })}
          </p>
          <p className={styles.counts}>
            {last.done > 0 ? <Counts task={last} /> : <span className="muted small">{t('imports.nothingNew')}</span>}
          </p>
        </div>
      ) : null}
      <div className={styles.line}>
        {may('connections:write') ? (
          <>
            <Button
              size="sm"
              disabled={underWay || connection.state !== 'connected'}
              busy={start.isPending}
              onClick={() => start.mutate(false)}
            >
              {t('apps.import.now')}
            </Button>
            {last ? (
              <Button
                kind="quiet"
                size="sm"
                disabled={underWay || connection.state !== 'connected' || start.isPending}
                onClick={() => start.mutate(true)}
              >
                {t('apps.import.full')}
              </Button>
            ) : null}
          </>
        ) : null}
        <span className="grow" />
        {params ? (
          <Link to="/f/$firm/settings/imports/$taskId" params={params}>
            {t('apps.import.report')}
          </Link>
        ) : null}
      </div>
    </section>
  )
}
