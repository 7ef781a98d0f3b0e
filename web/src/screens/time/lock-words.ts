import { type Say, useT } from '../../words/words.tsx'
import type { HourEntry } from './week-rows.ts'

function reasonOf(entry: HourEntry, t: Say): string {
  if (entry.invoice?.number) return t('time.locked.invoiced', { number: entry.invoice.number })
  if (entry.state === 'invoiced') return t('time.locked.posted')
  if (entry.state === 'reserved') return t('time.locked.draft')
  if (entry.state === 'written-off') return t('time.locked.writtenOff')
  return t('time.locked.approved')
}

/** Why these hours can no longer be changed. */
export function useLockReason(): (entry: HourEntry) => string {
  const t = useT()
  return (entry) => reasonOf(entry, t)
}
