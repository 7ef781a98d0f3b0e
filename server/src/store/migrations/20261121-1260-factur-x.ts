import { type Kysely, sql } from 'kysely'

/** A PDF that carries the invoice as Factur-X is kept like the other documents. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table invoice_document drop constraint invoice_document_kind_check,
        add constraint invoice_document_kind_check check (kind in ('pdf', 'pdf-with-hours', 'ubl', 'factur-x'))`,
    )
    .execute(db)
}
