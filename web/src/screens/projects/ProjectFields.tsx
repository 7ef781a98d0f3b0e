import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { currencySign } from '../../format.ts'
import { CheckField } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Fields, FormPart } from '../../parts/Form.tsx'
import { DecimalField, SelectField, TextField } from '../../parts/fields.tsx'
import type { Option } from '../../parts/find-options.ts'
import { ManyField } from '../../parts/ManyField.tsx'
import { Picker } from '../../parts/Picker.tsx'
import type { ApiForm } from '../../parts/use-api-form.ts'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { findCustomers } from '../customers/find-customers.ts'
import { RoundingFields } from '../customers/RoundingFields.tsx'
import { DimensionField } from './DimensionField.tsx'
import { OnlySome } from './OnlySome.tsx'
import { methods, methodTexts, methodWords, type ProjectAnswer, type ProjectValues } from './project-values.ts'
import { QuickCustomer } from './QuickCustomer.tsx'

/** Everything there is to choose from, also what was archived after it was chosen. */
export function useActivityOptions(): readonly Option[] {
  const { data } = useQuery({
    queryKey: ['activities', 'options'],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/activities', { params: { query: { limit: 200 } }, signal }))).rows,
  })
  return (data ?? []).map(({ id, name, code }) => ({ value: id, label: name, ...(code ? { code } : {}) }))
}

export function usePeopleOptions(): readonly Option[] {
  const may = useMay()
  const { data } = useQuery({
    queryKey: ['people', 'options'],
    queryFn: async ({ signal }) => (await answer(api.GET('/people', { signal }))).rows,
    enabled: may('people:read'),
  })
  return (data ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

const errorOf = (errors: Readonly<Record<string, unknown>>, path: string) =>
  Object.entries(errors).find(([key]) => key === path || key.startsWith(`${path}.`))?.[1] as string | undefined

export function ProjectFields({
  form,
  project,
  chosen: first,
}: {
  form: ApiForm<ProjectValues>
  project: ProjectAnswer | null
  /** What the customer is called that the form begins with. */
  chosen?: Option | null
}) {
  const t = useT()
  const may = useMay()
  const activities = useActivityOptions()
  const people = usePeopleOptions()
  const customer = useQuery({
    queryKey: ['customer', form.form.getValues().customerId],
    queryFn: ({ signal }) =>
      answer(api.GET('/customers/{id}', { params: { path: { id: form.form.getValues().customerId ?? '' } }, signal })),
    enabled: form.form.getValues().customerId !== null && may('customers:read'),
  })
  const firm = useFirm()
  const currency = customer.data?.currency ?? firm.currency
  const [quick, setQuick] = useState<string | null>(null)
  const [made, setMade] = useState<Option | null>(null)
  const values = form.form.getValues()
  const { field } = form
  const known =
    made ??
    (project?.customerId ? { value: project.customerId, label: project.customerName ?? '' } : null) ??
    first ??
    null
  return (
    <>
      <FormPart title={t('projects.part')}>
        <Fields>
          <TextField label={t('projects.name')} withAsterisk autoFocus={project === null} {...field('name')} />
          <Picker
            label={t('projects.customer')}
            description={t('projects.customer.text')}
            searchKey="customers"
            search={findCustomers}
            chosen={known}
            clearable
            {...(may('customers:write')
              ? {
                  onCreate: {
                    label: (text: string) =>
                      text ? t('projects.customer.make', { name: text }) : t('projects.customer.new'),
                    run: (text: string) => setQuick(text),
                  },
                }
              : {})}
            {...field('customerId')}
          />
          <TextField label={t('projects.code')} {...field('code')} />
        </Fields>
        <Fields>
          <DateField label={t('projects.startsOn')} clearable placeholder="" {...field('startsOn')} />
          <DateField label={t('projects.endsOn')} clearable placeholder="" {...field('endsOn')} />
        </Fields>
      </FormPart>
      <FormPart title={t('projects.invoicing')}>
        <Fields>
          <SelectField
            label={t('projects.method')}
            data={methods.map((value) => ({ value, label: t(methodWords[value]) }))}
            description={t(methodTexts[values.invoicingMethod])}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...field('invoicingMethod')}
          />
          <TextField
            label={t('projects.reference')}
            description={t('projects.reference.text')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...field('invoiceReference')}
          />
          <TextField
            label={t('projects.orderNumber')}
            description={t('projects.orderNumber.text')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...field('orderNumber')}
          />
          <DimensionField
            part="costCentre"
            label={t('projects.costCentre')}
            description={t('projects.costCentre.text')}
            {...field('costCentre')}
          />
          <DimensionField
            part="costUnit"
            label={t('projects.costUnit')}
            description={t('projects.costUnit.text')}
            {...field('costUnit')}
          />
        </Fields>
        <RoundingFields
          value={values.billingRounding}
          onChange={(next) => form.form.setFieldValue('billingRounding', next as never)}
          none={t('projects.rounding.customer')}
        />
        <CheckField
          label={t('projects.customerApproves')}
          description={t('projects.customerApproves.text')}
          {...form.check('customerApproves')}
        />
      </FormPart>
      <FormPart title={t('projects.budget')} text={t('projects.budget.text')}>
        <Fields columns={3}>
          <DecimalField
            label={t('projects.budget.hours')}
            rightSection={<span className="muted small">{t('projects.budget.hours.unit')}</span>}
            rightSectionWidth={48}
            {...field('budgetHours')}
          />
          <DecimalField
            label={t('projects.budget.money')}
            leftSection={<span className="muted">{currencySign(currency)}</span>}
            {...field('budgetAmount')}
          />
          <TextField
            label={t('projects.budget.warning')}
            inputMode="numeric"
            rightSection={<span className="muted">%</span>}
            {...field('budgetWarningPercent')}
          />
        </Fields>
      </FormPart>
      <FormPart title={t('projects.who')}>
        <OnlySome
          title={t('projects.activities')}
          all={t('projects.all')}
          some={t('projects.some')}
          allText={t('projects.activities.all')}
          options={activities}
          value={values.activityIds}
          onChange={(next) => form.form.setFieldValue('activityIds', next as never)}
          error={errorOf(form.form.errors, 'activityIds')}
        />
        {may('people:read') ? (
          <OnlySome
            title={t('projects.people')}
            all={t('projects.everybody')}
            some={t('projects.some')}
            allText={t('projects.people.all')}
            options={people}
            value={values.memberIds}
            onChange={(next) => form.form.setFieldValue('memberIds', next as never)}
            error={errorOf(form.form.errors, 'memberIds')}
          />
        ) : null}
        {may('people:read') ? (
          <ManyField
            label={t('projects.managers')}
            description={t('projects.managers.text')}
            data={[...people]}
            {...field('managerIds')}
            error={errorOf(form.form.errors, 'managerIds')}
          />
        ) : null}
      </FormPart>
      <QuickCustomer
        name={quick}
        onClose={() => setQuick(null)}
        onMade={(customer) => {
          setMade({ value: customer.id, label: customer.name })
          form.form.setFieldValue('customerId', customer.id as never)
          setQuick(null)
        }}
      />
    </>
  )
}
