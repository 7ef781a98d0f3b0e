import type { Expense } from '../expenses/expense.ts'
import { assert } from '../shared/assert.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { formatDate, formatMonths } from '../shared/format.ts'
import type { Language } from '../shared/language.ts'
import { type Decimal, sum } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import { drivenKm, type FoundKmRate, type KmRate, kmRateFor, type Trip } from '../trips/trip.ts'
import {
  byId,
  byText,
  type DraftedLines,
  type DraftFrame,
  type DraftLine,
  type DraftProject,
  get,
  inProject,
  type LineGrouping,
  noVatYet,
  pieceOf,
  saysOf,
  type Tax,
  taxOf,
} from './draft-line.ts'
import { lineNet } from './totals.ts'
import type { VatClass } from './vat-cases.ts'

export type DraftExpense = Pick<
  Expense,
  'id' | 'userId' | 'date' | 'categoryId' | 'note' | 'currency' | 'disbursement' | 'billable'
> & {
  readonly projectId: string
  /** What the customer pays before VAT, cents: as it was worked out when the expense was written. */
  readonly rechargeNet: Decimal
}

export type DraftTrip = Pick<
  Trip,
  'id' | 'userId' | 'date' | 'from' | 'to' | 'distanceKm' | 'returnTrip' | 'note' | 'billable'
> & { readonly projectId: string }

interface Names {
  readonly projects: readonly DraftProject[]
  readonly users: readonly { readonly id: string; readonly name: string }[]
}

export interface ExpensesRequest extends Names {
  readonly expenses: readonly DraftExpense[]
  readonly categories: readonly { readonly id: string; readonly name: string; readonly vatClass: VatClass | null }[]
}

/** Every expense has a line of its own: what it is recharged for, once. A disbursement is outside the scope of VAT. */
export function draftExpenses(request: ExpensesRequest, frame: DraftFrame): DraftedLines {
  const projects = byId(request.projects)
  const categories = byId(request.categories)
  const users = byId(request.users)
  const problems: Problem[] = []
  const lines: { line: DraftLine; project: DraftProject }[] = []
  const inOrder = request.expenses.toSorted((a, b) => byText([a.date, a.id], [b.date, b.id]))
  for (const expense of inOrder) {
    const project = get(projects, expense.projectId)
    const category = get(categories, expense.categoryId)
    const about = aboutOf(expense, project, get(users, expense.userId).name)
    const problem = whyNot(expense, project, about)
    if (problem) {
      problems.push(problem)
      continue
    }
    const { currency } = frame.customer
    if (expense.currency !== currency) {
      const values = { ...about, expense: expense.currency, invoice: currency }
      problems.push({ kind: 'setup', code: 'expense-currency-differs', values })
      continue
    }
    const outside = expense.disbursement ? ({ line: 'disbursement' } as const) : {}
    const tax = taxOf({ ...outside, vatClass: category.vatClass, date: expense.date, about }, frame)
    if ('problem' in tax) {
      problems.push(tax.problem)
      continue
    }
    const note = expense.note.trim()
    const named = saysOf(project, category.name, frame.manyProjects)
    const line: DraftLine = {
      source: 'expense',
      description: `${formatDate(expense.date, frame.language)}, ${named}${note && ` – ${note}`}`,
      ...pieceOf(expense.rechargeNet),
      ...vatOf(tax),
      supplyFrom: expense.date,
      supplyUntil: expense.date,
      ownPeriod: true,
      projectId: project.id,
      activityIds: [],
      expenseCategoryId: category.id,
      entryIds: [expense.id],
      costCentre: project.costCentre ?? null,
    }
    lines.push({ line, project })
  }
  return { lines, problems }
}

export interface TripsRequest extends Names {
  readonly trips: readonly DraftTrip[]
  readonly kmRates: readonly KmRate[]
}

interface RatedTrip extends Tax {
  readonly trip: DraftTrip
  readonly project: DraftProject
  readonly userName: string
  readonly rate: FoundKmRate
}

/** Kilometres of a project at one rate and one VAT rate on a line; per person or one by one when hours are too. */
export function draftTrips(request: TripsRequest, frame: DraftFrame): DraftedLines {
  const projects = byId(request.projects)
  const users = byId(request.users)
  const problems: Problem[] = []
  const rated: RatedTrip[] = []
  for (const trip of request.trips) {
    const known = { trip, project: get(projects, trip.projectId), userName: get(users, trip.userId).name }
    const priced = priceTrip(known, request.kmRates, frame)
    if ('problem' in priced) problems.push(priced.problem)
    else rated.push({ ...known, ...priced })
  }
  rated.sort((a, b) => byText(placeOf(a, frame.by), placeOf(b, frame.by)))
  const groups = Map.groupBy(rated, ({ trip, project, rate, treatment, vatRate, vatSince }) =>
    JSON.stringify([
      project.id,
      { activity: null, project: null, user: trip.userId, entry: trip.id }[frame.by],
      rate.amount,
      treatment,
      vatRate,
      vatSince,
    ]),
  )
  return { lines: [...groups.values()].map((group) => toLine(group, frame)), problems }
}

function priceTrip(
  { trip, project, userName }: Pick<RatedTrip, 'trip' | 'project' | 'userName'>,
  kmRates: readonly KmRate[],
  frame: DraftFrame,
): (Tax & { readonly rate: FoundKmRate }) | { readonly problem: Problem } {
  const about = aboutOf(trip, project, userName)
  const problem = whyNot(trip, project, about)
  if (problem) return { problem }
  const { date, projectId } = trip
  const rate = kmRateFor({ date, projectId, customerId: project.customerId }, kmRates)
  if (!rate) return { problem: { kind: 'setup', code: 'km-rate-missing', values: about } }
  const { currency } = frame.customer
  if (rate.currency !== currency) {
    const values = { ...about, rate: rate.currency, invoice: currency }
    return { problem: { kind: 'setup', code: 'km-rate-currency-differs', values } }
  }
  const tax = taxOf({ vatClass: null, date, about }, frame)
  return 'problem' in tax ? tax : { rate, ...tax }
}

const placeOf = ({ trip, project, userName }: RatedTrip, by: LineGrouping): readonly string[] => {
  const inDay = [trip.date, trip.id]
  if (by === 'entry') return [trip.date, ...inProject(project), trip.id]
  return by === 'user' ? [...inProject(project), userName, trip.userId, ...inDay] : [...inProject(project), ...inDay]
}

const words = {
  nl: { kilometres: 'Kilometers', and: 'v.v.' },
  en: { kilometres: 'Kilometres', and: 'and back' },
} as const satisfies Record<Language, unknown>

function toLine(
  group: readonly RatedTrip[],
  { by, language, manyProjects }: DraftFrame,
): DraftedLines['lines'][number] {
  const [first] = group
  assert(first, 'a line has a trip')
  const { trip, project, rate, userName } = first
  const dates = group.map((one) => one.trip.date).sort()
  const [supplyFrom, supplyUntil] = [dates[0], dates.at(-1)] as [CalendarDate, CalendarDate]
  const quantity = sum(group.map((one) => drivenKm(one.trip)))
  const { kilometres, and } = words[language]
  const road = `${trip.from} – ${trip.to}${trip.returnTrip ? ` ${and}` : ''}`
  const subject = {
    activity: kilometres,
    project: kilometres,
    user: `${userName}, ${kilometres.toLowerCase()}`,
    entry: road,
  }[by]
  const named = saysOf(project, subject, manyProjects)
  const note = trip.note.trim()
  const line: DraftLine = {
    source: 'trip',
    description:
      by === 'entry'
        ? `${formatDate(supplyFrom, language)}, ${named}${note && ` – ${note}`}`
        : `${named}, ${formatMonths(supplyFrom, supplyUntil, language)}`,
    quantity,
    unit: 'km',
    unitPrice: rate.amount,
    net: lineNet({ quantity, unitPrice: rate.amount }),
    ...vatOf(first),
    supplyFrom,
    supplyUntil,
    ownPeriod: true,
    projectId: project.id,
    activityIds: [],
    entryIds: group.map((one) => one.trip.id),
    costCentre: project.costCentre ?? null,
  }
  return { line, project }
}

const vatOf = ({ treatment, vatRate }: Tax) => ({ vatTreatment: treatment, vatRate, vat: noVatYet })

const aboutOf = (of: { id: string; date: CalendarDate }, project: DraftProject, user: string) => ({
  entryId: of.id,
  date: of.date,
  project: project.name,
  user,
})

/** Expenses and trips are invoiced besides an agreed price, but not of a project that is not invoiced at all. */
function whyNot(
  { billable }: { readonly billable: boolean },
  { method }: DraftProject,
  values: Readonly<Record<string, string>>,
): Problem | undefined {
  if (!billable) return { kind: 'conflict', code: 'spent-not-billable', values }
  return method === 'none' ? { kind: 'setup', code: 'project-not-invoiced', values } : undefined
}
