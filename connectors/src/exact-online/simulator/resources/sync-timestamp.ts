import type { SimulatorRow } from '../../../contract/simulator.ts'
import { querySyntax } from '../answers.ts'
import { parseDateTime } from '../odata-filter.ts'
import { field, fields, type Resource, type View } from '../resource.ts'
import { wallTime } from '../server-time.ts'
import { syncSalesInvoices } from './sales-invoices.ts'
import { transactionLines } from './transactions.ts'

/** Endpoints it answers for that are here too (ReadSyncSyncSyncTimestamp). */
const endpoints: Readonly<Record<string, (view: View) => readonly SimulatorRow[]>> = {
  TransactionLines: (view) => transactionLines.rows?.(view) ?? [],
  SalesInvoices: (view) => syncSalesInvoices.rows?.(view) ?? [],
}

const quoted = (value: string | undefined, form: RegExp): string => {
  const found = form.exec(value ?? '')?.[1]
  if (found === undefined) throw querySyntax()
  return found
}

/** The row version from which rows were changed at a time or later; nothing when there are none. Both parameters must be there. */
function timestampsOf(view: View, parameters: URLSearchParams): readonly SimulatorRow[] {
  const since = parseDateTime(quoted(parameters.get('modified') ?? undefined, /^datetime'([^']*)'$/))
  const API = quoted(parameters.get('endPoint') ?? undefined, /^'([^']*)'$/)
  const rows = endpoints[API]
  if (!rows) throw querySyntax()
  const changed = rows(view)
    .filter(({ Modified }) => wallTime(new Date(String(Modified))) >= since)
    .toSorted((a, b) => Number(BigInt(String(a.Timestamp)) - BigInt(String(b.Timestamp))))
  return changed.slice(0, 1).map(({ Modified, Timestamp }) => ({ Modified, API, TimeStampAsBigInt: Timestamp }))
}

/** Answered as a function: where reading by row version may start for a date. */
export const syncTimestamp: Resource = {
  path: 'read/sync/Sync/SyncTimestamp',
  table: 'SyncTimestamp',
  type: 'Exact.Web.Api.Models.Sync.SyncTimestamp',
  key: ['Modified'],
  verbs: ['GET'],
  answers: timestampsOf,
  fields: [field('Modified', 'instant'), field('API', 'string'), ...fields('int64', 'R', 'TimeStampAsBigInt')],
}
