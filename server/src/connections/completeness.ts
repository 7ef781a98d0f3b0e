import type { Books, Posts } from '@uurwerk/connectors/contract/contract.ts'
import type { NewCustomer } from '@uurwerk/connectors/contract/documents.ts'
import type { Manifest } from '@uurwerk/connectors/contract/manifest.ts'
import type { DimensionRow, LedgerAccountRow } from '@uurwerk/connectors/contract/rows.ts'
import { needsVatId, type VatCase, type VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import { toNewCustomer } from '../postings/customer-document.ts'
import { knownFrom, readLists } from '../postings/known.ts'
import type { Customer } from '../store/schema.gen.ts'
import type { InFirm } from './connection.ts'
import { readSubjects, type Subject } from './item-use.ts'
import { defaultItemField, type Matrix, readMatrix } from './mapping.ts'
import { namedRows, rowsOf, whyUnusable } from './package-rows.ts'
import type { ConnectionAt } from './service.ts'

/** Something of which an invoice of today would be refused, or would go to the wrong place. */
export type Gap =
  | { readonly about: 'setting'; readonly setting: string; readonly problem: Problem }
  | { readonly about: 'item'; readonly subject: Subject; readonly problem: Problem }
  | {
      readonly about: 'rule'
      readonly item: string
      readonly treatment: VatTreatment
      /** What would bring item and treatment together. */
      readonly usedBy: readonly Subject[]
      readonly waiting: number
      readonly problem: Problem
    }
  | {
      readonly about: 'customer'
      readonly id: string
      readonly name: string
      /** Confirmed with one click, as it stands. */
      readonly derived: { readonly vatCase: VatCase; readonly version: number }
      readonly problem: Problem
    }
  | { readonly about: 'project'; readonly id: string; readonly name: string; readonly problem: Problem }

export interface Completeness {
  readonly gaps: readonly Gap[]
  /** How much was looked at. */
  readonly checked: {
    readonly subjects: number
    readonly rules: number
    readonly customers: number
    readonly projects: number
  }
}

const setup = (code: string, values: Readonly<Record<string, string>> = {}): Problem => ({
  kind: 'setup',
  code,
  values,
})

/** Everything that would fail today, found from what stands here and the lists as last read: nothing is asked there. */
export async function readCompleteness(
  firm: InFirm,
  connection: ConnectionAt,
  {
    manifest,
    books,
    today,
  }: { readonly manifest: Manifest; readonly books: Books | null; readonly today: CalendarDate },
): Promise<Completeness> {
  const matrix = await readMatrix(firm, connection, manifest, today)
  const subjects = await readSubjects(firm, connection.id)
  const customers = await customerGaps(firm, connection, books)
  const projects = await projectGaps(firm, connection, matrix)
  return {
    gaps: [
      ...(await settingGaps(firm, connection, manifest)),
      ...(await itemGaps(firm, connection, manifest, subjects)),
      ...ruleGaps(matrix),
      ...(await noneToChoose(firm, connection, matrix)),
      ...customers.gaps,
      ...projects.gaps,
    ],
    checked: {
      subjects: subjects.filter(({ isUsed }) => isUsed).length,
      rules: matrix.cells.filter(({ state }) => state !== 'not-used').length,
      customers: customers.checked,
      projects: projects.checked,
    },
  }
}

/** What was never chosen, and what was chosen once and is gone, blocked or of another kind by now. */
async function settingGaps(firm: InFirm, { id, settings }: ConnectionAt, manifest: Manifest): Promise<Gap[]> {
  const gaps: Gap[] = []
  for (const field of manifest.settings) {
    const { name, required, from } = field
    const value = settings[name]
    const gap = (problem: Problem): Gap => ({ about: 'setting', setting: name, problem })
    if (!value) {
      if (required) gaps.push(gap(setup('setting-missing', { setting: name })))
      continue
    }
    // Of the default item each line says so itself, where it can be given another.
    if (typeof from !== 'object' || !('list' in from) || from.list === 'items') continue
    const row = (await namedRows(firm, id, from.list, [value])).get(value)
    const values = { setting: name, row: row ? `${row.code} ${row.name}` : value }
    const reason = !row || row.isGone ? 'gone' : whyUnusable(from.list, row)
    const said = new Map<string, unknown>(Object.entries(row ?? {}))
    if (reason) gaps.push(gap(setup('setting-unusable', { ...values, reason })))
    else if (Object.entries(from.only ?? {}).some(([part, wanted]) => said.get(part) !== wanted))
      gaps.push(gap(setup('setting-other-kind', values)))
  }
  return gaps
}

/** Lines without an item, and items that were chosen once and may not stand on a line any more. */
async function itemGaps(
  firm: InFirm,
  connection: ConnectionAt,
  manifest: Manifest,
  subjects: readonly Subject[],
): Promise<Gap[]> {
  const defaultItem = connection.settings[defaultItemField(manifest) ?? ''] ?? null
  const sold = (subject: Subject) => subject.item ?? defaultItem
  const rows = await namedRows(
    firm,
    connection.id,
    'items',
    subjects.flatMap((subject) => sold(subject) ?? []),
  )
  return subjects.flatMap((subject): Gap[] => {
    if (!subject.isUsed) return []
    const id = sold(subject)
    if (!id) return [{ about: 'item', subject, problem: setup('subject-without-item') }]
    const row = rows.get(id)
    const reason = !row || row.isGone ? 'gone' : row.unusable
    if (!reason) return []
    const values = { item: row ? `${row.code} ${row.name}` : id, reason }
    return [{ about: 'item', subject, problem: setup('item-unusable', values) }]
  })
}

const ruleGaps = (matrix: Matrix): Gap[] =>
  matrix.cells.flatMap((cell): Gap[] => {
    if (cell.state === 'not-used' || (cell.state === 'set' && !cell.problem)) return []
    const item = matrix.items.find(({ row }) => row.id === cell.item)
    const named = item ? `${item.row.code} ${item.row.name}` : cell.item
    return [
      {
        about: 'rule',
        item: cell.item,
        treatment: cell.treatment,
        usedBy: item?.usedBy ?? [],
        waiting: cell.waiting.length,
        problem: cell.problem ?? setup('posting-rule-missing', { item: named, vatTreatment: cell.treatment }),
      },
    ]
  })

/** Customers whose invoice would be refused: by their own facts, by what the package says of them, or as new ones there. */
async function customerGaps(
  firm: InFirm,
  connection: ConnectionAt,
  books: Books | null,
): Promise<{ readonly gaps: Gap[]; readonly checked: number }> {
  const { trx, firmId } = firm
  const ours = await trx
    .selectFrom('customer')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('archivedAt', 'is', null)
    .where('deletedAt', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute()
  // Read beside each other and put together here: of lists that were just imported the database knows no good plan.
  const { rows: links } = await sql<{ ourId: string; theirId: string }>`
    select our_id as "ourId", their_id as "theirId" from link
    where firm_id = ${firmId} and connection_id = ${connection.id} and noun = 'customer'`.execute(trx)
  const { rows: wrong } = await sql<There & { theirId: string }>`
    select their_id as "theirId", gone_at is not null as "isGone", (data ->> 'isEnded')::boolean as "isEnded",
      (data ->> 'isCustomer')::boolean as "isCustomer", (data ->> 'isBlocked')::boolean as "isBlocked"
    from package_row
    where firm_id = ${firmId} and connection_id = ${connection.id} and noun = 'customers'
      and (gone_at is not null or (data ->> 'isEnded')::boolean or (data ->> 'isBlocked')::boolean
        or not (data ->> 'isCustomer')::boolean)`.execute(trx)
  const wrongThere = new Map(wrong.map((row) => [row.theirId, row]))
  const linked = new Map(links.map(({ ourId, theirId }) => [ourId, wrongThere.get(theirId)]))
  const known = knownFrom(await readLists(firm, connection.id, []))
  const posts = books?.posts.customer
  const gaps = ours.flatMap((row): Gap[] => {
    const there = linked.get(row.id)
    const problems = [
      ...ownProblems(row),
      ...(there
        ? problemsThere(row.name, there)
        : posts && !linked.has(row.id)
          ? problemsAsNew(row, posts, known)
          : []),
    ]
    const derived = { vatCase: row.vatCase as VatCase, version: row.version }
    return problems.map((problem) => ({ about: 'customer', id: row.id, name: row.name, derived, problem }))
  })
  return { gaps, checked: ours.length }
}

type Ours = Selectable<Customer>

const ownProblems = (row: Ours): Problem[] => [
  ...(needsVatId(row.vatCase as VatCase) && !row.vatId?.trim()
    ? [setup('vat-id-missing', { customer: row.name })]
    : []),
  ...(row.vatCaseConfirmed ? [] : [setup('vat-case-unconfirmed', { customer: row.name })]),
]

/** What the package said of a customer that is not well there, when it was last read; null where it did not say. */
interface There {
  readonly isGone: boolean
  readonly isEnded: boolean | null
  readonly isCustomer: boolean | null
  readonly isBlocked: boolean | null
}

function problemsThere(customer: string, { isGone, isEnded, isCustomer, isBlocked }: There): Problem[] {
  if (isGone) return [setup('customer-gone-there', { customer })]
  if (isEnded) return [setup('customer-ended-there', { customer })]
  if (isCustomer === false) return [setup('customer-no-customer-there', { customer })]
  return isBlocked ? [setup('customer-blocked-there', { customer })] : []
}

/** Stands where the reference will stand, which is drawn when it is posted. */
const referenceToCome = 'UW0000000000'

function problemsAsNew(row: Ours, posts: Posts<NewCustomer>, known: ReturnType<typeof knownFrom>): readonly Problem[] {
  const drafted = posts.draft(toNewCustomer(row, referenceToCome), known)
  return 'problems' in drafted ? drafted.problems : []
}

/** Projects whose cost centre or unit is wanted by a ledger account and missing, or is not there any more. */
async function projectGaps(
  firm: InFirm,
  connection: ConnectionAt,
  matrix: Matrix,
): Promise<{ readonly gaps: Gap[]; readonly checked: number }> {
  const { trx, firmId } = firm
  const dimensions = await rowsOf(firm, connection.id, 'dimensions')
  if (dimensions.length === 0) return { gaps: [], checked: 0 }
  const projects = await trx
    .selectFrom('project')
    .select(['id', 'name', 'costCentre', 'costUnit'])
    .where('firmId', '=', firmId)
    .where('archivedAt', 'is', null)
    .where('deletedAt', 'is', null)
    .where('invoicingMethod', '<>', 'none')
    .orderBy('name')
    .orderBy('id')
    .execute()
  const gaps = projects.flatMap((project) =>
    parts.flatMap((part): Gap[] => {
      const code = project[part]
      const problem = code
        ? unknownDimension(dimensions, part, code)
        : wantedBy(matrix, part) && dimensions.some(({ kind }) => kind === part)
          ? setup(`project-${words[part]}-missing`, { project: project.name, account: wantedBy(matrix, part) ?? '' })
          : undefined
      return problem ? [{ about: 'project', id: project.id, name: project.name, problem }] : []
    }),
  )
  return { gaps, checked: projects.length }
}

/** Posting rules in use whose account wants what the package has none of, so that no project can bring it either. */
async function noneToChoose(firm: InFirm, connection: ConnectionAt, matrix: Matrix): Promise<Gap[]> {
  const dimensions = await rowsOf(firm, connection.id, 'dimensions')
  return matrix.cells.flatMap((cell): Gap[] => {
    const { state, rule, ledgerAccount: account } = cell
    if (state !== 'set' || !account) return []
    return parts.flatMap((part): Gap[] => {
      if (account[part] !== 'mandatory' || rule?.[part]) return []
      if (dimensions.some((row) => row.kind === part && !row.isEnded)) return []
      const problem = setup(`no-${words[part]}s-there`, { account: `${account.code} ${account.name}` })
      const usedBy = matrix.items.find(({ row }) => row.id === cell.item)?.usedBy ?? []
      const waiting = cell.waiting.length
      return [{ about: 'rule', item: cell.item, treatment: cell.treatment, usedBy, waiting, problem }]
    })
  })
}

const parts = ['costCentre', 'costUnit'] as const
type Part = (typeof parts)[number]
const words = { costCentre: 'cost-centre', costUnit: 'cost-unit' } as const

function unknownDimension(dimensions: readonly DimensionRow[], kind: Part, code: string): Problem | undefined {
  const row = dimensions.find((one) => one.kind === kind && one.code === code)
  if (row && !row.isEnded) return undefined
  return setup(`project-${words[kind]}-unknown`, { code })
}

/** A ledger account of a rule in use that wants this dimension, where the rule gives none itself. */
function wantedBy(matrix: Matrix, part: Part): string | undefined {
  const cell = matrix.cells.find(
    ({ state, rule, ledgerAccount }) =>
      state === 'set' && !rule?.[part] && (ledgerAccount as LedgerAccountRow | null)?.[part] === 'mandatory',
  )
  return cell?.ledgerAccount ? `${cell.ledgerAccount.code} ${cell.ledgerAccount.name}` : undefined
}
