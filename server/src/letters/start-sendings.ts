import type { sendingWay } from '@uurwerk/api/letters.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'
import { asAsked } from '../jobs/asked-by.ts'
import { addTask, wakeTask } from '../jobs/tasks.ts'
import type { sendingParams } from './send-invoices.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'language' | 'services'>

/** A task over these invoices, by date, so that numbers follow dates. Answers its id. */
export async function startSendings(
  call: Call,
  { how, ids }: { readonly how: z.output<typeof sendingWay>; readonly ids: readonly string[] },
): Promise<string> {
  const { trx, firmId, actor, requestId, language: spoken } = call
  const params: z.output<typeof sendingParams> = { how, language: spoken, requestId, actor: asAsked(actor) }
  const taskId = await addTask(call, { kind: 'send-invoices', params: { ...params }, createdBy: actor.memberId })
  const { numAffectedRows } = await sql`
    insert into task_row (firm_id, task_id, position, subject, label, outcome)
    select ${firmId}, ${taskId}, row_number() over (order by i.date, i.created_at, asked.id), asked.id,
      coalesce(i.number, k.name, ''), 'waiting'
    from unnest(${[...ids]}::uuid[]) as asked(id)
    left join invoice i on i.firm_id = ${firmId}::uuid and i.id = asked.id and i.deleted_at is null
    left join customer k on k.firm_id = i.firm_id and k.id = i.customer_id`.execute(trx)
  await trx
    .updateTable('task')
    .set({ total: Number(numAffectedRows ?? 0) })
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .execute()
  await wakeTask(call, taskId)
  return taskId
}
