import { rowsOf, type World } from '../../contract/simulator.ts'
import { escapeXml } from './answers.ts'
import type { ActName } from './by-hand.ts'
import { type PageWords, pageWords } from './page-words.ts'
import { stateOf, usersOf } from './world-state.ts'

type FieldName = keyof PageWords['fields']
type Group = keyof PageWords['groups']
/** A field to type in, or to choose one of. */
type Asked = FieldName | { readonly name: FieldName; readonly choices: readonly (readonly [string, string])[] }

const button = (say: PageWords, act: ActName) =>
  `<button name="act" value="${act}">${escapeXml(say.buttons[act])}</button>`

function field(say: PageWords, asked: Asked): string {
  const name = typeof asked === 'string' ? asked : asked.name
  const type = name === 'date' ? ' type="date"' : name === 'year' || name === 'number' ? ' inputmode="numeric"' : ''
  const control =
    typeof asked === 'string'
      ? `<input name="${name}"${type} autocomplete="off">`
      : `<select name="${name}">${asked.choices.map(([value, words]) => `<option value="${escapeXml(value)}">${escapeXml(words)}</option>`).join('')}</select>`
  return `<label>${escapeXml(say.fields[name])}${control}</label>`
}

/** One form with fields and a button for each act. */
const form = (say: PageWords, asked: readonly Asked[], buttons: readonly ActName[], of = ''): string =>
  `<form method="post"${of && ' class="row"'}>${of && `<input type="hidden" name="of" value="${escapeXml(of)}">`}${asked.map((one) => field(say, one)).join('')}${buttons.map((act) => button(say, act)).join('')}</form>`

/** What a person can do with one entry: folded away, so that the page stays a page of books. */
export const entryActs = (say: PageWords, entry: string): string =>
  `<details><summary>${say.acts}</summary>${[
    form(say, ['date'], ['pay'], entry),
    form(say, ['amount'], ['pay-part'], entry),
    form(say, [], ['unmatch', 'write-off'], entry),
    form(say, ['reference', 'date'], ['change-entry'], entry),
    form(say, [], ['delete-entry'], entry),
  ].join('')}</details>`

export const invoiceActs = (say: PageWords, invoice: string): string =>
  `<details><summary>${say.acts}</summary>${form(say, ['date'], ['print'], invoice)}${form(say, [], ['discard'], invoice)}</details>`

/** Paths that a right is taken away by. */
const paths = [
  'crm/accounts',
  'logistics/items',
  'salesentry/',
  'salesinvoice/',
  'documents/',
  'cashflow/',
  'generaljournalentry/',
  'financial/',
  'vat/',
] as const

const reasons = [
  '',
  'BlockedUser',
  'InactiveUser',
  'BlockedCustomer',
  'LicenseExpired',
  'DivisionBlocked',
  'NoDivisionAccess',
]

/** Everything else that a person does at the screens of Exact. */
export function handForms(world: World): string {
  const say = pageWords[stateOf(world).language]
  const user = {
    name: 'user',
    choices: usersOf(world).map((row) => [String(row.Email), String(row.FullName)] as const),
  } as const
  const path = { name: 'path', choices: paths.map((start) => [start, start] as const) } as const
  const reason = { name: 'reason', choices: reasons.map((name) => [name, name || '–'] as const) } as const
  const divisions = rowsOf(world, 'Divisions').map((row) => [String(row.Code), String(row.Description)] as const)
  const clients = Object.keys(stateOf(world).apps).map((client) => [client, client] as const)
  const groups: readonly [Group, string][] = [
    ['entry', form(say, ['customer', 'reference', 'date', 'number', 'amount', 'vat'], ['type-entry'])],
    ['receipt', form(say, ['customer', 'amount', 'date'], ['receive'])],
    ['account', form(say, ['of'], ['prospect', 'customer', 'block-account', 'delete-account'])],
    ['address', form(say, ['of', 'line', 'postcode', 'city'], ['invoice-address'])],
    ['item', form(say, ['of'], ['block-item', 'end-item', 'sell-item', 'delete-item'])],
    ['period', form(say, ['month'], ['close-period', 'reopen-period'])],
    ['year', form(say, ['year'], ['close-year', 'reopen-year', 'remove-year', 'add-year'])],
    ['right', form(say, [user, path, reason], ['empty-lists', 'refuse', 'allow'])],
    ['user', form(say, [user], ['user-out', 'user-in', 'speak-nl', 'speak-en', 'withdraw-access'])],
    ['division', form(say, [{ name: 'division', choices: divisions }], ['open-division', 'move-division'])],
    ['settings', form(say, [], ['numeric-codes', 'number-at-entry', 'default-condition', 'mandatory-filters'])],
    ...(clients.length > 0
      ? [['webhook', form(say, [{ name: 'client', choices: clients }, 'secret'], ['webhook-secret'])] as const]
      : []),
  ] as const as readonly [Group, string][]
  const body = groups.map(([name, content]) => `<section><h3>${escapeXml(say.groups[name])}</h3>${content}</section>`)
  return `<div class="sheet hands">${body.join('')}</div>`
}
