import { type ReactNode, useEffect, useRef } from 'react'
import { currencySign } from '../../format.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { useT } from '../../words/words.tsx'
import styles from './preview.module.css'

/** Over the documents of a preview: how many can go, how many need somebody, and in which currency they stand. */
export function ListHead({
  ready,
  needsYou,
  currency,
}: {
  ready: number
  needsYou: number
  /** Of all of them; undefined when they differ. */
  currency: string | undefined
}) {
  const t = useT()
  return (
    <h2>
      <b>{t('postings.preview.readyCount', { count: ready })}</b>
      {needsYou > 0 ? <span>{t('postings.preview.needsYouCount', { count: needsYou })}</span> : null}
      <span className={styles.atEnd}>
        {t('postings.gross')} {currency ? currencySign(currency) : ''}
      </span>
    </h2>
  )
}

/** One document in that list; the one that is shown stays in sight. */
export function ListedDocument({
  isShown,
  state,
  icon,
  children,
  under,
  gross,
  onShow,
}: {
  isShown: boolean
  /** How it stands before it is posted; afterwards its mark says it. */
  state: 'ready' | 'needs-you' | 'left-out' | undefined
  icon: IconName
  children: ReactNode
  under: ReactNode
  gross: ReactNode
  onShow: () => void
}) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const list = button.current?.closest(`.${styles.list}`)
    // On a phone the list does not scroll by itself, and the page stays where it is.
    if (isShown && list && list.scrollHeight > list.clientHeight) button.current?.scrollIntoView({ block: 'nearest' })
  }, [isShown])
  return (
    <li className={state ? styles[state] : undefined}>
      <button type="button" ref={button} aria-current={isShown ? 'true' : undefined} onClick={onShow}>
        <span className={`${styles.mark} ${styles[icon] ?? ''}`}>
          <Icon name={icon} size={14} />
        </span>
        <span className={styles.who}>
          <span>{children}</span>
          <small>{under}</small>
        </span>
        <span className={styles.gross}>{gross}</span>
      </button>
    </li>
  )
}
