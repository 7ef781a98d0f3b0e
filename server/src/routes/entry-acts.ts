import type { entryActs } from '@uurwerk/api/approvals.ts'
import { mondayOf, type Week } from '@uurwerk/core/shared/calendar-date.ts'
import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { describeTask } from '../connections/describe.ts'
import { readActParams } from '../entries/act-task.ts'
import { memberProblem } from '../entries/may-write.ts'
import { asOfOf, selectedIds } from '../entries/selection.ts'
import { startActs } from '../entries/start-acts.ts'
import { writtenFor } from '../entries/visible.ts'
import { submitWeek, type WeekOutcome, withdrawWeek } from '../entries/week-submission.ts'
import type { FirmCall, Handlers, Language } from '../http/call.ts'
import { explainProblem, notThere, wrongField } from '../http/problems.ts'
import type { Task } from '../store/schema.gen.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import { pageOfTaskRows } from './task-rows.ts'

type Names = 'actOnEntries' | 'readEntryActs' | 'listEntryActRows' | 'submitWeek' | 'withdrawWeek'
type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'services' | 'language'>

export const entryActHandlers: Handlers<Names> = {
  actOnEntries: async (call) => {
    const { kind, act, reason } = call.body
    const needsReason = act === 'reject' || act === 'write-off'
    if (needsReason && !reason?.trim()) throw wrongField('/reason', 'required')
    const ids = await selectedIds(call, call.body)
    return answerOf(call, await startActs(call, { kind, act, reason, asOf: asOfOf(call.body) }, ids))
  },

  readEntryActs: (call) => answerOf(call, call.params.id),

  listEntryActRows: async (call) => {
    const { params, language } = call
    await taskOf(call, params.id)
    return pageOfTaskRows(call, ({ subject, label, outcome, details }) => ({
      id: subject,
      label,
      outcome: outcome as 'updated',
      problem: explained(language, details),
    }))
  },

  submitWeek: async (call) => toAnswer(call.language, await submitWeek(call, await weekOf(call, call.body.memberId))),

  withdrawWeek: async (call) =>
    toAnswer(call.language, await withdrawWeek(call, await weekOf(call, call.query.memberId))),
}

const rowDetails = z.object({ problem: storedProblem.optional() })

const explained = (language: Language, details: unknown) => {
  const { problem } = readStored(rowDetails, details, 'what came of an entry')
  return problem ? explainProblem(problem, language) : null
}

/** Seen by who asked for it, and by who sees all entries. */
async function taskOf({ trx, firmId, actor }: Call, id: string): Promise<Selectable<Task>> {
  const row = await trx
    .selectFrom('task')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('kind', '=', 'act-on-entries')
    .executeTakeFirst()
  if (!row || (row.createdBy !== actor.memberId && !actor.rights.has('hours:read'))) throw notThere('task')
  return row
}

async function answerOf(call: Call, id: string): Promise<z.input<typeof entryActs>> {
  const { trx, firmId, language } = call
  const row = await taskOf(call, id)
  const { kind, act } = readActParams(row.params)
  const { rows } = await sql<{ id: string; label: string; details: unknown }>`
    select subject as id, label, details from task_row
    where firm_id = ${firmId} and task_id = ${id} and outcome in ('skipped', 'conflict') order by position limit 100`.execute(
    trx,
  )
  return {
    ...describeTask(call, row, null),
    entryKind: kind,
    act,
    leftOut: rows.flatMap((one) => {
      const problem = explained(language, one.details)
      return problem ? [{ id: one.id, label: one.label, problem }] : []
    }),
  }
}

async function weekOf(
  call: Pick<Call, 'trx' | 'firmId' | 'actor'> & { readonly params: Week },
  wanted: string | undefined,
) {
  const memberId = writtenFor(call.actor, wanted)
  const monday = mondayOf(call.params)
  if (!monday) throw wrongField('/path/week', 'no-such-week')
  const problem = wanted === undefined ? undefined : await memberProblem(call, memberId)
  if (problem) throw problem
  return { memberId, monday }
}

const toAnswer = (language: Language, { submittedAt, changed, leftOut }: WeekOutcome) => ({
  submittedAt: submittedAt?.toISOString() ?? null,
  changed,
  leftOut: leftOut.map(({ kind, id, label, problem }) => ({
    kind,
    id,
    label,
    problem: explainProblem(problem, language),
  })),
})
