import { sql } from 'kysely'
import type { RowOutcome, RowResult, RunningAtPackage } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'

/** Which of two results of one row is told: one that changed something is not hidden by a second look that found nothing to do. */
const isToldInstead = (before: string, after: RowOutcome): boolean =>
  after !== 'unchanged' && !(before === 'created' && after === 'updated') && before !== after

/**
 * A row stands in the report once. Read a second time (it changed while the package was read, or the work was broken
 * off), it keeps what came of it first unless something else did now.
 */
export async function reportRows(
  trx: Trx,
  { firmId, taskId, progress }: RunningAtPackage,
  results: readonly RowResult[],
  { total }: { readonly total?: number | undefined } = {},
): Promise<void> {
  const { rows } = await sql<{ subject: string; outcome: string }>`
    select subject, outcome from task_row where firm_id = ${firmId} and task_id = ${taskId}
      and subject = any(${results.map(({ subject }) => subject)}::text[])`.execute(trx)
  const told = new Map(rows.map(({ subject, outcome }) => [subject, outcome]))
  const again = results.filter(({ subject, outcome }) => {
    const before = told.get(subject)
    return before !== undefined && isToldInstead(before, outcome)
  })
  if (again.length > 0)
    await sql`
      update task_row set outcome = r.outcome, label = r.label, details = r.details
      from jsonb_to_recordset(${JSON.stringify(again)}::jsonb) as r(subject text, label text, outcome text, details jsonb)
      where task_row.firm_id = ${firmId} and task_row.task_id = ${taskId} and task_row.subject = r.subject`.execute(trx)
  await progress(trx, {
    rows: results.filter(({ subject }) => !told.has(subject)),
    ...(total === undefined ? {} : { total }),
  })
}
