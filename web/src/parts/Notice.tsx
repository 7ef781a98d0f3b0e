import type { ReactNode } from 'react'
import { Icon, type IconName } from './icons.tsx'
import styles from './parts.module.css'
import type { Meaning } from './State.tsx'

const usual = {
  done: 'checked',
  needs: 'warning',
  refused: 'cross',
  progress: 'info',
  wait: 'info',
} as const satisfies Record<Meaning, IconName>

/**
 * A problem or a result that stays on the page: what, then (in the body) remedy, their words and the buttons.
 * `after` stands at the right of the head: a count, an amount.
 */
export function Notice({
  is,
  title,
  after,
  icon = usual[is],
  urgent,
  children,
}: {
  is: Meaning
  title: ReactNode
  after?: ReactNode
  icon?: IconName
  /** Spoken at once when it appears. */
  urgent?: boolean
  children?: ReactNode
}) {
  return (
    <section className={`${styles.notice} ${styles[is]}`} role={urgent ? 'alert' : undefined}>
      <div className={styles.noticeHead}>
        <Icon name={icon} />
        <b>{title}</b>
        {after === undefined ? null : <span className="after">{after}</span>}
      </div>
      {children ? <div className={styles.noticeBody}>{children}</div> : null}
    </section>
  )
}

/** Label and text in two columns: cause, remedy, what the package says. */
export const Told = ({ rows }: { rows: ReadonlyArray<readonly [label: string, text: ReactNode]> }) => (
  <dl className={styles.told}>
    {rows.map(([label, text]) => (
      <div key={label} style={{ display: 'contents' }}>
        <dt>{label}</dt>
        <dd>{text}</dd>
      </div>
    ))}
  </dl>
)

export const Actions = ({ children }: { children: ReactNode }) => <div className={styles.actions}>{children}</div>

/** Facts about a thing: label and value. */
export const Facts = ({ rows }: { rows: ReadonlyArray<readonly [label: string, value: ReactNode]> }) => (
  <dl className={styles.kv}>
    {rows.map(([label, value]) => (
      <div key={label} style={{ display: 'contents' }}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
