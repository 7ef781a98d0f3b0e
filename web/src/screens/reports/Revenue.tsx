import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import '@mantine/core/styles/ColorSwatch.layer.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Amount } from '../../parts/Figures.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Bars } from './Bars.tsx'
import { monthsOf } from './period.ts'
import { Report } from './Report.tsx'
import styles from './reports.module.css'

interface Period {
  readonly from: CalendarDate
  readonly until: CalendarDate
}

const useRevenue = (period: Period) =>
  useQuery({
    queryKey: ['invoices', 'revenue', period],
    queryFn: ({ signal }) => answer(api.GET('/reports/revenue', { params: { query: period }, signal })),
  })

/** A picture is drawn with numbers; every figure that is read stays the decimal text it came as. */
const drawn = (amount: string): number => Number(amount)

export function RevenueByMonth({ period }: { period: Period }) {
  const t = useT()
  const format = useFormat()
  const revenue = useRevenue(period)
  const name = (month: string) => format.date(`${month}-01`, 'month')
  return (
    <Report
      title={t('reports.revenue.month')}
      about={t('reports.revenue.about')}
      loaded={revenue}
      isEmpty={({ months }) => months.length === 0}
      empty={t('reports.revenue.empty')}
      picture={({ months, totals }) => {
        const currencies = totals.map(({ currency }) => currency)
        const of = (month: string, currency: string) =>
          months.find((one) => one.month === month && one.currency === currency)?.net ?? '0'
        return (
          <BarChart
            h={220}
            data={monthsOf(period.from, period.until).map((month) => ({
              month: format.date(`${month}-01`, 'monthShort'),
              ...Object.fromEntries(currencies.map((currency) => [currency, drawn(of(month, currency))])),
            }))}
            dataKey="month"
            series={currencies.map((currency, at) => ({
              name: currency,
              label: currencySign(currency),
              color: at === 0 ? 'var(--accent-fill)' : 'var(--text-faint)',
            }))}
            valueFormatter={(value) => format.amount(String(value))}
            withLegend={currencies.length > 1}
            gridAxis="x"
            tickLine="none"
            yAxisProps={{ width: 72, tickFormatter: (value: number) => format.count(value) }}
            maxBarWidth={44}
            barProps={{ isAnimationActive: false, radius: 2 }}
            barChartProps={{ accessibilityLayer: false }}
            aria-hidden="true"
          />
        )
      }}
      table={({ months, totals }) => (
        <RevenueTable
          head={t('reports.month')}
          rows={months.map((row) => ({ ...row, key: `${row.month} ${row.currency}`, label: name(row.month) }))}
          totals={totals}
        />
      )}
    />
  )
}

/** The firm's own currency needs no name in a column. */
function Figure({ net, currency, home }: { net: string; currency: string; home: string }) {
  const format = useFormat()
  return currency === home ? <Amount value={net} /> : <span className="fig">{format.money(net, currency)}</span>
}

interface Sum {
  readonly documents: number
  readonly net: string
  readonly currency: string
}

/** The figures behind a picture, with what they come to in each currency. */
function RevenueTable({
  head,
  rows,
  totals,
}: {
  /** What a row is. */
  head: string
  rows: ReadonlyArray<Sum & { readonly key: string; readonly label: string }>
  totals: readonly Sum[]
}) {
  const t = useT()
  const format = useFormat()
  const { currency: home } = useFirm()
  const row = (key: string, label: string, { documents, net, currency }: Sum) => (
    <tr key={key}>
      <th scope="row">{label}</th>
      <td>{format.count(documents)}</td>
      <td>
        <Figure net={net} currency={currency} home={home} />
      </td>
    </tr>
  )
  return (
    <table className={styles.figures}>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{t('reports.documents')}</th>
          <th scope="col">{t('reports.net')}</th>
        </tr>
      </thead>
      <tbody>{rows.map((one) => row(one.key, one.label, one))}</tbody>
      <tfoot>{totals.map((one) => row(one.currency, t('reports.total'), one))}</tfoot>
    </table>
  )
}

const mostShown = 8

export function RevenueByCustomer({ period }: { period: Period }) {
  const t = useT()
  const format = useFormat()
  const { slug } = useFirm()
  const revenue = useRevenue(period)
  return (
    <Report
      title={t('reports.revenue.customer')}
      about={t('reports.revenue.about')}
      loaded={revenue}
      isEmpty={({ customers }) => customers.length === 0}
      empty={t('reports.revenue.empty')}
      picture={({ customers }) => {
        const longest = Math.max(...customers.map(({ net }) => drawn(net)), 1)
        return (
          <>
            <Bars
              bars={customers.slice(0, mostShown).map(({ customerId, customerName, net, currency }) => ({
                id: `${customerId} ${currency}`,
                label: (
                  <Link to="/f/$firm/customers/$customerId" params={{ firm: slug, customerId }}>
                    {customerName}
                  </Link>
                ),
                figure: format.money(net, currency),
                share: drawn(net) / longest,
              }))}
            />
            {customers.length > mostShown ? (
              <p className="muted small">{t('reports.more', { count: customers.length - mostShown })}</p>
            ) : null}
          </>
        )
      }}
      table={({ customers, totals }) => (
        <RevenueTable
          head={t('reports.customer')}
          rows={customers.map((row) => ({ ...row, key: `${row.customerId} ${row.currency}`, label: row.customerName }))}
          totals={totals}
        />
      )}
    />
  )
}
