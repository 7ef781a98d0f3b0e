import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { type Answer, type BenchApp, benchApp, eventsToNobody } from './app.ts'
import { connected, openDatabase } from './database.ts'
import { addOffice, addWork, type Office } from './office.ts'

// One invoice of many hours, and its sending: npm run bench:invoice -- [--entries 1000] [--runs 5]
const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000' }, runs: { type: 'string', default: '5' } },
})
const [most, runs] = [Number(values.entries), Number(values.runs)]
const few = 10
/** What a firm of some years has besides. */
const worked = 100_000
const MOST_MS = 500

interface Measured {
  readonly act: string
  /** As lines: one per activity, or one per entry. */
  readonly by: 'activity' | 'entry'
  readonly entries: number
  readonly lines: number
  readonly statements: number
  readonly transactions: number
  readonly medianMs: number
}

type Timed = Answer & { readonly ms: number }

async function timed(work: () => Promise<Answer>): Promise<Timed> {
  const began = performance.now()
  const answer = await work()
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.body}`)
  return { ...answer, ms: performance.now() - began }
}

const median = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

async function measure(
  app: BenchApp,
  client: pg.Client,
  office: Office,
  { by, entries }: Pick<Measured, 'by' | 'entries'>,
): Promise<Measured[]> {
  const [drafts, sendings]: [Timed[], Timed[]] = [[], []]
  let lines = 0
  for (let run = 0; run <= runs; run++) {
    const ids = await addWork(client, office, entries)
    const draft = await timed(() => app.post('/invoices/from-entries', { hours: { ids }, groupBy: by }))
    const { invoices, leftOut } = JSON.parse(draft.body) as { invoices: { id: string }[]; leftOut: unknown[] }
    const id = invoices[0]?.id
    if (invoices.length !== 1 || leftOut.length > 0) throw new Error(`not one invoice of all hours: ${draft.body}`)
    const made = JSON.parse((await app.get(`/invoices/${id}`)).body) as { version: number; lines: unknown[] }
    lines = made.lines.length
    const sending = await timed(() => app.post(`/invoices/${id}/sending`, { how: 'other' }, made.version))
    // The first of each warms up.
    if (run === 0) continue
    drafts.push(draft)
    sendings.push(sending)
  }
  const told = (act: string, all: readonly Timed[]): Measured => ({
    act,
    by,
    entries,
    lines,
    statements: Math.max(...all.map(({ statements }) => statements)),
    transactions: Math.max(...all.map(({ transactions }) => transactions)),
    medianMs: median(all.map(({ ms }) => ms)),
  })
  return [told('draft', drafts), told('send', sendings)]
}

const folder = mkdtempSync(join(tmpdir(), 'uurwerk-bench-'))
const database = await openDatabase({ dataDir: join(folder, 'data') })
try {
  const app = await benchApp(database.appUrl, { events: eventsToNobody })
  const all: Measured[] = []
  await connected(database.ownerUrl, async (client) => {
    const office = await addOffice(client)
    await addWork(client, office, worked)
    await client.query('analyze')
    for (const by of ['activity', 'entry'] as const)
      for (const entries of [few, most]) all.push(...(await measure(app, client, office, { by, entries })))
  })
  await app.close()
  for (const one of all)
    console.log(
      `${one.act.padEnd(5)} ${String(one.entries).padStart(5)} entries in ${String(one.lines).padStart(4)} lines: ${one.transactions} transaction, ${one.statements} statements, ${one.medianMs.toFixed(0)} ms`,
    )
  const large = all.filter(({ entries }) => entries === most)
  const constant = large.every((one) =>
    all.some(
      (small) =>
        small.act === one.act && small.by === one.by && small.entries === few && small.statements === one.statements,
    ),
  )
  const single = all.every(({ transactions }) => transactions === 1)
  const slowest = Math.max(...large.map(({ medianMs }) => medianMs))
  // Times are of this machine and its other work: shown, never judged.
  const holds = constant && single
  console.log(holds ? 'holds' : 'does not hold: one transaction, and as many statements for many entries as for few')
  console.log(`slowest ${slowest.toFixed(0)} ms, ${slowest < MOST_MS ? 'under' : 'NOT under'} ${MOST_MS} ms here`)
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(
    join(results, 'invoice.json'),
    `${JSON.stringify({ runs, constant, single, slowestMs: slowest, measured: all }, null, 2)}\n`,
  )
  process.exitCode = holds ? 0 : 1
} finally {
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
}
