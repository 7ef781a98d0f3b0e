import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { VatClass } from '@uurwerk/core/invoicing/vat-cases.ts'
import { useRef } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { currencySign } from '../../format.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, TwoColumns } from '../../frame/Page.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { DecimalField, SelectField, TextField } from '../../parts/fields.tsx'
import { History } from '../../parts/History.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { ThingPage } from '../../parts/ThingPage.tsx'
import { say } from '../../parts/Toasts.tsx'
import { today } from '../../parts/today.ts'
import { type ApiForm, useApiForm } from '../../parts/use-api-form.ts'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { Rates } from './Rates.tsx'
import styles from './rates.module.css'
import { useVatClassOptions, vatClassWords } from './vat-classes.ts'

const route = getRouteApi('/f/$firm/settings/activities/$activityId')

const readActivity = (id: string, signal?: AbortSignal) =>
  answer(api.GET('/activities/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }))
type ActivityAnswer = Awaited<ReturnType<typeof readActivity>>

const toValues = (activity: Pick<ActivityAnswer, 'name' | 'code' | 'billable' | 'vatClass'>) => ({
  name: activity.name,
  code: activity.code ?? '',
  billable: activity.billable,
  vatClass: activity.vatClass as VatClass,
})
type Values = ReturnType<typeof toValues>
const toBody = ({ name, code, billable, vatClass }: Values) => ({
  name: name.trim(),
  code: code.trim() || null,
  billable,
  vatClass,
})

function ActivityFields<V>({ form, readOnly }: { form: ApiForm<V>; readOnly: boolean }) {
  const t = useT()
  const classes = useVatClassOptions()
  return (
    <FormPart title={t('activities.part')}>
      <Fields>
        <TextField label={t('activities.name')} withAsterisk readOnly={readOnly} {...form.field('name')} />
        <TextField label={t('activities.code')} readOnly={readOnly} {...form.field('code')} />
        <SelectField
          label={t('activities.vat')}
          description={t('activities.vat.text')}
          data={[...classes]}
          readOnly={readOnly}
          {...form.field('vatClass')}
        />
      </Fields>
      <CheckField
        label={t('activities.billable')}
        description={t('activities.billable.text')}
        disabled={readOnly}
        {...form.check('billable')}
      />
    </FormPart>
  )
}

function useLookAgain() {
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['activities'] }),
      client.invalidateQueries({ queryKey: ['activity'] }),
      client.invalidateQueries({ queryKey: ['history', 'activity'] }),
    ])
}

function NewActivity({ onBack }: { onBack: () => void }) {
  const t = useT()
  const { slug: firm, currency } = useFirm()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const made = useRef<ActivityAnswer | null>(null)
  const form = useApiForm({
    initial: {
      ...toValues({ name: '', code: null, billable: true, vatClass: 'standard' }),
      rate: { amount: '', from: today() as string },
    },
    validate: { name: (value: string) => (value.trim() ? null : t('activities.name.missing')) },
    save: async ({ rate, ...values }) => {
      made.current = await answer(
        api.POST('/activities', {
          body: { ...toBody(values), rate: rate.amount.trim() ? { ...rate, currency } : null },
        }),
      )
    },
    saved: async () => {
      if (!made.current) return
      await lookAgain()
      say(t('activities.made', { name: made.current.name }))
      await navigate({ to: '/f/$firm/settings/activities', params: { firm } })
    },
  })
  return (
    <Body narrow>
      <Form form={form}>
        <LeaveGuard form={form} />
        <ActivityFields form={form} readOnly={false} />
        <FormPart title={t('activities.rate.first')} text={t('activities.rate.firstText')}>
          <Fields>
            <DecimalField
              label={t('activities.rate.amount')}
              leftSection={<span className="muted">{currencySign(currency)}</span>}
              {...form.field('rate.amount')}
            />
            <DateField label={t('activities.rate.from')} {...form.field('rate.from')} />
          </Fields>
        </FormPart>
        <FormFoot form={form} action={t('activities.create')} onCancel={onBack} />
      </Form>
    </Body>
  )
}

function useLabels() {
  const t = useT()
  return {
    name: t('activities.name'),
    code: t('activities.code'),
    billable: t('activities.billable'),
    vatClass: t('activities.vat'),
  }
}

function useShow() {
  const t = useT()
  return (field: string, value: unknown): string =>
    field === 'billable'
      ? value
        ? t('activities.billable.yes')
        : t('activities.billable.no')
      : field === 'vatClass'
        ? t(vatClassWords[value as VatClass])
        : plainText(value)
}

function EditActivity({ activity }: { activity: ActivityAnswer }) {
  const t = useT()
  const may = useMay()
  const lookAgain = useLookAgain()
  const labels = useLabels()
  const show = useShow()
  const { form, tell } = useEditForm({
    thing: activity,
    toValues,
    toBody,
    labels,
    show,
    validate: { name: (value: string) => (value.trim() ? null : t('activities.name.missing')) },
    change: (body, version) =>
      answer(api.PATCH('/activities/{id}', { params: { path: { id: activity.id } }, headers: ifMatch(version), body })),
    saved: async (after) => {
      await lookAgain()
      say(t('activities.saved', { name: after.name }))
    },
  })
  const change = may('activities:write')
  return (
    <TwoColumns side={520}>
      <Body>
        <Form form={form} tell={tell}>
          <LeaveGuard form={form} />
          <ActivityFields form={form} readOnly={!change} />
          {change ? <FormFoot form={form} action={t('activities.save')} /> : null}
        </Form>
      </Body>
      <Body>
        <div className={styles.side}>
          {may('rates:read') ? (
            <section>
              <h2>{t('activities.rates')}</h2>
              <p>{t('activities.rates.text')}</p>
              <Rates scope="activity" subject={{ activityId: activity.id }} />
            </section>
          ) : null}
          {may('history:read') ? (
            <section>
              <h2>{t('activities.history')}</h2>
              <History kind="activity" id={activity.id} labels={labels} show={show} />
            </section>
          ) : null}
        </div>
      </Body>
    </TwoColumns>
  )
}

export function Activity() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const { activityId } = route.useParams()
  const navigate = useNavigate()
  const lookAgain = useLookAgain()
  const isNew = activityId === 'new'
  const query = useQuery({
    queryKey: ['activity', activityId],
    queryFn: ({ signal }) => readActivity(activityId, signal),
    enabled: !isNew,
  })
  const back = () => navigate({ to: '/f/$firm/settings/activities', params: { firm } })
  const path = { params: { path: { id: activityId } } }
  return (
    <ThingPage
      query={query}
      words={{ new: t('activities.new'), one: t('activities.one'), archived: t('activities.archived.yes') }}
      crumbs={[
        <SettingsCrumb key="settings" />,
        <Link key="activities" to="/f/$firm/settings/activities" params={{ firm }}>
          {t('activities.title')}
        </Link>,
      ]}
      shelf={
        may('activities:write')
          ? {
              archive: (archived, version) =>
                answer(api.PATCH('/activities/{id}', { ...path, headers: ifMatch(version), body: { archived } })),
              remove: (version) => answer(api.DELETE('/activities/{id}', { ...path, headers: ifMatch(version) })),
              restore: () => answer(api.POST('/activities/{id}/restoration', path)),
              changed: lookAgain,
            }
          : null
      }
      back={back}
      make={isNew ? <NewActivity onBack={back} /> : null}
    >
      {(activity) => <EditActivity activity={activity} />}
    </ThingPage>
  )
}
