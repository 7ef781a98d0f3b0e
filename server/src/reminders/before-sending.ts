import { compare, decimal, sameAmount, zero } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { Trx } from '../store/database.ts'

interface Leaving {
  readonly firmId: string
  /** The letter of a reminder, about to be handed to the mail server. */
  readonly letterId: string
}

/**
 * A last look before a reminder leaves: why it must not, or null. Paid in whole meanwhile, held, or to a customer who
 * gets none any more it stays here; so it does when something else is outstanding than it asks for, and can then be
 * written again.
 */
export async function whyReminderStays(trx: Trx, { firmId, letterId }: Leaving): Promise<Problem | null> {
  const { rows } = await sql<{
    number: string
    asked: string
    outstanding: string
    held: boolean
    customerOff: boolean
    customer: string
  }>`
    select i.number, coalesce(l.outstanding, i.outstanding) as asked, i.outstanding, i.reminders_held as held,
      k.reminders_off as "customerOff", k.name as customer
    from letter l
    join invoice i on i.firm_id = l.firm_id and i.id = l.invoice_id
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where l.firm_id = ${firmId}::uuid and l.id = ${letterId}::uuid and l.kind = 'reminder'`.execute(trx)
  const [found] = rows
  if (!found) return null
  const { number, customer, held, customerOff } = found
  const outstanding = decimal(found.outstanding)
  const stays = (code: string): Problem => ({ kind: 'conflict', code, values: { number, customer } })
  if (compare(outstanding, zero) <= 0) return stays('reminder-paid')
  if (held) return stays('reminder-held')
  if (customerOff) return stays('reminder-customer-off')
  return sameAmount(outstanding, decimal(found.asked)) ? null : stays('reminder-amount-changed')
}
