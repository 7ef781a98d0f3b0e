import { parseArgs } from 'node:util'
import { connected, openDatabase, whereOf } from './database.ts'
import { fill } from './load-set.ts'

// Fills a database with the load set: npm run bench:seed -- [--scale 0.01] [--data folder]
const { values } = parseArgs({ options: { scale: { type: 'string', default: '1' }, data: { type: 'string' } } })
const scale = Number(values.scale)
if (!(scale > 0 && scale <= 1)) throw new Error('--scale is a part of the whole set, such as 0.01')

const started = performance.now()
const database = await openDatabase(whereOf(values.data))
try {
  await connected(database.ownerUrl, (client) => fill(client, scale, (line) => console.log(line)))
  console.log(`the load set at ${scale} stands, in ${((performance.now() - started) / 1000).toFixed(1)} s`)
} finally {
  await database.stop()
}
