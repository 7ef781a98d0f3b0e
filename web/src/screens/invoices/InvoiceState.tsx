import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, Pill, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { InvoiceRow } from './invoice.ts'

type Payment = NonNullable<InvoiceRow['paymentState']>

interface Shown {
  readonly is: Meaning
  readonly icon: IconName
  readonly word: Word
}

const byState = {
  draft: { is: 'wait', icon: 'document', word: 'invoices.state.draft' },
  sent: { is: 'wait', icon: 'send', word: 'invoices.state.sent' },
  credited: { is: 'wait', icon: 'undo', word: 'invoices.state.credited' },
} as const satisfies Record<InvoiceRow['state'], Shown>

const byPayment = {
  open: { is: 'wait', icon: 'send', word: 'invoices.state.sent' },
  'partly-paid': { is: 'progress', icon: 'clock', word: 'payments.state.partlyPaid' },
  paid: { is: 'done', icon: 'checked', word: 'payments.state.paid' },
  credited: { is: 'wait', icon: 'undo', word: 'invoices.state.credited' },
  'to-refund': { is: 'needs', icon: 'wallet', word: 'payments.state.toRefund' },
} as const satisfies Record<Payment, Shown>

const late = {
  open: { is: 'needs', icon: 'warning', word: 'payments.state.late' },
  'partly-paid': { is: 'needs', icon: 'warning', word: 'payments.state.partlyLate' },
} as const satisfies Partial<Record<Payment, Shown>>

const isStillOwed = (payment: Payment): payment is keyof typeof late => payment in late

type Standing = Pick<InvoiceRow, 'state'> & Partial<Pick<InvoiceRow, 'paymentState' | 'overdueDays'>>

function shownOf({ state, paymentState = null, overdueDays = null }: Standing): Shown {
  if (paymentState === null) return byState[state]
  return overdueDays !== null && isStillOwed(paymentState) ? late[paymentState] : byPayment[paymentState]
}

/** Where it stands: what became of the invoice, and once it is sent of the money. */
export function InvoiceState({ pill, short, ...standing }: Standing & { pill?: boolean; short?: boolean }) {
  const t = useT()
  const { is, icon, word } = shownOf(standing)
  const Shape = pill ? Pill : State
  return (
    <Shape is={is} icon={icon}>
      {t(short && word === 'payments.state.partlyLate' ? 'payments.state.partlyLateShort' : word, {
        days: standing.overdueDays ?? 0,
      })}
    </Shape>
  )
}

/** The same as a mark alone, where there is no room for the word; it is spoken. */
export function InvoiceMark({ className, ...standing }: Standing & { className?: string | undefined }) {
  const t = useT()
  const { is, icon, word } = shownOf(standing)
  if (is === 'wait') return null
  const text = t(word, { days: standing.overdueDays ?? 0 })
  return (
    <span title={text} className={className}>
      <State is={is} icon={icon}>
        <span className="only-spoken">{text}</span>
      </State>
    </span>
  )
}
