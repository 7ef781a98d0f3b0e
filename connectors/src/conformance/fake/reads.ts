import { isProblem, type ProblemError } from '@uurwerk/core/shared/problem.ts'
import type * as z from 'zod'
import type { Books, Page, Reads, Wire } from '../../contract/contract.ts'
import type {
  CustomerRow,
  ItemRow,
  JournalRow,
  LedgerAccountRow,
  PaymentTermRow,
  PeriodRow,
  Settlement,
  VatCodeRow,
} from '../../contract/rows.ts'
import { ask, expectRight } from './talk.ts'
import {
  accountRow,
  changePage,
  customerRow,
  itemRow,
  journalRow,
  openItemRow,
  periodRow,
  termRow,
  vatCodeRow,
} from './wire.ts'

const readerOf =
  (wire: Wire, company: string) =>
  <T extends z.ZodType, R>(resource: string, row: T, map: (row: z.infer<T>) => R): Reads<R> => ({
    changes: (since) => changes({ wire, company, resource, row, map, since }),
  })

export const settledOf = (wire: Wire, company: string): Reads<Settlement> =>
  readerOf(wire, company)('open-items', openItemRow, fromOpenItem)

export const readsOf = (wire: Wire, company: string): Books['reads'] => {
  const from = readerOf(wire, company)
  return {
    customers: from('customers', customerRow, fromCustomer),
    items: from('items', itemRow, fromItem),
    ledgerAccounts: from('ledger-accounts', accountRow, fromAccount),
    vatCodes: from('vat-codes', vatCodeRow, fromVatCode),
    journals: from('journals', journalRow, fromJournal),
    paymentTerms: from('payment-terms', termRow, fromTerm),
    periods: from('periods', periodRow, fromPeriod),
  }
}

interface Reading<T extends z.ZodType, R> {
  readonly wire: Wire
  readonly company: string
  readonly resource: string
  readonly row: T
  readonly map: (row: z.infer<T>) => R
  readonly since: string | null
}

async function* changes<T extends z.ZodType, R>(reading: Reading<T, R>): AsyncGenerator<Page<R> | 'reset'> {
  const { wire, company, resource, row, map } = reading
  let since = reading.since ?? '0'
  let seen = 0
  for (;;) {
    const path = `/companies/${company}/${resource}`
    const page = await ask(wire, `${path}?since=${since}`, resource, changePage(row), 'import').catch(unlessMarkExpired)
    if (page === 'reset') {
      yield 'reset'
      return
    }
    since = page.last
    seen += page.rows.length
    // Nothing at all: either there is nothing, or we may not see it.
    if (reading.since === null && !page.more && seen === 0) await expectRight(wire, company, resource)
    const { gone, total } = page
    yield { rows: page.rows.map(map), gone, total, ...(page.more ? {} : { mark: since }) }
    if (!page.more) return
  }
}

function unlessMarkExpired(error: unknown): 'reset' {
  if (isMarkExpired(error)) return 'reset'
  throw error
}

const isMarkExpired = (error: unknown): error is ProblemError => isProblem(error) && error.problem.theirStatus === 410

type Of<T extends z.ZodType> = z.infer<T>

function fromCustomer(row: Of<typeof customerRow>): CustomerRow {
  const { id, code, name, country, email, vatNumber, street, postcode, city } = row
  return {
    id,
    code,
    name,
    country,
    address: {
      ...(street === undefined ? {} : { line1: street }),
      ...(postcode === undefined ? {} : { postcode }),
      ...(city === undefined ? {} : { city }),
      country,
    },
    ...(email === undefined ? {} : { email }),
    ...(vatNumber === undefined ? {} : { vatId: vatNumber }),
    isCustomer: !row.prospect,
    isBlocked: row.blocked ?? false,
    isEnded: false,
  }
}

const fromItem = ({ id, code, name, unit, account, vatCode, blocked, whole }: Of<typeof itemRow>): ItemRow => ({
  id,
  code,
  name,
  unit,
  isTime: unit === 'hour',
  ledgerAccount: account,
  ledgerAccountFrom: 'item',
  vatCode,
  ...(blocked ? { unusable: 'blocked' } : whole ? { unusable: 'no-fractions' } : {}),
})

const fromAccount = ({ id, name, kind, blocked }: Of<typeof accountRow>): LedgerAccountRow => ({
  id,
  code: id,
  name,
  kind,
  costCentre: 'optional',
  costUnit: 'optional',
  ...(blocked ? { unusable: 'blocked' } : {}),
})

const kindOf = ({ id, including }: Of<typeof vatCodeRow>): VatCodeRow['kind'] =>
  including ? 'including' : id === 'NIL' ? 'none' : 'excluding'

const fromVatCode = (row: Of<typeof vatCodeRow>): VatCodeRow => ({
  id: row.id,
  code: row.id,
  name: row.name,
  percentage: row.percentage,
  kind: kindOf(row),
  side: 'sales',
  reverseCharge: row.reverseCharge,
  ...(row.reverseCharge ? { euListing: 'services' as const } : {}),
  ...(row.blocked ? { unusable: 'blocked' } : {}),
})

const fromOpenItem = ({ id, entry, outstanding, currency, paidOn }: Of<typeof openItemRow>): Settlement => ({
  id,
  document: entry,
  outstanding,
  currency,
  ...(paidOn === undefined ? {} : { lastPaidOn: paidOn }),
})

const fromJournal = ({ id, name, kind }: Of<typeof journalRow>): JournalRow => ({
  id,
  code: id,
  name,
  kind,
  allowsOtherCurrency: true,
})

const fromTerm = ({ id, name, days }: Of<typeof termRow>): PaymentTermRow => ({
  id,
  code: id,
  name,
  days,
  endOfMonths: 0,
})

const fromPeriod = ({ id, name, from, until, closed }: Of<typeof periodRow>): PeriodRow => ({
  id,
  code: id,
  name,
  year: Number(id.slice(0, 4)),
  period: Number(id.slice(5)),
  from,
  until,
  closedIn: closed ? ['*'] : [],
})
