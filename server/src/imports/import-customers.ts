import type { Books } from '@uurwerk/connectors/contract/contract.ts'
import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { eachPage, refreshList } from '../connections/lists.ts'
import {
  markGone,
  markUnreadGone,
  namedRows,
  putRows,
  readMark,
  rowsOf,
  writeMark,
} from '../connections/package-rows.ts'
import type { RowResult, RunningAtPackage } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'
import { markDeleted, markNotListed } from './gone-customers.ts'
import { linkPayers } from './link-payers.ts'
import { reportRows } from './report.ts'
import { takeOver } from './take-over.ts'

/**
 * Customers of the package become ours, matched on customer number. Each page is one transaction; what was done stays
 * done when the process dies, and reading it again changes nothing. The mark is stored with the last page alone.
 */
export async function importCustomers(running: RunningAtPackage): Promise<void> {
  const { services, firmId, connection, params } = running
  const { books, connector } = await services.connections.openBooks(firmId, connection.id, { settings: 'as-stored' })
  const reads = books.reads.customers
  assert(reads, 'a package without customers offers no import')
  const list = { connectionId: connection.id, noun: 'customers' as const }
  const since = await running.step(async (trx) => {
    await running.progress(trx, { now: 'customers' })
    return params.full === true ? null : readMark({ trx, firmId }, list)
  })
  const startedAt = services.clock.now()
  const learnTerms = termsLearner(running, books)
  let read = 0
  await eachPage(reads, since, async (page, whole) => {
    if (whole) read += page.rows.length
    await learnTerms(page.rows)
    await stepAgain(running, async (trx) => {
      const firm = { trx, firmId }
      if (page.isLast && whole && read === 0) await refuseNone(trx, running, connector.manifest.name)
      const rows = lastOfEach(page.rows, new Set(page.gone))
      await putRows(firm, list, rows, startedAt)
      await markGone(firm, list, page.gone, startedAt)
      const payers: RowResult[] = []
      const results: RowResult[] = [...(await markDeleted(trx, running, page.gone))]
      results.push(...(await takeOver(trx, running, rows)))
      if (page.isLast) {
        if (whole) {
          await markUnreadGone(firm, list, startedAt)
          results.push(...(await markNotListed(trx, running, startedAt)))
        }
        payers.push(...(await linkPayers(trx, running, startedAt)))
        await writeMark(firm, list, page.mark ?? null, startedAt)
      }
      await reportRows(trx, running, results, { total: page.total })
      await reportRows(trx, running, payers)
      await publish(trx, running, [...results, ...payers])
    })
  })
  await lookAgain(running)
}

/** A row that changed while its page was made stands there twice; the log of deletions is read before the rows. */
function lastOfEach(rows: readonly CustomerRow[], gone: ReadonlySet<string>): readonly CustomerRow[] {
  const last = new Map(rows.map((row) => [row.id, row]))
  return [...last.values()].filter(({ id }) => !gone.has(id))
}

/** Reads the payment terms again when a customer has one that was made since; once, and only then. */
function termsLearner(running: RunningAtPackage, books: Books): (rows: readonly CustomerRow[]) => Promise<void> {
  const { firmId, connection } = running
  let known: ReadonlySet<string> | undefined
  let isLearnt = false
  return async (rows) => {
    const used = rows.flatMap(({ paymentTerm }) => paymentTerm ?? [])
    if (isLearnt || used.length === 0) return
    known ??= await running.step(
      async (trx) => new Set((await rowsOf({ trx, firmId }, connection.id, 'paymentTerms')).map(({ id }) => id)),
    )
    if (used.every((id) => known?.has(id))) return
    isLearnt = true
    // Its rows are no customers: the count of these stays what it is.
    await refreshList({ ...running, progress: async () => {} }, books, 'paymentTerms')
  }
}

const uniqueViolation = '23505'
const deadlockDetected = '40P01'
const mostTries = 3

/** Somebody gave a customer the same number at the same moment, or held what we waited for: read again, it is seen. */
async function stepAgain(running: RunningAtPackage, work: (trx: Trx) => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await running.step(work)
    } catch (error) {
      const { code } = error as { code?: unknown }
      if ((code !== uniqueViolation && code !== deadlockDetected) || tries === mostTries) throw error
    }
  }
}

/** Without the right to see them some packages show no customers at all: that is not told from an empty book, so nobody is marked. */
async function refuseNone(trx: Trx, { firmId, connection }: RunningAtPackage, packageName: string): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from link
    where firm_id = ${firmId} and connection_id = ${connection.id} and noun = 'customer' and inactive is null`.execute(
    trx,
  )
  const count = rows[0]?.count ?? 0
  if (count > 0)
    throw new ProblemError({
      kind: 'setup',
      code: 'no-customers-shown',
      values: { package: packageName, count: String(count) },
    })
}

/** What waits for a decision may have settled itself, here or there; it is not asked of the package again. */
async function lookAgain(running: RunningAtPackage): Promise<void> {
  const { firmId, connection } = running
  const atOnce = 500
  const ids = await running.step(async (trx) => {
    const { rows } = await sql<{ theirId: string }>`
      select their_id as "theirId" from import_conflict
      where firm_id = ${firmId} and connection_id = ${connection.id} and state in ('open', 'left')
      union
      select l.their_id from customer_proposal p
      join link l on l.firm_id = p.firm_id and l.connection_id = p.connection_id and l.noun = 'customer' and l.our_id = p.customer_id
      where p.firm_id = ${firmId} and p.connection_id = ${connection.id} and p.state = 'open'
      order by 1`.execute(trx)
    return rows.map(({ theirId }) => theirId)
  })
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = ids.slice(start, start + atOnce)
    await stepAgain(running, async (trx) => {
      const kept = await namedRows({ trx, firmId }, connection.id, 'customers', some)
      const results = await takeOver(
        trx,
        running,
        [...kept.values()].filter(({ isGone }) => !isGone),
      )
      await passGone(
        trx,
        running,
        some.filter((id) => kept.get(id)?.isGone !== false),
      )
      const done = results.filter(({ outcome }) => outcome === 'created' || outcome === 'updated')
      await reportRows(trx, running, done)
      await publish(trx, running, done)
    })
  }
}

async function passGone(trx: Trx, running: RunningAtPackage, theirIds: readonly string[]): Promise<void> {
  const { services, firmId, connection } = running
  await sql`
    update import_conflict set state = 'passed', settled_at = ${services.clock.now()}, version = version + 1
    where firm_id = ${firmId} and connection_id = ${connection.id} and state in ('open', 'left')
      and their_id = any(${theirIds}::text[])`.execute(trx)
}

async function publish(trx: Trx, { services, firmId }: RunningAtPackage, results: readonly RowResult[]): Promise<void> {
  const ids = results.flatMap(({ outcome, details }) =>
    (outcome === 'created' || outcome === 'updated' || outcome === 'inactive') && details.subjectId
      ? [details.subjectId]
      : [],
  )
  if (ids.length > 0) await services.events.publish(trx, firmId, { topic: 'customers', ids })
}
