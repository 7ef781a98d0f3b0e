import type { RouteName } from '@uurwerk/api/routes.ts'
import type { Handlers } from '../http/call.ts'
import { connectionHandlers } from './connections.ts'
import { firmHandlers } from './firms.ts'
import { historyHandlers } from './history.ts'
import { hourHandlers } from './hours.ts'
import { invoiceHandlers } from './invoices.ts'
import { keyHandlers } from './keys.ts'
import { masterDataHandlers } from './master-data.ts'
import { peopleHandlers } from './people.ts'
import { postingHandlers } from './postings.ts'
import { sessionHandlers } from './session.ts'
import { weekHandlers } from './weeks.ts'

/** One handler for each route of the table. */
export const handlers: Handlers<RouteName> = {
  ...sessionHandlers,
  ...firmHandlers,
  ...peopleHandlers,
  ...keyHandlers,
  ...historyHandlers,
  ...masterDataHandlers,
  ...hourHandlers,
  ...weekHandlers,
  ...invoiceHandlers,
  ...connectionHandlers,
  ...postingHandlers,
}
