import type { SimulatorRow } from '../../contract/simulator.ts'

/** The administration to work in, a second one, and one that was archived. */
export const smallFirmDivisions = { main: 1234567, second: 1234568, archived: 1234401 } as const

export type Words = readonly [nl: string, en: string]

export const vatCodes: readonly [
  code: string,
  words: Words,
  percentage: string,
  type: string,
  kind: string,
  marks?: string,
][] = [
  ['0', ['Geen btw', 'No VAT'], '0', 'N', 'B'],
  ['1', ['Btw laag tarief 9%, exclusief', 'VAT reduced rate 9%, excluding'], '0.09', 'E', 'S', 'pay:1501'],
  ['2', ['Btw hoog tarief 21%, exclusief', 'VAT standard rate 21%, excluding'], '0.21', 'E', 'S', 'pay:1500'],
  ['3', ['Btw laag tarief 9%, inclusief', 'VAT reduced rate 9%, including'], '0.09', 'I', 'S', 'pay:1501'],
  ['4', ['Btw hoog tarief 21%, inclusief', 'VAT standard rate 21%, including'], '0.21', 'I', 'S', 'pay:1500'],
  ['5', ['Btw inkoop hoog 21%', 'VAT purchases 21%'], '0.21', 'E', 'P', 'claim:1520'],
  ['6', ['Diensten buiten de EU', 'Services outside the EU'], '0', 'B', 'S'],
  [
    '7',
    ['Diensten binnen de EU, verlegd', 'Services within the EU, reverse charge'],
    '0',
    'B',
    'S',
    'services charged',
  ],
  ['8', ['Binnenland, btw verlegd', 'Domestic, reverse charge'], '0', 'B', 'S', 'charged'],
  [
    '19',
    ['Btw hoog tarief 19% (vervallen)', 'VAT standard rate 19% (no longer used)'],
    '0.19',
    'E',
    'S',
    'pay:1500 blocked',
  ],
]

export const journals: readonly [code: string, words: Words, type: number, account?: string, marks?: string][] = [
  ['10', ['Kas', 'Cash'], 10, '1000'],
  ['20', ['Bank', 'Bank'], 12, '1100'],
  ['60', ['Inkoopboek', 'Purchases'], 22, '1600'],
  ['70', ['Verkoopboek', 'Sales'], 20, '1300', 'currency'],
  ['71', ['Verkoopboek oud', 'Sales old'], 20, '1300', 'blocked'],
  ['90', ['Memoriaal', 'General journal'], 90],
]

export const conditions: readonly [code: string, words: Words, days: number, months: number][] = [
  ['00', ['Contant', 'Cash on delivery'], 0, 0],
  ['14', ['14 dagen', '14 days'], 14, 0],
  ['30', ['30 dagen', '30 days'], 30, 0],
  ['60', ['60 dagen', '60 days'], 60, 0],
  ['EM', ['Einde volgende maand', 'End of next month'], 0, 1],
]

export const costcenters: readonly [string, Words, ended?: boolean][] = [
  ['ADV', ['Advies', 'Advice']],
  ['ONT', ['Ontwikkeling', 'Development']],
  ['ALG', ['Algemeen', 'General']],
  ['OUD', ['Oude afdeling', 'Former department'], true],
]

export const costunits: readonly [string, Words][] = [
  ['PORTAAL', ['Portalen', 'Portals']],
  ['ONDERZ', ['Onderzoek', 'Research']],
]

export const itemGroups: readonly [code: string, words: Words, revenue: string, isDefault?: boolean][] = [
  ['DIENST', ['Diensten', 'Services'], '8010', true],
  ['DOOR', ['Doorbelasting', 'Charged on'], '8095'],
  ['OVERIG', ['Overig', 'Other'], '8030'],
]

/** Revenue account of its own, or none: then that of the group counts. */
export const itemRows: readonly [
  code: string,
  words: Words,
  group: string,
  revenue: string | null,
  extra?: SimulatorRow,
][] = [
  ['UREN-ONT', ['Ontwikkeling', 'Development'], 'DIENST', null, { IsTime: 1, Unit: 'hour' }],
  ['UREN-ADV', ['Advies', 'Advice'], 'DIENST', '8020', { IsTime: 1, Unit: 'hour' }],
  [
    'UREN-EU',
    ['Diensten binnen EU', 'Services within the EU'],
    'DIENST',
    '8310',
    { IsTime: 1, Unit: 'hour', SalesVatCode: '7' },
  ],
  ['REIS', ['Reiskosten', 'Travel'], 'DOOR', '8090', { Unit: 'km' }],
  ['ONK', ['Onkosten', 'Expenses'], 'DOOR', null],
  ['TERM', ['Termijn', 'Instalment'], 'OVERIG', '8040'],
  ['ABO', ['Abonnement', 'Subscription'], 'OVERIG', null],
  ['LIC', ['Licentie per stuk', 'Licence, whole numbers'], 'OVERIG', '8030', { IsFractionAllowedItem: false }],
  [
    'UREN-OUD',
    ['Uren oud tarief', 'Hours, old rate'],
    'DIENST',
    '8010',
    { IsTime: 1, Unit: 'hour', EndDate: '2020-12-31' },
  ],
  [
    'HW',
    ['Hardware (alleen inkoop)', 'Hardware (purchases only)'],
    'OVERIG',
    null,
    { IsSalesItem: false, IsPurchaseItem: true },
  ],
]

/** Fictitious firms; mail addresses of the reserved top-level domain. */
export const accountRows: readonly SimulatorRow[] = [
  {
    Code: '10012',
    Name: 'Van Dalen Techniek B.V.',
    Status: 'C',
    AddressLine1: 'Industrieweg 14',
    Postcode: '3542 AD',
    City: 'Utrecht',
    Country: 'NL',
    Email: 'facturen@vandalen.example',
    Phone: '+31 30 555 0112',
    VATNumber: 'NL001234567B29',
    ChamberOfCommerce: '90001234',
    SalesVATCode: '2',
    PaymentConditionSales: '30',
    SearchCode: 'VANDALEN',
  },
  {
    Code: '10017',
    Name: 'Kessler Maschinenbau GmbH',
    Status: 'C',
    AddressLine1: 'Werkstraße 8',
    Postcode: '48529',
    City: 'Nordhorn',
    Country: 'DE',
    Email: 'rechnung@kessler.example',
    VATNumber: 'DE123456788',
    Language: 'DE',
    SalesVATCode: '7',
    PaymentConditionSales: '14',
    SearchCode: 'KESSLER',
  },
  { Code: '20001', Name: 'Kantoorvak Groothandel B.V.', Status: 'A', IsSupplier: true, City: 'Almere', Country: 'NL' },
  { Code: '10020', Name: 'Molen & Zoon', Status: 'P', City: 'Zwolle', Country: 'NL', Email: 'info@molen.example' },
  { Code: '10009', Name: 'Oud & Klaar V.O.F.', Status: 'C', City: 'Tiel', Country: 'NL', Blocked: true },
  { Code: '10005', Name: 'Voormalig Klant B.V.', Status: 'C', City: 'Breda', Country: 'NL', EndDate: '2021-06-30' },
]

export const users: readonly SimulatorRow[] = [
  {
    FullName: 'Sanne de Wit',
    FirstName: 'Sanne',
    MiddleName: 'de',
    LastName: 'Wit',
    Email: 'sanne@noordkade.example',
    nl: 'alle rechten',
    en: 'all rights',
  },
  {
    FullName: 'Pim Verkuil',
    FirstName: 'Pim',
    LastName: 'Verkuil',
    Email: 'pim@noordkade.example',
    nl: 'beperkte rechten: alleen relaties en artikelen',
    en: 'limited rights: accounts and items only',
    divisions: [smallFirmDivisions.main],
    // Paths that start so: lists come back empty, writing is refused.
    denied: ['financial/', 'salesentry/', 'salesinvoice/', 'documents/', 'vat/', 'cashflow/', 'hrm/cost'],
  },
]

const division = (code: number, words: Words, extra: SimulatorRow): SimulatorRow => ({
  Code: code,
  words,
  Country: 'NL',
  Legislation: 'NL',
  Currency: 'EUR',
  Status: 1,
  BlockingStatus: 0,
  IsMainDivision: false,
  IsPracticeDivision: false,
  IsDossierDivision: false,
  IsHRDivision: false,
  DivisionMoveDate: null,
  DivisionHRLinkUnlinkDate: null,
  StartDate: '2018-01-01',
  CustomerName: 'Bureau Noordkade B.V.',
  CustomerCode: '551207',
  City: 'Utrecht',
  Postcode: '3511 PK',
  AddressLine1: 'Oudegracht 312',
  ...extra,
})

export const divisionRows: readonly SimulatorRow[] = [
  division(smallFirmDivisions.main, ['Bureau Noordkade B.V.', 'Bureau Noordkade B.V.'], {
    Hid: '1',
    IsMainDivision: true,
    VATNumber: 'NL123456789B13',
    ChamberOfCommerceNumber: '12345678',
  }),
  division(smallFirmDivisions.second, ['Noordkade Holding B.V.', 'Noordkade Holding B.V.'], {
    Hid: '2',
    VATNumber: 'NL009876555B86',
    ChamberOfCommerceNumber: '90009888',
  }),
  division(smallFirmDivisions.archived, ['Noordkade V.O.F. (gearchiveerd)', 'Noordkade V.O.F. (archived)'], {
    Hid: '3',
    Status: 2,
    ArchiveDate: '2019-12-31',
  }),
]
