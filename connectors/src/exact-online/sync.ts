import { addDays, type CalendarDate, parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Mark, Page, Reads, TheirId } from '../contract/contract.ts'
import { literal } from '../kit/odata-v2.ts'
import type { ExactCalls, PageOf } from './calls.ts'
import { type AskedList, mustBeShown } from './rights.ts'
import { deleted, divisionMoves } from './wire.ts'

/** Kinds of the deletion log (Exact REST reference, SyncDeleted). */
export const deletedType = {
  accounts: 2,
  addresses: 3,
  ledgerAccounts: 7,
  items: 9,
  paymentTerms: 10,
  salesInvoices: 13,
} as const

/** The deletion log is kept two months; before that is over everything is read anew. */
const logDays = 55

/** A mark with more owners than this would be too long to keep. */
const mostOwners = 5_000

const date = z.string().transform((text, context): CalendarDate => {
  const found = parseCalendarDate(text)
  if (found === null) context.issues.push({ code: 'custom', message: 'not a date', input: text })
  return found as CalendarDate
})

const storedMark = z.object({
  /** Highest row version read, per resource; the key of deletions is `Deleted`. */
  read: z.record(z.string(), z.string().regex(/^\d+$/)),
  /** When the division was moved: from then on row versions are other ones. */
  moved: z.string(),
  readOn: date,
  /** The first day on which a row reads differently although nobody touched it (its start or end date). */
  turnsOn: date.optional(),
  /** What else the rows were made from: when it changes, so do they. */
  beside: z.string().optional(),
  /** Whose each part is, of parts that the log of deletions names by their own id only. */
  owners: z.record(z.string(), z.string()).optional(),
})

/**
 * One reading of a noun by row versions. `Timestamp` is a version, not a time, and the only thing to filter on;
 * the highest is remembered only when the last page was read.
 */
export interface Sync {
  /** Whether everything is read, because there was no mark. */
  readonly isFull: boolean
  read<S extends z.ZodObject<{ Timestamp: z.ZodType<string> }>>(
    resource: string,
    row: S,
  ): AsyncIterable<PageOf<z.output<S>>>
  /** What the log of deletions names since, by its kind. */
  gone(): Promise<(type: number) => readonly TheirId[]>
  /** Owner by part, as kept the last time; undefined when none were. */
  readonly owners: ReadonlyMap<TheirId, TheirId> | undefined
  keepOwners(owners: ReadonlyMap<TheirId, TheirId>): void
  turns(on: CalendarDate | undefined): void
  mark(): Mark
}

export async function startSync(calls: ExactCalls, since: Mark | null, beside?: string): Promise<Sync | 'reset'> {
  const last = since === null ? null : markFrom(since)
  if (last === undefined) return 'reset'
  const today = calls.today()
  if (last?.turnsOn !== undefined && last.turnsOn <= today) return 'reset'
  if (last !== null && addDays(last.readOn, logDays) < today) return 'reset'
  if (last !== null && last.beside !== beside) return 'reset'
  const moved = await lastMove(calls)
  if (last !== null && last.moved !== moved) return 'reset'

  const read: Record<string, string> = { ...last?.read }
  let turnsOn = last?.turnsOn
  let owners: ReadonlyMap<TheirId, TheirId> | undefined
  const sync: Sync = {
    isFull: last === null,
    async *read(resource, row) {
      const after = last?.read[resource] ?? '1'
      for await (const page of calls.pages(`sync/${resource}`, row, {
        filter: `Timestamp gt ${literal.int64(after)}`,
      })) {
        for (const { Timestamp } of page.rows as readonly { Timestamp: string }[])
          read[resource] = later(read[resource], Timestamp)
        read[resource] ??= after
        yield page
      }
    },
    owners: last?.owners && new Map(Object.entries(last.owners)),
    keepOwners(all) {
      owners = all.size <= mostOwners ? all : undefined
    },
    async gone() {
      // Nothing to take away when everything is read; the log is read from its beginning the next time.
      if (sync.isFull) return () => []
      const gone: z.output<typeof deleted>[] = []
      const after = last?.read.Deleted ?? '1'
      read.Deleted = after
      for await (const page of calls.pages('sync/Deleted', deleted, {
        filter: `Timestamp gt ${literal.int64(after)}`,
      })) {
        for (const row of page.rows) {
          read.Deleted = later(read.Deleted, row.Timestamp)
          gone.push(row)
        }
      }
      return (type) => gone.flatMap(({ EntityType, EntityKey }) => (EntityType === type ? [EntityKey] : []))
    },
    turns(on) {
      if (on !== undefined && on > today && (turnsOn === undefined || on < turnsOn)) turnsOn = on
    },
    mark: () =>
      JSON.stringify({
        read,
        moved,
        readOn: today,
        ...(turnsOn && { turnsOn }),
        ...(beside !== undefined && { beside }),
        ...(owners && { owners: Object.fromEntries(owners) }),
      } satisfies z.input<typeof storedMark>),
  }
  return sync
}

const later = (a: string | undefined, b: string): string => (a === undefined || BigInt(b) > BigInt(a) ? b : a)

function markFrom(text: string): z.output<typeof storedMark> | undefined {
  try {
    return storedMark.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function lastMove(calls: ExactCalls): Promise<string> {
  const [found] = await calls.all('system/Divisions', divisionMoves, { filter: `Code eq ${calls.division}` })
  // Not a move: without it the lists would be read anew, and come back empty.
  if (!found) throw new ProblemError({ kind: 'refused', code: 'administration-no-access' })
  return `${found.DivisionMoveDate ?? ''}/${found.DivisionHRLinkUnlinkDate ?? ''}`
}

/** Reads a noun that has row versions and a deletion log of its own. */
export function syncReads<S extends z.ZodObject<{ Timestamp: z.ZodType<string> }>, R, B>(of: {
  readonly calls: ExactCalls
  readonly resource: string
  readonly schema: S
  readonly deletedType: number
  /** What the rows also depend on, and its fingerprint. */
  readonly beside: () => Promise<{ readonly with: B; readonly fingerprint?: string }>
  readonly toRow: (found: z.output<S>, beside: B, today: CalendarDate) => R
  /** Days on which the row reads differently by itself. */
  readonly turnsOn?: (found: z.output<S>) => readonly (CalendarDate | undefined)[]
}): Reads<R> {
  return {
    async *changes(since): AsyncIterable<Page<R> | 'reset'> {
      const beside = await of.beside()
      const sync = await startSync(of.calls, since, beside.fingerprint)
      if (sync === 'reset') {
        yield 'reset'
        return
      }
      const gone = (await sync.gone())(of.deletedType)
      for await (const page of sync.read(of.resource, of.schema)) {
        for (const found of page.rows) for (const day of of.turnsOn?.(found) ?? []) sync.turns(day)
        const rows = page.rows.map((found) => of.toRow(found, beside.with, of.calls.today()))
        yield page.last ? { rows, gone, mark: sync.mark() } : { rows, gone: [] }
      }
    },
  }
}

/**
 * Reads a noun without row versions: always all of it. The mark holds what was there, so that what is missing
 * the next time is known to be gone. All of it gone at once may be a right that is missing: then it throws.
 */
export function wholeReads<R extends { readonly id: TheirId }>(
  calls: ExactCalls,
  endpoint: AskedList,
  list: () => Promise<readonly R[]>,
): Reads<R> {
  return {
    async *changes(since): AsyncIterable<Page<R> | 'reset'> {
      const before = since === null ? [] : idsIn(since)
      if (before === undefined) {
        yield 'reset'
        return
      }
      const rows = await list()
      if (rows.length === 0 && before.length > 0) await mustBeShown(calls, endpoint)
      const present = new Set(rows.map((row) => row.id))
      yield {
        rows,
        gone: before.filter((id) => !present.has(id)),
        mark: JSON.stringify([...present]),
        total: rows.length,
      }
    },
  }
}

function idsIn(mark: string): readonly TheirId[] | undefined {
  try {
    return z.array(z.string()).parse(JSON.parse(mark))
  } catch {
    return undefined
  }
}
