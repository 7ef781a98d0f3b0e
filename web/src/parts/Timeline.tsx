import type { ReactNode } from 'react'
import { useFormat } from '../format.ts'
import { Icon, type IconName } from './icons.tsx'
import styles from './parts.module.css'
import type { Meaning } from './State.tsx'

export interface Step {
  readonly id: string
  /** Instant, ISO 8601. */
  readonly at: string
  readonly is: Meaning
  readonly icon?: IconName
  readonly title: string
  readonly text?: ReactNode
}

const usual = {
  done: 'check',
  needs: 'warning',
  refused: 'close',
  progress: 'eye',
  wait: 'clock',
} as const satisfies Record<Meaning, IconName>

/** What happened, oldest first, to the second: for things that are over in a moment. */
export function Timeline({ steps }: { steps: readonly Step[] }) {
  const format = useFormat()
  return (
    <ol className={styles.timeline}>
      {steps.map((step) => (
        <li key={step.id}>
          <time dateTime={step.at} title={format.moment(step.at)}>
            {format.exactTime(step.at)}
          </time>
          <span className={styles.track}>
            <span className={`${styles.dot} ${styles[step.is]}`}>
              <Icon name={step.icon ?? usual[step.is]} size={12} />
            </span>
          </span>
          <div>
            <b>{step.title}</b>
            {step.text ? <p>{step.text}</p> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}
