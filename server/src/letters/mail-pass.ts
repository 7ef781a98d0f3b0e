import { holdLease, type Lease } from '../postings/lease.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

export type MailServices = Pick<
  Services,
  'store' | 'clock' | 'ids' | 'log' | 'mail' | 'files' | 'documents' | 'events' | 'queue'
>

/** Steps of the lane, in the order of one letter. */
export const mailPoints = [
  'lease-taken',
  'orphans-doubted',
  'letter-found',
  'attachments-made',
  'attachments-kept',
  'composed',
  'sending-stored',
  'handed-over',
  'outcome-stored',
  'before-release',
] as const
export type MailPoint = (typeof mailPoints)[number]

/** One turn of a worker in the lane of a firm. */
export interface Pass {
  readonly services: MailServices
  readonly firmId: string
  readonly lease: Lease
  readonly leaseMs: number
  readonly at: (point: MailPoint) => Promise<void>
}

/** A transaction that is only committed while the lane is ours. */
export const inLane = <Result>({ services, firmId, lease, leaseMs }: Pass, act: (trx: Trx) => Promise<Result>) =>
  services.store.withFirm(firmId, async (trx) => {
    await holdLease(trx, lease, leaseMs)
    return act(trx)
  })

/** A fault of a test: nothing more is done, and the lease stays as a process leaves it that dies. */
export class PassEnded extends Error {
  override readonly name = 'PassEnded'
}
