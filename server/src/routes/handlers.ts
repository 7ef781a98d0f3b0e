import type { RouteName } from '@uurwerk/api/routes.ts'
import type { Handlers } from '../http/call.ts'
import { connectionHandlers } from './connections.ts'
import { hourHandlers } from './hours.ts'
import { invoiceHandlers } from './invoices.ts'
import { masterDataHandlers } from './master-data.ts'
import { peopleHandlers } from './people.ts'
import { postingHandlers } from './postings.ts'

/** One handler for each route of the table. */
export const handlers: Handlers<RouteName> = {
  ...peopleHandlers,
  ...masterDataHandlers,
  ...hourHandlers,
  ...invoiceHandlers,
  ...connectionHandlers,
  ...postingHandlers,
}
