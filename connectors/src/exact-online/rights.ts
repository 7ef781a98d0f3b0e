import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Bilingual } from '../contract/manifest.ts'
import { literal } from '../kit/odata-v2.ts'
import type { ExactCalls } from './calls.ts'

/** Before anything in a division, for a filter that keeps everything: lists without one may be refused. */
export const longAgo = calendarDate('2000-01-01')

/**
 * Whether the user may see what an endpoint lists, by what Exact Online itself says; undefined when it does not answer that:
 * the question has a scope of its own. Not knowing is neither yes nor no.
 */
export async function maySee(calls: ExactCalls, endpoint: string): Promise<boolean | undefined> {
  try {
    const { UserHasRights } = await calls.ask(
      'users/UserHasRights',
      { endpoint: literal.text(endpoint), action: literal.text('GET') },
      z.object({ UserHasRights: z.boolean() }),
    )
    return UserHasRights
  } catch (error) {
    if (isProblem(error) && isUnanswered(error.problem)) return undefined
    throw error
  }
}

/** Refused, or answered in a way we do not know; not when nobody was reached or access is gone. */
const isUnanswered = ({ kind, code }: Problem): boolean =>
  kind === 'refused' || kind === 'defect' || code === 'scope-missing'

/** Lists whose emptiness is asked about, as a bookkeeper calls them. */
const lists = {
  'crm/Accounts': { en: 'accounts', nl: 'relaties' },
  'salesentry/SalesEntries': { en: 'sales entries', nl: 'verkoopboekingen' },
  'salesinvoice/SalesInvoices': { en: 'sales invoices', nl: 'verkoopfacturen' },
  'documents/Documents': { en: 'documents', nl: 'documenten' },
  'documents/DocumentAttachments': { en: 'attachments of documents', nl: 'bijlagen van documenten' },
  'financial/Journals': { en: 'journals', nl: 'dagboeken' },
  'financial/FinancialPeriods': { en: 'financial periods', nl: 'boekperioden' },
  'vat/VATCodes': { en: 'VAT codes', nl: 'btw-codes' },
  'cashflow/PaymentConditions': { en: 'payment conditions', nl: 'betalingscondities' },
  'hrm/Costcenters': { en: 'cost centres and cost units', nl: 'kostenplaatsen en kostendragers' },
} as const satisfies Readonly<Record<string, Bilingual>>

export type AskedList = keyof typeof lists

/**
 * Without the right to see a list it is empty, so an empty list alone is no absence. Throws unless it is certain that
 * what is there would have been shown: when anything is listed at all (`any`), or when Exact Online says so.
 */
export async function mustBeShown(
  calls: ExactCalls,
  endpoint: AskedList,
  any?: () => Promise<readonly unknown[]>,
): Promise<void> {
  if (any && (await any()).length > 0) return
  if (await maySee(calls, endpoint)) return
  const { en, nl } = lists[endpoint]
  const values = { list: endpoint, listEn: en, listNl: nl }
  throw new ProblemError({ kind: 'setup', code: 'list-not-shown', values })
}
