import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Invoice, InvoiceLine } from '../invoicing/invoice.ts'
import { invoiceForTests, lineForTests as line } from '../invoicing/invoice-for-tests.ts'
import { type VatTreatment, vatTreatments } from '../invoicing/vat-cases.ts'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { type Decimal, decimal, negate, sameAmount, sum, times, toCents } from '../shared/money.ts'
import { type AuditBooks, AuditTotals, type AuditTransaction, auditTransaction } from './audit-file.ts'
import { at, auditFileFaults, parseXml, textAt } from './audit-file-schema-for-tests.ts'
import { type AuditHead, auditFileEnd, auditFileHead, auditTransactionXml } from './audit-file-xml.ts'

const withoutPackage: AuditBooks = {
  currency: 'EUR',
  items: {},
  rules: [],
  accounts: new Map(),
  vatCodes: new Map(),
  words: {
    debtors: 'Debiteuren',
    rounding: 'Koersafronding',
    revenue: (treatment) => `Omzet ${treatment}`,
    vatOwed: (treatment) => `Btw ${treatment}`,
    vat: (treatment, rate) => `${treatment} ${rate}%`,
    transaction: ({ kind, number }) => `${kind} ${number}`,
  },
}
/** Hours at the standard rate have a rule; nothing else has. */
const withPackage: AuditBooks = {
  ...withoutPackage,
  items: { default: 'HOURS' },
  rules: [{ item: 'HOURS', vatTreatment: 'domestic-standard', ledgerAccount: 'guid-8000', vatCode: 'guid-2' }],
  accounts: new Map([['guid-8000', { id: '8000', description: 'Omzet advies', kind: 'result' }]]),
  vatCodes: new Map([['guid-2', { id: '2', description: 'Btw hoog' }]]),
}

const sent = (change: Partial<Invoice> = {}) =>
  invoiceForTests({ state: 'sent', number: '2026-0007', ...change }) as Invoice
const taxed = (net: string, treatment: VatTreatment, rate: string, change: Partial<InvoiceLine> = {}) =>
  line({ unitPrice: decimal(net), vatTreatment: treatment, vatRate: decimal(rate), description: treatment, ...change })
const booked = (invoice: Invoice, books = withoutPackage): AuditTransaction => {
  const made = auditTransaction(invoice, books)
  return 'transaction' in made ? made.transaction : expect.fail(JSON.stringify(made.problem))
}
/** `8000 C 100.00 / 21.00`, as a bookkeeper writes it; behind the stroke the VAT over the line. */
const written = ({ lines }: AuditTransaction) =>
  lines.map(({ account, side, amount, vat, foreign }) =>
    [
      account.id,
      side === 'debit' ? 'D' : 'C',
      amount,
      ...(vat ? [`/ ${vat.code.id} ${vat.amount} ${vat.side === 'debit' ? 'D' : 'C'}`] : []),
      ...(foreign ? [`(${foreign.currency} ${foreign.amount})`] : []),
    ].join(' '),
  )

const usd = (rate: string, lines: readonly InvoiceLine[], change: Partial<Invoice> = {}) => {
  const invoice = sent({ currency: 'USD', lines, ...change })
  const vat = toCents(times(invoice.totals.vat, decimal(rate)))
  return { ...invoice, exchange: { rate: decimal(rate), source: 'ECB', date: day('2026-03-31'), vat } }
}

describe('an invoice as a transaction of an audit file', () => {
  it.each<[string, Invoice, AuditBooks, readonly string[]]>([
    [
      'one hour at 21 %',
      sent(),
      withoutPackage,
      [
        'UW-DEBTORS D 121.00',
        'UW-REVENUE-domestic-standard C 100.00 / UW-domestic-standard-21 21.00 C',
        'UW-VAT-domestic-standard C 21.00',
      ],
    ],
    [
      'the same with a posting rule: account and code of the package',
      sent(),
      withPackage,
      ['UW-DEBTORS D 121.00', '8000 C 100.00 / 2 21.00 C', 'UW-VAT-domestic-standard C 21.00'],
    ],
    [
      'two rates, of which one has no rule, and two lines that are booked alike',
      sent({
        lines: [
          taxed('37.50', 'domestic-standard', '21'),
          taxed('80', 'domestic-reduced', '9'),
          taxed('12.50', 'domestic-standard', '21'),
        ],
      }),
      withPackage,
      [
        'UW-DEBTORS D 147.70',
        '8000 C 50.00 / 2 10.50 C',
        'UW-REVENUE-domestic-reduced C 80.00 / UW-domestic-reduced-9 7.20 C',
        'UW-VAT-domestic-standard C 10.50',
        'UW-VAT-domestic-reduced C 7.20',
      ],
    ],
    [
      'reverse charge: the code is told, with no VAT',
      sent({ lines: [taxed('100', 'eu-business', '0')] }),
      withoutPackage,
      ['UW-DEBTORS D 100.00', 'UW-REVENUE-eu-business C 100.00 / UW-eu-business-0 0.00 C'],
    ],
    [
      'a disbursement is no revenue',
      sent({ lines: [taxed('15', 'disbursement', '0')] }),
      withoutPackage,
      ['UW-DEBTORS D 15.00', 'UW-DISBURSEMENTS C 15.00 / UW-disbursement-0 0.00 C'],
    ],
    [
      'more taken off at a rate than sold at it',
      sent({ lines: [taxed('100', 'domestic-standard', '21'), taxed('-10', 'domestic-reduced', '9')] }),
      withoutPackage,
      [
        'UW-DEBTORS D 110.10',
        'UW-REVENUE-domestic-standard C 100.00 / UW-domestic-standard-21 21.00 C',
        'UW-REVENUE-domestic-reduced D 10.00 / UW-domestic-reduced-9 0.90 D',
        'UW-VAT-domestic-standard C 21.00',
        'UW-VAT-domestic-reduced D 0.90',
      ],
    ],
    [
      'nothing to pay at all',
      sent({ lines: [taxed('0', 'domestic-standard', '21')] }),
      withoutPackage,
      ['UW-DEBTORS D 0.00', 'UW-REVENUE-domestic-standard C 0.00 / UW-domestic-standard-21 0.00 C'],
    ],
    [
      'a credit note: everything the other way round',
      sent({ kind: 'credit', lines: [taxed('-100', 'domestic-standard', '21')] }),
      withPackage,
      ['UW-DEBTORS C 121.00', '8000 D 100.00 / 2 21.00 D', 'UW-VAT-domestic-standard D 21.00'],
    ],
    [
      'dollars, at the rate of the invoice',
      usd('0.9', [taxed('100', 'domestic-standard', '21')]),
      withoutPackage,
      [
        'UW-DEBTORS D 108.90 (USD 121.00)',
        'UW-REVENUE-domestic-standard C 90.00 / UW-domestic-standard-21 18.90 C (USD 100.00)',
        'UW-VAT-domestic-standard C 18.90 (USD 21.00)',
      ],
    ],
    [
      'dollars of which the rounded parts are a cent more than the rounded whole: that cent has its own line',
      usd('0.9', [taxed('0.05', 'domestic-standard', '21')]),
      withoutPackage,
      [
        'UW-DEBTORS D 0.05 (USD 0.06)',
        'UW-REVENUE-domestic-standard C 0.05 / UW-domestic-standard-21 0.01 C (USD 0.05)',
        'UW-VAT-domestic-standard C 0.01 (USD 0.01)',
        'UW-ROUNDING D 0.01',
      ],
    ],
    [
      'dollars at two rates: the euros of the VAT are those that the invoice states',
      usd('0.3333', [taxed('1', 'domestic-standard', '21'), taxed('1', 'domestic-reduced', '9')]),
      withoutPackage,
      [
        'UW-DEBTORS D 0.77 (USD 2.30)',
        'UW-REVENUE-domestic-standard C 0.34 / UW-domestic-standard-21 0.07 C (USD 1.00)',
        'UW-REVENUE-domestic-reduced C 0.33 / UW-domestic-reduced-9 0.03 C (USD 1.00)',
        'UW-VAT-domestic-standard C 0.07 (USD 0.21)',
        'UW-VAT-domestic-reduced C 0.03 (USD 0.09)',
      ],
    ],
  ])('%s', (_, invoice, books, lines) => expect(written(booked(invoice, books))).toEqual(lines))

  it('names customer, order number and what each line sold', () => {
    const { lines, ...about } = booked(sent({ orderNumber: 'PO-1', lines: [line(), line({ description: 'Tweede' })] }))
    expect(about).toEqual({
      number: '2026-0007',
      date: '2026-03-31',
      month: 3,
      customerId: 'bakker',
      description: 'invoice 2026-0007',
    })
    expect(lines.map(({ description }) => description)).toEqual([
      'Bakkerij Zon',
      'Advies, maart 2026 (+ 1)',
      'domestic-standard 21%',
    ])
    expect(lines.map(({ customerId, orderNumber }) => [customerId, orderNumber])).toEqual([
      ['bakker', 'PO-1'],
      [undefined, undefined],
      [undefined, undefined],
    ])
  })

  it.each([
    ['has none', { exchange: null }],
    ['is to another currency than that of the firm today', { firm: { ...sent().firm, currency: 'GBP' } }],
  ])('is refused by name where its exchange rate %s', (_, change) => {
    const invoice = { ...usd('0.9', [line()]), ...change }
    expect(auditTransaction(invoice, withoutPackage)).toEqual({
      problem: {
        kind: 'setup',
        code: 'audit-file-no-rate',
        values: { number: '2026-0007', currency: 'USD', firmCurrency: 'EUR' },
      },
    })
  })

  it('takes no account whose code is longer than the file holds', () => {
    const accounts = new Map([
      ['guid-8000', { id: '8'.repeat(36), description: 'Omzet advies', kind: 'result' as const }],
    ])
    expect(written(booked(sent(), { ...withPackage, accounts }))[1]).toContain('UW-REVENUE-domestic-standard')
  })

  it('has codes of its own that fit, for every VAT treatment', () => {
    for (const treatment of vatTreatments) {
      const { lines } = booked(sent({ lines: [taxed('10', treatment, '5.25')] }))
      const ids = lines.flatMap(({ account, vat }) => [account.id, ...(vat ? [vat.code.id] : [])])
      expect(ids.filter((id) => id.length > 35)).toEqual([])
    }
  })
})

const anyLine = fc
  .record({
    cents: fc.integer({ min: -50_000, max: 2_000_000 }),
    taxed: fc.constantFrom<[VatTreatment, string]>(
      ['domestic-standard', '21'],
      ['domestic-reduced', '9'],
      ['eu-business', '0'],
      ['disbursement', '0'],
    ),
  })
  .map(({ cents, taxed: [treatment, rate] }) =>
    line({
      quantity: decimal('1'),
      unitPrice: times(decimal(String(cents)), decimal('0.01')),
      vatTreatment: treatment,
      vatRate: decimal(rate),
    }),
  )
const anyInvoice = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 12 }),
    rate: fc.option(fc.integer({ min: 1, max: 500_000_000 })),
    isCredit: fc.boolean(),
  })
  .map(({ lines, rate, isCredit }) => {
    const signed = lines.map((one) => (isCredit ? { ...one, quantity: decimal('-1'), net: negate(one.net) } : one))
    const change = { kind: isCredit ? ('credit' as const) : ('invoice' as const) }
    return rate === null
      ? sent({ ...change, lines: signed })
      : usd(times(decimal(String(rate)), decimal('0.00000001')), signed, change)
  })
const sumOf = ({ lines }: AuditTransaction, side: string) =>
  sum(lines.filter((one) => one.side === side).map(({ amount }) => amount))
const signed = (lines: AuditTransaction['lines']): Decimal =>
  sum(lines.map(({ side, amount }) => (side === 'credit' ? amount : negate(amount))))

it('balances every invoice to the cent, whatever its currency, with the VAT that it states', () => {
  fc.assert(
    fc.property(anyInvoice, (invoice) => {
      const transaction = booked(invoice, withPackage)
      expect(sameAmount(sumOf(transaction, 'debit'), sumOf(transaction, 'credit'))).toBe(true)
      const rate = invoice.exchange?.rate ?? decimal('1')
      const [debtor, ...others] = transaction.lines
      expect(signed(debtor ? [debtor] : [])).toBe(
        negate(toCents(times(invoice.totals.gross, rate))).replace(/^-?0\.00$/, '0'),
      )
      const vat = others.filter(({ account }) => account.id.startsWith('UW-VAT-'))
      expect(sameAmount(signed(vat), invoice.exchange?.vat ?? invoice.totals.vat)).toBe(true)
      const overLines = others.flatMap((one) =>
        one.vat ? [one.vat.side === 'credit' ? one.vat.amount : negate(one.vat.amount)] : [],
      )
      expect(sameAmount(sum(overLines), signed(vat))).toBe(true)
      const rounding = others.filter(({ account }) => account.id === 'UW-ROUNDING')
      expect(rounding.every(({ amount }) => amount === '0.01')).toBe(true)
      expect(rounding.length).toBeLessThanOrEqual(invoice.exchange ? 1 : 0)
    }),
    { seed: 20260331, numRuns: 300 },
  )
})

it('turns all sides of an invoice for the note that takes it back', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), (lines) => {
      const back = lines.map((one) => ({ ...one, quantity: decimal('-1'), net: negate(one.net) }))
      const [there, here] = [booked(sent({ lines })), booked(sent({ kind: 'credit', lines: back }))]
      expect(here.lines.map(({ account, amount }) => [account.id, amount])).toEqual(
        there.lines.map(({ account, amount }) => [account.id, amount]),
      )
      expect(sameAmount(signed(here.lines), negate(signed(there.lines)))).toBe(true)
    }),
    { seed: 20260331 },
  )
})

const head = (transactions: readonly AuditTransaction[], change: Partial<AuditHead> = {}): AuditHead => {
  const totals = new AuditTotals()
  for (const transaction of transactions) totals.add(transaction)
  return {
    fiscalYear: 2026,
    from: day('2026-01-01'),
    until: day('2026-12-31'),
    currency: 'EUR',
    createdOn: day('2026-04-01'),
    software: { name: 'Uurwerk', version: '1.2.3' },
    company: {
      name: 'Voorbeeld Advies',
      country: 'NL',
      vatId: 'NL123456782B01',
      kvk: '12345678',
      address: { street: 'Kade 2\nUnit B', postcode: '4321 BA', city: 'Zwolle', country: 'NL' },
    },
    customers: [
      {
        id: '1001',
        name: 'Bakkerij Zon',
        phone: null,
        email: null,
        website: null,
        kvk: null,
        vatId: null,
        iban: null,
        visitAddress: null,
        invoiceAddress: null,
      },
    ],
    totals,
    journal: { id: 'UW-SALES', description: 'Verkoop, gedeeltelijk' },
    remarks: ['Alleen verkoopfacturen'],
    cutRemark: ({ element, of, whole }) => `${element} ${of}: ${whole}`,
    monthName: (from) => from.slice(0, 7),
    ...change,
  }
}
const customerIds = new Map([['bakker', '1001']])
const file = (transactions: readonly AuditTransaction[], change: Partial<AuditHead> = {}) =>
  auditFileHead(head(transactions, change)) +
  transactions.map((transaction) => auditTransactionXml(transaction, customerIds)).join('') +
  auditFileEnd

describe('the XML of an audit file', () => {
  it('reads as the schema orders it', () => {
    const xml = file([booked(sent({ orderNumber: 'PO-1' }), withPackage)])
    expect(auditFileFaults(xml)).toEqual([])
    expect(xml.slice(xml.indexOf('<transactions>'))).toBe(`<transactions>
      <linesCount>3</linesCount>
      <totalDebit>121.00</totalDebit>
      <totalCredit>121.00</totalCredit>
      <journal>
        <jrnID>UW-SALES</jrnID>
        <desc>Verkoop, gedeeltelijk</desc>
        <jrnTp>S</jrnTp>
        <transaction>
          <nr>2026-0007</nr>
          <desc>invoice 2026-0007</desc>
          <periodNumber>3</periodNumber>
          <trDt>2026-03-31</trDt>
          <trLine>
            <nr>1</nr>
            <accID>UW-DEBTORS</accID>
            <docRef>2026-0007</docRef>
            <effDate>2026-03-31</effDate>
            <desc>Bakkerij Zon</desc>
            <amnt>121.00</amnt>
            <amntTp>D</amntTp>
            <custSupID>1001</custSupID>
            <invRef>2026-0007</invRef>
            <orderRef>PO-1</orderRef>
          </trLine>
          <trLine>
            <nr>2</nr>
            <accID>8000</accID>
            <docRef>2026-0007</docRef>
            <effDate>2026-03-31</effDate>
            <desc>Advies, maart 2026</desc>
            <amnt>100.00</amnt>
            <amntTp>C</amntTp>
            <vat>
              <vatID>2</vatID>
              <vatPerc>21</vatPerc>
              <vatAmnt>21.00</vatAmnt>
              <vatAmntTp>C</vatAmntTp>
            </vat>
          </trLine>
          <trLine>
            <nr>3</nr>
            <accID>UW-VAT-domestic-standard</accID>
            <docRef>2026-0007</docRef>
            <effDate>2026-03-31</effDate>
            <desc>domestic-standard 21%</desc>
            <amnt>21.00</amnt>
            <amntTp>C</amntTp>
          </trLine>
        </transaction>
      </journal>
    </transactions>
  </company>
</auditfile>
`)
  })

  it('is as the schema orders it for every mix of invoices, and its totals are those of its lines', () => {
    fc.assert(
      fc.property(fc.array(anyInvoice, { maxLength: 4 }), (invoices) => {
        const xml = file(invoices.map((invoice) => booked(invoice, withPackage)))
        expect(auditFileFaults(xml)).toEqual([])
        const { root } = parseXml(xml)
        const lines = at(root, 'company/transactions/journal/transaction/trLine')
        expect(textAt(root, 'company/transactions/linesCount')).toBe(String(lines.length))
        for (const [side, total] of [
          ['D', 'totalDebit'],
          ['C', 'totalCredit'],
        ]) {
          const amounts = lines
            .filter((one) => textAt(one, 'amntTp') === side)
            .map((one) => decimal(textAt(one, 'amnt') ?? ''))
          expect(textAt(root, `company/transactions/${total}`)).toBe(toCents(sum(amounts)))
        }
      }),
      { seed: 20260331, numRuns: 50 },
    )
  })

  it('names the account on which VAT of its own code is owed, where there is any', () => {
    const codes = (invoice: Invoice) =>
      at(parseXml(file([booked(invoice)])).root, 'company/vatCodes/vatCode').map((code) =>
        textAt(code, 'vatToPayAccID'),
      )
    expect(codes(sent())).toEqual(['UW-VAT-domestic-standard'])
    expect(
      codes(sent({ lines: [taxed('10', 'domestic-standard', '21'), taxed('-10', 'domestic-standard', '21')] })),
    ).toEqual([undefined])
  })

  it('tells of the months from the first day to the last', () => {
    const xml = file([], { from: day('2026-02-10'), until: day('2026-03-31') })
    expect(auditFileFaults(xml)).toEqual([])
    const { root } = parseXml(xml)
    expect(at(root, 'company/periods/period').map(({ children }) => children.map(({ text }) => text))).toEqual([
      ['2', '2026-02', '2026-02-10', '2026-02-28'],
      ['3', '2026-03', '2026-03-01', '2026-03-31'],
    ])
    expect(at(root, 'company/generalLedger')).toEqual([])
  })

  it('keeps letters that XML gives a meaning, and leaves out those it has not', () => {
    const name = 'Ü & <b> "ß" €\u0007\uFFFE \uD83D\uDE00\nTweede regel'
    const xml = file([], { customers: [{ ...(head([]).customers[0] as AuditHead['customers'][number]), name }] })
    expect(auditFileFaults(xml)).toEqual([])
    expect(textAt(parseXml(xml).root, 'company/customersSuppliers/customerSupplier/custSupName')).toBe(
      'Ü & <b> "ß" € \uD83D\uDE00 Tweede regel',
    )
  })

  it('cuts text that the schema holds no more of, between letters, and tells at its beginning what it was', () => {
    const name = `${'Vereniging '.repeat(4)}Zon en \uD83D\uDE00\uD83D\uDE00 -- Maan`
    const customer = {
      ...(head([]).customers[0] as AuditHead['customers'][number]),
      name,
      phone: '0'.repeat(31),
      vatId: 'NL123456782B01',
      kvk: '12345678',
      email: 'a@b.example',
      website: 'b.example',
      iban: 'NL91ABNA0417164300',
      visitAddress: { street: 'Straat 1', postcode: 'ABC 12345 XYZ', city: 'Londen', country: 'GB' },
      invoiceAddress: { street: '', postcode: '', city: '', country: '' },
    }
    const xml = file([], { customers: [customer] })
    expect(auditFileFaults(xml)).toEqual([])
    const { root, comment } = parseXml(xml)
    const [written] = at(root, 'company/customersSuppliers/customerSupplier')
    expect(written?.children.map(({ name: element, text }) => [element, text.trim()])).toEqual([
      ['custSupID', '1001'],
      ['custSupName', 'Vereniging Vereniging Vereniging Vereniging Zon e…'],
      ['telephone', `${'0'.repeat(29)}…`],
      ['eMail', 'a@b.example'],
      ['website', 'b.example'],
      ['commerceNr', '12345678'],
      ['taxRegistrationCountry', 'NL'],
      ['taxRegIdent', 'NL123456782B01'],
      ['custSupTp', 'C'],
      ['streetAddress', ''],
      ['bankAccount', ''],
    ])
    expect(textAt(root, 'company/customersSuppliers/customerSupplier/streetAddress/postalCode')).toBe('ABC 12345…')
    expect(
      comment
        .trim()
        .split('\n')
        .map((one) => one.trim()),
    ).toEqual([
      'Alleen verkoopfacturen',
      `custSupName 1001: ${'Vereniging '.repeat(4)}Zon en \uD83D\uDE00\uD83D\uDE00 - - Maan`,
      `telephone 1001: ${'0'.repeat(31)}`,
      'postalCode 1001: ABC 12345 XYZ',
    ])
  })
})

describe('the check of the schema', () => {
  const good = file([booked(sent())])
  it.each([
    ['an element out of order', good.replace(/(\s*<nr>1<\/nr>)(\s*<accID>.*<\/accID>)/, '$2$1'), /out of order/],
    ['an element that is missing', good.replace('<taxRegIdent>NL123456782B01</taxRegIdent>', ''), /has 0 taxRegIdent/],
    [
      'an account that stands nowhere',
      good.replace(/<accID>UW-DEBTORS<\/accID>\s*<accDesc>/, '<accID>X</accID><accDesc>'),
      /UW-DEBTORS stands nowhere/,
    ],
    ['an amount that is none', good.replace('<amnt>121.00</amnt>', '<amnt>121</amnt>'), /holds "121"/],
  ])('finds %s', (_, xml, fault) => expect(auditFileFaults(xml).join('\n')).toMatch(fault))

  it.each([
    ['not closed', good.replace('</auditfile>', '')],
    ['closed by another', good.replace('</company>', '</firm>')],
    ['with a bare ampersand', good.replace('Bakkerij', 'A & B')],
  ])('refuses XML that is %s', (_, xml) => expect(() => parseXml(xml)).toThrow())
})
