import { join } from 'node:path'
import { createServer } from 'vite'
import { startProgram } from '../server/src/program.ts'
import { setUpSample } from '../server/src/sample/set-up-sample.ts'
import { readSettings } from '../server/src/settings.ts'

// Everything at once for whoever builds on it: database, simulators, sample firm, and the web with what changes shown at once.
const port = Number(process.env.PORT ?? 5173)
const settings = readSettings({
  DATA_DIR: './data/dev',
  LOG_LEVEL: 'warn',
  ...process.env,
  PORT: '3000',
  PUBLIC_URL: `http://localhost:${port}`,
  SANDBOX: 'on',
})
const program = await startProgram({ settings })
await setUpSample(program)
process.env.API_URL = program.address
const web = await createServer({
  root: join(import.meta.dirname, '../web'),
  configFile: join(import.meta.dirname, '../web/vite.config.ts'),
  server: { port, strictPort: true, host: 'localhost' },
})
await web.listen()
console.log(`\n  Uurwerk for developers: http://localhost:${port}\n  Stop it with Ctrl C.\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await web.close()
    await program.stop()
    process.exit(0)
  })
}
