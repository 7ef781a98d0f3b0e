import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { type AmountProblem, parseAmountInput } from '@uurwerk/core/shared/decimal-input.ts'
import { add, type Decimal, decimal, divide, sum, times, toCents } from '@uurwerk/core/shared/money.ts'
import type { Word } from '../../words/words.tsx'

export type Expense = components['schemas']['Expense']
export type Category = components['schemas']['ExpenseCategory']
export type StoredFile = components['schemas']['StoredFile']
export type Project = components['schemas']['Project']
export type TypingLanguage = 'nl' | 'en'

export interface ExpenseValues extends Record<string, unknown> {
  readonly date: string
  /** As typed, like `inputVat`. */
  readonly gross: string
  readonly inputVat: string
  /** The VAT follows the amount by this percentage; null once it was typed by hand. */
  readonly vatRate: string | null
  readonly categoryId: string | null
  readonly projectId: string | null
  readonly note: string
  readonly tags: readonly string[]
  /** Null follows from category and project. */
  readonly billable: boolean | null
  /** Null follows from the category. */
  readonly reimbursable: boolean | null
  readonly files: readonly StoredFile[]
  /** Of the office; null follows from the category. */
  readonly deductiblePercent: string | null
  readonly marginPercent: string | null
  readonly disbursement: boolean | null
}

export const amountWords = {
  'amount-missing': 'expenses.amount.missing',
  'amount-not-understood': 'expenses.amount.notUnderstood',
  'amount-too-many-decimals': 'expenses.amount.decimals',
} as const satisfies Record<AmountProblem, Word>

/** An amount as typed, or null while it is not understood. */
export function typedAmount(text: string, language: TypingLanguage): Decimal | null {
  const read = parseAmountInput(text, language, 2)
  return 'problem' in read ? null : read.amount
}

const hundred = decimal('100')

/** The VAT that an amount holds at a percentage: 121.00 at 21 holds 21.00. */
export const vatWithin = (gross: Decimal, rate: string): Decimal =>
  toCents(divide(times(gross, decimal(rate)), add(hundred, decimal(rate))))

/** What follows from category and project, and whether the person may choose to bill at all. */
export function whoPays(
  values: Pick<ExpenseValues, 'billable' | 'reimbursable'>,
  project: Pick<Project, 'customerId' | 'invoicingMethod'> | null | undefined,
  category: Pick<Category, 'billable' | 'reimbursable'> | null | undefined,
) {
  const mayBill = project?.customerId != null && project.invoicingMethod !== 'none'
  return {
    mayBill,
    billable: mayBill && (values.billable ?? category?.billable ?? false),
    reimbursable: values.reimbursable ?? category?.reimbursable ?? true,
  }
}

export const toValues = (expense: Expense, showAmount: (amount: string) => string): ExpenseValues => ({
  date: expense.date,
  gross: showAmount(expense.gross),
  inputVat: showAmount(expense.inputVat),
  vatRate: null,
  categoryId: expense.categoryId,
  projectId: expense.projectId,
  note: expense.note,
  tags: expense.tags,
  billable: expense.billable,
  reimbursable: expense.reimbursable,
  files: expense.files,
  deductiblePercent: expense.deductiblePercent,
  marginPercent: expense.marginPercent,
  disbursement: expense.disbursement,
})

/** As the API takes it; what was left to follow from the rest is left out. */
export function toBody(values: ExpenseValues, language: TypingLanguage) {
  // What is not understood is told at the field before it comes to this.
  const amount = (text: string) => toCents(typedAmount(text, language) ?? decimal('0'))
  return {
    date: values.date,
    projectId: values.projectId,
    categoryId: values.categoryId ?? '',
    note: values.note.trim(),
    tags: [...values.tags],
    gross: amount(values.gross),
    inputVat: amount(values.inputVat),
    billable: values.projectId === null ? false : (values.billable ?? undefined),
    reimbursable: values.reimbursable ?? undefined,
    fileIds: values.files.map(({ id }) => id),
    deductiblePercent: values.deductiblePercent ?? undefined,
    marginPercent: values.marginPercent ?? undefined,
    disbursement: values.disbursement ?? undefined,
  }
}

/** All together, what is still to be paid back, and what was. */
export function totalsOf(expenses: readonly Pick<Expense, 'gross' | 'reimbursable' | 'reimbursement'>[]) {
  const sumOf = (some: readonly Pick<Expense, 'gross'>[]) => toCents(sum(some.map(({ gross }) => decimal(gross))))
  const back = expenses.filter(({ reimbursable }) => reimbursable)
  return {
    all: sumOf(expenses),
    toPay: sumOf(back.filter(({ reimbursement }) => !reimbursement)),
    paid: sumOf(back.filter(({ reimbursement }) => reimbursement)),
  }
}
