import { resumeConnection as resume } from '../postings/lane.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'

/** Access is back, or what was missing was filled in: what waited for it goes on. */
export const resumeConnection = (
  firm: InFirm,
  { ids, clock, queue, events }: Pick<Services, 'ids' | 'clock' | 'queue' | 'events'>,
  connectionId: string,
): Promise<number> =>
  resume(
    {
      ids,
      clock,
      wake: (trx, laneKey) => queue.wakeLane(trx, laneKey),
      notify: (trx, firmId, postingIds) => events.publish(trx, firmId, { topic: 'postings', ids: postingIds }),
    },
    firm,
    connectionId,
  )
