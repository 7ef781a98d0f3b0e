import type { Connector } from '../contract/contract.ts'
import { chosenDivision, exactCalls } from './calls.ts'
import { customerPosts, customerReads } from './customers.ts'
import { dimensionReads } from './dimensions.ts'
import { healthOf, listDivisions } from './divisions.ts'
import { itemReads } from './items.ts'
import { journalReads } from './journals.ts'
import { ledgerAccountReads } from './ledger-accounts.ts'
import { readLimits } from './limits.ts'
import { manifest } from './manifest.ts'
import { messages } from './messages.ts'
import { paymentConditionReads } from './payment-conditions.ts'
import { periodReads } from './periods.ts'
import { salesEntryPosts } from './sales-entries.ts'
import { type ExactSettings, readSettings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { vatCodeReads } from './vat-codes.ts'

export const exactOnline: Connector<ExactSettings> = {
  manifest,
  messages,
  signIn,
  settings: readSettings,
  readLimits,
  open: (at, wire) => ({
    administrations: () => listDivisions(wire),
    health: (expect) => healthOf(at, wire, expect),
    // Reading asks for the division only when it is done: before that, one may still be choosing.
    get reads() {
      const calls = exactCalls(chosenDivision(at), wire, 'import')
      return {
        customers: customerReads(calls),
        items: itemReads(calls),
        ledgerAccounts: ledgerAccountReads(calls),
        vatCodes: vatCodeReads(calls),
        journals: journalReads(calls),
        paymentTerms: paymentConditionReads(calls),
        dimensions: dimensionReads(calls),
        periods: periodReads(calls),
      }
    },
    posts: { customer: customerPosts(at, wire), salesEntry: salesEntryPosts(at, wire) },
  }),
}
