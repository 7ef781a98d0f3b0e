import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchApp } from './app.ts'
import { connected, openDatabase, whereOf } from './database.ts'
import { measurePages } from './measure-pages.ts'

// Every page of a list or overview against one hand-written statement: npm run bench:pages -- [--runs 60] [--data folder]
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '60' }, data: { type: 'string' }, only: { type: 'string' } },
})
const runs = Number(values.runs)
const MOST = 3

const database = await openDatabase(whereOf(values.data))
try {
  const app = await benchApp(database.appUrl)
  const measured = await connected(database.appUrl, (client) =>
    measurePages(app, client, { runs, only: values.only, said: (line) => console.log(line) }),
  )
  await app.close()
  const load = loadavg().map((one) => Number(one.toFixed(1)))
  const failed = measured.filter(({ ratio }) => ratio > MOST)
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(
    join(results, 'pages.json'),
    `${JSON.stringify({ runs, most: MOST, load, pages: measured }, null, 2)}\n`,
  )
  console.log(
    failed.length === 0
      ? `holds: all ${measured.length} pages within ${MOST} × hand-written SQL (p95 of ${runs} runs, load of the machine ${load.join(' ')})`
      : `does not hold, load of the machine ${load.join(' ')}: ${failed.map(({ name, ratio, median }) => `${name} ${ratio.toFixed(1)} (median ${median.ratio.toFixed(1)})`).join(', ')}`,
  )
  process.exitCode = failed.length === 0 ? 0 : 1
} finally {
  await database.stop()
}
