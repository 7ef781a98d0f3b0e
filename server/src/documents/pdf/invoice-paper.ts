import { periodText } from '@uurwerk/core/invoicing/draft-line.ts'
import type { Invoice, InvoiceLine } from '@uurwerk/core/invoicing/invoice.ts'
import { vatSentence, vatSentenceKeyFor } from '@uurwerk/core/invoicing/vat-sentences.ts'
import { endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { formatAmount, formatDate, formatDateShort, formatDecimal } from '@uurwerk/core/shared/format.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { isZero } from '@uurwerk/core/shared/money.ts'
import type { Content, Definition, TableContent } from 'pdfmake'
import { vatLabel } from '../../invoices/vat-label.ts'
import { hourPages } from './hour-pages.ts'
import type { Hours } from './hours.ts'
import { grouped, instantOf, letterhead, paperOf, type Says, speaker, withCurrency } from './letterhead.ts'
import { boxed, heads, ink, innerWidth, mm, muted, rule, ruled, ruledClosely, sunken } from './look.ts'
import { paymentCodeOf } from './payment-code.ts'

/** What goes on paper: the invoice as it was frozen, the hours behind it when asked for, and the UBL that travels inside. */
export interface Paper {
  readonly invoice: Invoice
  /** As a data URL. */
  readonly logo?: string | null
  readonly hours: readonly Hours[]
  readonly ubl: { readonly name: string; readonly xml: string } | null
}

/** Lines that begin the page on which the sums stand; each column but the first is as wide as before it. */
export interface LastLines {
  readonly count: number
  readonly widths: readonly number[]
}

/** By which the last line and the end of the invoice are found again on their pages. */
export const levels = { lastLine: 1, end: 2 } as const

// Nothing to see. What is kept together in one block is told where it stood before it was moved, so this stands after it.
const end = (): Content => ({
  canvas: [{ type: 'line', x1: 0, y1: 0, x2: 0, y2: 0, lineWidth: 0 }],
  headlineLevel: levels.end,
})

/** The page of an invoice or credit note, as pdfmake takes it. The same paper gives the same definition. */
export function invoicePaper({ invoice, hours, ubl, logo = null }: Paper, last?: LastLines): Definition {
  const { language, number, state, date } = invoice
  const says = speaker(language)
  const isDraft = state === 'draft'
  const title = [says(`document.${invoice.kind}`), number ?? says('document.draft')].join(' ')
  const content = [
    ...letterhead({ ...invoice, logo }),
    ...head(invoice),
    ...lines(invoice, last),
    sums(invoice),
    ...after(invoice),
    end(),
    ...hourPages(invoice, hours),
  ]
  return {
    ...paperOf(invoice, { title, date, content }),
    ...(isDraft ? { watermark: { text: says('document.watermark'), color: muted, opacity: 0.08, bold: true } } : {}),
    ...(ubl
      ? {
          files: {
            ubl: {
              src: `data:application/xml;base64,${Buffer.from(ubl.xml).toString('base64')}`,
              name: ubl.name,
              description: 'UBL 2.1',
              relationship: 'Alternative',
              creationDate: instantOf(date),
              modifiedDate: instantOf(date),
            },
          },
        }
      : {}),
  }
}

function head(invoice: Invoice): Content[] {
  const { kind, language, customer, number, intro, credits } = invoice
  const says = speaker(language)
  const isCredit = kind === 'credit'
  const day = (date: Invoice['date']) => formatDate(date, language)
  const facts: (readonly [label: string, value: string])[] = [
    [says(isCredit ? 'document.number.credit' : 'document.number'), number ?? says('document.number.later')],
    [says(isCredit ? 'document.date.credit' : 'document.date'), day(invoice.date)],
    ...(isCredit ? [] : [[says('document.due'), day(invoice.dueDate)] as const]),
    ...(credits
      ? [
          [
            says('document.credits'),
            says('document.credits.of', { number: credits.number, date: day(credits.date) }),
          ] as const,
        ]
      : []),
    ...periodOf(invoice, says),
    ...(invoice.orderNumber ? [[says('document.orderNumber'), invoice.orderNumber] as const] : []),
    ...(invoice.reference ? [[says('document.reference'), invoice.reference] as const] : []),
    ...(customer.number ? [[says('document.customerNumber'), customer.number] as const] : []),
    ...(customer.vatId ? [[says('document.customerVatId'), customer.vatId] as const] : []),
  ]
  return [
    {
      text: [
        { text: says(`document.${kind}`), bold: true },
        ...(invoice.state === 'draft' ? [{ text: ` ${says('document.draft')}`, color: muted }] : []),
      ],
      fontSize: 20,
      margin: [0, 0, 0, 10],
    },
    {
      table: { widths: ['*', '*', '*', '*'], body: inRows(facts.map(fact), 4) },
      layout: {
        vLineWidth: () => 0,
        hLineWidth: () => 0,
        paddingLeft: () => 0,
        paddingRight: () => 8,
        paddingTop: () => 0,
        paddingBottom: () => 7,
      },
    },
    ...(intro?.trim() ? [{ text: intro.trim(), margin: [0, 4, 0, 0] } as const] : []),
  ]
}

const fact = ([label, value]: readonly [string, string]): Content => ({
  stack: [{ text: label, color: muted, fontSize: 8 }, { text: value }],
})

function inRows(cells: readonly Content[], columns: number): Content[][] {
  const rows = Math.ceil(cells.length / columns)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => cells[row * columns + column] ?? ''),
  )
}

function periodOf({ lines: of, language }: Invoice, says: Says): (readonly [string, string])[] {
  const from = of.map(({ supplyFrom }) => supplyFrom).sort()[0]
  const until = of
    .map(({ supplyUntil }) => supplyUntil)
    .sort()
    .at(-1)
  if (!from || !until) return []
  const whole = from === until || (from.endsWith('-01') && until === endOfMonth(until))
  const short = (date: Invoice['date']) => formatDateShort(date, language).replaceAll(' ', '\u00a0')
  return [[says('document.period'), whole ? periodText(from, until, language) : `${short(from)} – ${short(until)}`]]
}

/** As many lines as stand on one page with what is above and below them. */
const fewLines = 14

function lines(invoice: Invoice, last: LastLines | undefined): Content[] {
  const { lines: of } = invoice
  if (!last) return [lineTable(invoice, of)]
  const until = of.length - last.count
  return [
    lineTable(invoice, of.slice(0, until), last.widths),
    { ...lineTable(invoice, of.slice(until), last.widths), margin: [0, 0, 0, 0], pageBreak: 'before' },
  ]
}

function lineTable(invoice: Invoice, shown: readonly InvoiceLine[], given?: readonly number[]): TableContent {
  const { lines: of, language, currency } = invoice
  const says = speaker(language)
  const hasDiscount = of.some(({ discount }) => discount && !isZero(discount))
  return {
    margin: [0, 10, 0, 0],
    table: {
      headerRows: 1,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: ['*', ...(given ?? ['auto', 'auto', ...(hasDiscount ? ['auto'] : []), 'auto', 'auto'])],
      body: [
        heads([
          [says('document.description'), 'left'],
          [says('document.quantity'), 'right'],
          [says('document.price'), 'right'],
          ...(hasDiscount ? [[says('document.discount'), 'right'] as const] : []),
          [says('document.vat'), 'right'],
          [says('document.amount', { currency }).replaceAll(' ', '\u00a0'), 'right'],
        ]),
        ...shown.map((one) => lineRow(one, language, hasDiscount, one === of.at(-1))),
      ],
    },
    layout: of.length > fewLines ? ruledClosely : ruled,
  }
}

const withUnit = { hour: true, km: true, day: true, month: true, piece: false } as const

function lineRow(of: InvoiceLine, language: Language, hasDiscount: boolean, isLast: boolean): Content[] {
  const says = speaker(language)
  const [first = '', ...rest] = of.description.split('\n')
  const figure = (text: string): Content => ({ text, alignment: 'right', noWrap: true })
  const quantity = formatDecimal(of.quantity, language)
  return [
    {
      stack: [
        { text: first, bold: true, ...(isLast ? { headlineLevel: levels.lastLine } : {}) },
        ...(rest.length > 0 ? [{ text: rest.join('\n'), color: muted, fontSize: 8 }] : []),
      ],
    },
    {
      alignment: 'right',
      noWrap: true,
      text: withUnit[of.unit]
        ? [
            quantity,
            {
              text: ` ${says(`document.unit.${of.unit}`, { quantity: Number(of.quantity) })}`,
              color: muted,
              fontSize: 8,
            },
          ]
        : quantity,
    },
    figure(formatDecimal(of.unitPrice, language, 2)),
    ...(hasDiscount
      ? [figure(of.discount && !isZero(of.discount) ? `${formatDecimal(of.discount, language)}%` : '')]
      : []),
    figure(`${formatDecimal(of.vatRate, language)}%`),
    figure(formatAmount(of.net, language)),
  ]
}

function sums({ kind, totals, language, currency }: Invoice): Content {
  const says = speaker(language)
  const row = (text: string, amount: string): Content[] => [
    { text, color: muted },
    { text: amount, alignment: 'right', noWrap: true },
  ]
  const width = mm(85)
  return {
    unbreakable: true,
    margin: [innerWidth - width, 8, 0, 0],
    stack: [
      {
        table: {
          widths: ['*', 'auto'],
          body: [
            row(says('document.net'), formatAmount(totals.net, language)),
            ...totals.vatPerRate.map(({ treatment, rate, base, vat }) =>
              row(
                says('document.vatOver', {
                  label: vatLabel(treatment, rate, language),
                  base: formatAmount(base, language),
                }),
                formatAmount(vat, language),
              ),
            ),
            [
              {
                text: says(kind === 'credit' ? 'document.toReceive' : 'document.toPay'),
                bold: true,
                fontSize: 11,
                margin: [0, 4, 0, 0],
              },
              {
                text: withCurrency(formatAmount(totals.gross, language), currency),
                bold: true,
                fontSize: 11,
                alignment: 'right',
                noWrap: true,
                margin: [0, 4, 0, 0],
              },
            ],
          ],
        },
        layout: {
          vLineWidth: () => 0,
          hLineWidth: () => 0,
          paddingLeft: () => 0,
          paddingRight: (column) => (column === 0 ? 8 : 0),
          paddingTop: () => 1.5,
          paddingBottom: () => 1.5,
        },
      },
      rule(ink, width, 0.8, 2),
      rule(ink, width, 0.8, 1.5),
    ],
  }
}

function after(invoice: Invoice): Content[] {
  const { exchange, language, firm, totals, closing } = invoice
  const says = speaker(language)
  const sentences = new Set(
    totals.vatPerRate.flatMap(({ treatment }) => {
      const key = vatSentenceKeyFor(treatment)
      return key ? [vatSentence(key, language, firm.country)] : []
    }),
  )
  const small = [
    ...(exchange
      ? [
          says('document.exchange', {
            currency: firm.currency,
            vat: formatAmount(exchange.vat, language),
            rate: formatDecimal(exchange.rate, language),
            source: exchange.source,
            date: formatDate(exchange.date, language),
          }),
        ]
      : []),
    ...sentences,
  ]
  return [
    ...(small.length > 0
      ? [
          {
            unbreakable: true,
            margin: [0, 14, 0, 0],
            stack: small.map((text) => ({ text, color: muted, fontSize: 8 })),
          } as const,
        ]
      : []),
    ...(closing?.trim() ? [{ text: closing.trim(), margin: [0, 14, 0, 0] } as const] : []),
    payment(invoice),
  ]
}

function payment(invoice: Invoice): Content {
  const { kind, language, firm, number } = invoice
  const says = speaker(language)
  const code = paymentCodeOf(invoice)
  const told: Content[] =
    kind === 'credit'
      ? [{ text: says('document.settled') }]
      : [
          {
            fontSize: 10,
            text: [
              `${says('document.pay')} `,
              { text: formatDate(invoice.dueDate, language), bold: true },
              ...(firm.iban ? [` ${says('document.pay.to')} `, { text: grouped(firm.iban), bold: true }] : []),
            ],
          },
          {
            text: says('document.pay.quoting', { firm: firm.name, number: number ?? says('document.pay.thisNumber') }),
            color: muted,
            margin: [0, 2, 0, 0],
          },
          ...(code ? [{ text: says('document.scan'), color: muted, margin: [0, 10, 0, 0] } as const] : []),
        ]
  const scan: Content[] = code
    ? [{ width: 'auto', stack: [{ qr: code, fit: 100, eccLevel: 'M', foreground: ink, background: sunken }] }]
    : []
  return {
    unbreakable: true,
    margin: [0, 14, 0, 0],
    table: {
      widths: ['*'],
      body: [[{ fillColor: sunken, columns: [{ width: '*', stack: told }, ...scan], columnGap: 12 }]],
    },
    layout: boxed,
  }
}
