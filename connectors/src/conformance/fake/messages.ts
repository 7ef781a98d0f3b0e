import type { MessageRule } from '../../contract/messages.ts'

/** What Ledgerly says, and what it means to the user. */
export const messages: readonly MessageRule[] = [
  {
    when: { code: 'PERIOD_CLOSED' },
    kind: 'refused',
    code: 'period-closed',
    en: {
      cause: '{period} is closed in Ledgerly.',
      remedy: 'Reopen it in Ledgerly under Settings > Periods, or book the entry in the first open month.',
    },
    nl: {
      cause: '{period} is afgesloten in Ledgerly.',
      remedy: 'Open de maand in Ledgerly bij Instellingen > Periodes, of boek de post in de eerste open maand.',
    },
  },
  {
    when: { code: 'YEAR_MISSING' },
    kind: 'refused',
    code: 'year-missing',
    en: {
      cause: 'Ledgerly has no financial year for {date}.',
      remedy: 'Add the year in Ledgerly under Settings > Years.',
    },
    nl: {
      cause: 'Ledgerly heeft geen boekjaar voor {date}.',
      remedy: 'Voeg het jaar toe in Ledgerly bij Instellingen > Boekjaren.',
    },
  },
  {
    when: { code: 'ACCOUNT_UNKNOWN' },
    kind: 'refused',
    code: 'ledger-account-unknown',
    en: {
      cause: 'Ledger account {account} does not exist in Ledgerly.',
      remedy: 'Choose another ledger account in the posting rules.',
    },
    nl: {
      cause: 'Grootboekrekening {account} bestaat niet in Ledgerly.',
      remedy: 'Kies een andere grootboekrekening in de boekingsregels.',
    },
  },
  {
    when: { code: 'ACCOUNT_BLOCKED' },
    kind: 'refused',
    code: 'ledger-account-blocked',
    en: {
      cause: 'Ledger account {account} is blocked in Ledgerly.',
      remedy: 'Unblock it in Ledgerly under Ledger > Accounts, or choose another in the posting rules.',
    },
    nl: {
      cause: 'Grootboekrekening {account} is geblokkeerd in Ledgerly.',
      remedy: 'Deblokkeer hem in Ledgerly bij Grootboek > Rekeningen, of kies een andere in de boekingsregels.',
    },
  },
  {
    when: { code: 'CUSTOMER_UNKNOWN' },
    kind: 'refused',
    code: 'customer-unknown',
    en: {
      cause: 'The customer no longer exists in Ledgerly ({customer}).',
      remedy: 'Link the customer to another one of Ledgerly, or have it created again.',
    },
    nl: {
      cause: 'De debiteur bestaat niet meer in Ledgerly ({customer}).',
      remedy: 'Koppel de debiteur aan een andere van Ledgerly, of laat hem opnieuw aanmaken.',
    },
  },
  {
    when: { code: 'CUSTOMER_BLOCKED' },
    kind: 'refused',
    code: 'customer-blocked',
    en: {
      cause: '{customer} is blocked in Ledgerly.',
      remedy: 'Unblock the customer in Ledgerly under Sales > Customers.',
    },
    nl: {
      cause: '{customer} is geblokkeerd in Ledgerly.',
      remedy: 'Deblokkeer de debiteur in Ledgerly bij Verkoop > Debiteuren.',
    },
  },
  {
    when: { code: 'CUSTOMER_CODE_TAKEN' },
    kind: 'refused',
    code: 'customer-number-taken',
    en: {
      cause: 'Customer number {code} is in use in Ledgerly.',
      remedy: 'Link the customer to the existing one, or give it another number.',
    },
    nl: {
      cause: 'Debiteurnummer {code} is in gebruik in Ledgerly.',
      remedy: 'Koppel de debiteur aan de bestaande, of geef hem een ander nummer.',
    },
  },
  {
    when: { code: 'VAT_CODE_REFUSED' },
    kind: 'refused',
    code: 'vat-code-refused',
    en: {
      cause: 'Ledgerly does not accept VAT code {vatCode}.',
      remedy: 'Choose another VAT code in the posting rules.',
    },
    nl: {
      cause: 'Ledgerly accepteert btw-code {vatCode} niet.',
      remedy: 'Kies een andere btw-code in de boekingsregels.',
    },
  },
  {
    when: { code: 'JOURNAL_UNKNOWN' },
    kind: 'refused',
    code: 'journal-refused',
    en: { cause: 'Journal {journal} does not fit in Ledgerly.', remedy: 'Choose another journal in the settings.' },
    nl: { cause: 'Dagboek {journal} past niet in Ledgerly.', remedy: 'Kies een ander dagboek bij de instellingen.' },
  },
  {
    when: { code: 'NOT_BALANCED' },
    kind: 'refused',
    code: 'not-balanced',
    en: {
      cause: 'The entry is {difference} out of balance for Ledgerly.',
      remedy: 'Report this: the entry should never leave unbalanced.',
    },
    nl: {
      cause: 'De boeking is voor Ledgerly {difference} uit evenwicht.',
      remedy: 'Meld dit: een boeking hoort altijd in evenwicht te vertrekken.',
    },
  },
  {
    when: { code: 'ENTRY_UNKNOWN' },
    kind: 'refused',
    code: 'entry-unknown',
    en: {
      cause: 'The entry of this attachment no longer exists in Ledgerly ({entry}).',
      remedy: 'Post the entry again; the attachment follows it.',
    },
    nl: {
      cause: 'De boeking van deze bijlage bestaat niet meer in Ledgerly ({entry}).',
      remedy: 'Boek de post opnieuw; de bijlage volgt.',
    },
  },
  {
    when: { code: 'CUSTOMER_PROSPECT' },
    kind: 'refused',
    code: 'customer-prospect',
    en: {
      cause: '{customer} is a prospect in Ledgerly, not a customer.',
      remedy: 'Make it a customer in Ledgerly under Sales > Customers.',
    },
    nl: {
      cause: '{customer} is in Ledgerly een prospect, geen debiteur.',
      remedy: 'Maak er in Ledgerly een debiteur van bij Verkoop > Debiteuren.',
    },
  },
  {
    when: { code: 'ITEM_UNKNOWN' },
    kind: 'refused',
    code: 'item-unknown',
    en: {
      cause: 'Item {item} does not exist in Ledgerly.',
      remedy: 'Choose another item for this activity or category.',
    },
    nl: {
      cause: 'Artikel {item} bestaat niet in Ledgerly.',
      remedy: 'Kies een ander artikel voor deze activiteit of soort.',
    },
  },
  {
    when: { code: 'ITEM_BLOCKED' },
    kind: 'refused',
    code: 'item-blocked',
    en: {
      cause: '{item} is blocked in Ledgerly.',
      remedy: 'Unblock it in Ledgerly under Sales > Items, or choose another item for this activity or category.',
    },
    nl: {
      cause: '{item} is geblokkeerd in Ledgerly.',
      remedy:
        'Deblokkeer het in Ledgerly bij Verkoop > Artikelen, of kies een ander artikel voor deze activiteit of soort.',
    },
  },
  {
    when: { code: 'ITEM_WHOLE' },
    kind: 'refused',
    code: 'item-whole',
    en: {
      cause: '{item} is sold in whole numbers only in Ledgerly.',
      remedy: 'Allow fractions in Ledgerly under Sales > Items, or choose another item.',
    },
    nl: {
      cause: '{item} gaat in Ledgerly alleen in hele aantallen.',
      remedy: 'Sta in Ledgerly bij Verkoop > Artikelen delen toe, of kies een ander artikel.',
    },
  },
  {
    when: { code: 'VAT_CODE_INCLUDING' },
    kind: 'refused',
    code: 'vat-code-including',
    en: {
      cause: 'VAT code {vatCode} is for amounts that hold the VAT already.',
      remedy: 'Choose another VAT code in the posting rules.',
    },
    nl: {
      cause: 'Btw-code {vatCode} is voor bedragen waar de btw al in zit.',
      remedy: 'Kies een andere btw-code in de boekingsregels.',
    },
  },
  {
    when: { code: 'DOCUMENT_UNKNOWN' },
    kind: 'refused',
    code: 'document-unknown',
    en: {
      cause: 'The document of this file no longer exists in Ledgerly ({document}).',
      remedy: 'Send the document again; the file follows it.',
    },
    nl: {
      cause: 'Het document van dit bestand bestaat niet meer in Ledgerly ({document}).',
      remedy: 'Verstuur het document opnieuw; het bestand volgt.',
    },
  },
  {
    when: { code: 'FILE_EMPTY' },
    kind: 'refused',
    code: 'file-empty',
    en: {
      cause: 'Ledgerly does not take {file}: it is empty.',
      remedy: 'Make the file again and send it once more.',
    },
    nl: {
      cause: 'Ledgerly neemt {file} niet aan: het is leeg.',
      remedy: 'Maak het bestand opnieuw en verstuur het nog eens.',
    },
  },
  {
    when: { code: 'INVOICE_UNKNOWN' },
    kind: 'refused',
    code: 'invoice-unknown',
    en: {
      cause: 'The invoice was thrown away in Ledgerly ({invoice}).',
      remedy: 'Make the invoice again; what stood on it is free again.',
    },
    nl: {
      cause: 'De factuur is weggegooid in Ledgerly ({invoice}).',
      remedy: 'Maak de factuur opnieuw; wat erop stond is weer vrij.',
    },
  },
  {
    when: { code: 'INVOICE_PRINTED' },
    kind: 'uncertain',
    code: 'already-printed',
    en: {
      cause: 'The invoice was printed in Ledgerly before ({invoice}).',
      remedy: 'It is looked up by itself; nothing has to be done.',
    },
    nl: {
      cause: 'De factuur is in Ledgerly al afgedrukt ({invoice}).',
      remedy: 'Dat wordt vanzelf opgezocht; er hoeft niets te gebeuren.',
    },
  },
  {
    when: { code: 'NUMBER_TAKEN' },
    kind: 'refused',
    code: 'number-taken',
    en: {
      cause: 'Number {number} is in use in Ledgerly ({scope}).',
      remedy: 'Send it again: it then takes the next free number.',
    },
    nl: {
      cause: 'Nummer {number} is in gebruik in Ledgerly ({scope}).',
      remedy: 'Verstuur opnieuw: dan krijgt de boeking het eerste vrije nummer.',
    },
  },
  {
    when: { code: 'REFERENCE_TAKEN' },
    kind: 'uncertain',
    code: 'already-there',
    en: {
      cause: 'Ledgerly already holds a document with reference {reference}.',
      remedy: 'It is looked up and compared; nothing has to be done.',
    },
    nl: {
      cause: 'Ledgerly heeft al een document met referentie {reference}.',
      remedy: 'Het wordt opgezocht en vergeleken; er hoeft niets te gebeuren.',
    },
  },
  {
    when: { code: 'KEY_IN_PROGRESS' },
    kind: 'uncertain',
    code: 'still-processing',
    en: { cause: 'Ledgerly is still working on this request.', remedy: 'It is looked up later by itself.' },
    nl: { cause: 'Ledgerly is nog met dit verzoek bezig.', remedy: 'Het wordt later vanzelf opgezocht.' },
  },
  {
    when: { code: 'TICKET_UNKNOWN' },
    kind: 'uncertain',
    code: 'ticket-unknown',
    en: { cause: 'Ledgerly no longer knows ticket {ticket}.', remedy: 'The document itself is looked up.' },
    nl: { cause: 'Ledgerly kent ticket {ticket} niet meer.', remedy: 'Het document zelf wordt opgezocht.' },
  },
  {
    when: { code: 'ACCESS_EXPIRED' },
    kind: 'temporary',
    code: 'access-expired',
    en: { cause: 'Access to Ledgerly has expired.', remedy: 'It is renewed by itself.' },
    nl: { cause: 'De toegang tot Ledgerly is verlopen.', remedy: 'Die wordt vanzelf vernieuwd.' },
  },
  {
    when: { status: 401 },
    kind: 'reconnect',
    code: 'access-withdrawn',
    en: { cause: 'Access to Ledgerly was withdrawn.', remedy: 'Connect again in the App Center.' },
    nl: { cause: 'De toegang tot Ledgerly is ingetrokken.', remedy: 'Verbind opnieuw in het App Center.' },
  },
  {
    when: { status: 400, code: 'invalid_grant' },
    kind: 'reconnect',
    code: 'access-ended',
    en: { cause: 'Ledgerly does not renew the access.', remedy: 'Connect again in the App Center.' },
    nl: { cause: 'Ledgerly vernieuwt de toegang niet.', remedy: 'Verbind opnieuw in het App Center.' },
  },
  {
    when: { status: 400, code: 'too_early' },
    kind: 'temporary',
    code: 'renewed-too-early',
    en: { cause: 'Access to Ledgerly is still good.', remedy: 'Nothing has to be done.' },
    nl: { cause: 'De toegang tot Ledgerly is nog goed.', remedy: 'Er hoeft niets te gebeuren.' },
  },
  {
    when: { status: 403, code: 'RIGHTS_MISSING' },
    kind: 'refused',
    code: 'rights-missing',
    en: {
      cause: 'Ledgerly does not let the user who connected see {resource}.',
      remedy: 'Give the user this right in Ledgerly under Settings > Users, then send again.',
    },
    nl: {
      cause: 'Ledgerly laat {resource} niet zien aan de gebruiker die verbond.',
      remedy: 'Geef de gebruiker dit recht in Ledgerly bij Instellingen > Gebruikers en verstuur daarna opnieuw.',
    },
  },
  {
    when: { code: 'CALLBACK_REFUSED' },
    kind: 'setup',
    code: 'callback-refused',
    en: {
      cause: 'Ledgerly calls only addresses with https, not {callback}.',
      remedy: 'Give this server an https address in PUBLIC_URL.',
    },
    nl: {
      cause: 'Ledgerly roept alleen https-adressen aan, niet {callback}.',
      remedy: 'Geef deze server een https-adres in PUBLIC_URL.',
    },
  },
  {
    when: { status: 403, code: 'COMPANY_NOT_GRANTED' },
    kind: 'reconnect',
    code: 'administration-not-granted',
    en: {
      cause: 'Ledgerly gives no access to administration {company}.',
      remedy: 'Connect again and choose this administration.',
    },
    nl: {
      cause: 'Ledgerly geeft geen toegang tot administratie {company}.',
      remedy: 'Verbind opnieuw en kies deze administratie.',
    },
  },
  {
    when: { status: 429 },
    kind: 'temporary',
    code: 'too-many-requests',
    en: { cause: 'Ledgerly asks to wait a moment.', remedy: 'It goes on by itself.' },
    nl: { cause: 'Ledgerly vraagt om even te wachten.', remedy: 'Het gaat vanzelf verder.' },
  },
  {
    when: { status: [500, 502, 503, 504] },
    kind: 'temporary',
    code: 'package-unavailable',
    en: { cause: 'Ledgerly is not available.', remedy: 'It is tried again by itself.' },
    nl: { cause: 'Ledgerly is niet beschikbaar.', remedy: 'Het wordt vanzelf opnieuw geprobeerd.' },
  },
  {
    when: { code: 'BODY_INVALID' },
    kind: 'defect',
    code: 'body-invalid',
    en: { cause: 'Ledgerly does not understand {field}.', remedy: 'Report this: what we sent is kept with it.' },
    nl: { cause: 'Ledgerly begrijpt {field} niet.', remedy: 'Meld dit: wat we stuurden is erbij bewaard.' },
  },
]
