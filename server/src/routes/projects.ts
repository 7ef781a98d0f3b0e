import type { project as projectShape } from '@uurwerk/api/master-data.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import { settleEntries } from '../entries/settle-entries.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { afterName, anywhere, byName, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { projectBudgets } from '../projects/project-budgets.ts'
import type { Trx } from '../store/database.ts'
import type { Project as ProjectTable } from '../store/schema.gen.ts'
import { deleteRow, putAway, rememberChange, restoreRow } from './kept-rows.ts'

interface Attached {
  readonly customerName: string | null
  readonly activityIds: string[]
  readonly members: readonly { readonly id: string; readonly writes: boolean; readonly manager: boolean }[]
}
type ProjectRow = Selectable<ProjectTable> & Attached
type Answer = z.input<typeof projectShape>
type Asking = { readonly trx: Trx; readonly firmId: string }
type Actor = FirmCall<never>['actor']
type Names =
  | 'listProjects'
  | 'createProject'
  | 'readProject'
  | 'changeProject'
  | 'deleteProject'
  | 'restoreProject'
  | 'readProjectBudget'

export const projectHandlers: Handlers<Names> = {
  listProjects: async ({ trx, firmId, query, actor }) => {
    const after = keyOf(query.cursor, ['text', 'id'])
    let rows = projectsOf({ trx, firmId })
      .where('archivedAt', query.archived ? 'is not' : 'is', null)
      .orderBy(byName)
      .orderBy('id')
      .limit(query.limit + 1)
    if (query.updatedSince) rows = rows.where('updatedAt', '>=', new Date(query.updatedSince))
    if (query.customerId) rows = rows.where('customerId', '=', query.customerId)
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) =>
        where.or([
          where('name', 'ilike', like),
          where('code', 'ilike', like),
          where.exists(
            where
              .selectFrom('customer')
              .select('customer.id')
              .where('customer.firmId', '=', firmId)
              .whereRef('customer.id', '=', 'project.customerId')
              .where('customer.name', 'ilike', like),
          ),
        ]),
      )
    }
    if (!actor.rights.has('hours:read')) rows = rows.where(openTo(actor.memberId, firmId))
    if (query.openTo) rows = rows.where(openTo(query.openTo, firmId))
    if (after) rows = rows.where(afterName(after[0] as string, after[1] as string))
    return pageOf(
      await rows.execute(),
      query.limit,
      ({ name, id }) => [name, id],
      (row) => toAnswer(row, actor),
    )
  },

  createProject: async (call) => {
    const { trx, firmId, body, now, services } = call
    await checkReferences(call, body)
    await refuseTakenCode(call, body.code ?? null, null)
    const id = services.ids.next()
    const { activityIds = [], memberIds = [], managerIds = [], billingRounding, budgetAmount, ...plain } = body
    await trx
      .insertInto('project')
      .values({
        ...plain,
        budgetAmount: budgetAmount ?? null,
        billingRounding: billingRounding ? JSON.stringify(billingRounding) : null,
        firmId,
        id,
        code: plain.code || null,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await setActivities(call, id, activityIds)
    await setPeople(call, id, { memberIds, managerIds })
    await remember(call, { kind: 'project', id }, 'created', {
      after: { ...plain, activityIds, memberIds, managerIds, billingRounding },
    })
    if (budgetAmount) await rememberBudget(call, id, null, budgetAmount)
    return answerOf(call, id)
  },

  readProject: (call) => answerOf(call, call.params.id, call.actor),

  readProjectBudget: async (call) => {
    const { trx, firmId, actor, params } = call
    await answerOf(call, params.id, actor)
    const [budget] = await projectBudgets(trx, { firmId, actor, projectIds: [params.id] })
    return { budget: budget ?? null }
  },

  changeProject: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const before = await answerOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await checkReferences(call, body)
    if (body.code !== undefined) await refuseTakenCode(call, body.code, params.id)
    if (body.customerId !== undefined && body.customerId !== before.customerId)
      await refuseMoveOfInvoiced(call, params.id)
    const { activityIds, memberIds, managerIds, archived, billingRounding, budgetAmount, ...plain } = body
    const from = body.startsOn === undefined ? before.startsOn : body.startsOn
    const until = body.endsOn === undefined ? before.endsOn : body.endsOn
    if (from && until && until < from) throw wrongField('/endsOn', 'end-before-start')
    await trx
      .updateTable('project')
      .set({
        ...plain,
        ...(plain.code === undefined ? {} : { code: plain.code || null }),
        ...(budgetAmount === undefined ? {} : { budgetAmount }),
        ...(billingRounding === undefined
          ? {}
          : { billingRounding: billingRounding ? JSON.stringify(billingRounding) : null }),
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    // What waited for the customer alone waits for nobody when he is not asked any more.
    if (body.customerApproves === false || body.customerId === null) await settleEntries(call, { projectId: params.id })
    if (activityIds) await setActivities(call, params.id, activityIds)
    if (memberIds || managerIds)
      await setPeople(call, params.id, {
        memberIds: memberIds ?? before.memberIds,
        managerIds: managerIds ?? before.managerIds,
      })
    const { budgetAmount: _money, ...told } = body
    if (Object.keys(told).length > 0) await rememberChange(call, { kind: 'project', id: params.id }, before, told)
    if (budgetAmount !== undefined) await rememberBudget(call, params.id, before.budgetAmount, budgetAmount)
    return answerOf(call, params.id)
  },

  deleteProject: async (call) => {
    const { params, version } = call
    const before = await answerOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    if (await isUsed(call, params.id))
      throw new ProblemError({ kind: 'conflict', code: 'project-in-use', values: { project: before.name } })
    await deleteRow(call, 'project', before)
    return undefined
  },

  restoreProject: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('project')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('project')
    if (row.deletedAt) {
      await checkReferences(call, { customerId: row.customerId })
      await refuseTakenCode(call, row.code, row.id)
      await restoreRow(call, 'project', row)
    }
    return answerOf(call, row.id)
  },
}

/** The amount has a history of its own, which not everybody who sees the project may read. */
const rememberBudget = (call: FirmCall<never>, id: string, before: string | null, after: string | null) =>
  remember(call, { kind: 'project-budget', id }, 'changed', {
    before: { budgetAmount: before },
    after: { budgetAmount: after },
  })

/** Whatever was registered on it or agreed for it stays in the books. */
async function isUsed({ trx, firmId }: Asking, id: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from hour_entry where firm_id = ${firmId}::uuid and project_id = ${id}::uuid and deleted_at is null)
      or exists (select from expense where firm_id = ${firmId}::uuid and project_id = ${id}::uuid and deleted_at is null)
      or exists (select from trip where firm_id = ${firmId}::uuid and project_id = ${id}::uuid and deleted_at is null)
      or exists (select from instalment where firm_id = ${firmId}::uuid and project_id = ${id}::uuid and claimed and deleted_at is null)
      or exists (select from subscription_period where firm_id = ${firmId}::uuid and project_id = ${id}::uuid)
      or exists (select from invoice_line where firm_id = ${firmId}::uuid and project_id = ${id}::uuid)
      or exists (select from package_invoice_line where firm_id = ${firmId}::uuid and project_id = ${id}::uuid) as used`.execute(
    trx,
  )
  return rows[0]?.used === true
}

/** A project is open to everybody until somebody is named who writes on it; then to those, and to who manages it. */
const openTo = (memberId: string, firmId: string) => sql<boolean>`(
  not exists (select 1 from project_member m where m.firm_id = ${firmId}::uuid and m.project_id = project.id and m.writes)
  or exists (select 1 from project_member m where m.firm_id = ${firmId}::uuid and m.project_id = project.id and m.member_id = ${memberId}::uuid)
)`

async function answerOf(
  { trx, firmId, actor }: Asking & { readonly actor: Actor },
  id: string,
  reader?: Actor,
): Promise<Answer> {
  let found = projectsOf({ trx, firmId }).where('id', '=', id)
  if (reader && !reader.rights.has('hours:read')) found = found.where(openTo(reader.memberId, firmId))
  const row = await found.executeTakeFirst()
  if (!row) throw notThere('project')
  return toAnswer(row, actor)
}

const attached = {
  customerName: sql<string | null>`(select k.name from customer k
    where k.firm_id = project.firm_id and k.id = project.customer_id)`,
  activityIds: sql<string[]>`array(select a.activity_id from project_activity a
    where a.firm_id = project.firm_id and a.project_id = project.id order by a.activity_id)`,
  members: sql<Attached['members']>`(
    select coalesce(json_agg(json_build_object('id', m.member_id, 'writes', m.writes, 'manager', m.manager)
      order by m.member_id), '[]')
    from project_member m where m.firm_id = project.firm_id and m.project_id = project.id)`,
} as const satisfies Record<keyof Attached, unknown>

const projectsOf = ({ trx, firmId }: Asking) =>
  trx
    .selectFrom('project')
    .selectAll()
    .select([
      attached.customerName.as('customerName'),
      attached.activityIds.as('activityIds'),
      attached.members.as('members'),
    ])
    .where('firmId', '=', firmId)
    .where('deletedAt', 'is', null)

const toAnswer = (row: ProjectRow, { rights }: Actor): Answer => ({
  id: row.id,
  customerId: row.customerId,
  customerName: row.customerName,
  code: row.code,
  name: row.name,
  invoicingMethod: row.invoicingMethod as Answer['invoicingMethod'],
  invoiceReference: row.invoiceReference,
  orderNumber: row.orderNumber,
  costCentre: row.costCentre,
  costUnit: row.costUnit,
  billingRounding: row.billingRounding as Answer['billingRounding'],
  budgetMinutes: row.budgetMinutes,
  budgetAmount: rights.has('rates:read') ? row.budgetAmount : null,
  budgetWarningPercent: row.budgetWarningPercent,
  customerApproves: row.customerApproves,
  startsOn: row.startsOn,
  endsOn: row.endsOn,
  activityIds: row.activityIds,
  memberIds: row.members.filter(({ writes }) => writes).map(({ id }) => id),
  managerIds: row.members.filter(({ manager }) => manager).map(({ id }) => id),
  archived: row.archivedAt !== null,
  version: row.version,
  updatedAt: row.updatedAt.toISOString(),
})

interface References {
  readonly customerId?: string | null | undefined
  readonly activityIds?: readonly string[] | undefined
  readonly memberIds?: readonly string[] | undefined
  readonly managerIds?: readonly string[] | undefined
  readonly startsOn?: string | null | undefined
  readonly endsOn?: string | null | undefined
  readonly invoicingMethod?: string | undefined
}

async function checkReferences({ trx, firmId }: Asking, body: References): Promise<void> {
  if (body.customerId) {
    const customer = await trx
      .selectFrom('customer')
      .select('archivedAt')
      .where('firmId', '=', firmId)
      .where('id', '=', body.customerId)
      .where('deletedAt', 'is', null)
      .executeTakeFirst()
    if (!customer) throw wrongField('/customerId', 'customer-unknown')
    if (customer.archivedAt) throw wrongField('/customerId', 'customer-archived')
  }
  if (body.customerId === null && body.invoicingMethod && body.invoicingMethod !== 'none')
    throw wrongField('/customerId', 'customer-needed-to-invoice')
  if (body.startsOn && body.endsOn && body.endsOn < body.startsOn) throw wrongField('/endsOn', 'end-before-start')
  await refuseUnknown(body.activityIds, '/activityIds', 'activity-unknown', (ids) =>
    trx
      .selectFrom('activity')
      .select('id')
      .where('firmId', '=', firmId)
      .where('id', 'in', ids)
      .where('deletedAt', 'is', null)
      .execute(),
  )
  for (const field of ['memberIds', 'managerIds'] as const)
    await refuseUnknown(body[field], `/${field}`, 'person-unknown', (ids) =>
      trx.selectFrom('member').select('id').where('firmId', '=', firmId).where('id', 'in', ids).execute(),
    )
}

async function refuseUnknown(
  ids: readonly string[] | undefined,
  pointer: string,
  code: string,
  find: (ids: string[]) => Promise<{ id: string }[]>,
): Promise<void> {
  if (!ids || ids.length === 0) return
  const known = new Set((await find([...ids])).map(({ id }) => id))
  const wrong = ids.findIndex((id) => !known.has(id))
  if (wrong >= 0) throw wrongField(`${pointer}/${wrong}`, code)
}

async function refuseTakenCode({ trx, firmId }: Asking, code: string | null, ownId: string | null): Promise<void> {
  if (!code) return
  const taken = await trx
    .selectFrom('project')
    .select(['id', 'name'])
    .where('firmId', '=', firmId)
    .where('code', '=', code)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (taken && taken.id !== ownId) throw wrongField('/code', 'code-taken', { code, by: taken.name })
}

/** What stands on an invoice belongs to its customer: such a project cannot go to another. */
async function refuseMoveOfInvoiced({ trx, firmId }: Asking, projectId: string): Promise<void> {
  const held = (table: string) => sql`exists (select from ${sql.table(table)} e
    where e.firm_id = ${firmId}::uuid and e.project_id = ${projectId}::uuid and e.claimed)`
  const { rows } = await sql<{ held: boolean }>`
    select ${sql.join(['hour_entry', 'expense', 'trip', 'instalment', 'subscription_period'].map(held), sql` or `)} as held`.execute(
    trx,
  )
  if (rows[0]?.held) throw wrongField('/customerId', 'project-has-invoiced-entries')
}

async function setActivities(
  { trx, firmId }: Asking,
  projectId: string,
  activityIds: readonly string[],
): Promise<void> {
  // Those that stay keep their price.
  await sql`delete from project_activity where firm_id = ${firmId}::uuid and project_id = ${projectId}::uuid
    and not activity_id = any(${[...activityIds]}::uuid[])`.execute(trx)
  if (activityIds.length === 0) return
  await trx
    .insertInto('projectActivity')
    .values([...new Set(activityIds)].map((activityId) => ({ firmId, projectId, activityId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

interface ProjectPeople {
  readonly memberIds: readonly string[]
  readonly managerIds: readonly string[]
}

async function setPeople(
  { trx, firmId }: Asking,
  projectId: string,
  { memberIds, managerIds }: ProjectPeople,
): Promise<void> {
  await trx.deleteFrom('projectMember').where('firmId', '=', firmId).where('projectId', '=', projectId).execute()
  const all = [...new Set([...memberIds, ...managerIds])]
  if (all.length === 0) return
  await trx
    .insertInto('projectMember')
    .values(
      all.map((memberId) => ({
        firmId,
        projectId,
        memberId,
        writes: memberIds.includes(memberId),
        manager: managerIds.includes(memberId),
      })),
    )
    .execute()
}
