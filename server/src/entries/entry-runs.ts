import { type RawBuilder, sql } from 'kysely'

export interface Run<Row> {
  readonly key: RawBuilder<unknown>
  readonly name: RawBuilder<unknown>
  of(row: Row): readonly [name: string | null, key: string | null]
}

interface Shared {
  readonly customerId: string | null
  readonly customerName: string | null
  readonly projectId: string | null
  readonly projectName: string | null
  readonly memberId: string
  readonly memberName: string
}

/** By what every kind of entry is put together, with the names of `entry-sql`. */
export const sharedRuns = {
  customer: {
    key: sql`p.customer_id`,
    name: sql`k.name`,
    of: ({ customerName, customerId }: Shared) => [customerName, customerId],
  },
  project: {
    key: sql`e.project_id`,
    name: sql`p.name`,
    of: ({ projectName, projectId }: Shared) => [projectName, projectId],
  },
  person: {
    key: sql`e.member_id`,
    name: sql`m.name`,
    of: ({ memberName, memberId }: Shared) => [memberName, memberId],
  },
} as const satisfies Record<string, Run<Shared>>

/** Keeps what belongs together in one run, by name, then by day; `runTextOf` says the same of a row that was read. */
export const runTextSql = ({ name, key }: Pick<Run<never>, 'name' | 'key'>): RawBuilder<unknown> =>
  sql`(coalesce(${name}, '') || chr(9) || coalesce(${key}::text, '') || chr(9) || e.date::text)`

export function runTextOf<Row extends { readonly date: string }>(row: Row, run: Pick<Run<Row>, 'of'>): string {
  const [name, key] = run.of(row)
  return `${name ?? ''}\t${key ?? ''}\t${row.date}`
}
