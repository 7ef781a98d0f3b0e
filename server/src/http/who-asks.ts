import { type Role, rightsOf } from '@uurwerk/api/rights.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { bearerOf, headerLanguage } from './asked.ts'
import type { Actor, Language } from './call.ts'
import { findKey } from './known-keys.ts'

export interface Who {
  readonly firmId: string
  readonly user: { readonly id: string } | null
  readonly key: { readonly id: string } | null
}

/** The firm is named by the key, or for a person by the header; a person of one firm need not name it. */
export async function identify(request: FastifyRequest, services: Services): Promise<Who> {
  const bearer = bearerOf(request)
  if (bearer) {
    const found = await findKey(bearer, services)
    if (!found) throw new ProblemError({ kind: 'forbidden', code: 'key-unknown' })
    return { firmId: found.firmId, user: null, key: { id: found.keyId } }
  }
  services.people.checkOrigin(request.headers, request.method)
  const user = await services.people.userOf(request.headers.cookie)
  if (!user) throw new ProblemError({ kind: 'forbidden', code: 'sign-in-needed' })
  const named = request.headers['uurwerk-firm'] ?? (request.query as Record<string, unknown> | undefined)?.firm
  const firms = await services.store.readDirectory((reader) =>
    reader
      .selectFrom('directory.membership')
      .innerJoin('directory.firm', 'directory.firm.id', 'directory.membership.firmId')
      .select(['directory.firm.id', 'directory.firm.slug'])
      .where('directory.membership.userId', '=', user.userId)
      .execute(),
  )
  const firm =
    named === undefined
      ? firms.length === 1
        ? firms[0]
        : undefined
      : firms.find(({ id, slug }) => id === named || slug === named)
  if (!firm)
    throw new ProblemError(
      named === undefined ? { kind: 'input', code: 'firm-not-named' } : { kind: 'missing', code: 'firm-unknown' },
    )
  return { firmId: firm.id, user: { id: user.userId }, key: null }
}

interface Found {
  readonly id: string
  readonly slug: string
  readonly timeZone: string
  readonly currency: string
  readonly country: string
  readonly language: string
  readonly keyId: string | null
  readonly keyName: string | null
  readonly scopes: string[] | null
  readonly revokedAt: Date | null
  readonly expiresAt: Date | null
  readonly lastUsedOn: string | null
  readonly memberId: string | null
  readonly name: string | null
  readonly roles: string[] | null
  readonly archivedAt: Date | null
  readonly memberLanguage: string | null
}

export async function actorOf(trx: Trx, who: Who, request: FastifyRequest, now: Date) {
  // Every request begins with it.
  const { rows } = await sql<Found>`
    select f.firm_id as id, d.slug, f.time_zone as "timeZone", f.currency, f.country, f.language,
      k.id as "keyId", k.name as "keyName", k.scopes, k.revoked_at as "revokedAt", k.expires_at as "expiresAt",
      k.last_used_on as "lastUsedOn", m.id as "memberId", m.name, m.roles, m.archived_at as "archivedAt",
      m.language as "memberLanguage"
    from firm f
    join directory.firm d on d.id = f.firm_id
    left join api_key k on k.firm_id = f.firm_id and k.id = ${who.key?.id ?? null}::uuid
    left join member m on m.firm_id = f.firm_id
      and ${who.key ? sql`m.id = k.member_id` : sql`m.user_id = ${who.user?.id ?? null}::uuid`}
    where f.firm_id = ${who.firmId}::uuid`.execute(trx)
  const [found] = rows
  if (!found) throw new ProblemError({ kind: 'missing', code: 'firm-unknown' })
  const { id, slug, timeZone, currency, country, ...rest } = found
  const firm = { id, slug, timeZone, currency, country, language: rest.language as Language }
  if (who.key && (!rest.keyId || rest.revokedAt || (rest.expiresAt && rest.expiresAt <= now)))
    throw new ProblemError({ kind: 'forbidden', code: 'key-unknown' })
  if (!rest.memberId || rest.archivedAt) throw new ProblemError({ kind: 'forbidden', code: 'not-a-member' })
  const held = rightsOf((rest.roles ?? []) as Role[])
  const { keyId, scopes } = rest
  if (keyId) await noteUse(trx, { firmId: id, id: keyId, lastUsedOn: rest.lastUsedOn }, dateIn(timeZone, now))
  // A key never does more than the person who made it may do today.
  const rights = keyId ? new Set([...held].filter((right) => scopes?.includes(right))) : held
  const language = (headerLanguage(request) ?? rest.memberLanguage ?? firm.language) as Language
  const actor: Actor = {
    memberId: rest.memberId,
    userId: who.user?.id ?? null,
    name: keyId ? `${rest.name} (${rest.keyName})` : (rest.name ?? ''),
    keyId,
    rights,
  }
  return { actor, firm, language }
}

/** Once a day; whoever comes while another writes it does not wait. */
async function noteUse(trx: Trx, key: { firmId: string; id: string; lastUsedOn: string | null }, today: string) {
  if (key.lastUsedOn === today) return
  await sql`
    update api_key set last_used_on = ${today}::date where firm_id = ${key.firmId} and id = (
      select id from api_key where firm_id = ${key.firmId} and id = ${key.id} for update skip locked)`.execute(trx)
}
