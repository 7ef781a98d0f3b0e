import { useT } from '../../words/words.tsx'
import type { Trip } from './trip.ts'

/** Why this trip can no longer be changed; null when it can. */
export function useLockReason(): (trip: Trip) => string | null {
  const t = useT()
  return (trip) => {
    if (!trip.locked) return null
    if (trip.invoice?.number) return t('trips.locked.invoiced', { number: trip.invoice.number })
    if (trip.state === 'invoiced') return t('trips.locked.posted')
    if (trip.state === 'reserved') return t('trips.locked.draft')
    if (trip.state === 'written-off') return t('trips.locked.writtenOff')
    return t('trips.locked.approved')
  }
}
