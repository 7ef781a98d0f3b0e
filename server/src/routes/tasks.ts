import { sql } from 'kysely'
import { describeTask } from '../connections/describe.ts'
import type { FirmCall, Handlers, Language } from '../http/call.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import { hasWords, say } from '../http/words.ts'
import type { TaskRowDetails } from '../jobs/running.ts'
import { type PackageTaskKind, startTask } from '../jobs/tasks.ts'

type Names = 'refreshLists' | 'importCustomers' | 'listTasks' | 'readTask' | 'listTaskRows'
type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

export const taskHandlers: Handlers<Names> = {
  refreshLists: (call) => begin(call, call.actor.memberId, 'refresh-lists', call.params.id, {}),
  importCustomers: (call) =>
    begin(call, call.actor.memberId, 'import-customers', call.params.id, { full: call.body.full }),

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

  readTask: (call) => answerOf(call, call.params.id),

  listTaskRows: async (call) => {
    const { trx, firmId, params, query, language } = call
    await answerOf(call, params.id)
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
    return pageOf(
      await rows.execute(),
      query.limit,
      ({ position }) => [String(position)],
      (row) => {
        const details = row.details as unknown as TaskRowDetails
        return {
          position: row.position,
          label: row.label,
          outcome: row.outcome as 'created',
          detail: explainRow(language, details),
          subjectId: details.subjectId ?? null,
        }
      },
    )
  },
}

async function begin(
  call: Call,
  createdBy: string,
  kind: PackageTaskKind,
  connectionId: string,
  params: Record<string, unknown>,
) {
  const { services, firmId, trx } = call
  const connection = await services.connections.findConnection({ trx, firmId }, connectionId)
  if (!connection) throw notThere('connection')
  // Says at once what would end the task: nobody signed in, or nothing chosen.
  await services.connections.openBooksIn({ trx, firmId }, connectionId, { settings: 'as-stored' })
  services.connections.requireAdministration(connection)
  return answerOf(call, await startTask(call, { kind, connectionId, params, createdBy }))
}

async function answerOf(call: Call, id: string) {
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

/** Why a row came out as it did, or what changed, in the reader's language. */
function explainRow(language: Language, { reason, values, fields, proposed, notes }: TaskRowDetails): string | null {
  const field = (name: string) =>
    hasWords(language, `customer-field.${name}`) ? say(language, `customer-field.${name}`) : name
  const sentences = [
    ...(reason ? [say(language, `import.reason.${reason}`, values)] : []),
    ...(fields?.length ? [say(language, 'import.changed', { fields: fields.map(field).join(', ') })] : []),
    ...(proposed ?? []).map((one) =>
      say(language, 'import.proposed', { field: field(one.field), ours: one.ours || '–', theirs: one.theirs }),
    ),
    ...(notes ?? []).map((note) => say(language, `import.note.${note.code}`, note.values)),
  ]
  return sentences.length > 0 ? sentences.join(' ') : null
}
