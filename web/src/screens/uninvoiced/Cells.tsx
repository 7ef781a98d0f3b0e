import { calendarDate, endOfMonth, monthOf } from '@uurwerk/core/shared/calendar-date.ts'
import type { ReactNode } from 'react'
import { useFormat } from '../../format.ts'
import { Amount, Dash, Hours } from '../../parts/Figures.tsx'
import { useT, type Word } from '../../words/words.tsx'
import styles from './uninvoiced.module.css'
import type { ProjectRow } from './uninvoiced.ts'

export const methodWord = (method: string): Word =>
  method.startsWith('hourly-')
    ? 'uninvoiced.method.hourly'
    : method === 'subscription'
      ? 'uninvoiced.method.subscription'
      : 'uninvoiced.method.fixed'

const isZero = (amount: string) => /^-?0*\.?0*$/.test(amount)

/** Hours, and beside them those that an agreed amount covers. */
export function HoursCell({ row }: { row: Pick<ProjectRow, 'hours' | 'coveredMinutes'> }) {
  const t = useT()
  const format = useFormat()
  if (row.hours.minutes === 0 && row.coveredMinutes > 0)
    return <span className="small muted">{t('uninvoiced.covered', { hours: format.hours(row.coveredMinutes) })}</span>
  return <Hours minutes={row.hours.minutes} dashAtZero />
}

/** An amount, or what is missing before it is one. */
export function PricedCell({
  amount,
  missing,
  link = (inside) => inside,
}: {
  amount: string
  missing: string | null
  /** Around the amount: to the entries behind it. */
  link?: (amount: ReactNode) => ReactNode
}) {
  if (missing === null) return isZero(amount) ? <Dash /> : link(<Amount value={amount} />)
  return (
    <>
      {link(<span className={`small ${styles.missing}`}>{missing}</span>)}{' '}
      {isZero(amount) ? null : <Amount value={amount} />}
    </>
  )
}

const Before = ({ what, children }: { what: string; children: ReactNode }) => (
  <>
    <span className="small muted">{what}</span> {children}
  </>
)

/** Which instalment of how many, and its amount. */
export function FixedCell({ row }: { row: ProjectRow }) {
  const t = useT()
  const [only, ...others] = row.instalments
  if (!only) return <Dash />
  const numbers = row.instalments.flatMap(({ number, of }) => (number !== null && of === only.of ? [number] : []))
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  const isRun = numbers.length === row.instalments.length && last - first === numbers.length - 1
  const what =
    others.length > 0
      ? isRun
        ? t('uninvoiced.instalmentsRun', { first, last, of: only.of })
        : t('uninvoiced.instalments', { count: others.length + 1 })
      : only.number === null
        ? t('uninvoiced.correction')
        : only.of === 1
          ? ''
          : t('uninvoiced.instalment', { number: only.number, of: only.of })
  return (
    <Before what={what}>
      <Amount value={row.fixedPrice} />
    </Before>
  )
}

/** `March`, `Q1`, or the first and last day. */
function usePeriodText() {
  const format = useFormat()
  const t = useT()
  return (first: string, last: string): string => {
    const [from, until] = [calendarDate(first), calendarDate(last)]
    const isWhole = from.endsWith('-01') && until === endOfMonth(until)
    const months = (monthOf(until) - monthOf(from) + 12) % 12
    if (isWhole && months === 0) return format.date(from, 'month').replace(/ \d{4}$/, '')
    if (isWhole && months === 2 && monthOf(from) % 3 === 1)
      return t('uninvoiced.quarter', { quarter: (monthOf(from) + 2) / 3 })
    return format.dateRange(from, until, 'short')
  }
}

export function SubscriptionCell({ row }: { row: ProjectRow }) {
  const t = useT()
  const periodText = usePeriodText()
  const [only, ...others] = row.periods
  if (!only) return <Dash />
  const what =
    others.length > 0
      ? t('uninvoiced.periods', { count: others.length + 1 })
      : periodText(only.periodFrom, only.periodUntil)
  return (
    <Before what={what}>
      <Amount value={row.subscription} />
    </Before>
  )
}

/** One mark for each month begun, up to four; from two months on it needs attention. */
export function Age({ days }: { days: number | null }) {
  const t = useT()
  if (days === null) return <Dash />
  const filled = Math.min(4, Math.max(1, Math.ceil(days / 30)))
  return (
    <span className={`${styles.age} ${days > 60 ? styles.old : ''}`} data-filled={filled}>
      <span className={styles.marks} aria-hidden="true">
        {[1, 2, 3, 4].map((mark) => (
          <i key={mark} className={mark <= filled ? styles.on : undefined} />
        ))}
      </span>
      {t('uninvoiced.days', { days: Math.max(0, days) })}
    </span>
  )
}

export function WaitingCell({ waiting }: { waiting: ProjectRow['notYetApproved'] }) {
  if (waiting.minutes === 0 && isZero(waiting.amount)) return <Dash />
  return (
    <span className="muted">
      {waiting.minutes > 0 ? (
        <span className="small">
          <Hours minutes={waiting.minutes} />{' '}
        </span>
      ) : null}
      <Amount value={waiting.amount} />
    </span>
  )
}
