import { type ReactNode, useId, useState } from 'react'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { useT } from '../../words/words.tsx'
import styles from './reports.module.css'

interface Loaded<Data> {
  readonly data: Data | undefined
  readonly error: unknown
  readonly refetch: () => unknown
}

/** One picture with its title, and the figures behind it one click away. */
export function Report<Data>({
  title,
  about,
  loaded,
  isEmpty,
  empty,
  picture,
  table,
}: {
  title: string
  /** What the figures are, and of when. */
  about?: ReactNode
  loaded: Loaded<Data>
  isEmpty: (data: Data) => boolean
  empty: ReactNode
  picture: (data: Data) => ReactNode
  table: (data: Data) => ReactNode
}) {
  const t = useT()
  const id = useId()
  const [asTable, setAsTable] = useState(false)
  const { data, error } = loaded
  const full = data !== undefined && !isEmpty(data)
  return (
    <section className={styles.report} aria-labelledby={id} aria-busy={data === undefined && !error}>
      <header>
        <h2 id={id}>{title}</h2>
        {about ? <span className="muted">{about}</span> : null}
        {full ? (
          <button type="button" className={styles.toggle} aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t('reports.asPicture') : t('reports.asTable')}
          </button>
        ) : null}
      </header>
      {error && data === undefined ? <ErrorNotice error={error} retry={loaded.refetch} /> : null}
      {data === undefined && !error ? <Skeleton height={180} /> : null}
      {data !== undefined && isEmpty(data) ? <p className={styles.nothing}>{empty}</p> : null}
      {full ? (asTable ? table(data) : picture(data)) : null}
    </section>
  )
}
