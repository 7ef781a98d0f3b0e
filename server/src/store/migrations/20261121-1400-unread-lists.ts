import { type Kysely, sql } from 'kysely'

/** Why a list could not be read the last time; none once it could. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table package_mark add problem jsonb').execute(db)
}
