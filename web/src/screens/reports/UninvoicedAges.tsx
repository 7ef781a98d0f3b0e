import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { useT } from '../../words/words.tsx'
import { Bars } from './Bars.tsx'
import { Report } from './Report.tsx'
import styles from './reports.module.css'

const bucketWords = {
  '0-30': 'reports.age.to30',
  '31-60': 'reports.age.to60',
  '61-90': 'reports.age.to90',
  'over-90': 'reports.age.over90',
} as const
const tones = { '0-30': 'accent', '31-60': 'second', '61-90': 'needs', 'over-90': 'refused' } as const

/** What waits to be invoiced, by the age of the oldest of each project. */
export function UninvoicedAges() {
  const t = useT()
  const format = useFormat()
  const uninvoiced = useQuery({
    queryKey: ['hours', 'uninvoiced', 'ages'],
    queryFn: ({ signal }) => answer(api.GET('/uninvoiced', { signal })),
  })
  return (
    <Report
      title={t('reports.age')}
      about={t('reports.age.about')}
      loaded={uninvoiced}
      isEmpty={({ ages }) => ages.every(({ buckets }) => buckets.every(({ projects }) => projects === 0))}
      empty={t('reports.age.empty')}
      picture={({ ages }) => (
        <Bars
          bars={ages.flatMap(({ currency, buckets }) => {
            const longest = Math.max(...buckets.map(({ amount }) => Number(amount)), 1)
            return buckets.map(({ bucket, amount, projects }) => ({
              id: `${currency} ${bucket}`,
              label: (
                <>
                  {t(bucketWords[bucket])}{' '}
                  <span className="muted">{t('reports.age.projects', { count: projects })}</span>
                </>
              ),
              figure: format.money(amount, currency),
              share: Number(amount) / longest,
              tone: tones[bucket],
            }))
          })}
        />
      )}
      table={({ ages }) => (
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{t('reports.age.head')}</th>
              <th scope="col">{t('reports.age.projectsHead')}</th>
              <th scope="col">{t('reports.net')}</th>
            </tr>
          </thead>
          <tbody>
            {ages.flatMap(({ currency, buckets }) =>
              buckets.map(({ bucket, amount, projects }) => (
                <tr key={`${currency} ${bucket}`}>
                  <th scope="row">{t(bucketWords[bucket])}</th>
                  <td>{format.count(projects)}</td>
                  <td>{format.money(amount, currency)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      )}
    />
  )
}
