import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { remember } from '../http/history.ts'
import { type Acting, type ActResult, actOnEntries, approvalRules } from './act-on-entries.ts'
import { type EntryKind, tableOf } from './entry-sql.ts'

const kinds = ['hours', 'expense', 'trip'] as const

export interface WeekOutcome {
  readonly submittedAt: Date | null
  readonly changed: number
  readonly leftOut: readonly (ActResult & { readonly kind: EntryKind; readonly problem: Problem })[]
}

interface Week {
  readonly memberId: string
  readonly monday: CalendarDate
}

type Call = Acting & Parameters<typeof remember>[0]

/** "My week is complete": kept also when nothing of it is to be submitted, or when this firm does not approve. */
export async function submitWeek(call: Call, week: Week): Promise<WeekOutcome> {
  const { trx, firmId, now, actor, services } = call
  const rules = await approvalRules(call)
  await takeTurn(call, week)
  const live = await liveSubmission(call, week)
  const results = rules.flow === 'off' ? [] : await actOnWeek(call, week, 'submit', ['open', 'rejected'])
  const changed = results.filter(({ problem }) => problem === null).length
  if (live && changed === 0) return outcomeOf(live.submittedAt, results)
  const id = live?.id ?? services.ids.next()
  await trx
    .insertInto('weekSubmission')
    .values({ firmId, id, ...week, submittedAt: now, submittedBy: actor.memberId })
    .onConflict((row) => row.columns(['firmId', 'id']).doUpdateSet({ submittedAt: now, submittedBy: actor.memberId }))
    .execute()
  await remember(call, { kind: 'week', id }, 'submitted', { after: { ...week, entries: changed } })
  await tell(call)
  return outcomeOf(now, results)
}

/** Takes it back while nothing of the week has been approved. */
export async function withdrawWeek(call: Call, week: Week): Promise<WeekOutcome> {
  const { trx, firmId, now } = call
  await takeTurn(call, week)
  const live = await liveSubmission(call, week)
  if (!live) throw new ProblemError({ kind: 'conflict', code: 'week-not-submitted' })
  for (const kind of kinds) {
    const { rows } = await sql`
      select from ${sql.table(tableOf[kind])} e where ${inWeek(call, week)}
        and (e.approval = 'approved' or e.internal_approved or e.customer_approved) limit 1`.execute(trx)
    if (rows.length > 0) throw new ProblemError({ kind: 'conflict', code: 'week-approved' })
  }
  const results = await actOnWeek(call, week, 'withdraw', ['submitted'])
  await trx
    .updateTable('weekSubmission')
    .set({ withdrawnAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', live.id)
    .execute()
  await remember(call, { kind: 'week', id: live.id }, 'withdrawn', { before: { ...week } })
  await tell(call)
  return outcomeOf(null, results)
}

/** Two who submit the same week make one submission. */
const takeTurn = ({ trx, firmId }: Call, { memberId, monday }: Week) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`${firmId} week ${memberId} ${monday}`}, 1))`.execute(trx)

const liveSubmission = ({ trx, firmId }: Call, { memberId, monday }: Week) =>
  trx
    .selectFrom('weekSubmission')
    .select(['id', 'submittedAt'])
    .where('firmId', '=', firmId)
    .where('memberId', '=', memberId)
    .where('monday', '=', monday)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst()

const inWeek = ({ firmId }: Call, { memberId, monday }: Week) => sql`e.firm_id = ${firmId}::uuid
  and e.member_id = ${memberId}::uuid and e.date between ${monday}::date and ${addDays(monday, 6)}::date and e.deleted_at is null`

type WeekResult = ActResult & { readonly kind: EntryKind }

async function actOnWeek(
  call: Call,
  week: Week,
  act: 'submit' | 'withdraw',
  from: readonly string[],
): Promise<WeekResult[]> {
  const results: WeekResult[] = []
  for (const kind of kinds) {
    // What stands on an invoice or is written off needs no approval any more.
    const { rows } = await sql<{ id: string }>`
      select e.id from ${sql.table(tableOf[kind])} e where ${inWeek(call, week)} and e.approval = any(${[...from]}::text[])
        and not e.claimed and e.written_off_at is null order by e.id`.execute(call.trx)
    const ids = rows.map(({ id }) => id)
    if (ids.length === 0) continue
    for (const result of await actOnEntries(call, { kind, act }, ids)) results.push({ ...result, kind })
  }
  return results
}

const outcomeOf = (submittedAt: Date | null, results: readonly WeekResult[]): WeekOutcome => ({
  submittedAt,
  changed: results.filter(({ problem }) => problem === null).length,
  leftOut: results.flatMap((one) => (one.problem ? [{ ...one, problem: one.problem }] : [])),
})

const tell = ({ services, trx, firmId }: Call) => services.events.publish(trx, firmId, { topic: 'approvals' })
