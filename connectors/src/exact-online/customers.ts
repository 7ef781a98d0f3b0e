import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Page, Posts, Reads, Receipt, Wire } from '../contract/contract.ts'
import type { NewCustomer } from '../contract/documents.ts'
import type { CustomerRow, TheirAddress } from '../contract/rows.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { allOf, anyOf, literal } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import { findEach, ifAnswered, onePerRequest, packOne, sendOne } from './posting.ts'
import { listOfIds } from './reading-again.ts'
import { mustBeShown } from './rights.ts'
import { deletedType, type Sync, startSync } from './sync.ts'
import { account, accountAddress, accountAddressVersion, accountMade, accountVersion } from './wire.ts'

const resource = 'crm/Accounts'

type Account = z.output<typeof account>
type Address = z.output<typeof accountAddress>
type Made = z.output<typeof accountMade>

// From Exact Online

/** Visit 1, postal 2, invoice 3, delivery 4 (Exact REST reference, Addresses). */
const invoiceAddressType = 3

function fromExactAddress(
  found: Pick<Address, 'AddressLine1' | 'AddressLine2' | 'Postcode' | 'City' | 'Country'>,
): TheirAddress {
  return {
    ...(found.AddressLine1 && { line1: found.AddressLine1 }),
    ...(found.AddressLine2 && { line2: found.AddressLine2 }),
    ...(found.Postcode && { postcode: found.Postcode }),
    ...(found.City && { city: found.City }),
    ...(found.Country && { country: found.Country }),
  }
}

export function fromExactAccount(found: Account, today: CalendarDate, invoiceAddress?: TheirAddress): CustomerRow {
  return {
    id: found.ID,
    code: found.Code ?? '',
    name: found.Name ?? '',
    address: fromExactAddress(found),
    ...(invoiceAddress && { invoiceAddress }),
    ...(found.Country && { country: found.Country }),
    ...(found.Phone && { phone: found.Phone }),
    ...(found.Email && { email: found.Email }),
    ...(found.Website && { website: found.Website }),
    ...(found.VATNumber && { vatId: found.VATNumber }),
    ...(found.ChamberOfCommerce && { kvk: found.ChamberOfCommerce }),
    ...(found.PaymentConditionSales && { paymentTerm: found.PaymentConditionSales }),
    ...(found.SalesVATCode && { vatCode: found.SalesVATCode }),
    ...(found.SalesCurrency && { currency: found.SalesCurrency }),
    ...(found.Language && { language: found.Language.toLowerCase() }),
    ...(found.InvoiceAccount && found.InvoiceAccount !== found.ID && { billTo: found.InvoiceAccount }),
    isCustomer: isCustomer(found),
    isBlocked: found.Blocked,
    isEnded: found.EndDate !== undefined && found.EndDate < today,
  }
}

/** Status C is a customer; P, S and A are not. Type D is another division of the same licence. */
const isCustomer = ({ Status, Type }: Pick<Account, 'Status' | 'Type'>): boolean => Status === 'C' && isRelation(Type)
const isRelation = (type: string | undefined): boolean => type === undefined || type === 'A'

/** The invoice address of each account, the main one before the others. */
export function invoiceAddresses(found: readonly Address[]): ReadonlyMap<string, TheirAddress> {
  const chosen = new Map<string, Address>()
  for (const address of found) {
    if (address.Type !== invoiceAddressType || address.Account === undefined) continue
    if (address.Main || !chosen.has(address.Account)) chosen.set(address.Account, address)
  }
  return new Map([...chosen].map(([id, address]) => [id, fromExactAddress(address)]))
}

/** More changes than this are read faster by reading everything. */
const mostChanges = 400

export function customerReads(calls: ExactCalls): Reads<CustomerRow> {
  return {
    async *changes(since) {
      const sync = await startSync(calls, since)
      if (sync === 'reset') {
        yield 'reset'
        return
      }
      const addresses: Address[] = []
      for await (const page of sync.read('CRM/Addresses', accountAddressVersion)) addresses.push(...page.rows)
      if (sync.isFull) {
        yield* everyCustomer(calls, sync, addresses)
        return
      }
      yield await changedCustomers(calls, sync, addresses)
    },
  }
}

/** Two lists to their ends, and not a call for each customer. */
async function* everyCustomer(
  calls: ExactCalls,
  sync: Sync,
  addresses: readonly Address[],
): AsyncIterable<Page<CustomerRow>> {
  const invoiceAddress = invoiceAddresses(addresses)
  sync.keepOwners(ownersOf(new Map(), addresses, []))
  for await (const page of sync.read('CRM/Accounts', accountVersion)) {
    const customers = page.rows.filter(isCustomer)
    for (const { EndDate } of customers) sync.turns(EndDate && addDays(EndDate, 1))
    const rows = customers.map((found) => fromExactAccount(found, calls.today(), invoiceAddress.get(found.ID)))
    yield page.last ? { rows, gone: [], mark: sync.mark() } : { rows, gone: [] }
  }
}

/** Accounts that changed, and those of which only an invoice address did. */
async function changedCustomers(
  calls: ExactCalls,
  sync: Sync,
  addresses: readonly Address[],
): Promise<Page<CustomerRow> | 'reset'> {
  const gone = await sync.gone()
  const changed = new Map<string, Account>()
  for await (const page of sync.read('CRM/Accounts', accountVersion))
    for (const row of page.rows) changed.set(row.ID, row)
  const goneAccounts = new Set(gone(deletedType.accounts))
  const goneAddresses = gone(deletedType.addresses)
  const before = sync.owners
  const owners = before && ownersOf(before, addresses, goneAddresses)
  if (owners) sync.keepOwners(owners)
  const touched = [
    ...addresses.flatMap(({ ID, Type, Account }) =>
      Type === invoiceAddressType && Account ? [Account] : (before?.get(ID) ?? []),
    ),
    ...goneAddresses.flatMap((id) => before?.get(id) ?? []),
  ]
  const others = [...new Set(touched)].filter((id) => !changed.has(id) && !goneAccounts.has(id))
  if (changed.size + others.length > mostChanges) return 'reset'
  for (const found of await listOfIds(calls, resource, account, 'ID', others)) changed.set(found.ID, found)
  // Who is a customer no longer is told too, so that it is not offered any more.
  const accounts = [...changed.values()].filter(({ Type }) => isRelation(Type))
  for (const { EndDate } of accounts) sync.turns(EndDate && addDays(EndDate, 1))
  const withOne = owners && new Set(owners.values())
  const asked = accounts.filter((found) => isCustomer(found) && (withOne?.has(found.ID) ?? true)).map(({ ID }) => ID)
  const invoiceAddress = invoiceAddresses(
    await listOfIds(calls, 'crm/Addresses', accountAddress, 'Account', asked, [`Type eq ${invoiceAddressType}`]),
  )
  const rows = accounts.map((found) => fromExactAccount(found, calls.today(), invoiceAddress.get(found.ID)))
  return { rows, gone: [...goneAccounts], mark: sync.mark() }
}

/** Account by invoice address, since the log of deletions names an address by its own id only. */
function ownersOf(
  before: ReadonlyMap<string, string>,
  changed: readonly Address[],
  gone: readonly string[],
): ReadonlyMap<string, string> {
  const owners = new Map(before)
  for (const { ID, Type, Account } of changed)
    if (Type === invoiceAddressType && Account !== undefined) owners.set(ID, Account)
    else owners.delete(ID)
  for (const id of gone) owners.delete(id)
  return owners
}

// To Exact Online

interface ExactAccount {
  readonly Name: string
  /** C: without it the account would be no customer, and no entry could be made for it. */
  readonly Status: 'C'
  readonly Code?: string
  readonly AddressLine1?: string
  readonly AddressLine2?: string
  readonly Postcode?: string
  readonly City?: string
  readonly Country: string
  readonly Phone?: string
  readonly Email?: string
  readonly Website?: string
  readonly VATNumber?: string
  readonly ChamberOfCommerce?: string
  readonly PaymentConditionSales?: string
}

const filled = <K extends string>(name: K, value: string | undefined) =>
  (value?.trim() ? { [name]: value.trim() } : {}) as { [N in K]?: string }

export function toExactAccount(customer: NewCustomer): ExactAccount {
  return {
    Name: customer.name.trim(),
    Status: 'C',
    ...filled('Code', customer.number),
    ...filled('AddressLine1', customer.address.line1),
    ...filled('AddressLine2', customer.address.line2),
    ...filled('Postcode', customer.address.postcode),
    ...filled('City', customer.address.city),
    Country: customer.address.country ?? customer.country,
    ...filled('Phone', shortPhone(customer.phone)),
    ...filled('Email', customer.email),
    ...filled('Website', customer.website),
    ...filled('VATNumber', bare(customer.vatId)),
    ...filled('ChamberOfCommerce', customer.kvk),
    ...filled('PaymentConditionSales', customer.paymentTerm),
  }
}

/** The strictest length found per field (client schemas; Exact Online publishes none), and what the field is called. */
const fields = {
  Name: { most: 50, pointer: '/name', en: 'The name', nl: 'De naam' },
  Code: { most: 18, pointer: '/number', en: 'The customer number', nl: 'Het debiteurnummer' },
  AddressLine1: { most: 60, pointer: '/address/line1', en: 'The first address line', nl: 'De eerste adresregel' },
  AddressLine2: { most: 60, pointer: '/address/line2', en: 'The second address line', nl: 'De tweede adresregel' },
  Postcode: { most: 20, pointer: '/address/postcode', en: 'The postcode', nl: 'De postcode' },
  City: { most: 30, pointer: '/address/city', en: 'The city', nl: 'De plaats' },
  Phone: { most: 17, pointer: '/phone', en: 'The phone number', nl: 'Het telefoonnummer' },
  Email: { most: 100, pointer: '/email', en: 'The e-mail address', nl: 'Het e-mailadres' },
  VATNumber: { most: 20, pointer: '/vatId', en: 'The VAT id', nl: 'Het btw-nummer' },
  ChamberOfCommerce: { most: 40, pointer: '/kvk', en: 'The KvK number', nl: 'Het KvK-nummer' },
} as const satisfies Partial<Record<keyof ExactAccount, { most: number; pointer: string; en: string; nl: string }>>

type Measured = keyof typeof fields

/** A name or number that is too long is said, never cut: it is how a customer is known. */
const accountProblems = (body: ExactAccount): readonly Problem[] =>
  (Object.keys(fields) as Measured[]).flatMap((name) => {
    const { most, pointer, en, nl } = fields[name]
    const text = body[name] ?? ''
    if (text.length <= most) return []
    const code = 'customer-field-too-long'
    const values = { field: name, most: String(most), text, fieldEn: en, fieldNl: nl }
    return [{ kind: 'refused', code, values, fields: [{ pointer, code }] }]
  })

/** Blanks and signs are left out only where the number does not fit with them. */
const shortPhone = (phone: string | undefined): string | undefined =>
  phone !== undefined && phone.length > fields.Phone.most ? phone.replace(/(?!^\+)[^\d]/g, '') : phone

/** Letters and digits: `NL 1234.56.789.B01` is `NL123456789B01`. */
const bare = (text: string | undefined): string | undefined => text?.replace(/[^A-Za-z0-9]/g, '').toUpperCase()

export function draftCustomer(customer: NewCustomer): Draft | { readonly problems: readonly Problem[] } {
  const body = toExactAccount(customer)
  const problems = accountProblems(body)
  if (problems.length > 0) return { problems }
  return {
    reference: customer.reference,
    group: resource,
    body,
    units: 1,
    expects: null,
    key: body.Code ?? body.VATNumber ?? body.ChamberOfCommerce ?? body.Name,
    notes: [],
  }
}

// Found again

const sent = z.object({
  Name: z.string(),
  Code: z.string().optional(),
  Postcode: z.string().optional(),
  VATNumber: z.string().optional(),
  ChamberOfCommerce: z.string().optional(),
})
type Sent = z.output<typeof sent>

const codeWidth = 18

interface Lookup {
  readonly filter: string
  /** The same of a row that was read before. */
  readonly finds: (theirs: Theirs) => boolean
  /** A name alone says little: whoever is found by it is asked about. */
  readonly byNameOnly?: true
}

/** What of an account is compared. */
type Theirs = Pick<Account, 'ID' | 'Code' | 'Name' | 'Postcode' | 'VATNumber' | 'ChamberOfCommerce' | 'Status' | 'Type'>

/** By what a customer is looked for, the surest first; each only where we have it. */
export function lookups(body: Sent): readonly Lookup[] {
  const { Code, VATNumber, ChamberOfCommerce, Name, Postcode } = body
  const postcodes = [...new Set([Postcode, Postcode?.replace(/\s/g, '')])].filter((code) => code !== undefined)
  const samePostcode = anyOf(postcodes.map((code) => `Postcode eq ${literal.text(code)}`))
  const sameName = `Name eq ${literal.text(Name)}`
  const isNamed = (theirs: Theirs) => letters(theirs.Name) === letters(Name)
  const lookup = (filter: string, finds: Lookup['finds']): Lookup => ({ filter, finds })
  return [
    // The code is kept right-aligned in eighteen places, and compared with its blanks.
    ...(Code === undefined
      ? []
      : [lookup(`Code eq ${literal.text(Code.padStart(codeWidth))}`, (theirs) => theirs.Code?.trim() === Code)]),
    ...(VATNumber === undefined
      ? []
      : [
          lookup(`VATNumber eq ${literal.text(VATNumber)}`, (theirs) =>
            areSame(bare(theirs.VATNumber), bare(VATNumber)),
          ),
        ]),
    ...(ChamberOfCommerce === undefined
      ? []
      : [
          lookup(`ChamberOfCommerce eq ${literal.text(ChamberOfCommerce)}`, (theirs) =>
            areSame(bare(theirs.ChamberOfCommerce), bare(ChamberOfCommerce)),
          ),
        ]),
    ...(postcodes.length === 0
      ? []
      : [
          lookup(
            allOf([sameName, samePostcode]),
            (theirs) => isNamed(theirs) && areSame(bare(theirs.Postcode), bare(Postcode)),
          ),
        ]),
    { ...lookup(sameName, isNamed), byNameOnly: true },
  ]
}

/**
 * A number alone is not enough: both sides count their customers from one. So where no VAT id or KvK number confirms it, the name
 * must be the same, but for its signs.
 */
export function compareAccounts(hits: readonly Theirs[], body: Sent): Found {
  const [hit] = hits
  if (hit === undefined) return { is: 'absent' }
  if (hits.length > 1) return { is: 'several', receipts: hits.map(accountReceipt) }
  const receipt = accountReceipt(hit)
  const vatIds = [bare(hit.VATNumber), bare(body.VATNumber)] as const
  const kvks = [bare(hit.ChamberOfCommerce), bare(body.ChamberOfCommerce)] as const
  if (areOther(...vatIds)) return { is: 'different', receipt, why: 'vatId' }
  if (areOther(...kvks)) return { is: 'different', receipt, why: 'kvk' }
  const isConfirmed = areSame(...vatIds) || areSame(...kvks)
  if (!isConfirmed && letters(hit.Name) !== letters(body.Name)) return { is: 'different', receipt, why: 'name' }
  return isCustomer(hit) ? { is: 'same', receipt } : { is: 'different', receipt, why: 'not-customer' }
}

/** Of the same name and nothing else: whoever has another VAT id, KvK number or postcode is somebody else. */
export function compareNamesakes(hits: readonly Theirs[], body: Sent): Found {
  const candidates = hits.filter(
    (hit) =>
      !areOther(bare(hit.VATNumber), bare(body.VATNumber)) &&
      !areOther(bare(hit.ChamberOfCommerce), bare(body.ChamberOfCommerce)) &&
      !areOther(bare(hit.Postcode), bare(body.Postcode)),
  )
  const [hit] = candidates
  if (hit === undefined) return { is: 'absent' }
  if (candidates.length > 1) return { is: 'several', receipts: candidates.map(accountReceipt) }
  return { is: 'different', receipt: accountReceipt(hit), why: 'name-only' }
}

const compare = ({ byNameOnly }: Lookup, hits: readonly Theirs[], body: Sent): Found =>
  (byNameOnly ? compareNamesakes : compareAccounts)(
    hits.filter(({ Type }) => isRelation(Type)),
    body,
  )

const areOther = (a: string | undefined, b: string | undefined): boolean => !!a && !!b && a !== b
const areSame = (a: string | undefined, b: string | undefined): boolean => !!a && a === b

/** `Café Ümit B.V.` and `CAFE UMIT BV` are one name. */
const letters = (name: string | undefined): string =>
  (name ?? '')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()

/** What `find` would come to among rows that were read before. */
export function foreseeCustomer(draft: Draft, rows: readonly CustomerRow[]): Found {
  const body = parse(sent, draft.body, resource)
  const theirs = rows.map(
    (row): Theirs => ({
      ID: row.id,
      Code: row.code,
      Name: row.name,
      Postcode: row.address.postcode,
      VATNumber: row.vatId,
      ChamberOfCommerce: row.kvk,
      Status: row.isCustomer ? 'C' : 'S',
      Type: 'A',
    }),
  )
  for (const lookup of lookups(body)) {
    const found = compare(lookup, theirs.filter(lookup.finds), body)
    if (found.is !== 'absent') return found
  }
  return { is: 'absent' }
}

const accountReceipt = (found: Pick<Account, 'ID' | 'Code'>): Receipt => ({
  id: found.ID,
  ...(found.Code && { number: found.Code }),
  hash: fingerprint([found.ID, found.Code]),
})

export function customerPosts(at: Connection<unknown>, wire: Wire): Posts<NewCustomer> {
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    draft: (customer) => draftCustomer(customer),
    foresee: foreseeCustomer,
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    send: (packed, drafts) =>
      sendOne(packed, drafts, wire, {
        schema: accountMade,
        outcome: async (made) => ({ is: 'posted', receipt: accountReceipt(await complete(made, calls())) }),
      }),
    find: (drafts) =>
      findEach(
        drafts,
        async (draft) => {
          const body = parse(sent, draft.body, resource)
          for (const lookup of lookups(body)) {
            const found = compare(lookup, await calls().all(resource, account, { filter: lookup.filter }), body)
            if (found.is !== 'absent') return found
          }
          return { is: 'absent' }
        },
        () =>
          mustBeShown(calls(), resource, () =>
            calls().all(resource, account.pick({ ID: true }), { top: 1, filter: "Status eq 'C'" }),
          ),
      ),
  }
}

/** The number that was given, where the answer leaves it out: it becomes ours when we have none. */
async function complete(made: Made, calls: ExactCalls): Promise<Made> {
  if (made.Code) return made
  const [found] = (await ifAnswered(() => listOfIds(calls, resource, account, 'ID', [made.ID]))) ?? []
  return found ?? made
}
