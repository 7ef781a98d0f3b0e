import { sql } from 'kysely'
import { describeTask } from '../connections/describe.ts'
import { getConnection } from '../connections/service.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import { explainRow } from '../imports/explain-row.ts'
import type { TaskRowDetails } from '../jobs/running.ts'
import { type PackageTaskKind, startTask } from '../jobs/tasks.ts'
import { pageOfTaskRows } from './task-rows.ts'

type Names = 'refreshLists' | 'listTasks' | 'readTask' | 'listTaskRows'
type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

export const taskHandlers: Handlers<Names> = {
  refreshLists: (call) => beginTask(call, call.actor, 'refresh-lists', call.params.id, {}),

  listTasks: async (call) => {
    const { trx, firmId, query } = call
    const [after] = keyOf(query.cursor, ['id']) ?? []
    let rows = trx
      .selectFrom('task')
      .selectAll()
      .where('firmId', '=', firmId)
      .where(atPackage)
      .orderBy('id', 'desc')
      .limit(query.limit + 1)
    if (query.kind) rows = rows.where('kind', '=', query.kind)
    if (query.state) rows = rows.where('state', '=', query.state)
    if (query.startedBy)
      rows =
        query.startedBy === 'person'
          ? rows.where('createdBy', 'is not', null)
          : rows.where(sql<boolean>`params ->> 'startedBy' = 'night'`)
    if (query.outcome) rows = rows.where(sql<boolean>`report ? ${query.outcome}`)
    if (after) rows = rows.where('id', '<', after)
    const found = await rows.execute()
    const packages = await packagesOf(call)
    return pageOf(
      found,
      query.limit,
      ({ id }) => [id],
      (row) => describeTask(call, row, packages.get(connectionOf(row.params)) ?? null),
    )
  },

  readTask: (call) => taskAnswer(call, call.params.id),

  listTaskRows: async (call) => {
    const { params, language } = call
    await taskAnswer(call, params.id)
    return pageOfTaskRows(call, (row) => {
      const details = row.details as unknown as TaskRowDetails
      return {
        position: row.position,
        label: row.label,
        outcome: row.outcome as 'created',
        detail: explainRow(language, details),
        subjectId: details.subjectId ?? null,
      }
    })
  },
}

/** Begins work at a package, or answers the same work that is under way already. */
export async function beginTask(
  call: Call,
  by: { readonly memberId: string; readonly name: string },
  kind: PackageTaskKind,
  connectionId: string,
  params: Record<string, unknown>,
) {
  const { services, firmId, trx } = call
  const connection = await getConnection({ trx, firmId }, connectionId)
  // Says at once what would end the task: nobody signed in, or nothing chosen.
  await services.connections.openBooksIn({ trx, firmId }, connectionId, { settings: 'as-stored' })
  services.connections.requireAdministration(connection)
  return taskAnswer(
    call,
    await startTask(call, {
      kind,
      connectionId,
      params: { ...params, startedByName: by.name },
      createdBy: by.memberId,
    }),
  )
}

export async function taskAnswer(call: Call, id: string) {
  const { trx, firmId } = call
  const row = await trx
    .selectFrom('task')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where(atPackage)
    .executeTakeFirst()
  if (!row) throw notThere('task')
  return describeTask(call, row, (await packagesOf(call)).get(connectionOf(row.params)) ?? null)
}

/** Work that needs no package is told where it was asked for, to whom may see what it is about. */
const atPackage = sql<boolean>`params ? 'connectionId'`

const connectionOf = (params: unknown): string => String((params as { connectionId?: string }).connectionId)

async function packagesOf({ trx, firmId }: Pick<Call, 'trx' | 'firmId'>): Promise<Map<string, string>> {
  const { rows } = await sql<{
    id: string
    package: string
  }>`select id, package from connection where firm_id = ${firmId}`.execute(trx)
  return new Map(rows.map((row) => [row.id, row.package]))
}
