import { z } from 'zod'
import { entryFacts, entryFilter, entrySelectionFilter, tags } from './entries.ts'
import { routes } from './route.ts'
import {
  byId,
  calendarDate,
  currency,
  decimal,
  flag,
  id,
  instant,
  longText,
  many,
  optionalText,
  page,
  paging,
  shortText,
  vatClass,
  version,
} from './shapes.ts'

const percent = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,2})?$/)
  .meta({ description: 'Percent as text, at most two decimals', example: '100' })

export const storedFile = z
  .object({ id, name: z.string(), mediaType: z.string(), sizeBytes: z.int() })
  .meta({ id: 'StoredFile' })

export const expenseCategoryInput = z.object({
  name: shortText(60),
  code: optionalText(20).optional(),
  vatClass: vatClass.optional(),
  deductiblePercent: percent.optional().meta({ description: 'Of the input VAT, 0 to 100' }),
  marginPercent: percent.optional().meta({ description: 'On what is recharged, 0 to 1000' }),
  disbursement: z.boolean().optional().meta({ description: 'Paid in the name of the customer: no VAT, no margin' }),
  billable: z.boolean().optional(),
  reimbursable: z.boolean().optional(),
})

/** What a category proposes for its expenses. The margin is null for who may not see prices. */
export const expenseCategory = z
  .object({
    id,
    name: z.string(),
    code: z.string().nullable(),
    vatClass,
    deductiblePercent: z.string(),
    marginPercent: z.string().nullable(),
    disbursement: z.boolean(),
    billable: z.boolean(),
    reimbursable: z.boolean(),
    archived: z.boolean(),
    version,
    updatedAt: instant,
  })
  .meta({ id: 'ExpenseCategory' })

export const expenseInput = z.object({
  memberId: id.optional().meta({ description: 'Yourself when left out' }),
  date: calendarDate,
  projectId: id.nullable().optional(),
  categoryId: id,
  note: longText(1000).optional(),
  tags: tags.optional(),
  gross: decimal.meta({ description: 'What was paid, VAT included; negative for what was given back' }),
  inputVat: decimal.optional().meta({ description: 'The VAT in it; none when left out' }),
  deductiblePercent: percent.optional().meta({
    description: 'As the category says when left out; needs `hours:write`, as the margin and disbursement do',
  }),
  marginPercent: percent.optional(),
  disbursement: z.boolean().optional(),
  billable: z.boolean().optional().meta({ description: 'To the customer; as category and project say when left out' }),
  reimbursable: z.boolean().optional().meta({ description: 'To the employee; as the category says when left out' }),
  fileIds: z.array(id).max(10).optional().meta({ description: 'Receipts, in their order' }),
})

export const expense = z
  .object({
    id,
    memberId: id,
    memberName: z.string(),
    date: calendarDate,
    customerId: id.nullable(),
    customerName: z.string().nullable(),
    projectId: id.nullable(),
    projectName: z.string().nullable(),
    categoryId: id,
    categoryName: z.string(),
    note: z.string(),
    tags: z.array(z.string()),
    currency,
    gross: z.string(),
    inputVat: z.string(),
    deductiblePercent: z.string(),
    disbursement: z.boolean(),
    /** On top of the cost, and what the customer is invoiced before VAT; null for who may not see prices. */
    marginPercent: z.string().nullable(),
    rechargeNet: z.string().nullable(),
    billable: z.boolean(),
    reimbursable: z.boolean(),
    /** The payment that it was part of. */
    reimbursement: z.object({ id, paidOn: calendarDate }).nullable(),
    files: z.array(storedFile),
    ...entryFacts,
    version,
  })
  .meta({ id: 'Expense' })

const ownFilter = {
  reimbursable: flag.optional(),
  reimbursed: flag.optional().meta({ description: 'Paid to the employee or not' }),
  receipt: flag.optional().meta({ description: 'With a receipt or without' }),
}
export const expenseFilter = z.object({ ...entryFilter, categoryId: many(id), ...ownFilter })

/** The same filter in a body, where lists are lists and switches are switches. */
export const expenseSelectionFilter = z.object({
  ...entrySelectionFilter,
  categoryId: z.array(id).max(200).optional(),
  reimbursable: z.boolean().optional(),
  reimbursed: z.boolean().optional(),
  receipt: z.boolean().optional(),
})

const paidExpense = z.object({
  id,
  date: calendarDate,
  description: z.string().meta({ description: 'Category and note' }),
  projectName: z.string().nullable(),
  amount: z.string(),
  files: z.array(storedFile),
})

const paidTrip = z.object({
  id,
  date: calendarDate,
  description: z.string().meta({ description: 'From, to and note' }),
  projectName: z.string().nullable(),
  km: z.string(),
  /** Of the employee on that day; null when there is none, and then it cannot be paid yet. */
  rate: z.string().nullable(),
  amount: z.string().nullable(),
})

/** What one employee still gets. */
export const openReimbursement = z
  .object({
    memberId: id,
    memberName: z.string(),
    currency,
    expenses: z.array(paidExpense),
    trips: z.array(paidTrip),
    expensesAmount: z.string(),
    tripsAmount: z.string(),
    amount: z.string(),
    /** Trips without a rate, which are in no amount. */
    withoutRate: z.int(),
  })
  .meta({ id: 'OpenReimbursement' })

/** What was paid to one employee at once, as it was then. */
export const reimbursement = z
  .object({
    id,
    memberId: id,
    memberName: z.string(),
    paidOn: calendarDate,
    amount: z.string(),
    currency,
    note: z.string(),
    count: z.int().meta({ description: 'Expenses and trips in it' }),
    undoneAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Reimbursement' })

const reimbursementInFull = reimbursement
  .extend({
    lines: z.array(
      z.object({
        kind: z.enum(['expense', 'trip']),
        entryId: id,
        date: calendarDate,
        description: z.string(),
        projectName: z.string().nullable(),
        km: z.string().nullable(),
        rate: z.string().nullable(),
        amount: z.string(),
      }),
    ),
  })
  .meta({ id: 'ReimbursementInFull' })

const exportForm = {
  format: z.enum(['csv', 'xlsx']),
  separator: z.enum([',', ';']).optional().meta({ description: 'Of CSV; as the language has it when left out' }),
  /** The browser names the firm here, since a link carries no header. */
  firm: z.string().max(100).optional(),
}

export const expenseRoutes = routes({
  listExpenses: {
    id: 'list-expenses',
    method: 'GET',
    path: '/expenses',
    summary: 'Expenses; without the right to read all, your own and those of the projects you manage',
    tag: 'Expenses',
    access: 'hours:own',
    query: expenseFilter.extend({
      ...paging,
      sort: z
        .enum(['date', '-date', 'amount', '-amount', 'customer', 'project', 'person', 'category'])
        .default('-date')
        .meta({ description: 'By customer, project, person or category: what belongs together, oldest first' }),
      updatedSince: instant.optional(),
    }),
    answer: page(expense),
  },
  createExpense: {
    id: 'create-expense',
    method: 'POST',
    path: '/expenses',
    summary: 'Write an expense',
    tag: 'Expenses',
    access: 'hours:own',
    status: 201,
    body: expenseInput,
    answer: expense,
  },
  readExpense: {
    id: 'read-expense',
    method: 'GET',
    path: '/expenses/{id}',
    summary: 'One expense',
    tag: 'Expenses',
    access: 'hours:own',
    params: byId,
    answer: expense,
  },
  changeExpense: {
    id: 'change-expense',
    method: 'PATCH',
    path: '/expenses/{id}',
    summary: 'Change an expense that is not locked',
    tag: 'Expenses',
    access: 'hours:own',
    versioned: true,
    params: byId,
    body: expenseInput.omit({ memberId: true }).partial(),
    answer: expense,
  },
  deleteExpense: {
    id: 'delete-expense',
    method: 'DELETE',
    path: '/expenses/{id}',
    summary: 'Delete an expense that is not locked',
    tag: 'Expenses',
    access: 'hours:own',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreExpense: {
    id: 'restore-expense',
    method: 'POST',
    path: '/expenses/{id}/restoration',
    summary: 'Bring back a deleted expense',
    tag: 'Expenses',
    access: 'hours:own',
    params: byId,
    answer: expense,
  },

  createFile: {
    id: 'create-file',
    method: 'POST',
    path: '/files',
    summary: 'Send a receipt: JPEG, PNG, HEIC or PDF, at most 10 MB; what it is is judged by its content',
    tag: 'Expenses',
    access: 'hours:own',
    status: 201,
    query: z.object({ name: shortText(200).optional() }),
    takes: 'bytes',
    answer: storedFile,
  },
  readFile: {
    id: 'read-file',
    method: 'GET',
    path: '/files/{id}',
    summary: 'A receipt, for who sent it and who may see an expense that carries it',
    tag: 'Expenses',
    access: 'hours:own',
    params: byId,
    query: z.object({ firm: exportForm.firm, save: flag.optional() }),
    gives: 'bytes',
  },

  listExpenseCategories: {
    id: 'list-expense-categories',
    method: 'GET',
    path: '/expense-categories',
    summary: 'Expense categories',
    tag: 'Expenses',
    access: 'hours:own',
    query: z.object({
      ...paging,
      search: z.string().max(100).optional(),
      archived: flag.optional(),
      updatedSince: instant.optional(),
    }),
    answer: page(expenseCategory),
  },
  createExpenseCategory: {
    id: 'create-expense-category',
    method: 'POST',
    path: '/expense-categories',
    summary: 'Make an expense category',
    tag: 'Expenses',
    access: 'activities:write',
    status: 201,
    body: expenseCategoryInput,
    answer: expenseCategory,
  },
  readExpenseCategory: {
    id: 'read-expense-category',
    method: 'GET',
    path: '/expense-categories/{id}',
    summary: 'One expense category',
    tag: 'Expenses',
    access: 'hours:own',
    params: byId,
    answer: expenseCategory,
  },
  changeExpenseCategory: {
    id: 'change-expense-category',
    method: 'PATCH',
    path: '/expense-categories/{id}',
    summary: 'Change an expense category; what was written before stays as it was',
    tag: 'Expenses',
    access: 'activities:write',
    versioned: true,
    params: byId,
    body: expenseCategoryInput.partial().extend({ archived: z.boolean().optional() }),
    answer: expenseCategory,
  },
  deleteExpenseCategory: {
    id: 'delete-expense-category',
    method: 'DELETE',
    path: '/expense-categories/{id}',
    summary: 'Delete an expense category that nothing was written on',
    tag: 'Expenses',
    access: 'activities:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restoreExpenseCategory: {
    id: 'restore-expense-category',
    method: 'POST',
    path: '/expense-categories/{id}/restoration',
    summary: 'Bring back a deleted expense category',
    tag: 'Expenses',
    access: 'activities:write',
    params: byId,
    answer: expenseCategory,
  },

  listOpenReimbursements: {
    id: 'list-open-reimbursements',
    method: 'GET',
    path: '/reimbursements/open',
    summary: 'What each employee still gets: reimbursable and unpaid, approved where approval is on, else up to today',
    tag: 'Reimbursements',
    access: 'reimbursements:read',
    query: z.object({ memberId: many(id), until: calendarDate.optional() }),
    answer: z.object({ rows: z.array(openReimbursement) }),
  },
  exportReimbursements: {
    id: 'export-reimbursements',
    method: 'GET',
    path: '/reimbursements/export',
    summary: 'What is still to be paid, or what one payment held, line by line',
    tag: 'Reimbursements',
    access: 'reimbursements:read',
    query: z.object({
      ...exportForm,
      reimbursementId: id.optional().meta({ description: 'One payment; what is still to be paid when left out' }),
      memberId: many(id),
      until: calendarDate.optional(),
    }),
    gives: 'bytes',
  },
  listReimbursements: {
    id: 'list-reimbursements',
    method: 'GET',
    path: '/reimbursements',
    summary: 'Payments to employees, the last first',
    tag: 'Reimbursements',
    access: 'reimbursements:read',
    query: z.object({ ...paging, memberId: many(id), undone: flag.optional() }),
    answer: page(reimbursement),
  },
  createReimbursement: {
    id: 'create-reimbursement',
    method: 'POST',
    path: '/reimbursements',
    summary: 'Mark expenses and trips of one employee as paid',
    tag: 'Reimbursements',
    access: 'reimbursements:write',
    status: 201,
    body: z.object({
      memberId: id,
      paidOn: calendarDate,
      expenseIds: z.array(id).max(2000).optional(),
      tripIds: z.array(id).max(2000).optional(),
      note: longText(500).optional(),
      amount: decimal.optional().meta({ description: 'What you saw; refused when it is not what it comes to now' }),
    }),
    answer: reimbursementInFull,
  },
  readReimbursement: {
    id: 'read-reimbursement',
    method: 'GET',
    path: '/reimbursements/{id}',
    summary: 'One payment to an employee',
    tag: 'Reimbursements',
    access: 'reimbursements:read',
    params: byId,
    answer: reimbursementInFull,
  },
  undoReimbursement: {
    id: 'undo-reimbursement',
    method: 'DELETE',
    path: '/reimbursements/{id}',
    summary: 'Undo a payment: what it held is to be paid again',
    tag: 'Reimbursements',
    access: 'reimbursements:write',
    params: byId,
    status: 204,
  },
})
