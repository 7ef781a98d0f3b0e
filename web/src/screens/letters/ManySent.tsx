import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { type Meaning, State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import { usePages } from '../../table/rows.ts'
import { useT, type Word } from '../../words/words.tsx'
import styles from './letters.module.css'

type Outcome = 'created' | 'skipped' | 'failed'

const outcomes = ['skipped', 'failed', 'created'] as const satisfies readonly Outcome[]
const meanings = { skipped: 'needs', failed: 'refused', created: 'done' } as const satisfies Record<Outcome, Meaning>

type CustomerOf = (invoiceId: string) => string | undefined

/** What came of each invoice; those that were left say why. */
function Outcomes({
  taskId,
  outcome,
  head,
  customerOf,
}: {
  taskId: string
  outcome: Outcome
  head: string
  customerOf: CustomerOf | undefined
}) {
  const t = useT()
  const { slug: firm } = useFirm()
  const rows = usePages({
    queryKey: ['invoice-task-rows', taskId, outcome],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/invoices/tasks/{id}/rows', {
          params: { path: { id: taskId }, query: { outcome, cursor, limit: 100 } },
          signal,
        }),
      ),
  })
  return (
    <section>
      <h3 className={styles.outcome}>
        <State is={meanings[outcome]}>{head}</State>
      </h3>
      {rows.state === 'failed' ? <ErrorNotice error={rows.error} retry={rows.again} /> : null}
      {rows.state === 'loading' ? <Skeleton width="60%" /> : null}
      <ul className={styles.outcomes}>
        {rows.rows.map((row) => {
          const customer = customerOf?.(row.invoiceId)
          return (
            <li key={row.invoiceId}>
              <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: row.invoiceId }}>
                {row.label}
              </Link>
              {customer && customer !== row.label ? <span>{customer}</span> : null}
              {row.problem ? (
                <span className="muted small">
                  {row.problem.cause} {row.problem.remedy}
                </span>
              ) : null}
            </li>
          )
        })}
      </ul>
      {rows.more ? (
        <Button size="sm" busy={rows.loadingMore} onClick={() => rows.more?.()}>
          {t('letters.many.more')}
        </Button>
      ) : null}
    </section>
  )
}

/** What came of letters to many, in a dialog: which went, which did not and why, and where to follow them. */
export function ManySent({
  task,
  heads,
  customerOf,
  follow,
  onClose,
}: {
  task: components['schemas']['Task']
  heads: Readonly<Partial<Record<Outcome, Word>>>
  /** Beside the label of a row, where that says something else. */
  customerOf?: CustomerOf
  /** That the log of e-mails tells more, when any is under way. */
  follow: string | null
  onClose: () => void
}) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  return (
    <div className={styles.many} role="status">
      {task.problem ? (
        <Notice is="refused" title={task.problem.cause}>
          {task.problem.remedy}
        </Notice>
      ) : null}
      {outcomes.map((outcome) => {
        const count = task.report?.[outcome] ?? 0
        const head = heads[outcome]
        return head && count > 0 ? (
          <Outcomes
            key={outcome}
            taskId={task.id}
            outcome={outcome}
            head={t(head, { count, shown: format.count(count) })}
            customerOf={customerOf}
          />
        ) : null
      })}
      {follow ? <p className="muted small">{follow}</p> : null}
      <Foot>
        {follow ? (
          <ButtonLink icon="mail" to="/f/$firm/letters" params={{ firm }}>
            {t('letters.title')}
          </ButtonLink>
        ) : null}
        <Button kind="primary" data-autofocus onClick={onClose}>
          {t('parts.close')}
        </Button>
      </Foot>
    </div>
  )
}
