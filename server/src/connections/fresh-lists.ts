import type { Noun } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { RunningAtPackage } from '../jobs/running.ts'
import { startTask } from '../jobs/tasks.ts'
import { sendAgain } from '../postings/actions.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'

/** What a draft says of the lists as last read, by which of them it says it: in the package it may have been mended since. */
const ofLists: Readonly<Record<string, readonly Noun[]>> = {
  'cost-centre-unknown': ['dimensions'],
  'financial-year-missing': ['periods'],
  'item-blocked': ['items'],
  'item-ended': ['items'],
  'item-unknown': ['items'],
  'journal-blocked': ['journals'],
  'journal-type': ['journals'],
  'journal-unknown': ['journals'],
  'ledger-account-blocked': ['ledgerAccounts', 'items'],
  'ledger-account-missing': ['ledgerAccounts', 'items'],
  'ledger-account-type': ['ledgerAccounts', 'items'],
  'ledger-account-unknown': ['ledgerAccounts', 'items'],
  'payment-condition-unknown': ['paymentTerms'],
  'period-closed': ['periods', 'journals'],
  'quantity-not-whole': ['items'],
  'vat-code-blocked': ['vatCodes'],
  'vat-code-unknown': ['vatCodes'],
}
/** Lists that were asked for since are as good as new. */
const freshMs = 10 * 60_000

interface Said {
  readonly code: string
  readonly theirStatus?: number | null
}

/** Of a draft only: what the package said itself is no older than its answer. */
export const isOfLists = ({ code, theirStatus = null }: Said): boolean =>
  Object.hasOwn(ofLists, code) && theirStatus === null

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

type Prints = Readonly<Partial<Record<Noun, string>>>

/** Postings that their draft set aside for what the lists say, and how these lists stand; null when there are none. */
async function setAside({ trx, firmId }: InFirm, connectionId: string) {
  const { rows } = await sql<{ id: string; code: string }>`
    select id, problem ->> 'code' as code from posting
    where firm_id = ${firmId} and connection_id = ${connectionId} and state = 'blocked'
      and problem ->> 'code' = any(${Object.keys(ofLists)}::text[]) and problem ->> 'theirStatus' is null order by id`.execute(
    trx,
  )
  if (rows.length === 0) return null
  const lists = await sql<{ noun: Noun; print: string }>`
    select noun, md5(string_agg(concat_ws(' ', their_id, code, name, data, gone_at is null), ',' order by their_id)) as print
    from package_row where firm_id = ${firmId} and connection_id = ${connectionId} and noun <> 'customers'
    group by noun`.execute(trx)
  const prints: Prints = Object.fromEntries(lists.rows.map(({ noun, print }) => [noun, print]))
  return { postings: rows, prints }
}

/** Before the lists are read: kept with the task, which may break off and go on elsewhere. */
export async function rememberLists({ step, firmId, taskId, connection, params }: RunningAtPackage): Promise<void> {
  if (params.before !== undefined) return
  await step(async (trx) => {
    const found = await setAside({ trx, firmId }, connection.id)
    const before = JSON.stringify({ before: found?.prints ?? null })
    await sql`update task set params = params || ${before}::jsonb where firm_id = ${firmId} and id = ${taskId}`.execute(
      trx,
    )
  })
}

/** After they were read: what was set aside for lists that are others than before is drafted anew. */
export async function goOnWithLists({ step, firmId, taskId, connection, services }: RunningAtPackage): Promise<void> {
  await step(async (trx) => {
    const firm = { trx, firmId }
    const found = await setAside(firm, connection.id)
    if (!found) return
    const { rows } = await sql<{ before: Prints | null }>`
      select params -> 'before' as before from task where firm_id = ${firmId} and id = ${taskId}`.execute(trx)
    const before = rows[0]?.before ?? null
    const isOther = (noun: Noun) => before === null || before[noun] !== found.prints[noun]
    const ids = found.postings.flatMap(({ id, code }) => (ofLists[code]?.some(isOther) ? [id] : []))
    if (ids.length > 0) await sendAgain(firm, { ...services.engine, by: null }, { ids })
  })
}
