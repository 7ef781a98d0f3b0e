import type { Manifest } from '../../contract/manifest.ts'
import { type FakeForm, nameOf } from './form.ts'
import { callsPerMinute } from './simulator.ts'

export const fakeHost = 'books.ledgerly.example'

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
  posts: ['customer', 'salesEntry', 'generalJournal', 'attachment'],
  settled: false,
  payroll: false,
  webhooks: false,
  limits: [{ scope: 'administration', span: 'minute', most: callsPerMinute, ours: 55, reserve: 15 }],
  wireTimeoutMs: 30_000,
  lengths: { reference: 12, description: 60, lineDescription: 100 },
})
