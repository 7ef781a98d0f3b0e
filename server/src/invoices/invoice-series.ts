import { seriesKeyFor } from '@uurwerk/core/invoicing/number-series.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Ids } from '@uurwerk/core/shared/ports.ts'
import type { Language } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { say } from '../http/words.ts'
import type { Trx } from '../store/database.ts'

/** Every firm starts with one: a number per year, `2026-0001`. */
export async function createDefaultSeries(trx: Trx, firmId: string, ids: Ids, now: Date): Promise<string> {
  const id = ids.next()
  const { language } = await trx
    .selectFrom('firm')
    .select('language')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  await trx
    .insertInto('series')
    .values({
      firmId,
      id,
      name: say(language as Language, 'series.invoices'),
      pattern: '{year}-{0000}',
      isDefault: true,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  return id
}

export interface Series {
  readonly id: string
  readonly pattern: string
  readonly firstNumber: number
}

/** What the next document of a series and date gets, and what the one before it got. */
export interface Place {
  readonly counter: number
  readonly previousDate: CalendarDate | null
}

const defaultSeries = (trx: Trx, firmId: string): Promise<Series> =>
  trx
    .selectFrom('series')
    .select(['id', 'pattern', 'firstNumber'])
    .where('firmId', '=', firmId)
    .where('isDefault', '=', true)
    .where('archivedAt', 'is', null)
    .executeTakeFirstOrThrow()

/** The series that was chosen for a new document, else the default; one that is archived numbers nothing new. */
export async function seriesFor(trx: Trx, firmId: string, chosen: string | undefined): Promise<Series> {
  if (chosen === undefined) return defaultSeries(trx, firmId)
  const found = await selectSeries(trx, firmId, chosen).where('archivedAt', 'is', null).executeTakeFirst()
  if (!found) throw wrongField('/seriesId', 'series-unknown')
  return found
}

/** The series of credit notes, where the firm has one. */
export const creditSeries = (trx: Trx, firmId: string): Promise<{ id: string } | undefined> =>
  trx
    .selectFrom('series')
    .select('id')
    .where('firmId', '=', firmId)
    .where('isCreditDefault', '=', true)
    .where('archivedAt', 'is', null)
    .executeTakeFirst()

const selectSeries = (trx: Trx, firmId: string, id: string) =>
  trx.selectFrom('series').select(['id', 'pattern', 'firstNumber']).where('firmId', '=', firmId).where('id', '=', id)

export const getSeries = (trx: Trx, firmId: string, id: string): Promise<Series> =>
  selectSeries(trx, firmId, id).executeTakeFirstOrThrow()

/** The series of a document, which nobody changes while its next number is taken. */
export const holdSeries = (trx: Trx, firmId: string, id: string): Promise<Series> =>
  selectSeries(trx, firmId, id).forKeyShare().executeTakeFirstOrThrow()

/** A forecast: somebody else may take it first. */
export async function nextPlace(trx: Trx, firmId: string, series: Series, date: CalendarDate): Promise<Place> {
  const counter = await trx
    .selectFrom('seriesCounter')
    .select(['lastNumber', 'lastDate'])
    .where('firmId', '=', firmId)
    .where('seriesId', '=', series.id)
    .where('scope', '=', seriesKeyFor(series.pattern, date))
    .executeTakeFirst()
  return placeAfter(counter, series)
}

/**
 * Takes the next number for good, or gives it back with the transaction: whoever asks at the same time waits for the
 * row, so that numbers follow each other without a gap.
 */
export async function lockPlace(trx: Trx, firmId: string, series: Series, date: CalendarDate): Promise<Place> {
  const scope = seriesKeyFor(series.pattern, date)
  await trx
    .insertInto('seriesCounter')
    .values({ firmId, seriesId: series.id, scope, lastNumber: series.firstNumber - 1 })
    .onConflict((conflict) => conflict.columns(['firmId', 'seriesId', 'scope']).doNothing())
    .execute()
  const counter = await trx
    .selectFrom('seriesCounter')
    .select(['lastNumber', 'lastDate'])
    .where('firmId', '=', firmId)
    .where('seriesId', '=', series.id)
    .where('scope', '=', scope)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return placeAfter(counter, series)
}

export async function takePlace(
  trx: Trx,
  firmId: string,
  series: Series,
  { date, counter }: { readonly date: CalendarDate; readonly counter: number },
): Promise<void> {
  await trx
    .updateTable('seriesCounter')
    .set({ lastNumber: counter, lastDate: date })
    .where('firmId', '=', firmId)
    .where('seriesId', '=', series.id)
    .where('scope', '=', seriesKeyFor(series.pattern, date))
    .execute()
}

export const placeAfter = (
  counter: { readonly lastNumber: number; readonly lastDate: string | null } | undefined,
  { firstNumber }: Series,
): Place => ({
  counter: counter ? counter.lastNumber + 1 : firstNumber,
  previousDate: counter?.lastDate ? calendarDate(counter.lastDate) : null,
})

/** Whether an invoice has this number already. */
export async function isGiven(trx: Trx, firmId: string, number: string): Promise<boolean> {
  const found = await trx
    .selectFrom('invoice')
    .select('id')
    .where('firmId', '=', firmId)
    .where('number', '=', number)
    .executeTakeFirst()
  return found !== undefined
}
