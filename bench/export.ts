import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { benchApp } from './app.ts'
import { connected, openDatabase, whereOf } from './database.ts'
import { benchFirm } from './load-set.ts'

// 100,000 hours as CSV against PostgreSQL's own COPY of the same columns: npm run bench:export -- [--runs 5] [--data folder]
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, data: { type: 'string' } } })
const runs = Number(values.runs)
const ROWS = 100_000
const [MOST_RATIO, MOST_MB] = [3, 64]

const copied = (firm: string, until: string) => `copy (
  select e.date, m.name, k.name, p.name, a.name, e.note, array_to_string(e.tags, ', '), e.billable, e.approval, i.state, i.number, round(e.minutes / 60.0, 4)
  from hour_entry e join project p on p.firm_id = e.firm_id and p.id = e.project_id left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
  join member m on m.firm_id = e.firm_id and m.id = e.member_id join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
  left join claim c on c.firm_id = e.firm_id and c.entry_kind = 'hours' and c.entry_id = e.id and c.released_at is null
  left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
  where e.firm_id = '${firm}' and e.deleted_at is null and e.date <= '${until}' order by e.date, e.id) to stdout (format csv)`

const columns = 'date,person,customer,project,activity,note,tags,billable,approval,state,invoice,hours'

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function measure(app: Awaited<ReturnType<typeof benchApp>>, client: pg.Client) {
  const { rows } = await client.query<{ id: string }>('select id from directory.firm where slug = $1', [benchFirm])
  const firm = rows[0]?.id ?? ''
  await client.query(`select set_config('app.firm', $1, false)`, [firm])
  const found = await client.query<{ until: string; count: string }>(
    `select max(date)::text as until, count(*) as count from (select date from hour_entry where firm_id = $1 and deleted_at is null order by date, id limit $2) e`,
    [firm, ROWS],
  )
  const { until = '' } = found.rows[0] ?? {}
  const address = await app.listen()
  let [bytes, count, most] = [0, 0, 0]
  const fetched = async (format: string, watched = false) => {
    const answer = await fetch(
      `${address}/api/v1/hours/export?format=${format}&columns=${columns}&until=${until}&sort=date`,
      { headers: app.headers },
    )
    if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`)
    ;[bytes, count] = [0, 0]
    for await (const piece of answer.body) {
      bytes += piece.length
      if (format === 'csv') for (const byte of piece) if (byte === 10) count += 1
      if (watched) most = Math.max(most, process.memoryUsage().rss)
    }
  }
  await fetched('csv')
  await client.query(copied(firm, until))
  const [csv, copy]: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    csv.push(await timed(() => fetched('csv')))
    copy.push(await timed(() => client.query(copied(firm, until))))
  }
  globalThis.gc?.()
  await wait(200)
  const before = process.memoryUsage().rss
  await fetched('csv', true)
  const exported = { rows: count - 1, megabytes: bytes / 1024 ** 2 }
  const xlsx = await timed(() => fetched('xlsx'))
  const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  return {
    ...exported,
    csvMs: median(csv),
    copyMs: median(copy),
    ratio: median(csv) / median(copy),
    xlsxMs: xlsx,
    grewMb: (most - before) / 1024 ** 2,
  }
}

const database = await openDatabase(whereOf(values.data))
try {
  const app = await benchApp(database.appUrl)
  const found = await connected(database.appUrl, (client) => measure(app, client))
  await app.close()
  const holds = found.ratio <= MOST_RATIO && found.grewMb < MOST_MB
  console.log(
    `${found.rows} rows, ${found.megabytes.toFixed(1)} MB: CSV ${found.csvMs.toFixed(0)} ms, COPY ${found.copyMs.toFixed(0)} ms, ${found.ratio.toFixed(2)} ×; XLSX ${found.xlsxMs.toFixed(0)} ms; memory grew by ${found.grewMb.toFixed(0)} MB`,
  )
  console.log(holds ? 'holds' : `does not hold: at most ${MOST_RATIO} × and ${MOST_MB} MB`)
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'export.json'), `${JSON.stringify({ runs, ...found }, null, 2)}\n`)
  process.exitCode = holds ? 0 : 1
} finally {
  await database.stop()
}
