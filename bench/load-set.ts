import type pg from 'pg'
import { rights } from '../api/src/rights.ts'
import { benchSeals } from './database.ts'

/** How much of everything a firm has. */
export interface Sizes {
  readonly hours: number
  readonly expenses: number
  readonly trips: number
  readonly people: number
  readonly projects: number
  readonly customers: number
  readonly invoices: number
}

export const fullSize: Sizes = {
  hours: 1_500_000,
  expenses: 100_000,
  trips: 100_000,
  people: 1200,
  projects: 1500,
  customers: 300,
  invoices: 50_000,
}
const smallFirm: Sizes = { hours: 500, expenses: 50, trips: 50, people: 8, projects: 20, customers: 10, invoices: 20 }
const SMALL_FIRMS = 10

export const scaled = (scale: number): Sizes =>
  Object.fromEntries(
    Object.entries(fullSize).map(([what, count]) => [what, Math.max(4, Math.round(count * scale))]),
  ) as unknown as Sizes

/** Opens the API for the benchmarks, as the office of the large firm. */
export const benchKey = 'uurwerk_key_of_the_load_set'
export const benchFirm = 'load-set'

/** First and last day of the work in the set: four years. */
export const firstDay = '2022-04-01'
export const lastDay = '2026-03-31'
const DAYS = 1461

/**
 * The load set of the bars, the same for every run: one large firm and ten small ones. PostgreSQL makes all rows
 * itself; what looks random is a hash of the row's number. 95 of 100 hours are invoiced, the newest are not yet.
 */
export async function fill(client: pg.Client, scale: number, said: (line: string) => void): Promise<void> {
  const { rowCount } = await client.query('select from directory.firm where slug = $1', [benchFirm])
  if (rowCount) throw new Error('this database holds the load set already; give another folder or database')
  const sizes = scaled(scale)
  await fillFirm(client, { number: 1, slug: benchFirm, name: 'Load Set', sizes }, said)
  for (let number = 2; number <= SMALL_FIRMS + 1; number++)
    await fillFirm(client, { number, slug: `small-${number}`, name: `Small ${number}`, sizes: smallFirm }, () => {})
  said(`${SMALL_FIRMS} small firms`)
  const started = performance.now()
  await client.query('analyze')
  said(`analyzed in ${seconds(started)}`)
}

const seconds = (started: number) => `${((performance.now() - started) / 1000).toFixed(1)} s`

interface NewFirm {
  readonly number: number
  readonly slug: string
  readonly name: string
  readonly sizes: Sizes
}

async function fillFirm(client: pg.Client, { number, slug, name, sizes }: NewFirm, said: (line: string) => void) {
  const firm = idOf('firm', number)
  await client.query('begin')
  await client.query(
    `select set_config('app.firm', $1, true), set_config('statement_timeout', '0', true), set_config('timezone', 'UTC', true)`,
    [firm],
  )
  await client.query(makers)
  await client.query(`select set_config('bench.firm', $1, true)`, [firm])
  // What these triggers keep is written directly, not row by row.
  await client.query(
    'alter table claim disable trigger user; alter table invoice_line disable trigger user; alter table payment disable trigger user',
  )
  const insert = async (what: string, statement: string, values: readonly unknown[] = []) => {
    const started = performance.now()
    const { rowCount } = await client.query(statement, [...values])
    said(`${rowCount ?? 0} ${what} in ${seconds(started)}`)
  }
  await client.query(`insert into directory.firm (id, slug, name, created_at) values ($1, $2, $3, $4)`, [
    firm,
    slug,
    name,
    firstDay,
  ])
  await client.query(
    `insert into firm (firm_id, name, address, country, vat_id, currency, time_zone, language, sample, created_at, updated_at)
     values ($1, $2, '{"line1":"Kade 1","postcode":"1234 AB","city":"Utrecht","country":"NL"}', 'NL', 'NL123456782B01', 'EUR', 'Europe/Amsterdam', 'nl', false, $3::date, $3::date)`,
    [firm, name, firstDay],
  )
  await insert(
    'people',
    `insert into member (firm_id, id, name, email, number, roles, created_at, updated_at)
     select ${f}, pg_temp.made('member', n), pg_temp.first_name(n) || ' ' || pg_temp.last_name(n), 'person' || n || '.' || $2 || '@example.nl', (10000 + n)::text,
       case when n = 1 then array['administrator'] when n % 40 = 2 then array['employee', 'manager'] when n % 60 = 3 then array['employee', 'finance'] else array['employee'] end, $3::date, $3::date
     from generate_series(1, $1::int) n`,
    [sizes.people, slug, firstDay],
  )
  await client.query(
    `insert into api_key (firm_id, id, name, prefix, scopes, member_id, created_at)
     values (${f}, pg_temp.made('key', 1), 'bench', $1, $2, pg_temp.made('member', 1), $3::date)`,
    [benchKey.slice(0, 12), [...rights], firstDay],
  )
  await client.query(
    `insert into directory.api_key (key_hash, firm_id, key_id) values ($1, ${f}, pg_temp.made('key', 1))`,
    [benchSeals.hashToken(number === 1 ? benchKey : `${benchKey} ${number}`)],
  )
  await insert(
    'customers',
    `insert into customer (firm_id, id, number, name, visit_address, country, email, vat_case, language, currency, created_at, updated_at)
     select ${f}, pg_temp.made('customer', n), (2000 + n)::text, pg_temp.last_name(n * 7) || ' ' || (array['Bouw', 'Advies', 'Zorg', 'Techniek', 'Handel', 'Transport'])[1 + n % 6] || ' ' || n,
       jsonb_build_object('line1', 'Straat ' || n, 'postcode', '1234 AB', 'city', 'Utrecht', 'country', 'NL'), 'NL', 'office' || n || '@example.nl', 'domestic', 'nl', 'EUR', $2::date, $2::date
     from generate_series(1, $1::int) n`,
    [sizes.customers, firstDay],
  )
  await client.query(
    `insert into activity (firm_id, id, name, billable, created_at, updated_at)
     select ${f}, pg_temp.made('activity', n), (array['Advies', 'Ontwerp', 'Bouwen', 'Testen', 'Overleg', 'Reistijd', 'Beheer', 'Training', 'Onderzoek', 'Schrijven'])[1 + n % 10] || ' ' || n, true, $1::date, $1::date
     from generate_series(1, 20) n`,
    [firstDay],
  )
  await client.query(
    `insert into expense_category (firm_id, id, name, created_at, updated_at)
     select ${f}, pg_temp.made('category', n), 'Categorie ' || n, $1::date, $1::date from generate_series(1, 8) n`,
    [firstDay],
  )
  await client.query(
    `insert into vehicle (firm_id, id, name, created_at, updated_at)
     select ${f}, pg_temp.made('vehicle', n), 'Auto ' || n, $1::date, $1::date from generate_series(1, 10) n`,
    [firstDay],
  )
  await client.query(
    `insert into team (firm_id, id, name, created_at, updated_at)
     select ${f}, pg_temp.made('team', n), 'Team ' || n, $1::date, $1::date from generate_series(1, 12) n`,
    [firstDay],
  )
  await client.query(
    `insert into team_member (firm_id, team_id, member_id)
     select ${f}, pg_temp.made('team', 1 + n % 12), pg_temp.made('member', n) from generate_series(1, $1::int) n`,
    [sizes.people],
  )
  await insert(
    'projects',
    `insert into project (firm_id, id, customer_id, code, name, invoicing_method, created_at, updated_at)
     select ${f}, pg_temp.made('project', n), case when pg_temp.internal(n) then null else pg_temp.made('customer', 1 + n % $2::int) end, 'P' || n,
       (array['Website', 'Nieuwbouw', 'Onderhoud', 'Migratie', 'Campagne', 'Audit'])[1 + n % 6] || ' ' || n,
       case when pg_temp.internal(n) then 'none' when n % 100 = 7 then 'fixed-price' when n % 20 = 3 then 'hourly-customer' when n % 10 = 5 then 'hourly-project' when n % 7 = 1 then 'hourly-user' else 'hourly-activity' end, $3::date, $3::date
     from generate_series(1, $1::int) n`,
    [sizes.projects, sizes.customers, firstDay],
  )
  // A new rate every year; some projects agreed on rates of their own.
  await insert(
    'rates',
    `insert into rate (firm_id, id, scope, activity_id, project_id, customer_id, member_id, amount, currency, from_date, created_at, updated_at)
     select ${f}, pg_temp.made('rate ' || scope || year, n), scope,
       case when scope in ('activity', 'project-activity') then pg_temp.made('activity', 1 + n % 20) end,
       case when scope in ('project', 'project-activity', 'project-user') then pg_temp.made('project', n) end,
       case when scope = 'customer' then pg_temp.made('customer', n) end,
       case when scope = 'user' then pg_temp.made('member', n) when scope = 'project-user' then pg_temp.made('member', 1 + n % $1::int) end,
       60 + (n * 7) % 60 + year * 3, 'EUR', ($5::date + year * 365 - 365), $5::date, $5::date
     from (select 'activity' as scope, n from generate_series(1, 20) n
       union all select 'user', n from generate_series(1, $1::int) n
       union all select 'project', n from generate_series(5, $2::int, 10) n
       union all select 'customer', n from generate_series(1, $3::int) n
       union all select 'project-activity', n from generate_series(1, $2::int, 4) n
       union all select 'project-user', n from generate_series(1, $2::int, $4::int) n) s
     cross join generate_series(0, 4) year`,
    [sizes.people, sizes.projects, sizes.customers, 7, firstDay],
  )
  await insert(
    'hour entries',
    `insert into hour_entry (firm_id, id, member_id, date, minutes, project_id, activity_id, note, tags, billable, approval, internal_approved, submitted_at, written_off_at, written_off_reason, claimed, created_at, updated_at)
     select ${f}, pg_temp.entry_id(day, n), member, day, 15 * (1 + pg_temp.dice(n, 6) % 32), pg_temp.made('project', project), pg_temp.made('activity', 1 + (project + pg_temp.dice(n, 5) % 4) % 20),
       (array['Overleg met klant', 'Ontwerp uitgewerkt', 'Fout hersteld', 'Voorbereid en getest', 'Verslag geschreven', ''])[1 + pg_temp.dice(n, 7) % 6],
       case when pg_temp.dice(n, 8) % 20 = 0 then array['spoed'] else '{}' end,
       not pg_temp.internal(project),
       case when day < last_day - 21 then 'approved' when day < last_day - 7 then 'submitted' else 'open' end, day < last_day - 21, case when day < last_day - 7 then day + 1 end,
       case when written_off then day + 30 end, case when written_off then 'coulance' end,
       not pg_temp.internal(project) and project % 100 <> 7 and not written_off and day < last_day - 14, day, day
     from (select n, $4::date as last_day, pg_temp.workday($3::date, n, $1::int, $5::int) as day, pg_temp.made('member', 1 + pg_temp.dice(n, 1) % $6::int) as member,
         1 + (pg_temp.dice(n, 1) % $6::int * 7 + pg_temp.dice(n, 2) % 8 * 131) % $2::int as project, pg_temp.dice(n, 3) % 300 = 0 as written_off
       from generate_series(1, $1::int) n) s`,
    [sizes.hours, sizes.projects, firstDay, lastDay, DAYS, sizes.people],
  )
  await insert(
    'expenses',
    `insert into expense (firm_id, id, member_id, date, project_id, category_id, note, currency, gross, input_vat, recharge_net, billable, reimbursable, approval, internal_approved, submitted_at, claimed, created_at, updated_at)
     select ${f}, pg_temp.entry_id(day, n), member, day, pg_temp.made('project', project), pg_temp.made('category', 1 + pg_temp.dice(n, 5) % 8), (array['Lunch', 'Trein', 'Materiaal', 'Licentie'])[1 + pg_temp.dice(n, 7) % 4],
       'EUR', cents * 1.21, cents * 0.21, cents, not pg_temp.internal(project), pg_temp.dice(n, 4) % 3 > 0, case when day < $4::date - 21 then 'approved' else 'open' end, day < $4::date - 21, case when day < $4::date - 21 then day end,
       not pg_temp.internal(project) and day < $4::date - 14, day, day
     from (select n, pg_temp.workday($3::date, n, $1::int, $5::int) as day, pg_temp.made('member', 1 + pg_temp.dice(n, 1) % $6::int) as member,
         1 + (pg_temp.dice(n, 1) % $6::int * 7 + pg_temp.dice(n, 2) % 8 * 131) % $2::int as project, (1 + pg_temp.dice(n, 6) % 300)::numeric as cents
       from generate_series(1, $1::int) n) s`,
    [sizes.expenses, sizes.projects, firstDay, lastDay, DAYS, sizes.people],
  )
  await insert(
    'trips',
    `insert into trip (firm_id, id, member_id, date, from_place, to_place, distance_km, return_trip, vehicle_id, kind, project_id, billable, reimbursable, approval, internal_approved, submitted_at, claimed, created_at, updated_at)
     select ${f}, pg_temp.entry_id(day, n), member, day, 'Utrecht', (array['Amsterdam', 'Zwolle', 'Breda', 'Arnhem'])[1 + pg_temp.dice(n, 7) % 4], (1 + pg_temp.dice(n, 6) % 1500)::numeric / 10, pg_temp.dice(n, 8) % 2 = 0,
       pg_temp.made('vehicle', 1 + pg_temp.dice(n, 5) % 10), 'business', pg_temp.made('project', project), not pg_temp.internal(project), true, case when day < $4::date - 21 then 'approved' else 'open' end, day < $4::date - 21, case when day < $4::date - 21 then day end,
       not pg_temp.internal(project) and day < $4::date - 14, day, day
     from (select n, pg_temp.workday($3::date, n, $1::int, $5::int) as day, pg_temp.made('member', 1 + pg_temp.dice(n, 1) % $6::int) as member,
         1 + (pg_temp.dice(n, 1) % $6::int * 7 + pg_temp.dice(n, 2) % 8 * 131) % $2::int as project
       from generate_series(1, $1::int) n) s`,
    [sizes.trips, sizes.projects, firstDay, lastDay, DAYS, sizes.people],
  )
  await client.query(
    `insert into rate (firm_id, id, scope, unit, purpose, amount, currency, from_date, created_at, updated_at)
     select ${f}, pg_temp.made('rate km ' || purpose, 1), 'firm', 'km', purpose, 0.23, 'EUR', $1::date, $1::date, $1::date from unnest(array['billing', 'reimbursement']) purpose`,
    [firstDay],
  )
  await invoice(client, sizes, insert)
  await client.query(
    'alter table claim enable trigger user; alter table invoice_line enable trigger user; alter table payment enable trigger user',
  )
  await client.query('commit')
}

/** As many invoices as wanted, each for one project and a run of days; those that met no work have a free line. */
async function invoice(
  client: pg.Client,
  sizes: Sizes,
  insert: (what: string, statement: string, values?: readonly unknown[]) => Promise<void>,
) {
  await client.query(
    `insert into series (firm_id, id, name, pattern, is_default, created_at, updated_at)
     values (${f}, pg_temp.made('series', 1), 'Facturen', 'F{number:6}', true, $1::date, $1::date)`,
    [firstDay],
  )
  const span = Math.max(1, Math.round((DAYS * sizes.projects * 0.96) / sizes.invoices))
  await client.query(
    `create temporary table billed on commit drop as
     select kind, e.id, e.project_id, e.minutes, (e.date - $1::date) / $2::int as period, e.date from (
       select 'hours' as kind, id, project_id, minutes, date, claimed from hour_entry where firm_id = ${f}
       union all select 'expense', id, project_id, 0, date, claimed from expense where firm_id = ${f}
       union all select 'trip', id, project_id, 0, date, claimed from trip where firm_id = ${f}) e where e.claimed`,
    [firstDay, span],
  )
  await client.query(
    `create temporary table made_invoice on commit drop as
     select row_number() over (order by period, project_id) as n, period, project_id, sum(minutes)::numeric as minutes, max(date) as until, min(date) as since
     from billed group by period, project_id`,
  )
  await client.query('create unique index on made_invoice (project_id, period); analyze made_invoice; analyze billed')
  await insert(
    'invoices',
    `insert into invoice (firm_id, id, state, customer_id, series_id, number, date, due_date, period_from, period_until, language, currency, customer_snapshot, net, vat, gross, paid, vat_per_rate, sent_at, sent_how, created_at, updated_at)
     select ${f}, pg_temp.made('invoice', v.n), 'sent', v.customer_id, pg_temp.made('series', 1), 'F' || lpad(v.n::text, 6, '0'), v.date, v.date + 30, v.since, v.date, 'nl', 'EUR',
       jsonb_build_object('name', k.name, 'country', 'NL'), v.net, round(v.net * 0.21, 2), v.net + round(v.net * 0.21, 2), pg_temp.paid(v.n, $4::date - v.date, v.net + round(v.net * 0.21, 2)), '[]', v.date, 'other', v.date, v.date
     from (select n, p.customer_id, until as date, since, round(minutes / 60 * 95, 2) as net from made_invoice b join project p on p.firm_id = ${f} and p.id = b.project_id
       union all select n, pg_temp.made('customer', 1 + n::int % $2::int), $3::date + n::int % 1400, $3::date, 250 from generate_series((select count(*) + 1 from made_invoice), $1::int) n) v
     join customer k on k.firm_id = ${f} and k.id = v.customer_id`,
    [sizes.invoices, sizes.customers, firstDay, lastDay],
  )
  await insert(
    'payments',
    `insert into payment (firm_id, id, invoice_id, date, amount, created_at, updated_at)
     select ${f}, pg_temp.made('payment', row_number() over (order by i.number)), i.id, least(i.date + 21, $1::date), i.paid, least(i.date + 21, $1::date), least(i.date + 21, $1::date)
     from invoice i where i.firm_id = ${f} and i.paid <> 0`,
    [lastDay],
  )
  await insert(
    'invoice lines',
    `insert into invoice_line (firm_id, id, invoice_id, position, kind, description, quantity, unit, unit_price, net, vat, vat_treatment, vat_rate, project_id, period_from, period_until, real_minutes)
     select ${f}, pg_temp.made('line', b.n::int), i.id, 1, case when b.n is null then 'free' else 'hours' end, 'Werk', coalesce(round(b.minutes / 60, 4), 1), case when b.n is null then 'piece' else 'hour' end, coalesce(95, i.net), i.net, i.vat, 'domestic-standard', 21, b.project_id, i.period_from, i.period_until, b.minutes
     from invoice i join made_invoice b on pg_temp.made('invoice', b.n) = i.id where i.firm_id = ${f}`,
  )
  await insert(
    'claims',
    `insert into claim (firm_id, id, entry_kind, entry_id, invoice_id, line_id, claimed_at)
     select ${f}, pg_temp.made('claim ' || b.kind, row_number() over ()::int), b.kind, b.id, pg_temp.made('invoice', v.n), pg_temp.made('line', v.n), v.until
     from billed b join made_invoice v using (project_id, period)`,
  )
}

const f = `current_setting('bench.firm')::uuid`

/** The same id in every run; a plain uuid v8, as RFC 9562 has it for what others make. */
const idOf = (what: string, number: number): string =>
  `${Buffer.from(what.padEnd(4).slice(0, 4)).toString('hex')}-0000-8000-8000-${number.toString(16).padStart(12, '0')}`

const makers = `
  create or replace function pg_temp.made(what text, n bigint) returns uuid language sql immutable as
    $$ select overlay(overlay(md5(what || ' ' || n || ' ' || current_setting('bench.firm')) placing '8' from 13) placing '8' from 17)::uuid $$;
  create or replace function pg_temp.dice(n bigint, throw integer) returns integer language sql immutable as
    $$ select hashint8(n * 31 + throw) & 2147483647 $$;
  -- Of a hundred invoices older than three months two are paid in half and two not at all; of newer ones every third is paid.
  create or replace function pg_temp.paid(n bigint, age integer, gross numeric) returns numeric language sql immutable as
    $$ select case when age <= 90 then case when pg_temp.dice(n, 9) % 3 = 0 then gross else 0 end
      when pg_temp.dice(n, 9) % 50 = 0 then round(gross / 2, 2) when pg_temp.dice(n, 9) % 50 = 1 then 0 else gross end $$;
  create or replace function pg_temp.internal(project integer) returns boolean language sql immutable as
    $$ select project % 33 = 0 $$;
  create or replace function pg_temp.workday(first date, n integer, of integer, days integer) returns date language sql immutable as
    $$ select d - case extract(isodow from d) when 6 then 1 when 7 then 2 else 0 end from (select first + (n::bigint * days / (of + 1))::integer as d) s $$;
  -- Made on the day of the work, as uuid v7 says when: what belongs together by day stands together.
  create or replace function pg_temp.entry_id(day date, n integer) returns uuid language sql immutable as
    $$ select (lpad(to_hex((day - date '1970-01-01')::bigint * 86400000 + n % 28800000), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text || current_setting('bench.firm')), 1, 15))::uuid $$;
  create or replace function pg_temp.first_name(n integer) returns text language sql immutable as
    $$ select (array['Joris', 'Noor', 'Sem', 'Emma', 'Daan', 'Julia', 'Bram', 'Sara', 'Ömer', 'Zoë', 'Lars', 'Eva', 'Youssef'])[1 + n % 13] $$;
  create or replace function pg_temp.last_name(n integer) returns text language sql immutable as
    $$ select (array['de Vries', 'Jansen', 'Bakker', 'Visser', 'Smit', 'Meijer', 'de Boer', 'Mulder', 'Bos', 'Vos', 'Peters', 'Hendriks', 'van Dijk', 'Yılmaz', 'Dekker', 'Brouwer', 'Groen'])[1 + n % 17] || ' ' || n $$;`
