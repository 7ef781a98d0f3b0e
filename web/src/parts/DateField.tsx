import { DateInput, type DateInputProps, DatePicker, DatesProvider } from '@mantine/dates'
import '@mantine/dates/styles.layer.css'
import 'dayjs/locale/nl'
import 'dayjs/locale/en-gb'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type ReactNode, useMemo, useState } from 'react'
import { useFormat } from '../format.ts'
import { useLanguage, useT } from '../words/words.tsx'
import styles from './dates.module.css'
import { Icon } from './icons.tsx'
import { today } from './today.ts'
import { typedDate } from './typed-date.ts'

/** Weeks from Monday, their numbers, and the names in the language in use. */
function Dates({ children }: { children: ReactNode }) {
  const { language } = useLanguage()
  const settings = useMemo(
    () => ({ locale: language === 'nl' ? 'nl' : 'en-gb', firstDayOfWeek: 1 as const, weekendDays: [0, 6] as [0, 6] }),
    [language],
  )
  return <DatesProvider settings={settings}>{children}</DatesProvider>
}

type DateFieldProps = Omit<DateInputProps, 'value' | 'onChange' | 'valueFormat' | 'dateParser'> & {
  readonly value?: string | null
  readonly onChange?: (date: CalendarDate | null) => void
}

/**
 * A calendar date (`2026-03-31`), typed or chosen; Alt+↓ opens the calendar. What is typed and is no date stays as it
 * was typed, with a message, and its form is not sent (`data-not-understood`, see `useApiForm`).
 */
export function DateField({ value, onChange, ...props }: DateFieldProps) {
  const format = useFormat()
  const t = useT()
  const [wrong, setWrong] = useState(false)
  const [typing, setTyping] = useState(false)
  // Escape closes the calendar first, and only then the dialog around it.
  const [calendar, setCalendar] = useState(false)
  return (
    <Dates>
      <DateInput
        autoComplete="off"
        rightSection={<Icon name="calendar" size={14} />}
        rightSectionPointerEvents="none"
        placeholder={t('parts.date.placeholder')}
        popoverProps={{ position: 'bottom-start' }}
        clearButtonProps={{ 'aria-label': t('parts.picker.clear') }}
        ariaLabels={{
          previousMonth: t('parts.date.previousMonth'),
          nextMonth: t('parts.date.nextMonth'),
          previousYear: t('parts.date.previousYears'),
          nextYear: t('parts.date.nextYears'),
          previousDecade: t('parts.date.previousYears'),
          nextDecade: t('parts.date.nextYears'),
        }}
        {...props}
        error={props.error ?? (wrong && !typing ? t('parts.date.wrong') : undefined)}
        fixOnBlur={!wrong}
        data-not-understood={wrong ? t('parts.date.wrong') : undefined}
        data-mantine-stop-propagation={calendar || undefined}
        onFocus={(event) => {
          setTyping(true)
          setCalendar(true)
          props.onFocus?.(event)
        }}
        onBlur={(event) => {
          setTyping(false)
          setCalendar(false)
          props.onBlur?.(event)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setCalendar(false)
          props.onKeyDown?.(event)
        }}
        onInput={(event) => {
          const text = event.currentTarget.value
          setCalendar(true)
          setWrong(text.trim() !== '' && !typedDate(text, today()))
        }}
        withWeekNumbers
        hideOutsideDates
        classNames={{ ...styles }}
        value={value || null}
        onChange={(date) => {
          setWrong(false)
          onChange?.(date as CalendarDate | null)
        }}
        valueFormat={(date) => format.date(date.slice(0, 10))}
        dateParser={(text) => typedDate(text, today())}
      />
    </Dates>
  )
}

/** A calendar that stays: for a filter or a side panel. `range` chooses from–until. */
export function DateRange({
  from,
  until,
  onChange,
}: {
  from: string | null
  until: string | null
  onChange: (from: CalendarDate | null, until: CalendarDate | null) => void
}) {
  return (
    <Dates>
      <DatePicker
        type="range"
        allowSingleDateInRange
        withWeekNumbers
        hideOutsideDates
        classNames={{ ...styles }}
        value={[from, until]}
        defaultDate={from ?? undefined}
        onChange={([first, last]) => onChange(first as CalendarDate | null, last as CalendarDate | null)}
      />
    </Dates>
  )
}
