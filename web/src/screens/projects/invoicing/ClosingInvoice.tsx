import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { decimal, isNegative, isZero, subtract, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { answer, api } from '../../../api.ts'
import { useFormat } from '../../../format.ts'
import { Button } from '../../../parts/Button.tsx'
import { DateField } from '../../../parts/DateField.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { ErrorNotice, PageSkeleton } from '../../../parts/Empty.tsx'
import { Money } from '../../../parts/Figures.tsx'
import { Fields, Form, FormFoot } from '../../../parts/Form.tsx'
import { SelectField } from '../../../parts/fields.tsx'
import { StateLine } from '../../../parts/State.tsx'
import { today } from '../../../parts/today.ts'
import { useApiForm } from '../../../parts/use-api-form.ts'
import { useFirm, useMay } from '../../../session.ts'
import { useT } from '../../../words/words.tsx'
import { keepChosen } from '../../package-invoices/chosen-entries.ts'
import { HeldBy } from '../../package-invoices/HeldBy.tsx'
import { MadeWhere, useMaker, type Where } from '../../package-invoices/MadeWhere.tsx'
import { seriesQuery } from '../../settings/series-query.ts'
import styles from './invoicing.module.css'
import { dueChanged, type Instalments, instalmentsQuery } from './invoicing.ts'

/** The closing invoice of a project: that it is there, or the way to make it. */
export function ClosingInvoice({ projectId, agreed }: { projectId: string; agreed: Instalments }) {
  const t = useT()
  const may = useMay()
  const [open, setOpen] = useState(false)
  const { closing, sums } = agreed
  if (closing)
    return (
      <StateLine is={closing.number ? 'done' : 'wait'}>
        {t(
          closing.number
            ? 'invoicing.closing.done'
            : closing.inPackage
              ? 'package-invoices.closing'
              : 'invoicing.closing.draft',
        )}{' '}
        <HeldBy held={closing}>
          {closing.number ?? t(closing.inPackage ? 'package-invoices.onDocument' : 'invoicing.closing.open')}
        </HeldBy>
      </StateLine>
    )
  const isPriced = sums.some(({ price }) => price !== null)
  if (!may('invoices:write') || !isPriced) return null
  return (
    <div className={styles.acts}>
      <Button size="sm" icon="document" onClick={() => setOpen(true)}>
        {t('invoicing.closing.ask')}
      </Button>
      {open ? <ClosingDialog projectId={projectId} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

/** What a closing invoice will say, from a list that shows the project alone. */
export function ClosingDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const t = useT()
  const query = useQuery({ ...instalmentsQuery(projectId), staleTime: 0 })
  return (
    <Dialog open onClose={onClose} title={t('invoicing.closing.title')} size={560}>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <PageSkeleton lines={3} /> : null}
      {query.data ? <ClosingForm projectId={projectId} agreed={query.data} onClose={onClose} /> : null}
    </Dialog>
  )
}

function ClosingForm({ projectId, agreed, onClose }: { projectId: string; agreed: Instalments; onClose: () => void }) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const go = useNavigate()
  const { slug: firm } = useFirm()
  const series = useQuery(seriesQuery())
  const rows = series.data?.rows ?? []
  const maker = useMaker()
  const [where, setWhere] = useState<Where>('here')
  const { currency, earlier } = agreed
  const price = toCents(sum(agreed.sums.map((one) => decimal(one.price ?? '0'))))
  const rest = toCents(subtract(price, sum(earlier.map(({ net }) => decimal(net)))))
  const possible = !isNegative(rest) && !isZero(rest)
  const form = useApiForm({
    initial: { date: today() as string | null, seriesId: '' },
    validate: { date: (value: string | null) => (value ? null : t('invoicing.closing.date.missing')) },
    save: async ({ date, seriesId }) => {
      if (where === 'package') {
        const body = { closesProjectId: projectId, ...(date ? { date } : {}) }
        const chosen = keepChosen({ from: 'project', body })
        await go({ to: '/f/$firm/package-invoices/preview', params: { firm }, search: { chosen } })
        return
      }
      const made = await answer(
        api.POST('/projects/{id}/closing-invoice', {
          params: { path: { id: projectId } },
          body: { ...(date ? { date } : {}), ...(seriesId ? { seriesId } : {}) },
        }),
      )
      await dueChanged(client, projectId)
      await client.invalidateQueries({ queryKey: ['invoices'] })
      await go({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: made.id } })
    },
  })
  return (
    <Form form={form}>
      <p className="muted">{t('invoicing.closing.text')}</p>
      <dl className={styles.closing}>
        <dt>{t('invoicing.price')}</dt>
        <dd>
          <Money amount={price} currency={currency} />
        </dd>
        {earlier.map((one) => (
          <div key={one.id}>
            <dt>
              {t('invoicing.closing.less', { number: one.number, date: format.date(one.date, 'short') })}
              {one.creditNotes.length > 0 ? (
                <small>{t('invoicing.closing.credited', { numbers: one.creditNotes.join(', ') })}</small>
              ) : null}
            </dt>
            <dd>
              <Money amount={toCents(subtract(decimal('0'), decimal(one.net)))} currency={currency} />
            </dd>
          </div>
        ))}
        <dt>
          <b>{t('invoicing.closing.rest')}</b>
        </dt>
        <dd>
          <Money amount={rest} currency={currency} total />
        </dd>
      </dl>
      {possible ? null : (
        <StateLine is="needs">{t(isZero(rest) ? 'invoicing.closing.nothing' : 'invoicing.closing.over')}</StateLine>
      )}
      <MadeWhere value={where} onChange={setWhere} />
      <Fields>
        <DateField label={t('invoicing.closing.date')} {...form.field('date')} />
        {rows.length > 1 && where === 'here' ? (
          <SelectField
            label={t('invoices.series')}
            data={rows.map((one) => ({ value: one.isDefault ? '' : one.id, label: one.name }))}
            {...form.field('seriesId')}
          />
        ) : null}
      </Fields>
      <FormFoot
        form={form}
        action={
          where === 'package'
            ? t('package-invoices.toPreview', { package: maker?.name ?? '' })
            : t('invoicing.closing.make')
        }
        onCancel={onClose}
      />
    </Form>
  )
}
