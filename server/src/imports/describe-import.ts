import type { importConflict, proposal } from '@uurwerk/api/imports.ts'
import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { namedRows } from '../connections/package-rows.ts'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { ConflictState } from './conflicts.ts'
import type { CarefulField, CarefulValue } from './differences.ts'
import { carefulWords, explainReason, likenessWords } from './explain-row.ts'
import type { Candidate, ConflictReason } from './judge.ts'

export type ConflictAnswer = z.input<typeof importConflict>
export type ProposalAnswer = z.input<typeof proposal>

interface Reading {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Services
  readonly language: Language
}

export interface StoredConflictRow {
  readonly id: string
  readonly connectionId: string
  readonly package: string
  readonly theirId: string
  readonly theirCode: string
  readonly theirName: string
  readonly reason: ConflictReason
  readonly values: Readonly<Record<string, string>>
  readonly candidates: readonly Candidate[]
  readonly state: ConflictState
  readonly openedAt: Date
  readonly settledAt: Date | null
  readonly settledBy: string | null
  readonly version: number
}

/** The columns that `describeConflicts` tells from; `c` is the conflict, `k` its connection, `m` who settled it. */
export const conflictColumns = sql`c.id, c.connection_id as "connectionId", k.package, c.their_id as "theirId",
  c.their_code as "theirCode", c.their_name as "theirName", c.reason, c."values", c.candidates, c.state,
  c.opened_at as "openedAt", c.settled_at as "settledAt", m.name as "settledBy", c.version`
export const conflictSource = sql`import_conflict c
  join connection k on k.firm_id = c.firm_id and k.id = c.connection_id
  left join member m on m.firm_id = c.firm_id and m.id = c.settled_by`

interface Candidating {
  readonly id: string
  readonly number: string | null
  readonly name: string
  readonly city: string | null
  readonly vatId: string | null
  readonly kvk: string | null
  readonly email: string | null
}

/** A page of conflicts of one connection, with who each may be as it stands now. */
export async function describeConflicts(
  { trx, firmId, services, language }: Reading,
  rows: readonly StoredConflictRow[],
): Promise<ConflictAnswer[]> {
  const [first] = rows
  if (!first) return []
  const theirs = await namedRows(
    { trx, firmId },
    first.connectionId,
    'customers',
    rows.map(({ theirId }) => theirId),
  )
  const ids = rows.flatMap(({ candidates }) => candidates.map(({ customerId }) => customerId))
  const people = await sql<Candidating>`
    select id, number, name, visit_address ->> 'city' as city, vat_id as "vatId", kvk, email from customer
    where firm_id = ${firmId} and id = any(${ids}::uuid[]) and deleted_at is null`.execute(trx)
  const byId = new Map(people.rows.map((row) => [row.id, row]))
  return rows.map((row) => {
    const { id, connectionId, reason, state, openedAt, settledAt, settledBy, version } = row
    const known: Partial<CustomerRow> = theirs.get(row.theirId) ?? {}
    const candidates = row.candidates.flatMap(({ customerId, why }) => {
      const person = byId.get(customerId)
      return person ? [{ ...person, why: likenessWords(language, why), consequence: null as string | null }] : []
    })
    return {
      id,
      connectionId,
      packageName: services.connections.connectorOf(row.package).manifest.name,
      theirs: {
        code: row.theirCode,
        name: row.theirName,
        city: known.address?.city ?? null,
        country: known.country ?? known.address?.country ?? null,
        vatId: known.vatId ?? null,
        kvk: known.kvk ?? null,
        email: known.email ?? null,
      },
      reason,
      text: explainReason(language, reason, {
        ...row.values,
        why: row.candidates[0]?.why.join(',') ?? '',
      }),
      candidates: candidates.map((one) => ({
        ...one,
        consequence: consequenceOf(language, one, candidates, row.theirCode),
      })),
      mayBeNew: !candidates.some(({ number }) => number !== null && number === row.theirCode),
      needs: reason === 'no-country' ? ['country', 'vatCase'] : reason === 'vat-case-unclear' ? ['vatCase'] : [],
      state,
      openedAt: openedAt.toISOString(),
      settledAt: settledAt?.toISOString() ?? null,
      settledBy,
      version,
    }
  })
}

/** What it does to the others when it is this one. */
function consequenceOf(
  language: Language,
  chosen: Candidating,
  all: readonly Candidating[],
  number: string,
): string | null {
  const loser = all.find((one) => one.id !== chosen.id && one.number === number)
  if (loser) return say(language, 'import.consequence.number', { other: loser.name, number })
  if (chosen.number !== null && chosen.number !== number)
    return say(language, 'import.consequence.other-number', { before: chosen.number, number })
  return null
}

export interface StoredProposalRow {
  readonly id: string
  readonly connectionId: string
  readonly package: string
  readonly customerId: string
  readonly number: string | null
  readonly name: string
  readonly field: CarefulField
  readonly ours: CarefulValue | null
  readonly theirs: CarefulValue
  readonly state: ProposalAnswer['state']
  readonly openedAt: Date
  readonly decidedAt: Date | null
  readonly decidedBy: string | null
  readonly version: number
}

export const proposalColumns = sql`p.id, p.connection_id as "connectionId", k.package, c.id as "customerId", c.number, c.name,
  p.field, p.ours, p.theirs, p.state, p.opened_at as "openedAt", p.decided_at as "decidedAt", m.name as "decidedBy", p.version`
export const proposalSource = sql`customer_proposal p
  join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
  join customer c on c.firm_id = p.firm_id and c.id = p.customer_id
  left join member m on m.firm_id = p.firm_id and m.id = p.decided_by`

export function describeProposal(
  { services, language }: Pick<Reading, 'services' | 'language'>,
  row: StoredProposalRow,
): ProposalAnswer {
  const {
    id,
    connectionId,
    customerId,
    number,
    name,
    field,
    ours,
    theirs,
    state,
    openedAt,
    decidedAt,
    decidedBy,
    version,
  } = row
  return {
    id,
    connectionId,
    packageName: services.connections.connectorOf(row.package).manifest.name,
    customer: { id: customerId, number, name },
    field,
    ours: carefulWords(language, field, ours),
    theirs: carefulWords(language, field, theirs) ?? '',
    state,
    openedAt: openedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy,
    version,
  }
}
