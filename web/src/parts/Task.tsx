import type { ReactNode } from 'react'
import { useFormat } from '../format.ts'
import { useT } from '../words/words.tsx'
import styles from './parts.module.css'

/** A part of a whole, always with its figures beside it in words. `of` unknown: a bar that runs. */
export function Bar({
  value,
  of,
  name,
  is = 'plain',
}: {
  value: number
  of: number | null
  name: string
  is?: 'plain' | 'needs' | 'refused'
}) {
  const kind = is === 'needs' ? styles.needsBar : is === 'refused' ? styles.refusedBar : ''
  if (of === null) {
    return (
      <div className={`${styles.bar} ${styles.unknown}`} role="progressbar" aria-label={name}>
        <i />
      </div>
    )
  }
  const part = of === 0 ? 100 : Math.min(100, Math.max(0, (value / of) * 100))
  return (
    <div
      className={`${styles.bar} ${kind}`}
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={value}
    >
      <i style={{ width: `${part}%` }} />
    </div>
  )
}

/** Long work: what happens now, how far, and the counts so far. */
export function TaskProgress({
  now,
  done,
  of,
  counts,
}: {
  /** What happens now, as a sentence. */
  now: string
  done: number
  of: number | null
  /** Results so far: `<State is="done">12 created</State>`. */
  counts?: ReactNode
}) {
  const t = useT()
  const format = useFormat()
  return (
    <div className={styles.task}>
      <p aria-live="polite">
        <span>{now}</span>
        <span className="fig muted nowrap">
          {of === null ? format.count(done) : t('parts.task.of', { done: format.count(done), total: format.count(of) })}
        </span>
      </p>
      <Bar value={done} of={of} name={now} />
      {counts ? <div className={styles.counts}>{counts}</div> : null}
    </div>
  )
}
