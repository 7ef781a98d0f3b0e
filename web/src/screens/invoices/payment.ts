import { queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api, ifMatch } from '../../api.ts'
import type { Word } from '../../words/words.tsx'

export type Payments = components['schemas']['InvoicePayments']
export type Payment = components['schemas']['Payment']

/** Below the invoice, so that whatever looks at the invoice again looks at its payments too. */
export const paymentsQuery = (invoiceId: string) =>
  queryOptions({
    queryKey: ['invoice', invoiceId, 'payments'],
    queryFn: ({ signal }) =>
      answer(api.GET('/invoices/{id}/payments', { params: { path: { id: invoiceId } }, signal })),
  })

export const ways = {
  bank: 'payments.way.bank',
  card: 'payments.way.card',
  cash: 'payments.way.cash',
  'set-off': 'payments.way.setOff',
  other: 'payments.way.other',
} as const satisfies Record<Payment['way'], Word>

export const wayNames = Object.keys(ways) as Payment['way'][]

export const restore = (id: string, allowOver = false) =>
  answer(api.POST('/payments/{id}/restoration', { params: { path: { id } }, body: { allowOver } }))

export const undo = ({ id, version }: Pick<Payment, 'id' | 'version'>) =>
  answer(api.DELETE('/payments/{id}', { params: { path: { id } }, headers: ifMatch(version) }))
