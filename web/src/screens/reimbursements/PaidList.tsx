import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { EmptyState, ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say, sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { expensesAgain } from '../expenses/expense-queries.ts'
import { ExportMenu } from './ExportMenu.tsx'
import styles from './reimbursements.module.css'

const readPaid = (cursor: string | undefined, signal: AbortSignal) =>
  answer(api.GET('/reimbursements', { params: { query: { ...(cursor ? { cursor } : {}) } }, signal }))
type Payment = Awaited<ReturnType<typeof readPaid>>['rows'][number]

/** Payments to employees, the last first. */
export function PaidList({ open, show }: { open: string | null; show: (id: string | null) => void }) {
  const t = useT()
  const format = useFormat()
  const { currency } = useFirm()
  const rows = usePages({ queryKey: ['reimbursements', 'paid'], fetchPage: readPaid })
  const columns = useMemo(
    (): ReadonlyArray<Column<Payment>> => [
      {
        id: 'paidOn',
        head: t('reimbursements.paidOn'),
        width: 130,
        always: true,
        cell: (one) => <span className="fig">{format.date(one.paidOn, 'short')}</span>,
      },
      {
        id: 'person',
        head: t('reimbursements.person'),
        width: 'minmax(120px, 2fr)',
        always: true,
        cell: (one) => <TwoLines under={one.note || null}>{one.memberName}</TwoLines>,
      },
      {
        id: 'count',
        head: t('reimbursements.lines'),
        align: 'end',
        width: 90,
        from: 560,
        cell: (one) => <span className="fig">{format.count(one.count)}</span>,
      },
      {
        id: 'amount',
        head: t('reimbursements.amount'),
        unit: currencySign(currency),
        align: 'end',
        width: 120,
        always: true,
        cell: (one) => <span className="fig">{format.amount(one.amount)}</span>,
      },
    ],
    [t, format, currency],
  )
  return (
    <>
      <DataTable
        id="reimbursements"
        name={t('reimbursements.paid')}
        rows={rows}
        columns={columns}
        idOf={(one) => one.id}
        nameOf={(one) => one.memberName}
        onOpen={(one) => show(one.id)}
        openId={open}
        twoLines
        empty={
          <EmptyState icon="wallet" title={t('reimbursements.nonePaid.title')}>
            {t('reimbursements.nonePaid.text')}
          </EmptyState>
        }
      />
      <Dialog open={open !== null} onClose={() => show(null)} title={t('reimbursements.one')} size={680}>
        {open ? <Paid id={open} close={() => show(null)} /> : null}
      </Dialog>
    </>
  )
}

/** One payment as it was made; undoing it makes its lines to be paid again. */
function Paid({ id, close }: { id: string; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['reimbursements', 'one', id],
    queryFn: ({ signal }) => answer(api.GET('/reimbursements/{id}', { params: { path: { id } }, signal })),
  })
  const undo = useAct({
    run: () => answer(api.DELETE('/reimbursements/{id}', { params: { path: { id } } })),
    done: async () => {
      close()
      await Promise.all([expensesAgain(client), client.invalidateQueries({ queryKey: ['trips'] })])
      say(t('reimbursements.undone'))
    },
    failed: sayProblem,
  })
  if (query.isError) return <ErrorState error={query.error} retry={query.refetch} />
  if (!query.data) return <PageSkeleton lines={5} />
  const paid = query.data
  return (
    <div className={styles.one}>
      {paid.undoneAt ? (
        <StateLine is="wait" icon="undo">
          {t('reimbursements.undoneAt', { moment: format.moment(paid.undoneAt) })}
        </StateLine>
      ) : null}
      <Facts
        rows={[
          [t('reimbursements.person'), paid.memberName],
          [t('reimbursements.paidOn'), format.date(paid.paidOn)],
          [t('reimbursements.amount'), <b key="amount">{format.money(paid.amount, paid.currency)}</b>],
          ...(paid.note ? [[t('reimbursements.note'), paid.note] as const] : []),
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
      <section className={styles.wide} tabIndex={0} aria-label={t('reimbursements.lines')}>
        <table className={styles.lines}>
          <thead>
            <tr>
              <th scope="col">{t('reimbursements.date')}</th>
              <th scope="col">{t('reimbursements.what')}</th>
              <th scope="col" className={styles.end}>
                {t('reimbursements.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {paid.lines.map((line) => (
              <tr key={line.entryId}>
                <td className="fig">{format.date(line.date, 'short')}</td>
                <td>
                  {line.description}
                  {line.km && line.rate ? (
                    <span className="muted">
                      {' '}
                      {t('reimbursements.kmAt', {
                        km: format.quantity(line.km, 1),
                        rate: format.quantity(line.rate, 2),
                      })}
                    </span>
                  ) : null}
                </td>
                <td className={`${styles.end} fig`}>{format.amount(line.amount)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Foot>
        {may('reimbursements:write') && !paid.undoneAt ? (
          <Button kind="quiet" icon="undo" busy={undo.isPending} onClick={() => undo.mutate(undefined)}>
            {t('reimbursements.undo')}
          </Button>
        ) : null}
        <ExportMenu query={{ reimbursementId: id }} />
      </Foot>
    </div>
  )
}
