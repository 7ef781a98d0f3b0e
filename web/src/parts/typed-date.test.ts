import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import { typedDate } from './typed-date.ts'

const near = calendarDate('2026-04-10')
const read = (text: string) => typedDate(text, near)

describe('a date as people type it', () => {
  it.each([
    '31-3-2026',
    '31/03/26',
    '31.3.2026',
    '31 mrt 2026',
    '31 maart',
    '31 March 2026',
    '31032026',
    '2026-03-31',
    '31-3',
  ])('%s is 31 March 2026', (text) => expect(read(text)).toBe('2026-03-31'))
  it.each(['31-2-2026', '32-1', 'maart', '', '1-2-3-4', '31 foo 2026', '1-13-2026'])('%s is no date', (text) =>
    expect(read(text)).toBeNull(),
  )
})
