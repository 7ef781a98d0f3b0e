import { type RawBuilder, sql } from 'kysely'
import type { InFirm } from './connection.ts'
import { type ConnectionAt, findConnection } from './service.ts'

/** The one connection that takes sales now, to choose from what is asked of it; without a row when none is connected. */
export const activeSales = ({ trx, firmId }: InFirm) =>
  trx
    .selectFrom('connection')
    .where('connection.firmId', '=', firmId)
    .where('connection.purpose', '=', 'sales')
    .where('connection.state', '<>', 'disconnected')

/** The same of a connection that a statement calls so. */
export const takesSales = (connection: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${connection}.purpose`)} = 'sales' and ${sql.ref(`${connection}.state`)} <> 'disconnected')`

export async function findActiveSales(firm: InFirm): Promise<ConnectionAt | undefined> {
  const row = await activeSales(firm).select('id').executeTakeFirst()
  return row && findConnection(firm, row.id)
}
