import type { Ids } from '@uurwerk/core/shared/ports.ts'
import type { Language } from '../http/call.ts'
import type { Trx } from '../store/database.ts'

interface Proposal {
  readonly name: Readonly<Record<Language, string>>
  /** Of the input VAT; all of it when left out. */
  readonly deductiblePercent?: string
  readonly disbursement?: true
  /** To the customer, on a project that is invoiced. */
  readonly billable: boolean
}

export const defaultCategories = {
  travel: { name: { nl: 'Reiskosten (ov, parkeren)', en: 'Travel (public transport, parking)' }, billable: true },
  stay: { name: { nl: 'Overnachting', en: 'Accommodation' }, billable: true },
  // Article 15(5) of the Dutch VAT act: the VAT on food and drink in a restaurant never comes back.
  meals: { name: { nl: 'Eten en drinken', en: 'Food and drink' }, deductiblePercent: '0', billable: false },
  software: { name: { nl: 'Software en abonnementen', en: 'Software and subscriptions' }, billable: false },
  office: { name: { nl: 'Kantoorartikelen', en: 'Office supplies' }, billable: false },
  fees: {
    name: { nl: 'Doorlopende post (leges, griffierecht)', en: 'Disbursement (court and register fees)' },
    deductiblePercent: '0',
    disbursement: true,
    billable: true,
  },
  other: { name: { nl: 'Overig', en: 'Other' }, billable: false },
} as const satisfies Readonly<Record<string, Proposal>>

/** What a new firm begins with. */
export async function createDefaultCategories(
  trx: Trx,
  firmId: string,
  { ids, now, language }: { readonly ids: Ids; readonly now: Date; readonly language: Language },
): Promise<void> {
  const rows = Object.values(defaultCategories).map(({ name, billable, ...more }: Proposal) => ({
    firmId,
    id: ids.next(),
    name: name[language],
    billable,
    deductiblePercent: more.deductiblePercent ?? '100',
    disbursement: more.disbursement ?? false,
    createdAt: now,
    updatedAt: now,
  }))
  await trx.insertInto('expenseCategory').values(rows).execute()
}
