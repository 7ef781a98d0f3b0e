import { useFormat } from '../../format.ts'
import { useT } from '../../words/words.tsx'
import { type Invoice, treatmentWord } from './invoice.ts'

/** What a sum of VAT is called in the language of the reader; the paper has its own, in that of the customer. */
export function useVatText(): (row: Invoice['vatPerRate'][number]) => string {
  const t = useT()
  const format = useFormat()
  return ({ treatment, rate, label }) => {
    if (!/^0*\.?0*$/.test(rate)) return t('invoices.line.vatRate', { rate: format.percent(rate) })
    const word = treatmentWord(treatment)
    return word ? t(word) : label
  }
}
