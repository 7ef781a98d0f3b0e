import { Suspense } from 'react'
import { DialogOrSheet } from '../../parts/DialogOrSheet.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { useT } from '../../words/words.tsx'
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
  const drop = useRemove(book)
  const remove = (entry: HourEntry) => {
    close()
    return drop(entry)
  }
  return (
    <DialogOrSheet
      open={opened !== null}
      onClose={close}
      title={opened?.entry ? t('time.phone.entry') : t('time.phone.add')}
      size={560}
    >
      {opened ? (
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
      ) : null}
    </DialogOrSheet>
  )
}
