import type { Kind } from '../../contract/documents.ts'
import type { Manifest } from '../../contract/manifest.ts'
import { type FakeForm, nameOf } from './form.ts'
import { callsPerMinute } from './simulator.ts'

export const fakeHost = 'books.ledgerly.example'

const kindsOf = ({ files, reach }: FakeForm): readonly Kind[] => [
  'customer',
  ...(reach === 'whole' ? (['salesInvoice', 'printing'] as const) : []),
  'salesEntry',
  'generalJournal',
  ...(files === 'document' ? (['document'] as const) : []),
  'attachment',
]

export const manifestOf = (form: FakeForm): Manifest => ({
  id: nameOf(form),
  name: 'Ledgerly',
  hosts: { NL: fakeHost, BE: fakeHost },
  signIn: 'oauth',
  settings: [
    {
      name: 'salesJournal',
      label: { en: 'Sales journal', nl: 'Verkoopdagboek' },
      help: { en: 'The journal sales entries are booked in.', nl: 'Het dagboek waarin verkoopboekingen komen.' },
      from: { list: 'journals', only: { kind: 'sales' } },
      required: true,
    },
  ],
  reads: ['customers', 'items', 'ledgerAccounts', 'vatCodes', 'journals', 'paymentTerms', 'periods'],
  posts: kindsOf(form),
  settled: form.reach === 'whole',
  payroll: false,
  webhooks: form.reach === 'whole',
  limits: [{ scope: 'administration', span: 'minute', most: callsPerMinute, ours: 55, reserve: 15 }],
  wireTimeoutMs: 30_000,
  lengths: { reference: 12, description: 60, lineDescription: 100 },
})
