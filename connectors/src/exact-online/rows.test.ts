import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import { accessOf, fromExactDivision } from './divisions.ts'
import { fromExactItem } from './items.ts'
import { fromExactJournal } from './journals.ts'
import { fromExactLedgerAccount } from './ledger-accounts.ts'
import { fromExactPaymentCondition } from './payment-conditions.ts'
import { fromExactPeriods } from './periods.ts'
import { readSettings } from './settings.ts'
import { fromExactVatCode } from './vat-codes.ts'
import {
  division,
  financialPeriod,
  item,
  journal,
  journalStatus,
  ledgerAccount,
  me,
  paymentCondition,
  vatCode,
} from './wire.ts'

const id = (last: number) => `5e0c0c3e-0000-4000-8000-00000000000${last}`
const day = (text: string) => `/Date(${Date.parse(`${text}T00:00:00Z`)})/`
const today = calendarDate('2026-03-31')

describe('items', () => {
  const read = (part: object = {}) =>
    item.parse({
      ID: id(1),
      Code: 'UUR',
      Description: 'Uren',
      IsSalesItem: true,
      IsTime: 1,
      IsFractionAllowedItem: true,
      Unit: 'hour    ',
      SalesVatCode: '2  ',
      GLRevenue: null,
      ItemGroup: id(5),
      StandardSalesPrice: 87.5,
      StartDate: day('2020-01-01'),
      EndDate: null,
      Timestamp: '1234567890123456789',
      ...part,
    })
  const groups = new Map([[id(5), id(8)]])

  it('take the revenue account of their group when they have none', () => {
    expect(fromExactItem(read(), groups, today)).toEqual({
      id: id(1),
      code: 'UUR',
      name: 'Uren',
      isTime: true,
      unit: 'hour',
      vatCode: '2',
      price: '87.5000',
      ledgerAccount: id(8),
      ledgerAccountFrom: 'group',
    })
  })
  const cases: [string, object, object][] = [
    ['their own account first', { GLRevenue: id(7) }, { ledgerAccount: id(7), ledgerAccountFrom: 'item' }],
    ['not for sale', { IsSalesItem: false, IsFractionAllowedItem: false }, { unusable: 'not-for-sale' }],
    ['no fractions', { IsFractionAllowedItem: false }, { unusable: 'no-fractions' }],
    ['ended', { EndDate: day('2026-03-30') }, { unusable: 'ended' }],
    ['not started', { StartDate: day('2026-04-01') }, { unusable: 'not-started' }],
  ]
  it.each(cases)('%s', (_, part, expected) => {
    expect(fromExactItem(read(part), groups, today)).toMatchObject(expected)
  })
  it('may stand on lines until and including their last day', () => {
    expect(fromExactItem(read({ EndDate: day('2026-03-31') }), groups, today)).not.toHaveProperty('unusable')
  })
  it('have no account when neither item nor group has one', () => {
    expect(fromExactItem(read({ ItemGroup: null }), groups, today)).not.toHaveProperty('ledgerAccount')
  })
})

describe('ledger accounts', () => {
  const read = (part: object = {}) =>
    ledgerAccount.parse({
      ID: id(1),
      Code: '8000',
      Description: 'Omzet',
      Type: 110,
      IsBlocked: false,
      Timestamp: '7',
      ...part,
    })
  it.each([
    [110, 'revenue'],
    [90, 'general'],
    [20, 'control'],
    [22, 'control'],
    [24, 'control'],
    [12, 'control'],
    [30, 'balance'],
    [100, 'balance'],
    [121, 'cost'],
    [160, 'cost'],
  ])('of type %i are %s', (Type, kind) => {
    expect(fromExactLedgerAccount(read({ Type })).kind).toBe(kind)
  })
  it('say whether they take a cost centre', () => {
    expect(fromExactLedgerAccount(read({ UseCostcenter: 1, UseCostunit: 2, VATCode: '2  ' }))).toMatchObject({
      costCentre: 'mandatory',
      costUnit: 'none',
      vatCode: '2',
    })
    expect(fromExactLedgerAccount(read())).toMatchObject({ costCentre: 'optional', costUnit: 'optional' })
    expect(fromExactLedgerAccount(read({ IsBlocked: true })).unusable).toBe('blocked')
  })
})

describe('VAT codes', () => {
  const read = (part: object = {}) =>
    vatCode.parse({
      Code: '2  ',
      Description: 'Hoog',
      Percentage: 0.21,
      Type: 'E',
      VATTransactionType: 'S',
      IsBlocked: false,
      EUSalesListing: 'N',
      Charged: false,
      ...part,
    })
  const cases: [object, object][] = [
    [{}, { id: '2', percentage: '21', kind: 'excluding', side: 'sales', reverseCharge: false }],
    [{ Percentage: 0.055 }, { percentage: '5.5' }],
    [{ Percentage: 0.09 }, { percentage: '9' }],
    [{ Percentage: 0 }, { percentage: '0' }],
    [{ Type: 'I' }, { kind: 'including', unusable: 'including' }],
    [
      { Type: 'N', VATTransactionType: 'B' },
      { kind: 'none', side: 'both' },
    ],
    [{ Type: 'B' }, { kind: 'base-only' }],
    [{ VATTransactionType: 'P' }, { side: 'purchase', unusable: 'purchase' }],
    [{ IsBlocked: true, VATTransactionType: 'P' }, { unusable: 'blocked' }],
    [{ Type: 'X' }, { unusable: 'not-understood' }],
    [{ Type: null }, { unusable: 'not-understood' }],
    [{ VATTransactionType: 'Q' }, { unusable: 'not-understood' }],
    [{ VATTransactionType: null }, { unusable: 'not-understood' }],
    [{ Percentage: null }, { unusable: 'not-understood' }],
    [
      { Charged: true, EUSalesListing: 'S' },
      { reverseCharge: true, euListing: 'services' },
    ],
    [{ EUSalesListing: 'L' }, { euListing: 'goods' }],
  ]
  it.each(cases)('%o', (part, expected) => {
    expect(fromExactVatCode(read(part))).toMatchObject(expected)
  })
  it('have no listing where Exact Online says none', () => {
    expect(fromExactVatCode(read())).not.toHaveProperty('euListing')
    expect(fromExactVatCode(read())).not.toHaveProperty('unusable')
  })
})

describe('the other lists', () => {
  it.each([
    [20, 'sales'],
    [21, 'other'],
    [22, 'purchase'],
    [12, 'bank'],
    [10, 'cash'],
    [90, 'general'],
  ])('a journal of type %i is %s', (Type, kind) => {
    const found = journal.parse({
      Code: '70',
      Description: 'Verkoop',
      Type,
      Currency: 'EUR',
      AllowVariableCurrency: true,
      IsBlocked: false,
    })
    expect(fromExactJournal(found)).toMatchObject({ id: '70', kind, currency: 'EUR', allowsOtherCurrency: true })
  })

  it('a payment condition is known by its code', () => {
    const found = paymentCondition.parse({
      Code: '30',
      Description: '30 dagen',
      PaymentDays: 30,
      PaymentEndOfMonths: null,
    })
    expect(fromExactPaymentCondition(found)).toEqual({
      id: '30',
      code: '30',
      name: '30 dagen',
      days: 30,
      endOfMonths: 0,
    })
  })

  it('a period says in which journals it is closed', () => {
    const period = (FinPeriod: number, from: string, until: string) =>
      financialPeriod.parse({ FinYear: 2026, FinPeriod, StartDate: day(from), EndDate: day(until) })
    const status = (Journal: string, Period: number, Status: number) =>
      journalStatus.parse({ Journal, Year: 2026, Period, Status })
    expect(
      fromExactPeriods(
        [period(1, '2026-01-01', '2026-01-31'), period(2, '2026-02-01', '2026-02-28')],
        [status('70', 1, 1), status('71', 1, 1), status('70', 2, 0)],
      ),
    ).toMatchObject([
      { id: '2026-01', year: 2026, period: 1, from: '2026-01-01', until: '2026-01-31', closedIn: ['70', '71'] },
      { id: '2026-02', closedIn: [] },
    ])
  })

  it.each([
    ['nl-NL', ['connected']],
    ['en-GB', ['connected']],
    ['NL', ['connected']],
    [null, ['connected']],
    ['fr-BE', ['connected', 'messages-in-other-language']],
  ])('a user whose language is %s', (LanguageCode, codes) => {
    const user = me.parse({ UserID: id(1), FullName: 'Sanne', LanguageCode, CurrentDivision: 1234567 })
    expect(accessOf(user).map(({ code }) => code)).toEqual(codes)
  })

  const divisions: [object, object][] = [
    [{}, { id: '1234567', code: '100', name: 'Proef BV', country: 'NL', currency: 'EUR', usable: true }],
    [{ Status: 2 }, { usable: false, reason: 'archived' }],
    [{ Status: 0 }, { usable: false, reason: 'inactive' }],
    [{ BlockingStatus: 1 }, { usable: false, reason: 'blocked' }],
    [{ IsDossierDivision: true }, { usable: false, reason: 'dossier' }],
  ]
  it.each(divisions)('an administration %o', (part, expected) => {
    const found = {
      Code: 1234567,
      Hid: '100',
      Description: 'Proef BV',
      Country: 'NL ',
      Currency: 'EUR',
      Status: 1,
      BlockingStatus: 0,
      ...part,
    }
    expect(fromExactDivision(division.parse(found))).toMatchObject(expected)
  })
})

describe('settings', () => {
  it('are read when they are complete', () => {
    const stored = { defaultItem: id(1), salesJournal: '70', other: 1 }
    const usual = { attachDocument: true, salesInvoices: 'open', ownNumber: false }
    expect(readSettings(stored)).toEqual({ defaultItem: id(1), salesJournal: '70', ...usual })
    const chosen = { attachDocument: 'false', salesInvoices: 'printed', ownNumber: 'true' }
    expect(readSettings({ ...stored, ...chosen })).toMatchObject({
      attachDocument: false,
      salesInvoices: 'printed',
      ownNumber: true,
    })
  })
  it('name what is missing', () => {
    expect(() => readSettings({ defaultItem: 'UUR' })).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ kind: 'setup', values: { settings: 'defaultItem, salesJournal' } }),
      }),
    )
    expect(() => readSettings(undefined)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'settings-incomplete' }) }),
    )
  })
})
