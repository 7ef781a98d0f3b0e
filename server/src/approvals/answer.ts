import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { decide, type EntryAct } from '@uurwerk/core/time/approval.ts'
import { sql } from 'kysely'
import {
  approvalRules,
  type Change,
  flowOf,
  lockEntries,
  type StatedEntry,
  writeChanges,
} from '../entries/act-on-entries.ts'
import { type EntryKind, tableOf } from '../entries/entry-sql.ts'
import type { Language } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { entryKinds } from './approval-entries.ts'
import { readShown, type Shown } from './evidence.ts'
import { type RequestState, stateOf } from './requests.ts'

/** Where a link leads, found without an account. */
export interface FollowedLink {
  readonly firmId: string
  readonly requestId: string
}

/** Who makes links up is held back, as who makes up passwords. */
export async function followLink(
  { people, store, seals }: Pick<Services, 'people' | 'store' | 'seals'>,
  { token, ip }: { readonly token: string; readonly ip: string },
): Promise<FollowedLink> {
  const attempt = await people.followLink(ip)
  const found = await store.withDirectory((trx) =>
    trx
      .selectFrom('directory.approvalLink')
      .select(['firmId', 'requestId'])
      .where('tokenHash', '=', seals.hashToken(token))
      .executeTakeFirst(),
  )
  if (!found) throw new ProblemError({ kind: 'missing', code: 'approval-gone' })
  await attempt.succeeded()
  return found
}

type Outcome = 'approved' | 'rejected' | 'changed'

interface OutcomeRow {
  readonly kind: EntryKind
  readonly id: string
  readonly outcome: Outcome | null
  readonly reason: string | null
}

export interface ReadRequest {
  readonly state: RequestState
  readonly language: Language
  readonly email: string
  readonly shown: Shown
  readonly expiresAt: Date
  readonly answeredAt: Date | null
  readonly answeredName: string | null
  readonly outcomes: readonly OutcomeRow[]
}

const readRow = (trx: Trx, { firmId, requestId }: FollowedLink, lock: boolean) => {
  const query = trx
    .selectFrom('approvalRequest')
    .select(['language', 'email', 'shown', 'expiresAt', 'answeredAt', 'answeredName', 'withdrawnAt', 'openedAt'])
    .where('firmId', '=', firmId)
    .where('id', '=', requestId)
  return (lock ? query.forUpdate() : query).executeTakeFirstOrThrow()
}

/** The request as the customer finds it; the first look at it is kept. */
export async function readRequest(trx: Trx, link: FollowedLink, now: Date): Promise<ReadRequest> {
  const row = await readRow(trx, link, false)
  if (!row.openedAt)
    await trx
      .updateTable('approvalRequest')
      .set({ openedAt: now })
      .where('firmId', '=', link.firmId)
      .where('id', '=', link.requestId)
      .where('openedAt', 'is', null)
      .execute()
  return {
    state: stateOf(row, now),
    language: row.language as Language,
    email: row.email,
    shown: readShown(row.shown),
    expiresAt: row.expiresAt,
    answeredAt: row.answeredAt,
    answeredName: row.answeredName,
    outcomes: await outcomesOf(trx, link),
  }
}

export async function outcomesOf(trx: Trx, { firmId, requestId }: FollowedLink): Promise<readonly OutcomeRow[]> {
  const { rows } = await sql<OutcomeRow>`
    select entry_kind as kind, entry_id as id, outcome, reason from approval_request_entry
    where firm_id = ${firmId}::uuid and request_id = ${requestId}::uuid`.execute(trx)
  return rows
}

/** Which entries are no longer what was shown; by id. */
export async function changedSince(trx: Trx, firmId: string, { entries }: Shown): Promise<ReadonlySet<string>> {
  const shown = JSON.stringify(entries.map(({ kind, id, version }) => ({ kind, id, version })))
  const parts = entryKinds.map(
    (kind) => sql`
    select s.id from jsonb_to_recordset(${shown}::jsonb) as s(kind text, id uuid, version integer)
    left join ${sql.table(tableOf[kind])} e on e.firm_id = ${firmId}::uuid and e.id = s.id and e.deleted_at is null
    where s.kind = ${sql.lit(kind)} and e.version is distinct from s.version`,
  )
  const { rows } = await sql<{ id: string }>`${sql.join(parts, sql` union all `)}`.execute(trx)
  return new Set(rows.map(({ id }) => id))
}

export interface Decided {
  readonly kind: EntryKind
  readonly id: string
  readonly outcome: 'approved' | 'rejected'
  readonly reason?: string | undefined
}

export interface Given {
  readonly name: string
  readonly decisions: 'approve-all' | readonly Decided[]
}

interface Answering {
  readonly trx: Trx
  readonly link: FollowedLink
  readonly now: Date
  readonly requestId: string
  readonly services: Pick<Services, 'ids' | 'events'>
}

/** The customer's answer, once: each entry approved, rejected, or changed since it was shown and so left as it is. */
export async function answerRequest({ trx, link, now, requestId, services }: Answering, given: Given): Promise<void> {
  const { firmId } = link
  const rules = await approvalRules({ trx, firmId })
  const row = await readRow(trx, link, true)
  refuseClosed(stateOf(row, now))
  const shown = readShown(row.shown)
  const decided = decidedOf(shown, given)
  const by = { memberId: null, name: `${given.name} <${row.email}>` }
  const acting = { trx, firmId, now, requestId, services }
  const outcomes: { kind: EntryKind; id: string; outcome: Outcome; reason: string | null }[] = []
  for (const kind of entryKinds) {
    const asked = shown.entries.filter((entry) => entry.kind === kind)
    if (asked.length === 0) continue
    const entries = await lockEntries(
      { trx, firmId, actor: null },
      kind,
      asked.map(({ id }) => id),
    )
    const changes: Record<'approved' | 'rejected', Change[]> = { approved: [], rejected: [] }
    for (const { id, version } of asked) {
      const decision = decided.get(`${kind} ${id}`)
      if (!decision) continue
      const change = changeOf(rules.flow, entries.get(id), version, decision)
      if (change) changes[decision.outcome].push(change)
      outcomes.push({
        kind,
        id,
        outcome: change ? decision.outcome : 'changed',
        reason: decision.outcome === 'rejected' ? (decision.reason?.trim() ?? null) : null,
      })
    }
    const more = { by: 'customer', approvalRequest: link.requestId }
    for (const what of ['approved', 'rejected'] as const)
      await writeChanges(acting, { kind, what, by, more }, changes[what])
  }
  await sql`
    update approval_request_entry q set outcome = r.outcome, reason = r.reason, answered_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as r(kind text, id uuid, outcome text, reason text)
    where q.firm_id = ${firmId}::uuid and q.request_id = ${link.requestId}::uuid and q.entry_kind = r.kind
      and q.entry_id = r.id`.execute(trx)
  await sql`
    update approval_request set answered_at = ${now}, answered_name = ${given.name}, opened_at = coalesce(opened_at, ${now}),
      version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = ${link.requestId}::uuid`.execute(trx)
  const count = (outcome: Outcome) => outcomes.filter((one) => one.outcome === outcome).length
  await trx
    .insertInto('history')
    .values({
      firmId,
      id: services.ids.next(),
      subjectKind: 'approval-request',
      subjectId: link.requestId,
      act: 'answered',
      after: JSON.stringify({ approved: count('approved'), rejected: count('rejected'), changed: count('changed') }),
      actorName: by.name,
      requestId,
      at: now,
    })
    .execute()
  await services.events.publish(trx, firmId, { topic: 'approvals' })
}

function changeOf(
  flow: Parameters<typeof flowOf>[0],
  entry: StatedEntry | undefined,
  version: number,
  { outcome, reason = '' }: Decided,
): Change | undefined {
  if (!entry || entry.version !== version) return undefined
  const act: EntryAct =
    outcome === 'approved' ? { act: 'approve', by: 'customer' } : { act: 'reject', by: 'customer', reason }
  const decision = decide(flowOf(flow, entry.customerAsked), entry.state, act)
  return 'facts' in decision ? { entry, facts: decision.facts, why: reason } : undefined
}

/** Each shown entry exactly once. */
function decidedOf(shown: Shown, { decisions }: Given): ReadonlyMap<string, Decided> {
  const all = new Map(
    shown.entries.map(({ kind, id }) => [`${kind} ${id}`, { kind, id, outcome: 'approved' } as Decided]),
  )
  if (decisions === 'approve-all') return all
  const given = new Map<string, Decided>()
  decisions.forEach((one, index) => {
    const key = `${one.kind} ${one.id}`
    if (!all.has(key) || given.has(key)) throw wrongField(`/decisions/${index}/id`, 'not-in-request')
    if (one.outcome === 'rejected' && !one.reason?.trim()) throw wrongField(`/decisions/${index}/reason`, 'required')
    given.set(key, one)
  })
  if (given.size < all.size) throw wrongField('/decisions', 'decisions-missing')
  return given
}

const whyClosed: Readonly<Record<Exclude<RequestState, 'open'>, Problem>> = {
  answered: { kind: 'conflict', code: 'approval-answered' },
  expired: { kind: 'conflict', code: 'approval-expired' },
  withdrawn: { kind: 'conflict', code: 'approval-withdrawn' },
}

function refuseClosed(state: RequestState): void {
  if (state !== 'open') throw new ProblemError(whyClosed[state])
}
