import { Skeleton } from '../../parts/Empty.tsx'
import { useT } from '../../words/words.tsx'
import styles from './time.module.css'

const lines = ['60%', '48%', '70%', '52%', '64%', '44%']

/** Rows where the week will stand. */
export function WeekSkeleton() {
  const t = useT()
  return (
    <div role="status" aria-busy="true" className={styles.skeleton}>
      <span className="only-spoken">{t('parts.loading')}</span>
      {lines.map((width) => (
        <div key={width}>
          <Skeleton width={width} />
          <Skeleton width="80%" />
        </div>
      ))}
    </div>
  )
}
