import { type ReactNode, useState } from 'react'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Payload } from '../../parts/Small.tsx'
import { useT } from '../../words/words.tsx'
import styles from './preview.module.css'

/** Where a document stands among those of the preview, and the way to the others. */
export interface Place {
  readonly place: number
  readonly of: number
  readonly onStep: (by: -1 | 1) => void
}

/** One document of a preview: its head, and as the package will receive it; the exact payload is one press away. */
export function DocumentFrame({
  id,
  pill,
  title,
  said,
  payload,
  readable,
  place,
  of,
  onStep,
  children,
}: Place & {
  id: string
  pill: ReactNode
  title: string
  /** Beside the title: whether it was sent, or will be. */
  said: string
  payload: string | null
  /** The button back from the exact payload. */
  readable: string
  children: ReactNode
}) {
  const t = useT()
  const [exact, setExact] = useState(false)
  return (
    <section className={styles.document} aria-labelledby={id}>
      <header>
        {pill}
        <h2 id={id}>{title}</h2>
        <span className={`muted ${styles.asReceived}`}>{said}</span>
        <span className="grow" />
        {of > 1 ? (
          <span className={styles.steps}>
            <IconButton icon="back" name={t('postings.preview.previous')} keys="K" onClick={() => onStep(-1)} />
            <span className="muted small fig nowrap">{t('postings.preview.placeOf', { place, of })}</span>
            <IconButton icon="next" name={t('postings.preview.next')} keys="J" onClick={() => onStep(1)} />
          </span>
        ) : null}
        {payload ? (
          <Button kind="quiet" size="sm" aria-pressed={exact} onClick={() => setExact(!exact)}>
            {exact ? readable : t('postings.preview.payload')}
          </Button>
        ) : null}
      </header>
      {exact && payload ? <Payload name={t('postings.preview.payload')}>{payload}</Payload> : children}
    </section>
  )
}
