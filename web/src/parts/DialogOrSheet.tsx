import { Drawer } from '@mantine/core'
import '@mantine/core/styles/Drawer.layer.css'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useT } from '../words/words.tsx'
import { Dialog } from './Dialog.tsx'
import { useKeepTyped } from './keep-typed.ts'
import styles from './parts.module.css'

/** What is written and read on top of a page: a dialog, and on a phone a sheet from below. */
export function DialogOrSheet({
  open,
  onClose,
  title,
  size,
  asksItself = false,
  children,
}: {
  open: boolean
  onClose: () => void
  title: string
  /** Width of the dialog. */
  size: number
  /** `onClose` asks before it throws away what was typed, so a touch beside the sheet may come to it. */
  asksItself?: boolean
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
      {...(asksItself ? {} : keep)}
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
