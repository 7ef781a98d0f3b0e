import { type RawBuilder, sql } from 'kysely'
import { stateSql } from '../entries/entry-sql.ts'
import type { OverviewColumn } from './overview.ts'

/** Of every kind of entry: who, when, for whom. */
export const sharedExportColumns: readonly OverviewColumn[] = [
  { id: 'date', head: 'export.date', kind: 'date', value: sql`e.date` },
  { id: 'person', head: 'export.person', kind: 'text', value: sql`m.name` },
  { id: 'personNumber', head: 'export.personNumber', kind: 'text', value: sql`m.number`, extra: true },
  { id: 'customerNumber', head: 'export.customerNumber', kind: 'text', value: sql`k.number`, extra: true },
  { id: 'customer', head: 'export.customer', kind: 'text', value: sql`k.name` },
  { id: 'projectCode', head: 'export.projectCode', kind: 'text', value: sql`p.code`, extra: true },
  { id: 'project', head: 'export.project', kind: 'text', value: sql`p.name` },
]

/** Of every kind of entry: its note and how it stands. */
export const factExportColumns: readonly OverviewColumn[] = [
  { id: 'note', head: 'export.note', kind: 'text', value: sql`e.note` },
  { id: 'tags', head: 'export.tags', kind: 'text', value: sql`array_to_string(e.tags, ', ')` },
  { id: 'billable', head: 'export.billable', kind: 'yes-no', value: sql`e.billable` },
  {
    id: 'approval',
    head: 'export.approval',
    kind: 'word',
    value: sql`e.approval`,
    words: {
      open: 'export.approval.open',
      submitted: 'export.approval.submitted',
      approved: 'export.approval.approved',
      rejected: 'export.approval.rejected',
    },
  },
  {
    id: 'state',
    head: 'export.state',
    kind: 'word',
    value: stateSql,
    words: {
      free: 'export.state.free',
      reserved: 'export.state.reserved',
      invoiced: 'export.state.invoiced',
      'written-off': 'export.state.writtenOff',
    },
  },
  { id: 'invoice', head: 'export.invoice', kind: 'text', value: sql`i.number` },
  { id: 'id', head: 'export.id', kind: 'text', value: sql`e.id::text`, extra: true },
]

/** A rate with at least two decimals, and no more than it needs, as `rateText`. */
export const rateTextSql = (rate: RawBuilder<unknown>) =>
  sql`case when ${rate} = round(${rate}, 2) then round(${rate}, 2) else trim_scale(${rate}) end`
