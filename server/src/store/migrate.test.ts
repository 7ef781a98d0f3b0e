import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSeals, Secret } from '../secrets.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { isMigrated, type PrepareOptions, prepareDatabase } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { schemas } from './roles.ts'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())

const prepare = (changed: Partial<PrepareOptions> = {}) => {
  const { ownerUrl, appUrl, seals, log } = test
  return prepareDatabase({ ownerUrl, appUrl, seals, log, ...changed })
}
const later = (up: (db: Kysely<unknown>) => Promise<void>) => ({ ...migrations, '20990101-0000-later': { up } })

describe('the database at start', () => {
  it('is of this version, and preparing it again changes nothing', async () => {
    expect(await isMigrated(test.store)).toBe(true)
    await prepare()
    expect(await isMigrated(test.store)).toBe(true)
  })

  it('migrates once when three processes start at the same moment', async () => {
    let times = 0
    const counted = later(async (db) => {
      times++
      await sql`create table counted (id integer)`.execute(db)
    })
    await Promise.all([1, 2, 3].map(() => prepare({ migrations: counted })))
    expect(times).toBe(1)
  })

  it('refuses a program that is older than the data', async () => {
    await expect(prepare()).rejects.toThrow('newer version of Uurwerk (20990101-0000-later)')
    expect(await isMigrated(test.store)).toBe(false)
    await test.asOwner(`delete from program.kysely_migration where name like '2099%'`)
    await test.asOwner('drop table counted')
  })

  it('leaves nothing of a migration that failed', async () => {
    const broken = later(async (db) => {
      await sql`create table half (id integer)`.execute(db)
      await sql`select 1 / 0`.execute(db)
    })
    await expect(prepare({ migrations: broken })).rejects.toThrow('division by zero')
    expect(await test.asOwner(`select to_regclass('public.half') as half`)).toEqual([{ half: null }])
    await prepare()
  })

  it('refuses another secret key, with which nothing sealed would open', async () => {
    const seals = createSeals(new Secret('another key, that this database does not know'))
    await expect(prepare({ seals })).rejects.toThrow('is not the one that this database was made with')
  })

  it('says which database does not let it in', async () => {
    const wrong = new URL(test.ownerUrl.reveal())
    wrong.password = 'wrong'
    await expect(prepare({ ownerUrl: new Secret(wrong.href) })).rejects.toThrow('does not let us in (DATABASE_URL)')
  })

  it('gives the program rights to every table but those of others, and no way to truncate', async () => {
    const role = decodeURIComponent(new URL(test.appUrl.reveal()).username)
    const without = await test.asOwner<{ name: string }>(
      `select schemaname || '.' || tablename as name from pg_tables
        where schemaname = any($1) and not has_table_privilege($2, format('%I.%I', schemaname, tablename), 'select')`,
      [[...schemas], role],
    )
    expect(without).toEqual([])
    const truncatable = await test.asOwner(
      `select tablename from pg_tables where schemaname = any($1)
        and has_table_privilege($2, format('%I.%I', schemaname, tablename), 'truncate')`,
      [[...schemas], role],
    )
    expect(truncatable).toEqual([])
  })

  it('forces the fence on every table that has a firm', async () => {
    const open = await test.asOwner(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'firm_id' and not a.attisdropped
        where n.nspname = 'public' and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)`,
    )
    expect(open).toEqual([])
  })
})

describe('the role of the program', () => {
  it('is made with a password that comes from the key, and set right again when it was changed', async () => {
    const own = await testDatabase()
    const { ownerUrl, seals, log } = own
    const role = `${new URL(ownerUrl.reveal()).pathname.slice(1)}_app`
    try {
      const { appUrl } = await prepareDatabase({ ownerUrl, appUrl: null, seals, log })
      expect(new URL(appUrl.reveal()).username).toBe(role)
      await own.asOwner(`alter role "${role}" password 'changed'`)
      const again = await prepareDatabase({ ownerUrl, appUrl: null, seals, log })
      expect(again.appUrl.reveal()).toBe(appUrl.reveal())
    } finally {
      await own.close()
      await test.asOwner(`drop role "${role}"`)
    }
  })
})
