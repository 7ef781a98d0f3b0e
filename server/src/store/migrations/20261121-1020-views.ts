import { type Kysely, sql } from 'kysely'

/** A view has one name per person and list, and each person one view that a list opens with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'create unique index saved_view_name on saved_view (firm_id, member_id, screen, lower(name)) where deleted_at is null',
  `create table first_view (
    firm_id uuid not null,
    member_id uuid not null,
    screen text not null,
    view_id uuid not null,
    primary key (firm_id, member_id, screen),
    foreign key (firm_id, member_id) references member (firm_id, id),
    foreign key (firm_id, view_id) references saved_view (firm_id, id)
  )`,
  'alter table first_view enable row level security',
  'alter table first_view force row level security',
  `create policy firm_fence on first_view using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]
