import { isProblem } from '@uurwerk/core/shared/problem.ts'
import type { Services } from '../services.ts'
import { findConnection } from './service.ts'

/** Keeps the refresh tokens of idle connections from dying; called now and then, by one process at a time. */
export async function keepAccess({ store, connections, log }: Services, signal?: AbortSignal): Promise<void> {
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
    }
  }
}
