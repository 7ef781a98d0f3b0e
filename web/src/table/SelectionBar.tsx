import type { ReactNode } from 'react'
import { useFormat } from '../format.ts'
import { Button, IconButton } from '../parts/Button.tsx'
import { useKeys } from '../parts/keys.tsx'
import { useT } from '../words/words.tsx'
import { countOf, type Selecting } from './selection.ts'
import styles from './table.module.css'

/** Figures of what is selected, and what can be done with it. Stands under the table while something is selected. */
export function SelectionBar({
  selecting,
  matching,
  under,
  figures = [],
  settings,
  children,
}: {
  selecting: Selecting
  /** How many rows the filter finds in all; null while not known. */
  matching: number | null
  /** Under the count: "2 customers". */
  under?: ReactNode
  figures?: ReadonlyArray<{ readonly value: ReactNode; readonly under: string }>
  /** Choices that belong to the action: "One invoice per …, dated …". */
  settings?: ReactNode
  /** Buttons; the last is the primary one. */
  children: ReactNode
}) {
  const t = useT()
  const format = useFormat()
  useKeys([{ keys: 'Escape', run: selecting.clear, disabled: selecting.isEmpty }])
  if (selecting.isEmpty) return null
  const count = countOf(selecting.selection, matching)
  const isAll = selecting.selection.kind === 'all'
  return (
    <section className={styles.bar} aria-label={t('table.selection')}>
      <IconButton icon="close" name={t('table.clear')} keys="Esc" onClick={selecting.clear} />
      <div className={styles.figure} aria-live="polite" style={{ marginInlineStart: -12 }}>
        <b>
          {count === null ? t('table.selectedAllUnknown') : t('table.selected', { count, shown: format.count(count) })}
        </b>
        {under ? <span>{under}</span> : null}
      </div>
      {!isAll && matching !== null && count !== null && matching > count ? (
        <Button kind="link" onClick={selecting.all}>
          {t('table.selectAllMatching', { count: matching, shown: format.count(matching) })}
        </Button>
      ) : null}
      {figures.length > 0 ? <span className={styles.split} /> : null}
      {figures.map((figure) => (
        <div key={figure.under} className={styles.figure}>
          <b>{figure.value}</b>
          <span>{figure.under}</span>
        </div>
      ))}
      {settings ? (
        <>
          <span className={styles.split} />
          <div className="row">{settings}</div>
        </>
      ) : null}
      <div className={styles.acts}>{children}</div>
    </section>
  )
}
