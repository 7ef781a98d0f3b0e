import { Menu } from '@mantine/core'
import type { CSSProperties, ReactNode } from 'react'
import { Button } from '../parts/Button.tsx'
import { Toasts } from '../parts/Toasts.tsx'
import { useT } from '../words/words.tsx'
import styles from './frame.module.css'
import { LookItems } from './LookItems.tsx'
import { Mark } from './Mark.tsx'
import { useTitle } from './Page.tsx'

/** Pages for which nobody needs to be signed in: one sheet in the middle. */
export function Outside({
  title,
  text,
  wide,
  children,
}: {
  title: string
  text?: ReactNode
  wide?: boolean | 'very'
  children: ReactNode
}) {
  const t = useT()
  useTitle(title)
  return (
    <div className={styles.outside}>
      <header className={styles.outsideHead}>
        <Mark />
        <span>Uurwerk</span>
        <Menu width={200}>
          <Menu.Target>
            <Button kind="quiet" size="sm" icon="language">
              {t('frame.look')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <LookItems />
          </Menu.Dropdown>
        </Menu>
      </header>
      <main
        className={styles.sheet}
        style={{ '--sheet': wide === 'very' ? '860px' : wide ? '640px' : '400px' } as CSSProperties}
      >
        <div>
          <h1>{title}</h1>
          {text ? <p>{text}</p> : null}
        </div>
        {children}
      </main>
      <Toasts />
    </div>
  )
}
