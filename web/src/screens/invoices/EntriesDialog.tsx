import { useQuery } from '@tanstack/react-query'
import { useFormat } from '../../format.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { ErrorState, PageSkeleton } from '../../parts/Empty.tsx'
import { Amount, Hours } from '../../parts/Figures.tsx'
import { useT } from '../../words/words.tsx'
import { entriesQuery, type InvoiceLine, twoParts } from './invoice.ts'
import styles from './invoices.module.css'

/** What stands behind one line, on demand. */
export function EntriesDialog({
  invoiceId,
  line,
  onClose,
}: {
  invoiceId: string
  line: InvoiceLine
  onClose: () => void
}) {
  const t = useT()
  const format = useFormat()
  const entries = useQuery({ ...entriesQuery(invoiceId), staleTime: 0 })
  const rows = entries.data?.rows.filter(({ lineId }) => lineId === line.id) ?? []
  return (
    <Dialog
      open
      onClose={onClose}
      size={680}
      title={t('invoices.entries.title', { description: twoParts(line.description).first })}
    >
      {entries.isError ? <ErrorState error={entries.error} retry={entries.refetch} /> : null}
      {entries.isPending ? <PageSkeleton lines={4} /> : null}
      {entries.data ? (
        <div className={styles.entries}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('invoices.entries.date')}</th>
                <th scope="col">{t('invoices.entries.person')}</th>
                <th scope="col">{t('invoices.entries.work')}</th>
                <th scope="col" className="num">
                  {t('invoices.entries.hours')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td className="nowrap fig">{format.date(row.date, 'short')}</td>
                  <td>{row.memberName}</td>
                  <td>
                    {row.note || row.activityName}
                    <small>{[row.projectName, row.note ? row.activityName : ''].filter(Boolean).join(', ')}</small>
                  </td>
                  <td className="num">
                    {row.minutes !== null ? (
                      <Hours minutes={row.minutes} />
                    ) : row.km !== null ? (
                      t('invoices.entries.km', { km: format.quantity(row.km) })
                    ) : (
                      <Amount value={row.amount} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={3}>{t('invoices.entries.count', { count: rows.length })}</td>
                <td className="num">
                  {line.kind === 'hours' ? (
                    <Hours minutes={rows.reduce((sum, row) => sum + (row.minutes ?? 0), 0)} total />
                  ) : null}
                </td>
              </tr>
            </tfoot>
          </table>
        </div>
      ) : null}
    </Dialog>
  )
}
