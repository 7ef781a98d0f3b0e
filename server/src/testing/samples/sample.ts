import type { RouteName } from '@uurwerk/api/routes.ts'
import type { Store } from '../../store/database.ts'
import type { FurnishedFirm } from '../furnished.ts'

export interface Sample {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** A file in place of a body. */
  readonly bytes?: Uint8Array
  /** The row whose version goes into If-Match. */
  readonly row?: VersionedRow
}

const versionedTables = [
  'firm',
  'member',
  'customer',
  'project',
  'activity',
  'rate',
  'hourEntry',
  'timer',
  'absence',
  'absenceKind',
  'expense',
  'expenseCategory',
  'trip',
  'vehicle',
  'distance',
  'series',
  'instalment',
  'subscription',
  'subscriptionPeriod',
  'invoice',
  'letter',
  'mailTemplate',
  'connection',
  'payment',
  'posting',
  'booksDifference',
  'packageInvoice',
  'importConflict',
  'customerProposal',
  'savedView',
  'contact',
  'team',
  'tag',
] as const
type VersionedRow = readonly [table: (typeof versionedTables)[number], id: string]

/** Of each of these routes requests that are good in a firm's own hands, at least one. */
export type SamplesOf<Names extends RouteName> = Readonly<
  Record<Names, (own: FurnishedFirm) => readonly [Sample, ...Sample[]]>
>

export const byId = (id: string): Sample => ({ params: { id } })
export const ofRow = (row: VersionedRow, body?: unknown): Sample => ({
  params: { id: row[1] },
  row,
  ...(body ? { body } : {}),
})

/** What If-Match must say for a row as it stands now. */
export async function ifMatch(
  store: Store,
  firmId: string,
  row: VersionedRow | undefined,
): Promise<Record<string, string>> {
  if (!row) return {}
  const [table, id] = row
  const found = await store.withFirm(firmId, (trx) =>
    trx
      .selectFrom(table)
      .select('version')
      .where(table === 'firm' ? 'firmId' : 'id', '=', id)
      .executeTakeFirst(),
  )
  return { 'if-match': `"${found?.version ?? 1}"` }
}
