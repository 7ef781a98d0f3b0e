import { sql } from 'kysely'

/**
 * What the customer pays per kilometre, of every trip of a large reading: the rate of the project, else of the customer,
 * else of the firm, and of that the latest that had begun, as `kmRateFor` in core decides. To be joined as `rp`, `rc`
 * and `rf`.
 */
export const kmRateJoins = (firmId: string) => {
  const spans = (scope: 'project' | 'customer' | 'firm', subject: 'project_id' | 'customer_id' | 'firm_id') => sql`(
    select r.${sql.raw(subject)} as subject, r.amount, r.currency, r.from_date,
      coalesce(lead(r.from_date) over (partition by r.${sql.raw(subject)} order by r.from_date, r.id), 'infinity'::date) as until_date
    from rate r where r.firm_id = ${firmId}::uuid and r.unit = 'km' and r.purpose = 'billing' and r.deleted_at is null and r.scope = ${sql.lit(scope)})`
  return sql`
    left join ${spans('project', 'project_id')} rp on e.billable and rp.subject = e.project_id and e.date >= rp.from_date and e.date < rp.until_date
    left join ${spans('customer', 'customer_id')} rc on e.billable and rc.subject = p.customer_id and e.date >= rc.from_date and e.date < rc.until_date
    left join ${spans('firm', 'firm_id')} rf on e.billable and rf.subject = e.firm_id and e.date >= rf.from_date and e.date < rf.until_date`
}

export const kmRateSql = sql`coalesce(rp.amount, rc.amount, rf.amount)`
export const kmRateCurrencySql = sql`case when rp.amount is not null then rp.currency when rc.amount is not null then rc.currency else rf.currency end`
