import type { postingFilter } from '@uurwerk/api/postings.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { namedColumns, type Sheet, type SheetColumn } from '../exports/sheet.ts'
import { anywhere, type KeyPart } from '../http/paging.ts'
import { kinds } from './posting.ts'

export type PostingFilter = z.output<z.ZodObject<typeof postingFilter>>

/** The conditions of a filter over posting `p`, connection `c` and customer `k`, each with its ` and`. */
export function postingWhere(filter: PostingFilter, timeZone: string): RawBuilder<unknown> {
  const { state, kind, connectionId, package: packages, customerId, ids, from, until, search, differs } = filter
  const like = search ? anywhere(search) : null
  const day = sql`(p.created_at at time zone ${timeZone})::date`
  return sql`
    ${state?.length ? sql` and p.state = any(${state}::text[])` : sql` and p.state <> 'discarded'`}
    ${kind?.length ? sql` and p.kind = any(${kind}::text[])` : sql``}
    ${connectionId?.length ? sql` and p.connection_id = any(${connectionId}::uuid[])` : sql``}
    ${packages?.length ? sql` and c.package = any(${packages}::text[])` : sql``}
    ${customerId?.length ? sql` and p.customer_id = any(${customerId}::uuid[])` : sql``}
    ${ids?.length ? sql` and p.id = any(${ids}::uuid[])` : sql``}
    ${differs === undefined ? sql`` : sql` and p.differs = ${differs}`}
    ${from ? sql` and ${day} >= ${from}::date` : sql``}
    ${until ? sql` and ${day} <= ${until}::date` : sql``}
    ${like ? sql` and (p.label ilike ${like} or p.reference ilike ${like} or p.their_number ilike ${like} or k.name ilike ${like})` : sql``}`
}

const byText = (column: RawBuilder<unknown>) => sql`lower(coalesce(${column}, ''))`
const ascending = { direction: sql`asc`, sign: sql`>` } as const
const descending = { direction: sql`desc`, sign: sql`<` } as const
const made = { column: sql`p.sequence`, type: sql`bigint`, key: 'long' } as const
const moved = { column: sql`extract(epoch from p.updated_at)`, type: sql`numeric`, key: 'text' } as const
const label = { column: byText(sql`p.label`), type: sql`text`, key: 'text' } as const
const customer = { column: byText(sql`k.name`), type: sql`text`, key: 'text' } as const
const gross = { column: sql`coalesce(p.gross, 0)`, type: sql`numeric`, key: 'amount' } as const

/** What the list is sorted by; equal ones in order of their making, in the same direction. */
export const postingSorts = {
  made: { ...made, ...ascending },
  '-made': { ...made, ...descending },
  moved: { ...moved, ...ascending },
  '-moved': { ...moved, ...descending },
  label: { ...label, ...ascending },
  '-label': { ...label, ...descending },
  customer: { ...customer, ...ascending },
  '-customer': { ...customer, ...descending },
  gross: { ...gross, ...ascending },
  '-gross': { ...gross, ...descending },
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>

interface Asked extends PostingFilter {
  readonly columns?: string | undefined
  readonly sort: keyof typeof postingSorts
}

/** Everything that the list finds, as rows of a file; amounts are in the currency of the document. */
export function postingSheet(
  { firmId, timeZone }: { readonly firmId: string; readonly timeZone: string },
  packageNames: Readonly<Record<string, string>>,
  asked: Asked,
): Sheet {
  const { column, direction } = postingSorts[asked.sort]
  return {
    name: 'export.postings',
    columns: namedColumns(columnsFor(timeZone, packageNames), asked.columns),
    rows: sql` from posting p
      join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
      left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
      where p.firm_id = ${firmId}::uuid ${postingWhere(asked, timeZone)}
      order by ${column} ${direction}, p.sequence ${direction}`,
  }
}

const states = [
  'waiting',
  'sending',
  'checking',
  'accepted',
  'posted',
  'posted-differs',
  'refused',
  'blocked',
  'needs-person',
  'discarded',
] as const

function columnsFor(timeZone: string, packageNames: Readonly<Record<string, string>>): readonly SheetColumn[] {
  const text = (id: string, value: RawBuilder<unknown>, head = `posting.${id}`): SheetColumn => ({
    id,
    head: `export.${head}`,
    kind: 'text',
    value,
  })
  const at = (value: RawBuilder<unknown>) =>
    sql`to_char(${value} at time zone ${sql.lit(timeZone)}, 'YYYY-MM-DD HH24:MI')`
  const packageName = sql`case c.package ${sql.join(
    Object.entries(packageNames).map(([id, name]) => sql`when ${sql.lit(id)} then ${sql.lit(name)}`),
    sql` `,
  )} else c.package end`
  return [
    {
      ...text('state', sql`case when p.state = 'posted' and p.differs then 'posted-differs' else p.state end`),
      head: 'export.state',
      kind: 'word',
      words: Object.fromEntries(states.map((state) => [state, `export.posting.state.${state}`])),
    },
    {
      ...text('kind', sql`p.kind`),
      head: 'export.kind',
      kind: 'word',
      words: Object.fromEntries(kinds.map((kind) => [kind, `export.posting.kind.${kind}`])),
    },
    text('document', sql`p.label`),
    text('customer', sql`coalesce(k.name, case when p.kind = 'customer' then p.label end)`, 'customer'),
    { ...text('gross', sql`p.gross`), kind: 'decimal' },
    text('currency', sql`p.currency`, 'currency'),
    text('theirNumber', sql`p.their_number`),
    { ...text('theirGross', sql`p.their_gross`), kind: 'decimal' },
    text('package', packageName),
    text('administration', sql`c.administration_name`),
    text('reference', sql`p.reference`),
    text('madeAt', at(sql`p.created_at`)),
    text('movedAt', at(sql`p.updated_at`)),
    text('says', sql`case when p.state <> 'posted' then p.problem ->> 'theirWords' end`),
    { ...text('link', sql`p.url`), extra: true },
    { ...text('id', sql`p.id::text`, 'id'), extra: true },
  ]
}
