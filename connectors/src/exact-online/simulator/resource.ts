import type { Random } from '@uurwerk/core/shared/ports.ts'
import type { SimulatorRow, World } from '../../contract/simulator.ts'
import { type Language, rowIn } from './world-state.ts'

export type FieldType =
  | 'guid'
  | 'string'
  | 'boolean'
  | 'byte'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'double'
  | 'date'
  | 'instant'
  | 'binary'

/** `M` mandatory on create, `W` writable on create, `w` also writable on update, `R` read-only (Exact REST reference). */
export type Verbs = 'R' | 'W' | 'Ww' | 'M' | 'Mw'

export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly verbs: Verbs
  /** Longest text accepted; the strictest figure seen in client code. */
  readonly max?: number
  /** Fixed width on the wire: account codes stand right, all other codes left. */
  readonly pad?: { readonly width: number; readonly side: 'start' | 'end' }
  /** Numbers and booleans that are never null on the wire, not even in an empty echo. */
  readonly sure?: number | boolean
  /** A text that is empty on the wire when there is none, instead of null (recorded). */
  readonly blank?: true
  /** Read from elsewhere instead of from the row. */
  readonly from?: (row: SimulatorRow, view: View) => unknown
}

type Extra = Pick<Field, 'max' | 'pad' | 'sure' | 'blank' | 'from'>

export const field = (name: string, type: FieldType, verbs: Verbs = 'R', extra: Extra = {}): Field => ({
  name,
  type,
  verbs,
  ...extra,
})

/** Many fields of one kind: `fields('guid', 'R', 'Accountant Document Logo')`. */
export const fields = (type: FieldType, verbs: Verbs, names: string, extra: Extra = {}): Field[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => field(name, type, verbs, extra))

/** What a rule sees of the books: one division, one moment, one user. */
export interface View {
  readonly world: World
  readonly division: number
  readonly now: Date
  readonly language: Language
  readonly user: SimulatorRow
  readonly random: Random
  /** What stands before the path for the caller: links to files and documents start so. */
  readonly site: string
  /** Language that descriptions are asked in, where a list has them in more than one. */
  readonly descriptions?: Language
}

/** Field of a row another row points to: `look(view, 'Accounts', row.Customer, 'Name')`. */
export const look = (view: View, table: string, key: unknown, name: string): unknown =>
  rowIn(view, table, key)?.[name] ?? null

/** A write in progress: what was sent, already of the right type, and the complaints of the business rules. */
export interface Write {
  readonly view: View
  readonly sent: SimulatorRow
  /** Lines and the like, by the name of their collection. */
  readonly nested: Readonly<Record<string, readonly SimulatorRow[]>>
  readonly refuse: (text: string) => void
  readonly refused: () => boolean
}

export interface Resource {
  /** `crm/Accounts`, as in the path and in fault and call names. */
  readonly path: string
  readonly table: string
  /** `Exact.Web.Api.Models.Account`. */
  readonly type: string
  readonly key: readonly string[]
  readonly fields: readonly Field[]
  readonly verbs: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Rows of another resource that belong to a row: deferred links, `$expand`, lines inside a POST. */
  readonly collections?: Readonly<Record<string, { readonly path: string; readonly by: string }>>
  /** Twins with pages of 1000. */
  readonly sync?: string
  readonly bulk?: string
  /** EntityType in the log of deletions. */
  readonly deletedAs?: number
  /** POST echoes an almost empty object unless `Prefer: return=representation` is sent (recorded for accounts). */
  readonly emptyEcho?: true
  /** Fields that are null in the answer to a POST without that header, though they are not when read (recorded for invoices). */
  readonly nullInEcho?: readonly string[]
  /** A list without `$select` or `$top=1` is refused. */
  readonly wantsSelect?: true
  /** The only fields a `$filter` may name; left out: all. */
  readonly filterable?: readonly string[]
  /** The same for the bulk twin alone. */
  readonly bulkFilters?: readonly string[]
  /** Answered for any division number in the path. */
  readonly anyDivision?: true
  /** When the rows are not simply those of the table in this division. */
  readonly rows?: (view: View) => readonly SimulatorRow[]
  /** The same for a function: what it answers for the parameters of the call. */
  readonly answers?: (view: View, parameters: URLSearchParams) => readonly SimulatorRow[]
  /** Business rules; they complain through `write.refuse`, and put rows themselves when there are more than one. */
  readonly create?: (write: Write) => SimulatorRow
  readonly update?: (write: Write, row: SimulatorRow) => SimulatorRow
  readonly remove?: (write: Write, row: SimulatorRow) => void
}
