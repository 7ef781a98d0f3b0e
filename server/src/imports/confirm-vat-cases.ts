import type { Route } from '@uurwerk/api/route.ts'
import type { VatCase } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { holdSales } from '../connections/resume-sales.ts'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'

interface Confirmed {
  readonly id: string
  readonly version: number
  readonly vatCase: VatCase
}

interface Decisions {
  readonly done: readonly string[]
  readonly leftOut: readonly { readonly id: string; readonly name: string; readonly problem: Problem }[]
}

/** What was derived from country and VAT id is confirmed once, or said otherwise. */
export async function confirmVatCases(
  call: Pick<FirmCall<Route>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>,
  confirmed: readonly Confirmed[],
): Promise<Decisions> {
  const { trx, firmId, now } = call
  const resume = await holdSales(call, call.services)
  const ids = confirmed.map(({ id }) => id)
  const { rows } = await sql<{ id: string; name: string; version: number; vatId: string | null; vatCase: string }>`
    select id, name, version, vat_id as "vatId", vat_case as "vatCase" from customer
    where firm_id = ${firmId} and id = any(${ids}::uuid[]) and deleted_at is null order by id for update`.execute(trx)
  const found = new Map(rows.map((row) => [row.id, row]))
  const done: string[] = []
  const leftOut: Decisions['leftOut'][number][] = []
  for (const { id, version, vatCase } of confirmed) {
    const customer = found.get(id)
    const problem: Problem | null = !customer
      ? { kind: 'missing', code: 'not-found', values: { what: 'customer' } }
      : customer.version !== version
        ? { kind: 'conflict', code: 'at-the-same-time' }
        : vatCase === 'eu-business' && !customer.vatId
          ? { kind: 'conflict', code: 'proposal-needs-vat-id', values: { customer: customer.name } }
          : null
    if (problem || !customer) {
      leftOut.push({
        id,
        name: customer?.name ?? '',
        problem: problem ?? { kind: 'conflict', code: 'at-the-same-time' },
      })
      continue
    }
    await trx
      .updateTable('customer')
      .set({ vatCase, vatCaseConfirmed: true, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .execute()
    await remember(call, { kind: 'customer', id }, 'vat-case-confirmed', {
      before: { vatCase: customer.vatCase },
      after: { vatCase },
    })
    // Named twice, the second is of an older version.
    found.set(id, { ...customer, version: version + 1 })
    done.push(id)
  }
  if (done.length > 0) {
    await resume()
    await call.services.events.publish(trx, firmId, { topic: 'customers', ids: done })
  }
  return { done, leftOut }
}
