import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Money } from '../../parts/Figures.tsx'
import { Notice, Told } from '../../parts/Notice.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { reasonsOf } from '../overviews/left-out.ts'
import styles from './uninvoiced.module.css'

const mostNamed = 200

/** What was made, and what was left out and why. */
export function Made({ made, close }: { made: components['schemas']['DraftsMade']; close: () => void }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const { invoices, leftOut } = made
  const [only] = invoices
  const title = only
    ? t('uninvoiced.made.title', { count: invoices.length, shown: format.count(invoices.length) })
    : t('uninvoiced.made.none')
  return (
    <Dialog open onClose={close} title={title} size={600}>
      <div className={styles.dialog} role="status">
        {only ? (
          <ul className={styles.made} aria-label={t('uninvoiced.made.list')}>
            {invoices.map((invoice) => (
              <li key={invoice.id}>
                <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: invoice.id }}>
                  {invoice.customerName}
                </Link>
                <span className="muted">
                  {t('uninvoiced.made.entries', { count: invoice.entries, shown: format.count(invoice.entries) })}
                </span>
                <Money amount={invoice.net} currency={invoice.currency} strong />
              </li>
            ))}
          </ul>
        ) : null}
        {reasonsOf(leftOut).map((reason) => (
          <Notice
            key={reason.key}
            is="needs"
            title={reason.word ? t(reason.word) : reason.cause}
            after={t('uninvoiced.made.leftOut', { count: reason.rows.length, shown: format.count(reason.rows.length) })}
          >
            {reason.remedy ? <Told rows={[[t('parts.remedy'), reason.remedy]]} /> : null}
            <details className={styles.left}>
              <summary>{t('uninvoiced.made.which')}</summary>
              <ul>
                {reason.rows.slice(0, mostNamed).map((row) => (
                  <li key={row.id}>{reason.differs ? row.problem.cause : row.label || t('uninvoiced.made.gone')}</li>
                ))}
                {reason.rows.length > mostNamed ? (
                  <li>{t('uninvoiced.made.more', { count: reason.rows.length - mostNamed })}</li>
                ) : null}
              </ul>
            </details>
          </Notice>
        ))}
        <Foot>
          <Button data-autofocus onClick={close}>
            {t('parts.close')}
          </Button>
          {only ? (
            invoices.length === 1 ? (
              <ButtonLink kind="primary" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: only.id }}>
                {t('uninvoiced.made.open')}
              </ButtonLink>
            ) : (
              <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
                {t('uninvoiced.made.openAll')}
              </ButtonLink>
            )
          ) : null}
        </Foot>
      </div>
    </Dialog>
  )
}
