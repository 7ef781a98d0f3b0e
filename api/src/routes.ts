import { connectionRoutes } from './connections.ts'
import { hourRoutes } from './hours.ts'
import { invoiceRoutes } from './invoices.ts'
import { masterDataRoutes } from './master-data.ts'
import { peopleRoutes } from './people.ts'
import { postingRoutes } from './postings.ts'

/** The whole API as data. */
export const api = {
  ...peopleRoutes,
  ...masterDataRoutes,
  ...hourRoutes,
  ...invoiceRoutes,
  ...connectionRoutes,
  ...postingRoutes,
}

export type Api = typeof api
export type RouteName = keyof Api
