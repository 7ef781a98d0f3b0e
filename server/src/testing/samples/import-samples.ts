import type { importRoutes } from '@uurwerk/api/imports.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const importSamples: SamplesOf<keyof typeof importRoutes> = {
  importCustomers: ({ connection }) => [{ params: { id: connection.used }, body: { full: true } }],
  readImportSettings: ({ connection }) => [byId(connection.used)],
  changeImportSettings: ({ connection }) => [
    ofRow(['connection', connection.used], { nightlyImport: true, nightlyAt: '03:30', leader: 'package' }),
  ],
  listImportConflicts: ({ connection }) => [
    byId(connection.used),
    { ...byId(connection.used), query: { settled: 'true' } },
  ],
  resolveImportConflict: ({ importConflict }) => [ofRow(['importConflict', importConflict], { as: 'leave' })],
  listProposals: ({ connection, customer }) => [
    byId(connection.used),
    { ...byId(connection.used), query: { customerId: customer.used } },
  ],
  acceptProposal: ({ proposal }) => [ofRow(['customerProposal', proposal.accepted])],
  rejectProposal: ({ proposal }) => [ofRow(['customerProposal', proposal.rejected])],
  decideProposals: ({ connection, proposal }) => [
    {
      params: { id: connection.used },
      body: { accept: true, proposals: [{ id: proposal.accepted, version: 1 }] },
    },
  ],
  listVatCasesToConfirm: () => [{}],
  confirmVatCases: ({ customer }) => [
    { body: { customers: [{ id: customer.used, version: 1, vatCase: 'domestic' }] } },
  ],
  unlinkCustomer: ({ customer }) => [ofRow(['customer', customer.unlinked])],
}
