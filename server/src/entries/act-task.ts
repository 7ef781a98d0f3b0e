import { entryAct } from '@uurwerk/api/approvals.ts'
import { entryKind } from '@uurwerk/api/entries.ts'
import { language } from '@uurwerk/api/shapes.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { sql } from 'kysely'
import { z } from 'zod'
import { actorNow, askedBy } from '../jobs/asked-by.ts'
import type { Running } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'
import { readStored } from '../store/stored.ts'
import { type Acting, type ActRequest, type ActResult, actOnEntries } from './act-on-entries.ts'

/** What a task of acts remembers. Who asked acts with the rights he had then and still has. */
const actParams = z.object({
  kind: entryKind,
  act: entryAct,
  reason: z.string().nullable(),
  asOf: z.string().nullable(),
  language,
  requestId: z.string().nullable(),
  actor: askedBy,
})
export type ActParams = z.output<typeof actParams>

export const readActParams = (params: unknown): ActParams =>
  readStored(actParams, params, 'what a task of acts is to do')

export const requestOf = ({ kind, act, reason, asOf }: ActParams): ActRequest => ({
  kind,
  act,
  reason: reason ?? undefined,
  asOf: asOf ? new Date(asOf) : undefined,
})

const chunk = 500

/** Works through the rows of a task that have no outcome yet; a chunk is done and told in one transaction. */
export async function actOnChosen(running: Running): Promise<void> {
  const { services, firmId, taskId } = running
  const params = readActParams(running.params)
  let after = 0
  for (;;) {
    const last = await running.step(async (trx) => {
      const { rows } = await sql<{ position: number; subject: string }>`
        select position, subject from task_row
        where firm_id = ${firmId} and task_id = ${taskId} and outcome = 'waiting' and position > ${after}
        order by position limit ${chunk}`.execute(trx)
      if (rows.length === 0) return null
      const call: Acting = {
        trx,
        firmId,
        actor: await actorNow(trx, firmId, params.actor),
        requestId: params.requestId,
        now: services.clock.now(),
        language: params.language,
        services,
      }
      const results = await actOnEntries(
        call,
        requestOf(params),
        rows.map(({ subject }) => subject),
      )
      await tellRows({ trx, firmId, taskId }, results)
      await running.progress(trx, { done: rows.length })
      return rows.at(-1)?.position ?? null
    })
    if (last === null) return
    after = last
  }
}

/** Puts the outcome on rows that waited for it. */
export async function tellRows(
  { trx, firmId, taskId }: { readonly trx: Trx; readonly firmId: string; readonly taskId: string },
  results: readonly ActResult[],
): Promise<void> {
  const rows = results.map(({ id, label, problem }) => ({
    subject: id,
    label,
    outcome: problem === null ? 'updated' : problem.code === 'entry-changed' ? 'conflict' : 'skipped',
    details: problem === null ? { subjectId: id } : { subjectId: id, problem },
  }))
  const { numAffectedRows } = await sql`
    update task_row t set outcome = r.outcome, label = r.label, details = r.details
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(subject text, label text, outcome text, details jsonb)
    where t.firm_id = ${firmId} and t.task_id = ${taskId} and t.subject = r.subject and t.outcome = 'waiting'`.execute(
    trx,
  )
  assert(Number(numAffectedRows) === results.length, 'each row of a task is told once')
}
