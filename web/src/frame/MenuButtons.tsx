import type { ComponentProps } from 'react'
import { Icon } from '../parts/icons.tsx'
import { Avatar } from '../parts/Small.tsx'
import { useFirm, useSession } from '../session.ts'
import { useT } from '../words/words.tsx'
import styles from './frame.module.css'
import { Mark } from './Mark.tsx'

/** What opens the menu of firms; what a menu adds to its button comes in as properties. */
export function FirmButton(button: ComponentProps<'button'>) {
  const t = useT()
  const firm = useFirm()
  return (
    <button {...button} type="button" className={styles.firm} aria-label={t('frame.firm', { firm: firm.name })}>
      <Mark />
      <span>{firm.name}</span>
      <Icon name="switch" size={14} />
    </button>
  )
}

/** What opens one's own menu. */
export function WhoButton(button: ComponentProps<'button'>) {
  const t = useT()
  const { user } = useSession()
  return (
    <button {...button} type="button" className={styles.who} aria-label={t('frame.you', { name: user.name })}>
      <Avatar name={user.name} />
      <span className={`${styles.name} name`}>{user.name}</span>
    </button>
  )
}
