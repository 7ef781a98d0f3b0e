import type { Matrix, MatrixCell, Their } from './connection.ts'

/** A rule as somebody wants it, not saved yet. Half of one is kept too, so that nothing chosen is lost. */
export interface Edit {
  readonly ledgerAccount: Their | null
  readonly vatCode: Their | null
  /** By their codes; most rules have neither. */
  readonly costCentre: string | null
  readonly costUnit: string | null
}
export type Edits = ReadonlyMap<string, Edit>

export interface Place {
  readonly item: string
  readonly vatTreatment: string
}
export const placeKey = ({ item, vatTreatment }: Place): string => `${item} ${vatTreatment}`

export const isWhole = (
  edit: Edit | undefined,
): edit is Edit & { readonly ledgerAccount: Their; readonly vatCode: Their } =>
  edit !== undefined && edit.ledgerAccount !== null && edit.vatCode !== null

/** What is in a cell before anybody changes it: its rule, else what is proposed. */
export const startOf = (cell: MatrixCell | undefined): Edit => ({
  ledgerAccount: cell?.ledgerAccount ?? null,
  vatCode: cell?.vatCode ?? null,
  costCentre: cell?.costCentre ?? null,
  costUnit: cell?.costUnit ?? null,
})

const isAsSaved = (cell: MatrixCell | undefined, edit: Edit): boolean =>
  cell?.state === 'set' &&
  cell.ledgerAccount?.id === edit.ledgerAccount?.id &&
  cell.vatCode?.id === edit.vatCode?.id &&
  cell.costCentre === edit.costCentre &&
  cell.costUnit === edit.costUnit

/** An edit that says what is saved already is no edit. */
export function withEdit(edits: Edits, place: Place, cell: MatrixCell | undefined, edit: Edit | null): Edits {
  const next = new Map(edits)
  if (edit === null || isAsSaved(cell, edit)) next.delete(placeKey(place))
  else next.set(placeKey(place), edit)
  return next
}

/** What could be taken over: proposals for what is used, that nobody has touched. */
export const openProposals = (matrix: Pick<Matrix, 'cells'>, edits: Edits): readonly MatrixCell[] =>
  matrix.cells.filter((cell) => cell.state === 'proposed' && !edits.has(placeKey(cell)))

export const takeProposals = (edits: Edits, cells: readonly MatrixCell[]): Edits =>
  cells.reduce((all, cell) => withEdit(all, cell, cell, startOf(cell)), edits)

/** Edits that still hold something that is not saved; those that came true meanwhile are dropped. */
export const stillOpen = (matrix: Pick<Matrix, 'cells'>, edits: Edits): Edits => {
  const cells = new Map(matrix.cells.map((cell) => [placeKey(cell), cell]))
  return new Map([...edits].filter(([key, edit]) => !isAsSaved(cells.get(key), edit)))
}

interface RuleBody {
  item: string
  vatTreatment: string
  ledgerAccount: string
  vatCode: string
  costCentre: string | null
  costUnit: string | null
  version: number | null
}

/** What is sent, in the order of the edits, so that a pointer into it finds its cell again. */
export function rulesToSave(matrix: Pick<Matrix, 'cells'>, edits: Edits): readonly RuleBody[] {
  const cells = new Map(matrix.cells.map((cell) => [placeKey(cell), cell]))
  return [...edits].flatMap(([key, edit]) => {
    if (!isWhole(edit)) return []
    const cell = cells.get(key)
    const at = key.indexOf(' ')
    return [
      {
        item: key.slice(0, at),
        vatTreatment: key.slice(at + 1),
        ledgerAccount: edit.ledgerAccount.id,
        vatCode: edit.vatCode.id,
        costCentre: edit.costCentre,
        costUnit: edit.costUnit,
        version: cell?.version ?? null,
      },
    ]
  })
}

/** Used cases first, then those with a rule, then what somebody asked to see. */
export function shownTreatments(matrix: Matrix, added: ReadonlySet<string>): Matrix['treatments'] {
  const withRule = new Set(matrix.cells.flatMap(({ state, vatTreatment }) => (state === 'set' ? [vatTreatment] : [])))
  const rank = (treatment: Matrix['treatments'][number]): number =>
    treatment.used ? 0 : withRule.has(treatment.id) ? 1 : added.has(treatment.id) ? 2 : 3
  const shown = matrix.treatments.filter((treatment) => rank(treatment) < 3).toSorted((a, b) => rank(a) - rank(b))
  return shown.length > 0 ? shown : matrix.treatments.slice(0, 1)
}

/** VAT codes that stand in the table, by code: what the chips mean. */
export function codesInUse(matrix: Pick<Matrix, 'cells'>, edits: Edits, shown: ReadonlySet<string>): readonly Their[] {
  const codes = new Map<string, Their>()
  for (const cell of matrix.cells) {
    const edit = edits.get(placeKey(cell))
    const code = edit ? edit.vatCode : cell.state === 'set' || cell.state === 'proposed' ? cell.vatCode : null
    if (code && shown.has(cell.vatTreatment)) codes.set(code.id, code)
  }
  for (const { vatCode } of edits.values()) if (vatCode) codes.set(vatCode.id, vatCode)
  return [...codes.values()].toSorted((a, b) => a.code.localeCompare(b.code, 'en', { numeric: true }))
}
