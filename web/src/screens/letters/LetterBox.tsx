import { Drawer } from '@mantine/core'
import '@mantine/core/styles/Drawer.layer.css'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Dialog } from '../../parts/Dialog.tsx'
import { useKeepTyped } from '../../parts/keep-typed.ts'
import { useT } from '../../words/words.tsx'
import styles from './letters.module.css'

/** What is written and read of a letter: a wide dialog, and on a phone a sheet from below. */
export function LetterBox({
  open,
  onClose,
  title,
  size = 1080,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  size?: number
  children: ReactNode
}) {
  const t = useT()
  const keep = useKeepTyped(open)
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  if (!onPhone)
    return (
      <Dialog open={open} onClose={onClose} title={title} size={size}>
        {children}
      </Dialog>
    )
  return (
    <Drawer
      {...keep}
      opened={open}
      onClose={onClose}
      position="bottom"
      size="auto"
      title={title}
      classNames={{ content: styles.sheet, header: styles.sheetHead }}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {children}
    </Drawer>
  )
}
