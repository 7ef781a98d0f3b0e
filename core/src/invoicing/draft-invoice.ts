import type { DatedRate } from '../projects/rates.ts'
import type { Decimal } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import type { KmRate } from '../trips/trip.ts'
import { type DraftInstalment, type DraftPeriod, draftAgreed } from './draft-agreed.ts'
import { type DraftActivity, type DraftEntry, draftHours } from './draft-hours.ts'
import { byText, type DraftFrame, type DraftLine, type DraftProject, inProject, lineGroupings } from './draft-line.ts'
import { type DraftExpense, type DraftTrip, draftExpenses, draftTrips, type ExpensesRequest } from './draft-spent.ts'
import type { LineSource } from './invoice.ts'
import { type InvoiceTotals, invoiceTotals, isTooMuch } from './totals.ts'
import type { VatTreatment } from './vat-cases.ts'

export type { DraftInstalment, DraftPeriod } from './draft-agreed.ts'
export type { DraftActivity } from './draft-hours.ts'
export type { DraftLine, DraftProject, LineGrouping } from './draft-line.ts'
export type { DraftExpense, DraftTrip } from './draft-spent.ts'
export { lineGroupings }

export interface DraftRequest extends Omit<DraftFrame, 'manyProjects'> {
  /** Hours. */
  readonly entries: readonly DraftEntry[]
  readonly expenses?: readonly DraftExpense[]
  readonly trips?: readonly DraftTrip[]
  readonly instalments?: readonly DraftInstalment[]
  readonly periods?: readonly DraftPeriod[]
  readonly rates: readonly DatedRate[]
  readonly kmRates?: readonly KmRate[]
  readonly projects: readonly DraftProject[]
  readonly activities: readonly DraftActivity[]
  readonly categories?: ExpensesRequest['categories']
  readonly users: readonly { readonly id: string; readonly name: string }[]
}

export interface DraftedInvoice {
  readonly lines: readonly DraftLine[]
  readonly totals: InvoiceTotals<VatTreatment>
  /** While there is one, no invoice is made: the entries it names are not in the lines. */
  readonly problems: readonly Problem[]
  /** Worth a look, but no reason to stop. */
  readonly warnings: readonly Problem[]
}

const placeOf = { hours: 0, instalment: 1, subscription: 2, trip: 3, expense: 4, free: 5 } as const satisfies Record<
  LineSource,
  number
>

/**
 * Hours, expenses, trips, instalments and subscription periods become invoice lines. Same entries, same lines, in
 * whatever order they come.
 *
 * Problems, each naming `entryId`, `date`, `project` and, where there is one, `activity` and `user`: `rate-missing`,
 * `rate-currency-differs`, `project-not-hourly`, `km-rate-missing`, `km-rate-currency-differs`,
 * `expense-currency-differs`, `project-not-invoiced`, `vat-rate-missing` (kind `setup`), `entry-not-billable`,
 * `spent-not-billable` (kind `conflict`); naming the customer: `vat-case-missing`, `vat-id-missing`, and
 * `invoice-amount-too-large` (kind `input`).
 */
export function draftInvoice(request: DraftRequest): DraftedInvoice {
  const { entries, expenses = [], trips = [], instalments = [], periods = [] } = request
  const { kmRates = [], categories = [] } = request
  const projectIds = new Set([entries, expenses, trips, instalments, periods].flat().map(({ projectId }) => projectId))
  const frame: DraftFrame = { ...request, manyProjects: projectIds.size > 1 }
  const parts = [
    draftHours(request, frame),
    draftAgreed({ ...request, instalments, periods }, frame),
    draftTrips({ ...request, trips, kmRates }, frame),
    draftExpenses({ ...request, expenses, categories }, frame),
  ]
  const problems = parts.flatMap((part) => part.problems)
  const placed = parts.flatMap((part) => part.lines)
  const lines = (request.by === 'entry' ? placed : placed.toSorted(byProject)).map(({ line }) => line)
  const totals = invoiceTotals(lines.map((line) => ({ ...line, rate: line.vatRate })))
  if ([totals.gross, ...lines.map(({ net }) => net)].some(isTooMuch)) {
    const values = { customer: request.customer.name }
    problems.push({ kind: 'input', code: 'invoice-amount-too-large', values })
  }
  const late = [...entries, ...expenses, ...trips].filter((entry) => entry.date > request.date)
  return {
    lines: lines.map((line, index) => ({ ...line, vat: totals.lineVat[index] as Decimal })),
    totals,
    problems: distinct(problems),
    warnings: late.length
      ? [{ kind: 'input', code: 'entries-after-invoice-date', values: { count: String(late.length) } }]
      : [],
  }
}

type Placed = { readonly line: DraftLine; readonly project: DraftProject }

/** What a project costs stands together; within it each kind keeps its own order. */
function byProject(a: Placed, b: Placed): number {
  return byText(inProject(a.project), inProject(b.project)) || placeOf[a.line.source] - placeOf[b.line.source]
}

const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]
