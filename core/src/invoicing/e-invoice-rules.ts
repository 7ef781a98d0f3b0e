import { calendarDate } from '../shared/calendar-date.ts'
import { formatAmount, formatDate, formatDecimal } from '../shared/format.ts'
import type { Language } from '../shared/language.ts'
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isZero,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from '../shared/money.ts'
import { type EInvoice, type EInvoiceLine, type EInvoiceParty, eInvoiceOf } from './e-invoice.ts'
import { isAddressScheme } from './e-invoice-address.ts'
import type { Invoice } from './invoice.ts'
import { lineNet } from './totals.ts'
import type { VatCategory } from './vat-cases.ts'

type Values = Readonly<Record<string, string>>
export interface EInvoiceRuleWords {
  /** What the rule asks, in plain words; names what it found by `{placeholders}`. */
  readonly says: string
  /** What to do, and where. */
  readonly mend: string
}

export interface EInvoiceRule {
  /** As the official rule sets name it, so that a refusal by an access point is found again here. */
  readonly id: string
  /** `sums`: the document itself would be wrong, so none is made. The others: a network or receiver may refuse it. */
  readonly about: 'sums' | 'parties' | 'references' | 'dates'
  /** Where the remedy is. */
  readonly at: 'invoice' | 'customer' | 'firm'
  readonly words: Readonly<Record<Language, EInvoiceRuleWords>>
  /** What breaks the rule, once for each place; empty when it is kept. */
  readonly broken: (invoice: EInvoice) => readonly Values[]
}

export interface BrokenRule {
  readonly rule: EInvoiceRule
  readonly values: Values
}

const once = (broken: boolean, values: Values = {}): readonly Values[] => (broken ? [values] : [])
const unequal = (stands: Decimal, should: Decimal): readonly Values[] =>
  once(!sameAmount(stands, should), { stands, should })
const total = (lines: readonly EInvoiceLine[]): Decimal => toCents(sum(lines.map(({ net }) => net)))

const recomputed = {
  en: 'Change a line, or group the hours again: the program then computes all sums anew.',
  nl: 'Wijzig een regel, of groepeer de uren opnieuw: het programma rekent dan alle bedragen opnieuw uit.',
}

/** Rule sets name the same demand once for each VAT category: BR-S-08, BR-Z-08, and so on. */
const perCategory = (
  categories: readonly VatCategory[],
  rule: (category: VatCategory) => Omit<EInvoiceRule, 'id'>,
  number: string,
): readonly EInvoiceRule[] => categories.map((category) => ({ id: `BR-${category}-${number}`, ...rule(category) }))

// Without discounts, charges or prepayments on the whole invoice its sum of lines and its net are one number, and so are
// gross and what is to be paid: BR-CO-10 stands for BR-CO-13 as well, BR-CO-15 for BR-CO-16.
const sums: readonly EInvoiceRule[] = [
  {
    id: 'BR-CO-10',
    about: 'sums',
    at: 'invoice',
    words: {
      en: { says: 'The lines add up to {should}, but the sum of the lines is {stands}.', mend: recomputed.en },
      nl: { says: 'De regels zijn samen {should}, maar als som van de regels staat er {stands}.', mend: recomputed.nl },
    },
    broken: ({ lines, totals }) => unequal(totals.net, total(lines)),
  },
  {
    id: 'BR-CO-14',
    about: 'sums',
    at: 'invoice',
    words: {
      en: { says: 'The VAT is {stands}, but the VAT per rate adds up to {should}.', mend: recomputed.en },
      nl: { says: 'De btw is {stands}, maar de btw per tarief telt op tot {should}.', mend: recomputed.nl },
    },
    broken: ({ vat, totals }) => unequal(totals.vat, toCents(sum(vat.map((part) => part.vat)))),
  },
  {
    id: 'BR-CO-15',
    about: 'sums',
    at: 'invoice',
    words: {
      en: { says: 'Net and VAT together are {should}, but the total is {stands}.', mend: recomputed.en },
      nl: { says: 'Netto en btw zijn samen {should}, maar het totaal is {stands}.', mend: recomputed.nl },
    },
    broken: ({ totals }) => unequal(totals.gross, toCents(add(totals.net, totals.vat))),
  },
  {
    id: 'BR-CO-17',
    about: 'sums',
    at: 'invoice',
    words: {
      en: { says: '{rate}% of {base} is {should}, but the VAT is {stands}.', mend: recomputed.en },
      nl: { says: '{rate}% van {base} is {should}, maar de btw is {stands}.', mend: recomputed.nl },
    },
    broken: ({ kind, vat }) =>
      vat.flatMap((part) => {
        const should = toCents(times(part.base, times(part.rate, decimal('0.01'))))
        // Cases that are one category there are rounded each for themselves: a cent for each further one. A credit note
        // takes back the cents that its invoice was rounded by, which a part of it need not have.
        const apart = absolute(subtract(part.vat, should))
        const allowed = times(decimal(String(part.cases - (kind === 'credit' ? 0 : 1))), decimal('0.01'))
        return once(compare(apart, allowed) > 0, { rate: part.rate, base: part.base, stands: part.vat, should })
      }),
  },
  {
    id: 'BR-CO-18',
    about: 'sums',
    at: 'invoice',
    words: {
      en: { says: 'There is no line, so there is nothing to invoice.', mend: 'Add a line, or delete the draft.' },
      nl: {
        says: 'Er is geen regel, dus er valt niets te factureren.',
        mend: 'Voeg een regel toe, of verwijder het concept.',
      },
    },
    broken: ({ lines, vat }) => once(lines.length === 0 || vat.length === 0),
  },
  {
    id: 'PEPPOL-EN16931-R120',
    about: 'sums',
    at: 'invoice',
    words: {
      en: {
        says: 'Line {line}: quantity times price less discount is {should}, but the line says {stands}.',
        mend: 'Change quantity or price of the line; the amount is then computed anew.',
      },
      nl: {
        says: 'Regel {line}: aantal maal prijs min korting is {should}, maar op de regel staat {stands}.',
        mend: 'Wijzig aantal of prijs van de regel; het bedrag wordt dan opnieuw uitgerekend.',
      },
    },
    broken: ({ lines }) =>
      lines.flatMap(({ id, quantity, price, allowance, net }) => {
        const should = lineNet({ quantity, unitPrice: price, discount: allowance?.percent ?? null })
        return once(!sameAmount(net, should), { line: id, stands: net, should })
      }),
  },
  ...perCategory(
    ['S', 'Z', 'E', 'AE', 'O'],
    (category) => ({
      about: 'sums',
      at: 'invoice',
      words: {
        en: { says: 'At {rate}% the lines add up to {should}, but the VAT is over {stands}.', mend: recomputed.en },
        nl: { says: 'De regels van {rate}% zijn samen {should}, maar de btw is over {stands}.', mend: recomputed.nl },
      },
      broken: ({ lines, vat }) => {
        const rates = new Set([...lines, ...vat].filter((one) => one.category === category).map(({ rate }) => rate))
        return [...rates].flatMap((rate) => {
          const of = (one: { category: VatCategory; rate: Decimal }) => one.category === category && one.rate === rate
          const should = total(lines.filter(of))
          const stands = toCents(sum(vat.filter(of).map(({ base }) => base)))
          return once(!sameAmount(stands, should), { rate, stands, should })
        })
      },
    }),
    '08',
  ),
  ...perCategory(
    ['Z', 'E', 'AE', 'O'],
    (category) => ({
      about: 'sums',
      at: 'invoice',
      words: {
        en: { says: 'No VAT is charged over {base}, yet there is {stands} of it.', mend: recomputed.en },
        nl: { says: 'Over {base} wordt geen btw berekend, en toch staat er {stands}.', mend: recomputed.nl },
      },
      broken: ({ vat }) =>
        vat
          .filter((part) => part.category === category && !isZero(part.vat))
          .map(({ base, vat: stands }) => ({ base, stands })),
    }),
    '09',
  ),
  {
    id: 'BR-O-11',
    about: 'sums',
    at: 'invoice',
    words: {
      en: {
        says: 'A line outside the scope of VAT may stand beside no other.',
        mend: 'Put these lines on an invoice of their own.',
      },
      nl: {
        says: 'Een regel buiten de heffing van btw mag niet naast andere staan.',
        mend: 'Zet deze regels op een eigen factuur.',
      },
    },
    broken: ({ lines }) => {
      const outside = lines.filter(({ category }) => category === 'O').length
      return once(outside > 0 && outside < lines.length)
    },
  },
  {
    id: 'BR-53',
    about: 'sums',
    at: 'invoice',
    words: {
      en: {
        says: 'The invoice is in {currency}, so the VAT must stand there in {taxCurrency} as well.',
        mend: 'Fill in the exchange rate and its source on the invoice.',
      },
      nl: {
        says: 'De factuur is in {currency}, dus de btw moet er ook in {taxCurrency} op staan.',
        mend: 'Vul op de factuur de wisselkoers en de bron ervan in.',
      },
    },
    broken: ({ currency, taxCurrency, vatInTaxCurrency }) =>
      once(taxCurrency !== null && vatInTaxCurrency === null, { currency, taxCurrency: taxCurrency ?? '' }),
  },
]

const hasAddress = ({ address }: EInvoiceParty): boolean =>
  address !== null && [address.street, address.postcode, address.city].every((part) => part.trim() !== '')
const hasDutchRegister = ({ legalId }: EInvoiceParty): boolean =>
  legalId !== null && (legalId.scheme === '0106' || legalId.scheme === '0190')
const isOfNetherlands = ({ seller }: EInvoice): boolean => seller.address?.country === 'NL'

// The last two digits are 97 less the remainder of the others (KBO/BCE).
const isEnterpriseNumber = (id: string): boolean =>
  /^\d{10}$/.test(id) && 97 - (Number(id.slice(0, 8)) % 97) === Number(id.slice(8))

const parties: readonly EInvoiceRule[] = [
  {
    id: 'PEPPOL-EN16931-R010',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: 'Nobody knows where to deliver: {customer} has no Peppol id, no number of the trade register and no VAT id.',
        mend: 'Fill in the Peppol id of the customer, or the KvK number or VAT id.',
      },
      nl: {
        says: 'Het is niet bekend waar de factuur heen moet: {customer} heeft geen Peppol-id, geen KvK-nummer en geen btw-id.',
        mend: 'Vul bij de debiteur het Peppol-id in, of het KvK-nummer of btw-id.',
      },
    },
    broken: ({ buyer }) => once(!buyer.endpoint || buyer.endpoint.scheme === 'EM', { customer: buyer.name }),
  },
  {
    id: 'PEPPOL-EN16931-R020',
    about: 'parties',
    at: 'firm',
    words: {
      en: {
        says: 'Your firm has no KvK number and no VAT id, so an e-invoice cannot say who sends it.',
        mend: 'Fill them in under Settings › Firm.',
      },
      nl: {
        says: 'Uw bedrijf heeft geen KvK-nummer en geen btw-id, dus een e-factuur kan niet zeggen wie hem stuurt.',
        mend: 'Vul ze in bij Instellingen › Bedrijf.',
      },
    },
    broken: ({ seller }) => once(!seller.endpoint || seller.endpoint.scheme === 'EM'),
  },
  {
    id: 'PEPPOL-EN16931-CL008',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: 'The Peppol id of {customer} begins with {scheme}, and there is no such list of addresses.',
        mend: 'Ask the customer for the Peppol id: 0106 is followed by a KvK number, 0190 by an OIN, 0208 by a Belgian enterprise number.',
      },
      nl: {
        says: 'Het Peppol-id van {customer} begint met {scheme}, en zo’n lijst van adressen bestaat niet.',
        mend: 'Vraag de debiteur om het Peppol-id: na 0106 volgt een KvK-nummer, na 0190 een OIN, na 0208 een Belgisch ondernemingsnummer.',
      },
    },
    broken: ({ buyer }) =>
      once(buyer.endpoint !== null && !isAddressScheme(buyer.endpoint.scheme), {
        customer: buyer.name,
        scheme: buyer.endpoint?.scheme ?? '',
      }),
  },
  {
    id: 'PEPPOL-COMMON-R043',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: '{id} is not a Belgian enterprise number.',
        mend: 'Correct the Peppol id or the VAT id of the customer: ten digits, of which the last two are a check.',
      },
      nl: {
        says: '{id} is geen Belgisch ondernemingsnummer.',
        mend: 'Verbeter het Peppol-id of het btw-id van de debiteur: tien cijfers, waarvan de laatste twee een controlegetal zijn.',
      },
    },
    broken: ({ buyer: { endpoint } }) =>
      once(endpoint?.scheme === '0208' && !isEnterpriseNumber(endpoint.id), { id: endpoint?.id ?? '' }),
  },
  {
    id: 'BR-CO-09',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: 'The VAT id {vatId} does not begin with the letters of a country.',
        mend: 'Write the VAT id with its country: BE0123456749.',
      },
      nl: {
        says: 'Het btw-id {vatId} begint niet met de letters van een land.',
        mend: 'Schrijf het btw-id met het land ervoor: BE0123456749.',
      },
    },
    broken: ({ buyer, seller }) =>
      [buyer.vatId, seller.vatId].flatMap((vatId) =>
        once(vatId !== null && !/^[A-Z]{2}/.test(vatId), { vatId: vatId ?? '' }),
      ),
  },
  {
    id: 'BR-CO-26',
    about: 'parties',
    at: 'firm',
    words: {
      en: {
        says: 'Nothing tells the receiver which company you are: neither KvK number nor VAT id.',
        mend: 'Fill in the KvK number under Settings › Firm.',
      },
      nl: {
        says: 'Niets zegt de ontvanger welk bedrijf u bent: geen KvK-nummer en geen btw-id.',
        mend: 'Vul het KvK-nummer in bij Instellingen › Bedrijf.',
      },
    },
    broken: ({ seller }) => once(!seller.legalId && !seller.vatId),
  },
  ...perCategory(
    ['S', 'Z', 'E'],
    (category) => ({
      about: 'parties',
      at: 'firm',
      words: {
        en: {
          says: 'Your VAT id must stand on the invoice, and it is not known.',
          mend: 'Fill it in under Settings › Firm.',
        },
        nl: {
          says: 'Uw btw-id moet op de factuur staan, en is niet bekend.',
          mend: 'Vul het in bij Instellingen › Bedrijf.',
        },
      },
      broken: ({ lines, seller }) => once(!seller.vatId && lines.some((line) => line.category === category)),
    }),
    '02',
  ),
  {
    id: 'BR-AE-02',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: 'The VAT is reverse charged, so your VAT id and that of {customer} must stand on the invoice.',
        mend: 'Fill in the VAT id of the customer, and your own under Settings › Firm.',
      },
      nl: {
        says: 'De btw is verlegd, dus uw btw-id en dat van {customer} moeten op de factuur staan.',
        mend: 'Vul het btw-id van de debiteur in, en uw eigen btw-id bij Instellingen › Bedrijf.',
      },
    },
    broken: ({ lines, seller, buyer }) =>
      once(lines.some(({ category }) => category === 'AE') && !(seller.vatId && buyer.vatId), { customer: buyer.name }),
  },
  {
    id: 'BR-11',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: '{customer} has no address, so the country is not known.',
        mend: 'Fill in the address of the customer.',
      },
      nl: {
        says: '{customer} heeft geen adres, dus het land is niet bekend.',
        mend: 'Vul het adres van de debiteur in.',
      },
    },
    broken: ({ buyer }) => once(!buyer.address?.country, { customer: buyer.name }),
  },
  {
    id: 'BR-09',
    about: 'parties',
    at: 'firm',
    words: {
      en: { says: 'Your firm has no address.', mend: 'Fill it in under Settings › Firm.' },
      nl: { says: 'Uw bedrijf heeft geen adres.', mend: 'Vul het in bij Instellingen › Bedrijf.' },
    },
    broken: ({ seller }) => once(!seller.address?.country),
  },
  {
    id: 'NL-R-002',
    about: 'parties',
    at: 'firm',
    words: {
      en: {
        says: 'The address of a Dutch sender has street, postcode and city.',
        mend: 'Complete it under Settings › Firm.',
      },
      nl: {
        says: 'Bij het adres van een Nederlandse afzender horen straat, postcode en plaats.',
        mend: 'Vul het aan bij Instellingen › Bedrijf.',
      },
    },
    broken: (invoice) => once(isOfNetherlands(invoice) && !hasAddress(invoice.seller)),
  },
  {
    id: 'NL-R-003',
    about: 'parties',
    at: 'firm',
    words: {
      en: {
        says: 'A Dutch sender is named by its KvK number, and yours is not known.',
        mend: 'Fill it in under Settings › Firm.',
      },
      nl: {
        says: 'Een Nederlandse afzender staat er met zijn KvK-nummer op, en het uwe is niet bekend.',
        mend: 'Vul het in bij Instellingen › Bedrijf.',
      },
    },
    broken: (invoice) => once(isOfNetherlands(invoice) && !hasDutchRegister(invoice.seller)),
  },
  {
    id: 'NL-R-004',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: 'The address of {customer} lacks street, postcode or city.',
        mend: 'Complete the address of the customer.',
      },
      nl: {
        says: 'In het adres van {customer} ontbreekt straat, postcode of plaats.',
        mend: 'Vul het adres van de debiteur aan.',
      },
    },
    broken: ({ isDutch, buyer }) => once(isDutch && !hasAddress(buyer), { customer: buyer.name }),
  },
  {
    id: 'NL-R-005',
    about: 'parties',
    at: 'customer',
    words: {
      en: {
        says: 'Between Dutch firms the KvK number or OIN of the receiver stands on an e-invoice; {customer} has none.',
        mend: 'Fill in the KvK number of the customer; for an authority the Peppol id 0190 with its OIN.',
      },
      nl: {
        says: 'Binnen Nederland staat het KvK-nummer of OIN van de ontvanger op een e-factuur; {customer} heeft er geen.',
        mend: 'Vul het KvK-nummer van de debiteur in; voor een overheid het Peppol-id 0190 met het OIN.',
      },
    },
    broken: ({ isDutch, buyer }) => once(isDutch && !hasDutchRegister(buyer), { customer: buyer.name }),
  },
]

const references: readonly EInvoiceRule[] = [
  {
    id: 'PEPPOL-EN16931-R003',
    about: 'references',
    at: 'invoice',
    words: {
      en: {
        says: 'There is neither an order number nor a reference, and the receiver books by it.',
        mend: 'Fill in the order number or the reference that the customer gave.',
      },
      nl: {
        says: 'Er staat geen ordernummer en geen kenmerk op, en daarop boekt de ontvanger.',
        mend: 'Vul het ordernummer of het kenmerk in dat de debiteur opgaf.',
      },
    },
    broken: ({ orderReference, projectReference }) => once(!orderReference && !projectReference),
  },
  {
    id: 'NL-R-001',
    about: 'references',
    at: 'invoice',
    words: {
      en: {
        says: 'A credit note names the invoice it takes back.',
        mend: 'Make the credit note from that invoice.',
      },
      nl: {
        says: 'Een creditfactuur noemt de factuur die ermee wordt teruggenomen.',
        mend: 'Maak de creditfactuur vanuit die factuur.',
      },
    },
    broken: (invoice) => once(invoice.kind === 'credit' && isOfNetherlands(invoice) && !invoice.credits),
  },
  {
    id: 'NL-R-007',
    about: 'references',
    at: 'firm',
    words: {
      en: {
        says: 'Nothing says how to pay: the IBAN of your firm is not known.',
        mend: 'Fill it in under Settings › Firm.',
      },
      nl: {
        says: 'Er staat niet op hoe er betaald wordt: het IBAN van uw bedrijf is niet bekend.',
        mend: 'Vul het in bij Instellingen › Bedrijf.',
      },
    },
    broken: (invoice) => once(invoice.kind === 'invoice' && isOfNetherlands(invoice) && !invoice.payment),
  },
  {
    id: 'BR-25',
    about: 'references',
    at: 'invoice',
    words: {
      en: { says: 'Line {line} has no description.', mend: 'Say what was supplied.' },
      nl: { says: 'Regel {line} heeft geen omschrijving.', mend: 'Schrijf op wat er is geleverd.' },
    },
    broken: ({ lines }) => lines.filter(({ name }) => name === '').map(({ id }) => ({ line: id })),
  },
]

const dates: readonly EInvoiceRule[] = [
  {
    id: 'BR-30',
    about: 'dates',
    at: 'invoice',
    words: {
      en: {
        says: 'Line {line} ends on {until}, before it begins on {from}.',
        mend: 'Change the period of the line.',
      },
      nl: {
        says: 'Regel {line} eindigt op {until}, voordat hij op {from} begint.',
        mend: 'Wijzig de periode van de regel.',
      },
    },
    broken: ({ lines }) =>
      lines.filter(({ from, until }) => until < from).map(({ id, from, until }) => ({ line: id, from, until })),
  },
]

/** What an e-invoice must keep, in the order in which a person would mend it. */
export const eInvoiceRules: readonly EInvoiceRule[] = [...sums, ...parties, ...references, ...dates]

/** Every rule that this invoice or credit note breaks; of a draft too, where its number is not asked for yet. */
export function brokenRules(invoice: Invoice): readonly BrokenRule[] {
  const made = eInvoiceOf(invoice)
  return eInvoiceRules.flatMap((rule) => rule.broken(made).map((values) => ({ rule, values })))
}

const written: Readonly<Record<string, (value: string, language: Language) => string>> = {
  stands: (value, language) => formatAmount(decimal(value), language),
  should: (value, language) => formatAmount(decimal(value), language),
  base: (value, language) => formatAmount(decimal(value), language),
  rate: (value, language) => formatDecimal(decimal(value), language),
  from: (value, language) => formatDate(calendarDate(value), language),
  until: (value, language) => formatDate(calendarDate(value), language),
}

/** What a broken rule says and how to mend it, with amounts and dates as people write them. */
export function explainRule({ rule, values }: BrokenRule, language: Language): EInvoiceRuleWords {
  const filled = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? ''
      return written[name]?.(value, language) ?? value
    })
  const { says, mend } = rule.words[language]
  return { says: filled(says), mend: filled(mend) }
}
