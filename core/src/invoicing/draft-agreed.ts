import type { CalendarDate } from '../shared/calendar-date.ts'
import type { Decimal } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import {
  byId,
  byText,
  type DraftedLines,
  type DraftFrame,
  type DraftLine,
  type DraftProject,
  get,
  noVatYet,
  periodText,
  pieceOf,
  saysOf,
  taxOf,
} from './draft-line.ts'
import type { VatClass } from './vat-cases.ts'

interface Agreed {
  readonly id: string
  readonly projectId: string
  readonly description: string
  /** In the currency of the customer; cents. */
  readonly amount: Decimal
  readonly dueOn: CalendarDate
  /** Goes before that of the activity. */
  readonly vatClass: VatClass | null
}

export interface DraftInstalment extends Agreed {
  /** Where each activity has its own price. */
  readonly activityId: string | null
  /** What it pays for; without one it is supplied on the day of the invoice. */
  readonly periodFrom: CalendarDate | null
  readonly periodUntil: CalendarDate | null
}

export interface DraftPeriod extends Agreed {
  readonly periodFrom: CalendarDate
  readonly periodUntil: CalendarDate
}

export interface AgreedRequest {
  readonly instalments: readonly DraftInstalment[]
  readonly periods: readonly DraftPeriod[]
  readonly projects: readonly DraftProject[]
  readonly activities: readonly { readonly id: string; readonly vatClass: VatClass | null }[]
}

/** Instalments and subscription periods: each a line of one piece with its own service period. */
export function draftAgreed(request: AgreedRequest, frame: DraftFrame): DraftedLines {
  const activities = byId(request.activities)
  const projects = byId(request.projects)
  const problems: Problem[] = []
  const lines: { line: DraftLine; project: DraftProject }[] = []
  const all = [
    ...request.instalments.map((one) => ({ ...one, source: 'instalment' as const })),
    ...request.periods.map((one) => ({ ...one, source: 'subscription' as const, activityId: null })),
  ].sort((a, b) => byText([a.source, a.dueOn, a.id], [b.source, b.dueOn, b.id]))
  for (const one of all) {
    const project = get(projects, one.projectId)
    const supplyFrom = one.periodFrom ?? frame.date
    const supplyUntil = one.periodUntil ?? frame.date
    const activityClass = one.activityId ? get(activities, one.activityId).vatClass : null
    const about = { entryId: one.id, date: supplyFrom, project: project.name }
    const tax = taxOf({ vatClass: one.vatClass ?? activityClass, date: supplyFrom, about }, frame)
    if ('problem' in tax) {
      problems.push(tax.problem)
      continue
    }
    const ownPeriod = one.periodFrom !== null
    const period = ownPeriod ? `, ${periodText(supplyFrom, supplyUntil, frame.language)}` : ''
    const line: DraftLine = {
      source: one.source,
      description: `${saysOf(project, one.description, true)}${period}`,
      ...pieceOf(one.amount),
      vatTreatment: tax.treatment,
      vatRate: tax.vatRate,
      vat: noVatYet,
      supplyFrom,
      supplyUntil,
      ownPeriod,
      projectId: project.id,
      activityIds: one.activityId ? [one.activityId] : [],
      entryIds: [one.id],
      costCentre: project.costCentre ?? null,
    }
    lines.push({ line, project })
  }
  return { lines, problems }
}
