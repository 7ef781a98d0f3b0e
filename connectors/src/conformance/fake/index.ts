import type { Connector } from '../../contract/contract.ts'
import type { Simulator } from '../../contract/simulator.ts'
import { type FakeSettings, fakeConnector } from './connector.ts'
import { type FakeForm, nameOf } from './form.ts'
import { fakeSimulator } from './simulator.ts'

/** Ledgerly: a package that exists only in tests, in the form that is asked for. */
export function fakePackage(form: FakeForm): {
  readonly name: string
  readonly connector: Connector<FakeSettings>
  readonly simulator: Simulator
} {
  return { name: nameOf(form), connector: fakeConnector(form), simulator: fakeSimulator(form) }
}

export { booksOf, byHand } from './books-of.ts'
export type { FakeSettings } from './connector.ts'
export { type FakeForm, fakeForms, nameOf, plainForm } from './form.ts'
export { fakeHarness } from './harness.ts'
export { fakeHost } from './manifest.ts'
export { letTimePass } from './processing.ts'
export { companyOne } from './world.ts'
