import { type Kysely, sql } from 'kysely'

/**
 * What a person is told of: one unread notice per person and key, so that ten refusals of one connection are one. Its
 * words are made when it is read, in the language of the reader; `needs` is the right without which it is not shown.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table notification (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    member_id uuid not null,
    key text not null,
    code text not null,
    "values" jsonb not null default '{}',
    link text check (link like '/%'),
    needs text not null,
    told_at timestamptz not null,
    read_at timestamptz,
    mailed_at timestamptz,
    primary key (firm_id, id),
    foreign key (firm_id, member_id) references member (firm_id, id)
  )`,
  'create unique index notification_unread on notification (firm_id, member_id, key) where read_at is null',
  'create index notification_told on notification (firm_id, member_id, told_at, id)',
  `create index notification_to_mail on notification (firm_id, member_id, told_at)
    where read_at is null and mailed_at is null`,
  `alter table member
    add notices_by_mail boolean not null default true,
    add notices_mailed_at timestamptz`,
  'alter table notification enable row level security',
  'alter table notification force row level security',
  `create policy firm_fence on notification using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)
    with check (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
]
