import { lockLanes } from '../postings/lane-due.ts'
import { activeSales } from './active.ts'
import type { InFirm } from './connection.ts'
import { resumeConnection } from './resume.ts'

/**
 * Holds the lane that sales go to, before customers are locked, as whoever posts does; answers with what lets go on what
 * waited there for something that was missing of a customer.
 */
export async function holdSales(
  firm: InFirm,
  services: Parameters<typeof resumeConnection>[1],
): Promise<() => Promise<void>> {
  const active = await activeSales(firm).select(['id', 'laneKey']).executeTakeFirst()
  if (!active?.laneKey) return async () => undefined
  await lockLanes(firm.trx, [active.laneKey])
  return async () => void (await resumeConnection(firm, services, active.id))
}
