import { describe } from 'vitest'
import { describeConnector } from '../conformance/describe-connector.ts'
import { exactHarness } from './harness.ts'
import { exactOnline } from './index.ts'

describe('exact-online', () => {
  describeConnector(exactOnline, exactHarness)
})
