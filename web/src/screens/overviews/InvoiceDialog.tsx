import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { Fields } from '../../parts/Form.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { today } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { keepChosen } from '../package-invoices/chosen-entries.ts'
import { MadeWhere, useMaker, type Where } from '../package-invoices/MadeWhere.tsx'
import { leftOutOfHours } from './LeftOutReasons.tsx'
import { type Made, MadeDrafts, type MadeWords } from './MadeDrafts.tsx'
import type { KindId } from './overview-kind.ts'
import styles from './overviews.module.css'

type GroupBy = 'activity' | 'project' | 'user' | 'entry'
type SplitBy = 'customer' | 'bill-to' | 'project' | 'order-number'

const madeWords = {
  title: 'hours.made.title',
  none: 'hours.made.none',
  list: 'hours.made.list',
  entries: 'overviews.entries.count',
  open: 'hours.made.open',
  openAll: 'hours.made.openAll',
  leftOut: leftOutOfHours,
} as const satisfies MadeWords

/** How selected entries become drafts; then what was made, and what was left out and why. */
export function InvoiceDialog({
  kind,
  selection,
  count,
  sums,
  close,
  done,
}: {
  kind: KindId
  selection: unknown
  count: number
  /** What is selected: "41:15 · € 3,918.75". */
  sums: string
  close: () => void
  done: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const [groupBy, setGroupBy] = useState<GroupBy>('activity')
  const [splitBy, setSplitBy] = useState<SplitBy>('customer')
  const [date, setDate] = useState<string | null>(today())
  const [where, setWhere] = useState<Where>('here')
  const maker = useMaker()
  const go = useNavigate()
  const { slug: firm } = useFirm()
  const act = useAct<{ groupBy: GroupBy; splitBy: SplitBy; date?: string }, Made>({
    run: (body, key) =>
      answer(
        api.POST('/invoices/from-entries', {
          params: { header: key },
          headers: key,
          // The selection fits its kind: both come from the same overview.
          body: { [kind]: selection, ...body } as never,
        }),
      ),
    done: (made) => {
      if (made.invoices.length > 0) done()
      return Promise.all(
        ['week', 'invoices', ...['hours', 'expenses', 'trips'].flatMap((one) => [one, `${one}-totals`])].map((one) =>
          client.invalidateQueries({ queryKey: [one] }),
        ),
      )
    },
  })
  const make = () => {
    const how = { groupBy, splitBy, ...(date ? { date } : {}) }
    if (where === 'here') return act.mutate(how)
    // The selection fits its kind: both come from the same overview.
    const chosen = keepChosen({ from: kind, body: { [kind]: selection, ...how } as never })
    void go({ to: '/f/$firm/package-invoices/preview', params: { firm }, search: { chosen } })
  }
  useKeys([{ keys: 'mod+Enter', run: make, whileTyping: true, disabled: act.isPending || act.data !== undefined }])

  if (act.data) return <MadeDrafts made={act.data} words={madeWords} close={close} />
  return (
    <Dialog open onClose={close} title={t('overviews.invoice.title', { count, shown: format.count(count) })} size={560}>
      <div className={styles.dialog}>
        {sums ? <p className="muted">{sums}</p> : null}
        <MadeWhere value={where} onChange={setWhere} />
        <Fields columns={2}>
          <SelectField
            label={t('hours.invoice.split')}
            value={splitBy}
            data={[
              { value: 'customer', label: t('hours.invoice.split.customer') },
              { value: 'bill-to', label: t('hours.invoice.split.billTo') },
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
        {where === 'here' ? <p className="small muted">{t('hours.invoice.what')}</p> : null}
        {act.error ? <ErrorNotice error={act.error} /> : null}
        <Foot>
          <Button kind="quiet" onClick={close}>
            {t('parts.cancel')}
          </Button>
          <Button kind="primary" keys="mod+Enter" busy={act.isPending} disabled={!date} data-autofocus onClick={make}>
            {where === 'package'
              ? t('package-invoices.toPreview', { package: maker?.name ?? '' })
              : t('hours.invoice.make')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}
