import { type Kysely, sql } from 'kysely'

/**
 * Several number series, one of them for credit notes; texts that stand on every draft; a period of supply that somebody
 * chose; and closing invoices. A closing invoice claims the project and every line that it deducts, so that neither is
 * invoiced or deducted twice.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'alter table series add is_credit_default boolean not null default false',
  `create unique index series_credit_default on series (firm_id) where is_credit_default and archived_at is null`,
  `create unique index series_name on series (firm_id, lower(name)) where archived_at is null`,
  'alter table invoice add period_fixed boolean not null default false',
  `alter table firm add invoice_texts jsonb not null default '{}'`,
  `alter table claim drop constraint claim_entry_kind_check,
    add constraint claim_entry_kind_check check (
      entry_kind in ('hours', 'expense', 'trip', 'instalment', 'subscription', 'closing', 'deduction'))`,
]
