import { useT } from '../../words/words.tsx'
import { MoreText } from './DraftFields.tsx'
import { InvoiceSums } from './InvoiceSums.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import type { Draft } from './use-draft.ts'
import { useHead } from './use-head.ts'

/** The text below the lines, and what they come to while they are typed in. */
export function DraftFoot({ invoice, live, draft }: { invoice: Invoice; live: Invoice; draft: Draft }) {
  const t = useT()
  const save = useHead(invoice, draft)
  return (
    <section className={styles.low}>
      <div>
        <MoreText
          label={t('invoices.closing')}
          placeholder={t('invoices.closing.placeholder')}
          least={3}
          stored={invoice.closing}
          save={(closing) => save({ closing }, t('invoices.closing'), (one) => one.closing)}
        />
      </div>
      <InvoiceSums
        sums={live}
        total={t(invoice.credits ? 'invoices.credit.toReceive' : 'invoices.toPay')}
        saving={draft.saving}
      />
    </section>
  )
}
