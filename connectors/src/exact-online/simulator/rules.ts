export interface Rule {
  /** Named in the comments of the code that keeps it. */
  readonly id: string
  readonly rule: string
  /** Page of the public reference, or where it was seen. */
  readonly source: string
}

const reference = (page: string) => `Exact Online REST reference, ${page}`
const seen = 'seen in client code'
const reported = 'reported by users of client libraries'
const analogy = 'by analogy; to be checked against a real administration'

/** What this simulator enforces, one line each, and why. */
export const rules: readonly Rule[] = [
  {
    id: 'R-code',
    rule: 'An authorization code works once, within 180 seconds, with the same redirect address.',
    source: reported,
  },
  {
    id: 'R-redirect',
    rule: 'A redirect address is https; a simulator on this machine takes this machine too.',
    source: seen,
  },
  {
    id: 'R-access',
    rule: 'An access token lives 600 seconds from the moment it was issued; `expires_in` is text.',
    source: seen,
  },
  {
    id: 'R-refresh-early',
    rule: 'Refreshing is refused until 570 seconds after the last tokens were issued.',
    source: 'Exact Online support, OAuth tokens',
  },
  {
    id: 'R-refresh-rotates',
    rule: 'Every refresh gives a new refresh token; the one before is refused from then on.',
    source: 'Exact Online support, OAuth tokens',
  },
  { id: 'R-refresh-idle', rule: 'A refresh token that is not used for 30 days has expired.', source: reported },
  {
    id: 'R-limits',
    rule: '60 calls a minute and 5,000 a day per client and division; a 429 names only the exhausted limit; resets are epoch milliseconds.',
    source: 'Exact Online support, API limits',
  },
  {
    id: 'R-error-budget',
    rule: 'Ten answers of 400, 401, 403 or 404 in an hour block that endpoint for that client, user and division.',
    source: 'Exact Online support, API limits',
  },
  {
    id: 'R-division',
    rule: 'A division that the user may not enter or the app was not given is 403 with Reason NoDivisionAccess; system/Divisions answers for any number.',
    source: reference('SystemSystemDivisions'),
  },
  { id: 'R-empty-list', rule: 'Where a right is missing, a list is empty instead of refused.', source: reported },
  {
    id: 'R-page',
    rule: 'Single endpoints give 60 rows a page, sync and bulk 1,000; the rest of `$top` travels in `__next`; a `$top` of one page gives a bare list.',
    source: 'recorded answers',
  },
  {
    id: 'R-mandatory-filter',
    rule: 'Single and bulk lists that have a sync twin want a filter; announced in 2021 and not yet seen to be enforced, so it is a setting here.',
    source: 'Exact Online support, API limits',
  },
  {
    id: 'R-bulk',
    rule: 'Bulk endpoints want `$select` and refuse `$skip`.',
    source: reference('BulkFinancialGLAccounts'),
  },
  {
    id: 'R-sync',
    rule: 'Sync endpoints filter on Timestamp alone; it is a row version, renewed by every change, and renewed for all rows when a division moves.',
    source: reference('SyncCRMAccounts'),
  },
  { id: 'R-deleted', rule: 'The log of deletions goes back two months.', source: reference('SyncDeleted') },
  {
    id: 'R-padding',
    rule: 'Account codes are 18 wide with leading blanks; countries, VAT codes and units carry trailing blanks.',
    source: reference('CRMAccounts'),
  },
  {
    id: 'R-server-time',
    rule: 'Instants are the wall time of the server written as if it were UTC; calendar dates are midnight UTC.',
    source: 'recorded answers',
  },
  {
    id: 'R-echo',
    rule: 'POST of an account answers nulls except the key, of an invoice nulls for its VAT and starter status, unless `Prefer: return=representation` is sent.',
    source: 'recorded answers',
  },
  {
    id: 'R-types',
    rule: 'A wrong type is 400, a wrong value 500; complaints are joined by CR LF, in the language of the user.',
    source: reported,
  },
  {
    id: 'R-unknown-name',
    rule: 'Read-only fields are ignored when sent; names that do not exist are refused.',
    source: `recorded answers; the second half ${analogy}`,
  },
  { id: 'R-required', rule: 'A mandatory field that is missing or empty: `Verplicht: X`.', source: reported },
  {
    id: 'R-length',
    rule: 'Texts longer than the strictest length seen are refused.',
    source: `${seen}; the words ${analogy}`,
  },
  {
    id: 'R-reference',
    rule: 'A reference to something that is not there: `Ongeldige referentie: X`.',
    source: reported,
  },
  {
    id: 'R-account-code',
    rule: 'Account codes are unique; left out, the highest number plus one is taken.',
    source: reference('CRMAccounts'),
  },
  { id: 'R-account-in-use', rule: 'An account with entries or invoices cannot be removed.', source: analogy },
  {
    id: 'R-customer',
    rule: 'Sales are booked on an account of status C that is not blocked and not ended, with the receivable account of the journal.',
    source: reported,
  },
  {
    id: 'R-journal',
    rule: 'A sales entry names a sales journal (type 20) by its code, not blocked.',
    source: reported,
  },
  {
    id: 'R-period',
    rule: 'The financial year exists, and the period is open in the journal.',
    source: reference('ReadFinancialJournalStatusList'),
  },
  {
    id: 'R-number',
    rule: 'Entry number and invoice number are one, unique per journal and year, by default `YYJJ####`; one that is sent may be replaced without a word; YourRef may repeat.',
    source: seen,
  },
  {
    id: 'R-due-date',
    rule: 'Left out, the due date follows from the entry date and the payment condition.',
    source: reference('CashflowPaymentConditions'),
  },
  {
    id: 'R-gl-type',
    rule: 'Lines are booked on ledger accounts that are not blocked, never on those that the package keeps itself: cash, bank, cards, payment services, receivables, payables, VAT.',
    source: reference('FinancialGLAccounts'),
  },
  {
    id: 'R-cost',
    rule: 'A ledger account makes cost centre and cost unit optional (0), mandatory (1) or not allowed (2).',
    source: reference('FinancialGLAccounts'),
  },
  {
    id: 'R-vat-code',
    rule: 'A VAT code exists, is for sales or both, and is not blocked; left out, the ledger account gives it.',
    source: reference('SalesEntrySalesEntryLines'),
  },
  {
    id: 'R-vat-amount',
    rule: 'A VAT amount that is sent is booked; without it each line is rounded half away from zero. None with a code without VAT; an including code must hold it inside.',
    source: reference('SalesEntrySalesEntryLines'),
  },
  { id: 'R-credit', rule: 'A negative total makes the entry type 21, credit note.', source: analogy },
  {
    id: 'R-processed',
    rule: 'An entry of status 50 cannot be changed or removed, nor one in a closed period.',
    source: reported,
  },
  {
    id: 'R-general-journal',
    rule: 'An entry in a general journal (type 90) is made, read and removed, never changed; receivables and payables name an account.',
    source: `${reference('GeneralJournalEntryGeneralJournalEntries')}; the account ${analogy}`,
  },
  {
    id: 'R-general-vat',
    rule: 'A VAT code in a general journal only where the journal takes VAT; there the ledger account gives it when none is sent, and its VAT gets a line.',
    source: reference('GeneralJournalEntryGeneralJournalEntryLines'),
  },
  { id: 'R-balance', rule: 'The lines of an entry add up to zero.', source: reported },
  {
    id: 'R-ledger',
    rule: 'A sales entry stands in the ledger as receivable, revenue and VAT; there is no line for VAT of nothing.',
    source: 'recorded answers',
  },
  {
    id: 'R-contact',
    rule: 'A contact has an account and a first or last name; the first one of an account is its main contact.',
    source: `${reference('CRMContacts')}; the main one ${analogy}`,
  },
  {
    id: 'R-invoice-journal',
    rule: 'An invoice without a journal takes the one set for the administration; without that the journal is mandatory.',
    source: reported,
  },
  {
    id: 'R-invoice-item',
    rule: 'A line of an invoice sells an item that is for sale, within its dates, in whole numbers unless fractions are allowed; ledger account, text, unit and VAT code come from it.',
    source: `${reference('SalesInvoiceSalesInvoiceLines')}; that fractions are refused ${analogy}`,
  },
  {
    id: 'R-invoice-credit',
    rule: 'An invoice of type 8021 has a negative total.',
    source: analogy,
  },
  {
    id: 'R-printing',
    rule: 'Number, ledger entry and document of an invoice come from printing it, which is final; document and mail may fail in the answer all the same.',
    source: reference('SalesInvoicePrintedSalesInvoices'),
  },
  {
    id: 'R-sending',
    rule: 'Mail, mailbox and Peppol of a printed invoice are told of one by one, as made or as failed; by the method of the account when asked so.',
    source: reference('SalesInvoicePrintedSalesInvoices'),
  },
  {
    id: 'R-condition',
    rule: 'A payment condition that is left out is that of the customer, else the one set for the administration; without these it is mandatory.',
    source: reported,
  },
  {
    id: 'R-terms',
    rule: 'The payment terms of an entry add up to its gross amount; what is matched stays, the rest is open.',
    source: reference('SyncCashflowPaymentTerms'),
  },
  {
    id: 'R-split',
    rule: 'A part payment splits a term in two rows with an EntryID each.',
    source: reference('CashflowReceivables'),
  },
  {
    id: 'R-unmatch',
    rule: 'A match that is taken back opens the terms again; the receipt stays as a negative row without YourRef.',
    source: reported,
  },
  {
    id: 'R-receivables-list',
    rule: 'The receivables list has only what is outstanding, several rows per invoice after part payment, and no reliable filter.',
    source: `${reference('ReadFinancialReceivablesList')}; ${reported}`,
  },
  {
    id: 'R-callback',
    rule: 'A callback is https at the domain of the redirect address; one subscription per app, division and topic.',
    source: reported,
  },
  {
    id: 'R-webhook-trial',
    rule: 'A second after subscribing the address is tried with an empty POST; without success the subscription stays invalid.',
    source: reported,
  },
  {
    id: 'R-webhook-event',
    rule: 'An event names what changed, not how, and is signed with HMAC-SHA256 over the raw text of its content, in upper-case hex.',
    source: reported,
  },
  {
    id: 'R-has-rights',
    rule: 'A list is empty without the right to see it; whether the user has the right to an endpoint and action is asked for.',
    source: `${reference('UsersUserHasRights')}; Exact Online developer guide, check rights before use`,
  },
  { id: 'R-last-line', rule: 'Removing the last line removes the entry.', source: seen },
]
