import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useEffect, useRef, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink, IconButton } from '../../parts/Button.tsx'
import { Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from '../letters/addresses.ts'
import { LetterBox } from '../letters/LetterBox.tsx'
import { LetterPreview } from '../letters/LetterPreview.tsx'
import { MailProblems } from '../letters/MailProblems.tsx'
import { WhyNot } from './NextReminder.tsx'
import { type OverdueInvoice, reminderDraftQuery, stepWord } from './reminder.ts'
import styles from './reminders.module.css'

type Task = components['schemas']['Task']
const isOver = (task: Task | undefined) => task?.state === 'done' || task?.state === 'failed'

/** The letter of one of them, as it goes out. */
function Letter({ invoice }: { invoice: OverdueInvoice }) {
  const t = useT()
  const draft = useQuery(reminderDraftQuery(invoice.id, invoice.step ?? 1))
  if (draft.isError) return <ErrorNotice error={draft.error} retry={draft.refetch} />
  if (!draft.data) return <Skeleton height={260} />
  const { data } = draft
  return (
    <>
      <MailProblems problems={data.problems} to={toKnown(data.to)} customerId={invoice.customerId} />
      <LetterPreview
        label={t('reminders.send.preview')}
        language={data.language}
        sender={data.sender}
        to={toKnown(data.to)}
        bcc={data.bcc}
        replyTo={data.replyTo}
        subject={data.preview.subject}
        body={data.preview.body}
        attachments={[
          { key: 'pdf', name: data.attach.hours ? data.fileNames.hours : data.fileNames.pdf, bytes: null },
          ...(data.attach.ubl && data.hasUbl ? [{ key: 'ubl', name: data.fileNames.ubl, bytes: null }] : []),
        ]}
      />
    </>
  )
}

/** Who is reminded of what, and beside it each letter word for word. */
function Chosen({ ready, left }: { ready: readonly OverdueInvoice[]; left: readonly OverdueInvoice[] }) {
  const t = useT()
  const format = useFormat()
  const [at, setAt] = useState(0)
  const shown = ready[at]
  return (
    <div className={styles.asked}>
      <div className={styles.who}>
        <ul className={styles.list}>
          {ready.map((invoice, index) => (
            <li key={invoice.id} className={styles.one}>
              <button type="button" aria-pressed={index === at} onClick={() => setAt(index)}>
                <b>{invoice.customerName}</b>
                <Money amount={invoice.outstanding} currency={invoice.currency} />
                <span className="muted small">
                  {[
                    invoice.number,
                    t(stepWord(invoice.step ?? 1)),
                    t('reminders.late.days', { count: invoice.daysLate, shown: format.count(invoice.daysLate) }),
                  ].join(' · ')}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {left.length > 0 ? (
          <Notice is="needs" title={t('reminders.send.left', { count: left.length, shown: format.count(left.length) })}>
            <ul className={styles.left}>
              {left.map((invoice) => (
                <li key={invoice.id} className={styles.leftOne}>
                  <span>{invoice.customerName}</span>
                  <span className="muted fig">{invoice.number}</span>
                  {invoice.whyNotByHand ? (
                    <WhyNot why={invoice.whyNotByHand} />
                  ) : (
                    <State is="needs">{t('reminders.noAddress')}</State>
                  )}
                </li>
              ))}
            </ul>
          </Notice>
        ) : null}
      </div>
      <div className={styles.letter}>
        <div className={styles.letterHead}>
          <h3>{t('reminders.send.preview')}</h3>
          {ready.length > 1 ? (
            <>
              <span className="muted small fig">
                {t('reminders.send.place', { at: format.count(at + 1), count: format.count(ready.length) })}
              </span>
              <IconButton
                icon="back"
                name={t('reminders.send.previous')}
                disabled={at === 0}
                onClick={() => setAt(at - 1)}
              />
              <IconButton
                icon="next"
                name={t('reminders.send.following')}
                disabled={at === ready.length - 1}
                onClick={() => setAt(at + 1)}
              />
            </>
          ) : null}
        </div>
        {shown ? <Letter key={shown.id} invoice={shown} /> : null}
      </div>
    </div>
  )
}

/** What came of each invoice; those that got none say why. */
function Outcomes({ taskId, outcome, count }: { taskId: string; outcome: 'created' | 'skipped'; count: number }) {
  const t = useT()
  const format = useFormat()
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
    <section className={styles.outcome}>
      <h3>
        <State is={outcome === 'created' ? 'done' : 'needs'}>
          {t(outcome === 'created' ? 'reminders.send.created' : 'reminders.send.skipped', {
            count,
            shown: format.count(count),
          })}
        </State>
      </h3>
      {rows.state === 'failed' ? <ErrorNotice error={rows.error} retry={rows.again} /> : null}
      {rows.state === 'loading' ? <Skeleton width="60%" /> : null}
      <ul className={styles.left}>
        {rows.rows.map((row) => (
          <li key={row.invoiceId} className={styles.leftOne}>
            <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: row.invoiceId }}>
              {row.label}
            </Link>
            {row.problem ? (
              <span className="muted small">
                {row.problem.cause} {row.problem.remedy}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {rows.more ? (
        <Button size="sm" busy={rows.loadingMore} onClick={() => rows.more?.()}>
          {t('reminders.send.more')}
        </Button>
      ) : null}
    </section>
  )
}

/** Reminders of a selection: who gets which letter stands here first; then how far it is, and what came of each. */
export function SendReminders({
  chosen,
  onClose,
  onDone,
}: {
  chosen: readonly OverdueInvoice[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const ready = chosen.filter(({ whyNotByHand, to }) => whyNotByHand === null && to.length > 0)
  const left = chosen.filter((one) => !ready.includes(one))
  const start = useAct<readonly string[], Task>({
    run: (ids, key) =>
      answer(api.POST('/invoices/reminders', { headers: key, body: { selection: { ids: [...ids] } } })),
  })
  const id = start.data?.id ?? ''
  const follow = useQuery({
    queryKey: ['invoice-task', id],
    queryFn: ({ signal }) => answer(api.GET('/invoices/tasks/{id}', { params: { path: { id } }, signal })),
    enabled: start.data !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : 600),
  })
  const task = follow.data ?? start.data
  const over = isOver(task)
  const done = useRef(onDone)
  done.current = onDone
  useEffect(() => {
    if (over) done.current()
  }, [over])
  const send = () => start.mutate(ready.map((one) => one.id))
  useKeys([
    {
      keys: 'mod+Enter',
      whileTyping: true,
      disabled: start.isPending || (task !== undefined && !over),
      run: () => (over ? onClose() : send()),
    },
  ])
  const report = task?.report ?? {}
  const created = report.created ?? 0
  const counted = { count: ready.length, shown: format.count(ready.length) }
  if (!task || !over)
    return (
      <LetterBox open onClose={onClose} title={t('reminders.send', counted)}>
        <div className={styles.dialog}>
          {task ? (
            <TaskProgress now={t('reminders.send.running')} done={task.done} of={task.total} />
          ) : (
            <>
              <Chosen ready={ready} left={left} />
              {start.error ? <ErrorNotice error={start.error} /> : null}
              <p className="muted small">{t('reminders.send.never')}</p>
            </>
          )}
          <Foot>
            <Button onClick={onClose}>{t(task ? 'parts.close' : 'parts.back')}</Button>
            {task ? null : (
              <Button kind="primary" icon="send" keys="mod+Enter" busy={start.isPending} data-autofocus onClick={send}>
                {t('reminders.send', counted)}
              </Button>
            )}
          </Foot>
        </div>
      </LetterBox>
    )
  return (
    <LetterBox
      open
      onClose={onClose}
      size={600}
      title={t('reminders.send.done', { count: created, shown: format.count(created) })}
    >
      <div className={styles.dialog} role="status">
        {task.problem ? (
          <Notice is="refused" title={task.problem.cause}>
            {task.problem.remedy}
          </Notice>
        ) : null}
        {(['skipped', 'created'] as const).map((outcome) =>
          (report[outcome] ?? 0) > 0 ? (
            <Outcomes key={outcome} taskId={task.id} outcome={outcome} count={report[outcome] ?? 0} />
          ) : null,
        )}
        {created > 0 ? <p className="muted small">{t('reminders.send.follow')}</p> : null}
        <Foot>
          {created > 0 ? (
            <ButtonLink icon="mail" to="/f/$firm/letters" params={{ firm }}>
              {t('letters.title')}
            </ButtonLink>
          ) : null}
          <Button kind="primary" data-autofocus onClick={onClose}>
            {t('parts.close')}
          </Button>
        </Foot>
      </div>
    </LetterBox>
  )
}
