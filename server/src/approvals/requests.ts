import type { approvalRequest as requestShape } from '@uurwerk/api/approvals.ts'
import { addDays, type CalendarDate, calendarDate, dateIn, startOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDate, formatDateShort } from '@uurwerk/core/shared/format.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { ApprovalFlow } from '@uurwerk/core/time/approval.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { approvalRules } from '../entries/act-on-entries.ts'
import type { EntryKind } from '../entries/entry-sql.ts'
import { visibleSql } from '../entries/visible.ts'
import { waitsForSql } from '../entries/waits-for.ts'
import type { FirmCall, Language } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem, notThere, wrongField } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { mayHaveArrived } from '../letters/mail.ts'
import { randomToken } from '../secrets.ts'
import type { Trx } from '../store/database.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import { type ApprovalEntry, approvalEntries } from './approval-entries.ts'
import { hashOf, type Shown } from './evidence.ts'

/** Without a transaction: a letter is sent between two of them. */
export type Asking = Omit<FirmCall<never>, 'trx' | 'afterCommit' | 'params' | 'query' | 'body' | 'version'>
type Call = Asking & { readonly trx: Trx }
export type RequestAnswer = z.input<typeof requestShape>

/** More than a person reads; a shorter period makes two requests of it. */
const mostEntries = 2000
/** A letter of which nothing was heard for so long went out from a process that stopped meanwhile. */
const silenceMs = 120_000

export interface NewRequest {
  readonly customerId: string
  readonly email: string
  readonly language?: Language | undefined
  readonly message: string
  readonly expiresInDays: number
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly entries?: readonly { readonly kind: EntryKind; readonly id: string }[] | undefined
}

/** A letter that is to go out; null when there is no mail server and the link is handed over. */
export interface Made {
  readonly requestId: string
  readonly link: string
  readonly messageId: string | null
}

const waitingForCustomers = ({ actor }: Pick<Call, 'actor'>, flow: ApprovalFlow): RawBuilder<unknown> =>
  sql` and ${waitsForSql(flow, 'customer')} ${visibleSql(actor, 'e')}`

/** It stands in no request that the customer can still answer. */
const notAsked = (kind: EntryKind, now: Date) => sql` and not exists (
  select from approval_request_entry q join approval_request r on r.firm_id = q.firm_id and r.id = q.request_id
  where q.firm_id = e.firm_id and q.entry_kind = ${sql.lit(kind)} and q.entry_id = e.id
    and r.answered_at is null and r.withdrawn_at is null and r.expires_at > ${now})`

/** All that waits for customers and was not asked of them yet. */
export async function askable(call: Call): Promise<readonly ApprovalEntry[]> {
  const { flow } = await approvalRules(call)
  const waits = waitingForCustomers(call, flow)
  return approvalEntries(call.trx, {
    firmId: call.firmId,
    where: (kind) => sql`${waits}${notAsked(kind, call.now)}`,
  })
}

/** Everything but the letter: the request, what the customer will see with its hash, and the link. */
export async function makeRequest(call: Call, wanted: NewRequest): Promise<Made> {
  const { trx, firmId, services, now, actor } = call
  const customer = await trx
    .selectFrom('customer')
    .select(['name', 'language'])
    .where('firmId', '=', firmId)
    .where('id', '=', wanted.customerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!customer) throw wrongField('/customerId', 'customer-unknown')
  const firm = await trx.selectFrom('firm').select('name').where('firmId', '=', firmId).executeTakeFirstOrThrow()
  // Two who ask the same at once: the second finds it asked.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${firmId} ask ${wanted.customerId}`}, 1))`.execute(trx)
  const entries = await entriesFor(call, wanted)
  const dates = entries.map(({ date }) => date).sort()
  const shown: Shown = {
    firm: firm.name,
    customer: customer.name,
    askedBy: actor.name,
    message: wanted.message.trim(),
    from: dates[0] as CalendarDate,
    until: dates.at(-1) as CalendarDate,
    entries: entries.map(toShown),
  }
  const requestId = services.ids.next()
  await trx
    .insertInto('approvalRequest')
    .values({
      firmId,
      id: requestId,
      customerId: wanted.customerId,
      email: wanted.email,
      language: wanted.language ?? customer.language,
      message: shown.message,
      shown: JSON.stringify(shown),
      shownSha256: hashOf(shown),
      expiresAt: expiryOf(call, wanted.expiresInDays),
      createdBy: actor.memberId,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  const rows = entries.map(({ kind, id, version }) => ({ kind, id, version }))
  await sql`
    insert into approval_request_entry (firm_id, request_id, entry_kind, entry_id, entry_version)
    select ${firmId}::uuid, ${requestId}::uuid, r.kind, r.id, r.version
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, id uuid, version integer)`.execute(trx)
  await remember(call, { kind: 'approval-request', id: requestId }, 'asked', {
    after: { email: wanted.email, entries: entries.length, sha256: hashOf(shown) },
  })
  return giveLink(call, requestId, expiryOf(call, wanted.expiresInDays))
}

/** A new link for a request that can still be answered; the ones before stop working. */
export async function askAgain(
  call: Call,
  requestId: string,
  { email, expiresInDays }: { readonly email?: string | undefined; readonly expiresInDays: number },
): Promise<Made> {
  const { trx, firmId, now } = call
  const row = await lockRequest(call, requestId)
  refuseClosed(row)
  const expiresAt = expiryOf(call, expiresInDays)
  await trx
    .updateTable('approvalRequest')
    .set({ email: email ?? row.email, expiresAt, version: row.version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', requestId)
    .execute()
  await remember(call, { kind: 'approval-request', id: requestId }, 'asked-again', {
    before: { email: row.email },
    after: { email: email ?? row.email },
  })
  return giveLink(call, requestId, expiresAt)
}

export async function withdrawRequest(call: Call, requestId: string): Promise<void> {
  const { trx, firmId, now } = call
  const row = await lockRequest(call, requestId)
  refuseClosed(row)
  await trx
    .updateTable('approvalRequest')
    .set({ withdrawnAt: now, version: row.version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', requestId)
    .execute()
  await remember(call, { kind: 'approval-request', id: requestId }, 'withdrawn')
  await tell(call)
}

/** The letter, once; what became of it is kept. Answers the link when somebody has to hand it over. */
export async function sendRequest(call: Asking, { requestId, link, messageId }: Made): Promise<string | null> {
  if (messageId === null) return link
  const { services, firmId } = call
  const letter = await services.store.withFirm(firmId, (trx) => letterOf({ ...call, trx }, requestId, link))
  let came: { state: 'sent' | 'failed' | 'uncertain'; problem: Problem | null } = { state: 'sent', problem: null }
  try {
    await services.mail.send({ ...letter, messageId })
  } catch (error) {
    services.log.warn({ err: error, request: requestId }, 'a request for approval could not be mailed')
    came = mayHaveArrived(error)
      ? { state: 'uncertain', problem: { kind: 'uncertain', code: 'mail-uncertain', values: { email: letter.to } } }
      : { state: 'failed', problem: { kind: 'refused', code: 'mail-refused', values: { email: letter.to } } }
  }
  await services.store.withFirm(firmId, async (trx) => {
    await trx
      .updateTable('approvalRequest')
      .set({
        mailState: came.state,
        mailProblem: came.problem ? JSON.stringify(came.problem) : null,
        mailedAt: services.clock.now(),
      })
      .where('firmId', '=', firmId)
      .where('id', '=', requestId)
      // Not over what a later letter said.
      .where('mailMessageId', '=', messageId)
      .execute()
    await tell({ ...call, trx })
  })
  return came.state === 'failed' ? link : null
}

export const tell = ({ services, trx, firmId }: Pick<Call, 'services' | 'trx' | 'firmId'>) =>
  services.events.publish(trx, firmId, { topic: 'approvals' })

/** To the end of the last day, where the firm is. */
const expiryOf = ({ firm, now }: Call, days: number): Date =>
  startOfDayIn(firm.timeZone, addDays(dateIn(firm.timeZone, now), days + 1))

async function giveLink(call: Call, requestId: string, expiresAt: Date): Promise<Made> {
  const { trx, firmId, services } = call
  const token = randomToken()
  await trx
    .deleteFrom('directory.approvalLink')
    .where('firmId', '=', firmId)
    .where('requestId', '=', requestId)
    .execute()
  await trx
    .insertInto('directory.approvalLink')
    .values({ tokenHash: services.seals.hashToken(token.reveal()), firmId, requestId, expiresAt })
    .execute()
  // Kept before the letter goes, so that it can be found again in the mail server's log.
  const messageId = services.mail.works
    ? `${services.ids.next()}@${new URL(services.settings.publicUrl).hostname}`
    : null
  await trx
    .updateTable('approvalRequest')
    .set({
      mailState: messageId ? 'waiting' : 'by-hand',
      mailMessageId: messageId,
      mailProblem: null,
      mailedAt: null,
    })
    .where('firmId', '=', firmId)
    .where('id', '=', requestId)
    .execute()
  await tell(call)
  return { requestId, messageId, link: `${services.settings.publicUrl}/approve/${token.reveal()}` }
}

async function letterOf({ trx, firmId, firm }: Call, requestId: string, link: string) {
  const row = await trx
    .selectFrom('approvalRequest')
    .innerJoin('firm', 'firm.firmId', 'approvalRequest.firmId')
    .select(['approvalRequest.email', 'approvalRequest.language', 'message', 'expiresAt', 'firm.name'])
    .select(sql<string>`shown->>'from'`.as('from'))
    .select(sql<string>`shown->>'until'`.as('until'))
    .select(sql<string>`shown->>'askedBy'`.as('askedBy'))
    .where('approvalRequest.firmId', '=', firmId)
    .where('id', '=', requestId)
    .executeTakeFirstOrThrow()
  const language = row.language as Language
  const period = periodOf(calendarDate(row.from), calendarDate(row.until), language)
  const last = addDays(dateIn(firm.timeZone, row.expiresAt), -1)
  const values = { firm: row.name, period, person: row.askedBy, link, date: formatDate(last, language) }
  return {
    to: row.email,
    subject: say(language, 'mail.approval.subject', values),
    text: say(language, 'mail.approval.text', { ...values, message: row.message ? `\n\n${row.message}` : '' }),
  }
}

const periodOf = (from: CalendarDate, until: CalendarDate, language: Language): string =>
  from === until
    ? formatDate(from, language)
    : `${formatDateShort(from, language)} – ${formatDateShort(until, language)}`

async function entriesFor(call: Call, wanted: NewRequest): Promise<readonly ApprovalEntry[]> {
  const { trx, firmId, now } = call
  const { flow } = await approvalRules(call)
  const waits = waitingForCustomers(call, flow)
  const found = await approvalEntries(trx, {
    firmId,
    where: (kind) => {
      const chosen = wanted.entries?.filter((one) => one.kind === kind).map(({ id }) => id)
      return sql`${waits} and p.customer_id = ${wanted.customerId}::uuid ${notAsked(kind, now)}
        ${wanted.from ? sql` and e.date >= ${wanted.from}::date` : sql``}
        ${wanted.until ? sql` and e.date <= ${wanted.until}::date` : sql``}
        ${chosen ? sql` and e.id = any(${chosen}::uuid[])` : sql``}`
    },
    limit: mostEntries + 1,
  })
  const ids = new Set(found.map(({ id }) => id))
  const missing = wanted.entries?.findIndex(({ id }) => !ids.has(id)) ?? -1
  if (missing >= 0) throw wrongField(`/entries/${missing}/id`, 'not-waiting-for-customer')
  if (flow === 'off' || flow === 'internal') throw new ProblemError({ kind: 'conflict', code: 'customer-not-asked' })
  if (found.length === 0) throw new ProblemError({ kind: 'conflict', code: 'nothing-to-ask' })
  if (found.length > mostEntries)
    throw new ProblemError({ kind: 'conflict', code: 'too-much-to-ask', values: { most: String(mostEntries) } })
  return found
}

const toShown = (entry: ApprovalEntry): Shown['entries'][number] => ({
  kind: entry.kind,
  id: entry.id,
  version: entry.version,
  date: entry.date,
  memberName: entry.memberName,
  projectName: entry.projectName,
  about: entry.about,
  note: entry.note,
  minutes: entry.minutes,
  startMinute: entry.startMinute,
  endMinute: entry.endMinute,
  distanceKm: entry.distanceKm,
})

/** Of somebody else only for who sees all hours. */
async function lockRequest({ trx, firmId, actor }: Call, id: string) {
  const row = await trx
    .selectFrom('approvalRequest')
    .select(['email', 'version', 'answeredAt', 'withdrawnAt', 'createdBy'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row || (row.createdBy !== actor.memberId && !actor.rights.has('hours:read'))) throw notThere('approval-request')
  return row
}

function refuseClosed({ answeredAt, withdrawnAt }: { answeredAt: Date | null; withdrawnAt: Date | null }): void {
  const conflict = (code: string) => new ProblemError({ kind: 'conflict', code })
  if (answeredAt) throw conflict('request-answered')
  if (withdrawnAt) throw conflict('request-withdrawn')
}

interface RequestRow {
  readonly id: string
  readonly customerId: string
  readonly customerName: string
  readonly email: string
  readonly language: Language
  readonly message: string
  readonly mailState: RequestAnswer['mail']['state']
  readonly mailProblem: unknown
  readonly mailedAt: Date | null
  readonly mailMessageId: string | null
  readonly from: string
  readonly until: string
  readonly minutes: number
  readonly entries: number
  readonly approved: number
  readonly rejected: number
  readonly changed: number
  readonly askedBy: string
  readonly createdBy: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly expiresAt: Date
  readonly openedAt: Date | null
  readonly answeredAt: Date | null
  readonly answeredName: string | null
  readonly withdrawnAt: Date | null
  readonly version: number
  readonly shown: unknown
  readonly shownSha256: string
}

export type RequestState = RequestAnswer['state']

export const stateOf = (row: Pick<RequestRow, 'answeredAt' | 'withdrawnAt' | 'expiresAt'>, now: Date): RequestState =>
  row.withdrawnAt ? 'withdrawn' : row.answeredAt ? 'answered' : row.expiresAt <= now ? 'expired' : 'open'

const stateSql = (now: Date) => sql`case when r.withdrawn_at is not null then 'withdrawn'
  when r.answered_at is not null then 'answered' when r.expires_at <= ${now} then 'expired' else 'open' end`

export interface RequestFilter {
  readonly id?: string
  readonly state?: RequestState | undefined
  readonly customerId?: string | undefined
  readonly after?: string | undefined
}

/** Requests, newest first; what was shown only for one. */
export async function requestRows(
  { trx, firmId, actor, now }: Pick<Call, 'trx' | 'firmId' | 'actor' | 'now'>,
  { id, state, customerId, after }: RequestFilter,
  limit: number,
): Promise<RequestRow[]> {
  const { rows } = await sql<RequestRow>`
    select r.id, r.customer_id as "customerId", k.name as "customerName", r.email, r.language, r.message,
      r.mail_state as "mailState", r.mail_problem as "mailProblem", r.mailed_at as "mailedAt",
      r.mail_message_id as "mailMessageId", r.shown->>'from' as "from", r.shown->>'until' as "until",
      r.shown->>'askedBy' as "askedBy", r.created_by as "createdBy", r.created_at as "createdAt", r.updated_at as "updatedAt",
      r.expires_at as "expiresAt", r.opened_at as "openedAt", r.answered_at as "answeredAt",
      r.answered_name as "answeredName", r.withdrawn_at as "withdrawnAt", r.version, r.shown_sha256 as "shownSha256",
      ${id ? sql`r.shown` : sql`null`} as shown,
      (select coalesce(sum((one->>'minutes')::int), 0)::int from jsonb_array_elements(r.shown->'entries') one) as minutes,
      counted.*
    from approval_request r
    join customer k on k.firm_id = r.firm_id and k.id = r.customer_id
    cross join lateral (select count(*)::int as entries,
        (count(*) filter (where q.outcome = 'approved'))::int as approved,
        (count(*) filter (where q.outcome = 'rejected'))::int as rejected,
        (count(*) filter (where q.outcome = 'changed'))::int as changed
      from approval_request_entry q where q.firm_id = r.firm_id and q.request_id = r.id) counted
    where r.firm_id = ${firmId}::uuid
      ${actor.rights.has('hours:read') ? sql`` : sql`and r.created_by = ${actor.memberId}::uuid`}
      ${id ? sql`and r.id = ${id}::uuid` : sql``}
      ${customerId ? sql`and r.customer_id = ${customerId}::uuid` : sql``}
      ${state ? sql`and ${stateSql(now)} = ${state}` : sql``}
      ${after ? sql`and r.id < ${after}::uuid` : sql``}
    order by r.id desc limit ${limit}`.execute(trx)
  return rows
}

export async function oneRequest(
  call: Pick<Call, 'trx' | 'firmId' | 'actor' | 'now'>,
  id: string,
): Promise<RequestRow> {
  const [row] = await requestRows(call, { id }, 1)
  if (!row) throw notThere('approval-request')
  return row
}

export function toRequestAnswer(row: RequestRow, { language, now }: Pick<Call, 'language' | 'now'>): RequestAnswer {
  const isSilent = row.mailState === 'waiting' && now.getTime() - row.updatedAt.getTime() > silenceMs
  const problem: Problem | null = isSilent
    ? { kind: 'uncertain', code: 'mail-uncertain', values: { email: row.email } }
    : row.mailProblem
      ? readStored(storedProblem, row.mailProblem, 'what became of a letter')
      : null
  return {
    id: row.id,
    customerId: row.customerId,
    customerName: row.customerName,
    email: row.email,
    language: row.language,
    message: row.message,
    state: stateOf(row, now),
    mail: {
      state: isSilent ? 'uncertain' : row.mailState,
      at: row.mailedAt?.toISOString() ?? null,
      problem: problem ? explainProblem(problem, language) : null,
    },
    from: row.from,
    until: row.until,
    minutes: row.minutes,
    counts: { entries: row.entries, approved: row.approved, rejected: row.rejected, changed: row.changed },
    askedBy: row.askedBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    openedAt: row.openedAt?.toISOString() ?? null,
    answeredAt: row.answeredAt?.toISOString() ?? null,
    answeredName: row.answeredName,
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
    version: row.version,
  }
}
