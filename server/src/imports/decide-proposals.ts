import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { holdSales } from '../connections/resume-sales.ts'
import type { Trx } from '../store/database.ts'
import { type CarefulField, type CarefulValue, carefulFields, carefulValueOf, columnsOf } from './differences.ts'
import { lockImports } from './take-over.ts'
import type { Ours } from './to-ours.ts'

interface Deciding {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Parameters<typeof holdSales>[1]
  readonly actor: { readonly memberId: string; readonly name: string }
  readonly requestId: string
  readonly now: Date
}

/** As a person saw it: one that was refreshed since is another proposal. */
export interface Seen {
  readonly id: string
  readonly version: number
}

export interface Decisions {
  readonly done: readonly string[]
  readonly leftOut: readonly { readonly id: string; readonly name: string; readonly problem: Problem }[]
}

interface Open {
  readonly id: string
  readonly customerId: string
  readonly field: CarefulField
  readonly theirs: CarefulValue
  readonly state: string
  readonly version: number
}

/** Takes over or turns down what the package proposes; what does not stand any more is left out and named. */
export async function decideProposals(
  call: Deciding,
  connectionId: string,
  accept: boolean,
  seen: readonly Seen[],
): Promise<Decisions> {
  const { trx, firmId } = call
  // Before the lane: whoever decides about one holds the imports already.
  await lockImports(call, connectionId)
  const resume = await holdSales(call, call.services)
  const ids = seen.map(({ id }) => id)
  const { rows } = await sql<Open>`
    select id, customer_id as "customerId", field, theirs, state, version from customer_proposal
    where firm_id = ${firmId} and connection_id = ${connectionId} and id = any(${ids}::uuid[]) order by id for update`.execute(
    trx,
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  const customers = await lockCustomers(
    call,
    rows.map(({ customerId }) => customerId),
  )
  const done: string[] = []
  const leftOut: Decisions['leftOut'][number][] = []
  // A VAT id before the VAT case that needs it.
  const inOrder = [...seen].sort((a, b) => placeOf(found.get(a.id)) - placeOf(found.get(b.id)))
  for (const { id, version } of inOrder) {
    const proposal = found.get(id)
    const customer = proposal && customers.get(proposal.customerId)
    const stands = proposal?.state === 'open' && proposal.version === version && customer && !customer.deletedAt
    const problem: Problem | null = !stands
      ? { kind: 'conflict', code: 'proposal-settled' }
      : accept
        ? whyNot(customer, proposal)
        : null
    if (problem || !proposal || !customer) {
      leftOut.push({
        id,
        name: customer?.name ?? '',
        problem: problem ?? { kind: 'conflict', code: 'proposal-settled' },
      })
      continue
    }
    customers.set(customer.id, await settle(call, customer, proposal, accept))
    done.push(id)
  }
  const changed = rows.filter(({ id }) => done.includes(id)).map(({ customerId }) => customerId)
  if (changed.length > 0) {
    await resume()
    await call.services.events.publish(trx, firmId, { topic: 'customers', ids: changed })
  }
  return { done, leftOut }
}

/** Of one: what stands in its way is thrown. */
export async function decideProposal(call: Deciding, connectionId: string, accept: boolean, seen: Seen): Promise<void> {
  const { leftOut } = await decideProposals(call, connectionId, accept, [seen])
  if (leftOut[0]) throw new ProblemError(leftOut[0].problem)
}

const placeOf = (proposal: Open | undefined): number => (proposal ? carefulFields.indexOf(proposal.field) : 0)

function whyNot({ name, vatId }: Ours, { field, theirs }: Open): Problem | null {
  if (field !== 'vatCase' || theirs !== 'eu-business' || vatId) return null
  return { kind: 'conflict', code: 'proposal-needs-vat-id', values: { customer: name } }
}

async function lockCustomers({ trx, firmId }: Deciding, ids: readonly string[]): Promise<Map<string, Ours>> {
  if (ids.length === 0) return new Map()
  await sql`select id from customer where firm_id = ${firmId} and id = any(${ids}::uuid[]) order by id for update`.execute(
    trx,
  )
  const rows = await trx
    .selectFrom('customer')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

async function settle(
  { trx, firmId, services, actor, requestId, now }: Deciding,
  customer: Ours,
  { id, field, theirs }: Open,
  accept: boolean,
): Promise<Ours> {
  // Who turns a VAT case down has confirmed the one that stands.
  const set: Partial<Ours> = {
    ...(accept ? columnsOf(field, theirs) : {}),
    ...(field === 'vatCase' ? { vatCaseConfirmed: true } : {}),
  }
  const isChanged = Object.keys(set).length > 0
  const after = { ...customer, ...set, ...(isChanged ? { version: customer.version + 1 } : {}) }
  if (isChanged)
    await trx
      .updateTable('customer')
      .set({ ...set, version: after.version, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', customer.id)
      .execute()
  await trx
    .updateTable('customerProposal')
    .set((row) => ({
      state: accept ? 'accepted' : 'rejected',
      decidedAt: now,
      decidedBy: actor.memberId,
      version: row('version', '+', 1),
    }))
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .execute()
  await trx
    .insertInto('history')
    .values({
      firmId,
      id: services.ids.next(),
      subjectKind: 'customer',
      subjectId: customer.id,
      act: accept ? 'import-accepted' : 'import-rejected',
      before: JSON.stringify({ [field]: carefulValueOf(customer, field) }),
      after: JSON.stringify({ [field]: theirs }),
      actorId: actor.memberId,
      actorName: actor.name,
      requestId,
      at: now,
    })
    .execute()
  return after
}
