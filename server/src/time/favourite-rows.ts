import type { favourite as favouriteShape } from '@uurwerk/api/favourites.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'

export type FavouriteAnswer = z.input<typeof favouriteShape>

/** A person's favourite rows in his order; those whose project or activity is archived wait until it is brought back. */
export async function favouriteRows(trx: Trx, firmId: string, memberId: string): Promise<FavouriteAnswer[]> {
  const { rows } = await sql<FavouriteAnswer>`
    select v.id, v.project_id as "projectId", p.name as "projectName", k.name as "customerName",
      v.activity_id as "activityId", a.name as "activityName"
    from favourite v
    join project p on p.firm_id = v.firm_id and p.id = v.project_id and p.archived_at is null and p.deleted_at is null
    join activity a on a.firm_id = v.firm_id and a.id = v.activity_id and a.archived_at is null and a.deleted_at is null
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where v.firm_id = ${firmId}::uuid and v.member_id = ${memberId}::uuid
    order by v.position, v.id`.execute(trx)
  return rows
}
