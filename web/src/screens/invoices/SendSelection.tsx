import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { add, decimal } from '@uurwerk/core/shared/money.ts'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { mailSettingsQuery } from '../letters/letter.ts'
import letterStyles from '../letters/letters.module.css'
import { ManySent } from '../letters/ManySent.tsx'
import { useInvoiceTask } from '../letters/use-invoice-task.ts'
import type { InvoiceRow } from './invoice.ts'
import styles from './invoices.module.css'

type How = 'mail' | 'post' | 'portal' | 'other'

const ways = {
  mail: 'letters.how.mail',
  post: 'invoices.send.post',
  portal: 'invoices.send.portal',
  other: 'invoices.send.other',
} as const satisfies Record<How, Word>

const told = {
  mail: 'letters.many.mail',
  post: 'letters.many.post',
  portal: 'letters.many.portal',
  other: 'letters.many.other',
} as const satisfies Record<How, Word>

const heads = {
  skipped: 'letters.many.left',
  failed: 'letters.many.failed',
  created: 'letters.many.sent',
} as const satisfies Record<string, Word>

function SendDialog({
  drafts,
  onClose,
  onDone,
}: {
  drafts: readonly InvoiceRow[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  // What was selected when it was asked: the list behind it moves while they are sent.
  const [asked] = useState(drafts)
  const settings = useQuery(mailSettingsQuery)
  const off = settings.data?.works === false
  const [chosen, setChosen] = useState<How | null>(null)
  const how = chosen ?? (off ? 'post' : 'mail')
  const { start, task, over } = useInvoiceTask((body: { how: How }, key) =>
    answer(
      api.POST('/invoices/sendings', {
        headers: key,
        body: { ...body, selection: { ids: asked.map(({ id }) => id) } },
      }),
    ),
  )
  useEffect(() => {
    if (!over) return
    void client.invalidateQueries({ queryKey: ['invoices'] })
    void client.invalidateQueries({ queryKey: ['letters'] })
  }, [over, client])
  const close = () => {
    if (task) onDone()
    onClose()
  }
  const count = asked.length
  const shown = format.count(count)
  const cannot = how === 'mail' && off
  useKeys([
    {
      keys: 'mod+Enter',
      whileTyping: true,
      disabled: cannot || start.isPending || (task !== undefined && !over),
      run: () => (over ? close() : start.mutate({ how })),
    },
  ])

  if (task && over) {
    const sent = task.report?.created ?? 0
    return (
      <Dialog
        open
        onClose={close}
        title={t('letters.many.done', { count: sent, shown: format.count(sent) })}
        size={600}
      >
        <ManySent
          task={task}
          heads={heads}
          customerOf={(invoiceId) => asked.find(({ id }) => id === invoiceId)?.customerName}
          follow={how === 'mail' && sent > 0 ? t('letters.many.follow') : null}
          onClose={close}
        />
      </Dialog>
    )
  }
  const sums = [...Map.groupBy(asked, ({ currency }) => currency)].map(
    ([currency, list]) => [currency, list.map(({ gross }) => decimal(gross)).reduce(add, decimal('0'))] as const,
  )
  return (
    <Dialog open onClose={close} title={t('letters.many.title', { count, shown })} size={600}>
      <div className={styles.dialog}>
        {task ? (
          <TaskProgress now={t('letters.many.running')} done={task.done} of={task.total} />
        ) : (
          <>
            <ul className={letterStyles.outcomes}>
              {asked.map((row) => (
                <li key={row.id}>
                  <span>{row.customerName}</span>
                  <span className="muted small fig">{format.date(row.date, 'short')}</span>
                  <Money amount={row.gross} currency={row.currency} />
                </li>
              ))}
            </ul>
            <p className={letterStyles.sums}>
              {t('letters.many.total')}{' '}
              {sums.map(([currency, gross]) => (
                <Money key={currency} amount={gross} currency={currency} total />
              ))}
            </p>
            <div className={letterStyles.how}>
              <Segments<How>
                name={t('letters.many.how')}
                value={how}
                onChange={setChosen}
                options={(Object.keys(ways) as How[]).map((value) => ({ value, label: t(ways[value]) }))}
              />
              <p className="muted small">{t(told[how])}</p>
            </div>
            {cannot ? (
              <Notice is="needs" title={t('letters.off')}>
                {may('firm:write') ? (
                  <Link to="/f/$firm/settings/mail" params={{ firm }}>
                    {t('letters.problem.settings')}
                  </Link>
                ) : null}
              </Notice>
            ) : null}
            {start.error ? <ErrorNotice error={start.error} /> : null}
            <p className="muted small">{t('letters.many.never')}</p>
          </>
        )}
        <Foot>
          <Button onClick={close}>{t(task ? 'parts.close' : 'parts.back')}</Button>
          {task ? null : (
            <Button
              kind="primary"
              icon="send"
              keys="mod+Enter"
              busy={start.isPending}
              disabled={cannot}
              onClick={() => start.mutate({ how })}
            >
              {t('letters.many.button', { count, shown })}
            </Button>
          )}
        </Foot>
      </div>
    </Dialog>
  )
}

/** Sends the drafts of a selection, each to its own customer; what came of each is told. */
export function SendSelection({
  drafts,
  busy,
  primary,
  onDone,
}: {
  /** Those of the selection that can be sent. */
  drafts: readonly InvoiceRow[]
  /** Not all that is selected is here yet. */
  busy: boolean
  primary: boolean
  onDone: () => void
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!may('invoices:send') || (drafts.length === 0 && !open)) return null
  return (
    <>
      {drafts.length > 0 ? (
        <Button kind={primary ? 'primary' : 'plain'} icon="send" busy={busy} onClick={() => setOpen(true)}>
          {t('letters.many.button', { count: drafts.length, shown: format.count(drafts.length) })}
        </Button>
      ) : null}
      {open ? <SendDialog drafts={drafts} onClose={() => setOpen(false)} onDone={onDone} /> : null}
    </>
  )
}
