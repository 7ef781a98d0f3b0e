import { dueDateOf } from '@uurwerk/core/invoicing/due-date.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Insertable } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import type { Invoice } from '../store/schema.gen.ts'
import { type CustomerRow, type FirmRow, paymentTermOf } from './invoice-rows.ts'
import { textsFor } from './invoice-texts.ts'

interface NewDraft {
  readonly customer: CustomerRow
  readonly firm: FirmRow
  readonly seriesId: string
  readonly date: CalendarDate
}

/** A draft with what follows from its customer and the firm, and `more` that is known of it; answers its id. */
export async function insertDraft(
  { trx, firmId, services, actor, now }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'actor' | 'now'>,
  { customer, firm, seriesId, date }: NewDraft,
  more: Partial<Insertable<Invoice>> = {},
): Promise<string> {
  const id = services.ids.next()
  await trx
    .insertInto('invoice')
    .values({
      firmId,
      id,
      customerId: customer.id,
      seriesId,
      date,
      dueDate: dueDateOf(date, paymentTermOf(customer, firm)),
      language: customer.language,
      currency: customer.currency,
      ...textsFor(firm, customer.language),
      ...more,
      createdBy: actor.memberId,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  return id
}
