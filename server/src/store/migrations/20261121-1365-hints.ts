import { type Kysely, sql } from 'kysely'

/**
 * Packages may tell us when to look again. The address they call is found before its firm is known; `marked` are the
 * tasks that are to run soon.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table directory.hook (
    key_hash text primary key,
    firm_id uuid not null references directory.firm (id),
    connection_id uuid not null unique,
    marked text[] not null default '{}',
    heard_at timestamptz
  )`,
  `create index hook_marked on directory.hook (connection_id) where marked <> '{}'`,
  'alter table app_registration add webhook_secret_sealed text',
  `alter table connection
    add hints_on boolean not null default false,
    add hints_problem jsonb`,
  // A hint of what we posted ourselves is no news.
  'create index posting_theirs on posting (firm_id, connection_id, their_id) where their_id is not null',
  `create index posting_needs_somebody on posting (firm_id, connection_id)
    where state in ('refused', 'blocked', 'needs-person')`,
]
