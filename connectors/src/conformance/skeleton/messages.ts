import type { MessageRule } from '../../contract/messages.ts'

/** What Skeleton Books says, and what it means to the user. Named groups fill the placeholders. */
export const messages: readonly MessageRule[] = [
  {
    when: { code: 'PERIOD_CLOSED', text: /(?<period>\d{4}-\d{2})/ },
    kind: 'refused',
    code: 'period-closed',
    en: {
      cause: '{period} is closed in Skeleton Books.',
      remedy: 'Reopen it in Skeleton Books under Settings > Periods, or book the entry in the first open month.',
    },
    nl: {
      cause: '{period} is afgesloten in Skeleton Books.',
      remedy: 'Open de maand in Skeleton Books bij Instellingen > Periodes, of boek de post in de eerste open maand.',
    },
  },
  {
    when: { code: 'YEAR_MISSING', text: /(?<period>\d{4}-\d{2})/ },
    kind: 'refused',
    code: 'year-missing',
    en: {
      cause: 'Skeleton Books has no financial year for {period}.',
      remedy: 'Add the year in Skeleton Books under Settings > Years.',
    },
    nl: {
      cause: 'Skeleton Books heeft geen boekjaar voor {period}.',
      remedy: 'Voeg het jaar toe in Skeleton Books bij Instellingen > Boekjaren.',
    },
  },
  {
    when: { code: 'ACCOUNT_UNKNOWN', text: /“(?<account>[^”]*)”/ },
    kind: 'refused',
    code: 'ledger-account-unknown',
    en: {
      cause: 'Ledger account {account} does not exist in Skeleton Books.',
      remedy: 'Choose another ledger account in the posting rules.',
    },
    nl: {
      cause: 'Grootboekrekening {account} bestaat niet in Skeleton Books.',
      remedy: 'Kies een andere grootboekrekening in de boekingsregels.',
    },
  },
  {
    when: { code: 'CUSTOMER_UNKNOWN', text: /“(?<customer>[^”]*)”/ },
    kind: 'refused',
    code: 'customer-unknown',
    en: {
      cause: 'The customer no longer exists in Skeleton Books ({customer}).',
      remedy: 'Link the customer to another one of Skeleton Books.',
    },
    nl: {
      cause: 'De debiteur bestaat niet meer in Skeleton Books ({customer}).',
      remedy: 'Koppel de debiteur aan een andere van Skeleton Books.',
    },
  },
  {
    when: { code: 'VAT_CODE_REFUSED', text: /“(?<vatCode>[^”]*)”/ },
    kind: 'refused',
    code: 'vat-code-refused',
    en: {
      cause: 'Skeleton Books does not accept VAT code {vatCode}.',
      remedy: 'Choose another VAT code in the posting rules.',
    },
    nl: {
      cause: 'Skeleton Books accepteert btw-code {vatCode} niet.',
      remedy: 'Kies een andere btw-code in de boekingsregels.',
    },
  },
  {
    when: { code: 'JOURNAL_REFUSED', text: /“(?<journal>[^”]*)”/ },
    kind: 'refused',
    code: 'journal-refused',
    en: {
      cause: 'Journal {journal} is no sales journal in Skeleton Books.',
      remedy: 'Choose another journal in the settings of Skeleton Books.',
    },
    nl: {
      cause: 'Dagboek {journal} is in Skeleton Books geen verkoopdagboek.',
      remedy: 'Kies een ander dagboek bij de instellingen van Skeleton Books.',
    },
  },
  {
    when: { status: 403 },
    kind: 'refused',
    code: 'rights-missing',
    en: {
      cause: 'Skeleton Books refuses: the user who connected lacks a right there.',
      remedy: 'Give the user this right in Skeleton Books under Settings > Users, then send again.',
    },
    nl: {
      cause: 'Skeleton Books weigert: de gebruiker die verbond mist daar een recht.',
      remedy: 'Geef de gebruiker dit recht in Skeleton Books bij Instellingen > Gebruikers en verstuur daarna opnieuw.',
    },
  },
  {
    when: { status: 401 },
    kind: 'reconnect',
    code: 'access-withdrawn',
    en: { cause: 'Access to Skeleton Books has ended.', remedy: 'Connect again in the App Center.' },
    nl: { cause: 'De toegang tot Skeleton Books is beëindigd.', remedy: 'Verbind opnieuw in het App Center.' },
  },
  {
    when: { status: 400, code: 'invalid_grant' },
    kind: 'reconnect',
    code: 'access-ended',
    en: { cause: 'Skeleton Books does not renew the access.', remedy: 'Connect again in the App Center.' },
    nl: { cause: 'Skeleton Books vernieuwt de toegang niet.', remedy: 'Verbind opnieuw in het App Center.' },
  },
  {
    when: { status: 400, code: 'BODY_INVALID', text: /: (?<field>.+)$/ },
    kind: 'defect',
    code: 'body-invalid',
    en: { cause: 'Skeleton Books does not understand {field}.', remedy: 'Report this: what we sent is kept with it.' },
    nl: { cause: 'Skeleton Books begrijpt {field} niet.', remedy: 'Meld dit: wat we stuurden is erbij bewaard.' },
  },
  {
    when: { status: 429 },
    kind: 'temporary',
    code: 'too-many-requests',
    en: { cause: 'Skeleton Books asks to wait a moment.', remedy: 'It goes on by itself.' },
    nl: { cause: 'Skeleton Books vraagt om even te wachten.', remedy: 'Het gaat vanzelf verder.' },
  },
  {
    when: { status: [500, 502, 503, 504] },
    kind: 'temporary',
    code: 'package-unavailable',
    en: { cause: 'Skeleton Books is not available.', remedy: 'It is tried again by itself.' },
    nl: { cause: 'Skeleton Books is niet beschikbaar.', remedy: 'Het wordt vanzelf opnieuw geprobeerd.' },
  },
]
