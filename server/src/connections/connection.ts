import type { Connector } from '@uurwerk/connectors/contract/contract.ts'
import type { Simulator } from '@uurwerk/connectors/contract/simulator.ts'
import type { Clock, Ids, Random } from '@uurwerk/core/shared/ports.ts'
import type { Events } from '../http/events.ts'
import type { Log } from '../log.ts'
import type { Seals } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import type { Store, Trx } from '../store/database.ts'

/** What connections are made of. */
export interface Parts {
  readonly store: Store
  readonly seals: Seals
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly log: Log
  readonly settings: Pick<Settings, 'publicUrl' | 'sandbox' | 'exactOnline'>
  readonly events: Pick<Events, 'publish'>
  readonly connectors: ReadonlyMap<string, Connector>
  readonly simulators: ReadonlyMap<string, Simulator>
  /** Where this process reaches the sandbox, as an origin. */
  readonly sandboxOrigin: () => string
}

export type Mode = 'sandbox' | 'live'

/** What a connection is known by when it talks. */
export interface ConnectionKey {
  readonly id: string
  readonly firmId: string
  readonly package: string
  readonly country: string
  readonly mode: Mode
  readonly administration: string | null
}

export interface InFirm {
  readonly trx: Trx
  readonly firmId: string
}
