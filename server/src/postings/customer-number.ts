import { sql } from 'kysely'
import type { CustomerLinked } from './engine.ts'

/** The number that the package gave becomes ours when we have none; another customer's number is never taken. */
export const writeBackNumber: CustomerLinked = async ({ trx, firmId }, { customerId, theirCode, at }) => {
  const { rows } = await sql<{ number: string | null; taken: boolean }>`
    select number, exists (
      select 1 from customer other where other.firm_id = customer.firm_id and other.number = ${theirCode}
        and other.deleted_at is null and other.id <> customer.id) as taken
    from customer where firm_id = ${firmId} and id = ${customerId} for update`.execute(trx)
  const found = rows[0]
  if (!found || found.number === theirCode) return 'kept'
  if (found.number !== null || found.taken) return 'conflict'
  await sql`
    update customer set number = ${theirCode}, version = version + 1, updated_at = ${at}
    where firm_id = ${firmId} and id = ${customerId}`.execute(trx)
  return 'written'
}
