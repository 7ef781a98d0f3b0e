import type { Draft } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { insertAttempt } from './attempts.ts'
import { type Drafted, draftPosting } from './draft-posting.ts'
import { type Engine, type Made, type Opened, type PostedFile, postsOf, tell } from './engine.ts'
import { type Lists, readLists } from './known.ts'
import { type LaneAt, lockRests, writeDue } from './lane-due.ts'
import { holdLease, type Lease } from './lease.ts'
import { isPaused } from './pause.ts'
import type { Posting, StoredAttempt } from './posting.ts'
import { addSteps, type Firm, lockWaiting, type Step } from './posting-rows.ts'
import { releaseDependants } from './remember.ts'
import { later } from './retry.ts'

export interface Freezing {
  readonly lease: Lease
  readonly leaseMs: number
  readonly at: LaneAt
  readonly kind: Kind
  readonly opened: Opened
  /** Ids that were looked for before their first sending and are not in the books. */
  readonly lookedFor: ReadonlySet<string>
  /** The package's own next number, by scope. */
  readonly nextNumbers: ReadonlyMap<string, number>
  /** Of the one posting whose file was fetched: it alone goes, so that one file at a time is held. */
  readonly file?: { readonly postingId: string; readonly made: Made<PostedFile> }
}

export type Frozen =
  /** Stored, to be sent. */
  | { readonly is: 'frozen'; readonly attempt: StoredAttempt; readonly postingIds: readonly string[] }
  /** These have to be looked for first. */
  | { readonly is: 'look-first'; readonly drafts: readonly { readonly posting: Posting; readonly draft: Draft }[] }
  /** The package has to be asked for its next number first. */
  | { readonly is: 'ask-number'; readonly scope: string; readonly posting: Posting }
  /** Nothing could be sent; those with a problem were set aside. */
  | { readonly is: 'nothing' }

/** How many are looked through for one request, more than fit where some are set aside. */
const lookedThrough = 50

interface Ready {
  readonly posting: Posting
  readonly draft: Draft
  readonly number?: { readonly scope: string; readonly value: number }
}

/**
 * Chooses, drafts and stores the next attempt in one transaction that proves the lease: bytes, hash, key, fence,
 * reserved numbers, steps and states. Nothing leaves before it is committed.
 */
export async function freeze(engine: Engine, asked: Freezing): Promise<Frozen> {
  const { at, opened, kind, lease } = asked
  return engine.store.withFirm(at.firmId, async (trx) => {
    const firm: Firm = { trx, firmId: at.firmId }
    const now = engine.clock.now()
    const posts = postsOf(opened, kind)
    const { paused } = await holdLease(trx, lease, asked.leaseMs)
    const rests = await lockRests(trx, at)
    const most = isPaused(paused[kind]) ? 1 : Math.max(lookedThrough, posts?.batch.most ?? 1)
    const only = asked.file?.postingId
    const waiting = await lockWaiting(firm, {
      connectionId: at.connectionId,
      kind,
      now,
      most,
      ...(only ? { only } : {}),
    })
    const lists = await readLists(firm, at.connectionId, kind === 'customer' ? undefined : customersOf(waiting))
    const chosen = await choose(
      engine,
      firm,
      asked,
      waiting,
      lists,
      isPaused(paused[kind]) ? 1 : (posts?.batch.most ?? 1),
    )
    if ('is' in chosen) return chosen
    await setAside(engine, firm, chosen.aside, now)
    const frozen = chosen.ready.length > 0 ? await store(engine, firm, asked, chosen.ready, now) : undefined
    await writeDue(trx, at, rests, paused)
    const touched = [...chosen.aside.map(({ posting }) => posting.id), ...(frozen?.postingIds ?? [])]
    if (touched.length > 0) await engine.notify(trx, at.firmId, touched)
    return frozen ?? { is: 'nothing' }
  })
}

/** What is wrong here with those that wait, found without the package: they are set aside, the others stay. */
export async function checkWaiting(
  engine: Engine,
  asked: Pick<Freezing, 'lease' | 'leaseMs' | 'at' | 'kind' | 'opened'>,
) {
  const { at, opened, kind } = asked
  // Their files are fetched one at a time, when their turn has come.
  if (kind === 'attachment') return
  await engine.store.withFirm(at.firmId, async (trx) => {
    const firm: Firm = { trx, firmId: at.firmId }
    const now = engine.clock.now()
    const { paused } = await holdLease(trx, asked.lease, asked.leaseMs)
    const rests = await lockRests(trx, at)
    const waiting = await lockWaiting(firm, { connectionId: at.connectionId, kind, now, most: checkedLocally })
    const lists = await readLists(firm, at.connectionId, kind === 'customer' ? undefined : customersOf(waiting))
    const aside: Aside[] = []
    for (const posting of waiting) {
      const drafted = await draftPosting(engine, firm, opened, posting, lists)
      // Any number will do: this draft is not stored.
      const draft = 'problems' in drafted ? drafted : drafted.draft(posting.numberReserved ?? 1)
      if ('problems' in draft) aside.push({ posting, why: 'problems', problems: draft.problems })
    }
    await setAside(engine, firm, aside, now)
    await writeDue(trx, at, rests, paused)
    if (aside.length > 0)
      await engine.notify(
        trx,
        at.firmId,
        aside.map(({ posting }) => posting.id),
      )
  })
}

const checkedLocally = 200

const customersOf = (postings: readonly Posting[]): readonly string[] => [
  ...new Set(postings.flatMap(({ customerId }) => customerId ?? [])),
]

type Aside = { readonly posting: Posting } & (
  | { readonly why: 'problems'; readonly problems: readonly Problem[] }
  | { readonly why: 'held'; readonly by: string; readonly inOrder: string }
  | { readonly why: 'linked'; readonly theirId: string }
)

/** As many as fit one request, in order; what cannot go is set aside and holds nobody up. */
async function choose(
  engine: Engine,
  firm: Firm,
  asked: Freezing,
  waiting: readonly Posting[],
  lists: Lists,
  most: number,
): Promise<{ readonly ready: readonly Ready[]; readonly aside: readonly Aside[] } | Frozen> {
  const { opened, at, kind } = asked
  const posts = postsOf(opened, kind)
  const ready: Ready[] = []
  const aside: Aside[] = []
  const unseen: { posting: Posting; draft: Draft }[] = []
  const numbers = new Numbers(firm, at.connectionId, asked.nextNumbers)
  for (const posting of waiting) {
    const theirId = kind === 'customer' ? lists.links.get(`customer ${posting.subjectId}`) : undefined
    if (theirId) {
      aside.push({ posting, why: 'linked', theirId })
      continue
    }
    const drafted = await draftPosting(engine, firm, opened, posting, lists, asked.file?.made)
    const made = 'problems' in drafted ? drafted : await withNumber(drafted, posting, numbers, posts?.numbers)
    if ('ask' in made) return { is: 'ask-number', scope: made.ask, posting }
    if ('problems' in made) {
      aside.push({ posting, why: 'problems', problems: made.problems })
      continue
    }
    const { draft } = made
    if (looksFirst(posting) && !asked.lookedFor.has(posting.id)) {
      unseen.push({ posting, draft })
      if (unseen.length >= most) break
      continue
    }
    if (unseen.length > 0) continue
    if (draft.inOrder !== undefined) {
      const by = await holderOf(firm, posting, draft.inOrder, ready)
      if (by) {
        aside.push({ posting, why: 'held', by, inOrder: draft.inOrder })
        continue
      }
    }
    if (posts && !fits(posts.batch, [...ready.map((one) => one.draft), draft])) {
      if (ready.length > 0) break
      const problem: Problem = {
        kind: 'refused',
        code: 'document-too-large',
        values: { bytes: String(posts.batch.bytes) },
      }
      aside.push({ posting, why: 'problems', problems: [problem] })
      continue
    }
    ready.push({ posting, draft, ...(made.number ? { number: made.number } : {}) })
    if (ready.length >= most) break
  }
  if (ready.length === 0 && unseen.length > 0) return { is: 'look-first', drafts: unseen }
  return { ready, aside }
}

/** A customer may be there already; so may what was given up after doubt and is posted anew. */
const looksFirst = (posting: Posting): boolean =>
  posting.kind === 'customer' || (posting.sentAfter !== null && posting.tries === 0)

type Batch = { readonly bytes: number; readonly units?: number; readonly sameGroup: boolean }

function fits(batch: Batch, drafts: readonly Draft[]): boolean {
  const groups = new Set(drafts.map(({ group }) => group))
  // What a request adds around its documents is little beside the limit.
  const bytes = drafts.reduce((total, { body }) => total + Buffer.byteLength(JSON.stringify(body)), 0)
  const units = drafts.reduce((total, draft) => total + draft.units, 0)
  return (!batch.sameGroup || groups.size === 1) && bytes <= batch.bytes && units <= (batch.units ?? units)
}

type Numbered = NonNullable<NonNullable<ReturnType<typeof postsOf>>['numbers']>

async function withNumber(
  drafted: Drafted,
  posting: Posting,
  numbers: Numbers,
  rules: Numbered | undefined,
): Promise<
  | { readonly draft: Draft; readonly number?: { readonly scope: string; readonly value: number } }
  | { readonly problems: readonly Problem[] }
  | { readonly ask: string }
> {
  const scope = drafted.numberScope
  if (scope === undefined || !rules) {
    const draft = drafted.draft()
    return 'problems' in draft ? draft : { draft }
  }
  if (rules.next && (await numbers.mustAsk(scope, posting))) return { ask: scope }
  const value = await numbers.next(scope)
  if (String(value).length > rules.digits)
    return { problems: [{ kind: 'setup', code: 'numbers-used-up', values: { scope, digits: String(rules.digits) } }] }
  const draft = drafted.draft(value)
  if ('problems' in draft) return draft
  numbers.take(scope, value)
  return { draft, number: { scope, value } }
}

/** Numbers for postings that have none: one more than the highest known here or there. */
class Numbers {
  readonly #firm: Firm
  readonly #connectionId: string
  readonly #asked: ReadonlyMap<string, number>
  readonly #highest = new Map<string, number>()

  constructor(firm: Firm, connectionId: string, asked: ReadonlyMap<string, number>) {
    this.#firm = firm
    this.#connectionId = connectionId
    this.#asked = asked
  }

  /** The package knows better at the first of a scope, and when it said that ours was taken. */
  async mustAsk(scope: string, posting: Posting): Promise<boolean> {
    if (this.#asked.has(scope)) return false
    return posting.problem?.code === 'number-taken' || (await this.#read(scope)) === 0
  }

  async next(scope: string): Promise<number> {
    return Math.max((await this.#read(scope)) + 1, this.#asked.get(scope) ?? 1)
  }

  take(scope: string, value: number): void {
    this.#highest.set(scope, value)
  }

  async #read(scope: string): Promise<number> {
    const known = this.#highest.get(scope)
    if (known !== undefined) return known
    const { trx, firmId } = this.#firm
    const { rows } = await sql<{ highest: number }>`
      select coalesce(max(number), 0) as highest from number_reservation
      where firm_id = ${firmId} and connection_id = ${this.#connectionId} and scope = ${scope}`.execute(trx)
    const highest = rows[0]?.highest ?? 0
    this.#highest.set(scope, highest)
    return highest
  }
}

/** An earlier one of the same number series that is not in the books yet, nor in this request. */
async function holderOf(
  { trx, firmId }: Firm,
  posting: Posting,
  inOrder: string,
  ready: readonly Ready[],
): Promise<string | undefined> {
  const inRequest = ready.map((one) => one.posting.id)
  const { rows } = await sql<{ id: string }>`
    select id from posting
    where firm_id = ${firmId} and connection_id = ${posting.connectionId} and kind = ${posting.kind}
      and sequence < ${posting.sequence} and (in_order = ${inOrder} or in_order is null)
      and state not in ('posted', 'discarded') and id <> all(${inRequest}::uuid[])
    order by sequence limit 1`.execute(trx)
  return rows[0]?.id
}

async function setAside(engine: Engine, firm: Firm, aside: readonly Aside[], now: Date): Promise<void> {
  const { trx, firmId } = firm
  const steps: Step[] = []
  for (const one of aside) {
    const { posting } = one
    if (one.why === 'problems') {
      const isDefect = one.problems[0]?.kind === 'defect'
      await sql`
        update posting set state = ${isDefect ? 'needs-person' : 'blocked'}, due_at = null,
          problem = ${JSON.stringify(one.problems[0] ?? null)}::jsonb, updated_at = ${now}, version = version + 1
        where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
      if (isDefect) await tell(engine, firm, { posting, is: 'needs-person', now })
      steps.push({ postingId: posting.id, what: 'blocked', details: { problems: one.problems } })
    } else if (one.why === 'held') {
      await sql`
        update posting set held_by = ${one.by}, in_order = ${one.inOrder}, due_at = null, updated_at = ${now}
        where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
      steps.push({ postingId: posting.id, what: 'held', details: { by: one.by } })
    } else {
      await sql`
        update posting set state = 'posted', due_at = null, problem = null, adopted = true, their_id = ${one.theirId},
          settled_at = ${now}, updated_at = ${now}, version = version + 1
        where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
      await releaseDependants(firm, posting.id, now)
      await tell(engine, firm, { posting, is: 'posted', now })
      steps.push({ postingId: posting.id, what: 'already-linked', details: { theirId: one.theirId } })
    }
  }
  await addSteps(firm, { ids: engine.ids, at: now }, steps)
}

async function store(
  engine: Engine,
  firm: Firm,
  { opened, at, kind, lease }: Freezing,
  ready: readonly Ready[],
  now: Date,
): Promise<Extract<Frozen, { is: 'frozen' }>> {
  const { trx, firmId } = firm
  const posts = postsOf(opened, kind)
  if (!posts) throw new Error(`${kind} is not offered`)
  const number = Math.max(...ready.map(({ posting }) => posting.tries)) + 1
  const attempt = { id: engine.ids.next(), number, repeat: 0, idempotencyKey: engine.ids.next(), at: now }
  const drafts = ready.map(({ posting, draft }) => ({ postingId: posting.id, draft }))
  const packed = posts.pack(
    drafts.map(({ draft }) => draft),
    attempt,
  )
  const stored = await insertAttempt(firm, {
    attempt,
    connectionId: at.connectionId,
    laneKey: at.laneKey,
    fence: lease.fence,
    kind,
    packed,
    drafts,
  })
  // Due again by itself, so that a sweep finds it when this process dies.
  const unansweredAt = later(now, opened.connector.manifest.wireTimeoutMs)
  for (const one of ready) {
    if (one.number)
      await sql`
        insert into number_reservation (firm_id, connection_id, scope, number, posting_id, reserved_at)
        values (${firmId}, ${at.connectionId}, ${one.number.scope}, ${one.number.value}, ${one.posting.id}, ${now})`.execute(
        trx,
      )
    await sql`
      update posting set state = 'sending', attempt_id = ${attempt.id}, tries = tries + 1, due_at = ${unansweredAt}, problem = null,
        in_order = ${one.draft.inOrder ?? null}, number_reserved = ${one.number?.value ?? one.posting.numberReserved},
        updated_at = ${now}, version = version + 1
      where firm_id = ${firmId} and id = ${one.posting.id}`.execute(trx)
  }
  await addSteps(
    firm,
    { ids: engine.ids, at: now },
    ready.map(({ posting, draft }) => ({
      postingId: posting.id,
      attemptId: attempt.id,
      what: 'frozen',
      details: { attempt: number, ...(draft.notes.length > 0 ? { notes: draft.notes } : {}) },
    })),
  )
  return { is: 'frozen', attempt: stored, postingIds: drafts.map(({ postingId }) => postingId) }
}
