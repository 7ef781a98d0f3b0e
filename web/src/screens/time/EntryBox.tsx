import { Drawer } from '@mantine/core'
import '@mantine/core/styles/Drawer.layer.css'
import { useMediaQuery } from '@mantine/hooks'
import { Suspense } from 'react'
import { Dialog } from '../../parts/Dialog.tsx'
import { useKeepTyped } from '../../parts/keep-typed.ts'
import { lazyPart } from '../../parts/lazy-part.ts'
import { useT } from '../../words/words.tsx'
import styles from './today.module.css'
import { useRemove } from './use-remove.ts'
import type { WeekInUse } from './use-week.ts'
import type { HourEntry, RowHead } from './week-rows.ts'

const EntryForm = lazyPart(() => import('./EntryForm.tsx'), 'EntryForm')

/** An entry to look at or change, or a new one with what is known of it. */
export interface Opened {
  readonly entry: HourEntry | null
  readonly date: string
  readonly head?: RowHead | null
  readonly times?: { readonly startMinute: number | null; readonly endMinute: number | null }
  readonly focus?: 'duration' | 'note' | 'project'
}

/** The form of one entry: a dialog, and on a phone a sheet from below. */
export function EntryBox({
  opened,
  book,
  memberId,
  own,
  mayWrite,
  close,
}: {
  opened: Opened | null
  book: WeekInUse
  memberId: string
  own: boolean
  mayWrite: boolean
  close: () => void
}) {
  const t = useT()
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const keep = useKeepTyped(opened !== null)
  const drop = useRemove(book)
  const remove = (entry: HourEntry) => {
    close()
    return drop(entry)
  }
  const title = opened?.entry ? t('time.phone.entry') : t('time.phone.add')
  const form = opened ? (
    <Suspense fallback={null}>
      <EntryForm
        key={opened.entry?.id ?? 'new'}
        entry={opened.entry}
        head={opened.head ?? null}
        times={opened.times}
        memberId={memberId}
        own={own}
        date={opened.date}
        focus={opened.focus ?? (opened.entry || opened.head ? 'duration' : 'project')}
        mayWrite={mayWrite}
        saved={book.saved}
        remove={mayWrite ? remove : undefined}
        close={close}
      />
    </Suspense>
  ) : null
  if (!onPhone)
    return (
      <Dialog open={opened !== null} onClose={close} title={title} size={560}>
        {form}
      </Dialog>
    )
  return (
    <Drawer
      {...keep}
      opened={opened !== null}
      onClose={close}
      position="bottom"
      size="auto"
      title={title}
      classNames={{ content: styles.sheet }}
      closeButtonProps={{ 'aria-label': t('parts.close') }}
    >
      {form}
    </Drawer>
  )
}
