import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDateShort } from '@uurwerk/core/shared/format.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { type ApprovalFlow, decide, type EntryAct, type EntryState, settled } from '@uurwerk/core/time/approval.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Actor, Language } from '../http/call.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { claimJoin, type EntryKind, peopleAndProject, tableOf } from './entry-sql.ts'

export const actNames = ['submit', 'withdraw', 'approve', 'reject', 'reopen', 'write-off', 'undo-write-off'] as const
export type ActName = (typeof actNames)[number]

/** Who acts, in which transaction. */
export interface Acting {
  readonly trx: Trx
  readonly firmId: string
  readonly actor: Actor
  readonly requestId: string | null
  readonly now: Date
  readonly language: Language
  readonly services: Pick<Services, 'ids' | 'events'>
}

export interface ActRequest {
  readonly kind: EntryKind
  readonly act: ActName
  readonly reason?: string | undefined
  /** What changed after this instant is told and left as it is. */
  readonly asOf?: Date | undefined
}

export interface ActResult {
  readonly id: string
  /** Day, person and what it is about; empty when there is no such entry for who asks. */
  readonly label: string
  /** Null when it is done. */
  readonly problem: Problem | null
}

/** An entry with all that decides about its state. */
export interface StatedEntry {
  readonly id: string
  readonly version: number
  readonly updatedAt: Date
  readonly date: string
  readonly memberId: string
  readonly memberName: string
  readonly about: string
  readonly projectName: string | null
  readonly managed: boolean
  readonly customerId: string | null
  /** Whether the approval of the customer is asked for: a project of a customer, that does not say otherwise. */
  readonly customerAsked: boolean
  readonly invoiceNumber: string | null
  readonly state: EntryState
}

/** What the firm says about approval. */
export interface ApprovalRules {
  readonly flow: ApprovalFlow
  readonly approveOwn: boolean
  readonly lockedUntil: string | null
}

export async function approvalRules({ trx, firmId }: Pick<Acting, 'trx' | 'firmId'>): Promise<ApprovalRules> {
  const firm = await trx
    .selectFrom('firm')
    .select(['approval', 'approveOwn', 'lockedUntil'])
    .where('firmId', '=', firmId)
    // Who changes the rules waits for those who act by them.
    .forShare()
    .executeTakeFirstOrThrow()
  return { flow: firm.approval as ApprovalFlow, approveOwn: firm.approveOwn, lockedUntil: firm.lockedUntil }
}

/** Where the customer is not asked, somebody of the firm approves: nothing is approved by nobody. */
export const flowOf = (flow: ApprovalFlow, customerAsked: boolean): ApprovalFlow =>
  flow === 'off' || customerAsked ? flow : 'internal'

/**
 * Does one thing to the state of many entries, and tells of each whether it was done; as many statements for one as
 * for thousands. The results stand in the order of `ids`.
 */
export async function actOnEntries(call: Acting, request: ActRequest, ids: readonly string[]): Promise<ActResult[]> {
  const { kind, act } = request
  const rules = await approvalRules(call)
  const entries = await lockEntries(call, kind, ids)
  const changes: Change[] = []
  const results = ids.map((id): ActResult => {
    const entry = entries.get(id)
    if (!entry) return { id, label: '', problem: { kind: 'missing', code: 'not-found', values: { what: kind } } }
    const outcome = outcomeOf(call, request, rules, entry)
    if ('facts' in outcome) changes.push({ entry, facts: outcome.facts, why: request.reason })
    return {
      id,
      label: labelOf(entry, call.language),
      problem: 'problem' in outcome ? { ...outcome.problem, values: valuesOf(entry, outcome.problem) } : null,
    }
  })
  await writeChanges(call, { kind, what: pastOf[act], by: call.actor }, changes)
  return results
}

export const labelOf = (entry: Pick<StatedEntry, 'date' | 'memberName' | 'about'>, language: Language): string =>
  `${formatDateShort(calendarDate(entry.date), language)}, ${entry.memberName}, ${entry.about}`

const pastOf = {
  submit: 'submitted',
  withdraw: 'withdrawn',
  approve: 'approved',
  reject: 'rejected',
  reopen: 'reopened',
  'write-off': 'written-off',
  'undo-write-off': 'write-off-undone',
} as const satisfies Record<ActName, string>

function outcomeOf(
  { actor, now }: Pick<Acting, 'actor' | 'now'>,
  { act, reason = '', asOf }: ActRequest,
  rules: ApprovalRules,
  entry: StatedEntry,
): { readonly facts: EntryState } | { readonly problem: Problem } {
  const conflict = (code: string, values: Problem['values'] = {}) => ({
    problem: { kind: 'conflict' as const, code, values },
  })
  const forbidden = whyNotBy(actor, act, rules, entry)
  if (forbidden) return { problem: forbidden }
  if (asOf && entry.updatedAt > asOf) return conflict('entry-changed')
  if (rules.lockedUntil && entry.date <= rules.lockedUntil)
    return conflict('entry-day-locked', { until: rules.lockedUntil })
  const flow = flowOf(rules.flow, entry.customerAsked)
  const decision = decide(flow, entry.state, toAct(act, reason, now))
  if ('facts' in decision) return decision
  // The firm asks less than before: what was given is enough, and only has to be written.
  const enough = settled(flow, entry.state)
  if (act === 'approve' && enough !== entry.state) return { facts: enough }
  return decision
}

function toAct(act: ActName, reason: string, now: Date): EntryAct {
  switch (act) {
    case 'approve':
      return { act, by: 'internal' }
    case 'reject':
      return { act, by: 'internal', reason }
    case 'write-off':
      return { act, reason, at: now.toISOString() }
    default:
      return { act }
  }
}

const noRight = (right: string): Problem => ({ kind: 'forbidden', code: 'no-right', values: { right } })

/** One's own time is submitted by oneself, or by who may write it; approved by who may, on what he manages or reads. */
function whyNotBy(
  { memberId, rights }: Actor,
  act: ActName,
  { approveOwn, flow }: ApprovalRules,
  entry: StatedEntry,
): Problem | null {
  const isOwn = entry.memberId === memberId
  switch (act) {
    case 'submit':
    case 'withdraw':
      return isOwn || rights.has('hours:write') ? null : noRight('hours:write')
    case 'write-off':
    case 'undo-write-off':
      return rights.has('hours:write') ? null : noRight('hours:write')
    default:
      if (!rights.has('hours:approve')) return noRight('hours:approve')
      if (isOwn && !approveOwn && flow !== 'off') return { kind: 'forbidden', code: 'approve-own-not' }
      return rights.has('hours:read') || entry.managed ? null : { kind: 'forbidden', code: 'project-not-managed' }
  }
}

const valuesOf = (entry: StatedEntry, { values }: Problem): Record<string, string> => ({
  date: entry.date,
  user: entry.memberName,
  about: entry.about,
  // Words shared with invoicing name the project.
  project: entry.projectName ?? entry.about,
  number: entry.invoiceNumber ?? '',
  ...values,
})

const aboutOf = {
  hours: sql`p.name`,
  expense: sql`(select x.name from expense_category x where x.firm_id = e.firm_id and x.id = e.category_id)`,
  trip: sql`e.from_place || ' – ' || e.to_place`,
} as const satisfies Record<EntryKind, RawBuilder<unknown>>

/** Who sees it: the conditions of `visibleSql`, told per row so that it says too whether the project is managed. */
const managedSql = (memberId: string | null) => sql<boolean>`exists (select from project_member managed
  where managed.firm_id = e.firm_id and managed.project_id = e.project_id
    and managed.member_id = ${memberId}::uuid and managed.manager)`

/** The entries that who asks may see, locked for the rest of the transaction, in one order for all. */
export async function lockEntries(
  {
    trx,
    firmId,
    actor,
  }: Pick<Acting, 'trx' | 'firmId'> & { readonly actor: Pick<Actor, 'rights' | 'memberId'> | null },
  kind: EntryKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StatedEntry>> {
  const table = sql.table(tableOf[kind])
  // Locked first and read after that: who waited for the lock must see what was done meanwhile.
  await sql`select id from ${table} where firm_id = ${firmId}::uuid and id = any(${[...ids]}::uuid[])
    order by id for update`.execute(trx)
  const { rows } = await sql<StatedRow>`
    select e.id, e.version, e.updated_at as "updatedAt", e.date, e.member_id as "memberId", m.name as "memberName",
      ${aboutOf[kind]} as about, p.name as "projectName", ${managedSql(actor?.memberId ?? null)} as managed, p.customer_id as "customerId",
      (p.customer_id is not null and p.customer_approves) is true as "customerAsked",
      coalesce(i.number, d.their_number) as "invoiceNumber", d.id is not null as "inPackage",
      e.approval, e.internal_approved as "internalApproved", e.customer_approved as "customerApproved",
      e.rejected_reason as "rejectedReason", e.written_off_at as "writtenOffAt", e.written_off_reason as "writtenOffReason",
      e.claimed, (i.state in ('sent', 'credited') or (d.id is not null and pc.state = 'posted')) is true as invoiced
    from ${table} e ${peopleAndProject} ${claimJoin(kind)}
    where e.firm_id = ${firmId}::uuid and e.id = any(${[...ids]}::uuid[]) and e.deleted_at is null`.execute(trx)
  const seen = rows.filter(
    ({ memberId, managed }) =>
      !actor ||
      actor.rights.has('hours:read') ||
      memberId === actor.memberId ||
      (actor.rights.has('hours:managed') && managed),
  )
  return new Map(seen.map((row) => [row.id, toStated(row)]))
}

interface StatedRow extends Omit<StatedEntry, 'state'> {
  readonly approval: EntryState['approval']
  readonly internalApproved: boolean
  readonly customerApproved: boolean
  readonly rejectedReason: string | null
  readonly writtenOffAt: Date | null
  readonly writtenOffReason: string | null
  readonly claimed: boolean
  readonly invoiced: boolean
  /** What claims it is a document in the package. */
  readonly inPackage: boolean
}

const claimOf = ({ claimed, invoiced, inPackage }: StatedRow): EntryState['claim'] => {
  if (!claimed) return null
  return inPackage ? (invoiced ? 'document' : 'posted') : invoiced ? 'sent' : 'draft'
}

function toStated(row: StatedRow): StatedEntry {
  const { approval, internalApproved, customerApproved, rejectedReason, writtenOffAt, writtenOffReason } = row
  return {
    ...row,
    state: {
      approval,
      internalApproved,
      customerApproved,
      rejectedReason,
      writtenOffAt: writtenOffAt?.toISOString() ?? null,
      writtenOffReason,
      claim: claimOf(row),
    },
  }
}

export interface Change {
  readonly entry: StatedEntry
  readonly facts: EntryState
  readonly why?: string | undefined
}

/** What is kept of it: the act in the past tense, and by whom. */
interface Kept {
  readonly kind: EntryKind
  readonly what: string
  readonly by: { readonly memberId: string | null; readonly name: string }
  /** More about all of them, beside the new state. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** One statement for the entries, one for their history, one for who looks at them. */
export async function writeChanges(
  { trx, firmId, now, requestId, services }: Pick<Acting, 'trx' | 'firmId' | 'now' | 'requestId' | 'services'>,
  { kind, what, by, more = {} }: Kept,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return
  const states = changes.map(({ entry, facts }) => ({ id: entry.id, ...facts }))
  await sql`
    update ${sql.table(tableOf[kind])} e set approval = r.approval,
      internal_approved = r."internalApproved", customer_approved = r."customerApproved",
      rejected_reason = r."rejectedReason", written_off_at = r."writtenOffAt", written_off_reason = r."writtenOffReason",
      submitted_at = case
        when r.approval in ('open', 'rejected') then null
        when e.approval in ('open', 'rejected') then ${now}
        else e.submitted_at end,
      version = e.version + 1, updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(states)}::jsonb) as r(id uuid, approval text, "internalApproved" boolean,
      "customerApproved" boolean, "rejectedReason" text, "writtenOffAt" timestamptz, "writtenOffReason" text)
    where e.firm_id = ${firmId}::uuid and e.id = r.id`.execute(trx)
  const told = changes.map(({ entry, facts, why }) => ({
    id: services.ids.next(),
    subject: entry.id,
    before: factsTold(entry.state),
    after: { ...factsTold(facts), ...more },
    why: why?.trim() || null,
  }))
  await sql`
    insert into history (firm_id, id, subject_kind, subject_id, act, before, after, why, actor_id, actor_name, request_id, at)
    select ${firmId}::uuid, r.id, ${kind}, r.subject, ${what}, r.before, r.after, r.why, ${by.memberId}::uuid, ${by.name},
      ${requestId}::text, ${now}
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as r(id uuid, subject uuid, before jsonb, after jsonb, why text)`.execute(
    trx,
  )
  await services.events.publish(trx, firmId, { topic: topicOf[kind], ids: changes.map(({ entry }) => entry.id) })
  await services.events.publish(trx, firmId, { topic: 'approvals' })
}

const factsTold = ({ approval, internalApproved, customerApproved }: EntryState) => ({
  approval,
  internalApproved,
  customerApproved,
})

export const topicOf = { hours: 'hours', expense: 'expenses', trip: 'trips' } as const satisfies Record<
  EntryKind,
  string
>
