import type { ReactNode } from 'react'
import styles from './reports.module.css'

export interface Bar {
  readonly id: string
  readonly label: ReactNode
  /** What stands at the end of the bar. */
  readonly figure: ReactNode
  /** Of the longest, 0 to 1. */
  readonly share: number
  readonly tone?: 'accent' | 'second' | 'needs' | 'refused'
  /** Where on the bar something is to be seen, 0 to 1. */
  readonly mark?: number
}

/** Bars beside names: readable without colour, since each says its figure. */
export const Bars = ({ bars }: { bars: readonly Bar[] }) => (
  <ol className={styles.bars}>
    {bars.map(({ id, label, figure, share, tone = 'accent', mark }) => (
      <li key={id}>
        <span className={styles.barLabel}>{label}</span>
        <span className="fig">{figure}</span>
        <span className={styles.track} aria-hidden="true">
          <i className={styles[tone]} style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
          {mark === undefined ? null : <b style={{ left: `${mark * 100}%` }} />}
        </span>
      </li>
    ))}
  </ol>
)
