import { KeyHint } from '../../parts/KeyHint.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './time.module.css'
import { type RowHead, rowKey } from './week-rows.ts'

/** What was written on in the weeks before and not yet in this one. */
export function Suggestions({ heads, add }: { heads: readonly RowHead[]; add: (head: RowHead) => void }) {
  const t = useT()
  const { name: home } = useFirm()
  const shown = heads.slice(0, 6)
  useKeys(
    shown.map((head, at) => ({
      keys: `alt+${at + 1}`,
      does: t('time.suggestions.add', { project: head.projectName, activity: head.activityName }),
      run: () => add(head),
    })),
  )
  if (shown.length === 0) return null
  return (
    <section>
      <h2 className={styles.underHead}>
        {t('time.suggestions.title')} <span>{t('time.suggestions.how')}</span>
      </h2>
      <ul className={styles.suggestions}>
        {shown.map((head, at) => (
          <li key={rowKey(head)}>
            <button
              type="button"
              onClick={() => add(head)}
              aria-label={t('time.suggestions.add', { project: head.projectName, activity: head.activityName })}
            >
              <KeyHint keys={String(at + 1)} />
              <b>{head.projectName}</b>
              <span className="muted">{head.activityName}</span>
              <small>{head.customerName ?? home}</small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
