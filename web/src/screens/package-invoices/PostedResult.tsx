import { Link } from '@tanstack/react-router'
import { useFormat } from '../../format.ts'
import { Notice } from '../../parts/Notice.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { isUnderWay, needsYou } from '../postings/posting-state.tsx'
import type { PackageInvoiceRow } from './package-invoice.ts'
import { PackageInvoiceState } from './package-invoice-state.tsx'
import styles from './package-invoices.module.css'

const isBusy = ({ posting, printing }: PackageInvoiceRow) =>
  isUnderWay(posting.state) || (posting.state === 'posted' && printing !== null && isUnderWay(printing.state))

/** What becomes of the documents that were posted, while it happens. */
export function PostedResult({ rows, packageName }: { rows: readonly PackageInvoiceRow[]; packageName: string }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const done = rows.filter((row) => !isBusy(row)).length
  const stopped = rows.some(
    ({ posting, printing }) => needsYou(posting.state) || (printing && needsYou(printing.state)),
  )
  const isDone = done === rows.length
  return (
    <Notice
      is={!isDone ? 'progress' : stopped ? 'needs' : 'done'}
      urgent
      title={
        isDone
          ? t(stopped ? 'package-invoices.result.some' : 'package-invoices.result.done', {
              count: rows.length,
              package: packageName,
            })
          : t('package-invoices.result.busy', { count: rows.length, package: packageName })
      }
    >
      <TaskProgress
        now={isDone ? t('postings.result.finished') : t('postings.result.now')}
        done={done}
        of={rows.length}
        counts={null}
      />
      <ul className={styles.results}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/f/$firm/package-invoices/$packageInvoiceId" params={{ firm, packageInvoiceId: row.id }}>
              {row.theirNumber ?? row.customerName}
            </Link>
            <PackageInvoiceState invoice={row} />
            <span className="muted fig">{format.money(row.theirGross ?? row.gross, row.currency)}</span>
            {row.posting.problem ? <span>{row.posting.problem.cause}</span> : null}
            {row.printing?.problem ? <span>{row.printing.problem.cause}</span> : null}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
