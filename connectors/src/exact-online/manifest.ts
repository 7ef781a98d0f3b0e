import type { Manifest } from '../contract/manifest.ts'

export const manifest = {
  id: 'exact-online',
  name: 'Exact Online',
  hosts: {
    NL: 'start.exactonline.nl',
    BE: 'start.exactonline.be',
    DE: 'start.exactonline.de',
    GB: 'start.exactonline.co.uk',
    US: 'start.exactonline.com',
    FR: 'start.exactonline.fr',
    ES: 'start.exactonline.es',
  },
  signIn: 'oauth',
  settings: [
    {
      name: 'defaultItem',
      label: { en: 'Default item', nl: 'Standaardartikel' },
      help: {
        en: 'For lines whose activity or expense category has no item of its own.',
        nl: 'Voor regels waarvan de activiteit of onkostensoort geen eigen artikel heeft.',
      },
      from: { list: 'items' },
      required: true,
    },
    {
      name: 'salesJournal',
      label: { en: 'Sales journal', nl: 'Verkoopdagboek' },
      help: {
        en: 'Sales entries are made in this journal.',
        nl: 'In dit dagboek komen de verkoopboekingen.',
      },
      from: { list: 'journals', only: { kind: 'sales' } },
      required: true,
    },
    {
      name: 'paymentCondition',
      label: { en: 'Payment condition', nl: 'Betalingsconditie' },
      help: {
        en: 'For entries of customers without one of their own. The due date of a sales entry is always the one of the invoice.',
        nl: 'Voor boekingen van debiteuren zonder eigen conditie. De vervaldatum van een verkoopboeking is altijd die van de factuur.',
      },
      from: { list: 'paymentTerms' },
      required: false,
    },
    {
      name: 'attachDocument',
      label: { en: 'PDF with the entry', nl: 'Pdf bij de boeking' },
      help: {
        en: 'The PDF of the invoice is put in the documents of Exact Online and linked to the entry.',
        nl: 'De pdf van de factuur komt in de documenten van Exact Online, gekoppeld aan de boeking.',
      },
      from: 'switch',
      required: false,
      usual: 'true',
    },
    {
      name: 'salesInvoices',
      label: { en: 'Invoices in Exact Online', nl: 'Facturen in Exact Online' },
      help: {
        en: 'An open invoice is checked and printed in Exact Online by hand; it is booked only when it is printed. Nothing is sent to the customer from here.',
        nl: 'Een open factuur controleert en print je zelf in Exact Online; pas met het printen wordt hij geboekt. Van hieruit gaat niets naar de debiteur.',
      },
      from: {
        choices: [
          { value: 'open', label: { en: 'Leave open', nl: 'Open laten' } },
          { value: 'printed', label: { en: 'Print and book at once', nl: 'Meteen printen en boeken' } },
        ],
      },
      required: false,
      usual: 'open',
    },
    {
      name: 'ownNumber',
      label: { en: 'Our invoice number as entry number', nl: 'Ons factuurnummer als boekstuknummer' },
      help: {
        en: 'Only for numbers of digits alone, up to 2147483647. Exact Online may give another one; that is shown. The number as printed always goes along as “Your ref.”.',
        nl: 'Alleen voor nummers die uit cijfers bestaan, tot 2147483647. Exact Online kan een ander nummer geven; dat is dan te zien. Het nummer zoals geprint gaat altijd mee als ‘Uw ref.’.',
      },
      from: 'switch',
      required: false,
      usual: 'false',
    },
  ],
  reads: ['customers', 'items', 'ledgerAccounts', 'vatCodes', 'journals', 'paymentTerms', 'dimensions', 'periods'],
  rights: {
    items: { en: 'Logistics › Items › View', nl: 'Logistiek › Artikelen › Bekijken' },
    ledgerAccounts: { en: 'Financial › General ledger › View', nl: 'Financieel › Grootboek › Bekijken' },
    vatCodes: { en: 'Financial › General ledger › View', nl: 'Financieel › Grootboek › Bekijken' },
    journals: { en: 'Financial › General ledger › View', nl: 'Financieel › Grootboek › Bekijken' },
    periods: { en: 'Financial › General ledger › View', nl: 'Financieel › Grootboek › Bekijken' },
    paymentTerms: { en: 'Financial › Cash flow › View', nl: 'Financieel › Cashflow › Bekijken' },
    dimensions: { en: 'HRM › Cost centres and units › View', nl: 'HRM › Kostenplaatsen en kostendragers › Bekijken' },
  },
  posts: ['customer', 'salesInvoice', 'printing', 'salesEntry', 'document', 'attachment'],
  settled: true,
  payroll: false,
  webhooks: true,
  limits: [
    { scope: 'administration', span: 'minute', most: 60, ours: 55, reserve: 5 },
    { scope: 'administration', span: 'day', most: 5000, ours: 5000, reserve: 500 },
  ],
  errorBudget: { most: 10, statuses: [400, 401, 403, 404] },
  wireTimeoutMs: 60_000,
  // EntryNumber and InvoiceNumber are Int32 (SalesEntrySalesEntries); the printed number goes into YourRef, which is text.
  invoiceNumbers: 'int32',
  // The strictest figures found in client schemas; Exact Online publishes none.
  lengths: { reference: 30, description: 60, lineDescription: 60 },
} as const satisfies Manifest
