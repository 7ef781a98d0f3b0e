import type { comingBackRoutes, reconciliation } from '@uurwerk/api/coming-back.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { describeTask } from '../connections/describe.ts'
import type { ConnectionAt } from '../connections/service.ts'
import type { FirmCall } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import { comparedTotals } from './reconcile.ts'
import { readPaymentMark } from './settlement-rows.ts'

type Answer = z.input<typeof reconciliation>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

export interface ReconciliationRow {
  readonly id: string
  readonly connectionId: string
  readonly package: string
  readonly administrationName: string | null
  readonly mode: 'sandbox' | 'live'
  readonly scope: Answer['scope']
  readonly state: Answer['state']
  readonly documents: number
  readonly unknown: number
  readonly differing: number
  readonly accepted: number
  readonly solved: number
  readonly totals: unknown
  readonly problem: unknown
  readonly startedBy: string | null
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** A run of which the task failed has failed too, whatever it came to. */
export async function reconciliationRows(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  where: RawBuilder<unknown>,
  limit = 1,
): Promise<ReconciliationRow[]> {
  const { rows } = await sql<ReconciliationRow>`
    select r.id, r.connection_id as "connectionId", k.package, k.administration_name as "administrationName", k.mode,
      r.scope, case when r.state = 'running' and t.state = 'failed' then 'failed' else r.state end as state,
      r.documents, r.unknown, r.differing, r.accepted, r.solved, r.totals, coalesce(t.problem, r.problem) as problem,
      m.name as "startedBy", r.started_at as "startedAt", coalesce(r.finished_at, t.finished_at) as "finishedAt"
    from reconciliation r
    join connection k on k.firm_id = r.firm_id and k.id = r.connection_id
    left join task t on t.firm_id = r.firm_id and t.id = r.id
    left join member m on m.firm_id = r.firm_id and m.id = r.created_by
    where r.firm_id = ${firmId} ${where}
    order by r.id desc limit ${limit}`.execute(trx)
  return rows
}

export function describeReconciliation({ services, language }: Asking, row: ReconciliationRow): Answer {
  const { manifest, messages } = services.connections.connectorOf(row.package)
  const problem: Problem | null = row.problem
    ? readStored(storedProblem, row.problem, 'the problem of a reconciliation')
    : null
  const { package: _, totals, startedAt, finishedAt, ...told } = row
  return {
    ...told,
    packageName: manifest.name,
    outcome: row.state !== 'done' ? null : row.differing > 0 ? 'differs' : row.unknown > 0 ? 'cannot-know' : 'well',
    totals: readStored(comparedTotals, totals, 'the totals of a reconciliation'),
    problem: problem && explainProblem(problem, language, messages),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}

/** What comes back from a package, and how it stands. */
export async function describeComingBack(
  call: Asking,
  connection: ConnectionAt,
): Promise<AnswerOf<(typeof comingBackRoutes)['readComingBack']>> {
  const { trx, firmId, services } = call
  const { manifest } = services.connections.connectorOf(connection.package)
  const kept = await trx
    .selectFrom('connection')
    .select(['nightlyPayments', 'nightlyReconciliation'])
    .where('firmId', '=', firmId)
    .where('id', '=', connection.id)
    .executeTakeFirstOrThrow()
  const { readAt } = await readPaymentMark({ trx, firmId }, connection.id)
  const states = await sql<{ state: string; n: number }>`
    select s.state, count(*)::int as n from posting_settled s
    join posting p on p.firm_id = s.firm_id and p.id = s.posting_id and p.state = 'posted'
    where s.firm_id = ${firmId} and s.connection_id = ${connection.id} group by s.state`.execute(trx)
  const count = (state: string) => states.rows.find((row) => row.state === state)?.n ?? 0
  const [last] = await reconciliationRows(call, sql`and r.connection_id = ${connection.id} and r.state <> 'running'`)
  const open = await sql<{ n: number }>`
    select count(*)::int as n from books_difference
    where firm_id = ${firmId} and connection_id = ${connection.id} and state = 'open'`.execute(trx)
  const tasks = await trx
    .selectFrom('task')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('kind', 'in', ['read-payments', 'reconcile'])
    .where('state', 'in', ['waiting', 'running'])
    .where(sql<boolean>`params ->> 'connectionId' = ${connection.id}`)
    .orderBy('id')
    .execute()
  return {
    connectionId: connection.id,
    packageName: manifest.name,
    offers: { payments: manifest.settled, reconciliation: manifest.posts.includes('salesEntry') },
    ...kept,
    paymentsReadAt: readAt?.toISOString() ?? null,
    settled: {
      open: count('open'),
      'partly-paid': count('partly-paid'),
      paid: count('paid'),
      settled: count('settled'),
      'over-paid': count('over-paid'),
      unknown: count('unknown'),
    },
    lastReconciliation: last ? describeReconciliation(call, last) : null,
    differing: open.rows[0]?.n ?? 0,
    tasks: tasks.map((row) => describeTask(call, row, connection.package)),
  }
}
