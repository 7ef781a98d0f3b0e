import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useT } from '../words/words.tsx'
import { Button } from './Button.tsx'
import { ErrorNotice } from './Empty.tsx'
import { useKeepTyped } from './keep-typed.ts'
import { useKeys } from './keys.tsx'
import styles from './parts.module.css'

/** A small task on top of a page. What is long or has an address of its own is a page instead. */
export function Dialog({
  open,
  onClose,
  title,
  size = 480,
  children,
}: {
  open: boolean
  onClose: () => void
  title: ReactNode
  size?: number
  children: ReactNode
}) {
  const t = useT()
  const keep = useKeepTyped(open)
  return (
    <Modal
      opened={open}
      onClose={onClose}
      {...keep}
      title={title}
      size={size}
      centered
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {children}
    </Modal>
  )
}

/** The buttons under a dialog or form, at the right, the one that does it last. */
export const Foot = ({ children }: { children: ReactNode }) => <div className={styles.foot}>{children}</div>

interface Confirm {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** Exactly what will happen: figures, names, documents. Still loading: a skeleton. */
  readonly preview: ReactNode
  /** Why it cannot be taken back: "A sent invoice does not change; it is corrected by a credit note." */
  readonly never: string
  /** The button says what it does: "Send 12 invoices". */
  readonly action: string
  readonly onConfirm: () => unknown
  readonly busy?: boolean
  readonly error?: unknown
  readonly disabled?: boolean
}

function ConfirmBody({ preview, never, action, onConfirm, onClose, busy, error, disabled }: Confirm) {
  const t = useT()
  useKeys([{ keys: 'mod+Enter', run: () => onConfirm(), whileTyping: true, disabled: busy || disabled }])
  return (
    <div className={styles.preview}>
      {preview}
      {error ? <ErrorNotice error={error} /> : null}
      <p className={styles.never}>{never}</p>
      <Foot>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button kind="primary" keys="mod+Enter" busy={busy} disabled={disabled} onClick={() => onConfirm()}>
          {action}
        </Button>
      </Foot>
    </div>
  )
}

/** Before what cannot be undone: not "are you sure", but what will happen. */
export const ConfirmWithPreview = (confirm: Confirm) => (
  <Dialog open={confirm.open} onClose={confirm.onClose} title={confirm.title} size={560}>
    {confirm.open ? <ConfirmBody {...confirm} /> : null}
  </Dialog>
)
