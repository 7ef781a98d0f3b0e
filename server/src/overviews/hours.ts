import { sql } from 'kysely'
import { claimJoin, looseJoins, ofFirm } from '../entries/entry-sql.ts'
import { factExportColumns, rateTextSql, sharedExportColumns } from './entry-columns.ts'
import { sharedGroupings } from './groupings.ts'
import { hourRateJoins, rateAmountSql, rateCurrencySql } from './hour-rates.ts'
import type { Overview } from './overview.ts'

/** Quantity is hours in four decimals; the amount is rounded to cents per entry. */
const quantity = sql`round(e.minutes / 60.0, 4)`
const amount = sql`round(${quantity} * ${rateAmountSql}, 2)`
const uninvoiced = sql`e.billable and not e.claimed and e.written_off_at is null and p.invoicing_method like 'hourly-%'`

export const hoursOverview: Overview = {
  name: 'export.hours',
  from: (firmId, { money, claims }) => sql`
    from hour_entry e
    ${looseJoins}
    left join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
    ${claims ? claimJoin('hours') : sql``}
    ${money ? hourRateJoins(firmId) : sql``}
    ${ofFirm(firmId)}`,
  counted: {
    minutes: { value: sql`e.minutes`, whole: true },
    billableMinutes: { value: sql`case when e.billable then e.minutes end`, whole: true },
    uninvoicedMinutes: { value: sql`case when ${uninvoiced} then e.minutes end`, whole: true },
  },
  money: {
    amounts: amount,
    uninvoicedAmounts: sql`case when ${uninvoiced} then ${amount} end`,
  },
  currency: rateCurrencySql,
  groups: { ...sharedGroupings, activity: { key: sql`e.activity_id`, named: 'activity' } },
  columns: [
    ...sharedExportColumns,
    { id: 'activity', head: 'export.activity', kind: 'text', value: sql`a.name` },
    { id: 'start', head: 'export.start', kind: 'text', value: clock(sql`e.start_minute`), extra: true },
    { id: 'end', head: 'export.end', kind: 'text', value: clock(sql`e.end_minute`), extra: true },
    { id: 'break', head: 'export.break', kind: 'decimal', value: sql`e.break_minutes`, extra: true },
    ...factExportColumns,
    { id: 'minutes', head: 'export.minutes', kind: 'decimal', value: sql`e.minutes`, extra: true },
    { id: 'hours', head: 'export.hours', kind: 'decimal', value: quantity },
    { id: 'rate', head: 'export.rate', kind: 'decimal', value: rateTextSql(rateAmountSql), money: true },
    { id: 'amount', head: 'export.amount', kind: 'decimal', value: amount, money: true },
    { id: 'currency', head: 'export.currency', kind: 'text', value: rateCurrencySql, money: true },
  ],
}

function clock(minute: ReturnType<typeof sql>) {
  return sql`to_char(make_interval(mins => ${minute} % 1440), 'HH24:MI')`
}
