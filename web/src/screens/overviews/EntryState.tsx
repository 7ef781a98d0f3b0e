import { State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { EntryRow } from './overview-kind.ts'

export const stateWords = {
  free: 'hours.state.free',
  reserved: 'hours.state.reserved',
  invoiced: 'hours.state.invoiced',
  'written-off': 'hours.state.writtenOff',
} as const satisfies Record<EntryRow['state'], Word>

export const approvalWords = {
  open: 'hours.approval.open',
  submitted: 'hours.approval.submitted',
  approved: 'hours.approval.approved',
  rejected: 'hours.approval.rejected',
} as const satisfies Record<EntryRow['approval'], Word>

/** Where an entry stands on its way to an invoice. */
export function EntryState({
  entry,
}: {
  entry: Pick<EntryRow, 'state' | 'billable'> & { readonly invoice: { readonly number: string | null } | null }
}) {
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

/** How an entry stands with its approval; a refusal with its reason. */
export function EntryApproval({ entry }: { entry: Pick<EntryRow, 'approval' | 'rejectedReason'> }) {
  const t = useT()
  const words = t(approvalWords[entry.approval])
  if (entry.approval === 'approved') return <State is="done">{words}</State>
  if (entry.approval === 'rejected')
    return (
      <State is="refused">
        <span title={entry.rejectedReason ?? undefined}>{words}</span>
      </State>
    )
  if (entry.approval === 'submitted') return <State is="needs">{words}</State>
  return <span className="muted">{words}</span>
}
