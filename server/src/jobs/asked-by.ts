import { type Right, type Role, rights, rightsOf } from '@uurwerk/api/rights.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Actor } from '../http/call.ts'
import type { Trx } from '../store/database.ts'

/** Who asked for a task, as its parameters keep him. */
export const askedBy = z.object({
  memberId: z.string(),
  userId: z.string().nullable(),
  name: z.string(),
  keyId: z.string().nullable(),
  rights: z.array(z.enum(rights)),
})
export type AskedBy = z.output<typeof askedBy>

export const asAsked = (actor: Actor): AskedBy => ({ ...actor, rights: [...actor.rights] })

/** He acts with the rights he had when he asked and still has. */
export async function actorNow(trx: Trx, firmId: string, asked: AskedBy): Promise<Actor> {
  const member = await trx
    .selectFrom('member')
    .select(['roles', 'archivedAt'])
    .where('firmId', '=', firmId)
    .where('id', '=', asked.memberId)
    .executeTakeFirst()
  const key = asked.keyId
    ? await trx
        .selectFrom('apiKey')
        .select('revokedAt')
        .where('firmId', '=', firmId)
        .where('id', '=', asked.keyId)
        .executeTakeFirst()
    : null
  if (!member || member.archivedAt || key?.revokedAt)
    throw new ProblemError({ kind: 'forbidden', code: 'not-a-member' })
  const today = rightsOf(member.roles as Role[])
  return { ...asked, rights: new Set(asked.rights.filter((right) => today.has(right))) }
}

/** The same, of work that needs a right as a whole. */
export async function actorWith(trx: Trx, firmId: string, asked: AskedBy, right: Right): Promise<Actor> {
  const actor = await actorNow(trx, firmId, asked)
  if (!actor.rights.has(right)) throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right } })
  return actor
}
