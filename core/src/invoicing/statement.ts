import { assert } from '../shared/assert.ts'
import { type CalendarDate, daysBetween } from '../shared/calendar-date.ts'
import { add, type Currency, compare, type Decimal, isZero, negate, sum, toCents, zero } from '../shared/money.ts'

/** An invoice or credit note that was sent. */
export interface StatementDocument {
  readonly id: string
  readonly kind: 'invoice' | 'credit'
  readonly number: string
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  readonly currency: Currency
  /** Cents; below zero on a credit note. */
  readonly gross: Decimal
  /** Of a credit note: the invoice on which it is settled. */
  readonly creditsId: string | null
}

/** In the currency of its invoice; below zero is money that went back. */
export interface StatementPayment {
  readonly id: string
  readonly invoiceId: string
  readonly date: CalendarDate
  readonly amount: Decimal
  readonly way: string
}

/** By days past the due date; what is below zero is to the customer's credit and is not late. */
export const ages = ['not-due', '1-30', '31-60', '61-90', 'over-90', 'credit'] as const
export type Age = (typeof ages)[number]

export interface OpenItem {
  readonly document: StatementDocument
  /** Paid before the invoice has its date: the money alone counts. */
  readonly inAdvance: boolean
  /** Of the invoice up to that day, above zero. */
  readonly credited: Decimal
  readonly paid: Decimal
  readonly outstanding: Decimal
  /** 0 when it is not late. */
  readonly daysLate: number
  readonly age: Age
}

export interface Movement {
  readonly kind: 'invoice' | 'credit' | 'payment'
  readonly id: string
  readonly date: CalendarDate
  /** The invoice or credit note itself; of a payment, what was paid. */
  readonly document: StatementDocument
  /** Of a payment. */
  readonly way: string | null
  /** What it adds to what the customer owes. */
  readonly amount: Decimal
  /** What he owes with it. */
  readonly balance: Decimal
}

/** Where a customer stands on a day, in one currency. */
export interface Statement {
  readonly currency: Currency
  /** Oldest due date first. */
  readonly items: readonly OpenItem[]
  readonly byAge: Readonly<Record<Age, Decimal>>
  /** What he owed before the first movement that is told. */
  readonly opening: Decimal
  readonly movements: readonly Movement[]
  readonly balance: Decimal
}

export interface StatementOf {
  readonly documents: readonly StatementDocument[]
  readonly payments: readonly StatementPayment[]
  readonly asOf: CalendarDate
  /** First day of the movements that are told; all of them when left out. */
  readonly from?: CalendarDate | null
}

/**
 * Where a customer stands at the end of a day, one statement per currency that has anything to tell. Documents and
 * payments count from their own date, so that a statement of an earlier day stays what it was.
 */
export function customerStatement(of: StatementOf): Statement[] {
  const currencies = [...new Set(of.documents.map(({ currency }) => currency))].sort()
  return currencies
    .map((currency) => statementIn(currency, of))
    .filter(({ items, movements, opening }) => items.length > 0 || movements.length > 0 || !isZero(opening))
}

function statementIn(currency: Currency, { documents, payments, asOf, from }: StatementOf): Statement {
  const byId = new Map(documents.filter((one) => one.currency === currency).map((one) => [one.id, one]))
  const paid = payments.flatMap((payment) => {
    const document = byId.get(payment.invoiceId)
    return document ? [asPaid(payment, document)] : []
  })
  const all = inOrder([...[...byId.values()].map(asMovement), ...paid].filter(({ date }) => date <= asOf))
  const before = from ? all.filter(({ date }) => date < from) : []
  const opening = toCents(sum(before.map(({ amount }) => amount)))
  let balance = opening
  const movements = all.slice(before.length).map((one): Movement => {
    balance = toCents(add(balance, one.amount))
    return { ...one, balance }
  })
  const items = openItems(all, byId, asOf)
  assert(
    compare(balance, sum(items.map(({ outstanding }) => outstanding))) === 0,
    'what a customer owes is what stands open on his invoices',
  )
  return { currency, items, byAge: perAge(items), opening, movements, balance }
}

type Unbalanced = Omit<Movement, 'balance'>

const asMovement = (document: StatementDocument): Unbalanced => ({
  kind: document.kind,
  id: document.id,
  date: document.date,
  document,
  way: null,
  amount: toCents(document.gross),
})

const asPaid = ({ id, date, way, amount }: StatementPayment, document: StatementDocument): Unbalanced => ({
  kind: 'payment',
  id,
  date,
  document,
  way,
  amount: toCents(negate(amount)),
})

const orderOfKind = { invoice: 0, credit: 1, payment: 2 } as const

const inOrder = (movements: readonly Unbalanced[]): Unbalanced[] =>
  [...movements].sort(
    (a, b) =>
      byText(a.date, b.date) ||
      orderOfKind[a.kind] - orderOfKind[b.kind] ||
      byText(a.document.number, b.document.number) ||
      byText(a.id, b.id),
  )

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Each movement stands on the invoice it is settled on. */
function openItems(
  movements: readonly Unbalanced[],
  byId: ReadonlyMap<string, StatementDocument>,
  asOf: CalendarDate,
): OpenItem[] {
  const settledOn = ({ document }: Unbalanced) => byId.get(document.creditsId ?? '') ?? document
  const items = [...Map.groupBy(movements, settledOn)].map(([document, own]): OpenItem => {
    const total = (kind: Movement['kind']) =>
      toCents(sum(own.filter((one) => one.kind === kind).map(({ amount }) => amount)))
    const outstanding = toCents(sum(own.map(({ amount }) => amount)))
    const late = compare(outstanding, zero) > 0 ? Math.max(0, daysBetween(document.dueDate, asOf)) : 0
    return {
      document,
      inAdvance: document.date > asOf,
      credited: document.kind === 'credit' ? toCents(zero) : toCents(negate(total('credit'))),
      paid: toCents(negate(total('payment'))),
      outstanding,
      daysLate: late,
      age: compare(outstanding, zero) < 0 ? 'credit' : ageOf(late),
    }
  })
  return items
    .filter(({ outstanding }) => !isZero(outstanding))
    .sort(
      (a, b) =>
        byText(a.document.dueDate, b.document.dueDate) ||
        byText(a.document.number, b.document.number) ||
        byText(a.document.id, b.document.id),
    )
}

function ageOf(late: number): Age {
  if (late === 0) return 'not-due'
  if (late <= 30) return '1-30'
  if (late <= 60) return '31-60'
  return late <= 90 ? '61-90' : 'over-90'
}

function perAge(items: readonly OpenItem[]): Record<Age, Decimal> {
  const ofAge = Map.groupBy(items, ({ age }) => age)
  const total = (age: Age) => toCents(sum((ofAge.get(age) ?? []).map(({ outstanding }) => outstanding)))
  return Object.fromEntries(ages.map((age) => [age, total(age)])) as Record<Age, Decimal>
}
