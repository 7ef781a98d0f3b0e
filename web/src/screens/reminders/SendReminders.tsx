import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useT } from '../../words/words.tsx'
import { toKnown } from '../letters/addresses.ts'
import { LetterBox } from '../letters/LetterBox.tsx'
import { LetterPreview } from '../letters/LetterPreview.tsx'
import { MailProblems } from '../letters/MailProblems.tsx'
import { ManySent } from '../letters/ManySent.tsx'
import { useInvoiceTask } from '../letters/use-invoice-task.ts'
import { WhyNot } from './NextReminder.tsx'
import { type OverdueInvoice, reminderDraftQuery, stepWord } from './reminder.ts'
import styles from './reminders.module.css'

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

const heads = { skipped: 'reminders.send.skipped', created: 'reminders.send.created' } as const

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
  const ready = chosen.filter(({ whyNotByHand, to }) => whyNotByHand === null && to.length > 0)
  const left = chosen.filter((one) => !ready.includes(one))
  const { start, task, over } = useInvoiceTask((ids: readonly string[], key) =>
    answer(api.POST('/invoices/reminders', { headers: key, body: { selection: { ids: [...ids] } } })),
  )
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
  const created = task?.report?.created ?? 0
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
      <ManySent task={task} heads={heads} follow={created > 0 ? t('reminders.send.follow') : null} onClose={onClose} />
    </LetterBox>
  )
}
