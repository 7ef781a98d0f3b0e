import { parseDecimal, toCents } from '@uurwerk/core/shared/money.ts'
import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import type { SimulatorRow, World } from '../../contract/simulator.ts'
import {
  addFinancialYear,
  administrationSetting,
  changeEntry,
  clickDivision,
  closePeriod,
  closeYear,
  type Desk,
  discardInvoice,
  editDivision,
  editRow,
  endItem,
  giveRight,
  makeProspect,
  moveDivision,
  NotThere,
  payEntry,
  printInvoice,
  receiveMoney,
  removeAccount,
  removeEntry,
  removeFinancialYear,
  removeItem,
  reopenPeriod,
  reopenYear,
  setInvoiceAddress,
  setUserActive,
  setUserLanguage,
  takeRight,
  typeEntryByHand,
  unmatchEntry,
  withdrawAccess,
  writeEntryOff,
} from './bookkeeper.ts'
import { type PageWords, pageWords } from './page-words.ts'
import { serverToday } from './server-time.ts'
import { setWebhookSecret } from './webhooks.ts'
import { stateOf } from './world-state.ts'

/** What a form on the page of the books sends, by field. */
export type Typed = (name: string) => string

const wrongAmount = { nl: 'Dit is geen bedrag: {0}', en: 'This is no amount: {0}' } as const
const missing = { nl: 'Vul eerst in: {0}', en: 'Fill in first: {0}' } as const
const notFound = { nl: 'Niet gevonden: {0}', en: 'Not found: {0}' } as const

/** `1.512,50` and `1,512.50` are both an amount to a person; two decimals. */
function amountOf({ world }: Desk, typed: string): string {
  const plain = /,\d{1,2}$/.test(typed) ? typed.replaceAll('.', '').replace(',', '.') : typed.replaceAll(',', '')
  const amount = parseDecimal(plain.trim())
  if (amount === null) throw new TypeError(wrongAmount[stateOf(world).language].replace('{0}', typed))
  return toCents(amount)
}

const given = (name: string, value: string): SimulatorRow => (value === '' ? {} : { [name]: value })

type Act = (desk: Desk, typed: Typed) => unknown

const account =
  (change: SimulatorRow): Act =>
  (desk, typed) =>
    editRow(desk, 'Accounts', typed('of'), change)

/** Turns a setting of the administration from its second value to its first, or back. */
const toggle =
  (setting: string, [on, off]: readonly [unknown, unknown]): Act =>
  (desk) =>
    editDivision(desk, { [setting]: administrationSetting(desk, setting) === on ? off : on })

/** Everything that a person can do on the page, by the value of its button. */
export const acts = {
  pay: (desk, typed) => payEntry(desk, typed('of'), given('date', typed('date'))),
  'pay-part': (desk, typed) =>
    payEntry(desk, typed('of'), { amount: amountOf(desk, typed('amount')), ...given('date', typed('date')) }),
  unmatch: (desk, typed) => unmatchEntry(desk, typed('of')),
  'write-off': (desk, typed) => writeEntryOff(desk, typed('of')),
  'change-entry': (desk, typed) =>
    changeEntry(desk, typed('of'), { ...given('YourRef', typed('reference')), ...given('EntryDate', typed('date')) }),
  'delete-entry': (desk, typed) => removeEntry(desk, typed('of')),
  print: (desk, typed) => printInvoice(desk, typed('of'), typed('date') || undefined),
  discard: (desk, typed) => discardInvoice(desk, typed('of')),
  'type-entry': (desk, typed) =>
    typeEntryByHand(desk, {
      customer: typed('customer'),
      reference: typed('reference'),
      date: typed('date') || serverToday(desk.clock.now()),
      ...(typed('number') && { number: Number(typed('number')) }),
      lines: [{ ledgerAccount: '8010', net: amountOf(desk, typed('amount')), vatCode: typed('vat') || '2' }],
    }),
  receive: (desk, typed) =>
    receiveMoney(desk, typed('customer'), {
      amount: amountOf(desk, typed('amount')),
      date: typed('date') || serverToday(desk.clock.now()),
    }),
  prospect: (desk, typed) => makeProspect(desk, typed('of')),
  customer: account({ Status: 'C', Blocked: false, EndDate: null }),
  'block-account': account({ Blocked: true }),
  'delete-account': (desk, typed) => removeAccount(desk, typed('of')),
  'invoice-address': (desk, typed) =>
    setInvoiceAddress(desk, typed('of'), {
      AddressLine1: typed('line'),
      Postcode: typed('postcode'),
      City: typed('city'),
      Country: 'NL',
    }),
  'block-item': (desk, typed) => editRow(desk, 'Items', typed('of'), { IsSalesItem: false }),
  'end-item': (desk, typed) => endItem(desk, typed('of')),
  'sell-item': (desk, typed) => editRow(desk, 'Items', typed('of'), { IsSalesItem: true, EndDate: null }),
  'delete-item': (desk, typed) => removeItem(desk, typed('of')),
  'close-period': ({ world }, typed) => closePeriod(world, { month: typed('month') }),
  'reopen-period': ({ world }, typed) => reopenPeriod(world, { month: typed('month') }),
  'close-year': ({ world }, typed) => closeYear(world, Number(typed('year'))),
  'reopen-year': ({ world }, typed) => reopenYear(world, Number(typed('year'))),
  'remove-year': (desk, typed) => removeFinancialYear(desk, Number(typed('year'))),
  'add-year': (desk, typed) => addFinancialYear(desk, Number(typed('year'))),
  'empty-lists': (desk, typed) => takeRight(desk, typed('user'), { path: typed('path'), as: 'empty' }),
  refuse: (desk, typed) =>
    takeRight(desk, typed('user'), { path: typed('path'), as: 'refused', ...given('reason', typed('reason')) }),
  allow: (desk, typed) => giveRight(desk, typed('user'), typed('path')),
  'user-out': (desk, typed) => setUserActive(desk, typed('user'), false),
  'user-in': (desk, typed) => setUserActive(desk, typed('user'), true),
  'speak-nl': (desk, typed) => setUserLanguage(desk, typed('user'), 'nl'),
  'speak-en': (desk, typed) => setUserLanguage(desk, typed('user'), 'en'),
  'withdraw-access': ({ world }) => withdrawAccess(world),
  'open-division': (desk, typed) => clickDivision(desk, Number(typed('division'))),
  'move-division': (desk) => moveDivision(desk),
  'numeric-codes': toggle('numericAccountCodes', [true, false]),
  'number-at-entry': toggle('numberInvoicesAtEntry', [true, false]),
  'default-condition': toggle('defaultPaymentCondition', [null, '00']),
  'mandatory-filters': toggle('mandatoryFilters', [true, false]),
  'webhook-secret': ({ world }, typed) => setWebhookSecret(world, typed('client'), typed('secret')),
} as const satisfies Record<string, Act>

export type ActName = keyof typeof acts

/** Fields that an act cannot do without. */
const needed: Partial<Record<ActName, readonly (keyof PageWords['fields'])[]>> = {
  'pay-part': ['amount'],
  'type-entry': ['customer', 'reference', 'amount'],
  receive: ['customer', 'amount'],
  'invoice-address': ['line', 'city'],
  'close-period': ['month'],
  'reopen-period': ['month'],
  'webhook-secret': ['client', 'secret'],
}

const isAct = (name: string): name is ActName => name in acts

/** Carries out what a form of the page asks; the complaint of the books, when they refuse. */
export function byHand(form: URLSearchParams, world: World, clock: Clock, random: Random): string | undefined {
  const name = form.get('act') ?? ''
  const typed: Typed = (field) => (form.get(field) ?? '').trim()
  if (!isAct(name)) return `no such act: ${name}`
  const { language } = stateOf(world)
  const left = (needed[name] ?? []).filter((field) => typed(field) === '')
  if (left.length > 0)
    return missing[language].replace('{0}', left.map((field) => pageWords[language].fields[field]).join(', '))
  try {
    acts[name]({ world, clock, random }, typed)
    return undefined
  } catch (error) {
    // The rules of the books complain in words meant for people; so does a row that is not there.
    const absent = error instanceof NotThere ? error.what : undefined
    if (absent !== undefined) return notFound[language].replace('{0}', absent)
    if (error instanceof TypeError) return error.message
    throw error
  }
}
