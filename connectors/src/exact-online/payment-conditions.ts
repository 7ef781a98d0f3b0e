import type { z } from 'zod'
import type { Reads } from '../contract/contract.ts'
import type { PaymentTermRow } from '../contract/rows.ts'
import type { ExactCalls } from './calls.ts'
import { wholeReads } from './sync.ts'
import { paymentCondition } from './wire.ts'

/** Entries and customers name a payment condition by its code, so that is its id here. */
export const fromExactPaymentCondition = (found: z.output<typeof paymentCondition>): PaymentTermRow => ({
  id: found.Code,
  code: found.Code,
  name: found.Description ?? found.Code,
  days: found.PaymentDays ?? 0,
  endOfMonths: found.PaymentEndOfMonths ?? 0,
})

export const paymentConditionReads = (calls: ExactCalls): Reads<PaymentTermRow> =>
  wholeReads(calls, 'cashflow/PaymentConditions', async () =>
    (await calls.all('cashflow/PaymentConditions', paymentCondition)).map(fromExactPaymentCondition),
  )
