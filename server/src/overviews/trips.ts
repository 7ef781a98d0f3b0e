import { sql } from 'kysely'
import { claimJoin, looseJoins, ofFirm } from '../entries/entry-sql.ts'
import { drivenKmSql } from '../entries/trip-rows.ts'
import { factExportColumns, rateTextSql, sharedExportColumns } from './entry-columns.ts'
import { sharedGroupings } from './groupings.ts'
import { kmRateCurrencySql, kmRateJoins, kmRateSql } from './km-rates.ts'
import type { Overview } from './overview.ts'

const amount = sql`round(${drivenKmSql} * ${kmRateSql}, 2)`
const uninvoiced = sql`e.billable and not e.claimed and e.written_off_at is null`

export const tripsOverview: Overview = {
  name: 'export.trips',
  from: (firmId, { money, claims }) => sql`
    from trip e
    ${looseJoins}
    left join vehicle v on v.firm_id = e.firm_id and v.id = e.vehicle_id
    ${claims ? claimJoin('trip') : sql``}
    ${money ? kmRateJoins(firmId) : sql``}
    ${ofFirm(firmId)}`,
  counted: {
    km: { value: drivenKmSql, whole: false },
    billableKm: { value: sql`case when e.billable then ${drivenKmSql} end`, whole: false },
    uninvoicedKm: { value: sql`case when ${uninvoiced} then ${drivenKmSql} end`, whole: false },
  },
  money: {
    amounts: amount,
    uninvoicedAmounts: sql`case when ${uninvoiced} then ${amount} end`,
  },
  currency: kmRateCurrencySql,
  groups: {
    ...sharedGroupings,
    vehicle: { key: sql`e.vehicle_id`, named: 'vehicle' },
    kind: { key: sql`e.kind` },
  },
  columns: [
    ...sharedExportColumns,
    { id: 'from', head: 'export.fromPlace', kind: 'text', value: sql`e.from_place` },
    { id: 'to', head: 'export.toPlace', kind: 'text', value: sql`e.to_place` },
    { id: 'return', head: 'export.return', kind: 'yes-no', value: sql`e.return_trip` },
    { id: 'km', head: 'export.km', kind: 'decimal', value: drivenKmSql },
    { id: 'vehicle', head: 'export.vehicle', kind: 'text', value: sql`v.name` },
    { id: 'plate', head: 'export.plate', kind: 'text', value: sql`v.plate`, extra: true },
    {
      id: 'kind',
      head: 'export.kind',
      kind: 'word',
      value: sql`e.kind`,
      words: {
        business: 'export.kind.business',
        commute: 'export.kind.commute',
        private: 'export.kind.private',
      },
    },
    ...factExportColumns,
    { id: 'reimbursable', head: 'export.reimbursable', kind: 'yes-no', value: sql`e.reimbursable` },
    { id: 'rate', head: 'export.rate', kind: 'decimal', value: rateTextSql(kmRateSql), money: true },
    { id: 'amount', head: 'export.amount', kind: 'decimal', value: amount, money: true },
    { id: 'currency', head: 'export.currency', kind: 'text', value: kmRateCurrencySql, money: true },
  ],
}
