import { describe } from 'vitest'
import { describeOverHttp } from '../describe-over-http.ts'
import { skeletonHarness } from './harness.ts'
import { skeleton } from './index.ts'

describe('skeleton', () => {
  describeOverHttp(skeleton, skeletonHarness)
})
