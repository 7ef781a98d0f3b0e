import { type Kysely, sql } from 'kysely'

/**
 * Files travel as postings of their own: their long bytes stand once beside the attempt until it is settled. Invoices
 * are posted when they are sent, where that is switched on; a person's word on whether one is in the books outlives the
 * cut-off.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const fence = (table: string) => [
  `alter table ${table} enable row level security`,
  `alter table ${table} force row level security`,
  `create policy firm_fence on ${table} using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]

const statements = [
  'alter table connection add column post_automatically boolean not null default false',
  `create table attempt_bytes (
    firm_id uuid not null,
    attempt_id uuid not null,
    sha256 text not null,
    text text not null,
    primary key (firm_id, attempt_id, sha256),
    foreign key (firm_id, attempt_id) references attempt (firm_id, id)
  )`,
  ...fence('attempt_bytes'),
  `create table in_books_mark (
    firm_id uuid not null,
    invoice_id uuid not null,
    in_books boolean not null,
    marked_by uuid,
    marked_at timestamptz not null,
    primary key (firm_id, invoice_id),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id)
  )`,
  ...fence('in_books_mark'),
]
