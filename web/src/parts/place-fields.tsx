import { useMemo } from 'react'
import { useFormat } from '../format.ts'
import { useT } from '../words/words.tsx'
import { Fields } from './Form.tsx'
import { TextField } from './fields.tsx'
import type { Option } from './find-options.ts'
import { Picker, type PickerLook } from './Picker.tsx'
import type { FieldProps } from './use-api-form.ts'

// ISO 3166-1 alpha-2; a browser knows their names, not which there are.
const countryCodes =
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'.split(
    ' ',
  )
const nearby = ['NL', 'BE', 'DE', 'FR', 'LU', 'GB']
const usual = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN']

/** A country; those around the corner first. `only` leaves the others out. */
export function CountryField({ only, ...props }: PickerLook & { readonly only?: readonly string[] }) {
  const { country, locale } = useFormat()
  const options = useMemo((): readonly Option[] => {
    const named = (codes: readonly string[]) =>
      codes
        .filter((code) => !only || only.includes(code))
        .map((value) => ({ value, label: country(value), hint: value }))
    const others = named(countryCodes.filter((code) => !nearby.includes(code)))
    return [...named(nearby), ...others.toSorted((a, b) => a.label.localeCompare(b.label, locale))]
  }, [country, locale, only])
  return <Picker {...props} options={options} />
}

export function CurrencyField(props: PickerLook) {
  const { locale } = useFormat()
  const options = useMemo((): readonly Option[] => {
    const names = new Intl.DisplayNames(locale, { type: 'currency' })
    const codes = [...usual, ...Intl.supportedValuesOf('currency').filter((code) => !usual.includes(code))]
    return codes.map((value) => ({ value, code: value, label: names.of(value) ?? value }))
  }, [locale])
  return <Picker {...props} options={options} />
}

export function TimeZoneField(props: PickerLook) {
  const options = useMemo(
    (): readonly Option[] =>
      [...new Set([...Intl.supportedValuesOf('timeZone'), String(props.value ?? 'Europe/Amsterdam')])].map((value) => ({
        value,
        label: value.replaceAll('_', ' '),
      })),
    [props.value],
  )
  return <Picker {...props} options={options} />
}

/** The lines of an address; `at` is its path in the form. */
export function AddressFields({
  at,
  field,
  withCountry,
}: {
  at: string
  field: (path: string) => FieldProps & { readOnly?: boolean }
  withCountry?: boolean
}) {
  const t = useT()
  return (
    <Fields>
      <TextField label={t('parts.address.line1')} autoComplete="address-line1" {...field(`${at}.line1`)} />
      <TextField label={t('parts.address.line2')} autoComplete="address-line2" {...field(`${at}.line2`)} />
      <TextField label={t('parts.address.postcode')} autoComplete="postal-code" {...field(`${at}.postcode`)} />
      <TextField label={t('parts.address.city')} autoComplete="address-level2" {...field(`${at}.city`)} />
      {withCountry ? <CountryField label={t('parts.address.country')} clearable {...field(`${at}.country`)} /> : null}
    </Fields>
  )
}

export interface AddressValues extends Record<string, unknown> {
  line1: string
  line2: string
  postcode: string
  city: string
  country: string | null
}

type GivenAddress = { readonly [K in keyof AddressValues]?: string | null | undefined }

export const toAddressValues = (address: GivenAddress | null | undefined): AddressValues => ({
  line1: String(address?.line1 ?? ''),
  line2: String(address?.line2 ?? ''),
  postcode: String(address?.postcode ?? ''),
  city: String(address?.city ?? ''),
  country: address?.country ? String(address.country) : null,
})

export const toAddressBody = ({ line1, line2, postcode, city, country }: AddressValues) => ({
  line1: line1.trim() || null,
  line2: line2.trim() || null,
  postcode: postcode.trim() || null,
  city: city.trim() || null,
  country,
})
