import { assert } from '@uurwerk/core/shared/assert.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type FirmCall, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere } from '../http/problems.ts'
import { freePackageInvoice, refuseDeducted } from '../package-invoices/free.ts'
import { decidePostings } from '../postings/decide.ts'
import { lockLanes } from '../postings/lane-due.ts'
import { addSteps, lockPostings } from '../postings/posting-rows.ts'
import {
  canOf,
  type DifferenceAnswer,
  type DifferenceRow,
  describeDifferences,
  differenceRows,
} from './difference-answers.ts'
import { forgetPaymentsOfInvoice } from './forget-payments.ts'
import { giveUpGone } from './gone-there.ts'

type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type Act = DifferenceAnswer['can'][number]

/** The difference as it stands, held; refused when somebody decided on it meanwhile, or it no longer lets this be done. */
export async function holdDifference(call: Call, id: string, act: Act): Promise<DifferenceRow> {
  const { trx, firmId, version } = call
  const [before] = await differenceRows(call, sql`and d.id = ${id}`)
  if (!before) throw notThere('books-difference')
  // In the order in which a lane takes its locks.
  await lockLanes(trx, [before.laneKey])
  await lockPostings({ trx, firmId }, [before.postingId])
  await sql`select 1 from books_difference where firm_id = ${firmId} and id = ${id} for update`.execute(trx)
  const [row] = await differenceRows(call, sql`and d.id = ${id}`)
  if (!row) throw notThere('books-difference')
  if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, row))
  if (!canOf(row).includes(act))
    throw new ProblemError({ kind: 'conflict', code: 'difference-not-like-that', values: { label: row.label } })
  return row
}

const answerOf = async (call: Call, row: DifferenceRow): Promise<DifferenceAnswer> => {
  const [answer] = await describeDifferences(call, [row])
  if (!answer) throw notThere('books-difference')
  return answer
}

interface Decision {
  readonly state: 'open' | 'accepted' | 'solved'
  readonly reason: string | null
  readonly solvedHow?: 'posted-again' | 'freed'
  /** Of the timeline of the posting. */
  readonly step: string
}

/** What a person decided, in the row, the timeline of the posting and the history. */
export async function decide(call: Call, row: DifferenceRow, decision: Decision): Promise<DifferenceAnswer> {
  const { trx, firmId, actor, now, services } = call
  const { state, reason, solvedHow = null, step } = decision
  await trx
    .updateTable('booksDifference')
    .set({
      state,
      reason,
      solvedHow,
      decidedBy: state === 'open' ? null : actor.memberId,
      decidedAt: state === 'open' ? null : now,
      version: row.version + 1,
    })
    .where('firmId', '=', firmId)
    .where('id', '=', row.id)
    .execute()
  const details = { by: actor.name, ...(reason === null ? {} : { why: reason }) }
  await addSteps({ trx, firmId }, { ids: services.ids, at: now }, [{ postingId: row.postingId, what: step, details }])
  await remember(call, { kind: 'posting', id: row.postingId }, step, {
    after: { difference: row.kind },
    ...(reason === null ? {} : { why: reason }),
  })
  await services.events.publish(trx, firmId, { topic: 'postings', ids: [row.postingId] })
  const [after] = await differenceRows(call, sql`and d.id = ${row.id}`)
  return answerOf(call, after ?? row)
}

/**
 * The invoice is posted once more, with references of its own; its first posting is given up. What was paid of that entry
 * went with it.
 */
export async function postAgain(
  call: Call,
  row: DifferenceRow,
  reason: string,
): Promise<{ readonly difference: DifferenceAnswer; readonly postingId: string }> {
  const { trx, firmId, actor, now, services } = call
  await giveUpGone(call, row.postingId, reason)
  await forgetPaymentsOfInvoice({ trx, firmId, services, now, actor }, row.subjectId, reason)
  const decision = await decidePostings(trx, {
    firmId,
    connectionId: row.connectionId,
    invoiceIds: [row.subjectId],
    by: actor.memberId,
    clock: { now: () => now },
    ids: services.ids,
    random: services.random,
    wake: services.engine.wake,
    connectors: services.connectors,
  })
  const [left] = decision.leftOut
  if (left) throw new ProblemError(left.problem)
  const made = decision.postings.find(({ invoiceId }) => invoiceId === row.subjectId)
  assert(made && !made.existing, 'what was given up is posted anew')
  await remember(call, { kind: 'invoice', id: row.subjectId }, 'posted', {
    after: { postingId: made.postingId },
    why: reason,
  })
  const difference = await decide(call, row, {
    state: 'solved',
    reason,
    solvedHow: 'posted-again',
    step: 'posted-again',
  })
  return { difference, postingId: made.postingId }
}

/** What stood on a document that the package made, and that was deleted there, is free to be invoiced again. */
export async function releaseEntriesOf(call: Call, row: DifferenceRow, reason: string): Promise<DifferenceAnswer> {
  await refuseDeducted(call, row.subjectId)
  await giveUpGone(call, row.postingId, reason)
  await freePackageInvoice(call, row.subjectId, reason)
  return decide(call, row, { state: 'solved', reason, solvedHow: 'freed', step: 'freed' })
}
