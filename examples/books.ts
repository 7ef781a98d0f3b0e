import type { Known } from '@uurwerk/connectors/contract/contract.ts'
import type { Row, VatCodeRow } from '@uurwerk/connectors/contract/rows.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { SalesMapping } from '../server/src/postings/sales-entry-document.ts'
import type { ExampleCustomer } from './worked-case.ts'

/** The digits of an id are the code, so that the request can be read. */
const guid = (code: string) => `00000000-0000-4000-8000-${code.padStart(12, '0')}`

const accounts = {
  '8010': 'Omzet ontwikkeling',
  '8011': 'Omzet laag tarief',
  '8020': 'Omzet advies',
  '8080': 'Omzet vrijgesteld en nultarief',
  '8110': 'Omzet verlegd binnenland',
  '8310': 'Omzet diensten binnen EU',
  '8410': 'Omzet diensten buiten EU',
  '1450': 'Doorlopende posten',
} as const

const vatCode = (code: string, name: string, of: Partial<VatCodeRow>): VatCodeRow => ({
  id: code,
  code,
  name,
  percentage: '0',
  kind: 'excluding',
  side: 'sales',
  reverseCharge: false,
  ...of,
})

const lists: { readonly [N in keyof Row]?: readonly Row[N][] } = {
  ledgerAccounts: Object.entries(accounts).map(([code, name]) => ({
    id: guid(code),
    code,
    name,
    kind: code === '1450' ? ('balance' as const) : ('revenue' as const),
    costCentre: 'optional',
    costUnit: 'optional',
  })),
  vatCodes: [
    vatCode('0', 'Geen btw', { kind: 'none', side: 'both' }),
    vatCode('1', 'Btw laag tarief 9%, exclusief', { percentage: '9' }),
    vatCode('2', 'Btw hoog tarief 21%, exclusief', { percentage: '21' }),
    vatCode('6', 'Diensten buiten de EU', { kind: 'base-only' }),
    vatCode('7', 'Diensten binnen de EU, verlegd', {
      kind: 'base-only',
      reverseCharge: true,
      euListing: 'services',
    }),
    vatCode('8', 'Binnenland, btw verlegd', { kind: 'base-only', reverseCharge: true }),
  ],
  journals: [{ id: '70', code: '70', name: 'Verkoopboek', kind: 'sales', currency: 'EUR', allowsOtherCurrency: true }],
  paymentTerms: [
    { id: '14', code: '14', name: '14 dagen', days: 14, endOfMonths: 0 },
    { id: '30', code: '30', name: '30 dagen', days: 30, endOfMonths: 0 },
  ],
}

/** What the office chose in Settings > Exact Online: item × VAT case → ledger account and VAT code. */
const rules: readonly (readonly [VatTreatment, account: keyof typeof accounts, vatCode: string])[] = [
  ['domestic-standard', '8010', '2'],
  ['domestic-reduced', '8011', '1'],
  ['domestic-zero', '8080', '0'],
  ['domestic-exempt', '8080', '0'],
  ['eu-business', '8310', '7'],
  ['eu-consumer-standard', '8010', '2'],
  ['outside-eu', '8410', '6'],
  ['domestic-reverse-charge', '8110', '8'],
  ['disbursement', '1450', '0'],
]

/** Consultancy has an item and a revenue account of its own; all other work is the default item. */
const itemsOfActivities = { Advies: 'UREN-ADV', Consultancy: 'UREN-ADV' } as const

/** One administration of Exact Online, in Dutch. */
export const books = {
  division: '1234567',
  language: 'nl',
  mapping: (customer: ExampleCustomer): SalesMapping => ({
    items: { default: 'UREN', activities: itemsOfActivities },
    rules: rules.flatMap(([vatTreatment, account, code]) => [
      { item: 'UREN', vatTreatment, ledgerAccount: guid(account), vatCode: code },
      {
        item: 'UREN-ADV',
        vatTreatment,
        ledgerAccount: guid(account === '8010' ? '8020' : account),
        vatCode: code,
      },
    ]),
    journal: '70',
    paymentTerm: customer.paymentTerm.endOfMonth ? null : String(customer.paymentTerm.days),
    language: 'nl',
    missing: [],
  }),
} as const

/** What is known of these books: its lists as last read, and this customer under our own number. */
export function chartFor(customer: ExampleCustomer): Known {
  const id = guid(customer.number ?? '')
  const own: Row['customers'] = {
    id,
    code: customer.number ?? '',
    name: customer.name,
    address: {},
    isCustomer: true,
    isBlocked: false,
    isEnded: false,
  }
  const all: typeof lists = { ...lists, customers: [own] }
  const rows = <N extends keyof Row>(noun: N) => (all[noun] ?? []) as readonly Row[N][]
  return {
    id: (noun, ours) => (noun === 'customer' && ours === customer.id ? id : undefined),
    row: (noun, theirs) => rows(noun).find((row) => row.id === theirs),
    rows,
  }
}
