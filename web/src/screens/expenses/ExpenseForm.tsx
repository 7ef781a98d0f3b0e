import { useQueryClient } from '@tanstack/react-query'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { parseAmountInput } from '@uurwerk/core/shared/decimal-input.ts'
import { useEffect, useRef } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { History } from '../../parts/History.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { useTypingLanguage } from '../trips/use-typing-language.ts'
import { ExpenseFields } from './ExpenseFields.tsx'
import { amountWords, type Expense, type ExpenseValues, type StoredFile, toBody, toValues } from './expense.ts'
import { expensesAgain } from './expense-queries.ts'
import styles from './expenses.module.css'
import { useLockReason } from './lock-reason.ts'
import { ReceiptsShown } from './Receipts.tsx'
import { useSending } from './use-sending.ts'

/** The API names the place in the list; here all receipts are one field. */
const paths = {
  fileIds: 'files',
  ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`fileIds.${at}`, 'files'])),
}

function useRules(waiting: () => boolean) {
  const t = useT()
  const language = useTypingLanguage()
  const amount = (value: string) => {
    const read = parseAmountInput(value, language, 2)
    return 'problem' in read ? t(amountWords[read.problem]) : null
  }
  return {
    gross: amount,
    inputVat: (value: string) => (value.trim() ? amount(value) : t('expenses.vat.missing')),
    categoryId: (value: string | null) => (value ? null : t('expenses.category.missing')),
    date: (value: string) => (value ? null : t('expenses.date.missing')),
    files: () => (waiting() ? t('expenses.receipt.wait') : null),
  }
}

/** Receipts that are sent while the rest is filled in. */
function useReceipts(form: () => ApiForm<ExpenseValues>) {
  return useSending((file: StoredFile) => {
    const { form: fields } = form()
    fields.setFieldValue('files', [...fields.getValues().files, file])
    fields.clearFieldError('files')
  })
}

interface Whose {
  readonly memberId: string
  readonly own: boolean
  readonly close: () => void
  /** Told whether leaving now would lose something. */
  readonly typed: (something: boolean) => void
}

const empty: ExpenseValues = {
  date: '',
  gross: '',
  inputVat: '',
  vatRate: null,
  categoryId: null,
  projectId: null,
  note: '',
  tags: [],
  billable: null,
  reimbursable: null,
  files: [],
  deductiblePercent: null,
  marginPercent: null,
  disbursement: null,
}

/** A receipt that is still on its way is lost as much as what was typed. */
function useTyped(something: boolean, typed: Whose['typed']) {
  const tell = useRef(typed)
  tell.current = typed
  useEffect(() => {
    tell.current(something)
    return () => tell.current(false)
  }, [something])
}

export function NewExpense({ memberId, own, close, typed }: Whose) {
  const t = useT()
  const format = useFormat()
  const language = useTypingLanguage()
  const client = useQueryClient()
  const sending = useReceipts(() => form)
  const rules = useRules(() => sending.sending.length > 0)
  const form: ApiForm<ExpenseValues> = useApiForm<ExpenseValues>({
    initial: { ...empty, date: today() },
    paths,
    validate: rules,
    save: async (values) => {
      const body = { ...toBody(values, language), ...(own ? {} : { memberId }) }
      const made = await answer(api.POST('/expenses', { body }))
      await expensesAgain(client)
      say(t('expenses.made', { category: made.categoryName, amount: format.money(made.gross, made.currency) }))
    },
    saved: close,
  })
  useTyped(form.dirty || sending.sending.length > 0, typed)
  return (
    <Form form={form}>
      <ExpenseFields form={form} expense={null} memberId={memberId} own={own} sending={sending} />
      <FormFoot form={form} action={t('expenses.save')} onCancel={close} />
    </Form>
  )
}

/** What a field is called, and how its value is shown beside another. */
function useShown() {
  const t = useT()
  const format = useFormat()
  const labels = {
    date: t('expenses.date'),
    gross: t('expenses.gross'),
    inputVat: t('expenses.vat'),
    categoryId: t('expenses.category'),
    projectId: t('expenses.project'),
    note: t('expenses.note'),
    tags: t('expenses.tags'),
    billable: t('expenses.billable'),
    reimbursable: t('expenses.reimbursable.other'),
    fileIds: t('expenses.receipts'),
    deductiblePercent: t('expenses.deductible'),
    marginPercent: t('expenses.margin'),
    disbursement: t('expenses.disbursement'),
  }
  const show = (field: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return plainText(null)
    if (field === 'date') return format.date(String(value) as CalendarDate)
    if (field === 'gross' || field === 'inputVat') return format.amount(String(value))
    if (field === 'deductiblePercent' || field === 'marginPercent') return format.percent(String(value))
    if (field === 'tags') return (value as string[]).join(', ') || plainText(null)
    if (typeof value === 'boolean') return value ? t('expenses.yes') : t('expenses.no')
    // Names of what was chosen elsewhere are not known here.
    if (field === 'categoryId' || field === 'projectId') return t('expenses.another')
    return plainText(value)
  }
  return { labels, show }
}

export function EditExpense({
  expense,
  memberId,
  own,
  close,
  typed,
  remove,
}: Whose & { readonly expense: Expense; readonly remove: (expense: Expense) => unknown }) {
  const t = useT()
  const format = useFormat()
  const language = useTypingLanguage()
  const client = useQueryClient()
  const sending = useReceipts(() => form)
  const rules = useRules(() => sending.sending.length > 0)
  const shown = useShown()
  const edit = useEditForm({
    thing: expense,
    toValues: (one: Expense): ExpenseValues => toValues(one, format.amount),
    toBody: (values) => toBody(values, language),
    paths,
    validate: rules,
    ...shown,
    change: (body, version) =>
      answer(api.PATCH('/expenses/{id}', { params: { path: { id: expense.id } }, headers: ifMatch(version), body })),
    saved: async () => {
      await expensesAgain(client)
      say(t('expenses.saved'))
      close()
    },
  })
  const form: ApiForm<ExpenseValues> = edit.form
  useTyped(form.dirty || sending.sending.length > 0, typed)
  return (
    <>
      <Form form={form} tell={edit.tell}>
        {expense.reimbursement ? (
          <StateLine is="done">{t('expenses.paidOn', { date: format.date(expense.reimbursement.paidOn) })}</StateLine>
        ) : null}
        <ExpenseFields form={form} expense={expense} memberId={memberId} own={own} sending={sending} />
        <FormFoot
          form={form}
          action={t('expenses.save')}
          onCancel={close}
          more={
            expense.reimbursement ? null : (
              <Button kind="quiet" icon="trash" onClick={() => remove(expense)}>
                {t('expenses.delete')}
              </Button>
            )
          }
        />
      </Form>
      <Past expense={expense} />
    </>
  )
}

/** What happened to it, for who may read that. */
function Past({ expense }: { expense: Expense }) {
  const t = useT()
  const may = useMay()
  const { labels, show } = useShown()
  if (!may('history:read') || !may('hours:read')) return null
  return (
    <details className={styles.books}>
      <summary>{t('expenses.history')}</summary>
      <History
        kind="expense"
        id={expense.id}
        labels={{ ...labels, categoryName: labels.categoryId, projectName: labels.projectId, files: labels.fileIds }}
        show={(field, value) => (['categoryId', 'projectId'].includes(field) ? '' : show(field, value))}
      />
    </details>
  )
}

/** What cannot be changed is still shown, with the reason. */
export function ExpenseFacts({ expense }: { expense: Expense }) {
  const t = useT()
  const format = useFormat()
  const reason = useLockReason()(expense)
  const yesNo = (is: boolean) => (is ? t('expenses.yes') : t('expenses.no'))
  const money = (amount: string) => format.money(amount, expense.currency)
  return (
    <div className={styles.facts}>
      {reason ? (
        <StateLine is="wait" icon="lock">
          {reason}
        </StateLine>
      ) : null}
      <ReceiptsShown files={expense.files} />
      <Facts
        rows={[
          [t('expenses.gross'), money(expense.gross)],
          [t('expenses.vat'), money(expense.inputVat)],
          [t('expenses.category'), expense.categoryName],
          [t('expenses.date'), format.date(expense.date, 'day')],
          [
            t('expenses.project'),
            [expense.projectName, expense.customerName].filter(Boolean).join(', ') || t('expenses.project.none'),
          ],
          [t('expenses.note'), expense.note || plainText(null)],
          [t('expenses.billable'), yesNo(expense.billable)],
          [
            t('expenses.reimbursable.other'),
            expense.reimbursement
              ? t('expenses.paidOn', { date: format.date(expense.reimbursement.paidOn) })
              : yesNo(expense.reimbursable),
          ],
          ...(expense.rechargeNet && expense.billable
            ? [[t('expenses.recharge'), money(expense.rechargeNet)] as const]
            : []),
        ]}
      />
      <Past expense={expense} />
    </div>
  )
}
