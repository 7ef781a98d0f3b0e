import type { Manifest } from '../../contract/manifest.ts'

export const manifest = {
  id: 'skeleton',
  name: 'Skeleton Books',
  hosts: { NL: 'books.skeleton.example' },
  signIn: 'oauth',
  settings: [
    {
      name: 'salesJournal',
      label: { en: 'Sales journal', nl: 'Verkoopdagboek' },
      help: { en: 'Sales entries are made in this journal.', nl: 'In dit dagboek komen de verkoopboekingen.' },
      from: { list: 'journals', only: { kind: 'sales' } },
      required: true,
    },
  ],
  reads: ['customers', 'items', 'ledgerAccounts', 'vatCodes', 'journals', 'paymentTerms'],
  posts: ['salesEntry'],
  settled: false,
  payroll: false,
  webhooks: false,
  limits: [{ scope: 'administration', span: 'minute', most: 60, ours: 55, reserve: 15 }],
  wireTimeoutMs: 30_000,
  lengths: { reference: 12, description: 60, lineDescription: 100 },
} as const satisfies Manifest
