import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { uninvoicedRoutes } from '@uurwerk/api/uninvoiced.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { FirmCall, HandlerOf } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem, wrongField } from '../http/problems.ts'
import { claimEntries, claimsOf } from '../invoices/invoice-claims.ts'
import { insertLines, periodOf } from '../invoices/invoice-drafting.ts'
import { type Series, seriesFor } from '../invoices/invoice-series.ts'
import { insertDraft } from '../invoices/new-draft.ts'
import { type DraftedGroup, draftSelected, leftOutAnswer, namesNothing } from '../invoices/selected-entries.ts'
import { doubtsOver } from '../package-invoices/in-doubt.ts'

type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type Body = FirmCall<(typeof uninvoicedRoutes)['invoiceEntries']>['body']

/** Selected entries become drafts, one per group; what cannot is named with the reason. All of it is one transaction. */
export const invoiceEntries: HandlerOf<(typeof uninvoicedRoutes)['invoiceEntries']> = (call) => {
  if (namesNothing(call.body)) throw wrongField('/hours', 'required')
  return draftAll(call, call.body)
}

export const invoiceHours: HandlerOf<(typeof invoiceRoutes)['invoiceHours']> = (call) => {
  const { selection, ...rest } = call.body
  return draftAll(call, { ...rest, hours: selection })
}

async function draftAll(call: Call, body: Body) {
  const { trx, firmId, services, language } = call
  const date = body.date === undefined ? dateIn(call.firm.timeZone, call.now) : calendarDate(body.date)
  const { groups, leftOut } = await draftSelected(call, { ...body, date })
  const series = await seriesFor(trx, firmId, body.seriesId)
  const invoices = []
  for (const group of groups) invoices.push(await storeDraft(call, body, group, series))
  if (invoices.length > 0)
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: invoices.map(({ id }) => id) })
  const drafted = groups.flatMap(({ lines }) => lines.flatMap(({ entryIds }) => entryIds))
  const doubts = await doubtsOver(call, drafted)
  return {
    invoices,
    notes: doubts.map(({ note }) => explainProblem(note, language)),
    leftOut: leftOutAnswer(leftOut, language),
  }
}

async function storeDraft(call: Call, body: Body, group: DraftedGroup, series: Series) {
  const { trx, firmId, services } = call
  const { lines, totals, customer, firm, date, kinds } = group
  const entries = group.members.length
  const id = await insertDraft(
    call,
    { customer, firm, seriesId: series.id, date },
    {
      ...periodOf(lines.filter(({ ownPeriod }) => ownPeriod)),
      reference: group.reference,
      orderNumber: group.orderNumber,
      groupedBy: body.groupBy,
      net: totals.net,
      vat: totals.vat,
      gross: totals.gross,
      vatPerRate: JSON.stringify(totals.vatPerRate),
    },
  )
  const lineIds = await insertLines({ trx, firmId, ids: services.ids }, id, lines)
  await claimEntries(call, { invoiceId: id }, claimsOf(lines, lineIds))
  await remember(call, { kind: 'invoice', id }, 'created', {
    after: { from: kinds.join(', '), entries, net: totals.net, groupBy: body.groupBy, splitBy: body.splitBy },
  })
  return {
    id,
    customerName: customer.name,
    net: totals.net,
    currency: customer.currency,
    entries,
    projectIds: [...group.projectIds],
  }
}
