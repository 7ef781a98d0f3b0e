import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { SwitchField } from '../../parts/Choose.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { Invoice } from '../invoices/invoice.ts'
import cards from '../invoices/invoices.module.css'
import { LetterState } from '../letters/letter-state.tsx'
import { NextReminder } from './NextReminder.tsx'
import { invoiceRemindersQuery, remindersChanged, stepWord } from './reminder.ts'
import styles from './reminders.module.css'
import { SendReminder } from './SendReminder.tsx'

type Reminded = Pick<Invoice, 'id' | 'version' | 'number' | 'customerId' | 'customer'>

/** Of a sent invoice: which reminders went out, what comes next, and a switch that holds them. */
export function InvoiceReminders({ invoice }: { invoice: Reminded }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const [sending, setSending] = useState(false)
  const { data, error, refetch } = useQuery(invoiceRemindersQuery(invoice.id))
  const number = invoice.number ?? ''
  const path = { params: { path: { id: invoice.id } } }
  const hold = useAct({
    run: (held: boolean) =>
      answer(held ? api.PUT('/invoices/{id}/reminder-hold', path) : api.DELETE('/invoices/{id}/reminder-hold', path)),
    done: (after) => {
      client.setQueryData(invoiceRemindersQuery(invoice.id).queryKey, after)
      say(t(after.held ? 'reminders.hold.done' : 'reminders.release.done', { number }))
      // Not waited for: the switch can be turned back at once.
      void remindersChanged(client)
    },
    failed: sayProblem,
  })
  // What is paid, and of which none ever went out, needs no place of its own.
  if (data && data.why === 'nothing-outstanding' && data.letters.length === 0 && !data.held) return null
  return (
    <section className={cards.card} aria-labelledby="reminders">
      <div className={cards.partHead}>
        <h2 id="reminders">{t('reminders.panel')}</h2>
        <span className="grow" />
        {data?.step && data.whyNotByHand === null && may('invoices:send') ? (
          <Button size="sm" icon="mail" onClick={() => setSending(true)}>
            {t('reminders.panel.ask')}
          </Button>
        ) : null}
      </div>
      {data ? (
        <div className={styles.panel}>
          {data.letters.length > 0 ? (
            <ul className={styles.sent}>
              {data.letters.map((letter) => (
                <li key={letter.letterId} className={styles.sentOne}>
                  <LetterState letter={{ state: letter.state, refused: [] }} />
                  <span>
                    {t('reminders.panel.sent', {
                      step: t(stepWord(letter.step)),
                      at: format.moment(letter.sentAt ?? letter.createdAt),
                    })}
                  </span>
                  {letter.automatic ? <span className="muted small">{t('reminders.panel.automatic')}</span> : null}
                </li>
              ))}
            </ul>
          ) : (
            <p className="muted">{t('reminders.panel.none')}</p>
          )}
          <Facts rows={[[t('reminders.panel.comes'), <NextReminder key="next" next={data} />]]} />
          {data.automatic ? null : <p className="muted small">{t('reminders.panel.byHand')}</p>}
          {data.customerOff ? (
            <StateLine is="wait" icon="lock">
              {t('reminders.customerOff')}{' '}
              {may('customers:read') ? (
                <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: invoice.customerId }}>
                  {t('reminders.customerOff.open')}
                </Link>
              ) : null}
            </StateLine>
          ) : null}
          {may('invoices:send') && (data.held || data.why !== 'nothing-outstanding') ? (
            <SwitchField
              label={t('reminders.hold')}
              description={t('reminders.hold.text')}
              checked={hold.isPending ? hold.variables : data.held}
              onChange={(event) => hold.mutate(event.currentTarget.checked)}
            />
          ) : null}
        </div>
      ) : error ? (
        <ErrorNotice error={error} retry={refetch} />
      ) : (
        <Skeleton height={64} />
      )}
      {sending && data?.step ? (
        <SendReminder invoice={{ ...invoice, number }} step={data.step} onClose={() => setSending(false)} />
      ) : null}
    </section>
  )
}
