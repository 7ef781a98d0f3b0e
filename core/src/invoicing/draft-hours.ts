import { isHourly } from '../projects/invoicing-method.ts'
import { type DatedRate, type FoundRate, rateFor } from '../projects/rates.ts'
import { assert } from '../shared/assert.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { formatDate, formatMonths } from '../shared/format.ts'
import type { Problem } from '../shared/problem.ts'
import { billedMinutes } from '../time/billing-rounding.ts'
import type { HourEntry } from '../time/hour-entry.ts'
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
  saysOf,
  type Tax,
  taxOf,
} from './draft-line.ts'
import { lineNet, quantityOf } from './totals.ts'
import type { VatClass } from './vat-cases.ts'

export type DraftEntry = Pick<
  HourEntry,
  'id' | 'userId' | 'date' | 'minutes' | 'projectId' | 'activityId' | 'note' | 'billable'
>

export interface DraftActivity {
  readonly id: string
  readonly name: string
  readonly vatClass: VatClass | null
  /** Activities that sell different items never share a line. */
  readonly itemId?: string | null
}

export interface HoursRequest {
  readonly entries: readonly DraftEntry[]
  readonly rates: readonly DatedRate[]
  readonly projects: readonly DraftProject[]
  readonly activities: readonly DraftActivity[]
  readonly users: readonly { readonly id: string; readonly name: string }[]
}

interface RatedEntry extends Tax {
  readonly entry: DraftEntry
  readonly project: DraftProject
  readonly activity: DraftActivity
  readonly userName: string
  readonly billed: number
  readonly rate: FoundRate
}

/**
 * Hours grouped by activity, project, person or one by one. A line belongs to one project and has one rate, one item
 * and one VAT rate, which does not change within it.
 */
export function draftHours(request: HoursRequest, frame: DraftFrame): DraftedLines {
  const { by } = frame
  const projects = byId(request.projects)
  const activities = byId(request.activities)
  const users = byId(request.users)
  const billed = billedMinutes(
    request.entries.toSorted((a, b) => byText([a.date, a.id], [b.date, b.id])),
    ({ projectId }) => get(projects, projectId).billingRounding ?? frame.customer.billingRounding ?? null,
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
    const priced = price(known, request.rates, frame)
    if ('problem' in priced) problems.push(priced.problem)
    else rated.push({ ...known, ...priced })
  }
  rated.sort((a, b) => byText(placeOf(a, by), placeOf(b, by)))
  const groups = Map.groupBy(rated, (one) => JSON.stringify(keyOf(one, by)))
  return { lines: [...groups.values()].map((group) => toLine(group, frame)), problems }
}

type KnownEntry = Pick<RatedEntry, 'entry' | 'project' | 'activity' | 'userName'>

/** What an hour of this entry costs and how it is taxed, or why that is not known. */
function price(
  known: KnownEntry,
  rates: readonly DatedRate[],
  frame: DraftFrame,
): (Tax & { readonly rate: FoundRate }) | { readonly problem: Problem } {
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
  const { currency } = frame.customer
  if (rate.currency !== currency) return setup('rate-currency-differs', { rate: rate.currency, invoice: currency })
  const tax = taxOf({ vatClass: activity.vatClass, date: entry.date, about }, frame)
  return 'problem' in tax ? tax : { rate, ...tax }
}

/** Entries with the same key share a line. */
function keyOf({ entry, project, activity, rate, treatment, vatRate, vatSince }: RatedEntry, by: LineGrouping) {
  const group = { activity: activity.id, project: null, user: entry.userId, entry: entry.id }[by]
  return [project.id, group, rate.amount, rate.currency, activity.itemId ?? null, treatment, vatRate, vatSince]
}

/** Lines stand by project and then by what they are grouped by; one by one, they stand by day. */
function placeOf({ entry, project, activity, userName }: RatedEntry, by: LineGrouping): readonly string[] {
  const inDay = [entry.date, entry.id]
  return {
    activity: [...inProject(project), activity.name, activity.id, ...inDay],
    project: [...inProject(project), ...inDay],
    user: [...inProject(project), userName, entry.userId, ...inDay],
    entry: [entry.date, ...inProject(project), activity.name, entry.id],
  }[by]
}

function toLine(
  group: readonly RatedEntry[],
  { by, language, manyProjects }: DraftFrame,
): DraftedLines['lines'][number] {
  const [first] = group
  assert(first, 'a line has an entry')
  const dates = group.map(({ entry }) => entry.date).sort()
  const [supplyFrom, supplyUntil] = [dates[0], dates.at(-1)] as [CalendarDate, CalendarDate]
  const total = (minutes: (one: RatedEntry) => number) => group.reduce((sum, one) => sum + minutes(one), 0)
  const minutes = total((one) => one.billed)
  const quantity = quantityOf(minutes)
  const { project, activity, rate } = first
  const subject = { activity: activity.name, project: project.name, user: first.userName, entry: activity.name }[by]
  const named = saysOf(project, subject, manyProjects && by !== 'project')
  const note = first.entry.note.trim()
  const line: DraftLine = {
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
    vat: noVatYet,
    supplyFrom,
    supplyUntil,
    ownPeriod: true,
    projectId: project.id,
    activityIds: [...new Set(group.map((one) => one.activity.id))].sort(),
    entryIds: group.map(({ entry }) => entry.id),
    registeredMinutes: total(({ entry }) => entry.minutes),
    billedMinutes: minutes,
    costCentre: project.costCentre ?? null,
  }
  return { line, project }
}
