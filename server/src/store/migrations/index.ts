import type { Migration } from 'kysely/migration'
import * as first from './20261121-0400-first.ts'
import * as registering from './20261121-0900-registering.ts'
import * as timerWaits from './20261121-1000-timer-waits.ts'
import * as reimbursementLines from './20261121-1010-reimbursement-lines.ts'
import * as views from './20261121-1020-views.ts'
import * as masterData from './20261121-1040-master-data.ts'
import * as approvalAnswers from './20261121-1060-approval-answers.ts'
import * as creditNotes from './20261121-1120-credit-notes.ts'
import * as invoiceDocuments from './20261121-1130-invoice-documents.ts'
import * as afterSending from './20261121-1200-after-sending.ts'
import * as remindedAmount from './20261121-1230-reminded-amount.ts'
import * as drafts from './20261121-1240-drafts.ts'
import * as logos from './20261121-1250-logos.ts'
import * as sortedByOwed from './20261121-1255-sorted-by-what-is-owed.ts'
import * as facturX from './20261121-1260-factur-x.ts'
import * as kindsOfPostings from './20261121-1300-kinds-of-postings.ts'
import * as packageInvoices from './20261121-1310-package-invoices.ts'
import * as filesAndAutomatic from './20261121-1320-files-and-automatic.ts'
import * as customerImports from './20261121-1340-customer-imports.ts'
import * as comingBack from './20261121-1350-coming-back.ts'
import * as notifications from './20261121-1360-notifications.ts'
import * as hints from './20261121-1365-hints.ts'
import * as creditNotesUnseen from './20261121-1370-credit-notes-unseen.ts'
import * as unreadLists from './20261121-1400-unread-lists.ts'

/** Named by UTC timestamp, forward only. */
export const migrations: Record<string, Migration> = {
  '20261121-0400-first': first,
  '20261121-0900-registering': registering,
  '20261121-1010-reimbursement-lines': reimbursementLines,
  '20261121-1000-timer-waits': timerWaits,
  '20261121-1020-views': views,
  '20261121-1040-master-data': masterData,
  '20261121-1060-approval-answers': approvalAnswers,
  '20261121-1120-credit-notes': creditNotes,
  '20261121-1130-invoice-documents': invoiceDocuments,
  '20261121-1200-after-sending': afterSending,
  '20261121-1230-reminded-amount': remindedAmount,
  '20261121-1240-drafts': drafts,
  '20261121-1250-logos': logos,
  '20261121-1255-sorted-by-what-is-owed': sortedByOwed,
  '20261121-1260-factur-x': facturX,
  '20261121-1300-kinds-of-postings': kindsOfPostings,
  '20261121-1310-package-invoices': packageInvoices,
  '20261121-1320-files-and-automatic': filesAndAutomatic,
  '20261121-1340-customer-imports': customerImports,
  '20261121-1350-coming-back': comingBack,
  '20261121-1360-notifications': notifications,
  '20261121-1365-hints': hints,
  '20261121-1370-credit-notes-unseen': creditNotesUnseen,
  '20261121-1400-unread-lists': unreadLists,
}

/** Tables of which the program's role may only add and read rows. */
export const appendOnlyTables = [
  'history',
  'sent_document',
  'invoice_document',
  'letter_attachment',
  'vat_id_check',
  'firm_logo',
  'posting_step',
  'attempt_posting',
  'package_invoice_line',
] as const
