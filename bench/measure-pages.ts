import type pg from 'pg'
import { cursorOf } from '../server/src/http/paging.ts'
import type { BenchApp } from './app.ts'
import { benchFirm, lastDay } from './load-set.ts'

export interface Measured {
  readonly name: string
  /** Milliseconds, 95 of 100 runs stay within. */
  readonly api: number
  readonly bySql: number
  readonly ratio: number
  /** The same of half of the runs, which another program on the machine disturbs less. */
  readonly median: { readonly api: number; readonly bySql: number; readonly ratio: number }
  readonly statements: number
}

interface Page {
  readonly name: string
  readonly path: string
  /** The same page by hand. */
  readonly statement: string
  readonly values?: readonly unknown[]
  /** Takes seconds: fewer runs. */
  readonly slow?: boolean
}

/** Runs both in turn, so that whatever else the machine does meets both alike. */
export async function measurePages(
  app: BenchApp,
  client: pg.Client,
  { runs, only, said }: { runs: number; only?: string | undefined; said: (line: string) => void },
): Promise<Measured[]> {
  const { rows } = await client.query<{ id: string }>('select id from directory.firm where slug = $1', [benchFirm])
  const firm = rows[0]?.id
  if (!firm) throw new Error('there is no load set here; run bench:seed first')
  await client.query(`select set_config('app.firm', $1, false)`, [firm])
  const measured: Measured[] = []
  for (const page of (await pagesOf(client, firm)).filter(({ name }) => !only || name.includes(only))) {
    const found = await measure(
      app,
      client,
      page,
      page.slow ? Math.min(runs, Math.max(3, Math.round(runs / 10))) : runs,
    )
    const { api, bySql, ratio, median, statements } = found
    said(
      `${page.name.padEnd(42)} p95 ${api.toFixed(1).padStart(8)} ms, SQL ${bySql.toFixed(1).padStart(8)} ms ${ratio.toFixed(2).padStart(6)} ×   median ${median.api.toFixed(1).padStart(8)} ms, SQL ${median.bySql.toFixed(1).padStart(8)} ms ${median.ratio.toFixed(2).padStart(6)} ×  ${statements} statements`,
    )
    measured.push(found)
  }
  return measured
}

async function measure(app: BenchApp, client: pg.Client, page: Page, runs: number): Promise<Measured> {
  const [api, bySql]: [number[], number[]] = [[], []]
  let statements = 0
  // The first of each fills the caches and is not counted.
  for (let run = -1; run < runs; run++) {
    const began = performance.now()
    const answer = await app.get(page.path)
    const between = performance.now()
    if (answer.status !== 200) throw new Error(`${page.path}: ${answer.status} ${answer.body.slice(0, 300)}`)
    const { rows } = await client.query(page.statement, [...(page.values ?? [])])
    JSON.stringify(rows)
    const ended = performance.now()
    statements = answer.statements
    if (run < 0) continue
    api.push(between - began)
    bySql.push(ended - between)
  }
  const at = (part: number) => {
    const [mine, theirs] = [within(api, part), within(bySql, part)]
    return { api: mine, bySql: theirs, ratio: mine / theirs }
  }
  return { name: page.name, ...at(0.95), median: at(0.5), statements }
}

/** What this part of the times stays within. */
const within = (times: readonly number[], part: number): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
}

const hourColumns = `e.id, e.member_id, m.name as member, e.date, e.minutes, e.start_minute, e.end_minute, e.break_minutes, p.customer_id, k.name as customer,
  e.project_id, p.name as project, e.activity_id, a.name as activity, e.note, e.tags, e.billable, e.approval, e.internal_approved, e.customer_approved, e.rejected_reason,
  i.id as invoice, i.number, i.state, e.claimed, e.written_off_at, r.amount, r.currency, e.version`
const people = `left join project p on p.firm_id = e.firm_id and p.id = e.project_id
  left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
  join member m on m.firm_id = e.firm_id and m.id = e.member_id`
const claimOf = (
  kind: string,
) => `left join claim c on c.firm_id = e.firm_id and c.entry_kind = '${kind}' and c.entry_id = e.id and c.released_at is null
  left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id`
const hourRate = `left join lateral (select r.amount, r.currency from rate r where r.firm_id = e.firm_id and r.unit = 'hour' and r.deleted_at is null and r.from_date <= e.date and (
    (p.invoicing_method = 'hourly-activity' and r.activity_id = e.activity_id and (r.scope = 'activity' or (r.scope = 'project-activity' and r.project_id = e.project_id)))
    or (p.invoicing_method = 'hourly-user' and r.member_id = e.member_id and (r.scope = 'user' or (r.scope = 'project-user' and r.project_id = e.project_id)))
    or (p.invoicing_method = 'hourly-project' and r.scope = 'project' and r.project_id = e.project_id)
    or (p.invoicing_method = 'hourly-customer' and r.scope = 'customer' and r.customer_id = p.customer_id))
  order by r.scope like 'project-%' desc, r.from_date desc limit 1) r on e.billable`

const hours = (where: string, order: string, limit = 51) => `select ${hourColumns}
  from (select e.* from hour_entry e ${/\b[pk]\./.test(where + order) ? 'left join project p on p.firm_id = e.firm_id and p.id = e.project_id left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id' : ''}
    ${/\bm\./.test(order) ? 'join member m on m.firm_id = e.firm_id and m.id = e.member_id' : ''}
    where e.firm_id = $1 and e.deleted_at is null ${where} order by ${order} limit ${limit}) e
  ${people} join activity a on a.firm_id = e.firm_id and a.id = e.activity_id ${claimOf('hours')} ${hourRate} order by ${order}`

const hourTotals = (where: string, by: string | null) => `
  with span as (select r.*, coalesce(r.activity_id, r.member_id, r.customer_id, r.project_id) as subject, scope like 'project-%' as narrow,
      lead(from_date) over (partition by scope, project_id, activity_id, member_id, customer_id order by from_date) as until_date
    from rate r where firm_id = $1 and unit = 'hour' and deleted_at is null)
  select ${by ? `${by} as key,` : ''} coalesce(n.currency, w.currency) as currency, count(*), sum(e.minutes) as minutes, sum(e.minutes) filter (where e.billable) as billable,
    sum(e.minutes) filter (where e.billable and not e.claimed and e.written_off_at is null) as uninvoiced,
    sum(round(round(e.minutes / 60.0, 4) * coalesce(n.amount, w.amount), 2)) as amount,
    sum(round(round(e.minutes / 60.0, 4) * coalesce(n.amount, w.amount), 2)) filter (where e.billable and not e.claimed and e.written_off_at is null) as uninvoiced_amount
  from hour_entry e
  left join project p on p.firm_id = e.firm_id and p.id = e.project_id
  left join (select * from span where narrow) n on e.billable and n.project_id = e.project_id
    and n.subject = case p.invoicing_method when 'hourly-activity' then e.activity_id when 'hourly-user' then e.member_id end
    and n.from_date <= e.date and (n.until_date is null or n.until_date > e.date)
  left join (select * from span where not narrow) w on e.billable
    and w.subject = case p.invoicing_method when 'hourly-activity' then e.activity_id when 'hourly-user' then e.member_id when 'hourly-project' then e.project_id when 'hourly-customer' then p.customer_id end
    and w.from_date <= e.date and (w.until_date is null or w.until_date > e.date)
  where e.firm_id = $1 and e.deleted_at is null ${where}
  group by ${by ? '1, 2' : '1'}`

const paid =
  '(select b.paid_on from reimbursement b where b.firm_id = e.firm_id and b.id = e.reimbursement_id) as paid_on'
const receipts = `(select json_agg(json_build_object('id', f.id, 'name', f.name, 'type', f.media_type, 'bytes', f.size_bytes) order by x.position)
  from expense_file x join file f on f.firm_id = x.firm_id and f.id = x.file_id where x.firm_id = e.firm_id and x.expense_id = e.id) as receipts`
const expenses = (
  where: string,
  order: string,
) => `select e.*, ${paid}, ${receipts}, m.name as member, p.name as project, k.name as customer, g.name as category, i.number, i.state
  from (select e.* from expense e where e.firm_id = $1 and e.deleted_at is null ${where} order by ${order} limit 51) e
  ${people} join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id ${claimOf('expense')} order by ${order}`
const trips = (
  where: string,
  order: string,
) => `select e.*, ${paid}, m.name as member, p.name as project, k.name as customer, v.name as vehicle, i.number, i.state, r.amount, r.currency
  from (select e.* from trip e where e.firm_id = $1 and e.deleted_at is null ${where} order by ${order} limit 51) e
  ${people} left join vehicle v on v.firm_id = e.firm_id and v.id = e.vehicle_id ${claimOf('trip')}
  left join lateral (select r.amount, r.currency from rate r where r.firm_id = e.firm_id and r.unit = 'km' and r.purpose = 'billing' and r.deleted_at is null and r.from_date <= e.date
    and ((r.scope = 'project' and r.project_id = e.project_id) or (r.scope = 'customer' and r.customer_id = p.customer_id) or r.scope = 'firm')
    order by array_position(array['project', 'customer', 'firm'], r.scope), r.from_date desc limit 1) r on e.billable order by ${order}`

/** Each with where it is booked. */
const invoices = (where: string, order: string) => `select i.*, k.name as customer, b.*
  from (select * from invoice i where i.firm_id = $1 and i.deleted_at is null ${where} order by ${order} limit 51) i
  join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
  left join lateral (select p.id as posting, p.state as posted, p.their_number, p.url, p.differs, c.package
    from posting p join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    where p.firm_id = i.firm_id and p.subject_id = i.id and p.kind = 'salesEntry' and p.state <> 'discarded'
      and (c.state <> 'disconnected' or c.mode = 'live')
    order by (c.state <> 'disconnected') desc, p.sequence desc limit 1) b on true
  order by ${order}`

async function pagesOf(client: pg.Client, firm: string): Promise<Page[]> {
  const one = async (statement: string) => {
    const { rows } = await client.query<Record<string, string>>(statement, [firm])
    const [row] = rows
    if (!row) throw new Error(`nothing found: ${statement}`)
    return row
  }
  const project = await one(
    'select project_id as id from hour_entry where firm_id = $1 group by 1 order by count(*) desc, 1 limit 1',
  )
  const customer = await one(
    'select customer_id as id from project where firm_id = $1 and customer_id is not null group by 1 order by count(*) desc, 1 limit 1',
  )
  const person = await one(
    'select member_id as id from hour_entry where firm_id = $1 group by 1 order by count(*) desc, 1 limit 1',
  )
  /** The row after nine tenths of a list. */
  const deep = async (table: string, columns: string, order: string, where = '') =>
    one(`select ${columns} from ${table} e where firm_id = $1 and deleted_at is null ${where} order by ${order}
      offset (select (count(*) * 0.9)::int from ${table} where firm_id = $1 and deleted_at is null ${where}) limit 1`)
  const at = (row: Record<string, string>, ...keys: string[]) =>
    `cursor=${encodeURIComponent(cursorOf(keys.map((key) => String(row[key]))))}`
  const day = 'e.date::text as day, e.id'
  const deepHours = await deep('hour_entry', day, 'date desc, id desc')
  const deepProject = await deep('hour_entry', day, 'date desc, id desc', `and project_id = '${project.id}'`)
  const deepShort = await deep('hour_entry', 'e.minutes, e.id', 'minutes, id')
  const deepExpenses = await deep('expense', day, 'date desc, id desc')
  const deepTrips = await deep('trip', day, 'date desc, id desc')
  const before = (row: Record<string, string>) => `and (e.date, e.id) < ('${row.day}', '${row.id}')`
  const newest = 'e.date desc, e.id desc'
  const values = [firm]
  const list = (name: string, query: string, where: string, order = newest): Page => ({
    name: `hours, ${name}`,
    path: `/hours?limit=50${query ? `&${query}` : ''}`,
    statement: hours(where, order),
    values,
  })
  const free = 'and e.billable and not e.claimed and e.written_off_at is null'
  return [
    list('newest', '', ''),
    list('newest, deep', at(deepHours, 'day', 'id'), before(deepHours)),
    list('of a month', 'from=2024-03-01&until=2024-03-31', `and e.date between '2024-03-01' and '2024-03-31'`),
    list('of a project', `projectId=${project.id}`, `and e.project_id = '${project.id}'`),
    list(
      'of a project, deep',
      `projectId=${project.id}&${at(deepProject, 'day', 'id')}`,
      `and e.project_id = '${project.id}' ${before(deepProject)}`,
    ),
    list('of a customer', `customerId=${customer.id}`, `and p.customer_id = '${customer.id}'`),
    list('of a person', `memberId=${person.id}`, `and e.member_id = '${person.id}'`),
    list('free and billable', 'state=free&billable=true', free),
    list('submitted', 'approval=submitted', `and e.approval = 'submitted'`),
    list('with a tag', 'tag=spoed', `and e.tags && array['spoed']`),
    list('shortest first', 'sort=minutes', '', 'e.minutes, e.id'),
    list(
      'shortest first, deep',
      `sort=minutes&${at(deepShort, 'minutes', 'id')}`,
      `and (e.minutes, e.id) > (${deepShort.minutes}, '${deepShort.id}')`,
      'e.minutes, e.id',
    ),
    {
      ...list('per customer', 'sort=customer', '', `coalesce(k.name, ''), coalesce(k.id::text, ''), e.date, e.id`),
      slow: true,
    },
    { ...list('per person', 'sort=person', '', 'm.name, m.id, e.date, e.id'), slow: true },
    {
      ...list(
        'a word that nobody wrote',
        'search=qqqq',
        `and (e.note ilike '%qqqq%' or e.project_id in (select id from project where firm_id = $1 and name ilike '%qqqq%'))`,
      ),
      slow: true,
    },
    {
      name: 'hours, totals of a month',
      path: '/hours/totals?from=2024-03-01&until=2024-03-31',
      statement: hourTotals(`and e.date between '2024-03-01' and '2024-03-31'`, null),
      values,
    },
    {
      name: 'hours, totals of a year per customer',
      path: '/hours/totals?from=2024-01-01&until=2024-12-31&groupBy=customer',
      statement: hourTotals(`and e.date between '2024-01-01' and '2024-12-31'`, 'p.customer_id'),
      values,
      slow: true,
    },
    { name: 'hours, totals of all', path: '/hours/totals', statement: hourTotals('', null), values, slow: true },
    {
      name: 'hours, totals of all per project',
      path: '/hours/totals?groupBy=project',
      statement: hourTotals('', 'e.project_id'),
      values,
      slow: true,
    },
    { name: 'expenses, newest', path: '/expenses?limit=50', statement: expenses('', newest), values },
    {
      name: 'expenses, newest, deep',
      path: `/expenses?limit=50&${at(deepExpenses, 'day', 'id')}`,
      statement: expenses(before(deepExpenses), newest),
      values,
    },
    {
      name: 'expenses, totals per project',
      path: '/expenses/totals?groupBy=project',
      statement: `select project_id, currency, count(*), sum(gross), sum(gross) filter (where reimbursable), sum(gross) filter (where reimbursable and reimbursement_id is null), sum(recharge_net) filter (where billable), sum(recharge_net) filter (where billable and not claimed and written_off_at is null) from expense where firm_id = $1 and deleted_at is null group by 1, 2`,
      values,
    },
    { name: 'trips, newest', path: '/trips?limit=50', statement: trips('', newest), values },
    {
      name: 'trips, newest, deep',
      path: `/trips?limit=50&${at(deepTrips, 'day', 'id')}`,
      statement: trips(before(deepTrips), newest),
      values,
    },
    {
      name: 'trips, totals per project',
      path: '/trips/totals?groupBy=project',
      statement: `select e.project_id, r.currency, count(*), sum(km), sum(km) filter (where billable), sum(km) filter (where billable and not claimed and written_off_at is null), sum(round(km * r.amount, 2)) filter (where billable), sum(round(km * r.amount, 2)) filter (where billable and not claimed and written_off_at is null) from (select *, case when return_trip then 2 else 1 end * distance_km as km from trip where firm_id = $1 and deleted_at is null) e left join rate r on r.firm_id = e.firm_id and r.unit = 'km' and r.purpose = 'billing' and r.scope = 'firm' and r.deleted_at is null group by 1, 2`,
      values,
    },
    {
      name: 'invoices, newest',
      path: '/invoices?limit=50',
      statement: invoices('', 'i.date desc, i.id desc'),
      values,
    },
    {
      name: 'invoices of a customer',
      path: `/invoices?limit=50&customerId=${customer.id}`,
      statement: invoices(`and i.customer_id = '${customer.id}'`, 'i.date desc, i.id desc'),
      values,
    },
    {
      name: 'invoices, overdue, longest first',
      path: '/invoices?limit=50&overdue=true&sort=dueDate',
      statement: invoices(
        `and i.state <> 'draft' and i.kind = 'invoice' and i.outstanding > 0 and i.due_date < '${lastDay}'`,
        'i.due_date, i.id',
      ),
      values,
    },
    {
      name: 'invoices, most outstanding first',
      path: '/invoices?limit=50&sort=-outstanding',
      statement: invoices('', 'i.outstanding desc, i.id desc'),
      values,
    },
    {
      name: 'outstanding by age and customer',
      path: '/reports/outstanding',
      statement: `select to_jsonb(d) from (select i.currency, i.due_date, count(*), sum(i.outstanding) from invoice i
          where i.firm_id = $1 and i.deleted_at is null and i.state <> 'draft' and i.outstanding <> 0 group by 1, 2) d
        union all select to_jsonb(d) from (select i.customer_id, k.name, sum(i.outstanding), min(i.due_date) from invoice i
          join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
          where i.firm_id = $1 and i.deleted_at is null and i.state <> 'draft' and i.outstanding > 0 group by 1, 2 order by 3 desc limit 50) d`,
      values,
    },
    {
      name: 'customers',
      path: '/customers?limit=50',
      statement: `select k.*, (select json_build_object('package', c.package, 'code', l.their_code) from link l join connection c on c.firm_id = l.firm_id and c.id = l.connection_id
        where l.firm_id = k.firm_id and l.noun = 'customer' and l.our_id = k.id and c.purpose = 'sales' and c.state <> 'disconnected') as led
        from customer k where k.firm_id = $1 and k.deleted_at is null and k.archived_at is null order by k.name collate "nl-x-icu", k.id limit 51`,
      values,
    },
    {
      name: 'projects',
      path: '/projects?limit=50',
      statement: `select p.*, k.name as customer, (select array_agg(activity_id) from project_activity x where x.firm_id = p.firm_id and x.project_id = p.id) as activities, (select json_agg(json_build_object('id', x.member_id, 'writes', x.writes, 'manager', x.manager)) from project_member x where x.firm_id = p.firm_id and x.project_id = p.id) as members from project p left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id where p.firm_id = $1 and p.deleted_at is null and p.archived_at is null order by p.name collate "nl-x-icu", p.id limit 51`,
      values,
    },
    {
      name: 'uninvoiced, whole firm',
      path: '/uninvoiced',
      statement: hourTotals(`and e.billable and not e.claimed and e.written_off_at is null`, 'p.customer_id'),
      values,
    },
  ]
}
