import type { IconName } from '../../parts/icons.tsx'
import type { Meaning } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import type { HourEntry } from './week-rows.ts'

interface Shown {
  readonly is: Meaning
  readonly icon: IconName
  readonly word: Word
}

const states = {
  invoiced: { is: 'done', icon: 'lock', word: 'time.state.invoiced' },
  reserved: { is: 'progress', icon: 'lock', word: 'time.state.reserved' },
  'written-off': { is: 'wait', icon: 'lock', word: 'time.state.writtenOff' },
  free: null,
} as const satisfies Record<HourEntry['state'], Shown | null>

const approvals = {
  open: null,
  submitted: { is: 'progress', icon: 'eye', word: 'time.state.submitted' },
  approved: { is: 'done', icon: 'lock', word: 'time.state.approved' },
  rejected: { is: 'refused', icon: 'cross', word: 'time.state.rejected' },
} as const satisfies Record<HourEntry['approval'], Shown | null>

/** Where an entry is on its way to an invoice: a sign and its word; null while it is only the employee's. */
export function useEntryState() {
  const t = useT()
  return (entry: Pick<HourEntry, 'state' | 'approval'>) => {
    const shown = states[entry.state] ?? approvals[entry.approval]
    return shown ? { ...shown, word: t(shown.word) } : null
  }
}
