import { useQuery, useQueryClient } from '@tanstack/react-query'
import { absolute, decimal } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { State } from '../../parts/State.tsx'
import { sayInstead, sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { hasCode } from '../../problem.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { InBooks } from '../coming-back/InBooks.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import { PaymentDialog } from './PaymentDialog.tsx'
import { type Payments as Paid, type Payment, paymentsQuery, restore, undo, ways } from './payment.ts'
import payStyles from './payments.module.css'

/** Of a sent invoice: what is still to be paid, large, and every payment that made it so. */
export function Payments({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const may = useMay()
  const payments = useQuery(paymentsQuery(invoice.id))
  const [registering, setRegistering] = useState(false)
  const { data } = payments
  const mayRegister = may('invoices:write')
  const isBack = data?.paymentState === 'to-refund'
  const register = t(isBack ? 'payments.refund' : 'payments.register')
  useKeys([
    {
      keys: 'P',
      does: mayRegister ? register : undefined,
      run: () => setRegistering(true),
      disabled: !mayRegister || !data || registering,
    },
  ])
  const settled = data?.paymentState === 'paid' || data?.paymentState === 'credited'
  return (
    <section className={styles.card} aria-labelledby="payments" aria-busy={payments.isPending}>
      <div className={styles.partHead}>
        <h2 id="payments">{t('payments.title')}</h2>
        <span className="grow" />
        {mayRegister && data ? (
          <Button
            size="sm"
            kind={settled ? 'quiet' : 'plain'}
            icon="wallet"
            keys="P"
            onClick={() => setRegistering(true)}
          >
            {register}
          </Button>
        ) : null}
      </div>
      {payments.isError && !data ? <ErrorNotice error={payments.error} retry={payments.refetch} /> : null}
      {payments.isPending ? <Skeleton height={64} /> : null}
      {data ? <Standing invoice={invoice} payments={data} /> : null}
      {data?.books ? <InBooks books={data.books} currency={data.currency} /> : null}
      {data ? <List invoice={invoice} payments={data} mayChange={mayRegister} /> : null}
      {registering && data ? (
        <PaymentDialog invoice={invoice} payments={data} onClose={() => setRegistering(false)} />
      ) : null}
    </section>
  )
}

/** The one figure that matters, and how it came to be. */
function Standing({ invoice, payments }: { invoice: Invoice; payments: Paid }) {
  const t = useT()
  const format = useFormat()
  const { currency, gross, credited, paid, outstanding, paymentState, overdueDays } = payments
  const money = (amount: string) => format.money(amount, currency)
  const isZero = (amount: string) => /^-?0*\.?0*$/.test(amount)
  const parts = [
    ...(isZero(credited) ? [] : [t('payments.credited', { amount: money(credited) })]),
    ...(isZero(paid) ? [] : [t('payments.paid', { amount: money(paid) })]),
  ]
  return (
    <div className={payStyles.standing}>
      <p className={payStyles.figure}>
        {paymentState === 'paid' || paymentState === 'credited' ? (
          <State is={paymentState === 'paid' ? 'done' : 'wait'} icon={paymentState === 'paid' ? 'checked' : 'undo'}>
            {t(paymentState === 'paid' ? 'payments.settled.paid' : 'payments.settled.credited')}
          </State>
        ) : (
          <>
            <b className="fig">{money(absolute(decimal(outstanding)))}</b>{' '}
            <span>{t(paymentState === 'to-refund' ? 'payments.toRefund' : 'payments.outstanding')}</span>
          </>
        )}
      </p>
      <p className="muted small">{[t('payments.of', { amount: money(gross) }), ...parts].join(' · ')}</p>
      {overdueDays === null ? (
        paymentState === 'open' || paymentState === 'partly-paid' ? (
          <p className="muted small">{t('payments.dueOn', { date: format.date(invoice.dueDate) })}</p>
        ) : null
      ) : (
        <p className="small">
          <State is="needs">{t('payments.late', { date: format.date(invoice.dueDate), days: overdueDays })}</State>
        </p>
      )}
    </div>
  )
}

function List({ invoice, payments, mayChange }: { invoice: Invoice; payments: Paid; mayChange: boolean }) {
  const t = useT()
  const [showsUndone, setShowsUndone] = useState(false)
  const { currency, rows, books } = payments
  const undone = rows.filter(({ removedAt }) => removedAt !== null)
  const shown = showsUndone ? rows : rows.filter(({ removedAt }) => removedAt === null)
  if (rows.length === 0) return <p className="muted small">{t('payments.none')}</p>
  return (
    <>
      {shown.length > 0 ? (
        <ul className={payStyles.list}>
          {shown.map((payment) => (
            <Line
              key={payment.id}
              invoice={invoice}
              payment={payment}
              currency={currency}
              packageName={books?.packageName ?? null}
              mayChange={mayChange}
            />
          ))}
        </ul>
      ) : null}
      {undone.length > 0 ? (
        <div>
          <Button size="sm" kind="link" aria-expanded={showsUndone} onClick={() => setShowsUndone(!showsUndone)}>
            {t(showsUndone ? 'payments.undone.hide' : 'payments.undone.show', { count: undone.length })}
          </Button>
        </div>
      ) : null}
    </>
  )
}

function Line({
  invoice,
  payment,
  currency,
  packageName,
  mayChange,
}: {
  invoice: Invoice
  payment: Payment
  currency: string
  packageName: string | null
  mayChange: boolean
}) {
  const t = useT()
  const format = useFormat()
  const acts = usePaymentActs(invoice, currency)
  const isUndone = payment.removedAt !== null
  const amount = format.money(payment.amount, currency)
  const isEarly = payment.date < invoice.date
  return (
    <li className={isUndone ? payStyles.undone : undefined}>
      <span className="fig">{format.date(payment.date, 'short')}</span>
      <span className={payStyles.what}>
        {t(payment.amount.startsWith('-') ? 'payments.line.refund' : 'payments.line', { way: t(ways[payment.way]) })}
        {payment.note ? <span className="muted"> “{payment.note}”</span> : null}
        {isEarly ? (
          <>
            {' · '}
            <span className="muted">{t('payments.early')}</span>
          </>
        ) : null}
        {isUndone ? (
          <>
            {' · '}
            <span className="muted">{t('payments.undone')}</span>
          </>
        ) : null}
        {payment.source === 'package' && packageName ? (
          <span className="muted"> {t('coming-back.books.line', { package: packageName })}</span>
        ) : null}
        {packageName && !/^-?0*\.?0*$/.test(payment.inBooks) ? (
          <span className="muted small">
            {payment.inBooks === payment.amount
              ? t('coming-back.books.counted', { package: packageName })
              : t('coming-back.books.counted.part', {
                  package: packageName,
                  amount: format.money(payment.inBooks, currency),
                })}
          </span>
        ) : null}
        {payment.registeredBy ? (
          <span className="muted small">{t('payments.by', { name: payment.registeredBy })}</span>
        ) : null}
      </span>
      {isUndone ? <s className="fig">{amount}</s> : <span className="fig">{amount}</span>}
      {mayChange && payment.source === 'hand' ? (
        <IconButton
          icon={isUndone ? 'refresh' : 'undo'}
          name={t(isUndone ? 'payments.restore.of' : 'payments.undo.of', { amount })}
          onClick={() => void (isUndone ? acts.restore(payment) : acts.undo(payment))}
        />
      ) : (
        <Icon name="lock" size={14} />
      )}
    </li>
  )
}

/** Undoing can be taken back for ten seconds; what would then be too much is asked. */
function usePaymentActs(invoice: Invoice, currency: string) {
  const t = useT()
  const format = useFormat()
  const again = usePaymentsAgain(invoice.id)
  const bringBack = async (payment: Payment, allowOver = false): Promise<void> => {
    try {
      await restore(payment.id, allowOver)
    } catch (error) {
      if (!allowOver && hasCode(error, 'more-than-outstanding'))
        sayInstead(error, { label: t('payments.restore.anyway'), run: () => bringBack(payment, true) })
      else sayProblem(error)
    }
    await again()
  }
  return {
    restore: (payment: Payment) => bringBack(payment),
    undo: async (payment: Payment) => {
      try {
        await undo(payment)
        sayUndo(t('payments.undone.said', { amount: format.money(payment.amount, currency) }), () =>
          bringBack(payment, true),
        )
      } catch (error) {
        sayProblem(error)
      }
      await again()
    },
  }
}

/** Whatever shows what was paid of an invoice looks again. */
export function usePaymentsAgain(invoiceId: string): () => Promise<unknown> {
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['invoice', invoiceId] }),
      client.invalidateQueries({ queryKey: ['invoices'] }),
    ])
}
