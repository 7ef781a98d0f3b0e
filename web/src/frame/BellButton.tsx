import type { ComponentProps } from 'react'
import { Icon } from '../parts/icons.tsx'
import { useT } from '../words/words.tsx'
import styles from './frame.module.css'

/** How many notices wait; what its panel adds comes in as properties. */
export function BellButton({ unread = 0, ...button }: ComponentProps<'button'> & { unread?: number }) {
  const t = useT()
  return (
    <button
      {...button}
      type="button"
      className={styles.bell}
      aria-label={t('frame.bell', { count: unread })}
      title={t('frame.bell', { count: unread })}
    >
      <Icon name="bell" />
      {unread > 0 ? <b aria-hidden>{unread > 99 ? '99+' : unread}</b> : null}
    </button>
  )
}
