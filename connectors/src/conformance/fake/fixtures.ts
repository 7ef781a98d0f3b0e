import type { MessageFixture } from '../harness.ts'
import { problemOf } from './talk.ts'

const now = new Date('2026-03-31T10:00:00Z')

function answered(code: string, status: number, body: unknown): MessageFixture {
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'content-type': type }
  return { code, problem: () => problemOf({ status, headers, body: new TextEncoder().encode(text) }, now) }
}

type Details = Readonly<Record<string, string>>
const refused = (code: string, theirs: string, message: string, details: Details = {}, status = 422): MessageFixture =>
  answered(code, status, { error: { code: theirs, message, details } })

/** What Ledgerly answers, one for every row of `messages.ts`. */
export const fixtures: readonly MessageFixture[] = [
  refused('period-closed', 'PERIOD_CLOSED', 'Periode 2026-03 is afgesloten.', { period: '2026-03' }),
  refused('year-missing', 'YEAR_MISSING', 'Er is geen boekjaar voor 2031-01-31.', { date: '2031-01-31' }),
  refused('ledger-account-unknown', 'ACCOUNT_UNKNOWN', 'Grootboekrekening 8000 bestaat niet.', { account: '8000' }),
  refused('ledger-account-blocked', 'ACCOUNT_BLOCKED', 'Grootboekrekening 9999 is geblokkeerd.', { account: '9999' }),
  refused('customer-unknown', 'CUSTOMER_UNKNOWN', 'Debiteur cus-green bestaat niet.', { customer: 'cus-green' }),
  refused('customer-blocked', 'CUSTOMER_BLOCKED', 'Debiteur Café Straßburg & Söhne is geblokkeerd.', {
    customer: 'Café Straßburg & Söhne',
  }),
  refused('customer-number-taken', 'CUSTOMER_CODE_TAKEN', 'Debiteurnummer 1001 is in gebruik.', { code: '1001' }),
  refused('vat-code-refused', 'VAT_CODE_REFUSED', 'Btw-code HIGH mag niet worden gebruikt.', { vatCode: 'HIGH' }),
  refused('journal-refused', 'JOURNAL_UNKNOWN', 'Dagboek MEMO past niet.', { journal: 'MEMO' }),
  refused('not-balanced', 'NOT_BALANCED', 'De boeking is 0.01 uit evenwicht.', { difference: '0.01' }),
  refused('entry-unknown', 'ENTRY_UNKNOWN', 'Er is geen boeking entry-00001.', { entry: 'entry-00001' }),
  refused('customer-prospect', 'CUSTOMER_PROSPECT', 'Café Straßburg & Söhne is een prospect.', {
    customer: 'Café Straßburg & Söhne',
  }),
  refused('item-unknown', 'ITEM_UNKNOWN', 'Artikel item-hours bestaat niet.', { item: 'item-hours' }),
  refused('item-blocked', 'ITEM_BLOCKED', 'Artikel Advies is geblokkeerd.', { item: 'Advies' }),
  refused('item-whole', 'ITEM_WHOLE', 'Artikel Dozen gaat alleen in hele aantallen.', { item: 'Dozen' }),
  refused('vat-code-including', 'VAT_CODE_INCLUDING', 'Btw-code TILL is voor bedragen met btw.', { vatCode: 'TILL' }),
  refused('document-unknown', 'DOCUMENT_UNKNOWN', 'Er is geen document doc-00001.', { document: 'doc-00001' }),
  refused('file-empty', 'FILE_EMPTY', 'Het bestand factuur.pdf is leeg.', { file: 'factuur.pdf' }),
  refused('invoice-unknown', 'INVOICE_UNKNOWN', 'Er is geen factuur inv-00001.', { invoice: 'inv-00001' }),
  refused('already-printed', 'INVOICE_PRINTED', 'Factuur inv-00001 is al afgedrukt.', { invoice: 'inv-00001' }),
  refused('rights-missing', 'RIGHTS_MISSING', 'Geen recht op sales-entries.', { resource: 'sales-entries' }, 403),
  refused('callback-refused', 'CALLBACK_REFUSED', 'http://hier.example is geen https-adres.', {
    callback: 'http://hier.example',
  }),
  refused('number-taken', 'NUMBER_TAKEN', 'Nummer 1 is in gebruik in SALES/2026.', {
    number: '1',
    scope: 'SALES/2026',
  }),
  refused('already-there', 'REFERENCE_TAKEN', 'Referentie A1 is al geboekt.', { reference: 'A1' }),
  refused('still-processing', 'KEY_IN_PROGRESS', 'Een verzoek met deze sleutel wordt verwerkt.', {}, 409),
  refused('ticket-unknown', 'TICKET_UNKNOWN', 'Er is geen ticket ticket-9.', { ticket: 'ticket-9' }, 404),
  refused('access-expired', 'ACCESS_EXPIRED', 'De toegang is verlopen.', {}, 401),
  refused('access-withdrawn', 'ACCESS_WITHDRAWN', 'De toegang is ingetrokken.', {}, 401),
  refused('access-ended', 'invalid_grant', 'Access was withdrawn', {}, 400),
  refused('renewed-too-early', 'too_early', 'Access has not expired', {}, 400),
  refused(
    'administration-not-granted',
    'COMPANY_NOT_GRANTED',
    'Geen toegang tot administratie attic.',
    { company: 'attic' },
    403,
  ),
  refused('too-many-requests', 'LIMIT', 'Te veel verzoeken.', {}, 429),
  answered('package-unavailable', 503, '<html><h1>Service Unavailable</h1></html>'),
  refused(
    'body-invalid',
    'BODY_INVALID',
    'De inhoud is niet geldig: documents.0.date.',
    { field: 'documents.0.date' },
    400,
  ),
]
