import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import type { VatCase } from '@uurwerk/core/invoicing/vat-cases.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { namedRows, rowsOf } from '../connections/package-rows.ts'
import type { ConnectionAt } from '../connections/service.ts'
import { wrongField } from '../http/problems.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import type { Candidate } from './judge.ts'
import { type Taking, takeOver } from './take-over.ts'
import { toOurs } from './to-ours.ts'
import { rememberImported, valuesOf, writeCustomers } from './write-customers.ts'

export interface Resolving {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Services
  readonly connection: ConnectionAt
  readonly by: { readonly memberId: string; readonly name: string }
  readonly now: Date
}

export interface ConflictAt {
  readonly theirId: string
  readonly theirName: string
  readonly candidates: readonly Candidate[]
}

export type Choice =
  | { readonly as: 'customer'; readonly customerId: string }
  | { readonly as: 'new'; readonly vatCase?: VatCase; readonly country?: string }

interface Person {
  readonly id: string
  readonly name: string
  readonly number: string | null
  readonly theirId: string | null
}

/** Carries out what a person decided, as the import would have done had it known. Answers the customer it came to. */
export async function carryOut(call: Resolving, conflict: ConflictAt, choice: Choice): Promise<string> {
  const { trx, firmId, connection } = call
  const kept = (await namedRows({ trx, firmId }, connection.id, 'customers', [conflict.theirId])).get(conflict.theirId)
  if (!kept || kept.isGone)
    throw new ProblemError({
      kind: 'conflict',
      code: 'import-conflict-gone',
      values: { name: conflict.theirName, package: packageNameOf(call) },
    })
  const people = await lockPeople(call, kept, choice.as === 'customer' ? choice.customerId : null)
  return choice.as === 'new' ? makeNew(call, kept, people, choice) : linkTo(call, kept, people, choice, conflict)
}

const packageNameOf = ({ services, connection }: Resolving): string =>
  services.connections.connectorOf(connection.package).manifest.name

/** Everybody it touches: the chosen one, who has the number here, and who is linked to it. */
async function lockPeople(
  { trx, firmId, connection }: Resolving,
  row: CustomerRow,
  chosenId: string | null,
): Promise<readonly Person[]> {
  const { rows } = await sql<Person>`
    select c.id, c.name, c.number, l.their_id as "theirId" from customer c
    left join link l on l.firm_id = c.firm_id and l.connection_id = ${connection.id} and l.noun = 'customer' and l.our_id = c.id
    where c.firm_id = ${firmId} and c.deleted_at is null
      and (c.id = ${chosenId} or (c.number = ${row.code} and ${row.code} <> '') or l.their_id = ${row.id})
    order by c.id for update of c`.execute(trx)
  return rows
}

async function makeNew(
  call: Resolving,
  row: CustomerRow,
  people: readonly Person[],
  choice: Extract<Choice, { as: 'new' }>,
): Promise<string> {
  const { trx, firmId, services, connection, by, now } = call
  const holder = people.find(({ number }) => number === row.code)
  if (holder)
    throw new ProblemError({
      kind: 'conflict',
      code: 'import-conflict-not-new',
      values: { number: row.code, customer: holder.name },
    })
  const terms = new Map((await rowsOf({ trx, firmId }, connection.id, 'paymentTerms')).map((term) => [term.id, term]))
  const known = toOurs(row, connection.firmCountry, terms)
  const country = known.fields.country ?? choice.country
  if (!country) throw wrongField('/country', 'required')
  const taken = known.fields.country ? known : toOurs({ ...row, country }, connection.firmCountry, terms)
  const vatCase = choice.vatCase ?? taken.vatCase
  if (!vatCase) throw wrongField('/vatCase', 'required')
  if (vatCase === 'eu-business' && !taken.careful.vatId) throw wrongField('/vatCase', 'vat-id-needed')
  const made = {
    id: services.ids.next(),
    row,
    taken,
    country,
    vatCase,
    vatCaseConfirmed: choice.vatCase !== undefined,
  }
  const written = {
    created: [made],
    changed: [],
    links: [{ ourId: made.id, theirId: row.id, theirCode: row.code }],
    inactive: [],
  }
  await writeCustomers({ trx, firmId, connectionId: connection.id, currency: connection.currency, now }, written)
  const line = { id: services.ids.next(), customerId: made.id, act: 'imported' as const, before: null }
  await rememberImported({ trx, firmId }, [{ ...line, after: valuesOf(made, connection.currency) }], {
    ...by,
    why: packageNameOf(call),
    at: now,
  })
  return made.id
}

/** It is this one of ours: linked to it from now on, and to nothing else; whoever else had its number has none. */
async function linkTo(
  call: Resolving,
  row: CustomerRow,
  people: readonly Person[],
  { customerId }: Extract<Choice, { as: 'customer' }>,
  conflict: ConflictAt,
): Promise<string> {
  const { trx, firmId, services, connection, by, now } = call
  const chosen = people.find(({ id }) => id === customerId)
  if (!chosen) throw wrongField('/customerId', 'customer-unknown')
  const isCandidate = conflict.candidates.some((one) => one.customerId === customerId)
  if (chosen.theirId && chosen.theirId !== row.id && !isCandidate)
    throw wrongField('/customerId', 'customer-linked-there', { customer: chosen.name })
  const others = people.filter(({ id }) => id !== customerId)
  for (const other of others) {
    if (other.theirId === row.id)
      await sql`delete from link where firm_id = ${firmId} and connection_id = ${connection.id} and noun = 'customer'
        and our_id = ${other.id}`.execute(trx)
    if (row.code !== '' && other.number === row.code)
      await sql`update customer set number = null, version = version + 1, updated_at = ${now}
        where firm_id = ${firmId} and id = ${other.id}`.execute(trx)
  }
  await writeCustomers(
    { trx, firmId, connectionId: connection.id, currency: connection.currency, now },
    { created: [], changed: [], links: [{ ourId: customerId, theirId: row.id, theirCode: row.code }], inactive: [] },
  )
  // A number we lack is given whichever side leads.
  if (chosen.number === null && row.code !== '')
    await sql`update customer set number = ${row.code}, version = version + 1, updated_at = ${now}
      where firm_id = ${firmId} and id = ${customerId}`.execute(trx)
  const line = (id: string, before: unknown, after: unknown) => ({
    id: services.ids.next(),
    customerId: id,
    act: 'import-linked' as const,
    before,
    after,
  })
  await rememberImported(
    { trx, firmId },
    [
      line(customerId, { number: chosen.number }, { number: row.code }),
      ...others.map(({ id, number }) => line(id, { number }, { number: number === row.code ? null : number })),
    ],
    { ...by, why: packageNameOf(call), at: now },
  )
  const taking: Taking = { services, firmId, connection, createdBy: by }
  await takeOver(trx, taking, [row])
  return customerId
}
