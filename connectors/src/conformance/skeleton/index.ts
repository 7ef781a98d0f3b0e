import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Books, Connection, Connector, Expected, Finding, Wire } from '../../contract/contract.ts'
import { ask } from './calls.ts'
import { listReads } from './lists.ts'
import { manifest } from './manifest.ts'
import { messages } from './messages.ts'
import {
  fromSkeletonAccount,
  fromSkeletonCustomer,
  fromSkeletonItem,
  fromSkeletonJournal,
  fromSkeletonTerm,
  fromSkeletonVatCode,
} from './rows.ts'
import { salesEntryPosts } from './sales-entries.ts'
import { signIn } from './sign-in.ts'
import { account, companies, company, customer, item, journal, paymentTerm, vatCode } from './wire.ts'

export interface SkeletonSettings {
  /** Code of a sales journal. */
  readonly salesJournal: string
}

export const skeleton: Connector<SkeletonSettings> = { manifest, messages, signIn, settings, open }

function settings(stored: unknown): SkeletonSettings {
  const found = z.object({ salesJournal: z.string().min(1) }).safeParse(stored)
  if (found.success) return found.data
  throw new ProblemError({ kind: 'setup', code: 'settings-incomplete', values: { settings: 'salesJournal' } })
}

function open({ administration }: Connection<SkeletonSettings>, wire: Wire): Books {
  const administrations: Books['administrations'] = async () => {
    const { rows } = await ask(wire, '/companies', 'companies', companies, 'import')
    return rows.map(({ id, number, name, currency, archived }) => ({
      ...{ id, code: number, name, currency },
      usable: !archived,
      ...(archived && { reason: 'archived' }),
    }))
  }
  // Without an administration only choosing one is possible.
  if (administration === undefined) return { administrations, health: async () => [], reads: {}, posts: {} }
  const at = (list: string) => `/companies/${administration}/${list}`
  return {
    administrations,
    health: (expected) => healthOf(wire, administration, expected),
    reads: {
      customers: listReads(wire, at('customers'), customer, fromSkeletonCustomer),
      items: listReads(wire, at('items'), item, fromSkeletonItem),
      ledgerAccounts: listReads(wire, at('ledger-accounts'), account, fromSkeletonAccount),
      vatCodes: listReads(wire, at('vat-codes'), vatCode, fromSkeletonVatCode),
      journals: listReads(wire, at('journals'), journal, fromSkeletonJournal),
      paymentTerms: listReads(wire, at('payment-terms'), paymentTerm, fromSkeletonTerm),
    },
    posts: { salesEntry: salesEntryPosts(wire, administration) },
  }
}

async function healthOf(wire: Wire, administration: string, expected: Expected): Promise<readonly Finding[]> {
  const { name, currency, archived } = await ask(wire, `/companies/${administration}`, 'companies', company, 'import')
  return [
    { about: 'access', state: 'good', code: 'access-good' },
    archived
      ? { about: 'administration', state: 'bad', code: 'archived' }
      : { about: 'administration', state: 'good', code: 'administration-good', values: { name } },
    currency === expected.currency
      ? { about: 'currency', state: 'good', code: 'currency-same', values: { currency } }
      : { about: 'currency', state: 'attention', code: 'currency-differs', values: { currency } },
  ]
}
