import type { Books, Reads } from '@uurwerk/connectors/contract/contract.ts'
import type { Noun, Row } from '@uurwerk/connectors/contract/rows.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { RunningAtPackage } from '../jobs/running.ts'
import type { InFirm } from './connection.ts'
import { goOnWithLists, rememberLists } from './fresh-lists.ts'
import { checkHealth } from './health.ts'
import { markGone, markUnreadGone, putRows, readMark, rowsOf, writeMark, writeUnread } from './package-rows.ts'

/** Customers are read by their import alone: its mark says up to where they were taken over. */
const importedNouns: readonly Noun[] = ['customers']

export const listedNouns = (reads: readonly Noun[]): readonly Noun[] =>
  reads.filter((noun) => !importedNouns.includes(noun))

/**
 * Reads all lists of a package again, each from its mark on; then looks whether everything is in order. A list that may not be
 * seen keeps no other from being read, nor its health from being looked at.
 */
export async function refreshLists(running: RunningAtPackage): Promise<void> {
  const { services, firmId, connection } = running
  const { books, connector } = await services.connections.openBooks(firmId, connection.id, { settings: 'as-stored' })
  await rememberLists(running)
  const unseen: ProblemError[] = []
  for (const noun of listedNouns(connector.manifest.reads)) {
    try {
      await refreshList(running, books, noun)
    } catch (error) {
      if (!isProblem(error) || !['setup', 'refused', 'defect'].includes(error.problem.kind)) throw error
      const { problem } = error
      await running.step((trx) => writeUnread({ trx, firmId }, { connectionId: connection.id, noun }, problem))
      unseen.push(error)
    }
  }
  await goOnWithLists(running)
  await checkHealth(services, firmId, connection.id)
  const [first] = unseen
  if (first) throw first
}

/** One list, from its mark on. */
export async function refreshList(running: RunningAtPackage, books: Books, noun: Noun): Promise<void> {
  const { firmId, connection, services } = running
  const reads = books.reads[noun] as Reads<Row[Noun]> | undefined
  if (!reads) return
  const list = { connectionId: connection.id, noun }
  const since = await running.step(async (trx) => {
    await running.progress(trx, { now: noun })
    return readMark({ trx, firmId }, list)
  })
  const startedAt = services.clock.now()
  let read = 0
  await eachPage(reads, since, (page, whole) => {
    read += page.rows.length
    return running.step(async (trx) => {
      const firm = { trx, firmId }
      if (page.isLast && whole && read === 0) await refuseNone(firm, list)
      await putRows(firm, list, page.rows, startedAt)
      await markGone(firm, list, page.gone, startedAt)
      if (page.isLast) {
        if (whole) await markUnreadGone(firm, list, startedAt)
        await writeMark(firm, list, page.mark ?? null, startedAt)
      }
      await running.progress(trx, { done: page.rows.length })
    })
  })
}

/** Nothing at all where there was something is a right that was taken away: nothing is called gone for it. */
async function refuseNone(
  firm: InFirm,
  { connectionId, noun }: { readonly connectionId: string; readonly noun: Noun },
) {
  const count = (await rowsOf(firm, connectionId, noun)).length
  if (count > 0) throw new ProblemError({ kind: 'setup', code: 'list-shows-nothing', values: { count: String(count) } })
}

interface PageRead<T> {
  readonly rows: readonly T[]
  readonly gone: readonly string[]
  readonly mark: string | undefined
  readonly total: number | undefined
  readonly isLast: boolean
}

/**
 * Goes through a reading. A page is given only when it is known whether it is the last, since the mark may be stored
 * with that one alone. `whole`: everything was read, so that what is missing is gone.
 */
export async function eachPage<T>(
  reads: Reads<T>,
  since: string | null,
  take: (page: PageRead<T>, whole: boolean) => Promise<void>,
): Promise<void> {
  let from = since
  for (let start = 0; start < 2; start++) {
    let held: Omit<PageRead<T>, 'isLast'> | undefined
    let isReset = false
    const whole = from === null
    for await (const page of reads.changes(from)) {
      if (page === 'reset') {
        isReset = true
        break
      }
      if (held) await take({ ...held, isLast: false }, whole)
      held = { rows: page.rows, gone: page.gone, mark: page.mark, total: page.total }
    }
    if (!isReset) {
      await take({ ...(held ?? { rows: [], gone: [], mark: undefined, total: undefined }), isLast: true }, whole)
      return
    }
    from = null
  }
  throw new ProblemError({ kind: 'defect', code: 'reading-does-not-end' })
}
