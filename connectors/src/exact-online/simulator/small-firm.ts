import { addDays, calendarDate, endOfMonth, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { putRow, type SimulatorRow, type World } from '../../contract/simulator.ts'
import { chartOfAccounts, isBalanceType } from './chart-of-accounts.ts'
import { addPayable } from './payment-terms.ts'
import type { View } from './resource.ts'
import { accounts } from './resources/accounts.ts'
import { items } from './resources/items.ts'
import { serverToday } from './server-time.ts'
import {
  accountRows,
  conditions,
  costcenters,
  costunits,
  divisionRows,
  itemGroups,
  itemRows,
  journals,
  smallFirmDivisions,
  users,
  vatCodes,
  type Words,
} from './small-firm-lists.ts'
import { type ExactState, type Language, newGuid, rowsIn, store, usersOf } from './world-state.ts'
import { createRow } from './writes.ts'

interface Builder {
  readonly world: World
  readonly view: View
  readonly pick: (words: Words) => string
  readonly put: (table: string, row: SimulatorRow) => string
  /** Guid of a ledger account by its code. */
  readonly ledger: ReadonlyMap<string, string>
}

function builderFor(world: World, division: number, now: Date, user: SimulatorRow): Builder {
  const language = (world.state as ExactState).language
  const random = seededRandom((world.state as ExactState).seed + division)
  const view: View = { world, division, now, language, user, random, site: '' }
  // Made a year ago, so that the first increment holds only what changed since.
  const madeAt = new Date(now.getTime() - 365 * 86_400_000).toISOString()
  const ledger = new Map<string, string>()
  const put = (table: string, row: SimulatorRow) => {
    const id = newGuid(random)
    const stamps = { Created: madeAt, Modified: madeAt, Creator: user.UserID, Modifier: user.UserID }
    store(view, table, id, {
      ID: id,
      CreatorFullName: user.FullName,
      ModifierFullName: user.FullName,
      ...stamps,
      ...row,
    })
    if (table === 'GLAccounts') ledger.set(String(row.Code), id)
    return id
  }
  return {
    world,
    view: { ...view, now: new Date(madeAt) },
    pick: (words) => words[language === 'nl' ? 0 : 1],
    put,
    ledger,
  }
}

function fillLedger({ put, pick }: Builder): void {
  for (const [code, nl, en, type, marks = ''] of chartOfAccounts) {
    const has = (mark: string) => marks.split(' ').includes(mark)
    put('GLAccounts', {
      Code: code,
      Description: pick([nl, en]),
      words: [nl, en],
      Type: type,
      BalanceType: isBalanceType(type) ? 'B' : 'W',
      BalanceSide: [20, 22, 24, 25, 27, 29, 50, 52, 55, 110, 140, 160].includes(type) && type !== 20 ? 'C' : 'D',
      IsBlocked: has('blocked'),
      Compress: false,
      Matching: [20, 22].includes(type),
      RevalueCurrency: false,
      UseCostcenter: has('centre') ? 1 : has('no-centre') ? 2 : 0,
      UseCostunit: has('unit') ? 1 : 0,
      VATCode: /vat:(\S+)/.exec(marks)?.[1] ?? null,
      SearchCode: code,
    })
  }
}

function fillLists({ put, pick, ledger }: Builder, now: Date): void {
  for (const [code, words, percentage, type, kind, marks = ''] of vatCodes) {
    const account = (mark: string) => ledger.get(new RegExp(`${mark}:(\\S+)`).exec(marks)?.[1] ?? '') ?? null
    const id = put('VATCodes', {
      Code: code,
      Description: pick(words),
      Percentage: percentage,
      Type: type,
      VATTransactionType: kind,
      EUSalesListing: marks.includes('services') ? 'S' : 'N',
      IntrastatType: 'N',
      VatDocType: 'P',
      Charged: marks.includes('charged'),
      IntraStat: false,
      IsBlocked: marks.includes('blocked'),
      GLToPay: account('pay'),
      GLToClaim: account('claim'),
    })
    put('VatPercentages', {
      VATCodeID: id,
      LineNumber: 1,
      Percentage: percentage,
      StartDate: '2012-10-01',
      EndDate: null,
      Type: 0,
    })
  }
  for (const [code, words, type, account, marks = ''] of journals)
    put('Journals', {
      Code: code,
      Description: pick(words),
      Type: type,
      Currency: 'EUR',
      CurrencyDescription: 'Euro',
      AllowVariableCurrency: marks === 'currency',
      AllowVariableExchangeRate: marks === 'currency',
      AllowVAT: false,
      AutoSave: false,
      IsBlocked: marks === 'blocked',
      GLAccount: account ? ledger.get(account) : null,
    })
  for (const [code, words, days, months] of conditions)
    put('PaymentConditions', {
      Code: code,
      Description: pick(words),
      PaymentDays: days,
      PaymentEndOfMonths: months,
      PaymentMethod: code === '00' ? 'K' : 'B',
      Percentage: '1',
      DiscountPercentage: '0',
      DiscountPaymentDays: 0,
    })
  for (const [code, words, ended] of costcenters)
    put('Costcenters', { Code: code, Description: pick(words), Active: !ended, EndDate: ended ? '2020-12-31' : null })
  for (const [code, words] of costunits)
    put('Costunits', { Code: code, Description: pick(words), Active: true, EndDate: null })
  fillPeriods(put, yearOf(serverToday(now)))
}

/** Twelve months of two years back until next year; later years do not exist yet. */
function fillPeriods(put: Builder['put'], year: number): void {
  for (const FinYear of [year - 2, year - 1, year, year + 1]) {
    let start = calendarDate(`${FinYear}-01-01`)
    for (let FinPeriod = 1; FinPeriod <= 12; FinPeriod++) {
      const end = endOfMonth(start)
      put('FinancialPeriods', { FinYear, FinPeriod, StartDate: start, EndDate: end })
      start = addDays(end, 1)
    }
  }
}

function fillItems({ put, pick, ledger, view }: Builder): void {
  const groups = new Map(
    itemGroups.map(([code, words, revenue, isDefault]) => [
      code,
      put('ItemGroups', {
        Code: code,
        Description: pick(words),
        GLRevenue: ledger.get(revenue),
        GLCosts: ledger.get('7000'),
        GLStock: ledger.get('1400'),
        IsDefault: isDefault ? 1 : 0,
      }),
    ]),
  )
  for (const [code, words, group, revenue, extra = {}] of itemRows)
    createRow(items, view, {
      Code: code,
      Description: pick(words),
      words,
      ItemGroup: groups.get(group),
      GLRevenue: revenue ? ledger.get(revenue) : null,
      SalesVatCode: '2',
      IsFractionAllowedItem: true,
      StartDate: '2018-01-01',
      ...extra,
    })
}

/** Accounts, and a bill of the supplier among them. */
function fillAccounts({ view }: Builder): void {
  for (const row of accountRows) createRow(accounts, view, row)
  const supplier = rowsIn(view, 'Accounts').find(({ IsSupplier }) => IsSupplier === true)
  addPayable(view, supplier?.ID, '242.00')
}

/** The small firm: three administrations, of which the first is filled, the same for the same seed. */
export function createSmallFirm(at: { seed: number; now: Date; language: Language }): World {
  const state: ExactState = {
    seed: at.seed,
    language: at.language,
    versions: {},
    limits: {},
    errors: {},
    apps: {},
    faults: [],
    breaches: {},
    calls: {},
  }
  const world: World = { state, tables: {}, changed: new Set() }
  const random = seededRandom(at.seed)
  const customer = newGuid(random)
  for (const row of divisionRows) {
    const { words, ...rest } = row
    const Description = (words as Words)[at.language === 'nl' ? 0 : 1]
    const stamps = { Created: '2018-01-02T09:00:00.000Z', Modified: '2018-01-02T09:00:00.000Z' }
    putRow(world, 'Divisions', String(row.Code), { ...rest, ...stamps, Description, Customer: customer })
  }
  for (const [place, user] of users.entries()) {
    const UserID = newGuid(random)
    putRow(world, 'Users', UserID, {
      ...user,
      place,
      UserID,
      UserName: user.Email,
      CurrentDivision: smallFirmDivisions.main,
    })
  }
  const first = usersOf(world)[0] as SimulatorRow
  for (const code of Object.values(smallFirmDivisions)) {
    const builder = builderFor(world, code, at.now, first)
    fillLedger(builder)
    fillLists(builder, at.now)
    fillItems(builder)
    if (code === smallFirmDivisions.main) fillAccounts(builder)
  }
  return world
}
