import { postingsChanged } from '../notifications/posting-notices.ts'
import { resumeConnection as resume } from '../postings/lane.ts'
import type { Services } from '../services.ts'
import type { InFirm } from './connection.ts'

/** Access is back, or what was missing was filled in: what waited for it goes on. */
export const resumeConnection = (
  firm: InFirm,
  { ids, clock, queue, events, connectors }: Pick<Services, 'ids' | 'clock' | 'queue' | 'events' | 'connectors'>,
  connectionId: string,
): Promise<number> =>
  resume(
    {
      ids,
      clock,
      wake: (trx, laneKey) => queue.wakeLane(trx, laneKey),
      notify: postingsChanged({ ids, clock, events, connectors }),
    },
    firm,
    connectionId,
  )
