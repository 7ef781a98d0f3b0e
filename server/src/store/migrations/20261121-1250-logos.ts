import { type Kysely, sql } from 'kysely'

/** Every logo that a firm ever had: invoices that were sent with one keep it when the firm takes another. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table firm_logo (
    firm_id uuid not null references firm (firm_id),
    sha256 text not null,
    media_type text not null check (media_type in ('image/png', 'image/jpeg')),
    size_bytes integer not null,
    added_by uuid,
    added_at timestamptz not null,
    primary key (firm_id, sha256)
  )`,
  `alter table firm add constraint firm_logo_is_known foreign key (firm_id, logo_sha256)
    references firm_logo (firm_id, sha256)`,
  'alter table firm_logo enable row level security',
  'alter table firm_logo force row level security',
  `create policy firm_fence on firm_logo using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]
