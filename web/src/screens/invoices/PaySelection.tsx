import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { add, decimal, zero } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Fields, Form, FormFoot } from '../../parts/Form.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say, sayUndo } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { useApiForm } from '../../parts/use-api-form.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { capital } from '../time/capital.ts'
import type { InvoiceRow } from './invoice.ts'
import { type Payment, wayNames, ways } from './payment.ts'
import payStyles from './payments.module.css'

type Paid = components['schemas']['PaidInvoices']

/** As many as one request takes (`POST /invoices/payments`). */
const mostAtOnce = 5000

const isOwed = ({ paymentState }: InvoiceRow) => paymentState === 'open' || paymentState === 'partly-paid'

/** Of what is selected, everything that is still to be paid is marked as paid: each its own outstanding amount. */
export function PaySelection({
  chosen,
  busy,
  onDone,
}: {
  chosen: readonly InvoiceRow[]
  busy: boolean
  onDone: () => void
}) {
  const t = useT()
  const may = useMay()
  const [asked, setAsked] = useState<readonly InvoiceRow[] | null>(null)
  const owed = chosen.filter(isOwed)
  if (!may('invoices:write') || (owed.length === 0 && !asked)) return null
  return (
    <>
      <Button icon="wallet" busy={busy} disabled={owed.length > mostAtOnce} onClick={() => setAsked(chosen)}>
        {t('payments.many.action')}
      </Button>
      {asked ? <PayDialog chosen={asked} onClose={() => setAsked(null)} onDone={onDone} /> : null}
    </>
  )
}

function PayDialog({
  chosen,
  onClose,
  onDone,
}: {
  chosen: readonly InvoiceRow[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useT()
  const [result, setResult] = useState<Paid | null>(null)
  const owed = chosen.filter(isOwed)
  const close = () => {
    if (result) onDone()
    onClose()
  }
  const leftOut = result?.rows.filter(({ problem }) => problem !== null) ?? []
  return (
    <Dialog
      open
      onClose={close}
      title={
        result ? t('payments.many.left', { count: leftOut.length }) : t('payments.many.title', { count: owed.length })
      }
    >
      {result ? (
        <LeftOut rows={leftOut} onClose={close} />
      ) : (
        <PayForm
          owed={owed}
          others={chosen.length - owed.length}
          onClose={onClose}
          onPaid={(paid) => {
            if (paid.rows.some(({ problem }) => problem !== null)) return setResult(paid)
            onDone()
            onClose()
          }}
        />
      )}
    </Dialog>
  )
}

function PayForm({
  owed,
  others,
  onClose,
  onPaid,
}: {
  owed: readonly InvoiceRow[]
  others: number
  onClose: () => void
  onPaid: (paid: Paid) => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const again = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['invoices'] }),
      client.invalidateQueries({ queryKey: ['invoice'] }),
    ])
  const sums = [...Map.groupBy(owed, ({ currency }) => currency)].map(
    ([currency, rows]) => [currency, rows.map(({ outstanding }) => decimal(outstanding)).reduce(add, zero)] as const,
  )
  const form = useApiForm({
    initial: { date: today() as string, way: 'bank' as string },
    validate: { date: (date: string) => (date ? null : t('payments.date.missing')) },
    save: async ({ date, way }) => {
      const paid = await answer(
        api.POST('/invoices/payments', {
          body: { selection: { ids: owed.map(({ id }) => id) }, date, way: way as Payment['way'] },
        }),
      )
      await again()
      const made = paid.rows.flatMap(({ payment }) => (payment ? [payment.id] : []))
      if (made.length > 0) {
        const amounts = paid.amounts.map(({ amount, currency }) => format.money(amount, currency)).join(' + ')
        sayUndo(t('payments.many.done', { count: paid.paid, amounts }), async () => {
          const { undone } = await answer(api.POST('/payments/undoings', { body: { ids: made } }))
          await again()
          say(t('payments.many.undone', { count: undone }))
        })
      }
      onPaid(paid)
    },
  })
  return (
    <Form form={form}>
      <Facts
        rows={[
          [
            t('payments.many.total'),
            <b key="sum">{sums.map(([currency, amount]) => format.money(amount, currency)).join(' + ')}</b>,
          ],
        ]}
      />
      <p className="muted small">{t('payments.many.text')}</p>
      {others > 0 ? (
        <StateLine is="wait" icon="info">
          {t('payments.many.others', { count: others })}
        </StateLine>
      ) : null}
      <Fields>
        <DateField label={t('payments.date')} withAsterisk maxDate={today()} {...form.field('date')} />
        <SelectField
          label={t('payments.way')}
          data={wayNames.map((value) => ({ value, label: capital(t(ways[value])) }))}
          data-autofocus
          {...form.field('way')}
        />
      </Fields>
      <FormFoot form={form} action={t('payments.many.do', { count: owed.length })} onCancel={onClose} />
    </Form>
  )
}

/** What somebody else settled meanwhile, each with its reason. */
function LeftOut({ rows, onClose }: { rows: Paid['rows']; onClose: () => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  return (
    <div className={payStyles.left} role="status">
      <p className="muted small">{t('payments.many.left.text')}</p>
      <ul className={payStyles.results}>
        {rows.map(({ invoiceId, number, customerName, problem }) => (
          <li key={invoiceId}>
            <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId }}>
              {[number, customerName].filter(Boolean).join(' ')}
            </Link>
            <span className="muted small">
              {problem?.cause} {problem?.remedy}
            </span>
          </li>
        ))}
      </ul>
      <Foot>
        <Button kind="primary" data-autofocus onClick={onClose}>
          {t('parts.close')}
        </Button>
      </Foot>
    </div>
  )
}
