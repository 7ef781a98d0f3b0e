import { type VatClass, vatClasses } from '@uurwerk/core/invoicing/vat-cases.ts'
import { vatRateAt } from '@uurwerk/core/invoicing/vat-rates.ts'
import { useFormat } from '../../format.ts'
import { today } from '../../parts/today.ts'
import { useFirm } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'

export const vatClassWords = {
  standard: 'activities.vat.standard',
  intermediate: 'activities.vat.intermediate',
  reduced: 'activities.vat.reduced',
  zero: 'activities.vat.zero',
  exempt: 'activities.vat.exempt',
} as const satisfies Record<VatClass, Word>

/** The classes that exist in a country today, with their percentage; exempt has none to show. */
export const vatClassesIn = (country: string): ReadonlyArray<{ value: VatClass; rate: string | null }> =>
  vatClasses.flatMap((value): ReadonlyArray<{ value: VatClass; rate: string | null }> => {
    if (value === 'exempt') return [{ value, rate: null }]
    const found = vatRateAt(country, value, today())
    return found ? [{ value, rate: found.rate }] : []
  })

/** Those of the firm's own country, to choose from. */
export function useVatClassOptions(): ReadonlyArray<{ value: VatClass; label: string }> {
  const t = useT()
  const format = useFormat()
  const { country } = useFirm()
  return vatClassesIn(country).map(({ value, rate }) => ({
    value,
    label: rate === null ? t(vatClassWords[value]) : `${t(vatClassWords[value])} (${format.percent(rate)})`,
  }))
}
