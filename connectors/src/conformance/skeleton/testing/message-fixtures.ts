import type { MessageFixture } from '../../harness.ts'
import { problemOf } from '../calls.ts'

const now = new Date('2026-03-31T10:00:00Z')

function answered(code: string, status: number, body: string): MessageFixture {
  return { code, problem: () => problemOf({ status, headers: {}, body: new TextEncoder().encode(body) }, now) }
}

const refused = (code: string, status: number, theirs: string, message: string): MessageFixture =>
  answered(code, status, JSON.stringify({ error: { code: theirs, message } }))

/** What Skeleton Books answers, one for every row of `messages.ts`. */
export const fixtures: readonly MessageFixture[] = [
  refused('period-closed', 422, 'PERIOD_CLOSED', 'Periode 2026-03 is afgesloten.'),
  refused('year-missing', 422, 'YEAR_MISSING', 'Er is geen boekjaar voor 2031-01.'),
  refused('ledger-account-unknown', 422, 'ACCOUNT_UNKNOWN', 'Grootboekrekening “8000” bestaat niet.'),
  refused('customer-unknown', 422, 'CUSTOMER_UNKNOWN', 'Debiteur “cus-green” bestaat niet.'),
  refused('vat-code-refused', 422, 'VAT_CODE_REFUSED', 'Btw-code “HIGH” mag niet worden gebruikt.'),
  refused('journal-refused', 422, 'JOURNAL_REFUSED', 'Dagboek “MEMO” is geen verkoopdagboek.'),
  refused('rights-missing', 403, 'RIGHTS_MISSING', 'Geen recht op sales-entries.'),
  refused('access-withdrawn', 401, 'ACCESS_UNKNOWN', 'De toegang is onbekend.'),
  refused('access-ended', 400, 'invalid_grant', 'Access was withdrawn'),
  refused('body-invalid', 400, 'BODY_INVALID', 'De inhoud is niet geldig: lines.0.net'),
  refused('too-many-requests', 429, 'LIMIT', 'Te veel verzoeken.'),
  answered('package-unavailable', 503, '<html><h1>Service Unavailable</h1></html>'),
]
