import type { seriesRoutes, series as seriesShape } from '@uurwerk/api/series.ts'
import { formatNumber, parseSeries, seriesClash, seriesKeyFor } from '@uurwerk/core/invoicing/number-series.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem, notThere, wrongField } from '../http/problems.ts'
import { isGiven, placeAfter } from '../invoices/invoice-series.ts'
import { numbersInUse, seriesNotes } from '../invoices/series-notes.ts'
import { asItStood } from './kept-rows.ts'

type Answer = z.input<typeof seriesShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'now' | 'language' | 'services'>
type Changing = Omit<FirmCall<never>, 'params' | 'query' | 'body'>

export const seriesHandlers: Handlers<keyof typeof seriesRoutes> = {
  listSeries: async (call) => {
    const archived = call.query.archived ?? false
    return { rows: (await seriesRows(call)).filter((row) => row.archived === archived) }
  },

  createSeries: async (call) => {
    const { trx, firmId, body, services, now } = call
    await holdAll(call)
    const wanted = { name: body.name, pattern: body.pattern, firstNumber: body.firstNumber }
    await refuseUnfit(call, wanted, await seriesRows(call))
    if (await isGiven(trx, firmId, firstOf(call, wanted)))
      throw wrongField('/firstNumber', 'invoice-number-given', { number: firstOf(call, wanted) })
    const id = services.ids.next()
    const { isDefault = false, isCreditDefault = false } = body
    await yieldDefaults(call, { isDefault, isCreditDefault })
    await trx
      .insertInto('series')
      .values({ firmId, id, ...wanted, isDefault, isCreditDefault, createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'series', id }, 'created', { after: body })
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: [id] })
    return answerOf(call, id)
  },

  changeSeries: async (call) => {
    const { trx, firmId, params, body, version, now, services } = call
    await holdAll(call)
    const rows = await seriesRows(call)
    const row = rows.find(({ id }) => id === params.id)
    if (!row) throw notThere('series')
    if (row.version !== version) throw new StaleEdit(row.version, row)
    const conflict = (code: string, values = {}) =>
      new ProblemError({ kind: 'conflict', code, values: { series: row.name, ...values } })
    const wanted = {
      name: body.name ?? row.name,
      pattern: body.pattern ?? row.pattern,
      firstNumber: body.firstNumber ?? row.firstNumber,
    }
    const archived = body.archived ?? row.archived
    if (archived && (body.isDefault || body.isCreditDefault)) throw wrongField('/archived', 'series-archived')
    if (body.archived && !row.archived) {
      if (row.isDefault) throw conflict('series-default')
      if (row.drafts > 0) throw conflict('series-has-drafts', { count: String(row.drafts) })
    }
    const renumbered = wanted.pattern !== row.pattern || wanted.firstNumber !== row.firstNumber
    if (!archived)
      await refuseUnfit(
        call,
        wanted,
        rows.filter(({ id }) => id !== row.id),
      )
    else if ('problem' in parseSeries(wanted.pattern))
      throw wrongField('/pattern', problemOf(wanted.pattern), { pattern: wanted.pattern })
    if (row.used && renumbered) throw conflict('series-used')
    const next = firstOf(call, wanted)
    if (!row.used && !archived && (await isGiven(trx, firmId, next)))
      throw wrongField('/firstNumber', 'invoice-number-given', { number: next })
    const isDefault = body.isDefault ?? row.isDefault
    const isCreditDefault = archived ? false : (body.isCreditDefault ?? row.isCreditDefault)
    await yieldDefaults(call, {
      isDefault: isDefault && !row.isDefault,
      isCreditDefault: isCreditDefault && !row.isCreditDefault,
    })
    await trx
      .updateTable('series')
      .set({
        ...wanted,
        isDefault,
        isCreditDefault,
        ...(archived === row.archived ? {} : { archivedAt: archived ? now : null }),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    const act = archived === row.archived ? 'changed' : archived ? 'archived' : 'brought-back'
    await remember(call, { kind: 'series', id: row.id }, act, {
      before: asItStood(row, body),
      after: body,
    })
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.id] })
    return answerOf(call, row.id)
  },
}

type Wanted = Pick<Answer, 'name' | 'pattern' | 'firstNumber'>

/** Names, patterns and defaults are of all series together, so they are changed one after the other. */
async function holdAll({ trx, firmId }: Changing): Promise<void> {
  await sql`select 1 from series where firm_id = ${firmId}::uuid order by id for update`.execute(trx)
}

const firstOf = ({ firm, now }: Pick<Asking, 'firm' | 'now'>, { pattern, firstNumber }: Wanted): string =>
  formatNumber(pattern, { date: dateIn(firm.timeZone, now), counter: firstNumber })

function problemOf(pattern: string): string {
  const parsed = parseSeries(pattern)
  return 'problem' in parsed ? parsed.problem : ''
}

/** A name or a pattern that stands in the way of another series in use. */
async function refuseUnfit(call: Asking, wanted: Wanted, others: readonly Answer[]): Promise<void> {
  const { name, pattern } = wanted
  const problem = problemOf(pattern)
  if (problem) throw wrongField('/pattern', problem, { pattern })
  const inUse = others.filter(({ archived }) => !archived)
  if (inUse.some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw wrongField('/name', 'series-taken', { name })
  const today = dateIn(call.firm.timeZone, call.now)
  const clash = inUse.find((other) => seriesClash(pattern, other.pattern, today))
  if (clash) throw wrongField('/pattern', 'series-clash', { series: clash.name, pattern: clash.pattern })
}

/** The series that has it now gives it up; its version tells whoever is changing it. */
async function yieldDefaults(
  { trx, firmId, now }: Changing,
  taken: { readonly isDefault: boolean; readonly isCreditDefault: boolean },
): Promise<void> {
  for (const column of ['isDefault', 'isCreditDefault'] as const)
    if (taken[column])
      await trx
        .updateTable('series')
        .set(({ eb }) => ({ [column]: false, version: eb('version', '+', 1), updatedAt: now }))
        .where('firmId', '=', firmId)
        .where(column, '=', true)
        .execute()
}

async function seriesRows({ trx, firmId, firm, now, language, services }: Asking): Promise<Answer[]> {
  const today = dateIn(firm.timeZone, now)
  const { rows } = await sql<SeriesRow>`
    select s.id, s.name, s.pattern, s.first_number as "firstNumber", s.is_default as "isDefault",
      s.is_credit_default as "isCreditDefault", s.archived_at is not null as archived, s.version,
      (select count(*)::integer from invoice i where i.firm_id = s.firm_id and i.series_id = s.id and i.state = 'draft'
        and i.deleted_at is null) as drafts
    from series s where s.firm_id = ${firmId}::uuid
    order by s.is_default desc, s.is_credit_default desc, lower(s.name), s.id`.execute(trx)
  const counters = await trx
    .selectFrom('seriesCounter')
    .select(['seriesId', 'scope', 'lastNumber', 'lastDate'])
    .where('firmId', '=', firmId)
    .execute()
  const inUse = await numbersInUse(trx, firmId, services)
  return rows.map((row) => {
    const counter = counters.find(
      ({ seriesId, scope }) => seriesId === row.id && scope === seriesKeyFor(row.pattern, today),
    )
    const next = formatNumber(row.pattern, { date: today, counter: placeAfter(counter, row).counter })
    return {
      ...row,
      next,
      notes: seriesNotes({ pattern: row.pattern, next, date: today }, inUse).map((note) =>
        explainProblem(note, language),
      ),
      used: counter !== undefined,
    }
  })
}

type SeriesRow = Omit<Answer, 'next' | 'notes' | 'used'>

async function answerOf(call: Asking, id: string): Promise<Answer> {
  const row = (await seriesRows(call)).find((one) => one.id === id)
  if (!row) throw notThere('series')
  return row
}
