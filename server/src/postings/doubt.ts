import type { Outcome } from '@uurwerk/connectors/contract/contract.ts'
import { findAttempts, findOrphans, markRepeat } from './attempts.ts'
import { postsOf } from './engine.ts'
import { type LaneAt, lockRests, writeDue } from './lane-due.ts'
import { holdLease, LeaseLost } from './lease.ts'
import type { Posting, StoredAttempt } from './posting.ts'
import { addSteps, type Firm, findPostings } from './posting-rows.ts'
import { remember } from './remember.ts'
import { afterDeath, afterFollow, afterFound, later, mayRepeat } from './retry.ts'
import { at, look, momentOf, type Pass, problemOf, sendAttempt, type Unit } from './send.ts'

/** Attempts that somebody froze and never answered for: the process died, or lost the lane. Each is doubt from now on. */
export async function doubtOrphans(
  pass: Pass,
  laneAt: LaneAt,
  unitOf: (laneAt: LaneAt, attempt: StoredAttempt) => Promise<Unit | undefined>,
): Promise<void> {
  const { engine, lease } = pass
  const orphans = await engine.store.withFirm(laneAt.firmId, async (trx) => {
    const firm = { trx, firmId: laneAt.firmId }
    return findAttempts(firm, await findOrphans(firm, laneAt.connectionId, lease.fence))
  })
  for (const attempt of orphans) {
    const unit = await unitOf(laneAt, attempt)
    if (!unit) continue
    const moment = momentOf(pass, unit, attempt)
    await at(pass, 'before-remember')
    await remember(engine, {
      ...pass,
      ...unit,
      postingIds: attempt.drafts.map(({ postingId }) => postingId),
      attemptId: attempt.id,
      startedAt: engine.clock.now(),
      unheard: true,
      judge: (posting) =>
        posting.attemptId === attempt.id && (posting.state === 'sending' || posting.state === 'checking')
          ? afterDeath(posting, moment)
          : undefined,
    })
    await at(pass, 'after-remember')
  }
}

/** Takes the attempt of the first posting in doubt: repeats it whole inside the package's window, else looks. */
export async function settleDoubt(pass: Pass, unit: Unit, due: readonly Posting[]): Promise<boolean> {
  const { engine } = pass
  const attemptId = due[0]?.attemptId
  if (!attemptId) return false
  const { attempt, postings } = await engine.store.withFirm(unit.at.firmId, async (trx) => {
    const firm = { trx, firmId: unit.at.firmId }
    const [found] = await findAttempts(firm, [attemptId])
    const ids = found?.drafts.map(({ postingId }) => postingId) ?? []
    return { attempt: found, postings: await findPostings(firm, ids) }
  })
  if (!attempt) return false
  if (mayRepeat(momentOf(pass, unit, attempt)) && postings.every((posting) => isWhollyInDoubt(posting, attempt)))
    return repeat(pass, unit, attempt)
  const ids = new Set(due.filter((posting) => posting.attemptId === attemptId).map(({ id }) => id))
  await lookFor(
    pass,
    unit,
    attempt,
    postings.filter(({ id }) => ids.has(id)),
  )
  return true
}

/** Nothing is known of it but that it left: what was accepted, refused, found or sent anew since is not repeated. */
const isWhollyInDoubt = (posting: Posting, attempt: StoredAttempt): boolean =>
  posting.state === 'checking' &&
  posting.attemptId === attempt.id &&
  posting.looks === 0 &&
  posting.ticket === null &&
  posting.problem?.kind !== 'refused'

async function repeat(pass: Pass, unit: Unit, attempt: StoredAttempt): Promise<boolean> {
  const { engine, lease } = pass
  const postingIds = attempt.drafts.map(({ postingId }) => postingId)
  await at(pass, 'before-freeze')
  const again = await engine.store.withFirm(unit.at.firmId, async (trx) => {
    const firm: Firm = { trx, firmId: unit.at.firmId }
    const now = engine.clock.now()
    const { paused } = await holdLease(trx, lease, pass.leaseMs)
    const rests = await lockRests(trx, unit.at)
    const repeated = await markRepeat(firm, attempt, lease.fence, now)
    const unansweredAt = later(now, unit.opened.connector.manifest.wireTimeoutMs)
    await trx
      .updateTable('posting')
      .set({ dueAt: unansweredAt, updatedAt: now })
      .where('firmId', '=', unit.at.firmId)
      .where('id', 'in', postingIds)
      .execute()
    const step = { attemptId: attempt.id, what: 'repeated', details: { repeat: repeated.repeat } }
    await addSteps(
      firm,
      { ids: engine.ids, at: now },
      postingIds.map((postingId) => ({ postingId, ...step })),
    )
    await writeDue(trx, unit.at, rests, paused)
    return repeated
  })
  await at(pass, 'after-freeze')
  await sendAttempt(pass, unit, again, postingIds)
  return true
}

async function lookFor(pass: Pass, unit: Unit, attempt: StoredAttempt, postings: readonly Posting[]): Promise<void> {
  const { engine } = pass
  const draftOf = new Map(attempt.drafts.map(({ postingId, draft }) => [postingId, draft]))
  const drafts = postings.flatMap(({ id }) => draftOf.get(id) ?? [])
  // Since the first attempt that was ever in doubt: that one may be what is found.
  const since = Math.min(...postings.map(({ sentAfter }) => (sentAfter ?? attempt.at).getTime()))
  const startedAt = engine.clock.now()
  const found = await look(pass, unit, drafts, new Date(since))
  const moment = momentOf(pass, unit, attempt)
  await at(pass, 'before-remember')
  await remember(engine, {
    ...pass,
    ...unit,
    postingIds: postings.map(({ id }) => id),
    startedAt,
    judge: (posting, failures) =>
      posting.state === 'checking' && posting.attemptId === attempt.id
        ? afterFound(posting, found(draftOf.get(posting.id)?.reference ?? ''), { ...moment, failures })
        : undefined,
  })
  await at(pass, 'after-remember')
}

/** Asks what became of a document that was accepted before. */
export async function followOne(pass: Pass, unit: Unit, posting: Posting): Promise<boolean> {
  const { engine } = pass
  const posts = postsOf(unit.opened, unit.kind)
  const { ticket, attemptId } = posting
  const attempt = await engine.store.withFirm(unit.at.firmId, async (trx) =>
    attemptId ? (await findAttempts({ trx, firmId: unit.at.firmId }, [attemptId]))[0] : undefined,
  )
  if (!ticket || !attempt || !posts?.follow) return false
  await at(pass, 'before-follow')
  const startedAt = engine.clock.now()
  const outcome = await posts.follow(ticket).catch(notTold)
  await at(pass, 'after-follow')
  await at(pass, 'before-remember')
  await remember(engine, {
    ...pass,
    ...unit,
    postingIds: [posting.id],
    startedAt,
    judge: (found) =>
      found.state === 'accepted' && found.ticket?.id === ticket.id
        ? afterFollow(found, outcome, momentOf(pass, unit, attempt))
        : undefined,
  })
  await at(pass, 'after-remember')
  return true
}

/** Asking changes nothing: whatever went wrong, it is asked again later. */
function notTold(error: unknown): Outcome {
  if (error instanceof LeaseLost) throw error
  return { is: 'again', problem: problemOf(error) }
}
