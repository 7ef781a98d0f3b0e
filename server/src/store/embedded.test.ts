import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { startEmbedded } from './embedded.ts'
import { processesIn, startOf } from './processes.ts'

const log = createLog('silent')
const folders: string[] = []
const folder = () => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'uurwerk-embedded-'))
  fs.chmodSync(made, 0o711)
  folders.push(made)
  return path.join(made, 'data')
}
afterAll(() => {
  for (const made of folders) fs.rmSync(made, { recursive: true, force: true })
})

const ask = async <Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** Another process that starts the database, says so, and stays until it is killed. */
async function otherProcess(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(path.join(import.meta.dirname, 'embedded.ts'))})
    const { createLog } = await import(${JSON.stringify(path.join(import.meta.dirname, '../log.ts'))})
    const { url } = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: createLog('silent') })
    console.log(url)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (text) => resolve(String(text).trim()))
    child.once('exit', () => reject(new Error('the other process ended')))
  })
  return { child, url }
}

const kill = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

const clusterOf = (dataDir: string) => path.join(dataDir, 'postgres', 'cluster')
const ended = async (dataDir: string) => {
  const deadline = performance.now() + 10_000
  while (processesIn(clusterOf(dataDir)).length > 0) {
    if (performance.now() > deadline) return false
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return true
}

describe('the embedded database', () => {
  it('is made, keeps what it was given, and leaves nothing running', async () => {
    const dataDir = folder()
    const first = await startEmbedded({ dataDir, log })
    await ask(first.url, `create table kept (word text); insert into kept values ('é €')`)
    const [settings] = await ask(
      first.url,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as address, current_setting('unix_socket_directories') as socket,
         current_setting('data_checksums') as checksums, (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale`,
    )
    expect(settings).toEqual({ fsync: 'on', address: '127.0.0.1', socket: '', checksums: 'on', locale: 'b C.UTF-8' })
    expect(fs.statSync(path.join(first.directory, 'owner.password')).mode & 0o777).toBe(0o600)
    await Promise.all([first.stop(), first.stop()])
    expect(await ended(dataDir)).toBe(true)

    const second = await startEmbedded({ dataDir, log })
    expect(await ask(second.url, 'select word from kept')).toEqual([{ word: 'é €' }])
    await second.stop()
  })

  it('lets nobody in without the password', async () => {
    const server = await startEmbedded({ dataDir: folder(), log })
    const url = new URL(server.url)
    url.password = 'guess'
    await expect(ask(url.href, 'select 1')).rejects.toThrow('password authentication failed')
    await server.stop()
  })

  it('begins anew when the first start was cut off', async () => {
    const dataDir = folder()
    fs.mkdirSync(`${clusterOf(dataDir)}.part`, { recursive: true })
    fs.writeFileSync(path.join(`${clusterOf(dataDir)}.part`, 'PG_VERSION'), '18\n')
    const server = await startEmbedded({ dataDir, log })
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
  })

  it('refuses data of another version of PostgreSQL', async () => {
    const dataDir = folder()
    await (await startEmbedded({ dataDir, log })).stop()
    fs.writeFileSync(path.join(clusterOf(dataDir), 'PG_VERSION'), '17\n')
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow('was made by PostgreSQL 17')
  })
})

describe.runIf(process.platform === 'linux')('when a process dies', () => {
  it('takes its database with it, and the next start finds every committed row', async () => {
    const dataDir = folder()
    for (let round = 0; round < 3; round++) {
      const { child, url } = await otherProcess(dataDir)
      await ask(url, 'create table if not exists kept (round integer)')
      await ask(url, `insert into kept values (${round})`)
      await kill(child)
    }
    // At once, while the watchdog may still be stopping the last one.
    const server = await startEmbedded({ dataDir, log })
    expect(await ask(server.url, 'select round from kept order by 1')).toEqual([
      { round: 0 },
      { round: 1 },
      { round: 2 },
    ])
    await server.stop()
  })

  it('is stopped without a next start', async () => {
    const dataDir = folder()
    const { child } = await otherProcess(dataDir)
    expect(processesIn(clusterOf(dataDir)).length).toBeGreaterThan(0)
    await kill(child)
    expect(await ended(dataDir)).toBe(true)
  })

  it('is recovered when the whole tree was killed', async () => {
    const dataDir = folder()
    const { child, url } = await otherProcess(dataDir)
    await ask(url, 'create table kept as select 1 as one')
    const tree = processesIn(clusterOf(dataDir))
    for (const pid of tree) process.kill(pid, 'SIGKILL')
    await kill(child)
    const server = await startEmbedded({ dataDir, log })
    expect(await ask(server.url, 'select one from kept')).toEqual([{ one: 1 }])
    await server.stop()
  })

  it('is stopped by the next start when nobody watched it', async () => {
    const dataDir = folder()
    const { child, url } = await otherProcess(dataDir)
    await ask(url, 'create table kept as select 1 as one')
    const [postmaster] = fs.readFileSync(path.join(clusterOf(dataDir), 'postmaster.pid'), 'utf8').split('\n')
    for (const pid of watchdogsOf(postmaster ?? '')) process.kill(pid, 'SIGKILL')
    await kill(child)
    expect(startOf(Number(postmaster))).toBeDefined()
    const server = await startEmbedded({ dataDir, log })
    expect(await ask(server.url, 'select one from kept')).toEqual([{ one: 1 }])
    await server.stop()
  })

  it('is no reason to trust a number in its lock file that now belongs to a stranger', async () => {
    const dataDir = folder()
    await (await startEmbedded({ dataDir, log })).stop()
    fs.writeFileSync(path.join(clusterOf(dataDir), 'postmaster.pid'), `${process.pid}\n${clusterOf(dataDir)}\n`)
    const server = await startEmbedded({ dataDir, log })
    await server.stop()
  })

  it('but lives: a second one on the same data is refused and harms nothing', async () => {
    const dataDir = folder()
    const { child, url } = await otherProcess(dataDir)
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(`Another Uurwerk (process ${child.pid})`)
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    await kill(child)
    expect(await ended(dataDir)).toBe(true)
  })
})

const watchdogsOf = (postmaster: string): number[] =>
  fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        return words.includes('uurwerk-database-watchdog') && words.includes(postmaster)
      } catch {
        return false
      }
    })
    .map(Number)

describe.runIf(process.getuid?.() === 0)('as root, who may not run PostgreSQL', () => {
  it('keeps its data elsewhere when its user cannot reach the folder, and finds it again', async () => {
    const closed = fs.mkdtempSync(path.join(os.tmpdir(), 'uurwerk-closed-'))
    folders.push(closed)
    const dataDir = path.join(closed, 'data') // below a folder that is root's alone
    const first = await startEmbedded({ dataDir, log })
    folders.push(first.directory)
    expect(first.directory).toMatch(/^\/var\/lib\/uurwerk\//)
    await ask(first.url, 'create table kept as select 1 as one')
    await first.stop()
    fs.chmodSync(closed, 0o755)
    const second = await startEmbedded({ dataDir, log })
    expect(await ask(second.url, 'select one from kept')).toEqual([{ one: 1 }])
    expect(second.directory).toBe(first.directory)
    await second.stop()
  })

  it('goes on with the user whose database it is', async () => {
    const dataDir = folder()
    const nobody = 65534
    const first = await startEmbedded({ dataDir, log })
    await first.stop()
    for (const entry of fs.readdirSync(path.join(dataDir, 'postgres'), { recursive: true }))
      fs.lchownSync(path.join(dataDir, 'postgres', String(entry)), nobody, nobody)
    fs.chownSync(path.join(dataDir, 'postgres'), nobody, nobody)
    const second = await startEmbedded({ dataDir, log })
    await second.stop()
    expect(fs.statSync(path.join(clusterOf(dataDir), 'PG_VERSION')).uid).toBe(nobody)
  })
})
