import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'

/** Hours as they were written, behind one line of the invoice. */
export interface Hours {
  readonly lineId: string
  readonly entries: readonly HourRow[]
}

export interface HourRow {
  readonly date: CalendarDate
  readonly person: string
  readonly activity: string
  readonly note: string
  readonly minutes: number
}
