import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'

/** The long form of `fuzz.test.ts`: `npm run fuzz -- --requests 20000 --seed 1`. */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
process.env.FUZZ_REQUESTS = values.requests
process.env.FUZZ_SEED = values.seed
const vitest = await startVitest('test', ['server/test/fuzz.test.ts'], { run: true, watch: false, project: ['server'] })
await vitest.close()
