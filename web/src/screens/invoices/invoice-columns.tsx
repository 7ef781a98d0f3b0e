import { useMemo } from 'react'
import { currencySign, useFormat } from '../../format.ts'
import { Amount, Dash, Money } from '../../parts/Figures.tsx'
import { Icon } from '../../parts/icons.tsx'
import { State } from '../../parts/State.tsx'
import type { Column } from '../../table/column.ts'
import { type Say, useT } from '../../words/words.tsx'
import { PostingStateShown } from '../postings/posting-state.tsx'
import { InvoiceMark, InvoiceState } from './InvoiceState.tsx'
import type { InvoiceRow } from './invoice.ts'
import styles from './invoices.module.css'
import payStyles from './payments.module.css'

/** Columns of the list; the currency stands once at the head where all rows share it. */
export function useInvoiceColumns(
  rows: readonly InvoiceRow[],
  packageName: (id: string) => string,
): ReadonlyArray<Column<InvoiceRow>> {
  const t = useT()
  const format = useFormat()
  const currencies = new Set(rows.map(({ currency }) => currency))
  const single = currencies.size <= 1 ? ([...currencies][0] ?? 'EUR') : null
  return useMemo((): ReadonlyArray<Column<InvoiceRow>> => {
    const amount = (id: 'net' | 'vat' | 'gross', head: string): Column<InvoiceRow> => ({
      id,
      head,
      ...(single ? { unit: currencySign(single) } : {}),
      align: 'end',
      width: single ? 96 : 124,
      ...(id === 'gross' ? {} : { from: id === 'vat' ? 1340 : 1250 }),
      cell: (row) => (single ? <Amount value={row[id]} /> : <Money amount={row[id]} currency={row.currency} />),
    })
    return [
      {
        id: 'number',
        head: t('invoices.number'),
        width: 120,
        always: true,
        sortKey: 'number',
        cell: (row) =>
          row.number ? (
            <span>
              <b>{row.number}</b>
              {row.kind === 'credit' ? (
                <span className="muted" title={t('invoices.credit')}>
                  {' '}
                  <Icon name="undo" size={14} />
                  <span className="only-spoken"> {t('invoices.credit')}</span>
                </span>
              ) : null}
              <InvoiceMark {...row} className={payStyles.onNarrow} />
            </span>
          ) : row.kind === 'credit' ? (
            <span className="muted small">{t('invoices.credit')}</span>
          ) : (
            <Dash />
          ),
      },
      {
        id: 'date',
        head: t('invoices.dateShort'),
        width: 108,
        from: 520,
        sortKey: 'date',
        cell: (row) => <span className="fig">{format.date(row.date, 'short')}</span>,
      },
      {
        id: 'dueDate',
        head: t('invoices.due'),
        width: 146,
        from: 960,
        sortKey: 'dueDate',
        // A credit note is not paid by a day: here it says what it takes back.
        cell: (row) =>
          row.credits ? (
            <span className="muted small">{t('invoices.credit.of', { number: row.credits.number })}</span>
          ) : (
            <span className="fig muted">{format.date(row.dueDate, 'short')}</span>
          ),
      },
      {
        id: 'customer',
        head: t('invoices.customer'),
        width: 'minmax(94px, 4fr)',
        always: true,
        cell: (row) => (
          <>
            {row.customerName}
            {row.reference ? <span className="muted small">{`  ${row.reference}`}</span> : null}
          </>
        ),
      },
      amount('net', t('invoices.net')),
      amount('vat', t('invoices.vatAmount')),
      amount('gross', t('invoices.gross')),
      {
        id: 'outstanding',
        head: t('payments.column'),
        ...(single ? { unit: currencySign(single) } : {}),
        align: 'end',
        width: single ? 116 : 134,
        from: 760,
        sortKey: 'outstanding',
        cell: (row) =>
          row.paymentState === null ? (
            <Dash />
          ) : single ? (
            <Amount value={row.outstanding} dashAtZero />
          ) : (
            <Money amount={row.outstanding} currency={row.currency} />
          ),
      },
      {
        id: 'state',
        head: t('invoices.state'),
        width: 'minmax(156px, 1fr)',
        from: 640,
        cell: (row) => <InvoiceState {...row} short />,
      },
      {
        id: 'booking',
        head: t('invoices.booking'),
        width: 'minmax(182px, 1fr)',
        from: 1080,
        cell: (row) => <BookingCell row={row} packageName={packageName} t={t} />,
      },
    ]
  }, [t, format, single, packageName])
}

function BookingCell({ row, packageName, t }: { row: InvoiceRow; packageName: (id: string) => string; t: Say }) {
  const { booking, state } = row
  if (!booking) {
    return state === 'draft' ? <Dash /> : <State is="wait">{t('invoices.booking.none')}</State>
  }
  return (
    <span className={styles.booking}>
      <PostingStateShown state={booking.state} differs={booking.differs} />
      {booking.number ? (
        booking.url ? (
          <a
            className="fig"
            href={booking.url}
            target="_blank"
            rel="noreferrer"
            title={t('invoices.booking.open', { package: packageName(booking.package) })}
          >
            {booking.number}
          </a>
        ) : (
          <span className="fig">{booking.number}</span>
        )
      ) : null}
    </span>
  )
}
