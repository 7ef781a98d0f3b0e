import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { TaskFailed, TaskRuns } from '../imports/TaskShown.tsx'
import { isUnderWay, lastTaskQuery, tasksChanged } from '../imports/task.ts'
import styles from './connection.module.css'
import type { Connection } from './connection.ts'
import { UnreadLists } from './UnreadLists.tsx'

const nounWord: Readonly<Record<string, Word>> = {
  items: 'apps.noun.items',
  ledgerAccounts: 'apps.noun.ledgerAccounts',
  vatCodes: 'apps.noun.vatCodes',
  journals: 'apps.noun.journals',
  paymentTerms: 'apps.noun.paymentTerms',
  dimensions: 'apps.noun.dimensions',
  periods: 'apps.noun.periods',
}

/** What was read of the package, when, and the way to read it again. */
export function Lists({ connection }: { connection: Connection }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { data: last } = useQuery(lastTaskQuery('refresh-lists', connection.id))
  const read = useAct({
    run: (_: null, key) =>
      answer(api.POST('/connections/{id}/lists', { params: { path: { id: connection.id } }, headers: key })),
    done: () => tasksChanged(client),
    failed: sayProblem,
  })
  const readAt = connection.lists.flatMap((list) => list.readAt ?? []).toSorted()[0]
  const underWay = isUnderWay(last)
  return (
    <section className={styles.section} aria-labelledby="lists">
      <h2 id="lists">{t('apps.lists')}</h2>
      <p className={styles.sub}>
        {readAt ? t('apps.lists.readAt', { at: format.moment(readAt) }) : t('apps.lists.never')}
      </p>
      {underWay ? <TaskRuns task={last} /> : null}
      {last?.state === 'failed' && connection.lists.every(({ unread }) => unread === null) ? (
        <TaskFailed task={last} />
      ) : null}
      <UnreadLists connection={connection} />
      <p className={styles.nouns}>
        {connection.lists.map(({ noun, count }) => (
          <span key={noun}>
            <b className="fig">{format.count(count)}</b> {nounWord[noun] ? t(nounWord[noun]) : noun}
          </span>
        ))}
      </p>
      <div className={styles.line}>
        {may('connections:write') ? (
          <Button
            size="sm"
            icon="refresh"
            disabled={underWay || connection.state !== 'connected'}
            busy={read.isPending}
            onClick={() => read.mutate(null)}
          >
            {t('apps.lists.again')}
          </Button>
        ) : null}
        <span className="grow" />
        {connection.sandboxPage ? (
          <a className={styles.books} href={connection.sandboxPage} target="_blank" rel="noreferrer">
            {t('apps.sandbox.books')} <Icon name="external" size={14} />
          </a>
        ) : null}
      </div>
    </section>
  )
}
