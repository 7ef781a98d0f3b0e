import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { Bars } from './Bars.tsx'
import { Report } from './Report.tsx'
import styles from './reports.module.css'

type Outstanding = components['schemas']['OutstandingReport']
type Bucket = Outstanding['currencies'][number]['ages'][number]['bucket']

const bucketWords = {
  'not-due': 'reports.outstanding.notDue',
  '1-30': 'reports.outstanding.to30',
  '31-60': 'reports.age.to60',
  '61-90': 'reports.age.to90',
  'over-90': 'reports.age.over90',
} as const satisfies Record<Bucket, Word>
const tones = {
  'not-due': 'accent',
  '1-30': 'second',
  '31-60': 'needs',
  '61-90': 'needs',
  'over-90': 'refused',
} as const satisfies Record<Bucket, string>

const useOutstanding = () =>
  useQuery({
    queryKey: ['invoices', 'outstanding'],
    queryFn: ({ signal }) => answer(api.GET('/reports/outstanding', { signal })),
  })

/** A picture is drawn with numbers; every figure that is read stays the decimal text it came as. */
const drawn = (amount: string): number => Number(amount)

const isNothing = ({ currencies }: Outstanding) =>
  currencies.every(({ open, toRefund }) => open.invoices === 0 && toRefund.invoices === 0)

/** What customers still owe, by how long ago it was to be paid. */
export function OutstandingAges() {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const outstanding = useOutstanding()
  return (
    <Report
      title={t('reports.outstanding')}
      about={t('reports.outstanding.about')}
      loaded={outstanding}
      isEmpty={isNothing}
      empty={t('reports.outstanding.empty')}
      picture={({ currencies }) => (
        <>
          <Bars
            bars={currencies.flatMap(({ currency, ages }) => {
              const longest = Math.max(...ages.map(({ amount }) => drawn(amount)), 1)
              return ages.map(({ bucket, amount, invoices }) => ({
                id: `${currency} ${bucket}`,
                label: (
                  <>
                    {t(bucketWords[bucket])}{' '}
                    <span className="muted">{t('reports.outstanding.invoices', { count: invoices })}</span>
                  </>
                ),
                figure: format.money(amount, currency),
                share: drawn(amount) / longest,
                tone: tones[bucket],
              }))
            })}
          />
          <p className="muted small">
            {currencies.map(({ currency, overdue, toRefund }) => (
              <span key={currency}>
                {overdue.invoices > 0
                  ? t('reports.outstanding.overdue', {
                      amount: format.money(overdue.amount, currency),
                      count: overdue.invoices,
                    })
                  : null}{' '}
                {toRefund.invoices > 0
                  ? t('reports.outstanding.toRefund', {
                      amount: format.money(toRefund.amount, currency),
                    })
                  : null}{' '}
              </span>
            ))}
          </p>
          {currencies.some(({ overdue }) => overdue.invoices > 0) ? (
            <p className="small">
              <Link to="/f/$firm/invoices" params={{ firm }} search={{ overdue: true, sort: 'dueDate' }}>
                {t('reports.outstanding.see')}
              </Link>
            </p>
          ) : null}
        </>
      )}
      table={({ currencies }) => (
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{t('reports.outstanding.head')}</th>
              <th scope="col">{t('reports.outstanding.invoicesHead')}</th>
              <th scope="col">{t('reports.outstanding.amount')}</th>
            </tr>
          </thead>
          {currencies.map(({ currency, ages, open, toRefund }) => (
            <tbody key={currency}>
              {ages.map(({ bucket, amount, invoices }) => (
                <tr key={bucket}>
                  <th scope="row">{t(bucketWords[bucket])}</th>
                  <td>{format.count(invoices)}</td>
                  <td>{format.money(amount, currency)}</td>
                </tr>
              ))}
              <tr className={styles.totalRow}>
                <th scope="row">{t('reports.total')}</th>
                <td>{format.count(open.invoices)}</td>
                <td>{format.money(open.amount, currency)}</td>
              </tr>
              {toRefund.invoices > 0 ? (
                <tr>
                  <th scope="row">{t('payments.state.toRefund')}</th>
                  <td>{format.count(toRefund.invoices)}</td>
                  <td>{format.money(toRefund.amount, currency)}</td>
                </tr>
              ) : null}
            </tbody>
          ))}
        </table>
      )}
    />
  )
}

const mostShown = 8

/** Who owes most. */
export function OutstandingByCustomer() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const outstanding = useOutstanding()
  const nameOf = ({ customerId, customerName }: Outstanding['customers'][number]) =>
    may('customers:read') ? (
      <Link to="/f/$firm/invoices" params={{ firm }} search={{ customerId: [customerId], sort: '-outstanding' }}>
        {customerName}
      </Link>
    ) : (
      customerName
    )
  return (
    <Report
      title={t('reports.outstanding.customer')}
      about={t('reports.outstanding.customer.about')}
      loaded={outstanding}
      isEmpty={({ customers }) => customers.length === 0}
      empty={t('reports.outstanding.empty')}
      picture={({ customers }) => {
        const longest = Math.max(...customers.map(({ open }) => drawn(open)), 1)
        return (
          <>
            <Bars
              bars={customers.slice(0, mostShown).map((row) => ({
                id: `${row.customerId} ${row.currency}`,
                label: (
                  <>
                    {nameOf(row)}{' '}
                    {row.overdueDays === null ? null : (
                      <span className="muted">{t('reports.outstanding.latest', { days: row.overdueDays })}</span>
                    )}
                  </>
                ),
                figure: format.money(row.open, row.currency),
                share: drawn(row.open) / longest,
                ...(row.overdueDays === null ? {} : { tone: 'needs' as const }),
              }))}
            />
            {customers.length > mostShown ? (
              <p className="muted small">{t('reports.more', { count: customers.length - mostShown })}</p>
            ) : null}
          </>
        )
      }}
      table={({ customers }) => (
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{t('reports.customer')}</th>
              <th scope="col">{t('reports.outstanding.days')}</th>
              <th scope="col">{t('reports.outstanding.late')}</th>
              <th scope="col">{t('reports.outstanding.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {customers.map((row) => (
              <tr key={`${row.customerId} ${row.currency}`}>
                <th scope="row">{nameOf(row)}</th>
                <td>{row.overdueDays === null ? '–' : format.count(row.overdueDays)}</td>
                <td>{format.money(row.overdue, row.currency)}</td>
                <td>{format.money(row.open, row.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    />
  )
}
