import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { useMemo, useRef } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Body, TwoColumns } from '../../frame/Page.tsx'
import { AsFacts } from '../../parts/AsFacts.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
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
import { CustomerDistances } from '../trips/CustomerDistances.tsx'
import { Contacts } from './Contacts.tsx'
import { CustomerFields } from './CustomerFields.tsx'
import {
  type CustomerAnswer,
  newCustomerValues,
  suggestedFor,
  toCustomerBody,
  toCustomerValues,
  vatCases,
  vatCaseWords,
} from './customer-values.ts'
import styles from './customers.module.css'
import { PackageState } from './PackageState.tsx'
import { useRoundingWords } from './RoundingFields.tsx'
import { VatIdCheck } from './VatIdCheck.tsx'

const route = getRouteApi('/f/$firm/customers/$customerId')

const labelsOf = (t: Say) => ({
  number: t('customers.number'),
  name: t('customers.name'),
  visitAddress: t('customers.address'),
  invoiceAddress: t('customers.invoiceAddress.short'),
  country: t('customers.country'),
  phone: t('customers.phone'),
  email: t('customers.email'),
  invoiceEmail: t('customers.invoiceEmail'),
  website: t('customers.website'),
  vatId: t('customers.vatId'),
  kvk: t('customers.companyNumber'),
  iban: t('customers.iban'),
  paymentDays: t('customers.term'),
  term: t('customers.term'),
  paymentEndOfMonth: t('customers.counted'),
  vatCase: t('customers.vat'),
  language: t('customers.language'),
  currency: t('customers.currency'),
  peppolId: t('customers.peppol'),
  billToId: t('customers.billTo'),
  billingRounding: t('customers.rounding'),
  remindersOff: t('customers.remindersOff'),
  note: t('customers.note'),
})

const isTerm = (value: unknown): value is { days: number; endOfMonth: boolean } =>
  typeof value === 'object' && value !== null && 'days' in value

function useShow() {
  const t = useT()
  const roundingWords = useRoundingWords()
  return useMemo(
    () =>
      (field: string, value: unknown): string => {
        if (field === 'vatCase') {
          const found = vatCases.find((one) => one === value)
          return found ? t(vatCaseWords[found]) : plainText(value)
        }
        if (field === 'term' && isTerm(value))
          return t(value.endOfMonth ? 'customers.term.month' : 'customers.term.days', { days: value.days })
        if (field === 'billingRounding')
          return value ? roundingWords(value as BillingRounding) : t('customers.rounding.none')
        if (field === 'remindersOff') return t(value ? 'customers.remindersOff.yes' : 'customers.remindersOff.no')
        if (field === 'paymentEndOfMonth') {
          if (value === null || value === undefined) return t('customers.counted.firm')
          return value ? t('customers.counted.month') : t('customers.counted.invoice')
        }
        return plainText(value)
      },
    [t, roundingWords],
  )
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all(
      [['customers'], ['customer'], ['picker', 'customers'], ['projects'], ['history', 'customer']].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    )
}

const daysRule = (t: Say) => (value: string) =>
  value.trim() === '' || /^\d{1,3}$/.test(value.trim()) ? null : t('customers.term.wrong')

function NewCustomer({ onBack }: { onBack: () => void }) {
  const t = useT()
  const firm = useFirm()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const made = useRef<CustomerAnswer | null>(null)
  const form = useApiForm({
    initial: newCustomerValues(firm),
    validate: {
      name: (value: string) => (value.trim() ? null : t('customers.name.missing')),
      country: (value: string) => (value ? null : t('customers.country.missing')),
      paymentDays: daysRule(t),
    },
    save: async (values) => {
      // What the form showed is what the person agreed to.
      const vatCase = values.vatCase || (suggestedFor(values, firm.country) ?? '')
      made.current = await answer(api.POST('/customers', { body: toCustomerBody({ ...values, vatCase }) }))
    },
    saved: async () => {
      if (!made.current) return
      await lookAgain()
      say(t('customers.made', { name: made.current.name }))
      await navigate({
        to: '/f/$firm/customers/$customerId',
        params: { firm: firm.slug, customerId: made.current.id },
        replace: true,
      })
    },
  })
  return (
    <Body narrow>
      <Form form={form}>
        <LeaveGuard form={form} />
        <CustomerFields form={form} customer={null} />
        <FormFoot form={form} action={t('customers.create')} onCancel={onBack} stays />
      </Form>
    </Body>
  )
}

function ProjectsOf({ customer }: { customer: CustomerAnswer }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const query = useQuery({
    queryKey: ['projects', 'of', customer.id],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/projects', { params: { query: { customerId: customer.id, limit: 100 } }, signal }))).rows,
  })
  return (
    <section>
      <h2>{t('customers.projects')}</h2>
      {query.isError ? <ErrorNotice error={query.error} retry={query.refetch} /> : null}
      {query.isPending ? <Skeleton /> : null}
      {query.data?.length === 0 ? <p>{t('customers.projects.none')}</p> : null}
      {query.data && query.data.length > 0 ? (
        <div className={styles.links}>
          {query.data.map((project) => (
            <Link key={project.id} to="/f/$firm/projects/$projectId" params={{ firm, projectId: project.id }}>
              <span>{project.name}</span>
              <span className="muted fig">{project.code}</span>
            </Link>
          ))}
        </div>
      ) : null}
      {may('projects:write') && !customer.archived ? (
        <div>
          <ButtonLink
            size="sm"
            icon="plus"
            to="/f/$firm/projects/$projectId"
            params={{ firm, projectId: 'new' }}
            search={{ customerId: customer.id }}
          >
            {t('customers.projects.new')}
          </ButtonLink>
        </div>
      ) : null}
    </section>
  )
}

function EditCustomer({ customer }: { customer: CustomerAnswer }) {
  const t = useT()
  const may = useMay()
  const firm = useFirm()
  const format = useFormat()
  const lookAgain = useLookAgain()
  const labels = labelsOf(t)
  const show = useShow()
  const { form, tell } = useEditForm({
    thing: customer,
    toValues: toCustomerValues,
    toBody: toCustomerBody,
    // Saving confirms a VAT case that was only proposed.
    always: customer.vatCaseConfirmed ? [] : ['vatCase'],
    labels,
    show,
    validate: {
      name: (value: string) => (value.trim() ? null : t('customers.name.missing')),
      paymentDays: daysRule(t),
    },
    change: (body, version) =>
      answer(api.PATCH('/customers/{id}', { params: { path: { id: customer.id } }, headers: ifMatch(version), body })),
    saved: async (after) => {
      await lookAgain()
      say(t('customers.saved', { name: after.name }))
    },
  })
  return (
    <TwoColumns side={440}>
      {may('customers:write') ? (
        <Body narrow>
          <Form form={form} tell={tell}>
            <LeaveGuard form={form} />
            <PackageState customer={customer} />
            <CustomerFields form={form} customer={customer} />
            <FormFoot form={form} action={t('customers.save')} stays />
          </Form>
        </Body>
      ) : (
        <Body narrow>
          <PackageState customer={customer} />
          <AsFacts
            body={toCustomerBody(toCustomerValues(customer))}
            labels={{ ...labels, billToId: undefined }}
            show={(field, value) => (field === 'country' ? format.country(String(value)) : show(field, value))}
          />
        </Body>
      )}
      <Body>
        <div className={side.side}>
          {may('invoices:read') ? (
            <div>
              <ButtonLink
                icon="document"
                to="/f/$firm/customers/$customerId/statement"
                params={{ firm: firm.slug, customerId: customer.id }}
              >
                {t('customers.statement')}
              </ButtonLink>
            </div>
          ) : null}
          <Contacts customerId={customer.id} />
          <VatIdCheck customerId={customer.id} vatId={customer.vatId} />
          {may('projects:read') ? <ProjectsOf customer={customer} /> : null}
          {may('rates:read') ? (
            <section>
              <h2>{t('customers.rates')}</h2>
              <p>{t('customers.rates.text')}</p>
              <Rates scope="customer" subject={{ customerId: customer.id }} optional />
            </section>
          ) : null}
          <CustomerDistances customerId={customer.id} archived={customer.archived} />
          {may('history:read') ? (
            <section>
              <h2>{t('customers.history')}</h2>
              <History kind="customer" id={customer.id} labels={labels} show={show} />
            </section>
          ) : null}
        </div>
      </Body>
    </TwoColumns>
  )
}

export function Customer() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { customerId } = route.useParams()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const isNew = customerId === 'new'
  const query = useQuery({
    queryKey: ['customer', customerId],
    queryFn: ({ signal }) => answer(api.GET('/customers/{id}', { params: { path: { id: customerId } }, signal })),
    enabled: !isNew,
  })
  const back = () => navigate({ to: '/f/$firm/customers', params: { firm } })
  const path = { params: { path: { id: customerId } } }
  return (
    <ThingPage
      query={query}
      words={{ new: t('customers.new'), one: t('customers.one'), archived: t('customers.archived.yes') }}
      crumbs={[
        <Link key="customers" to="/f/$firm/customers" params={{ firm }}>
          {t('customers.title')}
        </Link>,
      ]}
      shelf={
        may('customers:write')
          ? {
              archive: (archived, version) =>
                answer(api.PATCH('/customers/{id}', { ...path, headers: ifMatch(version), body: { archived } })),
              remove: (version) => answer(api.DELETE('/customers/{id}', { ...path, headers: ifMatch(version) })),
              restore: () => answer(api.POST('/customers/{id}/restoration', path)),
              changed: lookAgain,
            }
          : null
      }
      back={back}
      make={isNew ? <NewCustomer onBack={back} /> : null}
    >
      {(customer) => <EditCustomer customer={customer} />}
    </ThingPage>
  )
}
