import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Amount, Money } from '../../parts/Figures.tsx'
import { useT, type Word } from '../../words/words.tsx'
import styles from './uninvoiced.module.css'
import type { Uninvoiced } from './uninvoiced.ts'

type Ages = Uninvoiced['ages'][number]
type Bucket = Ages['buckets'][number]

const bucketWords = {
  '0-30': 'uninvoiced.age.0-30',
  '31-60': 'uninvoiced.age.31-60',
  '61-90': 'uninvoiced.age.61-90',
  'over-90': 'uninvoiced.age.over-90',
} as const satisfies Record<Bucket['bucket'], Word>

/** The two figures that count, and how old the work is; one line for each currency. */
export function Summary({ uninvoiced }: { uninvoiced: Uninvoiced }) {
  const t = useT()
  return (
    <div className={styles.summary}>
      {uninvoiced.totals.map((total) => {
        const ages = uninvoiced.ages.find(({ currency }) => currency === total.currency)
        return (
          <section key={total.currency} className={styles.money} aria-label={total.currency}>
            <dl className={styles.figures}>
              <div>
                <dt>{t('uninvoiced.total')}</dt>
                <dd>
                  <Money amount={total.total} currency={total.currency} strong />
                </dd>
              </div>
              {uninvoiced.approval ? (
                <div>
                  <dt>{t('uninvoiced.waiting.apart')}</dt>
                  <dd className="muted">
                    <Money amount={total.notYetApproved.amount} currency={total.currency} />
                  </dd>
                </div>
              ) : null}
            </dl>
            {ages ? <AgeBar ages={ages} /> : null}
          </section>
        )
      })}
    </div>
  )
}

function AgeBar({ ages }: { ages: Ages }) {
  const t = useT()
  const format = useFormat()
  const [asTable, setAsTable] = useState(false)
  const projects = (bucket: Bucket) =>
    t('uninvoiced.age.projects', { count: bucket.projects, shown: format.count(bucket.projects) })
  const shown = ages.buckets.filter(({ projects: count }) => count > 0)
  if (shown.length === 0) return null
  // For the eye only; nothing is computed with them.
  const share = ({ amount }: Bucket) => Math.max(0, Number(amount))
  return (
    <div className={styles.ages}>
      <div className={styles.agesHead}>
        <span>{t('uninvoiced.age.title')}</span>
        <Button kind="link" size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? t('uninvoiced.age.asBar') : t('uninvoiced.age.asTable')}
        </Button>
      </div>
      {asTable ? (
        <table className={styles.ageTable}>
          <thead>
            <tr>
              <th scope="col">{t('uninvoiced.age')}</th>
              <th scope="col" className="num">
                {t('uninvoiced.projects')}
              </th>
              <th scope="col" className="num">
                {t('uninvoiced.column.total')} {ages.currency}
              </th>
            </tr>
          </thead>
          <tbody>
            {ages.buckets.map((bucket) => (
              <tr key={bucket.bucket}>
                <th scope="row">{t(bucketWords[bucket.bucket])}</th>
                <td className="num fig">{format.count(bucket.projects)}</td>
                <td className="num">
                  <Amount value={bucket.amount} dashAtZero />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <ul className={styles.bar}>
          {shown.map((bucket) => (
            <li key={bucket.bucket} data-age={bucket.bucket} style={{ flexGrow: share(bucket) }}>
              <b className="fig">{format.amount(bucket.amount)}</b>
              <span>
                {t(bucketWords[bucket.bucket])} · {projects(bucket)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
