import type { z } from 'zod'
import type { Reads } from '../contract/contract.ts'
import type { JournalRow } from '../contract/rows.ts'
import type { ExactCalls } from './calls.ts'
import { wholeReads } from './sync.ts'
import { journal } from './wire.ts'

// By number (Exact REST reference, Journals); 21 and 23, return invoices, are no sales journals.
const kinds: Readonly<Record<number, JournalRow['kind']>> = {
  10: 'cash',
  12: 'bank',
  16: 'bank', // payment service
  20: 'sales',
  22: 'purchase',
  90: 'general',
}

/** Entries name a journal by its code, and its guid is refused: so the code is its id here. */
export const fromExactJournal = (found: z.output<typeof journal>): JournalRow => ({
  id: found.Code,
  code: found.Code,
  name: found.Description ?? found.Code,
  kind: kinds[found.Type] ?? 'other',
  ...(found.IsBlocked && { unusable: 'blocked' }),
  ...(found.Currency && { currency: found.Currency }),
  allowsOtherCurrency: found.AllowVariableCurrency,
})

export const journalReads = (calls: ExactCalls): Reads<JournalRow> =>
  wholeReads(calls, 'financial/Journals', async () =>
    (await calls.all('financial/Journals', journal)).map(fromExactJournal),
  )
