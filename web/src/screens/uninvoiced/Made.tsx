import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { useFormat } from '../../format.ts'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { MadeDrafts, type MadeWords } from '../overviews/MadeDrafts.tsx'
import overviews from '../overviews/overviews.module.css'
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

const words = {
  title: 'uninvoiced.made.title',
  none: 'uninvoiced.made.none',
  list: 'uninvoiced.made.list',
  entries: 'uninvoiced.made.entries',
  open: 'uninvoiced.made.open',
  openAll: 'uninvoiced.made.openAll',
  leftOut: {
    count: 'uninvoiced.made.leftOut',
    which: 'uninvoiced.made.which',
    gone: 'uninvoiced.made.gone',
    more: 'uninvoiced.made.more',
  },
} as const satisfies MadeWords

/** What was made, what became of each row, and what was left out and why. */
export function Made({ made, asked, close }: { made: DraftsMade; asked: readonly ShownRow[]; close: () => void }) {
  const t = useT()
  return (
    <MadeDrafts made={made} words={words} close={close}>
      {asked.length > 1 ? (
        <details className={overviews.left} open={made.leftOut.length > 0}>
          <summary>{t('uninvoiced.made.rows')}</summary>
          <Rows made={made} asked={asked} />
        </details>
      ) : null}
    </MadeDrafts>
  )
}
