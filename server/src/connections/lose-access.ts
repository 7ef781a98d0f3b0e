import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { InFirm, Parts } from './connection.ts'

/** Access is gone until a person signs in again. What waits for the books stays where it is. */
export async function loseAccess(
  { clock, events }: Pick<Parts, 'clock' | 'events'>,
  { trx, firmId }: InFirm,
  which: { readonly connectionId: string } | { readonly grantId: string },
  problem: Problem,
): Promise<void> {
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
  if (rows.length > 0) await events.publish(trx, firmId, { topic: 'connections', ids: rows.map(({ id }) => id) })
}
