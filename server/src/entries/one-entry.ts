import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import { type FirmCall, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'
import { afterEdit } from './after-edit.ts'
import { type EntryKind, type FactRow, tableOf } from './entry-sql.ts'
import { heldInPackage } from './held-in-package.ts'
import { lockedDay } from './may-write.ts'
import { visibleSql, writtenFor } from './visible.ts'

export type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>
export type Writing = Asking & Pick<FirmCall<never>, 'firm' | 'now' | 'services' | 'requestId'>
/** Of a route with the id of the entry in its path. */
type Named = Writing & { readonly params: { readonly id: string } }
type Changing = Named & Pick<FirmCall<never>, 'version'>

export interface EntryRow extends FactRow {
  readonly id: string
  readonly memberId: string
  readonly date: string
  readonly projectId: string | null
  /** Once it was paid to the person. */
  readonly reimbursementId?: string | null
  readonly version: number
}

/** Whose, when and on what: what decides whether an entry may stand there. */
export interface Placed {
  readonly memberId: string
  readonly date: string
  readonly projectId: string | null
}

type Refusal = Pick<Problem, 'kind' | 'code'>

/** What differs between the kinds when one entry is read, changed, deleted and brought back. */
export interface OneKind<Row extends EntryRow, Answer extends object, Place extends Placed> {
  readonly kind: EntryKind
  readonly topic: 'hours' | 'expenses' | 'trips'
  readonly rows: (
    trx: Trx,
    query: { readonly firmId: string; readonly where: RawBuilder<unknown>; readonly lock?: boolean },
  ) => Promise<Row[]>
  readonly toAnswer: (row: Row, seesMoney: boolean) => Answer
  /** Why it may not stand there; of a change, also where it stood. */
  readonly placeProblem: (call: Writing, place: Place, before?: Row) => Promise<ProblemError | undefined>
  /** Columns of its place beside person, day and project, for bringing back: ` , e.activity_id as "activityId"`. */
  readonly placeColumns?: RawBuilder<unknown>
  /** Fields whose change the history keeps. */
  readonly told: readonly (keyof Answer)[]
  /** What the history keeps of a deleted one. */
  readonly gone: (row: Row) => object
  readonly refusals: {
    readonly claimed: Refusal
    readonly approved: Refusal
    readonly writtenOff: Refusal
  }
  /** Why one that was paid to the person stays; of a kind that is never paid there is none. */
  readonly paidAlready?: (row: Row) => ProblemError
}

/** What every change writes besides: its approval after the edit, its version. */
type Also = ReturnType<typeof afterEdit> & { readonly version: number; readonly updatedAt: Date }

interface Change<Row, Filled> {
  /** The whole entry as it will be; throws what is wrong with its own fields. */
  readonly filled: (row: Row) => Promise<Filled>
  readonly store: (row: Row, filled: Filled, also: Also) => Promise<void>
}

/** One entry of a kind: found, read, changed, deleted and brought back by the same rules. */
export function oneOfKind<Row extends EntryRow, Answer extends object, Place extends Placed>(
  of: OneKind<Row, Answer, Place>,
) {
  async function rowOf({ trx, firmId, actor }: Asking, id: string, toWrite = false): Promise<Row> {
    const where = sql` and e.id = ${id}::uuid${visibleSql(actor, 'e')}`
    const [row] = await of.rows(trx, { firmId, where, lock: toWrite })
    if (!row) throw notThere(of.kind)
    if (toWrite) writtenFor(actor, row.memberId)
    return row
  }

  const answerOf = async (call: Asking, id: string): Promise<Answer> =>
    of.toAnswer(await rowOf(call, id), call.actor.rights.has('rates:read'))

  /** Locked; refused when somebody changed it since, or nobody may change it any more. */
  async function rowToChange(call: Changing): Promise<Row> {
    const row = await rowOf(call, call.params.id, true)
    if (row.version !== call.version) throw new StaleEdit(row.version, await answerOf(call, row.id))
    const { claimed, approved, writtenOff } = of.refusals
    if (row.locked) {
      const isClaimed = row.state === 'reserved' || row.state === 'invoiced'
      const refusal = isClaimed ? claimed : row.approval === 'approved' ? approved : writtenOff
      if (isClaimed && row.claimedInPackage) throw new ProblemError(heldInPackage(row))
      throw new ProblemError({ ...refusal, values: { number: row.claimedInvoiceNumber ?? '' } })
    }
    return row
  }

  async function refusePlace(call: Writing, place: Place, before?: Row): Promise<void> {
    const problem =
      (await of.placeProblem(call, place, before)) ??
      (before ? await lockedDay(call, calendarDate(before.date)) : undefined)
    if (problem) throw problem
  }

  const tell = ({ trx, firmId, services }: Writing, id: string) =>
    services.events.publish(trx, firmId, { topic: of.topic, ids: [id] })

  return {
    rowOf,
    answerOf,
    refusePlace,

    async change<Filled extends Place>(call: Changing, { filled, store }: Change<Row, Filled>): Promise<Answer> {
      const row = await rowToChange(call)
      const before = of.toAnswer(row, true)
      const wanted = await filled(row)
      await refusePlace(call, wanted, row)
      await store(row, wanted, { ...afterEdit(row), version: row.version + 1, updatedAt: call.now })
      const changed = await rowOf(call, row.id)
      const after = of.toAnswer(changed, true)
      const fields = of.told.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
      const some = (answer: Answer) => Object.fromEntries(fields.map((field) => [field, answer[field]]))
      await remember(call, { kind: of.kind, id: row.id }, 'changed', { before: some(before), after: some(after) })
      await tell(call, row.id)
      return of.toAnswer(changed, call.actor.rights.has('rates:read'))
    },

    async remove(call: Changing): Promise<undefined> {
      const { trx, firmId, now } = call
      const row = await rowToChange(call)
      if (row.reimbursementId && of.paidAlready) throw of.paidAlready(row)
      const problem = await lockedDay(call, calendarDate(row.date))
      if (problem) throw problem
      await sql`
        update ${sql.table(tableOf[of.kind])} set deleted_at = ${now}, version = version + 1, updated_at = ${now}
        where firm_id = ${firmId}::uuid and id = ${row.id}::uuid`.execute(trx)
      await remember(call, { kind: of.kind, id: row.id }, 'deleted', { before: of.gone(row) })
      await tell(call, row.id)
    },

    async restore(call: Named): Promise<Answer> {
      const { trx, firmId, actor, params, now } = call
      const { rows } = await sql<Place & { readonly id: string; readonly deletedAt: Date | null }>`
        select e.id, e.deleted_at as "deletedAt", e.member_id as "memberId", e.date, e.project_id as "projectId"
          ${of.placeColumns ?? sql``}
        from ${sql.table(tableOf[of.kind])} e
        where e.firm_id = ${firmId}::uuid and e.id = ${params.id}::uuid for update`.execute(trx)
      const [row] = rows
      if (!row || (row.memberId !== actor.memberId && !actor.rights.has('hours:write'))) throw notThere(of.kind)
      if (row.deletedAt) {
        await refusePlace(call, row)
        await sql`
          update ${sql.table(tableOf[of.kind])} set deleted_at = null, version = version + 1, updated_at = ${now}
          where firm_id = ${firmId}::uuid and id = ${row.id}::uuid`.execute(trx)
        await remember(call, { kind: of.kind, id: row.id }, 'restored')
        await tell(call, row.id)
      }
      return answerOf(call, row.id)
    },
  }
}
