import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { VatClass } from '@uurwerk/core/invoicing/vat-cases.ts'
import { useRef } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, TwoColumns } from '../../frame/Page.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { DecimalField, SelectField, TextField } from '../../parts/fields.tsx'
import { History } from '../../parts/History.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { ThingPage } from '../../parts/ThingPage.tsx'
import { say } from '../../parts/Toasts.tsx'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { useVatClassOptions, vatClassWords } from '../activities/vat-classes.ts'
import styles from './categories.module.css'

const route = getRouteApi('/f/$firm/settings/expense-categories/$categoryId')

const readCategory = (id: string, signal?: AbortSignal) =>
  answer(api.GET('/expense-categories/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }))
type CategoryAnswer = Awaited<ReturnType<typeof readCategory>>

const toValues = (category: Omit<CategoryAnswer, 'id' | 'version' | 'updatedAt' | 'archived'>) => ({
  name: category.name,
  code: category.code ?? '',
  vatClass: category.vatClass as VatClass,
  deductiblePercent: category.deductiblePercent,
  marginPercent: category.marginPercent ?? '0',
  disbursement: category.disbursement,
  billable: category.billable,
  reimbursable: category.reimbursable,
})
type Values = ReturnType<typeof toValues>
const toBody = ({ name, code, disbursement, deductiblePercent, marginPercent, ...rest }: Values) => ({
  ...rest,
  name: name.trim(),
  code: code.trim() || null,
  disbursement,
  // It has neither: what was filled in before is taken off with it.
  deductiblePercent: disbursement ? '0' : deductiblePercent.trim() || '0',
  marginPercent: disbursement ? '0' : marginPercent.trim() || '0',
})

const blank = toValues({
  name: '',
  code: null,
  vatClass: 'standard',
  deductiblePercent: '100',
  marginPercent: '0',
  disbursement: false,
  billable: true,
  reimbursable: true,
})

function CategoryFields({ form, values, readOnly }: { form: ApiForm<Values>; values: Values; readOnly: boolean }) {
  const t = useT()
  const classes = useVatClassOptions()
  const percent = <span className="muted">%</span>
  return (
    <>
      <FormPart title={t('categories.part')}>
        <Fields>
          <TextField label={t('categories.name')} withAsterisk readOnly={readOnly} {...form.field('name')} />
          <TextField label={t('categories.code')} readOnly={readOnly} {...form.field('code')} />
        </Fields>
        <CheckField
          label={t('categories.billable')}
          description={t('categories.billable.text')}
          disabled={readOnly}
          {...form.check('billable')}
        />
        <CheckField
          label={t('categories.reimbursable')}
          description={t('categories.reimbursable.text')}
          disabled={readOnly}
          {...form.check('reimbursable')}
        />
      </FormPart>
      <FormPart title={t('categories.books')} text={t('categories.books.text')}>
        <CheckField
          label={t('categories.disbursement')}
          description={t('categories.disbursement.text')}
          disabled={readOnly}
          {...form.check('disbursement')}
        />
        {values.disbursement ? null : (
          <Fields columns={3}>
            <DecimalField
              label={t('categories.deductible')}
              description={t('categories.deductible.text')}
              rightSection={percent}
              readOnly={readOnly}
              {...form.field('deductiblePercent')}
            />
            <DecimalField
              label={t('categories.margin')}
              description={t('categories.margin.text')}
              rightSection={percent}
              readOnly={readOnly}
              {...form.field('marginPercent')}
            />
            <SelectField
              label={t('categories.vat')}
              description={t('categories.vat.text')}
              data={[...classes]}
              readOnly={readOnly}
              {...form.field('vatClass')}
            />
          </Fields>
        )}
      </FormPart>
    </>
  )
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [['expense-categories'], ['expense-category'], ['history', 'expense-category']].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}

function NewCategory({ onBack }: { onBack: () => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const made = useRef<CategoryAnswer | null>(null)
  const form = useApiForm<Values>({
    initial: blank,
    validate: { name: (value: string) => (value.trim() ? null : t('categories.name.missing')) },
    save: async (values) => {
      made.current = await answer(api.POST('/expense-categories', { body: toBody(values) }))
    },
    saved: async () => {
      if (!made.current) return
      await lookAgain()
      say(t('categories.made', { name: made.current.name }))
      await navigate({ to: '/f/$firm/settings/expense-categories', params: { firm } })
    },
  })
  return (
    <Body narrow>
      <Form form={form}>
        <LeaveGuard form={form} />
        <CategoryFields form={form} values={form.form.getValues()} readOnly={false} />
        <FormFoot form={form} action={t('categories.create')} onCancel={onBack} />
      </Form>
    </Body>
  )
}

function EditCategory({ category }: { category: CategoryAnswer }) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const lookAgain = useLookAgain()
  const labels = {
    name: t('categories.name'),
    code: t('categories.code'),
    vatClass: t('categories.vat'),
    deductiblePercent: t('categories.deductible'),
    marginPercent: t('categories.margin'),
    disbursement: t('categories.disbursement'),
    billable: t('categories.billable'),
    reimbursable: t('categories.reimbursable'),
  }
  const show = (field: string, value: unknown): string => {
    if (typeof value === 'boolean') return value ? t('categories.yes') : t('categories.no')
    if (field === 'vatClass') return t(vatClassWords[value as VatClass])
    if (value && (field === 'deductiblePercent' || field === 'marginPercent')) return format.percent(String(value))
    return plainText(value)
  }
  const { form, tell } = useEditForm({
    thing: category,
    toValues,
    toBody,
    labels,
    show,
    validate: { name: (value: string) => (value.trim() ? null : t('categories.name.missing')) },
    change: (body, version) =>
      answer(
        api.PATCH('/expense-categories/{id}', {
          params: { path: { id: category.id } },
          headers: ifMatch(version),
          body,
        }),
      ),
    saved: async (after) => {
      await lookAgain()
      say(t('categories.saved', { name: after.name }))
    },
  })
  const change = may('activities:write')
  return (
    <TwoColumns side={420}>
      <Body>
        <Form form={form} tell={tell}>
          <LeaveGuard form={form} />
          <CategoryFields form={form} values={form.form.getValues()} readOnly={!change} />
          {change ? <FormFoot form={form} action={t('categories.save')} /> : null}
        </Form>
      </Body>
      <Body>
        <div className={styles.side}>
          <section>
            <h2>{t('categories.later')}</h2>
            <p className="muted">{t('categories.later.text')}</p>
          </section>
          {may('history:read') && change ? (
            <section>
              <h2>{t('categories.history')}</h2>
              <History kind="expense-category" id={category.id} labels={labels} show={show} />
            </section>
          ) : null}
        </div>
      </Body>
    </TwoColumns>
  )
}

export function Category() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { categoryId } = route.useParams()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const isNew = categoryId === 'new'
  const query = useQuery({
    queryKey: ['expense-category', categoryId],
    queryFn: ({ signal }) => readCategory(categoryId, signal),
    enabled: !isNew,
  })
  const back = () => navigate({ to: '/f/$firm/settings/expense-categories', params: { firm } })
  const path = { params: { path: { id: categoryId } } }
  return (
    <ThingPage
      query={query}
      words={{ new: t('categories.new'), one: t('categories.one'), archived: t('categories.archived.yes') }}
      crumbs={[
        <SettingsCrumb key="settings" />,
        <Link key="categories" to="/f/$firm/settings/expense-categories" params={{ firm }}>
          {t('categories.title')}
        </Link>,
      ]}
      shelf={
        may('activities:write')
          ? {
              archive: (archived, version) =>
                answer(
                  api.PATCH('/expense-categories/{id}', { ...path, headers: ifMatch(version), body: { archived } }),
                ),
              remove: (version) =>
                answer(api.DELETE('/expense-categories/{id}', { ...path, headers: ifMatch(version) })),
              restore: () => answer(api.POST('/expense-categories/{id}/restoration', path)),
              changed: lookAgain,
            }
          : null
      }
      back={back}
      make={isNew ? <NewCategory onBack={back} /> : null}
    >
      {(category) => <EditCategory category={category} />}
    </ThingPage>
  )
}
