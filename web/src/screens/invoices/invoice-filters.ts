import type { Filter } from '../../table/FilterChips.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'

/** What the address of the list may hold. */
export interface InvoiceSearch {
  readonly state?: string[] | undefined
  readonly paymentState?: string[] | undefined
  readonly overdue?: boolean | undefined
  readonly customerId?: string[] | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly search?: string | undefined
  readonly posted?: boolean | undefined
  readonly sort?: string | undefined
}

const knownStates = ['draft', 'sent', 'credited'] as const
const knownPayments = ['open', 'partly-paid', 'paid', 'credited', 'to-refund'] as const
const paymentWords = {
  open: 'payments.state.open',
  'partly-paid': 'payments.state.partlyPaid',
  paid: 'payments.state.paid',
  credited: 'invoices.state.credited',
  'to-refund': 'payments.state.toRefund',
} as const satisfies Record<(typeof knownPayments)[number], Word>
const knownSorts = ['number', '-number', 'date', '-date', 'dueDate', '-dueDate', 'outstanding', '-outstanding'] as const

const switched = (flag: boolean | undefined): 'true' | 'false' | undefined =>
  flag === undefined ? undefined : flag ? 'true' : 'false'

/** The filter as the API takes it; what the address holds and nobody knows is left out. */
export const filterOf = (search: InvoiceSearch) => ({
  state: knownStates.filter((state) => search.state?.includes(state)),
  paymentState: knownPayments.filter((state) => search.paymentState?.includes(state)),
  overdue: switched(search.overdue),
  customerId: search.customerId,
  from: search.from,
  until: search.until,
  search: search.search,
  posted: switched(search.posted),
  sort: knownSorts.find((one) => one === search.sort),
})

/** The chips above the list, with the names of the customers that the address holds as ids. */
export function useInvoiceFilters(search: InvoiceSearch): readonly Filter[] {
  const t = useT()
  const ofCustomers = useCustomerFilter(t('invoices.customer'), search.customerId)
  return [
    { kind: 'text', name: 'search', label: t('invoices.filter.search') },
    {
      kind: 'choice',
      name: 'state',
      label: t('invoices.state'),
      options: [
        { value: 'draft', label: t('invoices.state.draft') },
        { value: 'sent', label: t('invoices.state.sent') },
        { value: 'credited', label: t('invoices.state.credited') },
      ],
    },
    {
      kind: 'choice',
      name: 'paymentState',
      label: t('payments.filter'),
      options: knownPayments.map((value) => ({ value, label: t(paymentWords[value]) })),
    },
    {
      kind: 'flag',
      name: 'overdue',
      label: t('payments.filter.overdue'),
      yes: t('payments.filter.late'),
      no: t('payments.filter.notLate'),
    },
    ...ofCustomers,
    { kind: 'period', label: t('invoices.filter.period'), from: 'from', until: 'until' },
    {
      kind: 'flag',
      name: 'posted',
      label: t('invoices.booking'),
      yes: t('invoices.filter.posted'),
      no: t('invoices.filter.unposted'),
    },
  ]
}
