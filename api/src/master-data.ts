import { z } from 'zod'
import { projectBudget } from './reports.ts'
import { routes } from './route.ts'
import {
  address,
  byId,
  calendarDate,
  country,
  currency,
  email,
  flag,
  id,
  instant,
  language,
  longText,
  optionalText,
  page,
  paging,
  positiveDecimal,
  shortText,
  vatCase,
  vatClass,
  version,
} from './shapes.ts'

/** How registered minutes become billed minutes. */
const billingRounding = z
  .object({
    stepMinutes: z.int().min(1).max(480).meta({ example: 15 }),
    direction: z.enum(['up', 'nearest', 'down']),
    per: z.enum(['entry', 'day']).meta({ description: 'Each entry, or all of a person and project on one day' }),
  })
  .meta({ id: 'BillingRounding' })

export const customerInput = z.object({
  number: z.string().trim().min(1).max(18).nullable().optional(),
  name: shortText(100),
  visitAddress: address.optional(),
  invoiceAddress: address.nullable().optional(),
  country,
  phone: optionalText(30).optional(),
  email: email.nullable().optional(),
  invoiceEmail: email.nullable().optional(),
  website: optionalText(100).optional(),
  vatId: optionalText(20).optional(),
  kvk: optionalText(20).optional(),
  iban: optionalText(34).optional(),
  paymentDays: z.int().min(0).max(365).nullable().optional(),
  paymentEndOfMonth: z.boolean().nullable().optional(),
  vatCase: vatCase.optional().meta({ description: 'Proposed from country and VAT id when left out' }),
  language: language.optional(),
  currency: currency.optional(),
  peppolId: optionalText(50).optional(),
  billToId: id.nullable().optional(),
  billingRounding: billingRounding.nullable().optional().meta({ description: 'None: minutes as they are' }),
  remindersOff: z.boolean().optional().meta({ description: 'Gets no reminders of overdue invoices' }),
  note: longText(2000).nullable().optional(),
})

export const customer = z
  .object({
    id,
    number: z.string().nullable(),
    name: z.string(),
    visitAddress: address,
    invoiceAddress: address.nullable(),
    country,
    phone: z.string().nullable(),
    email: z.string().nullable(),
    invoiceEmail: z.string().nullable(),
    website: z.string().nullable(),
    vatId: z.string().nullable(),
    kvk: z.string().nullable(),
    iban: z.string().nullable(),
    paymentDays: z.int().nullable(),
    paymentEndOfMonth: z.boolean().nullable(),
    vatCase,
    vatCaseConfirmed: z.boolean(),
    language,
    currency,
    peppolId: z.string().nullable(),
    billToId: id.nullable(),
    billingRounding: billingRounding.nullable(),
    remindersOff: z.boolean(),
    note: z.string().nullable(),
    archived: z.boolean(),
    /** Fields the accounting package leads: read-only here. */
    ledBy: z.object({ package: z.string(), code: z.string().nullable(), fields: z.array(z.string()) }).nullable(),
    /** Where it stands in the accounting package; null when it is not linked there. */
    inPackage: z
      .object({
        connectionId: id,
        package: z.string(),
        packageName: z.string(),
        code: z.string().nullable(),
        leader: z.enum(['package', 'uurwerk']),
        /** Why it cannot be invoiced there any more. */
        inactive: z.enum(['deleted', 'not-listed', 'not-a-customer', 'ended', 'blocked']).nullable(),
        inactiveSince: instant.nullable(),
        readAt: instant.nullable(),
      })
      .nullable(),
    version,
    updatedAt: instant,
  })
  .meta({ id: 'Customer' })

const listQuery = z.object({
  ...paging,
  search: z.string().max(100).optional(),
  archived: flag.optional(),
  updatedSince: instant.optional(),
})

const amount = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,2})?$/)
  .meta({ description: 'Amount as decimal text, not negative', example: '18000.00' })

export const invoicingMethod = z.enum([
  'none',
  'hourly-activity',
  'hourly-user',
  'hourly-project',
  'hourly-customer',
  'fixed-price',
  'fixed-per-activity',
  'subscription',
])

export const projectInput = z.object({
  customerId: id.nullable().optional(),
  code: optionalText(20).optional(),
  name: shortText(100),
  invoicingMethod,
  invoiceReference: optionalText(60).optional(),
  orderNumber: optionalText(40).optional(),
  costCentre: optionalText(8).optional(),
  costUnit: optionalText(8).optional(),
  billingRounding: billingRounding.nullable().optional().meta({ description: 'None: as the customer' }),
  budgetMinutes: z.int().min(1).max(60_000_000).nullable().optional(),
  budgetAmount: amount.nullable().optional().meta({ description: 'In the currency of the customer' }),
  budgetWarningPercent: z.int().min(1).max(100).nullable().optional(),
  customerApproves: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the customer is asked, where the firm has its hours approved by customers' }),
  startsOn: calendarDate.nullable().optional(),
  endsOn: calendarDate.nullable().optional(),
  activityIds: z
    .array(id)
    .max(200)
    .optional()
    .meta({ description: 'Which activities may be written on it; none means all' }),
  memberIds: z.array(id).max(500).optional().meta({ description: 'Who may write on it; none means everybody' }),
  managerIds: z
    .array(id)
    .max(100)
    .optional()
    .meta({ description: 'Who sees and approves what is written on it, and may write on it too' }),
})

export const project = z
  .object({
    id,
    customerId: id.nullable(),
    customerName: z.string().nullable(),
    code: z.string().nullable(),
    name: z.string(),
    invoicingMethod,
    invoiceReference: z.string().nullable(),
    orderNumber: z.string().nullable(),
    costCentre: z.string().nullable(),
    costUnit: z.string().nullable(),
    billingRounding: billingRounding.nullable(),
    budgetMinutes: z.int().nullable(),
    /** Null as well for who may not see rates. */
    budgetAmount: z.string().nullable(),
    budgetWarningPercent: z.int().nullable(),
    customerApproves: z.boolean(),
    startsOn: calendarDate.nullable(),
    endsOn: calendarDate.nullable(),
    activityIds: z.array(id),
    memberIds: z.array(id),
    managerIds: z.array(id),
    archived: z.boolean(),
    version,
    updatedAt: instant,
  })
  .meta({ id: 'Project' })

export const activityInput = z.object({
  name: shortText(60),
  code: optionalText(20).optional(),
  billable: z.boolean(),
  vatClass,
})

export const activity = z
  .object({
    id,
    name: z.string(),
    code: z.string().nullable(),
    billable: z.boolean(),
    vatClass,
    /** Rate that holds today; null when there is none. */
    rate: z.object({ amount: z.string(), currency, from: calendarDate }).nullable(),
    archived: z.boolean(),
    version,
    updatedAt: instant,
  })
  .meta({ id: 'Activity' })

export const rateScope = z.enum(['activity', 'user', 'project', 'customer', 'project-activity', 'project-user'])
export const rateInput = z.object({
  scope: rateScope,
  activityId: id.nullable().optional(),
  projectId: id.nullable().optional(),
  customerId: id.nullable().optional(),
  memberId: id.nullable().optional(),
  amount: positiveDecimal,
  currency,
  from: calendarDate,
})
export const rate = z
  .object({
    id,
    scope: rateScope,
    activityId: id.nullable(),
    projectId: id.nullable(),
    customerId: id.nullable(),
    memberId: id.nullable(),
    amount: z.string(),
    currency,
    from: calendarDate,
    version,
  })
  .meta({ id: 'Rate' })

/** A new rate; with `id` a correction of that one; or a rate that is taken back. */
export const ratePreviewInput = z.union([
  rateInput.extend({ id: id.optional() }),
  z.object({ id, takenBack: z.literal(true) }),
])
export const ratePreview = z
  .object({
    /** Entries that are on no invoice and get another amount. */
    entries: z.int(),
    minutes: z.int(),
    /** Of these: entries that had no rate before, and that have none any more. */
    withoutRateBefore: z.int(),
    withoutRateAfter: z.int(),
    totals: z.array(z.object({ currency, before: z.string(), after: z.string() })),
    /** Entries on an invoice: they keep the amount they were invoiced at. */
    keptEntries: z.int(),
    /** Of the entries that change, those on days that are locked. */
    lockedEntries: z.int(),
    lockedUntil: calendarDate.nullable(),
  })
  .meta({ id: 'RatePreview' })

export const masterDataRoutes = routes({
  listCustomers: {
    id: 'list-customers',
    method: 'GET',
    path: '/customers',
    summary: 'Customers',
    tag: 'Customers',
    access: 'customers:read',
    query: listQuery,
    answer: page(customer),
  },
  createCustomer: {
    id: 'create-customer',
    method: 'POST',
    path: '/customers',
    summary: 'Make a customer',
    tag: 'Customers',
    access: 'customers:write',
    status: 201,
    body: customerInput,
    answer: customer,
  },
  readCustomer: {
    id: 'read-customer',
    method: 'GET',
    path: '/customers/{id}',
    summary: 'One customer',
    tag: 'Customers',
    access: 'customers:read',
    params: byId,
    answer: customer,
  },
  changeCustomer: {
    id: 'change-customer',
    method: 'PATCH',
    path: '/customers/{id}',
    summary: 'Change a customer, archive or bring back',
    tag: 'Customers',
    access: 'customers:write',
    versioned: true,
    params: byId,
    body: customerInput.extend({ archived: z.boolean() }).partial(),
    answer: customer,
  },
  deleteCustomer: {
    id: 'delete-customer',
    method: 'DELETE',
    path: '/customers/{id}',
    summary: 'Delete a customer that has no projects and no invoices',
    tag: 'Customers',
    access: 'customers:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreCustomer: {
    id: 'restore-customer',
    method: 'POST',
    path: '/customers/{id}/restoration',
    summary: 'Bring back a deleted customer',
    tag: 'Customers',
    access: 'customers:write',
    params: byId,
    answer: customer,
  },
  listProjects: {
    id: 'list-projects',
    method: 'GET',
    path: '/projects',
    summary: 'Projects; for somebody who only writes own hours: those open to them',
    tag: 'Projects',
    access: 'projects:read',
    query: listQuery.extend({
      customerId: id.optional(),
      openTo: id.optional().meta({ description: 'Only those on which this person may register' }),
    }),
    answer: page(project),
  },
  createProject: {
    id: 'create-project',
    method: 'POST',
    path: '/projects',
    summary: 'Make a project',
    tag: 'Projects',
    access: 'projects:write',
    status: 201,
    body: projectInput,
    answer: project,
  },
  readProject: {
    id: 'read-project',
    method: 'GET',
    path: '/projects/{id}',
    summary: 'One project',
    tag: 'Projects',
    access: 'projects:read',
    params: byId,
    answer: project,
  },
  changeProject: {
    id: 'change-project',
    method: 'PATCH',
    path: '/projects/{id}',
    summary: 'Change a project, archive or bring back',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: byId,
    body: projectInput.extend({ archived: z.boolean() }).partial(),
    answer: project,
  },
  deleteProject: {
    id: 'delete-project',
    method: 'DELETE',
    path: '/projects/{id}',
    summary: 'Delete a project without hours',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreProject: {
    id: 'restore-project',
    method: 'POST',
    path: '/projects/{id}/restoration',
    summary: 'Bring back a deleted project',
    tag: 'Projects',
    access: 'projects:write',
    params: byId,
    answer: project,
  },
  readProjectBudget: {
    id: 'read-project-budget',
    method: 'GET',
    path: '/projects/{id}/budget',
    summary:
      'What is used of the budget of a project; null without one, or for who neither manages it nor sees all hours',
    tag: 'Projects',
    access: 'projects:read',
    params: byId,
    answer: z.object({ budget: projectBudget.nullable() }),
  },
  listActivities: {
    id: 'list-activities',
    method: 'GET',
    path: '/activities',
    summary: 'Activities',
    tag: 'Activities',
    access: 'projects:read',
    query: listQuery,
    answer: page(activity),
  },
  createActivity: {
    id: 'create-activity',
    method: 'POST',
    path: '/activities',
    summary: 'Make an activity, with the rate from which it starts',
    tag: 'Activities',
    access: 'activities:write',
    status: 201,
    body: activityInput.extend({
      rate: z.object({ amount: positiveDecimal, currency, from: calendarDate }).nullable().optional(),
    }),
    answer: activity,
  },
  readActivity: {
    id: 'read-activity',
    method: 'GET',
    path: '/activities/{id}',
    summary: 'One activity',
    tag: 'Activities',
    access: 'projects:read',
    params: byId,
    answer: activity,
  },
  changeActivity: {
    id: 'change-activity',
    method: 'PATCH',
    path: '/activities/{id}',
    summary: 'Change an activity, archive or bring back',
    tag: 'Activities',
    access: 'activities:write',
    versioned: true,
    params: byId,
    body: activityInput.extend({ archived: z.boolean() }).partial(),
    answer: activity,
  },
  deleteActivity: {
    id: 'delete-activity',
    method: 'DELETE',
    path: '/activities/{id}',
    summary: 'Delete an activity without hours',
    tag: 'Activities',
    access: 'activities:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreActivity: {
    id: 'restore-activity',
    method: 'POST',
    path: '/activities/{id}/restoration',
    summary: 'Bring back a deleted activity',
    tag: 'Activities',
    access: 'activities:write',
    params: byId,
    answer: activity,
  },
  listRates: {
    id: 'list-rates',
    method: 'GET',
    path: '/rates',
    summary: 'Dated rates of one activity, project, customer or person',
    tag: 'Rates',
    access: 'rates:read',
    query: z.object({
      activityId: id.optional(),
      projectId: id.optional(),
      customerId: id.optional(),
      memberId: id.optional(),
    }),
    answer: z.object({ rows: z.array(rate) }),
  },
  previewRate: {
    id: 'preview-rate',
    method: 'POST',
    path: '/rates/preview',
    summary: 'What a new, corrected or taken back rate would change; changes nothing',
    tag: 'Rates',
    access: 'rates:read',
    body: ratePreviewInput,
    answer: ratePreview,
  },
  createRate: {
    id: 'create-rate',
    method: 'POST',
    path: '/rates',
    summary: 'A rate that holds from a day; what was before stays as it was',
    tag: 'Rates',
    access: 'rates:write',
    status: 201,
    body: rateInput,
    answer: rate,
  },
  changeRate: {
    id: 'change-rate',
    method: 'PATCH',
    path: '/rates/{id}',
    summary: 'Correct a rate; invoiced hours keep the rate they were invoiced at',
    tag: 'Rates',
    access: 'rates:write',
    versioned: true,
    params: byId,
    body: z.object({ amount: positiveDecimal, from: calendarDate }).partial(),
    answer: rate,
  },
  deleteRate: {
    id: 'delete-rate',
    method: 'DELETE',
    path: '/rates/{id}',
    summary: 'Take a rate back',
    tag: 'Rates',
    access: 'rates:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreRate: {
    id: 'restore-rate',
    method: 'POST',
    path: '/rates/{id}/restoration',
    summary: 'Put back a rate that was taken back',
    tag: 'Rates',
    access: 'rates:write',
    params: byId,
    answer: rate,
  },
})
