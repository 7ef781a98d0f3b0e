import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rowsOf, type World } from '../connectors/src/contract/simulator.ts'
import { exactHarness } from '../connectors/src/exact-online/harness.ts'
import { exactOnline } from '../connectors/src/exact-online/index.ts'
import { fillAccounts } from '../connectors/src/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '../core/src/shared/seeded-random.ts'
import { createLog } from '../server/src/log.ts'
import { openOffice } from '../server/src/postings/testing/office.ts'
import { startProgram } from '../server/src/program.ts'
import { readSettings } from '../server/src/settings.ts'
import { freePort, type TestPerson } from '../server/src/testing/program.ts'
import { connectSandbox, setUpSample } from '../server/src/testing/sample-road.ts'

// What a package is asked beside what it must be asked: npm run bench:calls -- [--entries 1000] [--customers 10000]
const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000' }, customers: { type: 'string', default: '10000' } },
})
const [entries, customers] = [Number(values.entries), Number(values.customers)]
const MOST = 1.05
/** Rows on one page of `sync/*` (Exact REST reference). */
const perPage = 1_000

interface Counted {
  readonly call: string
  readonly used: number
  readonly least: number
}
interface Measured {
  readonly what: string
  readonly calls: readonly Counted[]
  readonly used: number
  readonly least: number
  readonly ratio: number
  /** Renewals of the access token, which no document can be posted without; in no ratio. */
  readonly renewals: number
  /** By the package's own clock. */
  readonly minutes?: number
}

type Calls = Readonly<Record<string, number>>

const isToken = (call: string): boolean => call.endsWith('token')

/** What was asked between two moments, each kind beside the least that would do; what needs no call at all has 0. */
function compare(what: string, before: Calls, after: Calls, least: Calls, minutes?: number): Measured {
  const used = (call: string) => (after[call] ?? 0) - (before[call] ?? 0)
  const names = [...new Set([...Object.keys(after), ...Object.keys(least)])].filter((call) => !isToken(call)).sort()
  const calls = names
    .map((call) => ({ call, used: used(call), least: least[call] ?? 0 }))
    .filter((one) => one.used > 0 || one.least > 0)
  const total = (field: 'used' | 'least') => calls.reduce((sum, one) => sum + one[field], 0)
  const renewals = Object.keys(after)
    .filter(isToken)
    .reduce((sum, call) => sum + used(call), 0)
  return {
    what,
    calls,
    used: total('used'),
    least: total('least'),
    ratio: Math.round((total('used') / total('least')) * 10_000) / 10_000,
    renewals,
    ...(minutes === undefined ? {} : { minutes: Math.round(minutes) }),
  }
}

/** One request per document is what Exact Online offers: an entry, its document in the archive, the file. */
async function postEntries(store: Parameters<typeof openOffice>[0]['store'], attaches: boolean): Promise<Measured> {
  const at = await openOffice({
    store,
    connector: exactOnline,
    harness: exactHarness,
    seed: attaches ? 2 : 1,
    attaches,
  })
  const customerId = await at.addCustomer({ theirs: at.chosen.customer })
  const ids: string[] = []
  for (let made = 0; made < entries; made += 1)
    ids.push(
      await at.addInvoice({
        customerId,
        lines: [{ net: `${100 + (made % 900)}.00` }],
        kind: made % 20 === 19 ? 'credit' : 'invoice',
      }),
    )
  const before = { ...at.bench.world.state.calls }
  const began = at.bench.clock.now().getTime()
  for (let from = 0; from < ids.length; from += 500) await at.decide(ids.slice(from, from + 500))
  await at.settle()
  const unsettled = (await at.postings()).filter(({ state }) => state !== 'posted')
  if (unsettled.length > 0) throw new Error(`${unsettled.length} postings are not in the books`)
  return compare(
    `${entries} sales entries${attaches ? ' with their PDF' : ''}`,
    before,
    at.bench.world.state.calls,
    {
      'POST salesentry/SalesEntries': entries,
      ...(attaches ? { 'POST documents/Documents': entries, 'POST documents/DocumentAttachments': entries } : {}),
    },
    (at.bench.clock.now().getTime() - began) / 60_000,
  )
}

/** A first import reads each list to its end, a page at a time. */
async function importCustomers(
  program: Awaited<ReturnType<typeof startProgram>>,
  sanne: TestPerson,
  connectionId: string,
): Promise<readonly Measured[]> {
  const { sandbox } = program.services.connections
  const firmId = await program.services.store.withDirectory(async (trx) => {
    const row = await trx.selectFrom('directory.firm').select('id').executeTakeFirstOrThrow()
    return row.id
  })
  const worldId = await program.services.store.withFirm(firmId, (trx) =>
    sandbox.find({ trx, firmId }, exactOnline.manifest.id),
  )
  const inWorld = async <Result>(act: (world: World) => Result): Promise<Result> => {
    let result: { readonly value: Result } | undefined
    await sandbox.change(worldId ?? '', (world) => {
      result = { value: act(world) }
    })
    if (!result) throw new Error('the sandbox has no world')
    return result.value
  }
  const random = seededRandom(1)
  await inWorld((world) => fillAccounts({ world, clock: program.services.clock, random }, customers))
  const calls = () => inWorld((world) => ({ ...world.state.calls }))
  const rowsIn = (table: string) =>
    inWorld(
      (world) => rowsOf(world, table).filter(({ Division }) => Division === undefined || Division === 1_234_567).length,
    )
  const pages = async (table: string) => Math.max(1, Math.ceil((await rowsIn(table)) / perPage))
  const measured: Measured[] = []
  for (const what of [`${customers} customers imported`, 'the same again, nothing changed']) {
    const isFirst = measured.length === 0
    const before = await calls()
    const { id } = await sanne.good<{ id: string }>('POST', `/connections/${connectionId}/imports`, {})
    await ended(sanne, id)
    const after = await calls()
    const asked = Object.keys(after).filter((call) => (after[call] ?? 0) > (before[call] ?? 0) && !isToken(call))
    const least = await Promise.all(asked.map(async (call) => [call, await leastOf(call, isFirst, pages)] as const))
    measured.push(compare(what, before, after, Object.fromEntries(least)))
  }
  return measured
}

/**
 * Each list that an import needs is asked for once, and once more for each page: customers and their invoice addresses,
 * what was deleted since, and whether the administration was moved, after which row versions say nothing.
 */
async function leastOf(call: string, isFirst: boolean, pages: (table: string) => Promise<number>): Promise<number> {
  switch (call) {
    case 'GET sync/CRM/Accounts':
      return isFirst ? pages('Accounts') : 1
    case 'GET sync/CRM/Addresses':
      return isFirst ? pages('Addresses') : 1
    case 'GET sync/Deleted':
      return isFirst ? 0 : 1
    case 'GET system/Divisions':
      return 1
    default:
      return 0
  }
}

async function ended(sanne: TestPerson, id: string): Promise<void> {
  for (;;) {
    const task = await sanne.good<{ state: string; problem: unknown }>('GET', `/tasks/${id}`)
    if (task.state === 'done') return
    if (task.state === 'failed') throw new Error(`the import failed: ${JSON.stringify(task.problem)}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

const log = createLog('error')
const folder = mkdtempSync(join(tmpdir(), 'uurwerk-calls-'))
// The database may run as another user, who has to get in.
chmodSync(folder, 0o711)
const port = await freePort()
const base = `http://127.0.0.1:${port}`
const program = await startProgram({
  settings: readSettings({ PORT: String(port), DATA_DIR: folder, PUBLIC_URL: base, SANDBOX: 'on' }),
  log,
})
try {
  const sanne = await setUpSample(base, 'nl')
  const connectionId = await connectSandbox(sanne)
  const measured = [
    await postEntries(program.services.store, false),
    await postEntries(program.services.store, true),
    ...(await importCustomers(program, sanne, connectionId)),
  ]
  for (const { what, calls, used, least, ratio, renewals, minutes } of measured) {
    console.log(`\n${what}${minutes === undefined ? '' : `, ${minutes} minutes by the package's clock`}`)
    for (const one of calls) console.log(`  ${one.call.padEnd(44)} ${String(one.used).padStart(6)} of ${one.least}`)
    console.log(`  ${'together'.padEnd(44)} ${String(used).padStart(6)} of ${least}: ${ratio} × the least`)
    if (renewals > 0) console.log(`  ${'renewals of access'.padEnd(44)} ${String(renewals).padStart(6)}`)
  }
  const isMet = measured.every(({ ratio }) => ratio <= MOST)
  console.log(`\nP6 for ${exactOnline.manifest.name}: ${isMet ? 'met' : 'not met'} (at most ${MOST} × the least)`)
  mkdirSync('bench/results', { recursive: true })
  writeFileSync(
    'bench/results/calls.json',
    `${JSON.stringify({ package: exactOnline.manifest.id, most: MOST, isMet, measured }, null, 2)}\n`,
  )
  process.exitCode = isMet ? 0 : 1
} finally {
  await program.stop()
  rmSync(folder, { recursive: true, force: true })
}
