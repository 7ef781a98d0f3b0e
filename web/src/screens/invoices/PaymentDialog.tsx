import { Checkbox } from '@mantine/core'
import { absolute, compare, decimal, negate, parseDecimal, round, subtract, zero } from '@uurwerk/core/shared/money.ts'
import { answer, api, ifMatch } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { DecimalField, SelectField, TextField } from '../../parts/fields.tsx'
import { StateLine } from '../../parts/State.tsx'
import { sayUndo } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { hasCode } from '../../problem.ts'
import { useT } from '../../words/words.tsx'
import { capital } from '../time/capital.ts'
import type { Invoice } from './invoice.ts'
import { usePaymentsAgain } from './Payments.tsx'
import { type Payment, type Payments, undo, wayNames, ways } from './payment.ts'

interface Asked {
  readonly invoice: Invoice
  readonly payments: Payments
  readonly onClose: () => void
}

/** Money that came in, or where too much came in money that goes back. */
export function PaymentDialog({ invoice, payments, onClose }: Asked) {
  const t = useT()
  const isBack = payments.paymentState === 'to-refund'
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(isBack ? 'payments.refund.title' : 'payments.register.title', { number: invoice.number ?? '' })}
    >
      <PaymentForm invoice={invoice} payments={payments} onClose={onClose} />
    </Dialog>
  )
}

function PaymentForm({ invoice, payments, onClose }: Asked) {
  const t = useT()
  const format = useFormat()
  const again = usePaymentsAgain(invoice.id)
  const { currency, version } = payments
  const outstanding = decimal(payments.outstanding)
  const isBack = compare(outstanding, zero) < 0
  const form = useApiForm({
    initial: {
      date: today() as string,
      amount: compare(outstanding, zero) === 0 ? '' : (round(absolute(outstanding), 2) as string),
      way: 'bank' as string,
      note: '',
      allowOver: false as boolean,
    },
    validate: {
      date: (date: string) => (date ? null : t('payments.date.missing')),
      amount: (amount: string) => (amount.trim() ? null : t('payments.amount.missing')),
    },
    save: async ({ date, amount, way, note, allowOver }) => {
      const typed = parseDecimal(amount)
      try {
        const made = await answer(
          api.POST('/invoices/{id}/payments', {
            params: { path: { id: invoice.id } },
            headers: ifMatch(version),
            body: {
              date,
              amount: typed && isBack ? negate(typed) : amount,
              way: way as Payment['way'],
              note: note.trim(),
              allowOver: allowOver && !isBack,
            },
          }),
        )
        await again()
        const said = { amount: format.money(absolute(decimal(made.payment.amount)), currency) }
        sayUndo(t(isBack ? 'payments.refund.said' : 'payments.register.said', said), async () => {
          await undo(made.payment)
          await again()
        })
      } catch (error) {
        // What somebody else registered meanwhile stands in the dialog when this is read.
        if (hasCode(error, 'stale')) await again()
        throw error
      }
    },
    saved: onClose,
  })
  const { amount, date, allowOver } = form.form.values
  const typed = parseDecimal(amount)
  const left = typed && subtract(outstanding, isBack ? negate(typed) : typed)
  const over = left && !isBack && compare(left, zero) < 0 ? absolute(left) : null
  const money = (value: string) => format.money(value, currency)
  return (
    <Form form={form}>
      <p>
        {t(isBack ? 'payments.form.toRefund' : 'payments.form.outstanding', { amount: money(absolute(outstanding)) })}
      </p>
      <Fields>
        <DecimalField
          label={t(isBack ? 'payments.amount.back' : 'payments.amount')}
          leftSection={<span className="muted">{currencySign(currency)}</span>}
          withAsterisk
          data-autofocus
          {...form.field('amount')}
        />
        <DateField label={t('payments.date')} withAsterisk maxDate={today()} {...form.field('date')} />
        <SelectField
          label={t('payments.way')}
          data={wayNames.map((value) => ({ value, label: capital(t(ways[value])) }))}
          {...form.field('way')}
        />
        <TextField label={t('payments.note')} maxLength={500} {...form.field('note')} />
      </Fields>
      {date && date < invoice.date ? (
        <StateLine is="needs">{t('payments.early.line', { date: format.date(invoice.date) })}</StateLine>
      ) : null}
      {over ? (
        <Checkbox
          label={t('payments.over', { amount: money(over) })}
          checked={allowOver}
          onChange={(event) => form.form.setFieldValue('allowOver', event.currentTarget.checked)}
        />
      ) : null}
      {left && !isBack && compare(left, zero) > 0 ? (
        <p className="muted small">{t('payments.leaves', { amount: money(left) })}</p>
      ) : null}
      <FormFoot form={form} action={t(isBack ? 'payments.refund' : 'payments.register')} onCancel={onClose} />
    </Form>
  )
}
