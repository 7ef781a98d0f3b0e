import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { type RowWarning, useWarningWords } from './GridRow.tsx'
import styles from './time.module.css'
import type { WeekInUse } from './use-week.ts'
import type { Week } from './week-rows.ts'

interface DayWarning extends RowWarning {
  readonly date: string
}

/** Warnings of the week with the entries they are about. */
export const warningsOf = (week: Week): DayWarning[] =>
  week.days.flatMap(({ date, warnings }, day) =>
    warnings.map(
      ({ code, minutes, entryIds }): DayWarning => ({
        day,
        date,
        code,
        minutes,
        entries: entryIds.flatMap((id) => week.entries.find((entry) => entry.id === id) ?? []),
      }),
    ),
  )

/** What is odd about a day; both of what lies over each other may be right. */
export function DayWarnings({
  warnings,
  book,
  mayWrite,
}: {
  warnings: readonly DayWarning[]
  book: WeekInUse
  mayWrite: boolean
}) {
  const t = useT()
  const format = useFormat()
  const words = useWarningWords()
  if (warnings.length === 0) return null
  return (
    <div className={styles.troubles}>
      {warnings.map((warning) => (
        <div
          key={`${warning.date} ${warning.code} ${warning.entries.map(({ id }) => id).join(' ')}`}
          className={styles.line}
        >
          <Icon name="warning" size={14} />
          <span>
            <b>{format.date(warning.date, 'day')}:</b> {words(warning)}
          </span>
          {mayWrite && warning.code === 'overlap' ? (
            <Button
              kind="link"
              size="sm"
              onClick={() => book.acceptOverlap(warning.entries.map(({ id }) => id)).catch(sayProblem)}
            >
              {t('time.warning.bothRight')}
            </Button>
          ) : null}
        </div>
      ))}
    </div>
  )
}
