import { formatNumber, parseSeries, seriesKeyFor } from '@uurwerk/core/invoicing/number-series.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { isGiven, placeAfter } from '../invoices/invoice-series.ts'

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
