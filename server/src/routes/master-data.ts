import type { masterDataRoutes } from '@uurwerk/api/master-data.ts'
import type { Handlers } from '../http/call.ts'
import { activityHandlers } from './activities.ts'
import { customerHandlers } from './customers.ts'
import { projectHandlers } from './projects.ts'
import { rateHandlers } from './rates.ts'

export const masterDataHandlers: Handlers<keyof typeof masterDataRoutes> = {
  ...customerHandlers,
  ...projectHandlers,
  ...activityHandlers,
  ...rateHandlers,
}
