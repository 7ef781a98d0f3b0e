import { formatNumber, parseSeries, seriesKeyFor } from '@uurwerk/core/invoicing/number-series.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Ids } from '@uurwerk/core/shared/ports.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
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

export const defaultSeries = (trx: Trx, firmId: string): Promise<Series> =>
  trx
    .selectFrom('series')
    .select(['id', 'pattern', 'firstNumber'])
    .where('firmId', '=', firmId)
    .where('isDefault', '=', true)
    .where('archivedAt', 'is', null)
    .executeTakeFirstOrThrow()

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

const placeAfter = (
  counter: { readonly lastNumber: number; readonly lastDate: string | null } | undefined,
  { firstNumber }: Series,
): Place => ({
  counter: counter ? counter.lastNumber + 1 : firstNumber,
  previousDate: counter?.lastDate ? calendarDate(counter.lastDate) : null,
})

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'now'>

export const seriesHandlers: Handlers<'listSeries' | 'changeSeries'> = {
  listSeries: async (call) => ({ rows: await seriesRows(call) }),

  changeSeries: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const row = await trx
      .selectFrom('series')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .where('archivedAt', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw notThere('series')
    const present = await answerOf(call, row.id)
    if (row.version !== version) throw new StaleEdit(row.version, present)
    const pattern = body.pattern ?? row.pattern
    const firstNumber = body.firstNumber ?? row.firstNumber
    const parsed = parseSeries(pattern)
    if ('problem' in parsed) throw wrongField('/pattern', parsed.problem, { pattern })
    if (present.used && (pattern !== row.pattern || firstNumber !== row.firstNumber))
      throw new ProblemError({ kind: 'conflict', code: 'series-used', values: { series: row.name } })
    const next = formatNumber(pattern, { date: dateIn(call.firm.timeZone, now), counter: firstNumber })
    if (!present.used && (await isGiven(trx, firmId, next)))
      throw wrongField('/firstNumber', 'invoice-number-given', { number: next })
    await trx
      .updateTable('series')
      .set({ name: body.name ?? row.name, pattern, firstNumber, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'series', id: row.id }, 'changed', {
      before: { name: row.name, pattern: row.pattern, firstNumber: row.firstNumber },
      after: body,
    })
    const changed = await answerOf(call, row.id)
    return { id: changed.id, next: changed.next, version: changed.version }
  },
}

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

async function seriesRows({ trx, firmId, firm, now }: Asking) {
  const today = dateIn(firm.timeZone, now)
  const rows = await trx
    .selectFrom('series')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('archivedAt', 'is', null)
    .orderBy('isDefault', 'desc')
    .orderBy('id')
    .execute()
  const counters = await trx
    .selectFrom('seriesCounter')
    .select(['seriesId', 'scope', 'lastNumber', 'lastDate'])
    .where('firmId', '=', firmId)
    .execute()
  return rows.map((row) => {
    const counter = counters.find(
      ({ seriesId, scope }) => seriesId === row.id && scope === seriesKeyFor(row.pattern, today),
    )
    return {
      id: row.id,
      name: row.name,
      pattern: row.pattern,
      firstNumber: row.firstNumber,
      isDefault: row.isDefault,
      next: formatNumber(row.pattern, { date: today, counter: placeAfter(counter, row).counter }),
      // No package that can be connected limits the number: it travels as text.
      notes: [],
      used: counter !== undefined,
      version: row.version,
    }
  })
}

type AnswerRow = Awaited<ReturnType<typeof seriesRows>>[number]

async function answerOf(call: Asking, id: string): Promise<AnswerRow> {
  const row = (await seriesRows(call)).find((one) => one.id === id)
  if (!row) throw notThere('series')
  return row
}
