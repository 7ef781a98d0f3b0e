import type { Selectable } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import type { TaskRow } from '../store/schema.gen.ts'

interface Asked extends Pick<FirmCall<never>, 'trx' | 'firmId'> {
  readonly params: { readonly id: string }
  readonly query: {
    readonly cursor?: string | undefined
    readonly limit: number
    readonly outcome?: string | undefined
  }
}

/** What came of each part of a task, in the order in which they were done. */
export async function pageOfTaskRows<Answer>(
  { trx, firmId, params, query }: Asked,
  answer: (row: Selectable<TaskRow>) => Answer,
) {
  const [after] = keyOf(query.cursor, ['number']) ?? []
  let rows = trx
    .selectFrom('taskRow')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('taskId', '=', params.id)
    .orderBy('position')
    .limit(query.limit + 1)
  if (query.outcome) rows = rows.where('outcome', '=', query.outcome)
  if (after) rows = rows.where('position', '>', Number(after))
  return pageOf(await rows.execute(), query.limit, ({ position }) => [String(position)], answer)
}
