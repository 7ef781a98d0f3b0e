import type { Connector } from '../contract/contract.ts'
import { attachmentPosts } from './attachments.ts'
import { chosenDivision, exactCalls } from './calls.ts'
import { customerPosts, customerReads } from './customers.ts'
import { dimensionReads } from './dimensions.ts'
import { healthOf, listDivisions } from './divisions.ts'
import { documentPosts } from './documents.ts'
import { itemReads } from './items.ts'
import { journalReads } from './journals.ts'
import { ledgerAccountReads } from './ledger-accounts.ts'
import { readLimits } from './limits.ts'
import { manifest } from './manifest.ts'
import { messages } from './messages.ts'
import { paymentConditionReads } from './payment-conditions.ts'
import { paymentTermReads } from './payment-terms.ts'
import { periodReads } from './periods.ts'
import { printingPosts } from './printing.ts'
import { salesEntryPosts } from './sales-entries.ts'
import { salesInvoicePosts } from './sales-invoices.ts'
import { type ExactSettings, readSettings } from './settings.ts'
import { signIn } from './sign-in.ts'
import { vatCodeReads } from './vat-codes.ts'
import { hint, hintsOf } from './webhooks.ts'

export const exactOnline: Connector<ExactSettings> = {
  manifest,
  messages,
  signIn,
  settings: readSettings,
  readLimits,
  hint,
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
    get settled() {
      return paymentTermReads(exactCalls(chosenDivision(at), wire, 'import'))
    },
    posts: {
      customer: customerPosts(at, wire),
      salesInvoice: salesInvoicePosts(at, wire),
      printing: printingPosts(at, wire),
      salesEntry: salesEntryPosts(at, wire),
      document: documentPosts(at, wire),
      attachment: attachmentPosts(at, wire),
    },
    hints: hintsOf(at, wire),
  }),
}
