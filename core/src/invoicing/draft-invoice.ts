import type { Customer } from '../customers/customer.ts'
import { type InvoicingMethod, isHourly } from '../projects/invoicing-method.ts'
import { type DatedRate, type FoundRate, rateFor } from '../projects/rates.ts'
import { assert } from '../shared/assert.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { formatDate, formatMonths } from '../shared/format.ts'
import type { Language } from '../shared/language.ts'
import { type Decimal, round, zero } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import { type BillingRounding, billedMinutes } from '../time/billing-rounding.ts'
import type { HourEntry } from '../time/hour-entry.ts'
import type { InvoiceLine } from './invoice.ts'
import { type InvoiceTotals, invoiceTotals, isTooMuch, lineNet, quantityOf } from './totals.ts'
import { type VatClass, type VatTreatment, vatCaseFor, vatRateFor } from './vat-cases.ts'

export const lineGroupings = ['activity', 'project', 'user', 'entry'] as const
export type LineGrouping = (typeof lineGroupings)[number]

type DraftEntry = Pick<
  HourEntry,
  'id' | 'userId' | 'date' | 'minutes' | 'projectId' | 'activityId' | 'note' | 'billable'
>

export interface DraftProject {
  readonly id: string
  readonly customerId: string
  readonly code: string
  readonly name: string
  readonly method: InvoicingMethod
  /** Goes before the customer's. */
  readonly billingRounding?: BillingRounding | null
  readonly costCentre?: string | null
}

export interface DraftActivity {
  readonly id: string
  readonly name: string
  readonly vatClass: VatClass | null
  /** Activities that sell different items never share a line. */
  readonly itemId?: string | null
}

export interface DraftRequest {
  readonly entries: readonly DraftEntry[]
  readonly by: LineGrouping
  readonly customer: Pick<Customer, 'id' | 'name' | 'vatCase' | 'vatId' | 'currency' | 'billingRounding'>
  readonly firm: { readonly country: string; readonly defaultVatClass: VatClass }
  readonly rates: readonly DatedRate[]
  readonly projects: readonly DraftProject[]
  readonly activities: readonly DraftActivity[]
  readonly users: readonly { readonly id: string; readonly name: string }[]
  /** The customer's. */
  readonly language: Language
  /** Invoice date. */
  readonly date: CalendarDate
}

export type DraftLine = Omit<InvoiceLine, 'id'>

export interface DraftedInvoice {
  readonly lines: readonly DraftLine[]
  readonly totals: InvoiceTotals<VatTreatment>
  /** While there is one, no invoice is made: the entries it names are not in the lines. */
  readonly problems: readonly Problem[]
  /** Worth a look, but no reason to stop. */
  readonly warnings: readonly Problem[]
}

interface RatedEntry {
  readonly entry: DraftEntry
  readonly project: DraftProject
  readonly activity: DraftActivity
  readonly userName: string
  readonly billed: number
  readonly rate: FoundRate
  readonly treatment: VatTreatment
  readonly vatRate: Decimal
  readonly vatSince: CalendarDate | null
}

/**
 * Hours become invoice lines, grouped by activity, project, person or one by one. A line belongs to one project and
 * has one rate, one item and one VAT rate, which does not change within it. Same entries, same lines, in whatever
 * order they come.
 *
 * Problems, each naming `entryId`, `date`, `project`, `activity`, `user`: `rate-missing`, `rate-currency-differs`,
 * `project-not-hourly`, `vat-rate-missing` (kind `setup`), `entry-not-billable` (kind `conflict`); naming the
 * customer: `vat-case-missing`, `vat-id-missing`, and `invoice-amount-too-large` (kind `input`).
 */
export function draftInvoice(request: DraftRequest): DraftedInvoice {
  const { by, language } = request
  const projects = byId(request.projects)
  const activities = byId(request.activities)
  const users = byId(request.users)
  const billed = billedMinutes(
    request.entries.toSorted((a, b) => byText([a.date, a.id], [b.date, b.id])),
    ({ projectId }) => get(projects, projectId).billingRounding ?? request.customer.billingRounding ?? null,
  )
  const problems: Problem[] = []
  const rated: RatedEntry[] = []
  for (const entry of request.entries) {
    const known = {
      entry,
      project: get(projects, entry.projectId),
      activity: get(activities, entry.activityId),
      userName: get(users, entry.userId).name,
      billed: billed.get(entry.id) as number,
    }
    const priced = price(known, request)
    if ('problem' in priced) problems.push(priced.problem)
    else rated.push({ ...known, ...priced })
  }
  rated.sort((a, b) => byText(placeOf(a, by), placeOf(b, by)))
  const manyProjects = new Set(rated.map(({ project }) => project.id)).size > 1
  const groups = Map.groupBy(rated, (one) => JSON.stringify(keyOf(one, by)))
  const lines = [...groups.values()].map((group) => toLine(group, { by, language, manyProjects }))
  const totals = invoiceTotals(lines.map((line) => ({ ...line, rate: line.vatRate })))
  if ([totals.gross, ...lines.map(({ net }) => net)].some(isTooMuch)) {
    const values = { customer: request.customer.name }
    problems.push({ kind: 'input', code: 'invoice-amount-too-large', values })
  }
  const late = request.entries.filter((entry) => entry.date > request.date)
  return {
    lines: lines.map((line, index) => ({ ...line, vat: totals.lineVat[index] as Decimal })),
    totals,
    problems: distinct(problems),
    warnings: late.length
      ? [{ kind: 'input', code: 'entries-after-invoice-date', values: { count: String(late.length) } }]
      : [],
  }
}

type KnownEntry = Pick<RatedEntry, 'entry' | 'project' | 'activity' | 'userName'>
type Price = Pick<RatedEntry, 'rate' | 'treatment' | 'vatRate' | 'vatSince'>

/** What an hour of this entry costs and how it is taxed, or why that is not known. */
function price(known: KnownEntry, { customer, firm, rates }: DraftRequest): Price | { readonly problem: Problem } {
  const { entry, project, activity } = known
  const about = {
    entryId: entry.id,
    date: entry.date,
    project: project.name,
    activity: activity.name,
    user: known.userName,
  }
  const setup = (code: string, more: Record<string, string> = {}) => ({
    problem: { kind: 'setup', code, values: { ...about, ...more } } as const,
  })
  if (!entry.billable) return { problem: { kind: 'conflict', code: 'entry-not-billable', values: about } }
  if (!isHourly(project.method)) return setup('project-not-hourly', { method: project.method })
  const rate = rateFor({ ...entry, customerId: project.customerId, method: project.method }, rates)
  if (!rate) return setup('rate-missing', { method: project.method })
  if (rate.currency !== customer.currency)
    return setup('rate-currency-differs', { rate: rate.currency, invoice: customer.currency })
  const vat = vatCaseFor({ customer, vatClass: activity.vatClass, firmDefault: firm.defaultVatClass })
  if ('problem' in vat) return vat
  const vatRate = vatRateFor(vat.treatment, firm.country, entry.date)
  if (!vatRate) return setup('vat-rate-missing', { vatTreatment: vat.treatment, country: firm.country })
  return { rate, treatment: vat.treatment, vatRate: vatRate.rate, vatSince: vatRate.since }
}

/** Entries with the same key share a line. `vatSince` keeps two periods apart that happen to have the same rate. */
function keyOf({ entry, project, activity, rate, treatment, vatRate, vatSince }: RatedEntry, by: LineGrouping) {
  const group = { activity: activity.id, project: null, user: entry.userId, entry: entry.id }[by]
  return [project.id, group, rate.amount, rate.currency, activity.itemId ?? null, treatment, vatRate, vatSince]
}

/** Lines stand by project and then by what they are grouped by; one by one, they stand by day. */
function placeOf({ entry, project, activity, userName }: RatedEntry, by: LineGrouping): readonly string[] {
  const inProject = [project.code, project.name, project.id]
  const inDay = [entry.date, entry.id]
  return {
    activity: [...inProject, activity.name, activity.id, ...inDay],
    project: [...inProject, ...inDay],
    user: [...inProject, userName, entry.userId, ...inDay],
    entry: [entry.date, ...inProject, activity.name, entry.id],
  }[by]
}

function toLine(
  group: readonly RatedEntry[],
  { by, language, manyProjects }: { by: LineGrouping; language: Language; manyProjects: boolean },
): DraftLine {
  const [first] = group
  assert(first, 'a line has an entry')
  const dates = group.map(({ entry }) => entry.date).sort()
  const [supplyFrom, supplyUntil] = [dates[0], dates.at(-1)] as [CalendarDate, CalendarDate]
  const total = (minutes: (one: RatedEntry) => number) => group.reduce((sum, one) => sum + minutes(one), 0)
  const minutes = total((one) => one.billed)
  const quantity = quantityOf(minutes)
  const { project, activity, rate } = first
  const subject = { activity: activity.name, project: project.name, user: first.userName, entry: activity.name }[by]
  const named = manyProjects && by !== 'project' ? `${project.name}: ${subject}` : subject
  const note = first.entry.note.trim()
  return {
    source: 'hours',
    description:
      by === 'entry'
        ? `${formatDate(supplyFrom, language)}, ${named}${note && ` – ${note}`}`
        : `${named}, ${formatMonths(supplyFrom, supplyUntil, language)}`,
    quantity,
    unit: 'hour',
    unitPrice: rate.amount,
    net: lineNet({ quantity, unitPrice: rate.amount }),
    vatTreatment: first.treatment,
    vatRate: first.vatRate,
    vat: round(zero, 2),
    supplyFrom,
    supplyUntil,
    projectId: project.id,
    activityIds: [...new Set(group.map((one) => one.activity.id))].sort(),
    entryIds: group.map(({ entry }) => entry.id),
    registeredMinutes: total(({ entry }) => entry.minutes),
    billedMinutes: minutes,
    costCentre: project.costCentre ?? null,
  }
}

type WithId = { readonly id: string }
const byId = <T extends WithId>(rows: readonly T[]): ReadonlyMap<string, T> => new Map(rows.map((row) => [row.id, row]))

function get<T>(rows: ReadonlyMap<string, T>, id: string): T {
  const row = rows.get(id)
  assert(row, `not given: ${id}`)
  return row
}

/** By code point, so that the order is the same on every machine. */
function byText(a: readonly string[], b: readonly string[]): number {
  const place = a.findIndex((text, index) => text !== b[index])
  return place === -1 ? 0 : (a[place] as string) < (b[place] as string) ? -1 : 1
}

const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]
