import { type RawBuilder, sql } from 'kysely'
import { filesOfExpense } from './expense-rows.ts'

export interface OpenFilter {
  readonly firmId: string
  readonly currency: string
  /** Where approval is on, only what was approved is paid back. */
  readonly approvalOn: boolean
  readonly today: string
  readonly memberId?: readonly string[] | undefined
  readonly until?: string | undefined
  /** These alone. */
  readonly ids?: readonly string[] | undefined
}

/** An expense or a trip that an employee still gets money for. */
export interface OpenLine {
  readonly kind: 'expense' | 'trip'
  readonly id: string
  readonly memberId: string
  readonly memberName: string
  readonly date: string
  readonly description: string
  readonly projectName: string | null
  readonly km: string | null
  readonly rate: string | null
  /** Null for a trip on a day without a rate. */
  readonly amount: string | null
  readonly files: { id: string; name: string; mediaType: string; sizeBytes: number }[]
}

/**
 * Reimbursable and not paid yet, of expenses and trips alike; being billed or written off has nothing to do with it.
 * The rate of a trip is the employee's own that holds on its day, else the firm's, as `reimbursementRateFor` in core
 * decides. A test holds the two against each other.
 */
export function openLines(filter: OpenFilter): RawBuilder<unknown> {
  const { firmId, currency, approvalOn, today, memberId, until, ids } = filter
  const where = sql`e.firm_id = ${firmId}::uuid and e.deleted_at is null and e.reimbursable and e.reimbursement_id is null
    and ${approvalOn ? sql`e.approval = 'approved'` : sql`e.approval <> 'rejected' and e.date <= ${today}::date`}
    ${memberId && memberId.length > 0 ? sql` and e.member_id = any(${[...memberId]}::uuid[])` : sql``}
    ${until ? sql` and e.date <= ${until}::date` : sql``}
    ${ids ? sql` and e.id = any(${[...ids]}::uuid[])` : sql``}`
  const joins = sql`join member m on m.firm_id = e.firm_id and m.id = e.member_id
    left join project p on p.firm_id = e.firm_id and p.id = e.project_id`
  return sql`(
    select 'expense' as kind, e.id, e.member_id, m.name as member_name, e.date,
      concat_ws(': ', g.name, nullif(e.note, '')) as description, p.name as project_name,
      null::numeric as km, null::numeric as rate, e.gross as amount, ${filesOfExpense} as files
    from expense e ${joins} join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id
    where ${where}
    union all
    select 'trip', e.id, e.member_id, m.name, e.date,
      concat_ws(': ', concat(e.from_place, case when e.return_trip then ' ↔ ' else ' → ' end, e.to_place), nullif(e.note, '')),
      p.name, driven.km, rate.amount, round(driven.km * rate.amount, 2), '[]'::json
    from trip e ${joins}
    cross join lateral (select e.distance_km * case when e.return_trip then 2 else 1 end as km) driven
    left join lateral (
      select r.amount from rate r
      where r.firm_id = e.firm_id and r.unit = 'km' and r.purpose = 'reimbursement' and r.deleted_at is null
        and r.currency = ${currency} and r.from_date <= e.date
        and (r.scope = 'firm' or (r.scope = 'user' and r.member_id = e.member_id))
      order by (r.scope = 'user') desc, r.from_date desc, r.id desc limit 1
    ) rate on true
    where ${where}
  )`
}
