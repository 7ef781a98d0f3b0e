import { type Kysely, sql } from 'kysely'

/** A timer that was stopped waits until its hours are written; before, being stopped was the same as being written. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  'alter table timer add written_at timestamptz, add check (written_at is null or stopped_at is not null)',
  'alter table timer no force row level security',
  'update timer set written_at = stopped_at where stopped_at is not null',
  'alter table timer force row level security',
  `create index timer_waiting on timer (firm_id, member_id)
    where stopped_at is not null and written_at is null and discarded_at is null`,
]
