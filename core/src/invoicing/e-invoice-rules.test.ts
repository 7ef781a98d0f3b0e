import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { languages } from '../shared/language.ts'
import { add, type Decimal, decimal, negate } from '../shared/money.ts'
import { brokenRules, eInvoiceRules, explainRule } from './e-invoice-rules.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import { invoiceForTests, lineForTests } from './invoice-for-tests.ts'
import type { VatTreatment } from './vat-cases.ts'

const base = invoiceForTests()
/** A Dutch invoice that any network takes. */
const good = (change: Partial<Invoice> = {}): Invoice =>
  invoiceForTests({
    number: '2026-0001',
    orderNumber: 'PO-1',
    firm: { ...base.firm, iban: 'NL91ABNA0417164300' },
    customer: { ...base.customer, kvkNumber: '87654321' },
    ...change,
  })
const firm = (change: Partial<Invoice['firm']>) => good({ firm: { ...good().firm, ...change } })
const customer = (change: Partial<Invoice['customer']>) => good({ customer: { ...good().customer, ...change } })
const inLines = (...changes: Partial<InvoiceLine>[]) => good({ lines: changes.map(lineForTests) })
const idsOf = (invoice: Invoice) => [...new Set(brokenRules(invoice).map(({ rule }) => rule.id))].sort()

const cent = decimal('0.01')
const totals = (change: (totals: Invoice['totals']) => Partial<Invoice['totals']>, of = good()): Invoice => ({
  ...of,
  totals: { ...of.totals, ...change(of.totals) },
})
const more = (amount: Decimal): Decimal => add(amount, cent)
const vatPart = (of: Invoice, change: { base?: Decimal; vat?: Decimal }): Invoice =>
  totals(
    ({ vatPerRate }) => ({ vatPerRate: vatPerRate.map((part, at) => (at === 0 ? { ...part, ...change } : part)) }),
    of,
  )

const belgian = {
  address: { street: 'Kaai 1', postcode: '2000', city: 'Antwerpen', country: 'BE' },
  vatId: 'BE0123456749',
  kvkNumber: null,
}
const reverse = { vatTreatment: 'eu-business', vatRate: decimal('0') } as const
const outside = { vatTreatment: 'outside-eu', vatRate: decimal('0') } as const
const exempt = { vatTreatment: 'domestic-exempt', vatRate: decimal('0') } as const
const zeroRate = { vatTreatment: 'domestic-zero', vatRate: decimal('0') } as const

it('a good invoice breaks no rule', () => {
  expect(idsOf(good())).toEqual([])
  expect(idsOf({ ...good({ lines: [lineForTests(reverse)] }), customer: { ...customer(belgian).customer } })).toEqual(
    [],
  )
  expect(idsOf({ ...good({ lines: [lineForTests(outside)] }) })).toEqual([])
})

/** What is wrong with the invoice, and every rule that says so. */
const cases: readonly (readonly [what: string, invoice: Invoice, ids: readonly string[]])[] = [
  ['the net is a cent more', totals(({ net }) => ({ net: more(net) })), ['BR-CO-10', 'BR-CO-15']],
  ['the VAT is a cent more', totals(({ vat }) => ({ vat: more(vat) })), ['BR-CO-14', 'BR-CO-15']],
  ['the total is a cent more', totals(({ gross }) => ({ gross: more(gross) })), ['BR-CO-15']],
  ['the VAT of a rate is a cent more', vatPart(good(), { vat: decimal('21.01') }), ['BR-CO-14', 'BR-CO-17']],
  ['the VAT of a rate is over a cent more', vatPart(good(), { base: decimal('100.01') }), ['BR-S-08']],
  ...(
    [
      ['Z', zeroRate],
      ['E', exempt],
      ['AE', { vatTreatment: 'domestic-reverse-charge', vatRate: decimal('0') }],
      ['O', outside],
    ] as const
  ).flatMap(([category, change]): (readonly [string, Invoice, readonly string[]])[] => {
    const of = { ...inLines(change), customer: { ...good().customer, vatId: 'NL009999998B86' } }
    return [
      [
        `of category ${category} the base is a cent more`,
        vatPart(of, { base: decimal('100.01') }),
        [`BR-${category}-08`],
      ],
      [
        `category ${category} has a cent of VAT`,
        vatPart(of, { vat: cent }),
        ['BR-CO-14', 'BR-CO-17', `BR-${category}-09`],
      ],
      ...(category === 'O' || category === 'AE'
        ? []
        : [
            [
              `category ${category} without our VAT id`,
              { ...of, firm: { ...of.firm, vatId: null } },
              [`BR-${category}-02`],
            ] as const,
          ]),
    ]
  }),
  ['a line is a cent more than quantity times price', inLines({ net: decimal('100.01') }), ['PEPPOL-EN16931-R120']],
  ['there is no line', good({ lines: [] }), ['BR-CO-18']],
  ['outside scope stands beside 21 %', inLines(outside, {}), ['BR-O-11']],
  ['no rate for another currency', good({ currency: 'USD' }), ['BR-53']],
  ['the customer has no number at all', customer({ kvkNumber: null }), ['NL-R-005', 'PEPPOL-EN16931-R010']],
  [
    'the customer is known by mail alone',
    customer({ kvkNumber: null, email: 'a@b.example' }),
    ['NL-R-005', 'PEPPOL-EN16931-R010'],
  ],
  ['an OIN stands for a KvK number', customer({ kvkNumber: null, peppolId: '0190:00000001234567890000' }), []],
  ['a list that does not exist', customer({ peppolId: '1234:5' }), ['PEPPOL-EN16931-CL008']],
  [
    'a Belgian number with a wrong check',
    {
      ...good({ lines: [lineForTests(reverse)] }),
      customer: customer({ ...belgian, peppolId: '0208:0123456748' }).customer,
    },
    ['PEPPOL-COMMON-R043'],
  ],
  ['a VAT id without a country', customer({ vatId: '123456782B01' }), ['BR-CO-09']],
  ['we have no VAT id', firm({ vatId: null }), ['BR-S-02']],
  ['we have no KvK number', firm({ kvkNumber: null }), ['NL-R-003']],
  [
    'we have neither',
    firm({ kvkNumber: null, vatId: null }),
    ['BR-CO-26', 'BR-S-02', 'NL-R-003', 'PEPPOL-EN16931-R020'],
  ],
  [
    'reverse charge without a VAT id',
    inLines({ vatTreatment: 'domestic-reverse-charge', vatRate: decimal('0') }),
    ['BR-AE-02'],
  ],
  ['the customer has no address', customer({ address: null, vatId: 'NL009999998B86' }), ['BR-11']],
  ['we have no address', firm({ address: null }), ['BR-09']],
  [
    'our address has no postcode',
    firm({ address: { street: 'Kade 2', postcode: '', city: 'Zwolle', country: 'NL' } }),
    ['NL-R-002'],
  ],
  [
    'his address has no street',
    customer({ address: { street: '', postcode: '1234 AB', city: 'Utrecht', country: 'NL' } }),
    ['NL-R-004'],
  ],
  ['neither order number nor reference', good({ orderNumber: null }), ['PEPPOL-EN16931-R003']],
  ['a reference is enough', good({ orderNumber: null, reference: 'Intranet' }), []],
  [
    'a credit note that names no invoice',
    good({ kind: 'credit', lines: [lineForTests({ quantity: decimal('-1') })] }),
    ['NL-R-001'],
  ],
  ['we have no IBAN', firm({ iban: null }), ['NL-R-007']],
  ['a line without words', inLines({ description: ' ' }), ['BR-25']],
  [
    'a line ends before it begins',
    inLines({ supplyFrom: day('2026-03-31'), supplyUntil: day('2026-03-02') }),
    ['BR-30'],
  ],
]

describe('the rules of an e-invoice', () => {
  it.each(cases)('%s', (_, invoice, ids) => expect(idsOf(invoice)).toEqual([...ids].sort()))

  it('each is broken by a case above', () => {
    const shown = new Set(cases.flatMap(([, , ids]) => ids))
    expect(eInvoiceRules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([])
  })

  it('each has words in both languages, without an empty place', () => {
    for (const [, invoice] of cases)
      for (const broken of brokenRules(invoice))
        for (const language of languages) {
          const { says, mend } = explainRule(broken, language)
          expect(`${says} ${mend}`).not.toMatch(/\{|\}| {2}|undefined/)
        }
  })

  it('speaks of amounts as people write them', () => {
    const [broken] = brokenRules(totals(({ net }) => ({ net: add(net, decimal('1234.5')) })))
    expect(broken && explainRule(broken, 'nl').says).toBe(
      'De regels zijn samen 100,00, maar als som van de regels staat er 1.334,50.',
    )
  })
})

describe('what the calculator makes', () => {
  const treatments: readonly (readonly [VatTreatment, string])[] = [
    ['domestic-standard', '21'],
    ['domestic-reduced', '9'],
    ['domestic-zero', '0'],
    ['domestic-exempt', '0'],
    ['disbursement', '0'],
    ['eu-consumer-standard', '21'],
  ]
  const line = fc
    .record({
      quantity: fc
        .integer({ min: -99_999, max: 9_999_999 })
        .map((n) =>
          decimal(
            `${n < 0 ? '-' : ''}${Math.floor(Math.abs(n) / 10_000)}.${String(Math.abs(n) % 10_000).padStart(4, '0')}`,
          ),
        ),
      unitPrice: fc
        .integer({ min: -9_999, max: 999_999 })
        .map((n) =>
          decimal(`${n < 0 ? '-' : ''}${Math.floor(Math.abs(n) / 100)}.${String(Math.abs(n) % 100).padStart(2, '0')}`),
        ),
      discount: fc.option(fc.integer({ min: 1, max: 100 }).map((n) => decimal(String(n)))),
      treatment: fc.constantFrom(...treatments),
    })
    .map(({ treatment: [vatTreatment, rate], ...rest }) =>
      lineForTests({ ...rest, vatTreatment, vatRate: decimal(rate) }),
    )
  const invoices = fc.array(line, { minLength: 1, maxLength: 30 }).map((lines) => good({ lines }))
  const sumRules = (invoice: Invoice) =>
    brokenRules(invoice)
      .filter(({ rule }) => rule.about === 'sums')
      .map(({ rule }) => rule.id)

  it('passes every rule about sums, to the cent, and so does its credit note', () => {
    fc.assert(
      fc.property(invoices, (invoice) => {
        const lines = invoice.lines.map((one) =>
          lineForTests({ ...one, quantity: negate(one.quantity), net: negate(one.net) }),
        )
        expect(sumRules(invoice)).toEqual([])
        expect(sumRules(good({ kind: 'credit', lines }))).toEqual([])
      }),
    )
  })

  it('fails the right rule when a cent is changed anywhere', () => {
    fc.assert(
      fc.property(invoices, fc.constantFrom('net', 'vat', 'gross', 'line', 'base'), fc.nat(), (invoice, place, at) => {
        const index = at % invoice.lines.length
        const rate = at % invoice.totals.vatPerRate.length
        const changed: Record<typeof place, () => readonly [Invoice, string | RegExp]> = {
          net: () => [totals(({ net }) => ({ net: more(net) }), invoice), 'BR-CO-10'],
          vat: () => [totals(({ vat }) => ({ vat: more(vat) }), invoice), 'BR-CO-14'],
          gross: () => [totals(({ gross }) => ({ gross: more(gross) }), invoice), 'BR-CO-15'],
          line: () => [
            {
              ...invoice,
              lines: invoice.lines.map((one, here) => (here === index ? { ...one, net: more(one.net) } : one)),
            },
            'PEPPOL-EN16931-R120',
          ],
          base: () => [
            totals(
              ({ vatPerRate }) => ({
                vatPerRate: vatPerRate.map((part, here) => (here === rate ? { ...part, base: more(part.base) } : part)),
              }),
              invoice,
            ),
            /^BR-(S|Z|E)-08$/,
          ],
        }
        const [wrong, id] = changed[place]()
        expect(sumRules(wrong)).toContainEqual(typeof id === 'string' ? id : expect.stringMatching(id))
      }),
    )
  })
})
