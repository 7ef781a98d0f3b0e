import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { tellAccessLost } from '../notifications/access-notices.ts'
import type { InFirm, Parts } from './connection.ts'

/** Access is gone until a person signs in again. What waits for the books stays where it is. */
export async function loseAccess(
  parts: Pick<Parts, 'clock' | 'events' | 'ids' | 'connectors'>,
  { trx, firmId }: InFirm,
  which: { readonly connectionId: string } | { readonly grantId: string },
  problem: Problem,
): Promise<void> {
  const { clock, events } = parts
  const now = clock.now()
  let lost = trx
    .updateTable('connection')
    .set((set) => ({
      state: 'reconnect',
      problem: JSON.stringify(problem),
      version: set('version', '+', 1),
      updatedAt: now,
    }))
    .where('firmId', '=', firmId)
    .where('state', 'in', ['connected', 'choosing'])
    .returning('id')
  lost = 'grantId' in which ? lost.where('grantId', '=', which.grantId) : lost.where('id', '=', which.connectionId)
  const rows = await lost.execute()
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await events.publish(trx, firmId, { topic: 'connections', ids })
  await tellAccessLost(parts, trx, firmId, ids)
}
