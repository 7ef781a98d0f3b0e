import type { RouteName } from '@uurwerk/api/routes.ts'
import { approvalSamples } from './samples/approval-samples.ts'
import { comingBackSamples } from './samples/coming-back-samples.ts'
import { expenseSamples } from './samples/expense-samples.ts'
import { importSamples } from './samples/import-samples.ts'
import { invoiceSamples } from './samples/invoice-samples.ts'
import { invoicingSamples } from './samples/invoicing-samples.ts'
import { letterSamples } from './samples/letter-samples.ts'
import { masterDataSamples } from './samples/master-data-samples.ts'
import { monthEndSamples } from './samples/month-end-samples.ts'
import { notificationSamples } from './samples/notification-samples.ts'
import { packageInvoiceSamples } from './samples/package-invoice-samples.ts'
import { packageSamples } from './samples/package-samples.ts'
import { peopleSamples } from './samples/people-samples.ts'
import type { SamplesOf } from './samples/sample.ts'
import { timeSamples } from './samples/time-samples.ts'

export { ifMatch, type Sample } from './samples/sample.ts'

/**
 * Requests that are good in a firm's own hands, at least one for each route; a route without one does not compile.
 * Together they name every id that a route takes.
 */
export const samples: SamplesOf<RouteName> = {
  ...peopleSamples,
  ...masterDataSamples,
  ...timeSamples,
  ...approvalSamples,
  ...expenseSamples,
  ...invoicingSamples,
  ...invoiceSamples,
  ...letterSamples,
  ...monthEndSamples,
  ...packageSamples,
  ...comingBackSamples,
  ...packageInvoiceSamples,
  ...importSamples,
  ...notificationSamples,
}
