import { sql } from 'kysely'
import type { CustomerLinked } from './engine.ts'
import type { Firm } from './posting-rows.ts'

/** Before its link is written: an import changes a customer first and links it then. */
export const holdCustomer = ({ trx, firmId }: Firm, customerId: string) =>
  sql`select 1 from customer where firm_id = ${firmId} and id = ${customerId} for update`.execute(trx)

/** The number that the package gave becomes ours when we have none; another customer's number is never taken. */
export const writeBackNumber: CustomerLinked = async ({ trx, firmId }, { customerId, theirCode, at }) => {
  const { rows } = await sql<{ number: string | null; taken: boolean }>`
    select number, exists (
      select 1 from customer other where other.firm_id = customer.firm_id and other.number = ${theirCode}
        and other.deleted_at is null and other.id <> customer.id) as taken
    from customer where firm_id = ${firmId} and id = ${customerId} for update`.execute(trx)
  const found = rows[0]
  if (!found || found.number === theirCode) return 'kept'
  if (found.number !== null || found.taken) {
    await askWhose({ trx, firmId }, customerId, theirCode, at)
    return 'conflict'
  }
  await sql`
    update customer set number = ${theirCode}, version = version + 1, updated_at = ${at}
    where firm_id = ${firmId} and id = ${customerId}`.execute(trx)
  return 'written'
}

/** Stands among the relations to decide about until a person says who has the number; the next import looks again. */
const askWhose = ({ trx, firmId }: Firm, customerId: string, theirCode: string, at: Date) =>
  sql`
    insert into import_conflict as c (firm_id, id, connection_id, their_id, their_code, their_name, reason, "values",
      candidates, fingerprint, opened_at, seen_at)
    select l.firm_id, gen_random_uuid(), l.connection_id, l.their_id, ${theirCode}, mine.name,
      case when other.id is null then 'number-differs' else 'two-candidates' end,
      jsonb_build_object('ours', coalesce(other.name, mine.name), 'other', mine.name, 'number', ${theirCode}::text),
      case when other.id is null then jsonb_build_array(jsonb_build_object('customerId', mine.id, 'why', jsonb_build_array('linked')))
        else jsonb_build_array(jsonb_build_object('customerId', mine.id, 'why', jsonb_build_array('linked')),
          jsonb_build_object('customerId', other.id, 'why', jsonb_build_array('number'))) end,
      'number ' || ${theirCode}::text, ${at}, ${at}
    from link l
    join customer mine on mine.firm_id = l.firm_id and mine.id = l.our_id
    left join customer other on other.firm_id = l.firm_id and other.number = ${theirCode} and other.deleted_at is null
      and other.id <> mine.id
    where l.firm_id = ${firmId} and l.noun = 'customer' and l.our_id = ${customerId} and l.their_code = ${theirCode}
    on conflict (firm_id, connection_id, their_id) do update set state = 'open', reason = excluded.reason,
      "values" = excluded."values", candidates = excluded.candidates, fingerprint = excluded.fingerprint,
      seen_at = excluded.seen_at, settled_at = null, settled_by = null, version = c.version + 1`.execute(trx)
