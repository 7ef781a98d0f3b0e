import type { inBooksNow } from '@uurwerk/api/payments.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { countsSql } from '../invoices/in-books.ts'
import type { Services } from '../services.ts'

type Answer = z.input<typeof inBooksNow>

/**
 * What the package says was paid of document `d`, made over connection `k`, as `paid`: of its printing where that is what
 * booked it, else of the document itself. Without a row while it holds nothing, or counts for nothing any more.
 */
export const paidThereSql = sql`
  left join lateral (
    select t.id as posting_id, s.state, s.why, s.outstanding, s.last_paid_on, s.changed_at,
      (select a.read_at from package_mark a
        where a.firm_id = d.firm_id and a.connection_id = d.connection_id and a.noun = 'settlements') as seen_at
    from posting t
    join connection k on k.firm_id = t.firm_id and k.id = t.connection_id
    left join posting_settled s on s.firm_id = t.firm_id and s.posting_id = t.id
    where t.firm_id = d.firm_id and t.subject_id = d.id and t.kind in ('salesInvoice', 'printing') and t.state = 'posted'
      and d.state in ('made', 'printed') and ${countsSql}
    order by s.state is null, t.sequence desc limit 1) paid on true`

/** The columns of `paid`, named as the row below has them. */
export const paidThereColumns = sql`paid.posting_id as "paidPostingId", paid.state as "paidState", paid.why as "paidWhy",
  paid.outstanding, paid.last_paid_on as "lastPaidOn", paid.seen_at as "paidSeenAt", paid.changed_at as "paidChangedAt"`

export interface PaidThereRow {
  readonly paidPostingId: string | null
  readonly paidState: Answer['state']
  readonly paidWhy: Answer['why']
  readonly outstanding: string | null
  readonly lastPaidOn: string | null
  readonly paidSeenAt: Date | null
  readonly paidChangedAt: Date | null
}

interface OfDocument extends PaidThereRow {
  readonly state: string
  readonly connectionId: string
  readonly connectionState: string
  readonly package: string
  readonly mode: 'sandbox' | 'live'
  readonly theirNumber: string | null
  readonly url: string | null
}

/** Null while it is not booked there, so that nothing of it can be paid. */
export function paidThere({ connectors }: Pick<Services, 'connectors'>, row: OfDocument): Answer | null {
  const manifest = connectors.get(row.package)?.manifest
  const isUnbooked = row.state === 'made' && row.paidState === null && manifest?.posts.includes('printing')
  if (row.paidPostingId === null || isUnbooked) return null
  return {
    connectionId: row.connectionId,
    packageName: manifest?.name ?? row.package,
    mode: row.mode,
    postingId: row.paidPostingId,
    number: row.theirNumber,
    url: row.url,
    state: row.paidState,
    why: row.paidWhy,
    outstanding: row.outstanding,
    lastPaidOn: row.lastPaidOn,
    seenAt: row.paidSeenAt?.toISOString() ?? null,
    changedAt: row.paidChangedAt?.toISOString() ?? null,
    canLook: manifest?.settled === true && row.connectionState === 'connected',
  }
}
