import type { comingBackRoutes } from '@uurwerk/api/coming-back.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

const march = { from: '2026-03-01', until: '2026-03-31' }

export const comingBackSamples: SamplesOf<keyof typeof comingBackRoutes> = {
  readPayments: ({ connection }) => [{ ...byId(connection.used), body: {} }],
  startReconciliation: ({ connection }) => [{ ...byId(connection.used), body: { scope: 'all' } }],
  readComingBack: ({ connection }) => [byId(connection.used)],
  changeComingBack: ({ connection }) => [{ ...byId(connection.used), body: { nightlyReconciliation: false } }],
  listReconciliations: ({ connection }) => [{}, { query: { connectionId: connection.used } }],
  readReconciliation: ({ comingBack }) => [byId(comingBack.reconciliation)],
  listDifferences: ({ connection, posting }) => [
    {},
    { query: { state: 'accepted', connectionId: connection.used } },
    { query: { postingId: posting.posted, kind: 'changed' } },
  ],
  acceptDifference: ({ comingBack, word }) => [
    ofRow(['booksDifference', comingBack.difference.open], { reason: `${word} weet het` }),
  ],
  reopenDifference: ({ comingBack }) => [ofRow(['booksDifference', comingBack.difference.accepted])],
  postDeletedAgain: ({ comingBack }) => [
    ofRow(['booksDifference', comingBack.difference.deleted], { reason: 'per ongeluk verwijderd' }),
  ],
  releaseDeleted: ({ comingBack }) => [
    ofRow(['booksDifference', comingBack.difference.there], { reason: 'daar verwijderd' }),
  ],
  readVatOverview: ({ connection }) => [
    { query: march },
    { query: { ...march, by: 'booked', connectionId: connection.used } },
  ],
  listVatInvoices: ({ customer }) => [
    { query: march },
    { query: { ...march, treatment: 'domestic-standard', rate: '21', customerId: customer.used, booked: 'posted' } },
  ],
  exportVatOverview: () => [
    { query: march },
    { query: { ...march, what: 'eu-services', format: 'xlsx' } },
    { query: { ...march, what: 'invoices', separator: 'semicolon' } },
    { query: { ...march, what: 'made' } },
  ],
}
