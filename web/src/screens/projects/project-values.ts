import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import { decimal, parseDecimal, round, times } from '@uurwerk/core/shared/money.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { formatDuration } from '@uurwerk/core/time/duration.ts'
import type { Word } from '../../words/words.tsx'

export type ProjectAnswer = paths['/projects/{id}']['get']['responses'][200]['content']['application/json']
export type Method = ProjectAnswer['invoicingMethod']

/** In the order in which they are offered: by the hour first. */
export const methods = [
  'hourly-activity',
  'hourly-user',
  'hourly-project',
  'hourly-customer',
  'fixed-price',
  'fixed-per-activity',
  'subscription',
  'none',
] as const satisfies readonly Method[]

export const methodWords = {
  none: 'projects.method.none',
  'hourly-activity': 'projects.method.activity',
  'hourly-user': 'projects.method.user',
  'hourly-project': 'projects.method.project',
  'hourly-customer': 'projects.method.customer',
  'fixed-price': 'projects.method.fixed',
  'fixed-per-activity': 'projects.method.fixedActivity',
  subscription: 'projects.method.subscription',
} as const satisfies Record<Method, Word>

export const methodTexts = {
  none: 'projects.method.none.text',
  'hourly-activity': 'projects.method.activity.text',
  'hourly-user': 'projects.method.user.text',
  'hourly-project': 'projects.method.project.text',
  'hourly-customer': 'projects.method.customer.text',
  'fixed-price': 'projects.method.fixed.text',
  'fixed-per-activity': 'projects.method.fixedActivity.text',
  subscription: 'projects.method.subscription.text',
} as const satisfies Record<Method, Word>

export interface ProjectValues extends Record<string, unknown> {
  customerId: string | null
  code: string
  name: string
  invoicingMethod: Method
  invoiceReference: string
  orderNumber: string
  costCentre: string
  costUnit: string
  billingRounding: BillingRounding | null
  /** As typed: `100` or `100.5`. */
  budgetHours: string
  budgetAmount: string
  budgetWarningPercent: string
  customerApproves: boolean
  managerIds: string[]
  startsOn: string | null
  endsOn: string | null
  activityIds: string[]
  memberIds: string[]
}

export const newProjectValues = (customerId: string | null): ProjectValues => ({
  customerId,
  code: '',
  name: '',
  invoicingMethod: 'hourly-activity',
  invoiceReference: '',
  orderNumber: '',
  costCentre: '',
  costUnit: '',
  billingRounding: null,
  budgetHours: '',
  budgetAmount: '',
  budgetWarningPercent: '80',
  customerApproves: true,
  managerIds: [],
  startsOn: null,
  endsOn: null,
  activityIds: [],
  memberIds: [],
})

export const toProjectValues = (project: ProjectAnswer): ProjectValues => ({
  customerId: project.customerId,
  code: project.code ?? '',
  name: project.name,
  invoicingMethod: project.invoicingMethod,
  invoiceReference: project.invoiceReference ?? '',
  orderNumber: project.orderNumber ?? '',
  costCentre: project.costCentre ?? '',
  costUnit: project.costUnit ?? '',
  billingRounding: project.billingRounding,
  budgetHours: project.budgetMinutes === null ? '' : hoursOf(project.budgetMinutes),
  budgetAmount: project.budgetAmount ?? '',
  budgetWarningPercent: project.budgetWarningPercent === null ? '' : String(project.budgetWarningPercent),
  customerApproves: project.customerApproves,
  managerIds: project.managerIds.toSorted(),
  startsOn: project.startsOn,
  endsOn: project.endsOn,
  activityIds: project.activityIds.toSorted(),
  memberIds: project.memberIds.toSorted(),
})

/** Hours with decimals, as few as they need: 6030 minutes is `100.5`; what no decimal says exactly stays `100:20`. */
function hoursOf(minutes: number): string {
  const hours = minutes / 60
  return Number.isInteger(hours * 100) ? String(hours) : formatDuration(minutes)
}

/** Of `100`, `100.5` or `100:30`; null of nothing, and of what is no number of hours. */
function minutesOf(typed: string): number | null {
  const clock = /^(\d{1,6}):([0-5]\d)$/.exec(typed.trim())
  if (clock) return Number(clock[1]) * 60 + Number(clock[2])
  const hours = parseDecimal(typed.trim())
  return hours === null ? null : Number(round(times(hours, decimal('60')), 0))
}

/** Of a project's values as they are typed: what the API would not understand. */
export const isBudgetHours = (typed: string): boolean => {
  const minutes = minutesOf(typed)
  return typed.trim() === '' || (minutes !== null && minutes > 0)
}

const orNull = (text: string) => text.trim() || null

export const toProjectBody = (values: ProjectValues) => ({
  customerId: values.customerId,
  code: orNull(values.code),
  name: values.name.trim(),
  invoicingMethod: values.invoicingMethod,
  invoiceReference: orNull(values.invoiceReference),
  orderNumber: orNull(values.orderNumber),
  costCentre: orNull(values.costCentre),
  costUnit: orNull(values.costUnit),
  billingRounding: values.billingRounding,
  budgetMinutes: minutesOf(values.budgetHours),
  budgetAmount: orNull(values.budgetAmount),
  budgetWarningPercent: values.budgetWarningPercent.trim() === '' ? null : Number(values.budgetWarningPercent),
  customerApproves: values.customerApproves,
  managerIds: values.managerIds.toSorted(),
  startsOn: values.startsOn || null,
  endsOn: values.endsOn || null,
  activityIds: values.activityIds.toSorted(),
  memberIds: values.memberIds.toSorted(),
})
