import { IconButton } from '../../parts/Button.tsx'
import { KeyHint } from '../../parts/KeyHint.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './time.module.css'
import type { FavouritesInUse } from './use-favourites.ts'
import { type RowHead, rowKey } from './week-rows.ts'

const most = 9

/** Rows that are written on again and again: the chosen ones, then what was used lately and is not in this week yet. */
export function Favourites({
  favourites,
  lately,
  add,
  how,
}: {
  favourites: FavouritesInUse
  /** What choosing one does. */
  how: string
  lately: readonly RowHead[]
  add: (head: RowHead) => void
}) {
  const t = useT()
  const chosen = favourites.rows.slice(0, most)
  const others = lately.filter((head) => !favourites.has(head)).slice(0, Math.max(0, 6 - chosen.length))
  useKeys(
    [...chosen, ...others].map((head, at) => ({
      keys: `alt+${at + 1}`,
      does: t('time.suggestions.add', { project: head.projectName, activity: head.activityName }),
      run: () => add(head),
    })),
  )
  if (chosen.length === 0 && others.length === 0) return null
  return (
    <section>
      {chosen.length > 0 ? (
        <>
          <h2 className={styles.underHead}>
            {t('time.favourites.title')} <span>{how}</span>
          </h2>
          <HeadList heads={chosen} first={1} add={add} favourites={favourites} how={how} />
        </>
      ) : null}
      {others.length > 0 ? (
        <>
          <h2 className={`${styles.underHead} ${chosen.length > 0 ? styles.after : ''}`}>
            {t('time.suggestions.title')} <span>{chosen.length > 0 ? t('time.favourites.how') : how}</span>
          </h2>
          <HeadList heads={others} first={chosen.length + 1} add={add} favourites={favourites} how={how} />
        </>
      ) : null}
    </section>
  )
}

function HeadList({
  heads,
  first,
  add,
  favourites,
  how,
}: {
  heads: readonly RowHead[]
  first: number
  add: (head: RowHead) => void
  favourites: FavouritesInUse
  how: string
}) {
  const t = useT()
  const { name: home } = useFirm()
  return (
    <ul className={styles.suggestions}>
      {heads.map((head, at) => (
        <li key={rowKey(head)}>
          <button type="button" onClick={() => add(head)}>
            <KeyHint keys={String(first + at)} />
            <b>{head.projectName}</b>
            <span className="muted">{head.activityName}</span>
            <small>{head.customerName ?? home}</small>
            <span className="only-spoken">, {how}</span>
          </button>
          <IconButton
            icon="star"
            aria-pressed={favourites.has(head)}
            className={favourites.has(head) ? styles.starred : styles.star}
            name={t(favourites.has(head) ? 'time.favourites.remove' : 'time.favourites.add', {
              project: head.projectName,
              activity: head.activityName,
            })}
            onClick={() => favourites.toggle(head)}
          />
        </li>
      ))}
    </ul>
  )
}
