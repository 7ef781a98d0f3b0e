import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { Fields, FormPart } from '../../parts/Form.tsx'
import { SelectField, TextAreaField, TextField } from '../../parts/fields.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { AddressFields, CountryField, CurrencyField } from '../../parts/place-fields.tsx'
import { StateLine } from '../../parts/State.tsx'
import type { ApiForm } from '../../parts/use-api-form.ts'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { firmQuery } from '../settings/firm-query.ts'
import {
  type CustomerAnswer,
  type CustomerValues,
  suggestedFor,
  vatCases,
  vatCaseTexts,
  vatCaseWords,
} from './customer-values.ts'
import styles from './customers.module.css'
import { findCustomers } from './find-customers.ts'
import { RoundingFields } from './RoundingFields.tsx'

function BillTo({ form, field, ownId }: { form: ApiForm<CustomerValues>; field: Field; ownId: string | null }) {
  const t = useT()
  const { billToId } = form.form.getValues()
  const other = useQuery({
    queryKey: ['customer', billToId],
    queryFn: ({ signal }) => answer(api.GET('/customers/{id}', { params: { path: { id: billToId ?? '' } }, signal })),
    enabled: billToId !== null,
  })
  return (
    <Picker
      label={t('customers.billTo')}
      description={t('customers.billTo.text')}
      searchKey="customers"
      search={async (text, signal) => (await findCustomers(text, signal)).filter(({ value }) => value !== ownId)}
      chosen={other.data ? { value: other.data.id, label: other.data.name } : null}
      clearable
      {...field('billToId')}
    />
  )
}

type Field = (path: string) => ReturnType<ApiForm<CustomerValues>['field']> & { readOnly?: boolean }

/** All there is to know of a customer. What the accounting package leads is shown, and changed there. */
export function CustomerFields({ form, customer }: { form: ApiForm<CustomerValues>; customer: CustomerAnswer | null }) {
  const t = useT()
  const format = useFormat()
  const firm = useFirm()
  const terms = useQuery(firmQuery)
  const values = form.form.getValues()
  const led = new Set(customer?.ledBy?.fields)
  const isLed = (path: string) => led.has(path.split('.')[0] ?? path)
  const lock = <Icon name="lock" size={14} />
  const field: Field = (path) => ({
    ...form.field(path),
    ...(isLed(path) ? { readOnly: true } : {}),
    ...(isLed(path) ? { rightSection: lock, rightSectionPointerEvents: 'none' as const } : {}),
  })
  const suggestion = suggestedFor(values, firm.country)
  const vatCase = values.vatCase || suggestion
  const differs = values.vatCase !== '' && suggestion !== null && suggestion !== values.vatCase
  return (
    <>
      <FormPart title={t('customers.part')}>
        <Fields>
          <TextField label={t('customers.name')} withAsterisk autoFocus={customer === null} {...field('name')} />
          <TextField label={t('customers.number')} description={t('customers.number.text')} {...field('number')} />
        </Fields>
        <AddressFields at="visitAddress" field={field} />
        <Fields>
          {isLed('country') ? (
            <TextField
              label={t('customers.country')}
              withAsterisk
              readOnly
              rightSection={lock}
              rightSectionPointerEvents="none"
              value={format.country(values.country)}
            />
          ) : (
            <CountryField label={t('customers.country')} withAsterisk {...field('country')} />
          )}
        </Fields>
      </FormPart>
      <FormPart title={t('customers.vat.part')} text={t('customers.vat.partText')}>
        <Fields>
          <TextField label={t('customers.vatId')} {...field('vatId')} />
          <TextField
            label={values.country === 'NL' ? t('customers.kvk') : t('customers.companyNumber')}
            {...field('kvk')}
          />
          <SelectField
            label={t('customers.vat')}
            data={vatCases.map((value) => ({ value, label: t(vatCaseWords[value]) }))}
            {...field('vatCase')}
            value={vatCase}
          />
        </Fields>
        {vatCase ? <p className="muted">{t(vatCaseTexts[vatCase])}</p> : null}
        {!vatCase ? <StateLine is="needs">{t('customers.vat.unclear')}</StateLine> : null}
        {values.vatCase === '' && vatCase ? (
          <StateLine is="progress" icon="info">
            {t('customers.vat.proposed')}
          </StateLine>
        ) : null}
        {customer && !customer.vatCaseConfirmed && values.vatCase !== '' && !differs ? (
          <StateLine is="needs">{t('customers.vat.confirm')}</StateLine>
        ) : null}
        {differs && suggestion ? (
          <div className={styles.proposal}>
            <StateLine is="needs">{t('customers.vat.differs', { vatCase: t(vatCaseWords[suggestion]) })}</StateLine>
            <Button size="sm" onClick={() => form.form.setFieldValue('vatCase', suggestion)}>
              {t('customers.vat.use')}
            </Button>
          </div>
        ) : null}
      </FormPart>
      <FormPart title={t('customers.invoicing')}>
        <CheckField
          label={t('customers.invoiceAddress')}
          disabled={isLed('invoiceAddress')}
          {...form.check('ownInvoiceAddress')}
        />
        {values.ownInvoiceAddress ? <AddressFields at="invoiceAddress" field={field} withCountry /> : null}
        <Fields>
          <TextField
            label={t('customers.invoiceEmail')}
            description={t('customers.invoiceEmail.text')}
            type="email"
            {...field('invoiceEmail')}
          />
          <BillTo form={form} field={field} ownId={customer?.id ?? null} />
          <TextField
            label={t('customers.term')}
            description={t('customers.term.text')}
            inputMode="numeric"
            {...(terms.data ? { placeholder: String(terms.data.defaultPaymentDays) } : {})}
            rightSection={<span className="muted small">{t('customers.term.unit')}</span>}
            rightSectionWidth={58}
            {...field('paymentDays')}
          />
          <SelectField
            label={t('customers.counted')}
            description={t('customers.counted.text')}
            data={[
              { value: 'firm', label: t('customers.counted.firm') },
              { value: 'invoice', label: t('customers.counted.invoice') },
              { value: 'month', label: t('customers.counted.month') },
            ]}
            {...field('paymentEndOfMonth')}
          />
          <SelectField
            label={t('customers.language')}
            data={[
              { value: 'nl', label: 'Nederlands' },
              { value: 'en', label: 'English' },
            ]}
            {...field('language')}
          />
          <CurrencyField label={t('customers.currency')} {...field('currency')} />
          <TextField label={t('customers.iban')} {...field('iban')} />
          <TextField label={t('customers.peppol')} placeholder="0106:12345678" {...field('peppolId')} />
        </Fields>
        <RoundingFields
          value={values.billingRounding}
          onChange={(next) => form.form.setFieldValue('billingRounding', next as never)}
          none={t('customers.rounding.none')}
        />
        <CheckField
          label={t('customers.remindersOff')}
          description={t('customers.remindersOff.text')}
          {...form.check('remindersOff')}
        />
      </FormPart>
      <FormPart title={t('customers.contact')}>
        <Fields>
          <TextField label={t('customers.email')} type="email" {...field('email')} />
          <TextField label={t('customers.phone')} type="tel" {...field('phone')} />
          <TextField label={t('customers.website')} type="url" {...field('website')} />
        </Fields>
        <TextAreaField label={t('customers.note')} description={t('customers.note.text')} {...field('note')} />
      </FormPart>
    </>
  )
}
