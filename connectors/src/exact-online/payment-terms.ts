import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import type { z } from 'zod'
import type { Page, Reads } from '../contract/contract.ts'
import type { Settlement } from '../contract/rows.ts'
import type { ExactCalls } from './calls.ts'
import { amountOf } from './posting.ts'
import { deletedType, startSync } from './sync.ts'
import { paymentTerm } from './wire.ts'

type Term = z.output<typeof paymentTerm>

/** 20 is money to come in, 22 money to go out (Exact REST reference, SyncCashflowPaymentTerms). */
const receipts = 20

/**
 * One term of an entry. A part payment splits a term: the part that was paid stands beside the part that is open, so what
 * is open of an entry is the sum over its terms. It rises again when a bookkeeper takes a match back.
 */
export function fromExactPaymentTerm(found: Term): Settlement | undefined {
  const { ID, TransactionEntryID, LineType, IsFullyPaid, LastPaymentDate } = found
  const amount = amountOf(found.AmountFC)
  if (LineType !== receipts || TransactionEntryID === undefined || amount === undefined) return undefined
  // `EndDate` is no day of a payment: what was written off ends too.
  return {
    id: ID,
    document: TransactionEntryID,
    outstanding: toCents(decimal(IsFullyPaid ? '0' : amount)),
    currency: found.Currency ?? '',
    ...(LastPaymentDate !== undefined && { lastPaidOn: LastPaymentDate }),
  }
}

/** One call for a thousand changes, one for what was deleted, one to see whether the division was moved. */
export const paymentTermReads = (calls: ExactCalls): Reads<Settlement> => ({
  async *changes(since): AsyncIterable<Page<Settlement> | 'reset'> {
    const sync = await startSync(calls, since)
    if (sync === 'reset') {
      yield 'reset'
      return
    }
    const gone = (await sync.gone())(deletedType.paymentTerms)
    for await (const page of sync.read('Cashflow/PaymentTerms', paymentTerm)) {
      const rows = page.rows.flatMap((found) => fromExactPaymentTerm(found) ?? [])
      yield page.last ? { rows, gone, mark: sync.mark() } : { rows, gone: [] }
    }
  },
})
