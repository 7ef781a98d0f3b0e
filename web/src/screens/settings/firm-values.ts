import { type AddressValues, toAddressBody, toAddressValues } from '../../parts/place-fields.tsx'
import type { Language } from '../../words/languages.ts'

export interface FirmValues extends Record<string, unknown> {
  name: string
  address: AddressValues
  country: string
  vatId: string
  kvk: string
  iban: string
  email: string
  phone: string
  website: string
  currency: string
  timeZone: string
  language: Language
}

interface GivenFirm {
  readonly name: string
  readonly address: Parameters<typeof toAddressValues>[0]
  readonly country: string
  readonly vatId?: string | null
  readonly kvk?: string | null
  readonly iban?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly website?: string | null
  readonly currency: string
  readonly timeZone: string
  readonly language: Language
}

export const toFirmValues = (firm: GivenFirm): FirmValues => ({
  name: firm.name,
  address: toAddressValues(firm.address),
  country: firm.country,
  vatId: firm.vatId ?? '',
  kvk: firm.kvk ?? '',
  iban: firm.iban ?? '',
  email: firm.email ?? '',
  phone: firm.phone ?? '',
  website: firm.website ?? '',
  currency: firm.currency,
  timeZone: firm.timeZone,
  language: firm.language,
})

const orNull = (text: string) => text.trim() || null

export const toFirmBody = (values: FirmValues) => ({
  name: values.name.trim(),
  address: toAddressBody(values.address),
  country: values.country,
  vatId: orNull(values.vatId),
  kvk: orNull(values.kvk),
  iban: orNull(values.iban),
  email: orNull(values.email),
  phone: orNull(values.phone),
  website: orNull(values.website),
  currency: values.currency,
  timeZone: values.timeZone,
  language: values.language,
})
