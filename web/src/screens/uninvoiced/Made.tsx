import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { Money } from '../../parts/Figures.tsx'
import { Notice, Told } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { reasonsOf } from '../overviews/left-out.ts'
import { MadeNotes } from '../overviews/MadeNotes.tsx'
import styles from './uninvoiced.module.css'
import type { ShownRow } from './uninvoiced.ts'

const mostNamed = 200

type DraftsMade = components['schemas']['DraftsMade']

/** What became of each project that was selected: the drafts it is on, or that it was left out. */
function Rows({ made, asked }: { made: DraftsMade; asked: readonly ShownRow[] }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  return (
    <ul className={styles.rows} aria-label={t('uninvoiced.made.rows')}>
      {asked.slice(0, mostNamed).map((row) => {
        const drafts = made.invoices.filter(
          ({ projectIds, currency }) => projectIds.includes(row.projectId) && currency === row.currency,
        )
        const left = made.leftOut.filter(({ projectId }) => projectId === row.projectId).length
        return (
          <li key={row.id}>
            <span>
              {row.projectName} <small className="muted">{row.customer.customerName}</small>
            </span>
            <span>
              {drafts.map(({ id }) => (
                <Link key={id} to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: id }}>
                  <State is="done">{t('uninvoiced.made.row.draft')}</State>
                </Link>
              ))}
              {left > 0 ? (
                <State is="needs">{t('uninvoiced.made.row.left', { count: left, shown: format.count(left) })}</State>
              ) : null}
              {drafts.length === 0 && left === 0 ? <State is="wait">{t('uninvoiced.made.row.nothing')}</State> : null}
            </span>
          </li>
        )
      })}
      {asked.length > mostNamed ? <li>{t('uninvoiced.made.more', { count: asked.length - mostNamed })}</li> : null}
    </ul>
  )
}

/** What was made, what became of each row, and what was left out and why. */
export function Made({ made, asked, close }: { made: DraftsMade; asked: readonly ShownRow[]; close: () => void }) {
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
        {asked.length > 1 ? (
          <details className={styles.left} open={leftOut.length > 0}>
            <summary>{t('uninvoiced.made.rows')}</summary>
            <Rows made={made} asked={asked} />
          </details>
        ) : null}
        <MadeNotes notes={made.notes} />
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
