import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { rights } from '../api/src/rights.ts'
import { benchSeals } from './database.ts'
import { benchKey, lastDay } from './load-set.ts'

/** A firm with one customer, one project and three activities, each with its rate. */
export interface Office {
  readonly firmId: string
  readonly memberId: string
  readonly projectId: string
  readonly activityIds: readonly string[]
}

const activities = ['Advies', 'Ontwerp', 'Overleg']

/** The office that opens the API with the key of the benchmarks. The client, the owner's, stays within that firm. */
export async function addOffice(client: pg.Client): Promise<Office> {
  const [firmId, memberId, keyId, customerId, projectId] = Array.from({ length: 5 }, () => randomUUID())
  const address = JSON.stringify({ line1: 'Kade 2', postcode: '4321 BA', city: 'Zwolle', country: 'NL' })
  await client.query(`select set_config('app.firm', $1, false)`, [firmId])
  await client.query(`insert into directory.firm (id, slug, name, created_at) values ($1, 'office', 'Office', now())`, [
    firmId,
  ])
  await client.query(
    `insert into firm (firm_id, name, address, country, vat_id, currency, time_zone, language, sample, created_at, updated_at)
     values ($1, 'Office', $2, 'NL', 'NL123456782B01', 'EUR', 'Europe/Amsterdam', 'nl', false, now(), now())`,
    [firmId, address],
  )
  await client.query(
    `insert into member (firm_id, id, name, email, roles, created_at, updated_at)
     values ($1, $2, 'Office', 'office@example.nl', '{administrator}', now(), now())`,
    [firmId, memberId],
  )
  await client.query(
    `insert into api_key (firm_id, id, name, prefix, scopes, member_id, created_at) values ($1, $2, 'bench', $3, $4, $5, now())`,
    [firmId, keyId, benchKey.slice(0, 12), [...rights], memberId],
  )
  await client.query('insert into directory.api_key (key_hash, firm_id, key_id) values ($1, $2, $3)', [
    benchSeals.hashToken(benchKey),
    firmId,
    keyId,
  ])
  await client.query(
    `insert into series (firm_id, id, name, pattern, is_default, created_at, updated_at)
     values ($1, gen_random_uuid(), 'Facturen', '{year}-{0000}', true, now(), now())`,
    [firmId],
  )
  await client.query(
    `insert into customer (firm_id, id, number, name, visit_address, country, vat_case, language, currency, created_at, updated_at)
     values ($1, $2, '1001', 'Bakkerij Zon', $3, 'NL', 'domestic', 'nl', 'EUR', now(), now())`,
    [firmId, customerId, address],
  )
  await client.query(
    `insert into project (firm_id, id, customer_id, code, name, invoicing_method, created_at, updated_at)
     values ($1, $2, $3, 'WEB', 'Website', 'hourly-activity', now(), now())`,
    [firmId, projectId, customerId],
  )
  const { rows } = await client.query<{ id: string }>(
    `insert into activity (firm_id, id, name, created_at, updated_at)
     select $1, gen_random_uuid(), name, now(), now() from unnest($2::text[]) name returning id`,
    [firmId, activities],
  )
  const activityIds = rows.map(({ id }) => id)
  await client.query(
    `insert into rate (firm_id, id, scope, activity_id, amount, currency, from_date, created_at, updated_at)
     select $1, gen_random_uuid(), 'activity', id, 104, 'EUR', '2020-01-01', now(), now() from unnest($2::uuid[]) id`,
    [firmId, activityIds],
  )
  return { firmId: firmId ?? '', memberId: memberId ?? '', projectId: projectId ?? '', activityIds }
}

/** So many hours of the last half year, all of which may be invoiced; answers their ids. */
export async function addWork(client: pg.Client, office: Office, entries: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into hour_entry (firm_id, id, member_id, date, minutes, project_id, activity_id, billable, created_at, updated_at)
     select $1, gen_random_uuid(), $2, $3::date - n % 180, 10 + n % 300, $4, ($5::uuid[])[1 + n % 3], true, now(), now()
     from generate_series(1, $6::int) n returning id`,
    [office.firmId, office.memberId, lastDay, office.projectId, office.activityIds, entries],
  )
  return rows.map(({ id }) => id)
}
