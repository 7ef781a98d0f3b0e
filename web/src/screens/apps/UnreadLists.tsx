import { Notice } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'
import styles from './completeness.module.css'
import type { Connection } from './connection.ts'

/** Lists of the package that could not be read, each with the right that is missing and what holds until then. */
export function UnreadLists({ connection }: { connection: Connection }) {
  const t = useT()
  const unread = connection.lists.filter((list) => list.unread !== null)
  if (unread.length === 0) return null
  return (
    <div className={styles.unread}>
      {unread.map(({ noun, unread, count }) => (
        <Notice key={noun} is="needs" title={unread?.title}>
          <p>
            {unread?.detail} {count > 0 ? t('apps.lists.asBefore') : null}
          </p>
        </Notice>
      ))}
    </div>
  )
}
