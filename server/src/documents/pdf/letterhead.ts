import type { Address } from '@uurwerk/core/customers/customer.ts'
import type { InvoiceCustomer, InvoiceFirm } from '@uurwerk/core/invoicing/invoice.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import type { Content, Definition } from 'pdfmake'
import { say } from '../../http/words.ts'
import { accent, ink, innerWidth, line, lineStrong, margins, mm, muted, rule } from './look.ts'

/** Who writes to whom, and in which language: what every paper of a firm has in common. */
export interface Letterhead {
  readonly firm: InvoiceFirm
  readonly customer: InvoiceCustomer
  readonly language: Language
  /** As a data URL; else the firm's name stands in its place. */
  readonly logo?: string | null
}

export type Says = (word: string, values?: Readonly<Record<string, string | number>>) => string
export const speaker =
  (language: Language): Says =>
  (word, values) =>
    say(language, word, values)

const addressLines = (address: Address | null): string[] =>
  address ? [...address.street.split('\n'), `${address.postcode} ${address.city}`.trim()].filter(Boolean) : []

/** An IBAN in groups of four, as it is written on paper (ISO 13616). */
export const grouped = (iban: string): string =>
  iban
    .replaceAll(/\s/g, '')
    .replaceAll(/(.{4})/g, '$1 ')
    .trim()

/** The firm, and the customer’s address behind the window of the envelope. */
export function letterhead({ firm, customer, language, logo }: Letterhead): Content[] {
  const says = speaker(language)
  const abroad = customer.address && customer.address.country !== firm.country ? customer.address.country : null
  const named = (code: string) => new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code
  // Who writes from abroad says from where.
  const home = abroad ? [named(firm.address?.country ?? firm.country)] : []
  const to = [
    ...(customer.address?.attention ? [says('document.attention', { name: customer.address.attention })] : []),
    ...addressLines(customer.address),
    ...(abroad ? [named(abroad)] : []),
  ]
  return [
    {
      absolutePosition: { x: margins[0], y: mm(18) },
      columns: [
        {
          width: mm(95),
          stack: logo
            ? [{ image: logo, fit: [mm(70), mm(24)] }]
            : [
                { canvas: [{ type: 'rect', x: 0, y: 0, w: 26, h: 3, color: accent }] },
                { text: firm.name, bold: true, fontSize: 14, margin: [0, 6, 0, 0] },
              ],
        },
        {
          width: '*',
          alignment: 'right',
          fontSize: 8,
          color: muted,
          stack: [
            ...(logo ? [{ text: firm.name, bold: true, color: ink }] : []),
            ...[...addressLines(firm.address), ...home, firm.email, firm.phone, firm.website].flatMap((text) =>
              text ? [{ text }] : [],
            ),
          ],
        },
      ],
    },
    // DIN 5008 and NEN 1026: what the window shows lies between 55 and 90 mm from the top of the folded sheet.
    {
      absolutePosition: { x: margins[0], y: mm(57) },
      columns: [
        {
          width: mm(80),
          lineHeight: 1.2,
          stack: [{ text: customer.name, bold: true }, ...to.map((text) => ({ text }))],
        },
      ],
    },
    { text: '', margin: [0, 0, 0, mm(95) - margins[1]] },
  ]
}

/** On the second page and later. */
const runningHead = (firm: string, title: string): Content => ({
  margin: [margins[0], mm(12), margins[2], 0],
  stack: [
    {
      fontSize: 8,
      color: muted,
      margin: [0, 0, 0, 4],
      columns: [{ text: firm }, { text: title, alignment: 'right' }],
    },
    rule(line, innerWidth),
  ],
})

function footer({ firm, language }: Omit<Letterhead, 'customer'>, page: string): Content {
  const says = speaker(language)
  const legal = [
    firm.name,
    ...(firm.kvkNumber ? [says('document.kvk', { number: firm.kvkNumber })] : []),
    ...(firm.vatId ? [says('document.vatId', { number: firm.vatId })] : []),
    ...(firm.iban ? [says('document.iban', { number: grouped(firm.iban) })] : []),
    ...(firm.bic ? [says('document.bic', { number: firm.bic })] : []),
  ]
  return {
    margin: [margins[0], mm(6), margins[2], 0],
    fontSize: 7.5,
    color: muted,
    stack: [
      rule(lineStrong, innerWidth),
      {
        margin: [0, 5, 0, 0],
        columnGap: 12,
        columns: [
          { width: '*', text: legal.map((text) => text.replaceAll(' ', '\u00a0')).join('   ') },
          { width: 'auto', text: page.replaceAll(' ', '\u00a0'), alignment: 'right' },
        ],
      },
    ],
  }
}

interface Page {
  readonly title: string
  readonly date: CalendarDate
  readonly content: readonly Content[]
}

/** A paper of the firm, as pdfmake takes it, with what stands on each of its pages. */
export function paperOf({ firm, customer, language }: Letterhead, { title, date, content }: Page): Definition {
  const says = speaker(language)
  // Not the clock: the same paper gives the same bytes.
  const madeAt = instantOf(date)
  return {
    content: [...content],
    header: (page) => (page === 1 ? null : runningHead(firm.name, title)),
    footer: (page, pages) => footer({ firm, language }, says('document.page', { page, pages })),
    pageSize: 'A4',
    pageMargins: margins,
    defaultStyle: { font: 'Roboto', fontSize: 9, color: ink, lineHeight: 1.25 },
    info: {
      title: `${title}, ${firm.name}`,
      author: firm.name,
      subject: customer.name,
      creationDate: madeAt,
      modDate: madeAt,
    },
    language,
    displayTitle: true,
    version: '1.7',
    subset: 'PDF/A-3b',
  }
}

export const instantOf = (date: CalendarDate): Date => new Date(`${date}T00:00:00Z`)

const symbols: Readonly<Record<string, string>> = { EUR: '€' }
export const withCurrency = (amount: string, currency: string): string => `${symbols[currency] ?? currency} ${amount}`
