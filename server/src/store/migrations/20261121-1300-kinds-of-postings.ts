import { type Kysely, sql } from 'kysely'

/** Packages that make the invoice print it by a call of its own; files hang on a document in their archive. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table posting drop constraint posting_kind_check, add constraint posting_kind_check check (kind in
    ('customer', 'salesInvoice', 'printing', 'salesEntry', 'generalJournal', 'document', 'attachment'))`.execute(db)
}
