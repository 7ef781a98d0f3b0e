import { Link, useNavigate } from '@tanstack/react-router'
import { decimal, isZero } from '@uurwerk/core/shared/money.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { LookNow } from '../coming-back/InBooks.tsx'
import { toAddress } from '../postings/chosen-invoices.ts'
import styles from './month-end.module.css'
import type { MonthEnd, StepOf } from './month-end.ts'
import { Step } from './Step.tsx'

type Amounts = ReadonlyArray<{ readonly currency: string; readonly amount: string }>
type DocumentRow = MonthEnd['sending']['drafts'][number]

const Sums = ({ amounts }: { amounts: Amounts }) =>
  amounts.map(({ currency, amount }) => <Money key={currency} amount={amount} currency={currency} strong />)

/** The oldest of them; what follows is counted. */
function DocumentRows({ rows, count, due }: { rows: readonly DocumentRow[]; count: number; due?: boolean }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  return (
    <>
      <ul className={styles.rows}>
        {rows.map(({ id, number, customerName, date, dueDate, currency, amount }) => (
          <li key={id}>
            <span>
              <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: id }}>
                {number ?? t('frame.draft')}
              </Link>{' '}
              {customerName}
            </span>
            <span className={styles.amounts}>
              <span className="muted">
                {due && dueDate
                  ? t('month-end.due', { date: format.date(dueDate, 'short') })
                  : format.date(date, 'short')}
              </span>
              <Money amount={amount} currency={currency} />
            </span>
          </li>
        ))}
      </ul>
      {count > rows.length ? <p className="muted">{t('month-end.andMore', { count: count - rows.length })}</p> : null}
    </>
  )
}

/** Hours and kilometres that have no amount, in words; empty when there are none. */
function useWithoutRate() {
  const t = useT()
  const format = useFormat()
  return ({ withoutRateMinutes, withoutRateKm }: { withoutRateMinutes: number; withoutRateKm: string }): string => {
    const parts = [
      withoutRateMinutes > 0 ? t('month-end.approving.hours', { hours: format.hours(withoutRateMinutes) }) : null,
      isZero(decimal(withoutRateKm)) ? null : t('month-end.km', { km: format.quantity(withoutRateKm) }),
    ].filter((part) => part !== null)
    return parts.length === 0 ? '' : t('month-end.withoutRate', { what: parts.join(', ') })
  }
}

/** What is not on an invoice yet, at the end of the month. */
export function Invoicing({ until, invoicing }: { until: string; invoicing: StepOf<'invoicing'> }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const withoutRateOf = useWithoutRate()
  const { count, totals, customers } = invoicing
  if (count === 0) return <Step title={t('month-end.invoicing')} is="done" state={t('month-end.invoicing.done')} />
  return (
    <Step
      title={t('month-end.invoicing')}
      is="needs"
      state={t('month-end.invoicing.left', { count })}
      figures={<Sums amounts={totals} />}
      actions={
        may('reports:read') ? (
          <ButtonLink
            size="sm"
            to="/f/$firm/overviews/uninvoiced"
            params={{ firm }}
            search={{ until }}
            iconAfter="next"
          >
            {t('month-end.invoice')}
          </ButtonLink>
        ) : null
      }
    >
      <ul className={styles.rows}>
        {customers.map(({ customerId, customerName, currency, amount, ...withoutRate }) => (
          <li key={`${customerId} ${currency}`}>
            <span>
              {customerId ? (
                <Link to="/f/$firm/overviews/uninvoiced" params={{ firm }} search={{ until, customerId: [customerId] }}>
                  {customerName}
                </Link>
              ) : (
                t('month-end.noCustomer')
              )}
              <span className="muted"> {withoutRateOf(withoutRate)}</span>
            </span>
            <Money amount={amount} currency={currency} />
          </li>
        ))}
      </ul>
      {count > customers.length ? (
        <p className="muted">
          {t('month-end.andMore', { count: count - customers.length })} {withoutRateOf(invoicing)}
        </p>
      ) : null}
    </Step>
  )
}

/** Drafts that nobody sent. */
export function Sending({ data }: { data: MonthEnd }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const { count, amounts, drafts } = data.sending
  if (count === 0) return <Step title={t('month-end.sending')} is="done" state={t('month-end.sending.done')} />
  return (
    <Step
      title={t('month-end.sending')}
      is="needs"
      state={t('month-end.sending.left', { count })}
      figures={<Sums amounts={amounts} />}
      actions={
        <ButtonLink size="sm" to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }} iconAfter="next">
          {t('month-end.send')}
        </ButtonLink>
      }
    >
      <DocumentRows rows={drafts} count={count} />
    </Step>
  )
}

/** Sent, and not in the books: all of them to the preview at once. */
export function Posting({ posting, refused }: { posting: StepOf<'posting'>; refused: number }) {
  const t = useT()
  const may = useMay()
  const navigate = useNavigate()
  const { slug: firm } = useFirm()
  const { connection, count, amounts, invoices, invoiceIds, underWay } = posting
  if (!connection)
    return (
      <Step
        title={t('month-end.posting')}
        is="wait"
        state={t('month-end.posting.none')}
        actions={
          may('connections:write') ? (
            <ButtonLink size="sm" to="/f/$firm/settings/apps" params={{ firm }} search={{}} iconAfter="next">
              {t('month-end.connect')}
            </ButtonLink>
          ) : null
        }
      />
    )
  const { packageName, state } = connection
  const title = t('month-end.postingIn', { package: packageName })
  const isOpen = state === 'connected'
  const moving = isOpen
    ? t('month-end.posting.underWay', { count: underWay })
    : t('month-end.posting.waits', { count: underWay })
  if (isOpen && count === 0 && underWay === 0)
    return (
      <Step title={title} is="done" state={t(refused === 0 ? 'month-end.posting.done' : 'month-end.posting.nothing')} />
    )
  if (isOpen && count === 0) return <Step title={title} is="progress" state={moving} />
  return (
    <Step
      title={title}
      is="needs"
      state={
        isOpen
          ? t('month-end.posting.left', { count })
          : t(state === 'reconnect' ? 'month-end.posting.reconnect' : 'month-end.posting.unfinished')
      }
      figures={<Sums amounts={amounts} />}
      actions={
        <>
          {isOpen || !may('connections:write') ? null : (
            <ButtonLink
              size="sm"
              kind="primary"
              icon="plug"
              to="/f/$firm/settings/connections/$connectionId"
              params={{ firm, connectionId: connection.id }}
            >
              {t(state === 'reconnect' ? 'month-end.reconnect' : 'month-end.finish')}
            </ButtonLink>
          )}
          {count > 0 && may('postings:write') ? (
            <Button
              size="sm"
              onClick={() =>
                navigate({
                  to: '/f/$firm/invoices/preview',
                  params: { firm },
                  search: { invoices: toAddress(invoiceIds) },
                })
              }
            >
              {t('month-end.post')}
            </Button>
          ) : null}
        </>
      }
    >
      {!isOpen && count > 0 ? <p className="muted">{t('month-end.posting.left', { count })}</p> : null}
      {count > 0 ? <DocumentRows rows={invoices} count={count} /> : null}
      {underWay > 0 ? <p className="muted">{moving}</p> : null}
    </Step>
  )
}

/** What the package refused, or waits for a person here. */
export function Refused({ refused }: { refused: StepOf<'refused'> }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const { count, groups } = refused
  if (count === 0) return <Step title={t('month-end.refused')} is="done" state={t('month-end.refused.done')} />
  return (
    <Step
      title={t('month-end.refused')}
      is="refused"
      state={t('month-end.refused.left', { count })}
      actions={
        <ButtonLink
          size="sm"
          to="/f/$firm/postings"
          params={{ firm }}
          search={{ state: ['refused', 'blocked', 'needs-person'] }}
          iconAfter="next"
        >
          {t('month-end.mend')}
        </ButtonLink>
      }
    >
      <ul className={styles.rows}>
        {groups.map((group) => (
          <li key={group.key}>
            <span>
              {group.about ? <b>{group.about} </b> : null}
              {group.cause} <span className="muted">{group.remedy}</span>
            </span>
            <span className="fig">{format.count(group.count)}</span>
          </li>
        ))}
      </ul>
    </Step>
  )
}

/** What is still to be paid; what is overdue asks for a reminder. */
export function Paying({ data }: { data: MonthEnd }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const { count, amounts, overdue, overdueAmounts, invoices, made } = data.paying
  const connection = data.posting?.connection
  const hasMade = made.count + made.unknown + made.notBooked > 0
  const actions = (
    <>
      {connection?.readsPayments && connection.state === 'connected' ? (
        <LookNow connectionId={connection.id} packageName={connection.packageName} />
      ) : null}
      {overdue > 0 ? (
        <ButtonLink size="sm" to="/f/$firm/reminders" params={{ firm }} search={{}} iconAfter="next">
          {t('month-end.remind')}
        </ButtonLink>
      ) : null}
    </>
  )
  const there = hasMade ? <PayingThere made={made} until={data.until} /> : null
  if (count === 0)
    return made.count + made.unknown === 0 ? (
      <Step title={t('month-end.paying')} is="done" state={t('month-end.paying.done')} actions={actions}>
        {there}
      </Step>
    ) : (
      <Step title={t('month-end.paying')} is="wait" state={t('month-end.paying.noneOfOurs')} actions={actions}>
        {there}
      </Step>
    )
  if (overdue === 0)
    return (
      <Step
        title={t('month-end.paying')}
        is="wait"
        state={t('month-end.paying.open', { count })}
        figures={<Sums amounts={amounts} />}
        actions={actions}
      >
        {there}
      </Step>
    )
  return (
    <Step
      title={t('month-end.paying')}
      is="needs"
      state={t('month-end.paying.overdue', { count: overdue, all: count })}
      figures={<Sums amounts={overdueAmounts} />}
      actions={actions}
    >
      <DocumentRows rows={invoices} count={overdue} due />
      {there}
    </Step>
  )
}

/** What a package made itself: how far it is paid there, with the way to it. */
function PayingThere({ made, until }: { made: MonthEnd['paying']['made']; until: string }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const parts = [
    {
      key: 'open',
      count: made.count,
      text: t('month-end.paying.made', { count: made.count }),
      search: { payment: ['open' as const, 'partly-paid' as const], until },
    },
    {
      key: 'unknown',
      count: made.unknown,
      text: t('month-end.paying.made.unknown', { count: made.unknown }),
      search: { state: ['made' as const, 'printed' as const], until },
    },
    {
      key: 'notBooked',
      count: made.notBooked,
      text: t('month-end.paying.made.notBooked', { count: made.notBooked }),
      search: { state: ['made' as const], until },
    },
  ]
  return (
    <ul className={styles.rows}>
      {parts.flatMap(({ key, count, text, search }) =>
        count === 0
          ? []
          : [
              <li key={key}>
                <Link to="/f/$firm/package-invoices" params={{ firm }} search={search}>
                  {text}
                </Link>
                {key === 'open' ? (
                  <span className={styles.amounts}>
                    <Sums amounts={made.amounts} />
                  </span>
                ) : null}
              </li>,
            ],
      )}
    </ul>
  )
}
