import type { RouteName } from '@uurwerk/api/routes.ts'
import type { Handlers } from '../http/call.ts'
import { absenceHandlers } from './absences.ts'
import { approvalHandlers } from './approvals.ts'
import { comingBackHandlers } from './coming-back.ts'
import { connectionHandlers } from './connections.ts'
import { contactHandlers } from './contacts.ts'
import { distanceHandlers } from './distances.ts'
import { documentHandlers } from './documents.ts'
import { entryActHandlers } from './entry-acts.ts'
import { expenseCategoryHandlers } from './expense-categories.ts'
import { expenseHandlers } from './expenses.ts'
import { favouriteHandlers } from './favourites.ts'
import { fileHandlers } from './files.ts'
import { firmHandlers } from './firms.ts'
import { hintHandlers } from './hints.ts'
import { historyHandlers } from './history.ts'
import { holidayHandlers } from './holidays.ts'
import { hourHandlers } from './hours.ts'
import { importHandlers } from './imports.ts'
import { instalmentHandlers } from './instalments.ts'
import { invoiceExportHandlers } from './invoice-exports.ts'
import { invoiceHandlers } from './invoices.ts'
import { keyHandlers } from './keys.ts'
import { kmRateHandlers } from './km-rates.ts'
import { letterHandlers } from './letters.ts'
import { logoHandlers } from './logo.ts'
import { mailSettingsHandlers } from './mail-settings.ts'
import { mailTemplateHandlers } from './mail-templates.ts'
import { masterDataHandlers } from './master-data.ts'
import { monthEndHandlers } from './month-end.ts'
import { notificationHandlers } from './notifications.ts'
import { overviewHandlers } from './overviews.ts'
import { packageInvoiceHandlers } from './package-invoices.ts'
import { paymentHandlers } from './payments.ts'
import { peopleHandlers } from './people.ts'
import { postingHandlers } from './postings.ts'
import { reimbursementHandlers } from './reimbursements.ts'
import { reminderHandlers } from './reminders.ts'
import { reportHandlers } from './reports.ts'
import { sessionHandlers } from './session.ts'
import { statementHandlers } from './statements.ts'
import { subscriptionHandlers } from './subscriptions.ts'
import { tagHandlers } from './tags.ts'
import { teamHandlers } from './teams.ts'
import { timerHandlers } from './timer.ts'
import { tripHandlers } from './trips.ts'
import { uninvoicedHandlers } from './uninvoiced.ts'
import { vatIdHandlers } from './vat-ids.ts'
import { vehicleHandlers } from './vehicles.ts'
import { viewHandlers } from './views.ts'
import { weekHandlers } from './weeks.ts'

/** One handler for each route of the table. */
export const handlers: Handlers<RouteName> = {
  ...sessionHandlers,
  ...firmHandlers,
  ...logoHandlers,
  ...peopleHandlers,
  ...keyHandlers,
  ...historyHandlers,
  ...masterDataHandlers,
  ...contactHandlers,
  ...vatIdHandlers,
  ...teamHandlers,
  ...tagHandlers,
  ...hourHandlers,
  ...overviewHandlers,
  ...viewHandlers,
  ...weekHandlers,
  ...timerHandlers,
  ...favouriteHandlers,
  ...absenceHandlers,
  ...holidayHandlers,
  ...entryActHandlers,
  ...approvalHandlers,
  ...expenseHandlers,
  ...expenseCategoryHandlers,
  ...fileHandlers,
  ...reimbursementHandlers,
  ...tripHandlers,
  ...vehicleHandlers,
  ...distanceHandlers,
  ...kmRateHandlers,
  ...instalmentHandlers,
  ...subscriptionHandlers,
  ...invoiceHandlers,
  ...invoiceExportHandlers,
  ...documentHandlers,
  ...letterHandlers,
  ...mailTemplateHandlers,
  ...mailSettingsHandlers,
  ...paymentHandlers,
  ...reminderHandlers,
  ...statementHandlers,
  ...uninvoicedHandlers,
  ...reportHandlers,
  ...connectionHandlers,
  ...importHandlers,
  ...postingHandlers,
  ...packageInvoiceHandlers,
  ...monthEndHandlers,
  ...comingBackHandlers,
  ...notificationHandlers,
  ...hintHandlers,
}
