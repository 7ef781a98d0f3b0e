import { type Kysely, sql } from 'kysely'

/** Who manages a project need not close it to others; a way back for who forgot a password; tags as rows. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const tagged = ['hour_entry', 'timer', 'expense', 'trip']

const statements = [
  // A project is open to everybody until somebody is named who `writes` on it; who only manages it does not close it.
  'alter table project_member add writes boolean not null default true, add check (writes or manager)',
  `create table directory.password_reset (
    token_hash text primary key,
    user_id uuid not null,
    expires_at timestamptz not null
  )`,
  'create index password_reset_user on directory.password_reset (user_id)',
  // Tags that were typed before are there to be chosen.
  ...['tag', ...tagged].map((table) => `alter table ${table} no force row level security`),
  `insert into tag (firm_id, id, name, created_at, updated_at)
    select distinct on (t.firm_id, lower(t.name)) t.firm_id, gen_random_uuid(), t.name, now(), now()
    from (${tagged.map((table) => `select firm_id, unnest(tags) as name from ${table}`).join(' union ')}) t
    where not exists (select from tag k where k.firm_id = t.firm_id and lower(k.name) = lower(t.name))
    order by t.firm_id, lower(t.name), t.name`,
  ...['tag', ...tagged].map((table) => `alter table ${table} force row level security`),
]
