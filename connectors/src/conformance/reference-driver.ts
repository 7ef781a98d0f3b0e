import { assert, unreachable } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import type {
  Attempt,
  Books,
  Draft,
  Found,
  Known,
  Outcome,
  Packed,
  Posts,
  Receipt,
  Reference,
} from '../contract/contract.ts'
import type { Doc, Kind } from '../contract/documents.ts'
import type { VirtualClock } from './virtual-clock.ts'

/**
 * The smallest engine that keeps the rules: freeze before sending, look before sending again, and call a document
 * absent only after every look that the connector asks for. It keeps all in memory and waits on a virtual clock.
 */
export interface Driver {
  /** Brings documents of one kind into the books, in their order; gives what became of each. */
  post<K extends Kind>(
    kind: K,
    documents: readonly Doc[K][],
    known: Known | KnownOf,
  ): Promise<ReadonlyMap<Reference, Ended>>
  /** How long the driver waited, and for what: to see that it waited as long as it was told. */
  readonly waits: readonly { readonly until: Date; readonly because: string }[]
}

/** What is known of each document, where they hang on different things. */
export type KnownOf = (reference: Reference) => Known

export type Ended =
  | {
      readonly is: 'posted'
      readonly receipt: Receipt
      readonly differs?: { gross: string; theirs: string }
      readonly found: boolean
    }
  | { readonly is: 'refused'; readonly problem: Problem }
  | { readonly is: 'blocked'; readonly problems: readonly Problem[] }
  | { readonly is: 'needs-person'; readonly found: Found }

export interface DriverSettings {
  readonly books: Books
  readonly clock: VirtualClock
  readonly wireTimeoutMs: number
  /** The process dies after this request and remembers only that the attempt was frozen. */
  readonly diesAfter?: (attempt: Attempt) => boolean
  /** The process dies after the attempt was frozen, before anything left. */
  readonly diesBefore?: (attempt: Attempt) => boolean
}

interface Frozen {
  readonly drafts: readonly Draft[]
  readonly packed: Packed
  readonly attempt: Attempt
}

/** Something that never ends is a mistake in the connector or the driver, not a thing to wait for. */
const mostSteps = 200
const pauseMs = 5_000

export function referenceDriver(settings: DriverSettings): Driver {
  const waits: { until: Date; because: string }[] = []
  let attempts = 0
  return { waits, post }

  async function post<K extends Kind>(kind: K, documents: readonly Doc[K][], known: Known | KnownOf) {
    const posts = settings.books.posts[kind] as Posts<Doc[K]> | undefined
    assert(posts, `no posts of ${kind}`)
    const ended = new Map<Reference, Ended>()
    const knownOf = typeof known === 'function' ? known : () => known
    const drafts = await draftAll(posts, documents, knownOf, ended)
    let waiting = drafts
    for (let step = 0; waiting.length > 0; step += 1) {
      assert(step < mostSteps, `${kind} does not come to an end`)
      const batch = batchOf(posts, waiting)
      const again = await attemptOnce(posts, batch, ended)
      waiting = drafts.filter(
        (draft) => !ended.has(draft.reference) && (again.has(draft.reference) || !batch.includes(draft)),
      )
    }
    return ended
  }

  async function draftAll<D extends { reference: Reference }>(
    posts: Posts<D>,
    documents: readonly D[],
    knownOf: KnownOf,
    ended: Map<Reference, Ended>,
  ): Promise<readonly Draft[]> {
    const lastNumbers = new Map<string, number>()
    const drafts: Draft[] = []
    for (const document of documents) {
      const number = posts.numbers && (await reserve(posts.numbers, document, lastNumbers))
      const known = knownOf(document.reference)
      const draft = posts.draft(document, number === undefined ? known : { ...known, number })
      if ('problems' in draft) ended.set(document.reference, { is: 'blocked', problems: draft.problems })
      else drafts.push(draft)
    }
    return drafts
  }

  /** Sends what was frozen; gives the references that must go out again in a new attempt. */
  async function attemptOnce<D>(
    posts: Posts<D>,
    drafts: readonly Draft[],
    ended: Map<Reference, Ended>,
  ): Promise<Set<Reference>> {
    attempts += 1
    const attempt: Attempt = {
      id: `attempt-${attempts}`,
      number: attempts,
      repeat: 0,
      // Another driver at the same books begins counting anew.
      idempotencyKey: `key-${attempts}-${drafts[0]?.reference}`,
      at: settings.clock.now(),
    }
    const frozen: Frozen = { drafts, packed: posts.pack(drafts, attempt), attempt }
    const again = new Set<Reference>()
    const doubtful = await sendAndFollow(posts, frozen, ended, again)
    if (doubtful.length === 0) return again
    const still = await repeatWhole(posts, frozen, ended, again, doubtful)
    await look(posts, frozen, still, ended, again)
    return again
  }

  /** One sending of the frozen bytes; gives the drafts of which nobody knows what became of them. */
  async function sendAndFollow<D>(
    posts: Posts<D>,
    frozen: Frozen,
    ended: Map<Reference, Ended>,
    again: Set<Reference>,
  ): Promise<readonly Draft[]> {
    if (settings.diesBefore?.(frozen.attempt)) return frozen.drafts
    const outcomes = await sendOf(posts, frozen)
    if (settings.diesAfter?.(frozen.attempt)) return frozen.drafts
    const doubtful: Draft[] = []
    for (const draft of frozen.drafts.filter(({ reference }) => !ended.has(reference))) {
      const outcome = await followed(posts, outcomes.get(draft.reference))
      if (outcome.is === 'uncertain') doubtful.push(draft)
      else remember(draft, outcome, ended, again)
    }
    return doubtful
  }

  async function sendOf<D>(
    posts: Posts<D>,
    { packed, drafts, attempt }: Frozen,
  ): Promise<ReadonlyMap<Reference, Outcome>> {
    try {
      return await posts.send(packed, drafts, attempt)
    } catch (error) {
      const outcome = outcomeOfThrown(error)
      return new Map(drafts.map(({ reference }) => [reference, outcome]))
    }
  }

  async function followed<D>(posts: Posts<D>, first: Outcome | undefined): Promise<Outcome> {
    let outcome: Outcome = first ?? { is: 'uncertain', problem: { kind: 'uncertain', code: 'answer-incomplete' } }
    for (let step = 0; outcome.is === 'accepted'; step += 1) {
      assert(step < mostSteps && posts.follow, 'an accepted document is never processed')
      waitUntil(outcome.followAt, 'ticket')
      const { ticket } = outcome
      outcome = await posts.follow(ticket).catch((error: unknown): Outcome => {
        if (!isProblem(error) || error.problem.kind === 'reconnect') throw error
        return { is: 'accepted', ticket, followAt: later(error.problem.notBefore) }
      })
    }
    return outcome
  }

  function remember(draft: Draft, outcome: Outcome, ended: Map<Reference, Ended>, again: Set<Reference>): void {
    const { reference } = draft
    switch (outcome.is) {
      case 'posted':
        ended.set(reference, { ...outcome, found: false })
        return
      case 'refused':
        ended.set(reference, outcome)
        return
      case 'again':
        if (outcome.problem.kind === 'reconnect') ended.set(reference, { is: 'blocked', problems: [outcome.problem] })
        else {
          waitUntil(outcome.notBefore ?? later(outcome.problem.notBefore), outcome.problem.code)
          again.add(reference)
        }
        return
      case 'accepted':
      case 'uncertain':
        assert(false, `${outcome.is} is no end`)
        break
      default:
        unreachable(outcome)
    }
  }

  /** Inside its window the same attempt goes out again, whole and with the same bytes. */
  async function repeatWhole<D>(
    posts: Posts<D>,
    frozen: Frozen,
    ended: Map<Reference, Ended>,
    again: Set<Reference>,
    doubtful: readonly Draft[],
  ): Promise<readonly Draft[]> {
    const until = frozen.attempt.at.getTime() + posts.retry.sameAttemptMs - 2 * settings.wireTimeoutMs
    let still = doubtful
    for (let repeat = 1; still.length > 0; repeat += 1) {
      waitUntil(later(undefined), 'same attempt')
      if (settings.clock.now().getTime() >= until) return still
      still = await sendAndFollow(posts, { ...frozen, attempt: { ...frozen.attempt, repeat } }, ended, again)
    }
    return still
  }

  async function look<D>(
    posts: Posts<D>,
    { attempt }: Frozen,
    drafts: readonly Draft[],
    ended: Map<Reference, Ended>,
    again: Set<Reference>,
  ): Promise<void> {
    const doubtAt = settings.clock.now().getTime()
    const looks = posts.retry.settleMs.map((ms) => doubtAt + ms)
    // Without something unique at the package a late request may still come in until twice the time-out.
    const safe = attempt.at.getTime() + 2 * settings.wireTimeoutMs
    if (posts.retry.guard !== 'unique' && (looks.at(-1) ?? 0) < safe) looks.push(safe)
    let sought = drafts
    for (const [index, at] of looks.entries()) {
      if (sought.length === 0) return
      waitUntil(new Date(at), 'look')
      const found = await lookOnce(posts, sought, attempt.at)
      const isLast = index === looks.length - 1
      sought = sought.filter((draft) => {
        const what = found.get(draft.reference)
        assert(what && what.is !== 'unknown', 'a look gave nothing about a draft')
        if (what.is === 'same') ended.set(draft.reference, { is: 'posted', receipt: what.receipt, found: true })
        else if (what.is !== 'absent') ended.set(draft.reference, { is: 'needs-person', found: what })
        else if (isLast) again.add(draft.reference)
        return what.is === 'absent'
      })
    }
  }

  /** One complete look; an incomplete one is made again. */
  async function lookOnce<D>(
    posts: Posts<D>,
    drafts: readonly Draft[],
    sentAfter: Date,
  ): Promise<ReadonlyMap<Reference, Found>> {
    for (let step = 0; step < mostSteps; step += 1) {
      try {
        const found = await posts.find(drafts, sentAfter)
        const unknown = [...found.values()].find((each) => each.is === 'unknown')
        if (!unknown) return found
        waitUntil(later(unknown.problem.notBefore), unknown.problem.code)
      } catch (error) {
        if (!isProblem(error) || error.problem.kind !== 'temporary') throw error
        waitUntil(later(error.problem.notBefore), error.problem.code)
      }
    }
    throw new Error('looking never succeeds')
  }

  function waitUntil(until: Date, because: string): void {
    waits.push({ until, because })
    settings.clock.advanceTo(until)
  }

  function later(notBefore: string | undefined): Date {
    return notBefore ? new Date(notBefore) : new Date(settings.clock.now().getTime() + pauseMs)
  }
}

/** What a thrown problem says about every document that was under way. */
function outcomeOfThrown(error: unknown): Outcome {
  if (!isProblem(error)) throw error
  const { problem } = error
  if (problem.kind === 'temporary' || problem.kind === 'reconnect' || problem.kind === 'setup')
    return { is: 'again', problem }
  if (problem.kind === 'refused') return { is: 'refused', problem }
  return { is: 'uncertain', problem }
}

async function reserve<D>(
  numbers: NonNullable<Posts<D>['numbers']>,
  document: D,
  last: Map<string, number>,
): Promise<number | undefined> {
  const scope = numbers.scope(document)
  const before = last.get(scope)
  const number = before === undefined ? ((await numbers.next?.(scope)) ?? 1) : before + 1
  last.set(scope, number)
  return number
}

/** As many of the first as may share one request. */
function batchOf<D>({ batch }: Posts<D>, waiting: readonly Draft[]): readonly Draft[] {
  const taken: Draft[] = []
  let bytes = 0
  let units = 0
  for (const draft of waiting) {
    bytes += JSON.stringify(draft.body).length
    units += draft.units
    const fits = bytes <= batch.bytes && units <= (batch.units ?? Number.POSITIVE_INFINITY)
    const joins = !batch.sameGroup || draft.group === waiting[0]?.group
    if (taken.length > 0 && (!fits || !joins || taken.length >= batch.most)) break
    taken.push(draft)
  }
  return taken
}
