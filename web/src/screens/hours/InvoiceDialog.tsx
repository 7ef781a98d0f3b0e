import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { Fields } from '../../parts/Form.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice, Told } from '../../parts/Notice.tsx'
import { today } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { hoursChanged } from '../time/use-week.ts'
import type { filterOf } from './hour-filter.ts'
import styles from './hours.module.css'
import { type LeftOut, reasonsOf } from './left-out.ts'
import type { Totals } from './selected-totals.ts'

type GroupBy = 'activity' | 'project' | 'user' | 'entry'
type SplitBy = 'customer' | 'project' | 'order-number'
export type SelectionBody =
  | { ids: string[] }
  | { filter: ReturnType<typeof filterOf>; except: string[]; count?: number; asOf?: string }
interface Made {
  readonly invoices: ReadonlyArray<{
    readonly id: string
    readonly customerName: string
    readonly net: string
    readonly currency: string
    readonly entries: number
  }>
  readonly leftOut: readonly LeftOut[]
}

/** How selected hours become drafts; then what was made, and what was left out and why. */
export function InvoiceDialog({
  selection,
  count,
  totals,
  close,
  done,
}: {
  selection: SelectionBody
  count: number
  totals: Totals
  close: () => void
  done: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const [groupBy, setGroupBy] = useState<GroupBy>('activity')
  const [splitBy, setSplitBy] = useState<SplitBy>('customer')
  const [date, setDate] = useState<string | null>(today())
  const act = useAct<{ selection: SelectionBody; groupBy: GroupBy; splitBy: SplitBy; date?: string }, Made>({
    run: (body, key) => answer(api.POST('/invoices/from-hours', { params: { header: key }, headers: key, body })),
    done: (made) => {
      if (made.invoices.length > 0) done()
      return Promise.all([hoursChanged(client), client.invalidateQueries({ queryKey: ['invoices'] })])
    },
  })
  const make = () => act.mutate({ selection, groupBy, splitBy, ...(date ? { date } : {}) })
  useKeys([{ keys: 'mod+Enter', run: make, whileTyping: true, disabled: act.isPending || act.data !== undefined }])

  if (act.data) return <Result made={act.data} close={close} />
  return (
    <Dialog open onClose={close} title={t('hours.invoice.title', { count, shown: format.count(count) })} size={560}>
      <div className={styles.dialog}>
        <p className="muted">
          {[
            t('hours.invoice.hours', { hours: format.hours(totals.minutes) }),
            ...totals.amounts.map(({ amount, currency }) => format.money(amount, currency)),
          ].join(' · ')}
        </p>
        <Fields columns={2}>
          <SelectField
            label={t('hours.invoice.split')}
            value={splitBy}
            data={[
              { value: 'customer', label: t('hours.invoice.split.customer') },
              { value: 'project', label: t('hours.invoice.split.project') },
              { value: 'order-number', label: t('hours.invoice.split.orderNumber') },
            ]}
            onChange={(value) => setSplitBy((value ?? 'customer') as SplitBy)}
          />
          <SelectField
            label={t('hours.invoice.group')}
            value={groupBy}
            data={[
              { value: 'activity', label: t('hours.invoice.group.activity') },
              { value: 'project', label: t('hours.invoice.group.project') },
              { value: 'user', label: t('hours.invoice.group.person') },
              { value: 'entry', label: t('hours.invoice.group.entry') },
            ]}
            onChange={(value) => setGroupBy((value ?? 'activity') as GroupBy)}
          />
          <DateField label={t('hours.invoice.date')} value={date} onChange={setDate} />
        </Fields>
        <p className="small muted">{t('hours.invoice.what')}</p>
        {act.error ? <ErrorNotice error={act.error} /> : null}
        <Foot>
          <Button kind="quiet" onClick={close}>
            {t('parts.cancel')}
          </Button>
          <Button kind="primary" keys="mod+Enter" busy={act.isPending} disabled={!date} data-autofocus onClick={make}>
            {t('hours.invoice.make')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}

function Result({ made, close }: { made: Made; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const { invoices, leftOut } = made
  const [only] = invoices
  return (
    <Dialog
      open
      onClose={close}
      title={
        invoices.length > 0
          ? t('hours.made.title', { count: invoices.length, shown: format.count(invoices.length) })
          : t('hours.made.none')
      }
      size={600}
    >
      <div className={styles.dialog} role="status">
        {invoices.length > 0 ? (
          <ul className={styles.made} aria-label={t('hours.made.list')}>
            {invoices.map((invoice) => (
              <li key={invoice.id}>
                <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: invoice.id }}>
                  {invoice.customerName}
                </Link>
                <span className="muted">
                  {t('hours.entries', { count: invoice.entries, shown: format.count(invoice.entries) })}
                </span>
                <Money amount={invoice.net} currency={invoice.currency} strong />
              </li>
            ))}
          </ul>
        ) : null}
        {reasonsOf(leftOut).map((reason) => (
          <Notice
            key={reason.key}
            is="needs"
            title={reason.word ? t(reason.word) : reason.cause}
            after={t('hours.made.leftOut', { count: reason.rows.length, shown: format.count(reason.rows.length) })}
          >
            {reason.remedy ? <Told rows={[[t('parts.remedy'), reason.remedy]]} /> : null}
            <details className={styles.left}>
              <summary>{t('hours.made.which')}</summary>
              <ul>
                {reason.rows.slice(0, 200).map((row) => (
                  <li key={row.id}>{reason.differs ? row.problem.cause : row.label || t('hours.made.gone')}</li>
                ))}
                {reason.rows.length > 200 ? <li>{t('hours.made.more', { count: reason.rows.length - 200 })}</li> : null}
              </ul>
            </details>
            {reason.link ? <a href={reason.link}>{t('problems.open')}</a> : null}
          </Notice>
        ))}
        <Foot>
          <Button data-autofocus onClick={close}>
            {t('parts.close')}
          </Button>
          {only ? (
            invoices.length === 1 ? (
              <ButtonLink kind="primary" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: only.id }}>
                {t('hours.made.open')}
              </ButtonLink>
            ) : (
              <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
                {t('hours.made.openAll')}
              </ButtonLink>
            )
          ) : null}
        </Foot>
      </div>
    </Dialog>
  )
}
