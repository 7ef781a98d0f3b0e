import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import type { Bench } from '../conformance/bench.ts'
import { knownFrom, newCustomer, ourCustomer, readAll, readLists, salesEntry } from '../conformance/sample-documents.ts'
import type { Draft, Known } from '../contract/contract.ts'
import type { NewCustomer, SalesEntryDoc } from '../contract/documents.ts'
import type { CustomerRow } from '../contract/rows.ts'
import { packOne } from './posting.ts'
import { draftSalesEntry, toExactSalesEntry } from './sales-entries.ts'
import {
  addAccount,
  addFinancialYear,
  blockAccount,
  blockJournal,
  blockLedgerAccount,
  closePeriod,
  editAccount,
  editDivision,
  editRow,
  fillAccounts,
  findRow,
  removeFinancialYear,
  setInvoiceAddress,
  switchVatOff,
  takeRight,
  typeEntryByHand,
} from './simulator/bookkeeper.ts'
import { addFault } from './simulator/faults.ts'
import { discard, store } from './simulator/world-state.ts'
import { attempt, division, open, ready, sendOne, since } from './testing/at-the-simulator.ts'

describe('customers of Exact Online, read again', () => {
  const byCode = (rows: readonly CustomerRow[], code: string) => rows.find((row) => row.code === code)

  it('are those with status C at first, and what became of each later', async () => {
    const bench = await open()
    const first = await since(bench, 'customers', null)
    expect(first.rows.map(({ code }) => code).sort()).toEqual(['10005', '10009', '10012', '10017'])
    expect(byCode(first.rows, '10005')).toMatchObject({ isEnded: true })
    expect(byCode(first.rows, '10009')).toMatchObject({ isBlocked: true })
    editAccount(bench, '10012', { Status: 'P' })
    editAccount(bench, '10020', { Status: 'C' })
    const next = await since(bench, 'customers', first.mark)
    expect(next.rows.map(({ code, isCustomer }) => [code, isCustomer]).sort()).toEqual([
      ['10012', false],
      ['10020', true],
    ])
  })

  it('come with their invoice address, also when only that changed', async () => {
    const bench = await open()
    setInvoiceAddress(bench, '10012', {
      AddressLine1: 'Postbus 1',
      Postcode: '1000 AA',
      City: 'Amsterdam',
      Country: 'NL',
      Main: true,
    })
    const first = await since(bench, 'customers', null)
    const invoiceAddress = { line1: 'Postbus 1', postcode: '1000 AA', city: 'Amsterdam', country: 'NL' }
    expect(byCode(first.rows, '10012')).toMatchObject({ address: { city: 'Utrecht' }, invoiceAddress })
    expect(byCode(first.rows, '10017')).not.toHaveProperty('invoiceAddress')

    setInvoiceAddress(bench, '10017', { AddressLine1: 'Postfach 2', City: 'Nordhorn', Country: 'DE', Main: true })
    const second = await since(bench, 'customers', first.mark)
    expect(second.rows).toMatchObject([{ code: '10017', invoiceAddress: { line1: 'Postfach 2' } }])

    editAccount(bench, '10012', { City: 'Zeist' })
    const third = await since(bench, 'customers', second.mark)
    expect(third.rows).toMatchObject([{ code: '10012', address: { city: 'Zeist' }, invoiceAddress }])

    const removed = Object.values(bench.world.tables.Addresses ?? {}).find(
      ({ AddressLine1 }) => AddressLine1 === 'Postfach 2',
    )
    discard({ ...bench, now: bench.clock.now(), division, user: {} }, 'Addresses', String(removed?.ID), 3)
    const fourth = await since(bench, 'customers', third.mark)
    expect(fourth.rows).toMatchObject([{ code: '10017' }])
    expect(fourth.rows[0]).not.toHaveProperty('invoiceAddress')
    expect(fourth.gone).toEqual([])
  })

  it('are read anew on the day one of them ends, and when the log of deletions may be over', async () => {
    const bench = await open()
    editAccount(bench, '10012', { EndDate: '2026-04-10' })
    const { mark } = await since(bench, 'customers', null)
    bench.clock.advanceTo(new Date('2026-04-10T10:00:00Z'))
    expect(await since(bench, 'customers', mark)).toMatchObject({ reset: false, rows: [] })
    bench.clock.advanceTo(new Date('2026-04-11T10:00:00Z'))
    expect((await since(bench, 'customers', mark)).reset).toBe(true)
    const anew = await since(bench, 'customers', null)
    expect(byCode(anew.rows, '10012')).toMatchObject({ isEnded: true })
    // Access lives thirty days unused.
    bench.clock.advanceTo(new Date('2026-05-08T10:00:00Z'))
    await bench.books.administrations()
    bench.clock.advanceTo(new Date('2026-06-05T10:00:00Z'))
    expect((await since(bench, 'customers', anew.mark)).reset).toBe(false)
    bench.clock.advanceTo(new Date('2026-06-06T10:00:00Z'))
    expect((await since(bench, 'customers', anew.mark)).reset).toBe(true)
  })

  it('take a call for a thousand rows of each list, and none for a customer', async () => {
    const bench = await open()
    fillAccounts(bench, 3_500)
    const before = bench.seen.length
    const { rows, mark } = await since(bench, 'customers', null)
    expect(rows.length).toBeGreaterThan(3_500)
    const calls = bench.seen.slice(before).map(({ url }) => url.pathname.split('/').slice(4).join('/'))
    const times = (resource: string) => calls.filter((call) => call === resource).length
    expect(times('sync/CRM/Accounts')).toBe(Math.ceil(Object.keys(bench.world.tables.Accounts ?? {}).length / 1_000))
    expect(times('sync/CRM/Addresses')).toBe(1)
    expect(times('system/Divisions')).toBe(1)
    expect(calls).toHaveLength(6)

    editAccount(bench, '50001', { City: 'Zeist' })
    const again = bench.seen.length
    expect((await since(bench, 'customers', mark)).rows).toMatchObject([{ code: '50001' }])
    // Divisions, addresses, deletions, accounts: nobody of these has an invoice address to look up.
    expect(bench.seen.length - again).toBe(4)
  })

  it('are read anew when too many changed to ask for each address, or the mark is not ours', async () => {
    const bench = await open()
    const { mark } = await since(bench, 'customers', null)
    fillAccounts(bench, 401)
    expect((await since(bench, 'customers', mark)).reset).toBe(true)
    expect((await since(bench, 'customers', 'mark of something else')).reset).toBe(true)
  })

  it('leave out the other divisions that Exact Online keeps among the accounts', async () => {
    const bench = await open()
    addAccount(bench, { Name: 'Zusterbedrijf', Status: 'C', Country: 'NL', Code: '777' })
    const place = { world: bench.world, division, now: bench.clock.now() }
    const { ID, ...row } = findRow(bench, 'Accounts', '777')
    store(place, 'Accounts', String(ID), { ...row, ID, Type: 'D' })
    expect(byCode((await since(bench, 'customers', null)).rows, '777')).toBeUndefined()
  })

  it('cost a call for each thousand, and one for the division beside the addresses', async () => {
    const bench = await open()
    fillAccounts(bench, 2_000)
    const before = bench.seen.length
    const { rows } = await since(bench, 'customers', null)
    expect(rows.length).toBeGreaterThan(2_000)
    const paths = bench.seen.slice(before).map(({ url }) => url.pathname.split('/').slice(4).join('/'))
    const calls = (path: string) => paths.filter((each) => each === path).length
    expect(calls('sync/CRM/Accounts')).toBe(3)
    expect(paths.length - calls('sync/CRM/Accounts') - calls('sync/CRM/Addresses')).toBe(1)
  })
})

describe('the other lists, read again', () => {
  it('give items with the account of their group, anew when the group has another', async () => {
    const bench = await open()
    const first = await since(bench, 'items', null)
    const accounts = new Map((await readAll(bench.books, 'ledgerAccounts')).map(({ id, code }) => [id, code]))
    const table = first.rows.map((row) => [
      row.code,
      row.unusable,
      accounts.get(row.ledgerAccount ?? ''),
      row.ledgerAccountFrom,
    ])
    expect(table.sort()).toEqual([
      ['ABO', undefined, '8030', 'group'],
      ['HW', 'not-for-sale', '8030', 'group'],
      ['LIC', 'no-fractions', '8030', 'item'],
      ['ONK', undefined, '8095', 'group'],
      ['REIS', undefined, '8090', 'item'],
      ['TERM', undefined, '8040', 'item'],
      ['UREN-ADV', undefined, '8020', 'item'],
      ['UREN-EU', undefined, '8310', 'item'],
      ['UREN-ONT', undefined, '8010', 'group'],
      ['UREN-OUD', 'ended', '8010', 'item'],
    ])
    expect(await since(bench, 'items', first.mark)).toMatchObject({ reset: false, rows: [] })
    editRow(bench, 'ItemGroups', 'DIENST', { GLRevenue: findRow(bench, 'GLAccounts', '8020').ID })
    expect((await since(bench, 'items', first.mark)).reset).toBe(true)
  })

  it('give a ledger account again when it was blocked', async () => {
    const bench = await open()
    const { mark } = await since(bench, 'ledgerAccounts', null)
    blockLedgerAccount(bench, '8020')
    expect((await since(bench, 'ledgerAccounts', mark)).rows).toMatchObject([{ code: '8020', unusable: 'blocked' }])
  })

  it('name what is no longer in a list that has no row versions', async () => {
    const bench = await open()
    const first = await since(bench, 'journals', null)
    expect(first.rows.map(({ code, kind, unusable }) => [code, kind, unusable])).toContainEqual([
      '71',
      'sales',
      'blocked',
    ])
    delete bench.world.tables.Journals?.[String(findRow(bench, 'Journals', '71').ID)]
    expect(await since(bench, 'journals', first.mark)).toMatchObject({ reset: false, gone: ['71'] })
  })

  const vanished = [
    ['journals', 'financial/Journals'],
    ['vatCodes', 'vat/VATCodes'],
    ['paymentTerms', 'cashflow/PaymentConditions'],
    ['dimensions', 'hrm/Costcenters'],
    ['periods', 'financial/FinancialPeriods'],
  ] as const
  it.each(vanished)('call nothing gone when %s come back empty for want of a right', async (noun, list) => {
    const bench = await open()
    const { mark } = await since(bench, noun, null)
    const email = String(Object.values(bench.world.tables.Users ?? {})[0]?.Email)
    takeRight(bench, email, { path: `${list.split('/')[0]}/`, as: 'empty' })
    await expect(since(bench, noun, mark)).rejects.toMatchObject({
      problem: { kind: 'setup', code: 'list-not-shown', values: { list, listNl: expect.stringMatching(/\w/) } },
    })
  })

  it('are not read anew when the administration is not shown any more', async () => {
    const bench = await open()
    const { mark } = await since(bench, 'items', null)
    delete bench.world.tables.Divisions?.[String(division)]
    await expect(since(bench, 'items', mark)).rejects.toMatchObject({ problem: { code: 'administration-no-access' } })
  })

  it('say in which journals a period is closed', async () => {
    const bench = await open()
    closePeriod(bench.world, { month: '2026-01', journal: '70' })
    const periods = await readAll(bench.books, 'periods')
    expect(periods.find(({ id }) => id === '2026-01')).toMatchObject({
      from: '2026-01-01',
      until: '2026-01-31',
      closedIn: ['70'],
    })
    expect(periods.filter(({ closedIn }) => closedIn.length > 0)).toHaveLength(1)
  })

  it('keep cost centres and cost units apart', async () => {
    const bench = await open()
    const rows = await readAll(bench.books, 'dimensions')
    expect(rows.map(({ id, isEnded }) => [id, isEnded]).sort()).toEqual([
      ['costCentre:ADV', false],
      ['costCentre:ALG', false],
      ['costCentre:ONT', false],
      ['costCentre:OUD', true],
      ['costUnit:ONDERZ', false],
      ['costUnit:PORTAAL', false],
    ])
  })
})

describe('a preview agrees with the books', () => {
  type At = Awaited<ReturnType<typeof ready>>
  /** What a bookkeeper did, and how the document is meant to be wrong. */
  interface Case {
    readonly happen?: (at: At) => void
    readonly part?: (at: At) => Partial<SalesEntryDoc>
  }
  const firstLine = (part: object) => (at: At) => ({
    lines: salesEntry(at.chosen, 'A1').lines.map((line, index) => (index === 0 ? { ...line, ...part } : line)),
  })
  const demand = (change: object) => (at: At) => {
    editRow(at.bench, 'GLAccounts', codeOf(at.bench, at.chosen.ledgerAccount), { ...change })
  }
  const cases: readonly (readonly [string, Case])[] = [
    ['period-closed', { happen: ({ bench }) => closePeriod(bench.world, { month: '2026-03' }) }],
    ['financial-year-missing', { part: () => ({ date: calendarDate('2031-01-01') }) }],
    ['customer-blocked', { happen: ({ bench }) => void blockAccount(bench, '10012') }],
    ['customer-ended', { happen: ({ bench }) => void editAccount(bench, '10012', { EndDate: '2026-01-31' }) }],
    ['customer-not-customer', { happen: ({ bench }) => void editAccount(bench, '10012', { Status: 'P' }) }],
    ['journal-unknown', { part: () => ({ journal: '99' }) }],
    ['journal-type', { part: () => ({ journal: '90' }) }],
    ['journal-blocked', { happen: ({ bench }) => void blockJournal(bench, '70') }],
    [
      'journal-currency',
      {
        happen: ({ bench }) => void editRow(bench, 'Journals', '70', { AllowVariableCurrency: false }),
        part: () => ({ currency: 'USD' }),
      },
    ],
    [
      'payment-condition-unknown',
      {
        happen: ({ bench }) => void editAccount(bench, '10012', { PaymentConditionSales: null }),
        part: () => ({ paymentTerm: '99' }),
      },
    ],
    ['ledger-account-blocked', { happen: demand({ IsBlocked: true }) }],
    [
      'ledger-account-type',
      { part: (at) => firstLine({ ledgerAccount: String(findRow(at.bench, 'GLAccounts', '1300').ID) })(at) },
    ],
    ['vat-code-unknown', { part: firstLine({ vatCode: 'X' }) }],
    ['vat-code-blocked', { part: firstLine({ vatCode: '19' }) }],
    ['vat-code-not-allowed', { part: firstLine({ vatCode: '5' }) }],
    ['vat-code-including', { part: firstLine({ vatCode: '4' }) }],
    ['vat-amount-without-vat', { part: firstLine({ vatCode: '6' }) }],
    ['cost-centre-unknown', { part: firstLine({ costCentre: 'NIETS' }) }],
    ['cost-centre-unknown', { part: firstLine({ costCentre: 'OUD' }) }],
    ['cost-centre-missing', { happen: demand({ UseCostcenter: 1 }) }],
    ['cost-centre-link', { happen: demand({ UseCostcenter: 2 }), part: firstLine({ costCentre: 'ADV' }) }],
    ['cost-unit-missing', { happen: demand({ UseCostunit: 1 }) }],
  ]
  const codeOf = (bench: Bench, id: string) => String(bench.world.tables.GLAccounts?.[id]?.Code)

  describe.each(['nl', 'en'] as const)('in %s', (language) => {
    it.each(cases)('on %s', async (code, { happen, part }) => {
      const at = await ready(language)
      const customer = String(findRow(at.bench, 'Accounts', '10012').ID)
      happen?.(at)
      const document = { ...salesEntry(at.chosen, 'A1'), ...part?.(at) }
      const known = knownFrom(
        { ...(await readLists(at.bench.books)), customers: (await since(at.bench, 'customers', null)).rows },
        { [`customer/${ourCustomer}`]: customer },
      )
      const draft = draftSalesEntry(document, withAll(at.bench, known), language)
      expect('problems' in draft && [...new Set(draft.problems.map((problem) => problem.code))]).toEqual([code])

      // Sent all the same, past the preview.
      const body = toExactSalesEntry(document, {
        customer,
        language,
        paymentTerm: document.paymentTerm,
        vatKind: () => 'excluding',
      })
      const bare = { reference: 'A1', group: '', body, units: 1, expects: null, key: '', notes: [] }
      const packed = packOne(String(division), 'salesentry/SalesEntries', [bare])
      const outcome = (await at.entries.send(packed, [bare], attempt(at.bench))).get('A1')
      expect(outcome).toMatchObject({ is: 'refused', problem: { code } })
      expect(at.bench.world.state.breaches).toEqual({})
    })
  })

  /** A prospect is in no list of customers; a look at the books shows it. */
  function withAll(bench: Bench, known: Known): Known {
    const row = findRow(bench, 'Accounts', '10012')
    const prospect: CustomerRow = {
      id: String(row.ID),
      code: '10012',
      name: String(row.Name),
      address: {},
      isCustomer: row.Status === 'C',
      isBlocked: row.Blocked === true,
      isEnded: false,
    }
    return {
      ...known,
      row: (noun, id) =>
        known.row(noun, id) ?? ((noun === 'customers' && id === prospect.id ? prospect : undefined) as never),
    }
  }

  it('but not on a journal without VAT, which no list shows: the books say it', async () => {
    const at = await ready()
    switchVatOff(at.bench, '70')
    const { outcome } = await sendOne(at.bench, at.entries, salesEntry(at.chosen, 'A1'), at.known)
    expect(outcome).toMatchObject({ is: 'refused', problem: { code: 'vat-code-not-allowed' } })
  })
})

describe('a sales entry in the books of Exact Online', () => {
  it('keeps our VAT where Exact Online would compute another', async () => {
    const { bench, chosen, known, entries } = await ready()
    // Three times 12.33 at 21 %: 7.77 over the sum, 3 × 2.59 = 7.77; ours puts the cents elsewhere.
    const model = salesEntry(chosen, 'V1').lines[0]
    if (!model) return
    const lines = ['2.58', '2.59', '2.60'].map((vat) => ({ ...model, net: decimal('12.33'), vat: decimal(vat) }))
    const document = {
      ...salesEntry(chosen, 'V1'),
      lines,
      net: decimal('36.99'),
      vat: decimal('7.77'),
      gross: decimal('44.76'),
    }
    const { outcome } = await sendOne(bench, entries, document, known)
    expect(outcome).toMatchObject({ is: 'posted', receipt: { gross: '44.76', vat: '7.77' } })
    expect(outcome).not.toHaveProperty('differs')
    expect(
      bench
        .booked()
        .find(({ reference }) => reference === 'V1')
        ?.lines.map(({ vat }) => Number(vat)),
    ).toEqual([2.58, 2.59, 2.6])
  })

  it('is posted with a difference, said aloud, when the books came to another total', async () => {
    const { bench, chosen, known, entries } = await ready()
    const draft = entries.draft(salesEntry(chosen, 'D1'), known) as Draft
    const other: Draft = { ...draft, expects: { gross: '999.99', vat: '1.00', currency: 'EUR' } }
    const outcome = (await entries.send(entries.pack([other], attempt(bench)), [other], attempt(bench))).get('D1')
    expect(outcome).toMatchObject({ is: 'posted', differs: { gross: '999.99', theirs: draft.expects?.gross } })
  })

  it('is booked in another period with its own date', async () => {
    const { bench, chosen, known, entries } = await ready()
    closePeriod(bench.world, { month: '2026-02' })
    const document = {
      ...salesEntry(chosen, 'B1', { date: calendarDate('2026-02-27') }),
      bookIn: calendarDate('2026-03-01'),
    }
    const { outcome } = await sendOne(bench, entries, document, known)
    expect(outcome?.is).toBe('posted')
    const [row] = Object.values(bench.world.tables.SalesEntries ?? {})
    expect(row).toMatchObject({ EntryDate: '2026-02-27', ReportingYear: 2026, ReportingPeriod: 3 })
  })

  it('is not mistaken for what a person typed, and adopted when that is the same', async () => {
    const { bench, chosen, known, entries } = await ready()
    const document = salesEntry(chosen, 'H1')
    const draft = entries.draft(document, known) as Draft
    const typed = { customer: '10012', reference: document.invoiceNumber, date: '2026-03-31' }
    const chosenCode = String(bench.world.tables.Accounts?.[chosen.customer]?.Code)
    const find = async () => (await entries.find([draft], bench.clock.now())).get('H1')
    const revenue = String(bench.world.tables.GLAccounts?.[chosen.ledgerAccount]?.Code)
    const line = (net: string, vatCode: string) => ({ ledgerAccount: revenue, net, vatCode })

    typeEntryByHand(bench, { ...typed, customer: chosenCode, lines: [line('1', '0')] })
    expect(await find()).toMatchObject({ is: 'different', why: 'gross' })
    await entries.send(entries.pack([draft], attempt(bench)), [draft], attempt(bench))
    expect(await find()).toMatchObject({ is: 'same', receipt: { gross: document.gross } })
  })

  it('is unknown, never absent, when the books cannot be read', async () => {
    const { bench, chosen, known, entries } = await ready()
    const draft = entries.draft(salesEntry(chosen, 'U1'), known) as Draft
    addFault(bench.world, 'serverError', { on: 'GET salesentry/SalesEntries', times: 1 })
    expect((await entries.find([draft], bench.clock.now())).get('U1')).toMatchObject({
      is: 'unknown',
      problem: { kind: 'temporary', code: 'package-unavailable' },
    })
  })

  it('is gone when somebody removed it', async () => {
    const { bench, chosen, known, entries } = await ready()
    const { outcome } = await sendOne(bench, entries, salesEntry(chosen, 'G1'), known)
    const id = outcome?.is === 'posted' ? outcome.receipt.id : ''
    const missing = '00000000-0000-4000-8000-000000000009'
    const read = await entries.read?.([id, missing])
    expect(read?.get(missing)).toBe('gone')
    expect(read?.get(id)).toMatchObject({ id })
  })
})

describe('a customer made in Exact Online', () => {
  it('is found by code, then VAT id, then KvK, then name and postcode', async () => {
    const { bench, customers, known } = await ready()
    const sought = async (part: Partial<NewCustomer>) => {
      const document = { ...newCustomer('C1', { name: 'Onbekend' }), ...part }
      const draft = customers.draft(document, known) as Draft
      return (await customers.find([draft], bench.clock.now())).get('C1')
    }
    const { ID: id, VATNumber, ChamberOfCommerce, Name, Postcode } = findRow(bench, 'Accounts', '10012')
    const [vatId = '', kvk = '', name = '', postcode = ''] = [VATNumber, ChamberOfCommerce, Name, Postcode].map(String)
    expect(await sought({})).toEqual({ is: 'absent' })
    expect(await sought({ number: '10012', name })).toMatchObject({ is: 'same', receipt: { id, number: '10012' } })
    expect(await sought({ number: '10012' })).toMatchObject({ is: 'different', why: 'name' })
    const dotted = `${vatId.slice(0, 6)}.${vatId.slice(6)}`.toLowerCase()
    expect(await sought({ vatId: dotted })).toMatchObject({ is: 'same', receipt: { id } })
    expect(await sought({ kvk })).toMatchObject({ is: 'same', receipt: { id } })
    expect(await sought({ name, address: { postcode } })).toMatchObject({ is: 'same', receipt: { id } })
    expect(await sought({ number: '10012', vatId: 'NL999999999B01' })).toMatchObject({ is: 'different', why: 'vatId' })
    const supplier = String(findRow(bench, 'Accounts', '20001').Name)
    expect(await sought({ number: '20001', name: supplier })).toMatchObject({ is: 'different', why: 'not-customer' })
    addAccount(bench, { Name: 'Van Dalen Zusje', Status: 'C', VATNumber: vatId })
    expect(await sought({ vatId })).toMatchObject({ is: 'several' })
  })

  it('gets a number of Exact Online when it has none of ours', async () => {
    const { bench, customers, known } = await ready()
    const { outcome } = await sendOne(bench, customers, newCustomer('N1'), known)
    const number = outcome?.is === 'posted' ? outcome.receipt.number : undefined
    expect(number).toMatch(/^\d+$/)
    expect((await readAll(bench.books, 'customers')).find(({ code }) => code === number)).toMatchObject({
      name: 'Timmerwerken Ü & Zn',
    })
  })

  it('is refused, not doubled, when the number is taken', async () => {
    const { bench, customers, known } = await ready()
    const { outcome } = await sendOne(bench, customers, newCustomer('T1', { number: '10012' }), known)
    expect(outcome).toMatchObject({ is: 'refused', problem: { code: 'already-exists' } })
  })
})

describe('the health of a connection', () => {
  const expected = { currency: 'EUR', today: calendarDate('2026-03-31') }
  const user = ({ world }: Bench) => String(Object.values(world.tables.Users ?? {})[0]?.Email)
  const states = async (bench: Bench) =>
    new Map((await bench.books.health(expected)).map(({ about, state, code }) => [about, `${state} ${code}`]))

  it('is good in the small firm', async () => {
    expect([...(await states(await open()))]).toEqual([
      ['access', 'good connected'],
      ['administration', 'good administration-usable'],
      ['currency', 'good currency-equal'],
      ['rights', 'good rights-complete'],
      ['period', 'good period-open'],
    ])
  })

  it('takes lists that are empty for a right that is missing', async () => {
    const bench = await open()
    addFault(bench.world, 'missingRight', { on: 'GET financial/Journals' })
    addFault(bench.world, 'missingRight', { on: 'GET vat/VATCodes' })
    const rights = (await bench.books.health(expected)).filter(({ about }) => about === 'rights')
    expect(rights).toEqual([
      { about: 'rights', state: 'bad', code: 'rights-missing', values: { lists: 'journals' } },
      { about: 'rights', state: 'bad', code: 'rights-missing', values: { lists: 'vatCodes' } },
    ])
  })

  const rights: [string, 'empty' | 'refused', object[]][] = [
    ['salesentry/', 'refused', [{ state: 'bad', code: 'rights-missing', values: { lists: 'salesEntries' } }]],
    ['crm/', 'refused', [{ state: 'bad', code: 'rights-missing', values: { lists: 'customers' } }]],
    ['salesentry/', 'empty', [{ state: 'bad', code: 'rights-missing', values: { lists: 'salesEntries' } }]],
    ['salesinvoice/', 'empty', [{ state: 'attention', code: 'rights-missing-invoicing' }]],
    ['financial/journals', 'empty', [{ state: 'bad', code: 'rights-missing', values: { lists: 'journals' } }]],
    ['salesinvoice/', 'refused', [{ state: 'attention', code: 'rights-missing-invoicing' }]],
    ['documents/', 'refused', [{ state: 'attention', code: 'rights-missing-documents' }]],
    ['sync/cashflow', 'refused', [{ state: 'attention', code: 'rights-missing-payments' }]],
    ['financial/financialperiods', 'refused', [{ state: 'bad', code: 'rights-missing', values: { lists: 'periods' } }]],
    ['financial/financialperiods', 'empty', [{ state: 'bad', code: 'rights-missing', values: { lists: 'periods' } }]],
    ['read/financial', 'refused', [{ state: 'bad', code: 'rights-missing', values: { lists: 'periods' } }]],
  ]
  it.each(rights)('names what cannot be done without a right to %s (%s)', async (path, as, expectedRights) => {
    const bench = await open()
    takeRight(bench, user(bench), { path, as })
    const found = (await bench.books.health(expected)).filter(({ about }) => about === 'rights')
    expect(found).toMatchObject(expectedRights)
    expect(found).toHaveLength(expectedRights.length)
  })

  it('tells what was done to the sales journal', async () => {
    const bench = await open()
    const journal = async () =>
      (await bench.books.health(expected)).flatMap(({ code, values }) =>
        code.startsWith('sales-journal') ? [[code, values?.journal]] : [],
      )
    expect(await journal()).toEqual([])
    editRow(bench, 'Journals', '70', { IsBlocked: true })
    expect(await journal()).toEqual([['sales-journal-blocked', expect.stringMatching(/^70 /)]])
    editRow(bench, 'Journals', '70', { Type: 90 })
    expect(await journal()).toEqual([['sales-journal-type', expect.stringMatching(/^70 /)]])
    delete bench.world.tables.Journals?.[String(findRow(bench, 'Journals', '70').ID)]
    expect(await journal()).toEqual([['sales-journal-gone', '70']])
  })

  it('compares company numbers where both sides have one', async () => {
    const bench = await open()
    editDivision(bench, { VATNumber: 'NL123456789B01', ChamberOfCommerceNumber: '12345678' })
    const codes = async (part: object) =>
      (await bench.books.health({ ...expected, ...part })).flatMap(({ code, state }) =>
        code.endsWith('-differs') ? [[code, state]] : [],
      )
    expect(await codes({ vatId: 'NL1234.56.789.B01', kvk: '1234 5678' })).toEqual([])
    expect(await codes({})).toEqual([])
    expect(await codes({ vatId: 'NL987654321B01', kvk: '87654321', currency: 'USD' })).toEqual([
      ['vat-id-differs', 'attention'],
      ['kvk-differs', 'attention'],
      ['currency-differs', 'attention'],
    ])
  })

  it('tells in December that the new year was not made yet', async () => {
    const bench = await open()
    const ahead = async (today: string) =>
      (await bench.books.health({ ...expected, today: calendarDate(today) })).flatMap(
        ({ about, state, code, values }) => (about === 'period' ? [[state, code, values?.date]] : []),
      )
    removeFinancialYear(bench, 2027)
    expect(await ahead('2026-11-20')).toEqual([['good', 'period-open', undefined]])
    expect(await ahead('2026-12-05')).toEqual([
      ['good', 'period-open', undefined],
      ['attention', 'next-year-missing', '2027-01-01'],
    ])
    expect(await ahead('2027-01-01')).toEqual([['bad', 'period-missing', '2027-01-01']])
    addFinancialYear(bench, 2027)
    expect(await ahead('2026-12-05')).toEqual([['good', 'period-open', undefined]])
  })

  it('looks at the period in the sales journal that was chosen', async () => {
    const bench = await open()
    closePeriod(bench.world, { month: '2026-03', journal: '71' })
    expect((await states(bench)).get('period')).toBe('good period-open')
    closePeriod(bench.world, { month: '2026-03', journal: '70' })
    expect((await states(bench)).get('period')).toBe('attention period-closed')
  })

  it('tells of a closed period, an archived administration, and one that was not granted', async () => {
    const bench = await open()
    closePeriod(bench.world, { month: '2026-03' })
    expect((await states(bench)).get('period')).toBe('attention period-closed')
    editDivision(bench, { Status: 2 })
    expect((await states(bench)).get('administration')).toBe('bad administration-archived')
    delete bench.world.tables.Divisions?.[String(division)]
    expect((await states(bench)).get('administration')).toBe('bad administration-not-granted')
  })

  it('names an inactive user as a reason to reconnect', async () => {
    const bench = await open()
    addFault(bench.world, 'inactiveUser', {})
    await expect(bench.books.health(expected)).rejects.toMatchObject({
      problem: { kind: 'reconnect', code: 'user-inactive', theirStatus: 403 },
    })
  })
})
