import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { useRef } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Body, TwoColumns } from '../../frame/Page.tsx'
import { AsFacts } from '../../parts/AsFacts.tsx'
import { Form, FormFoot } from '../../parts/Form.tsx'
import { History } from '../../parts/History.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { ThingPage } from '../../parts/ThingPage.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useFirm, useMay } from '../../session.ts'
import { type Say, useT } from '../../words/words.tsx'
import { Rates } from '../activities/Rates.tsx'
import side from '../activities/rates.module.css'
import { useRoundingWords } from '../customers/RoundingFields.tsx'
import { BudgetOf } from './BudgetOf.tsx'
import { Invoicing } from './invoicing/Invoicing.tsx'
import { ProjectFields, useActivityOptions, usePeopleOptions } from './ProjectFields.tsx'
import {
  isBudgetHours,
  methods,
  methodWords,
  newProjectValues,
  type ProjectAnswer,
  toProjectBody,
  toProjectValues,
} from './project-values.ts'

const route = getRouteApi('/f/$firm/projects/$projectId')

const labelsOf = (t: Say) => ({
  customerId: t('projects.customer'),
  code: t('projects.code'),
  name: t('projects.name'),
  invoicingMethod: t('projects.method'),
  invoiceReference: t('projects.reference'),
  orderNumber: t('projects.orderNumber'),
  costCentre: t('projects.costCentre'),
  costUnit: t('projects.costUnit'),
  billingRounding: t('customers.rounding'),
  budgetMinutes: t('projects.budget.inHours'),
  budgetAmount: t('projects.budget.inMoney'),
  budgetWarningPercent: t('projects.budget.warning'),
  customerApproves: t('projects.customerApproves'),
  managerIds: t('projects.managers'),
  startsOn: t('projects.startsOn'),
  endsOn: t('projects.endsOn'),
  activityIds: t('projects.activities'),
  memberIds: t('projects.people'),
})

/** What is wrong before anything is sent. */
const rulesOf = (t: Say) => ({
  name: (value: string) => (value.trim() ? null : t('projects.name.missing')),
  budgetHours: (value: string) => (isBudgetHours(value) ? null : t('projects.budget.hours.wrong')),
  budgetWarningPercent: (value: string) =>
    value.trim() === '' || /^([1-9]\d?|100)$/.test(value.trim()) ? null : t('projects.budget.warning.wrong'),
})
const paths = { budgetMinutes: 'budgetHours' }

/** Ids as the names people know. */
function useShow() {
  const t = useT()
  const activities = useActivityOptions()
  const people = usePeopleOptions()
  const format = useFormat()
  const roundingWords = useRoundingWords()
  const named = (value: unknown, options: readonly { value: string; label: string }[], none: string) =>
    Array.isArray(value) && value.length > 0
      ? value.map((id) => options.find((option) => option.value === id)?.label ?? '…').join(', ')
      : none
  return (field: string, value: unknown): string => {
    if (field === 'invoicingMethod') {
      const method = methods.find((one) => one === value)
      return method ? t(methodWords[method]) : plainText(value)
    }
    if (field === 'activityIds') return named(value, activities, t('projects.all'))
    if (field === 'memberIds') return named(value, people, t('projects.everybody'))
    if (field === 'managerIds') return named(value, people, t('projects.managers.none'))
    if (field === 'billingRounding')
      return value ? roundingWords(value as BillingRounding) : t('projects.rounding.customer')
    if (field === 'budgetMinutes' && typeof value === 'number') return format.hours(value)
    if (field === 'budgetWarningPercent' && typeof value === 'number') return format.percent(String(value))
    if (typeof value === 'boolean') return t(value ? 'customers.contacts.yes' : 'customers.contacts.no')
    return plainText(value)
  }
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [['projects'], ['project'], ['picker'], ['history', 'project']].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}

function NewProject({ customerId, onBack }: { customerId: string | null; onBack: () => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const made = useRef<ProjectAnswer | null>(null)
  const customer = useQuery({
    queryKey: ['customer', customerId],
    queryFn: ({ signal }) => answer(api.GET('/customers/{id}', { params: { path: { id: customerId ?? '' } }, signal })),
    enabled: customerId !== null,
  })
  const form = useApiForm({
    initial: newProjectValues(customerId),
    validate: rulesOf(t),
    paths,
    save: async (values) => {
      made.current = await answer(api.POST('/projects', { body: toProjectBody(values) }))
    },
    saved: async () => {
      if (!made.current) return
      await lookAgain()
      say(t('projects.made', { name: made.current.name }))
      await navigate({
        to: '/f/$firm/projects/$projectId',
        params: { firm, projectId: made.current.id },
        replace: true,
      })
    },
  })
  return (
    <Body narrow>
      <Form form={form}>
        <LeaveGuard form={form} />
        <ProjectFields
          form={form}
          project={null}
          chosen={customer.data ? { value: customer.data.id, label: customer.data.name } : null}
        />
        <FormFoot form={form} action={t('projects.create')} onCancel={onBack} stays />
      </Form>
    </Body>
  )
}

/** The rates that the way of invoicing looks at; where it looks elsewhere, that is said. */
function ProjectRates({ project }: { project: ProjectAnswer }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const activities = useActivityOptions()
  const people = usePeopleOptions()
  const subject = { projectId: project.id }
  switch (project.invoicingMethod) {
    case 'hourly-project':
      return (
        <section>
          <h2>{t('projects.rates.project')}</h2>
          <Rates scope="project" subject={subject} />
        </section>
      )
    case 'hourly-activity':
      return (
        <section>
          <h2>{t('projects.rates.activity')}</h2>
          <p>{t('projects.rates.activity.text')}</p>
          <Rates
            scope="project-activity"
            subject={subject}
            second={{ field: 'activityId', label: t('projects.activity'), options: activities }}
          />
        </section>
      )
    case 'hourly-user':
      return (
        <section>
          <h2>{t('projects.rates.user')}</h2>
          <p>{t('projects.rates.user.text')}</p>
          <Rates
            scope="project-user"
            subject={subject}
            second={{ field: 'memberId', label: t('projects.person'), options: people }}
          />
        </section>
      )
    case 'hourly-customer':
      return project.customerId ? (
        <section>
          <h2>{t('projects.rates.customer')}</h2>
          <p>
            <Link to="/f/$firm/customers/$customerId" params={{ firm, customerId: project.customerId }}>
              {project.customerName}
            </Link>
          </p>
          <Rates scope="customer" subject={{ customerId: project.customerId }} />
        </section>
      ) : null
    default:
      return null
  }
}

function EditProject({ project }: { project: ProjectAnswer }) {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const lookAgain = useLookAgain()
  const labels = labelsOf(t)
  const show = useShow()
  const { form, tell } = useEditForm({
    thing: project,
    toValues: toProjectValues,
    toBody: toProjectBody,
    labels,
    show,
    validate: rulesOf(t),
    paths,
    change: (body, version) =>
      answer(api.PATCH('/projects/{id}', { params: { path: { id: project.id } }, headers: ifMatch(version), body })),
    saved: async (after) => {
      await lookAgain()
      say(t('projects.saved', { name: after.name }))
    },
  })
  const main = may('projects:write') ? (
    <Body narrow>
      <Form form={form} tell={tell}>
        <LeaveGuard form={form} />
        <ProjectFields form={form} project={project} />
        <FormFoot form={form} action={t('projects.save')} stays />
      </Form>
    </Body>
  ) : (
    <Body narrow>
      <AsFacts
        body={toProjectBody(toProjectValues(project))}
        labels={labels}
        show={(field, value) =>
          field === 'customerId'
            ? project.customerName
            : (field === 'startsOn' || field === 'endsOn') && typeof value === 'string'
              ? format.date(value)
              : show(field, value)
        }
      />
    </Body>
  )
  const seesBudget = project.budgetMinutes !== null || project.budgetAmount !== null
  if (!may('rates:read') && !may('history:read') && !seesBudget) return main
  return (
    <TwoColumns side={480}>
      {main}
      <Body>
        <div className={side.side}>
          {may('invoices:read') ? <Invoicing projectId={project.id} method={project.invoicingMethod} /> : null}
          {seesBudget ? <BudgetOf project={project} /> : null}
          {may('rates:read') ? <ProjectRates project={project} /> : null}
          {may('history:read') ? (
            <section>
              <h2>{t('projects.history')}</h2>
              <History kind="project" id={project.id} labels={labels} show={show} />
            </section>
          ) : null}
        </div>
      </Body>
    </TwoColumns>
  )
}

export function Project() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { projectId } = route.useParams()
  const { customerId } = route.useSearch()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const isNew = projectId === 'new'
  const query = useQuery({
    queryKey: ['project', projectId],
    queryFn: ({ signal }) => answer(api.GET('/projects/{id}', { params: { path: { id: projectId } }, signal })),
    enabled: !isNew,
  })
  const back = () => navigate({ to: '/f/$firm/projects', params: { firm } })
  const path = { params: { path: { id: projectId } } }
  return (
    <ThingPage
      query={query}
      words={{ new: t('projects.new'), one: t('projects.one'), archived: t('projects.archived.yes') }}
      crumbs={[
        <Link key="projects" to="/f/$firm/projects" params={{ firm }}>
          {t('projects.title')}
        </Link>,
      ]}
      shelf={
        may('projects:write')
          ? {
              archive: (archived, version) =>
                answer(api.PATCH('/projects/{id}', { ...path, headers: ifMatch(version), body: { archived } })),
              remove: (version) => answer(api.DELETE('/projects/{id}', { ...path, headers: ifMatch(version) })),
              restore: () => answer(api.POST('/projects/{id}/restoration', path)),
              changed: lookAgain,
            }
          : null
      }
      back={back}
      make={isNew ? <NewProject customerId={customerId ?? null} onBack={back} /> : null}
    >
      {(project) => <EditProject project={project} />}
    </ThingPage>
  )
}
