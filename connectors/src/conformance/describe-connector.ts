import { vi } from 'vitest'
import type { Connector } from '../contract/contract.ts'
import { describeAccess } from './chapters/access.ts'
import { describeDrafting } from './chapters/drafting.ts'
import { describeEntries } from './chapters/entries.ts'
import { describeFiles } from './chapters/files.ts'
import { describeHints } from './chapters/hints.ts'
import { describeInvoices } from './chapters/invoices.ts'
import { describeMessages } from './chapters/messages.ts'
import { describeOffers } from './chapters/offers.ts'
import { describeOnce } from './chapters/once.ts'
import { describePayments } from './chapters/payments.ts'
import { describePosting } from './chapters/posting.ts'
import { describeReading } from './chapters/reading.ts'
import { describeReconciliation } from './chapters/reconciliation.ts'
import { describeRefusals } from './chapters/refusals.ts'
import { describeRights } from './chapters/rights.ts'
import { describeSecrets } from './chapters/secrets.ts'
import type { Harness } from './harness.ts'
import { suiteOf } from './suite.ts'

/** What every connector must show at its simulator, whatever the package. */
export function describeConnector<S>(connector: Connector<S>, harness: Harness): void {
  // Lists that are longer than a page take their time on a busy machine.
  vi.setConfig({ testTimeout: 30_000 })
  const suite = suiteOf(connector, harness)
  describeOffers(suite)
  describeReading(suite)
  describeDrafting(suite)
  describePosting(suite)
  describeOnce(suite)
  describeAccess(suite)
  describeRefusals(suite)
  describeSecrets(suite)
  describeEntries(suite)
  describeInvoices(suite)
  describeFiles(suite)
  describePayments(suite)
  describeReconciliation(suite)
  describeRights(suite)
  describeHints(suite)
  describeMessages(suite)
}
