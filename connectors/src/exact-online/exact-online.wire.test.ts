import { describe } from 'vitest'
import { describeOverHttp } from '../conformance/describe-over-http.ts'
import { exactHarness } from './harness.ts'
import { exactOnline } from './index.ts'

describe('exact-online', () => {
  describeOverHttp(exactOnline, exactHarness)
})
