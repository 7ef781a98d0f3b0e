import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { addMonths, type CalendarDate, parseCalendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { type ReactNode, Suspense, useMemo } from 'react'
import { useFormat } from '../../format.ts'
import { PageHead } from '../../frame/Page.tsx'
import { usePaletteActions } from '../../frame/palette.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import type { IconName } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { lazyPart } from '../../parts/lazy-part.ts'
import { today as todayHere } from '../../parts/today.ts'
import { useFirm, useMay } from '../../session.ts'
import { peopleQuery } from './people.ts'
import styles from './person-month.module.css'

const PersonChoice = lazyPart(() => import('./PersonChoice.tsx'), 'PersonChoice')

/** What the address of a month holds; without one it is this month of who looks. */
interface Search {
  readonly month?: string | undefined
  readonly memberId?: string | undefined
}

/** Whose month is shown, and what may be done in it. */
export function usePersonMonth(search: Search, go: (search: Search) => unknown) {
  const may = useMay()
  const firm = useFirm()
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const thisMonth = startOfMonth(todayHere())
  const month = startOfMonth(parseCalendarDate(`${search.month ?? ''}-01`) ?? thisMonth)
  const memberId = search.memberId ?? firm.memberId
  const own = memberId === firm.memberId
  const mayChoose = may('hours:read') && may('people:read')
  const people = useQuery({ ...peopleQuery, enabled: !own && mayChoose })
  const inView = search.memberId ? { memberId: search.memberId } : {}
  return {
    month,
    memberId,
    own,
    mayWrite: own || may('hours:write'),
    mayChoose,
    /** Of somebody else. */
    name: own ? null : people.data?.rows.find(({ id }) => id === memberId)?.name,
    onPhone,
    isThisMonth: month === thisMonth,
    show: (date: CalendarDate) => go({ ...inView, ...(date === thisMonth ? {} : { month: date.slice(0, 7) }) }),
    showThis: () => go(inView),
    choose: (chosen: string | undefined) => {
      const { memberId: _, ...rest } = search
      return go(chosen ? { ...rest, memberId: chosen } : rest)
    },
  }
}
export type PersonMonth = ReturnType<typeof usePersonMonth>

export function MonthName({ month }: { month: CalendarDate }) {
  const format = useFormat()
  return <span className={styles.month}>{format.date(month, 'month')}</span>
}

/** Title, person and month, with their keys: `[` and `]` turn the months, N makes a new one. */
export function PersonMonthHead({
  view,
  id,
  icon,
  title,
  words,
  make,
  button,
}: {
  view: PersonMonth
  /** Of what is made, in the palette. */
  id: string
  icon: IconName
  title: string
  words: { readonly new: string; readonly previous: string; readonly next: string; readonly thisMonth: string }
  make: () => unknown
  /** Of a new one; null where there can be none. */
  button: ReactNode
}) {
  const firm = useFirm()
  const { month, onPhone, mayWrite, show } = view
  useKeys([
    { keys: 'N', does: words.new, disabled: !mayWrite, run: () => void make() },
    { keys: '[', does: words.previous, run: () => void show(addMonths(month, -1)) },
    { keys: ']', does: words.next, run: () => void show(addMonths(month, 1)) },
  ])
  usePaletteActions(
    id,
    useMemo(
      () => (mayWrite ? [{ id: `${id}-new`, label: words.new, icon, keys: 'N', run: () => void make() }] : []),
      [id, icon, words.new, mayWrite, make],
    ),
  )
  return (
    <PageHead
      title={title}
      period={onPhone ? null : <MonthName month={month} />}
      actions={
        <>
          {view.mayChoose && !onPhone ? (
            <Suspense fallback={null}>
              <PersonChoice memberId={view.memberId} ownId={firm.memberId} choose={view.choose} />
            </Suspense>
          ) : null}
          {view.isThisMonth || onPhone ? null : (
            <Button kind="quiet" onClick={view.showThis}>
              {words.thisMonth}
            </Button>
          )}
          <IconButton icon="back" name={words.previous} keys="[" onClick={() => show(addMonths(month, -1))} />
          <IconButton icon="next" name={words.next} keys="]" onClick={() => show(addMonths(month, 1))} />
          {onPhone ? null : button}
        </>
      }
    />
  )
}
