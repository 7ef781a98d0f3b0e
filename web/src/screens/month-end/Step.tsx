import { type ReactNode, useId } from 'react'
import { type Meaning, State } from '../../parts/State.tsx'
import styles from './month-end.module.css'

/** One step of the month: whether it is done, what is left, what to do. Details stand below only while something is left. */
export function Step({
  title,
  is,
  state,
  figures,
  actions,
  children,
}: {
  title: string
  is: Meaning
  /** In words; never by colour alone. */
  state: string
  figures?: ReactNode
  actions?: ReactNode
  children?: ReactNode
}) {
  const id = useId()
  return (
    <li className={styles.step}>
      <section aria-labelledby={id}>
        <header>
          <h2 id={id}>{title}</h2>
          <State is={is}>{state}</State>
          {figures ? <span className={styles.figures}>{figures}</span> : null}
          {actions ? <div className={styles.actions}>{actions}</div> : null}
        </header>
        {children}
      </section>
    </li>
  )
}
