import { type Kysely, sql } from 'kysely'

/** The list of invoices by due date and by what is outstanding, page after page. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'create index invoice_due_date on invoice (firm_id, due_date, id) where deleted_at is null',
  'create index invoice_by_outstanding on invoice (firm_id, outstanding, id) where deleted_at is null',
]
