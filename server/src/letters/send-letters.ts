import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { lockRests } from '../postings/lane-due.ts'
import { holdLease, LeaseLost, releaseLease, takeLease } from '../postings/lease.ts'
import { isDatabaseAway } from '../store/database.ts'
import { readStored } from '../store/stored.ts'
import { attachmentsOf, holdBytes, type KeptAttachment, keptAttachments, lost } from './attachments.ts'
import { beforeSending } from './before-sending.ts'
import { rememberLetter } from './letter-history.ts'
import { rememberOutcome, settle } from './letter-outcome.ts'
import { storedAttach, storedRecipients } from './letter-rows.ts'
import { inLane, type MailPoint, type MailServices, type Pass, PassEnded } from './mail-pass.ts'
import { composed } from './message.ts'
import type { LetterInput, LetterKind, Recipient } from './proposal.ts'
import { inShort, type Outcome } from './smtp.ts'
import { mailLaneOf, megabytes, mostAttachedBytes, tellLetters } from './write-letter.ts'

export interface MailLaneOptions {
  readonly signal?: AbortSignal | undefined
  readonly leaseMs?: number
  /** For tests: called before every step; what it throws ends the pass as a dying process would. */
  readonly fault?: (point: MailPoint) => Promise<void> | void
}

export type MailLaneResult =
  | { readonly is: 'busy' }
  | { readonly is: 'rested'; readonly nextAt: Date | null }
  | { readonly is: 'lost' }
  | { readonly is: 'more' }

const standardLeaseMs = 120_000
const mostInOnePass = 200

/**
 * Sends the letters of a firm that are due, one after the other, the oldest first. That one goes out is stored before
 * the mail server is spoken to; one that is found so, without anybody who still speaks, may have arrived and is never
 * sent again by itself.
 */
export async function runMailLane(
  services: MailServices,
  laneKey: string,
  { signal, leaseMs = standardLeaseMs, fault }: MailLaneOptions = {},
): Promise<MailLaneResult> {
  const firmId = laneKey.slice(mailLaneOf('').length)
  const lease = await services.store.withDirectory((trx) => takeLease(trx, laneKey, services.ids.next(), leaseMs))
  if (!lease) return { is: 'busy' }
  const at = async (point: MailPoint) => {
    try {
      await fault?.(point)
    } catch (error) {
      throw new PassEnded(point, { cause: error })
    }
  }
  const pass: Pass = { services, firmId, lease, leaseMs, at }
  try {
    await at('lease-taken')
    const result = await work(pass, signal)
    await at('before-release')
    return (await release(pass)) ? result : { is: 'lost' }
  } catch (error) {
    if (error instanceof LeaseLost) return { is: 'lost' }
    // Not woken at once: what broke it off may do so again, and the sweep comes soon enough.
    if (!(error instanceof PassEnded)) await services.store.withDirectory((trx) => releaseLease(trx, lease))
    throw error
  }
}

async function work(pass: Pass, signal: AbortSignal | undefined): Promise<MailLaneResult> {
  await doubtOrphans(pass)
  await pass.at('orphans-doubted')
  for (let letters = 0; letters < mostInOnePass && !signal?.aborted; letters += 1) {
    const found = await findDue(pass)
    if ('nextAt' in found) return { is: 'rested', nextAt: found.nextAt }
    await sendOne(pass, found.id)
  }
  return { is: 'more' }
}

/** False when somebody had taken the lane over. What became due meanwhile woke nobody, because the lane was busy. */
async function release({ services, firmId, lease }: Pass): Promise<boolean> {
  return services.store.withFirm(firmId, async (trx) => {
    const isOurs = await releaseLease(trx, lease)
    const { rows } = await sql`
      select 1 from directory.lane_due where lane_key = ${lease.laneKey} and due_at <= ${services.clock.now()}`.execute(
      trx,
    )
    if (isOurs && rows.length > 0) await services.queue.wakeLane(trx, lease.laneKey)
    return isOurs
  })
}

/** We hold the lane: whoever stored that these go out is gone, and nobody knows how far he came. */
async function doubtOrphans(pass: Pass): Promise<void> {
  const { services, firmId } = pass
  await inLane(pass, async (trx) => {
    const now = services.clock.now()
    const problem: Problem = { kind: 'uncertain', code: 'letter-broke-off' }
    const { rows } = await sql<{ id: string; invoiceId: string | null }>`
      update letter set state = 'uncertain', problem = ${JSON.stringify(problem)}::jsonb, version = version + 1,
        updated_at = ${now}
      where firm_id = ${firmId}::uuid and state = 'sending' returning id, invoice_id as "invoiceId"`.execute(trx)
    for (const { id, invoiceId } of rows) {
      await rememberLetter({ trx, firmId, services, now, by: null }, id, 'uncertain', { after: { problem } })
      await tellLetters({ trx, firmId, services }, [id], invoiceId)
    }
  })
}

/** The oldest letter that is due; when there is none, writes down when there will be. */
function findDue(pass: Pass): Promise<{ readonly id: string } | { readonly nextAt: Date | null }> {
  const { services, firmId, lease } = pass
  return inLane(pass, async (trx) => {
    // Locked before the letters are read: whoever makes one due meanwhile waits, and then finds what we wrote.
    await lockRests(trx, { laneKey: lease.laneKey, firmId, connectionId: firmId })
    const { rows } = await sql<{ id: string }>`
      select id from letter where firm_id = ${firmId}::uuid and state = 'waiting' and due_at <= ${services.clock.now()}
      order by created_at, id limit 1`.execute(trx)
    if (rows[0]) return rows[0]
    const { rows: next } = await sql<{ nextAt: Date | null }>`
      update directory.lane_due set due_at = (
        select min(due_at) from letter where firm_id = ${firmId}::uuid and state = 'waiting')
      where lane_key = ${lease.laneKey} and firm_id = ${firmId}::uuid returning due_at as "nextAt"`.execute(trx)
    return { nextAt: next[0]?.nextAt ?? null }
  })
}

interface Leaving {
  readonly id: string
  readonly kind: LetterKind
  readonly invoiceId: string | null
  readonly language: Language
  readonly to: readonly Recipient[]
  readonly bcc: readonly string[]
  readonly replyTo: string | null
  readonly senderName: string
  readonly subject: string
  readonly body: string
  readonly attach: LetterInput['attach']
  readonly messageId: string
  readonly version: number
}

async function sendOne(pass: Pass, id: string): Promise<void> {
  const { services, firmId } = pass
  let ready: Ready | undefined
  try {
    ready = await prepare(pass, id)
  } catch (error) {
    const problem = notMade(services, error)
    return rememberOutcome(pass, id, 'waiting', problem.kind === 'temporary' ? later(problem) : refused(problem))
  }
  if (!ready || !(await startSending(pass, ready.letter))) return
  await pass.at('sending-stored')
  const { letter, bytes } = ready
  const outcome = await whileHolding(pass, () =>
    services.mail.deliver({ to: [...letter.to.map(({ address }) => address), ...letter.bcc], bytes }),
  )
  const about = { letter: id, firm: firmId, outcome: outcome.is }
  if (outcome.is === 'sent') services.log.info(about, 'a letter was sent')
  else services.log.warn({ ...about, why: inShort(outcome) }, 'a letter was not sent')
  await pass.at('handed-over')
  await rememberOutcome(pass, id, 'sending', outcome)
  await pass.at('outcome-stored')
}

interface Ready {
  readonly letter: Leaving
  readonly bytes: Uint8Array
}

/** Everything that can be done before the mail server is spoken to; undefined when the letter is not to go any more. */
async function prepare(pass: Pass, id: string): Promise<Ready | undefined> {
  const letter = await take(pass, id)
  await pass.at('letter-found')
  if (!letter) return undefined
  const kept = await attachmentsFor(pass, letter)
  await pass.at('attachments-kept')
  const bytes = await messageOf(pass, letter, kept)
  await pass.at('composed')
  return { letter, bytes }
}

// What keeps the documents of one letter back, such as a store of files that is away, keeps back those of all.
const later = (problem: Problem): Outcome => ({ is: 'later', about: 'server', problem, toldMs: null })
const refused = (problem: Problem): Outcome => ({ is: 'refused', problem, refused: [] })

/** What stood in the way of the message itself; anything else ends the pass, as without a database. */
function notMade({ log }: MailServices, error: unknown): Problem {
  if (isProblem(error)) return error.problem
  if (isPassOver(error)) throw error
  log.error({ err: error }, 'a letter could not be put together')
  return { kind: 'defect', code: 'letter-not-made' }
}

const isPassOver = (error: unknown): boolean =>
  error instanceof LeaseLost || error instanceof PassEnded || isDatabaseAway(error)

/** The letter as it stands, unless it is not to go any more. */
function take(pass: Pass, id: string): Promise<Leaving | undefined> {
  const { services, firmId } = pass
  return inLane(pass, async (trx) => {
    const row = await trx
      .selectFrom('letter')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .forUpdate()
      .executeTakeFirst()
    if (!row) return undefined
    const kind = row.kind as LetterKind
    const needless = await beforeSending(trx, kind, { firmId, letterId: id })
    if (needless) {
      await settle(pass, trx, row, { state: 'withdrawn', problem: needless, act: 'withdrawn' })
      return undefined
    }
    // Set where a mail server was taken away since.
    if (!services.mail.works) {
      const problem: Problem = { kind: 'setup', code: 'mail-not-set' }
      await settle(pass, trx, row, { state: 'failed', problem, act: 'failed' })
      return undefined
    }
    return {
      ...row,
      kind,
      language: row.language as Language,
      to: readStored(storedRecipients, row.recipients, 'who gets a letter'),
      attach: readStored(storedAttach, row.attach, 'what goes along with a letter'),
    }
  })
}

/** Made once; from the first try on a letter has these bytes. */
async function attachmentsFor(pass: Pass, letter: Leaving): Promise<readonly KeptAttachment[]> {
  const { services, firmId } = pass
  const kept = await services.store.withFirm(firmId, (trx) => keptAttachments(trx, firmId, letter.id))
  if (kept.length > 0 || !letter.invoiceId) return kept
  const made = await attachmentsOf(services, {
    firmId,
    invoiceId: letter.invoiceId,
    language: letter.language,
    attach: letter.attach,
  })
  await pass.at('attachments-made')
  const size = made.reduce((total, { bytes }) => total + bytes.length, 0)
  if (size > mostAttachedBytes)
    throw new ProblemError({
      kind: 'refused',
      code: 'letter-too-large',
      values: { size: megabytes(size), most: megabytes(mostAttachedBytes) },
    })
  return inLane(pass, async (trx) => {
    for (const [position, { kind, fileName, mediaType, bytes }] of made.entries()) {
      const sha256 = await holdBytes({ trx, firmId, services }, bytes)
      await trx
        .insertInto('letterAttachment')
        .values({ firmId, letterId: letter.id, position, kind, fileName, mediaType, sha256, sizeBytes: bytes.length })
        .execute()
    }
    return keptAttachments(trx, firmId, letter.id)
  })
}

/** The whole message; its attachments are what they were, or it does not go. */
async function messageOf(
  { services, firmId }: Pass,
  letter: Leaving,
  kept: readonly KeptAttachment[],
): Promise<Uint8Array> {
  const { mail, files, clock } = services
  const attachments = []
  for (const { sha256, fileName, mediaType } of kept) {
    const bytes = await files.get(firmId, sha256)
    if (!bytes) throw lost(fileName)
    attachments.push({ fileName, mediaType, bytes })
  }
  assert(mail.from, 'a mail server has a sender')
  return composed({
    from: { name: letter.senderName, address: mail.from },
    to: letter.to,
    replyTo: letter.replyTo,
    subject: letter.subject,
    text: letter.body,
    messageId: letter.messageId,
    date: clock.now(),
    attachments,
  })
}

/** Stored before anything leaves; false when the letter was withdrawn meanwhile, or is now. */
function startSending(pass: Pass, letter: Leaving): Promise<boolean> {
  const { services, firmId } = pass
  const { id, kind, version } = letter
  return inLane(pass, async (trx) => {
    const now = services.clock.now()
    const { rows } = await sql<{ invoiceId: string | null }>`
      update letter set state = 'sending', sending_at = ${now}, tries = tries + 1, version = version + 1, updated_at = ${now}
      where firm_id = ${firmId}::uuid and id = ${id}::uuid and state = 'waiting' and version = ${version}
      returning invoice_id as "invoiceId"`.execute(trx)
    if (!rows[0]) return false
    // Once more: making its documents may have taken a while.
    const needless = await beforeSending(trx, kind, { firmId, letterId: id })
    if (needless) await settle(pass, trx, letter, { state: 'withdrawn', problem: needless, act: 'withdrawn' })
    else await tellLetters({ trx, firmId, services }, [id], rows[0].invoiceId)
    return !needless
  })
}

/** A long letter over a slow line takes longer than a lease: it is made longer meanwhile. */
async function whileHolding<Result>({ services, lease, leaseMs }: Pass, act: () => Promise<Result>): Promise<Result> {
  const { store, log } = services
  const beat = setInterval(() => {
    store
      .withDirectory((trx) => holdLease(trx, lease, leaseMs))
      .catch((error: unknown) => log.warn({ err: error }, 'the lease of a lane of letters could not be made longer'))
  }, leaseMs / 3)
  try {
    return await act()
  } finally {
    clearInterval(beat)
  }
}
