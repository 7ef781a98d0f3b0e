import { describe } from 'vitest'
import { describeOverHttp } from './describe-over-http.ts'
import { fakeForms, fakeHarness, fakePackage, nameOf } from './fake/index.ts'

describe.each(fakeForms.map((form) => [nameOf(form), form] as const))('%s', (_, form) => {
  describeOverHttp(fakePackage(form).connector, fakeHarness(form))
})
