import { type RawBuilder, sql } from 'kysely'

/**
 * The rate of every hour entry of a large reading. It finds what `rateFor` in core finds: the most specific rate of the
 * project's method, of that the latest that had begun. Rates are turned into spans of days first and joined by hash,
 * where one look-up per entry would take a hundred times as long. To be joined as `rs` (of the project) and `rg`.
 */
export const hourRateJoins = (firmId: string) => {
  const spans = (scopes: RawBuilder<unknown>) => sql`(
    select r.project_id as within, coalesce(r.activity_id, r.member_id, r.customer_id, r.project_id) as subject, r.amount, r.currency, r.from_date,
      coalesce(lead(r.from_date) over (partition by r.scope, r.project_id, r.activity_id, r.member_id, r.customer_id
        order by r.from_date, r.id), 'infinity'::date) as until_date
    from rate r
    where r.firm_id = ${firmId}::uuid and r.unit = 'hour' and r.purpose = 'billing' and r.deleted_at is null and r.scope in (${scopes}))`
  // An id belongs to one thing only, so that the id alone says of which scope a rate is.
  return sql`
    left join ${spans(sql`'project-activity', 'project-user'`)} rs
      on e.billable and rs.within = e.project_id and e.date >= rs.from_date and e.date < rs.until_date
      and rs.subject = case p.invoicing_method when 'hourly-activity' then e.activity_id when 'hourly-user' then e.member_id end
    left join ${spans(sql`'activity', 'user', 'project', 'customer'`)} rg
      on e.billable and e.date >= rg.from_date and e.date < rg.until_date
      and rg.subject = case p.invoicing_method when 'hourly-activity' then e.activity_id when 'hourly-user' then e.member_id
        when 'hourly-project' then e.project_id when 'hourly-customer' then p.customer_id end`
}

export const rateAmountSql = sql`coalesce(rs.amount, rg.amount)`
export const rateCurrencySql = sql`case when rs.amount is not null then rs.currency else rg.currency end`
