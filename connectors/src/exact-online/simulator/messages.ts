import type { Language } from './world-state.ts'

export type Words = readonly [nl: string, en: string]

/** What the business rules say, in the language of the connected user. Texts as users reported them; the rest by analogy. */
const texts = {
  required: ['Verplicht: {0}', 'Required: {0}'],
  invalidReference: ['Ongeldige referentie: {0}', 'Invalid reference: {0}'],
  invalid: ['Ongeldig: {0}', 'Invalid: {0}'],
  tooLong: ['Ongeldig: {0} (te lang, maximaal {1})', 'Invalid: {0} (too long, at most {1})'],
  email: ['Ongeldig: Email []', 'Invalid: Email []'],
  blocked: ['Ongeldig: {0} (Geblokkeerd)', 'Invalid: {0} (Blocked)'],
  ended: ['Ongeldig: {0} (Niet actief)', 'Invalid: {0} (Inactive)'],
  glType: ['Ongeldig: Grootboekrekeningtype', 'Wrong type of ledger account'],
  journalType: ['Ongeldig: Dagboek', 'Invalid: Journal (type)'],
  numberInUse: ['In gebruik: Boekstuknummer', 'In use: Document number'],
  entryExists: [
    'Bestaat reeds - Boekstuknummer: {0}, Dagboek: {1}',
    'Already exists - Entry number: {0}, Journal: {1}',
  ],
  codeExists: ['Gegeven bestaat reeds', 'Already exists: Code'],
  inUse: ['In gebruik: {0}', 'In use: {0}'],
  periodClosed: ['Periode is afgesloten: {0} - {1}', 'Period is closed: {0} - {1}'],
  yearMissing: ['Onbekend: Boekjaar (Periode-datumtabel)', 'Unknown: Financial year (Period-date table)'],
  vatPercentage: ['Ongeldig: Btw-percentage', 'Invalid: VAT percentage'],
  vatNotAllowed: ['Niet toegestaan: Btw-code', 'Not allowed: VAT code'],
  vatAmountNotAllowed: ['Niet toegestaan: Btw-bedrag', 'Not allowed: VAT amount'],
  vatAmountDiffers: [
    'Het bedrag van de BTW regel met BTW code {0} komt niet overeen',
    'The amount of the VAT line with VAT code {0} does not match',
  ],
  costCenterLink: ['Ongeldig: Kostenplaats koppeling', 'Invalid: Cost center link'],
  costUnitLink: ['Ongeldig: Kostendrager koppeling', 'Invalid: Cost unit link'],
  receivableDiffers: [
    'De debiteurenrekening van de relatie wijkt af van die van het dagboek',
    'The receivable account of the account differs from that of the journal',
  ],
  callback: [
    'Ongeldig: Post to callback URL endpoint returns {0}',
    'Invalid: Post to callback URL endpoint returns {0}',
  ],
  unbalanced: [
    'De boeking is niet in evenwicht. Verschil: {0} {1}',
    'The entry is out of balance. Difference: {0} {1}',
  ],
  processed: ['Reeds verwerkt', 'Already processed'],
  notSold: ['Ongeldig: {0} (Verkoop)', 'Invalid: {0} (Sales)'],
  accountType: ['Ongeldig: {0} (Type)', 'Invalid: {0} (Type)'],
  tooLarge: ['Ongeldig: {0} (te groot)', 'Invalid: {0} (too large)'],
  layoutFails: [
    'Het document kon niet worden gemaakt: de lay-out ontbreekt.',
    'The document could not be created: the layout is missing.',
  ],
  noPeppol: ['De klant heeft geen Peppol-ID.', 'The customer has no Peppol identifier.'],
  noEmail: ['Geen e-mailadres gevonden van de klant.', 'No e-mail address of the customer was found.'],
} as const satisfies Record<string, Words>

/** Names of fields as the screens show them. */
const labels: Record<string, Words> = {
  Account: ['Relatie', 'Account'],
  Attachment: ['Bijlage', 'Attachment'],
  AddressLine1: ['Adresregel 1', 'Address line 1'],
  AddressLine2: ['Adresregel 2', 'Address line 2'],
  AddressLine3: ['Adresregel 3', 'Address line 3'],
  AmountFC: ['Bedrag', 'Amount'],
  CallbackURL: ['Callback-URL', 'Callback URL'],
  ChamberOfCommerce: ['KvK-nummer', 'Chamber of commerce'],
  City: ['Plaats', 'City'],
  Code: ['Code', 'Code'],
  CostCenter: ['Kostenplaats', 'Cost center'],
  CostUnit: ['Kostendrager', 'Cost unit'],
  Country: ['Land', 'Country'],
  Currency: ['Valuta', 'Currency'],
  Customer: ['Klant', 'Customer'],
  DeliverTo: ['Leveradres', 'Deliver to'],
  Description: ['Omschrijving', 'Description'],
  Document: ['Document', 'Document'],
  DocumentLayout: ['Lay-out', 'Layout'],
  EmailLayout: ['E-maillay-out', 'E-mail layout'],
  EntryID: ['Boeking', 'Entry'],
  FileName: ['Bestandsnaam', 'File name'],
  FinancialTransactionEntryID: ['Boeking', 'Entry'],
  GLAR: ['Debiteurenrekening', 'Accounts receivable'],
  GLAccount: ['Grootboekrekening', 'G/L account'],
  GeneralJournalEntryLines: ['Boekingsregels', 'Entry lines'],
  GLAccountSales: ['Grootboekrekening', 'G/L account'],
  GLRevenue: ['Grootboekrekening', 'G/L account'],
  InvoiceAccount: ['Factuurrelatie', 'Invoice account'],
  InvoiceID: ['Factuur', 'Invoice'],
  InvoiceTo: ['Factuur voor', 'Invoice to'],
  Item: ['Artikel', 'Item'],
  ItemGroup: ['Artikelgroep', 'Item group'],
  Journal: ['Dagboek', 'Journal'],
  JournalCode: ['Dagboek', 'Journal'],
  LastName: ['Achternaam', 'Last name'],
  Name: ['Naam', 'Name'],
  OrderedBy: ['Besteld door', 'Ordered by'],
  PaymentCondition: ['Betalingsconditie', 'Payment condition'],
  PaymentConditionSales: ['Betalingsconditie', 'Payment condition'],
  Phone: ['Telefoon', 'Phone'],
  Postcode: ['Postcode', 'Postcode'],
  Quantity: ['Aantal', 'Quantity'],
  SalesInvoiceLines: ['Factuurregels', 'Invoice lines'],
  SalesEntryLines: ['Boekingsregels', 'Entry lines'],
  SalesVATCode: ['Btw-code', 'VAT code'],
  SalesVatCode: ['Btw-code', 'VAT code'],
  SearchCode: ['Zoekcode', 'Search code'],
  Status: ['Status', 'Status'],
  Subject: ['Onderwerp', 'Subject'],
  Topic: ['Onderwerp van de webhook', 'Webhook topic'],
  Type: ['Type', 'Type'],
  UnitCode: ['Eenheid', 'Unit'],
  VATCode: ['Btw-code', 'VAT code'],
  VATNumber: ['Btw-nummer', 'VAT number'],
  VATTransactionType: ['Btw-transactietype', 'VAT transaction type'],
  YourRef: ['Uw ref.', 'Your ref.'],
}

export type MessageName = keyof typeof texts

const pick = (words: Words, language: Language) => words[language === 'nl' ? 0 : 1]

/** `say('nl', 'required', 'Journal')` is `Verplicht: Dagboek`; names of fields are put in the user's words. */
export function say(language: Language, name: MessageName, ...values: (string | number)[]): string {
  return pick(texts[name], language).replace(/\{(\d)\}/g, (_, place: string) => {
    const value = String(values[Number(place)])
    const words = labels[value]
    return words ? pick(words, language) : value
  })
}
