import type { Posts, Receipt } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { add, type Decimal, decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { z } from 'zod'
import type { RunningAtPackage } from '../jobs/running.ts'
import { noLongerTell, tellPeople } from '../notifications/tell-people.ts'
import { type ReadThere, writeChangedTotals } from '../package-invoices/changed-there.ts'
import type { Trx } from '../store/database.ts'
import { readStored } from '../store/stored.ts'
import { compareReceipt, type Difference, notAttached } from './compare-receipt.ts'
import { keepDifferences } from './difference-rows.ts'
import { freeGoneThere } from './gone-there.ts'
import { adoptPrinted } from './printed-there.ts'

/** Postings whose documents can be compared with what was stored of them. */
const comparedKinds = ['salesEntry', 'salesInvoice'] as const satisfies readonly Kind[]
/** Asked for at once; a package that takes fewer in one request divides them itself. */
const atOnce = 200

export const comparedTotals = z.array(
  z.object({
    currency: z.string(),
    documents: z.number(),
    gross: z.string().transform((text) => toCents(decimal(text))),
  }),
)
type Totals = z.output<typeof comparedTotals>

interface Row {
  readonly postingId: string
  readonly sequence: string
  readonly kind: (typeof comparedKinds)[number]
  readonly theirId: string
  readonly receipt: Receipt
  readonly gross: string | null
  readonly theirGross: string | null
  readonly currency: string | null
  readonly differs: boolean
  readonly isUnattached: boolean
}

type Read = NonNullable<Posts<never>['read']>

interface Batch {
  readonly rows: readonly Row[]
  readonly found: ReadonlyMap<string, Receipt | 'gone'>
  /** Of the kinds that could not be looked at. */
  readonly problem: Problem | null
}

/**
 * Compares each posted document with the books, in the order in which they were posted. How far it came stands with its
 * report, so that a run that broke off goes on there. What cannot be known is counted as such and changes nothing.
 */
export async function reconcile(running: RunningAtPackage): Promise<void> {
  const { services, firmId, connection } = running
  const { books, connector } = await services.connections.openBooks(firmId, connection.id, { settings: 'as-stored' })
  const readers = new Map(
    comparedKinds.flatMap((kind) => {
      const posts = books.posts[kind] as Pick<Posts<never>, 'read'> | undefined
      return posts?.read ? [[kind, posts.read.bind(posts)] as const] : []
    }),
  )
  if (readers.size === 0)
    throw new ProblemError({
      kind: 'setup',
      code: 'comparing-not-offered',
      values: { package: connector.manifest.name },
    })
  const kinds = [...readers.keys()]
  const scope = running.params.scope === 'all' ? 'all' : 'open-periods'
  let after = await begin(running, scope, kinds)
  const closed = new Map<string, Problem>()
  for (;;) {
    const rows = await running.step((trx) => nextRows(trx, running, { scope, kinds, after }))
    const last = rows.at(-1)
    if (!last) break
    const batch = await look(rows, readers, closed)
    await running.step((trx) => keep(trx, running, batch))
    await running.step((trx) => freeGoneThere(trx, running, goneOf(batch), connector.manifest.name))
    await running.step((trx) => followThere(trx, running, readOf(batch)))
    after = last.sequence
  }
  await running.step((trx) => end(trx, running, connector.manifest.name))
}

type Scope = 'open-periods' | 'all'

/** Where it goes on; a run of before that never came to its end gives way. */
async function begin(running: RunningAtPackage, scope: Scope, kinds: readonly Kind[]): Promise<string> {
  const { services, firmId, connection, taskId, createdBy } = running
  return running.step(async (trx) => {
    const now = services.clock.now()
    await sql`
      update reconciliation set state = 'failed', finished_at = ${now}
      where firm_id = ${firmId} and connection_id = ${connection.id} and state = 'running' and id <> ${taskId}`.execute(
      trx,
    )
    const { rows } = await sql<{ lastSequence: string }>`
      insert into reconciliation (firm_id, id, connection_id, scope, created_by, started_at)
      values (${firmId}, ${taskId}, ${connection.id}, ${scope}, ${createdBy.memberId}, ${now})
      on conflict (firm_id, id) do update set state = 'running'
      returning last_sequence as "lastSequence"`.execute(trx)
    const after = rows[0]?.lastSequence ?? '0'
    if (after === '0') {
      const count = await sql<{ n: number }>`
        select count(*)::int as n ${inScope(running, { scope, kinds, after })}`.execute(trx)
      await running.progress(trx, { now: 'comparing', total: count.rows[0]?.n ?? 0 })
    }
    return after
  })
}

interface Asked {
  readonly scope: Scope
  readonly kinds: readonly Kind[]
  readonly after: string
}

/**
 * A document of a period that is closed changes no more, but for an invoice that is not printed: it is booked nowhere yet.
 * What differed the last time is looked at in any case.
 */
const inScope = ({ firmId, connection }: RunningAtPackage, { scope, kinds, after }: Asked) => sql`
  from posting p
  left join invoice i on i.firm_id = p.firm_id and i.id = p.subject_id and p.subject_kind = 'invoice'
  left join package_invoice m on m.firm_id = p.firm_id and m.id = p.subject_id and p.subject_kind = 'package-invoice'
  where p.firm_id = ${firmId} and p.connection_id = ${connection.id} and p.state = 'posted' and p.their_id is not null
    and p.receipt is not null and p.kind = any(${[...kinds]}::text[]) and p.sequence > ${after}::bigint
    and (${scope === 'all'} or coalesce(m.state = 'made', false)
      or exists (select from books_difference d where d.firm_id = p.firm_id and d.posting_id = p.id and d.state <> 'solved')
      or not exists (
        select from package_row r
        where r.firm_id = p.firm_id and r.connection_id = p.connection_id and r.noun = 'periods' and r.gone_at is null
          and coalesce(p.choices ->> 'bookIn', i.date::text, m.date::text)
            between r.data ->> 'from' and r.data ->> 'until'
          and (jsonb_exists(r.data -> 'closedIn', '*') or jsonb_exists(r.data -> 'closedIn', p.receipt #>> '{shows,journal}'))))`

async function nextRows(trx: Trx, running: RunningAtPackage, asked: Asked): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select p.id as "postingId", p.sequence, p.kind, p.their_id as "theirId", p.receipt, p.gross,
      p.their_gross as "theirGross", p.currency, p.differs,
      exists (select from posting a where a.firm_id = p.firm_id and a.connection_id = p.connection_id
        and a.kind in ('document', 'attachment') and a.state in ('refused', 'blocked', 'needs-person')
        and (a.after_id = p.id or a.after_id in (
          select b.id from posting b where b.firm_id = p.firm_id and b.after_id = p.id and b.kind = 'document'))) as "isUnattached"
    ${inScope(running, asked)} order by p.sequence limit ${atOnce}`.execute(trx)
  return rows
}

/** No more calls than the kinds there are; a kind that may not be seen is not asked for again. */
async function look(
  rows: readonly Row[],
  readers: ReadonlyMap<Row['kind'], Read>,
  closed: Map<string, Problem>,
): Promise<Batch> {
  const found = new Map<string, Receipt | 'gone'>()
  const unexplained: Problem[] = []
  for (const [kind, ofKind] of Map.groupBy(rows, (row) => row.kind)) {
    const read = readers.get(kind)
    if (!read || closed.has(kind)) continue
    try {
      for (const [id, receipt] of await readKnown(
        read,
        ofKind.map(({ theirId }) => theirId),
        (problem) => unexplained.push(problem),
      ))
        found.set(`${kind} ${id}`, receipt)
    } catch (error) {
      if (!isProblem(error) || error.problem.kind === 'temporary' || error.problem.kind === 'reconnect') throw error
      closed.set(kind, error.problem)
    }
  }
  return { rows, found, problem: [...closed.values(), ...unexplained][0] ?? null }
}

/** Those that the package names as neither there nor deleted are left out, and the others are read all the same. */
async function readKnown(
  read: Read,
  ids: readonly string[],
  leftOut: (problem: Problem) => void,
): Promise<ReadonlyMap<string, Receipt | 'gone'>> {
  try {
    return await read(ids)
  } catch (error) {
    const named = isProblem(error) ? error.problem.values?.ids?.split(', ') : undefined
    if (!isProblem(error) || !named) throw error
    leftOut(error.problem)
    const rest = ids.filter((id) => !named.includes(id))
    return rest.length === 0 || rest.length === ids.length ? new Map() : readKnown(read, rest, leftOut)
  }
}

async function keep(trx: Trx, running: RunningAtPackage, { rows, found, problem }: Batch): Promise<void> {
  const { services, firmId, taskId, connection } = running
  const now = services.clock.now()
  const known = rows.flatMap((row) => {
    const receipt = found.get(`${row.kind} ${row.theirId}`)
    return receipt === undefined ? [] : [{ row, found: differencesOf(row, receipt) }]
  })
  const kept = await keepDifferences(
    { trx, firmId, services, now },
    known.map(({ row, found: differences }) => ({
      postingId: row.postingId,
      connectionId: connection.id,
      found: differences,
    })),
  )
  const report = await trx
    .selectFrom('reconciliation')
    .select('totals')
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .executeTakeFirstOrThrow()
  const totals = withMore(
    readStored(comparedTotals, report.totals, 'the totals of a reconciliation'),
    known.map(({ row }) => row),
  )
  await sql`
    update reconciliation set documents = documents + ${known.length}, unknown = unknown + ${rows.length - known.length},
      solved = solved + ${kept.solved}, totals = ${JSON.stringify(totals)}::jsonb,
      problem = coalesce(${problem ? JSON.stringify(problem) : null}::jsonb, problem),
      last_sequence = ${rows.at(-1)?.sequence ?? '0'}::bigint
    where firm_id = ${firmId} and id = ${taskId}`.execute(trx)
  await running.progress(trx, { done: rows.length })
}

/** What somebody did there with invoices that the package made for us: changed while it was open, or printed. */
async function followThere(trx: Trx, running: RunningAtPackage, read: readonly ReadThere[]): Promise<void> {
  const { services, firmId, createdBy } = running
  const now = services.clock.now()
  // Lanes and postings are locked before invoices, as whoever posts does.
  await adoptPrinted(trx, running, read)
  await writeChangedTotals({ trx, firmId, actor: createdBy, requestId: null, services, now }, read)
}

const goneOf = ({ rows, found }: Batch) =>
  rows.flatMap(({ kind, theirId, postingId }) =>
    kind === 'salesInvoice' && found.get(`${kind} ${theirId}`) === 'gone' ? [postingId] : [],
  )

const readOf = ({ rows, found }: Batch) =>
  rows.flatMap((row) => {
    const receipt = found.get(`${row.kind} ${row.theirId}`)
    return receipt && receipt !== 'gone' ? [{ postingId: row.postingId, receipt }] : []
  })

function differencesOf(row: Row, now: Receipt | 'gone'): readonly Difference[] {
  const found = compareReceipt(row, now)
  // A file that is missing at what is gone is no second thing to mend.
  const file = row.isUnattached && now !== 'gone' ? [notAttached()] : []
  return [...(found ? [found] : []), ...file]
}

function withMore(totals: Totals, rows: readonly Row[]): Totals {
  const sums = new Map(totals.map((one) => [one.currency, one]))
  for (const { currency, gross } of rows) {
    if (currency === null || gross === null) continue
    const before = sums.get(currency) ?? { currency, documents: 0, gross: decimal('0') as Decimal }
    sums.set(currency, {
      currency,
      documents: before.documents + 1,
      gross: toCents(add(before.gross, decimal(gross))),
    })
  }
  return [...sums.values()]
}

/** The report, and word to whoever keeps the books when something new differs. */
async function end(trx: Trx, running: RunningAtPackage, packageName: string): Promise<void> {
  const { services, firmId, taskId, connection } = running
  const now = services.clock.now()
  const { rows } = await sql<{ open: number; accepted: number; fresh: number }>`
    select count(*) filter (where d.state = 'open')::int as open,
      count(*) filter (where d.state = 'accepted')::int as accepted,
      count(*) filter (where d.state = 'open' and d.first_seen_at >= r.started_at)::int as fresh
    from reconciliation r
    left join books_difference d on d.firm_id = r.firm_id and d.connection_id = r.connection_id
    where r.firm_id = ${firmId} and r.id = ${taskId}`.execute(trx)
  const { open = 0, accepted = 0, fresh = 0 } = rows[0] ?? {}
  await sql`
    update reconciliation set state = 'done', differing = ${open}, accepted = ${accepted}, finished_at = ${now}
    where firm_id = ${firmId} and id = ${taskId}`.execute(trx)
  const telling = { trx, firmId, services, now }
  const key = `books-differ:${connection.id}`
  if (open === 0) await noLongerTell(telling, key)
  else if (fresh > 0)
    await tellPeople(telling, {
      to: 'postings:write',
      code: 'books-differ',
      values: { count: open, package: packageName },
      link: '/reconciliation',
      key,
    })
}
