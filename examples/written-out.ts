import { wordsOf } from '@uurwerk/connectors/contract/messages.ts'
import { messages } from '@uurwerk/connectors/exact-online/messages.ts'
import type { Address } from '@uurwerk/core/customers/customer.ts'
import { quantityOf } from '@uurwerk/core/invoicing/totals.ts'
import { calendarDate, dayOfWeek } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, round } from '@uurwerk/core/shared/money.ts'
import { formatDuration } from '@uurwerk/core/time/duration.ts'
import { chartFor } from './books.ts'
import { firm } from './firm.ts'
import type { Entry, WorkedCase, WorkedInvoice } from './worked-case.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** A worked case as text, for people who know books and not programs. */
export function writtenOut({ about, entries, expenses, trips, invoices }: WorkedCase): string {
  const parts = [
    [about.title, '='.repeat(about.title.length), '', about.shows],
    ['HOURS', ...hours(entries), ...rounding(about)],
    ['RATES', ...rates(about)],
    ...(expenses.length > 0 ? [['EXPENSES', ...spent(expenses)]] : []),
    ...(trips.length > 0 ? [['TRIPS', ...driven(trips, about.kmRate ?? '')]] : []),
    ...(about.instalments || about.periods ? [['AGREED', ...agreed(about)]] : []),
    ...invoices.flatMap((one) => [invoiceText(one), entryText(one, about), requestText(one)]),
    ...invoices.filter(({ settled }) => settled.length > 0).map(settledText),
  ]
  return `${parts.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`
}

type Side = 'left' | 'right'

/** Columns as wide as their widest cell; two spaces between them and in front. */
function table(sides: readonly Side[], rows: readonly (readonly string[])[]): string[] {
  const widths = sides.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map(
    (row) =>
      `  ${sides
        .map((side, column) => {
          const [text, width] = [row[column] ?? '', widths[column] ?? 0]
          return side === 'left' ? text.padEnd(width) : text.padStart(width)
        })
        .join('  ')}`,
  )
}

const inCents = (amount: Decimal | string) => round(decimal(amount), 2)
const inPercent = (rate: string) => `${rate} %`

function hours(entries: readonly Entry[]): string[] {
  const minutes = entries.reduce((total, entry) => total + entry.minutes, 0)
  return table(
    ['left', 'left', 'left', 'left', 'left', 'right', 'right'],
    [
      ['date', '', 'person', 'project', 'activity', 'time', 'hours'],
      ...entries.map((entry) => [
        entry.date,
        weekdays[dayOfWeek(calendarDate(entry.date)) - 1] as string,
        entry.person,
        entry.project,
        entry.activity,
        formatDuration(entry.minutes),
        quantityOf(entry.minutes),
      ]),
      ['', '', '', '', 'together', formatDuration(minutes), quantityOf(minutes)],
    ],
  )
}

function rounding({ customer }: WorkedCase['about']): string[] {
  const rule = customer.billingRounding
  return rule ? ['', `  Billed ${rule.direction} to ${rule.stepMinutes} minutes, per ${rule.per}.`] : []
}

const spent = (expenses: WorkedCase['expenses']): string[] =>
  table(
    ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    [
      ['date', 'person', 'project', 'category', 'gross', 'of it VAT', 'deductible', 'margin', 'recharged'],
      ...expenses.map((one) => [
        one.date,
        one.person,
        one.project,
        one.category,
        inCents(one.gross),
        inCents(one.inputVat),
        one.disbursement ? 'disbursed' : inPercent(one.deductiblePercent),
        one.disbursement ? '' : inPercent(one.marginPercent),
        inCents(one.rechargeNet),
      ]),
    ],
  )

const driven = (trips: WorkedCase['trips'], rate: string): string[] => [
  ...table(
    ['left', 'left', 'left', 'left', 'right', 'left'],
    [
      ['date', 'person', 'project', 'trip', 'km', ''],
      ...trips.map((one) => [
        one.date,
        one.person,
        one.project,
        `${one.from} – ${one.to}`,
        one.km,
        one.returnTrip ? 'and back' : 'one way',
      ]),
    ],
  ),
  '',
  `  The customer pays ${inCents(rate)} a kilometre.`,
]

const agreed = ({ instalments = [], periods = [] }: WorkedCase['about']): string[] =>
  table(
    ['left', 'left', 'left', 'right'],
    [
      ['due', 'project', 'for', 'amount'],
      ...[...instalments, ...periods].map((one) => [one.dueOn, one.projectId, one.description, inCents(one.amount)]),
    ],
  )

const rates = ({ rates, activities }: WorkedCase['about']): string[] =>
  table(
    ['left', 'left', 'left', 'right', 'left'],
    [
      ['activity', 'on project', 'from', 'an hour', 'VAT class'],
      ...rates.map(({ activity, project, from, amount }) => [
        activity,
        project ?? 'all',
        from ?? 'the start',
        inCents(amount),
        activities.find(({ name }) => name === activity)?.vatClass ?? 'of the firm (standard)',
      ]),
    ],
  )

const place = (address: Address | null) =>
  address ? `${address.street}, ${address.postcode} ${address.city}, ${address.country}` : ''

function invoiceText({ invoice, sentences, order }: WorkedInvoice): string[] {
  const { customer, totals, exchange } = invoice
  const title = invoice.kind === 'credit' ? `CREDIT NOTE ${invoice.number}` : `INVOICE ${invoice.number}`
  const facts = [
    ['from', `${firm.name}, ${place(firm.address)}; VAT id ${firm.vatId}`],
    ['to', `${customer.name}, ${place(customer.address)}${customer.vatId ? `; VAT id ${customer.vatId}` : ''}`],
    ['VAT case', customer.vatCase ?? ''],
    ['date', invoice.kind === 'credit' ? invoice.date : `${invoice.date}, to be paid by ${invoice.dueDate}`],
    ...(invoice.kind === 'credit'
      ? [['takes back', `${invoice.credits?.number} of ${invoice.credits?.date}`]]
      : [['lines by', order.by]]),
    ...(invoice.orderNumber ? [['order', invoice.orderNumber]] : []),
    ...(exchange
      ? [
          [
            'currency',
            `${invoice.currency}, one is ${exchange.rate} ${firm.currency} (${exchange.source}, ${exchange.date})`,
          ],
        ]
      : []),
  ]
  const lines = invoice.lines.map((line) => [
    line.discount ? `${line.description}, less ${inPercent(line.discount)}` : line.description,
    round(line.quantity, 4),
    '×',
    inCents(line.unitPrice),
    '=',
    inCents(line.net),
    inPercent(line.vatRate),
    inCents(line.vat),
  ])
  const sums = [
    ...totals.vatPerRate.map(({ treatment, rate, base, vat }) => [
      `${treatment}, ${inPercent(rate)}`,
      inCents(base),
      inCents(vat),
    ]),
    ['together', inCents(totals.net), inCents(totals.vat)],
    ['to pay', '', inCents(totals.gross)],
    ...(exchange ? [[`the VAT in ${firm.currency}`, '', inCents(exchange.vat)]] : []),
  ]
  return [
    title,
    ...table(['left', 'left'], facts),
    '',
    ...table(
      ['left', 'right', 'left', 'right', 'left', 'right', 'right', 'right'],
      [['line', 'quantity', '×', 'price', '=', 'net', 'VAT', 'share'], ...lines],
    ),
    '',
    ...table(['left', 'right', 'right'], [['VAT', 'over', 'amount'], ...sums]),
    ...(sentences.length > 0 ? ['', ...sentences.map((sentence) => `  “${sentence}”`)] : []),
  ]
}

function entryText({ document, draft }: WorkedInvoice, about: WorkedCase['about']): string[] {
  const known = chartFor(about.customer)
  const named = (noun: 'ledgerAccounts' | 'vatCodes' | 'journals' | 'paymentTerms', id: string | undefined) => {
    const row = id === undefined ? undefined : known.row(noun, id)
    return row ? `${row.code} ${row.name}` : 'not sent'
  }
  const customer = known.rows('customers')[0]
  return [
    'SALES ENTRY IN EXACT ONLINE',
    ...table(
      ['left', 'left'],
      [
        ['journal', named('journals', document.journal)],
        ['customer', `${customer?.code} ${customer?.name}`],
        ['date', `${document.date}, due ${document.dueDate}`],
        ['payment condition', named('paymentTerms', document.paymentTerm)],
        ['our reference', document.reference],
        ...(document.rate === undefined ? [] : [['currency', `${document.currency} at ${document.rate}`]]),
      ],
    ),
    '',
    ...table(
      ['left', 'left', 'left', 'right', 'right', 'right'],
      [
        ['item', 'ledger account', 'VAT code', 'net', 'VAT', 'gross'],
        ...document.lines.map((line) => [
          line.item,
          named('ledgerAccounts', line.ledgerAccount),
          named('vatCodes', line.vatCode),
          inCents(line.net),
          inCents(line.vat),
          '',
        ]),
        ['', '', 'together', inCents(document.net), inCents(document.vat), inCents(document.gross)],
      ],
    ),
    ...draft.notes.flatMap((note) => ['', `  Worth a look: ${wordsOf(messages, note, 'en')?.cause ?? note.code}`]),
  ]
}

const settledText = ({ settled, invoice }: WorkedInvoice): string[] => [
  `WHAT BECAME OF ${invoice.number}`,
  ...table(
    ['left', 'left', 'right', 'right', 'left', 'right'],
    [
      ['date', 'what happened', 'amount', 'outstanding', 'stands as', 'days late'],
      ...settled.map(({ date, what, amount, standing }) => [
        date,
        what,
        amount === null ? '' : inCents(amount),
        inCents(standing.outstanding),
        standing.state ?? '',
        standing.overdueDays === null ? '' : String(standing.overdueDays),
      ]),
    ],
  ),
]

const requestText = ({ request }: WorkedInvoice): string[] => [
  'REQUEST',
  `${request.method} ${request.path}`,
  ...JSON.stringify(JSON.parse(request.body), null, 2).split('\n'),
]
