import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type Format, useFormat } from '../../format.ts'
import { Fill } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import { EmptyState, ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { usePages } from '../../table/rows.ts'
import { type Say, useT } from '../../words/words.tsx'
import { AskCustomer } from './AskCustomer.tsx'
import styles from './approvals.module.css'
import { type ApprovalRequest, fetchRequests, type WaitingCustomer, waitingQuery } from './approvals.ts'
import { mailWords, stateMeaning, stateWords } from './request-words.ts'

/** Customers for whom something waits that they were not asked yet. */
function Waiting({ ask }: { ask: (customer: WaitingCustomer) => void }) {
  const t = useT()
  const format = useFormat()
  const query = useQuery(waitingQuery)
  if (query.isError) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton height={44} />
  if (query.data.rows.length === 0) return <p className="muted">{t('approvals.waiting.none')}</p>
  return (
    <ul className={styles.waiting}>
      {query.data.rows.map((row) => (
        <li key={row.customerId}>
          <TwoLines under={format.dateRange(row.from, row.until, 'short')}>
            <b>{row.customerName}</b>
          </TwoLines>
          <span className="muted">{t('approvals.waiting.entries', { count: row.entries })}</span>
          <span className="fig">{format.hours(row.minutes)}</span>
          <Button size="sm" icon="send" onClick={() => ask(row)}>
            {t('approvals.ask')}
            <span className="only-spoken"> {row.customerName}</span>
          </Button>
        </li>
      ))}
    </ul>
  )
}

function Came({ row, t }: { row: ApprovalRequest; t: Say }) {
  const { approved, rejected, changed } = row.counts
  if (row.state !== 'answered')
    return row.mail.state === 'failed' || row.mail.state === 'uncertain' ? (
      <State is="needs">{t(mailWords[row.mail.state])}</State>
    ) : (
      <span className="muted">{t(row.openedAt ? 'approvals.opened' : mailWords[row.mail.state])}</span>
    )
  return (
    <span className={styles.warnings}>
      {approved > 0 ? <State is="done">{t('approvals.count.approved', { count: approved })}</State> : null}
      {rejected > 0 ? <State is="refused">{t('approvals.count.rejected', { count: rejected })}</State> : null}
      {changed > 0 ? <State is="needs">{t('approvals.count.changed', { count: changed })}</State> : null}
    </span>
  )
}

function columnsOf(t: Say, format: Format): ReadonlyArray<Column<ApprovalRequest>> {
  return [
    {
      id: 'customer',
      head: t('approvals.customer'),
      width: 'minmax(160px, 1.6fr)',
      always: true,
      cell: (row) => (
        <TwoLines under={row.email}>
          <b>{row.customerName}</b>
        </TwoLines>
      ),
    },
    {
      id: 'period',
      head: t('approvals.period'),
      width: 'minmax(150px, 1fr)',
      from: 640,
      cell: (row) => format.dateRange(row.from, row.until, 'short'),
    },
    {
      id: 'hours',
      head: t('approvals.hours'),
      align: 'end',
      width: 92,
      from: 420,
      cell: (row) => <span className="fig">{format.hours(row.minutes)}</span>,
    },
    {
      id: 'state',
      head: t('approvals.state'),
      width: 150,
      always: true,
      cell: (row) => <State is={stateMeaning[row.state]}>{t(stateWords[row.state])}</State>,
    },
    {
      id: 'came',
      head: t('approvals.came'),
      width: 'minmax(170px, 1.4fr)',
      from: 760,
      cell: (row) => <Came row={row} t={t} />,
    },
    {
      id: 'asked',
      head: t('approvals.asked'),
      width: 150,
      from: 900,
      cell: (row) => <span className="muted">{format.moment(row.createdAt)}</span>,
    },
  ]
}

/** What customers were asked, and what is still to be asked. */
export function Requests() {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<WaitingCustomer | null>(null)
  const waiting = useQuery(waitingQuery)
  const rows = usePages({ queryKey: ['approvals', 'requests'], fetchPage: fetchRequests })
  const columns = useMemo(() => columnsOf(t, format), [t, format])
  const open = (id: string) =>
    navigate({ to: '/f/$firm/approvals/requests/$requestId', params: { firm, requestId: id } })
  return (
    <Fill>
      <div className={styles.told}>
        <section className={styles.part}>
          <h2>{t('approvals.waiting')}</h2>
          <Waiting ask={setAsking} />
        </section>
      </div>
      <DataTable
        id="approval-requests"
        name={t('approvals.requests')}
        rows={rows}
        columns={columns}
        idOf={({ id }) => id}
        nameOf={(row) => row.customerName}
        onOpen={({ id }) => open(id)}
        twoLines
        empty={
          <EmptyState icon="send" title={t('approvals.requests.empty')}>
            {t('approvals.requests.emptyText')}
          </EmptyState>
        }
      />
      <AskCustomer
        customer={asking}
        mail={waiting.data?.mail ?? false}
        close={() => setAsking(null)}
        made={({ id }) => {
          setAsking(null)
          void open(id)
        }}
      />
    </Fill>
  )
}
