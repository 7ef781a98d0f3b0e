import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react'
import { KeyHint } from '../parts/KeyHint.tsx'
import { useT } from '../words/words.tsx'
import styles from './frame.module.css'
import { openKeyHelp } from './open.ts'

/** Title of the tab; "2026-0118 · Uurwerk". */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Uurwerk` : 'Uurwerk'
  }, [title])
}

let drawnBefore = false

/**
 * Top of every page: where you are, what it is, which period, and at the right the one primary action. The first page
 * leaves the focus alone; after that a new page is announced by its title.
 */
export function PageHead({
  title,
  tabTitle,
  crumbs,
  state,
  period,
  actions,
}: {
  title: ReactNode
  /** When the title is more than text. */
  tabTitle?: string
  /** Links to what this belongs to. */
  crumbs?: ReactNode[]
  /** A `Pill` beside the title. */
  state?: ReactNode
  /** After a thin line: the week, "as at", a date. */
  period?: ReactNode
  actions?: ReactNode
}) {
  const head = useRef<HTMLHeadingElement>(null)
  const text = tabTitle ?? (typeof title === 'string' ? title : '')
  useTitle(text)
  useEffect(() => {
    if (drawnBefore && !document.querySelector('[role=dialog]') && document.activeElement === document.body) {
      head.current?.focus({ preventScroll: true })
    }
    drawnBefore = true
  }, [])
  return (
    <header className={styles.head}>
      {crumbs ? (
        <ul className={styles.crumbs}>
          {crumbs.map((crumb, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place in the row is what a crumb is
            <li key={at}>{crumb}</li>
          ))}
        </ul>
      ) : null}
      <h1 ref={head} tabIndex={-1}>
        {title}
      </h1>
      {state}
      {period ? (
        <>
          <span className={styles.sep} />
          {period}
        </>
      ) : null}
      {actions ? <div className={styles.headEnd}>{actions}</div> : null}
    </header>
  )
}

/** A page is a head, perhaps tools, and a body. */
export const Page = ({ children }: { children: ReactNode }) => <div className={styles.page}>{children}</div>
/** Under the head: filters, a view, what was saved last. */
export const Tools = ({ children }: { children: ReactNode }) => <div className={styles.tools}>{children}</div>

/** Scrolls by itself. `narrow` for forms and text; a `DataTable` wants `Fill` instead. */
export const Body = ({
  padded = true,
  narrow,
  children,
}: {
  padded?: boolean
  narrow?: boolean
  children: ReactNode
}) => (
  <div className={`${styles.body} ${padded ? styles.padded : ''}`}>
    {narrow ? <div className={styles.narrow}>{children}</div> : children}
  </div>
)
export const Fill = ({ children }: { children: ReactNode }) => <div className={styles.fill}>{children}</div>

/** Main thing left, its detail right; on a phone one under the other. */
export const TwoColumns = ({ side = 474, children }: { side?: number | string; children: [ReactNode, ReactNode] }) => (
  <div className={styles.two} style={{ '--side': typeof side === 'number' ? `${side}px` : side } as CSSProperties}>
    {children}
  </div>
)
/** A bar that stays under the page: totals and the primary action of a preview. */
export const Under = ({ children }: { children: ReactNode }) => <footer className={styles.under}>{children}</footer>

/** The keys that help most, at the foot of a page people use all day. */
export function KeyBar({ keys }: { keys: ReadonlyArray<{ readonly keys: readonly string[]; readonly does: string }> }) {
  const t = useT()
  return (
    <div className={styles.keys}>
      {keys.map((key) => (
        <span key={key.does}>
          {key.keys.map((one) => (
            <KeyHint key={one} keys={one} />
          ))}
          {key.does}
        </span>
      ))}
      <button type="button" onClick={openKeyHelp}>
        <KeyHint keys="?" /> {t('frame.keys.all')}
      </button>
    </div>
  )
}
