import { absenceRoutes } from './absences.ts'
import { approvalRoutes } from './approvals.ts'
import { comingBackRoutes } from './coming-back.ts'
import { connectionRoutes } from './connections.ts'
import { contactRoutes } from './contacts.ts'
import { documentRoutes } from './documents.ts'
import { draftRoutes } from './drafts.ts'
import { expenseRoutes } from './expenses.ts'
import { favouriteRoutes } from './favourites.ts'
import { hintRoutes } from './hints.ts'
import { hourRoutes } from './hours.ts'
import { importRoutes } from './imports.ts'
import { invoiceExportRoutes } from './invoice-exports.ts'
import { invoiceRoutes } from './invoices.ts'
import { invoicingRoutes } from './invoicing.ts'
import { letterRoutes } from './letters.ts'
import { logoRoutes } from './logo.ts'
import { masterDataRoutes } from './master-data.ts'
import { monthEndRoutes } from './month-end.ts'
import { notificationRoutes } from './notifications.ts'
import { overviewRoutes } from './overviews.ts'
import { packageInvoiceRoutes } from './package-invoices.ts'
import { paymentRoutes } from './payments.ts'
import { peopleRoutes } from './people.ts'
import { postingRoutes } from './postings.ts'
import { reminderRoutes } from './reminders.ts'
import { reportRoutes } from './reports.ts'
import { seriesRoutes } from './series.ts'
import { statementRoutes } from './statements.ts'
import { teamRoutes } from './teams.ts'
import { timeRoutes } from './time.ts'
import { tripRoutes } from './trips.ts'
import { uninvoicedRoutes } from './uninvoiced.ts'
import { vatIdRoutes } from './vat-ids.ts'
import { viewRoutes } from './views.ts'

/** The whole API as data. */
export const api = {
  ...peopleRoutes,
  ...logoRoutes,
  ...masterDataRoutes,
  ...contactRoutes,
  ...vatIdRoutes,
  ...teamRoutes,
  ...hourRoutes,
  ...overviewRoutes,
  ...viewRoutes,
  ...timeRoutes,
  ...favouriteRoutes,
  ...absenceRoutes,
  ...approvalRoutes,
  ...expenseRoutes,
  ...tripRoutes,
  ...invoicingRoutes,
  ...invoiceRoutes,
  ...invoiceExportRoutes,
  ...draftRoutes,
  ...seriesRoutes,
  ...documentRoutes,
  ...paymentRoutes,
  ...letterRoutes,
  ...reminderRoutes,
  ...statementRoutes,
  ...uninvoicedRoutes,
  ...reportRoutes,
  ...monthEndRoutes,
  ...connectionRoutes,
  ...importRoutes,
  ...postingRoutes,
  ...comingBackRoutes,
  ...packageInvoiceRoutes,
  ...notificationRoutes,
  ...hintRoutes,
}

export type Api = typeof api
export type RouteName = keyof Api
