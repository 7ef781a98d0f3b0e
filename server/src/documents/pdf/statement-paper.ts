import { ages, type Movement, type OpenItem, type Statement } from '@uurwerk/core/invoicing/statement.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { formatAmount, formatDate, formatDateShort } from '@uurwerk/core/shared/format.ts'
import { add, compare, isZero, sum, zero } from '@uurwerk/core/shared/money.ts'
import type { Content, Definition } from 'pdfmake'
import { grouped, type Letterhead, letterhead, paperOf, type Says, speaker, withCurrency } from './letterhead.ts'
import { boxed, heads, innerWidth, line, muted, ruled, sunken } from './look.ts'

/** Where a customer stands, as it goes on paper. */
export interface StatementPaper extends Letterhead {
  readonly kind: 'open' | 'all'
  readonly asOf: CalendarDate
  /** First day of the movements; null from the beginning. */
  readonly from: CalendarDate | null
  readonly currencies: readonly Statement[]
}

/** The page of a statement, as pdfmake takes it. The same paper gives the same definition. */
export function statementPaper(paper: StatementPaper): Definition {
  const { language, asOf } = paper
  const title = `${speaker(language)('statement.title')} ${formatDate(asOf, language)}`
  const content = [...letterhead(paper), ...head(paper), ...body(paper), ...payment(paper)]
  return paperOf(paper, { title, date: asOf, content })
}

function head({ language, customer, kind, asOf, from, currencies }: StatementPaper): Content[] {
  const says = speaker(language)
  const facts: (readonly [label: string, value: string])[] = [
    [says('statement.asOf'), formatDate(asOf, language)],
    ...(kind === 'all' && from ? [[says('statement.from'), formatDate(from, language)] as const] : []),
    ...(customer.number ? [[says('document.customerNumber'), customer.number] as const] : []),
    ...(customer.vatId ? [[says('document.customerVatId'), customer.vatId] as const] : []),
    ...currencies.map(
      ({ currency, balance }) =>
        [says('statement.balance'), withCurrency(formatAmount(balance, language), currency)] as const,
    ),
  ]
  return [
    { text: says('statement.title'), bold: true, fontSize: 20, margin: [0, 0, 0, 10] },
    {
      columnGap: 12,
      columns: facts.map(([label, value]) => ({
        width: 'auto',
        stack: [{ text: label, color: muted, fontSize: 8 }, { text: value }],
        margin: [0, 0, 14, 0],
      })),
    },
  ]
}

function body({ kind, language, currencies, asOf }: StatementPaper): Content[] {
  const says = speaker(language)
  if (currencies.length === 0)
    return [{ text: says('statement.nothing', { date: formatDate(asOf, language) }), margin: [0, 20, 0, 0] }]
  return currencies.flatMap((one) => [
    {
      unbreakable: Math.max(one.items.length, kind === 'all' ? one.movements.length : 0) <= fewRows,
      stack: [
        ...(currencies.length > 1
          ? [
              {
                text: says('statement.inCurrency', { currency: one.currency }),
                bold: true,
                fontSize: 11,
                margin: [0, 20, 0, -8],
              } as const,
            ]
          : []),
        kind === 'open' ? openItems(one, says, language) : movements(one, says, language),
      ],
    },
    byAge(one, says, language),
  ])
}

/** A table as short as this stays on one page with its total. */
const fewRows = 12

type Language = Letterhead['language']
const figure = (text: string): Content => ({ text, alignment: 'right', noWrap: true })
const strong = (text: string, side: 'left' | 'right' = 'left'): Content => ({
  text,
  alignment: side,
  bold: true,
  noWrap: true,
})
const day = (date: CalendarDate, language: Language): Content => ({
  text: formatDateShort(date, language),
  noWrap: true,
})

/** Of an invoice that has its date: what was paid and credited together. */
function settledOf({ credited, paid }: OpenItem) {
  return add(credited, paid)
}

function openItems({ items, currency, balance }: Statement, says: Says, language: Language): Content {
  const amount = (value: OpenItem['outstanding']) => formatAmount(value, language)
  if (items.length === 0) return { text: says('statement.nothingOpen'), margin: [0, 16, 0, 0] }
  return {
    margin: [0, 16, 0, 0],
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: ['*', 'auto', 'auto', 'auto', 'auto', 'auto', 'auto'],
      body: [
        heads([
          [says('statement.document'), 'left'],
          [says('statement.date'), 'left'],
          [says('statement.due'), 'left'],
          [says('statement.daysLate'), 'right'],
          [says('statement.amount'), 'right'],
          [says('statement.settled'), 'right'],
          [says('statement.open', { currency }).replaceAll(' ', '\u00a0'), 'right'],
        ]),
        ...items.map((item): Content[] => [
          { text: nameOf(item, says), bold: true },
          day(item.document.date, language),
          day(item.document.dueDate, language),
          figure(item.daysLate > 0 ? String(item.daysLate) : ''),
          figure(item.inAdvance ? '' : amount(item.document.gross)),
          figure(isZero(settledOf(item)) ? '' : amount(settledOf(item))),
          figure(amount(item.outstanding)),
        ]),
        [strong(says('statement.total')), '', '', '', '', '', strong(amount(balance), 'right')],
      ],
    },
    layout: ruled,
  }
}

const nameOf = ({ document, inAdvance }: OpenItem, says: Says): string =>
  inAdvance
    ? says('statement.inAdvance', { number: document.number })
    : says(`statement.${document.kind}`, { number: document.number })

function movements({ movements: told, opening, balance }: Statement, says: Says, language: Language): Content {
  const amount = (value: Statement['balance']) => formatAmount(value, language)
  const wide = (text: string, value: Statement['balance']): Content[] => [
    '',
    strong(text),
    '',
    strong(amount(value), 'right'),
  ]
  return {
    margin: [0, 16, 0, 0],
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: ['auto', '*', 'auto', 'auto'],
      body: [
        heads([
          [says('statement.date'), 'left'],
          [says('statement.what'), 'left'],
          [says('statement.amount'), 'right'],
          [says('statement.running'), 'right'],
        ]),
        ...(isZero(opening) ? [] : [wide(says('statement.opening'), opening)]),
        ...told.map((one): Content[] => [
          day(one.date, language),
          { text: describe(one, says) },
          figure(amount(one.amount)),
          figure(amount(one.balance)),
        ]),
        wide(says('statement.closing'), balance),
      ],
    },
    layout: ruled,
  }
}

function describe({ kind, document, amount, way }: Movement, says: Says): string {
  const { number } = document
  if (kind !== 'payment') return says(`statement.${kind}`, { number })
  if (way === 'set-off') return says('statement.setOff', { number })
  return says(compare(amount, zero) > 0 ? 'statement.repaid' : 'statement.payment', { number })
}

/** How old what is open is; only when something is late or to the customer's credit. */
function byAge({ byAge: amounts, items }: Statement, says: Says, language: Language): Content {
  if (items.every(({ age }) => age === 'not-due')) return { text: '' }
  const shown = ages.filter((age) => age !== 'credit' || !isZero(amounts.credit))
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    table: {
      widths: shown.map(() => '*'),
      body: [
        shown.map((age) => ({ text: says(`statement.age.${age}`), color: muted, fontSize: 8, alignment: 'right' })),
        shown.map((age) => figure(formatAmount(amounts[age], language))),
      ],
    },
    layout: {
      hLineWidth: (at) => (at === 0 || at === 2 ? 0.6 : 0),
      hLineColor: () => line,
      vLineWidth: () => 0,
      paddingTop: () => 4,
      paddingBottom: () => 4,
    },
  }
}

function payment({ firm, language, currencies }: StatementPaper): Content[] {
  const says = speaker(language)
  const owes = currencies.some(({ balance }) => compare(balance, zero) > 0)
  const hasCredit = currencies.some(({ byAge: { credit } }) => compare(credit, zero) < 0)
  const late = currencies.some(
    ({ byAge: amounts }) =>
      compare(sum([amounts['1-30'], amounts['31-60'], amounts['61-90'], amounts['over-90']]), zero) > 0,
  )
  const told: Content[] = [
    ...(owes && firm.iban
      ? [
          {
            fontSize: 10,
            text: [
              `${says(late ? 'statement.payNow' : 'statement.pay')} `,
              { text: grouped(firm.iban), bold: true },
              ` ${says('statement.payTo', { firm: firm.name })}`,
            ],
          } as const,
        ]
      : []),
    ...(hasCredit ? [{ text: says('statement.credited'), color: muted } as const] : []),
    ...(currencies.length > 0 ? [{ text: says('statement.crossed'), color: muted } as const] : []),
  ]
  if (told.length === 0) return []
  return [
    {
      unbreakable: true,
      margin: [0, 18, 0, 0],
      table: { widths: [innerWidth - 24], body: [[{ fillColor: sunken, stack: told }]] },
      layout: boxed,
    },
  ]
}
