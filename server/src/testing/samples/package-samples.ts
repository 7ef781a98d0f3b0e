import type { connectionRoutes } from '@uurwerk/api/connections.ts'
import type { postingRoutes } from '@uurwerk/api/postings.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const packageSamples: SamplesOf<keyof typeof connectionRoutes | keyof typeof postingRoutes> = {
  listPackages: () => [{}],
  registerApp: () => [
    {
      params: { package: 'exact-online', country: 'NL' },
      body: { clientId: '0f7b3c1e-7a2e-4f4a-9a55-0c6d0f0b1a2c', clientSecret: 'not a real secret' },
    },
  ],
  createConnection: () => [{ body: { package: 'exact-online', country: 'NL', mode: 'sandbox' } }],
  listConnections: () => [{}],
  nameConnections: () => [{}],
  readConnection: ({ connection }) => [byId(connection.used)],
  changeConnection: ({ connection }) => [ofRow(['connection', connection.used], { cutOff: '2026-02-01' })],
  listAdministrations: ({ connection }) => [byId(connection.used)],
  chooseAdministration: ({ connection }) => [{ params: { id: connection.used }, body: { administration: '1234567' } }],
  checkConnection: ({ connection }) => [byId(connection.used)],
  reconnect: ({ connection }) => [byId(connection.used)],
  disconnect: ({ connection }) => [byId(connection.used)],
  refreshLists: ({ connection }) => [byId(connection.used)],
  listTheirs: ({ connection }) => [{ params: { id: connection.used, noun: 'items' }, query: { limit: '5' } }],
  readCompleteness: ({ connection }) => [byId(connection.used)],
  readItemMapping: ({ connection }) => [byId(connection.used)],
  changeItemMapping: ({ connection, activity, theirs }) => [
    {
      params: { id: connection.used },
      body: { defaultItem: theirs.item, subjects: [{ subject: 'activity', id: activity.used, item: theirs.item }] },
    },
  ],
  readPostingRules: ({ connection }) => [byId(connection.used)],
  changePostingRules: ({ connection, theirs }) => [
    {
      params: { id: connection.used },
      body: {
        rules: [
          {
            item: theirs.item,
            vatTreatment: 'domestic-reduced',
            ledgerAccount: theirs.ledgerAccount,
            vatCode: theirs.vatCode,
            version: null,
          },
        ],
      },
    },
  ],
  listTasks: () => [{}],
  readTask: ({ task }) => [byId(task)],
  listTaskRows: ({ task }) => [byId(task)],
  previewPostings: ({ invoice }) => [{ body: { invoiceIds: [invoice.sent] } }],
  createPostings: ({ invoice }) => [{ body: { invoiceIds: [invoice.sent] } }],
  listPostings: ({ connection, posting }) => [
    {},
    { query: { connectionId: connection.used } },
    { query: { ids: posting.posted } },
  ],
  summarisePostings: () => [{}],
  exportPostings: ({ connection, customer }) => [
    {},
    { query: { format: 'xlsx', connectionId: connection.used, customerId: customer.used, columns: 'state,document' } },
  ],
  readPosting: ({ posting }) => [byId(posting.posted), byId(posting.doubtful)],
  sendAgain: ({ posting }) => [{ body: { ids: [posting.refused] } }],
  attachFiles: ({ posting }) => [{ body: { ids: [posting.posted] } }],
  markInBooks: ({ invoice }) => [{ body: { invoiceIds: [invoice.sent], inBooks: true } }],
  discardPostings: ({ posting }) => [{ body: { ids: [posting.posted], why: 'verkeerde klant' } }],
  discardPosting: ({ posting }) => [ofRow(['posting', posting.refused], { why: 'verkeerde klant' })],
  resolvePosting: ({ posting, word }) => [ofRow(['posting', posting.doubtful], { adopt: `${word}-1` })],
  events: () => [{}],
}
