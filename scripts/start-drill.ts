import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

// Starts the product as a newcomer does, on an empty data folder and again on the same one, and asks for its first page.
const root = join(import.meta.dirname, '..')
const giveUpMs = 120_000

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

const isAlive = (group: number): boolean => {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}

/** The whole group: npm goes at once, the program when it has closed its database. */
async function stop({ pid, exitCode }: ChildProcess): Promise<void> {
  if (pid === undefined || exitCode !== null) return
  process.kill(-pid, 'SIGTERM')
  const stopBy = performance.now() + 40_000
  while (isAlive(pid)) {
    if (performance.now() > stopBy) throw new Error('did not stop on SIGTERM')
    await wait(50)
  }
}

async function startOnce(dataDir: string): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  try {
    while (performance.now() - started < giveUpMs) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`)
      const page = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
      if (page?.ok && (await page.text()).includes('<div id="root"')) break
      await wait(100)
    }
    const ms = performance.now() - started
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`)
    if (!ready.ok) throw new Error(`not ready: ${ready.status}`)
    const setup = (await (await fetch(`http://127.0.0.1:${port}/api/v1/setup`)).json()) as { needed?: boolean }
    if (typeof setup.needed !== 'boolean') throw new Error('the API does not answer')
    return ms
  } finally {
    await stop(child)
  }
}

const folder = await mkdtemp(join(tmpdir(), 'uurwerk-start-'))
await chmod(folder, 0o711)
try {
  const fresh = await startOnce(join(folder, 'data'))
  const again = await startOnce(join(folder, 'data'))
  console.log(
    `start drill: good. First page after ${(fresh / 1000).toFixed(1)} s on an empty folder, ${(again / 1000).toFixed(1)} s on an existing one.`,
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
