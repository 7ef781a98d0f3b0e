import type { inBooksNow } from '@uurwerk/api/payments.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'
import { countsSql } from '../invoices/in-books.ts'
import { readPaymentMark } from './settlement-rows.ts'

type Answer = z.input<typeof inBooksNow>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services'>

interface Row {
  readonly postingId: string
  readonly connectionId: string
  readonly package: string
  readonly mode: 'sandbox' | 'live'
  readonly connectionState: string
  readonly number: string | null
  readonly url: string | null
  readonly state: Answer['state']
  readonly why: Answer['why']
  readonly outstanding: string | null
  readonly lastPaidOn: string | null
  readonly changedAt: Date | null
}

/** What the accounting package says of an invoice that was posted to it; null when it was not. */
export async function booksNow({ trx, firmId, services }: Asking, invoiceId: string): Promise<Answer | null> {
  const { rows } = await sql<Row>`
    select p.id as "postingId", k.id as "connectionId", k.package, k.mode, k.state as "connectionState",
      p.their_number as number, p.url, s.state, s.why, s.outstanding, s.last_paid_on as "lastPaidOn",
      s.changed_at as "changedAt"
    from posting p
    join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
    left join posting_settled s on s.firm_id = p.firm_id and s.posting_id = p.id
    where p.firm_id = ${firmId} and p.subject_id = ${invoiceId} and p.kind = 'salesEntry' and p.state = 'posted'
      and ${countsSql}
    order by k.state = 'disconnected', p.sequence desc limit 1`.execute(trx)
  const [row] = rows
  if (!row) return null
  const { connectionState, changedAt, package: packageId, ...told } = row
  const { manifest } = services.connections.connectorOf(packageId)
  const { readAt } = await readPaymentMark({ trx, firmId }, row.connectionId)
  return {
    ...told,
    packageName: manifest.name,
    seenAt: readAt?.toISOString() ?? null,
    changedAt: changedAt?.toISOString() ?? null,
    canLook: manifest.settled && connectionState === 'connected',
  }
}
