import type { App, OAuth, Tokens, Wire } from '@uurwerk/connectors/contract/contract.ts'
import { minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import { Secret } from '../secrets.ts'
import type { Trx } from '../store/database.ts'
import type { AccessGrant } from '../store/schema.gen.ts'
import type { InFirm, Parts } from './connection.ts'
import { loseAccess } from './lose-access.ts'

/** Tokens as they are held in hand for one call; never kept longer than that. */
export interface Held {
  readonly access: Secret
  readonly refresh: Secret
  readonly expiresInSeconds: number
  /** By our own clock, when the answer arrived. */
  readonly receivedAt: Date
}

/** How one grant is renewed: the connector's sign-in, the app that we are, and a wire that carries no token. */
export interface Renewal {
  readonly firmId: string
  readonly grantId: string
  readonly oauth: OAuth
  readonly app: App
  readonly wire: Wire
}

type Grant = Selectable<AccessGrant>

/** So much before its end a token is renewed, where the package allows it. */
const aheadMs = 60_000
/** After a call to the token endpoint that came to nothing, the same process tries no sooner than this. */
const restMs = 30_000

export interface TokenKeeper {
  /** Tokens that are good now: those stored, or renewed when they have come to their end. */
  good(renewal: Renewal): Promise<Held>
  /** After a 401: newer ones than those, if there are any or may be; undefined when it is too early to renew. */
  newer(renewal: Renewal, used: Held): Promise<Held | undefined>
  /** Renews an idle grant before its refresh token dies; not at an hour at which answers are known to get lost. */
  keepAlive(renewal: Renewal): Promise<'renewed' | 'not-due' | 'quiet'>
}

export const tokenPlace = (firmId: string, grantId: string) => ({ firmId, purpose: `access-grant ${grantId}` })

export const sealTokens = (parts: Pick<Parts, 'seals'>, firmId: string, grantId: string, tokens: Tokens): string =>
  parts.seals.seal(new Secret(JSON.stringify(tokens)), tokenPlace(firmId, grantId))

/** What is stored of a grant after an answer of the token endpoint. */
export const grantFields = (
  parts: Pick<Parts, 'seals'>,
  firmId: string,
  grantId: string,
  tokens: Tokens,
  now: Date,
) => ({
  tokensSealed: sealTokens(parts, firmId, grantId, tokens),
  issuedAt: now,
  expiresAt: new Date(now.getTime() + tokens.expiresInSeconds * 1000),
  usedAt: now,
  withdrawnAt: null,
  updatedAt: now,
})

const gone = (code = 'access-ended'): ProblemError => new ProblemError({ kind: 'reconnect', code })

/** When a token may and should be renewed: close to its end, and never so early that the package would refuse that. */
export const renewAt = (
  { receivedAt, expiresInSeconds }: Pick<Held, 'receivedAt' | 'expiresInSeconds'>,
  { refreshNotBeforeMs }: OAuth['timing'],
): Date => new Date(receivedAt.getTime() + Math.max(refreshNotBeforeMs, expiresInSeconds * 1000 - aheadMs))

export function isQuiet({ quietHours }: OAuth['timing'], now: Date): boolean {
  if (!quietHours) return false
  const minute = minuteOfDayIn(quietHours.zone, now)
  const [from, until] = [quietHours.from, quietHours.until].map((text) => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number)
    return hours * 60 + minutes
  }) as [number, number]
  return from <= until ? minute >= from && minute < until : minute >= from || minute < until
}

/** For revoking, which needs them as they were given. */
export async function openTokens(
  { seals }: Pick<Parts, 'seals'>,
  { trx, firmId }: InFirm,
  grantId: string,
): Promise<Tokens> {
  const row = await trx
    .selectFrom('accessGrant')
    .select('tokensSealed')
    .where('firmId', '=', firmId)
    .where('id', '=', grantId)
    .executeTakeFirst()
  if (!row?.tokensSealed) throw gone()
  return JSON.parse(seals.open(row.tokensSealed, tokenPlace(firmId, grantId)).reveal()) as Tokens
}

export function createTokenKeeper(parts: Parts): TokenKeeper {
  const { store, clock } = parts
  /** Per grant, until when this process leaves the token endpoint alone, and why. */
  const resting = new Map<string, { readonly until: Date; readonly problem: Problem }>()

  const opened = (row: Grant | undefined): Held => {
    if (!row?.tokensSealed || !row.issuedAt || row.withdrawnAt) throw gone()
    try {
      const text = parts.seals.open(row.tokensSealed, tokenPlace(row.firmId, row.id)).reveal()
      const { access, refresh, expiresInSeconds } = JSON.parse(text) as Tokens
      return { access: new Secret(access), refresh: new Secret(refresh), expiresInSeconds, receivedAt: row.issuedAt }
    } catch (error) {
      // Sealed with a key that is no more: only a person can bring new tokens.
      throw new ProblemError({ kind: 'reconnect', code: 'access-unreadable' }, error)
    }
  }

  const read = (trx: Trx, { firmId, grantId }: Renewal) =>
    trx.selectFrom('accessGrant').selectAll().where('firmId', '=', firmId).where('id', '=', grantId)

  /** Per grant, the renewal that this process is at: the others join it, and do not each wait with a connection in hand. */
  const under = new Map<string, Promise<Held>>()

  async function renew(renewal: Renewal, stillNeeded: (held: Held) => boolean): Promise<Held> {
    const joined = under.get(renewal.grantId)
    if (joined) {
      const held = await joined
      return stillNeeded(held) ? renew(renewal, stillNeeded) : held
    }
    const own = renewLocked(renewal, stillNeeded)
    under.set(renewal.grantId, own)
    try {
      return await own
    } finally {
      under.delete(renewal.grantId)
    }
  }

  /** Holds the row's lock, so that of all processes one renews and the others find what it stored. */
  async function renewLocked(renewal: Renewal, stillNeeded: (held: Held) => boolean): Promise<Held> {
    const { firmId, grantId, oauth } = renewal
    const rest = resting.get(grantId)
    if (rest && rest.until > clock.now()) throw new ProblemError(rest.problem)
    const outcome = await store.withFirm(
      firmId,
      async (trx): Promise<{ held: Held } | { failed: Problem; error: unknown }> => {
        const held = opened(await read(trx, renewal).forUpdate().executeTakeFirst())
        if (!stillNeeded(held)) return { held }
        try {
          const tokens = await askTwice(trx, renewal, held)
          const now = clock.now()
          await trx
            .updateTable('accessGrant')
            .set((set) => ({ ...grantFields(parts, firmId, grantId, tokens, now), version: set('version', '+', 1) }))
            .where('firmId', '=', firmId)
            .where('id', '=', grantId)
            .execute()
          return {
            held: {
              ...tokens,
              access: new Secret(tokens.access),
              refresh: new Secret(tokens.refresh),
              receivedAt: now,
            },
          }
        } catch (error) {
          if (!isProblem(error)) throw error
          // Committed too: whoever waits for the lock finds that access is gone, and does not ask again.
          if (error.problem.kind === 'reconnect') await withdraw({ trx, firmId }, grantId, error.problem)
          return { failed: error.problem, error }
        }
      },
      { statementTimeoutMs: 2 * oauth.timing.tokenTimeoutMs + restMs },
    )
    // Only now are the tokens used: they are stored, whatever happens to us.
    if ('held' in outcome) {
      resting.delete(grantId)
      return outcome.held
    }
    const problem: Problem =
      outcome.failed.kind === 'uncertain'
        ? { ...outcome.failed, kind: 'temporary', code: 'renewal-unanswered' }
        : outcome.failed
    if (problem.kind === 'temporary') {
      const until = new Date(Math.max(Date.parse(problem.notBefore ?? '') || 0, clock.now().getTime() + restMs))
      resting.set(grantId, { until, problem: { ...problem, notBefore: until.toISOString() } })
    }
    throw new ProblemError(problem, outcome.error)
  }

  /** After silence the same refresh token is tried once more: the package may not have rotated it. */
  async function askTwice(trx: Trx, { app, oauth, wire }: Renewal, { refresh }: Held): Promise<Tokens> {
    try {
      return await oauth.token(app, { refresh: refresh.reveal() }, wire)
    } catch (error) {
      const isSilent = isProblem(error) && error.problem.kind === 'uncertain'
      if (!isSilent || oauth.timing.reuseGraceMs === 0) throw error
      // The database ends a transaction that says nothing for three minutes.
      await sql`select 1`.execute(trx)
      return await oauth.token(app, { refresh: refresh.reveal() }, wire)
    }
  }

  async function withdraw({ trx, firmId }: InFirm, grantId: string, problem: Problem): Promise<void> {
    const now = clock.now()
    await trx
      .updateTable('accessGrant')
      .set({ tokensSealed: null, withdrawnAt: now, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', grantId)
      .execute()
    await loseAccess(parts, { trx, firmId }, { grantId }, problem)
  }

  const stored = (renewal: Renewal) =>
    store.withFirm(renewal.firmId, async (trx) => opened(await read(trx, renewal).executeTakeFirst()), {
      readOnly: true,
    })

  return {
    async good(renewal) {
      const held = await stored(renewal)
      const due = (one: Held) => clock.now() >= renewAt(one, renewal.oauth.timing)
      if (!due(held)) return held
      try {
        return await renew(renewal, due)
      } catch (error) {
        // Too early by their clock, or no answer now: what we hold is good until its end.
        const end = held.receivedAt.getTime() + held.expiresInSeconds * 1000
        if (isProblem(error) && error.problem.kind === 'temporary' && clock.now().getTime() < end) return held
        throw error
      }
    },

    async newer(renewal, used) {
      const isUsed = (held: Held) => held.access.reveal() === used.access.reveal()
      const held = await stored(renewal)
      if (!isUsed(held)) return held
      const earliest = held.receivedAt.getTime() + renewal.oauth.timing.refreshNotBeforeMs
      return clock.now().getTime() < earliest ? undefined : renew(renewal, isUsed)
    },

    async keepAlive(renewal) {
      const { timing } = renewal.oauth
      const isIdle = (held: Held) => clock.now().getTime() - held.receivedAt.getTime() >= timing.keepAliveMs
      if (!isIdle(await stored(renewal))) return 'not-due'
      if (isQuiet(timing, clock.now())) return 'quiet'
      await renew(renewal, isIdle)
      return 'renewed'
    },
  }
}
