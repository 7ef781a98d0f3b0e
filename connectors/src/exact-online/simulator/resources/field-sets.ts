import type { Words } from '../messages.ts'
import { type Field, type FieldType, field, fields, look, type View } from '../resource.ts'
import { rowsIn } from '../world-state.ts'

const country = (value: unknown, view: View) =>
  typeof value === 'string' && value !== ''
    ? new Intl.DisplayNames([view.language], { type: 'region' }).of(value)
    : null

/** R-padding */
export const accountCode = { width: 18, side: 'start' } as const
export const three = { width: 3, side: 'end' } as const
export const unit = { width: 8, side: 'end' } as const

/**
 * A description in the language of the header `CustomDescriptionLanguage` (FinancialGLAccounts), where the row has it in
 * both and nobody changed it since.
 */
export const translated: NonNullable<Field['from']> = ({ Description, words }, { descriptions }) =>
  descriptions && Array.isArray(words) && words.includes(Description)
    ? words[descriptions === 'nl' ? 0 : 1]
    : Description

/** The words of a number: `described(statuses, 'Status')`. */
export const described = (table: Record<number, Words>, by: string): Pick<Field, 'from'> => ({
  from: (row, { language }) => table[Number(row[by])]?.[language === 'nl' ? 0 : 1] ?? null,
})

/** Of entries and invoices. */
export const statuses = { 5: ['Afgekeurd', 'Rejected'], 20: ['Open', 'Open'], 50: ['Verwerkt', 'Processed'] } as const

export const countryName = (name: string, of: string): Field =>
  field(name, 'string', 'R', { from: (row, view) => country(row[of], view) })

/** A field of the row that another field points to by its guid. */
export const via = (name: string, table: string, by: string, of: string, extra: Pick<Field, 'pad'> = {}): Field =>
  field(name, 'string', 'R', { ...extra, from: (row, view) => look(view, table, row[by], of) })

/** The same for what is no text. */
export const viaOf = (type: FieldType, name: string, table: string, by: string, of: string): Field =>
  field(name, type, 'R', { from: (row, view) => look(view, table, row[by], of) })

/** A field of the row that another field points to by its code. */
export const viaCode = (name: string, table: string, by: string, of: string): Field =>
  field(name, 'string', 'R', {
    from: (row, view) => rowsIn(view, table).find((other) => row[by] && other.Code === row[by])?.[of] ?? null,
  })

/** `GLRevenue`, `GLRevenueCode`, `GLRevenueDescription`. */
export const ledgerAccount = (name: string, verbs: Field['verbs'] = 'R'): Field[] => [
  field(name, 'guid', verbs),
  via(`${name}Code`, 'GLAccounts', name, 'Code'),
  via(`${name}Description`, 'GLAccounts', name, 'Description'),
]

export const stamps: readonly Field[] = [
  field('Created', 'instant'),
  ...fields('guid', 'R', 'Creator'),
  field('CreatorFullName', 'string'),
  field('Division', 'int32'),
  field('Modified', 'instant'),
  ...fields('guid', 'R', 'Modifier'),
  field('ModifierFullName', 'string'),
]

/** The picture that stands in for one nobody gave (recorded, with its two slashes). */
export const placeholder = (name: string, of: keyof typeof pictures): Field =>
  field(name, 'string', 'R', { from: (_, { site }) => `${site}//docs/images/${pictures[of]}.png` })

const pictures = {
  account: 'placeholder_account_myeol',
  contact: 'placeholder_contact_myeol',
  item: 'placeholder_item',
} as const

/** A link to a screen of the country's own site, with the stamp of its server: `…&_Division_=124132&Stamp=FR001` (recorded). */
export const siteLink = (page: string, id: unknown, { site, division }: View): string => {
  const country = /start\.exactonline\.(?:co\.)?([a-z]+)/.exec(site)?.[1] ?? 'nl'
  return `${site}/docs/${page}.aspx?ID=${id}&_Division_=${division}&Stamp=${country.toUpperCase()}001`
}

/** `Euro` for `EUR`. */
export const currencyName = (name: string, of: string): Field =>
  field(name, 'string', 'R', {
    from: (row, view) =>
      row[of] ? new Intl.DisplayNames([view.language], { type: 'currency' }).of(String(row[of])) : null,
  })

export const rowVersion: Field = field('Timestamp', 'int64')
