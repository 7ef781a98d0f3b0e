import { createLog } from './log.ts'
import { startProgram } from './program.ts'
import { setUpSample } from './sample/set-up-sample.ts'
import { readSettings, type Settings } from './settings.ts'
import { StartRefused } from './start-refused.ts'
import { verifySent } from './verify/verify-sent.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Uurwerk needs Node 22.18 or newer and found ${process.versions.node}. Start it with "npm start": a newer Node comes along with "npm ci".`,
  )
  process.exit(1)
}

const verifies = process.argv[2] === 'verify'

/** 0: all that was sent is what was sent; 1: it is not. 2 is kept for what could not be looked at. */
async function verify(settings: Settings): Promise<number> {
  const noted = process.argv.slice(3)
  const log = createLog('error')
  return (await verifySent({ settings, log, noted, say: (line) => console.log(line) })) ? 0 : 1
}

try {
  const settings = readSettings(process.env)
  if (verifies) process.exit(await verify(settings))
  const program = await startProgram({ settings })
  const { log } = program.services
  if (process.argv.includes('--demo')) await setUpSample(program)
  if (settings.role !== 'worker') console.log(`\n  Uurwerk is ready at ${settings.publicUrl}\n  Stop it with Ctrl C.\n`)

  let stopping = false
  // A mistake of ours that nobody caught: what it left half done is unknown, so the program ends, in order when it can.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, 'a mistake that nobody caught: stopping')
      if (stopping) return
      stopping = true
      setTimeout(() => process.exit(1), 30_000).unref()
      program.stop().finally(() => process.exit(1))
    })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal does not wait for what is under way.
      if (stopping) process.exit(1)
      stopping = true
      log.info({ signal }, 'stopping')
      program.stop().then(
        () => process.exit(0),
        (error) => {
          log.error({ err: error }, 'could not stop in order')
          process.exit(1)
        },
      )
    })
  }
} catch (error) {
  if (!(error instanceof StartRefused)) throw error
  console.error(error.message)
  process.exit(verifies ? 2 : 1)
}
