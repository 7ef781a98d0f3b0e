import { decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Hours, Money } from '../../parts/Figures.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import type { Selecting } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { ClosingDialog } from '../projects/invoicing/ClosingInvoice.tsx'
import styles from './uninvoiced.module.css'
import { isFixedPrice, mostProjects, type ShownRow, type SplitBy } from './uninvoiced.ts'
import type { Invoicing } from './use-invoicing.ts'

/** What is selected, added up, and how and where it is invoiced. */
export function InvoiceBar({
  rows,
  selecting,
  invoicing,
}: {
  rows: readonly ShownRow[]
  selecting: Selecting
  invoicing: Invoicing
}) {
  const t = useT()
  const format = useFormat()
  const [closing, setClosing] = useState<string | null>(null)
  const { act, chosen, drafts, tooMany, ready, splitBy, setSplitBy, date, setDate, seriesId, setSeriesId } = invoicing
  const { maker, series, invoice, inPackage } = invoicing
  const [fixed] = chosen.length === 1 ? chosen.filter(({ method }) => isFixedPrice(method)) : []
  const sums = [...Map.groupBy(chosen, ({ currency }) => currency)].map(([currency, some]) => ({
    currency,
    amount: toCents(sum(some.map((row) => decimal(row.total)))),
  }))
  return (
    <>
      {act.error ? <ErrorNotice error={act.error} /> : null}
      <SelectionBar
        selecting={selecting}
        matching={selecting.selection.kind === 'all' ? rows.length : null}
        under={t('uninvoiced.bar.customers', {
          count: new Set(chosen.map(({ customer }) => customer.customerId)).size,
        })}
        figures={[
          {
            value: <Hours minutes={chosen.reduce((minutes, row) => minutes + row.hours.minutes, 0)} />,
            under: t('uninvoiced.bar.hours'),
          },
          ...sums.map(({ currency, amount }) => ({
            value: <Money amount={amount} currency={currency} />,
            under: t('uninvoiced.bar.amount', { currency }),
          })),
        ]}
        settings={
          <div className={styles.choices}>
            {t('uninvoiced.bar.per')}
            <SelectField
              aria-label={t('uninvoiced.bar.per')}
              w={132}
              value={splitBy}
              data={[
                { value: 'customer', label: t('uninvoiced.split.customer') },
                { value: 'bill-to', label: t('uninvoiced.split.billTo') },
                { value: 'project', label: t('uninvoiced.split.project') },
                { value: 'order-number', label: t('uninvoiced.split.orderNumber') },
              ]}
              onChange={(value) => setSplitBy((value ?? 'customer') as SplitBy)}
            />
            {t('uninvoiced.bar.dated')}
            <DateField className={styles.dated} aria-label={t('uninvoiced.bar.date')} value={date} onChange={setDate} />
            {series.length > 1 ? (
              <SelectField
                aria-label={t('uninvoiced.bar.series')}
                w={150}
                value={seriesId}
                data={series.map((one) => ({ value: one.isDefault ? '' : one.id, label: one.name }))}
                onChange={(value) => setSeriesId(value ?? '')}
              />
            ) : null}
          </div>
        }
      >
        {tooMany ? <span className="small muted">{t('uninvoiced.tooMany', { most: mostProjects })}</span> : null}
        {fixed ? <Button onClick={() => setClosing(fixed.projectId)}>{t('uninvoiced.closing')}</Button> : null}
        {maker?.name ? (
          <Button
            disabled={!ready || !maker.offers}
            title={maker.offers ? undefined : t('package-invoices.where.notOffered', { package: maker.name })}
            onClick={inPackage}
          >
            {t('package-invoices.invoiceIn', { package: maker.name })}
          </Button>
        ) : null}
        <Button kind="primary" keys="I" busy={act.isPending} disabled={!ready} onClick={invoice}>
          {t('uninvoiced.invoice', { count: drafts, shown: format.count(drafts) })}
        </Button>
      </SelectionBar>
      {closing ? <ClosingDialog projectId={closing} onClose={() => setClosing(null)} /> : null}
    </>
  )
}
