import { postingsChanged } from '../notifications/posting-notices.ts'
import { resumeConnection as resume } from '../postings/lane.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'

/** Access is back, or what was missing was filled in: what waited for it goes on. */
export const resumeConnection = (
  firm: InFirm,
  services: Pick<Services, 'ids' | 'clock' | 'queue' | 'events' | 'connectors'>,
  connectionId: string,
): Promise<number> => {
  const { ids, clock, queue } = services
  const wake = (trx: InFirm['trx'], laneKey: string) => queue.wakeLane(trx, laneKey)
  return resume({ ids, clock, wake, notify: postingsChanged(services) }, firm, connectionId)
}
