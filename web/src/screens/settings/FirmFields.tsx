import { Fields, FormPart } from '../../parts/Form.tsx'
import { SelectField, TextField } from '../../parts/fields.tsx'
import { AddressFields, CountryField, CurrencyField, TimeZoneField } from '../../parts/place-fields.tsx'
import type { FieldProps } from '../../parts/use-api-form.ts'
import { useT } from '../../words/words.tsx'

/** What a firm is asked for, at the first run and later; `at` is where it stands in the form. */
export function FirmFields({
  at = '',
  field,
  country,
  more,
}: {
  at?: string
  field: (path: string) => FieldProps
  country: string | null
  /** Also what is not needed to begin. */
  more?: boolean
}) {
  const t = useT()
  return (
    <>
      <FormPart title={t('settings.firm.part')} text={t('settings.firm.partText')}>
        <Fields>
          <TextField
            label={t('settings.firm.name')}
            autoComplete="organization"
            withAsterisk
            {...field(`${at}name`)}
            autoFocus={Boolean(at)}
          />
          <CountryField label={t('settings.firm.country')} withAsterisk {...field(`${at}country`)} />
        </Fields>
        <AddressFields at={`${at}address`} field={field} />
      </FormPart>
      <FormPart title={t('settings.firm.numbers')} text={t('settings.firm.numbersText')}>
        <Fields>
          <TextField label={t('settings.firm.vatId')} placeholder="NL000099998B57" {...field(`${at}vatId`)} />
          <TextField
            label={country === 'NL' ? t('settings.firm.kvk') : t('settings.firm.companyNumber')}
            {...field(`${at}kvk`)}
          />
          <TextField label={t('settings.firm.iban')} {...field(`${at}iban`)} />
          <TextField label={t('settings.firm.email')} type="email" {...field(`${at}email`)} />
          {more ? (
            <>
              <TextField label={t('settings.firm.phone')} type="tel" {...field(`${at}phone`)} />
              <TextField label={t('settings.firm.website')} type="url" {...field(`${at}website`)} />
            </>
          ) : null}
        </Fields>
      </FormPart>
      <FormPart title={t('settings.firm.place')}>
        <Fields>
          <CurrencyField
            label={t('settings.firm.currency')}
            description={t('settings.firm.currencyText')}
            {...field(`${at}currency`)}
          />
          <TimeZoneField
            label={t('settings.firm.timeZone')}
            description={t('settings.firm.timeZoneText')}
            {...field(`${at}timeZone`)}
          />
          <SelectField
            label={t('settings.firm.language')}
            description={t('settings.firm.languageText')}
            data={[
              { value: 'nl', label: 'Nederlands' },
              { value: 'en', label: 'English' },
            ]}
            {...field(`${at}language`)}
          />
        </Fields>
      </FormPart>
    </>
  )
}
