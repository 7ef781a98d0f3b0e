import { sql } from 'kysely'
import type { RunningAtPackage } from '../jobs/running.ts'
import { startTask } from '../jobs/tasks.ts'
import { sendAgain } from '../postings/actions.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'

/** What a draft says of the lists as last read: in the package it may have been mended since. */
const ofLists: readonly string[] = [
  'cost-centre-unknown',
  'financial-year-missing',
  'item-blocked',
  'item-ended',
  'item-unknown',
  'journal-blocked',
  'journal-type',
  'journal-unknown',
  'ledger-account-blocked',
  'ledger-account-missing',
  'ledger-account-type',
  'ledger-account-unknown',
  'payment-condition-unknown',
  'period-closed',
  'quantity-not-whole',
  'vat-code-blocked',
  'vat-code-unknown',
]
/** Lists that were asked for since are as good as new. */
const freshMs = 10 * 60_000

interface Said {
  readonly code: string
  readonly theirStatus?: number | null
}

/** Of a draft only: what the package said itself is no older than its answer. */
export const isOfLists = ({ code, theirStatus = null }: Said): boolean => ofLists.includes(code) && theirStatus === null

type Reading = InFirm & { readonly services: Pick<Services, 'ids' | 'clock' | 'queue' | 'events'> }

/** When they were last asked for, and whether that is still under way. */
export async function listsAsked({ trx, firmId }: InFirm, connectionId: string) {
  const { rows } = await sql<{ at: Date | null; isUnderWay: boolean }>`
    select max(created_at) as at, coalesce(bool_or(state in ('waiting', 'running')), false) as "isUnderWay" from task
    where firm_id = ${firmId} and kind = 'refresh-lists' and params ->> 'connectionId' = ${connectionId}`.execute(trx)
  return rows[0] ?? { at: null, isUnderWay: false }
}

/**
 * Has the lists read again when a draft fails on what they may be too old for, once in a while; answers whether they
 * are being read. What was set aside for it goes on afterwards.
 */
export async function readListsAgain(
  reading: Reading,
  connectionId: string,
  problems: readonly Said[],
): Promise<boolean> {
  if (!problems.some(isOfLists)) return false
  const { trx, firmId, services } = reading
  const { at, isUnderWay } = await listsAsked(reading, connectionId)
  if (isUnderWay) return true
  if (at && at.getTime() > services.clock.now().getTime() - freshMs) return false
  // Who holds the connection may wait for what this transaction holds; whoever drafts next asks again.
  const { rows } = await sql`
    select 1 from connection where firm_id = ${firmId} and id = ${connectionId} and state = 'connected'
      and administration is not null for update skip locked`.execute(trx)
  if (rows.length === 0) return false
  await startTask({ trx, firmId, services }, { kind: 'refresh-lists', connectionId, createdBy: null })
  return true
}

interface Previewed {
  readonly connection: { readonly id: string } | null
  readonly documents: readonly {
    readonly problems: readonly Said[]
  }[]
}

/** A preview that fails on what the lists may be too old for says that it is worth another look. */
export async function withFreshLists<Answer extends Previewed>(reading: Reading, answer: Answer) {
  const { connection, documents } = answer
  const problems = documents.flatMap((document) => document.problems)
  return { ...answer, listsBeingRead: connection !== null && (await readListsAgain(reading, connection.id, problems)) }
}

/** Postings that their draft set aside for what the lists say, and how these lists stand; null when there are none. */
async function setAside({ trx, firmId }: InFirm, connectionId: string) {
  const { rows } = await sql<{ id: string }>`
    select id from posting
    where firm_id = ${firmId} and connection_id = ${connectionId} and state = 'blocked'
      and problem ->> 'code' = any(${[...ofLists]}::text[]) and problem ->> 'theirStatus' is null order by id`.execute(
    trx,
  )
  if (rows.length === 0) return null
  const lists = await sql<{ print: string }>`
    select md5(coalesce(string_agg(concat_ws(' ', noun, their_id, code, name, data, gone_at is null), ',' order by noun, their_id), '')) as print
    from package_row where firm_id = ${firmId} and connection_id = ${connectionId} and noun <> 'customers'`.execute(trx)
  return { ids: rows.map(({ id }) => id), print: lists.rows[0]?.print ?? '' }
}

/** Before the lists are read: kept with the task, which may break off and go on elsewhere. */
export async function rememberLists({ step, firmId, taskId, connection, params }: RunningAtPackage): Promise<void> {
  if (params.before !== undefined) return
  await step(async (trx) => {
    const found = await setAside({ trx, firmId }, connection.id)
    const before = JSON.stringify({ before: found?.print ?? null })
    await sql`update task set params = params || ${before}::jsonb where firm_id = ${firmId} and id = ${taskId}`.execute(
      trx,
    )
  })
}

/** After they were read: with other lists than before, what was set aside for them is drafted anew. */
export async function goOnWithLists({ step, firmId, taskId, connection, services }: RunningAtPackage): Promise<void> {
  await step(async (trx) => {
    const firm = { trx, firmId }
    const found = await setAside(firm, connection.id)
    if (!found) return
    const { rows } = await sql<{ before: string | null }>`
      select params ->> 'before' as before from task where firm_id = ${firmId} and id = ${taskId}`.execute(trx)
    if (rows[0]?.before === found.print) return
    await sendAgain(firm, { ...services.engine, by: null }, { ids: found.ids })
  })
}
