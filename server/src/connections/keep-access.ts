import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { accessIsWell, tellAccessEnds } from '../notifications/access-notices.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'
import { type ConnectionAt, findConnection } from './service.ts'

/**
 * Keeps the refresh tokens of idle connections from dying; called now and then, by one process at a time. What goes
 * wrong with one connection or firm takes nothing from the others.
 */
export async function keepAccess(services: Services, signal?: AbortSignal): Promise<void> {
  const { store, log } = services
  const firms = await store.readDirectory((reader) => reader.selectFrom('directory.firm').select('id').execute())
  for (const { id: firmId } of firms) {
    try {
      for (const id of await grantedTo(services, firmId)) {
        if (signal?.aborted) return
        await keepOne(services, firmId, id)
      }
    } catch (error) {
      log.error({ err: error, firm: firmId }, 'access of a firm could not be looked at')
    }
  }
}

async function grantedTo({ store }: Services, firmId: string): Promise<readonly string[]> {
  const rows = await store.withFirm(
    firmId,
    (trx) =>
      trx
        .selectFrom('connection')
        .select('id')
        .where('firmId', '=', firmId)
        .where('state', '=', 'connected')
        .where('grantId', 'is not', null)
        .orderBy('id')
        .execute(),
    { readOnly: true },
  )
  return rows.map(({ id }) => id)
}

async function keepOne(services: Services, firmId: string, id: string): Promise<void> {
  const { store, connections, log } = services
  try {
    const connection = await store.withFirm(firmId, (trx) => findConnection({ trx, firmId }, id), { readOnly: true })
    if (!connection) return
    try {
      await connections.keepAlive(connection)
    } catch (error) {
      // A problem the connection says itself by now; anything else is a mistake of ours.
      if (isProblem(error)) log.warn({ err: error, connection: id }, 'access could not be kept alive')
      else log.error({ err: error, connection: id }, 'keeping access alive broke off')
    }
    await warnOfEnd(services, connection)
  } catch (error) {
    log.error({ err: error, connection: id }, 'a connection could not be looked at')
  }
}

/** After so much of the time that unused access lives, somebody should know. */
const warnAfter = 2 / 3

export interface AccessEnd {
  readonly unusedSince: Date
  readonly endsAt: Date
  readonly isNear: boolean
}

/** When access that nobody can renew ends; undefined for a package whose access does not. */
export async function accessEnd(
  { connections, clock }: Pick<Services, 'connections' | 'clock'>,
  { trx, firmId }: InFirm,
  connection: ConnectionAt,
): Promise<AccessEnd | undefined> {
  const { signIn } = connections.connectorOf(connection.package)
  if (signIn.kind !== 'oauth' || !connection.grantId) return undefined
  const grant = await trx
    .selectFrom('accessGrant')
    .select('issuedAt')
    .where('firmId', '=', firmId)
    .where('id', '=', connection.grantId)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst()
  if (!grant?.issuedAt) return undefined
  const { idleMs } = signIn.timing
  const unusedMs = clock.now().getTime() - grant.issuedAt.getTime()
  return {
    unusedSince: grant.issuedAt,
    endsAt: new Date(grant.issuedAt.getTime() + idleMs),
    isNear: unusedMs >= idleMs * warnAfter,
  }
}

const warnOfEnd = (services: Services, { firmId, id }: ConnectionAt): Promise<void> =>
  services.store.withFirm(firmId, async (trx) => {
    const connection = await findConnection({ trx, firmId }, id)
    if (connection?.state !== 'connected') return
    const end = await accessEnd(services, { trx, firmId }, connection)
    if (end?.isNear) await tellAccessEnds(services, trx, firmId, { connectionId: id, ...end })
    else await accessIsWell(services, trx, firmId, id)
  })
