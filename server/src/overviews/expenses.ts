import { sql } from 'kysely'
import { claimJoin, looseJoins, ofFirm } from '../entries/entry-sql.ts'
import { factExportColumns, sharedExportColumns } from './entry-columns.ts'
import { sharedGroupings } from './groupings.ts'
import type { Overview } from './overview.ts'

const uninvoiced = sql`e.billable and not e.claimed and e.written_off_at is null`

export const expensesOverview: Overview = {
  name: 'export.expenses',
  from: (firmId, { claims }) => sql`
    from expense e
    ${looseJoins}
    left join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id
    ${claims ? claimJoin('expense') : sql``}
    ${ofFirm(firmId)}`,
  counted: {},
  money: {
    gross: sql`e.gross`,
    reimbursable: sql`case when e.reimbursable then e.gross end`,
    unpaid: sql`case when e.reimbursable and e.reimbursement_id is null then e.gross end`,
    amounts: sql`case when e.billable then e.recharge_net end`,
    uninvoicedAmounts: sql`case when ${uninvoiced} then e.recharge_net end`,
  },
  open: ['gross', 'reimbursable', 'unpaid'],
  currency: sql`e.currency`,
  groups: { ...sharedGroupings, category: { key: sql`e.category_id`, named: 'expense_category' } },
  columns: [
    ...sharedExportColumns,
    { id: 'category', head: 'export.category', kind: 'text', value: sql`g.name` },
    ...factExportColumns,
    { id: 'reimbursable', head: 'export.reimbursable', kind: 'yes-no', value: sql`e.reimbursable` },
    { id: 'reimbursed', head: 'export.reimbursed', kind: 'yes-no', value: sql`e.reimbursement_id is not null` },
    { id: 'gross', head: 'export.gross', kind: 'decimal', value: sql`e.gross` },
    { id: 'inputVat', head: 'export.inputVat', kind: 'decimal', value: sql`e.input_vat` },
    { id: 'net', head: 'export.net', kind: 'decimal', value: sql`e.gross - e.input_vat`, extra: true },
    {
      id: 'margin',
      head: 'export.margin',
      kind: 'decimal',
      value: sql`e.margin_percent`,
      money: true,
      extra: true,
    },
    {
      id: 'amount',
      head: 'export.recharge',
      kind: 'decimal',
      value: sql`case when e.billable then e.recharge_net end`,
      money: true,
    },
    { id: 'currency', head: 'export.currency', kind: 'text', value: sql`e.currency` },
  ],
}
