import type { IconName } from '../../parts/icons.tsx'
import { type Meaning, Pill, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { InvoiceRow } from './invoice.ts'

const shown = {
  draft: { is: 'wait', icon: 'document', word: 'invoices.state.draft' },
  sent: { is: 'done', icon: 'send', word: 'invoices.state.sent' },
  credited: { is: 'wait', icon: 'undo', word: 'invoices.state.credited' },
} as const satisfies Record<InvoiceRow['state'], { is: Meaning; icon: IconName; word: Word }>

export function InvoiceState({ state, pill }: { state: InvoiceRow['state']; pill?: boolean }) {
  const t = useT()
  const { is, icon, word } = shown[state]
  const Shape = pill ? Pill : State
  return (
    <Shape is={is} icon={icon}>
      {t(word)}
    </Shape>
  )
}
