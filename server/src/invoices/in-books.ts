import { sql } from 'kysely'

/** Of a connection `k`: whether what was posted over it counts as being in the books. */
export const countsSql = sql<boolean>`(k.state <> 'disconnected' or k.mode = 'live')`

/** Of an invoice `i`: whether it has reached the books, through us or before us. */
export const inBooksSql = sql<boolean>`(i.already_in_books or exists (
  select 1 from posting p join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
  where p.firm_id = i.firm_id and p.subject_id = i.id and p.kind = 'salesEntry' and p.state = 'posted' and ${countsSql}))`
