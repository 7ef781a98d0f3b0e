import { type RawBuilder, sql } from 'kysely'
import { type HolderRow, heldByPackage, holderColumns } from '../entries/entry-sql.ts'
import type { Trx } from '../store/database.ts'

/** An instalment, or a period of a subscription, with what holds it. */
export interface AgreedRow extends HolderRow {
  readonly id: string
  readonly projectId: string
  readonly projectName: string
  readonly activityId: string | null
  readonly description: string
  readonly amount: string
  readonly dueOn: string
  readonly periodFrom: string | null
  readonly periodUntil: string | null
  readonly vatClass: string | null
  readonly claimed: boolean
  readonly skipped: boolean
}

export type AgreedKind = 'instalment' | 'subscription'

const rowsSql = {
  instalment: {
    columns: sql`n.activity_id as "activityId", n.description, n.vat_class as "vatClass", false as skipped`,
    from: sql`instalment n`,
    alive: sql`n.deleted_at is null`,
  },
  subscription: {
    columns: sql`null::uuid as "activityId", s.description, s.vat_class as "vatClass", n.skipped_at is not null as skipped`,
    from: sql`subscription_period n
      join subscription s on s.firm_id = n.firm_id and s.id = n.subscription_id and s.deleted_at is null`,
    alive: sql`true`,
  },
} as const satisfies Record<AgreedKind, Record<string, RawBuilder<unknown>>>

export async function agreedRows(
  trx: Trx,
  firmId: string,
  kind: AgreedKind,
  ids: readonly string[],
): Promise<AgreedRow[]> {
  if (ids.length === 0) return []
  const { columns, from, alive } = rowsSql[kind]
  const { rows } = await sql<AgreedRow>`
    select n.id, n.project_id as "projectId", p.name as "projectName", ${columns}, n.amount, n.due_on as "dueOn",
      n.period_from as "periodFrom", n.period_until as "periodUntil", n.claimed, ${holderColumns}
    from ${from}
    join project p on p.firm_id = n.firm_id and p.id = n.project_id
    left join claim c on n.claimed and c.firm_id = n.firm_id and c.entry_kind = ${sql.lit(kind)} and c.entry_id = n.id and c.released_at is null
    left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
    ${heldByPackage}
    where n.firm_id = ${firmId}::uuid and n.id = any(${[...ids]}::uuid[]) and ${alive}
    order by n.due_on, n.id`.execute(trx)
  return rows
}
