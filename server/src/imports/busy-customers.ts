import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'

/**
 * Which of these have work under way: a draft, or what is billable, free and not written off, of their own projects or
 * of those they pay for. What decides about VAT and term is not changed under it.
 */
export async function busyCustomers(
  { trx, firmId }: InFirm,
  ids: readonly string[],
  today: string,
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const ofProject = (table: string) => sql`
    exists (select from ${sql.ref(table)} e where e.firm_id = p.firm_id and e.project_id = p.id
      and e.deleted_at is null and e.billable and not e.claimed and e.written_off_at is null)`
  const { rows } = await sql<{ id: string }>`
    select c.id from customer c
    where c.firm_id = ${firmId} and c.id = any(${ids}::uuid[]) and (
      exists (select from invoice i where i.firm_id = c.firm_id and i.customer_id = c.id and i.state = 'draft'
        and i.deleted_at is null)
      or exists (
        select from project p
        where p.firm_id = c.firm_id and p.deleted_at is null and p.invoicing_method <> 'none'
          and (p.customer_id = c.id or p.customer_id in (
            select paid.id from customer paid where paid.firm_id = c.firm_id and paid.bill_to_id = c.id))
          and ((p.invoicing_method like 'hourly-%' and ${ofProject('hour_entry')})
            or ${ofProject('expense')}
            or ${ofProject('trip')}
            or exists (select from instalment e where e.firm_id = p.firm_id and e.project_id = p.id
              and e.deleted_at is null and not e.claimed and e.due_on <= ${today}::date)
            or exists (select from subscription_period e where e.firm_id = p.firm_id and e.project_id = p.id
              and e.skipped_at is null and not e.claimed and e.due_on <= ${today}::date))))`.execute(trx)
  return new Set(rows.map(({ id }) => id))
}
