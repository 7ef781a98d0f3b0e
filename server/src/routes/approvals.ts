import type { approvalEntry, approvalRoutes, approvalWeek } from '@uurwerk/api/approvals.ts'
import { type CalendarDate, calendarDate, dayOfWeek, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round, sum } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { answerRequest, changedSince, followLink, outcomesOf, readRequest } from '../approvals/answer.ts'
import type { ApprovalEntry } from '../approvals/approval-entries.ts'
import { type ApprovalWeek, approvalWeeks, countWeeks, oneWeek } from '../approvals/approval-weeks.ts'
import { hashOf, readShown } from '../approvals/evidence.ts'
import {
  type Asking,
  askAgain,
  askable,
  type Made,
  makeRequest,
  oneRequest,
  requestRows,
  sendRequest,
  toRequestAnswer,
  withdrawRequest,
} from '../approvals/requests.ts'
import type { Handlers, Language } from '../http/call.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'

type Names = Exclude<
  keyof typeof approvalRoutes,
  'actOnEntries' | 'readEntryActs' | 'listEntryActRows' | 'submitWeek' | 'withdrawWeek'
>

export const approvalHandlers: Handlers<Names> = {
  listApprovalWeeks: async (call) => {
    const { cursor, limit } = call.query
    const [monday, memberName, memberId] = keyOf(cursor, ['date', 'text', 'id']) ?? []
    const after = monday && memberId ? { monday, memberName: memberName ?? '', memberId } : undefined
    return pageOf(
      await approvalWeeks(call, { after, limit: limit + 1 }),
      limit,
      (week) => [week.monday, week.memberName, week.memberId],
      toWeekAnswer,
    )
  },

  countApprovalWeeks: (call) => countWeeks(call),

  readApprovalWeek: async (call) => {
    const { trx, firmId, params } = call
    const monday = calendarDate(params.monday)
    if (dayOfWeek(monday) !== 1) throw wrongField('/path/monday', 'not-a-monday')
    const member = await trx
      .selectFrom('member')
      .select('name')
      .where('firmId', '=', firmId)
      .where('id', '=', params.memberId)
      .executeTakeFirst()
    if (!member) throw notThere('person')
    const { entries, contract, warnings, submittedAt } = await oneWeek(call, { memberId: params.memberId, monday })
    return {
      memberId: params.memberId,
      memberName: member.name,
      monday,
      ...weekOf(monday),
      entries: entries.map(toEntryAnswer),
      contract,
      warnings: [...warnings],
      submittedAt: submittedAt?.toISOString() ?? null,
    }
  },

  listApprovalRequests: async (call) => {
    const { cursor, limit, state, customerId } = call.query
    const [after] = keyOf(cursor, ['id']) ?? []
    return pageOf(
      await requestRows(call, { state, customerId, after }, limit + 1),
      limit,
      ({ id }) => [id],
      (row) => toRequestAnswer(row, call),
    )
  },

  previewApprovalRequests: async (call) => {
    const { trx, firmId, services } = call
    const entries = await askable(call)
    const customers = [...Map.groupBy(entries, ({ customerId }) => customerId)]
    const ids = customers.flatMap(([id]) => id ?? [])
    const { rows: known } = await sql<{ id: string; language: Language }>`
      select id, language from customer where firm_id = ${firmId}::uuid and id = any(${ids}::uuid[])`.execute(trx)
    const { rows: contacts } = await sql<{ customerId: string; name: string; email: string }>`
      select customer_id as "customerId", name, email from contact
      where firm_id = ${firmId}::uuid and customer_id = any(${ids}::uuid[]) and email is not null
        and archived_at is null and deleted_at is null
      order by approves_entries desc, name`.execute(trx)
    const rows = customers.flatMap(([customerId, own]) => {
      const [first, last] = [own[0], own.at(-1)]
      if (!customerId || !first || !last) return []
      return [
        {
          customerId,
          customerName: first.customerName ?? '',
          language: known.find(({ id }) => id === customerId)?.language ?? call.firm.language,
          entries: own.length,
          minutes: own.reduce((total, { minutes }) => total + (minutes ?? 0), 0),
          from: first.date,
          until: last.date,
          contacts: contacts
            .filter((contact) => contact.customerId === customerId)
            .map(({ name, email }) => ({ name, email })),
        },
      ]
    })
    return {
      rows: rows.sort((a, b) => a.customerName.localeCompare(b.customerName, call.language)),
      mail: services.mail.works,
    }
  },

  createApprovalRequest: {
    free: async (call) => sentAnswer(call, await within(call, (trx) => makeRequest({ ...call, trx }, call.body))),
  },

  sendApprovalRequest: {
    free: async (call) =>
      sentAnswer(call, await within(call, (trx) => askAgain({ ...call, trx }, call.params.id, call.body))),
  },

  withdrawApprovalRequest: async (call) => {
    await withdrawRequest(call, call.params.id)
    return toRequestAnswer(await oneRequest(call, call.params.id), call)
  },

  readApprovalRequest: async (call) => {
    const { trx, firmId, params } = call
    const row = await oneRequest(call, params.id)
    const shown = readShown(row.shown)
    const outcomes = await outcomesOf(trx, { firmId, requestId: params.id })
    const of = new Map(outcomes.map((one) => [`${one.kind} ${one.id}`, one]))
    return {
      ...toRequestAnswer(row, call),
      entries: shown.entries.map((entry) => {
        const { outcome = null, reason = null } = of.get(`${entry.kind} ${entry.id}`) ?? {}
        return { ...entry, outcome, reason }
      }),
      evidence: {
        sha256: row.shownSha256,
        intact: hashOf(row.shown) === row.shownSha256,
        messageId: row.mailMessageId,
      },
    }
  },

  readApproval: async ({ services, params, ip, now }) => {
    const link = await followLink(services, { token: params.token, ip })
    return services.store.withFirm(link.firmId, async (trx) => {
      const { shown, outcomes, ...request } = await readRequest(trx, link, now)
      const isReadable = request.state === 'open' || request.state === 'answered'
      const changed = request.state === 'open' ? await changedSince(trx, link.firmId, shown) : new Set<string>()
      const of = new Map(outcomes.map((one) => [`${one.kind} ${one.id}`, one]))
      const entries = isReadable ? shown.entries : []
      return {
        state: request.state,
        firm: shown.firm,
        customer: shown.customer,
        askedBy: shown.askedBy,
        language: request.language,
        message: shown.message,
        expiresAt: request.expiresAt.toISOString(),
        answeredAt: request.answeredAt?.toISOString() ?? null,
        answeredName: request.answeredName,
        from: shown.from,
        until: shown.until,
        minutes: entries.reduce((total, { minutes }) => total + (minutes ?? 0), 0),
        distanceKm: entries.some(({ distanceKm }) => distanceKm)
          ? round(sum(entries.flatMap(({ distanceKm }) => (distanceKm ? [decimal(distanceKm)] : []))), 1)
          : null,
        entries: entries.map(({ version: _, ...entry }) => {
          const { outcome = null, reason = null } = of.get(`${entry.kind} ${entry.id}`) ?? {}
          return { ...entry, changed: changed.has(entry.id), outcome, reason }
        }),
        counts: countsOf(outcomes),
      }
    })
  },

  answerApproval: async ({ services, params, body, ip, now, requestId }) => {
    const link = await followLink(services, { token: params.token, ip })
    return services.store.withFirm(link.firmId, async (trx) => {
      await answerRequest({ trx, link, now, requestId, services }, body)
      return { counts: countsOf(await outcomesOf(trx, link)), answeredAt: now.toISOString() }
    })
  },
}

const within = <Result>({ services, firmId }: Asking, work: (trx: Trx) => Promise<Result>): Promise<Result> =>
  services.store.withFirm(firmId, work)

/** Told with the link when it has to be handed over. */
async function sentAnswer(call: Asking, made: Made) {
  const link = await sendRequest(call, made)
  const row = await within(call, (trx) => oneRequest({ ...call, trx }, made.requestId))
  return { ...toRequestAnswer(row, call), link }
}

function countsOf(outcomes: Awaited<ReturnType<typeof outcomesOf>>) {
  const count = (outcome: string) => outcomes.filter((one) => one.outcome === outcome).length
  return {
    entries: outcomes.length,
    approved: count('approved'),
    rejected: count('rejected'),
    changed: count('changed'),
  }
}

const toWeekAnswer = (week: ApprovalWeek): z.input<typeof approvalWeek> => ({
  memberId: week.memberId,
  memberName: week.memberName,
  year: week.year,
  week: week.week,
  monday: week.monday satisfies CalendarDate,
  minutes: week.minutes,
  expenses: week.expenses.map((one) => ({ ...one })),
  distanceKm: week.distanceKm,
  ids: { hours: [...week.ids.hours], expense: [...week.ids.expense], trip: [...week.ids.trip] },
  contract: week.contract,
  warnings: [...week.warnings],
  submittedAt: week.submittedAt?.toISOString() ?? null,
})

const toEntryAnswer = (entry: ApprovalEntry): z.input<typeof approvalEntry> => ({
  kind: entry.kind,
  id: entry.id,
  version: entry.version,
  date: entry.date,
  memberName: entry.memberName,
  projectName: entry.projectName,
  customerName: entry.customerName,
  about: entry.about,
  note: entry.note,
  minutes: entry.minutes,
  startMinute: entry.startMinute,
  endMinute: entry.endMinute,
  distanceKm: entry.distanceKm,
  gross: entry.gross,
  currency: entry.currency,
  billable: entry.billable,
  approval: entry.approval,
  internalApproved: entry.internalApproved,
  customerApproved: entry.customerApproved,
  rejectedReason: entry.rejectedReason,
  locked: entry.locked,
  waits: entry.waits,
})
