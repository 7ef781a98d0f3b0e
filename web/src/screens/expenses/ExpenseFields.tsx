import { MultiSelect } from '@mantine/core'
import '@mantine/core/styles/Pill.layer.css'
import '@mantine/core/styles/PillsInput.layer.css'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { vatRateAt } from '@uurwerk/core/invoicing/vat-rates.ts'
import { parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { useEffect } from 'react'
import { answer, api } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { CheckField, SwitchField } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { AmountField, DecimalField, TextAreaField, TextField } from '../../parts/fields.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { StateLine } from '../../parts/State.tsx'
import type { ApiForm } from '../../parts/use-api-form.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { useAllowed } from '../time/allowed.ts'
import { useTypingLanguage } from '../trips/use-typing-language.ts'
import { type Expense, type ExpenseValues, typedAmount, vatWithin, whoPays } from './expense.ts'
import { useCategories } from './expense-queries.ts'
import styles from './expenses.module.css'
import { Receipts } from './Receipts.tsx'
import type { useSending } from './use-sending.ts'

interface ExpenseFieldsProps {
  readonly form: ApiForm<ExpenseValues>
  /** Null for a new one. */
  readonly expense: Expense | null
  readonly memberId: string
  readonly own: boolean
  readonly sending: ReturnType<typeof useSending>
}

/** The receipt first, then what it says, what it was for, and who pays. */
export function ExpenseFields({ form, expense, memberId, own, sending }: ExpenseFieldsProps) {
  const t = useT()
  const may = useMay()
  const { currency } = useFirm()
  // There the keyboard would hide the camera.
  const onPhone = useMediaQuery('(max-width: 600px)', undefined, { getInitialValueInEffect: false })
  const values = form.form.getValues()
  const categories = useCategories()
  const category = categories.data?.find(({ id }) => id === values.categoryId)
  const allowed = useAllowed(memberId, values.projectId)
  const sign = <span className="muted">{currencySign(currency)}</span>
  const fixed = Boolean(expense?.reimbursement)
  const pays = whoPays(values, allowed.project, category)
  const customer = allowed.project?.customerName ?? null
  return (
    <>
      <Receipts
        files={values.files}
        onChange={(files) => form.form.setFieldValue('files', files)}
        error={form.form.errors.files}
        first={expense === null && onPhone}
        {...sending}
        forget={(key) => {
          sending.forget(key)
          form.form.clearFieldError('files')
        }}
      />
      <div className={styles.pair}>
        <AmountField
          label={t('expenses.gross')}
          description={t('expenses.gross.text')}
          leftSection={sign}
          withAsterisk
          readOnly={fixed}
          data-autofocus={(expense === null && !onPhone) || undefined}
          {...form.field('gross')}
        />
        <VatField form={form} />
      </div>
      <div className={styles.pair}>
        <Picker
          label={t('expenses.category')}
          withAsterisk
          options={[
            ...(categories.data ?? []).map(({ id, name, code }) => ({
              value: id,
              label: name,
              ...(code ? { code } : {}),
            })),
            // Archived since.
            ...(expense && categories.data && !categories.data.some(({ id }) => id === expense.categoryId)
              ? [{ value: expense.categoryId, label: expense.categoryName }]
              : []),
          ]}
          {...form.field('categoryId')}
        />
        <DateField label={t('expenses.date')} withAsterisk {...form.field('date')} />
      </div>
      <Picker
        label={t('expenses.project')}
        placeholder={t('expenses.project.none')}
        clearable
        searchKey={`time-projects-${memberId}`}
        search={allowed.searchProjects}
        chosen={
          allowed.project
            ? { value: allowed.project.id, label: allowed.project.name, ...(customer ? { hint: customer } : {}) }
            : expense?.projectId && expense.projectName
              ? { value: expense.projectId, label: expense.projectName }
              : null
        }
        {...form.field('projectId')}
      />
      <TextAreaField label={t('expenses.note')} minRows={2} maxLength={1000} {...form.field('note')} />
      <Tags form={form} />
      <div className={styles.pays}>
        <SwitchField
          label={t('expenses.billable')}
          description={
            pays.mayBill
              ? t(category?.disbursement ? 'expenses.billable.disbursement' : 'expenses.billable.text', {
                  customer: customer ?? '',
                })
              : values.projectId
                ? t('expenses.billable.notInvoiced')
                : t('expenses.billable.noProject')
          }
          disabled={!pays.mayBill}
          checked={pays.billable}
          onChange={(event) => form.form.setFieldValue('billable', event.currentTarget.checked)}
        />
        {form.form.errors.billable ? <p className={styles.error}>{form.form.errors.billable}</p> : null}
        <SwitchField
          label={own ? t('expenses.reimbursable') : t('expenses.reimbursable.other')}
          description={pays.reimbursable ? t('expenses.reimbursable.yes') : t('expenses.reimbursable.no')}
          disabled={fixed}
          checked={pays.reimbursable}
          onChange={(event) => form.form.setFieldValue('reimbursable', event.currentTarget.checked)}
        />
      </div>
      {may('hours:write') && may('rates:read') ? <ForBooks form={form} category={category} /> : null}
      {expense?.rejectedReason ? (
        <StateLine is="refused">{t('expenses.rejected', { reason: expense.rejectedReason })}</StateLine>
      ) : null}
    </>
  )
}

/** The percentages of the firm's country on the day of the receipt, the highest first. */
function useVatRates(date: string): readonly string[] {
  const { country } = useFirm()
  const day = parseCalendarDate(date)
  const found = day
    ? (['standard', 'intermediate', 'reduced', 'zero'] as const).flatMap(
        (of) => vatRateAt(country, of, day)?.rate ?? [],
      )
    : []
  return [...new Set([...found, '0'])]
}

/** The VAT on the receipt: typed, or computed from the amount by a percentage that a person chooses and sees. */
function VatField({ form }: { form: ApiForm<ExpenseValues> }) {
  const t = useT()
  const format = useFormat()
  const language = useTypingLanguage()
  const { currency } = useFirm()
  const values = form.form.getValues()
  const rates = useVatRates(values.date)
  const gross = typedAmount(values.gross, language)
  const proposed = values.vatRate !== null && gross !== null ? format.amount(vatWithin(gross, values.vatRate)) : null
  // What was typed stays; what was computed follows the amount.
  useEffect(() => {
    if (proposed !== null && proposed !== form.form.getValues().inputVat) form.form.setFieldValue('inputVat', proposed)
  }, [proposed, form])
  const field = form.field('inputVat')
  return (
    <div>
      <TextField
        label={t('expenses.vat')}
        inputMode="decimal"
        classNames={{ input: 'figures' }}
        leftSection={<span className="muted">{currencySign(currency)}</span>}
        withAsterisk
        {...field}
        onChange={(change) => {
          form.form.setFieldValue('vatRate', null)
          field.onChange(change)
        }}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that fill the field above */}
      <div className={styles.rates} role="group" aria-label={t('expenses.vat.from')}>
        {rates.map((rate) => (
          <button
            key={rate}
            type="button"
            aria-pressed={values.vatRate === rate}
            onClick={() => form.form.setFieldValue('vatRate', rate)}
          >
            {format.percent(rate)}
          </button>
        ))}
      </div>
    </div>
  )
}

function Tags({ form }: { form: ApiForm<ExpenseValues> }) {
  const t = useT()
  const tags = useQuery({
    queryKey: ['tags', 'active'],
    queryFn: async ({ signal }) => (await answer(api.GET('/tags', { signal }))).rows,
    staleTime: 60_000,
  })
  const { tags: chosen } = form.form.getValues()
  const names = [...new Set([...(tags.data ?? []).map(({ name }) => name), ...chosen])]
  if (names.length === 0) return null
  return (
    <MultiSelect
      label={t('expenses.tags')}
      data={names}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('parts.picker.clear') }}
      {...form.field('tags')}
    />
  )
}

/** How the books take it; what is left empty is as the category says. */
function ForBooks({
  form,
  category,
}: {
  form: ApiForm<ExpenseValues>
  category:
    | { readonly deductiblePercent: string; readonly marginPercent: string | null; readonly disbursement: boolean }
    | undefined
}) {
  const t = useT()
  const format = useFormat()
  const { deductiblePercent, disbursement, marginPercent } = form.form.getValues()
  const isDisbursement = disbursement ?? category?.disbursement ?? false
  const asCategory = (percent: string | null | undefined) => (percent ? format.quantity(percent) : '')
  return (
    <details
      className={styles.books}
      open={Boolean(form.form.errors.deductiblePercent || form.form.errors.marginPercent)}
    >
      <summary>{t('expenses.books')}</summary>
      <div className={styles.pair}>
        <DecimalField
          label={t('expenses.deductible')}
          description={t('expenses.deductible.text')}
          rightSection={<span className="muted">%</span>}
          placeholder={asCategory(category?.deductiblePercent)}
          disabled={isDisbursement}
          {...form.field('deductiblePercent')}
          value={isDisbursement ? '0' : deductiblePercent}
          onChange={(value) => form.form.setFieldValue('deductiblePercent', value.trim() || null)}
        />
        <DecimalField
          label={t('expenses.margin')}
          description={t('expenses.margin.text')}
          rightSection={<span className="muted">%</span>}
          placeholder={asCategory(category?.marginPercent)}
          disabled={isDisbursement}
          {...form.field('marginPercent')}
          value={isDisbursement ? '0' : marginPercent}
          onChange={(value) => form.form.setFieldValue('marginPercent', value.trim() || null)}
        />
      </div>
      <CheckField
        label={t('expenses.disbursement')}
        description={t('expenses.disbursement.text')}
        checked={isDisbursement}
        onChange={(event) => {
          const checked = event.currentTarget.checked
          form.form.setValues({
            disbursement: checked,
            deductiblePercent: checked ? '0' : '100',
            marginPercent: checked ? '0' : (category?.marginPercent ?? '0'),
          })
        }}
      />
    </details>
  )
}
