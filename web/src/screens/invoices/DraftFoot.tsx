import { Fragment } from 'react'
import { Amount } from '../../parts/Figures.tsx'
import { useT } from '../../words/words.tsx'
import { MoreText } from './DraftFields.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import type { Draft } from './use-draft.ts'
import { useHead } from './use-head.ts'
import { useVatText } from './vat-text.ts'

/** The text below the lines, and what they come to while they are typed in. */
export function DraftFoot({ invoice, live, draft }: { invoice: Invoice; live: Invoice; draft: Draft }) {
  const t = useT()
  const vatText = useVatText()
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
      <dl className={styles.sums} aria-live="polite" aria-busy={draft.saving}>
        <dt>{t('invoices.net')}</dt>
        <dd>
          <Amount value={live.net} />
        </dd>
        {live.vatPerRate.map((row) => (
          <Fragment key={`${row.treatment} ${row.rate}`}>
            <dt>{vatText(row)}</dt>
            <dd>
              <Amount value={row.vat} />
            </dd>
          </Fragment>
        ))}
        <dt className={styles.gross}>{t(invoice.credits ? 'invoices.credit.toReceive' : 'invoices.toPay')}</dt>
        <dd className={styles.gross}>
          <Amount value={live.gross} total />
        </dd>
      </dl>
    </section>
  )
}
