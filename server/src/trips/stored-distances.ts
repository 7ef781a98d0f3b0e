import type { Decimal } from '@uurwerk/core/shared/money.ts'
import { decimal, round, sameAmount } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Writing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>

interface Between {
  readonly from: string
  readonly to: string
}

/** The same two places, whichever way and however they are capitalised; `a` and `b` are the columns. */
export const betweenSql = (a: string, b: string, { from, to }: Between) => {
  const [one, other] = [sql.ref(a), sql.ref(b)]
  return sql<boolean>`((lower(${one}) = lower(${from}) and lower(${other}) = lower(${to}))
    or (lower(${one}) = lower(${to}) and lower(${other}) = lower(${from})))`
}

/** What is kept with the customer between two places. */
export const storedBetween = ({ trx, firmId }: Asking, customerId: string, between: Between) =>
  trx
    .selectFrom('distance')
    .select(['id', 'distanceKm', 'version'])
    .where('firmId', '=', firmId)
    .where('customerId', '=', customerId)
    .where('deletedAt', 'is', null)
    .where(betweenSql('fromPlace', 'toPlace', between))
    .orderBy('updatedAt', 'desc')
    .executeTakeFirst()

/** Two who keep the same distance keep it once. */
export const lockDistances = ({ trx, firmId }: Asking, customerId: string) =>
  trx
    .selectFrom('customer')
    .select(['archivedAt', 'deletedAt'])
    .where('firmId', '=', firmId)
    .where('id', '=', customerId)
    .forNoKeyUpdate()
    .executeTakeFirst()

/**
 * Keeps the distance of a trip with the customer of its project. Another distance that is kept already is changed only
 * by who may change customers.
 */
export async function rememberDistance(
  call: Writing,
  customerId: string | null,
  between: Between & { readonly distanceKm: Decimal },
): Promise<void> {
  const { trx, firmId, actor, services, now } = call
  if (!customerId) throw wrongField('/rememberDistance', 'remember-needs-customer')
  await lockDistances(call, customerId)
  const { from, to, distanceKm } = between
  const known = await storedBetween(call, customerId, between)
  if (known) {
    if (sameAmount(decimal(known.distanceKm), distanceKm)) return
    if (!actor.rights.has('customers:write'))
      throw wrongField('/rememberDistance', 'distance-stored', { km: round(decimal(known.distanceKm), 1) })
    await trx
      .updateTable('distance')
      .set({ distanceKm, version: known.version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', known.id)
      .execute()
    const before = { distanceKm: known.distanceKm }
    await remember(call, { kind: 'distance', id: known.id }, 'changed', { before, after: { distanceKm } })
    return
  }
  const id = services.ids.next()
  await trx
    .insertInto('distance')
    .values({ firmId, id, customerId, fromPlace: from, toPlace: to, distanceKm, createdAt: now, updatedAt: now })
    .execute()
  await remember(call, { kind: 'distance', id }, 'created', { after: { customerId, from, to, distanceKm } })
}
