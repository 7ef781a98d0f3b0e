import { yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import type { z } from 'zod'
import type { Reads } from '../contract/contract.ts'
import type { PeriodRow } from '../contract/rows.ts'
import { allOf } from '../kit/odata-v2.ts'
import type { ExactCalls } from './calls.ts'
import { wholeReads } from './sync.ts'
import { financialPeriod, journalStatus } from './wire.ts'

type Found = z.output<typeof financialPeriod>

/** Invoices of before last year are not booked any more. */
const yearsBack = 1

const periodId = (year: number, period: number): string => `${year}-${String(period).padStart(2, '0')}`

export function fromExactPeriods(
  periods: readonly Found[],
  statuses: readonly z.output<typeof journalStatus>[],
): readonly PeriodRow[] {
  const closedIn = new Map<string, string[]>()
  // 0 open, 1 closed (Exact REST reference, JournalStatusList)
  for (const { Journal, Year, Period, Status } of statuses) {
    if (Status !== 1) continue
    const id = periodId(Year, Period)
    closedIn.set(id, [...(closedIn.get(id) ?? []), Journal])
  }
  return periods.flatMap(({ FinYear, FinPeriod, StartDate, EndDate }) => {
    if (!StartDate || !EndDate) return []
    const id = periodId(FinYear, FinPeriod)
    return [
      {
        id,
        code: id,
        name: id,
        year: FinYear,
        period: FinPeriod,
        from: StartDate,
        until: EndDate,
        closedIn: closedIn.get(id) ?? [],
      },
    ]
  })
}

export const periodReads = (calls: ExactCalls): Reads<PeriodRow> =>
  wholeReads(calls, 'financial/FinancialPeriods', async () => {
    const from = yearOf(calls.today()) - yearsBack
    const periods = await calls.all('financial/FinancialPeriods', financialPeriod, { filter: `FinYear ge ${from}` })
    const statuses = await calls.all('read/financial/JournalStatusList', journalStatus, {
      filter: allOf([`Year ge ${from}`, 'Status eq 1']),
    })
    return fromExactPeriods(periods, statuses)
  })
