import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Administration, Connection, Expected, Finding, Wire } from '../contract/contract.ts'
import type { JournalRow } from '../contract/rows.ts'
import { allOf, literal } from '../kit/odata-v2.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import { fromExactJournal } from './journals.ts'
import { longAgo, maySee } from './rights.ts'
import {
  account,
  archivedDocument,
  division,
  financialPeriod,
  item,
  journal,
  journalStatus,
  ledgerAccount,
  me,
  paymentTerm,
  salesEntry,
  salesInvoice,
  vatCode,
} from './wire.ts'

export const fromExactDivision = (found: z.output<typeof division>): Administration => {
  const reason = reasonAgainst(found)
  return {
    id: String(found.Code),
    code: found.Hid?.trim() || String(found.Code),
    name: found.Description ?? String(found.Code),
    usable: reason === undefined,
    ...(found.Country && { country: found.Country }),
    ...(found.Currency && { currency: found.Currency }),
    ...(found.VATNumber && { vatId: found.VATNumber }),
    ...(found.ChamberOfCommerceNumber && { kvk: found.ChamberOfCommerceNumber }),
    ...(reason && { reason }),
  }
}

function reasonAgainst(found: z.output<typeof division>): string | undefined {
  // Status 0 inactive, 1 active, 2 archived (Exact REST reference, System Divisions; other than in HRM Divisions)
  if (found.Status === 2) return 'archived'
  if (found.Status !== 1) return 'inactive'
  // 1 backup or restore, 2 to 4 conversion, 5 and 6 copying
  if ((found.BlockingStatus ?? 0) !== 0) return 'blocked'
  return found.IsDossierDivision ? 'dossier' : undefined
}

type User = z.output<typeof me>

async function signedIn(wire: Wire): Promise<User> {
  const [user] = await exactCalls('current', wire, 'import').all('Me', me)
  if (user) return user
  throw new ProblemError({
    kind: 'defect',
    code: 'answer-not-understood',
    values: { endpoint: 'Me', field: 'results' },
  })
}

/** The divisions that the user may enter and that were granted to the app. */
export async function listDivisions(wire: Wire): Promise<readonly Administration[]> {
  const user = await signedIn(wire)
  // Which division stands in this path does not matter, it only has to be a number (seen in client code).
  const divisions = await exactCalls(String(user.CurrentDivision), wire, 'import').all('system/Divisions', division)
  return divisions.map(fromExactDivision)
}

/** The health list: each line is found out by a read of its own, so that one refusal does not hide the others. */
export async function healthOf(at: Connection<unknown>, wire: Wire, expect: Expected): Promise<readonly Finding[]> {
  const access = accessOf(await signedIn(wire))
  const id = chosenDivision(at)
  const calls = exactCalls(id, wire, 'import')
  const chosen = (await grantedDivisions(calls)).find((one) => one.id === id)
  if (!chosen) return [...access, { about: 'administration', state: 'bad', code: 'administration-not-granted' }]
  const journal = chosenJournal.safeParse(at.settings).data?.salesJournal
  const { missing, journals } = await rightsIn(calls)
  const periods = await periodsOf(calls, expect.today, journal)
  const rights = [...missing, ...periods].filter(({ about }) => about === 'rights')
  return [
    ...access,
    administrationOf(chosen),
    ...detailsOf(chosen, expect),
    ...journalOf(journal, journals),
    currencyOf(chosen, expect.currency),
    ...(isEmpty(rights) ? [{ about: 'rights', state: 'good', code: 'rights-complete' } as const] : rights),
    ...periods.filter(({ about }) => about === 'period'),
  ]
}

/** Messages are explained in Dutch and English; a user of another language gets them word for word. */
export function accessOf({ FullName = '', LanguageCode = 'nl' }: User): readonly Finding[] {
  const values = { user: FullName }
  const connected: Finding = { about: 'access', state: 'good', code: 'connected', values }
  if (/^(nl|en)\b/i.test(LanguageCode)) return [connected]
  const code = 'messages-in-other-language'
  return [connected, { about: 'access', state: 'attention', code, values: { ...values, language: LanguageCode } }]
}

/** Support says that any division may stand in the path; where the chosen one is refused all the same, it was not granted. */
async function grantedDivisions(calls: ExactCalls): Promise<readonly Administration[]> {
  try {
    return (await calls.all('system/Divisions', division)).map(fromExactDivision)
  } catch (error) {
    if (isProblem(error) && error.problem.code === 'administration-no-access') return []
    throw error
  }
}

const administrationOf = ({ usable, reason, name, code }: Administration): Finding => ({
  about: 'administration',
  state: usable ? 'good' : 'bad',
  code: usable ? 'administration-usable' : `administration-${reason}`,
  values: { name, number: code },
})

/** Whether it is the same company at all: numbers compared by their letters and digits, and only where both have one. */
const detailsOf = (chosen: Administration, expect: Expected): readonly Finding[] =>
  (['vatId', 'kvk'] as const).flatMap((name) => {
    const [ours, theirs] = [expect[name] ?? '', chosen[name] ?? '']
    const [a, b] = [ours, theirs].map((text) => text.replace(/[^A-Za-z0-9]/g, '').toUpperCase())
    if (!a || !b || a === b) return []
    const code = name === 'vatId' ? 'vat-id-differs' : 'kvk-differs'
    return [{ about: 'administration', state: 'attention', code, values: { ours, theirs } }]
  })

/** Sales entries go into one journal, which may have been changed there since it was chosen. */
function journalOf(chosen: string | undefined, journals: readonly JournalRow[]): readonly Finding[] {
  if (chosen === undefined || journals.length === 0) return []
  const row = journals.find(({ id }) => id === chosen)
  const values = { journal: row ? `${row.code} ${row.name}` : chosen }
  const finding = (code: string): Finding => ({ about: 'administration', state: 'bad', code, values })
  if (!row) return [finding('sales-journal-gone')]
  if (row.kind !== 'sales') return [finding('sales-journal-type')]
  return row.unusable ? [finding('sales-journal-blocked')] : []
}

const chosenJournal = z.object({ salesJournal: z.string() })

const currencyOf = ({ currency }: Administration, expected: string): Finding => ({
  about: 'currency',
  state: currency === expected ? 'good' : 'attention',
  code: currency === expected ? 'currency-equal' : 'currency-differs',
  values: { ours: expected, theirs: currency ?? '' },
})

/**
 * Without a right Exact Online refuses, or answers an empty list. No journals at all means no right; where there may be
 * none yet it is asked for. What the licence lacks is refused the same way, and keeps from one thing only: making invoices
 * there, putting PDFs there, reading payments.
 */
async function rightsIn(
  calls: ExactCalls,
): Promise<{ readonly missing: readonly Finding[]; readonly journals: readonly JournalRow[] }> {
  let journals: readonly JournalRow[] = []
  const missing: Finding[] = []
  for (const { list, code, endpoint, look, mayBeEmpty } of looks) {
    const rows = await unlessRefused(look(calls))
    if (list === 'journals') journals = (rows ?? []) as readonly JournalRow[]
    const isMissing = !rows || (isEmpty(rows) && (!mayBeEmpty || (await maySee(calls, endpoint)) === false))
    if (!isMissing) continue
    const state = code === 'rights-missing' ? 'bad' : 'attention'
    missing.push({ about: 'rights', state, code, values: { lists: list } })
  }
  return { missing, journals }
}

/** What a list holds; undefined where the user may not see it. */
async function unlessRefused<T>(looking: Promise<readonly T[]>): Promise<readonly T[] | undefined> {
  try {
    return await looking
  } catch (error) {
    if (isProblem(error) && error.problem.theirStatus === 403) return undefined
    throw error
  }
}

const first = { top: 1 }
const versions = { ...first, filter: 'Timestamp gt 1L' }
const since = (name: string) => ({ ...first, filter: `${name} ge ${literal.date(longAgo)}` })

const looks: readonly {
  readonly list: string
  readonly code: string
  readonly endpoint: string
  readonly look: (calls: ExactCalls) => Promise<readonly unknown[]>
  /** A firm that has just begun has none. */
  readonly mayBeEmpty: boolean
}[] = [
  {
    list: 'journals',
    code: 'rights-missing',
    endpoint: 'financial/Journals',
    look: async (calls) => (await calls.all('financial/Journals', journal)).map(fromExactJournal),
    mayBeEmpty: false,
  },
  {
    list: 'ledgerAccounts',
    code: 'rights-missing',
    endpoint: 'financial/GLAccounts',
    look: (calls) => calls.all('sync/Financial/GLAccounts', ledgerAccount.pick({ ID: true }), versions),
    mayBeEmpty: false,
  },
  {
    list: 'vatCodes',
    code: 'rights-missing',
    endpoint: 'vat/VATCodes',
    look: (calls) => calls.all('vat/VATCodes', vatCode.pick({ Code: true }), first),
    mayBeEmpty: false,
  },
  {
    list: 'items',
    code: 'rights-missing',
    endpoint: 'logistics/Items',
    look: (calls) => calls.all('sync/Logistics/Items', item.pick({ ID: true }), versions),
    mayBeEmpty: true,
  },
  {
    list: 'customers',
    code: 'rights-missing',
    endpoint: 'crm/Accounts',
    look: (calls) => calls.all('crm/Accounts', account.pick({ ID: true }), { ...first, filter: "Status eq 'C'" }),
    mayBeEmpty: true,
  },
  {
    list: 'salesEntries',
    code: 'rights-missing',
    endpoint: 'salesentry/SalesEntries',
    look: (calls) => calls.all('salesentry/SalesEntries', salesEntry.pick({ EntryID: true }), since('EntryDate')),
    mayBeEmpty: true,
  },
  {
    list: 'salesInvoices',
    code: 'rights-missing-invoicing',
    endpoint: 'salesinvoice/SalesInvoices',
    look: (calls) =>
      calls.all('salesinvoice/SalesInvoices', salesInvoice.pick({ InvoiceID: true }), since('OrderDate')),
    mayBeEmpty: true,
  },
  {
    list: 'documents',
    code: 'rights-missing-documents',
    endpoint: 'documents/Documents',
    look: (calls) => calls.all('documents/Documents', archivedDocument.pick({ ID: true }), since('DocumentDate')),
    mayBeEmpty: true,
  },
  {
    list: 'paymentState',
    code: 'rights-missing-payments',
    endpoint: 'cashflow/Receivables',
    look: (calls) => calls.all('sync/Cashflow/PaymentTerms', paymentTerm.pick({ ID: true }), versions),
    mayBeEmpty: true,
  },
]

const isEmpty = (rows: readonly unknown[]): boolean => rows.length === 0

/** A new year is made by hand in Exact Online; from a month before, its absence is told. */
const daysAhead = 31

/** The period of today, in the sales journal that was chosen, else in any. */
async function periodsOf(
  calls: ExactCalls,
  today: CalendarDate,
  journal: string | undefined,
): Promise<readonly Finding[]> {
  const ahead = addDays(today, daysAhead)
  const unseen: Finding = { about: 'rights', state: 'bad', code: 'rights-missing', values: { lists: 'periods' } }
  const periods = await unlessRefused(
    calls.all('financial/FinancialPeriods', financialPeriod, {
      filter: allOf([`StartDate le ${literal.date(ahead)}`, `EndDate ge ${literal.date(today)}`]),
    }),
  )
  if (!periods || (isEmpty(periods) && (await maySee(calls, 'financial/FinancialPeriods')) === false)) return [unseen]
  const at = (day: CalendarDate) =>
    periods.find(({ StartDate, EndDate }) => StartDate !== undefined && StartDate <= day && EndDate && EndDate >= day)
  const period = at(today)
  if (!period) return [{ about: 'period', state: 'bad', code: 'period-missing', values: { date: today } }]
  const ends = periods
    .flatMap(({ EndDate }) => EndDate ?? [])
    .sort()
    .at(-1)
  const next: Finding[] =
    at(ahead) || ends === undefined
      ? []
      : [{ about: 'period', state: 'attention', code: 'next-year-missing', values: { date: addDays(ends, 1) } }]
  const values = { period: `${period.FinYear}-${period.FinPeriod}` }
  const statuses = await unlessRefused(
    calls.all('read/financial/JournalStatusList', journalStatus, {
      filter: allOf([`Year eq ${period.FinYear}`, `Period eq ${period.FinPeriod}`, 'JournalType eq 20']),
    }),
  )
  if (!statuses) return [unseen, ...next]
  const ours = statuses.filter(({ Journal }) => journal === undefined || Journal === journal)
  const isOpen = isEmpty(ours) || ours.some(({ Status }) => Status === 0)
  return [
    isOpen
      ? { about: 'period', state: 'good', code: 'period-open', values }
      : { about: 'period', state: 'attention', code: 'period-closed', values },
    ...next,
  ]
}
