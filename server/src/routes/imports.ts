import type { importRoutes, importSettings } from '@uurwerk/api/imports.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import type { z } from 'zod'
import { describeTask } from '../connections/describe.ts'
import { type ConnectionAt, getConnection } from '../connections/service.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { explainProblem, notThere, wrongField } from '../http/problems.ts'
import { orTaken } from '../http/taken.ts'
import { confirmVatCases } from '../imports/confirm-vat-cases.ts'
import { countOpen } from '../imports/conflicts.ts'
import { decideProposal, decideProposals } from '../imports/decide-proposals.ts'
import {
  conflictColumns,
  conflictSource,
  describeConflicts,
  describeProposal,
  proposalColumns,
  proposalSource,
  type StoredConflictRow,
  type StoredProposalRow,
} from '../imports/describe-import.ts'
import { scheduleNights } from '../imports/nightly-imports.ts'
import { nextNight } from '../imports/nights.ts'
import { withdrawAll } from '../imports/proposals.ts'
import { type Choice, carryOut } from '../imports/resolve-conflict.ts'
import { lockImports } from '../imports/take-over.ts'
import { tellSettled } from '../imports/tell-import.ts'
import { unlinkCustomer } from '../imports/unlink-customer.ts'
import type { Task } from '../store/schema.gen.ts'
import { beginTask } from './tasks.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'services' | 'language' | 'now' | 'actor' | 'requestId'>
type SettingsAnswer = z.input<typeof importSettings>

export const importHandlers: Handlers<keyof typeof importRoutes> = {
  importCustomers: (call) => beginTask(call, call.actor, 'import-customers', call.params.id, { full: call.body.full }),

  readImportSettings: async (call) => settingsOf(call, await getConnection(call, call.params.id)),

  changeImportSettings: async (call) => {
    const { trx, firmId, params, body, version, now, services } = call
    const connection = await getConnection(call, params.id, { lock: true })
    const before = await settingsOf(call, connection)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await trx
      .updateTable('connection')
      .set({ ...body, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    if (body.nightlyImport !== undefined || body.nightlyAt !== undefined) await scheduleNights(call, params.id, now)
    if (body.leader === 'uurwerk') {
      await lockImports(call, params.id)
      await withdrawAll(call, params.id, now)
      await tellSettled(call, params.id)
    }
    const { nightlyImport, nightlyAt, leader } = before
    await remember(call, { kind: 'connection', id: params.id }, 'import-settings-changed', {
      before: { nightlyImport, nightlyAt, leader },
      after: body,
    })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [params.id] })
    if (body.leader) await services.events.publish(trx, firmId, { topic: 'customers' })
    return settingsOf(call, connection)
  },

  listImportConflicts: async (call) => {
    const { trx, firmId, params, query } = call
    await getConnection(call, params.id)
    const after = keyOf(query.cursor, ['text', 'id'])
    const { rows } = await sql<StoredConflictRow>`
      select ${conflictColumns} from ${conflictSource}
      where c.firm_id = ${firmId} and c.connection_id = ${params.id}
        and c.state ${query.settled ? sql`<> 'open'` : sql`= 'open'`}
        ${query.search ? sql`and (c.their_name ilike ${anywhere(query.search)} or c.their_code ilike ${anywhere(query.search)})` : sql``}
        ${after ? sql`and (c.their_code, c.id) > (${after[0]}, ${after[1]}::uuid)` : sql``}
      order by c.their_code, c.id limit ${query.limit + 1}`.execute(trx)
    const described = await describeConflicts(call, rows.slice(0, query.limit))
    const { next } = pageOf(
      rows,
      query.limit,
      ({ theirCode, id }) => [theirCode, id],
      ({ id }) => id,
    )
    return { rows: described, next }
  },

  resolveImportConflict: async (call) => {
    const { trx, firmId, params, body, version, now, services, actor } = call
    const asked = await conflictOf(call, params.id)
    await lockImports(call, asked.connectionId)
    await sql`select 1 from import_conflict where firm_id = ${firmId} and id = ${params.id} for update`.execute(trx)
    const found = await conflictOf(call, params.id)
    if (found.version !== version) throw new StaleEdit(found.version, (await describeConflicts(call, [found]))[0])
    if (found.state === 'resolved' || found.state === 'passed')
      throw new ProblemError({ kind: 'conflict', code: 'import-conflict-settled' })
    const connection = await getConnection(call, found.connectionId)
    const choice = choiceOf(body)
    const customerId = choice
      ? await atOnce(carryOut({ trx, firmId, services, connection, by: actor, now }, found, choice))
      : null
    await sql`
      update import_conflict set state = ${choice ? 'resolved' : 'left'}, settled_at = ${now}, settled_by = ${actor.memberId},
        version = ${version + 1}
      where firm_id = ${firmId} and id = ${params.id}`.execute(trx)
    await remember(call, { kind: 'import-conflict', id: params.id }, choice ? 'resolved' : 'left', {
      before: { reason: found.reason, number: found.theirCode, name: found.theirName },
      after: { as: body.as, ...(customerId ? { customerId } : {}) },
    })
    await services.events.publish(trx, firmId, { topic: 'customers', ...(customerId ? { ids: [customerId] } : {}) })
    await services.events.publish(trx, firmId, { topic: 'connections', ids: [found.connectionId] })
    await tellSettled(call, found.connectionId)
    return oneOf(await describeConflicts(call, [await conflictOf(call, params.id)]))
  },

  listProposals: async (call) => {
    const { trx, firmId, params, query } = call
    await getConnection(call, params.id)
    const after = keyOf(query.cursor, ['text', 'id'])
    const { rows } = await sql<StoredProposalRow>`
      select ${proposalColumns} from ${proposalSource}
      where p.firm_id = ${firmId} and p.connection_id = ${params.id}
        and p.state ${query.settled ? sql`<> 'open'` : sql`= 'open'`}
        ${query.customerId ? sql`and p.customer_id = ${query.customerId}` : sql``}
        ${after ? sql`and (c.name collate "nl-x-icu", p.id) > (${after[0]}::text collate "nl-x-icu", ${after[1]}::uuid)` : sql``}
      order by c.name collate "nl-x-icu", p.id limit ${query.limit + 1}`.execute(trx)
    return pageOf(
      rows,
      query.limit,
      ({ name, id }) => [name, id],
      (row) => describeProposal(call, row),
    )
  },

  acceptProposal: (call) => decideOne(call, call.params.id, call.version, true),
  rejectProposal: (call) => decideOne(call, call.params.id, call.version, false),

  decideProposals: async (call) => {
    const { params, body, language } = call
    await getConnection(call, params.id)
    const { done, leftOut } = await decideProposals(call, params.id, body.accept, body.proposals)
    await tellSettled(call, params.id)
    return {
      done: done.length,
      leftOut: leftOut.map((one) => ({ ...one, problem: explainProblem(one.problem, language) })),
    }
  },

  listVatCasesToConfirm: async ({ trx, firmId, query }) => {
    const after = keyOf(query.cursor, ['text', 'id'])
    const { rows } = await sql<VatCaseRow>`
      select id as "customerId", number, name, country, vat_id as "vatId", vat_case as "vatCase", version from customer
      where firm_id = ${firmId} and deleted_at is null and archived_at is null and not vat_case_confirmed
        ${query.search ? sql`and (name ilike ${anywhere(query.search)} or number ilike ${anywhere(query.search)})` : sql``}
        ${after ? sql`and (name collate "nl-x-icu", id) > (${after[0]}::text collate "nl-x-icu", ${after[1]}::uuid)` : sql``}
      order by name collate "nl-x-icu", id limit ${query.limit + 1}`.execute(trx)
    return pageOf(
      rows,
      query.limit,
      ({ name, customerId }) => [name, customerId],
      (row) => row,
    )
  },

  confirmVatCases: async (call) => {
    const { done, leftOut } = await confirmVatCases(call, call.body.customers)
    return {
      done: done.length,
      leftOut: leftOut.map((one) => ({ ...one, problem: explainProblem(one.problem, call.language) })),
    }
  },

  unlinkCustomer: async (call) => {
    await unlinkCustomer(call, call.params.id, call.version)
    return undefined
  },
}

interface VatCaseRow {
  readonly customerId: string
  readonly number: string | null
  readonly name: string
  readonly country: string
  readonly vatId: string | null
  readonly vatCase: 'domestic'
  readonly version: number
}

const oneOf = <T>(list: readonly T[]): T => {
  const [one] = list
  if (one === undefined) throw notThere('import-conflict')
  return one
}

async function settingsOf(call: Call, connection: ConnectionAt): Promise<SettingsAnswer> {
  const { trx, firmId, services, now } = call
  const { rows } = await sql<{
    nightlyImport: boolean
    nightlyAt: string
    leader: 'package' | 'uurwerk'
    version: number
    toConfirm: number
  }>`
    select nightly_import as "nightlyImport", nightly_at as "nightlyAt", leader, version,
      (select count(*)::int from customer where firm_id = ${firmId} and deleted_at is null and archived_at is null
        and not vat_case_confirmed) as "toConfirm"
    from connection where firm_id = ${firmId} and id = ${connection.id}`.execute(trx)
  const [stored] = rows
  if (!stored) throw notThere('connection')
  const last = await trx
    .selectFrom('task')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('kind', '=', 'import-customers')
    .where(sql<boolean>`params ->> 'connectionId' = ${connection.id}`)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { conflicts, proposals } = await countOpen(call, connection.id)
  const { nightlyImport, nightlyAt, leader, version, toConfirm } = stored
  const { timeZone } = connection
  const isWaiting = nightlyImport && connection.state !== 'disconnected'
  return {
    offered: services.connections.connectorOf(connection.package).manifest.reads.includes('customers'),
    nightlyImport,
    nightlyAt,
    timeZone,
    leader,
    nextAt: isWaiting ? nextNight({ timeZone, at: nightlyAt }, now).toISOString() : null,
    lastRun: last ? describeTask(call, last as Selectable<Task>, connection.package) : null,
    openConflicts: conflicts,
    openProposals: proposals,
    vatCasesToConfirm: toConfirm,
    version,
  }
}

async function conflictOf({ trx, firmId }: Pick<Call, 'trx' | 'firmId'>, id: string): Promise<StoredConflictRow> {
  const { rows } = await sql<StoredConflictRow>`
    select ${conflictColumns} from ${conflictSource} where c.firm_id = ${firmId} and c.id = ${id}`.execute(trx)
  const [found] = rows
  if (!found) throw notThere('import-conflict')
  return found
}

/** Null: it is left as it is. */
function choiceOf({
  as,
  customerId,
  vatCase,
  country,
}: FirmCall<(typeof importRoutes)['resolveImportConflict']>['body']): Choice | null {
  if (as === 'leave') return null
  if (as === 'new') return { as, ...(vatCase ? { vatCase } : {}), ...(country ? { country } : {}) }
  if (!customerId) throw wrongField('/customerId', 'required')
  return { as, customerId }
}

/** Somebody gave a customer the same number at the same moment. */
const atOnce = <T>(work: Promise<T>): Promise<T> =>
  work.catch(orTaken(new ProblemError({ kind: 'conflict', code: 'at-the-same-time' })))

async function decideOne(call: Call, id: string, version: number, accept: boolean) {
  const found = await proposalOf(call, id)
  await lockImports(call, found.connectionId)
  const now = await proposalOf(call, id)
  if (now.version !== version) throw new StaleEdit(now.version, describeProposal(call, now))
  await decideProposal(call, now.connectionId, accept, { id, version })
  await tellSettled(call, now.connectionId)
  return describeProposal(call, await proposalOf(call, id))
}

async function proposalOf({ trx, firmId }: Pick<Call, 'trx' | 'firmId'>, id: string): Promise<StoredProposalRow> {
  const { rows } = await sql<StoredProposalRow>`
    select ${proposalColumns} from ${proposalSource} where p.firm_id = ${firmId} and p.id = ${id}`.execute(trx)
  const [found] = rows
  if (!found) throw notThere('proposal')
  return found
}
