import type { paths } from '@uurwerk/api/generated/schema.d.ts'
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
  startsOn: project.startsOn,
  endsOn: project.endsOn,
  activityIds: project.activityIds.toSorted(),
  memberIds: project.memberIds.toSorted(),
})

const orNull = (text: string) => text.trim() || null

export const toProjectBody = (values: ProjectValues) => ({
  customerId: values.customerId,
  code: orNull(values.code),
  name: values.name.trim(),
  invoicingMethod: values.invoicingMethod,
  invoiceReference: orNull(values.invoiceReference),
  orderNumber: orNull(values.orderNumber),
  costCentre: orNull(values.costCentre),
  startsOn: values.startsOn || null,
  endsOn: values.endsOn || null,
  activityIds: values.activityIds.toSorted(),
  memberIds: values.memberIds.toSorted(),
})
