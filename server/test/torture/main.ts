import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createLog } from '../../src/log.ts'
import { Secret } from '../../src/secrets.ts'
import { openStore } from '../../src/store/database.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { prepareDatabase } from '../../src/store/migrate.ts'
import { testSeals } from '../../src/testing/seals.ts'
import { subjects } from './subjects.ts'
import { runTorture } from './torture.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const seed = Number(values.seed)

const log = createLog('error')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uurwerk-torture-'))
// The database may run as another user, who has to get in.
fs.chmodSync(folder, 0o711)
const database = await startEmbedded({ dataDir: folder, log, careless: true })
const { appUrl } = await prepareDatabase({ ownerUrl: new Secret(database.url), appUrl: null, seals: testSeals, log })
const store = await openStore({ appUrl, pools: { app: 8, jobs: 1, auth: 1 }, log })

const startedAt = performance.now()
let done = 0
const result = await runTorture({
  store,
  subjects: subjects.filter(({ name }) => name.includes(values.only)),
  runs,
  seed,
  onRun(run) {
    done += 1
    if (values.verbose)
      console.log(`seed ${run.seed} ${run.subject}: ${run.postings} postings; ${run.events.join(', ')}`)
    for (const wrong of run.wrongs) console.log(`seed ${run.seed} ${run.subject}: ${wrong}`)
    if (done % 500 === 0)
      console.log(`${done} of ${runs} runs, ${Math.round((performance.now() - startedAt) / 1000)} s`)
  },
})
await store.close()
await database.stop()
fs.rmSync(folder, { recursive: true, force: true })

const count = (sort: string) =>
  result.failed.filter(({ wrongs }) => wrongs.some((wrong) => wrong.startsWith(sort))).length
console.log(
  `${result.runs} runs from seed ${seed}, ${result.postings} postings: ${count('lost')} lost, ${count('doubled')} doubled, ${count('stuck')} stuck, ${result.failed.length} runs with something wrong`,
)
console.log(`what went wrong on purpose: ${JSON.stringify(result.events)}`)
for (const { seed: failing } of result.failed.slice(0, 10))
  console.log(`again: npm run torture -- --runs 1 --seed ${failing} --verbose`)
process.exitCode = result.failed.length === 0 ? 0 : 1
