import { createHash } from 'node:crypto'
import type { RouteName } from '@uurwerk/api/routes.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import { Secret } from '../secrets.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

/** A request that carries an Idempotency-Key. */
export interface KeyedRequest {
  /** Null for what a person asks outside a firm. */
  readonly firmId: string | null
  /** The member or API key, outside a firm the person: keys of one never meet those of another. */
  readonly owner: string
  readonly key: string
  readonly route: RouteName
  readonly asked: unknown
  readonly now: Date
}

export interface Reply {
  readonly status: number
  readonly answer: unknown
  readonly version?: number
}

interface Row {
  readonly route: string
  readonly bodyHash: string
  readonly status: number | null
  readonly answer: { readonly sealed: string } | null
  readonly createdAt: Date
}

/** What was begun so long ago and never ended was cut off: it may be asked again. */
const cutOffMs = 5 * 60_000

const tableOf = ({ firmId }: KeyedRequest) => (firmId ? sql.table('idempotency') : sql.table('directory.idempotency'))
const whereOf = ({ firmId, owner, key }: KeyedRequest): RawBuilder<boolean> =>
  firmId ? sql`firm_id = ${firmId}::uuid and actor = ${owner} and key = ${key}` : sql`owner = ${owner} and key = ${key}`
const hashOf = ({ route, asked }: KeyedRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([route, asked]))
    .digest('hex')
// An answer may hold what is shown once, such as an API key; sealed, it also comes back letter for letter.
const placeOf = ({ firmId }: KeyedRequest) => ({ firmId, purpose: 'idempotency' })

/**
 * The answer that the same request got before; undefined when this is the first. Asked for something else with the
 * same key, or while the first is still under way, it is refused. Holds the key until the transaction ends.
 */
export async function earlierAnswer(
  trx: Trx,
  { seals }: Pick<Services, 'seals'>,
  asked: KeyedRequest,
): Promise<Reply | undefined> {
  const name = `${asked.firmId ?? ''} ${asked.owner} ${asked.key}`
  const lock = await sql<{
    got: boolean
  }>`select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as got`.execute(trx)
  const inProgress = () => new ProblemError({ kind: 'conflict', code: 'still-in-progress' })
  if (!lock.rows[0]?.got) throw inProgress()
  const found = await sql<Row>`
    select route, body_hash, status, answer, created_at from ${tableOf(asked)} where ${whereOf(asked)}`.execute(trx)
  const row = found.rows[0]
  if (!row) return undefined
  if (row.route !== asked.route || row.bodyHash !== hashOf(asked))
    throw new ProblemError({ kind: 'input', code: 'idempotency-key-reused' })
  if (row.status !== null && row.answer) {
    const { answer, version } = JSON.parse(seals.open(row.answer.sealed, placeOf(asked)).reveal()) as Reply
    return { status: row.status, answer, ...(version === undefined ? {} : { version }) }
  }
  if (asked.now.getTime() - row.createdAt.getTime() < cutOffMs) throw inProgress()
  await forget(trx, asked)
  return undefined
}

/** In the transaction of the effect itself. */
export async function keepAnswer(
  trx: Trx,
  { seals }: Pick<Services, 'seals'>,
  asked: KeyedRequest,
  { status, answer, version }: Reply,
): Promise<void> {
  const sealed = seals.seal(new Secret(JSON.stringify({ answer, version })), placeOf(asked))
  await insert(trx, asked, { status, answer: JSON.stringify({ sealed }) })
}

/** Whom the row belongs to comes first, in the names that the table has for it. */
async function insert(
  trx: Trx,
  asked: KeyedRequest,
  kept: { status: number | null; answer: string | null },
): Promise<void> {
  const { firmId, owner, key, route, now } = asked
  const columns = firmId ? sql`firm_id, actor` : sql`owner`
  const values = firmId ? sql`${firmId}::uuid, ${owner}` : sql`${owner}`
  await sql`
    insert into ${tableOf(asked)} (${columns}, key, route, body_hash, status, answer, created_at)
    values (${values}, ${key}, ${route}, ${hashOf(asked)}, ${kept.status}, ${kept.answer}::jsonb, ${now})
    on conflict (${columns}, key) do update set status = excluded.status, answer = excluded.answer`.execute(trx)
}

const forget = (trx: Trx, asked: KeyedRequest) =>
  sql`delete from ${tableOf(asked)} where ${whereOf(asked)}`.execute(trx)

/**
 * For work that has transactions of its own: that it began is written down before it, its answer after it. Refused, it
 * leaves nothing behind and may be asked again.
 */
export async function once(services: Services, asked: KeyedRequest, work: () => Promise<Reply>): Promise<Reply> {
  const { firmId } = asked
  const within = <Result>(act: (trx: Trx) => Promise<Result>) =>
    firmId ? services.store.withFirm(firmId, act) : services.store.withDirectory(act)
  const before = await within(async (trx) => {
    const earlier = await earlierAnswer(trx, services, asked)
    if (!earlier) await insert(trx, asked, { status: null, answer: null })
    return earlier
  })
  if (before) return before
  try {
    const given = await work()
    await within((trx) => keepAnswer(trx, services, asked, given))
    return given
  } catch (error) {
    // What went wrong first is told; the mark left behind ends by itself.
    await within((trx) => forget(trx, asked)).catch((late) =>
      services.log.warn({ err: late }, 'a request that failed is still marked as begun'),
    )
    throw error
  }
}
