import { describe } from 'vitest'
import { describeConnector } from '../describe-connector.ts'
import { skeletonHarness } from './harness.ts'
import { skeleton } from './index.ts'

describe('skeleton', () => {
  describeConnector(skeleton, skeletonHarness)
})
