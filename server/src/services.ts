import type { Connector } from '@uurwerk/connectors/contract/contract.ts'
import type { Clock, Ids, Random } from '@uurwerk/core/shared/ports.ts'
import type { Connections } from './connections/service.ts'
import type { DocumentMaker } from './documents/document-maker.ts'
import type { FileStore } from './files/file-store.ts'
import type { Events } from './http/events.ts'
import type { Queue } from './jobs/queue.ts'
import type { Mail } from './letters/mail.ts'
import type { Log } from './log.ts'
import type { People } from './people/auth.ts'
import type { Engine } from './postings/engine.ts'
import type { Seals } from './secrets.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store/database.ts'
import type { Vies } from './vat-ids/vies.ts'

/** What routes and jobs work with; `program.ts` puts it together, tests put in what they hold in hand. */
export interface Services {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly log: Log
  readonly settings: Settings
  readonly seals: Seals
  readonly people: People
  readonly queue: Queue
  readonly events: Events
  readonly mail: Mail
  /** Looks up VAT ids. */
  readonly vies: Vies
  /** Receipts and other files, by their hash. */
  readonly files: FileStore
  /** Makes PDF and UBL of invoices. */
  readonly documents: DocumentMaker
  /** Every package there is, by id. */
  readonly connectors: ReadonlyMap<string, Connector>
  readonly connections: Connections
  readonly engine: Engine
}
