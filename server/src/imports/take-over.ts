import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { RowResult, RunningAtPackage, TaskRowDetails } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'
import { busyCustomers } from './busy-customers.ts'
import { isLeft, type Met, putConflicts, readConflicts, type StoredConflict } from './conflicts.ts'
import { type CarefulChange, columnsOf, type Differences, differences, textOf } from './differences.ts'
import { type Conflict, type ConflictReason, type Inactive, type Judged, judge } from './judge.ts'
import { type Known, readKnown } from './known-customers.ts'
import { isRejected, type Proposed, putProposals, readStanding, type Standing, standingKey } from './proposals.ts'
import { type Ours, type Taken, toOurs } from './to-ours.ts'
import {
  type ChangedCustomer,
  type NewCustomer,
  type NewLink,
  type Remembered,
  rememberImported,
  valuesOf,
  writeCustomers,
} from './write-customers.ts'

export type Leader = 'package' | 'uurwerk'

/** Who takes over: an import, or a person who decides about one row. */
export type Taking = Pick<RunningAtPackage, 'services' | 'firmId' | 'connection' | 'createdBy'>

/** Before anything of a connection's customers is decided: an import and a person do not do it at the same moment. */
export const lockImports = ({ trx, firmId }: InFirm, connectionId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`imports ${firmId} ${connectionId}`}, 0))`.execute(trx)

export async function leaderOf({ firmId, connection }: Taking, trx: Trx): Promise<Leader> {
  const { leader } = await trx
    .selectFrom('connection')
    .select('leader')
    .where('firmId', '=', firmId)
    .where('id', '=', connection.id)
    .executeTakeFirstOrThrow()
  return leader as Leader
}

/** Rows of the package as far as they are known to be whose, and what is to be done about each. */
interface Compared {
  readonly row: CustomerRow
  readonly taken: Taken
  readonly judged: Judged
  /** Of one of ours alone. */
  readonly differs?: Differences
}

/**
 * Takes rows of the package over, all in the caller's transaction and with a number of statements that does not grow
 * with them. Doing it twice with the same rows does nothing the second time.
 */
export async function takeOver(trx: Trx, running: Taking, rows: readonly CustomerRow[]): Promise<readonly RowResult[]> {
  if (rows.length === 0) return []
  const { services, firmId, connection, createdBy } = running
  const firm = { trx, firmId, services }
  await lockImports(firm, connection.id)
  const known = await readKnown(firm, connection.id, rows)
  const leader = await leaderOf(running, trx)
  const stored = await readConflicts(
    firm,
    connection.id,
    rows.map(({ id }) => id),
  )
  const compared = compareAll(rows, known, connection.firmCountry)
  const ourIds = compared.flatMap(({ judged }) => ('ours' in judged && judged.ours ? [judged.ours.id] : []))
  const standing = await readStanding(firm, connection.id, ourIds)
  const careful = compared.flatMap(({ judged, differs }) =>
    judged.is === 'ours' && differs && differs.careful.length > 0 ? [judged.ours.id] : [],
  )
  const now = services.clock.now()
  const busy = await busyCustomers(firm, careful, dateIn(connection.timeZone, now))

  const page = new Page({ known, stored, standing, busy, leader, running })
  for (const one of compared) page.take(one)
  await writeCustomers({ ...firm, connectionId: connection.id, currency: connection.currency, now }, page.written)
  await putProposals(firm, connection.id, ourIds, page.proposed)
  await putConflicts(firm, connection.id, { met: page.met, passed: page.passed })
  await rememberImported(firm, page.remembered, {
    ...createdBy,
    why: services.connections.connectorOf(connection.package).manifest.name,
    at: now,
  })
  return page.results
}

/** Who is linked comes first, so that a second one with the same number is the one that waits. */
function compareAll(rows: readonly CustomerRow[], known: Known, firmCountry: string): readonly Compared[] {
  const taken = new Set<string>()
  const inOrder = [...rows].sort((a, b) => Number(known.byTheirId.has(b.id)) - Number(known.byTheirId.has(a.id)))
  const compared = new Map<string, Compared>()
  for (const row of inOrder) {
    const theirs = toOurs(row, firmCountry, known.terms)
    let judged = judge(row, known)
    if (judged.is === 'ours' || judged.is === 'new') {
      if (judged.is === 'new' || judged.by !== 'link') {
        if (taken.has(row.code)) judged = numberTwice(row, known.byNumber.get(row.code))
        else if (judged.is === 'new') judged = whyNotNew(theirs, row) ?? judged
      }
      taken.add(row.code)
    }
    const differs = judged.is === 'ours' ? differences(judged.ours, theirs, { firmCountry }) : undefined
    compared.set(row.id, { row, taken: theirs, judged, ...(differs ? { differs } : {}) })
  }
  return rows.flatMap(({ id }) => compared.get(id) ?? [])
}

const numberTwice = ({ code, name }: CustomerRow, ours: Ours | undefined): Judged => ({
  is: 'conflict',
  conflict: {
    reason: 'number-twice',
    values: { ours: ours?.name ?? name, number: code },
    candidates: ours ? [{ customerId: ours.id, why: ['number'] }] : [],
  },
})

/** Without these no customer can be made; a person can say them. */
function whyNotNew({ fields, vatCase }: Taken, { code }: CustomerRow): Judged | undefined {
  const asking = (reason: ConflictReason): Judged => ({
    is: 'conflict',
    conflict: { reason, values: { number: code }, candidates: [] },
  })
  return fields.country ? (vatCase ? undefined : asking('vat-case-unclear')) : asking('no-country')
}

interface Around {
  readonly known: Known
  readonly stored: ReadonlyMap<string, StoredConflict>
  readonly standing: Standing
  readonly busy: ReadonlySet<string>
  readonly leader: Leader
  readonly running: Taking
}

/** Gathers what a page of rows comes to; nothing is written before all of it is known. */
class Page {
  readonly #around: Around
  readonly written = {
    created: [] as NewCustomer[],
    changed: [] as ChangedCustomer[],
    links: [] as NewLink[],
    inactive: [] as { ourId: string; reason: Inactive | null }[],
  }
  readonly proposed: Proposed[] = []
  readonly met: Met[] = []
  readonly passed: string[] = []
  readonly remembered: Remembered[] = []
  readonly results: RowResult[] = []

  constructor(around: Around) {
    this.#around = around
  }

  take(compared: Compared): void {
    const { row, judged } = compared
    if (judged.is === 'conflict') {
      this.#conflict(row, judged.conflict)
      return
    }
    if (this.#around.stored.has(row.id)) this.passed.push(row.id)
    if (judged.is === 'skipped') {
      const { reason, ours } = judged
      this.#say(row, 'skipped', { reason, ...(ours ? { subjectId: ours.id } : {}) })
    } else if (judged.is === 'inactive') this.#inactive(row, judged.ours, judged.reason)
    else if (judged.is === 'new') this.#create(compared)
    else this.#compare(compared, judged)
  }

  #conflict(row: CustomerRow, conflict: Conflict): void {
    const { reason, values, candidates } = conflict
    const [first] = candidates
    const details = {
      values: { ...values, ...(first ? { why: first.why.join(',') } : {}) },
      ...(first ? { subjectId: first.customerId } : {}),
    }
    if (isLeft(this.#around.stored.get(row.id), conflict)) {
      this.#say(row, 'skipped', { reason: 'left-alone', ...details })
      return
    }
    this.met.push({ row, conflict })
    this.#say(row, 'conflict', { reason, ...details })
  }

  #say(row: CustomerRow, outcome: RowResult['outcome'], details: TaskRowDetails): void {
    const label = row.code ? `${row.code} ${row.name}` : row.name
    this.results.push({ subject: row.id, label, outcome, details })
  }

  #remember(customerId: string, act: Remembered['act'], before: unknown, after: unknown): void {
    const { ids } = this.#around.running.services
    this.remembered.push({ id: ids.next(), customerId, act, before, after })
  }

  /** Kept here and marked: it may be invoiced no more there, and comes back when it comes back. */
  #inactive(row: CustomerRow, ours: Ours, reason: Inactive): void {
    const before = this.#around.known.linkOf.get(ours.id)?.inactive ?? null
    if (before === reason) {
      this.#say(row, 'skipped', { reason, subjectId: ours.id })
      return
    }
    this.written.inactive.push({ ourId: ours.id, reason })
    this.#remember(ours.id, 'import-inactive', null, { reason })
    this.#say(row, 'inactive', { reason, subjectId: ours.id })
  }

  #create({ row, taken }: Compared): void {
    const { services, connection } = this.#around.running
    const { country } = taken.fields
    const { vatCase } = taken
    if (!country || !vatCase) return
    const made: NewCustomer = { id: services.ids.next(), row, taken, country, vatCase }
    this.written.created.push(made)
    this.written.links.push({ ourId: made.id, theirId: row.id, theirCode: row.code })
    this.#remember(made.id, 'imported', null, valuesOf(made, connection.currency))
    this.#say(row, 'created', { subjectId: made.id, ...notesOf(taken) })
  }

  #compare({ row, taken, differs }: Compared, { ours, by }: Extract<Judged, { is: 'ours' }>): void {
    const { known, leader } = this.#around
    const { set, changes, proposed } = leader === 'package' && differs ? this.#decide(ours, differs) : nothing
    if (changes.length > 0) {
      this.written.changed.push({ ours, set })
      const side = (of: 'from' | 'to') => Object.fromEntries(changes.map((change) => [change.field, change[of]]))
      this.#remember(ours.id, 'import-changed', side('from'), side('to'))
    }
    this.proposed.push(
      ...proposed.map(({ field, from, to }) => ({ customerId: ours.id, field, ours: from, theirs: to })),
    )
    const held = known.linkOf.get(ours.id)
    if (by !== 'link' || held?.theirCode !== row.code) {
      this.written.links.push({ ourId: ours.id, theirId: row.id, theirCode: row.code })
      if (by !== 'link')
        this.#remember(ours.id, 'import-linked', held ? { number: held.theirCode } : null, { number: row.code })
    }
    const inactive = by === 'link' ? (held?.inactive ?? null) : null
    const reason = row.isBlocked ? 'blocked' : null
    if (inactive !== reason) {
      this.written.inactive.push({ ourId: ours.id, reason })
      this.#remember(ours.id, reason ? 'import-inactive' : 'import-back', null, { reason: reason ?? inactive })
    } else if (by === 'link' && held?.theirCode !== row.code && inactive)
      this.written.inactive.push({ ourId: ours.id, reason: inactive })
    const outcome =
      reason && inactive !== reason
        ? 'inactive'
        : changes.length > 0 || inactive !== reason
          ? 'updated'
          : proposed.length > 0
            ? 'conflict'
            : 'unchanged'
    this.#say(row, outcome, {
      subjectId: ours.id,
      ...notesOf(taken),
      ...(changes.length > 0 ? { fields: changes.map(({ field }) => field) } : {}),
      ...(proposed.length > 0
        ? { proposed: proposed.map(({ field, from, to }) => ({ field, ours: textOf(from), theirs: textOf(to) })) }
        : {}),
      ...(outcome === 'conflict' ? { reason: 'proposed' } : {}),
      ...(outcome === 'inactive' && reason ? { reason } : {}),
      ...(inactive && !reason ? { reason: 'back' } : {}),
      ...(by !== 'link' && outcome !== 'conflict' && outcome !== 'inactive' ? { reason: 'linked' } : {}),
    })
  }

  /** What is applied, and what only stands as a proposal. What a person said no to is neither. */
  #decide(ours: Ours, { plain, careful, vatCase }: Differences): Decided {
    const { busy, standing } = this.#around
    const wanted = careful.filter(({ field, to }) => !isRejected(standing, ours.id, field, to))
    const proposed = wanted.filter(({ isDecided }) => isDecided || busy.has(ours.id))
    const applied = wanted.filter((change) => !proposed.includes(change))
    // What it was derived from is ours by now; the proposal stands until a person says so.
    const open = standing.open.get(standingKey(ours.id, 'vatCase'))?.theirs
    const kept: readonly CarefulChange[] =
      ours.vatCaseConfirmed && vatCase && vatCase === open && open !== ours.vatCase
        ? [{ field: 'vatCase', from: ours.vatCase, to: vatCase, isDecided: true }]
        : []
    const stand = proposed.some(({ field }) => field === 'vatCase') ? proposed : [...proposed, ...kept]
    return {
      changes: [...plain, ...applied],
      proposed: stand,
      set: Object.assign(
        {},
        ...plain.map(({ field, to }) => ({ [field]: to })),
        ...applied.map(({ field, to }) => columnsOf(field, to)),
      ),
    }
  }
}

interface Decided {
  readonly set: Partial<Ours>
  readonly changes: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[]
  readonly proposed: readonly CarefulChange[]
}
const nothing: Decided = { set: {}, changes: [], proposed: [] }

const notesOf = ({ notes }: Taken): Pick<TaskRowDetails, 'notes'> => (notes.length > 0 ? { notes } : {})
