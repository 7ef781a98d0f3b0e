import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import { currencySign, useFormat } from '../../format.ts'
import { Amount, Dash, Hours, Money } from '../../parts/Figures.tsx'
import { useFirm } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { useT } from '../../words/words.tsx'
import { Age, FixedCell, HoursCell, methodWord, PricedCell, SubscriptionCell, WaitingCell } from './Cells.tsx'
import styles from './uninvoiced.module.css'
import type { ShownRow, Sums } from './uninvoiced.ts'

interface Shown {
  readonly totals: readonly Sums[]
  readonly approval: boolean
}

/** Room for which instalment or period it is. */
const besideText = 60

/** Every kind of money waits, and some is not approved: then the columns stand closer, so that all of them fit on a desk. */
export const isTight = (data: Shown | undefined): boolean =>
  data?.approval === true &&
  [
    ({ expenses }: Sums) => expenses.amount,
    ({ trips }: Sums) => trips.amount,
    ({ fixedPrice }: Sums) => fixedPrice,
    ({ subscription }: Sums) => subscription,
  ].every((of) => data.totals.some((sum) => /[1-9]/.test(of(sum))))

/** The entries behind a row, as the overviews filter them. */
export const entriesOf = ({ projectId }: ShownRow, asAt: string) => ({
  projectId: [projectId],
  state: ['free' as const],
  billable: true,
  until: asAt,
})

/** All of it stands in one currency, so the sign stands once, in the head. */
const isSingle = (data: Shown | undefined) => (data?.totals.length ?? 0) <= 1

/** What waits of each project, a column for each kind of money that is there at all. */
export function useUninvoicedColumns(
  data: Shown | undefined,
  { grouped, asAt }: { grouped: boolean; asAt: string },
): ReadonlyArray<Column<ShownRow>> {
  const t = useT()
  const format = useFormat()
  const { slug: firm, currency: home } = useFirm()
  const single = isSingle(data)
  const unit = single ? currencySign(data?.totals[0]?.currency ?? home) : undefined
  const total = single ? data?.totals[0] : undefined
  return useMemo((): ReadonlyArray<Column<ShownRow>> => {
    const sums = data?.totals ?? []
    const tight = isTight(data)
    const isUsed = (of: (sum: Sums) => string) => sums.some((sum) => /[1-9]/.test(of(sum)))
    const without = sums.some(({ hours: { withoutRateMinutes } }) => withoutRateMinutes > 0)
    const withoutKm = isUsed(({ trips: { withoutRateKm } }) => withoutRateKm)
    // Wide enough for its total, however much that is.
    const widthOf = (least: number, of: (sum: Sums) => string) =>
      Math.max(least, ...sums.map((sum) => Math.ceil(of(sum).length * 8.5) + (tight ? 18 : 24)))
    const money = (id: string, rest: Omit<Column<ShownRow>, 'id' | 'align'>): Column<ShownRow> => ({
      id,
      align: 'end',
      ...(unit ? { unit } : {}),
      ...rest,
    })
    const list: Array<Column<ShownRow> | false> = [
      {
        id: 'project',
        head: grouped ? t('uninvoiced.column.customerProject') : t('uninvoiced.column.project'),
        cell: (row) => (
          <>
            {row.projectName} <span className="small muted">{t(methodWord(row.method))}</span>
          </>
        ),
        width: tight ? 'minmax(178px, 2fr)' : 'minmax(200px, 2fr)',
        always: true,
      },
      !grouped && {
        id: 'customer',
        head: t('uninvoiced.column.customer'),
        cell: (row) => row.customer.customerName ?? <Dash />,
        width: 'minmax(120px, 1fr)',
        from: 700,
      },
      {
        id: 'hours',
        head: t('uninvoiced.column.hours'),
        cell: (row) => <HoursCell row={row} />,
        align: 'end',
        width: sums.some(({ coveredMinutes }) => coveredMinutes > 0) ? (tight ? 98 : 112) : 82,
        from: 760,
        ...(total ? { total: <Hours minutes={total.hours.minutes} /> } : {}),
      },
      money('hoursAmount', {
        head: t('uninvoiced.column.hours'),
        cell: (row) => (
          <PricedCell
            amount={row.hours.amount}
            missing={
              row.hours.withoutRateMinutes > 0
                ? t('uninvoiced.withoutRate', { hours: format.hours(row.hours.withoutRateMinutes) })
                : null
            }
          />
        ),
        width: without ? 200 : widthOf(96, ({ hours: { amount } }) => amount),
        from: 640,
        total: <Amount value={total?.hours.amount} dashAtZero />,
      }),
      isUsed(({ expenses }) => expenses.amount) &&
        money('expenses', {
          head: t('uninvoiced.column.expenses'),
          cell: (row) => (
            <PricedCell
              amount={row.expenses.amount}
              missing={null}
              link={(amount) => (
                <Link
                  className={styles.drill}
                  to="/f/$firm/overviews/expenses"
                  params={{ firm }}
                  search={entriesOf(row, asAt)}
                >
                  {amount}
                </Link>
              )}
            />
          ),
          width: widthOf(tight ? 84 : 106, ({ expenses: { amount } }) => amount),
          from: 900,
          total: <Amount value={total?.expenses.amount} dashAtZero />,
        }),
      (withoutKm || isUsed(({ trips }) => trips.amount)) &&
        money('trips', {
          head: t('uninvoiced.column.trips'),
          cell: (row) => (
            <PricedCell
              amount={row.trips.amount}
              missing={
                /[1-9]/.test(row.trips.withoutRateKm)
                  ? t('uninvoiced.withoutKmRate', { km: format.quantity(row.trips.withoutRateKm) })
                  : null
              }
              link={(amount) => (
                <Link
                  className={styles.drill}
                  to="/f/$firm/overviews/trips"
                  params={{ firm }}
                  search={entriesOf(row, asAt)}
                >
                  {amount}
                </Link>
              )}
            />
          ),
          width: withoutKm ? 190 : widthOf(78, ({ trips: { amount } }) => amount),
          from: 900,
          total: <Amount value={total?.trips.amount} dashAtZero />,
        }),
      isUsed(({ fixedPrice }) => fixedPrice) &&
        money('fixedPrice', {
          head: t('uninvoiced.column.fixedPrice'),
          cell: (row) => <FixedCell row={row} />,
          width: besideText + widthOf(76, ({ fixedPrice }) => fixedPrice),
          from: 1040,
          total: <Amount value={total?.fixedPrice} dashAtZero />,
        }),
      isUsed(({ subscription }) => subscription) &&
        money('subscription', {
          head: t('uninvoiced.column.subscription'),
          cell: (row) => <SubscriptionCell row={row} />,
          width: besideText + widthOf(76, ({ subscription }) => subscription),
          from: 1040,
          total: <Amount value={total?.subscription} dashAtZero />,
        }),
      money('total', {
        head: t('uninvoiced.column.total'),
        cell: (row) =>
          single ? (
            <Amount value={row.total} strong dashAtZero />
          ) : (
            <Money amount={row.total} currency={row.currency} strong />
          ),
        width: single ? widthOf(100, (sum) => sum.total) : 150,
        always: true,
        total: single ? <Amount value={total?.total} total /> : undefined,
      }),
      {
        id: 'age',
        head: t('uninvoiced.age'),
        cell: (row) => <Age days={row.ageDays} />,
        width: tight ? 76 : 88,
        from: 480,
      },
      ...(data?.approval
        ? [
            money('waiting', {
              head: t('uninvoiced.column.waiting'),
              cell: (row) => <WaitingCell waiting={row.notYetApproved} />,
              width: tight ? 142 : 146,
              from: 820,
              aside: true,
              total: total ? <WaitingCell waiting={total.notYetApproved} /> : undefined,
            }),
          ]
        : []),
    ]
    return list.filter((column) => column !== false)
  }, [t, format, grouped, single, unit, total, data, firm, asAt])
}

/** Projects under their customer, with what waits of all of them; undefined when they are not grouped. */
export function useCustomerGroups(data: Shown | undefined, grouped: boolean) {
  const t = useT()
  const single = isSingle(data)
  return useMemo(() => {
    if (!grouped) return undefined
    return {
      of: ({ customer }: ShownRow) => `${customer.customerId} ${customer.currency}`,
      cells: (_: string, members: readonly ShownRow[]): Readonly<Record<string, ReactNode>> => {
        const [first] = members
        if (!first) return {}
        const { customer } = first
        return {
          project: (
            <>
              {customer.customerName ?? t('uninvoiced.noCustomer')}{' '}
              <span className="small muted" style={{ fontWeight: 400 }}>
                {[
                  customer.customerNumber,
                  customer.billTo ? t('uninvoiced.billTo', { name: customer.billTo.name }) : null,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </>
          ),
          hours: <Hours minutes={customer.hours.minutes} dashAtZero />,
          hoursAmount: <Amount value={customer.hours.amount} dashAtZero />,
          expenses: <Amount value={customer.expenses.amount} dashAtZero />,
          trips: <Amount value={customer.trips.amount} dashAtZero />,
          fixedPrice: <Amount value={customer.fixedPrice} dashAtZero />,
          subscription: <Amount value={customer.subscription} dashAtZero />,
          total: single ? (
            <Amount value={customer.total} strong dashAtZero />
          ) : (
            <Money amount={customer.total} currency={customer.currency} strong />
          ),
          waiting: <WaitingCell waiting={customer.notYetApproved} />,
        }
      },
    }
  }, [grouped, single, t])
}
