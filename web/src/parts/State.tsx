import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'
import styles from './parts.module.css'

/** Done, needs you, refused, in progress, waiting. Nothing else has a colour. */
export type Meaning = 'done' | 'needs' | 'refused' | 'progress' | 'wait'

const usual = {
  done: 'check',
  needs: 'warning',
  refused: 'cross',
  progress: 'eye',
  wait: 'clock',
} as const satisfies Record<Meaning, IconName>

interface StateProps {
  readonly is: Meaning
  /** The word; never colour or icon alone. */
  readonly children: ReactNode
  readonly icon?: IconName
}

/** In a row: icon and word. */
export const State = ({ is, icon = usual[is], children }: StateProps) => (
  <span className={`${styles.state} ${styles[is]}`}>
    <Icon name={icon} size={14} />
    <span>{children}</span>
  </span>
)

/** Beside a title: the same on its own ground. */
export const Pill = ({ is, icon = usual[is], children }: StateProps) => (
  <span className={`${styles.pill} ${styles[is]}`}>
    <Icon name={icon} size={14} />
    {children}
  </span>
)

/** One line of explanation with its icon, under a field or a row. */
export const StateLine = ({ is, icon = usual[is], children }: StateProps) => (
  <p className={`${styles.line} ${styles[is]}`}>
    <Icon name={icon} size={14} />
    <span style={{ color: 'var(--text)' }}>{children}</span>
  </p>
)
