import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import type { PeriodRow } from '@uurwerk/connectors/contract/rows.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { holdCustomer } from './customer-number.ts'
import { Outbox } from './decide.ts'
import { type Engine, findConnection, tell } from './engine.ts'
import { allowProbes, lockLanes, makeDue } from './lane-due.ts'
import { forgetParts } from './long-bytes.ts'
import { type Choices, hangingKinds, type Posting, type PostingState } from './posting.ts'
import { addSteps, type Firm, findPostings, lockPostings } from './posting-rows.ts'
import { releaseDependants } from './remember.ts'

/** What a person does with postings; each in the caller's transaction. */
export type Acting = Pick<Engine, 'clock' | 'ids' | 'random' | 'wake' | 'notify' | 'customerLinked' | 'told'> & {
  readonly by: string | null
  readonly why?: string
}

const canBeSentAgain: readonly PostingState[] = ['refused', 'blocked', 'needs-person']
/** Certainly not on their way. */
export const canBeDiscarded: readonly PostingState[] = ['waiting', 'refused', 'blocked', 'needs-person']

const conflict = (code: string, posting: Posting): ProblemError =>
  new ProblemError({ kind: 'conflict', code, values: { state: posting.state, label: posting.label } })

/**
 * Refused, blocked or left to a person: once more, drafted anew from what stands here now. What is in doubt is looked
 * for first. Postings in another state stay as they are and are not returned.
 */
export async function sendAgain(
  firm: Firm,
  acting: Acting,
  asked: { readonly ids: readonly string[]; readonly bookIn?: string },
): Promise<readonly string[]> {
  const now = acting.clock.now()
  const sent: Posting[] = []
  for (const posting of await lockInLanes(firm, asked.ids)) {
    if (!canBeSentAgain.includes(posting.state)) continue
    const choices: Choices = { ...posting.choices, ...(asked.bookIn ? { bookIn: asked.bookIn } : {}) }
    await comeAfterCustomer(firm, acting, posting)
    await goOn(firm, posting, choices, now)
    sent.push(posting)
  }
  await close(firm, acting, sent, {
    what: 'sent-again',
    ...(asked.bookIn ? { details: { bookIn: asked.bookIn } } : {}),
  })
  return sent.map(({ id }) => id)
}

/** The customer's own posting may have been given up since: an entry needs one before it. */
async function comeAfterCustomer(firm: Firm, acting: Acting, posting: Posting): Promise<void> {
  if ((posting.kind !== 'salesEntry' && posting.kind !== 'salesInvoice') || !posting.customerId) return
  const connection = await findConnection(firm, posting.connectionId)
  if (!connection?.laneKey) return
  const { trx, firmId } = firm
  const customer = await trx
    .selectFrom('customer')
    .select('name')
    .where('firmId', '=', firmId)
    .where('id', '=', posting.customerId)
    .executeTakeFirst()
  const outbox = new Outbox(firm, connection, acting)
  const before = await outbox.customerBefore(posting.customerId, customer?.name ?? posting.label)
  await outbox.close()
  if (!before || before === posting.afterId) return
  await sql`update posting set after_id = ${before} where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
}

/** To the books again: what is in doubt is looked for, everything else is sent. */
async function goOn({ trx, firmId }: Firm, posting: Posting, choices: Choices, now: Date): Promise<void> {
  const isInDoubt = posting.doubtAt !== null && posting.attemptId !== null
  const numberIsTaken = posting.problem?.code === 'number-taken' && !isInDoubt
  await sql`
    update posting p set state = ${isInDoubt ? 'checking' : 'waiting'}, looks = 0,
      doubt_at = ${isInDoubt ? now : null}, found = null, choices = ${JSON.stringify(choices)}::jsonb, held_by = null,
      number_reserved = case when ${numberIsTaken} then null else number_reserved end,
      due_at = case when ${!isInDoubt} and exists (select 1 from posting b where b.firm_id = p.firm_id and b.id = p.after_id
        and b.state not in ('posted', 'discarded')) then null else ${now}::timestamptz end,
      updated_at = ${now}, version = version + 1
    where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
}

/**
 * Gives up a posting that is certainly not on its way; its document can be posted anew. It is locked before anything
 * is looked for behind it: whoever decides what comes after it holds it too.
 */
export async function discard(firm: Firm, acting: Acting, id: string): Promise<void> {
  const posting = await getPosting(firm, id)
  if (!canBeDiscarded.includes(posting.state)) throw conflict('posting-not-discardable', posting)
  const credit = await creditBehind(firm, id)
  if (credit)
    throw new ProblemError({
      kind: 'conflict',
      code: 'credit-note-waits',
      values: { label: posting.label, credit },
    })
  const now = acting.clock.now()
  await sql`
    update posting set state = 'discarded', due_at = null, held_by = null, settled_at = ${now}, updated_at = ${now}, version = version + 1
    where firm_id = ${firm.firmId} and id = ${id}`.execute(firm.trx)
  const hanging = await discardHanging(firm, id, now)
  const given = [posting, ...hanging]
  await forgetParts(
    firm,
    given.map((one) => one.id),
  )
  const { by, why } = acting
  for (const one of given) await tell(acting, firm, { posting: one, is: 'discarded', by, why, now })
  await releaseDependants(firm, id, now)
  await close(firm, acting, given, { what: 'discarded' })
}

/** A credit note that takes this back must not reach the books alone: its number, when one is on its way. */
async function creditBehind({ trx, firmId }: Firm, entryId: string): Promise<string | undefined> {
  const found = await trx
    .selectFrom('posting')
    .select('label')
    .where('firmId', '=', firmId)
    .where('afterId', '=', entryId)
    .where('kind', '=', 'salesEntry')
    .where('state', 'not in', ['posted', 'discarded'])
    .executeTakeFirst()
  return found?.label
}

/** A file belongs to its document, that to its entry, a printing to its invoice: without that they go nowhere. */
async function discardHanging(firm: Firm, id: string, now: Date): Promise<readonly Posting[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive hanging as (
      select id from posting
      where firm_id = ${firm.firmId} and after_id = ${id} and kind = any(${[...hangingKinds]}::text[]) and state = any(${[...canBeDiscarded]}::text[])
      union all
      select p.id from posting p join hanging h on p.after_id = h.id
      where p.firm_id = ${firm.firmId} and p.kind = any(${[...hangingKinds]}::text[]) and p.state = any(${[...canBeDiscarded]}::text[]))
    select id from hanging`.execute(firm.trx)
  const hanging = await lockPostings(
    firm,
    rows.map((row) => row.id),
  )
  await sql`
    update posting set state = 'discarded', due_at = null, held_by = null, settled_at = ${now}, updated_at = ${now}, version = version + 1
    where firm_id = ${firm.firmId} and id = any(${hanging.map((posting) => posting.id)}::uuid[])`.execute(firm.trx)
  return hanging
}

/** A person says which of the found documents it is, or that it is none of them. */
export async function resolve(
  firm: Firm,
  acting: Acting,
  asked: { readonly id: string } & ({ readonly adopt: string } | { readonly noneOfThese: true }),
): Promise<void> {
  const posting = await getPosting(firm, asked.id)
  if (posting.state !== 'needs-person') throw conflict('posting-needs-nobody', posting)
  const found = posting.found ?? []
  if ('noneOfThese' in asked) {
    const notOurs = [...new Set([...(posting.choices.notOurs ?? []), ...found.map(({ id }) => id)])]
    await goOn(firm, posting, { ...posting.choices, notOurs }, acting.clock.now())
    return close(firm, acting, [posting], { what: 'none-of-these', details: { notOurs } })
  }
  const receipt = found.find(({ id }) => id === asked.adopt)
  if (!receipt)
    throw new ProblemError({
      kind: 'input',
      code: 'receipt-unknown',
      fields: [{ pointer: '/adopt', code: 'receipt-unknown' }],
    })
  await adopt(firm, acting, posting, receipt)
  await tell(acting, firm, { posting, is: 'posted', receipt, by: acting.by, now: acting.clock.now() })
  await close(firm, acting, [posting], { what: 'adopted-by-person', details: { receipt } })
}

async function adopt(firm: Firm, acting: Acting, posting: Posting, receipt: Receipt): Promise<void> {
  const { trx, firmId } = firm
  const now = acting.clock.now()
  if (posting.kind === 'customer') await linkCustomer(firm, acting, posting, receipt, now)
  await sql`
    update posting set state = 'posted', due_at = null, problem = null, doubt_at = null, looks = 0, found = null,
      receipt = ${JSON.stringify(receipt)}::jsonb, their_id = ${receipt.id}, their_number = ${receipt.number ?? null},
      url = ${receipt.url ?? null}, their_gross = ${receipt.gross ?? null}::numeric, adopted = true,
      differs = coalesce(${receipt.gross ?? null}::numeric <> gross, false),
      settled_at = ${now}, updated_at = ${now}, version = version + 1
    where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
  await forgetParts(firm, [posting.id])
  await releaseDependants(firm, posting.id, now)
}

async function linkCustomer(firm: Firm, acting: Acting, posting: Posting, receipt: Receipt, now: Date): Promise<void> {
  const { trx, firmId } = firm
  await holdCustomer(firm, posting.subjectId)
  const { rows } = await sql<{ ourId: string }>`
    insert into link (firm_id, connection_id, noun, our_id, their_id, their_code, created_at)
    values (${firmId}, ${posting.connectionId}, 'customer', ${posting.subjectId}, ${receipt.id}, ${receipt.number ?? null}, ${now})
    on conflict do nothing returning our_id as "ourId"`.execute(trx)
  if (rows.length === 0) throw conflict('customer-linked-elsewhere', posting)
  if (receipt.number !== undefined)
    await acting.customerLinked(firm, { customerId: posting.subjectId, theirCode: receipt.number, at: now })
}

async function lockInLanes(firm: Firm, ids: readonly string[]): Promise<readonly Posting[]> {
  await lockLanes(firm.trx, [...new Set((await findPostings(firm, ids)).map(({ laneKey }) => laneKey))])
  return lockPostings(firm, ids)
}

async function getPosting(firm: Firm, id: string): Promise<Posting> {
  const [posting] = await lockInLanes(firm, [id])
  if (!posting) throw new ProblemError({ kind: 'missing', code: 'posting-unknown' })
  return posting
}

async function close(
  firm: Firm,
  acting: Acting,
  postings: readonly Posting[],
  step: { readonly what: string; readonly details?: Readonly<Record<string, unknown>> },
): Promise<void> {
  if (postings.length === 0) return
  const now = acting.clock.now()
  const details = {
    ...step.details,
    ...(acting.by ? { by: acting.by } : {}),
    ...(acting.why ? { why: acting.why } : {}),
  }
  await addSteps(
    firm,
    { ids: acting.ids, at: now },
    postings.map(({ id }) => ({ postingId: id, what: step.what, details })),
  )
  for (const connectionId of new Set(postings.map((posting) => posting.connectionId))) {
    const ofConnection = postings.filter((posting) => posting.connectionId === connectionId)
    const laneKey = (await findConnection(firm, connectionId))?.laneKey ?? ofConnection[0]?.laneKey ?? ''
    await allowProbes(firm.trx, laneKey, [...new Set(ofConnection.map(({ kind }) => kind))], now)
    await makeDue(firm.trx, { laneKey, firmId: firm.firmId, connectionId }, now)
    await acting.wake(firm.trx, laneKey)
  }
  await acting.notify(
    firm.trx,
    firm.firmId,
    postings.map(({ id }) => id),
  )
}

/** The first period, from the one of `date` on, in which a journal is open; undefined when the package knows none. */
export function firstOpenPeriod(
  periods: readonly PeriodRow[],
  journalCode: string,
  date: string,
): PeriodRow | undefined {
  const isOpen = ({ closedIn }: PeriodRow) => !closedIn.includes('*') && !closedIn.includes(journalCode)
  return periods
    .filter((period) => period.until >= date && isOpen(period))
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))[0]
}
