import { type Kysely, sql } from 'kysely'

/** What the books say of an invoice is not known while a credit note of it was not posted there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table posting_settled drop constraint posting_settled_why_check,
        add constraint posting_settled_why_check check (why in ('gone', 'other-currency', 'credit-note-unseen'))`,
    )
    .execute(db)
}
