import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { asAsked } from '../jobs/asked-by.ts'
import { addTask, closeTask, wakeTask } from '../jobs/tasks.ts'
import { type ActRequest, actOnEntries } from './act-on-entries.ts'
import { type ActParams, requestOf, tellRows } from './act-task.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'language' | 'services'>

/** As many are done while the person waits. */
const atOnce = 200

/** A task over these entries; a few are done at once, so that it comes back finished. Answers its id. */
export async function startActs(call: Call, request: ActRequest, ids: readonly string[]): Promise<string> {
  const { trx, firmId, actor } = call
  const params: ActParams = {
    kind: request.kind,
    act: request.act,
    reason: request.reason ?? null,
    asOf: request.asOf?.toISOString() ?? null,
    language: call.language,
    requestId: call.requestId,
    actor: asAsked(actor),
  }
  const taskId = await addTask(call, { kind: 'act-on-entries', params: { ...params }, createdBy: actor.memberId })
  await sql`
    insert into task_row (firm_id, task_id, position, subject, label, outcome)
    select ${firmId}, ${taskId}, r.n, r.id, '', 'waiting'
    from unnest(${[...ids]}::text[]) with ordinality as r(id, n)`.execute(trx)
  await trx
    .updateTable('task')
    .set({ total: ids.length })
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .execute()
  if (ids.length > atOnce) {
    await wakeTask(call, taskId)
    return taskId
  }
  await tellRows({ trx, firmId, taskId }, await actOnEntries(call, requestOf(params), ids))
  await trx
    .updateTable('task')
    .set({ done: ids.length })
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .execute()
  await closeTask(call, taskId, { state: 'done' })
  return taskId
}
