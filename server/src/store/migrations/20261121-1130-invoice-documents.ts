import { type Kysely, sql } from 'kysely'

/** What was made of a sent invoice, once: the bytes stand beside the database under their hash, and stay those bytes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table invoice_document (
    firm_id uuid not null,
    id uuid not null,
    invoice_id uuid not null,
    kind text not null check (kind in ('pdf', 'pdf-with-hours', 'ubl')),
    sha256 text not null,
    size_bytes integer not null,
    made_at timestamptz not null,
    primary key (firm_id, id),
    unique (firm_id, invoice_id, kind),
    foreign key (firm_id, invoice_id) references invoice (firm_id, id)
  )`,
  'create index invoice_document_sha256 on invoice_document (firm_id, sha256)',
  'alter table invoice_document enable row level security',
  'alter table invoice_document force row level security',
  `create policy firm_fence on invoice_document using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]
