import { isProblem } from '@uurwerk/core/shared/problem.ts'
import { accessIsWell, tellAccessEnds } from '../notifications/access-notices.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'
import { type ConnectionAt, findConnection } from './service.ts'

/** Keeps the refresh tokens of idle connections from dying; called now and then, by one process at a time. */
export async function keepAccess(services: Services, signal?: AbortSignal): Promise<void> {
  const { store, connections, log } = services
  const firms = await store.readDirectory((reader) => reader.selectFrom('directory.firm').select('id').execute())
  for (const { id: firmId } of firms) {
    const rows = await store.withFirm(
      firmId,
      (trx) =>
        trx
          .selectFrom('connection')
          .select('id')
          .where('firmId', '=', firmId)
          .where('state', '=', 'connected')
          .where('grantId', 'is not', null)
          .execute(),
      { readOnly: true },
    )
    for (const { id } of rows) {
      if (signal?.aborted) return
      const connection = await store.withFirm(firmId, (trx) => findConnection({ trx, firmId }, id), { readOnly: true })
      if (!connection) continue
      try {
        await connections.keepAlive(connection)
      } catch (error) {
        // The connection says so itself by now; the others still have their turn.
        if (!isProblem(error)) throw error
        log.warn({ err: error, connection: id }, 'access could not be kept alive')
      }
      await warnOfEnd(services, connection)
    }
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
