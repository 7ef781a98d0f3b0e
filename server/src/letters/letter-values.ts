import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { type CalendarDate, daysBetween } from '@uurwerk/core/shared/calendar-date.ts'
import { formatAmount, formatDate } from '@uurwerk/core/shared/format.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { absolute, type Decimal, decimal } from '@uurwerk/core/shared/money.ts'
import { say } from '../http/words.ts'
import type { StoredInvoice } from '../invoices/invoice-rows.ts'
import type { Values } from './templates.ts'

const symbols: Readonly<Record<string, string>> = { EUR: '€', GBP: '£', USD: 'US$' }

/** `€ 1.234,56` as a letter writes it. */
export const amountText = (amount: Decimal, currency: string, language: Language): string =>
  `${symbols[currency] ?? currency} ${formatAmount(amount, language)}`

/** In groups of four. */
export const ibanText = (iban: string | null): string =>
  (iban ?? '').replaceAll(/\s/g, '').replaceAll(/(.{4})(?=.)/g, '$1 ')

interface About {
  readonly language: Language
  /** Who gets the letter; the customer when nobody is named. */
  readonly contact: string | null
  readonly today: CalendarDate
}

/** What the placeholders of a letter about an invoice say. The number of a draft is left out: it is known when it is sent. */
export function invoiceValues(
  { invoice, row }: Pick<StoredInvoice, 'invoice' | 'row'>,
  { language, contact, today }: About,
): Values {
  const { customer, firm, currency, number, credits } = invoice
  const outstanding = invoice.state === 'draft' ? invoice.totals.gross : decimal(row.outstanding ?? '0')
  const amount = (value: Decimal) => amountText(value, currency, language)
  return {
    customer: customer.name,
    contact: contact ?? customer.name,
    ...(number === null ? {} : { number }),
    date: formatDate(invoice.date, language),
    dueDate: formatDate(invoice.dueDate, language),
    amount: amount(invoice.kind === 'credit' ? absolute(invoice.totals.gross) : invoice.totals.gross),
    outstanding: amount(outstanding),
    daysOverdue: String(daysOverdue(invoice, today)),
    reference: invoice.reference ?? '',
    orderNumber: invoice.orderNumber ?? '',
    creditedNumber: credits?.number ?? '',
    firm: firm.name,
    iban: ibanText(firm.iban),
  }
}

const daysOverdue = ({ dueDate }: Pick<Invoice, 'dueDate'>, today: CalendarDate): number =>
  Math.max(0, daysBetween(dueDate, today))

export const exampleDaysOverdue = 16

interface Example {
  readonly language: Language
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  readonly firm: { readonly name: string; readonly iban: string | null; readonly currency: string }
}

/** An invoice that there is not, for a look at a text. */
export function exampleValues({ language, date, dueDate, firm }: Example): Values {
  const gross = decimal('1210.00')
  return {
    customer: say(language, 'letter.example.customer'),
    contact: say(language, 'letter.example.contact'),
    number: `${date.slice(0, 4)}-0042`,
    date: formatDate(date, language),
    dueDate: formatDate(dueDate, language),
    amount: amountText(gross, firm.currency, language),
    outstanding: amountText(gross, firm.currency, language),
    daysOverdue: String(exampleDaysOverdue),
    reference: say(language, 'letter.example.reference'),
    orderNumber: say(language, 'letter.example.orderNumber'),
    creditedNumber: `${date.slice(0, 4)}-0037`,
    firm: firm.name,
    iban: ibanText(firm.iban),
  }
}
