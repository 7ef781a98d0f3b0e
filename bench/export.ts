import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { benchApp } from './app.ts'
import { connected, openDatabase, whereOf } from './database.ts'
import { benchFirm } from './load-set.ts'

// 100,000 hours and all invoices as CSV, each against PostgreSQL's own COPY of the same columns: npm run bench:export -- [--runs 5] [--data folder]
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, data: { type: 'string' } } })
const runs = Number(values.runs)
const ROWS = 100_000
const [MOST_RATIO, MOST_MB] = [3, 64]

interface Measured {
  readonly name: 'hours' | 'invoices'
  /** What the file is asked with, besides its format. */
  readonly query: string
  /** The one that is held to the limit of time, and measured as XLSX too. */
  readonly isMain: boolean
  readonly copy: string
}

const hours = (firm: string, until: string): Measured => ({
  name: 'hours',
  query: `columns=date,person,customer,project,activity,note,tags,billable,approval,state,invoice,hours&until=${until}&sort=date`,
  isMain: true,
  copy: `copy (
  select e.date, m.name, k.name, p.name, a.name, e.note, array_to_string(e.tags, ', '), e.billable, e.approval, i.state, i.number, round(e.minutes / 60.0, 4)
  from hour_entry e join project p on p.firm_id = e.firm_id and p.id = e.project_id left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
  join member m on m.firm_id = e.firm_id and m.id = e.member_id join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
  left join claim c on c.firm_id = e.firm_id and c.entry_kind = 'hours' and c.entry_id = e.id and c.released_at is null
  left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
  where e.firm_id = '${firm}' and e.deleted_at is null and e.date <= '${until}' order by e.date, e.id) to stdout (format csv)`,
})

const invoices = (firm: string): Measured => ({
  name: 'invoices',
  query: 'columns=number,kind,state,date,dueDate,customer,reference,net,vat,gross,paid,outstanding,currency&sort=date',
  isMain: false,
  copy: `copy (
  select i.number, i.kind, i.state, i.date, i.due_date, coalesce(i.customer_snapshot ->> 'name', k.name), i.reference, i.net, i.vat, i.gross, i.paid, i.outstanding, i.currency
  from invoice i join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
  where i.firm_id = '${firm}' and i.deleted_at is null order by i.date, i.id) to stdout (format csv)`,
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function found(client: pg.Client): Promise<readonly Measured[]> {
  const { rows } = await client.query<{ id: string }>('select id from directory.firm where slug = $1', [benchFirm])
  const firm = rows[0]?.id ?? ''
  await client.query(`select set_config('app.firm', $1, false)`, [firm])
  const last = await client.query<{ until: string }>(
    `select max(date)::text as until from (select date from hour_entry where firm_id = $1 and deleted_at is null order by date, id limit $2) e`,
    [firm, ROWS],
  )
  return [hours(firm, last.rows[0]?.until ?? ''), invoices(firm)]
}

interface Benched {
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly client: pg.Client
}

async function measure({ address, headers, client }: Benched, measured: Measured) {
  const { name, query, isMain, copy } = measured
  let [bytes, count, most] = [0, 0, 0]
  const fetched = async (format: string, watched = false) => {
    const answer = await fetch(`${address}/api/v1/${name}/export?format=${format}&${query}`, { headers })
    if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`)
    ;[bytes, count] = [0, 0]
    for await (const piece of answer.body) {
      bytes += piece.length
      if (format === 'csv') for (const byte of piece) if (byte === 10) count += 1
      if (watched) most = Math.max(most, process.memoryUsage.rss())
    }
  }
  await fetched('csv')
  await client.query(copy)
  const [csv, copied]: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    csv.push(await timed(() => fetched('csv')))
    copied.push(await timed(() => client.query(copy)))
  }
  globalThis.gc?.()
  await wait(200)
  const before = process.memoryUsage.rss()
  await fetched('csv', true)
  const exported = { rows: count - 1, megabytes: bytes / 1024 ** 2 }
  const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  return {
    ...exported,
    csvMs: median(csv),
    copyMs: median(copied),
    ratio: median(csv) / median(copied),
    ...(isMain ? { xlsxMs: await timed(() => fetched('xlsx')) } : {}),
    grewMb: (most - before) / 1024 ** 2,
  }
}

type Result = Awaited<ReturnType<typeof measure>>
const said = (name: string, { rows, megabytes, csvMs, copyMs, ratio, xlsxMs, grewMb }: Result): string =>
  `${name}: ${rows} rows, ${megabytes.toFixed(1)} MB: CSV ${csvMs.toFixed(0)} ms, COPY ${copyMs.toFixed(0)} ms, ${ratio.toFixed(2)} ×;${xlsxMs === undefined ? '' : ` XLSX ${xlsxMs.toFixed(0)} ms;`} memory grew by ${grewMb.toFixed(0)} MB`

const database = await openDatabase(whereOf(values.data))
try {
  const app = await benchApp(database.appUrl)
  const [address, { headers }] = [await app.listen(), app]
  const results = await connected(database.appUrl, async (client) => {
    const all: { readonly one: Measured; readonly result: Result }[] = []
    for (const one of await found(client)) all.push({ one, result: await measure({ address, headers, client }, one) })
    return all
  })
  await app.close()
  const holds = results.every(
    ({ one, result }) => (!one.isMain || result.ratio <= MOST_RATIO) && result.grewMb < MOST_MB,
  )
  for (const { one, result } of results) console.log(said(one.name, result))
  console.log(holds ? 'holds' : `does not hold: at most ${MOST_RATIO} × and ${MOST_MB} MB`)
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'export.json'),
    `${JSON.stringify({ runs, ...Object.fromEntries(results.map(({ one, result }) => [one.name, result])) }, null, 2)}\n`,
  )
  process.exitCode = holds ? 0 : 1
} finally {
  await database.stop()
}
