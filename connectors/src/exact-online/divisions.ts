import { assert } from '@uurwerk/core/shared/assert.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Administration, Connection, Finding, Wire } from '../contract/contract.ts'
import { allOf, literal } from '../kit/odata-v2.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import {
  account,
  division,
  financialPeriod,
  journal,
  journalStatus,
  ledgerAccount,
  me,
  salesEntry,
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

/** The divisions that the user may enter and that were granted to the app. */
export async function listDivisions(wire: Wire): Promise<readonly Administration[]> {
  const [user] = await exactCalls('current', wire, 'import').all('Me', me)
  assert(user, 'Exact Online named no user')
  // Which division stands in this path does not matter, it only has to be a number (seen in client code).
  const divisions = await exactCalls(String(user.CurrentDivision), wire, 'import').all('system/Divisions', division)
  return divisions.map(fromExactDivision)
}

/** The health list: each line is found out by a read of its own, so that one refusal does not hide the others. */
export async function healthOf(
  at: Connection<unknown>,
  wire: Wire,
  expect: { readonly currency: string; readonly today: CalendarDate },
): Promise<readonly Finding[]> {
  const [user] = await exactCalls('current', wire, 'import').all('Me', me)
  const access: Finding = {
    about: 'access',
    state: 'good',
    code: 'connected',
    values: { user: user?.FullName ?? '' },
  }
  const id = chosenDivision(at)
  const calls = exactCalls(id, wire, 'import')
  const chosen = (await calls.all('system/Divisions', division)).map(fromExactDivision).find((one) => one.id === id)
  if (!chosen) return [access, { about: 'administration', state: 'bad', code: 'administration-not-granted' }]
  return [
    access,
    administrationOf(chosen),
    currencyOf(chosen, expect.currency),
    await rightsIn(calls),
    await periodOf(calls, expect.today),
  ]
}

const administrationOf = ({ usable, reason, name, code }: Administration): Finding => ({
  about: 'administration',
  state: usable ? 'good' : 'bad',
  code: usable ? 'administration-usable' : `administration-${reason}`,
  values: { name, number: code },
})

const currencyOf = ({ currency }: Administration, expected: string): Finding => ({
  about: 'currency',
  state: currency === expected ? 'good' : 'attention',
  code: currency === expected ? 'currency-equal' : 'currency-differs',
  values: { ours: expected, theirs: currency ?? '' },
})

/** Without a right Exact Online may answer an empty list instead of a refusal: no journals at all means no right. */
async function rightsIn(calls: ExactCalls): Promise<Finding> {
  const first = { top: 1 }
  const isMissing = {
    journals: () => calls.all('financial/Journals', journal.pick({ Code: true }), first).then(isEmpty),
    ledgerAccounts: () =>
      calls
        .all('sync/Financial/GLAccounts', ledgerAccount.pick({ ID: true }), { ...first, filter: 'Timestamp gt 1L' })
        .then(isEmpty),
    vatCodes: () => calls.all('vat/VATCodes', vatCode.pick({ Code: true }), first).then(isEmpty),
    // There may be none yet; only a refusal says something.
    customers: () =>
      calls.all('crm/Accounts', account.pick({ ID: true }), { ...first, filter: "Status eq 'C'" }).then(() => false),
    salesEntries: () =>
      calls
        .all('salesentry/SalesEntries', salesEntry.pick({ EntryID: true }), {
          ...first,
          filter: `EntryDate ge ${literal.date(calls.today())}`,
        })
        .then(() => false),
  }
  const missing: string[] = []
  for (const [list, look] of Object.entries(isMissing)) {
    const refused = await look().catch((error: unknown) => {
      if (isProblem(error) && error.problem.theirStatus === 403) return true
      throw error
    })
    if (refused) missing.push(list)
  }
  return missing.length === 0
    ? { about: 'rights', state: 'good', code: 'rights-complete' }
    : { about: 'rights', state: 'bad', code: 'rights-missing', values: { lists: missing.join(', ') } }
}

const isEmpty = (rows: readonly unknown[]): boolean => rows.length === 0

async function periodOf(calls: ExactCalls, today: CalendarDate): Promise<Finding> {
  const day = literal.date(today)
  const [period] = await calls.all('financial/FinancialPeriods', financialPeriod, {
    filter: allOf([`StartDate le ${day}`, `EndDate ge ${day}`]),
  })
  if (!period) return { about: 'period', state: 'bad', code: 'period-missing', values: { date: today } }
  const values = { period: `${period.FinYear}-${period.FinPeriod}` }
  const statuses = await calls.all('read/financial/JournalStatusList', journalStatus, {
    filter: allOf([`Year eq ${period.FinYear}`, `Period eq ${period.FinPeriod}`, 'JournalType eq 20']),
  })
  const isOpen = statuses.length === 0 || statuses.some((one) => one.Status === 0)
  return isOpen
    ? { about: 'period', state: 'good', code: 'period-open', values }
    : { about: 'period', state: 'attention', code: 'period-closed', values }
}
