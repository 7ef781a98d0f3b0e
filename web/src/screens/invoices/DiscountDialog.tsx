import { useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { currencySign } from '../../format.ts'
import { Segments } from '../../parts/Choose.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { DecimalField } from '../../parts/fields.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'
import type { Invoice } from './invoice.ts'
import type { Draft } from './use-draft.ts'

/** A percentage on every line, or an amount as a line for each VAT rate. */
export function DiscountDialog({ invoice, draft, onClose }: { invoice: Invoice; draft: Draft; onClose: () => void }) {
  const t = useT()
  const [as, setAs] = useState<'percent' | 'amount'>('percent')
  const has = invoice.lines.some(({ discountPercent }) => discountPercent !== null)
  const save = (body: { percent?: string | null; amount?: string }) =>
    draft.save({
      run: (version) =>
        answer(
          api.POST('/invoices/{id}/discount', {
            params: { path: { id: invoice.id } },
            headers: ifMatch(version),
            body,
          }),
        ),
    })
  const form = useApiForm({
    initial: { percent: '', amount: '' },
    validate: {
      percent: (value: string) =>
        as === 'amount' || value.trim() || has ? null : t('invoices.discount.percent.missing'),
      amount: (value: string) => (as === 'percent' || value.trim() ? null : t('invoices.discount.amount.missing')),
    },
    save: ({ percent, amount }) =>
      save(as === 'percent' ? { percent: percent.trim() === '' ? null : percent } : { amount }),
    saved: () => {
      say(t('invoices.discount.done'))
      onClose()
    },
  })
  return (
    <Dialog open onClose={onClose} title={t('invoices.discount.title')}>
      <Form form={form}>
        <Segments
          name={t('invoices.discount.as')}
          value={as}
          onChange={setAs}
          options={[
            { value: 'percent', label: t('invoices.discount.percent') },
            { value: 'amount', label: t('invoices.discount.amount') },
          ]}
        />
        {as === 'percent' ? (
          <DecimalField
            key="percent"
            label={t('invoices.discount.percent')}
            description={has ? t('invoices.discount.percent.has') : t('invoices.discount.percent.text')}
            rightSection={<span className="muted">%</span>}
            data-autofocus
            {...form.field('percent')}
          />
        ) : (
          <DecimalField
            key="amount"
            label={t('invoices.discount.amount')}
            description={t('invoices.discount.amount.text')}
            leftSection={<span className="muted">{currencySign(invoice.currency)}</span>}
            {...form.field('amount')}
          />
        )}
        <FormFoot form={form} action={t('invoices.discount.save')} onCancel={onClose} />
      </Form>
    </Dialog>
  )
}
