import { digitsOf, isDigitsOnly, numberFits, seriesCapacity } from '@uurwerk/core/invoicing/number-series.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { activeSales } from '../connections/active.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

/** The accounting package in use, and what its field for an invoice number holds. */
export interface NumbersInUse {
  readonly package: string
  readonly limit: 'int32' | 'six-digits'
  /** Our number is to be theirs too, where it fits. */
  readonly asOurs: boolean
}

/** Undefined while no package is connected, or where it holds any number. */
export async function numbersInUse(
  trx: Trx,
  firmId: string,
  { connectors }: Pick<Services, 'connectors'>,
): Promise<NumbersInUse | undefined> {
  const connection = await activeSales({ trx, firmId }).select(['package', 'settings']).executeTakeFirst()
  const manifest = connection && connectors.get(connection.package)?.manifest
  if (!manifest?.invoiceNumbers) return undefined
  const settings = connection?.settings as Readonly<Record<string, string | null>> | null
  return { package: manifest.name, limit: manifest.invoiceNumbers, asOurs: settings?.ownNumber === 'true' }
}

/** Before an invoice is sent under a number that cannot be the package's too, although that was asked for. */
export const numberNotes = (number: string | null, inUse: NumbersInUse | undefined): Problem[] =>
  !inUse?.asOurs || number === null || (isDigitsOnly(number) && numberFits(number, inUse.limit))
    ? []
    : [{ kind: 'setup', code: 'number-not-theirs', values: { package: inUse.package, number } }]

// A year of a firm with a thousand invoices: fewer than that, and a series is soon at its end.
const enough = 1000

/** What the package in use makes of the numbers of a series: that they do not fit, that they soon will not, or which digits it holds. */
export function seriesNotes(
  series: { readonly pattern: string; readonly next: string; readonly date: CalendarDate },
  inUse: NumbersInUse | undefined,
): Problem[] {
  if (!inUse) return []
  const { pattern, next, date } = series
  const values = { package: inUse.package, number: next, digits: digitsOf(next) }
  const most = inUse.limit === 'int32' ? '2147483647' : '999999'
  if (!numberFits(next, inUse.limit))
    return [{ kind: 'setup', code: 'series-does-not-fit', values: { ...values, most } }]
  const capacity = seriesCapacity(pattern, inUse.limit, date)
  return [
    ...(capacity < enough
      ? [{ kind: 'setup' as const, code: 'series-runs-out', values: { ...values, count: String(capacity) } }]
      : []),
    ...(isDigitsOnly(next) ? [] : [{ kind: 'setup' as const, code: 'series-not-digits', values }]),
  ]
}
