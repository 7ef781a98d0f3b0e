import { sql } from 'kysely'
import { z } from 'zod'
import type { FirmCall } from '../http/call.ts'
import { actorWith, asAsked, askedBy } from '../jobs/asked-by.ts'
import type { Running } from '../jobs/running.ts'
import { addTask, wakeTask } from '../jobs/tasks.ts'
import { nextRow, problemOf, tellRow } from '../letters/send-invoices.ts'
import { readStored } from '../store/stored.ts'
import { remindByHand } from './remind.ts'

/** What a task of reminding remembers. */
const remindingParams = z.object({ requestId: z.string().nullable(), actor: askedBy })

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'services'>

/** A task over these invoices, the oldest first. Answers its id. */
export async function startReminding(call: Call, ids: readonly string[]): Promise<string> {
  const { trx, firmId, actor, requestId } = call
  const params: z.output<typeof remindingParams> = { requestId, actor: asAsked(actor) }
  const taskId = await addTask(call, { kind: 'remind-invoices', params: { ...params }, createdBy: actor.memberId })
  const { numAffectedRows } = await sql`
    insert into task_row (firm_id, task_id, position, subject, label, outcome)
    select ${firmId}, ${taskId}, row_number() over (order by i.due_date, i.id), i.id, coalesce(i.number, k.name), 'waiting'
    from invoice i join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId}::uuid and i.deleted_at is null and i.id = any(${[...ids]}::uuid[])`.execute(trx)
  await trx
    .updateTable('task')
    .set({ total: Number(numAffectedRows ?? 0) })
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .execute()
  await wakeTask(call, taskId)
  return taskId
}

/** Reminds of what has no outcome yet, one after the other; a letter and its outcome are one transaction. */
export async function remindChosen(running: Running): Promise<void> {
  const { services, firmId } = running
  const { requestId, actor } = readStored(remindingParams, running.params, 'what a task of reminding is to do')
  for (;;) {
    const row = await running.step((trx) => nextRow(trx, running))
    if (!row) return
    const problem = await running
      .step(async (trx) => {
        const { memberId, name } = await actorWith(trx, firmId, actor, 'invoices:send')
        const { timeZone } = await trx
          .selectFrom('firm')
          .select('timeZone')
          .where('firmId', '=', firmId)
          .executeTakeFirstOrThrow()
        const by = { memberId, name, requestId }
        const now = services.clock.now()
        const { letterId, number } = await remindByHand({ trx, firmId, services, now, by }, timeZone, row.invoiceId)
        await tellRow(running, trx, row, { outcome: 'created', label: number, details: { letterId } })
        return null
      })
      .catch(problemOf)
    if (problem)
      await running.step((trx) => tellRow(running, trx, row, { outcome: 'skipped', label: null, details: { problem } }))
  }
}
