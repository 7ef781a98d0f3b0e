import { type Kysely, sql } from 'kysely'

/**
 * Customers of the package, night after night: when a connection imports by itself and which side leads, what stands as
 * a proposal until a person says so, and what nobody but a person can decide. `directory.import_due` tells the nights
 * that come before a firm is known; the truth about them stands with the connection.
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
  `alter table connection
    add nightly_import boolean not null default false,
    add nightly_at text not null default '04:00' check (nightly_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    add nights_seen_at timestamptz,
    add leader text not null default 'package' check (leader in ('package', 'uurwerk'))`,
  `create table directory.import_due (
    connection_id uuid primary key,
    firm_id uuid not null references directory.firm (id),
    due_at timestamptz not null
  )`,
  'create index import_due_at on directory.import_due (due_at)',
  `alter table link
    add inactive text check (inactive in ('deleted', 'not-listed', 'not-a-customer', 'ended', 'blocked')),
    add inactive_since timestamptz,
    add check ((inactive is null) = (inactive_since is null))`,
  `create table customer_proposal (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    customer_id uuid not null,
    field text not null check (field in ('vatId', 'vatCase', 'term', 'email')),
    ours jsonb,
    theirs jsonb not null,
    state text not null default 'open' check (state in ('open', 'accepted', 'rejected', 'withdrawn')),
    opened_at timestamptz not null,
    seen_at timestamptz not null,
    decided_at timestamptz,
    decided_by uuid,
    version integer not null default 1,
    primary key (firm_id, id),
    foreign key (firm_id, connection_id) references connection (firm_id, id),
    foreign key (firm_id, customer_id) references customer (firm_id, id)
  )`,
  `create unique index customer_proposal_open on customer_proposal (firm_id, connection_id, customer_id, field)
    where state = 'open'`,
  `create index customer_proposal_rejected on customer_proposal (firm_id, connection_id, customer_id, field, decided_at)
    where state = 'rejected'`,
  `create table import_conflict (
    firm_id uuid not null references firm (firm_id),
    id uuid not null,
    connection_id uuid not null,
    their_id text not null,
    their_code text not null,
    their_name text not null,
    reason text not null,
    "values" jsonb not null default '{}',
    candidates jsonb not null default '[]',
    fingerprint text not null,
    state text not null default 'open' check (state in ('open', 'resolved', 'left', 'passed')),
    opened_at timestamptz not null,
    seen_at timestamptz not null,
    settled_at timestamptz,
    settled_by uuid,
    version integer not null default 1,
    primary key (firm_id, id),
    unique (firm_id, connection_id, their_id),
    foreign key (firm_id, connection_id) references connection (firm_id, id)
  )`,
  'create index import_conflict_listed on import_conflict (firm_id, connection_id, state, their_code, id)',
  'create index task_row_subject on task_row (firm_id, task_id, subject)',
  ...fence('customer_proposal'),
  ...fence('import_conflict'),
]
