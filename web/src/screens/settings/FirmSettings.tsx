import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { SettingsCrumb } from '../../frame/Crumbs.tsx'
import { Body, Page, PageHead } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { ErrorState, NoRights, PageSkeleton } from '../../parts/Empty.tsx'
import { Fields, Form, FormFoot, FormPart } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { LeaveGuard } from '../../parts/LeaveGuard.tsx'
import { say } from '../../parts/Toasts.tsx'
import { plainText, useEditForm } from '../../parts/use-edit-form.tsx'
import { sessionQuery, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { FirmFields } from './FirmFields.tsx'
import { type FirmAnswer, firmQuery } from './firm-query.ts'
import { toFirmBody, toFirmValues } from './firm-values.ts'
import { Logo } from './Logo.tsx'

const toValues = (firm: FirmAnswer) => ({
  ...toFirmValues(firm),
  defaultPaymentDays: String(firm.defaultPaymentDays),
  defaultPaymentEndOfMonth: firm.defaultPaymentEndOfMonth ? 'month' : 'invoice',
  approval: firm.approval,
  approveOwn: firm.approveOwn ? 'yes' : 'no',
  lockedUntil: firm.lockedUntil,
})
type Values = ReturnType<typeof toValues>
const toBody = (values: Values) => ({
  ...toFirmBody(values),
  defaultPaymentDays: Number(values.defaultPaymentDays),
  defaultPaymentEndOfMonth: values.defaultPaymentEndOfMonth === 'month',
  approval: values.approval,
  approveOwn: values.approveOwn === 'yes',
  lockedUntil: values.lockedUntil || null,
})

const flowWords = {
  off: 'settings.firm.approval.off',
  internal: 'settings.firm.approval.internal',
  external: 'settings.firm.approval.external',
  'internal-external': 'settings.firm.approval.internalExternal',
  'external-internal': 'settings.firm.approval.externalInternal',
} as const satisfies Record<FirmAnswer['approval'], Word>
const flows = Object.keys(flowWords) as FirmAnswer['approval'][]

function FirmForm({ firm }: { firm: FirmAnswer }) {
  const t = useT()
  const client = useQueryClient()
  const { form, tell } = useEditForm({
    thing: firm,
    toValues,
    toBody,
    validate: {
      defaultPaymentDays: (value: string) => (/^\d{1,3}$/.test(value) ? null : t('settings.firm.days.wrong')),
    },
    labels: {
      name: t('settings.firm.name'),
      address: t('settings.firm.address'),
      country: t('settings.firm.country'),
      vatId: t('settings.firm.vatId'),
      kvk: t('settings.firm.kvk'),
      iban: t('settings.firm.iban'),
      email: t('settings.firm.email'),
      phone: t('settings.firm.phone'),
      website: t('settings.firm.website'),
      currency: t('settings.firm.currency'),
      timeZone: t('settings.firm.timeZone'),
      language: t('settings.firm.language'),
      defaultPaymentDays: t('settings.firm.days'),
      defaultPaymentEndOfMonth: t('settings.firm.counted'),
      approval: t('settings.firm.approval'),
      approveOwn: t('settings.firm.approveOwn'),
      lockedUntil: t('settings.firm.lockedUntil'),
    },
    show: (field, value) =>
      field === 'defaultPaymentEndOfMonth'
        ? value
          ? t('settings.firm.counted.month')
          : t('settings.firm.counted.invoice')
        : field === 'approval'
          ? t(flowWords[value as FirmAnswer['approval']])
          : field === 'approveOwn'
            ? t(value ? 'settings.firm.approveOwn.yes' : 'settings.firm.approveOwn.no')
            : plainText(value),
    change: (body, version) => answer(api.PATCH('/firm', { headers: ifMatch(version), body })),
    saved: async (after) => {
      client.setQueryData(firmQuery.queryKey, after)
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      say(t('settings.firm.saved'))
    },
  })
  return (
    <Form form={form} tell={tell}>
      <LeaveGuard form={form} />
      <FirmFields field={form.field} country={form.form.getValues().country} more />
      <FormPart title={t('settings.firm.terms')} text={t('settings.firm.termsText')}>
        <Fields>
          <TextField
            label={t('settings.firm.days')}
            inputMode="numeric"
            rightSection={<span className="muted small">{t('settings.firm.days.unit')}</span>}
            rightSectionWidth={58}
            {...form.field('defaultPaymentDays')}
          />
          <SelectField
            label={t('settings.firm.counted')}
            data={[
              { value: 'invoice', label: t('settings.firm.counted.invoice') },
              { value: 'month', label: t('settings.firm.counted.month') },
            ]}
            {...form.field('defaultPaymentEndOfMonth')}
          />
        </Fields>
      </FormPart>
      <FormPart title={t('settings.firm.approval.part')} text={t('settings.firm.approval.partText')}>
        <Fields>
          <SelectField
            label={t('settings.firm.approval')}
            description={t('settings.firm.approval.text')}
            data={flows.map((value) => ({ value, label: t(flowWords[value]) }))}
            {...form.field('approval')}
          />
          <SelectField
            label={t('settings.firm.approveOwn')}
            description={t('settings.firm.approveOwn.text')}
            data={[
              { value: 'no', label: t('settings.firm.approveOwn.no') },
              { value: 'yes', label: t('settings.firm.approveOwn.yes') },
            ]}
            disabled={form.form.getValues().approval === 'off'}
            {...form.field('approveOwn')}
          />
          <DateField
            label={t('settings.firm.lockedUntil')}
            description={t('settings.firm.lockedUntil.text')}
            clearable
            {...form.field('lockedUntil')}
          />
        </Fields>
      </FormPart>
      <FormFoot form={form} action={t('settings.firm.save')} stays />
    </Form>
  )
}

export function FirmSettings() {
  const t = useT()
  const may = useMay()
  const query = useQuery({ ...firmQuery, enabled: may('firm:write') })
  return (
    <Page>
      <PageHead
        title={t('settings.firm')}
        crumbs={[<SettingsCrumb key="settings" />]}
        actions={
          <ButtonLink kind="quiet" icon="plus" to="/welcome">
            {t('settings.firm.another')}
          </ButtonLink>
        }
      />
      {may('firm:write') ? (
        <Body narrow>
          {query.isError ? <ErrorState error={query.error} retry={query.refetch} busy={query.isFetching} /> : null}
          {query.isPending ? <PageSkeleton /> : null}
          {query.data ? (
            <>
              <FirmForm key={query.data.id} firm={query.data} />
              {may('invoices:read') ? <Logo firm={query.data} /> : null}
            </>
          ) : null}
        </Body>
      ) : (
        <Body>
          <NoRights />
        </Body>
      )}
    </Page>
  )
}
