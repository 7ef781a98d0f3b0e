import { useFormat } from '../../format.ts'
import { sayProblem, sayUndo } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import type { WeekInUse } from './use-week.ts'
import type { HourEntry } from './week-rows.ts'

/** Deletes an entry; for ten seconds it can be taken back. */
export function useRemove(book: WeekInUse): (entry: HourEntry) => Promise<void> {
  const t = useT()
  const format = useFormat()
  return async (entry) => {
    try {
      const undone = await book.removeEntry(entry)
      sayUndo(t('time.entry.deleted', { hours: format.hours(entry.minutes) }), () => book.undo(undone))
    } catch (error) {
      sayProblem(error)
    }
  }
}
