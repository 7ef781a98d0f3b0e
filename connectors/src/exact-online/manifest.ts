import type { Manifest } from '../contract/manifest.ts'

export const manifest = {
  id: 'exact-online',
  name: 'Exact Online',
  hosts: {
    NL: 'start.exactonline.nl',
    BE: 'start.exactonline.be',
    DE: 'start.exactonline.de',
    GB: 'start.exactonline.co.uk',
    US: 'start.exactonline.com',
    FR: 'start.exactonline.fr',
    ES: 'start.exactonline.es',
  },
  signIn: 'oauth',
  settings: [
    {
      name: 'defaultItem',
      label: { en: 'Default item', nl: 'Standaardartikel' },
      help: {
        en: 'For lines whose activity or expense category has no item of its own.',
        nl: 'Voor regels waarvan de activiteit of onkostensoort geen eigen artikel heeft.',
      },
      from: { list: 'items' },
      required: true,
    },
    {
      name: 'salesJournal',
      label: { en: 'Sales journal', nl: 'Verkoopdagboek' },
      help: {
        en: 'Sales entries are made in this journal.',
        nl: 'In dit dagboek komen de verkoopboekingen.',
      },
      from: { list: 'journals', only: { kind: 'sales' } },
      required: true,
    },
    {
      name: 'paymentCondition',
      label: { en: 'Payment condition', nl: 'Betalingsconditie' },
      help: {
        en: 'For entries of customers without one of their own. The due date is always the one of the invoice.',
        nl: 'Voor boekingen van klanten zonder eigen conditie. De vervaldatum is altijd die van de factuur.',
      },
      from: { list: 'paymentTerms' },
      required: false,
    },
  ],
  reads: ['customers', 'items', 'ledgerAccounts', 'vatCodes', 'journals', 'paymentTerms', 'dimensions', 'periods'],
  posts: ['customer', 'salesEntry'],
  settled: false,
  payroll: false,
  webhooks: false,
  limits: [
    { scope: 'administration', span: 'minute', most: 60, ours: 55, reserve: 5 },
    { scope: 'administration', span: 'day', most: 5000, ours: 5000, reserve: 500 },
  ],
  errorBudget: { most: 10, statuses: [400, 401, 403, 404] },
  wireTimeoutMs: 60_000,
  // EntryNumber and InvoiceNumber are Int32 (SalesEntrySalesEntries); the printed number goes into YourRef, which is text.
  invoiceNumbers: 'int32',
  // The strictest figures found in client schemas; Exact Online publishes none.
  lengths: { reference: 30, description: 60, lineDescription: 60 },
} as const satisfies Manifest
