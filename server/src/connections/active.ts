import type { InFirm } from './connection.ts'
import { type ConnectionAt, findConnection } from './service.ts'

/** The one connection that takes sales now; undefined when none is connected. */
export async function findActiveSales(firm: InFirm): Promise<ConnectionAt | undefined> {
  const row = await firm.trx
    .selectFrom('connection')
    .select('id')
    .where('firmId', '=', firm.firmId)
    .where('purpose', '=', 'sales')
    .where('state', '<>', 'disconnected')
    .executeTakeFirst()
  return row && findConnection(firm, row.id)
}
