import type { ReactNode } from 'react'
import { DialogOrSheet } from '../../parts/DialogOrSheet.tsx'

/** What is written and read of a letter, with room for the letter beside its fields. */
export const LetterBox = ({
  size = 1080,
  ...box
}: {
  open: boolean
  onClose: () => void
  title: string
  size?: number
  children: ReactNode
}) => <DialogOrSheet size={size} {...box} />
