import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../secrets.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { openStore } from './database.ts'

const one = '019a0000-0000-7000-8000-000000000001'
const other = '019a0000-0000-7000-8000-000000000002'

let test: TestDatabase
beforeAll(async () => {
  test = await testDatabase()
  await test.asOwner(`create table fenced (firm_id uuid not null, id integer not null, day date, days date[], amount numeric,
    large bigint, details jsonb, primary key (firm_id, id))`)
  await test.asOwner('alter table fenced enable row level security')
  await test.asOwner('alter table fenced force row level security')
  await test.asOwner(
    `create policy firm_fence on fenced using (firm_id = nullif(current_setting('app.firm', true), '')::uuid)`,
  )
  const role = decodeURIComponent(new URL(test.appUrl.reveal()).username)
  await test.asOwner(`grant select, insert, update, delete on fenced to "${role}"`)
})
afterAll(() => test.close())

const rowsOf = (firm: string) =>
  test.store.withFirm(
    firm,
    async (trx) => (await sql<{ firmId: string; id: number }>`select firm_id, id from fenced`.execute(trx)).rows,
  )
const add = (firm: string, id: number, into = firm) =>
  test.store.withFirm(firm, (trx) => sql`insert into fenced (firm_id, id) values (${into}, ${id})`.execute(trx))

describe('the fence between firms', () => {
  it('shows and changes the rows of one firm alone', async () => {
    await add(one, 1)
    await add(other, 2)
    expect(await rowsOf(one)).toEqual([{ firmId: one, id: 1 }])
    const changed = await test.store.withFirm(one, (trx) => sql`update fenced set amount = 1 where id = 2`.execute(trx))
    expect(changed.numAffectedRows).toBe(0n)
    await expect(add(one, 3, other)).rejects.toThrow('row-level security')
  })

  it('shows nothing outside a firm, also on a connection that just served one', async () => {
    await add(one, 4)
    const count = sql<{ count: string }>`select count(*) from fenced`
    for (let turn = 0; turn < 15; turn++) {
      await rowsOf(one)
      expect((await test.store.withDirectory((trx) => count.execute(trx))).rows).toEqual([{ count: '0' }])
      expect((await test.store.readDirectory((reader) => count.execute(reader))).rows).toEqual([{ count: '0' }])
    }
  })

  it('stays closed after an error and to a statement that tries the role of the owner', async () => {
    await expect(test.store.withFirm(one, (trx) => sql`select 1 / 0`.execute(trx))).rejects.toThrow('division by zero')
    const owner = new URL(test.ownerUrl.reveal()).username
    const become = test.store.withFirm(one, (trx) => sql`set local role ${sql.id(owner)}`.execute(trx))
    await expect(become).rejects.toThrow('permission denied')
    const switchOff = test.store.withFirm(one, (trx) => sql`alter table fenced disable row level security`.execute(trx))
    await expect(switchOff).rejects.toThrow('must be owner')
  })

  it('keeps a hundred requests of two firms apart', async () => {
    const seen = await Promise.all(Array.from({ length: 100 }, (_, turn) => rowsOf(turn % 2 ? one : other)))
    seen.forEach((rows, turn) => {
      expect(new Set(rows.map(({ firmId }) => firmId))).toEqual(new Set([turn % 2 ? one : other]))
    })
  })

  it('asks for a uuid', async () => {
    expect(() => test.store.withFirm("x'; drop table fenced; --", async () => {})).toThrow('uuid')
  })
})

describe('a transaction', () => {
  it('leaves nothing behind when its work fails', async () => {
    const failing = test.store.withFirm(one, async (trx) => {
      await sql`insert into fenced (firm_id, id) values (${one}, 77)`.execute(trx)
      throw new Error('changed our mind')
    })
    await expect(failing).rejects.toThrow('changed our mind')
    expect((await rowsOf(one)).map(({ id }) => id)).not.toContain(77)
  })

  it('refuses to be begun inside another, and may follow it', async () => {
    const nested = test.store.withFirm(one, () => rowsOf(one))
    await expect(nested).rejects.toThrow('inside another')
    await test.store.withFirm(one, async () => {})
    await rowsOf(one)
  })

  it('keeps to what it was asked for', async () => {
    const reading = test.store.withFirm(one, (trx) => sql`delete from fenced`.execute(trx), { readOnly: true })
    await expect(reading).rejects.toThrow('read-only transaction')
    const level = await test.store.withFirm(one, (trx) => sql`show transaction_isolation`.execute(trx), {
      isolation: 'repeatable read',
    })
    expect(level.rows).toEqual([{ transactionIsolation: 'repeatable read' }])
    const slow = test.store.withFirm(one, (trx) => sql`select pg_sleep(5)`.execute(trx), { statementTimeoutMs: 20 })
    await expect(slow).rejects.toThrow('statement timeout')
  })
})

describe('a value', () => {
  it('comes back as it was stored: dates and money as text, keys of JSON as they are', async () => {
    const details = { some_key: { inner_key: 1 }, otherKey: 2 }
    const { rows } = await test.store.withFirm(other, (trx) =>
      sql`insert into fenced (firm_id, id, day, days, amount, large, details)
        values (${other}, 9, '2026-03-29', '{2026-03-29,2026-10-25}', '1234567890123456.10', 9007199254740993, ${JSON.stringify(details)})
        returning day, days, amount, large, details`.execute(trx),
    )
    expect(rows).toEqual([
      {
        day: '2026-03-29',
        days: ['2026-03-29', '2026-10-25'],
        amount: '1234567890123456.10',
        large: '9007199254740993',
        details,
      },
    ])
  })
})

describe('the role of the program', () => {
  const open = (url: Secret, pools = { app: 2, jobs: 1, auth: 1 }) => openStore({ appUrl: url, pools, log: test.log })
  const as = (role: string) => {
    const url = new URL(test.ownerUrl.reveal())
    url.username = role
    url.password = 'hush'
    return new Secret(url.href)
  }

  it('is neither the owner nor anything like it', async () => {
    await expect(open(test.ownerUrl)).rejects.toThrow(/may not work as database role .*owns/)
  })

  it.for([
    ['a superuser', 'superuser', 'is a superuser'],
    ['one that bypasses the fence', 'bypassrls', 'bypasses row-level security'],
    ['one that makes roles', 'createrole', 'may make roles'],
    ['a member of the owner', 'in role OWNER', 'owns'],
  ] as const)('is not %s', async ([, right, words], { skip }) => {
    const [rights] = await test.asOwner('select rolsuper from pg_roles where rolname = current_user')
    // Only a superuser can make the roles that are refused here.
    skip(!rights?.rolsuper, 'the owner of this server is no superuser')
    const role = `probe_${right.replaceAll(/\W/g, '_').toLowerCase()}_${process.pid}`
    const owner = new URL(test.ownerUrl.reveal()).username
    await test.asOwner(`create role ${role} login password 'hush' ${right.replace('OWNER', owner)}`)
    try {
      await expect(open(as(role))).rejects.toThrow(words)
    } finally {
      await test.asOwner(`drop role ${role}`)
    }
  })

  it('is told when there are too few connections', async () => {
    await expect(open(test.appUrl, { app: 400, jobs: 1, auth: 1 })).rejects.toThrow('may use 404 each')
  })

  it('adds to history and cannot change it', async () => {
    const { store } = test
    for (const statement of ['update history set why = null', 'delete from history', 'truncate history'])
      await expect(store.withFirm(one, (trx) => sql.raw(statement).execute(trx))).rejects.toThrow('permission denied')
  })
})
