import { sendingWay } from '@uurwerk/api/letters.ts'
import { language } from '@uurwerk/api/shapes.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { z } from 'zod'
import { type Language, StaleEdit } from '../http/call.ts'
import { actorWith, askedBy } from '../jobs/asked-by.ts'
import type { Running } from '../jobs/running.ts'
import { sendDraft } from '../routes/invoice-sending.ts'
import type { Trx } from '../store/database.ts'
import { readStored, storedProblem } from '../store/stored.ts'

/** Kinds of tasks whose rows are invoices. */
export const invoiceTaskKinds = ['send-invoices', 'remind-invoices'] as const

const rowDetails = z.object({ letterId: z.string().optional(), problem: storedProblem.optional() })
export const readRowDetails = (details: unknown) => readStored(rowDetails, details, 'what came of an invoice')

/** What a task of sending remembers. */
export const sendingParams = z.object({ how: sendingWay, language, requestId: z.string().nullable(), actor: askedBy })

interface WaitingRow {
  readonly position: number
  readonly invoiceId: string
}

/** Sends what has no outcome yet, one after the other; an invoice, its letter and its outcome are one transaction. */
export async function sendChosen(running: Running): Promise<void> {
  const params = readStored(sendingParams, running.params, 'what a task of sending is to do')
  for (;;) {
    const row = await running.step((trx) => nextRow(trx, running))
    if (!row) return
    const problem = await running
      .step(async (trx) => {
        const { number, letterId } = await sendRow(running, trx, params, row.invoiceId)
        await tellRow(running, trx, row, { outcome: 'created', label: number, details: letterId ? { letterId } : {} })
        return null
      })
      .catch(problemOf)
    if (problem)
      await running.step((trx) => tellRow(running, trx, row, { outcome: 'skipped', label: null, details: { problem } }))
  }
}

/** The next of a task over invoices that has no outcome yet. */
export async function nextRow(trx: Trx, { firmId, taskId }: Running): Promise<WaitingRow | undefined> {
  const { rows } = await sql<WaitingRow>`
    select position, subject as "invoiceId" from task_row
    where firm_id = ${firmId} and task_id = ${taskId} and outcome = 'waiting' order by position limit 1`.execute(trx)
  return rows[0]
}

/** What a person can do something about is told at its row; anything else breaks the task off. */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error.problem
  if (error instanceof StaleEdit) return { kind: 'conflict', code: 'stale' }
  throw error
}

async function sendRow(
  { services, firmId }: Running,
  trx: Trx,
  { how, language: spoken, requestId, actor }: z.output<typeof sendingParams>,
  invoiceId: string,
): Promise<{ readonly number: string; readonly letterId: string | null }> {
  const firm = await trx
    .selectFrom('firm')
    .innerJoin('directory.firm as directory', 'directory.id', 'firm.firmId')
    .select(['firm.firmId as id', 'slug', 'timeZone', 'currency', 'country', 'language'])
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const invoice = await trx
    .selectFrom('invoice')
    .select(['version', 'number'])
    .where('firmId', '=', firmId)
    .where('id', '=', invoiceId)
    .executeTakeFirst()
  return sendDraft(
    {
      trx,
      firmId,
      firm: { ...firm, language: firm.language as Language },
      services,
      actor: await actorWith(trx, firmId, actor, 'invoices:send'),
      requestId: requestId ?? '',
      language: spoken,
      now: services.clock.now(),
      version: invoice?.version ?? 0,
    },
    invoiceId,
    { how },
  )
}

interface Told {
  readonly outcome: 'created' | 'skipped'
  /** As it stands when left out. */
  readonly label: string | null
  readonly details: { readonly letterId?: string; readonly problem?: Problem }
}

export async function tellRow(
  running: Running,
  trx: Trx,
  { position }: WaitingRow,
  { outcome, label, details }: Told,
): Promise<void> {
  const { firmId, taskId } = running
  await sql`
    update task_row set outcome = ${outcome}, label = coalesce(${label}, label), details = ${JSON.stringify(details)}::jsonb
    where firm_id = ${firmId} and task_id = ${taskId} and position = ${position} and outcome = 'waiting'`.execute(trx)
  await running.progress(trx, { done: 1 })
}
