import { useFormat } from '../../format.ts'
import { useT } from '../../words/words.tsx'

interface Owed {
  readonly currency: string
  readonly amount: string
}

/** After the counts of the list: what is still to be paid, and what of it is late. */
export function OwedShown({ open, overdue }: { open: readonly Owed[]; overdue: readonly Owed[] }) {
  const t = useT()
  const format = useFormat()
  const sumOf = (list: readonly Owed[]) =>
    list.map(({ amount, currency }) => format.money(amount, currency)).join(' + ')
  if (open.length === 0) return null
  return (
    <>
      {' · '}
      {overdue.length > 0
        ? t('payments.counts', { open: sumOf(open), late: sumOf(overdue) })
        : t('payments.counts.onTime', { open: sumOf(open) })}
    </>
  )
}
