import type { Customer } from '../customers/customer.ts'
import type { InvoicingMethod } from '../projects/invoicing-method.ts'
import { assert } from '../shared/assert.ts'
import { type CalendarDate, endOfMonth } from '../shared/calendar-date.ts'
import { formatDate, formatMonths } from '../shared/format.ts'
import type { Language } from '../shared/language.ts'
import { type Decimal, round, zero } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import type { BillingRounding } from '../time/billing-rounding.ts'
import type { InvoiceLine } from './invoice.ts'
import { lineNet } from './totals.ts'
import { type VatClass, type VatTreatment, vatCaseFor, vatRateFor } from './vat-cases.ts'

export const lineGroupings = ['activity', 'project', 'user', 'entry'] as const
export type LineGrouping = (typeof lineGroupings)[number]

export interface DraftProject {
  readonly id: string
  readonly customerId: string
  readonly code: string
  readonly name: string
  readonly method: InvoicingMethod
  /** Goes before the customer's. */
  readonly billingRounding?: BillingRounding | null
  readonly costCentre?: string | null
  /** The customer whose project it is, where another is invoiced for it. */
  readonly servedName?: string | null
}

/** Whom the invoice is for, and what is the same for all its lines. */
export interface DraftFrame {
  readonly by: LineGrouping
  readonly customer: Pick<Customer, 'id' | 'name' | 'vatCase' | 'vatId' | 'currency' | 'billingRounding'>
  readonly firm: { readonly country: string; readonly defaultVatClass: VatClass }
  /** The customer's. */
  readonly language: Language
  /** Invoice date. */
  readonly date: CalendarDate
  /** Then a line says of which project it is. */
  readonly manyProjects: boolean
}

export type DraftLine = Omit<InvoiceLine, 'id'> & {
  /** False: supplied on the day of the invoice, whichever that becomes. */
  readonly ownPeriod: boolean
}

/** Lines of one kind, each with where it stands among those of its project, and why others are missing. */
export interface DraftedLines {
  readonly lines: readonly { readonly line: DraftLine; readonly project: DraftProject }[]
  readonly problems: readonly Problem[]
}

export interface Tax {
  readonly treatment: VatTreatment
  readonly vatRate: Decimal
  /** Keeps two periods apart that happen to have the same rate. */
  readonly vatSince: CalendarDate | null
}

/** How what was supplied on a day is taxed, or why that is not known; `about` names it in the problem. */
export function taxOf(
  of: {
    readonly line?: VatTreatment
    readonly vatClass: VatClass | null
    readonly date: CalendarDate
    readonly about: Readonly<Record<string, string>>
  },
  { customer, firm }: Pick<DraftFrame, 'customer' | 'firm'>,
): Tax | { readonly problem: Problem } {
  const vat = vatCaseFor({ line: of.line, customer, vatClass: of.vatClass, firmDefault: firm.defaultVatClass })
  if ('problem' in vat) return vat
  const found = vatRateFor(vat.treatment, firm.country, of.date)
  if (found) return { treatment: vat.treatment, vatRate: found.rate, vatSince: found.since }
  const values = { ...of.about, vatTreatment: vat.treatment, country: firm.country }
  return { problem: { kind: 'setup', code: 'vat-rate-missing', values } }
}

/** One piece of an amount that is not multiplied. */
export const pieceOf = (amount: Decimal): Pick<DraftLine, 'quantity' | 'unit' | 'unitPrice' | 'net'> => {
  const quantity = '1' as Decimal
  return { quantity, unit: 'piece', unitPrice: amount, net: lineNet({ quantity, unitPrice: amount }) }
}

/** Until the totals give a line its share. */
export const noVatYet = round(zero, 2)

/** `maart 2026` when whole months, else `31 januari 2026 – 27 februari 2026`. */
export function periodText(from: CalendarDate, until: CalendarDate, language: Language): string {
  if (from.endsWith('-01') && until === endOfMonth(until)) return formatMonths(from, until, language)
  if (from === until) return formatDate(from, language)
  return `${formatDate(from, language)} – ${formatDate(until, language)}`
}

type WithId = { readonly id: string }
export const byId = <T extends WithId>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]))

export function get<T>(rows: ReadonlyMap<string, T>, id: string): T {
  const row = rows.get(id)
  assert(row, `not given: ${id}`)
  return row
}

/** By code point, so that the order is the same on every machine. */
export function byText(a: readonly string[], b: readonly string[]): number {
  const place = a.findIndex((text, index) => text !== b[index])
  return place === -1 ? 0 : (a[place] as string) < (b[place] as string) ? -1 : 1
}

/** What is done for one customer stands together, and within that each project. */
export const inProject = ({ servedName, code, name, id }: DraftProject): readonly string[] => [
  servedName ?? '',
  code,
  name,
  id,
]

/** What a line says it is of: for whom, where another pays, and of which project, where that does not go without saying. */
export function saysOf(project: DraftProject, subject: string, withProject: boolean): string {
  const of = [project.servedName, withProject ? project.name : null].filter(Boolean).join(', ')
  return of ? `${of}: ${subject}` : subject
}
