import { State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { HourEntry } from '../time/week-rows.ts'

export const stateWords = {
  free: 'hours.state.free',
  reserved: 'hours.state.reserved',
  invoiced: 'hours.state.invoiced',
  'written-off': 'hours.state.writtenOff',
} as const satisfies Record<HourEntry['state'], Word>

export const approvalWords = {
  open: 'hours.approval.open',
  submitted: 'hours.approval.submitted',
  approved: 'hours.approval.approved',
  rejected: 'hours.approval.rejected',
} as const satisfies Record<HourEntry['approval'], Word>

/** Where hours stand on their way to an invoice. */
export function HourState({ entry }: { entry: HourEntry }) {
  const t = useT()
  switch (entry.state) {
    case 'invoiced':
      return <State is="done">{entry.invoice?.number ?? t('hours.state.invoiced')}</State>
    case 'reserved':
      return (
        <State is="progress" icon="document">
          {t('hours.state.reserved')}
        </State>
      )
    case 'written-off':
      return (
        <State is="wait" icon="archive">
          {t('hours.state.writtenOff')}
        </State>
      )
    case 'free':
      return <span className="muted">{entry.billable ? t('hours.state.free') : t('hours.notBillable')}</span>
  }
}
