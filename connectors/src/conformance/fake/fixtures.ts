import type { MessageFixture } from '../harness.ts'

const json = { 'content-type': 'application/json; charset=utf-8' }
const refused = (code: string, theirs: string, text: string, status = 200): MessageFixture => ({
  code,
  said: { status, headers: json, code: theirs, text },
})

/** What Ledgerly answers, one for every row of `messages.ts`. */
export const fixtures: readonly MessageFixture[] = [
  refused('period-closed', 'PERIOD_CLOSED', 'Periode 2026-03 is afgesloten.'),
  refused('year-missing', 'YEAR_MISSING', 'Er is geen boekjaar voor 2031-01-31.'),
  refused('ledger-account-unknown', 'ACCOUNT_UNKNOWN', 'Grootboekrekening 8000 bestaat niet.'),
  refused('ledger-account-blocked', 'ACCOUNT_BLOCKED', 'Grootboekrekening 9999 is geblokkeerd.'),
  refused('customer-unknown', 'CUSTOMER_UNKNOWN', 'Debiteur cus-green bestaat niet.'),
  refused('customer-blocked', 'CUSTOMER_BLOCKED', 'Debiteur Café Straßburg & Söhne is geblokkeerd.'),
  refused('customer-number-taken', 'CUSTOMER_CODE_TAKEN', 'Debiteurnummer 1001 is in gebruik.'),
  refused('vat-code-refused', 'VAT_CODE_REFUSED', 'Btw-code HIGH mag niet worden gebruikt.'),
  refused('journal-refused', 'JOURNAL_UNKNOWN', 'Dagboek MEMO past niet.'),
  refused('not-balanced', 'NOT_BALANCED', 'De boeking is 0.01 uit evenwicht.'),
  refused('entry-unknown', 'ENTRY_UNKNOWN', 'Er is geen boeking entry-00001.'),
  refused('number-taken', 'NUMBER_TAKEN', 'Nummer 1 is in gebruik in SALES/2026.'),
  refused('already-there', 'REFERENCE_TAKEN', 'Referentie A1 is al geboekt.'),
  refused('still-processing', 'KEY_IN_PROGRESS', 'Een verzoek met deze sleutel wordt verwerkt.', 409),
  refused('ticket-unknown', 'TICKET_UNKNOWN', 'Er is geen ticket ticket-9.', 404),
  refused('access-expired', 'ACCESS_EXPIRED', 'De toegang is verlopen.', 401),
  refused('access-withdrawn', 'ACCESS_WITHDRAWN', 'De toegang is ingetrokken.', 401),
  refused('access-ended', 'invalid_grant', 'Access was withdrawn', 400),
  refused('renewed-too-early', 'too_early', 'Access has not expired', 400),
  refused('administration-not-granted', 'COMPANY_NOT_GRANTED', 'Geen toegang tot administratie attic.', 403),
  refused('too-many-requests', 'LIMIT', 'Te veel verzoeken.', 429),
  {
    code: 'package-unavailable',
    said: { status: 503, headers: { 'content-type': 'text/html' }, text: '<html><h1>Service Unavailable</h1></html>' },
  },
  refused('body-invalid', 'BODY_INVALID', 'De inhoud is niet geldig: documents.0.date.', 400),
]
